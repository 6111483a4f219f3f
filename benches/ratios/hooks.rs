//! What a commit pays for our hook: with it, with a hook that does nothing, with none.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cases::{fresh, journal};
use super::timing::{Runner, Table, race};
use super::world::{PROGRAM, World};

const COMMIT: &str = "git commit --quiet --allow-empty -m 'feat: add a retry budget, closes #12'";

/// The hook's own time, quiet and with a terminal.
pub(crate) fn hook(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let (small, large) = (journal(10)?, journal(100_000)?);
    let script = Command::new("script").arg("--version").output().is_ok();
    for (world, words) in [(&small, "10 records"), (&large, "100k records")] {
        let none = repository(world, "hook-none")?;
        let empty = repository(world, "hook-empty")?;
        let path = empty.join(".git/hooks/post-commit");
        fs::write(&path, "#!/bin/sh\n:\n")?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        let ours = repository(world, "hook-ours")?;
        assert!(world.command(PROGRAM, &["hooks", "install"], &ours).status()?.success(), "hooks install");
        for terminal in [false, true] {
            if terminal && !script {
                eprintln!("there is no 'script': the hook with a terminal is not measured");
                continue;
            }
            let commit = |dir: &Path| {
                if terminal {
                    world.command("script", &["-qec", COMMIT, "/dev/null"], dir)
                } else {
                    world.command("sh", &["-c", COMMIT], dir)
                }
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
            let what = format!("commit with our hook, {how}, {words}");
            table.own((&what, "commit with an empty `sh` hook"), &times, (2, 1), Some(10.0));
            table.own((&what, "commit without a hook"), &times, (2, 0), None);
        }
    }
    Ok(())
}

/// All hooks together, around a commit and a rebase.
pub(crate) fn hooks(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let world = journal(10)?;
    all(table, rounds, &world)?;
    rebase(table, rounds, &world)
}

/// A commit of a file with every hook of ours, those that are asked for too.
fn all(table: &Table, rounds: &dyn Fn(usize) -> usize, world: &World) -> io::Result<()> {
    let (empty, ours) = (repository(world, "hooks-empty")?, repository(world, "hooks-all")?);
    let path = empty.join(".git/hooks/post-commit");
    fs::write(&path, "#!/bin/sh\n:\n")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
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
        Some(1.3),
    );
    Ok(())
}

/// A rebase of forty commits, each of which would start a hook.
fn rebase(table: &Table, rounds: &dyn Fn(usize) -> usize, world: &World) -> io::Result<()> {
    let (none, ours) = (repository(world, "rebase-none")?, repository(world, "rebase-ours")?);
    for dir in [&none, &ours] {
        let line = "git switch --quiet -c topic; for n in $(seq 40); do echo $n >f$n; git add .; \
                    git commit --quiet -m \"feat: step $n\"; done; git switch --quiet main; echo x >x; git add .; \
                    git commit --quiet -m other";
        assert!(world.command("sh", &["-c", line], dir).status()?.success(), "a topic");
    }
    assert!(world.command(PROGRAM, &["hooks", "install"], &ours).status()?.success(), "hooks install");
    let line = "git switch --quiet --detach topic && git rebase --quiet main";
    let times = race(
        rounds(20),
        &[
            Runner::new(|| world.command("sh", &["-c", line], &none)),
            Runner::new(|| world.command("sh", &["-c", line], &ours)),
        ],
    );
    table.ratio(("rebase of 40 commits, our hooks", "the same without hooks"), &times, (1, 0), Some(1.6));
    Ok(())
}

fn repository(world: &World, name: &str) -> io::Result<PathBuf> {
    let dir = fresh(name)?;
    let init = "git init --quiet && git commit --quiet --allow-empty -m first";
    assert!(world.command("sh", &["-c", init], &dir).status()?.success(), "git init");
    Ok(dir)
}
