//! The guard before a push: what it refuses, what it lets through, and what it is worth when git-okr is gone.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;

use crate::support::{Output, PROGRAM, Repo, Sandbox, by_configuration, fingerprint};

/// A repository with a journal on a branch of it, and two empty remotes: `origin` of the code, and a place.
fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    for name in ["origin", "place"] {
        sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", &format!("{name}.git")]);
    }
    repo.git(["remote", "add", "origin", place(sandbox, "origin").to_str().unwrap()]);
    repo.okr(["init", "--here"]).success();
    repo.okr(["add", "Nobody else may read this"]).success();
    repo
}

fn place(sandbox: &Sandbox, name: &str) -> PathBuf {
    sandbox.path("work").join(format!("{name}.git"))
}

fn push(repo: &Repo<'_>, arguments: &str) -> Output {
    repo.sandbox.sh(&repo.dir, &format!("git push --quiet {arguments}"))
}

/// Refs of a remote, without their ids.
fn refs(sandbox: &Sandbox, name: &str) -> String {
    sandbox.git_in(&place(sandbox, name), &["for-each-ref", "--format=%(refname)"]).replace('\n', " ")
}

fn hides_okr(sandbox: &Sandbox) {
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
}

fn shows_okr(sandbox: &Sandbox) {
    std::os::unix::fs::symlink(PROGRAM, sandbox.path("bin/git-okr")).unwrap();
}

#[test]
fn a_push_of_the_journal_is_refused_and_says_how_to_allow_it() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    assert_snapshot!(push(&repo, "origin okr"), @"
    ------- stderr -------
    error: this push would take the journal to 'origin' ($SANDBOX/work/origin.git): 'refs/heads/okr' is its branch
    hint: push the code alone: git push origin main
    hint: if all who read that place may read the journal: git config okr.remote.origin.url '$SANDBOX/work/origin.git' && git config okr.remote.origin.sharedWithCode true
    hint: once, past every hook: git push --no-verify
    error: failed to push some refs to '$SANDBOX/work/origin.git'
    [exit status: 1]
    ");
    repo.git(["tag", "v1", "okr"]);
    assert_snapshot!(push(&repo, "../place.git --tags"), @"
    ------- stderr -------
    error: this push would take the journal to '../place.git': 'refs/tags/v1' holds part of it
    hint: push the code alone: git push ../place.git main
    hint: if that place may have it: git config okr.remote.<name>.url '../place.git'
    hint: once, past every hook: git push --no-verify
    error: failed to push some refs to '../place.git'
    [exit status: 1]
    ");
    assert_eq!(refs(&sandbox, "origin") + &refs(&sandbox, "place"), "");
}

#[test]
fn no_other_name_hides_the_journal() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    repo.git(["tag", "plain", "okr"]);
    repo.git(["tag", "-a", "annotated", "-m", "x", "okr"]);
    repo.git(["tag", "tree", "okr^{tree}"]);
    repo.git(["tag", "older", "okr~1:guide.toml"]);
    repo.git(["tag", "-a", "wrapped", "-m", "x", "okr^{tree}"]);
    repo.git(["branch", "mixed"]);
    repo.git(["switch", "--quiet", "mixed"]);
    repo.git(["merge", "--quiet", "--allow-unrelated-histories", "-m", "both", "okr~1"]);
    repo.commit("more.rs", "feat: on top of it");
    repo.git(["switch", "--quiet", "main"]);
    for what in [
        "okr:refs/heads/z",
        "$(git rev-parse okr):refs/heads/z",
        "$(git rev-parse okr~1):refs/heads/z",
        "refs/tags/plain",
        "refs/tags/annotated",
        "refs/tags/tree",
        "refs/tags/older",
        "refs/tags/wrapped",
        "--tags",
        "main mixed",
        "main mixed:refs/heads/main2",
        "'refs/heads/*:refs/backup/*'",
        "main:refs/heads/okr",
        "main:refs/okr/journal",
        "--dry-run okr",
    ] {
        let output = push(&repo, &format!("origin {what}"));
        assert!(
            output.code == Some(1) && output.stderr.contains("would take the journal"),
            "{what}: {output}"
        );
        assert_eq!(refs(&sandbox, "origin"), "", "{what}");
    }
    push(&repo, "origin main").success();
    // Where it leaked before it was guarded, its name there does not hide what comes on top.
    push(&repo, "--no-verify origin mixed okr").success();
    repo.git(["switch", "--quiet", "mixed"]);
    repo.commit("more.rs", "feat: nothing new of the journal");
    push(&repo, "origin mixed").success();
    repo.git(["switch", "--quiet", "main"]);
    repo.okr(["add", "Something new"]).success();
    let output = push(&repo, "origin $(git rev-parse okr):refs/heads/z");
    assert_eq!(output.code, Some(1), "{output}");
}

#[test]
fn everything_else_goes_through_in_silence() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    push(&repo, "origin main").silent();
    repo.commit("a.rs", "feat: more");
    repo.git(["tag", "v1"]);
    repo.git(["tag", "blob", "HEAD:README.md"]);
    push(&repo, "--tags origin main").silent();
    push(&repo, "origin main:refs/heads/new main:refs/heads/okr-notes").silent();
    push(&repo, "origin --delete new v1").silent();
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: other words"]);
    push(&repo, "--force origin main").silent();
    push(&repo, "../place.git HEAD:refs/heads/main").silent();
    let mut command = sandbox.command("sh", &repo.dir);
    command.args(["-c", "git commit -q --allow-empty -m more && git push -q origin main"]).env("CI", "1");
    sandbox.run(&mut command).silent();
    // A worktree and a detached head push as well.
    repo.git(["worktree", "add", "--quiet", "--detach", "../linked"]);
    let linked = Repo { sandbox: &sandbox, dir: sandbox.path("work/linked") };
    linked.commit("b.rs", "feat: from a worktree");
    push(&linked, "origin HEAD:refs/heads/linked").silent();
    assert_eq!(push(&linked, "origin okr").code, Some(1));
}

#[test]
fn a_shallow_clone_pushes_as_well() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    repo.commit("a.rs", "feat: more");
    push(&repo, "origin main").silent();
    let url = format!("file://{}", place(&sandbox, "origin").display());
    sandbox.git_in(&sandbox.path("work"), &["clone", "--quiet", "--depth=1", &url, "shallow"]);
    let shallow = Repo { sandbox: &sandbox, dir: sandbox.path("work/shallow") };
    shallow.okr(["init", "--here"]).success();
    shallow.commit("b.rs", "feat: from a shallow clone");
    push(&shallow, "origin HEAD:refs/heads/shallow").silent();
    assert_eq!(push(&shallow, "origin okr:refs/heads/x").code, Some(1));
}

#[test]
fn the_silence_of_hooks_does_not_silence_the_guard() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    for (name, value) in [("OKR_HOOK", "0"), ("CI", "true")] {
        let mut command = sandbox.command("git", &repo.dir);
        let output = sandbox.run(command.args(["push", "-q", "origin", "okr:z"]).env(name, value));
        assert_eq!(output.code, Some(1), "{name}: {output}");
    }
    assert_eq!(refs(&sandbox, "origin"), "");
}

#[test]
fn a_remote_that_its_owner_named_may_have_it() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    let url = place(&sandbox, "place").display().to_string();
    repo.git(["config", "okr.remote.mine.url", &url]);
    push(&repo, &format!("'{url}' okr")).silent();
    push(&repo, &format!("'{url}' okr:refs/okr/journal")).silent();
    assert_eq!(push(&repo, "origin okr").code, Some(1), "the other one was not named");
    // The code goes there too: that is another question.
    repo.git(["remote", "add", "both", &url]);
    repo.okr(["add", "One more"]).success();
    for remote in ["both", &url] {
        let refused = push(&repo, &format!("'{remote}' okr"));
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("git config okr.remote.mine.sharedWithCode true"), "{refused}");
    }
    repo.git(["config", "okr.remote.mine.sharedWithCode", "true"]);
    push(&repo, "both okr").silent();
    push(&repo, "--all both").silent();
    // Nobody else can name a remote for me.
    repo.git(["config", "--global", "okr.remote.theirs.url", place(&sandbox, "origin").to_str().unwrap()]);
    assert_eq!(push(&repo, "origin okr").code, Some(1));
}

#[test]
fn deleting_the_journal_elsewhere_is_refused_too() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    push(&repo, "--no-verify origin main okr").success();
    assert_snapshot!(push(&repo, "origin --delete okr"), @"
    ------- stderr -------
    error: this push would delete the journal's 'refs/heads/okr' on 'origin'
    hint: push the code alone: git push <remote> <branch>
    hint: if it is to go there: git push --no-verify origin --delete refs/heads/okr
    error: failed to push some refs to '$SANDBOX/work/origin.git'
    [exit status: 1]
    ");
    // A mirror of a repository that lost it: git does not tell hooks what a mirror deletes, but the tracking ref goes along.
    repo.git(["branch", "-D", "okr"]);
    assert_eq!(push(&repo, "--mirror origin").code, Some(1));
    assert!(refs(&sandbox, "origin").contains("refs/heads/okr"));
    push(&repo, "--no-verify origin --delete okr").success();
    push(&repo, "--mirror origin").success();
}

#[test]
fn without_git_okr_its_name_still_guards_it_and_the_code_goes_through() {
    let sandbox = Sandbox::new();
    let repo = shop(&sandbox);
    repo.commit("a.rs", "feat: more");
    hides_okr(&sandbox);
    assert_snapshot!(push(&repo, "origin okr:refs/heads/z"), @"
    ------- stderr -------
    error: 'refs/heads/okr' to 'refs/heads/z' is the journal's, and git-okr gives no answer whether it may go
    hint: push the code alone: git push <remote> <branch>
    hint: past every hook, if you mean it: git push --no-verify
    error: failed to push some refs to '$SANDBOX/work/origin.git'
    [exit status: 1]
    ");
    assert_eq!(push(&repo, "--mirror origin").code, Some(1));
    assert_eq!(refs(&sandbox, "origin"), "");
    push(&repo, "origin main").silent();
    assert_eq!(push(&repo, "origin main:okr").code, Some(1));
    push(&repo, "origin main:refs/heads/more").silent();
    push(&repo, "origin :more").silent();
    // One that breaks, one that hangs up, one that knows nothing of guards.
    for script in ["exit 101", "kill -9 $$", "exec false_is_not_there", "echo unknown >&2; exit 2"] {
        sandbox.script(&sandbox.path("bin/git-okr"), script);
        assert_eq!(push(&repo, "origin okr").code, Some(1), "{script}");
        assert_eq!(push(&repo, "origin main").code, Some(0), "{script}");
        fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    }
    // By another name, when the journal has one.
    shows_okr(&sandbox);
    let other = sandbox.repo("other");
    other.git(["config", "okr.branch", "evidence"]);
    other.okr(["init", "--here"]).success();
    other.git(["branch", "okr"]);
    hides_okr(&sandbox);
    assert_eq!(push(&other, "../origin.git evidence").code, Some(1));
    push(&other, "../origin.git okr").silent();
    assert_eq!(refs(&sandbox, "origin").matches("evidence").count(), 0);
}

#[test]
fn a_hook_of_somebody_else_runs_after_it_and_reads_the_same() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", "origin.git"]);
    repo.git(["remote", "add", "origin", "../origin.git"]);
    let hook = repo.dir.join(".git/hooks/pre-push");
    for shell in ["#!/bin/sh -eu", "#!/usr/bin/env bash", "#!/bin/bash -eu"] {
        fs::write(&hook, "").unwrap();
        sandbox.script(&hook, "");
        fs::write(&hook, format!("{shell}\necho \"$1 $2\" >>../told\ncat >>../told\ntest ! -e ../stop\n"))
            .unwrap();
        let before = fingerprint(&repo.dir.join(".git/hooks"));
        repo.okr(["init", "--here"]).success();
        assert!(before != fingerprint(&repo.dir.join(".git/hooks")) || by_configuration(&repo));
        repo.commit("a.rs", "feat: more");
        for gone in [false, true] {
            let _ = fs::remove_file(sandbox.path("work/told"));
            if gone {
                hides_okr(&sandbox);
            }
            repo.commit("a.rs", "feat: more");
            push(&repo, "origin main").silent();
            let told = fs::read_to_string(sandbox.path("work/told")).unwrap();
            let head = repo.git(["rev-parse", "HEAD"]);
            assert!(
                told.starts_with("origin ../origin.git\nrefs/heads/main ") && told.contains(&head),
                "{shell}: {told}"
            );
            fs::write(sandbox.path("work/stop"), "").unwrap();
            repo.commit("a.rs", "feat: more");
            assert_eq!(push(&repo, "origin main").code, Some(1), "theirs still decides");
            fs::remove_file(sandbox.path("work/stop")).unwrap();
            assert_eq!(push(&repo, "origin okr").code, Some(1), "{shell}");
            push(&repo, "origin main").silent();
            // Nothing to push: their hook gets an empty input, not none.
            push(&repo, "origin main").silent();
        }
        shows_okr(&sandbox);
        repo.okr(["hooks", "uninstall"]).success();
        assert!(before == fingerprint(&repo.dir.join(".git/hooks")), "{shell}");
    }
}

#[test]
fn it_is_installed_with_the_journal_and_with_the_hooks_and_leaves_without_a_trace() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    let before = fingerprint(&repo.dir.join(".git/hooks"));
    assert_ne!(repo.okr(["hooks", "install"]).code, Some(2));
    assert!(!repo.dir.join(".git/hooks/pre-push").exists(), "nothing to guard");
    repo.okr(["hooks", "uninstall"]).success();
    repo.okr(["init", "--here"]).success();
    let guarded = fingerprint(&repo.dir.join(".git"));
    let shown = repo.okr(["hooks", "install", "--dry-run"]);
    assert!(!shown.stderr.contains("pre-push") && shown.stderr.contains("post-commit"), "{shown}");
    let shown = repo.okr(["hooks", "uninstall", "--dry-run"]);
    assert!(shown.stderr.contains("pre-push"), "{shown}");
    assert!(guarded == fingerprint(&repo.dir.join(".git")));
    let left = repo.okr(["hooks", "uninstall"]);
    assert!(left.stderr.contains("nothing keeps it from being pushed now"), "{left}");
    assert!(before == fingerprint(&repo.dir.join(".git/hooks")));
    assert_eq!(repo.okr(["hooks", "status"]).code, Some(1));
    repo.okr(["hooks", "install"]).success();
    let status = repo.okr(["hooks", "status"]).success();
    assert!(status.contains("pre-push"), "{status}");
    repo.okr(["init", "--here"]).success();
    repo.okr(["hooks", "uninstall"]).success();
    assert!(before == fingerprint(&repo.dir.join(".git/hooks")));
}

#[test]
fn where_another_program_owns_the_hooks_it_says_so() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    fs::create_dir_all(repo.dir.join(".husky/_")).unwrap();
    repo.git(["config", "core.hooksPath", ".husky/_"]);
    let told = repo.okr(["init", "--here"]);
    assert_eq!(told.code, Some(0), "the journal is there: {told}");
    if !by_configuration(&repo) {
        assert!(told.stderr.contains("the journal's branch is unguarded"), "{told}");
        assert_eq!(fs::read_dir(repo.dir.join(".husky/_")).unwrap().count(), 0);
    }
    // The line of the documentation, by hand.
    let line = "if command -v git-okr >/dev/null 2>&1; then git-okr hook pre-push \"$@\"; test $? -ne 1; fi";
    assert!(include_str!("../../docs/hooks.md").contains(line));
    sandbox.script(&repo.dir.join(".husky/_/pre-push"), line);
    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", "origin.git"]);
    push(&repo, "../origin.git main").silent();
    assert_eq!(push(&repo, "../origin.git okr:z").code, Some(1));
    let status = repo.okr(["hooks", "status"]);
    assert!(status.stdout.contains("by a manager") || by_configuration(&repo), "{status}");
}
