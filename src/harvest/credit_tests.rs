//! From the trailers of others to one suggestion a month, role and area.

use std::collections::BTreeSet;

use proptest::prelude::{Just, Strategy};

use super::{Gathering, gather};
use crate::harvest::credit::{BUILT_IN, Me, Roles, area_of};
use crate::harvest::guess::Guesser;
use crate::harvest::testing::{bet, commit, found, guide, repo};
use crate::model::project::ProjectCommit;
use crate::model::suggestion::{Credit, Suggestion};
use crate::model::{Day, Guide, RecordId, Text};

fn by(name: &str, mut commit: ProjectCommit, trailers: &[(&str, &str)]) -> ProjectCommit {
    commit.author.name = name.into();
    commit.author.email = format!("{}@acme.test", name.to_lowercase()).into();
    commit.trailers = trailers.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    commit
}

fn credits(commits: &[ProjectCommit]) -> Vec<Credit> {
    let found = found(commits, &[]);
    found.credited.into_iter().map(|one| one.credit).collect()
}

fn roles_of(trailers: &[(&str, &str)]) -> String {
    let found = credits(&[by("Bob", commit("a", "retry ingest"), trailers)]);
    found.iter().flat_map(|one| &one.roles).map(|role| role.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn trailers_that_name_me_are_credits() {
    for (trailers, expected) in [
        (&[("Reviewed-by", "Ada <ADA@acme.test>")][..], "reviewed"),
        (&[("reviewed-by", "Ada <ada@acme.test>"), ("Tested-By", "A <ada@acme.test>")], "reviewed tested"),
        (&[("Reviewers", "Bob <bob@acme.test>, Ada <ada@acme.test>")], "reviewed"),
        (&[("Helped-by", "Ada <ada@old.test>")], "helped"),
        (&[("Mentored-by", "Ada <ada@acme.test>"), ("Thanks-to", "ada-l")], "mentored helped"),
        (&[("Suggested-by", "Ada <12+ada-l@users.noreply.github.com>")], "suggested"),
        (&[("Approved-by", "ada-l")], "reviewed"),
        (&[("Approved-by", "@ada-l")], "reviewed"),
        (&[("Reviewed-by", "ADA@acme.test")], "reviewed"),
        (&[("Reviewers", "bob@acme.test, ada@acme.test")], "reviewed"),
        (&[("Tested-by", "12+ada-l@users.noreply.github.com")], "tested"),
        (&[("Reviewed-by", "ada@acme.test@evil.test")], ""),
        (&[("Reviewed-by", "ada@acme.test.evil.test")], ""),
        (&[("Reviewed-by", "ada@")], ""),
        (&[("Reviewed-by", "nobody at ada@acme.test")], ""),
        (&[("Reviewed-by", "Ada <bob@acme.test>")], ""),
        (&[("Reviewed-by", "Ada Lovelace")], ""),
        (&[("Reviewed-by", "")], ""),
        (&[("Reviewed-by", "<<>,>,,@")], ""),
        (&[("Signed-off-by", "Ada <ada@acme.test>")], ""),
        (&[("https", "//ada@acme.test")], ""),
    ] {
        assert_eq!(roles_of(trailers), expected, "{trailers:?}");
    }
    assert_eq!(
        credits(&[by("ada", commit("a", "x"), &[("Reviewed-by", "Ada <ada@acme.test>")])]),
        [],
        "my own"
    );
    let co = [("Co-authored-by", "Ada <ada@acme.test>"), ("Reviewed-by", "Ada <ada@acme.test>")];
    assert_eq!(credits(&[by("Bob", commit("a", "x"), &co)]), [], "written together is mine");
    let bot = by("dependabot[bot]", commit("a", "bump"), &[("Reviewed-by", "Ada <ada@acme.test>")]);
    assert_eq!(credits(&[bot]), [], "programs are no people");
}

#[test]
fn merge_queues_name_accounts() {
    let merge = |subject: &str| {
        let mut merge = by("bors", commit("a", subject), &[]);
        merge.parents.push("1".repeat(40));
        credits(&[merge])
    };
    let found = merge("Auto merge of #7 - bob:retry, r=carol,ada-l");
    assert_eq!((found[0].author.name.raw(), found[0].roles[0].as_str()), ("bob", "reviewed"));
    assert_eq!(found[0].artifact.url, Some("https://github.com/acme/parser/pull/7".into()));
    assert_eq!(merge("Auto merge of #7 - ada-l:retry, r=ada-l"), [], "my own");
    assert_eq!(merge("Auto merge of #7 - dependabot[bot]:bump, r=ada-l"), []);
    let mut revision = by("Bob", commit("b", "Retry"), &[]);
    revision.body = "Why\n\nReviewed By: carol, ada-l\n\nDifferential Revision: D12".into();
    assert_eq!(credits(&[revision])[0].artifact.reference.raw(), "D12");
}

#[test]
fn a_pull_request_is_one_change() {
    let named = [("Reviewed-by", "Ada <ada@acme.test>")];
    let base = by("Bob", commit("1", "Base"), &[]);
    let mut one = by("Bob", commit("2", "wip"), &named);
    one.parents = vec![base.id.clone()];
    let mut two = by("Bob", commit("3", "more"), &[("Tested-by", "Ada <ada@acme.test>")]);
    two.parents = vec![one.id.clone()];
    let mut merge = by("Carol", commit("4", "Merge pull request #7 from bob/retry"), &named);
    merge.parents = vec![base.id.clone(), two.id.clone()];
    let found = credits(&[merge, two, one, base]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].roles.len(), found[0].author.name.raw()), (2, "Bob"));
}

/// A credit on a day of a month.
fn credit(number: usize, day: &str, role: &str, area: Option<&str>, author: &str) -> Credit {
    let mut found =
        credits(&[by(author, commit("a", &format!("change {number}")), &[("Tested-by", "ada-l")])]);
    let mut one = found.remove(0);
    one.id = RecordId::derived(&format!("change {number}"));
    (one.day, one.area) = (Day::parse(day).unwrap(), area.map(Text::from));
    one.roles = vec![crate::model::Slug::parse(role).unwrap()];
    one
}

fn gathered(credits: &[Credit], decided: &[&Suggestion]) -> Vec<Suggestion> {
    let (repo, guide, roles) = (repo(), guide(), Roles::of(&guide()));
    let bets = [bet("parser", "One parser")];
    let keys = decided.iter().flat_map(|one| &one.keys).map(|key| RecordId::derived(key.raw())).collect();
    let guesser = Guesser::new(&guide, &bets);
    let never = [];
    gather(
        credits,
        &Gathering {
            repo: &repo,
            guide: &guide,
            roles: &roles,
            guesser: &guesser,
            decided: &keys,
            never: &never,
        },
    )
}

fn titles(found: &[Suggestion]) -> Vec<&str> {
    found.iter().map(|one| one.title.raw()).collect()
}

fn october() -> Vec<Credit> {
    let mut all: Vec<Credit> = (0..4)
        .map(|at| credit(at, "2026-10-05", "reviewed", Some("parser"), ["Bob", "Carol"][at % 2]))
        .collect();
    all.push(credit(4, "2026-10-06", "reviewed", Some("queue"), "Bob"));
    all.push(credit(5, "2026-10-07", "reviewed", None, "Bob"));
    all.push(credit(6, "2026-10-07", "tested", Some("queue"), "Bob"));
    all.push(credit(7, "2026-11-01", "reviewed", Some("parser"), "Bob"));
    all
}

#[test]
fn one_suggestion_a_month_role_and_area() {
    let found = gathered(&october(), &[]);
    let expected = [
        "Reviewed 2 changes of Bob in October 2026",
        "Reviewed 4 changes of 2 people in parser/ in October 2026",
    ];
    assert_eq!(titles(&found), expected);
    let parser = &found[1];
    assert_eq!(
        (parser.keys.len(), parser.artifacts.len(), parser.happened.to_string().as_str()),
        (5, 4, "2026-10-05")
    );
    assert_eq!(parser.keys[0].raw(), "credit:github.com/acme/parser|2026-10|reviewed|parser");
    assert_eq!(parser.bets.len(), 1, "it names the bet");
}

#[test]
fn a_decided_month_is_suggested_again_when_it_gains_enough() {
    let mut all = october();
    let first = gathered(&all, &[]);
    assert_eq!(gathered(&all, &first.iter().collect::<Vec<_>>()), []);
    let more = |all: &mut Vec<Credit>, number| {
        all.push(credit(number, "2026-10-20", "reviewed", Some("parser"), "Eve"));
        gathered(all, &[&first[0], &first[1]])
    };
    assert_eq!(more(&mut all, 20), []);
    assert_eq!(more(&mut all, 21), []);
    let again = more(&mut all, 22);
    assert_eq!(titles(&again), ["Reviewed 3 more changes of Eve in parser/ in October 2026"]);
    assert!(again[0].id != first[1].id && again[0].keys.len() == 4);
    let grown = more(&mut all, 23);
    assert_eq!(grown[0].id, again[0].id, "it grows under the same name");
}

#[test]
fn never_like_this_silences_a_role() {
    let found = gathered(&october(), &[]);
    let (repo, guide, roles) = (repo(), guide(), Roles::of(&guide()));
    let guesser = Guesser::new(&guide, &[]);
    let (decided, never) = (BTreeSet::new(), [found[0].pattern.clone()]);
    let with = Gathering {
        repo: &repo,
        guide: &guide,
        roles: &roles,
        guesser: &guesser,
        decided: &decided,
        never: &never,
    };
    assert_eq!(gather(&october(), &with), []);
}

#[test]
fn the_built_in_table_is_that_of_the_built_in_guides() {
    for (name, text) in crate::format::guide::BUILTIN {
        let guide = crate::format::guide::decode(text).unwrap();
        let mut plain = guide.clone();
        plain.trailers.clear();
        assert_eq!(guide.trailers.len(), BUILT_IN.len());
        assert_eq!(format!("{:?}", Roles::of(&guide)), format!("{:?}", Roles::of(&plain)), "{name}");
    }
    let none = Roles::of(&Guide::empty());
    let role = none.find(&crate::model::Slug::parse("reviewed").unwrap()).unwrap();
    assert_eq!((&role.kind, &role.dimension), (&None, &None), "words that the guide does not know");
}

#[test]
fn the_area_is_where_most_files_are() {
    assert_eq!(area_of(["src/parser/a.rs", "tests/parser/b.rs", "README.md"]), Some("parser".into()));
    assert_eq!(area_of(["a/x", "b/x", "c/x"]), None);
    assert_eq!(area_of(["README.md"]), None);
    assert_eq!(area_of([]), None);
}

proptest::proptest! {
    #[test]
    fn the_order_of_credits_does_not_matter(shuffled in Just(october()).prop_shuffle()) {
        assert_eq!(gathered(&shuffled, &[]), gathered(&october(), &[]));
    }

    #[test]
    fn no_trailer_panics(key in "[A-Za-z -]{0,12}", value in "\\PC{0,60}") {
        let me = Me { addresses: &[], logins: &[], also: &BTreeSet::new() };
        assert!(!me.is(&value) || value.is_empty());
        let _ = roles_of(&[(&key, &value), ("Reviewed-by", &value)]);
    }
}
