//! Edits of TOML text: only keys whose values differ are touched, so comments and order stay.

use toml::Value;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TomlError};

use super::decode::DecodeError;

/// Writes a table as a new text.
pub fn write(table: &toml::Table) -> String {
    let mut document = DocumentMut::new();
    for (key, value) in table {
        document.insert(key, item(value));
    }
    document.to_string()
}

/// Reads a text into a table of plain values.
pub fn read(text: &str) -> Result<toml::Table, DecodeError> {
    super::decode::from_toml(text)
}

/// Writes what differs between `old`, which `text` says, and `new` into the text.
pub fn apply(text: &str, old: &toml::Table, new: &toml::Table) -> Result<String, DecodeError> {
    let mut document: DocumentMut = text.parse().map_err(|error: TomlError| DecodeError {
        line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
        key: None,
        message: error.message().to_owned(),
    })?;
    reconcile(document.as_table_mut(), old, new);
    Ok(document.to_string())
}

fn reconcile(table: &mut Table, old: &toml::Table, new: &toml::Table) {
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        table.remove(key);
    }
    for (key, value) in new {
        let before = old.get(key);
        if before == Some(value) {
            continue;
        }
        match (table.get_mut(key), before, value) {
            (Some(Item::Table(inner)), Some(Value::Table(before)), Value::Table(after)) => {
                reconcile(inner, before, after);
            }
            (Some(Item::ArrayOfTables(entries)), Some(Value::Array(before)), Value::Array(after))
                if !after.is_empty() && after.iter().all(Value::is_table) =>
            {
                reconcile_entries(entries, before, after);
            }
            (Some(place @ Item::Value(_)), _, value) => {
                // The comments before the key and behind the value belong to the key, not to the value.
                let mut next = item(value);
                if let (Item::Value(present), Item::Value(next)) = (&*place, &mut next) {
                    *next.decor_mut() = present.decor().clone();
                }
                *place = next;
            }
            (_, _, value) => {
                table.insert(key, item(value));
            }
        }
    }
}

fn reconcile_entries(entries: &mut ArrayOfTables, before: &[Value], after: &[Value]) {
    while entries.len() > after.len() {
        entries.remove(entries.len() - 1);
    }
    for (place, value) in after.iter().enumerate() {
        match (entries.get_mut(place), before.get(place), value) {
            (Some(table), Some(Value::Table(old)), Value::Table(new)) => reconcile(table, old, new),
            (None, _, Value::Table(new)) => entries.push(table_of(new)),
            _ => {}
        }
    }
}

fn table_of(table: &toml::Table) -> Table {
    table.iter().map(|(key, value)| (key.as_str(), item(value))).collect()
}

fn item(value: &Value) -> Item {
    match value {
        Value::Table(inner) => Item::Table(table_of(inner)),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_table) => {
            let mut entries = ArrayOfTables::new();
            for table in items.iter().filter_map(Value::as_table) {
                entries.push(table_of(table));
            }
            Item::ArrayOfTables(entries)
        }
        other => Item::Value(inline(other)),
    }
}

/// A value on one line.
pub fn inline(value: &Value) -> toml_edit::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(whole) => (*whole).into(),
        Value::Float(float) => (*float).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::Datetime(date) => (*date).into(),
        Value::Array(items) => toml_edit::Value::Array(items.iter().map(inline).collect::<Array>()),
        Value::Table(table) => {
            let entries = table.iter().map(|(key, value)| (key.as_str(), inline(value)));
            toml_edit::Value::InlineTable(entries.collect::<InlineTable>())
        }
    }
}
