//! Checking a journal: faults in records, dangling references, clashing ids, stale locks.

use std::collections::{BTreeMap, BTreeSet};

use git2::Oid;

use super::by_hand::has_markers;
use super::objects::SEALED;
use super::read::Files;
use super::scope::Shards;
use super::{Journal, JournalError, commit_id, layout};
use crate::model::{Fault, Guide, Kind, Record, RecordId, Revision, Text};

/// What a check found.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Report {
    /// Records that were read without fault.
    pub records: usize,
    /// Records that are sealed for other keys than those that are here: only their names were checked.
    pub sealed: usize,
    /// What is wrong, by path.
    pub damages: Vec<Damage>,
}

/// Something that is wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Damage {
    /// What sort of damage: `unreadable`, `dangling`, `clash`, `word`, `time`, `lock`, `stranger`, `markers`,
    /// `unmerged`.
    pub kind: &'static str,
    /// Where and what.
    #[serde(flatten)]
    pub fault: Fault,
}

impl Journal {
    /// Reads everything at a revision and says what is wrong with it.
    pub fn check(&self, at: &Revision) -> Result<Report, JournalError> {
        let (mut files, root) = self.root(at)?;
        let (guide, guide_faults) = self.guide(at)?;
        let mut report = Report::default();
        if let Err(error) = self.header(at) {
            report.damages.push(damage("unreadable", layout::HEADER, "", error.to_string()));
        }
        report.damages.extend(guide_faults.into_iter().map(|fault| Damage { kind: "unreadable", fault }));
        let mut places: BTreeMap<RecordId, Vec<String>> = BTreeMap::new();
        let mut records: Vec<(String, Record)> = Vec::new();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let guide_file = root.iter().find(|entry| entry.name == layout::GUIDE.as_bytes());
        let mut unread: BTreeMap<String, Oid> =
            guide_file.map(|file| (layout::GUIDE.to_owned(), file.id)).into_iter().collect();
        let mut read = |files: &mut Files<'_>, kind: Kind, id, path: String, blob| {
            places.entry(id).or_default().push(path.clone());
            if let Some((record, text)) = files.record(kind, id, &path, blob) {
                texts.insert(path.clone(), text);
                records.push((path, record));
            } else {
                // Of two entries of one name the first counts.
                unread.entry(path).or_insert(blob);
            }
        };
        for directory in layout::DIRECTORIES {
            files.below(&root, directory, Shards::All, &mut read);
        }
        report.records = records.len();
        report.damages.extend(files.faults.drain(..).map(|fault| Damage { kind: "unreadable", fault }));
        // Markers are lines that no TOML has: what cannot be read for another reason has no line.
        for damage in report.damages.iter_mut().filter(|damage| damage.fault.line.is_some()) {
            let blob = unread.get(damage.fault.path.raw());
            if blob.is_some_and(|blob| has_markers(&files.objects, *blob)) {
                damage.kind = "markers";
                damage.fault.message = "a merge by hand left both sides in it, between markers".into();
            }
        }
        if self.locked(at).is_some() {
            let sealed = |one: &Damage| one.fault.message.raw() == SEALED;
            report.sealed = report
                .damages
                .iter()
                .filter(|one| sealed(one) && one.fault.path.raw() != layout::GUIDE)
                .count();
            report.damages.retain(|one| !sealed(one));
        }
        for (id, paths) in places.iter().filter(|(_, paths)| paths.len() > 1) {
            let others = paths[1..].join(", ");
            report.damages.push(damage(
                "clash",
                &paths[0],
                "id",
                format!("'{id}' is also the id of {others}"),
            ));
        }
        report.damages.extend(twins(&records));
        for (path, record) in &records {
            if layout::path(record) != *path {
                let message = format!("it belongs at '{}'", layout::path(record));
                report.damages.push(damage("stranger", path, "date", message));
            }
            dangling(path, record, &places, &mut report.damages);
            words(path, record, &guide, &mut report.damages);
        }
        for entry in &root {
            let name = Text::from(String::from_utf8_lossy(&entry.name).into_owned());
            let known = [layout::HEADER, layout::GUIDE].contains(&name.raw())
                || layout::DIRECTORIES.contains(&name.raw())
                || name.raw() == layout::UNMERGED;
            let holds_files = layout::DIRECTORIES.contains(&name.raw()) || name.raw() == layout::UNMERGED;
            if known && holds_files != entry.is_directory() {
                let message = "it is a file where a directory should be, or the reverse";
                report.damages.push(damage("stranger", name.raw(), "", message.into()));
            }
            if !known {
                report.damages.push(damage(
                    "stranger",
                    name.raw(),
                    "",
                    "this format has no such file".into(),
                ));
            }
        }
        for path in self.torn(at).unwrap_or_default().unmerged {
            let message =
                "a merge could take nothing of it into its record; read it, then remove it with git";
            report.damages.push(damage("unmerged", &path, "", message.into()));
        }
        report.damages.extend(self.gaps(at));
        if self.ref_lock().exists() {
            let path = self.ref_lock().display().to_string();
            let message =
                "a writer left its lock; it is taken away after a minute, or remove it if no git runs";
            report.damages.push(damage("lock", &path, "", message.into()));
        }
        for damage in report.damages.iter_mut().filter(|damage| damage.fault.line.is_none()) {
            let text = texts.get(damage.fault.path.raw());
            damage.fault.line =
                damage.fault.key.as_ref().zip(text).and_then(|(key, text)| line_of(text, key.raw()));
        }
        report.damages.sort();
        report.damages.dedup();
        Ok(report)
    }
}

impl Journal {
    /// Commits of the history that cannot be read: what was recorded before them is out of reach for 'log' and 'undo'.
    fn gaps(&self, at: &Revision) -> Vec<Damage> {
        let (mut gaps, mut seen) = (Vec::new(), BTreeSet::new());
        let mut next: Vec<Oid> = commit_id(at).into_iter().collect();
        while let Some(id) = next.pop() {
            match self.commit_at(id) {
                Ok(commit) => next.extend(commit.parents.into_iter().filter(|parent| seen.insert(*parent))),
                Err(error) => gaps.push(damage("unreadable", "history", "", error.to_string())),
            }
        }
        gaps
    }
}

/// Open bets that share a slug: whoever types it cannot mean one of them.
fn twins(records: &[(String, Record)]) -> Vec<Damage> {
    let mut open: BTreeMap<&str, &str> = BTreeMap::new();
    let mut twins = Vec::new();
    for (path, record) in records {
        let Record::Bet(bet) = record else { continue };
        if !bet.is_open() {
            continue;
        }
        if let Some(other) = open.insert(bet.slug.as_str(), path) {
            twins.push(damage(
                "clash",
                path,
                "slug",
                format!("'{}' is also the slug of the open bet {other}", bet.slug),
            ));
        }
    }
    twins
}

/// The line, from 1, on which a key stands, or the table of that name.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let is_key = |line: &str| {
        line.split('=').next().is_some_and(|name| name.trim() == key) || line.trim() == format!("[{key}]")
    };
    text.lines().position(is_key).map(|place| place + 1)
}

fn damage(kind: &'static str, path: &str, key: &str, message: String) -> Damage {
    let key = (!key.is_empty()).then(|| key.into());
    Damage { kind, fault: Fault { path: path.into(), line: None, key, message: message.into() } }
}

fn dangling(path: &str, record: &Record, known: &BTreeMap<RecordId, Vec<String>>, damages: &mut Vec<Damage>) {
    let references: Vec<(&str, RecordId)> = match record {
        Record::Bet(bet) => {
            let after = bet.after.iter().map(|id| ("after", *id));
            let after = after.chain(bet.objectives.iter().map(|id| ("objectives", *id)));
            after.chain(bet.continues.iter().map(|id| ("continues", *id))).collect()
        }
        Record::CheckIn(check_in) => vec![("bet", check_in.bet)],
        Record::Evidence(evidence) => evidence.bets.iter().map(|id| ("bets", *id)).collect(),
        Record::Decision(decision) => decision.bet.iter().map(|id| ("bet", *id)).collect(),
        Record::Review(review) => review.bet.keys().map(|id| ("bet", *id)).collect(),
        Record::Objective(_) => Vec::new(),
        Record::Verdict(verdict) => verdict.evidence.iter().map(|id| ("evidence", *id)).collect(),
    };
    for (key, id) in references.iter().filter(|(key, id)| *id == record.id() && *key != "evidence") {
        damages.push(damage("dangling", path, key, format!("'{id}' is the record itself")));
    }
    for (key, id) in references.into_iter().filter(|(_, id)| !known.contains_key(id)) {
        // Evidence may be removed after it was accepted; its verdict stays so that nobody is asked again.
        if !matches!(record, Record::Verdict(_)) {
            damages.push(damage("dangling", path, key, format!("'{id}' is not in the journal")));
        }
    }
}

fn words(path: &str, record: &Record, guide: &Guide, damages: &mut Vec<Damage>) {
    for (key, error) in crate::format::words::unknown_words(record, guide) {
        let hint = error.nearest.as_ref().map(|near| format!("; nearest is '{near}'")).unwrap_or_default();
        damages.push(damage("word", path, key, format!("{error}{hint}")));
    }
}
