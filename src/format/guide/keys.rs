//! Keys of a guide file that no guide has: decoding passes over them, so a typo would go unseen.

use std::collections::BTreeSet;

use toml::Value;
use toml::de::{DeTable, DeValue};

use crate::model::guide::{
    Bots, Calendar, Context, Dimension, Entry, EvidenceKind, Guide, Legibility, Question, Section, Stream,
    TrailerRole, YearName,
};
use crate::model::{Slug, Text};

/// Keys that no guide has, most likely typos: the line, from 1, and the dotted path, in the order of the file.
///
/// Members of a family are called by their id: `dimension.technical.trapp`. A text that is not TOML has no keys.
pub fn unknown_keys(text: &str) -> Vec<(Option<usize>, Text)> {
    let Ok(table) = DeTable::parse(text) else { return Vec::new() };
    let mut known = BTreeSet::new();
    if let Ok(specimen) = Value::try_from(specimen()) {
        collect(&specimen, "", &mut known);
    }
    let mut found = Vec::new();
    compare(table.get_ref(), "", "", &known, &mut found);
    // What a merge keeps in a guide is nobody's typing mistake.
    found.retain(|(_, path)| path.raw() != "conflict" && !path.raw().starts_with("conflict."));
    found.sort();
    let line = |start| text.get(..start).map(|before: &str| before.matches('\n').count() + 1);
    found.into_iter().map(|(start, path)| (line(start), path)).collect()
}

/// A guide with every key filled. What is empty is not written, so the guide at hand could not tell which keys
/// exist; and a struct that is spelt out does not compile when it misses a new one.
fn specimen() -> Guide {
    let id = || Slug::from_title("x", 1).unwrap_or_else(|| unreachable!("'x' is a slug"));
    let text = || Text::from("x");
    let entry = || vec![Entry { id: id(), name: text(), about: text(), examples: vec![text()] }];
    let question = || vec![Question { id: id(), question: text(), about: text() }];
    Guide {
        name: id(),
        title: text(),
        about: text(),
        calendar: Calendar { fiscal_year_start: 1, year_named_after: YearName::End },
        context: Context { statement: text(), questions: vec![text()] },
        gates: question(),
        outcomes: entry(),
        capabilities: entry(),
        stances: entry(),
        claims: entry(),
        lenses: question(),
        dimensions: vec![Dimension {
            id: id(),
            name: text(),
            about: text(),
            looks_like: vec![text()],
            counts: vec![text()],
            trap: text(),
            trap_when: Some(crate::model::guide::TrapPattern::WithinTeam),
        }],
        filter: question(),
        sections: vec![Section { id: id(), name: text(), questions: question() }],
        bet_kinds: entry(),
        evidence_kinds: vec![EvidenceKind {
            id: id(),
            name: text(),
            about: text(),
            stream: Stream::Loud,
            dimension: Some(id()),
            words: vec![text()],
        }],
        reaches: entry(),
        legibility: Legibility { known: vec![text()] },
        trailers: vec![TrailerRole {
            id: id(),
            name: text(),
            keys: vec![text()],
            kind: Some(id()),
            dimension: Some(id()),
        }],
        bots: Bots { names: vec![text()] },
        rules: crate::model::rule::RULES
            .iter()
            .filter_map(|rule| {
                let limits =
                    rule.thresholds.iter().map(|limit| (limit.name.to_owned(), limit.default)).collect();
                Some((Slug::parse(rule.id).ok()?, limits))
            })
            .collect(),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Gathers the paths of `value`; members of a list share the path of their list.
fn collect(value: &Value, path: &str, known: &mut BTreeSet<String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let path = join(path, key);
                collect(value, &path, known);
                known.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, path, known)),
        _ => {}
    }
}

/// Looks every key of `table` up by `path`, and reports it by `shown`, which names members by their id.
fn compare(
    table: &DeTable<'_>,
    path: &str,
    shown: &str,
    known: &BTreeSet<String>,
    found: &mut Vec<(usize, Text)>,
) {
    for (key, value) in table {
        let (path, shown) = (join(path, key.get_ref()), join(shown, key.get_ref()));
        // Without this, a quoted key such as "dimension.trap" would pass for a path.
        if key.get_ref().contains('.') || !known.contains(&path) {
            found.push((key.span().start, shown.into()));
            continue;
        }
        match value.get_ref() {
            DeValue::Table(table) => compare(table, &path, &shown, known, found),
            DeValue::Array(values) => {
                for table in values.iter().filter_map(|value| value.get_ref().as_table()) {
                    let id = table.get("id").and_then(|id| id.get_ref().as_str());
                    let shown = id.map_or_else(|| shown.clone(), |id| join(&shown, id));
                    compare(table, &path, &shown, known, found);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unknown_keys;

    #[test]
    fn typos_are_found_with_line_and_path() {
        let cases: &[(&str, &[(usize, &str)])] = &[
            ("", &[]),
            ("name = \"x\"\nabout = \"\"\n[[outcome]]\nid = \"a\"\nname = \"A\"\nexamples = []\n", &[]),
            ("naem = \"x\"\ntitle = 3\n", &[(1, "naem")]),
            ("[[dimension]]\nid = \"technical\"\n\ntrapp = \"\"\n", &[(4, "dimension.technical.trapp")]),
            ("[[dimension]]\ntrapp = \"\"\n", &[(2, "dimension.trapp")]),
            ("[[outcom]]\nid = \"a\"\n\n[[outcom]]\nid = \"b\"\n", &[(1, "outcom")]),
            ("[calender]\nfiscal_year_start = 2\n", &[(1, "calender")]),
            (
                "[calendar]\nstart = 2\n[context]\nquestion = []\n",
                &[(2, "calendar.start"), (4, "context.question")],
            ),
            ("calendar.start = 2\n", &[(1, "calendar.start")]),
            ("\"calendar.fiscal_year_start\" = 2\n", &[(1, "calendar.fiscal_year_start")]),
            (
                "[[section]]\nid = \"a\"\n[[section.question]]\nid = \"b\"\nqestion = \"?\"\n",
                &[(5, "section.a.question.b.qestion")],
            ),
            ("gate = [{ id = \"a\", ask = \"?\" }]\n", &[(1, "gate.a.ask")]),
            ("this is not TOML", &[]),
        ];
        for (text, keys) in cases {
            let found = unknown_keys(text);
            let found: Vec<_> = found.iter().map(|(line, key)| (line.unwrap(), key.raw())).collect();
            assert_eq!(found, *keys, "{text}");
        }
    }
}
