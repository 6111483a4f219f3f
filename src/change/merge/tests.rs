//! Tables of merges, and laws that hold for all of them.

use proptest::prelude::*;

use super::{Side, edited, file, header};
use crate::format::patch;
use crate::format::record::decode;
use crate::model::{Kind, Record};

const BASE: &str = r#"id = "kkkkkkkkkkkkkkkk"
slug = "queue"
title = "One queue"
period = "2026-Q4"
stance = "shape"
outcomes = ["growth", "trust"]
note = """
First.

Second.
"""
recorded = 2026-10-01T09:00:00Z

[gate]
why-now = "Three teams wait"

[[measure]]
name = "p95 latency"
baseline = 410.0
target = 180.0
direction = "down"
shared = false
"#;

fn reads(text: &str) -> bool {
    decode(Kind::Bet, text).is_ok()
}

fn merge(base: Option<&str>, winner: &str, loser: &str) -> String {
    file(base, Side { text: winner, revision: "aaaa" }, Side { text: loser, revision: "bbbb" }, &reads).text
}

/// Edits of a side: what is replaced by what.
type Edits<'a> = &'a [(&'a str, &'a str)];

fn side(edits: Edits<'_>) -> String {
    edits.iter().fold(BASE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

fn conflicts(text: &str) -> Vec<(String, Option<String>, String)> {
    let Ok(Record::Bet(bet)) = decode(Kind::Bet, text) else { panic!("{text}") };
    let raw = |text: &crate::model::Text| text.raw().to_owned();
    bet.conflicts
        .iter()
        .map(|one| (raw(&one.field), one.value.as_ref().map(raw), raw(&one.revision)))
        .collect()
}

#[test]
fn what_one_side_changed_is_taken() {
    let target = ("target = 180.0", "target = 150.0");
    let title = ("One queue", "One queue for all");
    let cases: &[(Edits<'_>, Edits<'_>, &[&str], &[&str])] = &[
        (&[title], &[], &["One queue for all"], &[]),
        (&[title], &[target], &["One queue for all", "target = 150.0"], &["180"]),
        (
            &[("\"growth\", ", "")],
            &[("\"trust\"]", "\"trust\", \"speed\"]")],
            &["outcomes = [\"trust\", \"speed\"]"],
            &["growth"],
        ),
        (
            &[("outcomes = [\"growth\", \"trust\"]\n", "")],
            &[("\"trust\"]", "\"trust\", \"speed\"]")],
            &["outcomes = [\"speed\"]"],
            &["growth", "trust"],
        ),
        (
            &[("First.", "First of all.")],
            &[("Second.", "Second, as agreed.")],
            &["First of all.", "Second, as agreed."],
            &[],
        ),
        (
            &[("[gate]\n", "[gate]\nproof = \"A dashboard\"\n")],
            &[("Three teams", "Four teams")],
            &["A dashboard", "Four teams wait"],
            &["Three"],
        ),
        (
            &[("# ", "# ")][..0],
            &[("slug = \"queue\"", "slug = \"queue\" # never renamed")],
            &["# never renamed"],
            &[],
        ),
        (
            &[("title = \"One", "title = \"The one")],
            &[("title = ", "# told to the team\ntitle = "), ("[gate]\n", "# asked in June\n[gate]\n")],
            &["# told to the team\ntitle = \"The one queue\"", "# asked in June\n[gate]"],
            &[],
        ),
        (
            &[("stance = \"shape\"", "stance = \"own\" # since June")],
            &[("period = ", "mood = \"good\"\nperiod = ")],
            &["# since June", "mood = \"good\""],
            &["shape"],
        ),
    ];
    for (one, other, has, lacks) in cases {
        let (one, other) = (side(one), side(other));
        for text in [merge(Some(BASE), &one, &other), merge(Some(BASE), &other, &one)] {
            assert_eq!(conflicts(&text), [], "{text}");
            for part in *has {
                assert!(text.contains(part), "{part} in\n{text}");
            }
            for part in *lacks {
                assert!(!text.contains(part), "{part} in\n{text}");
            }
        }
    }
}

#[test]
fn what_both_sides_changed_is_kept_twice() {
    let cases: &[(Edits<'_>, Edits<'_>, &str, &str, Option<&str>)] = &[
        (&[("One queue", "Ours")], &[("One queue", "Theirs")], "title = \"Ours\"", "title", Some("Theirs")),
        (
            &[("180.0", "150.0")],
            &[("180.0", "200.0")],
            "target = 150.0",
            "measure.\"p95 latency\".target",
            Some("200.0"),
        ),
        (&[("First.", "One.")], &[("First.", "Two.")], "One.", "note", Some("Two.\n\nSecond.\n")),
        (&[("stance = \"shape\"\n", "")], &[("\"shape\"", "\"own\"")], "stance = \"own\"", "stance", None),
        (
            &[("Three teams wait", "Money")],
            &[("why-now = \"Three teams wait\"\n", "")],
            "why-now = \"Money\"",
            "gate.why-now",
            None,
        ),
    ];
    for (winner, loser, shown, field, value) in cases {
        let text = merge(Some(BASE), &side(winner), &side(loser));
        assert!(text.contains(shown), "{text}");
        let found = conflicts(&text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].0.as_str(), found[0].1.as_deref()), (*field, *value), "{text}");
    }
}

#[test]
fn a_conflict_that_both_sides_settled_otherwise_is_one_again() {
    let torn = merge(Some(BASE), &side(&[("One queue", "Ours")]), &side(&[("One queue", "Theirs")]));
    let at = torn.find("[[conflict]]").unwrap();
    let ours = torn[..at].to_owned();
    let theirs = ours.replace("Ours", "Theirs");
    assert_eq!(conflicts(&merge(Some(&torn), &ours, &torn)), [], "one side settled it");
    let text = merge(Some(&torn), &theirs, &ours);
    assert!(text.contains("title = \"Theirs\""), "{text}");
    assert_eq!(conflicts(&text), [("title".to_owned(), Some("Ours".to_owned()), "bbbb".to_owned())]);
    // Who changes another field meanwhile does not bring it back.
    let aside = torn.replace("\"shape\"", "\"own\"");
    assert_eq!(conflicts(&merge(Some(&torn), &aside, &theirs)), []);
}

#[test]
fn what_cannot_be_merged_is_kept_whole() {
    let markers = BASE.replace("slug = \"queue\"", "<<<<<<< ours\nslug = \"queue\"");
    let edited_too = side(&[("One queue", "Ours")]);
    for text in [merge(Some(BASE), &edited_too, &markers), merge(Some(BASE), &markers, &edited_too)] {
        assert!(text.contains("title = \"Ours\""), "{text}");
        let found = conflicts(&text);
        assert_eq!((found[0].0.as_str(), found[0].1.as_deref()), ("record", Some(markers.as_str())));
    }
    // Two halves that make no record together.
    let (one, other) = (
        side(&[("direction = \"down\"", "direction = \"up\"")]),
        side(&[("name = \"p95 latency\"", "name = \"p99\"")]),
    );
    let text = merge(Some(BASE), &one, &other);
    assert!(reads(&text), "{text}");
    let gone = edited(Side { text: BASE, revision: "aaaa" }, "bbbb");
    assert_eq!(conflicts(&gone), [("record".to_owned(), None, "bbbb".to_owned())]);
    assert_eq!(edited(Side { text: &gone, revision: "aaaa" }, "cccc"), gone, "told once");
}

#[test]
fn two_reviews_of_one_quarter_become_one() {
    let review = |rating: &str, extra: &str| {
        format!(
            "id = \"kkkkkkkkkkkkkkkk\"\nperiod = \"2026-Q4\"\ndate = 2026-12-20\nrecorded = 2026-12-{rating}T09:00:00Z\n\
             [answer.scope]\nrating = \"fair\"\ntext = \"{rating}\"\n{extra}"
        )
    };
    let readable = |text: &str| decode(Kind::Review, text).is_ok();
    let (one, other) = (review("21", "[finding]\nrecency = \"Yes\"\n"), review("20", ""));
    let text =
        file(None, Side { text: &one, revision: "a" }, Side { text: &other, revision: "b" }, &readable).text;
    assert!(text.contains("recorded = 2026-12-20T09:00:00Z") && text.contains("recency"), "{text}");
    let Ok(Record::Review(review)) = decode(Kind::Review, &text) else { panic!("{text}") };
    let fields: Vec<&str> = review.conflicts.iter().map(|one| one.field.raw()).collect();
    assert_eq!(fields, ["answer.scope.text"]);
}

#[test]
fn two_journals_have_the_older_origin() {
    let of = |format: u32, id: &str, day: u32| {
        format!("# A journal\nformat = {format}\nid = \"{id}\"\ncreated = 2026-01-{day:02}T00:00:00Z\n")
    };
    let (one, other) = (of(1, "kkkkkkkkkkkkkkkk", 2), of(2, "zzzzzzzzzzzzzzzz", 1));
    for (winner, loser) in [(&one, &other), (&other, &one)] {
        let text =
            header(None, Side { text: winner, revision: "a" }, Side { text: loser, revision: "b" }).unwrap();
        assert_eq!(text, of(2, "zzzzzzzzzzzzzzzz", 1));
    }
}

/// What a property plays with: a bet with few values, so that sides meet.
fn bet() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(vec!["a", "b", "c"]);
    let words = || prop::collection::btree_set(word(), 0..3);
    let measure = (word(), 0..3_u8);
    (
        word(),
        prop::option::of(prop::sample::select(vec!["own", "shape"])),
        words(),
        prop::option::of(prop::collection::vec(word(), 0..4)),
        prop::collection::btree_map(word(), word(), 0..3),
        prop::collection::vec(measure, 0..2),
    )
        .prop_map(|(title, stance, outcomes, note, gate, measures)| {
            let mut text = format!(
                "id = \"kkkkkkkkkkkkkkkk\"\nslug = \"queue\"\ntitle = \"{title}\"\nperiod = \"2026-Q4\"\n\
                 recorded = 2026-10-01T09:00:00Z\n"
            );
            if let Some(stance) = stance {
                text += &format!("stance = \"{stance}\"\n");
            }
            if !outcomes.is_empty() {
                let list: Vec<&str> = outcomes.into_iter().collect();
                text += &format!("outcomes = {list:?}\n");
            }
            if let Some(lines) = note {
                text += &format!("note = {:?}\n", lines.join("\n"));
            }
            if !gate.is_empty() {
                text += "[gate]\n";
                for (key, value) in gate {
                    text += &format!("{key} = \"{value}\"\n");
                }
            }
            for (place, (name, target)) in measures.iter().enumerate() {
                text += &format!(
                    "[[measure]]\nname = \"{name}{place}\"\ntarget = {target}.0\ndirection = \"up\"\nshared = false\n"
                );
            }
            text
        })
}

/// Every scalar of a text, by its dotted name.
fn values(text: &str) -> Vec<(String, String)> {
    fn walk(path: &str, value: &toml::Value, found: &mut Vec<(String, String)>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    walk(&format!("{path}.{key}"), value, found);
                }
            }
            toml::Value::Array(list) if list.iter().all(toml::Value::is_table) => {
                for entry in list {
                    let name = entry.get("name").and_then(toml::Value::as_str).unwrap_or_default();
                    walk(&format!("{path}.{name}"), entry, found);
                }
            }
            toml::Value::Array(list) => {
                found.extend(list.iter().map(|one| (path.to_owned(), one.as_str().unwrap().to_owned())));
            }
            toml::Value::String(text) => found.push((path.to_owned(), text.clone())),
            other => found.push((path.to_owned(), other.to_string())),
        }
    }
    let mut found = Vec::new();
    walk("", &toml::Value::Table(patch::read(text).unwrap()), &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merges_obey_the_laws(base in bet(), one in bet(), other in bet()) {
        let merged = merge(Some(&base), &one, &other);
        prop_assert!(reads(&merged), "{}", merged);
        let says = |text: &str| patch::read(text).unwrap();
        let same = |one: &str, other: &str| super::fields::same_table(&says(one), &says(other));
        // Idempotent, and what only one side changed is taken as it is.
        prop_assert!(same(&merge(Some(&base), &one, &one), &one));
        prop_assert!(same(&merge(Some(&base), &one, &base), &one));
        prop_assert!(same(&merge(Some(&base), &base, &other), &other));
        // Merging the result once more with a side changes nothing.
        prop_assert!(same(&merge(Some(&one), &merged, &one), &merged));
        prop_assert!(same(&merge(Some(&other), &merged, &other), &merged));
        // Every value that a side wrote is in the record or in its list of conflicts; prose is there line by line.
        let everything = merged.clone() + &conflicts(&merged).iter().filter_map(|one| one.1.clone()).collect::<Vec<_>>().join("\n");
        let (was, now) = (values(&base), values(&merged));
        for (name, value) in values(&one).into_iter().chain(values(&other)) {
            if was.contains(&(name.clone(), value.clone())) || now.contains(&(name.clone(), value.clone())) {
                continue;
            }
            let kept = conflicts(&merged).iter().any(|one| format!(".{}", one.0) == name && one.1.as_deref() == Some(&value));
            let prose = name == ".note" && value.lines().all(|line| everything.contains(line));
            prop_assert!(kept || prose, "{name} = {value} of\n{one}\nand\n{other}\nis lost in\n{merged}");
        }
        // Nothing comes back that both sides removed.
        for (name, value) in was {
            let gone = |text: &str| !values(text).contains(&(name.clone(), value.clone()));
            if gone(&one) && gone(&other) && name != ".note" {
                prop_assert!(!now.contains(&(name.clone(), value.clone())), "{name} = {value} came back in\n{merged}");
            }
        }
    }

    #[test]
    fn any_bytes_merge_without_loss(base in ".{0,40}", one in "[a-c= \\[\\]\"\n]{0,40}", other in ".{0,40}") {
        let merged = merge(Some(&base), &one, &other);
        prop_assert!(merged == one || reads(&merged));
    }
}
