//! Hooks beside real hook managers, installed from their registries; skipped, visibly, where those are out of reach.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Repo, Sandbox, by_configuration};

/// Says what was not tried.
fn skipped(what: &str) {
    let told = format!("skipped: {what} cannot be installed here\n");
    std::io::stderr().write_all(told.as_bytes()).unwrap();
}

/// A place for installed managers that outlives a run.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("managers")
}

/// Runs an installer with the machine's own environment; false when it fails.
fn installs(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The directory of programs of a package for node, if it can be had.
fn node(package: &str, version: &str) -> Option<PathBuf> {
    // Their own scripts would install hooks into the repository that this very file is in.
    let dir = cache().join(package);
    let bin = dir.join("node_modules/.bin");
    let prefix = dir.to_str().unwrap();
    let wanted = format!("{package}@{version}");
    let there = bin.join(package).exists()
        || installs(
            "npm",
            &["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", prefix, &wanted],
        );
    there.then_some(bin)
}

/// The directory of programs of pre-commit, if it can be had.
fn pre_commit() -> Option<PathBuf> {
    let dir = cache().join("pre-commit");
    let bin = dir.join("bin");
    let pip = bin.join("pip");
    let there = bin.join("pre-commit").exists()
        || installs("python3", &["-m", "venv", dir.to_str().unwrap()])
            && installs(pip.to_str().unwrap(), &["install", "--quiet", "pre-commit==4.*"]);
    there.then_some(bin)
}

/// A repository whose manager runs a hook of its own before a commit and one after, and its programs in reach.
struct Managed<'s> {
    repo: Repo<'s>,
    bin: PathBuf,
}

impl Managed<'_> {
    fn sh(&self, line: &str) -> crate::support::Output {
        let path = format!(
            "{}:{}:/usr/local/bin:/usr/bin:/bin",
            self.repo.sandbox.path("bin").display(),
            self.bin.display()
        );
        let mut command = self.repo.sandbox.command("sh", &self.repo.dir);
        self.repo.sandbox.run(command.args(["-c", line]).env("PATH", path))
    }

    /// Commits; says whether the manager's own hooks ran before and after it, and whether ours did.
    fn commit(&self) -> (bool, bool, bool) {
        for file in ["before", "after"] {
            let _ = fs::remove_file(self.repo.dir.join(".git").join(file));
        }
        self.repo.sandbox.forget_queued();
        let done = self.sh("echo x >>a.rs && git add a.rs && git commit --quiet -m 'feat: beside a manager'");
        assert_eq!(done.code, Some(0), "{done}");
        let ran = |name: &str| self.repo.dir.join(".git").join(name).exists();
        (ran("before"), ran("after"), !self.repo.sandbox.queued().is_empty())
    }

    /// Their hook before a commit still decides.
    fn refuses(&self) {
        fs::write(self.repo.dir.join(".git/refuse"), "").unwrap();
        let refused = self.sh("echo y >>a.rs && git add a.rs && git commit --quiet -m 'feat: refused'");
        assert_ne!(refused.code, Some(0), "{refused}");
        fs::remove_file(self.repo.dir.join(".git/refuse")).unwrap();
    }

    /// Ours beside the manager's own hooks, through an install of the manager that may take ours away. Answers what the
    /// status said before that, and whether ours was still there after it.
    #[track_caller]
    fn goes_and_comes_back(&self, install: &str, again: &str) -> (String, bool) {
        self.sh(install).success();
        self.okr(["hooks", "install"]).success();
        assert_eq!(self.commit(), (true, true, true));
        self.refuses();
        let status = self.okr(["hooks", "status"]).success();
        self.sh(again).success();
        let kept = self.commit();
        assert!(kept.0 && kept.1, "{kept:?}");
        let now = self.okr(["hooks", "status"]);
        assert_eq!(now.code == Some(0), kept.2, "status knows: {kept:?} {now}");
        self.okr(["hooks", "install"]).success();
        assert_eq!(self.commit(), (true, true, true));
        self.okr(["hooks", "uninstall"]).success();
        assert_eq!(self.commit(), (true, true, false));
        (status, kept.2)
    }

    fn okr<const N: usize>(&self, args: [&str; N]) -> crate::support::Output {
        self.sh(&format!("git-okr {}", args.join(" ")))
    }
}

/// What their hooks do.
const BEFORE: &str = "touch .git/before && test ! -e .git/refuse";
const AFTER: &str = "touch .git/after";

#[test]
fn husky_keeps_its_hooks_and_its_hooks_path() {
    let Some(bin) = node("husky", "9") else { return skipped("husky") };
    let sandbox = Sandbox::with_journal();
    let managed = Managed { repo: sandbox.repo("shop"), bin };
    let dir = managed.repo.dir.join(".husky");
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("pre-commit"), BEFORE).unwrap();
    fs::write(dir.join("post-commit"), AFTER).unwrap();
    managed.sh("husky").success();
    let path = managed.repo.git(["config", "core.hooksPath"]);
    let ours = by_configuration(&managed.repo);
    let told = managed.okr(["hooks", "install"]);
    assert_eq!(told.code, Some(0), "{told}");
    assert_eq!(managed.repo.git(["config", "core.hooksPath"]), path);
    assert_eq!(managed.commit(), (true, true, true));
    managed.refuses();
    let status = managed.okr(["hooks", "status"]);
    assert!(status.code == Some(0) && status.stdout.contains("husky: post-commit, pre-commit"), "{status}");
    assert_eq!(managed.repo.git(["status", "--porcelain", "--", ".husky/_"]), "");
    // When husky installs again it writes its files anew.
    managed.sh("husky").success();
    assert_eq!(managed.commit(), (true, true, ours));
    assert_eq!(managed.okr(["hooks", "status"]).code == Some(0), ours);
    managed.okr(["hooks", "install"]).success();
    assert_eq!(managed.commit(), (true, true, true));
    managed.okr(["hooks", "uninstall"]).success();
    assert!(!managed.repo.dir.join(".husky/_/okr").exists());
    let stub = fs::read(managed.repo.dir.join(".husky/_/post-commit")).unwrap();
    assert_eq!(stub, fs::read(managed.repo.dir.join(".husky/_/pre-push")).unwrap(), "as husky wrote it");
    // The line of the documentation, in its own file, which husky leaves alone when it installs again.
    let line = "command -v git-okr >/dev/null 2>&1 && git-okr hook post-commit || :";
    fs::write(dir.join("post-commit"), format!("{AFTER}\n{line}\n")).unwrap();
    managed.sh("husky").success();
    assert_eq!(managed.commit(), (true, true, true));
    assert!(managed.okr(["hooks", "status"]).stdout.contains(".husky/post-commit") || ours);
    // In a linked worktree husky's directory is missing, and git runs no hook at all.
    managed.sh("git worktree add --quiet ../linked").success();
}

#[test]
fn lefthook_keeps_its_hooks_and_takes_ours_away_only_where_it_has_one() {
    let Some(bin) = node("lefthook", "2") else { return skipped("lefthook") };
    let sandbox = Sandbox::with_journal();
    let managed = Managed { repo: sandbox.repo("shop"), bin };
    let jobs = |event: &str, run: &str| format!("{event}:\n  jobs:\n    - run: {run}\n");
    let settings = jobs("pre-commit", BEFORE) + &jobs("post-commit", AFTER);
    fs::write(managed.repo.dir.join("lefthook.yml"), format!("output: false\n{settings}")).unwrap();
    let install = "lefthook install >/dev/null";
    let (status, _) = managed.goes_and_comes_back(install, "lefthook install --force >/dev/null");
    assert!(status.contains("lefthook"), "{status}");
    // Where ours was first, lefthook puts it aside and runs it no more.
    let hooks = managed.repo.dir.join(".git/hooks");
    if !by_configuration(&managed.repo) {
        managed.sh("lefthook uninstall >/dev/null; rm -f .git/hooks/*").success();
        managed.okr(["hooks", "install"]).success();
        managed
            .sh(&format!("printf '{settings}' >lefthook.yml; lefthook install --force >/dev/null"))
            .success();
        let aside = hooks.join("post-commit.old").exists();
        managed.okr(["hooks", "uninstall"]).success();
        assert!(!hooks.join("post-commit.old").exists(), "put aside: {aside}");
    }
}

#[test]
fn pre_commit_keeps_its_hooks_and_runs_ours_after_it_is_installed_again() {
    let Some(bin) = pre_commit() else { return skipped("pre-commit") };
    let sandbox = Sandbox::with_journal();
    let managed = Managed { repo: sandbox.repo("shop"), bin };
    let hook = |id: &str, entry: &str, stage: &str| {
        format!(
            "      - {{ id: {id}, name: {id}, language: system, entry: sh -c '{entry}', always_run: true, pass_filenames: false, stages: [{stage}] }}\n"
        )
    };
    let settings = hook("before", BEFORE, "pre-commit") + &hook("after", AFTER, "post-commit");
    let settings = format!("repos:\n  - repo: local\n    hooks:\n{settings}");
    fs::write(managed.repo.dir.join(".pre-commit-config.yaml"), settings).unwrap();
    managed.repo.git(["add", ".pre-commit-config.yaml"]);
    let install = "pre-commit install -t pre-commit -t post-commit >/dev/null";
    let (status, _) = managed.goes_and_comes_back(install, install);
    assert!(status.contains("pre-commit: "), "{status}");
}

#[test]
fn pre_commit_that_comes_later_runs_ours_and_uninstall_finds_where_it_was_put() {
    let Some(bin) = pre_commit() else { return skipped("pre-commit") };
    let sandbox = Sandbox::with_journal();
    let managed = Managed { repo: sandbox.repo("shop"), bin };
    fs::write(managed.repo.dir.join(".pre-commit-config.yaml"), "repos: []\n").unwrap();
    managed.repo.git(["add", ".pre-commit-config.yaml"]);
    if by_configuration(&managed.repo) {
        return;
    }
    managed.okr(["hooks", "install"]).success();
    managed.sh("pre-commit install -t post-commit -t post-merge -t post-rewrite >/dev/null").success();
    let hooks = managed.repo.dir.join(".git/hooks");
    assert!(hooks.join("post-commit.legacy").exists());
    managed.commit();
    managed.commit();
    assert_eq!(sandbox.queued().lines().count(), 1, "once: {}", sandbox.queued());
    let status = managed.okr(["hooks", "status"]).success();
    assert!(status.contains("post-commit.legacy") && status.contains("nothing to read"), "{status}");
    assert!(managed.okr(["hooks", "install"]).stderr.contains("installed already"));
    assert!(!fs::read_to_string(hooks.join("post-commit")).unwrap().contains("git-okr"));
    managed.okr(["hooks", "uninstall"]).success();
    for event in ["post-commit", "post-merge", "post-rewrite"] {
        assert!(hooks.join(event).exists() && !hooks.join(format!("{event}.legacy")).exists(), "{event}");
    }
    assert_eq!(managed.commit(), (false, false, false));
}

#[test]
fn simple_git_hooks_keeps_its_hooks_and_deletes_what_it_does_not_know() {
    let Some(bin) = node("simple-git-hooks", "2") else { return skipped("simple-git-hooks") };
    let sandbox = Sandbox::with_journal();
    let managed = Managed { repo: sandbox.repo("shop"), bin };
    let settings = format!("{{\"pre-commit\": \"{BEFORE}\", \"post-commit\": \"{AFTER}\"}}");
    fs::write(managed.repo.dir.join(".simple-git-hooks.json"), settings).unwrap();
    fs::write(managed.repo.dir.join("package.json"), "{\"name\": \"shop\", \"version\": \"1.0.0\"}").unwrap();
    let install = "simple-git-hooks >/dev/null";
    let (_, kept) = managed.goes_and_comes_back(install, install);
    assert_eq!(kept, by_configuration(&managed.repo));
}
