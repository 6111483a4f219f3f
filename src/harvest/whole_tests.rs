//! Parts of the same work are one, whatever their order.

use proptest::prelude::{Just, Strategy};

use super::{Whole, pull_key, wholes};
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Artifact, ArtifactKind, Day, RecordId};

fn part(title: &str, keys: &[&str], commits: &[&str]) -> Suggestion {
    let signals = vec![Signal { name: "code".into(), points: 20, why: "20 lines".into() }];
    Suggestion {
        id: RecordId::derived(keys[0]),
        keys: keys.iter().map(|key| (*key).into()).collect(),
        title: title.into(),
        happened: Day::parse("2026-10-05").unwrap(),
        repo: "github.com/acme/shop".into(),
        kind: None,
        dimensions: Vec::new(),
        bets: Vec::new(),
        artifacts: commits.iter().map(|id| Artifact::new(ArtifactKind::Commit, *id)).collect(),
        score: 20,
        signals,
        traits: Vec::new(),
        area: None,
        pattern: Never::default(),
        asked: false,
    }
}

fn told(parts: &[Suggestion]) -> Vec<Suggestion> {
    wholes(&parts.iter().collect::<Vec<_>>()).into_iter().map(|whole| whole.suggestion).collect()
}

#[test]
fn what_shares_a_key_is_one_with_everything_that_was_said() {
    let mut export = part("Title of the forge", &["pr:github.com/acme/shop#7"], &[]);
    export.signals = vec![
        Signal { name: "issue".into(), points: 15, why: "closes #8".into() },
        Signal { name: "code".into(), points: 5, why: "5 lines".into() },
    ];
    let whole = part("Title of the merge", &["pr:github.com/acme/shop#7", "commit:a"], &["a"]);
    let branch = part("Wip", &["commit:a"], &["a"]);
    let later = part("Fix", &["commit:b", "commit:a"], &["a", "b"]);
    let other = part("Other", &["commit:c"], &["c"]);
    let found = told(&[export, branch, other, whole, later]);
    assert_eq!(found.len(), 2);
    let one = found.iter().find(|one| one.keys.len() == 3).expect("one piece of work");
    assert_eq!(one.id, RecordId::derived("pr:github.com/acme/shop#7"));
    let commits: Vec<_> = one.artifacts.iter().map(|artifact| artifact.reference.raw()).collect();
    assert_eq!(commits, ["a", "b"]);
    assert_eq!((one.score, one.signals.len()), (35, 2), "the export's issue, but not its lines");
}

#[test]
fn forges_do_not_tell_capitals_apart() {
    assert_eq!(pull_key("github.com/Acme/Shop", "#", "7"), pull_key("github.com/acme/shop", "#", "7"));
}

fn parts() -> impl Strategy<Value = (Vec<Suggestion>, Vec<Suggestion>)> {
    let keys = proptest::sample::subsequence(
        vec!["pr:x#1", "pr:x#2", "commit:a", "commit:b", "commit:c", "commit:d"],
        1..4,
    );
    let one = (keys, 0..3_i32, proptest::bool::ANY).prop_map(|(keys, score, asked)| {
        let commits: Vec<&str> = keys.iter().filter_map(|key| key.strip_prefix("commit:")).collect();
        let mut one = part(if asked { "Asked" } else { "Work" }, &keys, &commits);
        one.asked = asked;
        one.signals[0].points = score;
        one.score = score;
        one
    });
    let many = proptest::collection::vec(one, 0..8);
    many.prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle()))
}

proptest::proptest! {
    #[test]
    fn order_never_matters_and_no_key_is_in_two_or_lost((parts, other) in parts()) {
        let found = told(&parts);
        assert_eq!(found, told(&other));
        assert_eq!(found, told(&found), "what is whole stays as it is");
        let mut keys: Vec<_> = found.iter().flat_map(|one| one.keys.clone()).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "no key is in two suggestions");
        assert!(parts.iter().flat_map(|part| &part.keys).all(|key| keys.contains(key)), "and none is lost");
        let commits: Vec<_> = found.iter().flat_map(|one| &one.artifacts).collect();
        assert!(parts.iter().flat_map(|part| &part.artifacts).all(|artifact| commits.contains(&artifact)));
        let members: usize = wholes(&parts.iter().collect::<Vec<_>>()).iter().map(|Whole { parts, .. }| parts.len()).sum();
        assert_eq!(members, parts.len());
    }
}
