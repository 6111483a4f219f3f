//! Questions on a real terminal: what is answered is recorded, and what was typed before ctrl-c is kept.

use crate::support::Sandbox;

/// The file that a message says the answers are kept in.
fn kept(shown: &str) -> &str {
    shown.split("is kept in '").nth(1).expect(shown).split('\'').next().unwrap()
}

#[test]
fn add_asks_and_records() {
    let sandbox = Sandbox::with_journal();
    let mut terminal = sandbox.terminal(&sandbox.path("work"), ["add"]);
    terminal.expect("what happened").press("Cut p95 in half\r");
    terminal.expect("when").press("yesterday\r");
    terminal.expect("kind").press("j\r");
    terminal.expect("dimension").press("\r");
    terminal.expect("reach").press("\r");
    terminal.expect("stance").press("\r");
    terminal.expect("what proves it").press("https://example.com/graph\r");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    assert!(shown.contains("recorded Cut p95 in half"), "{shown}");
    let list = sandbox.okr(["list", "--format", "json"]).json();
    assert!(list.to_string().contains("https://example.com/graph"), "{list}");
    let drafts = sandbox.journal().join("okr/drafts");
    assert_eq!(std::fs::read_dir(drafts).unwrap().count(), 0, "what is recorded is no draft any more");
}

#[test]
fn ctrl_c_keeps_what_was_answered_and_says_how_to_go_on() {
    let sandbox = Sandbox::with_journal();
    let mut terminal = sandbox.terminal(&sandbox.path("work"), ["add", "--adopter", "Checkout"]);
    terminal.expect("what happened").press("Cut p95 in half\r");
    terminal.expect("when").press("yesterday\r");
    terminal.expect("kind");
    let (status, shown) = terminal.interrupt();
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(
        shown.contains("error: interrupted") && shown.contains("record it: git okr add - < '"),
        "{shown}"
    );
    let text = std::fs::read_to_string(kept(&shown)).unwrap();
    assert_eq!(text, "title = \"Cut p95 in half\"\nhappened = \"yesterday\"\nadopters = [\"Checkout\"]\n");
    sandbox.okr_with_stdin(["add", "-"], &text).success();
    sandbox.okr(["search", "Cut p95"]).success();
}

#[test]
fn a_terminal_that_closes_keeps_a_bets_answers() {
    let sandbox = Sandbox::with_journal();
    let mut terminal = sandbox.terminal(&sandbox.path("work"), ["bet", "add"]);
    terminal.expect("what is the bet").press("One queue\r");
    // A question that is shown stands after everything that was answered before it was kept.
    terminal.expect("is this for").press("Three teams wait on it\r");
    terminal.expect("staff-level work");
    terminal.kill();
    let drafts: Vec<_> = std::fs::read_dir(sandbox.journal().join("okr/drafts")).unwrap().collect();
    let text = std::fs::read_to_string(drafts[0].as_ref().unwrap().path()).unwrap();
    assert!(text.contains("title = \"One queue\"") && text.contains("Three teams wait on it"), "{text}");
}

#[test]
fn bet_add_asks_for_everything_it_may_say() {
    let sandbox = Sandbox::with_journal();
    let mut terminal = sandbox.terminal(&sandbox.path("work"), ["bet", "add", "--stance", "own"]);
    terminal.expect("what is the bet").press("One queue\r");
    for _ in 0..3 {
        terminal.expect(": ").press("because\r");
        terminal.expect("because");
        terminal.expect("\n");
    }
    terminal.expect("kind").press("j\r");
    terminal.expect("outcomes").press(" \r");
    terminal.expect("capabilities").press("\r");
    terminal.expect("proof that will exist").press("A dashboard\r");
    terminal.expect("proof that will exist").expect("proof that will exist").press("\r");
    terminal.expect("confidence today").press("140\r");
    terminal.expect("not a confidence").expect("confidence today").press("\x7f\x7f\x7f60\r");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    let bet = sandbox.okr(["bet", "show", "one-queue"]).success();
    assert!(bet.contains("A dashboard") && bet.contains("60%") && bet.contains("because"), "{bet}");
}

#[test]
fn check_in_decide_and_lenses_ask() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    sandbox.okr(["objective", "add", "Orders arrive", "--slug", "orders"]).success();
    let work = sandbox.path("work");

    let mut terminal = sandbox.terminal(&work, ["bet", "check-in", "one-queue"]);
    terminal.expect("status of 'one-queue'").press("\r");
    terminal.expect("confidence").press("55\r");
    terminal.expect("what changed").press("Payments ");
    let (status, shown) = terminal.interrupt();
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(std::fs::read_to_string(kept(&shown)).unwrap().contains("confidence = \"55\""), "{shown}");

    let mut terminal = sandbox.terminal(&work, ["decide", "Own the shared queue"]);
    terminal.expect("speaks for it").press("\r");
    terminal.expect("why").press("three teams wait\r");
    terminal.expect("speaks for it");
    let (_, shown) = terminal.interrupt();
    let text = std::fs::read_to_string(kept(&shown)).unwrap();
    assert!(text.contains("three teams wait") && text.contains("Own the shared queue"), "{text}");

    let mut terminal = sandbox.terminal(&work, ["objective", "read", "orders"]);
    terminal.expect("better off").press("It says speed\r");
    terminal.expect("decide how this number behaves");
    let (_, shown) = terminal.interrupt();
    assert!(std::fs::read_to_string(kept(&shown)).unwrap().contains("It says speed"), "{shown}");
}

#[test]
fn triage_takes_one_key_for_each_suggestion() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("code");
    for (file, subject) in
        [("retry", "retry lost payments"), ("export", "export invoices"), ("sum", "show totals")]
    {
        repo.commit(&format!("src/{file}.rs"), &format!("feat: {subject}\n\nOkr-Evidence: yes"));
    }
    sandbox.okr_in(&repo.dir, ["harvest"]).success();
    let mut terminal = sandbox.terminal(&repo.dir, ["inbox"]);
    terminal.expect("?]? ").press("?\n");
    terminal.expect("y - ").expect("?]? ").press("y\n");
    terminal.expect("?]? ").press("n\n");
    terminal.expect("?]? ").press("s\n");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    let mut terminal = sandbox.terminal(&repo.dir, ["inbox"]);
    terminal.expect("?]? ").press("q\n");
    assert!(terminal.end().0.success());
    let verdicts = sandbox.git_journal(["log", "--format=%s", "okr"]);
    assert_eq!(verdicts.lines().filter(|line| line.starts_with("accept")).count(), 1, "{verdicts}");
    assert_eq!(verdicts.lines().filter(|line| line.starts_with("dismiss")).count(), 1, "{verdicts}");
    let left = sandbox.okr_in(&repo.dir, ["inbox", "--list", "--format", "json"]).success();
    assert_eq!(left.matches("\"score\"").count(), 1, "{left}");
}

#[test]
fn triage_says_where_work_was_released() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("code");
    repo.git(["config", "column.ui", "always"]);
    repo.git(["tag", "v0.9"]);
    repo.commit("src/retry.rs", "feat: retry lost payments\n\nOkr-Evidence: yes");
    repo.git(["tag", "nightly-2026-10-01"]);
    repo.commit("src/sum.rs", "chore: tidy");
    repo.git(["tag", "-m", "again", "v1.3"]);
    repo.git(["tag", "-m", "late", "v1.1-backport"]);
    let mut terminal = sandbox.terminal(&repo.dir, ["inbox"]);
    terminal.expect("+0.0 released in 'v1.3'  [released]").expect("?]? ").press("q\n");
    let (status, shown) = terminal.end();
    assert!(status.success() && !shown.contains("v1.1") && !shown.contains("v0.9"), "{shown}");
    repo.git(["tag", "-d", "v1.3", "v1.1-backport"]);
    let mut terminal = sandbox.terminal(&repo.dir, ["inbox"]);
    terminal.expect("?]? ").press("q\n");
    assert!(!terminal.end().1.contains("released in"), "a nightly is no release, and v0.9 is older");
}
