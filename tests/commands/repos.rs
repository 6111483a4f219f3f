//! Many repositories feed one inbox: those that are configured or named, each known by its remote.

use std::fs;

use insta::assert_snapshot;

use crate::support::{self, Repo, Sandbox};

/// Two repositories below `code/`, one of them elsewhere too, and `okr.repos` that names them.
fn code(sandbox: &Sandbox) -> (Repo<'_>, Repo<'_>) {
    let (shop, web) = (sandbox.repo("code/shop"), sandbox.repo("code/web"));
    shop.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    shop.commit("src/queue.rs", "feat(queue): one queue for every team (#12)");
    web.commit("src/page.rs", "feat(page): draw the page at once");
    configure(sandbox, &sandbox.path("work/code/*").display().to_string());
    (shop, web)
}

fn configure(sandbox: &Sandbox, entry: &str) {
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "--add", "okr.repos", entry]);
}

/// The suggestions that wait, as JSON.
fn waiting(sandbox: &Sandbox) -> Vec<serde_json::Value> {
    sandbox.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list()
}

fn titles(sandbox: &Sandbox) -> Vec<String> {
    support::titles(&waiting(sandbox))
}

#[test]
fn configured_repositories_are_read_from_anywhere_and_once() {
    let sandbox = Sandbox::with_journal();
    let (_, web) = code(&sandbox);
    assert_snapshot!(sandbox.okr(["harvest"]), @"
    read 4 commits of 2 repositories: 2 new suggestions, 2 waiting

    - github.com/acme/shop  2 commits
    - web  2 commits
    ------- stderr -------
    hint: decide on them: git okr inbox
    hint: read from 2026-07-01 on; everything: git okr harvest --all
    ");
    assert_snapshot!(sandbox.okr(["harvest"]), @"
    read 0 commits of 2 repositories: 0 new suggestions, 2 waiting
    ------- stderr -------
    hint: decide on them: git okr inbox
    ");
    web.commit("src/more.rs", "feat(page): and one more");
    let here = sandbox.repo("here");
    here.commit("src/here.rs", "feat: where one stands");
    assert!(here.okr(["status"]).success().contains("inbox"), "status reads them all");
    let all = titles(&sandbox);
    for title in ["One queue for every team", "Draw the page at once", "And one more", "Where one stands"] {
        assert!(all.iter().any(|one| one == title), "{title}: {all:?}");
    }
    assert!(here.okr(["harvest", "HEAD~1..HEAD"]).success().contains("read 1 commit of here"));
}

#[test]
fn what_is_gone_or_broken_is_named_and_the_rest_is_read() {
    let sandbox = Sandbox::with_journal();
    code(&sandbox);
    fs::create_dir_all(sandbox.path("work/plain")).unwrap();
    let broken = sandbox.repo("broken");
    fs::write(broken.dir.join(".git/config"), "[core\n").unwrap();
    for entry in ["gone", "plain", "broken", "nothing/*"] {
        configure(&sandbox, &sandbox.path("work").join(entry).display().to_string());
    }
    configure(&sandbox, "relative");
    assert_snapshot!(sandbox.okr(["harvest"]), @"
    read 4 commits of 2 repositories: 2 new suggestions, 2 waiting

    - github.com/acme/shop  2 commits
    - web  2 commits
    ------- stderr -------
    warning: skipped '$SANDBOX/work/gone': there is no such directory
    warning: skipped '$SANDBOX/work/nothing/*': no repository is there
    warning: skipped 'relative': neither an absolute path nor one below '~/'
    warning: skipped '$SANDBOX/work/plain': no git repository is there
    warning: skipped '$SANDBOX/work/broken': 'git rev-parse' failed (exit code 128): fatal: bad config line 1 in file .git/config
    hint: decide on them: git okr inbox
    hint: read from 2026-07-01 on; everything: git okr harvest --all
    ");
    let said = sandbox.okr(["status"]);
    assert_eq!(said.stderr.matches("work/gone").count(), 1, "{said}");
    assert_eq!(titles(&sandbox).len(), 4);
    assert_snapshot!(sandbox.okr(["harvest", "--repo", "gone"]), @"
    ------- stderr -------
    warning: skipped '$SANDBOX/work/gone': there is no such directory
    error: no repository could be read
    hint: see which are configured: git config --get-all okr.repos
    [exit status: 1]
    ");
}

#[test]
fn named_repositories_are_read_instead() {
    let sandbox = Sandbox::with_journal();
    let (shop, _) = code(&sandbox);
    let said = shop.okr(["harvest", "--repo", "../web"]).success();
    assert!(said.starts_with("read 2 commits of web: 1 new suggestion"), "{said}");
    let said =
        sandbox.okr(["harvest", "--repo", "code/shop", "--repo", "code/w*", "--format", "json"]).json();
    let names: Vec<_> = said["data"]["repositories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["repository"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["github.com/acme/shop", "web"]);
    assert_snapshot!(sandbox.okr(["harvest", "--repo", "code/shop", "--repo", "code/web", "HEAD"]), @"
    ------- stderr -------
    error: a range is of one repository
    hint: name one: --repo <path>
    [exit status: 2]
    ");
}

#[test]
fn clones_and_worktrees_of_one_repository_are_one() {
    let sandbox = Sandbox::with_journal();
    let (shop, _) = code(&sandbox);
    let work = sandbox.path("work");
    // A clone that has the branch, but not yet the merge of its pull request.
    shop.git(["switch", "--quiet", "-c", "topic"]);
    shop.commit("src/lease.rs", "feat(queue): keep lost leases");
    shop.commit("src/lease.rs", "fix(queue): and give them back");
    sandbox.git_in(&work, &["clone", "--quiet", "--branch", "topic", "code/shop", "code/again"]);
    let again = Repo { sandbox: &sandbox, dir: sandbox.path("work/code/again") };
    again.git(["remote", "set-url", "origin", "https://github.com/Acme/shop"]);
    shop.git(["switch", "--quiet", "main"]);
    shop.git([
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #13 from acme/topic\n\nLeases",
        "topic",
    ]);
    shop.git(["worktree", "add", "--quiet", "../beside", "topic"]);
    sandbox.okr(["harvest"]).success();
    let leases: Vec<_> = waiting(&sandbox)
        .into_iter()
        .filter(|one| serde_json::to_string(one).unwrap().contains("lost leases"))
        .collect();
    assert_eq!(leases.len(), 1, "{leases:#?}");
    assert_eq!(leases[0]["repo"], "github.com/acme/shop");
    let all = titles(&sandbox);
    assert_eq!(all.iter().filter(|title| *title == "One queue for every team").count(), 1, "{all:?}");
    // A verdict on it holds for all of them.
    sandbox.okr(["inbox", "dismiss", leases[0]["id"].as_str().unwrap()]).success();
    for dir in ["shop", "again", "beside"] {
        let repo = Repo { sandbox: &sandbox, dir: sandbox.path("work/code").join(dir) };
        repo.okr(["harvest", "--all"]).success();
    }
    assert!(!serde_json::to_string(&waiting(&sandbox)).unwrap().contains("lost leases"));
}

#[test]
fn a_branch_that_was_read_before_its_merge_is_still_one_piece_of_work() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:mina/shop.git"]);
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("src/lease.rs", "feat(queue): keep lost leases");
    repo.okr(["harvest"]).success();
    repo.git(["switch", "--quiet", "main"]);
    repo.git([
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #13 from mina/topic\n\nLeases",
        "topic",
    ]);
    assert!(repo.okr(["harvest"]).success().contains(": 0 new suggestions"), "it is known already");
    let all: Vec<_> = waiting(&sandbox).into_iter().filter(|one| one["title"] != "Begin").collect();
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0]["title"], "Leases");
    assert!(all[0]["keys"][0].as_str().unwrap().starts_with("pr:github.com/mina/shop#13"));
}

#[test]
fn a_look_costs_one_run_of_git_for_each_repository() {
    let sandbox = Sandbox::with_journal();
    code(&sandbox);
    let log = sandbox.path("log");
    let git = sandbox.sh(&sandbox.path("work"), "command -v git").success();
    let script = format!("echo \"$*\" >> '{}'\nexec '{}' \"$@\"", log.display(), git.trim());
    sandbox.okr(["harvest"]).success();
    sandbox.script(&sandbox.path("bin/git"), &script);
    let runs = || {
        let _ = fs::remove_file(&log);
        sandbox.okr(["status"]).success();
        fs::read_to_string(&log).unwrap().lines().count()
    };
    let few = runs();
    for name in ["a", "b", "c", "d"] {
        sandbox.repo(&format!("code/{name}")).commit("src/x.rs", "feat: one more");
    }
    sandbox.okr(["status"]).success();
    assert_eq!(runs(), few + 4);
}
