//! Records with conflicts: found once, then only among what changed since.

use std::collections::BTreeMap;
use std::fs;

use git2::{ObjectType, Oid};

use super::read::Indexed;
use super::walk::compare;
use super::{Journal, JournalError, layout};
use crate::model::Revision;
use crate::store::local_file;

/// What every text with a conflict holds.
const MARK: &[u8] = b"conflict";

/// What waits for somebody to decide.
#[derive(Clone, Debug, Default)]
pub struct Torn {
    /// Records whose text has a list of conflicts.
    pub records: Vec<Indexed>,
    /// True when the guide has one.
    pub guide: bool,
    /// Files that no record could take in, below `unmerged/`.
    pub unmerged: Vec<String>,
}

impl Journal {
    /// What has conflicts at a revision. Costs with what changed since it was asked before.
    pub fn torn(&self, at: &Revision) -> Result<Torn, JournalError> {
        let commit = self.raw_commit(at)?;
        let place = self.state_dir().join("cache/torn");
        let objects = self.objects()?;
        let mut known = fs::read_to_string(&place).ok().and_then(|text| parse(&text));
        // What was found for a tree that is gone says nothing.
        if known.as_ref().is_some_and(|(tree, _)| objects.read(*tree, ObjectType::Tree).is_err()) {
            known = None;
        }
        let (before, mut torn) = known.map_or((None, BTreeMap::new()), |(tree, torn)| (Some(tree), torn));
        let mut changed = Vec::new();
        compare(&objects, before, Some(commit.tree), "", &mut changed)?;
        let mut blind = false;
        for one in changed {
            torn.remove(&one.path);
            let Some(blob) = one.after else { continue };
            let kept = one.path.starts_with(&format!("{}/", layout::UNMERGED));
            let mut named = || {
                let text = objects.text(blob);
                blind |= text.is_err();
                text.is_ok_and(|text| holds(&text))
            };
            if kept || ((layout::parse(&one.path).is_some() || one.path == layout::GUIDE) && named()) {
                torn.insert(one.path, blob);
            }
        }
        // What could not be read may be sealed for now.
        if before != Some(commit.tree) && !blind {
            let lines: String = torn.iter().map(|(path, blob)| format!("{blob} {path}\n")).collect();
            // Derived, and made anew where it cannot be kept.
            let _ = local_file::replace(&place, format!("{}\n{lines}", commit.tree).as_bytes());
        }
        let mut found = Torn::default();
        for (path, blob) in torn {
            match layout::parse(&path) {
                Some((kind, id)) => found.records.push(Indexed { id, kind, path, blob }),
                None if path == layout::GUIDE => found.guide = true,
                None => found.unmerged.push(path),
            }
        }
        Ok(found)
    }
}

fn holds(text: &[u8]) -> bool {
    text.windows(MARK.len()).any(|window| window == MARK)
}

fn parse(text: &str) -> Option<(Oid, BTreeMap<String, Oid>)> {
    let mut lines = text.lines();
    let tree = Oid::from_str(lines.next()?).ok()?;
    let line = |line: &str| {
        let (blob, path) = line.split_once(' ')?;
        Some((path.to_owned(), Oid::from_str(blob).ok()?))
    };
    Some((tree, lines.map(line).collect::<Option<_>>()?))
}
