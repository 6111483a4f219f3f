//! `git okr log`, `diff`, `fsck` and `git`: the journal's history.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A bet over two quarters: opened, checked in on, edited, closed.
fn story() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.at("2026-07-01");
    sandbox.okr(["init"]).success();
    sandbox
        .okr([
            "bet",
            "add",
            "One queue for every team",
            "--slug",
            "one-queue",
            "--note",
            "We move every team to the queue.",
        ])
        .success();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "60"]).success();
    sandbox.okr(["bet", "add", "A bet that stays", "--slug", "stays"]).success();
    sandbox.at("2026-10-12");
    let script = "sed -i 's/every team to/three teams to/; s/^title = .*/title = \"One queue for three teams\"/' \"$1\"";
    sandbox.okr_with_editor(["bet", "edit", "one-queue"], script).success();
    sandbox
        .okr([
            "bet",
            "check-in",
            "one-queue",
            "--status",
            "at-risk",
            "--confidence",
            "35",
            "--note",
            "Payments is late",
        ])
        .success();
    sandbox.okr(["bet", "add", "A new bet", "--slug", "new"]).success();
    sandbox.okr(["add", "Queue adopted", "--date", "2026-09-20", "--bet", "one-queue"]).success();
    sandbox
}

#[test]
fn the_log_tells_what_happened_to_records() {
    let sandbox = story();
    assert_snapshot!(sandbox.okr(["log", "-n", "4"]), @"
    <REV>  2026-10-12 10:04
      + evidence <ID6>  Queue adopted

    <REV>  2026-10-12 10:03
      + bet <ID5>  A new bet

    <REV>  2026-10-12 10:02
      + check-in <ID4>  at-risk 35%
        - note: Payments is late

    <REV>  2026-10-12 10:01
      ~ bet <ID1>  One queue for three teams
        - title: One queue for [-every-]{+three+} [-team-]{+teams+}
        - note: We move [-every-]{+three+} [-team-]{+teams+} to the queue.

    older commits are left out; show more with: git okr log -n 20
    ");
    assert_snapshot!(sandbox.okr(["log", "one-queue"]), @"
    <REV>  2026-10-12 10:02
      + check-in <ID4>  at-risk 35%
        - note: Payments is late

    <REV>  2026-10-12 10:01
      ~ bet <ID1>  One queue for three teams
        - title: One queue for [-every-]{+three+} [-team-]{+teams+}
        - note: We move [-every-]{+three+} [-team-]{+teams+} to the queue.

    <REV>  2026-07-01 10:03
      + check-in <ID2>  on-track 60%

    <REV>  2026-07-01 10:02
      + bet <ID1>  One queue for every team
    ");
    sandbox.okr(["log", "--format", "json"]).json();
}

#[test]
fn the_diff_tells_how_bets_moved_between_quarters() {
    let sandbox = story();
    assert_snapshot!(sandbox.okr(["diff", "2026-Q3..2026-Q4"]), @"
    From 2026-Q3 to 2026-Q4
    2026-Q4 ends on 2026-12-31, and the journal was last written on 2026-10-12

    Bets
      added new  A new bet  2026-Q4 <ID5>
      moved one-queue  One queue for three teams  2026-Q3 <ID1>
        - status: on-track -> at-risk  confidence: 60% -> 35%
        - 2026-10-12 at-risk 35%  Payments is late
        - changed: title, note

    Shape of the open bets
      bets         2026-Q3  2026-Q4
      open               2        3
      kind none          2        3
      stance none        2        3

    journal <REV>..<REV> of 2026-10-12 · 1 bet unchanged · everything: --full
    ");
    assert_eq!(sandbox.okr(["diff", "2026-Q3..2026-Q4", "--exit-code"]).code, Some(1));
    assert_eq!(sandbox.okr(["diff", "2026-10-13..2026-10-14", "--exit-code"]).code, Some(0));
    let first = sandbox.git_journal(["rev-parse", "okr~3"]);
    let by_revision = sandbox.okr(["diff", &format!("{first}..")]);
    assert!(by_revision.stdout.contains("35"), "{by_revision}");
    sandbox.okr(["diff", "--format", "json"]).json();
    assert_snapshot!(sandbox.okr(["diff", "2026-Q3"]), @"
    The story of 2026-Q3  2026-07-01 to 2026-09-30
    the journal is younger than its first day

    Bets
      added one-queue  One queue for every team  2026-Q3 <ID1>
        - status: on-track  confidence: 60%

      added stays  A bet that stays  2026-Q3 <ID3>

    Shape of the open bets
      bets         at its start  at its end
      open                    -           2
      kind none               -           2
      stance none             -           2

    journal nothing..<REV> of 2026-07-01
    ");
    assert_snapshot!(sandbox.okr(["diff", "2025-Q1..2025-Q2"]), @"
    ------- stderr -------
    error: the journal is younger than '2025-Q2'
    hint: its first revision is at the end of: git okr log
    [exit status: 1]
    ");
}

#[test]
fn messages_of_the_journal_read_well_without_the_program() {
    let sandbox = story();
    let subjects = sandbox.git_journal(["log", "--reverse", "--format=%s", "okr"]);
    assert_snapshot!(sandbox.steady(&subjects), @"
    init journal
    open bet <ID1>: One queue for every team
    add check-in <ID2>: on-track 60%
    open bet <ID3>: A bet that stays
    edit bet <ID1>: One queue for three teams
    add check-in <ID4>: at-risk 35%
    open bet <ID5>: A new bet
    add evidence <ID6>: Queue adopted
    ");
}

#[test]
fn git_runs_on_the_journal_and_its_exit_code_comes_through() {
    let sandbox = story();
    let count = sandbox.okr(["git", "rev-list", "--count", "okr"]).success();
    assert_eq!(count.trim(), sandbox.git_journal(["rev-list", "--count", "okr"]));
    assert_eq!(sandbox.okr(["git", "rev-parse", "--verify", "--quiet", "nonesuch"]).code, Some(1));
    assert_eq!(sandbox.okr(["git"]).code, Some(2));
}

#[test]
fn a_sound_journal_has_nothing_wrong() {
    assert_snapshot!(story().okr(["fsck"]), @"6 records read, nothing is wrong");
}
