//! Start-up, appends and reports.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::journal::{self, quarter};
use super::random::{date, day};
use super::timing::{Runner, Table, race};
use super::world::{PROGRAM, World, fixture, git, list, root};

const SEED: u64 = 2026;

/// A synthetic journal, made once.
pub(crate) fn journal(records: usize) -> io::Result<World> {
    let name = format!("journal-{records}");
    let dir = fixture(&name, |dir| journal::write(dir, records, SEED))?;
    World::new(&name, &dir)
}

/// The same, made anew, since it is going to be written to.
fn fresh_journal(records: usize) -> io::Result<World> {
    let name = format!("journal-{records}-add");
    let _ = std::fs::remove_dir_all(root().join(&name));
    let dir = fixture(&name, |dir| journal::write(dir, records, SEED))?;
    World::new(&name, &dir)
}

/// A repository for `git commit --allow-empty` and questions to git.
fn scratch() -> io::Result<PathBuf> {
    fixture("scratch", |dir| {
        git(&["init", "--quiet", "--initial-branch=main", &dir.to_string_lossy()], None);
        git(&["config", "user.email", "mina@acme.test"], Some(dir));
        git(&["config", "user.name", "Mina"], Some(dir));
        git(&["commit", "--quiet", "--allow-empty", "-m", "first"], Some(dir));
        Ok(())
    })
}

/// `git-okr -h` against `git rev-parse HEAD`.
pub(crate) fn start(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let world = journal(100)?;
    let scratch = scratch()?;
    let times = race(
        rounds(300),
        &[
            Runner::new(|| world.command("git", &["rev-parse", "HEAD"], &scratch)),
            Runner::new(|| world.command(PROGRAM, &["-h"], &scratch)),
            Runner::new(|| world.command("true", &[], &scratch)),
        ],
    );
    table.ratio(("`git-okr -h`", "`git rev-parse HEAD`"), &times, (1, 0), Some(1.3));
    table.ratio(("`true`, for scale", "`git rev-parse HEAD`"), &times, (2, 0), None);
    Ok(())
}

/// `add` into small and large journals, against each other and against `git commit`.
pub(crate) fn add(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    let (small, large) = (fresh_journal(100)?, fresh_journal(100_000)?);
    let scratch = scratch()?;
    let okr = ["add", "Retry budget stopped the outage", "--kind", "reliability", "--reach", "multi-team"];
    let commit = ["commit", "--quiet", "--allow-empty", "-m", "one more"];
    let synced = [["-c", "core.fsync=all"].as_slice(), &commit].concat();
    let times = race(
        rounds(60),
        &[
            Runner::new(|| small.okr(&okr)),
            Runner::new(|| large.okr(&okr)),
            Runner::new(|| small.command("git", &commit, &scratch)),
            Runner::new(|| small.command("git", &synced, &scratch)),
        ],
    );
    table.ratio(("`add`, 100k records", "`add`, 100 records"), &times, (1, 0), Some(1.5));
    table.ratio(("`add`, 100k records", "`git commit --allow-empty`, not synced"), &times, (1, 2), None);
    table.ratio(("`add`, 100k records", "the same with `core.fsync=all`"), &times, (1, 3), None);
    Ok(())
}

/// Reports of one quarter against git reading the blobs that they rest on.
pub(crate) fn report(table: &Table, rounds: &dyn Fn(usize) -> usize) -> io::Result<()> {
    for (records, words) in [(1_000, "1k"), (10_000, "10k"), (100_000, "100k")] {
        let world = journal(records)?;
        let blobs = blobs_of_quarter(&world, words)?;
        let (period, ..) = quarter();
        let id = first_record(&world);
        let (scorecard, listing) = (["scorecard", &period], ["list", &period]);
        let cat_file = || {
            let mut command = world.command("git", &["cat-file", "--batch", "--buffer"], &world.journal);
            command.stdin(File::open(&blobs).expect("a list"));
            command
        };
        let cold = || world.forget_caches();
        let times = race(
            rounds(if records > 50_000 { 25 } else { 40 }),
            &[
                Runner::new(cat_file),
                Runner::new(|| world.okr(&scorecard)),
                Runner::new(|| world.okr(&scorecard)).after(cold),
                Runner::new(|| world.okr(&listing)),
                Runner::new(|| world.okr(&["show", &id])),
                Runner::new(|| world.okr(&["status"])),
                Runner::new(|| world.okr(&["diff", &period])),
                Runner::new(|| world.okr(&["review", "--list", &period])),
            ],
        );
        let git = format!("`git cat-file --batch` of its blobs, {words}");
        let row = |what: &str, place, target| {
            table.ratio((&format!("{what}, {words}"), &git), &times, (place, 0), target);
        };
        row("`scorecard` of a quarter", 1, None);
        row("`scorecard` of a quarter, caches deleted", 2, None);
        row("`list` of a quarter", 3, None);
        row("`show ID`", 4, None);
        row("`status`", 5, None);
        row("`diff` of a quarter", 6, None);
        row("`review --list` of a quarter", 7, None);
    }
    Ok(())
}

/// Ids of exactly the blobs that a scorecard of the quarter must read: guide, bets, check-ins, its evidence.
fn blobs_of_quarter(world: &World, words: &str) -> io::Result<PathBuf> {
    let (_, first, last) = quarter();
    let mut paths: Vec<String> = ["guide.toml", "bets/", "checkins/"].map(str::to_owned).to_vec();
    paths.extend((first..=last).map(|at| {
        let (year, month, dd) = date(at);
        format!("evidence/{year:04}-{month:02}/{dd:02}/")
    }));
    let mut args = vec!["ls-tree", "-r", "--format=%(objectname)", "okr"];
    args.extend(paths.iter().map(String::as_str));
    let ids = git(&args, Some(&world.journal));
    eprintln!(
        "a scorecard at {words} rests on {} blobs, {} to {}",
        ids.lines().count(),
        day(first),
        day(last)
    );
    list(&format!("blobs-{words}"), &(ids + "\n"))
}

fn first_record(world: &World) -> String {
    let (_, first, _) = quarter();
    let (year, month, _) = date(first);
    let shard = format!("evidence/{year:04}-{month:02}/");
    let names = git(&["ls-tree", "-r", "--name-only", "okr", &shard], Some(&world.journal));
    let name = names.lines().next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    name.trim_end_matches(".toml").to_owned()
}

/// A place below the fixtures that is made anew.
pub(crate) fn fresh(name: &str) -> io::Result<PathBuf> {
    let dir = root().join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir)?;
    Ok(dir)
}
