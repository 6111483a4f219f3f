//! What is left of a journal whose branch is gone or leads nowhere: earlier tips, and later records.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::ZlibDecoder;
use git2::{ObjectType, Oid};
use serde::Serialize;

use super::append::Write;
use super::objects::{self, ObjectError, Objects};
use super::open::{Home, Location};
use super::{Journal, JournalError, Keyring, RawCommit, layout, revision, tree};
use crate::model::{Instant, Text};

/// A journal whose branch cannot be used, and what is left of it.
#[derive(Debug, Serialize)]
pub struct Wreck {
    /// What is wrong with the branch.
    pub fault: Text,
    /// Tips that it had, newest first, down to the newest that is whole.
    pub tips: Vec<Tip>,
    /// Records that are newer than that one and can still be read.
    pub salvage: Vec<Salvage>,
    /// Where the branch points.
    #[serde(skip)]
    pub(super) target: Option<Oid>,
    #[serde(skip)]
    pub(super) best: Option<RawCommit>,
    /// Loose objects that cannot be read.
    #[serde(skip)]
    pub(super) damaged: BTreeSet<Oid>,
}

/// A commit that the branch pointed to.
#[derive(Debug, Serialize)]
pub struct Tip {
    /// The commit.
    pub id: String,
    /// When it was made, as far as it can be read.
    pub time: Option<Instant>,
    /// The subject of its message.
    pub subject: Text,
    /// How many records it has, as far as they can be counted.
    pub records: usize,
    /// Why it is not whole.
    pub fault: Option<Text>,
}

/// A record that would be lost with a tip that is not whole.
#[derive(Debug, Serialize)]
pub struct Salvage {
    /// Where it belongs.
    pub path: Text,
    /// What it is called.
    pub title: Text,
    #[serde(skip)]
    pub(super) write: Write,
}

impl Wreck {
    /// The newest tip that is whole.
    pub fn best(&self) -> Option<&Tip> {
        self.tips.last().filter(|tip| tip.fault.is_none())
    }
}

impl Journal {
    /// What is left of a journal, when its newest revision cannot be used; none when it can.
    pub fn wreck(location: &Location, keys: Keyring) -> Result<Option<(Self, Wreck)>, JournalError> {
        let journal = Self::open_repository(location)?.with_keys(keys);
        let mut search = Search::new(&journal)?;
        let fault = match journal.tip_id() {
            Ok(Some(id)) => search.whole(id).err(),
            Ok(None) => Some(format!("there is no branch '{}'", journal.branch())),
            Err(error) => Some(error.to_string()),
        };
        let Some(fault) = fault.or_else(|| journal.headless()) else { return Ok(None) };
        let remembered: Vec<Oid> = journal.target().into_iter().chain(journal.reflog()).collect();
        let mut tips = search.down_to_whole(&remembered);
        if tips.last().is_none_or(|(_, found)| found.is_err()) {
            tips.extend(search.among_all());
        }
        let best = tips.last().and_then(|(_, found)| found.as_ref().ok()).cloned();
        let salvage = match &best {
            Some(best) if tips.len() > 1 => search.salvage(best, &tips),
            _ => Vec::new(),
        };
        let tips = tips.into_iter().map(|(id, found)| search.describe(id, found.err())).collect();
        let damaged = std::mem::take(&mut search.damaged);
        drop(search);
        let target = journal.tip_id().ok().flatten();
        let wreck = Wreck { fault: fault.into(), tips, salvage, target, best, damaged };
        Ok(Some((journal, wreck)))
    }

    /// Where the branch points, even if that is nowhere.
    fn target(&self) -> Option<Oid> {
        let text = fs::read_to_string(self.dir.join(&self.branch)).unwrap_or_default();
        Oid::from_str(text.trim()).ok().filter(|_| text.trim().len() == 40).or(self.tip_id().ok().flatten())
    }

    /// What is wrong with HEAD, without which git knows no repository. Of somebody else's it is not ours to say.
    pub(super) fn headless(&self) -> Option<String> {
        let head = fs::read(self.dir.join("HEAD")).unwrap_or_default();
        let head = String::from_utf8_lossy(&head);
        let target = head.trim().strip_prefix("ref: ").unwrap_or(head.trim());
        let says = target.starts_with("refs/") || Oid::from_str(target).is_ok_and(|_| target.len() == 40);
        (self.home == Home::Private && !says).then(|| "HEAD says nothing".to_owned())
    }

    /// Where git remembers the branch's tips.
    pub(super) fn reflog_file(&self) -> PathBuf {
        self.dir.join("logs").join(&self.branch)
    }

    /// The tips that git remembers, newest first.
    fn reflog(&self) -> Vec<Oid> {
        let text = fs::read(self.reflog_file()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let mut ids: Vec<&str> = text.lines().flat_map(|line| line.split(' ').take(2)).collect();
        ids.reverse();
        let mut seen = BTreeSet::from([Oid::ZERO_SHA1]);
        ids.into_iter()
            .filter(|hex| hex.len() == 40)
            .filter_map(|hex| Oid::from_str(hex).ok())
            .filter(|id| seen.insert(*id))
            .collect()
    }
}

/// A tip, and why it is not whole.
pub(super) type Candidate = (Oid, Result<RawCommit, String>);

/// A search among objects of which any may be damaged.
pub(super) struct Search<'j> {
    pub(super) journal: &'j Journal,
    pub(super) objects: Objects<'j>,
    /// The ids that the journal here had: a join may have given it another one. None when nobody wrote them down.
    own: BTreeSet<String>,
    /// Trees that were seen to be whole.
    sound: BTreeSet<Oid>,
    damaged: BTreeSet<Oid>,
}

impl<'j> Search<'j> {
    fn new(journal: &'j Journal) -> Result<Self, JournalError> {
        let own = fs::read_to_string(journal.state_dir().join("journal")).unwrap_or_default();
        let own = own.split_whitespace().map(str::to_owned).collect();
        Ok(Self {
            journal,
            objects: journal.objects()?,
            own,
            sound: BTreeSet::new(),
            damaged: BTreeSet::new(),
        })
    }

    /// The commit, when it and all its directories can be read. A record that cannot is no reason to go back.
    fn whole(&mut self, id: Oid) -> Result<RawCommit, String> {
        let mut note = |error: JournalError| {
            if let JournalError::Object(ObjectError::Damaged(id, _)) = &error {
                self.damaged.insert(*id);
            }
            error.to_string()
        };
        let commit = self.journal.commit_at(id).map_err(&mut note)?;
        let root = tree::read(&self.objects, commit.tree).map_err(|error| note(error.into()))?;
        let header = self.journal.header(&revision(&commit)).map_err(&mut note)?;
        if !self.own.is_empty() && !self.own.contains(header.id.as_str()) {
            return Err("it is another journal".into());
        }
        let known = |name: &[u8]| layout::DIRECTORIES.iter().any(|known| known.as_bytes() == name);
        for entry in root.iter().filter(|entry| entry.is_directory() && known(&entry.name)) {
            let path = String::from_utf8_lossy(&entry.name);
            self.whole_tree(entry.id, &path)?;
        }
        Ok(commit)
    }

    fn whole_tree(&mut self, id: Oid, path: &str) -> Result<(), String> {
        if path.matches('/').count() > 3 || !self.sound.insert(id) {
            return Ok(());
        }
        let entries = tree::read(&self.objects, id).map_err(|error| {
            self.sound.remove(&id);
            if let ObjectError::Damaged(id, _) = &error {
                self.damaged.insert(*id);
            }
            format!("{path}: {error}")
        })?;
        for entry in entries.iter().filter(|entry| entry.is_directory()) {
            let path = format!("{path}/{}", String::from_utf8_lossy(&entry.name));
            if let Err(error) = self.whole_tree(entry.id, &path) {
                self.sound.remove(&id);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Candidates in their order, down to the first that is whole.
    fn down_to_whole(&mut self, ids: &[Oid]) -> Vec<Candidate> {
        let mut found = Vec::new();
        for id in ids {
            let whole = self.whole(*id);
            let end = whole.is_ok();
            found.push((*id, whole));
            if end {
                break;
            }
        }
        found
    }

    /// The newest whole tip among all commits that there are, reachable or not, and those above it.
    fn among_all(&mut self) -> Vec<Candidate> {
        let mut commits = BTreeMap::new();
        for id in self.ids() {
            if self.kind(id) == Some(ObjectType::Commit)
                && let Ok(commit) = self.journal.commit_at(id)
            {
                commits.insert(id, commit);
            }
        }
        let parents: BTreeSet<Oid> = commits.values().flat_map(|commit| commit.parents.clone()).collect();
        let heads: Vec<Oid> = commits.keys().filter(|id| !parents.contains(id)).copied().collect();
        let mut best: Option<(Instant, Vec<Candidate>)> = None;
        for head in heads {
            let mut line = vec![head];
            // Above a whole one there may be some that are not.
            while let Some(parent) = line.last().and_then(|id| commits.get(id)?.parents.first()) {
                if line.len() > 1000 || self.is_foreign(&commits[line.last().unwrap_or(&head)]) {
                    break;
                }
                line.push(*parent);
            }
            let found = self.down_to_whole(&line);
            let Some((_, Ok(commit))) = found.last() else { continue };
            if best.as_ref().is_none_or(|(time, _)| *time < commit.time) {
                best = Some((commit.time, found));
            }
        }
        best.map(|(_, found)| found).unwrap_or_default()
    }

    /// A commit whose files can be read and are no journal's: it belongs to somebody's code.
    fn is_foreign(&self, commit: &RawCommit) -> bool {
        tree::read(&self.objects, commit.tree)
            .is_ok_and(|root| !root.iter().any(|entry| entry.name == layout::HEADER.as_bytes()))
    }

    pub(super) fn ids(&self) -> BTreeSet<Oid> {
        let mut ids = BTreeSet::new();
        // What cannot be listed, such as a damaged pack, hides itself only.
        let _ = self.objects.odb.foreach(|id| {
            ids.insert(*id);
            true
        });
        ids
    }

    /// The kind of an object. Of loose ones the beginning is inflated here, since libgit2 may not return from them.
    pub(super) fn kind(&self, id: Oid) -> Option<ObjectType> {
        let Ok(file) = fs::File::open(objects::loose(self.objects.own(), id)) else {
            return self.objects.odb.read_header(id).ok().map(|(_, kind)| kind);
        };
        let mut head = [0; 8];
        ZlibDecoder::new(file).read_exact(&mut head).ok()?;
        [ObjectType::Blob, ObjectType::Commit, ObjectType::Tree]
            .into_iter()
            .find(|kind| head.starts_with(kind.str().as_bytes()))
    }

    fn describe(&self, id: Oid, fault: Option<String>) -> Tip {
        let commit = self.journal.commit_at(id).ok();
        let index = commit.as_ref().and_then(|commit| self.journal.index(&revision(commit)).ok());
        let subject = commit.as_ref().and_then(|commit| commit.message.lines().next());
        Tip {
            id: id.to_string(),
            subject: subject.unwrap_or_default().into(),
            time: commit.map(|commit| commit.time),
            records: index.map_or(0, |(index, _)| index.len()),
            fault: fault.map(Text::from),
        }
    }
}
