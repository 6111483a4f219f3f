//! What a piece of work may be for: a kind of evidence and a bet, guessed by words and said so.

use std::collections::BTreeSet;

use crate::model::guide::EvidenceKind;
use crate::model::project::FileChange;
use crate::model::{Bet, Guide, RecordId, Slug, Text};

use super::message::Conventional;
use super::words;

/// Words that a conventional type stands for.
const IMPLIED: &[(&str, &[&str])] = &[
    ("perf", &["performance", "latency", "speed", "perf"]),
    ("security", &["security"]),
    ("docs", &["docs", "documentation", "guide"]),
    ("test", &["test", "tests", "testing"]),
    ("ci", &["ci", "build", "tooling"]),
    ("build", &["build", "tooling"]),
    ("refactor", &["refactor", "migration"]),
    ("fix", &["fix", "bug", "reliability"]),
    ("feat", &["feature", "launch", "ship"]),
];

/// Directories that say nothing about the part of the product they hold.
const LAYOUT: &str = "src lib crates packages pkg internal cmd app apps services modules tests test docs doc";

/// Directories of languages below `src/main` and `src/test`, by the layout of Maven and Gradle.
const JVM: [&str; 4] = ["java", "kotlin", "scala", "groovy"];

/// What guesses go by: the words of a guide's kinds and of open bets, taken apart once for all work.
#[derive(Debug)]
pub struct Guesser<'a> {
    kinds: Vec<(&'a EvidenceKind, Vec<KindWord<'a>>)>,
    bets: Vec<BetWords<'a>>,
}

#[derive(Debug)]
struct KindWord<'a> {
    word: &'a str,
    stems: Vec<String>,
}

#[derive(Debug)]
struct BetWords<'a> {
    bet: &'a Bet,
    /// The stems of its slug, when one of its words is long enough to mean something.
    name: Option<Vec<String>>,
    about: BTreeSet<String>,
}

impl<'a> Guesser<'a> {
    /// Learns a guide's kinds of evidence and the open ones of `bets`.
    pub fn new(guide: &'a Guide, bets: &'a [Bet]) -> Self {
        let word = |word: &'a Text| KindWord { word: word.raw(), stems: stems(word.raw()) };
        let kinds = guide.evidence_kinds.iter().map(|kind| (kind, kind.words.iter().map(word).collect()));
        let bets = bets.iter().filter(|bet| bet.is_open()).map(BetWords::of);
        Self { kinds: kinds.collect(), bets: bets.collect() }
    }

    /// The kind of evidence whose words the headline holds: most words first, then the guide's order.
    pub fn kind(&self, headline: &str) -> Option<&'a EvidenceKind> {
        let parts = Conventional::parse(headline);
        let implied = parts.as_ref().and_then(|parts| IMPLIED.iter().find(|(kind, _)| *kind == parts.kind));
        let implied = implied.map_or(&[][..], |(_, words)| words);
        let said = stems(headline);
        let weight = |words: &[KindWord<'_>]| {
            let hits = words.iter().map(|KindWord { word, stems }| {
                // A phrase counts when its words follow each other.
                let spoken =
                    !stems.is_empty() && said.windows(stems.len()).any(|window| window == stems.as_slice());
                if spoken { 2 } else { usize::from(implied.contains(word)) }
            });
            hits.sum::<usize>()
        };
        let weighed: Vec<(usize, &EvidenceKind)> =
            self.kinds.iter().map(|(kind, words)| (weight(words), *kind)).collect();
        let best = weighed.iter().map(|(weight, _)| *weight).max().filter(|weight| *weight > 0)?;
        weighed.into_iter().find(|(weight, _)| *weight == best).map(|(_, kind)| kind)
    }

    /// The bets that share the most words with the work: two words at least, or the bet's own name.
    ///
    /// More than two equally good ones are no guess.
    pub fn bets(&self, headline: &str, files: &[&FileChange]) -> Vec<BetGuess> {
        if self.bets.is_empty() {
            return Vec::new();
        }
        let mut said = words::telling(headline);
        for part in files.iter().take(1000).filter_map(|file| area(file.path.raw())) {
            for (stem, word) in words::telling(part) {
                said.entry(stem).or_insert(word);
            }
        }
        let spoken = stems(headline);
        let mut guesses: Vec<(usize, BetGuess)> = Vec::new();
        for BetWords { bet, name, about } in &self.bets {
            let named = name.as_ref().is_some_and(|name| {
                spoken.windows(name.len().max(1)).any(|window| window == name.as_slice())
            });
            let shared: Vec<String> =
                said.iter().filter(|(stem, _)| about.contains(*stem)).map(|(_, word)| word.clone()).collect();
            let weight = if named { usize::MAX } else { shared.len() };
            if weight >= 2 {
                let shared = if named { Vec::new() } else { shared };
                guesses.push((weight, BetGuess { id: bet.id, slug: bet.slug.clone(), shared }));
            }
        }
        let best = guesses.iter().map(|(weight, _)| *weight).max();
        let mut best: Vec<_> =
            guesses.into_iter().filter(|(weight, _)| Some(*weight) == best).map(|(_, guess)| guess).collect();
        best.sort_by_key(|guess| guess.id);
        if best.len() > 2 { Vec::new() } else { best }
    }
}

impl<'a> BetWords<'a> {
    fn of(bet: &'a Bet) -> Self {
        let slug = bet.slug.as_str();
        let means = words::telling(slug).values().any(|word| word.len() > 3);
        let mut text = format!("{slug} {}", bet.title.raw());
        for more in bet.measures.iter().map(|measure| &measure.name).chain(&bet.proofs) {
            text.push(' ');
            text.push_str(more.raw());
        }
        Self { bet, name: means.then(|| stems(slug)), about: words::telling(&text).into_keys().collect() }
    }
}

fn stems(text: &str) -> Vec<String> {
    words::words(text).map(|word| words::stem(&word)).collect()
}

/// A bet that a piece of work looks like it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BetGuess {
    /// The bet.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// Words that both share; empty when the work names the bet itself.
    pub shared: Vec<String>,
}

impl BetGuess {
    /// The reason in words.
    pub fn why(&self) -> String {
        if self.shared.is_empty() {
            return format!("names bet '{}'", self.slug);
        }
        let words: Vec<_> = self.shared.iter().take(4).map(|word| format!("'{word}'")).collect();
        format!("words {} of bet '{}'", words.join(", "), self.slug)
    }
}

/// The part of the product a path belongs to: the first directory that is no layout.
pub(crate) fn area(path: &str) -> Option<&str> {
    let (dirs, _) = path.rsplit_once('/')?;
    telling(dirs).into_iter().next()
}

/// The directories that say which part of the product they hold, outermost first. Below `src/main/java` and the like lies
/// a package, whose first names are those of everything: there it is its last one, unless a module is named before.
pub(crate) fn telling(dirs: &str) -> Vec<&str> {
    let all: Vec<&str> = dirs.split('/').filter(|dir| !dir.is_empty()).collect();
    let is_source =
        |at: usize| ["src/main/", "src/test/"].contains(&format!("{}/{}/", all[at], all[at + 1]).as_str());
    let source = (0..all.len().saturating_sub(2)).find(|at| is_source(*at) && JVM.contains(&all[at + 2]));
    let Some(source) = source else {
        return all.into_iter().filter(|dir| !is_layout(dir)).collect();
    };
    let (modules, package) = (&all[..source], &all[source + 3..]);
    let modules: Vec<&str> = modules.iter().copied().filter(|dir| !is_layout(dir)).collect();
    if modules.is_empty() { package[package.len().saturating_sub(1)..].to_vec() } else { modules }
}

/// True for a directory that says nothing about the part of the product it holds.
pub(crate) fn is_layout(dir: &str) -> bool {
    LAYOUT.split(' ').any(|layout| layout == dir)
}

#[cfg(test)]
mod tests {
    use super::{Guesser, area};
    use crate::harvest::testing::{bet, file, guide};

    #[test]
    fn words_and_types_point_at_a_kind() {
        for (headline, expected) in [
            ("perf: fewer copies", Some("quality")),
            ("Cut the latency of ingest", Some("quality")),
            ("fix: crash on tabs", Some("quality")),
            ("Write a design doc for leases", Some("decision")),
            ("feat: dark mode", Some("launch")),
            ("Rename a variable", None),
        ] {
            let guide = guide();
            let found = Guesser::new(&guide, &[]).kind(headline).map(|kind| kind.id.as_str());
            assert_eq!(found, expected, "{headline}");
        }
        assert!(Guesser::new(&crate::model::Guide::empty(), &[]).kind("perf: x").is_none());
    }

    #[test]
    fn bets_need_two_words_or_their_name() {
        let all =
            [bet("one-queue", "One ingest queue for every team"), bet("observability", "See what breaks")];
        let why = |headline: &str, paths: &[&str]| {
            let files: Vec<_> = paths.iter().map(|path| file(path, 1, 1)).collect();
            let empty = crate::model::Guide::empty();
            let found = Guesser::new(&empty, &all).bets(headline, &files.iter().collect::<Vec<_>>());
            found.iter().map(super::BetGuess::why).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(why("Retry ingest into queues", &[]), "words 'ingest', 'queues' of bet 'one-queue'");
        assert_eq!(
            why("fix(ingest): lost leases", &["src/queue/lease.rs"]),
            "words 'ingest', 'queue' of bet 'one-queue'"
        );
        assert_eq!(why("Start one queue", &[]), "names bet 'one-queue'");
        assert_eq!(why("feat(observability): traces", &[]), "names bet 'observability'");
        assert_eq!(why("Retry queues for every team", &[]), "");
        assert_eq!(area("crates/queue/src/x.rs"), Some("queue"));
        assert_eq!((area("main.rs"), area("src/main.rs")), (None, None));
        assert_eq!(area("src/main/java/com/acme/shop/parser/Lexer.java"), Some("parser"));
        assert_eq!(area("services/cart/src/test/kotlin/com/acme/CartTest.kt"), Some("cart"));
        assert_eq!((area("src/main/java/Main.java"), area("src/main/App.java")), (None, Some("main")));
    }
}
