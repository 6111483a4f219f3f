//! `git okr diff`: the story of a quarter.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A bet of the third quarter with two proofs and a number, checked in on many times, beside one that never moves.
fn quarter() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.at("2026-06-20");
    sandbox.okr(["init"]).success();
    sandbox
        .okr([
            "bet",
            "add",
            "One queue for every team",
            "--slug",
            "queue",
            "--period",
            "2026-Q3",
            "--stance",
            "own",
            "--kind",
            "pillar-shaping",
            "--confidence",
            "70",
            "--proof",
            "six teams run on it",
            "--proof",
            "p95 below 200 ms",
            "--measure",
            "teams on it: 1 -> 6 teams",
        ])
        .success();
    sandbox.okr(["bet", "add", "A bet that stays", "--slug", "stays", "--period", "2026-Q3"]).success();
    sandbox.okr(["bet", "add", "A bet that goes", "--slug", "goes", "--period", "2026-Q3"]).success();
    sandbox.at("2026-07-05");
    sandbox
        .okr(["decide", "A second queue", "--verdict", "decline", "--why", "one is hard enough"])
        .success();
    for (day, status, confidence, note) in [
        ("2026-07-10", "on-track", "72", "the first team moved"),
        ("2026-08-01", "at-risk", "40", "Payments waits for a freeze"),
        ("2026-08-20", "at-risk", "45", "the freeze is longer"),
        ("2026-09-10", "on-track", "65", "Payments moved"),
    ] {
        sandbox.at(day);
        let args =
            ["bet", "check-in", "queue", "--status", status, "--confidence", confidence, "--note", note];
        sandbox.okr(args).success();
    }
    sandbox
}

/// Lowers what the bet promises.
fn lower(sandbox: &Sandbox) {
    let script = "sed -i 's/target = 6.*/target = 3.0/; s/six teams run/three teams run/; s/, \"p95 below 200 ms\"//' \"$1\"";
    sandbox.okr_with_editor(["bet", "edit", "queue"], script).success();
}

#[test]
fn a_quarter_is_told_in_a_few_lines_a_bet() {
    let sandbox = quarter();
    sandbox.at("2026-09-20");
    lower(&sandbox);
    sandbox.okr(["remove", "goes"]).success();
    assert_snapshot!(sandbox.okr(["diff", "2026-Q3"]), @r#"
    The story of 2026-Q3  2026-07-01 to 2026-09-30
    2026-Q3 ends on 2026-09-30, and the journal was last written on 2026-09-20

    Bets
      removed goes  A bet that goes  2026-Q3 <ID3>
      moved queue  One queue for every team  2026-Q3 <ID1>
        - status: not-started -> on-track  confidence: 70% -> 72% -> 40% -> 45% -> 65%
        - 2026-08-01 at-risk 40%  Payments waits for a freeze  (and 3 more check-ins)
        - changed: proofs, measure.teams on it.target

    Promised before, and no longer
      ? goes was removed: A bet that goes  see: git okr log <ID3>
      ? queue no longer promises "p95 below 200 ms"  <ID1>
      ! queue aims lower: teams on it 6 teams -> 3 teams  <ID1>
      · queue now promises "[-six-]{+three+} teams run on it"  <ID1>

    Shape of the open bets
      bets                 at its start  now
      open                            3    2
      kind pillar-shaping             1    1
      kind none                       2    1
      stance own                      1    1
      stance none                     2    1

    Decisions
      - 2026-07-05 decline  A second queue: one is hard enough  <ID4>

    journal <REV>..<REV> of 2026-09-20 · 1 bet unchanged · everything: --full
    "#);
    assert_snapshot!(sandbox.okr(["diff", "2026-06-30..2026-Q3", "--full"]), @r#"
    From 2026-06-30 to 2026-Q3
    2026-Q3 ends on 2026-09-30, and the journal was last written on 2026-09-20

    Bets
      removed goes  A bet that goes  2026-Q3 <ID3>
      moved queue  One queue for every team  2026-Q3 <ID1>
        - status: not-started -> on-track  confidence: 70% -> 72% -> 40% -> 45% -> 65%
        - proofs: p95 below 200 ms, six teams run on it -> three teams run on it
        - measure.teams on it.target: 6 -> 3
        - 2026-07-10 on-track 72%  the first team moved
        - 2026-08-01 at-risk 40%  Payments waits for a freeze
        - 2026-08-20 at-risk 45%  the freeze is longer
        - 2026-09-10 on-track 65%  Payments moved

    Promised before, and no longer
      ? goes was removed: A bet that goes  see: git okr log <ID3>
      ? queue no longer promises "p95 below 200 ms"  <ID1>
      ! queue aims lower: teams on it 6 teams -> 3 teams  <ID1>
      · queue now promises "[-six-]{+three+} teams run on it"  <ID1>

    Shape of the open bets
      bets                 2026-06-30  2026-Q3
      open                          3        2
      kind pillar-shaping           1        1
      kind none                     2        1
      stance own                    1        1
      stance none                   2        1

    Decisions
      - 2026-07-05 decline  A second queue: one is hard enough  <ID4>

    journal <REV>..<REV> of 2026-09-20 · 1 bet unchanged
    "#);
}

#[test]
fn the_same_in_markdown_and_json() {
    let sandbox = quarter();
    sandbox.at("2026-10-01");
    lower(&sandbox);
    let markdown = sandbox.okr(["diff", "2026-Q3..", "--format", "markdown"]);
    assert_snapshot!(markdown, @r#"
    # From 2026-Q3 to now

    ## Bets

    ### moved **queue** One queue for every team 2026-Q3 `<ID1>`

    - **changed:** proofs, measure.teams on it.target

    ## Promised before, and no longer

    - ? **queue** no longer promises "p95 below 200 ms" `<ID1>`
    - ! **queue** aims lower: teams on it 6 teams -\> 3 teams `<ID1>`
    - · **queue** now promises "\[-six-\]{+three+} teams run on it" `<ID1>`

    journal <REV>..<REV> of 2026-10-01 · 2 bets unchanged · everything: --full
    "#);
    let json = sandbox.okr(["diff", "2026-Q3", "--format", "json"]).json();
    let data = &json["data"];
    assert_eq!(data["bets"][0]["path"], serde_json::json!([70, 72, 40, 45, 65]));
    assert_eq!(
        data["bets"][0]["distance"],
        serde_json::json!({"turn": "stayed", "steps": 2, "points": 32, "fields": 0})
    );
    assert_eq!(data["bets"][0]["check_ins"].as_array().unwrap().len(), 4, "a program gets all of them");
    assert_eq!((&data["period"]["name"], &data["from"]), (&"2026-Q3".into(), &"2026-06-30".into()));
    assert_eq!(data["decisions"][0]["verdict"], "decline");
    assert_eq!(data["shape"]["open"], serde_json::json!({"before": 3, "after": 3}));
}

#[test]
fn a_terminal_that_can_shows_the_shape_of_confidence() {
    let sandbox = quarter();
    let show = |locale: &str| {
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        command.args(["--color", "never", "diff", "2026-Q3"]).env("LC_ALL", locale);
        crate::support::Terminal::start(command).end().1
    };
    let (blocks, plain) = (show("C.UTF-8"), show("C"));
    assert!(blocks.contains("confidence: ▆▆▄▄▆ 70% -> 65%"), "{blocks}");
    assert!(plain.contains("confidence: 70% -> 72% -> 40% -> 45% -> 65%"), "{plain}");
}

#[test]
fn what_did_not_happen_is_not_told() {
    let sandbox = quarter();
    assert_snapshot!(sandbox.okr(["diff", "2026-09-11..2026-09-12"]), @"
    From 2026-09-11 to 2026-09-12
    no bet shifted

    journal <REV>..<REV> of 2026-09-10 · 3 bets unchanged
    ");
    assert_eq!(sandbox.okr(["diff", "2026-09-11..2026-09-12", "--exit-code"]).code, Some(0));
    assert_eq!(sandbox.okr(["diff", "2026-07-01..2026-07-06", "--exit-code"]).code, Some(1), "a decision");
    let earlier = sandbox.okr(["diff", "2026-08-15..2026-09-12"]).success();
    assert!(!earlier.contains("Decisions"), "it was taken before: {earlier}");
}

#[test]
fn one_word_is_a_quarter_or_an_error() {
    let sandbox = quarter();
    assert_snapshot!(sandbox.okr(["diff", "2026-08-01"]), @"
    ------- stderr -------
    error: '2026-08-01' is neither of the form A..B nor a quarter
    hint: git okr diff 2026-08-01..
    hint: git okr diff 2026-Q3..2026-Q4
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["diff", "2031-Q1"]), @"
    ------- stderr -------
    error: 2031-Q1 has not begun: it starts on 2031-01-01
    hint: git okr diff this-quarter
    [exit status: 2]
    ");
    let younger = sandbox.okr(["diff", "2026-Q2"]).success();
    assert!(younger.contains("the journal is younger than its first day"), "{younger}");
    assert!(sandbox.okr(["diff", "2025-Q2"]).fails(1).contains("the journal is younger than '2025-Q2'"));
}
