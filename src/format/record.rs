//! Records to TOML and back. An edit changes only what it means to: unknown keys and comments stay.

use serde_json::{Map, Value as Json};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use super::decode::{DecodeError, from_toml};
use crate::model::{Kind, Record};

/// Keys whose text is written as a TOML date or time, so that editors and other tools see one.
const DATES: [&str; 4] = ["happened", "recorded", "date", "authored"];

/// Reads a record of a known kind.
pub fn decode(kind: Kind, text: &str) -> Result<Record, DecodeError> {
    Ok(match kind {
        Kind::Bet => Record::Bet(from_toml(text)?),
        Kind::CheckIn => Record::CheckIn(from_toml(text)?),
        Kind::Evidence => Record::Evidence(from_toml(text)?),
        Kind::Verdict => Record::Verdict(from_toml(text)?),
        Kind::Objective => Record::Objective(from_toml(text)?),
        Kind::Decision => Record::Decision(from_toml(text)?),
        Kind::Review => Record::Review(from_toml(text)?),
    })
}

/// Writes a new record in canonical form.
pub fn encode(record: &Record) -> String {
    let mut document = DocumentMut::new();
    for (key, value) in object(record) {
        document.insert(&key, item(&key, &value));
    }
    document.to_string()
}

/// Writes `new` over the text of `old`: only fields that differ are touched.
pub fn update(text: &str, old: &Record, new: &Record) -> Result<String, DecodeError> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| DecodeError {
        line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
        key: None,
        message: error.message().to_owned(),
    })?;
    reconcile(document.as_table_mut(), &object(old), &object(new));
    Ok(document.to_string())
}

fn object(record: &Record) -> Map<String, Json> {
    match serde_json::to_value(record) {
        Ok(Json::Object(object)) => object,
        _ => Map::new(),
    }
}

fn reconcile(table: &mut Table, old: &Map<String, Json>, new: &Map<String, Json>) {
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        table.remove(key);
    }
    for (key, value) in new {
        let before = old.get(key);
        if before == Some(value) {
            continue;
        }
        match (table.get_mut(key), before, value) {
            (Some(Item::Table(inner)), Some(Json::Object(before)), Json::Object(after)) => {
                reconcile(inner, before, after);
            }
            (Some(Item::ArrayOfTables(entries)), Some(Json::Array(before)), Json::Array(after))
                if !after.is_empty() =>
            {
                reconcile_entries(entries, before, after);
            }
            (Some(Item::Value(present)), _, value) => {
                // The comment that follows a value belongs to the key, not to the value.
                let decor = present.decor().clone();
                let mut next = item(key, value);
                if let Item::Value(next) = &mut next {
                    *next.decor_mut() = decor;
                }
                table.insert(key, next);
            }
            (_, _, value) => {
                table.insert(key, item(key, value));
            }
        }
    }
}

fn reconcile_entries(entries: &mut ArrayOfTables, before: &[Json], after: &[Json]) {
    while entries.len() > after.len() {
        entries.remove(entries.len() - 1);
    }
    for (place, value) in after.iter().enumerate() {
        match (entries.get_mut(place), before.get(place), value) {
            (Some(table), Some(Json::Object(old)), Json::Object(new)) => reconcile(table, old, new),
            (None, _, Json::Object(new)) => entries.push(table(new)),
            _ => {}
        }
    }
}

fn table(object: &Map<String, Json>) -> Table {
    let mut table = Table::new();
    for (key, value) in object {
        table.insert(key, item(key, value));
    }
    table
}

fn item(key: &str, value: &Json) -> Item {
    match value {
        Json::Object(inner) => Item::Table(table(inner)),
        Json::Array(items) if items.iter().any(Json::is_object) => {
            let mut entries = ArrayOfTables::new();
            for object in items.iter().filter_map(Json::as_object) {
                entries.push(table(object));
            }
            Item::ArrayOfTables(entries)
        }
        Json::Array(items) => {
            Item::Value(Value::Array(items.iter().map(|one| scalar("", one)).collect::<Array>()))
        }
        other => Item::Value(scalar(key, other)),
    }
}

fn scalar(key: &str, value: &Json) -> Value {
    match value {
        Json::String(text) => match text.parse::<toml_edit::Datetime>() {
            Ok(date) if DATES.contains(&key) => date.into(),
            _ => text.as_str().into(),
        },
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => match number.as_i64() {
            Some(whole) if !number.is_f64() => whole.into(),
            _ => number.as_f64().unwrap_or_default().into(),
        },
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, update};
    use crate::model::{Artifact, Kind, Metric, Record, Slug};

    const EVIDENCE: &str = r#"# kept by hand
id = "kqvmkqvmkqvmkqvm"
title = "Queue took over"   # the big one
happened = 2026-11-03
mood = "good"
dimensions = ["technical"]
recorded = 2026-11-03T09:30:00+01:00

[[artifact]]
type = "doc"
ref = "https://wiki.acme.test/plan"
colour = "red"
"#;

    #[test]
    fn what_is_written_is_read_back() {
        let record = decode(Kind::Evidence, EVIDENCE).unwrap();
        let text = encode(&record);
        assert_eq!(decode(Kind::Evidence, &text).unwrap(), record, "{text}");
        assert!(text.contains("happened = 2026-11-03\n"), "{text}");
        assert!(text.contains("recorded = 2026-11-03T09:30:00+01:00\n"), "{text}");
    }

    #[test]
    fn an_edit_keeps_comments_unknown_keys_and_order() {
        let old = decode(Kind::Evidence, EVIDENCE).unwrap();
        let Record::Evidence(mut evidence) = old.clone() else { panic!("evidence") };
        evidence.title = "Queue carries everything".into();
        evidence.reach = Some(Slug::parse("pillar").unwrap());
        evidence.note = "Two lines\nof prose".into();
        evidence.dimensions.clear();
        evidence.artifacts.push(Artifact::parse("#12"));
        evidence.metrics.push(Metric::parse("p95: 2 s -> 1 s").unwrap());
        let new = Record::Evidence(evidence);
        let text = update(EVIDENCE, &old, &new).unwrap();
        assert_eq!(decode(Kind::Evidence, &text).unwrap(), new, "{text}");
        for kept in
            ["# kept by hand", "# the big one", "mood = \"good\"", "colour = \"red\"", "ref = \"https://wiki"]
        {
            assert!(text.contains(kept), "{kept} in\n{text}");
        }
        assert_eq!(update(&text, &new, &new).unwrap(), text);
    }
}
