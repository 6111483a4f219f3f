//! Loose objects are packed after enough appends, out of the person's way.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use git2::{ObjectType, Oid, Repository};

use crate::support::Sandbox;

/// Stores files until git would say that there are many loose objects.
fn pile_up(dir: &Path) {
    let repo = Repository::open(dir).unwrap();
    let (mut found, mut n) = (0, 0_u64);
    let mut tree = repo.treebuilder(None).unwrap();
    while found < 9 {
        n += 1;
        let text = n.to_string();
        if Oid::hash_object(ObjectType::Blob, text.as_bytes()).unwrap().as_bytes()[0] == 0x17 {
            let blob = repo.odb().unwrap().write(ObjectType::Blob, text.as_bytes()).unwrap();
            tree.insert(&text, blob, 0o100_644).unwrap();
            found += 1;
        }
    }
    // What nothing reaches stays loose until it is old.
    let tree = repo.find_tree(tree.write().unwrap()).unwrap();
    let who = git2::Signature::new("Mina", "mina@example.com", &git2::Time::new(1_793_613_600, 0)).unwrap();
    repo.commit(Some("refs/piled/up"), &who, &who, "many", &tree, &[]).unwrap();
}

fn loose(dir: &Path) -> usize {
    fs::read_dir(dir.join("objects/17")).map_or(0, Iterator::count)
}

/// A `git` that takes its time to keep house, and notes that it was asked to.
fn slow_housekeeper(sandbox: &Sandbox) {
    let log = sandbox.path("asked");
    let script = format!(
        "case \"$*\" in *maintenance*) echo \"$*\" >>'{}'; sleep 3;; esac\nPATH=/usr/local/bin:/usr/bin:/bin exec git \"$@\"",
        log.display()
    );
    sandbox.script(&sandbox.path("bin/git"), &script);
}

#[test]
fn many_loose_objects_are_packed_in_the_background_and_once() {
    let sandbox = Sandbox::with_journal();
    slow_housekeeper(&sandbox);
    let id = sandbox.okr(["add", "Before there were many"]).id();
    assert!(!sandbox.path("asked").exists(), "a few are no reason");
    pile_up(&sandbox.journal());
    let begun = Instant::now();
    let said = sandbox.okr(["add", "The one too many"]);
    assert!(
        begun.elapsed() < Duration::from_millis(2500),
        "nobody waits, and no stream is held: {:?}",
        begun.elapsed()
    );
    assert!(!said.stderr.contains("maintenance"), "{said}");
    sandbox.okr(["add", "Meanwhile"]).success();
    let begun = Instant::now();
    while loose(&sandbox.journal()) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "they are packed");
        std::thread::sleep(Duration::from_millis(50));
    }
    let asked = fs::read_to_string(sandbox.path("asked")).unwrap();
    assert_eq!(asked.lines().count(), 1, "{asked}");
    assert!(asked.contains("--auto") && !asked.contains("prune=now"), "{asked}");
    sandbox.okr(["show", &id]).success();
    sandbox.git_journal(["fsck", "--strict"]);
    assert!(sandbox.okr(["list"]).success().contains("Meanwhile"));
}

#[test]
fn in_a_code_repository_housekeeping_is_left_to_git() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    repo.okr(["init", "--here"]).success();
    slow_housekeeper(&sandbox);
    pile_up(&repo.dir.join(".git"));
    repo.okr(["add", "Kept here"]).success();
    assert!(!sandbox.path("asked").exists());
}
