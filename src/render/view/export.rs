//! A journal as one document: every record with all of its fields.

use serde_json::Value as Json;

use crate::format::export::Document;
use crate::model::Text;
use crate::render::{Doc, Line, Role};

/// All documents, under the directories that they are from.
pub fn export(documents: &[Document]) -> Doc {
    let mut doc = Doc::new().heading(1, "journal export");
    let mut section = "";
    for document in documents {
        let (directory, _) = document.path.split_once('/').unwrap_or((&document.path, ""));
        if directory != section {
            section = directory;
            doc = doc.heading(2, Line::new().text(Role::Plain, &section.trim_end_matches(".toml").into()));
        }
        if let Some(title) = document.value.get("title").and_then(Json::as_str) {
            doc = doc.heading(3, Line::new().text(Role::Plain, &title.into()));
        }
        let mut facts = Vec::new();
        for (key, value) in &document.value {
            flatten(key, value, &mut facts);
        }
        doc = doc.facts(facts);
    }
    doc
}

/// One line for each value, under the names of all keys that lead to it.
fn flatten(key: &str, value: &Json, facts: &mut Vec<(String, Line)>) {
    let mut say = |text: &str| facts.push((key.to_owned(), Line::new().text(Role::Plain, &Text::from(text))));
    match value {
        Json::String(text) => say(text),
        Json::Number(number) => say(&number.to_string()),
        Json::Bool(flag) => say(if *flag { "true" } else { "false" }),
        Json::Array(items) if items.iter().any(Json::is_object) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{key} {}", at + 1), item, facts);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| flatten(key, item, facts)),
        Json::Object(object) => {
            object.iter().for_each(|(inner, value)| flatten(&format!("{key} {inner}"), value, facts));
        }
        Json::Null => {}
    }
}
