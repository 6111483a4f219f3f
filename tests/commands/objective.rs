//! `git okr objective`: add, list, show, edit, and read through the lenses.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Sandbox;

/// A journal with one objective, seen through one lens.
fn with_objective() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    sandbox
        .okr([
            "objective",
            "add",
            "Orders arrive twice as fast",
            "--slug",
            "fast-orders",
            "--stance",
            "shape",
            "--owner",
            "Logistics",
            "--outcome",
            "customer-value",
            "--measure",
            "delivery: 6 -> 3 days shared",
            "--lens",
            "system=two teams own half of the path each",
            "--note",
            "asked for by the board",
        ])
        .success();
    sandbox
}

#[test]
fn adds_an_objective_and_shows_blank_lenses_as_blank() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["objective", "add", "Orders arrive twice as fast"]), @"
    <ID1>
    ------- stderr -------
    added orders-arrive-twice-as-fast  Orders arrive twice as fast
    hint: read it through the lenses: git okr objective read orders-arrive-twice-as-fast
    ");
    let sandbox = with_objective();
    assert_snapshot!(sandbox.okr(["objective", "list"]), @"
    id    objective    period   stance  read  bets  title
    <ID1>  fast-orders  2026-Q4  shape    1/5     0  Orders arrive twice as fast
    ");
    assert_snapshot!(sandbox.okr(["objective", "show", "fast-orders"]), @"
    Orders arrive twice as fast
    id:       <ID1>
    slug:     fast-orders
    period:   2026-Q4
    stance:   shape
    outcomes: customer-value
    bets:     -
    owner:    Logistics

    lenses
      - outcome  Who will be better off, and how would they put it themselves?
        - blank
      - system  Which parts, people and limits decide how this number behaves?
        - two teams own half of the path each
      - sequencing  What has to be true before the rest can work?
        - blank
      - reusability  What will remain for others once this goal has been met?
        - blank
      - evidence  How will anyone be able to tell that it worked?
        - blank

    key results
      - delivery: 6 -> 3 days  shared

    note
        asked for by the board
    ");
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2", "one commit");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn takes_standard_input_and_the_editor() {
    let sandbox = Sandbox::with_journal();
    let text = "title = \"From standard input\"\nperiod = \"2027\"\n[lens]\nevidence = \"the dashboard\"\n";
    sandbox.okr_with_stdin(["objective", "add", "-"], text).success();
    let script = "sed -i 's/^title = .*/title = \"From the editor\"/' \"$1\"";
    sandbox.okr_with_editor(["objective", "add", "--edit"], script).success();
    assert_snapshot!(sandbox.okr(["objective", "list"]), @"
    id    objective            period   stance  read  bets  title
    <ID1>  from-standard-input  2027     -        1/5     0  From standard input
    <ID2>  from-the-editor      2026-Q4  -        0/5     0  From the editor
    ");
    assert_snapshot!(sandbox.okr_with_stdin(["objective", "add", "-"], "title = \"X\"\nmood = \"good\"\n"), @"
    ------- stderr -------
    error: line 2: mood: unknown field `mood`, expected one of `title`, `slug`, `period`, `stance`, `owner`, `outcomes`, `measures`, `note`, `lens`
    [exit status: 1]
    ");
}

#[test]
fn refuses_what_it_cannot_mean() {
    let sandbox = with_objective();
    assert_snapshot!(sandbox.okr(["objective", "add"]), @r#"
    ------- stderr -------
    error: say what the organisation wants
    hint: git okr objective add "Orders arrive twice as fast"
    hint: or in your editor: git okr objective add -e
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--lens", "systm=the path"]), @"
    ------- stderr -------
    error: unknown lens 'systm'
    hint: did you mean 'system'? all of them: git okr guide show
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--lens", "system"]), @r#"
    ------- stderr -------
    error: 'system' is not of the form ID=TEXT
    hint: --lens system="two teams own half of the path each"
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--outcome", "fame"]), @"
    ------- stderr -------
    error: unknown outcome 'fame'
    hint: the guide knows customer-value, revenue, trust, cost, developer-productivity
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--stance", "observe"]), @"
    ------- stderr -------
    error: unknown stance 'observe': it is own or shape
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--stance", "support"]), @"
    ------- stderr -------
    error: an objective is owned, or understood and shaped; supporting is a relation to a bet or a result
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--period", "soon"]), @"
    ------- stderr -------
    error: 'soon' is not a period
    hint: quarters are written 2026-Q4, this-quarter or last-quarter
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--measure", "fast"]), @"
    ------- stderr -------
    error: 'fast' is not of the form 'NAME: BASELINE -> TARGET UNIT'
    hint: --measure 'p95 latency: 410 -> 180 ms'
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["objective", "add", "X", "--slug", "fast-orders"]), @"
    ------- stderr -------
    error: an open objective is called 'fast-orders' already
    hint: give it another short name: --slug <name>
    [exit status: 1]
    ");
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2", "nothing was written");
}

#[test]
fn reads_through_a_lens_and_takes_back_what_was_seen() {
    let sandbox = with_objective();
    assert_snapshot!(
        sandbox.okr(["objective", "read", "fast-orders", "--lens", "evidence=the delivery dashboard"]), @"
    ------- stderr -------
    read fast-orders  3 of 5 lenses blank
    ");
    assert_snapshot!(sandbox.okr(["objective", "read", "fast-orders", "--lens", "system="]), @"
    ------- stderr -------
    read fast-orders  4 of 5 lenses blank
    ");
    assert_snapshot!(sandbox.okr(["objective", "show", "fast-orders"]), @"
    Orders arrive twice as fast
    id:       <ID1>
    slug:     fast-orders
    period:   2026-Q4
    stance:   shape
    outcomes: customer-value
    bets:     -
    owner:    Logistics

    lenses
      - outcome  Who will be better off, and how would they put it themselves?
        - blank
      - system  Which parts, people and limits decide how this number behaves?
        - blank
      - sequencing  What has to be true before the rest can work?
        - blank
      - reusability  What will remain for others once this goal has been met?
        - blank
      - evidence  How will anyone be able to tell that it worked?
        - the delivery dashboard

    key results
      - delivery: 6 -> 3 days  shared

    note
        asked for by the board
    ");
    assert_snapshot!(sandbox.okr(["objective", "read", "fast-orders"]), @r#"
    ------- stderr -------
    error: say what a lens shows
    hint: --lens evidence="the latency dashboard"
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["objective", "read", "fast-orders", "--lens", "weather=rain"]), @"
    ------- stderr -------
    error: unknown lens 'weather'
    hint: the guide knows outcome, system, sequencing, reusability, evidence
    [exit status: 1]
    ");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn every_lens_answered_is_said() {
    let sandbox = with_objective();
    let said = ["outcome", "sequencing", "reusability", "evidence"].map(|lens| format!("{lens}=seen"));
    let [a, b, c, d] = said.each_ref().map(String::as_str);
    let read = ["objective", "read", "fast-orders", "--lens", a, "--lens", b, "--lens", c, "--lens", d];
    assert_snapshot!(sandbox.okr(read), @"
    ------- stderr -------
    read fast-orders  every lens answered
    ");
}

#[test]
fn edit_changes_the_record_and_the_past_stays_readable() {
    let sandbox = with_objective();
    sandbox.at("2026-11-09");
    let script = "sed -i 's/twice/three times/' \"$1\"";
    sandbox.okr_with_editor(["objective", "edit", "fast-orders"], script).success();
    assert!(sandbox.okr(["objective", "list"]).success().contains("three times as fast"));
    for before in [
        sandbox.okr(["objective", "list", "--as-of", "2026-11-05"]).success(),
        sandbox.okr(["objective", "show", "fast-orders", "--as-of", "2026-11-05"]).success(),
    ] {
        assert!(before.contains("twice as fast"), "{before}");
    }
}

#[test]
fn names_lead_to_objectives_only() {
    let sandbox = with_objective();
    sandbox.okr(["bet", "add", "One queue"]).success();
    assert_snapshot!(sandbox.okr(["objective", "show", "one-queue"]), @"
    ------- stderr -------
    error: 'one-queue' is a bet, not an objective
    hint: list them: git okr objective list
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["objective", "show", "nonesuch"]), @"
    ------- stderr -------
    error: no record 'nonesuch'
    hint: list what there is: git okr list, and bet list, objective list, decide list
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["objective", "read", "one-queue", "--lens", "system=x"]), @"
    ------- stderr -------
    error: 'one-queue' is a bet, not an objective
    hint: list them: git okr objective list
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["objective", "list", "soon"]), @"
    ------- stderr -------
    error: 'soon' is not a period
    hint: periods are 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter or 2026-07-01..2026-09-30
    [exit status: 2]
    ");
}

#[test]
fn lists_the_objectives_that_overlap_a_period() {
    let sandbox = with_objective();
    sandbox.okr(["objective", "add", "The whole year", "--period", "2026"]).success();
    sandbox.okr(["objective", "add", "Next year", "--period", "2027-H1"]).success();
    let list = sandbox.okr(["objective", "list", "2026-Q4"]).success();
    assert!(list.contains("fast-orders") && list.contains("the-whole-year"), "{list}");
    assert!(!list.contains("next-year"), "{list}");
    let list = sandbox.okr(["objective", "list", "2027-Q2"]).success();
    assert!(!list.contains("fast-orders") && list.contains("next-year"), "{list}");
    assert_snapshot!(sandbox.okr(["objective", "list", "2025"]), @"no objective; add one with: git okr objective add");
}

#[test]
fn an_objective_that_a_bet_serves_stays() {
    let sandbox = with_objective();
    sandbox.okr(["bet", "add", "One queue", "--objective", "fast-orders"]).success();
    assert_snapshot!(sandbox.okr(["remove", "fast-orders"]), @"
    ------- stderr -------
    error: objective 'fast-orders' cannot be removed: 1 bet would point at nothing
    hint: take it out of the bet first: git okr bet edit one-queue
    [exit status: 1]
    ");
    assert!(sandbox.okr(["objective", "list"]).success().contains("fast-orders"), "it is still there");
    assert!(sandbox.okr(["bet", "show", "one-queue"]).success().contains("fast-orders"));
    assert_snapshot!(sandbox.okr(["bet", "add", "Other", "--objective", "slow-orders"]), @"
    ------- stderr -------
    error: no objective 'slow-orders'
    hint: objectives are listed by: git okr objective list
    [exit status: 1]
    ");
    sandbox.okr(["remove", "one-queue"]).success();
    sandbox.okr(["remove", "fast-orders"]).success();
    sandbox.okr(["fsck"]).success();
}

#[test]
fn json_holds_the_whole_record() {
    let sandbox = with_objective();
    let one = sandbox.okr(["objective", "show", "fast-orders", "--format", "json"]).json();
    let data = &one["data"];
    assert_eq!(data["slug"], "fast-orders");
    assert_eq!((&data["stance"], &data["owner"]), (&"shape".into(), &"Logistics".into()));
    assert_eq!(data["lens"]["system"], "two teams own half of the path each");
    assert_eq!(data["measure"][0]["shared"], true);
    let list = sandbox.okr(["objective", "list", "--format", "json"]).json();
    assert_eq!(list["data"][0], *data, "a list holds the same record");
    let none = sandbox.okr(["objective", "list", "2025", "--format", "json"]).json();
    assert_eq!(none["data"], Value::Array(Vec::new()));
}
