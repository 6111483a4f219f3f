//! Finding repositories of every kind, and asking them.

use std::fs;

use crate::store::project::program::Git;
use crate::store::project::{Project, ProjectError};
use crate::store::sandbox::Sandbox;

fn discover(git: &Git) -> Project {
    Project::discover_with(git).unwrap().unwrap()
}

#[test]
fn every_kind_of_repository_is_found() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    fs::create_dir_all(sandbox.path("code/sub/deep")).unwrap();
    git.run(&["worktree", "add", "--quiet", "../linked"]);
    git.run(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    sandbox.repo("outer");
    let outer = sandbox.git("outer").with_env("GIT_CONFIG_COUNT", "1");
    let outer =
        outer.with_env("GIT_CONFIG_KEY_0", "protocol.file.allow").with_env("GIT_CONFIG_VALUE_0", "always");
    outer.run(&["submodule", "--quiet", "add", "../code", "module"]);

    let git_dir = sandbox.path("code/.git");
    for (dir, own, common, top, name) in [
        ("code", &git_dir, &git_dir, Some("code"), "code"),
        ("code/sub/deep", &git_dir, &git_dir, Some("code"), "code"),
        ("linked", &git_dir.join("worktrees/linked"), &git_dir, Some("linked"), "code"),
        ("bare.git", &sandbox.path("bare.git"), &sandbox.path("bare.git"), None, "code"),
        (
            "outer/module",
            &sandbox.path("outer/.git/modules/module"),
            &sandbox.path("outer/.git/modules/module"),
            Some("outer/module"),
            "code",
        ),
    ] {
        let project = discover(&sandbox.git(dir));
        assert_eq!(project.git_dir(), own.as_path(), "{dir}");
        assert_eq!(project.common_dir(), common.as_path(), "{dir}");
        assert_eq!(project.toplevel().map(ToOwned::to_owned), top.map(|top| sandbox.path(top)), "{dir}");
        assert_eq!(project.is_bare(), dir == "bare.git");
        assert_eq!(project.head().unwrap().map(|id| id.len()), Some(40), "{dir}");
        assert_eq!(project.repo().unwrap().name.raw(), name, "{dir}");
    }
    assert_eq!(discover(&sandbox.git("code/.git/refs")).git_dir(), git_dir);
    let odd = sandbox.repo("line\nbreak");
    assert!(matches!(Project::discover_with(&odd), Err(ProjectError::OddPath)));
    assert!(Project::discover_with(&sandbox.git("home")).unwrap().is_none());
}

#[test]
fn other_formats_are_read_as_well() {
    let sandbox = Sandbox::new();
    for (name, flag) in [("sha256", "--object-format=sha256"), ("reftable", "--ref-format=reftable")] {
        sandbox.git("").run(&["init", "--quiet", "--initial-branch=main", flag, name]);
        let git = sandbox.git(name);
        let project = discover(&git);
        assert_eq!(project.head().unwrap(), None, "{name}");
        assert_eq!(project.current_branch().unwrap(), Some("main".into()), "{name}");
        let id = git.commit("a", "1\n", "one");
        assert_eq!(project.head().unwrap(), Some(id.clone()), "{name}");
        assert_eq!(project.patch_ids(std::slice::from_ref(&id)).unwrap().len(), 1, "{name}");
        assert!(!project.in_sequence());
        git.run(&["update-ref", "--no-deref", "CHERRY_PICK_HEAD", &id]);
        assert!(project.in_sequence(), "{name}");
    }
}

#[test]
fn revisions_are_never_options() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let project = discover(&git);
    let head = git.run(&["rev-parse", "HEAD"]);
    git.run(&["tag", "-a", "-m", "tag", "v1"]);
    for rev in ["HEAD", "main", "v1", "@", &head, &head[..8]] {
        assert_eq!(project.resolve(rev).unwrap(), head, "{rev}");
    }
    for rev in
        ["", "nowhere", "^main", "main..v1", "--all", "--git-dir", "-n1", "main^{tree}", "a\0b", "main\nmain"]
    {
        assert!(matches!(project.resolve(rev), Err(ProjectError::NoCommit { .. })), "{rev:?}");
    }
    git.run(&["switch", "--quiet", "--detach"]);
    assert_eq!(project.current_branch().unwrap(), None);
}

#[test]
fn a_repository_of_another_user_is_refused_with_git_s_advice() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code").with_env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    match Project::discover_with(&git) {
        Err(ProjectError::Untrusted { advice, .. }) => assert!(advice.contains("safe.directory")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_remote_names_the_repository() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let name = || discover(&git).repo().unwrap().name.raw().to_owned();
    git.run(&["remote", "add", "work", "corp:team/code"]);
    git.run(&["config", "url.https://tok:s3cret@gitlab.com/.insteadOf", "corp:"]);
    assert_eq!(name(), "gitlab.com/team/code", "the only one");
    git.run(&["remote", "add", "mirror", "https://example.com/a/b"]);
    assert_eq!(name(), "code", "which of two?");
    git.run(&["remote", "add", "origin", "git@github.com:mina/code.git"]);
    assert_eq!(name(), "github.com/mina/code");
    git.run(&["config", "branch.main.remote", "mirror"]);
    assert_eq!(name(), "example.com/a/b");
    git.run(&["config", "branch.main.remote", "."]);
    assert_eq!(name(), "github.com/mina/code");
    git.run(&["config", "branch.main.remote", "https://github.com/fork/code"]);
    assert_eq!(name(), "github.com/fork/code");
    let web = discover(&git).repo().unwrap().web.map(|web| web.commit_url("abc"));
    assert_eq!(web.as_deref(), Some("https://github.com/fork/code/commit/abc"));
}

#[test]
fn patch_ids_survive_a_rebase_and_missing_objects() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let one = git.commit("a", "1\n", "one");
    let two = git.commit("a", "2\n", "two");
    let three = git.commit("a", "3\n", "three");
    let project = discover(&git);
    git.run(&["switch", "--quiet", "--detach", "HEAD~3"]);
    git.commit("z", "z\n", "in between");
    git.run(&["cherry-pick", &one]);
    let picked = git.run(&["rev-parse", "HEAD"]);
    let ids = project.patch_ids(&[one.clone(), two.clone(), picked.clone(), "no id".to_owned()]).unwrap();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[&one], ids[&picked]);
    assert_ne!(ids[&one], ids[&two]);

    let blob = git.run(&["rev-parse", &format!("{two}:a")]);
    fs::remove_file(git.dir().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let ids = project.patch_ids(&[one, two.clone(), three.clone(), picked.clone()]).unwrap();
    assert!(ids.contains_key(&picked) && !ids.contains_key(&two) && !ids.contains_key(&three), "{ids:?}");
}

#[test]
fn worktrees_and_sequences() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    git.run(&["worktree", "add", "--quiet", "-b", "okr", "../linked tree"]);
    let project = discover(&git);
    assert_eq!(project.worktrees_on("okr").unwrap(), [sandbox.path("linked tree")]);
    assert_eq!(project.worktrees_on("main").unwrap(), [sandbox.path("code")]);
    assert!(project.worktrees_on("nowhere").unwrap().is_empty());
    for sign in ["rebase-merge", "rebase-apply", "sequencer", "CHERRY_PICK_HEAD"] {
        assert!(!project.in_sequence());
        fs::create_dir(project.git_dir().join(sign)).unwrap();
        assert!(project.in_sequence(), "{sign}");
        fs::remove_dir(project.git_dir().join(sign)).unwrap();
    }
}
