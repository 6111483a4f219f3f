//! Exports of forges that nobody runs: what is read, and every way in which they can be wrong.

use std::collections::BTreeSet;

use super::{Desk, Format, MAX, Told, parse, tell};
use crate::harvest::bots::Bots;
use crate::harvest::taste::Taste;
use crate::harvest::testing::guide;
use crate::harvest::whole::wholes;
use crate::model::suggestion::Suggestion;
use crate::model::{ArtifactKind, RecordId, Text};

const GH: &str = r##"[
  {"number": 12, "title": "feat(queue): one queue for every team", "url": "https://github.com/acme/Shop/pull/12",
   "author": {"login": "ada", "name": "Ada"}, "mergedAt": "2026-10-05T09:00:00Z",
   "body": "Closes #8\n\nAlso fixes other/place#3.", "additions": 200, "deletions": 20, "isDraft": false,
   "files": [{"path": "src/queue/lease.rs", "additions": 180, "deletions": 20}, {"path": "tests/lease.rs", "additions": 20, "deletions": 0}],
   "reviews": [{"author": {"login": "bob"}, "state": "APPROVED"}, {"author": {"login": "bob"}}, {"author": {"login": "eve"}}, {"author": {"login": "ci[bot]"}}],
   "closingIssuesReferences": [{"number": 8, "url": "https://github.com/acme/Shop/issues/8"}],
   "commits": [{"oid": "1", "messageHeadline": "feat: one queue", "authoredDate": "2026-10-04T08:00:00Z", "authors": [{"email": "Ada@acme.test"}]},
               {"oid": "2", "messageHeadline": "a subject that was cut…", "authoredDate": "2026-10-04T08:00:00Z", "authors": [{"email": "ada@acme.test"}]}]},
  {"number": 13, "title": "Not merged", "url": "https://github.com/acme/shop/pull/13", "author": {"login": "ada"}, "mergedAt": null},
  {"number": 14, "title": "Of bob", "url": "https://github.com/acme/shop/pull/14", "author": {"login": "bob"}, "mergedAt": "2026-10-06T09:00:00Z",
   "reviews": [{"author": {"login": "ADA"}}]},
  {"number": 15, "title": "Of eve", "url": "https://github.com/acme/shop/pull/15", "author": null, "mergedAt": "2026-10-06T09:00:00Z"}
]"##;

fn told(text: &str, format: Format, reviewed: bool, decided: &[&str]) -> Told {
    let decided: BTreeSet<RecordId> = decided.iter().map(|key| RecordId::derived(key)).collect();
    let (guide, logins, taste) = (guide(), [Text::from("Ada")], Taste::default());
    let bots = Bots::of(&guide);
    let desk = Desk {
        logins: &logins,
        bots: &bots,
        guide: &guide,
        bets: &[],
        decided: &decided,
        never: &[],
        taste: &taste,
    };
    tell(&parse(format, text.as_bytes()).unwrap(), reviewed, &desk)
}

fn titles(told: &Told) -> Vec<&str> {
    told.suggestions.iter().map(|one| one.title.raw()).collect()
}

#[test]
fn my_merged_requests_are_suggested_with_what_the_forge_knows() {
    let told = told(GH, Format::Gh, false, &[]);
    assert_eq!((told.own, told.reviewed, told.open, told.others), (1, 1, 1, 1));
    assert_eq!(
        titles(&told),
        ["One queue for every team", "Reviewed 1 pull request of 1 person in acme/shop in October 2026"]
    );
    let one = &told.suggestions[0];
    let keys: Vec<_> = one.keys.iter().map(Text::raw).collect();
    assert_eq!(keys, ["pr:github.com/acme/shop#12", "commit:ada@acme.test|1791100800|feat: one queue"]);
    let artifacts: Vec<_> = one.artifacts.iter().map(|one| (one.kind, one.reference.raw())).collect();
    assert_eq!(
        artifacts,
        [
            (ArtifactKind::PullRequest, "#12"),
            (ArtifactKind::Issue, "#8"),
            (ArtifactKind::Issue, "other/place#3"),
            (ArtifactKind::Person, "bob"),
            (ArtifactKind::Person, "eve"),
        ]
    );
    let why: Vec<_> = one.signals.iter().map(|signal| signal.why.raw()).collect();
    for reason in
        ["closes #8 and 1 more", "reviewed by 2 people", "200 lines of production code", "with tests"]
    {
        assert!(why.contains(&reason), "{reason}: {why:?}");
    }
    assert_eq!(
        (one.happened.to_string().as_str(), one.score),
        ("2026-10-05", crate::harvest::score::total(&one.signals))
    );
}

#[test]
fn what_was_decided_stays_decided() {
    for key in ["pr:github.com/acme/shop#12", "commit:ada@acme.test|1791100800|feat: one queue"] {
        assert_eq!(titles(&told(GH, Format::Gh, false, &[key])).len(), 1, "{key}");
    }
    assert_eq!(titles(&told(GH, Format::Gh, false, &["review:github.com/acme/shop#14"])).len(), 1);
}

/// Reviews of `numbers`, each closed on the fifth of the month that its hundreds say.
fn search(numbers: &[u64]) -> String {
    let entry = |number: &u64| {
        let (month, who) = (number / 100, if number.is_multiple_of(2) { "bob" } else { "eve" });
        format!(
            r#"{{"number": {number}, "title": "t", "url": "https://github.com/acme/shop/pull/{number}", "author": {{"login": "{who}"}},
            "state": "merged", "closedAt": "2026-{month:02}-05T10:00:00Z", "repository": {{"name": "shop"}}}}"#
        )
    };
    format!("[{}]", numbers.iter().map(entry).collect::<Vec<_>>().join(","))
}

#[test]
fn reviews_are_grouped_by_repository_and_month() {
    let all = told(&search(&[901, 902, 903, 1001, 1002]), Format::Gh, true, &[]);
    assert_eq!(
        titles(&all),
        [
            "Reviewed 3 pull requests of 2 people in acme/shop in September 2026",
            "Reviewed 2 pull requests of 2 people in acme/shop in October 2026"
        ]
    );
    let again = told(&search(&[1002, 903, 901, 1001, 902]), Format::Gh, true, &[]);
    assert_eq!(all.suggestions, again.suggestions, "the same, in any order");
    // Exports that overlap are one, and count again.
    let other = told(&search(&[903, 904, 906]), Format::Gh, true, &[]);
    let parts: Vec<&Suggestion> = all.suggestions.iter().take(1).chain(&other.suggestions).collect();
    let found = wholes(&parts);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].suggestion.title.raw(),
        "Reviewed 5 pull requests of 2 people in acme/shop in September 2026"
    );
    // What comes after a verdict is suggested by itself.
    let rest = told(&search(&[901, 902, 903]), Format::Gh, true, &["review:github.com/acme/shop#901"]);
    assert_eq!(titles(&rest), ["Reviewed 2 pull requests of 2 people in acme/shop in September 2026"]);
    let open = search(&[901]).replace("merged", "open").replace("2026-09-05", "0001-01-01");
    assert_eq!(
        (told(&open, Format::Gh, true, &[]).open, told(&open, Format::Gh, true, &[]).suggestions.len()),
        (1, 0)
    );
}

#[test]
fn gitlab_is_read_too() {
    let text = r##"[{"iid": 7, "title": "Draw pages at once", "web_url": "https://gitlab.acme.test/web/site/page/-/merge_requests/7",
        "author": {"username": "ada"}, "merged_at": "2026-10-05T09:00:00.123+02:00", "description": "Closes #4", "reviewers": [{"username": "bob"}]}]"##;
    let told = told(text, Format::Glab, false, &[]);
    assert_eq!(titles(&told), ["Draw pages at once"]);
    let one = &told.suggestions[0];
    assert_eq!(one.keys[0].raw(), "pr:gitlab.acme.test/web/site/page!7");
    assert_eq!(one.artifacts[0].reference.raw(), "!7");
    assert_eq!(
        one.artifacts[1].url.as_ref().unwrap().raw(),
        "https://gitlab.acme.test/web/site/page/-/issues/4"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let entry = |from: &str, to: &str| GH.replacen(from, to, 1);
    for (text, expected) in [
        (String::new(), "the export is empty"),
        (" \n".into(), "the export is empty"),
        ("<!DOCTYPE html><html>".into(), "the export is a web page, not JSON"),
        ("gh: not logged in".into(), "the export is not JSON: line 1, column 1"),
        (GH[..300].into(), "the export ends in the middle: line 4, column "),
        (
            "{\"message\": \"Not \u{1b}[31mFound\"}".into(),
            "the export is not a list of pull requests: it says 'Not \\u{1b}[31mFound'",
        ),
        ("{\"data\": []}".into(), "the export is not a list of pull requests"),
        ("[7]".into(), "entry 1 is not a pull request"),
        (entry("\"number\": 13,", ""), "entry 2 has no 'number'"),
        (entry("\"number\": 13,", "\"number\": -13,"), "entry 2: 'number' is not a number"),
        (entry("\"title\": \"Not merged\",", ""), "entry 2 (#13) has no 'title'"),
        (entry("\"title\": \"Not merged\",", "\"title\": [],"), "entry 2 (#13): 'title' is not a text"),
        (
            entry("\"mergedAt\": null", "\"x\": 1"),
            "entry 2 (#13) has no 'mergedAt', nor 'state' and 'closedAt'",
        ),
        (entry("2026-10-05T09", "yesterday"), "entry 1 (#12): 'mergedAt' is not a date: 'yesterday:00:00Z'"),
        (entry("\"mergedAt\": null", "\"mergedAt\": 5"), "entry 2 (#13): 'mergedAt' is not a date: 5"),
        (
            entry("{\"login\": \"bob\"}, \"mergedAt\"", "{}, \"mergedAt\""),
            "entry 3 (#14): 'author' has no 'login'",
        ),
        (entry("shop/pull/13", "shop/pull/14"), "entry 2 (#13): 'url' is not its address"),
        (
            entry("https://github.com/acme/shop/pull/13", "https://github.com/../x/pull/13"),
            "entry 2 (#13): 'url' is not its address",
        ),
        (
            entry("https://github.com/acme/shop/pull/13", "javascript:alert(1)//pull/13"),
            "entry 2 (#13): 'url' is not its address",
        ),
    ] {
        // A control character inside of a string is no JSON either.
        let text = text.replace('\u{1b}', "\\u001b");
        let error = parse(Format::Gh, text.as_bytes()).unwrap_err();
        assert!(error.message.starts_with(expected), "{expected}: {}", error.message);
        assert!(!error.hint.is_empty() && !error.message.contains('\u{1b}'));
    }
    assert_eq!(parse(Format::Gh, b"[\"\xff\"]").unwrap_err().message, "the export is not UTF-8");
    let large = vec![b' '; MAX + 1];
    assert_eq!(parse(Format::Gh, &large).unwrap_err().message, "the export is larger than 32 MiB");
    let deep = "[".repeat(100_000);
    assert!(parse(Format::Gh, deep.as_bytes()).is_err(), "no depth overflows");
    assert!(
        parse(Format::Glab, b"[{\"iid\": 7, \"title\": \"x\"}]")
            .unwrap_err()
            .message
            .contains("has no 'merged_at'")
    );
    assert_eq!(parse(Format::Gh, b"\xef\xbb\xbf[]").unwrap(), []);
}

proptest::proptest! {
    #[test]
    fn no_export_makes_it_panic(cut in 0..1800_usize, byte: u8) {
        let mut bytes = GH.as_bytes().to_vec();
        let at = cut % bytes.len();
        bytes[at] = byte;
        let _ = parse(Format::Gh, &bytes);
        bytes.truncate(at);
        let _ = parse(Format::Glab, &bytes);
    }
}

#[test]
fn programs_are_nobody_to_review() {
    let of = |number: u32, author: &str| {
        format!(
            r#"{{"number": {number}, "title": "One", "url": "https://github.com/acme/shop/pull/{number}",
            "author": {author}, "mergedAt": "2026-10-06T09:00:00Z"}}"#
        )
    };
    let all = [
        of(1, r#"{"login": "bob", "is_bot": false}"#),
        of(2, r#"{"login": "quiet-helper", "is_bot": true}"#),
        of(3, r#"{"login": "app/dependabot"}"#),
        of(4, r#"{"login": "renovate[bot]"}"#),
    ];
    let found = told(&format!("[{}]", all.join(",")), Format::Gh, true, &[]);
    assert_eq!(titles(&found), ["Reviewed 1 pull request of 1 person in acme/shop in October 2026"]);
    assert_eq!((found.reviewed, found.bots, found.others), (1, 3, 0));
    let mine = r#"[{"number": 1, "title": "feat: one", "url": "https://github.com/acme/shop/pull/1",
        "author": {"login": "ada", "is_bot": true}, "mergedAt": "2026-10-06T09:00:00Z",
        "reviews": [{"author": {"login": "helper", "is_bot": true}}],
        "latestReviews": [{"author": {"login": "app/copilot"}}, {"author": {"login": "bob"}}, {"author": null}]}]"#;
    let found = told(mine, Format::Gh, false, &[]);
    let people: Vec<_> = found.suggestions[0]
        .artifacts
        .iter()
        .filter(|one| one.kind == ArtifactKind::Person)
        .map(|one| one.reference.raw())
        .collect();
    assert_eq!((found.own, people), (1, vec!["bob"]), "an account that I name as mine is mine");
}
