//! Interleaved timing: A B C A B C …, and what the pairs say.

use std::process::Command;
use std::time::Instant;

/// One of several things that are timed in turn.
pub(crate) struct Runner<'a> {
    before: Box<dyn Fn() + 'a>,
    make: Box<dyn Fn() -> Command + 'a>,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(make: impl Fn() -> Command + 'a) -> Self {
        Self { before: Box::new(|| ()), make: Box::new(make) }
    }

    /// Does something before every run that is not timed.
    pub(crate) fn after(mut self, before: impl Fn() + 'a) -> Self {
        self.before = Box::new(before);
        self
    }

    fn time(&self) -> f64 {
        (self.before)();
        let mut command = (self.make)();
        let since = Instant::now();
        let status = command.status().expect("the program runs");
        let took = since.elapsed().as_secs_f64() * 1e3;
        assert!(status.success(), "{command:?} failed");
        took
    }
}

/// Times in milliseconds: one list a runner, one entry a round.
pub(crate) struct Times(Vec<Vec<f64>>);

/// Runs everything in turn, once unmeasured and then `rounds` times. The order turns around every other round, so
/// that no runner always follows the same one.
pub(crate) fn race(rounds: usize, runners: &[Runner<'_>]) -> Times {
    let mut times = vec![Vec::with_capacity(rounds); runners.len()];
    for runner in runners {
        runner.time();
    }
    for round in 0..rounds {
        for at in 0..runners.len() {
            let at = if round % 2 == 0 { at } else { runners.len() - 1 - at };
            times[at].push(runners[at].time());
        }
    }
    Times(times)
}

/// A median with its tenth and ninetieth percentile.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) n: usize,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |part: usize| values[(values.len() - 1) * part / 100];
        Self { median: at(50), low: at(10), high: at(90), n: values.len() }
    }
}

impl Times {
    /// How long one runner took.
    pub(crate) fn of(&self, at: usize) -> Spread {
        Spread::of(self.0[at].clone())
    }

    /// One runner against another, pair by pair of the same round.
    pub(crate) fn ratio(&self, one: usize, other: usize) -> Spread {
        Spread::of(self.0[one].iter().zip(&self.0[other]).map(|(a, b)| a / b).collect())
    }

    /// What one runner took more than another, in milliseconds, pair by pair.
    pub(crate) fn difference(&self, one: usize, other: usize) -> Spread {
        Spread::of(self.0[one].iter().zip(&self.0[other]).map(|(a, b)| a - b).collect())
    }
}

/// The table of results, printed as Markdown while it grows.
pub(crate) struct Table;

impl Table {
    pub(crate) fn new() -> Self {
        println!("| what | against | ms | ms of that | ratio | p10–p90 | n | target |");
        println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |");
        Self
    }

    /// A ratio of two runners.
    pub(crate) fn ratio(
        &self,
        names: (&str, &str),
        times: &Times,
        places: (usize, usize),
        target: Option<f64>,
    ) {
        let ratio = times.ratio(places.0, places.1);
        let (one, other) = (times.of(places.0).median, times.of(places.1).median);
        let target = target.map_or_else(String::new, |most| {
            format!("≤ {most}{}", if ratio.median > most { ", missed" } else { "" })
        });
        println!(
            "| {} | {} | {one:.1} | {other:.1} | {:.2} | {:.2}–{:.2} | {} | {target} |",
            names.0, names.1, ratio.median, ratio.low, ratio.high, ratio.n
        );
    }

    /// A difference of two runners in milliseconds, beside their ratio.
    pub(crate) fn own(
        &self,
        names: (&str, &str),
        times: &Times,
        places: (usize, usize),
        target: Option<f64>,
    ) {
        let own = times.difference(places.0, places.1);
        let (one, other) = (times.of(places.0).median, times.of(places.1).median);
        let ratio = times.ratio(places.0, places.1).median;
        let target = target.map_or_else(String::new, |most| {
            format!("≤ {most} ms{}", if own.median > most { ", missed" } else { "" })
        });
        println!(
            "| {} | {} | {one:.1} | {other:.1} | {ratio:.2} (+{:.1} ms) | +{:.1}–{:.1} ms | {} | {target} |",
            names.0, names.1, own.median, own.low, own.high, own.n
        );
    }
}
