//! Nothing of a person's repositories is ever touched: not a byte, by no verb.

use std::fs;
use std::path::Path;

use crate::support::{Repo, Sandbox, fingerprint};

/// Every verb but `hooks install` and `hooks uninstall`, in ways that do something.
const VERBS: [&str; 50] = [
    "init",
    "guide list",
    "guide show",
    "guide check",
    "guide edit",
    "hooks status",
    "hooks install --dry-run",
    "hooks uninstall --dry-run",
    "bet add 'One queue' --outcome trust --confidence 60",
    "bet list",
    "bet show one-queue",
    "bet check-in one-queue --status on-track --confidence 70",
    "bet edit one-queue",
    "add 'From the repository' --bet one-queue --artifact HEAD --artifact '#12'",
    "add --edit 'In an editor'",
    "edit one-queue",
    "harvest",
    "harvest --all",
    "harvest HEAD~1..HEAD --author '*'",
    "harvest --since 2026-01-01 --until 2026-12-31",
    "inbox",
    "inbox --all",
    "inbox --format json",
    "inbox accept --everything",
    "inbox dismiss --everything --never",
    "hook post-commit",
    "hook post-merge 0",
    "hook post-rewrite amend",
    "hook post-rewrite rebase",
    "hook prepare-commit-msg README.md message",
    "status",
    "list",
    "list --format markdown",
    "show one-queue",
    "search queue",
    "log",
    "log --full",
    "scorecard",
    "scorecard --format json",
    "diff",
    "diff 2026-Q3..2026-Q4",
    "fsck",
    "export --rules",
    "export --format json --output ../../all.json",
    "git log --oneline",
    "git gc --quiet",
    "completions bash",
    "man ../../man",
    "reference",
    "bet close one-queue --won --why done",
];

/// A repository in the middle of things: staged, unstaged and untracked changes, a stash, a hook, a tag, a remote.
fn busy(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)\n\nOkr-Evidence: yes");
    repo.commit("src/retry.rs", "fix: stop the retry storm (#13)");
    repo.git(["tag", "-a", "v1", "-m", "first"]);
    repo.git(["remote", "add", "origin", "https://example.com/acme/shop.git"]);
    repo.git(["branch", "topic"]);
    fs::write(repo.dir.join("README.md"), "stashed\n").unwrap();
    repo.git(["stash", "--quiet"]);
    fs::write(repo.dir.join("src/retry.rs"), "staged\n").unwrap();
    repo.git(["add", "src/retry.rs"]);
    fs::write(repo.dir.join("src/queue.rs"), "not staged\n").unwrap();
    fs::write(repo.dir.join("new.txt"), "untracked\n").unwrap();
    sandbox.script(&repo.dir.join(".git/hooks/pre-commit"), "exit 1");
    repo
}

/// Runs every verb in `dir` and holds after each that `watched` is as it was.
fn run_all(sandbox: &Sandbox, dir: &Path, watched: &Path, verbs: &[&str]) {
    let before = fingerprint(watched);
    assert!(before.len() > 20, "there is something to touch");
    for verb in verbs {
        let editor = sandbox.path("bin/editor");
        sandbox.script(
            &editor,
            "sed -i 's/^title = \"\\(.*\\)\"/title = \"\\1 again\"/' \"$1\"; echo '# more' >> \"$1\"",
        );
        let mut command = sandbox.command("sh", dir);
        command.args(["-c", &format!("git-okr {verb}")]).env("GIT_EDITOR", &editor);
        let output = sandbox.run(&mut command);
        let known = matches!(output.code, Some(0))
            || verb.starts_with("hooks status")
            || verb.starts_with("guide edit") && output.code == Some(1);
        assert!(known, "{verb}: {output}");
        let after = fingerprint(watched);
        for (path, what) in &before {
            assert!(after.get(path) == Some(what), "'{verb}' touched {}", path.display());
        }
        let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        assert!(new.is_empty(), "'{verb}' made {new:?}");
    }
}

#[test]
fn every_verb_leaves_every_byte_of_the_repository_alone() {
    let sandbox = Sandbox::with_journal();
    let repo = busy(&sandbox);
    run_all(&sandbox, &repo.dir, &repo.dir, &VERBS);
    assert!(sandbox.okr(["list"]).success().contains("One queue"), "they did do something");
}

#[test]
fn a_linked_worktree_a_bare_repository_and_a_submodule_are_left_alone_too() {
    let verbs = [
        "status",
        "harvest --all",
        "inbox",
        "add x --artifact HEAD",
        "hook post-commit",
        "hooks status",
        "fsck",
    ];
    let sandbox = Sandbox::with_journal();
    let repo = busy(&sandbox);
    repo.git(["worktree", "add", "--quiet", "--detach", "../linked"]);
    run_all(&sandbox, &sandbox.path("work/linked"), &sandbox.path("work"), &verbs);
    repo.git(["clone", "--quiet", "--bare", ".", "../bare.git"]);
    run_all(&sandbox, &sandbox.path("work/bare.git"), &sandbox.path("work"), &verbs);
    let outer = sandbox.repo("outer");
    outer.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../shop", "sub"]);
    run_all(&sandbox, &outer.dir.join("sub"), &sandbox.path("work"), &verbs);
}

/// With the journal on a branch of the repository: only that branch, its reflog, objects, `okr/` and the guard may
/// differ.
#[test]
fn a_journal_kept_here_moves_nothing_but_its_branch() {
    let sandbox = Sandbox::new();
    let repo = busy(&sandbox);
    let status = || repo.git(["status", "--porcelain=v2", "--branch"]);
    let refs = || repo.git(["for-each-ref", "--exclude=refs/heads/okr"]);
    let rest = || {
        let mut all = fingerprint(&repo.dir);
        let ours = [
            ".git/objects",
            ".git/okr",
            ".git/refs/heads/okr",
            ".git/logs/refs/heads/okr",
            ".git/hooks/pre-push",
        ];
        all.retain(|path, _| !ours.iter().any(|ours| path.starts_with(ours)));
        all
    };
    let before = (refs(), rest(), status());
    repo.okr(["init", "--here"]).success();
    for args in
        [["add", "Kept here"], ["bet", "list"], ["harvest", "--all"], ["inbox", "--list"], ["fsck", "-q"]]
    {
        repo.okr(args).success();
        assert_eq!(before.0, refs(), "{args:?}");
        assert!(before.1 == rest(), "{args:?} touched more than the branch");
    }
    assert_eq!(before.2, status());
}
