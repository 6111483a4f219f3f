//! What a draft says so far: the keys that are filled in, as TOML that reads back as the same draft.

use serde::Serialize;
use toml::{Table, Value};

/// The keys of a draft that are filled in.
fn said(draft: &impl Serialize) -> Table {
    // Drafts are texts, lists and tables of texts: nothing in them can fail to be TOML.
    let mut table = Table::try_from(draft).unwrap_or_default();
    table.retain(|_, value| is_said(value));
    table
}

fn is_said(value: &mut Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => {
            list.retain_mut(is_said);
            !list.is_empty()
        }
        Value::Table(table) => {
            table.retain(|_, value| is_said(value));
            !table.is_empty()
        }
        _ => true,
    }
}

/// True when a draft says nothing but its title.
pub fn is_bare(draft: &impl Serialize) -> bool {
    said(draft).keys().all(|key| key == "title")
}

/// A template with what a draft says already in its places. Its comments stay.
pub fn fill(template: &str, draft: &impl Serialize) -> String {
    let Ok(mut document) = template.parse::<toml_edit::DocumentMut>() else { return template.to_owned() };
    set(document.as_table_mut(), said(draft));
    document.to_string()
}

fn set(table: &mut toml_edit::Table, said: Table) {
    for (key, value) in said {
        let place = table.entry(&key).or_insert_with(|| match &value {
            Value::Table(_) => toml_edit::Item::Table(toml_edit::Table::new()),
            _ => toml_edit::value(""),
        });
        match value {
            Value::Table(inner) => {
                if let Some(inside) = place.as_table_mut() {
                    set(inside, inner);
                }
            }
            value => {
                if let (Some(before), Some(mut after)) = (place.as_value_mut(), plain(value)) {
                    *after.decor_mut() = before.decor().clone();
                    *before = after;
                }
            }
        }
    }
}

/// A text, a number or a list of them, which is all that a draft holds below its tables.
fn plain(value: Value) -> Option<toml_edit::Value> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Integer(number) => Some(number.into()),
        Value::Array(list) => Some(list.into_iter().filter_map(plain).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{fill, is_bare};
    use crate::format::draft::{BetDraft, BetLists};
    use crate::format::template;
    use crate::model::Guide;

    fn draft() -> BetDraft {
        let mut draft = BetDraft {
            title: "one \"queue\"".into(),
            note: "first\nsecond".into(),
            gate: [("proof".to_owned(), "a dashboard".to_owned()), ("owner".to_owned(), String::new())]
                .into(),
            ..BetDraft::default()
        }
        .with(BetLists { proofs: vec!["p95, \u{1b}[31m".into(), " ".into()], ..BetLists::default() });
        draft.period = "2026-Q4".into();
        draft
    }

    #[test]
    fn a_filled_template_reads_back_and_keeps_its_comments() {
        let mut guide = Guide::empty();
        guide.gates.push(toml::from_str("id = \"proof\"\nquestion = \"Which proof?\"").unwrap());
        let empty = template::bet(&guide, &[]);
        let filled = fill(&empty, &draft());
        let back = BetDraft::parse(&filled).unwrap();
        assert_eq!((back.title, back.note.trim()), ("one \"queue\"".to_owned(), "first\nsecond"));
        assert_eq!(back.gate["proof"], "a dashboard");
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(&filled), comments(&empty), "{filled}");
        assert!(!filled.contains('\u{1b}'), "{filled}");
    }

    #[test]
    fn without_a_template_only_what_is_said_is_written() {
        let text = fill("", &draft());
        assert!(!text.contains("owner") && !text.contains("kind"), "{text}");
        assert_eq!(BetDraft::parse(&text).unwrap().period, "2026-Q4");
    }

    #[test]
    fn a_title_alone_is_bare() {
        assert!(is_bare(&BetDraft { title: "-".into(), ..BetDraft::default() }));
        assert!(!is_bare(&draft()));
    }
}
