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

fn repository(world: &World, name: &str) -> io::Result<PathBuf> {
    let dir = fresh(name)?;
    let init = "git init --quiet && git commit --quiet --allow-empty -m first";
    assert!(world.command("sh", &["-c", init], &dir).status()?.success(), "git init");
    Ok(dir)
}
