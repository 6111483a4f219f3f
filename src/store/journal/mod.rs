//! The journal's door: the only place that knows libgit2. Branch, records, appends, history.
//!
//! The journal is written blob → tree → commit → compare-and-swap of the ref. There is no worktree, no index, no
//! checkout and no second copy. Trees and objects are read by our own bounded readers, since a journal may have
//! come from elsewhere.

mod append;
mod back;
mod between;
mod by_hand;
mod check;
mod durable;
mod foreign;
mod housekeeping;
mod ids;
mod kept;
mod layout;
mod merge;
mod objects;
mod open;
mod read;
mod recipients;
mod recover;
mod salvage;
mod scope;
mod seal;
mod torn;
mod tree;
mod turn;
mod walk;
mod wreck;

pub use append::{Committed, Signer, TooLarge, Transaction, Write};
pub use back::{Back, NoWayBack, Removed};
pub use by_hand::ByHand;
pub use check::{Damage, Report as CheckReport};
pub use foreign::Relation;
pub use merge::Joined;
pub use objects::ObjectError;
pub use open::{Home, Location};
pub use read::{Indexed, Stored};
pub use recipients::{Rekeyed, short};
pub use scope::{Scope, Shards};
pub use seal::{Ask, BadKey, Keyring, recipient};
pub use torn::Torn;
pub use walk::{AsOf, Step};
pub use wreck::{Salvage, Tip, Wreck};

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
    keys: Keyring,
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
    /// Something else stands in its place.
    #[error("'{}' is no journal: no directory is there, but something else", .0.display())]
    NoDirectory(PathBuf),
    /// The repository exists, the branch does not.
    #[error("the journal at '{}' has no branch '{}'", .0.display(), .1)]
    NoBranch(PathBuf, String),
    /// The file of the branch says nothing that git understands.
    #[error("branch '{0}' cannot be read: {1}")]
    Ref(String, String),
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
    /// Names that could lead out of a journal, or lie.
    #[error("it holds what no journal holds: {0}")]
    Strangers(String),
    /// Two journals that were begun apart; the id of the other.
    #[error("it is another journal ('{0}'), begun apart from this one")]
    Unrelated(String),
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
    /// Several machines had a newest commit each on that day, and their merge cannot be written down.
    #[error("{0} machines had their own newest commits then, and joining them failed: {1}")]
    Unjoined(usize, String),
    /// Nothing could be read for want of an identity: how many records that concerns, and what is known of why.
    #[error("{what}{1}", what = match .0 {
        0 => "the journal is sealed, and no identity here opens it".to_owned(),
        1 => "1 record is sealed, and no identity here opens it".to_owned(),
        more => format!("{more} records are sealed, and no identity here opens them"),
    })]
    Sealed(usize, String),
    /// The header names other keys than this machine agreed to; what differs.
    #[error("the journal is to be sealed for other keys than you agreed to here: {0}")]
    Recipients(String),
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
    /// Whether the time could be read. Without one the commit still counts, but tells no date.
    pub(crate) dated: bool,
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
        Objects::new(&self.repo, &self.keys).map_err(|error| JournalError::Format(error.message().to_owned()))
    }

    /// The tip of the branch.
    fn tip_id(&self) -> Result<Option<Oid>, JournalError> {
        match self.repo.find_reference(&self.branch) {
            Ok(reference) => Ok(reference.target()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(JournalError::Ref(self.branch().to_owned(), error.message().to_owned())),
        }
    }

    /// The newest revision.
    pub fn tip(&self) -> Result<Revision, JournalError> {
        let id = self
            .tip_id()?
            .ok_or_else(|| JournalError::NoBranch(self.dir.clone(), self.branch().to_owned()))?;
        Ok(revision(&self.commit_at(id)?))
    }

    /// The commit of a revision.
    fn raw_commit(&self, at: &Revision) -> Result<RawCommit, JournalError> {
        self.commit_at(commit_id(at)?)
    }

    fn commit_at(&self, id: Oid) -> Result<RawCommit, JournalError> {
        let data = self.objects()?.read(id, ObjectType::Commit)?;
        parse_commit(id, &data).ok_or_else(|| ObjectError::Damaged(id, "it is no commit".into()).into())
    }
}

fn revision(commit: &RawCommit) -> Revision {
    Revision { id: commit.id.to_string(), time: commit.time }
}

/// The id of a revision's commit.
fn commit_id(at: &Revision) -> Result<Oid, JournalError> {
    Oid::from_str(&at.id).map_err(|_| JournalError::NoRevision(at.id.clone()))
}

/// Reads a commit object: tree, parents, committer and message. Anything else in it does not matter here.
fn parse_commit(id: Oid, data: &[u8]) -> Option<RawCommit> {
    let text = String::from_utf8_lossy(data);
    let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
    let (mut tree, mut parents, mut committer) = (None, Vec::new(), None);
    for line in head.lines() {
        match line.split_once(' ') {
            Some(("tree", hex)) => tree = whole_id(hex),
            Some(("parent", hex)) => parents.push(whole_id(hex)?),
            Some(("committer", rest)) => committer = Some(rest),
            _ => {}
        }
    }
    let (person, time) = committer?.rsplit_once('>').unwrap_or((committer?, ""));
    let time = commit_time(time);
    Some(RawCommit {
        id,
        tree: tree?,
        parents,
        time: time.unwrap_or(Instant::from_epoch(0, 0)?),
        dated: time.is_some(),
        committer: format!("{person}>"),
        message: message.to_owned(),
    })
}

/// An id with all its digits: libgit2 fills up shorter ones.
fn whole_id(hex: &str) -> Option<Oid> {
    Oid::from_str(hex).ok().filter(|_| hex.len() == 40)
}

/// Reads `<seconds> <zone>`. A zone that no place on earth has is left out; a year without four digits is no date.
fn commit_time(text: &str) -> Option<Instant> {
    let (seconds, zone) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let seconds: i64 = seconds.parse().ok()?;
    let zone: i32 = zone.parse().ok().filter(|zone: &i32| zone.abs() <= 1400).unwrap_or(0);
    let offset = (zone / 100 * 60 + zone % 100) * 60;
    // 0001-01-02 to 9999-12-30, so that no zone leaves the four digits.
    let fits = (-62_135_510_400..=253_402_128_000).contains(&seconds);
    fits.then(|| Instant::from_epoch(seconds, offset).or_else(|| Instant::from_epoch(seconds, 0)))?
}

#[cfg(test)]
mod tests {
    use git2::Oid;

    use super::parse_commit;

    #[test]
    fn commits_that_lie_are_read_as_far_as_they_go() {
        let id = Oid::ZERO_SHA1;
        let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        let with = |committer: &str| {
            parse_commit(id, format!("tree {tree}\ncommitter {committer}\n\nwords").as_bytes())
        };
        for (committer, epoch) in [
            ("Mina <m@example.com> 1767222000 +0100", Some(1_767_222_000)),
            ("Mina <m@example.com> 1767222000 +9999", Some(1_767_222_000)),
            ("Mina <m@example.com> 1767222000 +99999999999", Some(1_767_222_000)),
            ("Mina <m@example.com> 1767222000", Some(1_767_222_000)),
            ("Mina <m@example.com> -1 +0000", Some(-1)),
            ("Mina <m@example.com> 9223372036854775807 +0000", None),
            ("Mina <m@example.com> 99999999999999999999 +0000", None),
            ("Mina <m@example.com> 253402300800 +0000", None),
            ("Mina <m@example.com> -9223372036854775808 -1200", None),
            ("Mina <m@example.com>", None),
            ("nobody at all", None),
            ("", None),
        ] {
            let commit = with(committer).unwrap_or_else(|| panic!("{committer}"));
            assert_eq!(commit.dated.then(|| commit.time.epoch()), epoch, "{committer}");
            assert_eq!(commit.message, "words");
        }
        for wrong in [
            "",
            "tree 12\ncommitter x <y> 1 +0000\n\n",
            "committer x <y> 1 +0000\n\n",
            &format!("tree {tree}\nparent zz\ncommitter x <y> 1 +0000\n\n"),
            &format!("tree {tree}\nauthor x <y> 1 +0000\n\n"),
        ] {
            assert!(parse_commit(id, wrong.as_bytes()).is_none(), "{wrong:?}");
        }
    }
}
