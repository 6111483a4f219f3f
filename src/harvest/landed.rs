//! Commits that are one change by what their messages say: picked to another branch, or squashed from one.

use std::collections::{BTreeMap, BTreeSet};

use super::group::{Fact, Places, place_of};
use super::message;
use super::references::{Kind, Role, Target};

/// How long before its squash a branch's commit may have been written, in seconds.
const BRANCH_LIVES: i64 = 60 * 86_400;

/// A squash may be dated earlier than the last commit of its branch, by this much.
const SLACK: i64 = 86_400;

/// Commits that are walked to tell a branch's commit from one that the squash was built upon.
const WALK: usize = 20_000;

/// Pairs of places that hold the same change. Every step needs a unique hit.
pub(super) fn copies(facts: &[Fact<'_>], places: &Places<'_>) -> Vec<(usize, usize)> {
    let mut found = changes(facts);
    found.extend(picks(facts, places));
    found
}

/// The same Gerrit change: on another branch, or uploaded again.
fn changes(facts: &[Fact<'_>]) -> Vec<(usize, usize)> {
    let mut first = BTreeMap::<&Target, usize>::new();
    let mut found = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        let mut ids =
            fact.references.iter().filter(|one| one.kind == Kind::Change && one.role == Role::Review);
        // A squash lists the ids of all that it is made of.
        if let (Some(id), None) = (ids.next(), ids.next()) {
            found.push((at, *first.entry(&id.target).or_insert(at)));
        }
    }
    found
}

/// What `git cherry-pick -x` and its like say. Of several commits only those that are called alike: the others were
/// picked into one.
fn picks(facts: &[Fact<'_>], places: &Places<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        let ids: BTreeSet<&str> = message::picked_commits(fact.commit.body.raw()).into_iter().collect();
        let alone = ids.len() == 1;
        let alike = |other: &usize| {
            let other = &facts[*other];
            *subject(other) == *subject(fact) && email(other) == email(fact)
        };
        let origins = ids.into_iter().filter_map(|id| place_of(places, id));
        found
            .extend(origins.filter(|other| *other != at && (alone || alike(other))).map(|other| (at, other)));
    }
    found
}

/// Squashes, each with a commit of the branch that it was made of: the same author, and the subject of one is that of the other, or
/// one of the list that forges put into the message. A commit that the squash stands on is none of its branch.
pub(super) fn squashes(facts: &[Fact<'_>], places: &Places<'_>) -> Vec<(usize, usize)> {
    let mut named = BTreeMap::<(String, &str), Vec<usize>>::new();
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| !fact.is_merge() && fact.pull.is_none()) {
        named.entry((email(fact), subject(fact))).or_default().push(at);
    }
    let mut found = Vec::new();
    for (at, squash) in facts.iter().enumerate().filter(|(_, fact)| !fact.is_merge() && fact.pull.is_some()) {
        let author = email(squash);
        let written = squash.commit.authored.epoch();
        let near = |other: &usize| {
            let authored = facts[*other].commit.authored.epoch();
            (written - BRANCH_LIVES..=written + SLACK).contains(&authored)
        };
        let titles: BTreeSet<&str> = std::iter::once(subject(squash)).chain(bullets(squash)).collect();
        for title in titles {
            let candidates = named.get(&(author.clone(), title)).map(Vec::as_slice).unwrap_or_default();
            let mut candidates = candidates.iter().copied().filter(near);
            if let (Some(one), None) = (candidates.next(), candidates.next())
                && !stands_on(facts, places, at, one)
            {
                found.push((at, one));
            }
        }
    }
    found
}

fn subject<'f>(fact: &'f Fact<'_>) -> &'f str {
    message::bare_subject(fact.commit.subject.raw())
}

fn email(fact: &Fact<'_>) -> String {
    fact.commit.author.email.raw().to_lowercase()
}

/// The list of subjects that a forge writes into the message of a squash.
fn bullets<'f>(fact: &'f Fact<'_>) -> impl Iterator<Item = &'f str> {
    let lines = fact.commit.body.raw().lines().filter_map(|line| line.strip_prefix("* "));
    lines.map(message::bare_subject).filter(|title| !title.is_empty()).take(256)
}

/// True when the commit at `from` has the one at `to` behind it, or when that is too far to tell.
fn stands_on(facts: &[Fact<'_>], places: &Places<'_>, from: usize, to: usize) -> bool {
    let oldest = facts[to].commit.committed.epoch() - SLACK;
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(at) = waiting.pop() {
        if at == to || seen.len() > WALK {
            return true;
        }
        let parents = facts[at].commit.parents.iter().filter_map(|id| places.get(id.as_str()).copied());
        waiting
            .extend(parents.filter(|at| facts[*at].commit.committed.epoch() >= oldest && seen.insert(*at)));
    }
    false
}

#[cfg(test)]
#[path = "landed_tests.rs"]
mod tests;
