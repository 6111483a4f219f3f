//! Ratios against git, measured in the same interleaved run: `cargo bench --bench ratios [-- NAME…]`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints a table, and what takes long")]

mod cases;
mod harvest;
mod history;
mod hooks;
mod journal;
mod merging;
mod random;
mod timing;
mod world;

use timing::Table;

/// A group of measurements.
type Group = fn(&Table, &dyn Fn(usize) -> usize) -> std::io::Result<()>;

const GROUPS: [(&str, Group); 7] = [
    ("start", cases::start),
    ("hook", hooks::hook),
    ("hooks", hooks::hooks),
    ("add", cases::add),
    ("report", cases::report),
    ("merge", merging::merge),
    ("harvest", harvest::harvest),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|word| word == "--merge-once") {
        return merging::once(std::path::Path::new(&arguments.next().unwrap_or_default()));
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let factor: f64 =
        std::env::var("OKR_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let rounds = |count: usize| ((count as f64 * factor) as usize).max(3);
    let table = Table::new();
    for (name, group) in GROUPS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            group(&table, &rounds)?;
        }
    }
    Ok(())
}
