//! Hooks around merges, rewrites and messages: what waits follows, lies are not believed, nothing hangs.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Output, Repo, Sandbox};

fn hooked(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.okr(["hooks", "install", "--prepare-commit-msg"]).success();
    repo
}

fn noted(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.journal().join("okr").join(name)).unwrap_or_default()
}

fn inbox(repo: &Repo<'_>) -> String {
    repo.okr(["inbox", "--list", "--all", "--apart"]).success()
}

/// Runs a hook as git does, with `told` on its standard input.
fn hook(repo: &Repo<'_>, args: &[&str], told: &[u8]) -> Output {
    let file = repo.sandbox.path("told");
    fs::write(&file, told).unwrap();
    let mut command = repo.sandbox.command(env!("CARGO_BIN_EXE_git-okr"), &repo.dir);
    repo.sandbox.run(command.arg("hook").args(args).stdin(Stdio::from(fs::File::open(file).unwrap())))
}

#[test]
fn an_amended_and_reworded_commit_waits_once() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.commit("a.rs", "feat: one queue for every tema");
    assert!(inbox(&repo).contains("every tema"));
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: one queue for every team"]);
    let list = inbox(&repo);
    assert!(list.contains("every team") && !list.contains("every tema"), "{list}");
    // The one that another branch still has is not replaced.
    repo.git(["branch", "kept"]);
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: one queue for all"]);
    let list = inbox(&repo);
    assert!(list.contains("for all") && list.contains("every team"), "{list}");
}

#[test]
fn a_rebase_that_rewords_and_folds_leaves_what_it_made() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    for (file, message) in
        [("a.rs", "feat: first queue"), ("b.rs", "feat: wip"), ("c.rs", "feat: third thing")]
    {
        repo.commit(file, message);
    }
    inbox(&repo);
    let mut rebase = sandbox.command("git", &repo.dir);
    rebase
        .args(["rebase", "--quiet", "-i", "HEAD~3"])
        .env("GIT_SEQUENCE_EDITOR", "sed -i '2s/pick/fixup/;3s/pick/reword/'");
    rebase.env("GIT_EDITOR", "sed -i '1s/.*/feat: last thing/'");
    sandbox.run(&mut rebase).success();
    let list = inbox(&repo);
    for (words, there) in
        [("First queue", true), ("Wip", false), ("Third thing", false), ("Last thing", true)]
    {
        assert_eq!(list.contains(words), there, "{words} in {list}");
    }
}

#[test]
fn what_a_rebase_skipped_did_not_become_its_base() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.git(["switch", "--quiet", "-c", "topic"]);
    let skipped = repo.commit("a.rs", "feat: mine");
    let kept = repo.commit("b.rs", "feat: beside it");
    repo.git(["switch", "--quiet", "main"]);
    let base = repo.commit("a.rs", "feat: the other one");
    let rebase = "git rebase --quiet main topic >/dev/null 2>&1; git rebase --skip >/dev/null 2>&1";
    sandbox.sh(&repo.dir, rebase).success();
    let told = noted(&sandbox, "rewrites");
    assert!(told.contains(&kept) && !told.contains(&skipped) && !told.contains(&base), "{told}");
}

#[test]
fn the_first_part_of_a_split_commit_is_new_work() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    fs::write(repo.dir.join("a.rs"), "a\n").unwrap();
    fs::write(repo.dir.join("b.rs"), "b\n").unwrap();
    repo.git(["add", "."]);
    repo.git(["commit", "--quiet", "-m", "feat: both"]);
    let split = "GIT_SEQUENCE_EDITOR=\"sed -i 1s/pick/edit/\" git rebase --quiet -i HEAD~1 2>/dev/null && \
                 git reset --quiet HEAD~1 && git add a.rs && git commit --quiet -m 'feat: only a' && git add b.rs && \
                 git commit --quiet -m 'feat: only b' && git rebase --continue >/dev/null 2>&1";
    sandbox.sh(&repo.dir, split).success();
    let queue = noted(&sandbox, "queue");
    for commit in ["HEAD", "HEAD~1"] {
        assert!(queue.contains(&repo.git(["rev-parse", commit])), "{commit} in {queue}");
    }
    let list = inbox(&repo);
    assert!(list.contains("Only a") && list.contains("Only b"), "{list}");
}

#[test]
fn my_work_that_landed_elsewhere_arrives_with_a_pull() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.git(["clone", "--quiet", ".", "../mirror"]);
    let mirror = sandbox.path("work/mirror");
    sandbox.git_in(&mirror, &["commit", "--quiet", "--allow-empty", "-m", "feat: landed as a squash (#7)"]);
    let mine = sandbox.git_in(&mirror, &["rev-parse", "HEAD"]);
    let ada = ["commit", "--quiet", "--allow-empty", "--author=Ada <ada@example.com>", "-m", "feat: of Ada"];
    sandbox.git_in(&mirror, &ada);
    let theirs = sandbox.git_in(&mirror, &["rev-parse", "HEAD"]);
    sandbox.sh(&repo.dir, "git pull --quiet --ff-only ../mirror main").silent();
    let queue = noted(&sandbox, "queue");
    assert!(queue.contains(&mine) && !queue.contains(&theirs), "{queue}");
    // Before a squash is committed there is nothing to see.
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("t.rs", "feat: topic");
    repo.git(["switch", "--quiet", "main"]);
    let before = noted(&sandbox, "queue");
    repo.git(["merge", "--quiet", "--squash", "topic"]);
    assert_eq!(noted(&sandbox, "queue"), before);
    repo.git(["commit", "--quiet", "-m", "feat: squashed"]);
    assert!(sandbox.queued().contains(&repo.git(["rev-parse", "HEAD"])));
}

#[test]
fn what_a_lying_hook_is_told_changes_nothing() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let mine = repo.commit("a.rs", "feat: one queue");
    let before = inbox(&repo);
    let (foreign, other) = ("1".repeat(40), repo.git(["rev-parse", "HEAD~1"]));
    let huge = format!("{foreign} {}\n", "2".repeat(40)).repeat(40_000);
    for told in [
        "garbage".to_owned(),
        "\u{0}\u{ff}\n".repeat(1000),
        format!("{mine} {foreign}\n"),
        format!("{foreign} {mine}\n"),
        format!("{mine} {other}\n{other} {mine}\n"),
        format!("{mine} {}\n", "0".repeat(40)),
        huge,
    ] {
        for command in ["amend", "rebase", "", "nonesuch"] {
            let begun = Instant::now();
            hook(&repo, &["post-rewrite", command], told.as_bytes()).silent();
            assert!(begun.elapsed() < Duration::from_secs(4));
        }
        assert_eq!(inbox(&repo), before);
    }
    assert!(noted(&sandbox, "rewrites").len() < 3 << 20, "what is kept is bounded");
}

#[test]
fn a_foreign_post_rewrite_hook_still_reads_what_git_tells() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let theirs = repo.dir.join(".git/hooks/post-rewrite");
    sandbox.script(&theirs, "cat >>told\nexit 3");
    repo.okr(["hooks", "install"]).success();
    let old = repo.commit("a.rs", "feat: one");
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: two"]);
    let pair = format!("{old} {}\n", repo.git(["rev-parse", "HEAD"]));
    assert_eq!(fs::read_to_string(repo.dir.join("told")).unwrap(), pair);
    assert!(noted(&sandbox, "rewrites").starts_with(pair.trim_end()));
    fs::remove_file(sandbox.path("bin/git-okr")).unwrap();
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: three"]);
    assert_eq!(
        fs::read_to_string(repo.dir.join("told")).unwrap().lines().count(),
        2,
        "without git-okr as well"
    );
    assert_eq!(sandbox.sh(&repo.dir, "git hook run post-rewrite </dev/null").code, Some(3));
}

#[test]
fn open_bets_are_offered_where_a_message_is_written() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--outcome", "trust"]).success();
    sandbox.okr(["bet", "add", "Gone", "--outcome", "trust"]).success();
    sandbox.okr(["bet", "close", "gone", "--dropped", "--why", "no time"]).success();
    let repo = hooked(&sandbox);
    let commit = |editor: &str, args: &[&str]| {
        let mut command = sandbox.command("git", &repo.dir);
        command.args(["commit", "--quiet", "--allow-empty"]).args(args).env("GIT_EDITOR", editor);
        sandbox.run(&mut command)
    };
    commit("sed -i -e '1s/^/feat: with a bet\\n/' -e 's/^# Okr-Bet/Okr-Bet/'", &[]).success();
    let trailers = repo.git(["log", "-1", "--format=%(trailers:only)"]);
    assert_eq!(trailers.trim(), "Okr-Bet: one-queue");
    commit("sed -i '1s/^/feat: without\\n/'", &[]).success();
    assert_eq!(repo.git(["log", "-1", "--format=%B"]), "feat: without");
    assert_eq!(commit("true", &[]).code, Some(1), "an empty message is still none");
    commit("false", &["-m", "feat: given"]).success();
    assert_eq!(repo.git(["log", "-1", "--format=%B"]), "feat: given");
    // Where git would keep comments there are none of ours.
    for config in
        [["commit.cleanup", "whitespace"], ["commit.cleanup", "scissors"], ["core.commentChar", "auto"]]
    {
        repo.git(["config", config[0], config[1]]);
        let shown = sandbox.path("shown");
        let _ = commit(&format!("sh -c 'cat \"$1\" >{}; false' --", shown.display()), &[]);
        assert!(!fs::read_to_string(&shown).unwrap().contains("Okr-Bet"), "{config:?}");
        repo.git(["config", "--unset", config[0]]);
    }
}

#[test]
fn nothing_that_hangs_holds_a_commit() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let state = sandbox.journal().join("okr");
    fs::create_dir_all(&state).unwrap();
    // A pipe that nobody reads is opened for ever, as a file of a dead mount is.
    for name in ["queue", "rewrites"] {
        let _ = fs::remove_file(state.join(name));
        sandbox.sh(&state, &format!("mkfifo {name}")).success();
        let begun = Instant::now();
        repo.git(["commit", "--quiet", "--allow-empty", "--amend", "-m", &format!("feat: {name}")]);
        assert!(begun.elapsed() < Duration::from_secs(8), "{name}");
        fs::remove_file(state.join(name)).unwrap();
    }
}

#[test]
fn status_names_a_program_under_our_name_that_does_not_answer() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let programs = sandbox.path("programs");
    fs::create_dir_all(&programs).unwrap();
    sandbox.sh(&programs, "printf '#!/bin/sh\\nexit 3\\n' >git-okr && chmod +x git-okr").silent();
    let status = format!("PATH={}:$PATH {} hooks status", programs.display(), env!("CARGO_BIN_EXE_git-okr"));
    let told = sandbox.sh(&repo.dir, &status);
    assert_eq!(told.code, Some(1), "{told}");
    assert!(told.stdout.contains("programs/git-okr' of PATH did not answer"), "{told}");
}

#[test]
fn every_way_to_make_a_commit_is_seen_or_found() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    let queued = |repo: &Repo<'_>| noted(&sandbox, "queue").contains(&repo.git(["rev-parse", "HEAD"]));
    repo.git(["commit", "--quiet", "--allow-empty", "--no-verify", "-m", "feat: not verified"]);
    assert!(queued(&repo), "post-commit runs all the same");
    repo.git(["worktree", "add", "--quiet", "../linked"]);
    let linked = Repo { sandbox: &sandbox, dir: sandbox.path("work/linked") };
    linked.commit("l.rs", "feat: in a linked worktree");
    assert!(queued(&linked));
    repo.git(["clone", "--quiet", ".", "../mirror"]);
    sandbox.git_in(
        &sandbox.path("work/mirror"),
        &["commit", "--quiet", "--allow-empty", "-m", "feat: upstream"],
    );
    repo.commit("p.rs", "feat: local");
    sandbox.sh(&repo.dir, "git pull --quiet --rebase ../mirror main").silent();
    assert!(queued(&repo), "what the rebase made");
    // By another library no hook runs; the next look finds it.
    let code = git2::Repository::open(&repo.dir).unwrap();
    let head = code.head().unwrap().peel_to_commit().unwrap();
    let time = git2::Time::new(head.time().seconds() + 60, 0);
    let email = repo.git(["config", "user.email"]);
    let me = git2::Signature::new("me", &email, &time).unwrap();
    let message = "feat: written by a library";
    code.commit(Some("HEAD"), &me, &me, message, &head.tree().unwrap(), &[&head]).unwrap();
    assert!(!queued(&repo));
    let list = inbox(&repo);
    for title in ["Not verified", "In a linked worktree", "Local", "Upstream", "Written by a library"] {
        assert!(list.contains(title), "{title} in {list}");
    }
}

#[test]
fn what_was_decided_on_is_not_suggested_for_its_new_words() {
    for hooks in [true, false] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        if hooks {
            repo.okr(["hooks", "install"]).success();
        }
        let names = || titles(&repo);
        repo.commit("a.rs", "feat: one queue for every tema");
        repo.commit("b.rs", "feat: another thing");
        repo.okr(["inbox", "accept", &id(&repo, "every tema")]).success();
        repo.okr(["inbox", "dismiss", &id(&repo, "Another thing")]).success();
        // By author and moment; by what the hook told, where these change, too.
        repo.git(["commit", "--quiet", "--amend", "-m", "feat: another matter"]);
        assert!(names().iter().all(|title| !title.contains("matter")), "{:?}", names());
        repo.git(["commit", "--quiet", "--amend", "--date=2026-10-20T10:00:00Z", "-m", "feat: yet another"]);
        assert_eq!(names().iter().any(|title| title.contains("Yet another")), !hooks, "{:?}", names());
        let reword = "GIT_SEQUENCE_EDITOR=\"sed -i 1s/pick/reword/\" GIT_EDITOR=\"sed -i 1s/tema/team/\" \
                      git rebase --quiet -i HEAD~2";
        sandbox.sh(&repo.dir, reword).success();
        assert_eq!(repo.git(["log", "--format=%s", "-1", "HEAD~1"]), "feat: one queue for every team");
        assert!(names().iter().all(|title| !title.contains("every team")), "{:?}", names());
        repo.okr(["harvest", "--all"]).success();
        assert!(names().iter().all(|title| !title.contains("every team")), "{:?}", names());
        // What is new is new, also where a script wrote it in the moment of something that was decided on.
        let date = repo.git(["log", "--format=--date=%ad", "-1", "HEAD~1"]);
        fs::write(repo.dir.join("c.rs"), "fn c() {}\n").unwrap();
        repo.git(["add", "."]);
        repo.git(["commit", "--quiet", &date, "-m", "feat: something else"]);
        let before: Vec<String> = names().into_iter().filter(|title| title == "Something else").collect();
        assert_eq!(before.len(), 1, "{:?}", names());
    }
}

#[test]
fn what_was_only_decided_on_in_part_is_suggested() {
    let sandbox = Sandbox::with_journal();
    let repo = hooked(&sandbox);
    repo.commit("a.rs", "feat: first half");
    repo.commit("b.rs", "feat: second half");
    repo.okr(["inbox", "accept", &id(&repo, "First half")]).success();
    let fold = "GIT_SEQUENCE_EDITOR=\"sed -i 2s/pick/squash/\" GIT_EDITOR=\"sed -i 1cfeat:\\ both\\ halves\" \
                git rebase --quiet -i HEAD~2";
    sandbox.sh(&repo.dir, fold).success();
    let found = titles(&repo);
    assert!(found.iter().any(|title| title == "Both halves"), "{found:?}");
}

fn waiting(repo: &Repo<'_>) -> Vec<serde_json::Value> {
    repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list()
}

fn titles(repo: &Repo<'_>) -> Vec<String> {
    waiting(repo).iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn id(repo: &Repo<'_>, title: &str) -> String {
    let all = waiting(repo);
    let one = all.iter().find(|one| one["title"].as_str().unwrap().contains(title)).expect(title);
    one["id"].as_str().unwrap()[..10].to_owned()
}
