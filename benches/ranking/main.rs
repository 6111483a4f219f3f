//! How well the score ranks: against commits that real projects named in their changelogs, with and without verdicts.
//!
//! `OKR_LABELS=<directory of *.tsv.gz> cargo bench --bench ranking`. A row of a set is a unit of work with its label and
//! the features that the score looks at; benches/README.md names the columns.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers"
)]

mod regression;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use git_okr::harvest::message::bare_subject;
use git_okr::harvest::score::{Sizes, Work, signals, total};
use git_okr::harvest::taste::{Taste, traits};
use git_okr::model::Text;
use git_okr::settings::DEFAULT_THRESHOLD;

/// Columns that no regression may see, or that are no numbers.
const NO_FEATURES: [&str; 11] =
    ["repo", "commit", "date", "author", "bot", "label", "grade", "why", "title", "ctype", "cscope"];

/// Conventional types, each a feature.
const TYPES: [&str; 10] =
    ["feat", "fix", "perf", "docs", "chore", "build", "refactor", "test", "ci", "style"];

/// A unit of work and whether its project found it worth naming.
struct Unit {
    date: String,
    id: String,
    title: String,
    named: bool,
    body_len: usize,
    sizes: Sizes,
    breaking: bool,
    reverts: bool,
    issue: bool,
    conventional: String,
    /// What a regression may look at: everything that the set measured.
    features: Vec<f64>,
}

impl Unit {
    fn score(&self) -> i32 {
        let work = Work {
            headline: bare_subject(&self.title),
            body_len: self.body_len,
            breaking: self.breaking,
            reverts: self.reverts,
            issue: self.issue.then(|| "closes an issue".to_owned()),
            sizes: Some(self.sizes),
            bot: false,
        };
        total(&signals(&work))
    }

    fn traits(&self) -> Vec<Text> {
        traits(bare_subject(&self.title), Some(&self.sizes), [])
    }
}

fn main() {
    // 'cargo test --benches' runs benches too: without sets there is nothing to do.
    let Some(dir) = std::env::var_os("OKR_LABELS").map(PathBuf::from) else {
        eprintln!("set OKR_LABELS to a directory of labelled sets (*.tsv.gz)");
        return;
    };
    let sets = sets(&dir);
    println!(
        "| set | units | named | ours AUC | AP | churn | code churn | type | chance AP | regression | before verdicts | after | gain | regression |"
    );
    println!(
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    let mut means = [0.0; 9];
    for (name, units) in &sets {
        let by = |rank: &dyn Fn(&Unit) -> f64| -> Vec<(f64, bool)> {
            units.iter().map(|unit| (rank(unit), unit.named)).collect()
        };
        let ours = by(&|unit| f64::from(unit.score()));
        let churn = by(&|unit| unit.sizes.churn as f64);
        let code = by(&|unit| unit.sizes.code() as f64);
        let kind = by(&|unit| match unit.conventional.as_str() {
            "feat" | "perf" => 2.0,
            "fix" => 1.0,
            _ => 0.0,
        });
        let named = units.iter().filter(|unit| unit.named).count();
        let (before, after) = replay(units);
        let (folds, half) = fitted(units);
        let row =
            [auc(&ours), precision(&ours), auc(&churn), auc(&code), auc(&kind), folds, before, after, half];
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / sets.len() as f64);
        println!(
            "| {name} | {} | {named} | **{:.3}** | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:+.3} | {:.3} |",
            units.len(),
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            named as f64 / units.len() as f64,
            folds,
            before,
            after,
            after - before,
            half
        );
    }
    let [ours, ap, churn, code, kind, folds, before, after, half] = means;
    println!(
        "| mean | | | **{ours:.3}** | {ap:.3} | {churn:.3} | {code:.3} | {kind:.3} | | {folds:.3} | {before:.3} | {after:.3} | {:+.3} | {half:.3} |",
        after - before
    );
    println!("\nsuggested from {DEFAULT_THRESHOLD} tenths of a point");
}

/// Replays a person who keeps exactly what the project named, and decides on what the adjusted score suggests: the area
/// under the curve over the second half, without and with what was learned until then.
fn replay(units: &[Unit]) -> (f64, f64) {
    let mut taste = Taste::default();
    let (mut plain, mut adjusted) = (Vec::new(), Vec::new());
    for (place, unit) in units.iter().enumerate() {
        let score = unit.score();
        let traits = unit.traits();
        let moved = score + taste.signal(&traits).map_or(0, |signal| signal.points);
        if place >= units.len() / 2 {
            plain.push((f64::from(score), unit.named));
            adjusted.push((f64::from(moved), unit.named));
        }
        if moved >= DEFAULT_THRESHOLD {
            taste.learn(traits.iter().map(Text::raw), unit.named);
        }
    }
    (auc(&plain), auc(&adjusted))
}

/// How a regression ranks that knows the repository: fitted to four fifths of the labels for each other fifth; and fitted to
/// the first half for the second.
fn fitted(units: &[Unit]) -> (f64, f64) {
    let rows: Vec<(&[f64], bool)> = units.iter().map(|unit| (&*unit.features, unit.named)).collect();
    let rank = |is_tested: &dyn Fn(usize) -> bool| -> Vec<(f64, bool)> {
        let learnt: Vec<_> = (0..rows.len()).filter(|at| !is_tested(*at)).map(|at| rows[at]).collect();
        let model = regression::fit(&learnt);
        let tested = (0..rows.len()).filter(|at| is_tested(*at)).map(|at| rows[at]);
        tested.map(|(features, named)| (model.rank(features), named)).collect()
    };
    let folds = (0..5).map(|fold| auc(&rank(&|at| at % 5 == fold))).sum::<f64>() / 5.0;
    (folds, auc(&rank(&|at| at >= rows.len() / 2)))
}

/// The chance that a named unit ranks above one that is not; ties count half.
fn auc(ranked: &[(f64, bool)]) -> f64 {
    let mut ranked = ranked.to_vec();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = ranked.iter().filter(|(_, named)| *named).count() as f64;
    let negatives = ranked.len() as f64 - positives;
    let (mut sum, mut start) = (0.0, 0);
    while start < ranked.len() {
        let end = ranked[start..]
            .iter()
            .position(|one| one.0 != ranked[start].0)
            .map_or(ranked.len(), |n| start + n);
        let rank = (start + end + 1) as f64 / 2.0;
        sum += rank * ranked[start..end].iter().filter(|(_, named)| *named).count() as f64;
        start = end;
    }
    (sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

/// Average precision; units of one rank are shared out evenly.
fn precision(ranked: &[(f64, bool)]) -> f64 {
    let mut groups: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for (rank, named) in ranked {
        let group = groups.entry(-(*rank * 10.0) as i64).or_default();
        group.0 += 1.0;
        group.1 += f64::from(u8::from(*named));
    }
    let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
    for (all, named) in groups.values() {
        for nth in 1..=(*all as usize) {
            let share = nth as f64 / all;
            sum += named / all * (found + named * share) / (seen + all * share);
        }
        (seen, found) = (seen + all, found + named);
    }
    sum / found
}

/// Every set of a directory, units in the order of time. Work of programs is left out.
fn sets(dir: &Path) -> Vec<(String, Vec<Unit>)> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".tsv.gz"));
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().replace(".tsv.gz", "");
    files.iter().map(|path| (name(path), units(path))).collect()
}

fn units(path: &Path) -> Vec<Unit> {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |column: &str| header.iter().position(|name| *name == column).unwrap();
    let columns: BTreeMap<&str, usize> = header.iter().map(|name| (*name, at(name))).collect();
    // A set that does not say how many parts have production code says how many directories were touched.
    let parts = if columns.contains_key("parts") { "parts" } else { "dirs3" };
    let measured: Vec<usize> =
        header.iter().enumerate().filter(|(_, name)| !NO_FEATURES.contains(name)).map(|(at, _)| at).collect();
    let mut units: Vec<Unit> = lines
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row[columns["bot"]] == "0")
        .map(|row| {
            let text = |column: &str| row[columns[column]].to_owned();
            let number = |column: &str| row[columns[column]].parse::<u64>().unwrap();
            Unit {
                date: text("date"),
                id: text("commit"),
                title: text("title"),
                named: number("label") == 1,
                body_len: usize::try_from(number("body_len")).unwrap(),
                sizes: Sizes {
                    files: number("files"),
                    churn: number("churn"),
                    added: number("add_code"),
                    deleted: number("del_code"),
                    tests: number("churn_test"),
                    docs: number("churn_doc"),
                    parts: number(parts),
                },
                breaking: number("breaking") > 0,
                reverts: number("revert") > 0,
                issue: number("n_issue") > 0,
                conventional: text("ctype"),
                features: measured
                    .iter()
                    .map(|at| row[*at].parse::<f64>().unwrap().ln_1p())
                    .chain(TYPES.iter().map(|kind| f64::from(u8::from(row[columns["ctype"]] == *kind))))
                    .collect(),
            }
        })
        .collect();
    units.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
    units
}
