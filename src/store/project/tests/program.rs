//! Running `git`: what reaches it, what comes back, how it ends.

use std::ops::ControlFlow;

use crate::store::project::program::{Git, GitError, is_foreign};
use crate::store::sandbox::Sandbox;

#[test]
fn failures_are_typed() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    match git.output(&["rev-parse", "--verify", "nowhere"]) {
        Err(GitError::Failed { args, code, stderr }) => {
            assert_eq!(args, ["rev-parse", "--verify", "nowhere"]);
            assert_eq!((code, stderr.as_str()), (Some(128), "fatal: Needed a single revision"));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(Git::new(sandbox.path("gone")).version(), Err(GitError::Io { .. })));
    assert!(matches!(git.output(&["log", "a\0b"]), Err(GitError::Io { .. })));
    assert!(git.version().unwrap() >= (2, 20, 0));
}

#[test]
fn a_stream_is_cut_at_nul_and_can_be_left_early() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for name in ["b", "c\nd"] {
        git.commit(name, "", "more");
    }
    let mut names = Vec::new();
    git.stream(&["ls-files", "-z"], None, |name| {
        names.push(String::from_utf8_lossy(name).into_owned());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(names, ["b", "c\nd", "first.txt"]);

    // One that has more to say is ended, and so is one that has more to read.
    let input = b"HEAD\n".repeat(200_000);
    let mut seen = 0;
    let end = git.stream(&["cat-file", "--batch-check=%(objectname)%00"], Some(input), |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert!(end.is_ok());
    assert_eq!(seen, 1);
}

#[test]
fn a_hook_s_environment_is_left_behind() {
    let sandbox = Sandbox::new();
    let local = sandbox.repo("code").run(&["rev-parse", "--local-env-vars"]);
    let wishes = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];
    for name in local.lines().filter(|name| !wishes.contains(name)) {
        assert!(is_foreign(name.as_ref()), "{name}");
    }
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_DATE", "GIT_EXTERNAL_DIFF", "GIT_TRACE2_EVENT", "GIT_EDITOR"]
    {
        assert!(is_foreign(name.as_ref()), "{name}");
    }
    let kept = [
        "GIT_COMMITTER_DATE",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_KEY_0",
        "GIT_SSH_COMMAND",
    ];
    for name in kept.into_iter().chain(wishes).chain(["HOME", "PATH", "LC_ALL"]) {
        assert!(!is_foreign(name.as_ref()), "{name}");
    }
}

#[test]
fn the_repository_runs_nothing() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let trap = sandbox.path("sprung");
    let command = format!("touch {}", trap.display());
    for key in ["core.fsmonitor", "core.pager", "diff.external", "core.sshCommand", "diff.x.textconv"] {
        git.run(&["config", key, &command]);
    }
    std::fs::write(git.dir().join(".git/info/attributes"), "* diff=x\n").unwrap();
    git.run(&["status", "--short"]);
    git.run(&["log", "-p", "--no-textconv"]);
    git.run(&["diff", "--no-textconv", "HEAD"]);
    assert!(!trap.exists());
}
