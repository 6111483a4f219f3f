//! Appending to the journal: all or nothing, compare-and-swap, on disk before it is acknowledged.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant as Moment, SystemTime};

use anyhow::Context;
use git2::{ErrorClass, ErrorCode, ObjectType, Oid};

use super::read::{Indexed, Stored};
use super::tree::{self, Splice};
use super::turn::{SignalsBlocked, Turn};
use super::{Home, Journal, JournalError, RawCommit, layout, revision};
use crate::change::{RecordChange, diff, message};
use crate::format::record;
use crate::model::{Kind, Record, Revision};
use crate::store::git_config::Committer;

/// How long an append waits for another one.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// A ref lock this old belongs to nobody while we hold our own lock.
pub(super) const STALE_LOCK: Duration = Duration::from_secs(60);
/// The same, when a writer of ours is known to have died in the middle.
const DEAD_LOCK: Duration = Duration::from_millis(200);
/// How often the ref is tried again after somebody else moved it.
const ATTEMPTS: u32 = 20;

/// Makes a signed commit of (tree, parents, message) and returns its id: `git commit-tree -S`, which knows every
/// kind of key that the person's configuration may name.
pub type Signer<'a> = &'a dyn Fn(&str, &[String], &str) -> anyhow::Result<String>;

/// Changes that become one commit.
#[derive(Clone, Debug)]
pub struct Transaction {
    verb: String,
    why: String,
    writes: Vec<Write>,
}

/// One change.
#[derive(Clone, Debug)]
pub enum Write {
    /// A new record.
    Create(Record),
    /// A record in place of the one that was read.
    Replace(Box<Stored>, Record),
    /// A record and the very text that a person wrote, in place of the one that was read.
    Rewrite(Box<Stored>, Record, String),
    /// A readable record in place of a file that could not be read.
    Mend(Indexed, Record, String),
    /// The end of a record.
    Remove(Box<Stored>),
    /// A file as it was in an earlier revision, in place of what it is now.
    Turn {
        /// Its path.
        path: String,
        /// The blob that is there now.
        now: Option<Oid>,
        /// Its text then; none when it was not there.
        text: Option<String>,
        /// The record that it is now.
        was: Option<Box<Record>>,
        /// The record that it becomes again.
        becomes: Option<Box<Record>>,
    },
    /// A file that is no record, such as the guide.
    File {
        /// Its path.
        path: String,
        /// The id of the blob that it replaces; none when it is new.
        before: Option<String>,
        /// Its text.
        text: String,
    },
}

impl Write {
    /// The record that a file becomes again.
    pub fn becomes(&self) -> Option<&Record> {
        match self {
            Self::Turn { becomes, .. } => becomes.as_deref(),
            _ => None,
        }
    }

    /// True when a decision on a suggestion goes.
    pub fn forgets_a_verdict(&self) -> bool {
        matches!(self, Self::Turn { was: Some(was), becomes: None, .. } if was.kind() == Kind::Verdict)
    }
}

/// What an append did.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The new revision; the old one when nothing changed.
    pub revision: Revision,
    /// The changes it made.
    pub changes: Vec<RecordChange>,
}

impl Transaction {
    /// Changes under a verb that the commit's subject begins with.
    pub fn new(verb: &str, writes: Vec<Write>) -> Self {
        Self { verb: verb.to_owned(), why: String::new(), writes }
    }

    /// New files that are no records.
    pub(super) fn files(verb: &str, files: Vec<(String, String)>) -> Self {
        let file = |(path, text)| Write::File { path, before: None, text };
        Self::new(verb, files.into_iter().map(file).collect())
    }

    /// Another guide in place of the one with the id `before` (see `Journal::guide_id`); none when there was none.
    pub fn guide(before: Option<String>, text: String) -> Self {
        Self::new("edit guide", vec![Write::File { path: layout::GUIDE.to_owned(), before, text }])
    }

    /// A reason for the commit's body.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// What the commit says: in a sealed journal nothing that a record says.
    fn message(&self, changes: &[RecordChange], sealed: bool) -> String {
        if sealed {
            message::sealed(&self.verb, changes)
        } else {
            message::message(&self.verb, changes, &self.why)
        }
    }
}

/// The path, the blob it must have now, and the text it gets.
pub(super) type Edit = (String, Option<Option<Oid>>, Option<String>);

impl Journal {
    /// Commits a transaction. When this returns, the commit is on disk and was read back.
    pub fn commit(
        &self,
        transaction: Transaction,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Committed> {
        self.ensure_writable()?;
        let (edits, changes) = plan(&transaction)?;
        let text = |sealed| transaction.message(&changes, sealed);
        let revision = self.in_turn(&mut || self.try_commit(&edits, &text, who, sign))?;
        Ok(Committed { revision, changes })
    }

    /// Does what moves the branch, alone among writers, and again when somebody else moved it first.
    pub(super) fn in_turn<T>(&self, write: &mut dyn FnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.private_state_dir()?;
        let _turn = self.begin()?;
        let mut wait = Duration::from_millis(1);
        for attempt in 1.. {
            match write() {
                Ok(written) => return Ok(written),
                Err(error) if attempt < ATTEMPTS && is_race(&error) => {
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(Duration::from_millis(250));
                }
                Err(error) => return Err(self.explain_write(error)),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Waits for the turn to write: alone, undisturbed, and with what dead writers left taken away.
    pub(super) fn begin(&self) -> Result<Turn, JournalError> {
        let lock = self.lock()?;
        self.refuse_when_checked_out()?;
        let quiet = SignalsBlocked::new();
        // A mark that is there before us was left by a writer that died between its mark and its end.
        let mark = self.state_dir().join("appending");
        self.heal_stale_lock(mark.exists());
        let _ = fs::write(&mark, "");
        Ok(Turn::new(mark, quiet, lock))
    }

    /// Writes a transaction's commit on top of `parent` and moves no branch; none when it would change nothing.
    pub(super) fn commit_on(
        &self,
        parent: Option<&RawCommit>,
        transaction: &Transaction,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Option<Oid>> {
        let (edits, changes) = plan(transaction)?;
        let written =
            self.write_commit(parent, &edits, &|sealed| transaction.message(&changes, sealed), who, sign)?;
        Ok(written.map(|(commit, _)| commit))
    }

    fn try_commit(
        &self,
        edits: &[Edit],
        text: &dyn Fn(bool) -> String,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Revision> {
        let tip = self.tip_id()?;
        let parent = tip.map(|id| self.commit_at(id)).transpose()?;
        let (commit, text) = match (self.write_commit(parent.as_ref(), edits, text, who, sign)?, &parent) {
            (Some(written), _) => written,
            (None, Some(parent)) => return Ok(revision(parent)),
            (None, None) => anyhow::bail!("there is nothing to record"),
        };
        self.advance(tip, commit, text.lines().next().unwrap_or_default())
    }

    /// Moves the branch from one commit to another, if nobody else did.
    pub(super) fn advance(&self, from: Option<Oid>, to: Oid, log: &str) -> anyhow::Result<Revision> {
        let expected = from.unwrap_or(Oid::ZERO_SHA1);
        self.repo.reference_matching(&self.branch, to, true, expected, log)?;
        // Read back: an append that cannot be read is no append.
        let written = self.commit_at(to).context("the commit cannot be read back")?;
        tree::read(&self.objects()?, written.tree)?;
        Ok(revision(&written))
    }

    fn write_commit(
        &self,
        parent: Option<&RawCommit>,
        edits: &[Edit],
        text: &dyn Fn(bool) -> String,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Option<(Oid, String)>> {
        let objects = self.objects()?;
        let recipients = self.for_writing(parent, edits)?;
        let mut paths = Splice::new();
        for (path, expected, text) in edits {
            if let Some(expected) = expected
                && tree::find(&objects, parent.map(|commit| commit.tree), path)? != *expected
            {
                return Err(JournalError::Stale(path.clone()).into());
            }
            let before = expected.flatten();
            let write = |text: &String| objects.rewrite_text(path, text, before, &recipients);
            paths.insert(path.clone(), text.as_ref().map(write).transpose()?);
        }
        let tree = tree::splice(&objects, parent.map(|commit| commit.tree), &paths)?;
        if parent.is_some_and(|parent| parent.tree == tree) {
            return Ok(None);
        }
        let text = text(!recipients.is_empty());
        Ok(Some((self.write_tree_commit(parent, tree, &text, who, sign)?, text)))
    }

    pub(super) fn write_tree_commit(
        &self,
        parent: Option<&RawCommit>,
        tree: Oid,
        text: &str,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Oid> {
        let parents: Vec<String> = parent.iter().map(|parent| parent.id.to_string()).collect();
        Ok(match sign {
            Some(sign) => Oid::from_str(&sign(&tree.to_string(), &parents, text)?)?,
            None => {
                let text = commit_text(&tree, &parents, who, text);
                self.objects()?.write(ObjectType::Commit, text.as_bytes())?
            }
        })
    }

    /// Waits for the journal's own lock. It only makes appends take turns; correctness rests on the ref.
    pub(super) fn lock(&self) -> Result<File, JournalError> {
        let path = self.state_dir().join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| JournalError::ReadOnly(self.dir.clone(), error.to_string()))?;
        let since = Moment::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::WouldBlock) if since.elapsed() < LOCK_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(fs::TryLockError::WouldBlock) => return Err(JournalError::Locked(path)),
                // A file system without locks: the compare-and-swap still decides.
                Err(fs::TryLockError::Error(_)) => return Ok(file),
            }
        }
    }

    /// The lock file that a killed writer leaves beside the ref.
    pub(super) fn ref_lock(&self) -> PathBuf {
        self.dir.join(format!("{}.lock", self.branch))
    }

    /// Takes away a ref lock that nobody can hold: only in a repository of our own, only while we hold its lock,
    /// only when it is old by the clock of the file system that it is on. Where a writer is known to have died, a
    /// lock that nobody lets go of for a moment is its own.
    fn heal_stale_lock(&self, somebody_died: bool) {
        if self.home != Home::Private {
            return;
        }
        let lock = self.ref_lock();
        let limit = if somebody_died { DEAD_LOCK } else { STALE_LOCK };
        if somebody_died && lock.exists() {
            std::thread::sleep(DEAD_LOCK * 2);
        }
        let Ok(made) = fs::metadata(&lock).and_then(|meta| meta.modified()) else { return };
        let probe = self.state_dir().join("clock");
        let now = fs::write(&probe, "").and_then(|()| fs::metadata(&probe)).and_then(|meta| meta.modified());
        let _ = fs::remove_file(&probe);
        let now = now.unwrap_or_else(|_| SystemTime::now());
        // A lock of a time to come was made before the clock was set back.
        let age = now.duration_since(made).or_else(|_| made.duration_since(now));
        if age.is_ok_and(|age| age > limit) {
            let _ = fs::rename(&lock, self.state_dir().join("stale-ref-lock"));
        }
    }

    /// An append under a checked-out branch would stage deletions in that worktree.
    pub(super) fn refuse_when_checked_out(&self) -> Result<(), JournalError> {
        if self.home == Home::Private {
            return Ok(());
        }
        let on_branch = |head: &PathBuf| {
            fs::read_to_string(head).is_ok_and(|text| text.trim() == format!("ref: {}", self.branch))
        };
        let main = self.dir.join("HEAD");
        // An unborn branch has nothing that could be deleted.
        if on_branch(&main) && !self.repo.is_bare() && self.tip_id()?.is_some() {
            let place = self.dir.parent().unwrap_or(&self.dir).to_owned();
            return Err(JournalError::CheckedOut(self.branch().to_owned(), place));
        }
        for entry in fs::read_dir(self.dir.join("worktrees")).into_iter().flatten().flatten() {
            if on_branch(&entry.path().join("HEAD")) {
                let place = fs::read_to_string(entry.path().join("gitdir")).unwrap_or_default();
                let place = PathBuf::from(place.trim()).parent().map_or_else(|| entry.path(), PathBuf::from);
                return Err(JournalError::CheckedOut(self.branch().to_owned(), place));
            }
        }
        Ok(())
    }

    fn explain_write(&self, error: anyhow::Error) -> anyhow::Error {
        match error.downcast_ref::<git2::Error>() {
            Some(git) if git.code() == ErrorCode::Locked => JournalError::Locked(self.ref_lock()).into(),
            Some(git) if git.class() == ErrorClass::Os => {
                JournalError::ReadOnly(self.dir.clone(), git.message().to_owned()).into()
            }
            _ => error,
        }
    }
}

fn plan(transaction: &Transaction) -> anyhow::Result<(Vec<Edit>, Vec<RecordChange>)> {
    let (mut edits, mut changes): (Vec<Edit>, _) = (Vec::new(), Vec::new());
    for write in &transaction.writes {
        let (before, after) = match write {
            Write::Create(record) => {
                edits.push((layout::path(record), Some(None), Some(record::encode(record))));
                (None, Some(record))
            }
            Write::Replace(stored, record) => {
                let text = record::update(&stored.text, &stored.record, record)?;
                replace(&mut edits, &stored.path, stored.blob, record, text);
                (Some(&stored.record), Some(record))
            }
            Write::Rewrite(stored, record, text) => {
                replace(&mut edits, &stored.path, stored.blob, record, text.clone());
                (Some(&stored.record), Some(record))
            }
            Write::Mend(place, record, text) => {
                replace(&mut edits, &place.path, place.blob, record, text.clone());
                (None, Some(record))
            }
            Write::Remove(stored) => {
                edits.push((stored.path.clone(), Some(Some(stored.blob)), None));
                (Some(&stored.record), None)
            }
            Write::Turn { path, now, text, was, becomes } => {
                edits.push((path.clone(), Some(*now), text.clone()));
                (was.as_deref(), becomes.as_deref())
            }
            Write::File { path, before, text } => {
                let expected = before.as_deref().map(Oid::from_str).transpose()?;
                edits.push((path.clone(), Some(expected), Some(text.clone())));
                (None, None)
            }
        };
        changes.extend(diff::diff(before, after));
    }
    let mut seen = BTreeMap::new();
    for (path, ..) in &edits {
        anyhow::ensure!(seen.insert(path.clone(), ()).is_none(), "two changes of one record in one commit");
    }
    for (_, _, text) in &edits {
        let size = text.as_ref().map_or(0, String::len);
        anyhow::ensure!(size <= super::objects::MAX_BLOB, TooLarge { size });
    }
    Ok((edits, changes))
}

/// Puts a text where a record belongs now; its day may have changed, and its shard with it.
fn replace(edits: &mut Vec<Edit>, path: &str, blob: Oid, record: &Record, text: String) {
    let place = layout::path(record);
    if place == path {
        edits.push((place, Some(Some(blob)), Some(text)));
    } else {
        edits.push((path.to_owned(), Some(Some(blob)), None));
        edits.push((place, Some(None), Some(text)));
    }
}

/// A record that is larger than any reader accepts.
#[derive(Debug, thiserror::Error)]
#[error("the record would take {size} bytes, and a record has at most {} KiB", super::objects::MAX_BLOB / 1024)]
pub struct TooLarge {
    /// What it would take, in bytes.
    pub size: usize,
}

fn commit_text(tree: &Oid, parents: &[String], who: &Committer, message: &str) -> String {
    let mut text = format!("tree {tree}\n");
    for parent in parents {
        text += &format!("parent {parent}\n");
    }
    let person =
        format!("{} <{}> {} {}", who.name.raw(), who.email.raw(), who.time.epoch(), who.time.0.format("%z"));
    text + &format!("author {person}\ncommitter {person}\n\n{message}")
}

/// Somebody else moved the ref, holds its lock for a moment, or packed it away.
fn is_race(error: &anyhow::Error) -> bool {
    error.downcast_ref::<git2::Error>().is_some_and(|git| {
        matches!(git.code(), ErrorCode::Modified | ErrorCode::Locked | ErrorCode::Exists)
            || (git.code() == ErrorCode::NotFound && git.class() == ErrorClass::Reference)
    })
}
