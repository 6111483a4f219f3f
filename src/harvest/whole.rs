//! One piece of work, one suggestion: what several clones, readings and exports said about it is put together.
//!
//! A suggestion is found again by its keys. Whatever shares one is the same work, in whichever order it came.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::suggestion::Suggestion;
use crate::model::{Artifact, ArtifactKind, RecordId, Text};

use super::export::reviews;
use super::score;

/// Signals that a part adds to what another part of the same work has.
const ADDED: [&str; 4] = ["issue", "explained", "asked", "reviewers"];

/// How the key of a pull request begins.
pub const PULL: &str = "pr:";

/// The key of a pull request; `space` says whose numbers these are. Forges do not tell `Acme` from `acme`, so neither
/// does the key.
pub fn pull_key(repo: &str, space: &str, name: &str) -> String {
    format!("{PULL}{}{space}{name}", repo.to_lowercase())
}

/// A piece of work that was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Which parts it came from; the first speaks for it.
    pub parts: Vec<usize>,
    /// What they say together.
    pub suggestion: Suggestion,
}

/// Puts together what shares a key. The order of `parts` does not matter to what comes out, nor does it to its order.
pub fn wholes(parts: &[&Suggestion]) -> Vec<Whole> {
    let mut of_key: BTreeMap<&Text, usize> = BTreeMap::new();
    let mut roots: Vec<usize> = (0..parts.len()).collect();
    for (at, part) in parts.iter().enumerate() {
        for key in &part.keys {
            let other = *of_key.entry(key).or_insert(at);
            let (a, b) = (root(&mut roots, at), root(&mut roots, other));
            roots[a.max(b)] = a.min(b);
        }
    }
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..parts.len() {
        by_root.entry(root(&mut roots, at)).or_default().push(at);
    }
    let mut wholes: Vec<Whole> = by_root
        .into_values()
        .map(|mut members| {
            members.sort_by(|a, b| rank(parts[*a]).cmp(&rank(parts[*b])).reverse());
            let members_of: Vec<&Suggestion> = members.iter().map(|at| parts[*at]).collect();
            Whole { suggestion: united(&members_of), parts: members }
        })
        .collect();
    wholes.sort_by_key(|whole| whole.suggestion.id);
    wholes
}

fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

/// Who speaks for the work: whoever asks for it, then whoever has seen its commits, then whoever knows most.
fn rank(part: &Suggestion) -> impl Ord {
    let commits = part.artifacts.iter().any(|artifact| artifact.kind == ArtifactKind::Commit);
    let size = (part.keys.len(), part.artifacts.len(), part.score);
    let rest = (part.happened, part.title.clone(), part.keys.clone(), part.artifacts.clone());
    (part.asked, commits, size, rest, part.id)
}

/// What parts of one piece of work say together; the first speaks.
fn united(parts: &[&Suggestion]) -> Suggestion {
    let [first, others @ ..] = parts else { unreachable!("a piece of work has a part") };
    let mut one = (*first).clone();
    if others.is_empty() {
        return one;
    }
    let mut traits: BTreeSet<Text> = one.traits.into_iter().collect();
    let mut bets: BTreeSet<RecordId> = one.bets.into_iter().collect();
    for other in others {
        one.keys.extend(other.keys.iter().filter(|key| !one.keys.contains(key)).cloned().collect::<Vec<_>>());
        for artifact in &other.artifacts {
            let place = |one: &Artifact| one.repo.as_ref().map(|repo| repo.raw().to_lowercase());
            let same = |known: &Artifact| {
                (known.kind, &known.reference) == (artifact.kind, &artifact.reference)
                    && place(known) == place(artifact)
            };
            if !one.artifacts.iter().any(same) {
                one.artifacts.push(artifact.clone());
            }
        }
        for signal in other.signals.iter().filter(|signal| ADDED.contains(&signal.name.as_str())) {
            if one.signals.iter().all(|known| known.name != signal.name) {
                one.signals.push(signal.clone());
            }
        }
        if one.area.is_none() {
            one.area.clone_from(&other.area);
        }
        if one.kind.is_none() {
            one.kind.clone_from(&other.kind);
            one.dimensions.clone_from(&other.dimensions);
        }
        traits.extend(other.traits.iter().cloned());
        bets.extend(&other.bets);
    }
    // Pull requests first: their keys outlive rewrites best.
    one.keys.sort_by_key(|key| !key.raw().starts_with(PULL));
    one.artifacts
        .sort_by_key(|artifact| artifact.kind != ArtifactKind::PullRequest || artifact.repo.is_none());
    if let Some(key) = one.keys.first() {
        one.id = RecordId::derived(key.raw());
    }
    one.traits = traits.into_iter().collect();
    one.bets = bets.into_iter().collect();
    score::sort(&mut one.signals);
    one.score = score::total(&one.signals);
    one.happened =
        parts.iter().map(|part| part.happened).max().filter(|_| is_review(&one)).unwrap_or(one.happened);
    if is_review(&one) {
        reviews::retell(&mut one);
    }
    one
}

fn is_review(one: &Suggestion) -> bool {
    one.keys.iter().all(|key| key.raw().starts_with(reviews::REVIEW))
}

#[cfg(test)]
#[path = "whole_tests.rs"]
mod tests;
