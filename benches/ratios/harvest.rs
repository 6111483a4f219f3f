//! A whole history, harvested as one of its authors, against `git log` of the same range.

use std::io;
use std::path::Path;

use super::cases::journal;
use super::history;
use super::timing::{Runner, Table, race};
use super::world::{PROGRAM, fixture, git};

const LOG: [&str; 4] = ["log", "--no-decorate", "--format=%H%x00%an%x00%ae%x00%at%x00%B", "HEAD"];

/// The synthetic repository, and every repository of `OKR_BENCH_REPO` (paths, parted by colons).
pub(crate) fn harvest(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let synthetic = fixture("history-20000", |dir| history::write(dir, 20_000, 7))?;
    one(table, rounds(11), "20k synthetic commits", &synthetic)?;
    let given = std::env::var("OKR_BENCH_REPO").unwrap_or_default();
    for path in given.split(':').filter(|path| !path.is_empty()) {
        let from = std::fs::canonicalize(path)?;
        let name = format!(
            "clone-{:x}",
            from.to_string_lossy()
                .bytes()
                .fold(7_u64, |hash, byte| { (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3) })
        );
        // A copy of its own, packed by whoever packed the original: nothing is written there.
        let copy = fixture(&name, |dir| {
            git(
                &[
                    "clone",
                    "--quiet",
                    "--bare",
                    "--no-hardlinks",
                    &from.to_string_lossy(),
                    &dir.to_string_lossy(),
                ],
                None,
            );
            Ok(())
        })?;
        let count = git(&["rev-list", "--count", "HEAD"], Some(&copy));
        one(table, rounds(11), &format!("given history of {count} commits"), &copy)?;
    }
    Ok(())
}

fn one(table: &Table, rounds: usize, name: &str, dir: &Path) -> io::Result<()> {
    let world = journal(100)?;
    let (author, own) = author(dir);
    let times = race(
        rounds,
        &[
            Runner::new(|| world.command("git", &LOG, dir)),
            Runner::new(|| world.command(PROGRAM, &["harvest", "--all", "--author", &author], dir))
                .after(|| world.forget()),
            Runner::new(|| {
                let who = format!("--author=<{author}>");
                world.command("git", &["log", "--numstat", "--no-renames", &who, "--fixed-strings"], dir)
            }),
        ],
    );
    world.forget();
    let what = format!("`harvest --all` as an author of {own}, {name}");
    table.ratio((&what, "`git log` of all messages"), &times, (1, 0), Some(1.2));
    table.ratio(("the same", "`git log --numstat` of that author's commits"), &times, (1, 2), Some(1.25));
    let times = race(
        rounds * 4,
        &[
            Runner::new(|| world.command("git", &["rev-parse", "HEAD"], dir)),
            Runner::new(|| world.command(PROGRAM, &["harvest"], dir)),
        ],
    );
    world.forget();
    table.ratio(("`harvest` with nothing new", "`git rev-parse HEAD`"), &times, (1, 0), None);
    Ok(())
}

/// Who to be: `OKR_BENCH_AUTHOR`, or who wrote most and is no program.
fn author(dir: &Path) -> (String, usize) {
    let people = git(&["shortlog", "-sne", "--no-merges", "HEAD"], Some(dir));
    let mut known = people.lines().filter_map(|line| {
        let (count, who) = line.trim().split_once('\t')?;
        let email = who.rsplit_once('<')?.1.trim_end_matches('>');
        Some((email.to_owned(), count.trim().parse().ok()?, who.to_lowercase()))
    });
    match std::env::var("OKR_BENCH_AUTHOR") {
        Ok(wanted) => {
            let count = known.find(|(email, ..)| *email == wanted).map_or(0, |(_, count, _)| count);
            (wanted, count)
        }
        Err(_) => known.find(|(.., who)| !who.contains("bot")).map(|(e, n, _)| (e, n)).expect("an author"),
    }
}
