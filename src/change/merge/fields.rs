//! Three-way merge of tables, field by field.

use toml::{Table, Value};
use toml_edit::Key;

use super::conflicts;
use super::lists::{name_of, order};
use crate::format::patch;
use crate::model::Conflict;

/// One merge, and what it found.
pub(super) struct Merge<'a> {
    winner: &'a str,
    loser: &'a str,
    /// Conflicts that the base, the winner and the loser had.
    known: [&'a [Conflict]; 3],
    /// Values that were not chosen.
    pub(super) found: Vec<Conflict>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(
        winner: &'a str,
        loser: &'a str,
        base_had: &'a [Conflict],
        winner_has: &'a [Conflict],
        loser_has: &'a [Conflict],
    ) -> Self {
        Self { winner, loser, known: [base_had, winner_has, loser_has], found: Vec::new() }
    }

    /// Merges tables; `path` is where they stand.
    pub(super) fn tables(
        &mut self,
        path: &[&str],
        base: Option<&Table>,
        winner: &Table,
        loser: &Table,
    ) -> Table {
        let mut merged = Table::new();
        let keys = winner.keys().chain(loser.keys().filter(|key| !winner.contains_key(*key)));
        for key in keys {
            let path = [path, &[key.as_str()]].concat();
            let before = base.and_then(|table| table.get(key));
            let value = self.values(&path, before, winner.get(key), loser.get(key));
            merged.extend(value.map(|value| (key.clone(), value)));
        }
        merged
    }

    fn values(
        &mut self,
        path: &[&str],
        base: Option<&Value>,
        winner: Option<&Value>,
        loser: Option<&Value>,
    ) -> Option<Value> {
        if same(winner, loser) {
            return winner.cloned();
        }
        // Who settled a conflict over a field has touched it, even when the value that was shown stayed.
        let field = dotted(path);
        let [base_had, winner_has, loser_has] = self.known;
        if same(loser, base) && !conflicts::settled(base_had, loser_has, &field) {
            return winner.cloned();
        }
        if same(winner, base) && !conflicts::settled(base_had, winner_has, &field) {
            return loser.cloned();
        }
        if let Some(merged) = self.inside(path, base, winner, loser) {
            return merged;
        }
        match (winner, loser) {
            // Which of two times it was is decided by the one who calls, and is nothing to settle.
            _ if path == ["recorded"] => {}
            // An edit wins over a removal, and the removal is told.
            (None, Some(_)) => self.note(field, None, self.winner),
            (_, loser) => self.note(field, loser, self.loser),
        }
        winner.or(loser).cloned()
    }

    /// Merges what has parts; none when the values have to be taken whole.
    fn inside(
        &mut self,
        path: &[&str],
        base: Option<&Value>,
        winner: Option<&Value>,
        loser: Option<&Value>,
    ) -> Option<Option<Value>> {
        // How a bet ended is one thing that somebody said: half of each side was said by nobody.
        if path == ["closed"] {
            return None;
        }
        if let (Some(Value::Table(one)), Some(Value::Table(other))) = (winner, loser) {
            let base = base.and_then(Value::as_table);
            return Some(Some(Value::Table(self.tables(path, base, one, other))));
        }
        // A list that is empty is not written at all.
        let list = |value: Option<&'_ Value>| match value {
            Some(Value::Array(items)) => Some(items.clone()),
            None => Some(Vec::new()),
            Some(_) => None,
        };
        if let (Some(one), Some(other)) = (list(winner), list(loser)) {
            let base = base.and_then(Value::as_array).cloned().unwrap_or_default();
            let merged = self.lists(path, &base, &one, &other);
            return Some((!merged.is_empty()).then_some(Value::Array(merged)));
        }
        let (base, one, other) = (base?.as_str()?, winner?.as_str()?, loser?.as_str()?);
        let lines = [base, one, other].iter().any(|text| text.contains('\n'));
        let merged = lines.then(|| diffy::merge(base, one, other).ok()).flatten()?;
        Some(Some(Value::String(merged)))
    }

    fn lists(&mut self, path: &[&str], base: &[Value], winner: &[Value], loser: &[Value]) -> Vec<Value> {
        let key = name_of(&[base, winner, loser]);
        let name = |value: &Value| match key {
            Some(key) => value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned(),
            None => plain(value),
        };
        let names = |list: &[Value]| -> Vec<String> { list.iter().map(name).collect() };
        let (was, one, other) = (names(base), names(winner), names(loser));
        let entry = |names: &[String], list: &[Value], wanted: &str| -> Option<Value> {
            names.iter().position(|name| name == wanted).map(|place| list[place].clone())
        };
        let stays = |wanted: &str| {
            let of = [(&was, base), (&one, winner), (&other, loser)]
                .map(|(names, list)| entry(names, list, wanted));
            match of {
                [_, Some(_), Some(_)] => true,
                [None, Some(_), _] | [None, _, Some(_)] => true,
                // Removed there and changed here: it stays.
                [before, Some(kept), None] | [before, None, Some(kept)] => {
                    !same(before.as_ref(), Some(&kept))
                }
                _ => false,
            }
        };
        let mut merged = Vec::new();
        for wanted in order(&was, &one, &other, &stays) {
            let path = [path, &[wanted.as_str()]].concat();
            let before = entry(&was, base, &wanted);
            let (one, other) = (entry(&one, winner, &wanted), entry(&other, loser, &wanted));
            let value = self.values(&path, before.as_ref(), one.as_ref(), other.as_ref());
            merged.extend(value);
        }
        merged
    }

    fn note(&mut self, field: String, value: Option<&Value>, revision: &str) {
        let value = value.map(|value| shown(value).into());
        self.found.push(Conflict { field: field.into(), value, revision: revision.into() });
    }
}

/// A field's path as a dotted TOML key.
fn dotted(path: &[&str]) -> String {
    path.iter().map(|part| Key::new(*part).display_repr().into_owned()).collect::<Vec<_>>().join(".")
}

/// A value as a conflict shows it: a text as it is, anything else as TOML.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => patch::inline(other).to_string(),
    }
}

/// The value of a field by its dotted key, as a conflict shows it.
pub(super) fn shown_at(table: &Table, field: &str) -> Option<String> {
    let (mut keys, last) = split(field)?;
    let mut place = Value::Table(table.clone());
    keys.push(last);
    for key in keys {
        place = match place {
            Value::Table(mut table) => table.remove(&key)?,
            Value::Array(list) => {
                let name = name_of(&[&list])?;
                list.into_iter().find(|entry| entry.get(name).and_then(Value::as_str) == Some(&key))?
            }
            _ => return None,
        };
    }
    Some(shown(&place))
}

fn split(field: &str) -> Option<(Vec<String>, String)> {
    let mut keys: Vec<String> = Key::parse(field).ok()?.iter().map(|key| key.get().to_owned()).collect();
    let last = keys.pop()?;
    Some((keys, last))
}

/// A text that is the same for values that mean the same.
fn plain(value: &Value) -> String {
    match value {
        Value::Integer(whole) => (*whole as f64).to_string(),
        Value::Float(float) => float.to_string(),
        other => other.to_string(),
    }
}

fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same_value(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Table(one), Value::Table(other)) => same_table(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
            plain(one) == plain(other)
        }
        (one, other) => one == other,
    }
}

/// True when two tables say the same, whatever their order.
pub(super) fn same_table(one: &Table, other: &Table) -> bool {
    one.len() == other.len()
        && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same_value(value, other)))
}
