//! Pieces of work: a squash, the commits of its branch, their merge and their cherry-picks are one; reverts end them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Text;
use crate::model::project::{ProjectCommit, ProjectRepo};

use super::learn::Learnt;
use super::message;
use super::references::{Kind, Reference, Role, Target, references};
use super::secrets::redact;

/// Which review, the same in whatever words a message names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pull {
    /// Another repository's, when the message says so.
    repo: Option<Text>,
    /// Whose numbers these are: a history that moved from one forge to another has two that are alike.
    space: &'static str,
    target: Target,
}

impl Pull {
    fn of(reference: &Reference, repo: &ProjectRepo) -> Self {
        let elsewhere = |named: &&Text| !repo.is_called(named.raw());
        Self {
            repo: reference.repo.as_ref().filter(elsewhere).cloned(),
            space: reference.space(),
            target: reference.target.clone(),
        }
    }

    /// The key by which the work is met again.
    pub(super) fn key(&self, repo: &ProjectRepo) -> String {
        let repo = self.repo.as_ref().unwrap_or(&repo.name).raw();
        match &self.target {
            Target::Number(number) => format!("pr:{repo}{}{number}", self.space),
            Target::Key(key, number) => format!("pr:{repo}{}{}{number}", self.space, key.raw()),
            Target::Name(name) => format!("pr:{repo}{}{}", self.space, name.raw()),
        }
    }
}

/// A commit with what its message says.
#[derive(Debug)]
pub(super) struct Fact<'a> {
    pub(super) commit: &'a ProjectCommit,
    pub(super) references: Vec<Reference>,
    /// The pull request it was reviewed in.
    pub(super) pull: Option<Pull>,
    /// Author, author date and subject: the same on every rewrite and cherry-pick.
    pub(super) key: String,
}

impl<'a> Fact<'a> {
    pub(super) fn of(commit: &'a ProjectCommit, learnt: &Learnt, repo: &ProjectRepo) -> Self {
        let references = references(commit.subject.raw(), commit.body.raw(), learnt);
        let pull = reviewed_in(&references).map(|reference| Pull::of(reference, repo));
        let subject = redact(message::bare_subject(commit.subject.raw())).text;
        let email = commit.author.email.raw().to_lowercase();
        let key = format!("commit:{email}|{}|{subject}", commit.authored.epoch());
        Self { commit, references, pull, key }
    }

    /// The review that it went through.
    fn review(&self) -> Option<&Reference> {
        reviewed_in(&self.references)
    }

    /// True for a commit that joins histories.
    pub(super) fn is_merge(&self) -> bool {
        self.commit.parents.len() > 1
    }

    /// The line that says what it does.
    pub(super) fn headline(&self) -> &'a str {
        message::headline(self.commit.subject.raw(), self.commit.body.raw())
    }
}

/// The review of a change: the first that its message names. A queue that merges several at once is none of theirs.
fn reviewed_in(references: &[Reference]) -> Option<&Reference> {
    let mut reviews =
        references.iter().filter(|one| one.role == Role::Review && one.kind == Kind::PullRequest);
    let first = reviews.next()?;
    let batch = first.rule == "borsng-merge" && reviews.any(|other| other.rule == first.rule);
    (!batch).then_some(first)
}

/// One piece of work.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its commits as places in the facts, in the facts' order.
    pub(super) commits: Vec<usize>,
    /// Its reviews, each as the first message that names it does.
    pub(super) pulls: BTreeMap<Pull, Reference>,
}

/// Groups facts, which are sorted oldest first, and drops what was taken back.
pub(super) fn pieces(facts: &[Fact<'_>]) -> Vec<Piece> {
    let places: BTreeMap<&str, usize> =
        facts.iter().enumerate().map(|(at, f)| (f.commit.id.as_str(), at)).collect();
    let mut roots: Vec<usize> = (0..facts.len()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut first_of: BTreeMap<&Pull, usize> = BTreeMap::new();
    let worked = |fact: &Fact<'_>| !fact.is_merge() || fact.pull.is_some();
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| worked(fact)) {
        let other = *first.entry(fact.key.as_str()).or_insert(at);
        join(&mut roots, at, other);
        if let Some(pull) = &fact.pull {
            let other = *first_of.entry(pull).or_insert(at);
            join(&mut roots, at, other);
        }
    }
    for (merge, at) in branches(facts, &places) {
        join(&mut roots, merge, at);
    }
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, _) in facts.iter().enumerate().filter(|(_, fact)| worked(fact)) {
        by_root.entry(root(&mut roots, at)).or_default().push(at);
    }
    let piece = |commits: Vec<usize>| {
        let mut pulls = BTreeMap::new();
        for fact in commits.iter().map(|at| &facts[*at]) {
            if let (Some(pull), Some(review)) = (&fact.pull, fact.review()) {
                let known = pulls.entry(pull.clone()).or_insert_with(|| review.clone());
                if known.url.is_none() {
                    known.url.clone_from(&review.url);
                }
            }
        }
        Piece { commits, pulls }
    };
    let all: Vec<Piece> = by_root.into_values().map(piece).collect();
    let gone = taken_back(facts, &places, &all);
    all.into_iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, piece)| piece).collect()
}

fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

fn join(roots: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(roots, a), root(roots, b));
    roots[a.max(b)] = a.min(b);
}

/// Commits that a pull request's merge brought in, each under the oldest such merge. Linear: a walk ends at commits
/// that another walk has seen and at the line that the merges lie on.
fn branches(facts: &[Fact<'_>], places: &BTreeMap<&str, usize>) -> Vec<(usize, usize)> {
    let place = |id: &String| places.get(id.as_str()).copied();
    let merges: Vec<usize> =
        (0..facts.len()).filter(|at| facts[*at].is_merge() && facts[*at].pull.is_some()).collect();
    let mut seen = vec![false; facts.len()];
    for merge in &merges {
        let mut next = Some(*merge);
        while let Some(at) = next.filter(|at| !seen[*at]) {
            seen[at] = true;
            next = facts[at].commit.parents.first().and_then(place);
        }
    }
    let mut found = Vec::new();
    for merge in merges {
        let mut waiting: Vec<usize> = facts[merge].commit.parents.iter().skip(1).filter_map(place).collect();
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            // A commit with a review of its own came through another pull request; so did what lies behind it.
            if facts[at].pull.is_some() {
                continue;
            }
            if !facts[at].is_merge() {
                found.push((merge, at));
            }
            waiting.extend(facts[at].commit.parents.iter().filter_map(place));
        }
    }
    found
}

/// Pieces that a later piece took back, with those that did so. A revert that was itself taken back does nothing.
fn taken_back(facts: &[Fact<'_>], places: &BTreeMap<&str, usize>, pieces: &[Piece]) -> BTreeSet<usize> {
    let mut piece_of = BTreeMap::new();
    for (piece, at) in
        pieces.iter().enumerate().flat_map(|(piece, p)| p.commits.iter().map(move |at| (piece, *at)))
    {
        piece_of.insert(at, piece);
    }
    let mut by_headline: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in piece_of.keys() {
        by_headline.entry(message::bare_subject(facts[*at].headline())).or_default().push(*at);
    }
    let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, piece) in &piece_of {
        for target in targets(facts, places, &by_headline, *at) {
            let Some(reverted) = piece_of.get(&target).filter(|reverted| *reverted != piece) else {
                continue;
            };
            // One commit of many taken back is no end of the whole.
            if facts[target].pull.is_some() || pieces[*reverted].commits.len() == 1 {
                edges.insert((*piece, *reverted));
            }
        }
    }
    let mut open = vec![0_usize; pieces.len()];
    for (_, target) in &edges {
        open[*target] += 1;
    }
    let mut ready: Vec<usize> = (0..pieces.len()).filter(|at| open[*at] == 0).collect();
    let mut gone = BTreeSet::new();
    while let Some(at) = ready.pop() {
        let standing = !gone.contains(&at);
        for (_, target) in edges.range((at, 0)..(at + 1, 0)) {
            if standing {
                gone.insert(*target);
            }
            open[*target] -= 1;
            if open[*target] == 0 {
                ready.push(*target);
            }
        }
    }
    // A revert of something in the batch is no work of its own, unless it came with other work.
    let only_reverts = |piece: &Piece| {
        let line = |at: &usize| facts[*at].headline();
        piece.commits.iter().all(|at| message::is_revert(line(at)) || message::is_reapply(line(at)))
    };
    gone.extend(edges.iter().map(|(from, _)| *from).filter(|from| only_reverts(&pieces[*from])));
    gone
}

/// The commits that the one at `at` takes back: by id, otherwise the newest older one with the quoted subject.
fn targets(
    facts: &[Fact<'_>],
    places: &BTreeMap<&str, usize>,
    by_headline: &BTreeMap<&str, Vec<usize>>,
    at: usize,
) -> Vec<usize> {
    let named: Vec<usize> = message::reverted_commits(facts[at].commit.body.raw())
        .into_iter()
        .filter_map(|id| {
            let mut hits = places.range(id..).take_while(|(found, _)| found.starts_with(id));
            let hit = hits.next().map(|(_, at)| *at);
            hit.filter(|_| hits.next().is_none())
        })
        .filter(|target| *target != at)
        .collect();
    if !named.is_empty() {
        return named;
    }
    let Some(subject) = message::reverted_subject(facts[at].headline()) else {
        return Vec::new();
    };
    let same = by_headline.get(message::bare_subject(&subject)).map(Vec::as_slice).unwrap_or_default();
    let older = same.partition_point(|other| *other < at);
    same[..older].last().copied().into_iter().collect()
}
