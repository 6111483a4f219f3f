//! Reverts, reapplies and picks after a harvest come to what reading everything at once comes to.

use std::collections::BTreeSet;

use crate::support::{Output, Repo, Sandbox};

const WORK: &str = "feat(parser): accept tabs everywhere (#12)";

fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    for number in 1..8 {
        by_bob(&repo, &format!("chore: change thing {number} (#{number})"));
    }
    repo
}

fn by_me(repo: &Repo<'_>, message: &str) -> String {
    repo.git(["commit", "--quiet", "--allow-empty", "-m", message]);
    repo.git(["rev-parse", "HEAD"])
}

fn by_bob(repo: &Repo<'_>, message: &str) -> String {
    repo.git(["commit", "--quiet", "--allow-empty", "--author", "Bob <bob@example.com>", "-m", message]);
    repo.git(["rev-parse", "HEAD"])
}

/// What waits and is mine, by title.
fn titles(repo: &Repo<'_>) -> Vec<String> {
    let json = repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).success();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let list = value["data"].as_array().unwrap();
    let mut all: Vec<_> = list.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect();
    all.retain(|title| title != "Begin");
    all.sort();
    all
}

fn accept(repo: &Repo<'_>) {
    let json = repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).success();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of_work = |one: &&serde_json::Value| one["title"] == "Accept tabs everywhere";
    let id = value["data"].as_array().unwrap().iter().find(of_work).unwrap()["id"].clone();
    repo.okr(["inbox", "accept", id.as_str().unwrap()]).success();
}

fn harvest(repo: &Repo<'_>) -> String {
    let output: Output = repo.okr(["harvest"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    format!("{output:?}")
}

/// True when harvest and status both say that evidence rests on what was taken back.
fn warns(repo: &Repo<'_>) -> bool {
    let harvest = harvest(repo).contains("work that was taken back");
    let status = repo.okr(["status"]).success().contains("taken back by");
    assert_eq!(harvest, status);
    harvest
}

/// What somebody does in a repository.
type Deed = Box<dyn Fn(&Repo<'_>)>;

#[test]
fn reverts_of_forges_take_back_what_was_harvested_before() {
    let squash = |message: &'static str| move |repo: &Repo<'_>| drop(by_bob(repo, message));
    let merge = |repo: &Repo<'_>, inner: &str| {
        repo.git(["switch", "--quiet", "-c", "undo"]);
        by_bob(repo, inner);
        repo.git(["switch", "--quiet", "main"]);
        let message =
            "Merge pull request #14 from acme/undo\n\nRevert \"feat(parser): accept tabs everywhere\"";
        repo.git(["merge", "--quiet", "--no-ff", "undo", "-m", message]);
    };
    let forms: [(&str, Deed); 5] = [
        (
            "number in the body",
            Box::new(squash("Revert \"feat(parser): accept tabs everywhere\" (#14)\n\nReverts acme/shop#12")),
        ),
        ("numbers", Box::new(squash("Revert \"feat(parser): accept tabs everywhere (#12)\" (#14)"))),
        ("subject", Box::new(squash("Revert \"feat(parser): accept tabs everywhere\""))),
        ("merge", Box::new(move |repo| merge(repo, "Revert \"feat(parser): accept tabs everywhere (#12)\""))),
        ("merge of other words", Box::new(move |repo| merge(repo, "undo tabs"))),
    ];
    for (name, revert) in forms {
        for accepted in [false, true] {
            let sandbox = Sandbox::with_journal();
            let repo = shop(&sandbox);
            repo.commit("src/tabs.rs", WORK);
            harvest(&repo);
            if accepted {
                accept(&repo);
            }
            revert(&repo);
            let told = harvest(&repo);
            assert!(!told.contains("1 new"), "{name}: {told}");
            assert_eq!(titles(&repo), [""; 0], "{name}");
            assert_eq!(warns(&repo), accepted, "{name}");
            by_me(&repo, "Reapply \"feat(parser): accept tabs everywhere\" (#15)");
            harvest(&repo);
            let again: &[&str] = if accepted { &[] } else { &["Accept tabs everywhere"] };
            assert_eq!(titles(&repo), again, "{name}");
            assert!(!warns(&repo), "{name}");
            by_bob(&repo, "Revert \"Reapply \"feat(parser): accept tabs everywhere (#12)\" (#15)\" (#16)");
            harvest(&repo);
            assert_eq!(titles(&repo), [""; 0], "{name}");
            assert_eq!(warns(&repo), accepted, "{name}");
        }
    }
}

#[test]
fn a_revert_that_arrives_with_a_pull_takes_back_and_is_told_by_hooks_as_well() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.okr(["hooks", "install"]).success();
    repo.commit("src/tabs.rs", WORK);
    harvest(&repo);
    sandbox.git_in(&sandbox.path("work"), &["clone", "--quiet", "shop", "theirs"]);
    let theirs = Repo { sandbox: &sandbox, dir: sandbox.path("work/theirs") };
    by_bob(&theirs, "Revert \"feat(parser): accept tabs everywhere\" (#14)\n\nReverts acme/shop#12");
    accept(&repo);
    repo.git(["pull", "--quiet", "../theirs", "main"]);
    assert!(warns(&repo));
    // One's own commits come by the queue, too.
    by_me(&repo, "Reapply \"feat(parser): accept tabs everywhere (#12)\" (#15)");
    assert!(!warns(&repo));
    by_me(&repo, "Revert \"Reapply \"feat(parser): accept tabs everywhere (#12)\" (#15)\" (#16)");
    assert!(warns(&repo));
    assert_eq!(titles(&repo), [""; 0]);
}

#[test]
fn a_subject_takes_back_only_what_alone_is_called_so() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/a.rs", "feat: more tabs (#12)");
    repo.commit("src/b.rs", "feat: more tabs (#13)");
    harvest(&repo);
    by_bob(&repo, "Revert \"feat: more tabs\"");
    harvest(&repo);
    assert_eq!(titles(&repo), ["More tabs", "More tabs"], "which one, nobody says");
    by_bob(&repo, "Revert \"feat: more tabs (#99)\" (#100)");
    harvest(&repo);
    assert_eq!(titles(&repo), ["More tabs", "More tabs"], "another one");
    by_bob(&repo, "Revert \"feat: more tabs (#13)\" (#101)");
    harvest(&repo);
    assert_eq!(titles(&repo), ["More tabs"]);
}

#[test]
fn work_that_a_release_has_is_gone_when_it_is_gone_there() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.git(["branch", "release"]);
    repo.commit("src/tabs.rs", WORK);
    harvest(&repo);
    repo.git(["switch", "--quiet", "release"]);
    repo.git(["cherry-pick", "-x", "main"]);
    harvest(&repo);
    repo.git(["switch", "--quiet", "main"]);
    repo.git(["revert", "--no-edit", "main"]);
    harvest(&repo);
    assert_eq!(titles(&repo), ["Accept tabs everywhere"]);
    repo.git(["switch", "--quiet", "release"]);
    repo.git(["revert", "--no-edit", "release"]);
    harvest(&repo);
    assert_eq!(titles(&repo), [""; 0]);
    repo.okr(["harvest", "--all"]).success();
    assert_eq!(titles(&repo), [""; 0]);
    // Brought back on one of them, it is there.
    by_me(&repo, "Reapply \"feat(parser): accept tabs everywhere (#12)\"");
    harvest(&repo);
    assert_eq!(titles(&repo), ["Accept tabs everywhere"]);
}

#[test]
fn a_clone_that_has_not_seen_the_revert_does_not_bring_the_work_back() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/tabs.rs", WORK);
    harvest(&repo);
    sandbox.git_in(&sandbox.path("work"), &["clone", "--quiet", "shop", "other"]);
    let other = Repo { sandbox: &sandbox, dir: sandbox.path("work/other") };
    other.git(["remote", "set-url", "origin", "git@github.com:acme/shop.git"]);
    repo.git(["revert", "--no-edit", "HEAD"]);
    harvest(&repo);
    harvest(&other);
    assert_eq!(titles(&other), [""; 0]);
}

/// A story of a repository with two branches, told by a seed; the commits' messages are all that matters.
struct Story<'s> {
    repo: Repo<'s>,
    seed: u64,
    /// Works and reverts of each branch, by id and subject.
    branches: [Vec<(String, String)>; 2],
    at: usize,
    number: u32,
    told: Vec<String>,
}

impl Story<'_> {
    fn any(&mut self, below: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.seed >> 33).unwrap() % below
    }

    fn numbered(&mut self, subject: &str) -> String {
        self.number += 1;
        if self.any(2) == 0 { subject.to_owned() } else { format!("{subject} (#{})", self.number) }
    }

    fn note(&mut self, id: String, subject: String) {
        self.told.push(format!("{} {}: {subject}", ["main", "release"][self.at], &id[..7]));
        self.branches[self.at].push((id, subject));
    }

    fn step(&mut self) {
        let here = self.branches[self.at].clone();
        let there = self.branches[1 - self.at].clone();
        match self.any(8) {
            0 | 1 => {
                let name = format!("feat: add thing {}", self.number);
                let subject = self.numbered(&name);
                let id = self.repo.commit(&format!("src/{}.rs", self.number), &subject);
                self.note(id, subject);
            }
            2..=4 if !here.is_empty() => {
                let pick = self.any(here.len());
                let (id, subject) = here[pick].clone();
                let title = if subject.starts_with("Revert \"") && self.any(2) == 0 {
                    let inner = subject.split_once('"').unwrap().1.rsplit_once('"').unwrap().0;
                    format!("Reapply \"{inner}\"")
                } else {
                    format!("Revert \"{subject}\"")
                };
                let title = self.numbered(&title);
                let body =
                    if self.any(2) == 0 { format!("\n\nThis reverts commit {id}.") } else { String::new() };
                let message = format!("{title}{body}");
                let id = match self.any(2) {
                    0 => by_me(&self.repo, &message),
                    _ => by_bob(&self.repo, &message),
                };
                self.note(id, title);
            }
            5 if !there.is_empty() => {
                let pick = self.any(there.len());
                let (id, subject) = there[pick].clone();
                // What is here already cannot be picked again.
                if here.iter().any(|(_, other)| *other == subject) {
                    return;
                }
                self.repo.git(["cherry-pick", "-x", "--allow-empty", "--keep-redundant-commits", &id]);
                let id = self.repo.git(["rev-parse", "HEAD"]);
                self.note(id, subject);
            }
            6 => {
                self.at = 1 - self.at;
                self.repo.git(["switch", "--quiet", ["main", "release"][self.at]]);
            }
            _ => {
                self.told.push("harvest".to_owned());
                harvest(&self.repo);
            }
        }
    }

    /// What waits with its keys, and what was taken back.
    fn state(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let path = self.repo.sandbox.journal().join("okr/inbox.json");
        let state: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let keys = |one: &serde_json::Value| {
            let mut keys: Vec<_> = one["keys"].as_array().unwrap().iter().map(ToString::to_string).collect();
            keys.sort();
            keys.join(" ")
        };
        let items = state["items"].as_array().unwrap().iter();
        let taken = state["taken_back"].as_array().unwrap().iter();
        let waits = items.map(|item| {
            let one = &item["suggestion"];
            format!("{} {} {}", one["title"], one["score"], keys(one))
        });
        (waits.collect(), taken.map(keys).collect())
    }
}

#[test]
fn cursor_by_cursor_comes_to_what_all_at_once_comes_to() {
    let seeds = std::env::var("OKR_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in seeds.map_or(1..=6, |seed: u64| seed..=seed) {
        let sandbox = Sandbox::with_journal();
        let repo = shop(&sandbox);
        repo.git(["branch", "release"]);
        harvest(&repo);
        let mut story =
            Story { repo, seed, branches: Default::default(), at: 0, number: 20, told: Vec::new() };
        for _ in 0..24 {
            story.step();
        }
        let both = [1 - story.at, story.at].map(|at| ["main", "release"][at]);
        for branch in both {
            story.repo.git(["switch", "--quiet", branch]);
            harvest(&story.repo);
        }
        let by_cursor = story.state();
        std::fs::remove_file(sandbox.journal().join("okr/inbox.json")).unwrap();
        for branch in both {
            story.repo.git(["switch", "--quiet", branch]);
            story.repo.okr(["harvest", "--all"]).success();
        }
        assert_eq!(by_cursor, story.state(), "OKR_SEED={seed}\n{}", story.told.join("\n"));
    }
}

#[test]
fn what_a_new_commit_only_speaks_of_is_not_suggested() {
    let sandbox = Sandbox::with_journal();
    sandbox.at("2026-01-12");
    let repo = shop(&sandbox);
    let old = repo.commit("src/tabs.rs", "feat(parser): accept tabs");
    sandbox.at("2026-10-12");
    by_me(&repo, &format!("Partially revert \"feat(parser): accept tabs\"\n\nThis reverts commit {old}."));
    harvest(&repo);
    let found = titles(&repo);
    assert!(!found.contains(&"Accept tabs".to_owned()), "{found:?}");
    repo.okr(["harvest", "--all"]).success();
    assert!(titles(&repo).contains(&"Accept tabs".to_owned()));
}
