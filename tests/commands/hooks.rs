//! `git okr hooks`: install, uninstall, status; what was there comes back byte for byte.

use std::fs;

use insta::assert_snapshot;

use crate::support::{Repo, Sandbox, fingerprint};

/// True where git runs hooks by configuration.
fn by_configuration(repo: &Repo<'_>) -> bool {
    let version = repo.git(["version"]);
    let mut parts =
        version.trim_start_matches("git version ").split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (2, 54)
}

#[test]
fn installs_shows_and_uninstalls_without_a_trace() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let before = fingerprint(&repo.dir);
    assert_eq!(repo.okr(["hooks", "status"]).code, Some(1));
    repo.okr(["hooks", "install"]).success();
    repo.okr(["hooks", "status"]).success();
    assert!(repo.okr(["hooks", "install"]).stderr.contains("installed already"));
    repo.okr(["hooks", "uninstall"]).success();
    assert!(before == fingerprint(&repo.dir), "everything is as it was");
    assert_snapshot!(repo.okr(["hooks", "uninstall"]), @"
    ------- stderr -------
    the hook is not installed
    ");
    assert_snapshot!(sandbox.okr(["hooks", "install"]), @"
    ------- stderr -------
    error: there is no git repository here
    hint: go into the repository whose commits to watch
    [exit status: 1]
    ");
}

#[test]
fn somebody_elses_script_gets_a_block_and_comes_back_byte_for_byte() {
    for script in
        ["echo mine >> ran", "echo mine >> ran\nexit 3\n\n# odd end, no newline", "echo mine >> ran #\r\n"]
    {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        let hook = repo.dir.join(".git/hooks/post-commit");
        sandbox.script(&hook, script);
        let before = fingerprint(&repo.dir);
        repo.okr(["hooks", "install"]).success();
        assert_eq!(repo.sandbox.sh(&repo.dir, "git config core.hooksPath").code, Some(1), "never set");
        repo.commit("a.rs", "feat: runs both");
        assert!(fs::read_to_string(repo.dir.join("ran")).unwrap().starts_with("mine"), "theirs still runs");
        repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
        fs::remove_file(repo.dir.join("ran")).unwrap();
        repo.okr(["hooks", "uninstall"]).success();
        assert!(
            fs::read(&hook).unwrap() == before[std::path::Path::new(".git/hooks/post-commit")].1,
            "{script:?}"
        );
    }
}

#[test]
fn a_program_in_another_language_is_left_alone() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    if by_configuration(&repo) {
        return; // Git runs ours beside it.
    }
    let hook = repo.dir.join(".git/hooks/post-commit");
    sandbox.script(&hook, "");
    fs::write(&hook, "#!/usr/bin/env python3\nprint()\n").unwrap();
    let before = fingerprint(&repo.dir);
    let output = repo.okr(["hooks", "install"]);
    assert!(output.stderr.contains("nothing is written"), "{output}");
    assert!(before == fingerprint(&repo.dir));
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let before = fingerprint(&repo.dir);
    let shown = repo.okr(["hooks", "install", "--dry-run"]);
    assert!(shown.stderr.contains("would "), "{shown}");
    assert!(before == fingerprint(&repo.dir));
}
