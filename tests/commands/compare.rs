//! `git okr scorecard --compare`: what moved between two periods.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// Two quarters: a thin one with a lost bet, and one with work that others took up.
fn two_quarters() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.at("2026-04-02");
    sandbox.okr(["init"]).success();
    sandbox.okr(["bet", "add", "One cache", "--slug", "cache", "--outcome", "trust"]).success();
    sandbox.at("2026-05-06");
    sandbox.okr(["add", "Cache drafted", "--kind", "platform", "--dimension", "technical"]).success();
    sandbox.at("2026-06-20");
    sandbox.okr(["bet", "close", "cache", "--lost", "--why", "nobody needed it"]).success();
    sandbox.at("2026-07-03");
    sandbox.okr(["bet", "add", "One queue", "--slug", "queue", "--outcome", "trust"]).success();
    for (day, team, number) in [("2026-07-20", "Payments", "12"), ("2026-08-10", "Search", "31")] {
        sandbox.at(day);
        let (title, link) =
            (format!("Queue adopted by {team}"), format!("https://example.com/acme/shop/pull/{number}"));
        sandbox
            .okr([
                "add",
                &title,
                "--kind",
                "platform",
                "--bet",
                "queue",
                "--dimension",
                "technical",
                "--reach",
                "multi-team",
                "--adopter",
                team,
                "--artifact",
                &link,
            ])
            .success();
    }
    sandbox.at("2026-09-30");
    sandbox.okr(["bet", "close", "queue", "--won", "--why", "two teams run on it"]).success();
    sandbox
}

#[test]
fn what_moved_is_told_question_by_question() {
    let sandbox = two_quarters();
    // A finding names its records in the order of their ids, which are random.
    let shown = sandbox.okr(["scorecard", "2026-Q3", "--compare", "2026-Q2"]).to_string();
    let shown = shown.replace("<ID5> <ID4>", "<ID4> <ID5>");
    assert_snapshot!(shown, @"
    Scorecard 2026-Q2 -> 2026-Q3

    Relevance  1 up, 1 same
      + Which outcomes was your work meant to move?  fair -> strong
      = Why were these the right bets for this quarter and not for another?  weak, as before

    Leverage  1 same, 1 judged now
      ~ What do several teams have now that they did not have before?  too little to judge -> strong
      = Where did you change the direction or the order of work outside your own area?  too little to
        judge, as before

    Legibility  1 same, 1 judged now
      = Does every dimension have evidence, and which one is thin?  too little to judge, as before
      ~ What level would a stranger guess from these records alone?  too little to judge -> fair

    Evidence  1 same, 1 judged now
      ~ What can be opened, measured or confirmed by a named person?  too little to judge -> strong
      = How much of it was written down in the week it happened?  too little to judge, as before

    Rubric
      ~ Technical direction  too little to judge -> solid  (0 -> 2 proven, 0 -> 2 beyond the team, 0 ->
        2 adopters, 0 -> 2 weeks)
      = Product and business judgement  nothing recorded, as before
      = Execution leverage  nothing recorded, as before
      = People and collaboration  nothing recorded, as before

    Figures
      figure                    2026-Q2  2026-Q3  change
      records of evidence             1        2      +1
      proven records                  0        2      +2
      loud records                    1        2      +1
      shaping records                 0        0
      untriaged records               0        0
      capture lag, median        0 days   0 days
      capture lag, nine in ten   0 days   0 days
      bets                            1        1
      bets still open                 0        0
      bets won                        0        1      +1
      bets lost                       1        0      -1
      bets dropped                    0        0
      bets carried on                 0        0

    New in 2026-Q3  6 findings
      ! bet 'queue' is unproven: no answer to outcome, level, proof  [gate-answered] <ID3>
      + 2 distinct proven pieces of work reached beyond the team  [reach-and-adopters] <ID4> <ID5>
      + 2 distinct adopters named  [reach-and-adopters/2] <ID4> <ID5>
      + solid or strong in technical  [dimension-coverage]
      + 2 of 2 records with a reach went beyond the team  [local-only] <ID4> <ID5>
      + 2 of 2 records with an artifact, a number or an adopter  [artifact-backed] <ID4> <ID5>

    Only in 2026-Q2  6 findings
      · 1 of 1 record serves no bet, outcome or capability  [evidence-aims] <ID2>
      ! bet 'cache' is unproven: no answer to outcome, level, proof  [gate-answered] <ID1>
      ? nothing proven reached beyond the team  [reach-and-adopters]
      ? nobody is named who took anything up  [reach-and-adopters/2]
      · 1 of 1 record without a word on reach  [local-only] <ID2>
      ! 1 has nothing to open  [artifact-backed] <ID2>

    journal <REV> of 2026-09-30 · guide staff-engineer
    ");
}

#[test]
fn the_order_of_the_two_does_not_matter_and_json_has_both() {
    let sandbox = two_quarters();
    let text = |args: [&str; 4]| sandbox.okr(args).success();
    assert_eq!(
        text(["scorecard", "2026-Q3", "--compare", "2026-Q2"]),
        text(["scorecard", "2026-Q2", "--compare", "2026-Q3"])
    );
    let json = sandbox.okr(["scorecard", "2026-Q3", "--compare", "2026-Q2", "--format", "json"]).json();
    let comparison = &json["data"]["comparison"];
    assert_eq!((&json["kind"], &json["okr_json"]), (&"scorecard".into(), &1.into()));
    assert_eq!(
        (&json["data"]["period"]["name"], &comparison["before"]["name"]),
        (&"2026-Q3".into(), &"2026-Q2".into())
    );
    let lost = comparison["figures"].as_array().unwrap().iter().find(|one| one["id"] == "bets-lost").unwrap();
    assert_eq!((&lost["before"], &lost["after"]), (&1.into(), &0.into()));
    assert_eq!(comparison["dimensions"][0]["movement"], "first");
    assert!(comparison["new"].as_array().unwrap().iter().all(|one| one["rule"].is_string()));
    let markdown = sandbox.okr(["scorecard", "2026-Q3", "--compare", "2026-Q2", "--format", "markdown"]);
    assert!(markdown.success().contains("| bets won | 0 | 1 | +1 |"));
}

#[test]
fn a_compared_period_reads_as_it_does_alone() {
    let sandbox = two_quarters();
    let json = |args: &[&str]| -> serde_json::Value {
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        sandbox.run(command.args(args).args(["--format", "json"])).json()["data"].take()
    };
    for (one, other) in [("2026-Q3", "2026-Q2"), ("2026-Q2", "2026-Q3"), ("2026", "2026-Q3")] {
        let alone = json(&["scorecard", one]);
        let mut beside = json(&["scorecard", one, "--compare", other]);
        beside.as_object_mut().unwrap().remove("comparison");
        assert_eq!(alone, beside, "{one} beside {other}");
    }
}

#[test]
fn one_revision_gives_the_same_bytes() {
    let sandbox = two_quarters();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    for format in ["text", "markdown", "json"] {
        let compared = || {
            let args = ["scorecard", "2026-Q3", "--compare", "2026-Q2", "--as-of", &tip, "--format", format];
            sandbox.okr(args).success()
        };
        let first = compared();
        sandbox.at("2027-02-01");
        sandbox.okr(["add", "Later"]).success();
        assert_eq!(first, compared(), "{format}");
    }
}

#[test]
fn what_is_not_over_or_not_there_is_said_and_never_a_loss() {
    let sandbox = two_quarters();
    sandbox.at("2026-10-12");
    sandbox.okr(["add", "First of the new quarter", "--dimension", "technical"]).success();
    let running = sandbox.okr(["scorecard", "--compare", "last-quarter"]).success();
    let note =
        "2026-Q4 ends on 2026-12-31, and the journal was last written on 2026-10-12: what is missing or";
    assert!(running.contains(note) && !running.contains("1 down"), "{running}");
    let younger = sandbox.okr(["scorecard", "2026-Q2", "--compare", "2025-Q4"]).success();
    assert!(younger.contains("The journal begins after 2025-Q4") && !younger.contains("1 down"), "{younger}");
    let empty = sandbox.okr(["scorecard", "2026-Q4", "--compare", "2026-Q1"]).success();
    assert!(empty.contains("The journal begins after 2026-Q1"), "{empty}");
    assert_snapshot!(sandbox.okr(["scorecard", "2026-Q3", "--compare", "2030-Q1"]), @"
    Scorecard 2026-Q3 -> 2030-Q1
    2030-Q1 begins on 2030-01-01, and the journal was last written on 2026-10-12: there is nothing to
    compare yet.

    journal <REV> of 2026-10-12 · guide staff-engineer
    ");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let sandbox = two_quarters();
    for (other, said) in [
        ("2026-Q3", "'2026-Q3' and '2026-Q3' are the same days"),
        ("2026-07-01..2026-09-30", "are the same days"),
        ("2026-Q5", "'2026-Q5' is not a period"),
        ("yesterday", "'yesterday' is not a period"),
    ] {
        let complaint = sandbox.okr(["scorecard", "2026-Q3", "--compare", other]).fails(2);
        assert!(complaint.contains(said) && complaint.contains("hint: "), "{complaint}");
    }
    assert_snapshot!(sandbox.okr(["scorecard", "2026-Q3", "--compare", "2026-Q3"]), @"
    ------- stderr -------
    error: '2026-Q3' and '2026-Q3' are the same days
    hint: git okr scorecard 2026-Q3 --compare 2026-Q2
    [exit status: 2]
    ");
}
