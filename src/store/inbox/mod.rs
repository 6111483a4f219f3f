//! What waits on this machine: harvested suggestions, how far each repository was read, and what hooks queued.
//!
//! All of it is derived and may be deleted: the next harvest finds it again. Decisions are not here but in the journal.

mod waiting;

pub use waiting::{Item, Waiting, gathered};

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::harvest::learn::Learnt;
use crate::harvest::moment;
use crate::harvest::taste::Taste;
use crate::model::RecordId;
use crate::model::suggestion::Suggestion;
use crate::model::verdict::Never;
use crate::store::local_file;

/// The format of the inbox's files. Another one is read as empty: everything in it can be derived again.
const VERSION: u32 = 1;
/// The same for what is known of verdicts.
const KNOWN_VERSION: u32 = 5;
/// The most that hooks may queue, in bytes: about 10,000 commits.
const MAX_QUEUE: u64 = 1024 * 1024;

/// What rewrites told, and the older half of it.
const REWRITES: &str = "rewrites";
const OLD_REWRITES: &str = "rewrites.old";

/// The inbox of a journal on this machine.
pub struct Inbox {
    dir: PathBuf,
}

/// What a repository's history says its numbers and keys mean, and how much of it was asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lesson {
    /// What they mean.
    pub learnt: Learnt,
    /// The commits that it was learnt from.
    pub commits: usize,
    /// The commits that were read since then.
    pub since: usize,
}

/// What the journal's verdicts say, kept so that a hook need not read them all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Known {
    version: u32,
    /// The tree of verdicts that it was read from.
    pub tree: String,
    /// Ids of every key that was decided on.
    pub decided: Vec<RecordId>,
    /// Ids of author and moment of every commit that was decided on.
    pub moments: BTreeSet<RecordId>,
    /// Patterns that are never to be suggested.
    pub never: Vec<Never>,
    /// What was kept and dismissed, by what it shares with other work.
    pub taste: Taste,
}

impl Known {
    /// What a tree of verdicts says.
    pub fn new(
        tree: String,
        (decided, moments): (Vec<RecordId>, BTreeSet<RecordId>),
        never: Vec<Never>,
        taste: Taste,
    ) -> Self {
        Self { version: KNOWN_VERSION, tree, decided, moments, never, taste }
    }

    /// True when a commit of the same author and moment was decided on: most likely this one under other words.
    pub fn met(&self, one: &Suggestion) -> bool {
        let mut moments = one.keys.iter().filter_map(|key| moment(key.raw()));
        moments.any(|moment| self.moments.contains(&RecordId::derived(moment)))
    }
}

impl Inbox {
    /// The inbox in a directory for local state.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// What waits.
    pub fn load(&self) -> Waiting {
        let waiting: Waiting = read_json(&self.dir.join("inbox.json"));
        if waiting.version == VERSION { waiting } else { Waiting { version: VERSION, ..Waiting::default() } }
    }

    /// What waits, if it can be had without waiting for anybody; changes are saved when `change` says so.
    pub fn change<T>(&self, change: impl FnOnce(&mut Waiting) -> T) -> anyhow::Result<T> {
        let _lock = self.lock()?;
        let mut waiting = self.load();
        let answer = change(&mut waiting);
        write_json(&self.dir.join("inbox.json"), &waiting)?;
        Ok(answer)
    }

    /// What the verdicts say, as far as this machine has read them.
    pub fn known(&self) -> Known {
        let known: Known = read_json(&self.dir.join("verdicts.json"));
        if known.version == KNOWN_VERSION { known } else { Known::default() }
    }

    /// Keeps what the verdicts say.
    pub fn set_known(&self, known: &Known) -> anyhow::Result<()> {
        self.make_dir()?;
        write_json(&self.dir.join("verdicts.json"), known)
    }

    /// What was learnt of a repository, by its name.
    pub fn lesson(&self, repository: &str) -> Lesson {
        let mut lessons: BTreeMap<String, Lesson> = read_json(&self.dir.join("learnt.json"));
        lessons.remove(repository).unwrap_or_default()
    }

    /// Keeps what was learnt of a repository.
    pub fn keep_lesson(&self, repository: &str, lesson: Lesson) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        let path = self.dir.join("learnt.json");
        let mut lessons: BTreeMap<String, Lesson> = read_json(&path);
        lessons.insert(repository.to_owned(), lesson);
        write_json(&path, &lessons)
    }

    /// Queues a commit: one append of one line, which no other process can tear.
    pub fn queue(&self, repository: &Path, commit: &str) -> std::io::Result<()> {
        // When it is full, the cursor finds the commit all the same.
        self.append("queue", &format!("{commit} {}\n", repository.display())).map(drop)
    }

    /// Notes which commits became which, in one append. Nobody is waited for.
    pub fn note_rewrites(&self, repository: &Path, pairs: &[(String, String)]) -> std::io::Result<()> {
        let line = |(old, new): &(String, String)| format!("{old} {new} {}\n", repository.display());
        let lines: String = pairs.iter().map(line).collect();
        if !self.append(REWRITES, &lines)? {
            // The older half goes when the newer one is full.
            fs::rename(self.dir.join(REWRITES), self.dir.join(OLD_REWRITES))?;
            self.append(REWRITES, &lines)?;
        }
        Ok(())
    }

    /// What commits of a repository became, as far as hooks have told; the last word on each.
    pub fn rewrites(&self, repository: &Path) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for name in [OLD_REWRITES, REWRITES] {
            let text = fs::read(self.dir.join(name)).unwrap_or_default();
            for line in String::from_utf8_lossy(&text).lines() {
                let mut words = line.splitn(3, ' ');
                if let (Some(old), Some(new), Some(place)) = (words.next(), words.next(), words.next())
                    && is_id(old)
                    && is_id(new)
                    && Path::new(place) == repository
                {
                    found.insert(old.to_owned(), new.to_owned());
                }
            }
        }
        found
    }

    /// Appends to a file of hooks; false when it is full.
    fn append(&self, name: &str, lines: &str) -> std::io::Result<bool> {
        self.make_dir()?;
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(self.dir.join(name))?;
        if file.metadata()?.len() > MAX_QUEUE {
            return Ok(false);
        }
        file.write_all(lines.as_bytes()).map(|()| true)
    }

    /// Takes what hooks queued, by repository. Lines that nobody could have queued are dropped.
    pub fn take_queue(&self) -> BTreeMap<PathBuf, Vec<String>> {
        let (path, taken) = (self.dir.join("queue"), self.dir.join("queue.taken"));
        let mut queued: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        if fs::rename(&path, &taken).is_err() {
            return queued;
        }
        let text = fs::read(&taken).unwrap_or_default();
        let _ = fs::remove_file(&taken);
        for line in String::from_utf8_lossy(&text).lines() {
            let Some((commit, repository)) = line.split_once(' ') else { continue };
            if is_id(commit) && Path::new(repository).is_absolute() {
                queued.entry(repository.into()).or_default().push(commit.to_owned());
            }
        }
        queued
    }

    /// True the first time it is asked on a day, as `2026-11-03`; false where it cannot be remembered.
    pub fn first_of(&self, day: &str) -> bool {
        let path = self.dir.join("reminded");
        if fs::read_to_string(&path).is_ok_and(|known| known == day) {
            return false;
        }
        self.make_dir().and_then(|()| fs::write(&path, day)).is_ok()
    }

    fn lock(&self) -> anyhow::Result<File> {
        self.make_dir()?;
        let path = self.dir.join("inbox.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Err(fs::TryLockError::WouldBlock) if since.elapsed() < Duration::from_secs(5) => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(fs::TryLockError::WouldBlock) => {
                    anyhow::bail!("the inbox is locked: '{}'", path.display())
                }
                Ok(()) | Err(fs::TryLockError::Error(_)) => return Ok(file),
            }
        }
    }

    fn make_dir(&self) -> std::io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)
    }
}

/// A full commit id.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Reads a derived file; whatever is wrong with it, it counts as empty.
fn read_json<T: Default + for<'de> Deserialize<'de>>(path: &Path) -> T {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(error) if error.kind() == ErrorKind::NotFound => T::default(),
        Err(_) => T::default(),
    }
}

/// Replaces a file in one step; readers see the old one or the new one.
fn write_json<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    local_file::replace(path, &serde_json::to_vec(value)?).context("cannot write local state")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Inbox;

    #[test]
    fn queued_commits_come_back_once_by_repository() {
        let dir = tempfile::tempdir().unwrap();
        let inbox = Inbox::new(dir.path().join("okr"));
        let (a, b) = ("a".repeat(40), "b".repeat(64));
        inbox.queue(Path::new("/code/with space"), &a).unwrap();
        inbox.queue(Path::new("/code/with space"), &b).unwrap();
        inbox.queue(Path::new("/other"), "not-an-id").unwrap();
        let queued = inbox.take_queue();
        assert_eq!(queued.into_iter().collect::<Vec<_>>(), [("/code/with space".into(), vec![a, b])]);
        assert!(inbox.take_queue().is_empty());
    }

    #[test]
    fn rewrites_are_told_by_repository_and_the_older_half_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let inbox = Inbox::new(dir.path().join("okr"));
        let (a, b, c) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
        let here = Path::new("/code/with space");
        inbox.note_rewrites(here, &[(a.clone(), b.clone())]).unwrap();
        inbox.note_rewrites(Path::new("/other"), &[(a.clone(), c.clone())]).unwrap();
        assert_eq!(inbox.rewrites(here).into_iter().collect::<Vec<_>>(), [(a.clone(), b.clone())]);
        let much = vec![(b.clone(), c.clone()); 30_000];
        inbox.note_rewrites(here, &much).unwrap();
        inbox.note_rewrites(here, &[(b, a.clone())]).unwrap();
        let told = inbox.rewrites(here);
        assert_eq!((told.len(), &told[&"b".repeat(40)]), (2, &a));
    }

    #[test]
    fn broken_local_state_counts_as_empty() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("inbox.json"), b"{\"version\": 99").unwrap();
        let inbox = Inbox::new(dir.path().into());
        assert!(inbox.load().items.is_empty());
        inbox
            .change(|waiting| {
                waiting.cursors.entry("/x".into()).or_default().insert("HEAD".into(), "1".into())
            })
            .unwrap();
        assert_eq!(inbox.load().cursors.len(), 1);
    }
}
