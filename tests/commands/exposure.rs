//! `git okr status` and `git okr fsck`: where the journal can be read, or would go, beyond what its owner said.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::{Repo, Sandbox};

/// Kinds of exposure that a verb tells of.
fn kinds(repo: &Repo<'_>, verb: &str) -> Vec<String> {
    let output = repo.okr([verb, "--format", "json"]);
    let told: Value = serde_json::from_slice(&output.raw).unwrap();
    let found: Vec<String> = told["data"]["exposure"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap().to_owned())
        .collect();
    if verb == "fsck" {
        assert_eq!(output.code, Some(u8::from(!found.is_empty()).into()), "{output}");
    }
    found
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Does what the status says to do about the first exposure.
fn follow(repo: &Repo<'_>) {
    let told: Value = serde_json::from_slice(&repo.okr(["status", "--format", "json"]).raw).unwrap();
    let remedy = told["data"]["exposure"][0]["remedy"].as_str().unwrap().to_owned();
    repo.sandbox.sh(&repo.dir, &remedy.replace("git okr", "git-okr")).success();
}

#[test]
fn a_private_journal_that_others_can_read_is_named() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    assert!(kinds(&repo, "status").is_empty() && kinds(&repo, "fsck").is_empty());
    mode(&sandbox.journal(), 0o755);
    assert_eq!((kinds(&repo, "status"), kinds(&repo, "fsck")), (vec!["mode".into()], vec!["mode".into()]));
    let told = repo.okr(["fsck"]);
    assert!(told.stdout.contains("others on this machine can read"), "{told}");
    assert!(told.stderr.contains("hint: mode: chmod 700 '$SANDBOX/home/"), "{told}");
    assert!(repo.okr(["status"]).stdout.contains("chmod 700"));
    follow(&repo);
    assert!(kinds(&repo, "fsck").is_empty());
    assert_eq!(sandbox.journal().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_copy_of_a_private_journal_in_the_code_is_found() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.git(["fetch", "--quiet", sandbox.journal().to_str().unwrap(), "okr"]);
    assert_eq!(kinds(&repo, "fsck"), ["copied"]);
    assert!(kinds(&repo, "status").is_empty(), "it takes a walk");
}

#[test]
fn every_way_for_a_journal_kept_here_to_get_out_is_named_and_its_remedy_ends_it() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", "origin.git"]);
    repo.git(["remote", "add", "origin", sandbox.path("work/origin.git").to_str().unwrap()]);
    repo.okr(["init", "--here"]).success();
    repo.git(["push", "--quiet", "origin", "main"]);
    for verb in ["status", "fsck"] {
        assert!(kinds(&repo, verb).is_empty(), "{verb}");
    }
    for (line, kind) in [
        ("git-okr hooks uninstall", "unguarded"),
        ("git config remote.origin.push 'refs/heads/*'", "refspec"),
        ("git config remote.origin.mirror true", "mirror"),
        ("git config --add remote.origin.fetch '+refs/*:refs/*'", "fetch"),
        ("git worktree add --quiet ../linked okr", "worktree"),
        ("git push --quiet --no-verify origin okr", "arrived"),
        ("git config branch.okr.remote origin; git config branch.okr.merge refs/heads/main", "upstream"),
        ("chmod 755 . .git ../../ ../../work", "mode"),
    ] {
        sandbox.sh(&repo.dir, line).success();
        assert_eq!(kinds(&repo, "status"), [kind], "{line}");
        assert_eq!(kinds(&repo, "fsck"), [kind], "{line}");
        follow(&repo);
        assert!(kinds(&repo, "fsck").is_empty(), "{line}");
    }
}

#[test]
fn other_names_are_found_by_what_they_lead_to() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    sandbox.git_in(&sandbox.path("work"), &["init", "--quiet", "--bare", "origin.git"]);
    let url = sandbox.path("work/origin.git").display().to_string();
    repo.git(["remote", "add", "origin", &url]);
    repo.okr(["init", "--here"]).success();
    repo.okr(["add", "Nobody else may read this"]).success();
    repo.git(["push", "--quiet", "--no-verify", "origin", "okr:refs/heads/z"]);
    repo.git(["tag", "keep", "okr~1"]);
    repo.git(["fetch", "--quiet", "origin"]);
    let mut found = kinds(&repo, "fsck");
    found.sort();
    assert_eq!(found, ["arrived", "held"]);
    // What its owner allowed is no exposure.
    repo.git(["tag", "--delete", "keep"]);
    repo.git(["config", "okr.remote.origin.url", &url]);
    assert_eq!(kinds(&repo, "fsck"), ["arrived"], "the code goes there too");
    repo.git(["config", "okr.remote.origin.sharedWithCode", "true"]);
    assert!(kinds(&repo, "fsck").is_empty());
}
