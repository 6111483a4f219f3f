//! Every id of the journal, by the names of its files. What a month's tree holds is kept, since trees never change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use git2::Oid;

use super::read::{Files, Indexed};
use super::scope::Shards;
use super::tree::Entry;
use super::{Journal, JournalError, layout};
use crate::model::{IdSet, RecordId, Revision};
use crate::store::local_file;

/// The first line of the cache. Another one is read as an empty cache.
const HEADING: &str = "git-okr ids 1";
/// Below this many ids reading the trees again is cheaper than writing the cache.
const WORTH_KEEPING: usize = 256;
/// Letters of an id.
const LETTERS: usize = 16;

/// A directory whose ids are kept together, and its tree: a month, a bet's check-ins, all bets.
type Unit = (String, Oid);

/// What is known of units: for each path the id of a tree, and the ids below it.
#[derive(Default)]
struct Kept(BTreeMap<String, (Oid, Vec<RecordId>)>);

impl Kept {
    /// Reads the cache. One that is missing, cut short or not ours is an empty one.
    fn load(path: &Path) -> Self {
        fs::read_to_string(path).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let lines = text.strip_prefix(HEADING)?.strip_prefix('\n')?.strip_suffix("\nend\n")?;
        let mut kept = BTreeMap::new();
        for line in lines.lines() {
            let (path, rest) = line.split_once(' ')?;
            let (tree, letters) = rest.split_once(' ')?;
            let ids = letters
                .as_bytes()
                .chunks(LETTERS)
                .map(|id| RecordId::parse(std::str::from_utf8(id).ok()?).ok());
            kept.insert(path.to_owned(), (Oid::from_str(tree).ok()?, ids.collect::<Option<_>>()?));
        }
        Some(Self(kept))
    }

    /// Writes the cache in one step. Without it the next reader reads trees.
    fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut text = String::from(HEADING);
        for (path, (tree, ids)) in &self.0 {
            text += &format!("\n{path} {tree} ");
            text.extend(ids.iter().map(RecordId::as_str));
        }
        text += "\nend\n";
        local_file::replace(path, text.as_bytes())
    }

    fn get(&self, unit: &Unit) -> Option<&[RecordId]> {
        self.0.get(&unit.0).filter(|(tree, _)| *tree == unit.1).map(|(_, ids)| ids.as_slice())
    }
}

impl Journal {
    fn id_cache(&self) -> PathBuf {
        self.state_dir().join("cache/ids")
    }

    /// Every id in the journal and some more, for unique prefixes.
    pub fn ids_with(
        &self,
        at: &Revision,
        more: impl Iterator<Item = RecordId>,
    ) -> Result<IdSet, JournalError> {
        let (mut files, root) = self.root(at)?;
        let mut all: Vec<RecordId> = more.collect();
        self.each_unit(&mut files, &root, &mut |_, _, ids| all.extend_from_slice(ids));
        Ok(all.into_iter().collect())
    }

    /// Every id below `root`.
    pub(super) fn ids_in(&self, files: &mut Files<'_>, root: &[Entry]) -> IdSet {
        let mut all = Vec::new();
        self.each_unit(files, root, &mut |_, _, ids| all.extend_from_slice(ids));
        all.into_iter().collect()
    }

    /// The places of records whose id begins with `prefix`.
    pub fn places(&self, at: &Revision, prefix: &str) -> Result<Vec<Indexed>, JournalError> {
        let (mut files, root) = self.root(at)?;
        let fits = |id: &RecordId| id.as_str().starts_with(prefix);
        let mut found = Vec::new();
        self.each_unit(&mut files, &root, &mut |files, unit, ids| {
            if ids.iter().any(fits) {
                files.descend(unit.1, &unit.0, Shards::All, &mut |_, kind, id, path, blob| {
                    if fits(&id) {
                        found.push(Indexed { id, kind, path, blob });
                    }
                });
            }
        });
        Ok(found)
    }

    /// Hands over every unit with its ids, from the cache where it knows the unit's tree.
    fn each_unit(
        &self,
        files: &mut Files<'_>,
        root: &[Entry],
        visit: &mut dyn FnMut(&mut Files<'_>, &Unit, &[RecordId]),
    ) {
        // Strangers in the tree were told by the pass that read it; here only names matter.
        let faults = files.faults.len();
        files.again();
        let path = self.id_cache();
        let mut kept = Kept::load(&path);
        let (mut fresh, mut worth) = (Vec::new(), 0);
        let units = units(files, root);
        for unit in &units {
            if let Some(ids) = kept.get(unit) {
                visit(files, unit, ids);
                continue;
            }
            let mut ids = Vec::new();
            files.descend(unit.1, &unit.0, Shards::All, &mut |_, _, id, _, _| ids.push(id));
            visit(files, unit, &ids);
            worth += ids.len();
            fresh.push((unit.0.clone(), (unit.1, ids)));
        }
        files.faults.truncate(faults);
        if worth >= WORTH_KEEPING && !files.is_cut() {
            // What an older revision lacks stays, or looking back would cost the present its cache.
            if kept.0.len() > 2 * units.len() {
                kept.0.clear();
            }
            kept.0.extend(fresh);
            let _ = kept.save(&path);
        }
    }
}

/// The units below a root.
fn units(files: &mut Files<'_>, root: &[Entry]) -> Vec<Unit> {
    let mut units = Vec::new();
    for directory in layout::DIRECTORIES {
        let top = root.iter().find(|entry| entry.name == directory.as_bytes() && entry.is_directory());
        let Some(top) = top else { continue };
        if ["bets", "objectives", "reviews"].contains(&directory) {
            units.push((directory.to_owned(), top.id));
            continue;
        }
        for entry in files.entries(top.id, directory) {
            if let Some(name) = entry.plain_name().filter(|_| entry.is_directory()) {
                units.push((format!("{directory}/{name}"), entry.id));
            }
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use git2::Oid;

    use super::Kept;
    use crate::model::RecordId;

    #[test]
    fn a_cache_comes_back_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache/ids");
        let (tree, other) = (Oid::from_bytes(&[7; 20]).unwrap(), Oid::from_bytes(&[8; 20]).unwrap());
        let ids: Vec<_> = [1, 2, 3].map(RecordId::from_bits).to_vec();
        let mut kept = Kept::default();
        kept.0.insert("evidence/2026-02".into(), (tree, ids.clone()));
        kept.0.insert("bets".into(), (tree, Vec::new()));
        kept.save(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let read = Kept::load(&path);
        assert_eq!(read.get(&("evidence/2026-02".into(), tree)), Some(ids.as_slice()));
        assert_eq!(read.get(&("bets".into(), tree)), Some([].as_slice()));
        assert_eq!(read.get(&("evidence/2026-02".into(), other)), None);
        for cut in 0..text.len() {
            assert!(Kept::parse(&text[..cut]).is_none(), "{cut}");
        }
        assert!(Kept::parse(&text.replace("kl", "ab")).is_none());
        assert!(Kept::load(&dir.path().join("nothing")).0.is_empty());
    }
}
