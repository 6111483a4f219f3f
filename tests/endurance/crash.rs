//! Kills at random points of every verb that writes, on two machines that sync.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::pair::{HERE, Pair, THERE};
use crate::world::{Random, end};

/// A verb under fire. `begin` makes ready what is not to be killed and returns the command.
struct Action {
    name: &'static str,
    /// The machine that it runs on.
    machine: usize,
    /// How often it is chosen.
    weight: usize,
    /// What its end means.
    kind: Does,
    begin: fn(&Pair, usize, &[String]) -> Command,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Its mark is in the journal when it ended well.
    Mark,
    /// It has a git of its own at work on both sides.
    Talk,
    Other,
}

/// Every verb that writes, to the journal or beside it. A new one is a row here.
const ACTIONS: [Action; 10] = [
    Action { name: "add", machine: HERE, weight: 6, kind: Does::Mark, begin: add },
    Action { name: "check-in", machine: HERE, weight: 4, kind: Does::Mark, begin: check_in },
    Action { name: "edit", machine: HERE, weight: 4, kind: Does::Mark, begin: edit },
    Action { name: "review", machine: HERE, weight: 3, kind: Does::Mark, begin: review },
    Action { name: "hook", machine: HERE, weight: 3, kind: Does::Other, begin: hook },
    Action { name: "harvest", machine: HERE, weight: 2, kind: Does::Other, begin: harvest },
    Action { name: "accept", machine: HERE, weight: 2, kind: Does::Other, begin: accept },
    Action { name: "add there", machine: THERE, weight: 3, kind: Does::Mark, begin: add_there },
    Action { name: "sync", machine: HERE, weight: 4, kind: Does::Talk, begin: sync },
    Action { name: "sync there", machine: THERE, weight: 2, kind: Does::Talk, begin: sync_there },
];

/// Marks of what is written undisturbed, apart from those of the rounds.
const BETWEEN: usize = 10_000_000;
const BEFORE_SYNC: usize = 20_000_000;

fn add(pair: &Pair, mark: usize, _: &[String]) -> Command {
    pair.worlds[HERE].okr(&["add", &format!("mark-{mark}- added"), "--bet", "one"])
}

fn check_in(pair: &Pair, mark: usize, _: &[String]) -> Command {
    pair.worlds[HERE].okr(&[
        "bet",
        "check-in",
        "one",
        "--status",
        "on-track",
        "--note",
        &format!("mark-{mark}- noted"),
    ])
}

fn edit(pair: &Pair, mark: usize, ids: &[String]) -> Command {
    let Some(id) = ids.last() else { return add(pair, mark, ids) };
    let mut command = pair.worlds[HERE].okr(&["edit", id]);
    command.env("GIT_EDITOR", format!("sed -i '1i # mark-{mark}- edited'"));
    command
}

fn review(pair: &Pair, mark: usize, _: &[String]) -> Command {
    let world = &pair.worlds[HERE];
    // Each one of a quarter of its own, so that none lays itself over another.
    let period = format!("{}-Q{}", 1100 + mark / 4 % 900, mark % 4 + 1);
    let file = world.repo.with_file_name("answers.toml");
    std::fs::write(&file, format!("next = [\"mark-{mark}- next\"]\n")).unwrap();
    pair.worlds[HERE].okr(&["review", &period, "--answers", file.to_str().unwrap()])
}

fn hook(pair: &Pair, mark: usize, _: &[String]) -> Command {
    let world = &pair.worlds[HERE];
    let sandbox = world.sandbox();
    let message = format!("feat: change {mark} (#{mark})\n\nOkr-Evidence: yes");
    sandbox.git_in(&world.repo, &["commit", "--quiet", "--allow-empty", "-m", &message]);
    drop(sandbox);
    let mut command = pair.worlds[HERE].okr(&["hook", "post-commit"]);
    command.current_dir(&pair.worlds[HERE].repo);
    command
}

fn harvest(pair: &Pair, _: usize, _: &[String]) -> Command {
    let mut command = pair.worlds[HERE].okr(&["harvest"]);
    command.current_dir(&pair.worlds[HERE].repo);
    command
}

fn accept(pair: &Pair, _: usize, _: &[String]) -> Command {
    let mut command = pair.worlds[HERE].okr(&["inbox", "accept", "--everything"]);
    command.current_dir(&pair.worlds[HERE].repo);
    command
}

fn add_there(pair: &Pair, mark: usize, _: &[String]) -> Command {
    pair.worlds[THERE].okr(&["add", &format!("mark-{mark}- added there"), "--bet", "one"])
}

fn sync(pair: &Pair, mark: usize, _: &[String]) -> Command {
    meet(pair, mark, HERE, THERE)
}

fn sync_there(pair: &Pair, mark: usize, _: &[String]) -> Command {
    meet(pair, mark, THERE, HERE)
}

/// A sync that has something to bring, and every second time something to fetch and to merge too.
fn meet(pair: &Pair, mark: usize, machine: usize, other: usize) -> Command {
    pair.write(machine, BEFORE_SYNC + 2 * mark);
    if mark.is_multiple_of(2) {
        pair.write(other, BEFORE_SYNC + 2 * mark + 1);
        pair.sync(other);
    }
    pair.pass_time();
    pair.worlds[machine].okr(&["sync"])
}

/// Kills until `kills` of them hit a process that was still running.
pub(crate) fn run(kills: usize, random: &mut Random) {
    let pair = Pair::new();
    let mut ids = Vec::<String>::new();
    // How long a verb takes: the machine may be fast or slow, and busier later.
    let mut whole = ACTIONS.each_ref().map(|action| {
        let mut command = (action.begin)(&pair, 0, &ids);
        let begun = Instant::now();
        let (status, _, stderr) = end(command.spawn().unwrap());
        assert!(status.success(), "{}: {stderr}", action.name);
        begun.elapsed().mul_f64(1.3)
    });
    let (mut hits, mut acknowledged, mut by_name) = (0, 0, [0; ACTIONS.len()]);
    let mut rounds = 0;
    while hits < kills {
        rounds += 1;
        assert!(rounds < kills * 20 + 200, "the kills hit: {hits} of {rounds}");
        let at = choose(random, &by_name);
        let action = &ACTIONS[at];
        let mut command = (action.begin)(&pair, rounds, &ids);
        let child = command.process_group(0).spawn().unwrap();
        std::thread::sleep(whole[at].mul_f64(random.part()));
        let (status, stdout, stderr) = put_down(child, action.kind == Does::Talk, whole[at], random);
        let (well, killed) = (status.success(), status.code().is_none());
        assert!(well || killed, "{} failed by itself: {stderr}", action.name);
        hits += usize::from(killed);
        by_name[at] += usize::from(killed);
        whole[at] = whole[at].mul_f64(if killed { 1.03 } else { 0.96 }).max(Duration::from_millis(2));
        let id = stdout.lines().next().filter(|id| id.len() == 16);
        // An id that was printed is a promise too, whatever became of the process.
        if (well || id.is_some()) && action.kind == Does::Mark {
            pair.promise(action.machine, rounds);
            acknowledged += 1;
        }
        if action.name == "add" {
            ids.extend(id.map(str::to_owned));
        }
        // The journal opens, at once.
        pair.worlds[action.machine].must(&["log", "-n", "1"]);
        if rounds.is_multiple_of(8) {
            pair.write(rounds / 8 % 2, BETWEEN + rounds);
        }
        if killed && hits.is_multiple_of(250) {
            pair.agree();
            println!("crash: {hits} kills in {rounds} rounds, {acknowledged} acknowledged, none lost");
        }
    }
    for machine in [HERE, THERE] {
        pair.write(machine, BETWEEN + rounds + 1 + machine);
    }
    let world = &pair.worlds[HERE];
    let mut inbox = world.okr(&["inbox", "--list"]);
    assert!(inbox.current_dir(&world.repo).output().unwrap().status.success(), "the inbox opens");
    pair.agree();
    let names: Vec<String> =
        ACTIONS.iter().zip(by_name).map(|(action, hits)| format!("{} {hits}", action.name)).collect();
    println!(
        "crash: {hits} kills in {rounds} rounds ({}), {acknowledged} acknowledged by the killed and {} in all, 0 lost",
        names.join(", "),
        pair.promises()
    );
    assert!(acknowledged > 0 && by_name.iter().all(|hits| *hits > 0) || kills < 40, "every verb was hit");
}

/// Kills alone, as by 'kill -9', or with all it started, as when a machine stops. A git that was left alone at both
/// ends of a sync works on for a while, and ends as well.
fn put_down(
    mut child: Child,
    talks: bool,
    whole: Duration,
    random: &mut Random,
) -> (std::process::ExitStatus, String, String) {
    let group = Pid::from_raw(i32::try_from(child.id()).unwrap());
    if random.below(if talks { 2 } else { 4 }) == 0 {
        let _ = killpg(group, Signal::SIGKILL);
    } else {
        child.kill().unwrap();
        if talks {
            std::thread::sleep(whole.mul_f64(random.part() / 2.0));
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
    let ended = end(child);
    // The dead are gone, and touch no lock any more; where nobody buries them, a moment has to do.
    for _ in 0..20 {
        if !talks || killpg(group, None).is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    ended
}

/// By weight; every second time what was never hit.
fn choose(random: &mut Random, hits: &[usize; ACTIONS.len()]) -> usize {
    let never: Vec<usize> = (0..ACTIONS.len()).filter(|at| hits[*at] == 0).collect();
    if !never.is_empty() && random.below(2) == 0 {
        return never[random.below(never.len())];
    }
    let all: usize = ACTIONS.iter().map(|action| action.weight).sum();
    let mut left = random.below(all);
    ACTIONS
        .iter()
        .position(|action| left.checked_sub(action.weight).map(|rest| left = rest).is_none())
        .unwrap_or(0)
}
