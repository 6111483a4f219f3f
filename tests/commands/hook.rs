//! The installed hook: queues, says nothing without a terminal, never fails, never stands in the way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::support::{Repo, Sandbox};

/// A repository with the hook installed.
fn hooked(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.okr(["hooks", "install"]).success();
    repo
}

fn queue(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.journal().join("okr/queue")).unwrap_or_default()
}

/// Commits through git, hook and all; nothing may be said and nothing may fail.
#[track_caller]
fn commit_in_silence(repo: &Repo<'_>, message: &str) {
    let line = format!("echo x >>a.rs && git add a.rs && git commit --quiet -m '{message}'");
    let begun = Instant::now();
    repo.sandbox.sh(&repo.dir, &line).silent();
    assert!(begun.elapsed() < Duration::from_secs(3), "a commit does not wait");
}

#[test]
fn a_commit_is_queued_in_silence_and_waits_in_the_inbox() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    commit_in_silence(&repo, "feat: one queue for every team (#12)");
    assert!(queue(&sandbox).starts_with(&repo.git(["rev-parse", "HEAD"])), "{}", queue(&sandbox));
    assert!(!sandbox.okr(["list"]).success().contains("One queue"), "it suggests and records nothing");
    let inbox = repo.okr(["inbox", "--list", "--all"]).success();
    assert!(inbox.contains("One queue for every team"), "{inbox}");
}

#[test]
fn a_commit_that_earns_it_gets_one_line_on_a_terminal() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return std::io::Write::write_all(&mut std::io::stderr(), b"skipped: there is no 'script'\n")
            .unwrap();
    }
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let said = |environment: &str| {
        let line = format!(
            "echo x >>a.rs; git add a.rs; {environment} git commit --quiet -m 'feat: a queue' -m 'Okr-Evidence: yes'"
        );
        let mut command = sandbox.command("script", &repo.dir);
        sandbox.run(command.args(["-qec", &line, "/dev/null"]).env("TERM", "dumb")).success()
    };
    let line = said("");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("okr: looks like") && line.contains("git okr inbox accept"), "{line}");
    assert_eq!(said("CI=true"), "");
    assert_eq!(said("OKR_HOOK=0"), "");
    repo.git(["config", "okr.hint", "false"]);
    assert_eq!(said(""), "");
}

#[test]
fn commits_of_others_are_none_of_mine() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.git([
        "commit",
        "--quiet",
        "--allow-empty",
        "--author",
        "Ada <ada@example.com>",
        "-m",
        "feat: of Ada",
    ]);
    let list = repo.okr(["inbox", "--list", "--all", "--apart"]).success();
    assert!(list.contains("Begin") && !list.contains("Of Ada"), "{list}");
}

#[test]
fn whatever_is_broken_a_commit_goes_through_in_silence() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let journal = sandbox.journal();
    // The inbox is locked by somebody.
    let lock = fs::File::create(journal.join("okr/inbox.lock")).unwrap();
    lock.lock().unwrap();
    commit_in_silence(&repo, "feat: beside a lock");
    drop(lock);
    // Local state is garbage.
    fs::write(journal.join("okr/inbox.json"), "garbage").unwrap();
    commit_in_silence(&repo, "feat: beside garbage");
    // The journal is damaged, then gone, then never was.
    fs::write(journal.join("refs/heads/okr"), "garbage").unwrap();
    commit_in_silence(&repo, "feat: on a damaged journal");
    fs::remove_dir_all(&journal).unwrap();
    commit_in_silence(&repo, "feat: on a journal that is gone");
    sandbox.git_in(&repo.dir, &["config", "--global", "--unset", "okr.journal"]);
    commit_in_silence(&repo, "feat: without a journal");
    // The program itself crashes, then is gone.
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    sandbox.script(&sandbox.path("bin/git-okr"), "kill -SEGV $$");
    let crashed = repo.sandbox.sh(&repo.dir, "git commit --quiet --allow-empty -m 'feat: after a crash'");
    assert_eq!(crashed.code, Some(0), "{crashed}");
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    commit_in_silence(&repo, "feat: without the program");
}

#[test]
fn a_rebase_queues_what_it_made_once_and_a_cherry_pick_nothing() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("b.rs", "feat: on a topic");
    repo.commit("c.rs", "feat: and another");
    repo.git(["switch", "--quiet", "main"]);
    repo.commit("d.rs", "feat: on main");
    let before = queue(&sandbox);
    repo.git(["rebase", "--quiet", "main", "topic"]);
    let queued = queue(&sandbox);
    let mut made: Vec<String> = repo.git(["rev-list", "main..topic"]).lines().map(str::to_owned).collect();
    let mut fresh: Vec<&str> = queued[before.len()..].lines().map(|line| &line[..40]).collect();
    made.sort();
    fresh.sort_unstable();
    assert_eq!(fresh, made, "at its end, not at each pick");
    repo.git(["switch", "--quiet", "--detach", "main"]);
    repo.git(["cherry-pick", "main..topic"]);
    assert_eq!(queue(&sandbox), queued, "a cherry-pick of several");
}

#[test]
fn the_hook_exits_zero_whatever_it_is_given() {
    let sandbox = Sandbox::with_journal();
    for args in [["hook", "post-commit"], ["hook", "nonesuch"], ["hook", ""]] {
        sandbox.okr(args).silent();
    }
    sandbox.okr(["hook", "post-rewrite", "--amend", "\u{1b}"]).silent();
    sandbox.okr(["hook", "post-merge", "1"]).silent();
    sandbox.okr(["hook", "prepare-commit-msg", "/nonexistent/file"]).silent();
    sandbox.okr(["hook", "prepare-commit-msg"]).silent();
}

#[test]
fn the_review_is_mentioned_once_a_day_before_the_end_of_a_quarter() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let commit = |number: u32| {
        let mut command = sandbox.command("git", &repo.dir);
        command.args(["commit", "--quiet", "--allow-empty", "-m", &format!("chore: {number}")]);
        let (status, shown) = crate::support::Terminal::start(command).end();
        assert!(status.success(), "{shown}");
        shown
    };
    sandbox.at("2026-12-10");
    assert_eq!(commit(1), "", "too early");
    sandbox.at("2026-12-20");
    assert_eq!(commit(2), "okr: 2026-Q4 has 11 days left: git okr review\n");
    assert_eq!(commit(3), "", "once a day");
    sandbox.at("2026-12-21");
    assert_eq!(commit(4), "okr: 2026-Q4 has 10 days left: git okr review\n");
    sandbox.okr_with_stdin(["review", "--answers", "-"], "note = \"done\"").success();
    sandbox.at("2026-12-22");
    assert_eq!(commit(5), "", "reviewed");
}

#[test]
fn a_quiet_hook_starts_git_once() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let bin = sandbox.path("counting");
    fs::create_dir(&bin).unwrap();
    let git = sandbox.sh(&repo.dir, "command -v git").success();
    let counting = format!("#!/bin/sh\necho \"$*\" >>'{}/runs'\nexec {} \"$@\"\n", bin.display(), git.trim());
    fs::write(bin.join("git"), counting).unwrap();
    fs::set_permissions(bin.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    let head = repo.git(["rev-parse", "HEAD"]);
    for (detached, packed) in [(false, false), (true, false), (false, true)] {
        if detached {
            repo.git(["switch", "--quiet", "--detach"]);
        } else {
            repo.git(["switch", "--quiet", "main"]);
        }
        if packed {
            repo.git(["pack-refs", "--all", "--prune"]);
        }
        let _ = fs::remove_file(bin.join("runs"));
        let _ = fs::remove_file(sandbox.journal().join("okr/queue"));
        let line =
            format!("PATH=\"{}:$PATH\" git-okr hook post-commit </dev/null 2>/dev/null", bin.display());
        sandbox.sh(&repo.dir, &line).success();
        assert!(queue(&sandbox).starts_with(&head), "{}", queue(&sandbox));
        let runs = fs::read_to_string(bin.join("runs")).unwrap();
        // A ref among packed ones is git's to read.
        assert_eq!(runs.lines().count(), if packed { 2 } else { 1 }, "{runs}");
    }
}
