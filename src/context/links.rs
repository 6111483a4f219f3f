//! Links of evidence to commits of the repository one stands in: which lead nowhere any more.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Context;
use crate::error::CommandError;
use crate::harvest::reanchor::Step;
use crate::model::{Artifact, ArtifactKind, Evidence, RecordId, Snapshot, Text};
use crate::store::journal::{Scope, Shards};

/// Links of evidence to commits of one repository.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Links {
    /// The repository, by remote.
    pub repository: Text,
    /// Links that lead to a commit of this repository.
    pub checked: usize,
    /// Those that lead nowhere any more.
    pub lost: Vec<LostLink>,
}

/// A link that leads nowhere.
#[derive(Clone, Debug, Serialize)]
pub struct LostLink {
    /// The evidence.
    pub evidence: RecordId,
    /// Its title.
    pub title: Text,
    /// The commit that is gone.
    pub commit: String,
    /// Its subject.
    pub subject: Option<Text>,
    /// The commit that it became, when that was asked for and is certain.
    pub found: Option<String>,
    /// How that is known.
    pub by: Option<Step>,
    /// What it could be, when it is not.
    pub candidates: Vec<String>,
}

impl Context {
    /// The links of the journal into the repository one stands in; `None` outside of one, or where nothing is linked.
    pub fn links(&self) -> Result<Option<Links>, CommandError> {
        let Some(project) = self.project()?.cloned() else { return Ok(None) };
        let snapshot = self.all_evidence()?;
        let repository = project.repo()?.name;
        let ours: Vec<(&Evidence, &Artifact)> = linked(&snapshot, &repository).collect();
        if ours.is_empty() {
            return Ok(None);
        }
        let ids: BTreeSet<String> = ours.iter().map(|(_, one)| one.reference.raw().to_owned()).collect();
        let standing = project.standing(&ids)?;
        let lost = ours.iter().filter(|(_, one)| !standing.contains(one.reference.raw()));
        let lost = lost.map(|(evidence, one)| LostLink {
            evidence: evidence.id,
            title: evidence.title.clone(),
            commit: one.reference.raw().to_owned(),
            subject: one.subject.clone(),
            found: None,
            by: None,
            candidates: Vec::new(),
        });
        let (checked, lost) = (ours.len(), lost.collect());
        Ok(Some(Links { repository, checked, lost }))
    }

    pub(super) fn all_evidence(&self) -> Result<Snapshot, CommandError> {
        let journal = self.journal()?;
        let scope = Scope { check_ins: false, evidence: Shards::All, decisions: Shards::None };
        Ok(journal.snapshot(&journal.tip()?, scope)?)
    }
}

/// Commits of a repository that evidence names by their full ids.
fn linked<'s>(
    snapshot: &'s Snapshot,
    repository: &'s Text,
) -> impl Iterator<Item = (&'s Evidence, &'s Artifact)> {
    let full = |one: &&Artifact| {
        let id = one.reference.raw();
        matches!(id.len(), 40 | 64) && id.bytes().all(|b| b.is_ascii_hexdigit())
    };
    snapshot.evidence.iter().flat_map(move |evidence| {
        let here = evidence.artifacts.iter().filter(|one| one.repo.as_ref() == Some(repository));
        here.filter(|one| one.kind == ArtifactKind::Commit)
            .filter(full)
            .map(move |artifact| (evidence, artifact))
    })
}
