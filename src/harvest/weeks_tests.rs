//! Small related work is one suggestion; nothing is lost, and no order matters.

use std::collections::BTreeSet;

use proptest::prelude::{Just, Strategy};

use super::{area, gather};
use crate::harvest::testing::file;
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Artifact, ArtifactKind, Day, RecordId, Text};

/// A piece of work of a day, in a scope, with a score in tenths.
fn piece(number: u32, day: &str, scope: &str, score: i32) -> Suggestion {
    let key = format!("commit:ada@acme.test|{number}|work {number}");
    Suggestion {
        id: RecordId::derived(&key),
        keys: vec![key.into()],
        title: format!("Work {number}").into(),
        happened: Day::parse(day).unwrap(),
        repo: "github.com/acme/shop".into(),
        kind: None,
        dimensions: Vec::new(),
        bets: Vec::new(),
        artifacts: vec![Artifact::new(ArtifactKind::Commit, format!("{number:040}"))],
        score,
        signals: vec![Signal { name: "code".into(), points: score, why: "lines".into() }],
        traits: vec![format!("first:{number}").into(), format!("scope:{scope}").into()],
        area: None,
        pattern: Never {
            scope: Some(scope.into()),
            verb: Some(number.to_string().into()),
            ..Never::default()
        },
        asked: false,
    }
}

fn told(pieces: &[Suggestion]) -> Vec<Suggestion> {
    let pieces: Vec<(&Suggestion, &str)> = pieces.iter().map(|piece| (piece, "")).collect();
    gather(&pieces).into_iter().map(|whole| whole.suggestion).collect()
}

fn titles(pieces: &[Suggestion]) -> BTreeSet<String> {
    told(pieces).into_iter().map(|one| one.title.raw().to_owned()).collect()
}

#[test]
fn a_week_in_one_place_is_one_suggestion_that_explains_itself() {
    let week = [
        piece(1, "2026-10-05", "parser", 30),
        piece(2, "2026-10-11", "Parser", 45),
        piece(3, "2026-10-07", "parser", -10),
    ];
    let found = told(&week);
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(one.title.raw(), "Parser: 3 changes, among them 'Work 2'");
    let mut named = week.clone();
    named[1].title = "Parser: accept tabs".into();
    assert_eq!(told(&named)[0].title.raw(), "Parser: 3 changes, among them 'Accept tabs'");
    named[1].title = "Lexer: accept tabs".into();
    assert_eq!(told(&named)[0].title.raw(), "Parser: 3 changes, among them 'Lexer: accept tabs'");
    assert_eq!((one.score, one.keys.len(), one.artifacts.len()), (50, 3, 3));
    let group = one.signals.iter().find(|signal| signal.name == "group").unwrap();
    assert_eq!((group.points, group.why.raw()), (5, "with 2 more in 'parser' that week"));
    assert_eq!(one.score, crate::harvest::score::total(&one.signals));
    assert_eq!(
        one.traits,
        Vec::<Text>::new(),
        "'Parser' and 'parser' are two traits, and each work has its own word"
    );
    assert_eq!(one.id, told(&week[..2])[0].id, "what comes later in the week changes no id");
    assert_ne!(one.id, week[0].id, "nor has it the id of one that is decided on alone");
    assert_eq!(
        titles(&[week[0].clone(), week[2].clone()]),
        ["Work 1, and 1 more in parser".to_owned()].into()
    );
}

#[test]
fn a_group_is_named_by_what_is_clearly_its_best() {
    let of = |scores: &[i32], title: &str| {
        let mut week: Vec<_> = scores
            .iter()
            .zip(1..)
            .map(|(score, at)| piece(at, "2026-10-05", "parser/deep", *score))
            .collect();
        week[0].title = title.into();
        told(&week)[0].title.raw().to_owned()
    };
    for (scores, title, expected) in [
        (&[50, 30, 30][..], "Accept tabs", "Accept tabs, and 2 more in deep"),
        (&[50, 31, -9], "Accept tabs", "Deep: 3 changes, among them 'Accept tabs'"),
        (&[50, 20], "Accept tabs.", "Accept tabs, and 1 more in deep"),
        (&[50, 20], "deep: accept tabs", "Accept tabs, and 1 more in deep"),
        (&[0, -30], "Accept tabs", "Deep: 2 changes, among them 'Accept tabs'"),
    ] {
        assert_eq!(of(scores, title), expected, "{scores:?}");
    }
    let long = of(&[50, 20], &"word ".repeat(40));
    assert!(long.ends_with("word…, and 1 more in deep"), "{long}");
}

#[test]
fn a_place_that_is_called_like_a_type_of_commit_is_named() {
    let found = titles(&[piece(1, "2026-10-05", "docs", 30), piece(2, "2026-10-05", "docs", 20)]);
    assert_eq!(found, ["Docs: 2 changes, among them 'Work 1'".to_owned()].into());
}

#[test]
fn what_stands_by_itself_stays_by_itself() {
    let small = piece(1, "2026-10-05", "parser", 40);
    let other = |change: fn(&mut Suggestion)| {
        let mut other = piece(2, "2026-10-05", "parser", 40);
        change(&mut other);
        told(&[small.clone(), other]).len()
    };
    assert_eq!(other(|_| {}), 1);
    assert_eq!(other(|one| one.asked = true), 2);
    assert_eq!(other(|one| one.score = 80), 2);
    assert_eq!(other(|one| one.happened = Day::parse("2026-10-12").unwrap()), 2);
    assert_eq!(other(|one| one.repo = "github.com/acme/web".into()), 2);
    assert_eq!(other(|one| one.traits = vec!["scope:lexer".into()]), 2);
    assert_eq!(other(|one| one.traits.clear()), 2, "nobody knows where it belongs");
    assert_eq!(other(|one| one.keys = vec!["review:github.com/acme/shop#1".into()]), 2);
    assert_eq!(
        other(|one| one.artifacts =
            (0..9).map(|n| Artifact::new(ArtifactKind::Issue, format!("#{n}"))).collect()),
        2
    );
    assert_eq!(
        other(|one| {
            one.traits.clear();
            one.area = Some("parser".into());
        }),
        1,
        "the tree tells, too"
    );
    let pieces = [(&small, "/a/shop"), (&small, "/b/shop")];
    assert_eq!(gather(&pieces).len(), 2, "two directories of one name");
}

#[test]
fn the_tree_says_where_most_of_a_change_lies() {
    for (paths, expected) in [
        (vec![("crates/core/flags/defs.rs", 10), ("README.md", 400)], Some("core/flags")),
        (vec![("src/parser.rs", 10), ("src/lexer.rs", 12)], Some("lexer")),
        (vec![("tests/parser.rs", 10)], Some("parser")),
        (vec![("a/x.rs", 5), ("b/x.rs", 5)], Some("a")),
        (vec![(".github/workflows/ci.yml", 5)], Some(".github/workflows")),
        (vec![], None),
    ] {
        let files: Vec<_> = paths.iter().map(|(path, lines)| file(path, *lines, 0)).collect();
        assert_eq!(area(&files).as_ref().map(Text::raw), expected, "{paths:?}");
    }
}

fn pieces() -> impl Strategy<Value = (Vec<Suggestion>, Vec<Suggestion>)> {
    let one = (0..3_u32, 1..22_u32, -30..100_i32, proptest::bool::weighted(0.1));
    proptest::collection::vec(one, 0..70).prop_flat_map(|all| {
        let pieces: Vec<Suggestion> = all
            .into_iter()
            .zip(0..)
            .map(|((scope, day, score, asked), number)| {
                let mut one =
                    piece(number, &format!("2026-10-{day:02}"), ["a", "b", "c"][scope as usize], score);
                one.asked = asked;
                one
            })
            .collect();
        (Just(pieces.clone()), Just(pieces).prop_shuffle())
    })
}

proptest::proptest! {
    #[test]
    fn order_never_matters_and_no_work_is_lost_or_told_twice((all, other) in pieces()) {
        let found = told(&all);
        assert_eq!(found, told(&other));
        let commits = |list: &[Suggestion]| {
            let mut commits: Vec<_> = list.iter().flat_map(|one| one.artifacts.clone()).collect();
            commits.sort();
            commits
        };
        assert_eq!(commits(&found), commits(&all));
        let keys = |list: &[Suggestion]| {
            let mut keys: Vec<_> = list.iter().flat_map(|one| one.keys.clone()).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&found), keys(&all));
        let ids: BTreeSet<_> = found.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), found.len());
        assert!(found.iter().all(|one| one.score == one.signals.iter().map(|signal| signal.points).sum::<i32>()));
    }
}
