//! `git okr inbox`: accept and dismiss; nobody is asked twice, on no machine.

use insta::assert_snapshot;

use crate::support::{Repo, Sandbox};

fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)\n\nOkr-Evidence: yes");
    repo.commit("src/retry.rs", "fix(retry): stop the retry storm (#13)\n\nOkr-Evidence: yes");
    repo
}

/// The id of what waits and has `text` in its title.
#[track_caller]
fn waiting(repo: &Repo<'_>, text: &str) -> Option<String> {
    let list = repo.okr(["inbox", "--list", "--all", "--format", "json"]).list();
    let found = list.iter().find(|one| one["title"].as_str().unwrap().to_lowercase().contains(text));
    found.map(|one| one["id"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_accepted_becomes_evidence_and_leaves() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let repo = shop(&sandbox);
    let id = waiting(&repo, "one queue").expect("it waits");
    assert_snapshot!(repo.okr(["inbox", "accept", &id[..8], "--bet", "one-queue", "--reach", "team"]), @"
    ------- stderr -------
    recorded <ID5>  One queue for every team
    ");
    let list = repo.okr(["list", "--bet", "one-queue", "--reach", "team"]).success();
    assert!(list.to_lowercase().contains("one queue for every team"), "{list}");
    assert_eq!(waiting(&repo, "one queue"), None);
    repo.okr(["harvest", "--all"]).success();
    assert_eq!(waiting(&repo, "one queue"), None, "nor after reading it all again");
    assert!(waiting(&repo, "retry storm").is_some());
    assert_snapshot!(repo.okr(["inbox", "accept", &id[..8]]), @"
    ------- stderr -------
    error: no suggestion '<ID2>' is waiting
    hint: list them: git okr inbox --list --all
    [exit status: 1]
    ");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn what_is_dismissed_is_not_asked_again_from_another_clone_or_machine() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    let id = waiting(&repo, "retry storm").expect("it waits");
    assert_snapshot!(repo.okr(["inbox", "dismiss", &id]), @"
    ------- stderr -------
    dismissed 1 suggestion
    ");
    sandbox.git_in(&sandbox.path("work"), &["clone", "--quiet", "shop", "second"]);
    let second = Repo { sandbox: &sandbox, dir: sandbox.path("work/second") };
    second.git(["remote", "set-url", "origin", "https://github.com/acme/shop"]);
    second.okr(["harvest", "--all"]).success();
    assert_eq!(waiting(&second, "retry storm"), None);
    // Another machine has the journal and none of the local state.
    std::fs::remove_dir_all(sandbox.journal().join("okr")).unwrap();
    second.okr(["harvest", "--all"]).success();
    assert_eq!(waiting(&second, "retry storm"), None);
    assert!(waiting(&second, "one queue").is_some(), "the rest waits as before");
}

#[test]
fn never_means_everything_like_it() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.commit("deps/a.txt", "build(deps): bump serde from 1 to 2");
    let id = waiting(&repo, "bump serde").expect("it waits");
    repo.okr(["inbox", "dismiss", &id, "--never"]).success();
    repo.commit("deps/b.txt", "build(deps): bump tokio from 1 to 2");
    repo.commit("src/b.rs", "feat: something else");
    repo.okr(["harvest"]).success();
    assert_eq!(waiting(&repo, "bump tokio"), None);
    assert!(waiting(&repo, "something else").is_some());
}

#[test]
fn everything_is_one_commit() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.okr(["harvest"]).success();
    repo.okr(["inbox", "accept", "--everything"]).success();
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2");
    assert_eq!(sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr", "evidence/"]).lines().count(), 2);
    assert_snapshot!(repo.okr(["inbox"]), @"
    the inbox is empty

    1 below the threshold; git okr inbox --all shows them
    ");
}

#[test]
fn a_decision_on_nothing_is_refused() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.okr(["harvest"]).success();
    assert_snapshot!(repo.okr(["inbox", "accept", "nonesuch"]), @"
    ------- stderr -------
    error: no suggestion 'nonesuch' is waiting
    hint: list them: git okr inbox --list --all
    [exit status: 1]
    ");
    assert_eq!(repo.okr(["inbox", "accept"]).code, Some(2));
    let id = waiting(&repo, "retry storm").unwrap();
    repo.okr(["inbox", "accept", &id, "--bet", "nonesuch"]).fails(1);
    repo.okr(["inbox", "accept", &id, "--reach", "nonesuch"]).fails(1);
    assert!(waiting(&repo, "retry storm").is_some(), "it still waits");
}
