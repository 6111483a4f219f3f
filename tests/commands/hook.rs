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
    assert!(sandbox.queued().starts_with(&repo.git(["rev-parse", "HEAD"])), "{}", sandbox.queued());
    assert!(!sandbox.okr(["list"]).success().contains("One queue"), "it suggests and records nothing");
    let inbox = repo.okr(["inbox", "--list", "--all"]).success();
    assert!(inbox.contains("One queue for every team"), "{inbox}");
}

/// A program in the place of git-okr that says that it was started, and does nothing.
fn only_told(sandbox: &Sandbox) -> std::path::PathBuf {
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    let told = sandbox.path("started");
    sandbox.script(&sandbox.path("bin/git-okr"), &format!("echo \"$*\" >>'{}'", told.display()));
    told
}

#[test]
fn where_nothing_can_be_said_the_shell_notes_the_commit_without_the_program() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    commit_in_silence(&repo, "feat: the first makes the file");
    let by_the_program = sandbox.queued();
    let started = only_told(&sandbox);
    commit_in_silence(&repo, "feat: on a branch");
    let noted =
        |queued: &str| format!("{queued}{} {}\n", repo.git(["rev-parse", "HEAD"]), repo.dir.display());
    let expected = noted(&by_the_program);
    assert_eq!(sandbox.queued(), expected);
    repo.git(["switch", "--quiet", "--detach"]);
    commit_in_silence(&repo, "feat: without a branch");
    let expected = noted(&expected);
    assert_eq!(sandbox.queued(), expected);
    let quietly = |line: &str| sandbox.sh(&repo.dir, line).success();
    quietly(
        "mkdir -p deep/er && cd deep/er && git commit --quiet --allow-empty --amend -m 'feat: from below'",
    );
    let expected = noted(&expected);
    assert_eq!(sandbox.queued(), expected);
    assert_eq!(
        fs::read_to_string(&started).unwrap().trim(),
        "hook post-rewrite amend",
        "and for nothing else"
    );
    // What the shell cannot judge, the program does.
    for line in [
        "CI=1 git commit --quiet --allow-empty -m ci",
        "OKR_HOOK=0 git commit --quiet --allow-empty -m off",
        "git worktree add --quiet -b linked ../linked && cd ../linked && git commit --quiet --allow-empty -m linked",
        "git init --quiet --ref-format=reftable ../table 2>/dev/null || exit 0; cd ../table && \
         cp ../shop/.git/hooks/post-commit .git/hooks/ && git commit --quiet --allow-empty -m table",
        "chmod a-w ../../home/.local/state/git-okr/commits; test -w ../../home/.local/state/git-okr/commits || \
         git commit --quiet --allow-empty -m 'cannot be written'",
        "rm ../../home/.local/state/git-okr/commits && git commit --quiet --allow-empty -m 'no file'",
        "mkfifo ../../home/.local/state/git-okr/commits && git commit --quiet --allow-empty -m 'a pipe'",
        "unset HOME XDG_STATE_HOME; git commit --quiet --allow-empty -m 'no home'",
    ] {
        let before = fs::read_to_string(&started).unwrap().lines().count();
        let queued = sandbox.path("home/.local/state/git-okr/commits");
        let noted = queued.is_file().then(|| fs::read(&queued).unwrap());
        quietly(line);
        let after = fs::read_to_string(&started).unwrap().lines().count();
        let skipped = line.contains("reftable") && !sandbox.path("work/table").exists()
            || line.contains("chmod") && nix::unistd::geteuid().is_root();
        assert!(skipped || after == before + 1, "{line}");
        assert!(!queued.is_file() || noted == Some(fs::read(&queued).unwrap()), "{line}");
    }
}

#[test]
fn what_the_shell_noted_goes_to_the_journal_of_its_own_repository() {
    let sandbox = Sandbox::with_journal();
    let (shop, private) = (hooked(&sandbox), sandbox.repo("private"));
    private.okr(["init", "--here"]).success();
    private.okr(["hooks", "install"]).success();
    commit_in_silence(&shop, "feat: makes the file");
    commit_in_silence(&shop, "feat: of the shop");
    commit_in_silence(&private, "feat: of the private one");
    let gone = sandbox.repo("gone");
    gone.okr(["hooks", "install"]).success();
    commit_in_silence(&gone, "feat: of one that goes");
    fs::remove_dir_all(&gone.dir).unwrap();
    assert_eq!(sandbox.queued().lines().count(), 4, "{}", sandbox.queued());
    // Asked where no repository is: the person's own journal, and only what is for it.
    let list = sandbox.okr(["inbox", "--list", "--all", "--apart"]).success();
    assert!(list.contains("Of the shop") && !list.contains("private") && !list.contains("goes"), "{list}");
    assert_eq!(sandbox.queued(), "");
    let queue = fs::read_to_string(private.dir.join(".git/okr/queue")).unwrap();
    assert!(queue.starts_with(&private.git(["rev-parse", "HEAD"])), "{queue}");
    let list = private.okr(["inbox", "--list", "--all", "--apart"]).success();
    assert!(list.contains("Of the private one") && !list.contains("shop"), "{list}");
}

#[test]
fn the_shell_of_a_strict_script_notes_too_and_never_ends_it() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let hook = repo.dir.join(".git/hooks/post-commit");
    for shell in ["/bin/sh -eu", "/bin/bash -eu", "/bin/zsh -eu", "/bin/busybox sh -eu"] {
        if !std::path::Path::new(shell.split(' ').next().unwrap()).exists() {
            continue;
        }
        let _ = fs::remove_file(&hook);
        fs::write(&hook, format!("#!{shell}\ntouch .git/first\nunset nothing\ntouch .git/last\n")).unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        repo.okr(["hooks", "install"]).success();
        for (state, lines) in [("rm -f", 0), (": >", 1)] {
            let file = sandbox.path("home/.local/state/git-okr/commits");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            sandbox
                .sh(&repo.dir, &format!("{state} '{}'; rm -f .git/first .git/last", file.display()))
                .success();
            sandbox.forget_queued();
            commit_in_silence(&repo, "feat: with a strict script");
            let noted = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(noted.lines().count(), lines, "{shell}: {noted}");
            assert!(repo.dir.join(".git/last").exists(), "{shell}");
        }
    }
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
    // What it says can be pasted anywhere, before anything else was looked at.
    let id = line.rsplit_once("accept ").unwrap().1.trim();
    sandbox.okr(["inbox", "accept", id]).success();
    assert!(sandbox.okr(["list"]).success().contains("A queue"));
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
    // One that is too old to know of hooks complains, and nobody sees it.
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    sandbox.script(&sandbox.path("bin/git-okr"), "echo \"error: unrecognized subcommand '$1'\" >&2; exit 2");
    sandbox.forget_queued();
    let _ = fs::remove_file(sandbox.path("home/.local/state/git-okr/commits"));
    commit_in_silence(&repo, "feat: with an older program");
    repo.sandbox.sh(&repo.dir, "git commit --quiet --amend --allow-empty -m 'feat: amended'").silent();
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
    sandbox.forget_queued();
    repo.git(["rebase", "--quiet", "main", "topic"]);
    let queued = sandbox.queued();
    let mut made: Vec<String> = repo.git(["rev-list", "main..topic"]).lines().map(str::to_owned).collect();
    let mut fresh: Vec<&str> = queued.lines().map(|line| &line[..40]).collect();
    made.sort();
    fresh.sort_unstable();
    assert_eq!(fresh, made, "at its end, not at each pick");
    repo.git(["switch", "--quiet", "--detach", "main"]);
    repo.git(["cherry-pick", "main..topic"]);
    assert_eq!(sandbox.queued(), queued, "a cherry-pick of several");
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
        sandbox.forget_queued();
        let line =
            format!("PATH=\"{}:$PATH\" git-okr hook post-commit </dev/null 2>/dev/null", bin.display());
        sandbox.sh(&repo.dir, &line).success();
        assert!(sandbox.queued().starts_with(&head), "{}", sandbox.queued());
        let runs = fs::read_to_string(bin.join("runs")).unwrap();
        // A ref among packed ones is git's to read.
        assert_eq!(runs.lines().count(), if packed { 2 } else { 1 }, "{runs}");
    }
}
