//! `git okr init`: the private journal, and the one kept in a repository.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::support::{Repo, Sandbox};

#[test]
fn creates_a_private_journal_once() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["init"]), @"
    ------- stderr -------
    created a private journal in '$SANDBOX/home/.local/share/git-okr/journal.git', with guide 'staff-engineer'
    hint: open the first bet: git okr bet add
    hint: see what your commits hold: git okr harvest
    ");
    let mode = fs::metadata(sandbox.journal()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o700, "only its owner may look");
    assert_eq!(
        sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.journal"]),
        sandbox.journal().display().to_string()
    );
    let before =
        (sandbox.git_journal(["rev-parse", "okr"]), fs::read(sandbox.path("home/.gitconfig")).unwrap());
    assert_snapshot!(sandbox.okr(["init"]), @"
    ------- stderr -------
    found the journal in '$SANDBOX/home/.local/share/git-okr/journal.git', unchanged, with guide 'staff-engineer'
    ");
    let after =
        (sandbox.git_journal(["rev-parse", "okr"]), fs::read(sandbox.path("home/.gitconfig")).unwrap());
    assert_eq!(before, after, "the second time changes nothing");
}

#[test]
fn the_private_journal_stays_out_of_the_way_of_git() {
    let sandbox = Sandbox::with_journal();
    assert_eq!(sandbox.git_journal(["config", "gc.auto"]), "0");
    assert_eq!(sandbox.git_journal(["config", "core.logAllRefUpdates"]), "always");
    assert_eq!(sandbox.git_journal(["rev-parse", "--is-bare-repository"]), "true");
    assert_eq!(sandbox.git_journal(["ls-tree", "--name-only", "okr"]), "guide.toml\njournal.toml");
    assert_eq!(sandbox.git_journal(["fsck", "--strict"]), "");
}

#[test]
fn takes_a_guide_by_name_or_from_a_file() {
    let sandbox = Sandbox::new();
    let text = sandbox.okr(["guide", "show", "staff-engineer", "--toml"]).success();
    fs::write(sandbox.path("work/mine.toml"), &text).unwrap();
    sandbox.okr(["init", "--guide", "mine.toml"]).success();
    assert_eq!(sandbox.git_journal(["show", "okr:guide.toml"]), text.trim_end());

    let sandbox = Sandbox::new();
    sandbox.okr(["init", "--guide", "staff-engineer"]).success();
    assert_eq!(sandbox.git_journal(["show", "okr:guide.toml"]), text.trim_end());
}

#[test]
fn refuses_a_guide_that_is_none_and_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["init", "--guide", "l9"]), @"
    ------- stderr -------
    error: no built-in guide and no file is called 'l9': No such file or directory (os error 2)
    hint: built-in guides: staff-engineer, l8-growth
    [exit status: 1]
    ");
    fs::write(sandbox.path("work/broken.toml"), "name = \"mine\"\n[[dimension]\n").unwrap();
    assert_snapshot!(sandbox.okr(["init", "--guide", "broken.toml"]), @"
    ------- stderr -------
    error: guide 'broken.toml', line 2: unclosed array table, expected `]`
    hint: see all that is wrong with it: git okr guide check broken.toml
    [exit status: 1]
    ");
    assert!(!sandbox.journal().exists());
}

#[test]
fn keeps_the_journal_in_the_repository_one_stands_in() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    assert_snapshot!(repo.okr(["init", "--here"]), @"
    ------- stderr -------
    created a journal on branch 'okr' of '$SANDBOX/work/shop/.git', with guide 'staff-engineer'
    warning: branch 'okr' goes where this repository's branches go. A hook refuses to push it to a remote that you did not name; no hook is asked by 'git push --no-verify', a clone, a bundle, a copy of the directory, or a push from another clone. A fetch that mirrors and prunes can delete it, 'git gc --prune=now' beside a running append can destroy it: see docs/privacy.md
    wrote '$SANDBOX/work/shop/.git/hooks/pre-push'
    hint: open the first bet: git okr bet add
    hint: see what your commits hold: git okr harvest
    ");
    assert_snapshot!(repo.okr(["init", "--here"]), @"
    ------- stderr -------
    found the journal in '$SANDBOX/work/shop/.git', unchanged, with guide 'staff-engineer'
    ");
    lives_in(&repo);
    assert!(!sandbox.journal().exists());
}

/// The journal is on the branch of the repository, and every verb finds it from there.
#[track_caller]
fn lives_in(repo: &Repo<'_>) {
    repo.okr(["add", "Kept here"]).success();
    assert!(repo.okr(["list"]).success().contains("Kept here"));
    assert_eq!(repo.git(["rev-list", "--count", "okr"]), "2");
}

#[test]
fn keeps_the_journal_in_every_kind_of_repository() {
    let sandbox = Sandbox::new();
    let at = |dir: &str| Repo { sandbox: &sandbox, dir: sandbox.path("work").join(dir) };

    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", "bare.git"]);
    at("bare.git").okr(["init", "--here"]).success();
    lives_in(&at("bare.git"));

    let main = sandbox.repo("main");
    main.git(["worktree", "add", "--quiet", "../linked"]);
    at("linked").okr(["init", "--here"]).success();
    lives_in(&at("linked"));
    assert!(main.okr(["list"]).success().contains("Kept here"), "all worktrees share it");

    let outer = sandbox.repo("outer");
    sandbox.repo("inner");
    outer.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../inner", "sub"]);
    at("outer/sub").okr(["init", "--here"]).success();
    lives_in(&at("outer/sub"));
    assert_eq!(outer.git(["branch", "--list", "okr"]), "", "the superproject has none");

    let detached = sandbox.repo("detached");
    detached.git(["switch", "--quiet", "--detach"]);
    detached.okr(["init", "--here"]).success();
    lives_in(&detached);

    let unborn = sandbox.empty_repo("unborn");
    unborn.okr(["init", "--here"]).success();
    lives_in(&unborn);
    assert_eq!(unborn.git(["symbolic-ref", "HEAD"]), "refs/heads/main", "still unborn");
}

#[test]
fn refuses_to_live_in_a_sha_256_repository() {
    let sandbox = Sandbox::new();
    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--object-format=sha256", "new"]);
    let repo = Repo { sandbox: &sandbox, dir: sandbox.path("work/new") };
    assert_snapshot!(repo.okr(["init", "--here"]), @"
    ------- stderr -------
    error: a journal cannot live in this repository: it names its objects by SHA-256
    hint: keep a private journal instead: git okr init
    [exit status: 1]
    ");
    // A private journal works from there all the same.
    repo.okr(["init"]).success();
    repo.okr(["add", "From a SHA-256 repository"]).success();
}

#[test]
fn refuses_to_live_where_no_repository_is() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["init", "--here"]), @"
    ------- stderr -------
    error: there is no git repository here
    hint: keep a private journal instead, which needs none: git okr init
    [exit status: 1]
    ");
}

#[test]
fn refuses_a_branch_that_is_something_else() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    repo.git(["branch", "okr"]);
    assert_snapshot!(repo.okr(["init", "--here"]), @"
    ------- stderr -------
    error: branch 'okr' is not a git-okr journal: it has no journal.toml
    hint: choose another branch: git config okr.branch <name>
    [exit status: 1]
    ");
    repo.git(["config", "okr.branch", "evidence"]);
    repo.okr(["init", "--here"]).success();
    assert_eq!(repo.git(["rev-list", "--count", "evidence"]), "1");
}
