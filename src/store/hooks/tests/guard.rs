//! The guard before a push, as a git that runs hooks by configuration would run it.

use std::fs;

use super::super::{Event, HookKind};
use super::{NEW, OLD, hooks, put};
use crate::store::sandbox::Sandbox;

#[test]
fn a_new_git_runs_the_guard_by_configuration() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let config = git.dir().join(".git/config");
    let before = fs::read(&config).unwrap();
    let mut new = hooks(&git, NEW);
    let plan = new.install_plan(&[Event::PrePush]).unwrap();
    new.apply(&plan).unwrap();
    let events = hooks(&git, NEW).status().unwrap().events;
    let guard = events.iter().find(|one| one.event == Event::PrePush).unwrap();
    assert!(guard.how == HookKind::Config && guard.runs == Some(true) && guard.problems.is_empty());
    assert!(!git.dir().join(".git/hooks/pre-push").exists());

    // Git appends the arguments and hands it to a shell, as it does for an alias.
    let command = git.run(&["config", "hook.okr-pre-push.command"]);
    git.run(&["config", "alias.as-hook", &format!("!{command}")]);
    let id = git.run(&["rev-parse", "HEAD"]);
    let none = "0".repeat(40);
    let line = |from: &str, to: &str| format!("{from} {id} {to} {none}\n").into_bytes();
    let run = |input: Vec<u8>, path: &str| {
        let git = git.clone().with_env("PATH", path);
        git.feed(&["as-hook", "origin", "/nowhere"], input).err().and_then(|error| error.code())
    };
    let system = std::env::var("PATH").unwrap();
    for (from, to, code) in [
        ("refs/heads/main", "refs/heads/main", None),
        ("refs/heads/okr", "refs/heads/z", Some(1)),
        ("HEAD", "refs/heads/okr", Some(1)),
        ("refs/okr/remote/x/journal", "refs/tags/z", Some(1)),
        ("refs/heads/okr-notes", "refs/heads/okr-notes", None),
    ] {
        assert_eq!(run(line(from, to), &system), code, "without git-okr: {from} {to}");
    }
    assert_eq!(run(Vec::new(), &system), None);
    let path = format!("{}:{system}", sandbox.path("bin").display());
    for (answer, code) in [(0, None), (1, Some(1)), (3, Some(1)), (101, Some(1))] {
        let script =
            format!("#!/bin/sh\ntest \"$*\" = 'hook pre-push origin /nowhere' || exit 0\nexit {answer}\n");
        put(&sandbox.path("bin/git-okr"), script.as_bytes(), 0o755);
        assert_eq!(run(line("refs/heads/okr", "refs/heads/okr"), &path), code, "{answer}");
    }
    git.run(&["config", "okr.branch", "evidence"]);
    assert_eq!(run(line("refs/heads/evidence", "refs/heads/z"), &path), Some(1));
    assert_eq!(run(line("refs/heads/okr", "refs/heads/z"), &path), None, "no answer, and another name");
    git.run(&["config", "--unset", "okr.branch"]);
    git.run(&["config", "--unset", "alias.as-hook"]);
    let mut old = hooks(&git, OLD);
    let plan = old.uninstall_plan().unwrap();
    old.apply(&plan).unwrap();
    assert_eq!(fs::read(&config).unwrap(), before);
}
