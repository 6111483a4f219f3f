//! `git okr undo` and `git okr restore`: nothing is ever out of reach.

use crate::support::Sandbox;

fn tree(sandbox: &Sandbox, revision: &str) -> String {
    sandbox.git_journal(["rev-parse", &format!("{revision}^{{tree}}")])
}

#[test]
fn what_was_done_last_is_taken_back_and_done_again() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let before = tree(&sandbox, "okr");
    sandbox.okr(["bet", "close", "one-queue", "--carried-to", "next-quarter", "--why", "later"]).success();
    let after = tree(&sandbox, "okr");
    let dry = sandbox.okr(["undo", "--dry-run"]);
    assert!(dry.stderr.contains("would take back close"), "{dry}");
    assert_eq!(tree(&sandbox, "okr"), after, "only said");
    let said = sandbox.okr(["undo"]);
    assert!(said.stderr.contains("took back close"), "{said}");
    assert_eq!(tree(&sandbox, "okr"), before);
    assert!(sandbox.okr(["bet", "list"]).success().contains("one-queue"));
    sandbox.okr(["undo"]).success();
    assert_eq!(tree(&sandbox, "okr"), after, "undo is a change like any other");
    sandbox.okr(["undo", "3"]).success();
    assert_eq!(tree(&sandbox, "okr"), before);
    let log = sandbox.git_journal(["log", "-1", "--format=%B", "okr"]);
    assert!(log.starts_with("undo ") && log.contains("back: undo "), "{log}");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn the_guide_and_records_on_other_days_come_back_byte_for_byte() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Moved", "--date", "2026-10-01"]).id();
    let before = tree(&sandbox, "okr");
    sandbox
        .okr_with_editor(["edit", &id], "sed -i 's/2026-10-01/2026-09-01/' \"$1\"; echo '# mine' >>\"$1\"")
        .success();
    sandbox.okr_with_editor(["guide", "edit"], "echo '# ours' >>\"$1\"").success();
    sandbox.okr(["undo", "2"]).success();
    assert_eq!(tree(&sandbox, "okr"), before);
}

#[test]
fn before_the_first_change_there_is_nothing_to_take_back() {
    let sandbox = Sandbox::with_journal();
    assert!(sandbox.okr(["undo"]).fails(1).contains("nothing was recorded"));
    sandbox.okr(["add", "One"]).success();
    assert!(sandbox.okr(["undo", "5"]).fails(1).contains("only 1 change"));
    sandbox.okr(["undo", "0"]).fails(2);
    sandbox.okr(["list"]).success();
}

#[test]
fn a_removed_record_comes_back_as_it_was_last() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Kept for good", "--date", "2026-10-01"]).id();
    sandbox.okr_with_editor(["edit", &id], "sed -i '1i # a word of mine' \"$1\"").success();
    let text = sandbox.text_of(&id);
    let bet = sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).id();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "60"]).success();
    let whole = tree(&sandbox, "okr");
    sandbox.okr(["remove", &id]).success();
    sandbox.okr(["remove", "one-queue"]).success();
    let list = sandbox.okr(["restore", "--list"]).success();
    assert!(list.contains("Kept for good") && list.contains("One queue"), "{list}");
    sandbox.okr(["restore", &id[..8]]).success();
    assert_eq!(sandbox.text_of(&id), text, "comments and all");
    sandbox.okr(["restore", &bet]).success();
    assert_eq!(tree(&sandbox, "okr"), whole, "with its check-in");
    assert!(sandbox.okr(["restore", &id[..8]]).fails(1).contains("is not removed"));
    assert!(sandbox.okr(["restore", "zzzz"]).fails(1).contains("nothing that was removed"));
    assert!(sandbox.okr(["restore", "abc"]).fails(2).contains("no beginning of an id"));
    assert!(sandbox.okr(["restore", "--list"]).stderr.contains("nothing was removed"));
}

#[test]
fn a_name_that_is_taken_is_not_taken_twice() {
    let sandbox = Sandbox::with_journal();
    let old = sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).id();
    sandbox.okr(["remove", "one-queue"]).success();
    sandbox.okr(["bet", "add", "Another", "--slug", "one-queue"]).success();
    assert!(sandbox.okr(["restore", &old]).fails(1).contains("called 'one-queue' already"));
}
