//! How much a piece of work looks like evidence: a sum of named signals, in tenths of a point.
//!
//! The weights were measured on public histories whose changelogs say which changes mattered. The sum is a filter for
//! noise, not a measure of worth: nothing ranks what a person has accepted.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use crate::model::project::FileChange;
use crate::model::suggestion::Signal;

use super::message::Conventional;
use super::paths::{Class, class_of};
use super::{guess, visible, words};

/// What the score looks at.
#[derive(Clone, Debug, Default)]
pub struct Work<'a> {
    /// The line that says what was done, without numbers.
    pub headline: &'a str,
    /// Characters of the body, trailers left out.
    pub body_len: usize,
    /// An incompatible change, by the body.
    pub breaking: bool,
    /// Takes another change back.
    pub reverts: bool,
    /// The issues it closes or names, in words: `closes #88`.
    pub issue: Option<String>,
    /// Lines by class of file; `None` when they are not known.
    pub sizes: Option<Sizes>,
    /// Written by a program.
    pub bot: bool,
}

/// Lines changed, by what the files are for. Changelogs are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Files of all classes.
    pub files: u64,
    /// Lines added and deleted in all of them.
    pub churn: u64,
    /// Lines added to production code.
    pub added: u64,
    /// Lines deleted from production code.
    pub deleted: u64,
    /// Lines of tests.
    pub tests: u64,
    /// Lines of documentation.
    pub docs: u64,
    /// Parts of the product whose production code has such lines.
    pub parts: u64,
}

impl Sizes {
    /// Sums up the files of a change.
    pub fn of<'a>(files: impl IntoIterator<Item = &'a FileChange>) -> Self {
        let mut sizes = Self::default();
        let mut parts = BTreeSet::new();
        for file in files {
            let class = class_of(file);
            let (added, deleted) = (u64::from(file.added), u64::from(file.deleted));
            if class == Class::Changelog {
                continue;
            }
            sizes.files += 1;
            sizes.churn += added + deleted;
            match class {
                Class::Production => {
                    sizes.added += added;
                    sizes.deleted += deleted;
                    if added + deleted > 0 {
                        parts.insert(guess::area(file.path.raw()));
                    }
                }
                Class::Test => sizes.tests += added + deleted,
                Class::Docs => sizes.docs += added + deleted,
                Class::Ci | Class::Generated | Class::Changelog => {}
            }
        }
        sizes.parts = parts.len() as u64;
        sizes
    }

    /// Lines of production code.
    pub fn code(&self) -> u64 {
        self.added + self.deleted
    }
}

/// Points for conventional types.
const TYPES: &[(&str, i32, &str)] = &[
    ("feat", 30, "feature"),
    ("perf", 30, "performance work"),
    ("security", 30, "security work"),
    ("fix", 20, "fix"),
    ("docs", -20, "documentation"),
    ("chore", -25, "chore"),
    ("build", -25, "build"),
    ("refactor", -25, "refactoring"),
    ("test", -30, "tests only by its type"),
    ("ci", -30, "pipeline"),
    ("style", -30, "style"),
    ("deps", -30, "dependencies"),
    ("release", -30, "release"),
    ("revert", -20, "revert by its type"),
];

/// A family of title words: its signal, its points, the reason, whether a conventional type silences it, the words.
type Family = (&'static str, i32, &'static str, bool, &'static str);

const FAMILIES: &[Family] = &[
    (
        "adds",
        15,
        "adds a capability",
        true,
        "add adds added adding allow allows enable enables expose exposes extend implement implements \
        implemented initial introduce introduces make makes provide provides stabilize stabilise support \
        supports teach",
    ),
    (
        "fixes",
        15,
        "fixes something",
        true,
        "fix fixes fixed fixing avoid avoids bug correct correctly don't ensure ensures handle handles \
        incorrectly prevent prevents properly respect respects workaround",
    ),
    (
        "restructures",
        -10,
        "restructures",
        true,
        "use move moves moved extract extracts simplify simplifies inline split splits refactor refactoring \
        refactors reorganize reorganise deduplicate restructure",
    ),
    (
        "performance",
        10,
        "about performance",
        false,
        "perf performance optimize optimise optimized optimization optimizations cache caching faster speed \
        speedup allocation allocations allocating quadratic latency throughput",
    ),
    (
        "security",
        10,
        "about security",
        false,
        "security credential credentials redact sanitize sanitise injection vulnerability vulnerabilities cve \
        xss csrf",
    ),
    (
        "reliability",
        10,
        "about reliability",
        false,
        "panic panics panicking crash crashes regression retry retries timeout overflow infinite race hang \
        hangs leak leaks leaking deadlock deadlocks outage reliability",
    ),
    ("insides", -15, "about the insides of the code", false, visible::INSIDES),
    (
        "housekeeping",
        -15,
        "housekeeping words",
        false,
        "bump bumps changelog cleanup clippy comment comments dependabot dependencies dep deps fixup fmt \
        format formatting gitignore lint lints linting msrv nit nits placate readme release rename renamed \
        renames rustfmt tweak tweaks typo typos unused upgrade version warning warnings whitespace wip \
        wording workflow",
    ),
];

/// The words of each family, for a look-up: a long history asks for hundreds of thousands.
static WORDS: LazyLock<Vec<HashSet<&str>>> =
    LazyLock::new(|| FAMILIES.iter().map(|(.., family)| family.split_whitespace().collect()).collect());

/// Every signal of a piece of work, strongest first.
pub fn signals(work: &Work<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    let mut add = |name: &str, points: i32, why: String| {
        signals.push(Signal { name: name.to_owned(), points, why: why.into() });
    };
    let parts = Conventional::parse(work.headline);
    let kind = parts.as_ref().and_then(|parts| TYPES.iter().find(|(kind, ..)| *kind == parts.kind));
    if let Some((kind, points, why)) = kind {
        add(&format!("type-{kind}"), *points, (*why).to_owned());
    }
    let title: Vec<String> = words::words(work.headline).collect();
    for ((name, points, why, untyped, _), family) in FAMILIES.iter().zip(WORDS.iter()) {
        let hit = title.iter().find(|word| family.contains(word.as_str()));
        if let Some(word) = hit.filter(|_| !(*untyped && kind.is_some())) {
            add(&format!("word-{name}"), *points, format!("{why} ('{word}')"));
        }
    }
    if let Some(option) = visible::option(work.headline) {
        add("names-option", 15, format!("names an option ('{option}')"));
    }
    if visible::quotes(work.headline) {
        add("quotes-name", 15, "quotes a name that users type".to_owned());
    }
    if let Some(name) = visible::identifier(work.headline) {
        add("names-code", -15, format!("names code ('{name}')"));
    }
    if work.breaking || parts.is_some_and(|parts| parts.breaking) {
        add("breaking", 20, "incompatible change".to_owned());
    }
    if work.reverts {
        add("reverts", -15, "takes another change back".to_owned());
    }
    if let Some(sizes) = &work.sizes {
        by_size(sizes, &mut add);
    }
    if let Some(issue) = &work.issue {
        add("issue", 15, issue.clone());
    }
    if work.body_len > 200 {
        add("explained", 5, "explained at length".to_owned());
    }
    if work.bot {
        add("bot", -60, "written by a program".to_owned());
    }
    sort(&mut signals);
    signals
}

fn by_size(sizes: &Sizes, add: &mut impl FnMut(&str, i32, String)) {
    let code = sizes.code();
    if code == 0 {
        add("no-code", -20, "no production code".to_owned());
    } else {
        add(
            "code",
            code_points(code),
            format!("{code} {} of production code", if code == 1 { "line" } else { "lines" }),
        );
        if sizes.added * 4 >= code * 3 {
            add("mostly-new", 10, "mostly new lines".to_owned());
        } else if sizes.added * 100 < code * 45 {
            // Three quarters of a point, rounded away from zero.
            add("mostly-removed", -8, "mostly removed lines".to_owned());
        }
        if sizes.parts > 1 {
            add("spread", spread_points(sizes.parts), format!("over {} parts of the product", sizes.parts));
        }
    }
    match sizes.tests {
        0 => {}
        1..10 => add("tests", 10, "with tests".to_owned()),
        _ => add("tests", 20, "with tests".to_owned()),
    }
    if sizes.docs > 0 {
        add("docs", 10, "with documentation".to_owned());
    }
    if sizes.docs > 2 * code {
        add("mostly-docs", -10, "mostly documentation".to_owned());
    }
    if sizes.files > 40 && sizes.churn < 6 * sizes.files {
        add("sweep", -20, format!("a sweep over {} files", sizes.files));
    }
}

/// `min(2.5, log2(1 + lines) / 4)` points.
pub(crate) fn code_points(lines: u64) -> i32 {
    // A double holds every line count there is; the result is between 0 and 25.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let tenths = ((1.0 + lines as f64).log2() * 2.5).round() as i32;
    tenths.min(25)
}

/// `-min(1.5, log2(parts) / 2)` points: of two changes of one size, the wide one is more often mechanical.
fn spread_points(parts: u64) -> i32 {
    // As above; the result is between -15 and 0.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let tenths = ((parts.max(1) as f64).log2() * 5.0).round() as i32;
    -tenths.min(15)
}

/// Strongest first, whichever way they point; then by name.
pub(crate) fn sort(signals: &mut [Signal]) {
    signals.sort_by(|a, b| b.points.abs().cmp(&a.points.abs()).then_with(|| a.name.cmp(&b.name)));
}

/// The sum of the signals.
pub fn total(signals: &[Signal]) -> i32 {
    signals.iter().map(|signal| signal.points).sum()
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
