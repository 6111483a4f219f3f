//! A crowd: eight writers, two readers, git's housekeeping and syncs with a second machine that writes, all at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::pair::{HERE, Pair, THERE};
use crate::world::{Random, World, end};

const WRITERS: usize = 8;

/// What the housekeeper does over and over.
const HOUSEKEEPING: [&[&str]; 5] = [
    &["pack-refs", "--all"],
    &["gc", "--quiet"],
    &["-c", "gc.auto=10", "maintenance", "run", "--auto", "--quiet"],
    &["repack", "-adq"],
    &["-c", "gc.auto=10", "gc", "--auto", "--quiet"],
];

/// What readers run over and over.
const READING: [&[&str]; 4] =
    [&["list", "--format", "json"], &["log", "-n", "5"], &["bet", "show", "one"], &["status"]];

/// Marks of the second machine, apart from those here.
const ELSEWHERE: usize = 10_000_000;

pub(crate) fn run(writes: usize, _: &mut Random) {
    let pair = Pair::new();
    let world = &pair.worlds[HERE];
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let times = Mutex::new(Vec::new());
    let (mut reads, mut rounds, mut syncs, mut elsewhere) = (0, 0, (0, 0), (0, 0));
    std::thread::scope(|scope| {
        let writers: Vec<_> =
            (0..WRITERS).map(|_| scope.spawn(|| write(&pair, writes, &next, &times))).collect();
        let readers: Vec<_> = (0..2).map(|_| scope.spawn(|| read(world, &done))).collect();
        let housekeeper = scope.spawn(|| keep_house(world, &done));
        let neighbour = scope.spawn(|| talk(&pair, HERE, &done));
        let machine = scope.spawn(|| talk(&pair, THERE, &done));
        let failed = writers.into_iter().map(|writer| writer.join()).filter(Result::is_err).count();
        done.store(true, Ordering::Relaxed);
        reads = readers.into_iter().map(|reader| reader.join().expect("a reader fails never")).sum();
        rounds = housekeeper.join().expect("housekeeping goes on");
        syncs = neighbour.join().expect("a sync gets through");
        elsewhere = machine.join().expect("a sync of the other machine gets through");
        assert_eq!(failed, 0, "a writer failed");
    });
    let (outrun, syncs, elsewhere) = (syncs.1 + elsewhere.1, syncs.0 + elsewhere.0, elsewhere.0);
    assert_eq!(pair.promises(), writes + elsewhere);
    pair.agree();
    // One commit each, besides those that made the journal and its bet, and the merges.
    let (_, count) = world.git(&["rev-list", "--count", "--no-merges", "okr"]);
    assert_eq!(count.trim().parse::<usize>().unwrap(), writes + elsewhere + 2);
    let mut times = times.into_inner().unwrap();
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_millis();
    println!(
        "soak: {writes} writes by {WRITERS} writers, {reads} reads, {rounds} rounds of housekeeping, {elsewhere} \
         writes of a second machine, {syncs} syncs of both, {outrun} of them outrun: 0 lost; \
         a write took {} ms in the median, {} at the 99th percentile, {} at most",
        at(50),
        at(99),
        at(100)
    );
    assert!(reads > 0 && rounds > 0 && elsewhere > 0 && syncs > outrun);
}

fn write(pair: &Pair, writes: usize, next: &AtomicUsize, times: &Mutex<Vec<Duration>>) {
    let world = &pair.worlds[HERE];
    loop {
        let mark = next.fetch_add(1, Ordering::Relaxed);
        if mark >= writes {
            return;
        }
        let text = format!("mark-{mark}- written");
        let begun = Instant::now();
        if mark.is_multiple_of(5) {
            world.must(&["bet", "check-in", "one", "--status", "on-track", "--note", &text]);
        } else {
            world.must(&["add", &text, "--bet", "one"]);
        }
        times.lock().unwrap().push(begun.elapsed());
        pair.promise(HERE, mark);
    }
}

/// Reads until all is written; a later reader never sees less.
fn read(world: &World, done: &AtomicBool) -> usize {
    let (mut rounds, mut before) = (0, 0);
    while !done.load(Ordering::Relaxed) {
        let text = world.must(READING[rounds % READING.len()]);
        if rounds.is_multiple_of(READING.len()) {
            let count = text.matches("\"title\"").count();
            assert!(count >= before, "{count} records after {before}");
            before = count;
        }
        rounds += 1;
    }
    rounds
}

/// Keeps house; git may find its own lock taken, and is never the reason that something is lost.
fn keep_house(world: &World, done: &AtomicBool) -> usize {
    let mut rounds = 0;
    while !done.load(Ordering::Relaxed) {
        rounds += usize::from(world.git(HOUSEKEEPING[rounds % HOUSEKEEPING.len()]).0);
        std::thread::sleep(Duration::from_millis(100));
    }
    rounds
}

/// Syncs until all is written; elsewhere it writes too, each time before it syncs. Returns how often it synced, and how
/// often the other was faster each time that it tried: an answer, too.
fn talk(pair: &Pair, machine: usize, done: &AtomicBool) -> (usize, usize) {
    let (mut rounds, mut outrun) = (0, 0);
    while !done.load(Ordering::Relaxed) {
        if machine == THERE {
            let mark = ELSEWHERE + rounds;
            pair.worlds[THERE].must(&["add", &format!("mark-{mark}- written elsewhere")]);
            pair.promise(THERE, mark);
        }
        let (status, _, stderr) = end(pair.worlds[machine].okr(&["sync"]).spawn().unwrap());
        let refused = stderr.contains("did not take the journal") && stderr.contains("nothing is lost");
        assert!(status.success() || refused, "a sync failed: {stderr}");
        outrun += usize::from(!status.success());
        rounds += 1;
        std::thread::sleep(Duration::from_millis(300));
    }
    (rounds, outrun)
}
