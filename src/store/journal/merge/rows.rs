//! What differs between a base and two sides, by record; and who removed what the other side still wants.

use std::collections::{BTreeMap, BTreeSet};

use git2::Oid;

use crate::model::RecordId;
use crate::store::journal::objects::{ObjectError, Objects};
use crate::store::journal::walk::{Changed, compare};
use crate::store::journal::{JournalError, layout};

/// A file on the base and on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) path: String,
    pub(super) base: Option<Oid>,
    pub(super) winner: Option<Oid>,
    pub(super) loser: Option<Oid>,
}

/// What belongs together: the files of one record, wherever its day has put them, or one other file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Record(RecordId),
    File(String),
}

/// Which side removed a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    ByWinner,
    ByLoser,
}

impl Removal {
    pub(super) fn gone(self, row: &Row) -> Option<Oid> {
        if self == Self::ByWinner { row.winner } else { row.loser }
    }

    pub(super) fn stayed(self, row: &Row) -> Option<Oid> {
        if self == Self::ByWinner { row.loser } else { row.winner }
    }
}

/// The files that differ, by what they belong to.
pub(super) fn units(
    objects: &Objects<'_>,
    base: Option<Oid>,
    winner: Oid,
    loser: Oid,
) -> Result<BTreeMap<Unit, Vec<Row>>, JournalError> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let changes = |tree| -> Result<Vec<Changed>, JournalError> {
        let mut changed = Vec::new();
        compare(objects, base, Some(tree), "", &mut changed)?;
        Ok(changed)
    };
    let mut note = |one: Changed, place: fn(&mut Row) -> &mut Option<Oid>| {
        let row = rows.entry(one.path.clone()).or_insert_with(|| Row {
            path: one.path,
            base: one.before,
            winner: one.before,
            loser: one.before,
        });
        *place(row) = one.after;
    };
    for one in changes(winner)? {
        note(one, |row| &mut row.winner);
    }
    for one in changes(loser)? {
        note(one, |row| &mut row.loser);
    }
    let mut units: BTreeMap<Unit, Vec<Row>> = BTreeMap::new();
    for row in rows.into_values() {
        let unit = match layout::parse(&row.path) {
            Some((_, id)) => Unit::Record(id),
            None => Unit::File(row.path.clone()),
        };
        units.entry(unit).or_default().push(row);
    }
    Ok(units)
}

/// What a file says, as far as it can be read. For want of an identity nothing is merged: it would be guessed.
pub(super) fn readable(objects: &Objects<'_>, blob: Option<Oid>) -> Result<Option<Vec<u8>>, JournalError> {
    match blob.map(|blob| objects.text(blob)).transpose() {
        Err(error @ ObjectError::Sealed(_)) => Err(error.into()),
        read => Ok(read.ok().flatten()),
    }
}

/// Takes out the files that differ only in how they are sealed. Returns those of which one side has to be chosen, by a
/// rule that is the same on every machine.
pub(super) fn unsealed(
    objects: &Objects<'_>,
    units: &mut BTreeMap<Unit, Vec<Row>>,
) -> Result<Vec<(String, Oid)>, JournalError> {
    let mut chosen = Vec::new();
    for row in units.values_mut().flatten() {
        if row.winner == row.loser || row.winner == row.base || row.loser == row.base {
            continue;
        }
        let [base, one, other] =
            [readable(objects, row.base)?, readable(objects, row.winner)?, readable(objects, row.loser)?];
        if let (Some(winner), Some(loser)) = (row.winner, row.loser)
            && one.is_some()
            && one == other
        {
            let either = winner.min(loser);
            chosen.push((row.path.clone(), either));
            (row.base, row.winner, row.loser) = (Some(either), Some(either), Some(either));
        } else if one.is_some() && one == base {
            row.base = row.winner;
        } else if other.is_some() && other == base {
            row.base = row.loser;
        }
    }
    for rows in units.values_mut() {
        rows.retain(|row| row.base != row.winner || row.base != row.loser);
    }
    units.retain(|_, rows| !rows.is_empty());
    Ok(chosen)
}

/// Records that one side removed while the other began to refer to them: they stay, a bet with its check-ins.
pub(super) fn still_wanted(
    objects: &Objects<'_>,
    units: &BTreeMap<Unit, Vec<Row>>,
) -> Result<BTreeMap<RecordId, Removal>, JournalError> {
    let mut alive = BTreeMap::new();
    for (removal, gone, stayed) in [
        (
            Removal::ByWinner,
            (|row| row.winner) as fn(&Row) -> Option<Oid>,
            (|row| row.loser) as fn(&Row) -> Option<Oid>,
        ),
        (Removal::ByLoser, |row| row.loser, |row| row.winner),
    ] {
        let removed: BTreeSet<RecordId> = units
            .iter()
            .filter_map(|(unit, rows)| match unit {
                Unit::Record(id) if rows.iter().all(|row| gone(row).is_none() && stayed(row) == row.base) => {
                    Some(*id)
                }
                _ => None,
            })
            .collect();
        if removed.is_empty() {
            continue;
        }
        for row in units.values().flatten().filter(|row| stayed(row) != row.base) {
            let named = |blob: Option<Oid>| -> Result<BTreeSet<RecordId>, JournalError> {
                let bytes = readable(objects, blob)?;
                let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
                let words = text.split(|c: char| !c.is_ascii_lowercase());
                Ok(words.filter_map(|word| RecordId::parse(word).ok()).collect())
            };
            let before = named(row.base)?;
            for id in named(stayed(row))?.intersection(&removed).filter(|id| !before.contains(id)) {
                alive.insert(*id, removal);
            }
        }
    }
    Ok(alive)
}
