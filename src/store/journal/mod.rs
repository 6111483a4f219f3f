//! The journal's door: the only place that knows libgit2. Branch, records, appends, history.
//!
//! The journal is written blob → tree → commit → compare-and-swap of the ref. There is no worktree, no index, no
//! checkout and no second copy. Trees and objects are read by our own bounded readers, since a journal may have
//! come from elsewhere.

mod append;
mod back;
mod check;
mod durable;
mod ids;
mod kept;
mod layout;
mod merge;
mod objects;
mod open;
mod read;
mod scope;
mod tree;
mod walk;

pub use append::{Committed, Signer, TooLarge, Transaction, Write};
pub use back::{Back, NoWayBack, Removed};
pub use check::{Damage, Report as CheckReport};
pub use merge::Joined;
pub use objects::ObjectError;
pub use open::{Home, Location};
pub use read::{Indexed, Stored};
pub use scope::{Scope, Shards};
pub use walk::{AsOf, Step};

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Oid};

use crate::model::{Instant, Revision};
use objects::Objects;

/// An open journal.
pub struct Journal {
    repo: git2::Repository,
    /// The git directory that holds the branch; `okr/` below it is ours for local state.
    dir: PathBuf,
    /// Full ref name, such as `refs/heads/okr`.
    branch: String,
    home: Home,
}

/// Why a journal cannot be used, where someone needs to tell the cases apart.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// There is no journal at the place that was configured, or none was ever made.
    #[error("there is no journal yet")]
    NotInitialised,
    /// The place is configured but nothing is there.
    #[error("the journal at '{}' is not there", .0.display())]
    Vanished(PathBuf),
    /// The repository exists, the branch does not.
    #[error("the journal at '{}' has no branch '{}'", .0.display(), .1)]
    NoBranch(PathBuf, String),
    /// A branch of that name exists and is something else.
    #[error("branch '{0}' is not a git-okr journal: it has no journal.toml")]
    NotOurs(String),
    /// The header is there and cannot be read.
    #[error("journal.toml cannot be read: {0}")]
    Header(String),
    /// The repository has a format that libgit2 cannot open.
    #[error("a journal cannot live in this repository: {0}")]
    Format(String),
    /// A newer program wrote it.
    #[error("the journal has format {0}, and this git-okr writes format {1}")]
    Newer(u32, u32),
    /// Somebody has the branch checked out.
    #[error("branch '{}' is checked out in '{}'", .0, .1.display())]
    CheckedOut(String, PathBuf),
    /// Another process holds the lock.
    #[error("the journal is locked: '{}'", .0.display())]
    Locked(PathBuf),
    /// A record was changed by somebody else since it was read.
    #[error("record '{0}' was changed by somebody else in the meantime")]
    Stale(String),
    /// The place cannot be written.
    #[error("cannot write to the journal at '{}': {}", .0.display(), .1)]
    ReadOnly(PathBuf, String),
    /// An object that is needed cannot be read.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// It has no commit in common with ours.
    #[error("the other journal, '{0}', has another origin")]
    Unrelated(String),
    /// It holds what no journal writes.
    #[error("the other journal is refused: {0}")]
    Foreign(String),
    /// Several machines had a newest commit each on that day, and their merge cannot be written down.
    #[error("{0} machines had their own newest commits then, and joining them failed: {1}")]
    Unjoined(usize, String),
    /// No revision of that name or date.
    #[error("'{0}' is not a date or a revision of the journal")]
    NoRevision(String),
}

/// A commit of the journal, read without trusting it.
#[derive(Clone, Debug)]
pub(crate) struct RawCommit {
    pub(crate) id: Oid,
    pub(crate) tree: Oid,
    pub(crate) parents: Vec<Oid>,
    pub(crate) time: Instant,
    pub(crate) committer: String,
    pub(crate) message: String,
}

impl Journal {
    /// The git directory that holds the branch.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Our own directory for local state: lock, inbox, drafts, caches.
    pub fn state_dir(&self) -> PathBuf {
        self.dir.join("okr")
    }

    /// The branch without `refs/heads/`.
    pub fn branch(&self) -> &str {
        self.branch.strip_prefix("refs/heads/").unwrap_or(&self.branch)
    }

    /// Whether the journal is private or lives in a code repository.
    pub fn home(&self) -> Home {
        self.home
    }

    fn objects(&self) -> Result<Objects<'_>, JournalError> {
        Objects::new(&self.repo).map_err(|error| JournalError::Format(error.message().to_owned()))
    }

    /// The tip of the branch.
    fn tip_id(&self) -> Result<Option<Oid>, JournalError> {
        match self.repo.find_reference(&self.branch) {
            Ok(reference) => Ok(reference.target()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(JournalError::Format(error.message().to_owned())),
        }
    }

    /// The newest revision.
    pub fn tip(&self) -> Result<Revision, JournalError> {
        let id = self
            .tip_id()?
            .ok_or_else(|| JournalError::NoBranch(self.dir.clone(), self.branch().to_owned()))?;
        Ok(revision(&self.commit_at(id)?))
    }

    fn commit_at(&self, id: Oid) -> Result<RawCommit, JournalError> {
        let data = self.objects()?.read(id, ObjectType::Commit)?;
        parse_commit(id, &data).ok_or_else(|| ObjectError::Damaged(id, "it is no commit".into()).into())
    }
}

fn revision(commit: &RawCommit) -> Revision {
    Revision { id: commit.id.to_string(), time: commit.time }
}

/// Reads a commit object: tree, parents, committer and message. Anything else in it does not matter here.
fn parse_commit(id: Oid, data: &[u8]) -> Option<RawCommit> {
    let text = String::from_utf8_lossy(data);
    let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
    let (mut tree, mut parents, mut committer) = (None, Vec::new(), None);
    for line in head.lines() {
        match line.split_once(' ') {
            Some(("tree", hex)) => tree = Oid::from_str(hex).ok(),
            Some(("parent", hex)) => parents.push(Oid::from_str(hex).ok()?),
            Some(("committer", rest)) => committer = Some(rest),
            _ => {}
        }
    }
    let (person, time) = committer?.rsplit_once('>')?;
    let (seconds, zone) = time.trim().split_once(' ')?;
    let zone: i32 = zone.parse().ok()?;
    let offset = (zone / 100 * 60 + zone % 100) * 60;
    let time = Instant::from_epoch(seconds.parse().ok()?, offset)
        .or_else(|| Instant::from_epoch(seconds.parse().ok()?, 0))?;
    Some(RawCommit {
        id,
        tree: tree?,
        parents,
        time,
        committer: format!("{person}>"),
        message: message.to_owned(),
    })
}
