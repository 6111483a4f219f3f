//! A week of small changes in one place is one suggestion: an inbox that one comes back to is tens of lines, not hundreds.
//!
//! What is small: nothing that a trailer asks for, nothing that scores high by itself, nothing with a long series of
//! commits. The members stay what they are; a group is made anew from whatever waits, and a decision on it is one on each
//! of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::export::reviews::REVIEW;
use super::gather::CREDIT;
use super::guess::telling;
use super::paths::{Class, class_of};
use super::whole::Whole;
use super::{message, score};
use crate::model::project::FileChange;
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Artifact, RecordId, Text};

/// Suggestions that an inbox shows unless it is asked for all.
pub const SHOWN: usize = 60;
/// The score, in tenths of a point, from which work stands by itself.
const STANDS: i32 = 80;
/// Artifacts of a small piece of work, at most.
const SMALL: usize = 8;
/// Members of a group at most, so that its record stays readable.
const MEMBERS: usize = 20;
/// What each further member that speaks for itself adds, and the most that all of them add.
const EACH: i32 = 5;
const MOST: i32 = 20;
/// How far the best is above the next one when a group is named by it.
const CLEAR: i32 = 20;

/// A repository, an ISO year and week, and a place in it.
type Home = (String, i32, u32, String);

/// Gathers small related work; the order of `pieces` does not matter. What stands beside each tells apart repositories
/// that only their directories name.
pub fn gather(pieces: &[(&Suggestion, &str)]) -> Vec<Whole> {
    let mut groups: BTreeMap<Home, Vec<usize>> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, (piece, home)) in pieces.iter().enumerate() {
        match place(piece).filter(|_| is_small(piece)) {
            Some(place) => {
                let week = piece.happened.0.iso_week();
                let repo = format!("{}\0{home}", piece.repo.raw().to_lowercase());
                groups.entry((repo, week.year(), week.week(), place)).or_default().push(at);
            }
            None => found.push(single(at, piece)),
        }
    }
    for ((.., place), mut members) in groups {
        // In the order of time, so that a late member never changes who was first.
        members.sort_by_key(|at| (pieces[*at].0.happened, pieces[*at].0.keys.clone(), pieces[*at].0.id));
        for members in members.chunks(MEMBERS) {
            found.push(match members {
                [only] => single(*only, pieces[*only].0),
                several => group(several, pieces, &place),
            });
        }
    }
    found.sort_by_key(|whole| whole.suggestion.id);
    found
}

fn single(at: usize, piece: &Suggestion) -> Whole {
    Whole { parts: vec![at], suggestion: piece.clone() }
}

fn is_small(piece: &Suggestion) -> bool {
    let month = |key: &Text| key.raw().starts_with(REVIEW) || key.raw().starts_with(CREDIT);
    let review = piece.keys.iter().any(month);
    !piece.asked
        && !review
        && piece.score < STANDS
        && piece.artifacts.len() <= SMALL
        && (1..=SMALL).contains(&piece.keys.len())
}

/// Where a piece of work belongs: the scope that it names, otherwise the part of the tree it lies in.
fn place(piece: &Suggestion) -> Option<String> {
    let scope = piece.traits.iter().find_map(|one| one.raw().strip_prefix("scope:"));
    let place = scope.or_else(|| piece.area.as_ref().map(Text::raw))?.to_lowercase();
    (!place.is_empty()).then_some(place)
}

/// The part of the tree that most lines of a change lie in: two directories that mean something, or a file by itself.
pub(super) fn area<'a>(files: impl IntoIterator<Item = &'a FileChange>) -> Option<Text> {
    let mut lines: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for file in files {
        let Some(part) = part(file.path.raw()) else { continue };
        let changed = u64::from(file.added) + u64::from(file.deleted);
        let entry = lines.entry(part).or_default();
        // Where production code changed, it says what the change is about.
        entry.0 += if class_of(file) == Class::Production { changed + 1 } else { 0 };
        entry.1 += changed;
    }
    let best = lines.into_iter().max_by(|(a, x), (b, y)| x.cmp(y).then_with(|| b.cmp(a)))?;
    Some(Text::from(best.0))
}

fn part(path: &str) -> Option<String> {
    let (dirs, file) = path.rsplit_once('/').unwrap_or(("", path));
    let told: Vec<&str> = telling(dirs).into_iter().take(2).collect();
    if !told.is_empty() {
        return Some(told.join("/"));
    }
    let stem = file.split('.').find(|part| !part.is_empty())?;
    Some(stem.to_owned())
}

/// The group of several pieces, which are in the order of time.
fn group(members: &[usize], pieces: &[(&Suggestion, &str)], place: &str) -> Whole {
    let mut ranked = members.to_vec();
    ranked.sort_by_key(|at| std::cmp::Reverse(pieces[*at].0.score));
    let all: Vec<&Suggestion> = ranked.iter().map(|at| pieces[*at].0).collect();
    let mut one = all[0].clone();
    let named = place.rsplit('/').next().unwrap_or(place);
    // Not taken apart again: `test` and `docs` are places here, not types. The best is not said to be of the place twice.
    let best = all[0].title.raw();
    let (before, after) = best.split_once(": ").unwrap_or(("", best));
    let best = if before.eq_ignore_ascii_case(named) { message::capitalised(after) } else { best.to_owned() };
    // A verb and what it did say more than the name of a directory.
    one.title = if all[0].score > 0 && all[0].score - all[1].score >= CLEAR {
        message::with_tail(best.trim_end_matches('.'), &format!(", and {} more in {named}", all.len() - 1))
            .into()
    } else {
        let title = format!("{}: {} changes, among them '{best}'", message::capitalised(named), all.len());
        message::shorten(&title).into()
    };
    one.id = pieces[members[0]]
        .0
        .keys
        .first()
        .map_or(one.id, |key| RecordId::derived(&format!("group:{}", key.raw())));
    one.keys = members.iter().flat_map(|at| pieces[*at].0.keys.iter().cloned()).collect();
    let mut seen: BTreeSet<&Artifact> = BTreeSet::new();
    one.artifacts = all
        .iter()
        .flat_map(|member| &member.artifacts)
        .filter(|artifact| seen.insert(artifact))
        .cloned()
        .collect();
    let bets: BTreeSet<RecordId> = all.iter().flat_map(|member| member.bets.iter().copied()).collect();
    one.bets = bets.into_iter().collect();
    if let Some(member) = all.iter().find(|member| member.kind.is_some()) {
        one.kind.clone_from(&member.kind);
        one.dimensions.clone_from(&member.dimensions);
    }
    one.traits.retain(|one| all.iter().all(|member| member.traits.contains(one)));
    one.pattern = pattern(&all);
    let speaking = all.iter().skip(1).filter(|member| member.score > 0).count();
    let points = i32::try_from(speaking).map_or(MOST, |more| more.saturating_mul(EACH).min(MOST));
    let why = format!("with {} more in '{place}' that week", all.len() - 1);
    one.signals.push(Signal { name: "group".to_owned(), points, why: why.into() });
    score::sort(&mut one.signals);
    one.score = score::total(&one.signals);
    Whole { parts: ranked, suggestion: one }
}

/// What "never like this" means for a group: what all of them have in common, otherwise what its first is like.
fn pattern(all: &[&Suggestion]) -> Never {
    let first = &all[0].pattern;
    let scoped = Never { commit_type: None, verb: None, ..first.clone() };
    let same = all.iter().all(|member| member.pattern == *first);
    let same_scope = first.scope.is_some() && all.iter().all(|member| member.pattern.scope == first.scope);
    if !same && same_scope { scoped } else { first.clone() }
}

#[cfg(test)]
#[path = "weeks_tests.rs"]
mod tests;
