//! Who descends from whom: merge bases and the newest commits of a moment, read with our own careful reader.
//!
//! libgit2 would do, but it spins for ever on a truncated commit, and a journal's history may be foreign.

use std::collections::{BTreeSet, BinaryHeap, HashMap};

use git2::Oid;

use crate::model::Instant;
use crate::store::journal::{Journal, JournalError, RawCommit};

/// Reachable from the first side, from the second, and below a common one.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const STALE: u8 = 4;

/// The part of the history that was looked at.
pub(in crate::store::journal) struct Ancestry<'j> {
    journal: &'j Journal,
    /// When, from what, and whether the date could be read.
    known: HashMap<Oid, (Instant, Vec<Oid>, bool)>,
}

impl<'j> Ancestry<'j> {
    pub(in crate::store::journal) fn new(journal: &'j Journal) -> Self {
        Self { journal, known: HashMap::new() }
    }

    fn look(&mut self, id: Oid) -> Result<&(Instant, Vec<Oid>, bool), JournalError> {
        if !self.known.contains_key(&id) {
            let commit = self.journal.commit_at(id)?;
            self.known.insert(id, (commit.time, commit.parents, commit.dated));
        }
        Ok(&self.known[&id])
    }

    /// The best common ancestors of two commits, sorted; none when they have nothing in common.
    pub(in crate::store::journal) fn bases(
        &mut self,
        one: Oid,
        other: Oid,
    ) -> Result<Vec<Oid>, JournalError> {
        if one == other {
            return Ok(vec![one]);
        }
        let found = self.common(one, other)?;
        self.heads(found)
    }

    /// Candidates for the bases: common ancestors that were not below another one when they were met.
    fn common(&mut self, one: Oid, other: Oid) -> Result<Vec<Oid>, JournalError> {
        let mut flags: HashMap<Oid, u8> = HashMap::from([(one, FIRST), (other, SECOND)]);
        let mut queue = BinaryHeap::from([(self.look(one)?.0, one), (self.look(other)?.0, other)]);
        let mut found = BTreeSet::new();
        while queue.iter().any(|(_, id)| flags[id] & STALE == 0) {
            let Some((_, id)) = queue.pop() else { break };
            let mut paint = flags[&id];
            if paint & STALE == 0 && paint == FIRST | SECOND {
                found.insert(id);
                paint |= STALE;
            }
            for parent in self.look(id)?.1.clone() {
                let has = flags.entry(parent).or_default();
                if *has & paint != paint {
                    *has |= paint;
                    queue.push((self.look(parent)?.0, parent));
                }
            }
        }
        Ok(found.into_iter().filter(|id| flags[id] & STALE == 0).collect())
    }

    /// Those of `commits` that are no ancestors of others of them, sorted.
    fn heads(&mut self, commits: Vec<Oid>) -> Result<Vec<Oid>, JournalError> {
        let mut heads = Vec::new();
        for one in &commits {
            let mut below = false;
            for other in commits.iter().filter(|other| *other != one) {
                below = below || self.descends(*other, *one)?;
            }
            if !below {
                heads.push(*one);
            }
        }
        heads.sort_unstable();
        Ok(heads)
    }

    /// True when `ancestor` is reachable from `tip`.
    pub(in crate::store::journal) fn descends(
        &mut self,
        tip: Oid,
        ancestor: Oid,
    ) -> Result<bool, JournalError> {
        Ok(tip == ancestor || self.common(tip, ancestor)?.contains(&ancestor))
    }

    /// The newest commits below `tip` that `known` accepts, none of them below another.
    pub(in crate::store::journal) fn newest(
        &mut self,
        tip: Oid,
        known: &dyn Fn(Instant) -> bool,
    ) -> Result<Vec<Oid>, JournalError> {
        let (mut queue, mut seen, mut found) = (vec![tip], BTreeSet::from([tip]), Vec::new());
        while let Some(id) = queue.pop() {
            let (time, parents, dated) = self.look(id)?.clone();
            if dated && known(time) {
                found.push(id);
                continue;
            }
            queue.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
        }
        self.heads(found)
    }
}

impl Journal {
    /// Visits commits from `tip` back, newer ones first as `git log` does, until `visit` says stop. Each is read once.
    pub(in crate::store::journal) fn walk_back(
        &self,
        tip: Oid,
        visit: &mut dyn FnMut(RawCommit) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        let first = self.commit_at(tip)?;
        let mut queue = BinaryHeap::from([(first.time, tip)]);
        let (mut waiting, mut seen) = (HashMap::from([(tip, first)]), BTreeSet::from([tip]));
        while let Some(commit) = queue.pop().and_then(|(_, id)| waiting.remove(&id)) {
            let parents = commit.parents.clone();
            if !visit(commit)? {
                return Ok(());
            }
            for parent in parents {
                if seen.insert(parent) {
                    let commit = self.commit_at(parent)?;
                    queue.push((commit.time, parent));
                    waiting.insert(parent, commit);
                }
            }
        }
        Ok(())
    }
}
