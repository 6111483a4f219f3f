//! Reverts: which work was taken back, and which of it came back again.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::project::ProjectRepo;

use super::group::{Fact, Piece, Places, Pull, place_of};
use super::message;
use super::references::{Kind, Role};

/// What reverts came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Pieces that are no work any more, and the commit that took them back; none for a revert itself.
    pub(super) gone: BTreeMap<usize, Option<usize>>,
    /// Pieces that were taken back and stand again.
    pub(super) back: BTreeSet<usize>,
}

/// What a commit takes back.
enum Taken {
    /// One commit.
    Commit(usize),
    /// All that was reviewed together.
    Whole(usize),
}

/// What one piece takes back of another.
#[derive(Debug, Default)]
struct Edge {
    /// The newest commit that says so.
    by: usize,
    heads: BTreeSet<usize>,
}

/// Judges every piece by the reverts among the facts. A revert that was itself taken back does nothing, and work is
/// gone only when each of its copies is: a revert on a release branch leaves the work where it was done.
pub(super) fn judge(
    facts: &[Fact<'_>],
    places: &Places<'_>,
    pieces: &[Piece],
    repo: &ProjectRepo,
) -> Outcome {
    let edges = edges(facts, places, pieces, repo);
    let mut open = vec![0_usize; pieces.len()];
    let mut towards = BTreeMap::<usize, Vec<usize>>::new();
    for (from, target) in edges.keys() {
        open[*target] += 1;
        towards.entry(*target).or_default().push(*from);
    }
    let mut outcome = Outcome::default();
    let mut ready: Vec<usize> = (0..pieces.len()).filter(|at| open[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        let from = towards.get(&at).map(Vec::as_slice).unwrap_or_default();
        let standing: Vec<&Edge> = from
            .iter()
            .filter(|from| !outcome.gone.contains_key(from))
            .filter_map(|from| edges.get(&(*from, at)))
            .collect();
        let covered: BTreeSet<usize> = standing.iter().flat_map(|edge| edge.heads.iter().copied()).collect();
        if !standing.is_empty() && pieces[at].heads.is_subset(&covered) {
            outcome.gone.insert(at, last_word(&edges, &towards, at));
        } else if !from.is_empty() {
            outcome.back.insert(at);
        }
        for (_, target) in edges.range((at, 0)..(at + 1, 0)).map(|(pair, _)| *pair) {
            open[target] -= 1;
            if open[target] == 0 {
                ready.push(target);
            }
        }
    }
    // A revert of something that is here is no work of its own, unless it came with other work.
    let line = |at: &usize| facts[*at].headline();
    let only_reverts = |piece: usize| {
        pieces[piece].commits.iter().all(|at| message::is_revert(line(at)) || message::is_reapply(line(at)))
    };
    let reverts: BTreeSet<usize> = edges.keys().flat_map(|(from, target)| [*from, *target]).collect();
    for piece in reverts.into_iter().filter(|piece| only_reverts(*piece)) {
        if outcome.gone.contains_key(&piece) || edges.range((piece, 0)..(piece + 1, 0)).next().is_some() {
            outcome.gone.insert(piece, None);
        }
        outcome.back.remove(&piece);
    }
    outcome
}

/// The newest commit of all that took a piece back, and took that back, and so on.
fn last_word(
    edges: &BTreeMap<(usize, usize), Edge>,
    towards: &BTreeMap<usize, Vec<usize>>,
    target: usize,
) -> Option<usize> {
    let (mut newest, mut seen, mut waiting) = (None, BTreeSet::new(), vec![target]);
    while let Some(at) = waiting.pop() {
        for from in towards.get(&at).into_iter().flatten() {
            newest = newest.max(edges.get(&(*from, at)).map(|edge| edge.by));
            waiting.extend(seen.insert(*from).then_some(*from));
        }
    }
    newest
}

fn edges(
    facts: &[Fact<'_>],
    places: &Places<'_>,
    pieces: &[Piece],
    repo: &ProjectRepo,
) -> BTreeMap<(usize, usize), Edge> {
    let mut piece_of = BTreeMap::new();
    let mut reviewed = BTreeMap::<&Pull, usize>::new();
    for (at, piece) in pieces.iter().enumerate() {
        piece_of.extend(piece.commits.iter().map(|commit| (*commit, at)));
        reviewed.extend(piece.pulls.keys().map(|pull| (pull, at)));
    }
    let mut by_headline: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in piece_of.keys() {
        by_headline.entry(message::bare_subject(facts[*at].headline())).or_default().push(*at);
    }
    let mut edges = BTreeMap::<(usize, usize), Edge>::new();
    for (at, piece) in &piece_of {
        for taken in targets(facts, places, &by_headline, &reviewed, repo, *at) {
            let (target, covered) = match taken {
                Taken::Whole(target) => (target, pieces[target].heads.clone()),
                Taken::Commit(commit) => {
                    let Some(target) = piece_of.get(&commit) else { continue };
                    (*target, BTreeSet::from([commit]))
                }
            };
            if target != *piece {
                let edge = edges.entry((*piece, target)).or_default();
                edge.by = edge.by.max(*at);
                edge.heads.extend(covered);
            }
        }
    }
    edges
}

/// What the commit at `at` takes back: by id; otherwise by review; otherwise the newest older one with the subject.
fn targets(
    facts: &[Fact<'_>],
    places: &Places<'_>,
    by_headline: &BTreeMap<&str, Vec<usize>>,
    reviewed: &BTreeMap<&Pull, usize>,
    repo: &ProjectRepo,
    at: usize,
) -> Vec<Taken> {
    let fact = &facts[at];
    // What is taken back in part stays.
    if fact.headline().to_lowercase().contains("partial") {
        return Vec::new();
    }
    let ids = message::reverted_commits(fact.commit.body.raw()).into_iter();
    let named: Vec<Taken> =
        ids.filter_map(|id| place_of(places, id)).filter(|target| *target != at).map(Taken::Commit).collect();
    if !named.is_empty() {
        return named;
    }
    let pulls =
        fact.references.iter().filter(|one| one.role == Role::Reverts && one.kind == Kind::PullRequest);
    let whole: Vec<Taken> = pulls
        .filter_map(|one| reviewed.get(&Pull::of(one, repo)))
        .map(|target| Taken::Whole(*target))
        .collect();
    if !whole.is_empty() {
        return whole;
    }
    let Some(subject) = message::reverted_subject(fact.headline()) else {
        return Vec::new();
    };
    let same = by_headline.get(message::bare_subject(&subject)).map(Vec::as_slice).unwrap_or_default();
    let older = same.partition_point(|other| *other < at);
    same[..older].last().copied().map(Taken::Commit).into_iter().collect()
}
