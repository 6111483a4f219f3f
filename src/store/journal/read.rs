//! Reading records: snapshots of what a report needs, and single records by id.

use std::collections::BTreeMap;

use git2::Oid;

use super::objects::{ObjectError, Objects};
use super::scope::{Scope, Shards};
use super::tree::{self, Entry};
use super::{Journal, JournalError, layout};
use crate::format::{guide, record, version};
use crate::model::{Fault, Guide, IdSet, Kind, Record, RecordId, Revision, Snapshot, Text};

/// A record with the text and the place it was read from.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// Its text, with comments and keys that this program does not know.
    pub text: String,
    /// Its path in the tree.
    pub path: String,
    pub(super) blob: Oid,
}

/// A record's place, by name only: its file has not been read.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// Its path in the tree.
    pub path: String,
    pub(super) blob: Oid,
}

impl Indexed {
    /// True for a check-in of that bet.
    pub fn is_check_in_of(&self, bet: RecordId) -> bool {
        self.path.starts_with(&layout::check_ins(bet))
    }
}

/// The most entries of trees that one pass looks at, and what is said beyond: trees that share their parts can name
/// more files than a disk holds.
const MAX_SEEN: usize = 250_000;
pub(super) const TOO_MANY: &str = "it names more files than a journal can have";
/// The most faults that are told, in one pass; a tree with more of them is not read on.
const MAX_FAULTS: usize = 10_000;

/// Walks the files of a journal tree that are where records belong.
pub(super) struct Files<'j> {
    pub(super) objects: Objects<'j>,
    pub(super) faults: Vec<Fault>,
    seen: usize,
}

impl<'j> Files<'j> {
    fn new(objects: Objects<'j>) -> Self {
        Self { objects, faults: Vec::new(), seen: 0 }
    }

    pub(super) fn fault(&mut self, path: &str, message: impl Into<String>) {
        self.keep(Fault { path: path.into(), line: None, key: None, message: message.into().into() });
    }

    fn keep(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else if self.faults.len() == MAX_FAULTS {
            let message = "it has more faults than are told".into();
            self.faults.push(Fault { path: fault.path, line: None, key: None, message });
        }
    }

    /// Begins another pass over the same tree.
    pub(super) fn again(&mut self) {
        self.seen = 0;
    }

    /// Whether a pass stopped before its end.
    pub(super) fn is_cut(&self) -> bool {
        self.seen > MAX_SEEN || self.faults.len() > MAX_FAULTS
    }

    pub(super) fn entries(&mut self, id: Oid, path: &str) -> Vec<Entry> {
        if self.is_cut() {
            return Vec::new();
        }
        match tree::read(&self.objects, id) {
            Ok(entries) => {
                self.seen += entries.len();
                if self.seen > MAX_SEEN {
                    self.fault(path, TOO_MANY);
                    return Vec::new();
                }
                entries
            }
            Err(error) => {
                self.fault(path, error.to_string());
                Vec::new()
            }
        }
    }

    /// Calls `visit` with the path and blob of every record file below `directory`, as far as `wants` lets it.
    pub(super) fn below(
        &mut self,
        root: &[Entry],
        directory: &str,
        shards: Shards,
        visit: &mut dyn FnMut(&mut Self, Kind, RecordId, String, Oid),
    ) {
        let Some(top) = root.iter().find(|entry| entry.name == directory.as_bytes() && entry.is_directory())
        else {
            return;
        };
        self.descend(top.id, directory, shards, visit);
    }

    pub(super) fn descend(
        &mut self,
        id: Oid,
        path: &str,
        shards: Shards,
        visit: &mut dyn FnMut(&mut Self, Kind, RecordId, String, Oid),
    ) {
        let entries = self.entries(id, path);
        self.descend_into(entries, path, shards, visit);
    }

    /// The same for entries of the directory at `path` that were read already.
    pub(super) fn descend_into(
        &mut self,
        entries: Vec<Entry>,
        path: &str,
        shards: Shards,
        visit: &mut dyn FnMut(&mut Self, Kind, RecordId, String, Oid),
    ) {
        for entry in entries {
            let Some(name) = entry.plain_name() else {
                let name = Text::from(String::from_utf8_lossy(&entry.name).into_owned()).visible();
                self.fault(path, format!("'{name}' is not a name that a journal holds"));
                continue;
            };
            let inner = format!("{path}/{name}");
            let depth = path.matches('/').count();
            if entry.is_directory() {
                let dated = layout::DATED.iter().any(|dated| path.starts_with(dated));
                let day =
                    if dated && depth == 1 { layout::day_of(&path[path.len() - 7..], name) } else { None };
                let wanted = match depth {
                    0 if dated => shards.wants_month(name),
                    1 if dated => day.is_some_and(|day| shards.wants_day(day)),
                    0 => path == "checkins",
                    _ => false,
                };
                // A shard that nobody asked for is no stranger.
                let is_shard = dated && (depth == 0 || day.is_some());
                if wanted {
                    self.descend(entry.id, &inner, shards, visit);
                } else if !is_shard {
                    self.fault(&inner, "a directory is where a record should be");
                }
                continue;
            }
            match layout::parse(&inner) {
                Some((kind, id)) if entry.is_file() => visit(self, kind, id, inner, entry.id),
                _ => self.fault(&inner, "it is not a record's file"),
            }
        }
    }

    /// Reads and decodes a record; what is wrong with it becomes a fault.
    pub(super) fn record(
        &mut self,
        kind: Kind,
        id: RecordId,
        path: &str,
        blob: Oid,
    ) -> Option<(Record, String)> {
        let text = if self.is_cut() { None } else { self.text(path, blob) }?;
        match record::decode(kind, &text) {
            Ok(record) if record.id() == id => Some((record, text)),
            Ok(record) => {
                let message = format!("it says it is '{}', and its name says '{id}'", record.id());
                let key = Some("id".into());
                self.keep(Fault { path: path.into(), line: None, key, message: message.into() });
                None
            }
            Err(error) => {
                let message = Text::from(error.message);
                self.keep(Fault { path: path.into(), line: error.line, key: error.key, message });
                None
            }
        }
    }

    pub(super) fn text(&mut self, path: &str, blob: Oid) -> Option<String> {
        match self.objects.text(blob).map(String::from_utf8) {
            Ok(Ok(text)) => Some(text),
            Ok(Err(error)) => {
                let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|b| **b == b'\n')
                    .count()
                    + 1;
                let message = "it is not UTF-8".into();
                self.keep(Fault { path: path.into(), line: Some(line), key: None, message });
                None
            }
            Err(error) => {
                self.fault(path, error.to_string());
                None
            }
        }
    }
}

impl Journal {
    pub(super) fn root(&self, revision: &Revision) -> Result<(Files<'_>, Vec<Entry>), JournalError> {
        let tree = self.raw_commit(revision)?.tree;
        let files = Files::new(self.objects()?);
        let root = tree::read(&files.objects, tree)?;
        Ok((files, root))
    }

    /// The records of `scope` at a revision. What cannot be read is among the snapshot's faults.
    pub fn snapshot(&self, at: &Revision, scope: Scope) -> Result<Snapshot, JournalError> {
        let (mut files, root) = self.root(at)?;
        let guide = read_guide(&mut files, &root);
        let bets = self.records(&mut files, &root, "bets", Shards::All, |record| match record {
            Record::Bet(bet) => Some(bet),
            _ => None,
        });
        let bets: BTreeMap<_, _> = bets.into_iter().map(|bet| (bet.id, bet)).collect();
        let objectives = self.records(&mut files, &root, "objectives", Shards::All, |record| match record {
            Record::Objective(one) => Some(one),
            _ => None,
        });
        let objectives: BTreeMap<_, _> = objectives.into_iter().map(|one| (one.id, one)).collect();
        let mut decisions =
            self.records(&mut files, &root, "decisions", scope.decisions, |record| match record {
                Record::Decision(one) => Some(one),
                _ => None,
            });
        decisions.sort_by_key(|one| (one.date, one.recorded, one.id));
        let mut reviews = self.records(&mut files, &root, "reviews", Shards::All, |record| match record {
            Record::Review(one) => Some(one),
            _ => None,
        });
        reviews.sort_by_key(|one| (one.date, one.id));
        let every = if scope.check_ins { Shards::All } else { Shards::None };
        let mut check_ins = BTreeMap::<_, Vec<_>>::new();
        let list = self.records(&mut files, &root, "checkins", every, |record| match record {
            Record::CheckIn(one) => Some(one),
            _ => None,
        });
        for one in list {
            check_ins.entry(one.bet).or_default().push(one);
        }
        let mut evidence =
            self.records(&mut files, &root, "evidence", scope.evidence, |record| match record {
                Record::Evidence(one) => Some(one),
                _ => None,
            });
        for list in check_ins.values_mut() {
            list.sort_by_key(|one| (one.date, one.recorded, one.id));
        }
        evidence.sort_by_key(|one| (one.happened, one.recorded, one.id));
        let ids = if scope.is_bets_alone() { IdSet::default() } else { self.ids_in(&mut files, &root) };
        files.faults.sort();
        files.faults.dedup();
        Ok(Snapshot {
            revision: at.clone(),
            guide,
            bets,
            check_ins,
            objectives,
            decisions,
            reviews,
            evidence,
            ids,
            faults: files.faults,
        })
    }

    /// The place of every record at a revision, without reading one, and what could not be looked into.
    pub fn index(&self, at: &Revision) -> Result<(Vec<Indexed>, Vec<Fault>), JournalError> {
        let (mut files, root) = self.root(at)?;
        let mut index = Vec::new();
        for directory in layout::DIRECTORIES {
            files.below(&root, directory, Shards::All, &mut |_, kind, id, path, blob| {
                index.push(Indexed { id, kind, path, blob });
            });
        }
        Ok((index, files.faults))
    }

    /// Reads one record in full.
    pub fn record(&self, at: &Indexed) -> Result<Stored, Fault> {
        let fault = |message: String| Fault {
            path: at.path.as_str().into(),
            line: None,
            key: None,
            message: message.into(),
        };
        let objects = self.objects().map_err(|error| fault(error.to_string()))?;
        let mut files = Files::new(objects);
        match files.record(at.kind, at.id, &at.path, at.blob) {
            Some((record, text)) => Ok(Stored { record, text, path: at.path.clone(), blob: at.blob }),
            None => Err(files.faults.pop().unwrap_or_else(|| fault("it cannot be read".into()))),
        }
    }

    /// The text of a record's file, readable or not as a record.
    pub fn raw(&self, at: &Indexed) -> Result<Vec<u8>, JournalError> {
        Ok(self.objects()?.text(at.blob)?)
    }

    /// Every verdict; unreadable ones are left out, `fsck` names them.
    pub fn verdicts(&self, at: &Revision) -> Result<Vec<crate::model::Verdict>, JournalError> {
        let (mut files, root) = self.root(at)?;
        let verdicts = self.records(&mut files, &root, "verdicts", Shards::All, |record| match record {
            Record::Verdict(verdict) => Some(verdict),
            _ => None,
        });
        Ok(verdicts)
    }

    /// The id of a directory's tree at a revision; empty when there is none. Equal ids have equal content.
    pub fn subtree(&self, at: &Revision, directory: &str) -> Result<String, JournalError> {
        let (_, root) = self.root(at)?;
        let entry = root.iter().find(|entry| entry.name == directory.as_bytes() && entry.is_directory());
        Ok(entry.map(|entry| entry.id.to_string()).unwrap_or_default())
    }

    /// The journal's header.
    pub fn header(&self, at: &Revision) -> Result<version::Header, JournalError> {
        let (mut files, root) = self.root(at)?;
        let blob = root.iter().find(|entry| entry.name == layout::HEADER.as_bytes() && entry.is_file());
        let blob = blob.ok_or_else(|| JournalError::NotOurs(self.branch().to_owned()))?;
        let text = files.text(layout::HEADER, blob.id).unwrap_or_default();
        version::Header::decode(&text)
            .map_err(|error| JournalError::Header(Text::from(error.to_string()).visible()))
    }

    /// The text of the guide at a revision.
    pub fn guide_text(&self, at: &Revision) -> Result<Option<String>, JournalError> {
        let (mut files, root) = self.root(at)?;
        let blob = root.iter().find(|entry| entry.name == layout::GUIDE.as_bytes() && entry.is_file());
        match blob.map(|blob| files.objects.text(blob.id)).transpose() {
            // Sealed is not missing: nobody may write another one over it.
            Err(error @ ObjectError::Sealed(_)) => Err(error.into()),
            _ => Ok(blob.and_then(|blob| files.text(layout::GUIDE, blob.id))),
        }
    }

    /// The id of the guide's file at a revision, readable or not.
    pub fn guide_id(&self, at: &Revision) -> Result<Option<String>, JournalError> {
        let (_, root) = self.root(at)?;
        let blob = root.iter().find(|entry| entry.name == layout::GUIDE.as_bytes());
        Ok(blob.map(|blob| blob.id.to_string()))
    }

    /// The guide at a revision; empty, with a fault, when it cannot be read.
    pub fn guide(&self, at: &Revision) -> Result<(Guide, Vec<Fault>), JournalError> {
        let (mut files, root) = self.root(at)?;
        let guide = read_guide(&mut files, &root);
        Ok((guide, files.faults))
    }
}

fn read_guide(files: &mut Files<'_>, root: &[Entry]) -> Guide {
    let entry = root.iter().find(|entry| entry.name == layout::GUIDE.as_bytes() && entry.is_file());
    let Some(entry) = entry else {
        files.fault(layout::GUIDE, "there is no guide");
        return Guide::empty();
    };
    let Some(text) = files.text(layout::GUIDE, entry.id) else { return Guide::empty() };
    guide::decode(&text).unwrap_or_else(|error| {
        let message = Text::from(error.message);
        files.faults.push(Fault { path: layout::GUIDE.into(), line: error.line, key: error.key, message });
        Guide::empty()
    })
}
