//! Inputs that nobody wrote: mutations of a kept corpus, for as long as `OKR_FUZZ_SECONDS` says, a target each.
//!
//! ```text
//! cargo test --test fuzz                          # the corpus, and a moment of mutations
//! OKR_FUZZ_SECONDS=600 cargo test --test fuzz     # ten minutes of each target
//! OKR_SEED=7 cargo test --test fuzz record        # the same mutations again, of one target
//! ```
//!
//! An input that fails is made smaller and kept as `tests/fuzz/corpus/<target>/failed-…`, so that the next run, and
//! everybody's, begins with it. Coverage does not guide it: cargo-fuzz needs a nightly compiler.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(clippy::print_stderr, reason = "it says how much it tried")]

mod mutate;
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mutate::Mutator;

/// How long one input may take: everything that is read here is linear in its input, and inputs are small.
const PATIENCE: Duration = Duration::from_secs(5);

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target)
}

/// Runs a target on one input: why it fails, if it does.
fn failure(run: &dyn Fn(&[u8]), input: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| run(input)));
    match ended {
        Err(cause) => {
            let text = cause.downcast_ref::<String>().cloned();
            Some(
                text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                    .unwrap_or_default(),
            )
        }
        Ok(()) => (begun.elapsed() > PATIENCE).then(|| format!("it took {:?}", begun.elapsed())),
    }
}

/// A smaller input that still fails: parts are left out as long as that helps.
fn shrink(run: &dyn Fn(&[u8]), input: &[u8]) -> Vec<u8> {
    let (mut small, mut step) = (input.to_vec(), input.len().div_ceil(2));
    let begun = Instant::now();
    while step > 0 && begun.elapsed() < Duration::from_secs(30) {
        let mut at = 0;
        while at < small.len() {
            let end = (at + step).min(small.len());
            let fewer = [&small[..at], &small[end..]].concat();
            if failure(run, &fewer).is_some() { small = fewer } else { at = end }
        }
        step /= 2;
    }
    small
}

/// Runs a target on its corpus, then on mutations of it until the time is over.
fn fuzz(target: &str, run: impl Fn(&[u8])) {
    let mut inputs: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(corpus(target)).expect("every target has a corpus") {
        let path = entry.unwrap().path();
        inputs.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    inputs.sort();
    assert!(!inputs.is_empty(), "{target} has a corpus");
    for (path, input) in &inputs {
        assert_eq!(failure(&run, input), None, "{path}");
    }
    let seconds = std::env::var("OKR_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0.5);
    let seed = std::env::var("OKR_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    let seeds = inputs.into_iter().map(|(_, input)| input).collect();
    let mut mutator = Mutator::new(seed, seeds);
    let (begun, mut count) = (Instant::now(), 0_u64);
    while begun.elapsed().as_secs_f64() < seconds {
        let input = mutator.next();
        count += 1;
        if let Some(why) = failure(&run, &input) {
            let small = shrink(&run, &input);
            let name = git2::Oid::hash_object(git2::ObjectType::Blob, &small).unwrap().to_string();
            let kept = corpus(target).join(format!("failed-{}", &name[..10]));
            fs::write(&kept, &small).unwrap();
            panic!("{target}: {why}\nOKR_SEED={seed}, input {count}, kept in {}", kept.display());
        }
    }
    eprintln!("{target}: {count} inputs, OKR_SEED={seed}");
}

#[test]
fn record() {
    fuzz("record", targets::record);
}

#[test]
fn guide() {
    fuzz("guide", targets::guide);
}

#[test]
fn header() {
    fuzz("header", targets::header);
}

#[test]
fn draft() {
    fuzz("draft", targets::draft);
}

#[test]
fn message() {
    fuzz("message", targets::message);
}

#[test]
fn remote_url() {
    fuzz("remote_url", targets::remote_url);
}

#[test]
fn words() {
    fuzz("words", targets::words);
}

#[test]
fn hook_input() {
    fuzz("hook_input", targets::hook_input);
}

#[test]
fn forge_export() {
    fuzz("forge_export", targets::forge_export);
}

#[test]
fn merge() {
    fuzz("merge", targets::merge);
}

#[test]
fn tree() {
    let journal = targets::Scratch::new();
    fuzz("tree", |input| journal.tree(input));
}

#[test]
fn commit() {
    let journal = targets::Scratch::new();
    fuzz("commit", |input| journal.commit(input));
}

/// The harness itself: what fails is found, and made small.
#[test]
fn a_failure_is_found_and_made_small() {
    let run = |input: &[u8]| assert!(!input.windows(2).any(|two| two == b"!#"), "found");
    let mut mutator = Mutator::new(7, vec![b"some !! text ## here".to_vec()]);
    std::panic::set_hook(Box::new(|_| {}));
    let found = (0..200_000).map(|_| mutator.next()).find(|input| failure(&run, input).is_some());
    let small = found.map(|input| shrink(&run, &input));
    let _ = std::panic::take_hook();
    assert_eq!(small.as_deref(), Some(b"!#".as_slice()));
}
