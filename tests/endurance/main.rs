//! The endurance runs: a journal under kills, crowds and power cuts, for as long as one likes.
//!
//! ```text
//! cargo test --test endurance                        # short, some 20 seconds: part of the suite
//! cargo test --test endurance -- ci                  # some 60 seconds
//! cargo test --test endurance -- long                # 2,000 kills, 5,000 writes, 100 power cuts
//! cargo test --test endurance -- crash 500           # one of them: crash, soak or power, and how many
//! OKR_SEED=7 cargo test --test endurance -- crash    # the same choices again
//! ```

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(clippy::print_stdout, reason = "this program says how far it is")]
#![allow(dead_code, unused_imports, reason = "the sandbox serves the other tests too")]

mod crash;
mod pair;
mod power;
mod soak;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::time::Instant;

use world::Random;

/// What runs, and how much of it: in the suite, in CI, and at length.
type Run = (&'static str, fn(usize, &mut Random), [usize; 3]);

const RUNS: [Run; 3] = [
    ("crash", crash::run, [40, 150, 2000]),
    ("soak", soak::run, [160, 600, 5000]),
    ("power", power::run, [3, 10, 100]),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let first = arguments.first().map(String::as_str);
    let length = match first {
        None => 0,
        Some("ci") => 1,
        Some("long") => 2,
        Some(name) if RUNS.iter().any(|(known, ..)| *known == name) => 0,
        // 'cargo test <filter>' asks every test program; the filter names none of ours.
        Some(_) => return,
    };
    let count = arguments.get(1).map(|count| count.parse().expect("how many is a number"));
    let seed = std::env::var("OKR_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("OKR_SEED={seed}");
    for (name, run, counts) in RUNS {
        if first.is_none_or(|first| first == name || ["ci", "long"].contains(&first)) {
            let begun = Instant::now();
            run(count.unwrap_or(counts[length]), &mut Random(seed.wrapping_mul(2) + 1));
            println!("{name}: held, {:.0} s", begun.elapsed().as_secs_f64());
        }
    }
}
