//! What `git merge` leaves when somebody runs it on the branch by hand: markers in records, and how they are put right.

use git2::Oid;

use super::append::Write;
use super::objects::Objects;
use super::tree;
use super::{Journal, layout};
use crate::format::record;
use crate::model::Revision;

/// Files that a merge by hand left with both sides in them.
#[derive(Debug, Default)]
pub struct ByHand {
    /// What puts them right, as our own merge would have.
    pub writes: Vec<Write>,
    /// Their paths.
    pub repaired: Vec<String>,
    /// Paths of those of which the merge was not found.
    pub left: Vec<String>,
}

impl Journal {
    /// Merges again what a merge by hand left undecided at a revision. Both sides are in its parents.
    pub fn by_hand(&self, at: &Revision) -> anyhow::Result<ByHand> {
        let tip = self.raw_commit(at)?;
        let objects = self.objects()?;
        let report = self.check(at)?;
        let mut found = ByHand::default();
        let paths = report.damages.iter().filter(|damage| damage.kind == "markers");
        for path in paths.map(|damage| damage.fault.path.raw()) {
            let Some(blob) = tree::find(&objects, Some(tip.tree), path)? else { continue };
            let text = self.merged_again(&objects, tip.id, path, blob)?;
            let Some(text) = text else {
                found.left.push(path.to_owned());
                continue;
            };
            let becomes = layout::parse(path).and_then(|(kind, _)| record::decode(kind, &text).ok());
            found.writes.push(Write::Turn {
                path: path.to_owned(),
                now: Some(blob),
                text: Some(text),
                was: None,
                becomes: becomes.map(Box::new),
            });
            found.repaired.push(path.to_owned());
        }
        Ok(found)
    }

    /// What our own merge makes of a file, in the place of the merge that first had this blob.
    fn merged_again(
        &self,
        objects: &Objects<'_>,
        tip: Oid,
        path: &str,
        blob: Oid,
    ) -> anyhow::Result<Option<String>> {
        let mut sides = None;
        self.walk_back(tip, &mut |commit| {
            if tree::find(objects, Some(commit.tree), path)? == Some(blob) && commit.parents.len() > 1 {
                sides = Some(commit.parents);
            }
            Ok(sides.is_none())
        })?;
        let Some(sides) = sides else { return Ok(None) };
        let Some(merged) = self.union(&sides)? else { return Ok(None) };
        let blob = tree::find(objects, Some(self.commit_at(merged)?.tree), path)?;
        let bytes = blob.map(|blob| objects.text(blob)).transpose()?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !is_marked(text)))
    }
}

/// True when a file that cannot be read holds the markers of a merge by hand.
pub(super) fn has_markers(objects: &Objects<'_>, blob: Oid) -> bool {
    let bytes = objects.text(blob).unwrap_or_default();
    is_marked(&String::from_utf8_lossy(&bytes))
}

fn is_marked(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<< ")) && text.lines().any(|line| line == "=======")
}
