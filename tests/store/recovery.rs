//! A journal whose branch is gone or leads nowhere: `git okr fsck` finds what is left, `--recover` brings it back.

use std::fs;

use insta::assert_snapshot;

use super::damage::{damage, loose, soon};
use crate::support::Sandbox;

/// A journal with a bet, a check-in and evidence on two days; the ids of the evidence.
fn journal(sandbox: &Sandbox) -> (String, String) {
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let first = sandbox.okr(["add", "The first", "--date", "2026-10-05"]).id();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "60"]).success();
    let last = sandbox.okr(["add", "The last", "--date", "2026-11-01"]).id();
    (first, last)
}

/// Recovers, and holds that the journal is whole again and can be written.
#[track_caller]
fn recover(sandbox: &Sandbox) -> String {
    let told = sandbox.okr(["fsck", "--recover"]);
    assert_eq!(told.code, Some(0), "{told}");
    sandbox.git_journal(["fsck", "--strict"]);
    sandbox.okr(["add", "After the recovery"]).success();
    sandbox.okr(["fsck"]).success();
    told.to_string()
}

#[test]
fn a_branch_that_is_gone_comes_back_from_what_git_remembers() {
    let sandbox = Sandbox::with_journal();
    let (first, last) = journal(&sandbox);
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    fs::remove_file(sandbox.journal().join("refs/heads/okr")).unwrap();
    assert_snapshot!(sandbox.okr(["fsck"]), @"
    unusable: there is no branch 'okr'

    earlier states
      - <REV>  2026-11-02  4 records  add evidence <ID4>: The last  whole
    ------- stderr -------
    hint: go back to the newest one that is whole: git okr fsck --recover
    [exit status: 1]
    ");
    assert!(!sandbox.journal().join("refs/heads/okr").exists(), "a look moves nothing");
    assert_snapshot!(recover(&sandbox), @"
    4 records read, nothing is wrong
    ------- stderr -------
    recovered branch 'okr': back at <REV>  2026-11-02  4 records  add evidence <ID4>: The last
    ");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr~1"]), tip);
    for id in [first, last] {
        sandbox.okr(["show", &id]).success();
    }
    let again = sandbox.okr(["fsck", "--recover"]);
    assert!(again.stderr.contains("nothing to recover"), "{again}");
}

#[test]
fn a_branch_that_git_deleted_with_its_memory_comes_back_from_the_objects() {
    for packed in [false, true] {
        let sandbox = Sandbox::with_journal();
        let (first, last) = journal(&sandbox);
        let tip = sandbox.git_journal(["rev-parse", "okr"]);
        if packed {
            sandbox.git_journal(["repack", "-adq"]);
        }
        sandbox.git_journal(["update-ref", "-d", "refs/heads/okr"]);
        assert!(!sandbox.journal().join("logs/refs/heads/okr").exists());
        let told = sandbox.okr(["fsck"]);
        assert!(told.code == Some(1) && told.raw_text().contains(&tip[..10]), "{told}");
        recover(&sandbox);
        assert_eq!(sandbox.git_journal(["rev-parse", "okr~1"]), tip);
        for id in [first, last] {
            sandbox.okr(["show", &id]).success();
        }
    }
}

#[test]
fn a_branch_that_says_nonsense_comes_back() {
    for content in
        ["", "garbage\n", "0123456789012345678901234567890123456789\n", "ref: refs/heads/okr\n", "\0\0\0"]
    {
        let sandbox = Sandbox::with_journal();
        let (_, last) = journal(&sandbox);
        let tip = sandbox.git_journal(["rev-parse", "okr"]);
        fs::write(sandbox.journal().join("refs/heads/okr"), content).unwrap();
        assert!(soon(&sandbox, ["add", "Beside nonsense"]).fails(1).contains("git okr fsck"));
        let told = soon(&sandbox, ["fsck"]);
        assert!(told.code == Some(1) && told.raw_text().contains(&tip[..10]), "{content:?}: {told}");
        recover(&sandbox);
        assert_eq!(sandbox.git_journal(["rev-parse", "okr~1"]), tip, "{content:?}");
        sandbox.okr(["show", &last]).success();
    }
}

#[test]
fn a_repository_whose_head_is_empty_comes_back() {
    let sandbox = Sandbox::with_journal();
    let (_, last) = journal(&sandbox);
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    fs::write(sandbox.journal().join("HEAD"), "").unwrap();
    assert!(sandbox.okr(["add", "Beside an empty HEAD"]).fails(1).contains("HEAD"));
    assert_eq!(sandbox.okr(["fsck"]).code, Some(1));
    recover(&sandbox);
    assert_eq!(sandbox.git_journal(["rev-parse", "okr~1"]), tip);
    sandbox.okr(["show", &last]).success();
}

#[test]
fn records_of_a_damaged_tip_are_salvaged() {
    for how in ["empty", "missing", "truncated", "flipped"] {
        for what in ["okr", "okr^{tree}", "okr:evidence", "okr:evidence/2026-11/01"] {
            let sandbox = Sandbox::with_journal();
            let (first, last) = journal(&sandbox);
            let object = sandbox.git_journal(["rev-parse", what]);
            let text = sandbox.text_of(&last);
            damage(&loose(&sandbox, &object), how);
            let told = soon(&sandbox, ["fsck"]);
            assert!(told.code == Some(1) && told.raw_text().contains("The last"), "{what} {how}: {told}");
            let told = recover(&sandbox);
            assert!(told.contains("salvaged The last"), "{what} {how}: {told}");
            sandbox.okr(["show", &first]).success();
            assert_eq!(sandbox.text_of(&last), text, "{what} {how}: byte for byte");
            assert!(sandbox.okr(["bet", "show", "one-queue"]).success().contains("60%"), "{what} {how}");
        }
    }
}

#[test]
fn every_kind_of_record_is_salvaged_as_what_it_is() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "Before"]).success();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    sandbox.okr(["objective", "add", "Trust", "--slug", "trust", "--owner", "Ada"]).success();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "at-risk", "--note", "slow"]).success();
    sandbox.okr(["decide", "A second queue", "--verdict", "decline", "--why", "one is enough"]).success();
    sandbox.okr(["add", "After", "--bet", "one-queue"]).success();
    let before = sandbox.git_journal(["ls-tree", "-r", "okr"]);
    assert_eq!(before.lines().count(), 8, "{before}");
    // Every commit and tree since is gone; only the records' own files are left.
    let objects = sandbox.git_journal(["rev-list", "--objects", "okr", &format!("^{tip}")]);
    for line in objects.lines() {
        let id = &line[..40];
        if sandbox.git_journal(["cat-file", "-t", id]) != "blob" {
            damage(&loose(&sandbox, id), "empty");
        }
    }
    recover(&sandbox);
    assert_eq!(sandbox.git_journal(["ls-tree", "-r", "okr~1"]), before);
}

/// With the journal on a branch of the repository, `git gc --prune=now` beside an append can take what was just
/// written. Older tips are in the branch's log, which git keeps whole.
#[test]
fn a_journal_kept_here_comes_back_after_a_pruning_gc() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    repo.okr(["init", "--here"]).success();
    let id = repo.okr(["add", "Before the pruning"]).id();
    let tip = repo.git(["rev-parse", "okr"]);
    repo.okr(["add", "Lost to the pruning"]).success();
    let lost = repo.git(["rev-list", "--objects", "okr", &format!("^{tip}")]);
    for line in lost.lines() {
        fs::remove_file(repo.dir.join(".git/objects").join(&line[..2]).join(&line[2..40])).unwrap();
    }
    // Nothing is written anywhere else meanwhile.
    assert!(repo.okr(["add", "Beside the damage"]).fails(1).contains("git okr fsck"));
    let told = repo.okr(["fsck"]);
    assert!(told.code == Some(1) && told.raw_text().contains(&tip[..10]), "{told}");
    repo.okr(["fsck", "--recover"]).success();
    assert_eq!(repo.git(["rev-parse", "okr"]), tip);
    repo.okr(["show", &id]).success();
    repo.git(["fsck", "--strict"]);
    let code = repo.git(["rev-parse", "main"]);
    repo.git(["branch", "-D", "okr"]);
    assert!(repo.okr(["add", "Beside the hole"]).fails(1).contains("git okr fsck --recover"));
    repo.okr(["fsck", "--recover"]).success();
    assert_eq!(repo.git(["rev-parse", "okr"]), tip, "found among the objects, beside the code");
    assert_eq!(repo.git(["rev-parse", "main"]), code);
    repo.git(["branch", "-D", "okr"]);
    fs::remove_file(repo.dir.join(".git/okr/journal")).unwrap();
    assert!(repo.okr(["list"]).fails(1).contains("git okr init"), "gone on purpose, as the hint says");
}

#[test]
fn where_nothing_is_left_it_says_so_and_makes_nothing_up() {
    let sandbox = Sandbox::with_journal();
    journal(&sandbox);
    fs::remove_dir_all(sandbox.journal().join("objects")).unwrap();
    fs::create_dir_all(sandbox.journal().join("objects/pack")).unwrap();
    let before = fs::read_to_string(sandbox.journal().join("refs/heads/okr")).unwrap();
    let told = soon(&sandbox, ["fsck"]);
    assert!(told.code == Some(1) && told.stderr.contains("backup"), "{told}");
    sandbox.okr(["fsck", "--recover"]).fails(1);
    assert_eq!(fs::read_to_string(sandbox.journal().join("refs/heads/okr")).unwrap(), before);
}
