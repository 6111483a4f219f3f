//! A crowd: eight writers, two readers and git's housekeeping at once.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::Sandbox;
use crate::world::{Random, World};

const WRITERS: usize = 8;

/// What the housekeeper does over and over; a new neighbour, such as one that fetches and pushes, is a row here.
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

pub(crate) fn run(writes: usize, _: &mut Random) {
    let world = World::new(Sandbox::new());
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (marks, times) = (Mutex::new(BTreeSet::new()), Mutex::new(Vec::new()));
    let (mut reads, mut rounds) = (0, 0);
    std::thread::scope(|scope| {
        let writers: Vec<_> =
            (0..WRITERS).map(|_| scope.spawn(|| write(&world, writes, &next, &marks, &times))).collect();
        let readers: Vec<_> = (0..2).map(|_| scope.spawn(|| read(&world, &done))).collect();
        let housekeeper = scope.spawn(|| keep_house(&world, &done));
        let failed = writers.into_iter().map(|writer| writer.join()).filter(Result::is_err).count();
        done.store(true, Ordering::Relaxed);
        reads = readers.into_iter().map(|reader| reader.join().expect("a reader fails never")).sum();
        rounds = housekeeper.join().expect("housekeeping goes on");
        assert_eq!(failed, 0, "a writer failed");
    });
    let marks = marks.into_inner().unwrap();
    assert_eq!(marks.len(), writes);
    world.verify(&marks);
    // One commit each, besides those that made the journal and its bet.
    let (_, count) = world.git(&["rev-list", "--count", "okr"]);
    assert_eq!(count.trim().parse::<usize>().unwrap(), writes + 2);
    let mut times = times.into_inner().unwrap();
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_millis();
    println!(
        "soak: {writes} writes by {WRITERS} writers, {reads} reads, {rounds} rounds of housekeeping: 0 lost; \
         a write took {} ms in the median, {} at the 99th percentile, {} at most",
        at(50),
        at(99),
        at(100)
    );
    assert!(reads > 0 && rounds > 0);
}

fn write(
    world: &World,
    writes: usize,
    next: &AtomicUsize,
    marks: &Mutex<BTreeSet<usize>>,
    times: &Mutex<Vec<Duration>>,
) {
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
        marks.lock().unwrap().insert(mark);
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
