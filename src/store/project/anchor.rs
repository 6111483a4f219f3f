//! Anchoring artifacts: what is needed to find a commit or a pull request again, on any machine, after a rewrite.

use std::ops::ControlFlow;

use super::history::{HistoryQuery, history};
use super::{Project, ProjectError};
use crate::harvest::secrets::redact;
use crate::model::{Artifact, ArtifactKind, Text};

impl Project {
    /// Completes an artifact that names something of this repository: a commit, or a pull request by number.
    pub fn anchor(&self, artifact: &mut Artifact) -> anyhow::Result<()> {
        let reference = artifact.reference.raw().to_owned();
        match artifact.kind {
            ArtifactKind::PullRequest | ArtifactKind::Issue => {
                let number = reference.strip_prefix(['#', '!']).and_then(|number| number.parse().ok());
                let Some(number) = number else { return Ok(()) };
                let repo = self.repo()?;
                let url = repo.web.as_ref().and_then(|web| match artifact.kind {
                    ArtifactKind::Issue => web.issue_url(number),
                    _ => Some(web.pull_request_url(number)),
                });
                artifact.url = url.map(Text::from);
                artifact.repo = Some(repo.name);
            }
            ArtifactKind::Commit if artifact.url.is_none() => {
                let id = match self.resolve(&reference) {
                    Ok(id) => id,
                    // Hexadecimal text that is no commit here may be one elsewhere.
                    Err(ProjectError::NoCommit { .. })
                        if reference.bytes().all(|b| b.is_ascii_hexdigit()) =>
                    {
                        return Ok(());
                    }
                    Err(error) => return Err(error.into()),
                };
                let query = HistoryQuery { only: Some(vec![id.clone()]), ..HistoryQuery::default() };
                history(self, &query, |commit| {
                    // Others wrote it: a token in it must not be kept for ever.
                    artifact.subject = Some(redact(commit.subject.raw()).text.into());
                    artifact.author = Some(Text::from(commit.author.email.raw().to_lowercase()));
                    artifact.authored = Some(commit.authored);
                    ControlFlow::Break(())
                })?;
                let repo = self.repo()?;
                artifact.url = repo.web.as_ref().map(|web| web.commit_url(&id).into());
                artifact.repo = Some(repo.name);
                artifact.patch_id = self.patch_ids(std::slice::from_ref(&id))?.remove(&id).map(Text::from);
                artifact.change_id = self.change_ids(std::slice::from_ref(&id))?.remove(&id).map(Text::from);
                artifact.reference = id.into();
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds patch ids and change ids to commits of this repository that have none.
    pub fn add_patch_ids(&self, artifacts: &mut [Artifact]) -> anyhow::Result<()> {
        let lacks =
            |artifact: &&mut Artifact| artifact.kind == ArtifactKind::Commit && artifact.patch_id.is_none();
        let ids: Vec<String> =
            artifacts.iter_mut().filter(lacks).map(|one| one.reference.raw().to_owned()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (mut patches, mut changes) = (self.patch_ids(&ids)?, self.change_ids(&ids)?);
        for artifact in artifacts.iter_mut().filter(lacks) {
            artifact.patch_id = patches.remove(artifact.reference.raw()).map(Text::from);
            artifact.change_id = changes.remove(artifact.reference.raw()).map(Text::from);
        }
        Ok(())
    }

    /// Checks a revision or a range (`a..b`, `a...b`) and returns it in a form that git cannot take for an option.
    pub fn range(&self, text: &str) -> Result<String, ProjectError> {
        let (dots, ends) = match text.split_once("...") {
            Some(ends) => ("...", Some(ends)),
            None => ("..", text.split_once("..")),
        };
        let end = |rev: &str| self.resolve(if rev.is_empty() { "HEAD" } else { rev });
        match ends {
            Some((from, upto)) => Ok(format!("{}{dots}{}", end(from)?, end(upto)?)),
            None => self.resolve(text),
        }
    }

    /// Where git runs for this repository: its worktree, or its directory when it is bare.
    pub fn place(&self) -> &std::path::Path {
        self.toplevel().unwrap_or_else(|| self.common_dir())
    }
}
