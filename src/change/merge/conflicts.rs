//! The `[[conflict]]` list of a file: read, merged and written back.

use toml::{Table, Value};

use super::fields;
use crate::model::Conflict;

const KEY: &str = "conflict";

/// Takes the list out of a file's table. What is no conflict in it is left where it is.
pub(super) fn take(table: &mut Table) -> Vec<Conflict> {
    let list: Option<Vec<Conflict>> = table.get(KEY).and_then(|value| value.clone().try_into().ok());
    if list.is_some() {
        table.remove(KEY);
    }
    list.unwrap_or_default()
}

/// Puts a list into a file's table, sorted.
pub(super) fn put(table: &mut Table, mut list: Vec<Conflict>) {
    list.sort();
    list.dedup();
    if list.is_empty() {
        return;
    }
    let entry = |one: &Conflict| {
        let mut entry = Table::new();
        entry.insert("field".into(), one.field.raw().into());
        entry.extend(one.value.as_ref().map(|value| ("value".into(), value.raw().into())));
        entry.insert("revision".into(), one.revision.raw().into());
        Value::Table(entry)
    };
    let entries = list.iter().map(entry);
    match table.get_mut(KEY) {
        Some(Value::Array(strange)) => strange.extend(entries),
        _ => drop(table.insert(KEY.into(), Value::Array(entries.collect()))),
    }
}

/// True when `side` has settled a conflict over `field` that `base` had.
pub(super) fn settled(base: &[Conflict], side: &[Conflict], field: &str) -> bool {
    base.iter().any(|one| one.field.raw() == field && !holds(side, one))
}

/// The list of a merge: additions and removals of both sides, and what this merge found.
pub(super) fn merge(
    base: &[Conflict],
    winner: &[Conflict],
    loser: &[Conflict],
    found: Vec<Conflict>,
    merged: &Table,
) -> Vec<Conflict> {
    let mut list: Vec<Conflict> = Vec::new();
    let kept = |one: &Conflict| match (holds(winner, one), holds(loser, one)) {
        (true, true) => true,
        (false, false) => false,
        _ => !holds(base, one),
    };
    for one in winner.iter().chain(loser).filter(|one| kept(one)).chain(&found) {
        // A value that is shown is no conflict.
        if fields::shown_at(merged, one.field.raw()).is_some_and(|shown| one.value == Some(shown.into())) {
            continue;
        }
        match list.iter_mut().find(|known| (&known.field, &known.value) == (&one.field, &one.value)) {
            Some(known) if one.revision < known.revision => known.revision = one.revision.clone(),
            Some(_) => {}
            None => list.push(one.clone()),
        }
    }
    list
}

fn holds(list: &[Conflict], one: &Conflict) -> bool {
    list.iter().any(|other| (&other.field, &other.value) == (&one.field, &one.value))
}
