//! Records that would be lost with tips that are not whole: what newer trees still name, and what none names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::SystemTime;

use git2::{ObjectType, Oid};

use super::append::Write;
use super::objects::{self, MAX_BLOB};
use super::walk::compare;
use super::wreck::{Candidate, Salvage, Search};
use super::{RawCommit, layout, revision};
use crate::format::{guide, record};
use crate::model::{Kind, Record, RecordId};

impl Search<'_> {
    /// What tips above `best` have and it has not, as far as that can be read.
    pub(super) fn salvage(&self, best: &RawCommit, tips: &[Candidate]) -> Vec<Salvage> {
        let at = revision(best);
        let present: BTreeMap<String, Oid> = match self.journal.index(&at) {
            Ok((index, _)) => index.into_iter().map(|place| (place.path, place.blob)).collect(),
            Err(_) => return Vec::new(),
        };
        let mut known: BTreeSet<RecordId> = BTreeSet::new();
        let mut found = Vec::new();
        let mut guides = None;
        for commit in tips.iter().filter_map(|(id, _)| self.journal.commit_at(*id).ok()) {
            let newer = revision(&commit);
            if commit.id == best.id {
                continue;
            }
            if let Ok(Some(text)) = self.journal.guide_text(&newer)
                && guide::decode(&text).is_ok()
            {
                guides = guides.or(Some(text));
            }
            for place in self.journal.index(&newer).map(|(index, _)| index).unwrap_or_default() {
                if !known.insert(place.id) || present.get(&place.path) == Some(&place.blob) {
                    continue;
                }
                match self.journal.record(&place) {
                    Ok(stored) => found.push(salvaged(stored.record, stored.text, &present)),
                    Err(_) => _ = known.remove(&place.id),
                }
            }
        }
        known.extend(self.ever(best));
        found.extend(self.strays(&known).into_iter().map(|(record, text)| salvaged(record, text, &present)));
        let now = self.journal.guide_text(&at).ok().flatten();
        if let Some(text) = guides.filter(|text| now.as_ref() != Some(text)) {
            let before = self.journal.guide_id(&at).ok().flatten();
            let write = Write::File { path: layout::GUIDE.into(), before, text };
            found.push(Salvage { path: layout::GUIDE.into(), title: "the guide".into(), write });
        }
        found
    }

    /// Every id that was ever in the history of a commit.
    fn ever(&self, from: &RawCommit) -> BTreeSet<RecordId> {
        let (mut ever, mut commit) = (BTreeSet::new(), from.clone());
        loop {
            let parent = commit.parents.first().and_then(|id| self.journal.commit_at(*id).ok());
            let mut changed = Vec::new();
            let before = parent.as_ref().map(|parent| parent.tree);
            let _ = compare(&self.objects, before, Some(commit.tree), "", &mut changed);
            ever.extend(changed.iter().filter_map(|one| Some(layout::parse(&one.path)?.1)));
            match parent {
                Some(parent) => commit = parent,
                None => return ever,
            }
        }
    }

    /// Records among loose objects that no tree names any more: of each id the one that was written last.
    fn strays(&self, known: &BTreeSet<RecordId>) -> Vec<(Record, String)> {
        let mut strays: BTreeMap<RecordId, (SystemTime, Record, String)> = BTreeMap::new();
        for id in self.ids() {
            let Ok(meta) = fs::metadata(objects::loose(self.objects.own(), id)) else { continue };
            if meta.len() > MAX_BLOB as u64 || self.kind(id) != Some(ObjectType::Blob) {
                continue;
            }
            let text = self.objects.text(id).ok().and_then(|data| String::from_utf8(data).ok());
            let Some((text, record)) = text.and_then(|text| Some((text.clone(), guess(&text)?))) else {
                continue;
            };
            let written = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let newer = strays.get(&record.id()).is_none_or(|(time, ..)| *time < written);
            if !known.contains(&record.id()) && newer {
                strays.insert(record.id(), (written, record, text));
            }
        }
        strays.into_values().map(|(_, record, text)| (record, text)).collect()
    }
}

fn salvaged(record: Record, text: String, present: &BTreeMap<String, Oid>) -> Salvage {
    let path = layout::path(&record);
    let write = Write::Turn {
        now: present.get(&path).copied(),
        text: Some(text),
        was: None,
        becomes: Some(Box::new(record.clone())),
        path: path.clone(),
    };
    Salvage { path: path.into(), title: record.title(), write }
}

/// The record that a text is, without a path that says its kind: the kind that leaves the fewest of its keys unknown.
fn guess(text: &str) -> Option<Record> {
    let keys: toml::Table = text.parse().ok().filter(|keys: &toml::Table| keys.contains_key("recorded"))?;
    let kinds = [
        Kind::CheckIn,
        Kind::Verdict,
        Kind::Review,
        Kind::Decision,
        Kind::Bet,
        Kind::Objective,
        Kind::Evidence,
    ];
    let records = kinds.into_iter().filter_map(|kind| record::decode(kind, text).ok());
    records.min_by_key(|one| {
        let known: toml::Table = record::encode(one).parse().unwrap_or_default();
        keys.keys().filter(|key| !known.contains_key(*key)).count()
    })
}
