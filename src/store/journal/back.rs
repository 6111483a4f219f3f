//! Going back: what takes the journal to an earlier state as a new commit, and records that were removed.

use std::collections::BTreeSet;

use git2::Oid;

use super::append::Write;
use super::walk::{Changed, compare};
use super::{Journal, JournalError, commit_id, layout, revision};
use crate::format::record;
use crate::model::{Kind, RecordId, Revision, Text};

/// Changes that can be taken back, newest first.
#[derive(Debug)]
pub struct Back {
    /// What takes them back.
    pub writes: Vec<Write>,
    /// The subjects of the commits that made them.
    pub subjects: Vec<Text>,
}

/// Why changes cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum NoWayBack {
    /// The journal has fewer changes.
    #[error("the journal has only {0} change{plural} that can be taken back", plural = if *.0 == 1 { "" } else { "s" })]
    TooFew(usize),
    /// Two histories were joined there.
    #[error("commit {0} joined two histories, and is not taken back")]
    Merge(String),
}

/// A record that the history has and the present has not.
#[derive(Debug)]
pub struct Removed {
    /// Its id.
    pub id: RecordId,
    /// The kind of record.
    pub kind: Kind,
    /// The last revision that had it.
    pub last: Revision,
    /// What brings it back; for a bet its check-ins too, as far as they went with it.
    pub writes: Vec<Write>,
}

impl Journal {
    /// What takes the last `count` changes back.
    pub fn back(&self, count: usize) -> anyhow::Result<Back> {
        let tip = self.tip()?;
        let newest = self.raw_commit(&tip)?;
        let (mut then, mut subjects) = (self.raw_commit(&tip)?, Vec::new());
        while subjects.len() < count {
            match then.parents.as_slice() {
                // Before the first commit there is no journal.
                [] => return Err(NoWayBack::TooFew(subjects.len()).into()),
                [parent] => {
                    subjects.push(then.message.lines().next().unwrap_or_default().into());
                    then = self.commit_at(*parent)?;
                }
                _ => return Err(NoWayBack::Merge(revision(&then).short().to_owned()).into()),
            }
        }
        let objects = self.objects()?;
        let mut changed = Vec::new();
        compare(&objects, Some(newest.tree), Some(then.tree), "", &mut changed)?;
        let writes: Result<Vec<Write>, _> = changed.into_iter().map(|one| self.turn(one)).collect();
        Ok(Back { writes: writes?, subjects })
    }

    /// Records whose id begins with `prefix`, that are gone, as they were last.
    pub fn removed(&self, prefix: &str) -> Result<Vec<Removed>, JournalError> {
        let tip = self.tip()?;
        let present: BTreeSet<RecordId> = self.index(&tip)?.0.iter().map(|place| place.id).collect();
        let objects = self.objects()?;
        let mut found = Vec::<Removed>::new();
        self.walk_back(commit_id(&tip)?, &mut |commit| {
            for parent in &commit.parents {
                let before = self.commit_at(*parent)?;
                let mut changed = Vec::new();
                // What is damaged hides itself, not the rest.
                let _ = compare(&objects, Some(commit.tree), Some(before.tree), "", &mut changed);
                for one in changed.iter().filter(|one| one.before.is_none()) {
                    let Some((kind, id)) = layout::parse(&one.path) else { continue };
                    let gone = !present.contains(&id) && !found.iter().any(|known| known.id == id);
                    if !gone || !id.as_str().starts_with(prefix) {
                        continue;
                    }
                    let with_it = layout::check_ins(id);
                    let mut writes = vec![self.turn(one.clone())?];
                    for other in changed.iter().filter(|other| other.before.is_none()) {
                        if other.path.starts_with(&with_it) {
                            writes.push(self.turn(other.clone())?);
                        }
                    }
                    found.push(Removed { id, kind, last: revision(&before), writes });
                }
            }
            Ok(true)
        })?;
        Ok(found)
    }

    /// A file as it is (`before`) turned into what it was (`after`).
    fn turn(&self, one: Changed) -> Result<Write, JournalError> {
        let objects = self.objects()?;
        let text = |blob: Oid| -> Result<String, JournalError> {
            let bytes = objects.text(blob)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        let (now, then) = (one.before.map(text).transpose()?, one.after.map(text).transpose()?);
        let kind = layout::parse(&one.path).map(|(kind, _)| kind);
        let decode = |text: &Option<String>| record::decode(kind?, text.as_ref()?).ok().map(Box::new);
        Ok(Write::Turn {
            was: decode(&now),
            becomes: decode(&then),
            path: one.path,
            now: one.before,
            text: then,
        })
    }
}
