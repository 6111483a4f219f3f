//! Records that were decoded once, kept by the tree they were read from: derived, deletable, never in the way.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use git2::Oid;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::read::Files;
use super::scope::Shards;
use super::tree::Entry;
use super::{Journal, layout};
use crate::model::{Day, Record};
use crate::store::local_file;

/// Below this many records reading them again is cheaper than writing them down.
const WORTH_KEEPING: usize = 48;

impl Journal {
    /// The records below a directory, as far as `shards` wants them. `take` picks the kind that belongs there.
    pub(super) fn records<T>(
        &self,
        files: &mut Files<'_>,
        root: &[Entry],
        directory: &str,
        shards: Shards,
        take: fn(Record) -> Option<T>,
    ) -> Vec<T>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let top = root.iter().find(|entry| entry.name == directory.as_bytes());
        let Some(top) = top.filter(|_| shards != Shards::None) else { return Vec::new() };
        if !top.is_directory() {
            files.fault(directory, "it is not a directory");
            return Vec::new();
        }
        if !layout::DATED.contains(&directory) {
            return self.unit(files, directory, top.id, take);
        }
        let mut all = Vec::new();
        let mut rest = Vec::new();
        for entry in files.entries(top.id, directory) {
            match entry.plain_name().filter(|month| entry.is_directory() && wants_all(shards, month)) {
                Some(month) => all.extend(self.unit(files, &format!("{directory}/{month}"), entry.id, take)),
                None => rest.push(entry),
            }
        }
        // Months that are wanted in part are read by day; strangers are told of.
        files.descend_into(rest, directory, shards, &mut |files, kind, id, path, blob| {
            all.extend(files.record(kind, id, &path, blob).and_then(|(record, _)| take(record)));
        });
        all
    }

    /// All records below one tree, from what was kept or by decoding each.
    fn unit<T>(&self, files: &mut Files<'_>, path: &str, tree: Oid, take: fn(Record) -> Option<T>) -> Vec<T>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let place = self.state_dir().join("cache/records").join(path.replace('/', "-"));
        let heading = heading(tree);
        if let Some(kept) = load(&place, &heading) {
            return kept;
        }
        let (faults, opened, mut all) = (files.faults.len(), files.objects.opened(), Vec::new());
        files.descend(tree, path, Shards::All, &mut |files, kind, id, path, blob| {
            all.extend(files.record(kind, id, &path, blob).and_then(|(record, _)| take(record)));
        });
        // What is wrong with a record is told every time, so a tree with faults is read every time.
        // What was sealed is not written down in plain.
        let plain = files.objects.opened() == opened;
        if plain && files.faults.len() == faults && all.len() >= WORTH_KEEPING {
            let _ = save(&place, &heading, &all);
        }
        all
    }
}

/// True when every day of a month is wanted.
fn wants_all(shards: Shards, month: &str) -> bool {
    let day = |day: &str| layout::day_of(month, day);
    match shards {
        Shards::All => day("01").is_some(),
        Shards::None => false,
        Shards::Between(from, upto) => {
            let last: Option<Day> = ["31", "30", "29", "28"].into_iter().find_map(day);
            day("01").is_some_and(|first| from <= first) && last.is_some_and(|last| last <= upto)
        }
        // A month that only both spans together hold is read day by day.
        Shards::Both(one, other) => {
            [one, other].into_iter().any(|(from, upto)| wants_all(Shards::Between(from, upto), month))
        }
    }
}

/// What was kept is good for one tree and one build of the program: another build may read records otherwise.
fn heading(tree: Oid) -> String {
    let program = std::env::current_exe().and_then(fs::metadata);
    let build = program.and_then(|found| Ok((found.len(), found.modified()?)));
    let build = build.map_or((0, 0), |(size, time)| {
        (size, time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos()))
    });
    format!("git-okr records {}-{}-{} {tree}\n", env!("CARGO_PKG_VERSION"), build.0, build.1)
}

/// What was kept under exactly this heading, if all of it is there.
fn load<T: DeserializeOwned>(place: &Path, heading: &str) -> Option<Vec<T>> {
    let text = fs::read(place).ok()?;
    serde_json::from_slice(text.strip_prefix(heading.as_bytes())?).ok()
}

/// Keeps records, if they come back as they are.
fn save<T: Serialize + DeserializeOwned + PartialEq>(
    place: &Path,
    heading: &str,
    all: &[T],
) -> anyhow::Result<()> {
    let mut text = heading.as_bytes().to_vec();
    serde_json::to_writer(&mut text, all)?;
    let back: Vec<T> = serde_json::from_slice(&text[heading.len()..])?;
    anyhow::ensure!(back == all, "JSON does not hold it");
    Ok(local_file::replace(place, &text)?)
}

#[cfg(test)]
mod tests {
    use git2::Oid;

    use super::{heading, load, save, wants_all};
    use crate::model::Day;
    use crate::store::journal::Shards;

    #[test]
    fn only_whole_months_are_kept() {
        let day = |text| Day::parse(text).unwrap();
        let quarter = Shards::Between(day("2024-01-15"), day("2024-03-31"));
        for (month, whole) in [("2024-01", false), ("2024-02", true), ("2024-03", true), ("2024-04", false)] {
            assert_eq!(wants_all(quarter, month), whole, "{month}");
        }
        let apart =
            Shards::Both((day("2024-04-01"), day("2024-04-30")), (day("2024-01-01"), day("2024-02-10")));
        for (month, all, some) in [
            ("2024-01", true, true),
            ("2024-02", false, true),
            ("2024-03", false, false),
            ("2024-04", true, true),
        ] {
            assert_eq!((wants_all(apart, month), apart.wants_month(month)), (all, some), "{month}");
        }
        assert!(apart.wants_day(day("2024-02-10")) && !apart.wants_day(day("2024-02-11")));
        assert!(wants_all(Shards::All, "1999-02") && !wants_all(Shards::All, "1999-13"));
        assert!(!wants_all(Shards::None, "2024-02"));
    }

    #[test]
    fn what_was_kept_is_for_one_tree_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("cache/records/evidence-2024-02");
        let (tree, other) = (Oid::from_bytes(&[7; 20]).unwrap(), Oid::from_bytes(&[8; 20]).unwrap());
        save(&place, &heading(tree), &["a".to_owned(), "b".to_owned()]).unwrap();
        assert_eq!(load::<String>(&place, &heading(tree)).unwrap(), ["a", "b"]);
        assert!(load::<String>(&place, &heading(other)).is_none());
        let whole = std::fs::read(&place).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&place, &whole[..cut]).unwrap();
            assert!(load::<String>(&place, &heading(tree)).is_none(), "{cut}");
        }
        assert!(
            save(&dir.path().join("nan"), "", &[f64::NAN]).is_err(),
            "what does not come back is not kept"
        );
    }
}
