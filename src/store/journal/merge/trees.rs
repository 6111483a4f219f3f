//! Three-way merge of two journal trees, record by record. It costs with what differs, not with what there is.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid};

use super::rows::{self, Removal, Row, Unit};
use super::twins;
use crate::change::merge::{self, Side};
use crate::format::{guide, record, version};
use crate::model::RecordId;
use crate::store::journal::objects::{MAX_BLOB, Objects};
use crate::store::journal::seal::Recipients;
use crate::store::journal::tree::{self, Splice};
use crate::store::journal::{TooLarge, layout};

/// One side of a merge. Which one is the winner is the same on every machine.
pub(super) struct Tip {
    pub(super) tree: Oid,
    pub(super) revision: String,
}

/// Merges two trees into one.
pub(super) fn merge(
    objects: &Objects<'_>,
    recipients: &Recipients,
    base: Option<Oid>,
    winner: &Tip,
    loser: &Tip,
) -> anyhow::Result<Oid> {
    let merge = Merge { objects, recipients, winner, loser };
    let mut units = rows::units(objects, base, winner.tree, loser.tree)?;
    let mut splice = Splice::new();
    if !recipients.is_empty() {
        let chosen = rows::unsealed(objects, &mut units)?;
        splice.extend(chosen.into_iter().map(|(path, blob)| (path, Some(blob))));
    }
    let alive = rows::still_wanted(objects, &units)?;
    for (unit, rows) in &units {
        for (path, blob) in merge.unit(unit, rows, &alive)? {
            splice.insert(path, blob);
        }
    }
    let tree = tree::splice(objects, Some(winner.tree), &splice)?;
    let bets = |side: fn(&Row) -> Option<Oid>| {
        units.values().flatten().any(|row| row.path.starts_with("bets/") && side(row) != row.base)
    };
    if bets(|row| row.winner) && bets(|row| row.loser) {
        return twins::rename(objects, recipients, tree, winner, loser);
    }
    Ok(tree)
}

struct Merge<'a> {
    objects: &'a Objects<'a>,
    recipients: &'a Recipients,
    winner: &'a Tip,
    loser: &'a Tip,
}

impl Merge<'_> {
    /// What becomes of the files of a unit, as far as that differs from the winner's.
    fn unit(
        &self,
        unit: &Unit,
        rows: &[Row],
        alive: &BTreeMap<RecordId, Removal>,
    ) -> anyhow::Result<Vec<(String, Option<Oid>)>> {
        let only = |side: fn(&Row) -> Option<Oid>| {
            let mut there = rows.iter().filter(|row| side(row).is_some());
            (there.next(), there.next().is_none())
        };
        let ((base, one), (winner, two), (loser, three)) =
            (only(|row| row.base), only(|row| row.winner), only(|row| row.loser));
        let Unit::Record(id) = unit else { return self.files(rows) };
        if !(one && two && three) {
            // One id in two places, as no program of ours writes it: each place for itself.
            return self.files(rows);
        }
        if let Some(removal) = alive.get(id) {
            return self.keep(*removal, rows);
        }
        let of_bet = rows.iter().find_map(|row| row.path.strip_prefix("checkins/")?.split('/').next());
        if let Some(removal) = of_bet.and_then(|bet| alive.get(&RecordId::parse(bet).ok()?))
            && rows.iter().all(|row| removal.gone(row).is_none() && removal.stayed(row) == row.base)
        {
            return Ok(rows.iter().map(|row| (row.path.clone(), row.base)).collect());
        }
        let differs = |side: fn(&Row) -> Option<Oid>| rows.iter().any(|row| side(row) != row.base);
        if !differs(|row| row.loser) || rows.iter().all(|row| row.winner == row.loser) {
            return Ok(Vec::new());
        }
        if !differs(|row| row.winner) {
            return Ok(rows.iter().map(|row| (row.path.clone(), row.loser)).collect());
        }
        match (winner, loser) {
            (None, None) => Ok(Vec::new()),
            (None, Some(_)) => self.keep(Removal::ByWinner, rows),
            (Some(_), None) => self.keep(Removal::ByLoser, rows),
            (Some(winner), Some(loser)) => self.both(rows, base, winner, loser),
        }
    }

    /// A record that one side removed and the other wants.
    fn keep(&self, removal: Removal, rows: &[Row]) -> anyhow::Result<Vec<(String, Option<Oid>)>> {
        let (kept, removed_at) = match removal {
            Removal::ByWinner => (self.loser, self.winner),
            Removal::ByLoser => (self.winner, self.loser),
        };
        let keep = |row: &Row| -> anyhow::Result<(String, Option<Oid>)> {
            let Some(blob) = removal.stayed(row) else { return Ok((row.path.clone(), None)) };
            let Some(text) = self.text(Some(blob))? else { return Ok((row.path.clone(), Some(blob))) };
            let text = merge::edited(Side { text: &text, revision: &kept.revision }, &removed_at.revision);
            Ok((row.path.clone(), Some(self.write(&row.path, &text, &[blob])?)))
        };
        rows.iter().map(keep).collect()
    }

    /// A record that both sides changed.
    fn both(
        &self,
        rows: &[Row],
        base: Option<&Row>,
        winner: &Row,
        loser: &Row,
    ) -> anyhow::Result<Vec<(String, Option<Oid>)>> {
        let mut files: BTreeMap<String, Option<Oid>> =
            rows.iter().map(|row| (row.path.clone(), None)).collect();
        let Some((kind, id)) = layout::parse(&winner.path) else { return Ok(Vec::new()) };
        let was = base.and_then(|row| row.base);
        let (Some(one), Some(other)) = (winner.winner, loser.loser) else { return Ok(Vec::new()) };
        let reads = |text: &str| record::decode(kind, text).is_ok_and(|record| record.id() == id);
        let (merged, lost) = self.three(&winner.path, was, (one, other), &reads)?;
        let path = match self.text(Some(merged))?.map(|text| record::decode(kind, &text)) {
            Some(Ok(record)) if record.id() == id => layout::path(&record),
            _ => winner.path.clone(),
        };
        files.extend(lost.map(beside));
        files.insert(path, Some(merged));
        Ok(files.into_iter().collect())
    }

    fn files(&self, rows: &[Row]) -> anyhow::Result<Vec<(String, Option<Oid>)>> {
        let files: Vec<_> = rows.iter().map(|row| self.file(row)).collect::<Result<_, _>>()?;
        Ok(files.concat())
    }

    /// A file that is no record, or none that has a place of its own.
    fn file(&self, row: &Row) -> anyhow::Result<Vec<(String, Option<Oid>)>> {
        let path = row.path.clone();
        if row.loser == row.base || row.winner == row.loser {
            return Ok(vec![(path, row.winner)]);
        }
        let (Some(one), Some(other)) = (row.winner, row.loser) else {
            return Ok(vec![(path, row.winner.or(row.loser))]);
        };
        if row.winner == row.base {
            return Ok(vec![(path, row.loser)]);
        }
        let kind = layout::parse(&path).map(|(kind, _)| kind);
        let reads = |text: &str| match (kind, path.as_str()) {
            (Some(kind), _) => record::decode(kind, text).is_ok(),
            (None, layout::GUIDE) => guide::decode(text).is_ok(),
            (None, layout::HEADER) => version::Header::decode(text).is_ok(),
            (None, _) => false,
        };
        let (merged, lost) = self.three(&path, row.base, (one, other), &reads)?;
        Ok([(path, Some(merged))].into_iter().chain(lost.map(beside)).collect())
    }

    /// The merge of two blobs, and the one of which nothing could be taken in.
    fn three(
        &self,
        path: &str,
        base: Option<Oid>,
        (winner, loser): (Oid, Oid),
        reads: &dyn Fn(&str) -> bool,
    ) -> anyhow::Result<(Oid, Option<Oid>)> {
        let (one, other) = match (self.text(Some(winner))?, self.text(Some(loser))?) {
            (Some(one), Some(other)) => (one, other),
            // What is too large or no text is not merged: what can be read is shown.
            (None, Some(_)) => return Ok((loser, Some(winner))),
            _ => return Ok((winner, Some(loser))),
        };
        let base = self.text(base)?;
        let one = Side { text: &one, revision: &self.winner.revision };
        let other = Side { text: &other, revision: &self.loser.revision };
        let is_header = path == layout::HEADER && version::Header::decode(one.text).is_ok();
        let merged = match is_header.then(|| merge::header(base.as_deref(), one, other)).flatten() {
            Some(text) => merge::Merged { text, left_out: None },
            None => merge::file(base.as_deref(), one, other, reads),
        };
        if merged.text.len() > MAX_BLOB {
            return Ok((winner, Some(loser)));
        }
        let left_out = merged.left_out.map(|side| match side {
            merge::Which::Winner => winner,
            merge::Which::Loser => loser,
        });
        Ok((self.write(path, &merged.text, &[winner, loser])?, left_out))
    }

    fn text(&self, blob: Option<Oid>) -> anyhow::Result<Option<String>> {
        Ok(rows::readable(self.objects, blob)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Writes a text; one that would be too large to be read again stays as it is on the side that is shown. A sealed
    /// file that says just that is taken as it is: sealed again it would be another one on every machine.
    fn write(&self, path: &str, text: &str, sides: &[Oid]) -> anyhow::Result<Oid> {
        let shown = sides[0];
        if text.len() > MAX_BLOB {
            return Ok(shown);
        }
        if self.recipients.is_empty() || path == layout::HEADER {
            return Ok(self.objects.write(ObjectType::Blob, text.as_bytes())?);
        }
        for side in sides {
            if self.text(Some(*side))?.as_deref() == Some(text) {
                return Ok(*side);
            }
        }
        match self.objects.write_text(text.as_bytes(), self.recipients) {
            Err(error) if error.is::<TooLarge>() => Ok(shown),
            written => written,
        }
    }
}

/// Where a file is kept that could not be merged into another one.
fn beside(lost: Oid) -> (String, Option<Oid>) {
    (format!("{}/{lost}", layout::UNMERGED), Some(lost))
}
