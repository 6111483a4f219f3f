//! A week of small changes in one place is one suggestion, and a verdict on it is one on each of them.

use insta::assert_snapshot;

use crate::support::{Repo, Sandbox};

/// A week with three small changes of the parser and one of the site.
fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    repo.commit("src/parser.rs", "feat(parser): accept tabs");
    repo.commit("src/parser.rs", "fix(parser): keep the last line");
    repo.commit("src/parser.rs", "refactor(parser): fewer copies");
    repo.commit("src/site.rs", "feat(site): draw the page at once");
    repo
}

fn list(repo: &Repo<'_>, apart: bool) -> Vec<serde_json::Value> {
    if apart {
        repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list()
    } else {
        repo.okr(["inbox", "--list", "--all", "--format", "json"]).list()
    }
}

#[track_caller]
fn id(list: &[serde_json::Value], title: &str) -> String {
    let one = list.iter().find(|one| one["title"].as_str().unwrap().starts_with(title)).expect(title);
    one["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_group_is_accepted_with_every_commit() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    let shown = repo.okr(["inbox", "--list"]).success();
    assert!(
        shown.contains("4.0  launch  shop        Parser: 3 changes, among them 'Accept tabs'"),
        "{shown}"
    );
    assert!(shown.contains("2 suggestions · 1 below the threshold"), "{shown}");
    assert_eq!(list(&repo, true).len(), 5);
    let group = id(&list(&repo, false), "Parser: ");
    repo.okr(["inbox", "accept", &group[..8]]).success();
    let evidence = sandbox.git_journal(["grep", "-h", "-c", "type = \"commit\"", "okr", "--", "evidence/"]);
    assert_eq!(evidence, "3");
    repo.okr(["harvest", "--all"]).success();
    assert!(list(&repo, true).iter().all(|one| !one["signals"].to_string().contains("parser")));
    assert_eq!(list(&repo, true).len(), 2);
    // Later in the same week: a group of its own, not one that was decided on.
    repo.commit("src/parser.rs", "feat(parser): accept spaces");
    repo.commit("src/parser.rs", "feat(parser): accept nothing");
    assert!(id(&list(&repo, false), "Parser: 2 changes") != group);
    sandbox.okr(["fsck"]).success();
}

#[test]
fn one_of_a_group_can_be_decided_on_here_or_elsewhere() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    let tabs = id(&list(&repo, true), "Accept tabs");
    assert_snapshot!(repo.okr(["inbox", "accept", &tabs[..8]]), @"
    ------- stderr -------
    recorded <ID6>  Accept tabs
    ");
    let left = list(&repo, false);
    id(&left, "Keep the last line, and 1 more in parser");
    // Another machine has the verdict, and none of what waited here.
    std::fs::remove_dir_all(sandbox.journal().join("okr")).unwrap();
    repo.okr(["harvest", "--all"]).success();
    assert_eq!(list(&repo, false), left);
    repo.okr(["inbox", "dismiss", &id(&list(&repo, true), "Keep the last")]).success();
    id(&list(&repo, false), "Fewer copies");
    let both = list(&repo, false);
    repo.okr(["inbox", "dismiss", &id(&both, "Fewer"), &id(&both, "Draw")]).success();
    assert_eq!(list(&repo, false).len(), 1);
}

#[test]
fn an_inbox_shows_the_best_and_says_how_many_more_there_are() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    for number in 0..63 {
        repo.commit(
            &format!("src/{number}.rs"),
            &format!("feat(part-{number}): support form {number} with `--{number}`"),
        );
    }
    let shown = repo.okr(["inbox", "--list"]).success();
    assert!(
        shown.contains("60 suggestions · and 3 more, 1 below the threshold: git okr inbox --all"),
        "{shown}"
    );
    assert!(repo.okr(["inbox", "--list", "--all"]).success().contains("64 suggestions"));
    assert!(repo.okr(["harvest"]).success().contains("60 waiting, 3 more: git okr inbox --all"));
    let shown = repo.okr(["inbox", "--list", "--format", "json"]).list().len();
    assert_eq!(shown, 60, "a program is shown the same");
    repo.okr(["inbox", "accept", "--everything"]).success();
    assert_eq!(list(&repo, false).len(), 4, "what was not shown waits on");
}
