//! Conflicts in a file's text: what they say, and how they are settled.

use toml::{Table, Value};
use toml_edit::Key;

use super::conflicts;
use super::fields::shown_at;
use super::lists::name_of;
use crate::format::patch;
use crate::model::conflict::WHOLE;
use crate::model::{Conflict, Text};

/// A field whose concurrent values are both kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unsettled {
    /// What is shown now; none for a whole record.
    pub shown: Option<Text>,
    /// What the other side said.
    #[serde(flatten)]
    pub other: Conflict,
}

/// What becomes of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What is shown stays.
    Ours,
    /// What the other side said, of which there must be one.
    Theirs,
    /// Another value.
    Value(String),
}

/// Why a field cannot be settled so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSettled {
    /// Nobody disagrees about it.
    #[error("there is no conflict over '{0}'")]
    NoConflict(String),
    /// More than one other value was kept.
    #[error("'{0}' has {1} other values")]
    Several(String, usize),
    /// Taking the other side's word means that the record goes.
    #[error("the other side removed the record")]
    Removed,
    /// The file has no such place any more.
    #[error("there is no place for '{0}' in the record")]
    NoPlace(String),
    /// The text is no TOML.
    #[error("{0}")]
    Unreadable(String),
}

/// The conflicts of a text, in the order in which they are kept.
pub fn unsettled(text: &str) -> Vec<Unsettled> {
    let Ok(mut table) = patch::read(text) else { return Vec::new() };
    let list = conflicts::take(&mut table);
    let shown = |one: &Conflict| shown_at(&table, one.field.raw()).map(Text::from);
    list.iter().map(|one| Unsettled { shown: shown(one), other: one.clone() }).collect()
}

/// The text with the conflicts over `field` settled.
pub fn settle(text: &str, field: &str, choice: &Choice) -> Result<String, NotSettled> {
    let unreadable = |error: crate::format::DecodeError| NotSettled::Unreadable(error.to_string());
    let before = patch::read(text).map_err(unreadable)?;
    let mut table = before.clone();
    let (over, rest): (Vec<Conflict>, Vec<Conflict>) =
        conflicts::take(&mut table).into_iter().partition(|one| one.field.raw() == field);
    let chosen = match (choice, over.as_slice()) {
        (_, []) => return Err(NotSettled::NoConflict(field.to_owned())),
        (Choice::Ours, _) => None,
        (Choice::Theirs, [one]) => Some(one.value.as_ref().map(|value| value.raw().to_owned())),
        (Choice::Theirs, several) => return Err(NotSettled::Several(field.to_owned(), several.len())),
        (Choice::Value(value), _) => Some(Some(value.clone())),
    };
    if field == WHOLE {
        match chosen {
            None => {}
            Some(None) => return Err(NotSettled::Removed),
            Some(Some(whole)) => {
                // A record is whose it is: it keeps its id and the time that the journal learnt of it.
                let mut next = patch::read(&whole).map_err(unreadable)?;
                for key in ["id", "recorded"] {
                    next.extend(before.get(key).map(|value| (key.to_owned(), value.clone())));
                }
                let said = patch::read(&whole).map_err(unreadable)?;
                conflicts::put(&mut next, rest);
                return patch::apply(&whole, &said, &next).map_err(unreadable);
            }
        }
    } else if let Some(value) = chosen {
        let keys = Key::parse(field).map_err(|error| NotSettled::Unreadable(error.to_string()))?;
        let keys: Vec<&str> = keys.iter().map(Key::get).collect();
        set(&mut table, &keys, value.as_deref()).ok_or_else(|| NotSettled::NoPlace(field.to_owned()))?;
    }
    conflicts::put(&mut table, rest);
    patch::apply(text, &before, &table).map_err(unreadable)
}

/// Puts a value where the keys lead; without one takes away what is there.
fn set(table: &mut Table, keys: &[&str], value: Option<&str>) -> Option<()> {
    let (first, rest) = keys.split_first()?;
    if rest.is_empty() {
        match value {
            None => drop(table.remove(*first)),
            Some(text) => {
                let next = typed(table.get(*first), text);
                table.insert((*first).to_owned(), next);
            }
        }
        return Some(());
    }
    match table.get_mut(*first) {
        Some(Value::Table(inner)) => set(inner, rest, value),
        Some(Value::Array(list)) => {
            let name = name_of(&[list.as_slice()])?;
            let at =
                list.iter().position(|entry| entry.get(name).and_then(Value::as_str) == Some(rest[0]))?;
            match (&rest[1..], value) {
                ([], None) => drop(list.remove(at)),
                ([], Some(text)) => list[at] = typed(Some(&list[at]), text),
                (rest, value) => return set(list[at].as_table_mut()?, rest, value),
            }
            Some(())
        }
        None => {
            let mut inner = Table::new();
            set(&mut inner, rest, value)?;
            table.insert((*first).to_owned(), Value::Table(inner));
            Some(())
        }
        Some(_) => None,
    }
}

/// A text as the kind of value that is there; where nothing is, as TOML says.
fn typed(present: Option<&Value>, text: &str) -> Value {
    // A number that is none stands for nothing.
    let finite = |value: &Value| value.as_float().is_none_or(f64::is_finite);
    let parsed = || format!("value = {text}").parse::<Table>().ok()?.remove("value").filter(finite);
    match present {
        Some(Value::String(_)) => Value::String(text.to_owned()),
        Some(_) | None => parsed().unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, NotSettled, settle, unsettled};

    const TORN: &str = r#"id = "kkkkkkkkkkkkkkkk"
title = "Ours" # as told
recorded = 2026-10-01T09:00:00Z

[gate]
why-now = "Now"

[[measure]]
name = "p95 latency"
target = 150.0

[[conflict]]
field = "gate.why-now"
revision = "bbbb"

[[conflict]]
field = "measure.\"p95 latency\".target"
value = "200.0"
revision = "bbbb"

[[conflict]]
field = "title"
value = "Theirs"
revision = "bbbb"
"#;

    #[test]
    fn each_field_is_settled_alone() {
        let theirs = |text: &str, field: &str| settle(text, field, &Choice::Theirs).unwrap();
        let seen: Vec<_> = unsettled(TORN)
            .iter()
            .map(|one| (one.shown.as_ref().map(|text| text.raw().to_owned()), one.other.value.clone()))
            .collect();
        assert_eq!(seen[1], (Some("150.0".to_owned()), Some("200.0".into())));
        for (field, choice, has, lacks) in [
            ("title", Choice::Ours, "title = \"Ours\" # as told", "Theirs"),
            ("title", Choice::Theirs, "title = \"Theirs\" # as told", "Ours"),
            ("title", Choice::Value("17".into()), "title = \"17\" # as told", "Ours"),
            ("measure.\"p95 latency\".target", Choice::Theirs, "target = 200.0", "150"),
            ("measure.\"p95 latency\".target", Choice::Value("7.5".into()), "target = 7.5", "200"),
            ("gate.why-now", Choice::Theirs, "[gate]", "Now"),
            ("gate.why-now", Choice::Ours, "why-now = \"Now\"", "gate.why"),
        ] {
            let text = settle(TORN, field, &choice).unwrap();
            assert!(text.contains(has) && !text.contains(lacks), "{field} {choice:?}\n{text}");
            assert_eq!(unsettled(&text).len(), 2, "{text}");
        }
        let all = theirs(&theirs(&theirs(TORN, "title"), "gate.why-now"), "measure.\"p95 latency\".target");
        assert!(!all.contains("conflict"), "{all}");
    }

    #[test]
    fn a_whole_record_and_what_cannot_be() {
        let other = "id = \"zzzz\"\ntitle = \"Whole\" # there\nrecorded = 2027-01-01T00:00:00Z\n";
        let torn =
            format!("{TORN}\n[[conflict]]\nfield = \"record\"\nvalue = {other:?}\nrevision = \"cc\"\n");
        let text = settle(&torn, "record", &Choice::Theirs).unwrap();
        assert!(text.contains("title = \"Whole\" # there") && text.contains("kkkkkkkkkkkkkkkk"), "{text}");
        assert!(text.contains("2026-10-01T09:00:00Z"), "{text}");
        assert_eq!(unsettled(&text).len(), 3, "the others are as they were");
        let removed = TORN.replace("field = \"gate.why-now\"", "field = \"record\"");
        assert_eq!(settle(&removed, "record", &Choice::Theirs), Err(NotSettled::Removed));
        assert!(settle(&removed, "record", &Choice::Ours).is_ok());
        assert_eq!(settle(TORN, "slug", &Choice::Ours), Err(NotSettled::NoConflict("slug".into())));
        let twice =
            format!("{TORN}\n[[conflict]]\nfield = \"title\"\nvalue = \"Third\"\nrevision = \"cc\"\n");
        assert_eq!(settle(&twice, "title", &Choice::Theirs), Err(NotSettled::Several("title".into(), 2)));
        assert!(
            settle(&twice, "title", &Choice::Value("Third".into())).unwrap().contains("title = \"Third\"")
        );
        assert!(matches!(settle("= = =", "title", &Choice::Ours), Err(NotSettled::Unreadable(_))));
    }
}
