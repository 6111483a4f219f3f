//! What becomes of work after it was harvested: squashed, picked, taken back, and back again.

use crate::support::{Repo, Sandbox};

fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    repo.commit("README.md", "docs: begin");
    repo.okr(["harvest"]).success();
    repo
}

fn waiting(repo: &Repo<'_>) -> Vec<(String, String)> {
    let list = repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list();
    let word = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap().to_owned();
    let mut all: Vec<_> = list.iter().map(|one| (word(one, "title"), word(one, "id"))).collect();
    all.retain(|(title, _)| title != "Begin");
    all.sort();
    all
}

fn titles(repo: &Repo<'_>) -> Vec<String> {
    waiting(repo).into_iter().map(|(title, _)| title).collect()
}

fn harvest(repo: &Repo<'_>) -> String {
    format!("{:?}", repo.okr(["harvest"]))
}

#[test]
fn a_squash_takes_the_place_of_its_branch() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("src/a.rs", "feat: one queue");
    repo.commit("src/b.rs", "feat: other words");
    harvest(&repo);
    assert_eq!(titles(&repo), ["One queue", "Other words"]);
    repo.git(["switch", "--quiet", "main"]);
    repo.git(["cherry-pick", "--no-commit", "topic~1"]);
    repo.git(["commit", "--quiet", "-m", "feat: one queue (#7)"]);
    assert!(harvest(&repo).contains("0 new"), "it was there before");
    assert_eq!(titles(&repo), ["One queue", "Other words"]);
    // Under another title its change tells.
    repo.git(["cherry-pick", "--no-commit", "topic"]);
    repo.git(["commit", "--quiet", "-m", "feat: better words (#8)"]);
    harvest(&repo);
    assert_eq!(titles(&repo), ["Better words", "One queue"]);
}

#[test]
fn a_branch_that_landed_without_a_number_is_one_suggestion() {
    for whole in [false, true] {
        let sandbox = Sandbox::with_journal();
        let repo = shop(&sandbox);
        repo.git(["switch", "--quiet", "-c", "topic"]);
        repo.commit("src/a.rs", "wip stuff");
        if whole {
            repo.commit("src/b.rs", "more stuff");
        }
        harvest(&repo);
        assert_eq!(titles(&repo).len(), 1 + usize::from(whole));
        repo.git(["switch", "--quiet", "main"]);
        repo.commit("docs/x.md", "docs: meanwhile");
        repo.git(["merge", "--quiet", "--squash", "topic"]);
        repo.git(["commit", "--quiet", "-m", "feat: queue lands"]);
        harvest(&repo);
        assert_eq!(titles(&repo), ["Meanwhile", "Queue lands"]);
        repo.okr(["harvest", "--all"]).success();
        assert_eq!(titles(&repo), ["Meanwhile", "Queue lands"]);
    }
}

#[test]
fn a_change_that_lies_behind_or_differs_is_no_branch_that_landed() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("src/a.rs", "wip stuff");
    repo.commit("src/b.rs", "more stuff");
    harvest(&repo);
    repo.git(["switch", "--quiet", "main"]);
    repo.git(["merge", "--quiet", "--squash", "topic"]);
    std::fs::write(repo.dir.join("src/b.rs"), "something else\n").unwrap();
    repo.git(["add", "src/b.rs"]);
    repo.git(["commit", "--quiet", "-m", "feat: queue lands"]);
    harvest(&repo);
    assert_eq!(titles(&repo), ["More stuff", "Queue lands", "Wip stuff"], "nobody knows");
}

#[test]
fn what_was_reanchored_is_decided_on() {
    for list in ["", "\n\n* feat: one thing\n* feat: other thing"] {
        let sandbox = Sandbox::with_journal();
        let repo = shop(&sandbox);
        repo.git(["switch", "--quiet", "-c", "topic"]);
        repo.commit("src/a.rs", "feat: one thing");
        repo.commit("src/b.rs", "feat: other thing");
        harvest(&repo);
        for (title, id) in waiting(&repo) {
            repo.okr(["inbox", "accept", &id]).success();
            assert!(title.ends_with("thing"));
        }
        repo.git(["switch", "--quiet", "main"]);
        repo.git(["merge", "--quiet", "--squash", "topic"]);
        repo.git(["commit", "--quiet", "-m", &format!("feat: queue lands (#9){list}")]);
        repo.git(["branch", "--quiet", "-D", "topic"]);
        harvest(&repo);
        assert_eq!(titles(&repo), ["Queue lands"]);
        let told = repo.okr(["fsck", "--reanchor"]).success();
        assert_eq!(told.matches(" is now ").count(), 2, "{told}");
        assert_eq!(titles(&repo), [""; 0]);
        repo.okr(["harvest", "--all"]).success();
        assert_eq!(titles(&repo), [""; 0]);
        assert!(repo.okr(["fsck"]).success().contains("nothing is wrong"));
    }
}

#[test]
fn a_remote_that_comes_later_makes_no_second_work() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    sandbox.git_in(&repo.dir, &["config", "--global", "okr.login", "mina"]);
    for number in 1..8 {
        repo.git(["commit", "--quiet", "--allow-empty", "-m", &format!("chore: thing {number} (#{number})")]);
    }
    repo.commit("src/a.rs", "feat: one queue (#12)");
    harvest(&repo);
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    let export = r#"[{"number":12,"title":"feat: one queue","url":"https://github.com/acme/shop/pull/12",
        "author":{"login":"mina"},"mergedAt":"2026-11-02T10:00:00Z","body":""}]"#;
    std::fs::write(repo.dir.join("../prs.json"), export).unwrap();
    repo.okr(["harvest", "--from", "gh", "../prs.json"]).success();
    let queue = || titles(&repo).iter().filter(|title| *title == "One queue").count();
    assert_eq!(queue(), 1);
    repo.okr(["harvest", "--all"]).success();
    assert_eq!(queue(), 1);
}

#[test]
fn what_waits_goes_when_it_is_taken_back_and_comes_again() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/a.rs", "feat: one queue");
    harvest(&repo);
    assert_eq!(titles(&repo), ["One queue"]);
    repo.git(["revert", "--no-edit", "HEAD"]);
    harvest(&repo);
    assert_eq!(titles(&repo), [""; 0]);
    repo.git(["revert", "--no-edit", "HEAD"]);
    harvest(&repo);
    assert_eq!(titles(&repo), ["One queue"]);
}

#[test]
fn evidence_says_that_its_work_was_taken_back() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/a.rs", "feat: one queue (#7)");
    harvest(&repo);
    let id = waiting(&repo)[0].1.clone();
    repo.okr(["inbox", "accept", &id]).success();
    let list = repo.okr(["list", "--format", "json"]).success();
    repo.git(["revert", "--no-edit", "HEAD"]);
    let revert = repo.git(["rev-parse", "HEAD"]);
    let told = harvest(&repo);
    assert!(told.contains("rests on work that was taken back: One queue"), "{told}");
    assert_eq!(repo.okr(["list", "--format", "json"]).success(), list, "the record is the person's");
    let status = repo.okr(["status"]).success();
    assert!(status.contains("taken back by"), "{status}");
    // It stands again.
    repo.git(["revert", "--no-edit", "HEAD"]);
    assert!(!harvest(&repo).contains("taken back"));
    assert!(!repo.okr(["status"]).success().contains("taken back"));
    // Once more, and the person says how it ended.
    repo.git(["revert", "--no-edit", "HEAD"]);
    assert!(harvest(&repo).contains("taken back"));
    let evidence = serde_json::from_str::<serde_json::Value>(&list).unwrap();
    let evidence =
        evidence.as_object().unwrap().values().find_map(|value| value.as_array()).unwrap()[0]["id"].clone();
    let last = repo.git(["rev-parse", "HEAD"]);
    assert_ne!(last, revert);
    let more = format!("[[artifact]]\\ntype = \"commit\"\\nref = \"{}\"\\n\\n[[artifact]]", last.trim());
    let script = format!("sed -i '0,/^\\[\\[artifact\\]\\]/s//{more}/' \"$1\"");
    sandbox.okr_with_editor(["edit", evidence.as_str().unwrap()], &script).success();
    assert!(!harvest(&repo).contains("taken back"));
}

#[test]
fn a_pick_for_a_release_is_no_second_work() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/a.rs", "feat: one queue");
    harvest(&repo);
    let id = waiting(&repo)[0].1.clone();
    repo.okr(["inbox", "accept", &id]).success();
    let picked = repo.git(["rev-parse", "HEAD"]);
    repo.git(["switch", "--quiet", "-c", "release", "HEAD~1"]);
    repo.git(["cherry-pick", "--no-commit", picked.trim()]);
    let message = format!("[1.x] Queue for all (#9)\n\n(cherry picked from commit {})", picked.trim());
    repo.git(["commit", "--quiet", "-m", &message]);
    harvest(&repo);
    assert_eq!(titles(&repo), [""; 0]);
    // A revert of the pick leaves the work where it was done.
    repo.git(["revert", "--no-edit", "HEAD"]);
    assert!(!harvest(&repo).contains("taken back"));
}
