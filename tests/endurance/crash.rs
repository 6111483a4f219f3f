//! Kills at random points of every verb that writes.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::support::Sandbox;
use crate::world::{Random, World, end};

/// A verb under fire. `begin` makes ready what is not to be killed and returns the command.
struct Action {
    name: &'static str,
    /// How often it is chosen.
    weight: usize,
    /// Whether its mark is in the journal when it ended well.
    marks: bool,
    begin: fn(&World, usize, &[String]) -> Command,
}

/// Every verb that writes, to the journal or beside it. A new one is a row here.
const ACTIONS: [Action; 7] = [
    Action { name: "add", weight: 6, marks: true, begin: add },
    Action { name: "check-in", weight: 4, marks: true, begin: check_in },
    Action { name: "edit", weight: 4, marks: true, begin: edit },
    Action { name: "review", weight: 3, marks: true, begin: review },
    Action { name: "hook", weight: 3, marks: false, begin: hook },
    Action { name: "harvest", weight: 2, marks: false, begin: harvest },
    Action { name: "accept", weight: 2, marks: false, begin: accept },
];

fn add(world: &World, mark: usize, _: &[String]) -> Command {
    world.okr(&["add", &format!("mark-{mark}- added"), "--bet", "one"])
}

fn check_in(world: &World, mark: usize, _: &[String]) -> Command {
    world.okr(&["bet", "check-in", "one", "--status", "on-track", "--note", &format!("mark-{mark}- noted")])
}

fn edit(world: &World, mark: usize, ids: &[String]) -> Command {
    let Some(id) = ids.last() else { return add(world, mark, ids) };
    let mut command = world.okr(&["edit", id]);
    command.env("GIT_EDITOR", format!("sed -i '1i # mark-{mark}- edited'"));
    command
}

fn review(world: &World, mark: usize, _: &[String]) -> Command {
    // Each one of a quarter of its own, so that none lays itself over another.
    let period = format!("{}-Q{}", 1100 + mark / 4 % 900, mark % 4 + 1);
    let file = world.repo.with_file_name("answers.toml");
    std::fs::write(&file, format!("next = [\"mark-{mark}- next\"]\n")).unwrap();
    world.okr(&["review", &period, "--answers", file.to_str().unwrap()])
}

fn hook(world: &World, mark: usize, _: &[String]) -> Command {
    let sandbox = world.sandbox();
    let message = format!("feat: change {mark} (#{mark})\n\nOkr-Evidence: yes");
    sandbox.git_in(&world.repo, &["commit", "--quiet", "--allow-empty", "-m", &message]);
    drop(sandbox);
    let mut command = world.okr(&["hook", "post-commit"]);
    command.current_dir(&world.repo);
    command
}

fn harvest(world: &World, _: usize, _: &[String]) -> Command {
    let mut command = world.okr(&["harvest"]);
    command.current_dir(&world.repo);
    command
}

fn accept(world: &World, _: usize, _: &[String]) -> Command {
    let mut command = world.okr(&["inbox", "accept", "--everything"]);
    command.current_dir(&world.repo);
    command
}

/// Kills until `kills` of them hit a process that was still running.
pub(crate) fn run(kills: usize, random: &mut Random) {
    let world = World::new(Sandbox::new());
    let (mut marks, mut ids) = (BTreeSet::new(), Vec::<String>::new());
    // How long a verb takes: the machine may be fast or slow, and busier later.
    let mut whole = ACTIONS.each_ref().map(|action| {
        let begun = Instant::now();
        let (status, _, stderr) = end((action.begin)(&world, 0, &ids).spawn().unwrap());
        assert!(status.success(), "{}: {stderr}", action.name);
        begun.elapsed().mul_f64(1.3)
    });
    let (mut hits, mut acknowledged, mut by_name) = (0, 0, [0; ACTIONS.len()]);
    let mut rounds = 0;
    while hits < kills {
        rounds += 1;
        assert!(rounds < kills * 20 + 200, "the kills hit: {hits} of {rounds}");
        let at = choose(random);
        let action = &ACTIONS[at];
        let mut command = (action.begin)(&world, rounds, &ids);
        let mut child = command.process_group(0).spawn().unwrap();
        std::thread::sleep(whole[at].mul_f64(random.part()));
        // Alone, as by 'kill -9', or with all it started, as when a machine stops.
        if random.below(4) == 0 {
            let _ = killpg(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGKILL);
        } else {
            child.kill().unwrap();
        }
        let (status, stdout, stderr) = end(child);
        let (well, killed) = (status.success(), status.code().is_none());
        assert!(well || killed, "{} failed by itself: {stderr}", action.name);
        hits += usize::from(killed);
        by_name[at] += usize::from(killed);
        whole[at] = whole[at].mul_f64(if killed { 1.03 } else { 0.96 }).max(Duration::from_millis(2));
        let id = stdout.lines().next().filter(|id| id.len() == 16);
        // An id that was printed is a promise too, whatever became of the process.
        if (well || id.is_some()) && action.marks {
            marks.insert(rounds);
            acknowledged += 1;
        }
        if action.name == "add" {
            ids.extend(id.map(str::to_owned));
        }
        // The journal opens, at once.
        world.must(&["log", "-n", "1"]);
        if rounds.is_multiple_of(8) {
            world.undisturbed(rounds + 10_000_000);
            marks.insert(rounds + 10_000_000);
        }
        if killed && hits.is_multiple_of(250) {
            world.undisturbed(rounds + 20_000_000);
            world.verify(&marks);
            println!("crash: {hits} kills in {rounds} rounds, {acknowledged} acknowledged, none lost");
        }
    }
    world.undisturbed(30_000_000);
    marks.insert(30_000_000);
    let mut inbox = world.okr(&["inbox", "--list"]);
    assert!(inbox.current_dir(&world.repo).output().unwrap().status.success(), "the inbox opens");
    world.verify(&marks);
    let names: Vec<String> =
        ACTIONS.iter().zip(by_name).map(|(action, hits)| format!("{} {hits}", action.name)).collect();
    println!(
        "crash: {hits} kills in {rounds} rounds ({}), {acknowledged} acknowledged, 0 lost",
        names.join(", ")
    );
    assert!(acknowledged > 0 && by_name.iter().all(|hits| *hits > 0) || kills < 40, "every verb was hit");
}

fn choose(random: &mut Random) -> usize {
    let all: usize = ACTIONS.iter().map(|action| action.weight).sum();
    let mut left = random.below(all);
    ACTIONS
        .iter()
        .position(|action| left.checked_sub(action.weight).map(|rest| left = rest).is_none())
        .unwrap_or(0)
}
