//! `git okr remove`: out of the present, not out of history.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn a_record_leaves_the_present_and_stays_in_history() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "By mistake"]).id();
    sandbox.at("2026-11-09");
    assert_snapshot!(sandbox.okr(["remove", &id[..8], "--why", "recorded twice"]), @"
    ------- stderr -------
    removed By mistake
    ");
    assert!(!sandbox.okr(["list"]).success().contains("By mistake"));
    assert!(sandbox.okr(["list", "--as-of", "2026-11-05"]).success().contains("By mistake"));
    let log = sandbox.okr(["log", &id]).success();
    assert!(log.contains("By mistake"), "{log}");
    assert!(sandbox.git_journal(["log", "-1", "--format=%B", "okr"]).contains("recorded twice"));
    sandbox.okr(["remove", &id]).fails(1);
}

#[test]
fn check_ins_go_with_their_bet() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--confidence", "50"]).success();
    sandbox.okr(["remove", "one-queue"]).success();
    assert_eq!(sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]), "guide.toml\njournal.toml");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn several_go_at_once_or_none() {
    let sandbox = Sandbox::with_journal();
    let (a, b) = (sandbox.okr(["add", "A"]).id(), sandbox.okr(["add", "B"]).id());
    sandbox.okr(["remove", &a, "nonesuch"]).fails(1);
    assert!(sandbox.okr(["list"]).success().contains(" A\n"), "none is gone");
    sandbox.okr(["remove", &a, &b]).success();
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "4", "one commit");
    let c = sandbox.okr(["add", "C"]).id();
    sandbox.okr(["remove", &c, &c]).fails(1);
    sandbox.okr(["show", &c]).success();
}
