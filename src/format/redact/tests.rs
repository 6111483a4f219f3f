//! What rules name does not survive, whatever a record says; and what does is seen.

use proptest::prelude::{Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Just;
use serde_json::{Value as Json, json};

use super::{Piece, Redactor, RuleError, Rules, leaks};
use crate::format::export::{Document, from_json, to_json};

const RULES: &str = r#"
people = [["Ada Lovelace", "Ada", "ada@acme.test"], "José Peña"]
repositories = ["github.com/acme/parser"]
hosts = ["wiki.acme.test"]
words = ["Falcon", "Blue Whale"]
numbers = ["410ms", "1200000"]
keep = ["Canada"]

[[pattern]]
name = "ticket"
regex = "[A-Z]{2,5}-[0-9]+"
"#;

fn ready(text: &str) -> (Rules, Redactor) {
    let rules = Rules::decode(text).unwrap();
    let redactor = Redactor::new(&rules, b"a secret of some length").unwrap();
    (rules, redactor)
}

fn piece(text: &str) -> [Piece; 1] {
    [Piece { place: "here".into(), text: text.into() }]
}

#[test]
fn a_name_has_one_pseudonym_in_all_its_forms() {
    let (rules, redactor) = ready(RULES);
    let ada = redactor.text("Ada");
    assert!(ada.starts_with("person-") && ada.len() == 17, "{ada}");
    for text in ["ADA LOVELACE", "ada-lovelace", "ada%20lovelace", "a_da", "ada@acme.test", "A\u{200b}da"] {
        assert_eq!(redactor.text(text), ada, "{text}");
    }
    assert_eq!(redactor.text("adapt"), format!("{ada}pt"));
    assert_eq!(redactor.text("in Canada with Ada"), format!("in Canada with {ada}"));
    for (text, begins) in [
        ("jose pena", "person-"),
        ("github.com/Acme/Parser", "repository-"),
        ("wiki.acme.test", "host-"),
        ("the-falcon", "the-word-"),
        ("410 ms", "number-"),
        ("1,200,000", "number-"),
        ("abc-12", "ticket-"),
        ("https://elsewhere.test/x", "link-"),
        ("bob@elsewhere.test", "address-"),
        ("8cf75081378f", "commit-"),
    ] {
        let redacted = redactor.text(text);
        assert!(redacted.starts_with(begins), "{text}: {redacted}");
        assert_eq!(redactor.text(&redacted), redacted);
        assert!(!leaks(&rules, &piece(text)).is_empty() || begins == "commit-", "{text} is seen");
    }
    assert_eq!(redactor.text("8cf75081378f2e56ac517957c45d83f5175f7a06"), redactor.text("8cf7508"));
    let same = Redactor::new(&rules, b"a secret of some length").unwrap();
    let other = Redactor::new(&rules, b"another secret of length").unwrap();
    assert_eq!(same.text("Ada"), ada);
    assert_ne!(other.text("Ada"), ada, "who does not know the secret cannot guess");
}

#[test]
fn rules_that_cannot_be_meant_are_refused() {
    for (text, wrong) in [
        ("peple = [\"Ada\"]", "unknown field"),
        ("people = [\"A\"]", "fewer than two"),
        ("words = [[\"Ada\", \"...\"]]", "fewer than two"),
        ("numbers = [\"many\"]", "no digit"),
        ("secret = \"short\"", "shorter than 16"),
        ("people = \"Ada\"", "line 1"),
        ("[[pattern]]\nname = \"a b\"\nregex = \"x\"", "line 2"),
    ] {
        let error = Rules::decode(text).unwrap_err().to_string();
        assert!(error.contains(wrong), "{text}: {error}");
    }
    let rules = Rules::decode("[[pattern]]\nname = \"a\"\nregex = \".\"").unwrap();
    assert_eq!(Redactor::new(&rules, b"").unwrap_err(), RuleError::Everything);
    for regex in ["(", "x*"] {
        let rules = Rules::decode(&format!("[[pattern]]\nname = \"a\"\nregex = \"{regex}\"")).unwrap();
        assert!(matches!(Redactor::new(&rules, b""), Err(RuleError::Pattern(..))), "{regex}");
    }
}

#[test]
fn the_check_sees_what_was_not_replaced() {
    let (rules, _) = ready(RULES);
    for text in [
        "ada",
        "xADAx",
        "a-d-a",
        "%61da",
        "a%64%61",
        "a\u{200b}da",
        "Ada; Lovelace",
        "B_L_U_E-whale",
        "jos\u{e9} pe\u{f1}a",
        "github.com/acme/parser/pull/1",
        "github%2Ecom%2Facme%2Fparser",
        "410ms",
        "1 200 000",
        "ABC-1",
        "http://x",
        "a@b.c",
        "blue ............... whale",
    ] {
        assert!(!leaks(&rules, &piece(text)).is_empty(), "{text}");
    }
    for text in ["", "Canada", "410 seconds", "4100ms", "11200000", "a dark path", "person-kkkkkkkkkk"] {
        assert_eq!(leaks(&rules, &piece(text)), [], "{text}");
    }
}

#[test]
fn every_field_is_redacted_and_the_record_still_reads() {
    let text = r#"# Ada said so
id = "kqvmkqvmkqvmkqvm"
title = "Ada took Falcon over"
happened = 2026-11-03
adopters = ["ada-lovelace", "Team Falcon"]
falcon = "x"
recorded = 2026-11-03T09:30:00+01:00

[[artifact]]
type = "commit"
ref = "8cf75081378f2e56ac517957c45d83f5175f7a06"
repo = "github.com/acme/parser"
url = "https://github.com/acme/parser/commit/8cf7508"
patch_id = "2c1a36c9aec3e135818247752c29c5965c0f93f6"

[[metric]]
name = "p95"
before = "410ms"
after = "180ms"
"#;
    let (rules, redactor) = ready(RULES);
    let document = Document::read("evidence/2026-11/03/kqvmkqvmkqvmkqvm.toml", text).unwrap();
    assert!(!leaks(&rules, &document.pieces()).is_empty());
    let redacted = document.clone().redacted(&redactor);
    assert_eq!(leaks(&rules, &redacted.pieces()), []);
    assert_eq!(redacted.path, document.path);
    let toml = redacted.toml();
    let record = crate::format::record::decode(crate::model::Kind::Evidence, &toml).unwrap();
    assert!(toml.contains("happened = 2026-11-03\n") && !toml.contains("8cf7"), "{toml}");
    assert!(!toml.to_lowercase().contains("ada") && !toml.to_lowercase().contains("falcon"), "{toml}");
    assert!(matches!(record, crate::model::Record::Evidence(one) if one.metrics[0].after.raw() == "180ms"));
    let (_, all) = ready(&format!("measurements = true\n{RULES}"));
    let toml = document.redacted(&all).toml();
    assert!(!toml.contains("180ms") && toml.contains("after = \"number-"), "{toml}");
}

/// Few letters, so that words meet by chance; and what splits and hides them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(
            prop::sample::select(vec![
                "a", "b", "A", "kk", "x", "-", "_", " ", ".", "%", "%61", "%6B", "1", "12", ",", "/",
                "\u{200b}", "\u{301}", "é", "@", "://", "\\", "\"", "person", "word-", "Ada", "lovelace",
                "\n", "İ", "ß", "ﬁ"
            ]),
            0..24
        )
        .prop_map(|parts| parts.concat()),
        any::<String>(),
    ]
}

/// Rules of short words, which are hardest.
fn rules() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[abkx]{2,3}",
        "[abx]{1,2} [abk]{1,2}",
        Just("person".to_owned()),
        Just("Ada Lovelace".to_owned()),
        "[a-z]{2}",
        Just("é1".to_owned()),
    ];
    (prop::collection::vec(word, 0..5), prop::collection::vec("[0-9]{1,3}", 0..2)).prop_map(
        |(words, numbers)| {
            let (people, words) = words.split_at(words.len() / 2);
            format!("people = {people:?}\nwords = {words:?}\nnumbers = {numbers:?}\n")
        },
    )
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        text().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        any::<bool>().prop_map(Json::from)
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_listed_survives_and_again_changes_nothing(rules in rules(), text in text()) {
        let (rules, redactor) = ready(&rules);
        let once = redactor.text(&text);
        prop_assert_eq!(leaks(&rules, &piece(&once)), vec![], "{:?} became {:?}", text, once);
        prop_assert_eq!(redactor.text(&once), once.clone(), "again");
        prop_assert_eq!(redactor.text(&text), once);
    }

    #[test]
    fn nothing_listed_survives_in_a_record(rules in rules(), value in value(), id in "[k-z]{16}") {
        let (rules, redactor) = ready(&rules);
        let value = json!({"id": id, "title": value}).as_object().cloned().unwrap_or_default();
        let document = Document { path: format!("bets/{id}.toml"), value }.redacted(&redactor);
        let read = from_json(&to_json(std::slice::from_ref(&document), None).to_string()).unwrap();
        let pieces: Vec<Piece> = read.iter().flat_map(Document::pieces).collect();
        prop_assert_eq!(leaks(&rules, &pieces), vec![]);
        prop_assert_eq!(document.clone().redacted(&redactor), document);
    }
}
