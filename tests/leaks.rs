//! Where the journal's objects arrive by ordinary git operations, and where they do not. `docs/privacy.md` has the table.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::{Output, Repo, Sandbox};

/// What becomes of a journal that is kept on a branch of the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Here {
    /// It stays where it is.
    Stays,
    /// It arrives, unless the guard refuses the push.
    Guarded,
    /// It arrives, and no hook is asked.
    Arrives,
}

/// One ordinary operation: what the documentation calls it, and a line of shell that brings code to `$THERE`. For
/// pushes `$THERE` is the bare repository behind the remote `other`; everything else makes it.
struct Row {
    name: &'static str,
    line: &'static str,
    here: Here,
}

const fn row(name: &'static str, line: &'static str, here: Here) -> Row {
    Row { name, line, here }
}

const ROWS: [Row; 17] = [
    row("git push origin main", "git push -q other main", Here::Stays),
    row("git push --tags", "git push -q --tags other", Here::Stays),
    row("git push --follow-tags", "git push -q --follow-tags other main", Here::Stays),
    row(
        "git push, push.default=matching",
        "git push -q --no-verify other main && git -c push.default=matching push -q other",
        Here::Stays,
    ),
    row("git push --all", "git push -q --all other", Here::Guarded),
    row("git push --branches", "git push -q --branches other", Here::Guarded),
    row("git push --mirror", "git push -q --mirror other", Here::Guarded),
    row("git push origin 'refs/*:refs/*'", "git push -q other '+refs/*:refs/*'", Here::Guarded),
    row("git push origin '*:*'", "git push -q other '*:*'", Here::Guarded),
    row(
        "git push, remote.origin.mirror=true",
        "git -c remote.other.mirror=true push -q other",
        Here::Guarded,
    ),
    row("git clone", "git clone -q \"file://$PWD\" \"$THERE\"", Here::Arrives),
    row("git clone --bare", "git clone -q --bare \"file://$PWD\" \"$THERE\"", Here::Arrives),
    row("git clone --mirror", "git clone -q --mirror \"file://$PWD\" \"$THERE\"", Here::Arrives),
    row("git clone of a local path", "git clone -q . \"$THERE\"", Here::Arrives),
    row(
        "git bundle create --branches --tags",
        "git bundle create -q ../bundle --branches --tags && git init -q --bare \"$THERE\" && \
         git -C \"$THERE\" bundle unbundle \"$PWD/../bundle\" >/dev/null",
        Here::Arrives,
    ),
    row(
        "git bundle create --all",
        "git bundle create -q ../bundle --all && git init -q --bare \"$THERE\" && \
         git -C \"$THERE\" bundle unbundle \"$PWD/../bundle\" >/dev/null",
        Here::Arrives,
    ),
    row(
        "git fast-export --all",
        "git init -q --bare \"$THERE\" && git fast-export --all | git -C \"$THERE\" fast-import --quiet --force",
        Here::Arrives,
    ),
];

/// A repository with two branches, a tag and a remote `other` that is empty.
fn code(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.commit("src/queue.rs", "feat: one queue for every team");
    repo.git(["tag", "-a", "v1", "-m", "first"]);
    repo.git(["branch", "topic"]);
    repo.git(["remote", "add", "other", sandbox.path("there").to_str().unwrap()]);
    repo
}

fn records(repo: &Repo<'_>) {
    repo.okr(["bet", "add", "One queue for everybody", "--slug", "one-queue"]).success();
    repo.okr(["add", "Nobody else may read this", "--bet", "one-queue", "--artifact", "HEAD"]).success();
}

/// Every object that can be reached from `revisions`.
fn reachable(sandbox: &Sandbox, dir: &Path, revisions: &[&str]) -> BTreeSet<String> {
    let args = [&["rev-list", "--objects"], revisions].concat();
    let listed = sandbox.git_in(dir, &args);
    listed.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

/// Which of `ids` are in the repository at `dir`, reachable or not.
fn present(sandbox: &Sandbox, dir: &Path, ids: &BTreeSet<String>) -> BTreeSet<String> {
    let mut command = sandbox.command("git", dir);
    let command = command.args(["cat-file", "--batch-check"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let asked: String = ids.iter().map(|id| format!("{id}\n")).collect();
    child.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answer = String::from_utf8(output.stdout).unwrap();
    let there = answer.lines().filter(|line| !line.ends_with(" missing"));
    there.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

/// Does what a row says, to an empty place.
fn carry_out(repo: &Repo<'_>, row: &Row) -> (Output, PathBuf) {
    let there = repo.sandbox.path("there");
    let _ = std::fs::remove_dir_all(&there);
    if row.line.contains(" other") {
        repo.sandbox.git_in(&repo.sandbox.path("work"), &["init", "-q", "--bare", there.to_str().unwrap()]);
    }
    let mut command = repo.sandbox.command("sh", &repo.dir);
    let output = repo.sandbox.run(command.args(["-c", row.line]).env("THERE", &there));
    (output, there)
}

/// True when this git has the operation: `push --branches` came with 2.42.
fn is_known(output: &Output) -> bool {
    !output.stderr.contains("unknown option `branches'")
}

#[test]
fn a_private_journal_reaches_no_other_repository() {
    let sandbox = Sandbox::with_journal();
    let repo = code(&sandbox);
    records(&repo);
    repo.okr(["hooks", "install"]).success();
    let journal = reachable(&sandbox, &sandbox.journal(), &["refs/heads/okr"]);
    assert!(journal.len() > 8, "there is something to leak");
    let head = BTreeSet::from([repo.git(["rev-parse", "HEAD"])]);
    for row in &ROWS {
        let (output, there) = carry_out(&repo, row);
        if is_known(&output) {
            assert_eq!(output.code, Some(0), "{}: {output}", row.name);
            assert_eq!(present(&sandbox, &there, &head), head, "{}: the code arrives", row.name);
            assert_eq!(present(&sandbox, &there, &journal), BTreeSet::new(), "{}", row.name);
        }
    }
    assert_eq!(present(&sandbox, &repo.dir, &journal), BTreeSet::new(), "not even here");
}

#[test]
fn a_journal_kept_here_goes_where_its_branch_goes() {
    let sandbox = Sandbox::new();
    let repo = code(&sandbox);
    repo.okr(["init", "--here"]).success();
    records(&repo);
    repo.okr(["hooks", "uninstall"]).success();
    let code = reachable(&sandbox, &repo.dir, &["main", "v1"]);
    let journal: BTreeSet<String> =
        reachable(&sandbox, &repo.dir, &["refs/heads/okr"]).difference(&code).cloned().collect();
    for row in &ROWS {
        let (output, there) = carry_out(&repo, row);
        if is_known(&output) {
            assert_eq!(output.code, Some(0), "{}: {output}", row.name);
            let arrived = present(&sandbox, &there, &journal);
            let expected = if row.here == Here::Stays { BTreeSet::new() } else { journal.clone() };
            assert_eq!(arrived, expected, "{}", row.name);
        }
    }
}

#[test]
fn the_guard_refuses_what_a_hook_can_refuse() {
    let sandbox = Sandbox::new();
    let repo = code(&sandbox);
    repo.okr(["init", "--here"]).success();
    records(&repo);
    let code = reachable(&sandbox, &repo.dir, &["main", "v1"]);
    let journal: BTreeSet<String> =
        reachable(&sandbox, &repo.dir, &["refs/heads/okr"]).difference(&code).cloned().collect();
    for row in &ROWS {
        let (output, there) = carry_out(&repo, row);
        if !is_known(&output) {
            continue;
        }
        let expected = if row.here == Here::Arrives { journal.clone() } else { BTreeSet::new() };
        assert_eq!(present(&sandbox, &there, &journal), expected, "{}", row.name);
        assert_eq!(output.code != Some(0), row.here == Here::Guarded, "{}: {output}", row.name);
        if row.here == Here::Guarded {
            assert!(output.stderr.contains("would take the journal to 'other'"), "{}: {output}", row.name);
        }
    }
}

#[test]
fn the_documentation_has_this_table() {
    let page = include_str!("../docs/privacy.md");
    for row in &ROWS {
        let (without, with) = match row.here {
            Here::Stays => ("stays", "stays"),
            Here::Guarded => ("arrives", "refused"),
            Here::Arrives => ("arrives", "arrives"),
        };
        let line = format!("| `{}` | stays | {without} | {with} |", row.name);
        assert!(page.contains(&line), "docs/privacy.md has no line\n{line}");
    }
}
