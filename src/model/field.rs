//! The one projection of a record into named fields, which diff, show, history and JSON share.

use std::collections::BTreeSet;

use serde_json::Value;

use super::record::Record;
use super::text::Text;

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Dotted name, such as `closed.why` or `measure.p95 latency.target`.
    pub name: Text,
    /// Its value.
    pub value: FieldValue,
}

/// A value, by how it is compared and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A single value.
    Scalar(Text),
    /// Values without an order.
    Set(BTreeSet<Text>),
    /// Sentences, compared word by word.
    Prose(Text),
}

impl FieldValue {
    /// The value as one text: sets joined by commas.
    pub fn to_text(&self) -> Text {
        match self {
            Self::Scalar(text) | Self::Prose(text) => text.clone(),
            Self::Set(set) => set.iter().map(Text::raw).collect::<Vec<_>>().join(", ").into(),
        }
    }
}

/// Fields that hold sentences.
const PROSE: [&str; 5] = ["title", "note", "why", "about", "text"];
/// Tables whose values hold sentences.
const PROSE_TABLES: [&str; 3] = ["finding", "gate", "lens"];

/// Projects a record into its fields, in the order in which records are written.
pub fn fields(record: &Record) -> Vec<Field> {
    let mut fields = Vec::new();
    if let Ok(Value::Object(object)) = serde_json::to_value(record) {
        for (name, value) in object {
            flatten(&name, &value, PROSE_TABLES.contains(&name.as_str()), &mut fields);
        }
    }
    fields
}

fn flatten(name: &str, value: &Value, prose: bool, fields: &mut Vec<Field>) {
    let last = name.rsplit('.').next().unwrap_or(name);
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                flatten(&format!("{name}.{key}"), value, prose, fields);
            }
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let set = items.iter().map(scalar).collect();
            fields.push(Field { name: name.into(), value: FieldValue::Set(set) });
        }
        Value::Array(items) if matches!(last, "artifact") => {
            let set = items.iter().map(|item| scalar(&item["ref"])).collect();
            fields.push(Field { name: name.into(), value: FieldValue::Set(set) });
        }
        Value::Array(items) if last == "conflict" => {
            let other = |item: &Value| {
                let value = item.get("value").map_or_else(|| Text::from("removed"), scalar);
                Text::from(format!("{}: {}", scalar(&item["field"]).raw(), value.raw()))
            };
            fields
                .push(Field { name: name.into(), value: FieldValue::Set(items.iter().map(other).collect()) });
        }
        Value::Array(items) => {
            for item in items {
                let key =
                    ["name", "measure"].iter().find_map(|key| item.get(*key)).map(scalar).unwrap_or_default();
                if let Value::Object(object) = item {
                    for (part, value) in
                        object.iter().filter(|(part, _)| !matches!(part.as_str(), "name" | "measure"))
                    {
                        flatten(&format!("{name}.{}.{part}", key.raw()), value, false, fields);
                    }
                }
            }
        }
        other => {
            let text = scalar(other);
            let value = if prose || PROSE.contains(&last) || text.raw().contains('\n') {
                FieldValue::Prose(text)
            } else {
                FieldValue::Scalar(text)
            };
            fields.push(Field { name: name.into(), value });
        }
    }
}

fn scalar(value: &Value) -> Text {
    match value {
        Value::String(text) => text.as_str().into(),
        // Whole numbers read better without the ".0" that floating point carries.
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}").into(),
            _ => number.to_string().into(),
        },
        other => other.to_string().into(),
    }
}
