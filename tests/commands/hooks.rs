//! `git okr hooks`: install, uninstall, status; what was there comes back byte for byte.

use std::fs;

use insta::assert_snapshot;

use crate::support::{Sandbox, by_configuration, fingerprint};

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
    the hooks are not installed
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
    assert_eq!(fs::read(&hook).unwrap(), b"#!/usr/bin/env python3\nprint()\n");
    assert!(repo.dir.join(".git/hooks/post-merge").exists(), "the others are no matter of its");
    repo.okr(["hooks", "uninstall"]).success();
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
    // The exact change, whatever the width: what is added is what is written.
    let patch = repo.okr(["hooks", "install", "--dry-run"]).success();
    repo.okr(["hooks", "install"]).success();
    let files =
        if by_configuration(&repo) { vec![] } else { vec!["post-commit", "post-merge", "post-rewrite"] };
    for event in files {
        let path = repo.dir.join(".git/hooks").join(event);
        let written = fs::read_to_string(&path).unwrap();
        let begin = format!("--- /dev/null\n+++ {}\n@@", path.display());
        let (_, rest) = patch.split_once(&begin).unwrap_or_else(|| panic!("{event}: {patch}"));
        let lines = rest
            .lines()
            .skip(1)
            .map_while(|line| line.strip_prefix('+'))
            .filter(|line| !line.starts_with("++ "));
        let added: String = lines.map(|line| format!("{line}\n")).collect();
        assert_eq!(added, written, "{event}");
    }
}

#[test]
fn status_tries_each_hook_and_leaves_no_trace() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    // Theirs would be seen to run.
    sandbox.script(&repo.dir.join(".git/hooks/post-merge"), "echo theirs >> ran");
    repo.okr(["hooks", "install", "--prepare-commit-msg"]).success();
    let before = fingerprint(&repo.dir);
    let status = repo.okr(["hooks", "status", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&status.raw).unwrap();
    for hook in told["data"]["hooks"].as_array().unwrap() {
        assert_eq!(hook["runs"], true, "{status}");
        assert!(hook["problems"].as_array().unwrap().is_empty(), "{status}");
    }
    assert_eq!(status.code, Some(0));
    assert!(before == fingerprint(&repo.dir), "nothing of theirs ran, nothing of ours stayed");
    // With another program in its place, and with none.
    sandbox.script(&sandbox.path("bin/other"), "exit 0");
    fs::rename(sandbox.path("bin/other"), sandbox.path("bin/git-okr")).unwrap();
    let status = repo.okr(["hooks", "status"]);
    let said = "bin/git-okr' of PATH did not answer";
    assert!(status.code == Some(1) && status.stdout.contains(said), "{status}");
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    let status = repo.okr(["hooks", "status"]);
    assert!(status.code == Some(1) && status.stdout.contains("is git-okr in PATH?"), "{status}");
    assert_eq!(sandbox.queued(), "");
}

#[test]
fn every_hook_comes_back_byte_for_byte() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let dir = repo.dir.join(".git/hooks");
    for (name, text) in [
        ("post-commit", "#!/bin/sh\necho crlf\r\n"),
        ("post-merge", "#!/bin/bash\n\u{ff}exit 3"),
        ("post-rewrite", "\u{feff}#!/bin/sh\n:\n"),
        ("prepare-commit-msg", "#!/bin/sh\r\n:\r\n"),
        ("pre-commit", "#!/usr/bin/env python3\n"),
    ] {
        sandbox.script(&dir.join(name), "");
        fs::write(dir.join(name), text).unwrap();
    }
    let before = fingerprint(&repo.dir);
    let output = repo.okr(["hooks", "install", "--prepare-commit-msg"]);
    assert_eq!(output.code, Some(0), "{output}");
    if !by_configuration(&repo) {
        assert_eq!(
            output.stderr.matches("nothing is written").count(),
            2,
            "a mark at its front, CRLF: {output}"
        );
    }
    repo.okr(["hooks", "uninstall"]).success();
    assert!(before == fingerprint(&repo.dir));
}

#[test]
fn where_nothing_can_be_written_nothing_is_half_done() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    if by_configuration(&repo) {
        return;
    }
    let dir = repo.dir.join(".git/hooks");
    fs::remove_dir_all(&dir).unwrap();
    fs::write(&dir, "a file").unwrap();
    let before = fingerprint(&repo.dir);
    let output = repo.okr(["hooks", "install"]);
    assert!(output.code == Some(1) && output.stderr.contains("no directory"), "{output}");
    assert!(before == fingerprint(&repo.dir));
    fs::remove_file(&dir).unwrap();
    // A link to nowhere.
    std::os::unix::fs::symlink("/nonexistent/hooks", &dir).unwrap();
    let before = fingerprint(&repo.dir);
    let output = repo.okr(["hooks", "install"]);
    assert_eq!(output.code, Some(1), "{output}");
    assert!(before == fingerprint(&repo.dir));
}

#[test]
fn for_every_repository_before_2_54_only_a_directory_of_the_person_will_do() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    if by_configuration(&repo) {
        return;
    }
    let output = repo.okr(["hooks", "install", "--global"]);
    assert!(output.code == Some(1) && output.stderr.contains("neither is set"), "{output}");

    let template = sandbox.path("home/template");
    fs::create_dir_all(&template).unwrap();
    repo.git(["config", "--global", "init.templateDir", "~/template"]);
    let before = fingerprint(&sandbox.path("home"));
    repo.okr(["hooks", "install", "--global"]).success();
    let clone = sandbox.repo("fresh");
    clone.commit("a.rs", "feat: in a repository that was made since");
    assert!(sandbox.queued().contains("fresh"));
    clone.okr(["hooks", "status"]).success();
    clone.okr(["hooks", "uninstall"]).success();
    assert!(!clone.dir.join(".git/hooks/post-commit").exists(), "its own copy goes");
    sandbox.forget_queued();
    repo.okr(["hooks", "uninstall", "--global"]).success();
    assert!(!template.join("hooks").exists() && !template.join("okr").exists());
    repo.git(["config", "--global", "--unset", "init.templateDir"]);

    let own = sandbox.path("home/hooks");
    fs::create_dir_all(&own).unwrap();
    sandbox.script(&own.join("post-merge"), "exit 3");
    repo.git(["config", "--global", "core.hooksPath", "~/hooks"]);
    repo.okr(["hooks", "install", "--global"]).success();
    repo.commit("b.rs", "feat: by the person's own directory");
    assert!(sandbox.queued().contains("shop"));
    assert_eq!(repo.okr(["hooks", "install"]).code, Some(1), "not here: it would not be looked for");
    let status = repo.okr(["hooks", "status"]).success();
    assert_eq!(status.matches("yes, tried").count(), 3, "{status}");
    repo.okr(["hooks", "uninstall"]).success();
    assert!(own.join("post-commit").exists(), "it is for every repository");
    repo.okr(["hooks", "uninstall", "--global"]).success();
    assert_eq!(fs::read(own.join("post-merge")).unwrap(), b"#!/bin/sh\nexit 3\n");
    assert!(!own.join("post-commit").exists() && !own.join("okr").exists());
    assert!(before.len() > 1);
}
