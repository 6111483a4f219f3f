//! The journal's history: revisions by date or name, and what each commit changed.

use git2::Oid;

use super::tree::{self, Entry};
use super::{Journal, JournalError, RawCommit, layout, revision};
use crate::change::diff;
use crate::change::{RecordChange, What};
use crate::format::record;
use crate::model::{Day, Instant, Record, RecordId, Revision, Text};

/// A point in the journal's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The newest revision.
    Tip,
    /// The newest revision written no later than this moment.
    Moment(Instant),
    /// The newest revision written no later than this day, by the writer's own calendar.
    Day(Day),
    /// A revision by commit id, whole or shortened.
    Revision(String),
}

impl AsOf {
    /// Parses a date (`YYYY-MM-DD`, the end of that day where it was written) or a commit id.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(day) = Day::parse(text) {
            return Some(Self::Day(day));
        }
        let hex = (4..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| Self::Revision(text.to_ascii_lowercase()))
    }
}

/// One commit of the journal and what it changed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The commit.
    pub revision: Revision,
    /// Who committed it.
    pub who: Text,
    /// The subject of its message.
    pub subject: Text,
    /// What it did to records.
    pub changes: Vec<RecordChange>,
    /// Other files that it changed, such as the guide.
    pub others: Vec<String>,
}

impl Journal {
    /// The revision of a point in history; `None` when the journal is younger than that.
    pub fn at(&self, as_of: &AsOf) -> Result<Option<Revision>, JournalError> {
        match as_of {
            AsOf::Tip => self.tip().map(Some),
            AsOf::Revision(hex) => self.named(hex).map(Some),
            AsOf::Moment(_) | AsOf::Day(_) => {
                let known = |time: Instant| match as_of {
                    AsOf::Moment(moment) => time <= *moment,
                    AsOf::Day(day) => time.day() <= *day,
                    AsOf::Tip | AsOf::Revision(_) => true,
                };
                let mut next = self.tip_id()?;
                while let Some(id) = next {
                    let commit = self.commit_at(id)?;
                    if known(commit.time) {
                        return Ok(Some(revision(&commit)));
                    }
                    next = commit.parents.first().copied();
                }
                Ok(None)
            }
        }
    }

    fn named(&self, hex: &str) -> Result<Revision, JournalError> {
        let unknown = || JournalError::NoRevision(hex.to_owned());
        let odb = self.repo.odb().map_err(|_| unknown())?;
        // Pad to a whole id: libgit2 wants one together with the number of digits that count.
        let padded = format!("{hex:0<40}");
        let id = Oid::from_str(&padded).map_err(|_| unknown())?;
        let id = odb.exists_prefix(id, hex.len()).map_err(|_| unknown())?;
        let commit = self.commit_at(id).map_err(|_| unknown())?;
        let (_, root) = self.root(&revision(&commit))?;
        if root.iter().any(|entry| entry.name == layout::HEADER.as_bytes()) {
            Ok(revision(&commit))
        } else {
            Err(unknown())
        }
    }

    /// Walks the history from `from` back along first parents, newest first, until `visit` says stop.
    /// With `only`, commits that did not touch that record are passed over.
    pub fn history(
        &self,
        from: &Revision,
        only: Option<RecordId>,
        visit: &mut dyn FnMut(Step) -> std::ops::ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let objects = self.objects()?;
        let start = Oid::from_str(&from.id).map_err(|_| JournalError::NoRevision(from.id.clone()))?;
        let mut commit = self.commit_at(start)?;
        loop {
            let parent = commit.parents.first().map(|id| self.commit_at(*id)).transpose()?;
            let mut changed = Vec::new();
            let before = parent.as_ref().map(|parent| parent.tree);
            let compared = compare(&objects, before, Some(commit.tree), "", &mut changed);
            let mut step = self.step(&objects, &commit, &changed, only);
            // A damaged tree hides what one commit did, not what the others did.
            step.others.extend(compared.err().map(|error| format!("({error})")));
            if (only.is_none() || !step.changes.is_empty()) && visit(step).is_break() {
                return Ok(());
            }
            match parent {
                Some(parent) => commit = parent,
                None => return Ok(()),
            }
        }
    }

    fn step(
        &self,
        objects: &super::objects::Objects<'_>,
        commit: &RawCommit,
        changed: &[Changed],
        only: Option<RecordId>,
    ) -> Step {
        let read = |path: &str, blob: Option<Oid>| -> Option<Record> {
            let (kind, _) = layout::parse(path)?;
            let text = String::from_utf8(objects.read(blob?, git2::ObjectType::Blob).ok()?).ok()?;
            record::decode(kind, &text).ok()
        };
        let mut pairs: Vec<(RecordId, Option<Record>, Option<Record>)> = Vec::new();
        let mut others = Vec::new();
        for one in changed {
            let Some((_, id)) = layout::parse(&one.path) else {
                others.push(one.path.clone());
                continue;
            };
            if only.is_some_and(|only| only != id && !one.path.contains(only.as_str())) {
                continue;
            }
            let (before, after) = (read(&one.path, one.before), read(&one.path, one.after));
            // A record whose day was edited is removed from one shard and added to another: one change.
            match pairs.iter_mut().find(|(other, ..)| *other == id) {
                Some((_, old, new)) => {
                    *old = old.take().or(before);
                    *new = new.take().or(after);
                }
                None => pairs.push((id, before, after)),
            }
        }
        let mut changes: Vec<RecordChange> = pairs
            .iter()
            .filter_map(|(_, before, after)| diff::diff(before.as_ref(), after.as_ref()))
            .collect();
        changes.sort_by_key(|change| (change.kind, change.what == What::Removed, change.id));
        Step {
            revision: revision(commit),
            who: commit.committer.as_str().into(),
            subject: commit.message.lines().next().unwrap_or_default().into(),
            changes,
            others,
        }
    }
}

/// A path whose blob differs between two trees.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) before: Option<Oid>,
    pub(super) after: Option<Oid>,
}

/// Lists the files that differ, without entering directories that are equal. libgit2's own diff costs with the
/// size of the journal instead.
pub(super) fn compare(
    objects: &super::objects::Objects<'_>,
    before: Option<Oid>,
    after: Option<Oid>,
    path: &str,
    changed: &mut Vec<Changed>,
) -> Result<(), JournalError> {
    if before == after || path.matches('/').count() > 3 {
        return Ok(());
    }
    let list = |id: Option<Oid>| -> Result<Vec<Entry>, JournalError> {
        Ok(id.map(|id| tree::read(objects, id)).transpose()?.unwrap_or_default())
    };
    let (before, after) = (list(before)?, list(after)?);
    let mut names: Vec<&[u8]> = before.iter().chain(&after).map(|entry| entry.name.as_slice()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let of = |entries: &[Entry]| {
            entries.iter().find(|entry| entry.name == name).map(|e| (e.is_directory(), e.id))
        };
        let (old, new) = (of(&before), of(&after));
        if old == new {
            continue;
        }
        let path = format!("{path}{}", String::from_utf8_lossy(name));
        let side = |what: Option<(bool, Oid)>, directory: bool| {
            what.filter(|(is, _)| *is == directory).map(|(_, id)| id)
        };
        compare(objects, side(old, true), side(new, true), &format!("{path}/"), changed)?;
        let (before, after) = (side(old, false), side(new, false));
        if before != after {
            changed.push(Changed { path, before, after });
        }
    }
    Ok(())
}
