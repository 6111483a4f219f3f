//! The journal's branch: missing, not ours, checked out, newer than the program.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn a_branch_that_is_gone_is_not_begun_a_second_time() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Before it was gone"]).id();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    std::fs::remove_file(sandbox.journal().join("refs/heads/okr")).unwrap();
    assert_snapshot!(sandbox.okr(["list"]), @"
    ------- stderr -------
    error: the journal at '$SANDBOX/home/.local/share/git-okr/journal.git' has no branch 'okr'
    hint: see what is left of it: git okr fsck
    hint: bring that back: git okr fsck --recover
    hint: if it is gone on purpose: rm '$SANDBOX/home/.local/share/git-okr/journal.git/okr/journal'
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["init"]), @"
    ------- stderr -------
    error: the journal at '$SANDBOX/home/.local/share/git-okr/journal.git' has no branch 'okr'
    hint: see what is left of it: git okr fsck
    hint: bring that back: git okr fsck --recover
    hint: if it is gone on purpose: rm '$SANDBOX/home/.local/share/git-okr/journal.git/okr/journal'
    [exit status: 1]
    ");
    sandbox.okr(["add", "After it was gone"]).fails(1);
    sandbox.okr(["fsck", "--recover"]).success();
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    sandbox.okr(["show", &id]).success();
}

#[test]
fn a_branch_that_git_deleted_is_found_again() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Before it was deleted"]).id();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    sandbox.git_journal(["update-ref", "-d", "refs/heads/okr"]);
    sandbox.okr(["add", "After it was deleted"]).fails(1);
    sandbox.okr(["init"]).fails(1);
    sandbox.okr(["fsck", "--recover"]).success();
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    sandbox.okr(["show", &id]).success();
}

#[test]
fn a_journal_that_moved_away_is_named() {
    let sandbox = Sandbox::with_journal();
    std::fs::rename(sandbox.journal(), sandbox.path("elsewhere.git")).unwrap();
    assert_snapshot!(sandbox.okr(["list"]), @"
    ------- stderr -------
    error: the journal at '$SANDBOX/home/.local/share/git-okr/journal.git' is not there
    hint: put it back, or point okr.journal elsewhere: git config --global okr.journal <path>
    [exit status: 1]
    ");
    let place = sandbox.path("elsewhere.git");
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.journal", place.to_str().unwrap()]);
    sandbox.okr(["list"]).success();
}

#[test]
fn a_branch_of_something_else_is_left_alone() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    let dir = repo.dir.join(".git");
    repo.git(["branch", "okr"]);
    repo.git(["config", "okr.journal", dir.to_str().unwrap()]);
    let tip = repo.git(["rev-parse", "okr"]);
    assert_snapshot!(repo.okr(["add", "Into somebody's branch"]), @"
    ------- stderr -------
    error: branch 'okr' is not a git-okr journal: it has no journal.toml
    hint: choose another branch: git config okr.branch <name>
    hint: what you wrote is kept in '$SANDBOX/work/shop/.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    assert_eq!(repo.git(["rev-parse", "okr"]), tip);
}

#[test]
fn an_append_under_a_checked_out_branch_is_refused() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    repo.okr(["init", "--here"]).success();
    repo.git(["switch", "--quiet", "okr"]);
    assert_snapshot!(repo.okr(["add", "Under the feet"]), @"
    ------- stderr -------
    error: branch 'okr' is checked out in '$SANDBOX/work/shop'
    hint: leave the branch first, for example: git switch -
    hint: what you wrote is kept in '$SANDBOX/work/shop/.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    repo.okr(["list"]).success();
    repo.git(["switch", "--quiet", "main"]);
    repo.git(["worktree", "add", "--quiet", "../linked", "okr"]);
    assert_snapshot!(repo.okr(["add", "Under the feet"]), @"
    ------- stderr -------
    error: branch 'okr' is checked out in '$SANDBOX/work/linked'
    hint: leave the branch first, for example: git switch -
    hint: what you wrote is kept in '$SANDBOX/work/shop/.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    repo.git(["worktree", "remove", "../linked"]);
    repo.okr(["add", "Now it goes"]).success();
}

#[test]
fn a_journal_of_a_newer_format_is_read_and_not_written() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "From today"]).id();
    let header = sandbox.git_journal(["show", "okr:journal.toml"]);
    assert!(header.contains("format = 1"), "{header}");
    sandbox.plant_text("journal.toml", &header.replace("format = 1", "format = 3"));
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    assert_snapshot!(sandbox.okr(["add", "Into the future"]), @"
    ------- stderr -------
    error: the journal has format 3, and this git-okr writes format 2
    hint: reading works; to write, update git-okr
    hint: what you wrote is kept in '$SANDBOX/home/.local/share/git-okr/journal.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    sandbox.okr(["remove", &id]).fails(1);
    sandbox.okr(["bet", "add", "Into the future"]).fails(1);
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    assert!(sandbox.okr(["list"]).success().contains("From today"));
    sandbox.okr(["status"]).success();
}

#[test]
fn a_branch_name_that_git_would_refuse_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.branch", "a..b"]);
    sandbox.okr(["init"]).fails(1);
}

#[test]
fn packed_refs_hide_no_journal() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    repo.okr(["init", "--here"]).success();
    repo.okr(["add", "Before packing"]).success();
    repo.git(["pack-refs", "--all"]);
    repo.git(["gc", "--quiet"]);
    assert!(repo.okr(["list"]).success().contains("Before packing"));
    repo.okr(["add", "After packing"]).success();
    assert!(repo.okr(["list"]).success().contains("Before packing"));
}
