//! Pieces of work: a squash, the commits of its branch, their merge and their cherry-picks are one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Text;
use crate::model::project::{ProjectCommit, ProjectRepo};

use super::artifacts;
use super::landed;
use super::learn::Learnt;
use super::message;
use super::references::{Kind, Reference, Role, Target, references};
use super::whole::pull_key;

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
    pub(super) fn of(reference: &Reference, repo: &ProjectRepo) -> Self {
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
            Target::Number(number) => pull_key(repo, self.space, &number.to_string()),
            Target::Key(key, number) => pull_key(repo, self.space, &format!("{}{number}", key.raw())),
            Target::Name(name) => pull_key(repo, self.space, name.raw()),
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
        let key = artifacts::commit_key(commit.author.email.raw(), commit.authored, commit.subject.raw());
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

    /// True for all but a merge that no review brought.
    fn is_work(&self) -> bool {
        !self.is_merge() || self.pull.is_some()
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
    /// Those that stand for the whole: not the commits of a branch that was merged or squashed.
    pub(super) heads: BTreeSet<usize>,
    /// Its reviews, each as the first message that names it does.
    pub(super) pulls: BTreeMap<Pull, Reference>,
}

/// Where each commit is among the facts, by its id.
pub(super) type Places<'f> = BTreeMap<&'f str, usize>;

/// The places of `facts`.
pub(super) fn places<'f>(facts: &'f [Fact<'_>]) -> Places<'f> {
    facts.iter().enumerate().map(|(at, fact)| (fact.commit.id.as_str(), at)).collect()
}

/// The one place of an id, shortened or whole.
pub(super) fn place_of(places: &Places<'_>, id: &str) -> Option<usize> {
    let mut hits = places.range(id..).take_while(|(found, _)| found.starts_with(id));
    let hit = hits.next().map(|(_, at)| *at);
    hit.filter(|_| hits.next().is_none())
}

/// Groups facts, which are sorted oldest first. `same` are commits with one and the same change, by their ids,
/// first the one that the other became.
pub(super) fn pieces(facts: &[Fact<'_>], places: &Places<'_>, same: &[(String, String)]) -> Vec<Piece> {
    let both = |(a, b): &(usize, usize)| facts[*a].is_work() && facts[*b].is_work();
    let mut copies = copies(facts, places);
    copies.retain(both);
    let mut wholes = branches(facts, places);
    wholes.extend(landed::squashes(facts, places));
    for (a, b) in same.iter().filter_map(|(a, b)| Some((*places.get(a.as_str())?, *places.get(b.as_str())?)))
    {
        // The one that names no review is of the branch.
        match (facts[a].pull.is_some(), facts[b].pull.is_some()) {
            (false, true) => wholes.push((b, a)),
            (true, true) => copies.push((a, b)),
            (_, false) => wholes.push((a, b)),
        }
    }
    wholes.retain(both);
    let mut roots: Vec<usize> = (0..facts.len()).collect();
    copies.iter().for_each(|(a, b)| join(&mut roots, *a, *b));
    // A copy of a part is a part; but of a part that is itself the whole's copy, it alone.
    let (mut parts, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for (whole, part) in &wholes {
        let group = root(&mut roots, *part);
        if group == root(&mut roots, *whole) {
            parts.insert(*part);
        } else {
            groups.insert(group);
        }
    }
    parts.extend((0..facts.len()).filter(|at| groups.contains(&root(&mut roots, *at))));
    wholes.iter().for_each(|(a, b)| join(&mut roots, *a, *b));
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, _) in facts.iter().enumerate().filter(|(_, fact)| fact.is_work()) {
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
        let heads: BTreeSet<usize> = commits.iter().copied().filter(|at| !parts.contains(at)).collect();
        let heads = if heads.is_empty() { commits.iter().copied().collect() } else { heads };
        Piece { commits, heads, pulls }
    };
    by_root.into_values().map(piece).collect()
}

/// Pairs of facts that hold the same change, or went through the same review.
fn copies(facts: &[Fact<'_>], places: &Places<'_>) -> Vec<(usize, usize)> {
    let mut by_key = BTreeMap::<&str, usize>::new();
    let mut by_pull = BTreeMap::<&Pull, usize>::new();
    let mut found = landed::copies(facts, places);
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.is_work()) {
        found.push((at, *by_key.entry(&fact.key).or_insert(at)));
        found.extend(fact.pull.iter().map(|pull| (at, *by_pull.entry(pull).or_insert(at))));
    }
    found
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
fn branches(facts: &[Fact<'_>], places: &Places<'_>) -> Vec<(usize, usize)> {
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
