//! `git okr list`, `show` and `search`: finding records.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A journal with three pieces of evidence that differ in every filter.
fn three() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    sandbox
        .okr([
            "add",
            "Queue adopted",
            "--date",
            "2026-10-05",
            "--bet",
            "one-queue",
            "--kind",
            "platform",
            "--reach",
            "pillar",
        ])
        .success();
    sandbox
        .okr([
            "add",
            "Mentored Ada",
            "--date",
            "2026-08-05",
            "--dimension",
            "technical",
            "--reach",
            "team",
            "--note",
            "über die Queue",
        ])
        .success();
    sandbox.okr(["add", "Just captured", "--date", "2026-10-20"]).success();
    sandbox
}

/// The titles that a list has, by their first words.
#[track_caller]
fn lists<const N: usize>(sandbox: &Sandbox, args: [&str; N], expected: &[&str]) {
    let output = sandbox.okr(args).success();
    for title in ["Queue adopted", "Mentored Ada", "Just captured"] {
        assert_eq!(output.contains(title), expected.contains(&title), "{args:?} and '{title}': {output}");
    }
}

#[test]
fn lists_all_evidence_oldest_first() {
    assert_snapshot!(three().okr(["list"]), @"
    id    day         kind      reach   bets       title
    <ID3>  2026-08-05  -         team    -          Mentored Ada
    <ID2>  2026-10-05  platform  pillar  one-queue  Queue adopted
    <ID4>  2026-10-20  -         -       -          Just captured

    3 records
    ");
}

#[test]
fn every_filter_narrows() {
    let sandbox = three();
    lists(&sandbox, ["list", "2026-Q4"], &["Queue adopted", "Just captured"]);
    lists(&sandbox, ["list", "last-quarter"], &["Mentored Ada"]);
    lists(&sandbox, ["list", "2026-08-05..2026-10-05"], &["Queue adopted", "Mentored Ada"]);
    lists(&sandbox, ["list", "--bet", "one-queue"], &["Queue adopted"]);
    lists(&sandbox, ["list", "--kind", "platform"], &["Queue adopted"]);
    lists(&sandbox, ["list", "--dimension", "technical"], &["Mentored Ada"]);
    lists(&sandbox, ["list", "--reach", "team"], &["Queue adopted", "Mentored Ada"]);
    lists(&sandbox, ["list", "--reach", "company"], &[]);
    lists(&sandbox, ["list", "--untriaged"], &["Just captured"]);
    lists(&sandbox, ["list", "--text", "QUEUE"], &["Queue adopted", "Mentored Ada"]);
    lists(&sandbox, ["list", "2026-Q4", "--text", "queue", "--reach", "self"], &["Queue adopted"]);
}

#[test]
fn a_list_can_be_read_by_programs_and_documents() {
    let sandbox = three();
    let json = sandbox.okr(["list", "--format", "json"]).success();
    assert!(json.is_ascii() || json.contains("über"));
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    assert_snapshot!(sandbox.okr(["list", "2026-Q4", "--format", "markdown"]), @"
    | id | day | kind | reach | bets | title |
    | --- | --- | --- | --- | --- | --- |
    | `<ID2>` | 2026-10-05 | platform | pillar | one-queue | Queue adopted |
    | `<ID4>` | 2026-10-20 | - | - | - | Just captured |

    2 records
    ");
}

#[test]
fn an_earlier_day_knows_less() {
    let sandbox = three();
    sandbox.at("2026-11-20");
    sandbox.okr(["add", "Queue adopted by all"]).success();
    let now = sandbox.okr(["list"]).success();
    let then = sandbox.okr(["list", "--as-of", "2026-11-10"]).success();
    assert!(now.contains("adopted by all") && !then.contains("adopted by all"), "{then}");
    assert_snapshot!(sandbox.okr(["list", "--as-of", "2026-10-01"]), @"
    ------- stderr -------
    error: the journal is younger than '2026-10-01'
    hint: its first revision is at the end of: git okr log
    [exit status: 1]
    ");
}

#[test]
fn nothing_to_list_is_said_and_no_failure() {
    assert_snapshot!(Sandbox::with_journal().okr(["list"]), @"no evidence matches");
}

#[test]
fn shows_any_record_by_the_beginning_of_its_id() {
    let sandbox = three();
    let id = sandbox.okr(["-q", "bet", "check-in", "one-queue", "--status", "at-risk"]).id();
    assert_snapshot!(sandbox.okr(["show", &id[..10]]), @"
    check-in: One queue
    id:         <ID5>
    bet:        one-queue
    day:        2026-11-02
    recorded:   2026-11-02T10:06:00Z
    status:     at-risk
    confidence: -
    ");
    let upper = sandbox.okr(["show", &id.to_uppercase()]).success();
    assert_eq!(upper, sandbox.okr(["show", &id]).success(), "letters of either case name it");
    sandbox.okr(["show", &id, "--format", "json"]).json();
}

#[test]
fn search_looks_into_every_field_of_every_kind() {
    let sandbox = three();
    assert_snapshot!(sandbox.okr(["search", "queue"]), @"
    id    kind      field  title
    <ID1>  bet       slug   One queue  one-queue
    <ID3>  evidence  note   Mentored Ada  über die Queue
    <ID2>  evidence  title  Queue adopted

    3 records
    ");
    assert_eq!(sandbox.okr(["search", "ÜBER DIE"]).code, Some(0));
    let nothing = sandbox.okr(["search", "nonesuch"]);
    assert_eq!(nothing.code, Some(1), "{nothing}");
    assert_eq!(sandbox.okr(["search", " "]).code, Some(2));
}
