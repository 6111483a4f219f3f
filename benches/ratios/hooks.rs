//! What a commit pays for our hook: with it, with a hook that does nothing, with none.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::pty::openpty;

use super::cases::{fresh, journal};
use super::history;
use super::timing::{Runner, Table, race};
use super::world::{PROGRAM, World, fixture};

const COMMIT: [&str; 5] =
    ["commit", "--quiet", "--allow-empty", "-m", "feat: add a retry budget, closes #12"];

/// The target, of issue 4: a commit with our hook against one with a hook that does nothing.
const TARGET: f64 = 1.3;

/// A terminal that nobody reads: what is printed there is thrown away.
struct Screen(OwnedFd);

impl Screen {
    fn new() -> io::Result<Self> {
        let pty = openpty(None, None)?;
        let mut master = File::from(pty.master);
        std::thread::spawn(move || while master.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {});
        Ok(Self(pty.slave))
    }

    fn stdio(&self) -> Stdio {
        self.0.try_clone().map_or_else(|_| Stdio::null(), Stdio::from)
    }
}

/// The hook's own time, quiet and with a terminal, in a small and in a large repository.
pub(crate) fn hook(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let (small, large) = (journal(10)?, journal(100_000)?);
    let screen = Screen::new()?;
    let history = fixture("history-80000", |dir| history::write(dir, 80_000, 7))?;
    for (from, size) in [(None, "a new repository"), (Some(history.as_path()), "80k commits")] {
        for (world, words) in [(&small, "10 records"), (&large, "100k records")] {
            let none = repository(world, "hook-none", from)?;
            let empty = with_empty_hook(repository(world, "hook-empty", from)?)?;
            let ours = repository(world, "hook-ours", from)?;
            assert!(
                world.command(PROGRAM, &["hooks", "install"], &ours).status()?.success(),
                "hooks install"
            );
            for terminal in [false, true] {
                let commit = |dir: &Path| {
                    let mut command = world.command("git", &COMMIT, dir);
                    if terminal {
                        command.stdout(screen.stdio()).stderr(screen.stdio());
                    }
                    command
                };
                let times = race(
                    rounds(80),
                    &[
                        Runner::new(|| commit(&none)),
                        Runner::new(|| commit(&empty)),
                        Runner::new(|| commit(&ours)).after(|| {
                            let _ = fs::remove_file(world.journal.join("okr/queue"));
                        }),
                    ],
                );
                let how = if terminal { "on a terminal (hint)" } else { "quiet" };
                let what = format!("commit with our hook, {how}, {size}, {words}");
                table.ratio((&what, "commit with an empty `sh` hook"), &times, (2, 1), Some(TARGET));
                table.own((&what, "commit without a hook"), &times, (2, 0), None);
            }
        }
    }
    Ok(())
}

/// A hook that starts a shell and nothing else.
fn with_empty_hook(dir: PathBuf) -> io::Result<PathBuf> {
    let path = dir.join(".git/hooks/post-commit");
    fs::write(&path, "#!/bin/sh\n:\n")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(dir)
}

/// All hooks together, around a commit and a rebase.
pub(crate) fn hooks(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let world = journal(10)?;
    all(table, rounds, &world)?;
    rebase(table, rounds, &world)
}

/// A commit of a file with every hook of ours, those that are asked for too.
fn all(table: &Table, rounds: &dyn Fn(usize) -> usize, world: &World) -> io::Result<()> {
    let empty = with_empty_hook(repository(world, "hooks-empty", None)?)?;
    let ours = repository(world, "hooks-all", None)?;
    let install = ["hooks", "install", "--prepare-commit-msg"];
    assert!(world.command(PROGRAM, &install, &ours).status()?.success(), "hooks install");
    let line =
        "date +%N >>file && git add file && git commit --quiet -m 'feat: add a retry budget, closes #12'";
    let times = race(
        rounds(80),
        &[
            Runner::new(|| world.command("sh", &["-c", line], &empty)),
            Runner::new(|| world.command("sh", &["-c", line], &ours)),
        ],
    );
    table.ratio(
        ("add and commit a file, all hooks of ours", "the same with an empty `sh` hook"),
        &times,
        (1, 0),
        Some(TARGET),
    );
    Ok(())
}

/// A rebase of forty commits, each of which would start a hook.
fn rebase(table: &Table, rounds: &dyn Fn(usize) -> usize, world: &World) -> io::Result<()> {
    let (none, ours) = (repository(world, "rebase-none", None)?, repository(world, "rebase-ours", None)?);
    let empty = repository(world, "rebase-empty", None)?;
    for dir in [&none, &ours, &empty] {
        let line = "git switch --quiet -c topic; for n in $(seq 40); do echo $n >f$n; git add .; \
                    git commit --quiet -m \"feat: step $n\"; done; git switch --quiet main; echo x >x; git add .; \
                    git commit --quiet -m other";
        assert!(world.command("sh", &["-c", line], dir).status()?.success(), "a topic");
    }
    assert!(world.command(PROGRAM, &["hooks", "install"], &ours).status()?.success(), "hooks install");
    let empty = with_empty_hook(empty)?;
    let line = "git switch --quiet --detach topic && git rebase --quiet main";
    let times = race(
        rounds(20),
        &[
            Runner::new(|| world.command("sh", &["-c", line], &none)),
            Runner::new(|| world.command("sh", &["-c", line], &ours)),
            Runner::new(|| world.command("sh", &["-c", line], &empty)),
        ],
    );
    table.ratio(("rebase of 40 commits, our hooks", "the same without hooks"), &times, (1, 0), Some(1.6));
    // What git and the shell take for any hook at all.
    table.ratio(("the same", "the same with an empty `sh` hook"), &times, (1, 2), None);
    Ok(())
}

/// A repository with one commit, or a clone of `from`.
fn repository(world: &World, name: &str, from: Option<&Path>) -> io::Result<PathBuf> {
    let dir = fresh(name)?;
    let make = match from {
        Some(from) => format!("git clone --quiet --shared '{}' . && sleep 1 && git status", from.display()),
        None => "git init --quiet && git commit --quiet --allow-empty -m first".to_owned(),
    };
    assert!(world.command("sh", &["-c", &make], &dir).status()?.success(), "a repository");
    Ok(dir)
}
