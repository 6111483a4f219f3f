//! `git okr bet`: open, list, show, edit, check in on and close.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A journal with one bet that says everything.
fn with_bet() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    sandbox
        .okr([
            "bet",
            "add",
            "One queue for every team",
            "--slug",
            "one-queue",
            "--kind",
            "pillar-shaping",
            "--outcome",
            "trust",
            "--dimension",
            "technical",
            "--stance",
            "own",
            "--proof",
            "three teams run on it",
            "--measure",
            "p95 latency: 410 -> 180 ms",
            "--measure",
            "weekly orders: 100 -> 120 k shared",
            "--gate",
            "outcome=trust in delivery",
            "--confidence",
            "60",
        ])
        .success();
    sandbox
}

#[test]
fn opens_a_bet_and_says_what_is_unproven() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["bet", "add", "One queue for every team"]), @"
    <ID1>
    ------- stderr -------
    opened one-queue-for-every-team  One queue for every team
    hint: unproven until it answers outcome, level, proof: git okr bet edit one-queue-for-every-team
    ");
    let sandbox = with_bet();
    assert_snapshot!(sandbox.okr(["bet", "list"]), @"
    id    bet        quarter  state                  conf  records  title
    <ID1>  one-queue  2026-Q4  not-started, unproven  60%         0  One queue for every team
    ");
    assert_snapshot!(sandbox.okr(["bet", "show", "one-queue"]), @"
    One queue for every team
    id:           <ID1>
    slug:         one-queue
    quarter:      2026-Q4
    state:        not-started, unproven
    evidence:     nothing recorded
    confidence:   60%
    kind:         pillar-shaping
    stance:       own
    outcomes:     trust
    capabilities: -
    dimensions:   technical

    gate
      - Which outcome or capability is this for?
        - trust in delivery
      - Does it ask for staff-level work, or could the team do it just as well alone?
        - no answer yet
      - Suppose it works: what will you be able to point at?
        - no answer yet

    proof it forecasts
      - three teams run on it

    measures
      measure        baseline  target  latest  unit  relation
      p95 latency    410       180     -       ms    own
      weekly orders  100       120     -       k     shared

    check-ins
      day         status       conf  note
      2026-11-02  not-started   60%  confidence at opening
    ");
    assert_eq!(
        sandbox.git_journal(["rev-list", "--count", "okr"]),
        "2",
        "bet and first check-in are one commit"
    );
}

#[test]
fn a_bet_that_answers_every_gate_is_not_unproven() {
    let sandbox = Sandbox::with_journal();
    let guide = sandbox.okr(["guide", "show", "--format", "json"]).json();
    let gates = guide["data"]["gate"].as_array().expect("the guide has gates").clone();
    assert_eq!(gates.len(), 3);
    let answers: Vec<String> =
        gates.iter().map(|gate| format!("{}=yes, so", gate["id"].as_str().unwrap())).collect();
    let output = sandbox.okr([
        "bet",
        "add",
        "Proven",
        "--gate",
        &answers[0],
        "--gate",
        &answers[1],
        "--gate",
        &answers[2],
    ]);
    assert!(!output.stderr.contains("unproven"), "{output}");
    assert!(!sandbox.okr(["bet", "show", "proven"]).success().contains("unproven"));
}

#[test]
fn takes_the_same_four_ways_of_input() {
    let sandbox = Sandbox::with_journal();
    sandbox
        .okr_with_stdin(["bet", "add", "-"], "title = \"From standard input\"\nperiod = \"2027-Q1\"\n")
        .success();
    let script = "sed -i 's/^title = .*/title = \"From the editor\"/' \"$1\"";
    sandbox.okr_with_editor(["bet", "add", "--edit"], script).success();
    let list = sandbox.okr(["bet", "list"]).success();
    assert!(
        list.contains("From standard input") && list.contains("2027-Q1") && list.contains("From the editor"),
        "{list}"
    );
    assert_snapshot!(sandbox.okr(["bet", "add"]), @r#"
    ------- stderr -------
    error: say what the bet is
    hint: git okr bet add "what the bet is"
    [exit status: 2]
    "#);
}

#[test]
fn a_check_in_moves_status_confidence_and_measures() {
    let sandbox = with_bet();
    sandbox.at("2026-11-16");
    assert_snapshot!(sandbox.okr([
        "bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "75%", "--note", "Payments is on it",
        "--reading", "p95 latency=260",
    ]), @"
    <ID2>
    ------- stderr -------
    checked in one-queue  on-track 75%
    ");
    sandbox.okr(["bet", "check-in", "one-queue", "--confidence", "50", "--date", "2026-11-09"]).success();
    assert_snapshot!(sandbox.okr(["bet", "show", "one-queue"]), @"
    One queue for every team
    id:           <ID1>
    slug:         one-queue
    quarter:      2026-Q4
    state:        on-track, unproven
    evidence:     nothing recorded
    confidence:   75%
    kind:         pillar-shaping
    stance:       own
    outcomes:     trust
    capabilities: -
    dimensions:   technical

    gate
      - Which outcome or capability is this for?
        - trust in delivery
      - Does it ask for staff-level work, or could the team do it just as well alone?
        - no answer yet
      - Suppose it works: what will you be able to point at?
        - no answer yet

    proof it forecasts
      - three teams run on it

    measures
      measure        baseline  target  latest  unit  relation
      p95 latency    410       180     260     ms    own
      weekly orders  100       120     -       k     shared

    check-ins
      day         status       conf  note
      2026-11-02  not-started   60%  confidence at opening
      2026-11-09  on-track      50%
      2026-11-16  on-track      75%  Payments is on it · p95 latency 260
    ");
    assert_snapshot!(sandbox.okr(["bet", "check-in", "one-queue", "--reading", "p99=1"]), @"
    ------- stderr -------
    error: bet 'one-queue' has no measure 'p99'
    hint: its measures: p95 latency, weekly orders
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["bet", "check-in", "one-queue"]), @r#"
    ------- stderr -------
    error: say how the bet stands
    hint: --status on-track --confidence 70 --note "…"
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["bet", "check-in", "one-queue", "--status", "fine"]), @"
    ------- stderr -------
    error: unknown status 'fine'
    hint: it is not-started, on-track, at-risk or off-track
    [exit status: 2]
    ");
}

#[test]
fn a_bet_is_closed_once_and_says_why() {
    let sandbox = with_bet();
    assert_snapshot!(sandbox.okr(["bet", "close", "one-queue", "--won"]), @r#"
    ------- stderr -------
    error: say why the bet ended
    hint: --why "three teams run on it"
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["bet", "close", "one-queue", "--won", "--why", "three teams run on it"]), @"
    ------- stderr -------
    closed one-queue as won
    ");
    assert_snapshot!(sandbox.okr(["bet", "close", "one-queue", "--lost", "--why", "no"]), @"
    ------- stderr -------
    error: bet 'one-queue' was closed as won on 2026-11-02
    hint: to change that: git okr bet edit one-queue
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["bet", "check-in", "one-queue", "--confidence", "1"]), @"
    ------- stderr -------
    error: bet 'one-queue' was closed as won on 2026-11-02
    hint: to open it again, delete its [closed] part: git okr bet edit one-queue
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["bet", "list"]), @"no bet; open one with: git okr bet add");
    assert!(sandbox.okr(["bet", "list", "--all"]).success().contains("won"));
    assert_eq!(sandbox.okr(["bet", "close", "one-queue", "--won", "--lost", "--why", "x"]).code, Some(2));
}

#[test]
fn a_bet_that_is_carried_goes_on_in_the_other_quarter() {
    let sandbox = with_bet();
    assert_snapshot!(
        sandbox.okr(["bet", "close", "one-queue", "--carried-to", "2027-Q1", "--why", "Payments moved"]), @"
    ------- stderr -------
    closed one-queue as carried to 2027-Q1
    ");
    assert_snapshot!(sandbox.okr(["bet", "list", "--all"]), @"
    id    bet        quarter  state                  conf  records  title
    <ID1>  one-queue  2026-Q4  carried, unproven      60%         0  One queue for every team
    <ID2>  one-queue  2027-Q1  no check-in, unproven  -           0  One queue for every team
    ");
    assert!(
        sandbox.okr(["bet", "show", "one-queue"]).success().contains("2027-Q1"),
        "the slug means the open one"
    );
    sandbox.okr(["fsck"]).success();
}

#[test]
fn lists_bets_of_a_period() {
    let sandbox = with_bet();
    sandbox.okr(["bet", "add", "Next year", "--period", "2027-Q1"]).success();
    let list = sandbox.okr(["bet", "list", "2026-Q4"]).success();
    assert!(list.contains("one-queue") && !list.contains("next-year"), "{list}");
    let list = sandbox.okr(["bet", "list", "2027"]).success();
    assert!(!list.contains("one-queue") && list.contains("next-year"), "{list}");
}

#[test]
fn slugs_of_open_bets_are_unique() {
    let sandbox = with_bet();
    sandbox.okr(["bet", "add", "Another", "--slug", "one-queue"]).fails(1);
    sandbox.okr(["bet", "add", "One queue!", "--slug", "One Queue"]).fails(1);
    let twice = sandbox.okr(["bet", "add", "Same"]).success();
    let again = sandbox.okr(["bet", "add", "Same"]).success();
    assert_ne!(twice, again);
    sandbox.okr(["fsck"]).success();
}

#[test]
fn edit_takes_a_bet_only() {
    let sandbox = with_bet();
    let id = sandbox.okr(["add", "Evidence"]).id();
    sandbox.okr_with_editor(["bet", "edit", &id], "true").fails(1);
    let script = "sed -i 's/^title = .*/title = \"Two queues\"/' \"$1\"";
    sandbox.okr_with_editor(["bet", "edit", "one-queue"], script).success();
    assert!(sandbox.okr(["bet", "list"]).success().contains("Two queues"));
}
