//! Bringing back a journal whose branch is gone or leads nowhere.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context;

use super::append::{self, Transaction};
use super::wreck::Wreck;
use super::{Home, Journal, JournalError};
use crate::model::Revision;
use crate::store::git_config::Committer;
use crate::store::local_file;

impl Journal {
    /// Moves the branch to the newest tip that is whole, with one commit on top of it for what could be salvaged.
    /// What is in the way goes to `okr/damaged`; nothing is deleted.
    pub fn recover(
        &self,
        wreck: &Wreck,
        who: &Committer,
        sign: Option<append::Signer<'_>>,
    ) -> anyhow::Result<Revision> {
        let best = wreck.best.as_ref().context("no earlier state of the journal is whole")?;
        let writes = wreck.salvage.iter().map(|one| one.write.clone()).collect();
        let transaction = Transaction::new("recover", writes).because(format!(
            "{}\nback to {}",
            wreck.fault.visible(),
            super::revision(best).short()
        ));
        self.private_state_dir()?;
        let _turn = self.begin()?;
        // Somebody else may have been quicker; what they recorded since must not go.
        if self.tip_id().ok().flatten() != wreck.target {
            return Err(JournalError::Stale(self.branch().to_owned()).into());
        }
        let damaged = self.state_dir().join("damaged");
        fs::create_dir_all(&damaged)?;
        let objects = self.objects()?;
        let mut aside = wreck.damaged.clone();
        if self.home == Home::Private {
            aside.extend(objects.empty());
        }
        for id in aside {
            // It may be in a pack, or gone.
            let _ = objects.set_aside(id);
        }
        if self.headless().is_some() {
            let text = format!("ref: {}\n", self.branch);
            local_file::replace_synced(&self.dir.join("HEAD"), text.as_bytes())?;
        }
        let commit = self.commit_on(Some(best), &transaction, who, sign)?.unwrap_or(best.id);
        let file = self.dir.join(&self.branch);
        if !matches!(self.tip_id(), Ok(Some(_))) && file.exists() {
            fs::rename(&file, damaged.join("ref"))?;
        }
        let now = self.tip_id()?.unwrap_or(git2::Oid::ZERO_SHA1);
        let line = format!("{now} {commit} {}\n", wreck.fault.visible());
        let log = fs::OpenOptions::new().create(true).append(true).open(damaged.join("recovered"));
        log.and_then(|mut log| log.write_all(line.as_bytes()))?;
        self.repo.reference_matching(&self.branch, commit, true, now, "recover")?;
        self.forget_unreadable_tips(&self.reflog_file(), &damaged.join("reflog"))?;
        if self.home == Home::Private {
            // In a repository of our own HEAD is the journal's branch.
            self.forget_unreadable_tips(&self.dir.join("logs/HEAD"), &damaged.join("reflog-head"))?;
        }
        Ok(super::revision(&self.commit_at(commit)?))
    }

    /// Git's own check fails over every remembered tip that is gone, for ever. The whole log is kept aside.
    fn forget_unreadable_tips(&self, file: &Path, aside: &Path) -> anyhow::Result<()> {
        let Ok(bytes) = fs::read(file) else { return Ok(()) };
        let readable = |hex: &[u8]| {
            std::str::from_utf8(hex)
                .ok()
                .and_then(|hex| git2::Oid::from_str(hex).ok())
                .is_some_and(|id| id == git2::Oid::ZERO_SHA1 || self.commit_at(id).is_ok())
        };
        let keep = |line: &&[u8]| line.len() > 82 && readable(&line[..40]) && readable(&line[41..81]);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let kept: Vec<&[u8]> = lines.iter().copied().filter(keep).collect();
        if kept.len() == lines.len() {
            return Ok(());
        }
        fs::write(aside, &bytes)?;
        Ok(local_file::replace_synced(file, &kept.concat())?)
    }
}
