//! Two histories of a journal become one: the same commit on every machine, with nothing lost.
//!
//! The merge commit is a pure function of the two commits that it joins: parents sorted, author and time from them,
//! a fixed message, no signature. So two machines that merge each other compute one id, and merging ends.

mod ancestry;
mod rows;
mod trees;
mod twins;

use std::collections::HashMap;
use std::fs;

use git2::{ObjectType, Oid};

pub(super) use ancestry::Ancestry;
use trees::Tip;

use super::foreign::refuse;
use super::{Journal, JournalError, RawCommit, revision};
use crate::model::Revision;

/// How two histories came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Both were the same.
    UpToDate,
    /// Ours had everything that theirs has.
    Ahead,
    /// Theirs had everything that ours has.
    FastForward(Revision),
    /// Each had something of its own.
    Merged(Revision),
}

impl Journal {
    /// Merges the commit `theirs`, which is among our objects already, into the branch. Histories without a common
    /// commit are two journals: they are merged only when `join` is true.
    pub fn merge(&self, theirs: &Revision, join: bool) -> anyhow::Result<Joined> {
        // What is no journal, or what a newer program wrote, is refused.
        let header = self.writable_header(theirs)?;
        let theirs = self.raw_commit(theirs)?;
        let joined = self.in_turn(&mut || {
            let Some(tip) = self.tip_id()? else {
                return Ok(Joined::FastForward(self.advance(None, theirs.id, "fast-forward")?));
            };
            if tip == theirs.id {
                return Ok(Joined::UpToDate);
            }
            let mut merger = Merger::new(self);
            let bases = merger.ancestry.bases(tip, theirs.id)?;
            if bases == [theirs.id] {
                return Ok(Joined::Ahead);
            }
            if bases.is_empty() && !join {
                return Err(JournalError::Unrelated(header.id.to_string()).into());
            }
            let known = merger.base_tree(&bases)?;
            refuse(&self.objects()?, known, theirs.tree)?;
            if bases == [tip] {
                return Ok(Joined::FastForward(self.advance(Some(tip), theirs.id, "fast-forward")?));
            }
            let merged = merger.join(tip, theirs.id, known)?;
            Ok(Joined::Merged(self.advance(Some(tip), merged, "merge")?))
        })?;
        if let Joined::FastForward(now) | Joined::Merged(now) = &joined {
            self.remember_id(now)?;
        }
        Ok(joined)
    }

    /// Notes the id that the journal has now: of two that were joined one id stays, and it may be the other's.
    fn remember_id(&self, now: &Revision) -> anyhow::Result<()> {
        let place = self.state_dir().join("journal");
        let known = fs::read_to_string(&place).unwrap_or_default();
        let id = self.header(now)?.id;
        if !known.split_whitespace().any(|word| word == id.as_str()) {
            fs::write(&place, format!("{id}\n{known}"))?;
        }
        Ok(())
    }

    /// Merges commits that are there already into one, on no branch: what several machines together knew.
    pub(super) fn union(&self, commits: &[Oid]) -> anyhow::Result<Option<Oid>> {
        Merger::new(self).fold(commits)
    }
}

/// Merges of one run, each computed once.
struct Merger<'j> {
    journal: &'j Journal,
    ancestry: Ancestry<'j>,
    done: HashMap<(Oid, Oid), Oid>,
}

impl<'j> Merger<'j> {
    fn new(journal: &'j Journal) -> Self {
        Self { journal, ancestry: Ancestry::new(journal), done: HashMap::new() }
    }

    /// The commit that joins two others: one of them when it contains the other.
    fn merge(&mut self, one: Oid, other: Oid) -> anyhow::Result<Oid> {
        let pair = sorted(one, other);
        if let Some(merged) = self.done.get(&pair) {
            return Ok(*merged);
        }
        let bases = self.ancestry.bases(one, other)?;
        let merged = match bases.as_slice() {
            [base] if *base == one => other,
            [base] if *base == other => one,
            _ => {
                let base = self.base_tree(&bases)?;
                self.join(one, other, base)?
            }
        };
        self.done.insert(pair, merged);
        Ok(merged)
    }

    /// The tree that two sides have in common. Of several bases it is their own merge.
    fn base_tree(&mut self, bases: &[Oid]) -> anyhow::Result<Option<Oid>> {
        let base = self.fold(bases)?;
        Ok(base.map(|base| self.journal.commit_at(base)).transpose()?.map(|commit| commit.tree))
    }

    fn fold(&mut self, commits: &[Oid]) -> anyhow::Result<Option<Oid>> {
        let mut commits = commits.to_vec();
        commits.sort_unstable();
        let mut commits = commits.into_iter();
        let Some(mut merged) = commits.next() else { return Ok(None) };
        for next in commits {
            merged = self.merge(merged, next)?;
        }
        Ok(Some(merged))
    }

    /// The merge commit of two histories that each have something of their own; `base` is the tree that both had.
    fn join(&self, one: Oid, other: Oid, base: Option<Oid>) -> anyhow::Result<Oid> {
        let (first, second) = sorted(one, other);
        let (first, second) = (self.journal.commit_at(first)?, self.journal.commit_at(second)?);
        // The newer one is shown where both changed one field; that it is the newer one decides nothing else.
        let (winner, loser) = if (first.time, first.id) > (second.time, second.id) {
            (&first, &second)
        } else {
            (&second, &first)
        };
        let tip = |commit: &RawCommit| Tip { tree: commit.tree, revision: commit.id.to_string() };
        let objects = self.journal.objects()?;
        let recipients = self.journal.for_merging([winner, loser])?;
        let tree = trees::merge(&objects, &recipients, base, &tip(winner), &tip(loser))?;
        let person = format!("{} {} {}", winner.committer, winner.time.epoch(), winner.time.0.format("%z"));
        let text = format!(
            "tree {tree}\nparent {}\nparent {}\nauthor {person}\ncommitter {person}\n\nmerge {} and {}\n",
            first.id,
            second.id,
            revision(&first).short(),
            revision(&second).short()
        );
        Ok(objects.write(ObjectType::Commit, text.as_bytes())?)
    }
}

/// The same order on every machine.
fn sorted(one: Oid, other: Oid) -> (Oid, Oid) {
    (one.min(other), one.max(other))
}

#[cfg(test)]
mod tests;
