//! Many writers at once, with git's own housekeeping beside them.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::Sandbox;

/// Starts a shell that adds `count` records, one process each, and prints their ids.
fn writer(sandbox: &Sandbox, name: &str, count: usize) -> Child {
    let line = format!("for i in $(seq {count}); do git-okr -q add \"{name} $i\" || echo failed; done");
    sandbox
        .command("sh", &sandbox.path("work"))
        .args(["-c", &line])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for writers; every one of their processes must have recorded something. Returns the ids.
fn ids(writers: Vec<Child>) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        for id in text.lines() {
            assert!(id.len() == 16 && ids.insert(id.to_owned()), "{id}: {stderr}");
        }
    }
    ids
}

fn recorded(sandbox: &Sandbox) -> BTreeSet<String> {
    let paths = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr", "evidence/"]);
    paths.lines().map(|path| path[path.len() - 21..path.len() - 5].to_owned()).collect()
}

#[test]
fn eight_processes_that_write_at_once_lose_nothing() {
    let sandbox = Sandbox::with_journal();
    let writers = (0..8).map(|n| writer(&sandbox, &format!("writer {n}"), 20)).collect();
    let acknowledged = ids(writers);
    assert_eq!(acknowledged.len(), 160);
    assert_eq!(recorded(&sandbox), acknowledged);
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "161", "one commit each, in one line");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn writers_get_through_beside_packing_and_housekeeping() {
    let sandbox = Sandbox::with_journal();
    let done = AtomicBool::new(false);
    let journal = sandbox.journal();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(&journal).args(args).stderr(Stdio::null()).stdout(Stdio::null());
        command.status().unwrap().success()
    };
    let writers: Vec<Child> = (0..3).map(|n| writer(&sandbox, &format!("writer {n}"), 20)).collect();
    let (acknowledged, rounds) = std::thread::scope(|scope| {
        let housekeeping = scope.spawn(|| {
            let mut rounds = 0;
            while !done.load(Ordering::Relaxed) {
                rounds += usize::from(git(&["pack-refs", "--all"]));
                rounds += usize::from(git(&["gc", "--quiet"]));
            }
            rounds
        });
        let acknowledged = ids(writers);
        done.store(true, Ordering::Relaxed);
        (acknowledged, housekeeping.join().unwrap())
    });
    assert!(rounds > 2, "housekeeping ran beside the writers: {rounds}");
    assert_eq!(acknowledged.len(), 60);
    assert_eq!(recorded(&sandbox), acknowledged);
    sandbox.okr(["fsck"]).success();
}

#[test]
fn readers_beside_writers_never_fail() {
    let sandbox = Sandbox::with_journal();
    let writers: Vec<Child> = (0..2).map(|n| writer(&sandbox, &format!("writer {n}"), 15)).collect();
    let mut before = 0;
    for _ in 0..15 {
        let list = sandbox.okr(["list", "--format", "json"]).success();
        let count = list.matches("\"title\"").count();
        assert!(count >= before, "a later reader sees no less: {count} after {before}");
        before = count;
    }
    assert_eq!(ids(writers).len(), 30);
}
