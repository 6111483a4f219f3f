//! Records to TOML and back. An edit changes only what it means to: unknown keys and comments stay.

use serde_json::{Map, Value as Json};
use toml::Value;
use toml::value::Datetime;

use super::decode::{DecodeError, from_toml};
use super::patch;
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
    write(&object(record))
}

/// Writes values in canonical form.
pub(super) fn write(object: &Map<String, Json>) -> String {
    patch::write(&table(object))
}

/// Writes `new` over the text of `old`: only fields that differ are touched.
pub fn update(text: &str, old: &Record, new: &Record) -> Result<String, DecodeError> {
    patch::apply(text, &table(&object(old)), &table(&object(new)))
}

fn object(record: &Record) -> Map<String, Json> {
    match serde_json::to_value(record) {
        Ok(Json::Object(object)) => object,
        _ => Map::new(),
    }
}

fn table(object: &Map<String, Json>) -> toml::Table {
    object.iter().map(|(key, json)| (key.clone(), value(key, json))).collect()
}

fn value(key: &str, json: &Json) -> Value {
    match json {
        Json::Object(inner) => Value::Table(table(inner)),
        Json::Array(items) => Value::Array(items.iter().map(|one| value("", one)).collect()),
        Json::String(text) => match text.parse::<Datetime>() {
            Ok(date) if DATES.contains(&key) => Value::Datetime(date),
            _ => Value::String(text.clone()),
        },
        Json::Bool(flag) => Value::Boolean(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(whole) if !number.is_f64() => Value::Integer(whole),
            _ => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::Null => Value::String(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, update};
    use crate::model::{Artifact, Kind, Metric, Record, Slug};

    const EVIDENCE: &str = r#"# kept by hand
id = "kqvmkqvmkqvmkqvm"
# how it is told
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
        for kept in [
            "# how it is told",
            "# kept by hand",
            "# the big one",
            "mood = \"good\"",
            "colour = \"red\"",
            "ref = \"https://wiki",
        ] {
            assert!(text.contains(kept), "{kept} in\n{text}");
        }
        assert_eq!(update(&text, &new, &new).unwrap(), text);
    }
}
