//! Three-way merge of one TOML file by field: what one side changed is taken, what both changed is kept twice.
//!
//! The two sides are called *winner* and *loser*, not ours and theirs: the caller orders them the same way on every
//! machine, so that every machine computes the same bytes. The order decides only which of two concurrent values is
//! shown; the other one goes into the file's `[[conflict]]` list.

mod comments;
mod conflicts;
mod fields;
mod lists;
pub mod settle;

use toml::{Table, Value};

use crate::format::patch;
use crate::model::conflict::WHOLE;
use crate::model::{Conflict, Instant};

/// One side of a merge.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The file's text on that side.
    pub text: &'a str,
    /// The journal revision it is from.
    pub revision: &'a str,
}

/// A merged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its text.
    pub text: String,
    /// The side of which nothing could be taken in: the caller has to keep its file elsewhere.
    pub left_out: Option<Which>,
}

/// A side of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one whose values are shown.
    Winner,
    /// The other one.
    Loser,
}

/// Merges a record or a guide. `reads` says whether a text is one that the program can read: a merge that each side
/// could read is never one that nobody can.
pub fn file(base: Option<&str>, winner: Side<'_>, loser: Side<'_>, reads: &dyn Fn(&str) -> bool) -> Merged {
    let together = by_field(base, winner, loser)
        .filter(|text| reads(text))
        .or_else(|| whole(winner, loser, reads))
        .or_else(|| whole(loser, winner, reads));
    match together {
        Some(text) => Merged { text, left_out: None },
        None if reads(loser.text) && !reads(winner.text) => {
            Merged { text: loser.text.to_owned(), left_out: Some(Which::Winner) }
        }
        None => Merged { text: winner.text.to_owned(), left_out: Some(Which::Loser) },
    }
}

/// A file that one side removed and the other changed: the change stays, and the removal is told.
pub fn edited(kept: Side<'_>, removed_at: &str) -> String {
    let removal = Conflict { field: WHOLE.into(), value: None, revision: removed_at.into() };
    with(kept.text, removal).unwrap_or_else(|| kept.text.to_owned())
}

/// A file whose field gets another value because of what else there is, and the value that it should have.
pub fn set_aside(text: &str, field: &str, value: &str, revision: &str) -> Option<String> {
    let mut table = patch::read(text).ok()?;
    let wanted = table.get(field)?.as_str()?.to_owned();
    table.insert(field.to_owned(), Value::String(value.to_owned()));
    let text = patch::apply(text, &patch::read(text).ok()?, &table).ok()?;
    with(
        &text,
        Conflict { field: field.into(), value: Some(wanted.as_str().into()), revision: revision.into() },
    )
}

/// Merges `journal.toml`: the newer format; of two origins the older one.
pub fn header(base: Option<&str>, winner: Side<'_>, loser: Side<'_>) -> Option<String> {
    let (one, other) = (patch::read(winner.text).ok()?, patch::read(loser.text).ok()?);
    let base = base.and_then(|text| patch::read(text).ok());
    let origin = |table: &Table| (moment(table.get("created")), table.get("id").map(Value::to_string));
    let mut merge = fields::Merge::new(winner.revision, loser.revision, &[], &[], &[]);
    let mut merged = merge.tables(&[], base.as_ref(), &one, &other);
    let elder = if origin(&other) < origin(&one) { &other } else { &one };
    for key in ["id", "created"] {
        merged.extend(elder.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    let format = |table: &Table| table.get("format").and_then(Value::as_integer);
    merged.extend(format(&one).max(format(&other)).map(|major| ("format".into(), Value::Integer(major))));
    patch::apply(winner.text, &one, &merged).ok()
}

fn by_field(base: Option<&str>, winner: Side<'_>, loser: Side<'_>) -> Option<String> {
    let (mut one, mut other) = (patch::read(winner.text).ok()?, patch::read(loser.text).ok()?);
    let before = one.clone();
    let mut origin = base.map(patch::read).transpose().ok()?;
    let kept = [origin.as_mut(), Some(&mut one), Some(&mut other)]
        .map(|table| table.map(conflicts::take).unwrap_or_default());
    let mut merge = fields::Merge::new(winner.revision, loser.revision, &kept[0], &kept[1], &kept[2]);
    let mut merged = merge.tables(&[], origin.as_ref(), &one, &other);
    // The journal learnt of it when the first of the two did.
    let recorded = [one.get("recorded"), other.get("recorded")];
    if let [Some(one), Some(other)] = recorded {
        let first = if moment(Some(other)) < moment(Some(one)) { other } else { one };
        merged.insert("recorded".into(), first.clone());
    }
    let list = conflicts::merge(&kept[0], &kept[1], &kept[2], merge.found, &merged);
    conflicts::put(&mut merged, list);
    // Line by line both sides' comments survive: good when it says just what the fields say.
    let by_line = base.and_then(|base| diffy::merge(base, winner.text, loser.text).ok());
    if let Some(text) = by_line
        && patch::read(&text).is_ok_and(|table| fields::same_table(&table, &merged))
    {
        return Some(text);
    }
    let text = patch::apply(winner.text, &before, &merged).ok()?;
    let says_so = |text: &String| patch::read(text).is_ok_and(|table| fields::same_table(&table, &merged));
    comments::carry(&text, base, loser.text).filter(says_so).or(Some(text))
}

/// One side's text, with the other's as a conflict over all of it.
fn whole(kept: Side<'_>, other: Side<'_>, reads: &dyn Fn(&str) -> bool) -> Option<String> {
    let conflict =
        Conflict { field: WHOLE.into(), value: Some(other.text.into()), revision: other.revision.into() };
    reads(kept.text).then(|| with(kept.text, conflict)).flatten().filter(|text| reads(text))
}

fn with(text: &str, conflict: Conflict) -> Option<String> {
    let before = patch::read(text).ok()?;
    let mut table = before.clone();
    let mut list = conflicts::take(&mut table);
    if !list.iter().any(|known| (&known.field, &known.value) == (&conflict.field, &conflict.value)) {
        list.push(conflict);
    }
    conflicts::put(&mut table, list);
    patch::apply(text, &before, &table).ok()
}

/// A point in time as it can be compared; what is none comes last.
fn moment(value: Option<&Value>) -> (bool, Option<Instant>, String) {
    let text = value.map(Value::to_string).unwrap_or_default();
    let time = value.and_then(|value| value.clone().try_into::<Instant>().ok());
    (time.is_none(), time, text)
}

#[cfg(test)]
mod tests;
