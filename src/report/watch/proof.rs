//! Forecast proof: what a bet promised at opening, what arrived, what is missing, and what nobody foresaw.

use std::collections::BTreeSet;

use crate::model::{Evidence, Text};
use crate::report::finding::{Finding, Tone};
use crate::report::questions::percent;
use crate::report::rules::Ground;
use crate::report::strength::is_proven;

/// Words that say nothing about which proof is meant.
const EMPTY: [&str; 28] = [
    "above", "below", "over", "under", "about", "after", "and", "any", "are", "for", "from", "has", "have",
    "into", "its", "least", "one", "our", "run", "runs", "that", "the", "their", "they", "three", "two",
    "use", "with",
];

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (bet, _) in ground.bets.iter().filter(|(bet, _)| !bet.proofs.is_empty()) {
        let evidence: Vec<&Evidence> = ground
            .snapshot
            .evidence
            .iter()
            .filter(|one| one.bets.contains(&bet.id) && is_proven(one))
            .collect();
        let mut used = BTreeSet::new();
        for proof in &bet.proofs {
            let found: Vec<&Evidence> =
                evidence.iter().copied().filter(|one| speaks_for(ground, one, proof)).collect();
            let (rule, tone, word) = match (found.is_empty(), bet.is_open()) {
                (false, _) => ("proof-arrived", Tone::Good, "arrived"),
                (true, true) => ("proof-missing", Tone::Note, "not there yet"),
                (true, false) => ("proof-missing", Tone::Gap, "no record says that it arrived"),
            };
            used.extend(found.iter().map(|one| one.id));
            let message = format!("'{}' promised \"{}\": {word}", bet.slug, proof.raw());
            findings.push(Finding::new(rule, tone, message, found.iter().map(|one| one.id).chain([bet.id])));
        }
        let surprises: Vec<_> = evidence.iter().map(|one| one.id).filter(|id| !used.contains(id)).collect();
        if !surprises.is_empty() {
            let n = surprises.len();
            let message = format!(
                "'{}' has {n} proven record{} that nobody forecast",
                bet.slug,
                if n == 1 { "" } else { "s" }
            );
            let records = surprises.into_iter().chain([bet.id]);
            findings.push(Finding::new("proof-surprise", Tone::Note, message, records));
        }
    }
    findings
}

/// True when a record says nearly what was promised. A word or two in common is no proof.
fn speaks_for(ground: &Ground<'_>, evidence: &Evidence, proof: &Text) -> bool {
    let promised = stems(proof.raw());
    // "Refused to adopt it" has the words and means the opposite.
    if denies(evidence.title.raw()) && !denies(proof.raw()) {
        return false;
    }
    let mut said = stems(evidence.title.raw());
    said.extend(stems(evidence.note.raw()));
    said.extend(evidence.adopters.iter().flat_map(|name| stems(name.raw())));
    said.extend(evidence.metrics.iter().flat_map(|metric| stems(metric.name.raw())));
    let shared = promised.intersection(&said).count();
    shared >= 2.min(promised.len())
        && percent(shared, promised.len()) >= ground.limit("proof-arrived", "words_percent")
}

/// True when a sentence says that something did not happen.
fn denies(text: &str) -> bool {
    const DENIALS: &str = "not no never none nobody without refuse refused refuses decline declined declines reject rejected rejects \
        fail failed fails cancelled canceled abandoned postponed against isn't wasn't didn't doesn't won't cannot can't";
    text.to_lowercase()
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .any(|word| DENIALS.split(' ').any(|denial| denial == word))
}

/// Lower-case words without their commonest endings.
fn stems(text: &str) -> BTreeSet<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        // A number is the target, not what is measured.
        .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|word| word.chars().count() > 2 && !EMPTY.contains(word))
        .map(|word| {
            let stem = ["ing", "ed", "es", "s"]
                .iter()
                .find_map(|end| word.strip_suffix(end).filter(|stem| stem.len() > 3));
            stem.unwrap_or(word).to_owned()
        })
        .collect()
}
