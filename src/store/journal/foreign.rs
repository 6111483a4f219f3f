//! A journal that came from elsewhere: looked at before anything of it is believed, and how it stands to ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use git2::{ErrorCode, ObjectType, Oid};

use super::append::STALE_LOCK;
use super::merge::Ancestry;
use super::objects::{ObjectError, Objects};
use super::tree::{self, Entry};
use super::{Journal, JournalError, commit_id, revision};
use crate::format::version::Header;
use crate::model::{Revision, Text};
use crate::store::local_file;

/// Directories below the root that a journal has at most.
const DEPTH: usize = 3;
/// How many strangers are named.
const NAMED: usize = 3;

/// How another history stands to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It ends where ours ends.
    Same,
    /// Ours has all of it, and more.
    Ahead,
    /// It has all of ours, and more.
    Behind,
    /// Both have something of their own.
    Diverged,
    /// They have no commit in common.
    Unrelated,
}

impl Journal {
    /// The commit that a ref of the journal's repository points to.
    pub fn commit_of(&self, reference: &str) -> Result<Option<Revision>, JournalError> {
        match self.repo.find_reference(reference) {
            Ok(found) => found.target().map(|id| Ok(revision(&self.commit_at(id)?))).transpose(),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(JournalError::Format(error.message().to_owned())),
        }
    }

    /// Remembers what a remote has. It is told anew by every sync, so one that cannot be written does no harm.
    pub fn remember(&self, reference: &str, at: &Revision) {
        let _ = Oid::from_str(&at.id).and_then(|id| self.repo.reference(reference, id, true, "sync"));
    }

    /// Takes away the lock of a tracking ref that a sync left which died: nobody holds one for a minute.
    pub fn heal_tracking(&self, reference: &str) {
        let lock = self.dir.join(format!("{reference}.lock"));
        let age = fs::metadata(&lock).and_then(|found| found.modified()).map(|then| then.elapsed());
        if matches!(age, Ok(Ok(age)) if age > STALE_LOCK) {
            let _ = fs::rename(&lock, self.state_dir().join("stale-tracking-lock"));
        }
    }

    /// The commit of that id, if our branch contains it. What lies about without belonging to it may be half there.
    pub fn contains(&self, id: &str) -> Result<Option<Revision>, JournalError> {
        let (Ok(id), Some(tip)) = (Oid::from_str(id), self.tip_id()?) else { return Ok(None) };
        if Ancestry::new(self).descends(tip, id).unwrap_or(false) {
            return Ok(Some(revision(&self.commit_at(id)?)));
        }
        Ok(None)
    }

    /// How `theirs` stands to `ours`, and the newest commit that they have in common; the first of several.
    pub fn relation(
        &self,
        ours: &Revision,
        theirs: &Revision,
    ) -> Result<(Relation, Option<Revision>), JournalError> {
        let (one, other) = (commit_id(ours)?, commit_id(theirs)?);
        let bases = Ancestry::new(self).bases(one, other)?;
        let relation = match bases.as_slice() {
            _ if one == other => Relation::Same,
            [base] if *base == other => Relation::Ahead,
            [base] if *base == one => Relation::Behind,
            [] => Relation::Unrelated,
            _ => Relation::Diverged,
        };
        let base = bases.first().map(|base| self.commit_at(*base)).transpose()?;
        Ok((relation, base.as_ref().map(revision)))
    }

    /// Looks at a commit that came from elsewhere: it has to be a journal's, of a format that this program may write, and
    /// hold no name that a journal cannot have. What ours has at the same place was looked at before.
    pub fn inspect(&self, theirs: &Revision, ours: Option<&Revision>) -> Result<Header, JournalError> {
        let header = self.writable_header(theirs)?;
        let root = |at: &Revision| self.raw_commit(at).map(|commit| commit.tree);
        refuse(&self.objects()?, ours.map(root).transpose()?, root(theirs)?)?;
        Ok(header)
    }

    /// Makes a history from elsewhere the journal's, where there is none yet.
    pub fn adopt(&self, theirs: &Revision, header: &Header) -> anyhow::Result<()> {
        self.private_state_dir()?;
        let _lock = self.lock()?;
        self.refuse_when_checked_out()?;
        let id = commit_id(theirs)?;
        self.repo.reference_matching(&self.branch, id, true, Oid::ZERO_SHA1, "init from a remote")?;
        local_file::replace_synced(&self.state_dir().join("journal"), format!("{}\n", header.id).as_bytes())?;
        Ok(())
    }
}

/// Refuses a tree that has, beside what `known` has, anything that no journal writes.
pub(super) fn refuse(objects: &Objects<'_>, known: Option<Oid>, tree: Oid) -> Result<(), JournalError> {
    let mut strangers = Vec::new();
    look(objects, known, tree, "", &mut strangers)?;
    if strangers.is_empty() { Ok(()) } else { Err(JournalError::Strangers(strangers.join("; "))) }
}

fn look(
    objects: &Objects<'_>,
    known: Option<Oid>,
    tree: Oid,
    path: &str,
    strangers: &mut Vec<String>,
) -> Result<(), JournalError> {
    if known == Some(tree) {
        return Ok(());
    }
    let before = known.and_then(|known| tree::read(objects, known).ok()).unwrap_or_default();
    let before: BTreeMap<&[u8], &Entry> = before.iter().map(|entry| (entry.name.as_slice(), entry)).collect();
    // File systems that do not tell case apart would hold only one of two.
    let mut names = BTreeSet::new();
    for entry in tree::read(objects, tree)? {
        if strangers.len() >= NAMED {
            return Ok(());
        }
        let shown = Text::from(format!("{path}{}", String::from_utf8_lossy(&entry.name))).visible();
        let twice = !names.insert(entry.name.to_ascii_lowercase());
        let was = before.get(entry.name.as_slice()).copied();
        if was == Some(&entry) {
            continue;
        }
        let Some(name) = entry.plain_name().filter(|_| !twice) else {
            strangers.push(format!("'{shown}' is not a name that a journal holds"));
            continue;
        };
        if entry.is_directory() {
            if path.matches('/').count() >= DEPTH {
                strangers.push(format!("'{shown}' is deeper than a journal is"));
                continue;
            }
            let was = was.filter(|was| was.is_directory()).map(|was| was.id);
            look(objects, was, entry.id, &format!("{path}{name}/"), strangers)?;
        } else if !entry.is_file() {
            strangers.push(format!("'{shown}' is neither a file nor a directory"));
        } else {
            match objects.size(entry.id, ObjectType::Blob) {
                Ok(_) => {}
                Err(ObjectError::TooLarge(_, size)) => {
                    strangers.push(format!("'{shown}' is too large: {size} bytes"));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}
