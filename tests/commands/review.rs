//! `git okr review`: the ritual, its form, what is recorded, and when it is due.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A journal in the last days of 2026-Q4 with two bets, a capture and some evidence.
fn december() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    sandbox.at("2026-10-05");
    sandbox
        .okr([
            "bet",
            "add",
            "One queue",
            "--slug",
            "one-queue",
            "--kind",
            "pillar-shaping",
            "--proof",
            "Payments sends through it",
        ])
        .success();
    sandbox.okr(["bet", "add", "Safe rollout", "--slug", "safe-rollout"]).success();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "70"]).success();
    sandbox.at("2026-11-10");
    sandbox
        .okr([
            "add",
            "Payments sends through the queue",
            "--kind",
            "platform",
            "--bet",
            "one-queue",
            "--dimension",
            "technical",
            "--adopter",
            "Payments",
            "--artifact",
            "https://example.com/1",
        ])
        .success();
    sandbox.okr(["add", "Talked to Ada about retries"]).success();
    sandbox.at("2026-12-20");
    sandbox
}

const ANSWERS: &str = "next = [\"Own the index\"]\n\
    [bet.one-queue]\ndecision = \"carry\"\nwhy = \"Orders follows in January\"\nstatus = \"at-risk\"\nconfidence = 55\n\
    [bet.safe-rollout]\ndecision = \"drop\"\nwhy = \"nobody waits for it\"\n\
    [answer.outcomes]\nrating = \"fair\"\ntext = \"one of two\"\n";

#[test]
fn the_agenda_is_listed_with_the_evidence_beside() {
    let sandbox = december();
    let text = sandbox.okr(["review", "--list"]).success();
    for part in [
        "Review of 2026-Q4",
        "11 days left",
        "one-queue",
        "70%",
        "arrived",
        "Talked to Ada",
        "the records say:",
        "Next: 2027-Q1",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = sandbox.okr(["review", "--list", "--format", "json"]).json();
    assert_eq!(json["data"]["questions"].as_array().unwrap().len(), 8, "{json}");
    assert_eq!(sandbox.okr(["review", "--list"]).success(), sandbox.okr(["review", "--list"]).success());
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]).trim(), "6", "looking records nothing");
}

#[test]
fn answers_from_a_file_become_one_commit() {
    let sandbox = december();
    std::fs::write(sandbox.path("work/answers.toml"), ANSWERS).unwrap();
    let before = sandbox.git_journal(["rev-list", "--count", "okr"]);
    assert_snapshot!(sandbox.okr(["review", "--answers", "answers.toml"]), @"
    <ID6>
    ------- stderr -------
    reviewed 2026-Q4
    hint: open what you sketched: git okr bet add --period 2027-Q1
    ");
    let after = sandbox.git_journal(["rev-list", "--count", "okr"]);
    assert_eq!(before.trim().parse::<u32>().unwrap() + 1, after.trim().parse::<u32>().unwrap());
    let bets = sandbox.okr(["bet", "list", "--all"]).success();
    assert!(bets.contains("carried") && bets.contains("dropped") && bets.contains("2027-Q1"), "{bets}");
    let shown = sandbox.okr(["review", "show"]).success();
    assert!(
        shown.contains("one of two") && shown.contains("Orders follows") && shown.contains("Own the index"),
        "{shown}"
    );
    assert!(sandbox.okr(["bet", "show", "one-queue"]).success().contains("2027-Q1"));
    sandbox.okr(["fsck"]).success();
}

#[test]
fn a_second_review_lays_answers_over_the_first() {
    let sandbox = december();
    sandbox
        .okr_with_stdin(
            ["review", "--answers", "-"],
            "[answer.outcomes]\nrating = \"weak\"\n[answer.fresh]\nrating = \"strong\"\n",
        )
        .success();
    sandbox.at("2027-01-04");
    let late = sandbox
        .okr_with_stdin(["review", "2026-Q4", "--answers", "-"], "[answer.outcomes]\nrating = \"fair\"\n");
    assert!(late.stderr.contains("4 days late"), "{late}");
    let json = sandbox.okr(["review", "show", "2026-Q4", "--format", "json"]).json();
    assert_eq!(json["data"]["answer"]["outcomes"]["rating"], "fair", "{json}");
    assert_eq!(json["data"]["answer"]["fresh"]["rating"], "strong", "{json}");
    let list = sandbox.okr(["review", "list"]).success();
    assert!(list.contains("2026-Q4") && list.contains("4 days late"), "{list}");
    let old = sandbox.okr(["review", "show", "--as-of", "2026-12-31", "--format", "json"]).success();
    assert!(old.contains("weak"), "{old}");
}

#[test]
fn a_review_is_due_in_time_and_after_the_end() {
    let sandbox = december();
    assert_eq!(sandbox.at("2026-12-17").okr(["review", "--due"]).success(), "");
    let due = sandbox.at("2026-12-18").okr(["review", "--due"]);
    assert_eq!((due.stdout.as_str(), due.code), ("2026-Q4 has 13 days left: git okr review\n", Some(1)));
    assert!(sandbox.okr(["status"]).success().contains("2026-Q4 has 13 days left"));
    let late = sandbox.at("2027-01-09").okr(["review", "--due"]);
    assert_eq!(late.stdout, "2026-Q4 ended 9 days ago and has no review: git okr review 2026-Q4\n");
    sandbox.okr_with_stdin(["review", "--answers", "-"], "[answer.outcomes]\nrating = \"weak\"\n").success();
    sandbox.okr(["review", "--due"]).success();
    sandbox.sh(&sandbox.path("work"), "git config --global okr.reviewDays 92").silent();
    assert_eq!(sandbox.okr(["review", "--due"]).code, Some(1));
    sandbox.sh(&sandbox.path("work"), "git config --global okr.reviewDays soon").silent();
    assert!(sandbox.okr(["review", "--due"]).fails(1).contains("okr.reviewDays"));
}

#[test]
fn what_cannot_be_reviewed_is_refused_and_nothing_is_recorded() {
    let sandbox = december();
    let before = sandbox.git_journal(["rev-parse", "okr"]);
    for (args, input, message) in [
        (["review", "2027-Q1", "--answers", "-"], "note = \"x\"", "has not begun"),
        (["review", "2026", "--answers", "-"], "note = \"x\"", "a review is of one quarter"),
        (["review", "2026-Q5", "--answers", "-"], "note = \"x\"", "2026-Q5"),
        (["review", "2026-Q4", "--answers", "-"], "", "nothing was answered"),
        (["review", "2026-Q4", "--answers", "-"], "[answer.outcomes]\nrating = \"great\"", "unknown rating"),
        (["review", "2026-Q4", "--answers", "-"], "[bet.one-queue]\ndecision = \"drop\"", "say why"),
        (["review", "2026-Q4", "--answers", "-"], "[bet.safe-rollout]\nconfidence = 50", "says its status"),
        (
            ["review", "2026-Q4", "--answers", "-"],
            "[bet.nothing]\ndecision = \"keep\"",
            "no open bet 'nothing'",
        ),
        (["review", "2026-Q4", "--answers", "-"], "answers = 1", "line 1"),
        (["review", "2026-Q4", "--answers", "missing.toml"], "", "cannot read"),
    ] {
        let output = sandbox.okr_with_stdin(args, input);
        assert!(
            output.stderr.contains("error: ") && output.stderr.contains(message),
            "{args:?} {input}: {output}"
        );
        assert_ne!(output.code, Some(0));
    }
    assert!(sandbox.okr(["review"]).fails(2).contains("no terminal"));
    assert!(sandbox.okr(["review", "show"]).fails(1).contains("no review yet"));
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), before);
}

#[test]
fn the_editor_shows_every_question_and_keeps_what_was_typed() {
    let sandbox = december();
    let script = "grep -q 'the records say' \"$1\" || exit 1\n\
        sed -i '/^\\[answer.outcomes\\]/,/^text/s/^rating = \"\"/rating = \"fair\"/' \"$1\"";
    sandbox.okr_with_editor(["review", "--edit"], script).success();
    assert!(sandbox.okr(["review", "show"]).success().contains("outcomes  fair"));
    let broken = "sed -i '/^\\[answer.outcomes\\]/,/^text/s/^rating = \"\"/rating = \"great\"/' \"$1\"";
    let failed = sandbox.okr_with_editor(["review", "--edit"], broken).fails(1);
    assert!(failed.contains("unknown rating 'great'") && failed.contains("is kept in"), "{failed}");
}

#[test]
fn the_walk_goes_on_where_it_was_left() {
    let sandbox = december();
    let work = sandbox.path("work");
    let mut terminal = sandbox.terminal(&work, ["review"]);
    terminal.expect("capture 1 of 1").press("s\n");
    terminal.expect("what becomes of 'one-queue'").press("k\n");
    terminal.expect("what happened, and why").press("Payments is on it\r");
    terminal.expect("status").press("\r");
    terminal.expect("confidence, 0 to 100").press("80\r");
    terminal.expect("what becomes of 'safe-rollout'").press("q\n");
    let (status, shown) = terminal.end();
    assert!(status.success() && shown.contains("go on with: git okr review 2026-Q4"), "{shown}");
    assert!(sandbox.okr(["review", "show"]).fails(1).contains("no review yet"), "nothing is recorded yet");

    let mut terminal = sandbox.terminal(&work, ["review"]);
    terminal.expect("going on: 1 item").expect("capture 1 of 1").press("a\n");
    terminal.expect("what becomes of 'safe-rollout'").press("d\n");
    terminal.expect("what happened, and why").press("nobody waits ");
    let (status, shown) = terminal.interrupt();
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(!shown.contains("what becomes of 'one-queue'"), "it was answered: {shown}");

    let mut terminal = sandbox.terminal(&work, ["review"]);
    terminal.expect("capture 1 of 1").press("a\n");
    terminal.expect("what becomes of 'safe-rollout'").press("s\n");
    while terminal.expect_any(&["finding ", "question 1 of 8"]) == 0 {
        terminal.expect("?]? ").press("s\n");
    }
    terminal.press("2\n").expect("in your words").press("one of two\r");
    for number in 2..=8 {
        terminal.expect(&format!("question {number} of 8")).press("s\n");
    }
    terminal.expect("a bet for 2027-Q1").press("Own the index\r");
    terminal.expect("a bet for 2027-Q1").expect("a bet for 2027-Q1").press("\r");
    terminal.expect("record the review of 2026-Q4?").press("y");
    let (status, shown) = terminal.end();
    assert!(status.success() && shown.contains("reviewed 2026-Q4"), "{shown}");
    let review = sandbox.okr(["review", "show"]).success();
    for part in ["one of two", "Payments is on it", "Own the index", "keep"] {
        assert!(review.contains(part), "{part}: {review}");
    }
    assert!(sandbox.okr(["bet", "show", "one-queue"]).success().contains("80%"));
    assert_eq!(std::fs::read_dir(sandbox.journal().join("okr/drafts")).unwrap().count(), 0);
}

#[test]
fn the_past_is_read_as_it_was_known() {
    let sandbox = december();
    let then = sandbox.okr(["review", "--list", "2026-Q4", "--as-of", "2026-10-31"]).success();
    assert!(then.contains("one-queue") && !then.contains("Talked to Ada"), "{then}");
    let status = sandbox.okr(["status", "--as-of", "2026-10-31"]).success();
    assert!(status.contains("2026-Q4") && status.contains("of 2026-10-05"), "{status}");
    sandbox.at("2027-02-01");
    assert_eq!(sandbox.okr(["review", "--list", "2026-Q4", "--as-of", "2026-10-31"]).success(), then);
    assert_eq!(sandbox.okr(["status", "--as-of", "2026-10-31"]).success(), status);
}

#[test]
fn the_agenda_tells_how_past_decisions_turned_out() {
    let sandbox = Sandbox::with_journal();
    sandbox.at("2026-10-05");
    sandbox
        .okr(["decide", "Own the queue", "--verdict", "take", "--why", "nobody else can", "--bet"])
        .success();
    sandbox.okr(["bet", "close", "own-the-queue", "--lost", "--why", "it was too late"]).success();
    sandbox.at("2026-12-20");
    let text = sandbox.okr(["review", "--list"]).success();
    assert!(text.contains("Decisions\n") && text.contains("[taken-lost]"), "{text}");
}

#[test]
fn a_carried_bet_is_not_carried_twice_and_a_later_bet_is_not_touched() {
    let sandbox = december();
    let carry = "[bet.one-queue]\ndecision = \"carry\"\nwhy = \"later\"\n";
    sandbox.okr_with_stdin(["review", "2026-Q4", "--answers", "-"], carry).success();
    let again = sandbox.okr_with_stdin(["review", "2026-Q4", "--answers", "-"], carry);
    assert!(again.fails(1).contains("no open bet 'one-queue' in the review of 2026-Q4"));
    let bets = sandbox.okr(["bet", "list", "--all"]).success();
    assert_eq!(bets.matches("one-queue").count(), 2, "{bets}");
}

#[test]
fn an_answer_on_a_bet_that_was_closed_meanwhile_is_left_out() {
    let sandbox = december();
    let work = sandbox.path("work");
    let mut terminal = sandbox.terminal(&work, ["review"]);
    terminal.expect("capture 1 of 1").press("a\n");
    terminal.expect("what becomes of 'one-queue'").press("k\n");
    terminal.expect("what happened, and why").press("so\r");
    terminal.expect("status").press("\r");
    terminal.expect("confidence, 0 to 100").press("80\r");
    terminal.expect("what becomes of 'safe-rollout'").press("m\n");
    terminal.expect("what happened, and why").press("smaller steps\r");
    terminal.expect("status");
    let (_, shown) = terminal.interrupt();
    assert!(shown.contains("is kept"), "{shown}");
    sandbox.okr(["bet", "close", "one-queue", "--won", "--why", "done"]).success();
    let mut terminal = sandbox.terminal(&work, ["review"]);
    terminal.expect("'one-queue' is not open any more");
    terminal.expect("capture 1 of 1").press("a\n");
    // What was typed before ctrl-c stands there again.
    terminal.expect("what becomes of 'safe-rollout'").press("m\n");
    terminal.expect("smaller steps").press("\r");
    terminal.expect("status");
    terminal.interrupt();
}
