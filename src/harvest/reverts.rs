//! Reverts: which work was taken back, and which of it came back again.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::project::ProjectRepo;

use super::group::{Fact, Piece, Places, Pull, place_of};
use super::message;
use super::references::{Kind, Role};

/// A commit's parents may be dated later than it is, by this much, in seconds.
const SLACK: i64 = 86_400;

/// Commits that are walked to tell which copies a revert stands on.
const WALK: usize = 20_000;

/// What reverts came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Pieces that are no work any more, and the commit that took them back; none for a revert itself.
    pub(super) gone: BTreeMap<usize, Option<usize>>,
}

/// What a commit takes back.
enum Taken {
    /// One commit, or what is a copy of it there.
    Commit(usize),
    /// All that was reviewed together.
    Whole(usize),
}

/// Which commit takes back which, each by its place.
type Edges = BTreeSet<(usize, usize)>;

/// Judges every piece by the reverts among the facts. A revert that was itself taken back does nothing, and work is
/// gone only when each of its copies is: a revert on a release branch leaves the work where it was done.
pub(super) fn judge(
    facts: &[Fact<'_>],
    places: &Places<'_>,
    pieces: &[Piece],
    repo: &ProjectRepo,
) -> Outcome {
    let (edges, reverting) = edges(facts, places, pieces, repo);
    let mut by = BTreeMap::<usize, Vec<usize>>::new();
    edges.iter().for_each(|(from, target)| by.entry(*target).or_default().push(*from));
    let undone = undone(facts.len(), pieces, &edges, &by);
    let mut outcome = Outcome::default();
    for (at, piece) in pieces.iter().enumerate() {
        // A revert of something that is here is no work of its own, unless it came with other work.
        let line = |at: &usize| facts[*at].headline();
        let only_reverts =
            || piece.commits.iter().all(|at| message::is_revert(line(at)) || message::is_reapply(line(at)));
        let taken = piece.heads.iter().all(|head| undone.contains(head));
        if (taken || reverting.contains(&at)) && only_reverts() {
            outcome.gone.insert(at, None);
        } else if taken {
            outcome.gone.insert(at, last_word(&by, &piece.heads));
        }
    }
    outcome
}

/// The commits whose change is not there any more: one that stands takes it back. What only lies in a ring stands.
fn undone(
    count: usize,
    pieces: &[Piece],
    edges: &Edges,
    by: &BTreeMap<usize, Vec<usize>>,
) -> BTreeSet<usize> {
    // What is part of a whole stands and goes with it.
    let mut whole = BTreeMap::<usize, &BTreeSet<usize>>::new();
    for piece in pieces {
        whole.extend(
            piece.commits.iter().filter(|at| !piece.heads.contains(at)).map(|at| (*at, &piece.heads)),
        );
    }
    let mut open = vec![0_usize; count];
    let mut next = BTreeMap::<usize, Vec<usize>>::new();
    let parts = whole.iter().flat_map(|(part, heads)| heads.iter().map(|head| (*head, *part)));
    for (from, to) in edges.iter().copied().chain(parts) {
        open[to] += 1;
        next.entry(from).or_default().push(to);
    }
    let mut undone = BTreeSet::new();
    let mut ready: Vec<usize> = (0..count).filter(|at| open[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        let gone = match whole.get(&at) {
            Some(heads) => heads.is_subset(&undone),
            None => by.get(&at).into_iter().flatten().any(|from| !undone.contains(from)),
        };
        if gone {
            undone.insert(at);
        }
        for to in next.get(&at).into_iter().flatten() {
            open[*to] -= 1;
            if open[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    undone
}

/// The newest commit of all that took something back, and took that back, and so on.
fn last_word(by: &BTreeMap<usize, Vec<usize>>, heads: &BTreeSet<usize>) -> Option<usize> {
    let (mut seen, mut waiting) = (BTreeSet::new(), heads.iter().copied().collect::<Vec<_>>());
    while let Some(at) = waiting.pop() {
        let new = by.get(&at).into_iter().flatten().filter(|from| seen.insert(**from));
        waiting.extend(new.copied());
    }
    seen.last().copied()
}

/// Who takes back which head of another piece; and the pieces that take something back.
fn edges(
    facts: &[Fact<'_>],
    places: &Places<'_>,
    pieces: &[Piece],
    repo: &ProjectRepo,
) -> (Edges, BTreeSet<usize>) {
    let known = Known::new(facts, places, pieces, repo);
    let (mut edges, mut reverting) = (Edges::new(), BTreeSet::new());
    for (at, piece) in &known.piece_of {
        for taken in known.targets(*at) {
            let target = match &taken {
                Taken::Whole(target) => *target,
                Taken::Commit(commit) => match known.piece_of.get(commit) {
                    Some(target) => *target,
                    None => continue,
                },
            };
            if target != *piece {
                reverting.insert(*piece);
                let taken = known.reached(*at, &taken, &pieces[target].heads);
                edges.extend(taken.into_iter().map(|head| (*at, head)));
            }
        }
    }
    (edges, reverting)
}

/// Everything by which a revert finds what it takes back.
struct Known<'f, 'c> {
    facts: &'f [Fact<'c>],
    places: &'f Places<'f>,
    repo: &'f ProjectRepo,
    /// The piece of each commit.
    piece_of: BTreeMap<usize, usize>,
    /// The piece of each review.
    reviewed: BTreeMap<&'f Pull, usize>,
    /// Commits by what they are called, oldest first.
    called: BTreeMap<String, Vec<usize>>,
}

impl<'f, 'c> Known<'f, 'c> {
    fn new(
        facts: &'f [Fact<'c>],
        places: &'f Places<'f>,
        pieces: &'f [Piece],
        repo: &'f ProjectRepo,
    ) -> Self {
        let (mut piece_of, mut reviewed) = (BTreeMap::new(), BTreeMap::new());
        for (at, piece) in pieces.iter().enumerate() {
            piece_of.extend(piece.commits.iter().map(|commit| (*commit, at)));
            reviewed.extend(piece.pulls.keys().map(|pull| (pull, at)));
        }
        let mut called = BTreeMap::<String, Vec<usize>>::new();
        for at in piece_of.keys() {
            called.entry(message::core_subject(facts[*at].headline())).or_default().push(*at);
        }
        Self { facts, places, repo, piece_of, reviewed, called }
    }

    /// What the commit at `at` takes back: by id; otherwise by review; otherwise the older one with the subject.
    fn targets(&self, at: usize) -> Vec<Taken> {
        let fact = &self.facts[at];
        // What is taken back in part stays.
        if fact.headline().to_lowercase().contains("partial") {
            return Vec::new();
        }
        let ids = message::reverted_commits(fact.commit.body.raw()).into_iter();
        let named: Vec<Taken> = ids
            .filter_map(|id| place_of(self.places, id))
            .filter(|target| *target != at)
            .map(Taken::Commit)
            .collect();
        if !named.is_empty() {
            return named;
        }
        let pulls =
            fact.references.iter().filter(|one| one.role == Role::Reverts && one.kind == Kind::PullRequest);
        let pulls: BTreeSet<Pull> = pulls.map(|one| Pull::of(one, self.repo)).collect();
        let whole: BTreeSet<usize> =
            pulls.iter().filter_map(|pull| self.reviewed.get(pull)).copied().collect();
        if !whole.is_empty() {
            return whole.into_iter().map(Taken::Whole).collect();
        }
        self.called_before(at, pulls.is_empty()).map(Taken::Commit).into_iter().collect()
    }

    /// The newest older commit that the one at `at` says it takes back by its subject. Of several works that are called
    /// alike it is none, and so is one of another review than the message names.
    fn called_before(&self, at: usize, no_review: bool) -> Option<usize> {
        let subject = message::core_subject(&message::reverted_subject(self.facts[at].headline())?);
        let same = self.called.get(&subject)?;
        let same: Vec<usize> = same
            .iter()
            .copied()
            .take_while(|other| *other < at)
            .filter(|other| no_review || self.facts[*other].pull.is_none())
            .collect();
        let works: BTreeSet<_> = same.iter().map(|other| self.piece_of.get(other)).collect();
        // Reverts may well be called alike: the last one is meant.
        let is_clear = works.len() == 1 || message::is_revert(&subject);
        same.last().copied().filter(|_| is_clear)
    }

    /// The heads of a piece that are not there any more after the commit at `at` took something back: those that it
    /// stands on. Where that is not known it is what it names.
    fn reached(&self, at: usize, taken: &Taken, heads: &BTreeSet<usize>) -> BTreeSet<usize> {
        let copies: BTreeSet<usize> = match taken {
            Taken::Whole(_) => heads.clone(),
            Taken::Commit(commit) => {
                heads.iter().copied().filter(|head| self.is_copy(*head, *commit)).collect()
            }
        };
        let mut reached = self.behind(at, &copies);
        if reached.is_empty() {
            reached = match taken {
                Taken::Whole(_) => copies,
                Taken::Commit(commit) => heads.get(commit).copied().into_iter().collect(),
            };
        }
        reached
    }

    /// True for commits that are one by author, date and subject, or because one says that it was picked from the other.
    fn is_copy(&self, a: usize, b: usize) -> bool {
        let picked = |from: usize, to: usize| {
            let ids = message::picked_commits(self.facts[from].commit.body.raw());
            ids.into_iter().any(|id| place_of(self.places, id) == Some(to))
        };
        self.facts[a].key == self.facts[b].key || picked(a, b) || picked(b, a)
    }

    /// Those of `wanted` that the commit at `from` has behind it.
    fn behind(&self, from: usize, wanted: &BTreeSet<usize>) -> BTreeSet<usize> {
        let committed = |at: usize| self.facts[at].commit.committed.epoch();
        let Some(oldest) = wanted.iter().map(|at| committed(*at)).min() else { return BTreeSet::new() };
        let (mut seen, mut waiting, mut found) = (BTreeSet::from([from]), vec![from], BTreeSet::new());
        while let Some(at) = waiting.pop().filter(|_| found.len() < wanted.len() && seen.len() < WALK) {
            found.extend(wanted.get(&at));
            let parents = self.facts[at].commit.parents.iter();
            let parents = parents.filter_map(|id| self.places.get(id.as_str()).copied());
            waiting.extend(parents.filter(|at| committed(*at) >= oldest - SLACK && seen.insert(*at)));
        }
        found
    }
}
