//! A code repository that exists for the demo: commits are collected, then written by one `git fast-import`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::story::Commit;
use crate::error::CommandError;
use crate::model::Instant;
use crate::store::project::program::Git;

/// Its only branch.
const BRANCH: &str = "refs/heads/main";

/// A code repository of the demo.
pub(super) struct Scratch {
    git: Git,
    /// What its files hold now.
    files: BTreeMap<String, Vec<String>>,
    /// Lines ever written, so that no two are the same.
    written: usize,
    /// Commits that wait to be written, as git reads them.
    waiting: Vec<u8>,
    begun: bool,
}

impl Scratch {
    /// Creates an empty repository in `dir` that was cloned from `url`, by its own account.
    pub(super) fn create(
        dir: &Path,
        url: &str,
        world: &[(&'static str, OsString)],
    ) -> Result<Self, CommandError> {
        std::fs::create_dir_all(dir)?;
        let mut git = Git::new(dir);
        for (key, value) in world {
            git = git.with_env(*key, value);
        }
        // Settings of the outer command line (`git -c … okr demo`) are not the story's.
        git = git.with_env("GIT_CONFIG_COUNT", "0").with_env("GIT_CONFIG_PARAMETERS", "");
        git.output(&["init", "--quiet", "--template="])?;
        git.output(&["symbolic-ref", "HEAD", BRANCH])?;
        git.output(&["remote", "add", "origin", url])?;
        Ok(Self { git, files: BTreeMap::new(), written: 0, waiting: Vec::new(), begun: false })
    }

    /// Where it is.
    pub(super) fn dir(&self) -> PathBuf {
        self.git.dir().to_owned()
    }

    /// Adds a commit; it is there after the next [`Scratch::write`].
    pub(super) fn commit(&mut self, commit: &Commit, person: &str, at: Instant) {
        let author = commit.author.as_deref().unwrap_or(person);
        let date = format!("{} {}", at.epoch(), at.0.format("%z"));
        let message = &commit.message;
        let mut text = format!("commit {BRANCH}\nauthor {author} {date}\ncommitter {author} {date}\n");
        text += &format!("data {}\n{message}\n", message.len());
        if self.waiting.is_empty() && self.begun {
            text += &format!("from {BRANCH}^0\n");
        }
        for (path, added, removed) in &commit.files {
            let lines = self.files.entry(path.clone()).or_default();
            lines.drain(..(*removed).min(lines.len()));
            for _ in 0..*added {
                self.written += 1;
                lines.push(format!("{path}: line {} of this story", self.written));
            }
            let content = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            text += &format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len());
        }
        self.waiting.extend_from_slice(text.as_bytes());
    }

    /// Writes the commits that wait.
    pub(super) fn write(&mut self) -> Result<(), CommandError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let commits = std::mem::take(&mut self.waiting);
        self.git.stream(&["fast-import", "--quiet"], Some(commits), |_| ControlFlow::Continue(()))?;
        self.begun = true;
        Ok(())
    }

    /// Fills the working tree, so that it can be worked in.
    pub(super) fn check_out(&self) -> Result<(), CommandError> {
        self.git.output(&["reset", "--quiet", "--hard"])?;
        Ok(())
    }
}
