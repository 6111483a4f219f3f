//! Tests of the hook in real repositories: it runs, it harms nobody, and it leaves no trace.
#![cfg(unix)]

mod guard;
mod restore;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Event, EventStatus, HookKind, Hooks, Step};
use crate::store::project::Project;
use crate::store::project::program::Git;
use crate::store::sandbox::Sandbox;

const SHIM: &str = include_str!("../../../../hooks/post-commit");
const ONE: [Event; 1] = [Event::PostCommit];
const OLD: (u32, u32, u32) = (2, 47, 0);
const NEW: (u32, u32, u32) = (2, 54, 0);

fn hooks(git: &Git, version: (u32, u32, u32)) -> Hooks {
    let project = Project::discover_with(git).unwrap().unwrap();
    Hooks::with_version(&project, version).unwrap()
}

/// Installs and returns the notes.
fn install(git: &Git, version: (u32, u32, u32)) -> Vec<String> {
    let mut hooks = hooks(git, version);
    let plan = hooks.install_plan(&ONE).unwrap();
    hooks.apply(&plan).unwrap();
    plan.notes
}

fn uninstall(git: &Git) {
    let mut hooks = hooks(git, OLD);
    let plan = hooks.uninstall_plan().unwrap();
    hooks.apply(&plan).unwrap();
}

/// What is said of the post-commit hook.
fn status(git: &Git, version: (u32, u32, u32)) -> EventStatus {
    hooks(git, version).status().unwrap().events.remove(0)
}

/// Puts a hook in place.
fn put(path: &Path, content: &[u8], mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn state(path: &Path) -> Option<(Vec<u8>, u32)> {
    let mode = fs::symlink_metadata(path).ok()?.permissions().mode() & 0o7777;
    Some((fs::read(path).unwrap(), mode))
}

/// A `git-okr` in `PATH` that notes how it was called, and then fails.
fn with_fake_okr(sandbox: &Sandbox, git: &Git) -> (Git, PathBuf) {
    let log = sandbox.path("called");
    let script = format!("#!/bin/sh\necho \"$*\" \"$(cat)\" >>'{}'\necho to stdout\nexit 9\n", log.display());
    put(&sandbox.path("bin/git-okr"), script.as_bytes(), 0o755);
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    (git.clone().with_env("PATH", path), log)
}

fn calls(log: &Path) -> usize {
    fs::read_to_string(log)
        .unwrap_or_default()
        .lines()
        .filter(|line| line.trim() == "hook post-commit")
        .count()
}

#[test]
fn a_plain_repository_gets_a_file_and_gives_it_back() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let path = git.dir().join(".git/hooks/post-commit");
    assert_eq!(status(&git, OLD).how, HookKind::None);
    assert!(install(&git, OLD).is_empty());
    assert_eq!(state(&path), Some((SHIM.as_bytes().to_vec(), 0o755)));
    let found = status(&git, OLD);
    assert_eq!(
        (found.how.clone(), found.runs, found.path.as_path()),
        (HookKind::File, Some(true), path.as_path())
    );
    assert!(found.problems.is_empty(), "{found:?}");
    assert_eq!(hooks(&git, OLD).status().unwrap().manager, None);

    let (with_okr, log) = with_fake_okr(&sandbox, &git);
    with_okr.commit("a", "1", "with git-okr");
    assert_eq!(calls(&log), 1);
    git.commit("a", "2", "without it");

    let again = hooks(&git, OLD).install_plan(&ONE).unwrap();
    assert!(again.steps.is_empty());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(status(&git, OLD).runs == Some(false) && !status(&git, OLD).problems.is_empty());
    install(&git, OLD);
    assert_eq!(status(&git, OLD).runs, Some(true));
    uninstall(&git);
    assert_eq!(state(&path), None);
    assert!(!git.dir().join(".git/okr").exists());
    uninstall(&git);
}

#[test]
fn a_shell_hook_keeps_running_with_its_own_exit_code() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let path = git.dir().join(".git/hooks/post-commit");
    let theirs = format!("#!/bin/sh -eu\necho ran >>'{}'\nexit 3\n", sandbox.path("theirs").display());
    put(&path, theirs.as_bytes(), 0o750);
    install(&git, OLD);
    let block = SHIM.strip_prefix("#!/bin/sh\n").unwrap();
    let (head, tail) = theirs.split_once('\n').unwrap();
    let (content, mode) = state(&path).unwrap();
    assert_eq!((String::from_utf8(content).unwrap(), mode), (format!("{head}\n{block}{tail}"), 0o750));
    assert_eq!(status(&git, OLD).how, HookKind::Block);

    let (git, log) = with_fake_okr(&sandbox, &git);
    git.commit("a", "1", "both run");
    assert_eq!(calls(&log), 1);
    assert_eq!(fs::read_to_string(sandbox.path("theirs")).unwrap(), "ran\n");
    let run = git.output(&["hook", "run", "post-commit"]);
    assert_eq!(run.err().and_then(|error| error.code()), Some(3));

    assert!(hooks(&git, OLD).install_plan(&ONE).unwrap().steps.is_empty());
    uninstall(&git);
    assert_eq!(state(&path), Some((theirs.into_bytes(), 0o750)));
}

#[test]
fn what_is_not_ours_to_write_is_left_alone() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let path = git.dir().join(".git/hooks/post-commit");
    for (content, mode) in [
        ("#!/usr/bin/env python3\n", 0o755),
        ("\u{7f}ELF", 0o755),
        ("#!/bin/sh\r\n:\r\n", 0o755),
        ("#!/bin/sh\n", 0o644),
    ] {
        put(&path, content.as_bytes(), mode);
        assert_eq!(install(&git, OLD).len(), 1, "{content:?}");
        assert_eq!(state(&path), Some((content.as_bytes().to_vec(), mode)));
    }
    fs::remove_file(&path).unwrap();
    put(&git.dir().join("tracked"), b"#!/bin/sh\n", 0o755);
    std::os::unix::fs::symlink("../../tracked", &path).unwrap();
    assert_eq!(install(&git, OLD).len(), 1);
    assert_eq!(fs::read(git.dir().join("tracked")).unwrap(), b"#!/bin/sh\n");

    let dir = git.dir().join(".git/hooks");
    fs::remove_dir_all(&dir).unwrap();
    fs::create_dir(git.dir().join("team")).unwrap();
    std::os::unix::fs::symlink("../team", &dir).unwrap();
    assert_eq!(install(&git, OLD).len(), 1);
    assert_eq!(fs::read_dir(git.dir().join("team")).unwrap().count(), 0);
}

#[test]
fn a_hooks_path_is_respected() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    install(&git, OLD);
    fs::create_dir_all(git.dir().join(".husky/_")).unwrap();
    git.run(&["config", "core.hooksPath", ".husky/_"]);
    let found = status(&git, OLD);
    assert_eq!((&found.how, found.runs), (&HookKind::File, Some(false)));
    assert_eq!(hooks(&git, OLD).status().unwrap().manager, Some("husky"));
    assert_eq!(found.problems.len(), 1, "{found:?}");
    uninstall(&git);
    assert_eq!(install(&git, OLD).len(), 2, "why, and what husky needs");
    assert_eq!(fs::read_dir(git.dir().join(".husky/_")).unwrap().count(), 0);
    assert!(!git.dir().join(".git/hooks/post-commit").exists());
    assert_eq!(git.run(&["config", "core.hooksPath"]), ".husky/_");
    let global = sandbox.repo("second");
    sandbox.git("").run(&["config", "--global", "core.hooksPath", "/nowhere"]);
    assert_eq!(install(&global, OLD).len(), 1);
}

#[test]
fn a_hooks_path_is_written_where_it_is_the_persons_alone() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let (outside, theirs) = (sandbox.path("outside"), b"#!/bin/sh\necho theirs\n");
    let ignored = git.dir().join("hooks/own");
    for (dir, name) in [
        (outside.clone(), outside.to_str().unwrap()),
        (git.dir().join(".git/mine"), ".git/mine"),
        (ignored.clone(), "hooks/own"),
    ] {
        git.run(&["config", "core.hooksPath", name]);
        assert_eq!(
            install(&git, OLD),
            [format!(
                "core.hooksPath leads to '{name}', which is no directory: nothing is written. Commits are found when you look at the inbox."
            )]
        );
        put(&dir.join("post-commit"), theirs, 0o755);
        if dir == ignored {
            let told = install(&git, OLD);
            assert!(
                told[0].contains("part of the work tree that others share") && told.len() == 2,
                "{told:?}"
            );
            assert_eq!(fs::read(dir.join("post-commit")).unwrap(), theirs);
            fs::write(dir.join(".gitignore"), "*\n").unwrap();
        }
        assert_eq!(install(&git, OLD), [""; 0], "{name}");
        let found = status(&git, OLD);
        assert_eq!((found.how, found.runs), (HookKind::Block, Some(true)), "{name}");
        assert_eq!(found.problems, [""; 0], "{name}");
        let (with_okr, log) = with_fake_okr(&sandbox, &git);
        with_okr.commit("a", name, "by the directory that is named");
        assert_eq!(calls(&log), 1, "{name}");
        fs::remove_file(&log).unwrap();
        uninstall(&git);
        assert_eq!(fs::read(dir.join("post-commit")).unwrap(), theirs, "{name}");
        assert!(!dir.join("okr").exists(), "{name}");
    }
    // What git tracks is the team's, though it is ignored as well.
    git.run(&["add", "--force", "hooks/own/post-commit"]);
    assert_eq!(install(&git, OLD).len(), 2);
    assert_eq!(fs::read(ignored.join("post-commit")).unwrap(), theirs);
    git.run(&["config", "--unset", "core.hooksPath"]);
    sandbox.git("").run(&["config", "--global", "core.hooksPath", outside.to_str().unwrap()]);
    let told = install(&git, OLD);
    assert!(told[0].contains("where every repository looks") && told[1].ends_with("--global"), "{told:?}");
    assert_eq!(fs::read(outside.join("post-commit")).unwrap(), theirs);
}

#[test]
fn a_script_that_names_our_hook_is_not_given_it_twice() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let script = b"#!/bin/sh\ncommand -v git-okr >/dev/null 2>&1 && git-okr hook post-commit || :\n";
    let path = git.dir().join(".git/hooks/post-commit");
    put(&path, script, 0o755);
    assert_eq!(install(&git, OLD), [""; 0]);
    assert_eq!(fs::read(&path).unwrap(), script);
    assert!(matches!(status(&git, OLD).how, HookKind::Named(_)));
}

#[test]
fn worktrees_share_it_and_every_layout_has_a_place_for_it() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    git.run(&["worktree", "add", "--quiet", "../linked"]);
    git.run(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    let outer = sandbox.repo("outer");
    outer.run(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../code", "module"]);
    fs::create_dir(sandbox.path("linked/deep")).unwrap();
    for (dir, hook) in [
        ("linked/deep", "code/.git/hooks/post-commit"),
        ("bare.git", "bare.git/hooks/post-commit"),
        ("outer/module", "outer/.git/modules/module/hooks/post-commit"),
    ] {
        install(&sandbox.git(dir), OLD);
        assert!(sandbox.path(hook).is_file(), "{dir}");
    }
    let (linked, log) = with_fake_okr(&sandbox, &sandbox.git("linked"));
    linked.commit("a", "1", "in the linked worktree");
    let (module, _) = with_fake_okr(&sandbox, &sandbox.git("outer/module"));
    module.commit("a", "1", "in the submodule");
    assert_eq!(calls(&log), 2);
}

#[test]
fn a_new_git_is_configured_instead() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let config = git.dir().join(".git/config");
    let before = fs::read(&config).unwrap();
    install(&git, OLD);
    git.run(&["config", "core.hooksPath", "/dev/null"]);
    let with_path = fs::read(&config).unwrap();
    install(&git, NEW);
    assert!(!git.dir().join(".git/hooks/post-commit").exists(), "it would run twice");
    assert_eq!(git.run(&["config", "--local", "hook.okr-post-commit.event"]), "post-commit");
    let found = status(&git, NEW);
    assert_eq!((&found.how, found.runs), (&HookKind::Config, Some(true)));
    assert!(found.problems.is_empty(), "{found:?}");
    assert_eq!(status(&git, OLD).problems.len(), 1);
    assert!(hooks(&git, NEW).install_plan(&ONE).unwrap().steps.is_empty());

    // Git appends the arguments and hands it to a shell.
    let command = git.run(&["config", "hook.okr-post-commit.command"]);
    git.run(&["config", "alias.as-hook", &format!("!{command}")]);
    git.run(&["as-hook"]);
    let (with_okr, log) = with_fake_okr(&sandbox, &git);
    with_okr.output(&["as-hook"]).ok();
    assert_eq!(calls(&log), 1);
    git.run(&["config", "--unset", "alias.as-hook"]);

    git.run(&["config", "hook.okr-post-commit.enabled", "false"]);
    assert_eq!(status(&git, NEW).runs, Some(false));
    uninstall(&git);
    assert_eq!(fs::read(&config).unwrap(), with_path);
    git.run(&["config", "--unset", "core.hooksPath"]);
    assert_eq!(fs::read(&config).unwrap(), before);
}

#[test]
fn a_hook_that_changed_since_loses_only_our_block() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let path = git.dir().join(".git/hooks/post-commit");
    put(&path, b"#!/bin/sh\necho theirs\n", 0o755);
    install(&git, OLD);
    let (mut content, _) = state(&path).unwrap();
    content.extend_from_slice(b"echo more\n");
    put(&path, &content, 0o700);
    uninstall(&git);
    assert_eq!(state(&path), Some((b"#!/bin/sh\necho theirs\necho more\n".to_vec(), 0o700)));

    install(&git, OLD);
    put(&path, b"#!/bin/sh\nrewritten by another tool\n", 0o755);
    uninstall(&git);
    assert_eq!(state(&path), Some((b"#!/bin/sh\nrewritten by another tool\n".to_vec(), 0o755)));

    let mut late = hooks(&git, OLD);
    let plan = late.install_plan(&ONE).unwrap();
    put(&path, b"#!/bin/sh\nmeanwhile\n", 0o755);
    assert!(late.apply(&plan).is_err());
    assert!(matches!(plan.steps.as_slice(), [Step::Write { .. }]));
}

#[test]
fn an_older_block_is_renewed_and_the_original_still_comes_back() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let path = git.dir().join(".git/hooks/post-commit");
    let old = b"#!/bin/sh\n# >>> git-okr >>> old\ngit-okr old || :\n# <<< git-okr <<<\necho theirs\n";
    put(&path, old, 0o755);
    assert_eq!(status(&git, OLD).problems.len(), 1);
    install(&git, OLD);
    assert!(status(&git, OLD).problems.is_empty());
    uninstall(&git);
    assert_eq!(state(&path), Some((b"#!/bin/sh\necho theirs\n".to_vec(), 0o755)));
}

#[test]
fn a_directory_made_for_it_goes_with_it() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let dir = git.dir().join(".git/hooks");
    fs::remove_dir_all(&dir).unwrap();
    install(&git, OLD);
    assert!(dir.join("post-commit").is_file());
    uninstall(&git);
    assert!(!dir.exists());
}

#[test]
fn a_hook_that_pre_commit_moved_still_runs_and_is_found() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let hook = git.dir().join(".git/hooks/post-commit");
    let moved = hook.with_extension("legacy");
    let theirs = b"#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n\
                   test -x \"$0.legacy\" && \"$0.legacy\"\nexit 0\n";
    for before in [None, Some(b"#!/bin/sh\necho before\n".as_slice())] {
        if let Some(before) = before {
            put(&hook, before, 0o755);
        }
        install(&git, OLD);
        fs::rename(&hook, &moved).unwrap();
        put(&hook, theirs, 0o755);
        let found = status(&git, OLD);
        assert_eq!((found.path.as_path(), found.runs), (moved.as_path(), Some(true)));
        assert_eq!(found.how, if before.is_some() { HookKind::Block } else { HookKind::File });
        assert!(install(&git, OLD).is_empty());
        assert_eq!(fs::read(&hook).unwrap(), theirs, "it would run twice");
        uninstall(&git);
        assert_eq!(state(&moved), before.map(|before| (before.to_vec(), 0o755)));
        assert_eq!(fs::read(&hook).unwrap(), theirs);
        fs::remove_file(&hook).unwrap();
    }
    // A block that an earlier version put beside it.
    let _ = fs::remove_file(&moved);
    install(&git, OLD);
    fs::rename(&hook, &moved).unwrap();
    put(&hook, &crate::store::hooks::script::with_block(theirs, Event::PostCommit), 0o755);
    assert!(status(&git, OLD).problems[0].contains("twice"));
    uninstall(&git);
    assert!(fs::read(&hook).unwrap() == theirs && !moved.exists());
}

#[test]
fn status_says_why_a_hook_is_not_ours() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let hook = git.dir().join(".git/hooks/post-commit");
    for (content, mode, why) in [
        (b"#!/usr/bin/env python3\n".as_slice(), 0o755, "no shell script"),
        (b"#!/bin/sh\nexit\n", 0o644, "switch it on"),
    ] {
        put(&hook, content, mode);
        let found = status(&git, OLD);
        assert!(found.problems[0].contains(why) && found.problems.len() == 1, "{found:?}");
    }
    fs::remove_file(&hook).unwrap();
    std::os::unix::fs::symlink("../elsewhere", &hook).unwrap();
    assert!(status(&git, OLD).problems[0].contains("symbolic link"));
    fs::remove_file(&hook).unwrap();
    assert!(status(&git, OLD).problems.is_empty());
    // husky works by core.hooksPath only.
    fs::create_dir(git.dir().join(".husky")).unwrap();
    assert_eq!(hooks(&git, OLD).status().unwrap().manager, None);
}
