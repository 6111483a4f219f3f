//! Two journals that grew apart, merged: against git looking at the same difference.

use std::io;
use std::path::Path;
use std::process::Command;

use git_okr::store::journal::{Home, Journal, Location};

use super::cases::fresh;
use super::journal::grown;
use super::timing::{Runner, Table, race};
use super::world::{World, fixture, git, import};

/// Merges once, in a process of its own: `ratios --merge-once DIRECTORY`.
pub(crate) fn once(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let at = |branch: &str| Location { dir: dir.to_owned(), branch: branch.to_owned(), home: Home::Private };
    let theirs = Journal::open(&at("theirs"))?.tip()?;
    Journal::open(&at("okr"))?.merge(&theirs, false)?;
    Ok(())
}

/// Two journals of 100,000 records of which each has 500 of its own.
pub(crate) fn merge(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    for records in [10_000, 100_000] {
        let name = format!("journal-{records}-apart");
        let dir = fixture(&name, |dir| {
            super::journal::write(dir, records, 7)?;
            let tip = git(&["rev-parse", "okr"], Some(dir));
            git(&["update-ref", "refs/heads/theirs", &tip], Some(dir));
            for (branch, seed) in [("okr", 1), ("theirs", 2)] {
                import(dir, |stream| grown(stream, branch, &tip, 500, seed))?;
            }
            git(&["update-ref", "refs/heads/ours", "refs/heads/okr"], Some(dir));
            git(&["repack", "-adq", "--depth=10"], Some(dir));
            Ok(())
        })?;
        let world = World::new(&name, &dir)?;
        let scratch = fresh("merge")?;
        let back = || {
            git(&["update-ref", "refs/heads/okr", "refs/heads/ours"], Some(&dir));
            // What an earlier round wrote would be found and not written again.
            git(&["prune", "--expire=now"], Some(&dir));
        };
        let look =
            "git --git-dir=\"$0\" diff --stat ours theirs && git --git-dir=\"$0\" merge-base ours theirs";
        let place = dir.to_string_lossy().into_owned();
        let program = std::env::current_exe()?;
        let times = race(
            rounds(20),
            &[
                Runner::new(|| world.command("sh", &["-c", look, &place], &scratch)),
                Runner::new(|| {
                    let mut command: Command =
                        world.command(&program.to_string_lossy(), &["--merge-once", &place], &scratch);
                    command.current_dir(&scratch);
                    command
                })
                .after(back),
            ],
        );
        let what = format!("merging 1,000 of {}k records", records / 1000);
        table.ratio((&what, "`git diff --stat` of both, and `git merge-base`"), &times, (1, 0), Some(3.0));
    }
    Ok(())
}
