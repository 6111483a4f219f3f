//! The journal's history: revisions by date or name, and what each commit changed.

use std::collections::{BTreeMap, BTreeSet};

use git2::Oid;

use super::merge::Ancestry;
use super::objects::{ObjectError, Objects};
use super::read::TOO_MANY;
use super::tree::{self, Entry};
use super::{Journal, JournalError, RawCommit, commit_id, layout, revision};
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
    /// True when it joins two histories.
    pub merge: bool,
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
                let Some(tip) = self.tip_id()? else { return Ok(None) };
                let newest = Ancestry::new(self).newest(tip, &known)?;
                // Several machines had a newest commit each: what they knew together is the merge of these.
                let union = match newest.as_slice() {
                    [one] => Some(*one),
                    several => self.union(several).map_err(|error| unjoined(&newest, error))?,
                };
                Ok(union.map(|id| self.commit_at(id)).transpose()?.map(|commit| revision(&commit)))
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

    /// Walks the history from `from` back, newest first, until `visit` says stop. A merge changed what it has like
    /// neither of the two that it joins. With `only`, commits that did not touch that record are passed over.
    pub fn history(
        &self,
        from: &Revision,
        only: Option<RecordId>,
        visit: &mut dyn FnMut(Step) -> std::ops::ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let objects = self.objects()?;
        self.walk_back(commit_id(from)?, &mut |commit| {
            let (changed, trouble) = self.changed(&objects, &commit);
            let mut step = self.step(&objects, &commit, &changed, only);
            // A damaged tree hides what one commit did, not what the others did.
            step.others.extend(trouble.map(|error| format!("({error})")));
            Ok((only.is_some() && step.changes.is_empty()) || visit(step).is_continue())
        })
    }

    /// The files that a commit changed, and why that cannot be told.
    fn changed(&self, objects: &Objects<'_>, commit: &RawCommit) -> (Vec<Changed>, Option<JournalError>) {
        let mut trouble = None;
        let mut against = |parent: Option<Oid>| -> Vec<Changed> {
            let mut changed = Vec::new();
            let compared = parent.map(|parent| self.commit_at(parent)).transpose().and_then(|parent| {
                compare(objects, parent.map(|parent| parent.tree), Some(commit.tree), "", &mut changed)
            });
            trouble = trouble.take().or(compared.err());
            changed
        };
        let mut changed = against(commit.parents.first().copied());
        for parent in commit.parents.iter().skip(1) {
            let other: BTreeSet<String> = against(Some(*parent)).into_iter().map(|one| one.path).collect();
            changed.retain(|one| other.contains(&one.path));
        }
        (changed, trouble)
    }

    fn step(
        &self,
        objects: &Objects<'_>,
        commit: &RawCommit,
        changed: &[Changed],
        only: Option<RecordId>,
    ) -> Step {
        let read = |path: &str, blob: Option<Oid>| -> Option<Record> {
            let (kind, _) = layout::parse(path)?;
            let text = String::from_utf8(objects.text(blob?).ok()?).ok()?;
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
            merge: commit.parents.len() > 1,
            subject: commit.message.lines().next().unwrap_or_default().into(),
            changes,
            others,
        }
    }
}

/// Merging for a report writes objects, which a place that is read only does not allow.
fn unjoined(newest: &[Oid], error: anyhow::Error) -> JournalError {
    match error.downcast::<JournalError>() {
        Ok(error) => error,
        Err(error) => JournalError::Unjoined(newest.len(), error.to_string()),
    }
}

/// A path whose blob differs between two trees.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) before: Option<Oid>,
    pub(super) after: Option<Oid>,
}

/// The most entries that are looked at to tell two trees apart: trees that share their parts can name more files than
/// a disk holds.
const MAX_COMPARED: usize = 120_000;

/// Lists the files that differ, without entering directories that are equal. libgit2's own diff costs with the
/// size of the journal instead.
pub(super) fn compare(
    objects: &Objects<'_>,
    before: Option<Oid>,
    after: Option<Oid>,
    path: &str,
    changed: &mut Vec<Changed>,
) -> Result<(), JournalError> {
    let mut left = MAX_COMPARED;
    let compared = compare_at(objects, before, after, path, &mut left, changed);
    if left == 0 {
        changed.clear();
    }
    compared
}

fn compare_at(
    objects: &Objects<'_>,
    before: Option<Oid>,
    after: Option<Oid>,
    path: &str,
    left: &mut usize,
    changed: &mut Vec<Changed>,
) -> Result<(), JournalError> {
    if before == after || path.matches('/').count() > 3 {
        return Ok(());
    }
    let mut names: BTreeMap<Vec<u8>, [Option<Entry>; 2]> = BTreeMap::new();
    for (side, id) in [before, after].into_iter().enumerate() {
        let Some(id) = id else { continue };
        let entries = tree::read(objects, id)?;
        *left = left.saturating_sub(entries.len());
        if *left == 0 {
            return Err(ObjectError::Damaged(id, TOO_MANY.to_owned()).into());
        }
        for entry in entries {
            // Of several entries of one name the first counts, for every reader.
            names.entry(entry.name.clone()).or_default()[side].get_or_insert(entry);
        }
    }
    for (name, [old, new]) in names {
        let same =
            |one: &Entry, other: &Entry| one.id == other.id && one.is_directory() == other.is_directory();
        if old.as_ref().zip(new.as_ref()).is_some_and(|(old, new)| same(old, new)) {
            continue;
        }
        let path = format!("{path}{}", String::from_utf8_lossy(&name));
        let side = |what: &Option<Entry>, directory: bool| {
            what.as_ref().filter(|entry| entry.is_directory() == directory).map(|entry| entry.id)
        };
        compare_at(objects, side(&old, true), side(&new, true), &format!("{path}/"), left, changed)?;
        let (before, after) = (side(&old, false), side(&new, false));
        if before != after {
            changed.push(Changed { path, before, after });
        }
    }
    Ok(())
}
