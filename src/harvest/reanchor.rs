//! Finding a commit again whose id is gone: after an amend, a rebase, a squash, a filter. One certain hit, or none.
//!
//! A step is believed only where its key belongs to the lost commit alone, on both sides of the rewrite. Two steps that
//! name different commits name none.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::likeness::Keys;
pub use super::trace::{Gone, Trace};

/// How many candidates are shown of a commit that stays lost.
pub(super) const SHOWN: usize = 3;

/// How a commit was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A hook or a filter told.
    Rewrite,
    /// The same change-id.
    ChangeId,
    /// The same change, author, author date and subject.
    Same,
    /// The same change, author and author date, under another subject.
    Moment,
    /// The same author, author date and subject.
    AuthorDateSubject,
    /// The same change by the same author.
    Patch,
    /// The change of its whole branch, in one commit.
    Branch,
    /// The pull request that it was part of.
    PullRequest,
}

impl Step {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Rewrite => "git told what it became",
            Self::ChangeId => "same change-id",
            Self::Same => "same change, author, date and subject",
            Self::Moment => "same change, author and date",
            Self::AuthorDateSubject => "same author, date and subject",
            Self::Patch => "same change and author",
            Self::Branch => "its whole branch in one commit",
            Self::PullRequest => "its pull request in one commit",
        }
    }
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is this one now.
    Found {
        /// The commit.
        id: String,
        /// How that is known.
        by: Step,
    },
    /// Nobody can say.
    Lost {
        /// What it could be, likeliest first.
        candidates: Vec<String>,
    },
}

/// What there is to find a commit in.
#[derive(Debug)]
pub struct History<'a> {
    standing: &'a [Trace],
    /// Commits that nothing leads to any more but that are still there.
    past: &'a [Trace],
    me: &'a [String],
    parents: BTreeMap<&'a str, &'a [String]>,
}

impl<'a> History<'a> {
    /// `standing` is what branches and tags lead to, `past` what only remains, `me` my addresses in lower case.
    pub fn new(standing: &'a [Trace], past: &'a [Trace], me: &'a [String]) -> Self {
        let all = standing.iter().chain(past);
        let parents = all.map(|one| (one.id.as_str(), one.parents.as_slice())).collect();
        Self { standing, past, me, parents }
    }

    /// What became of a commit that is gone.
    pub fn find(&self, gone: &Gone) -> Outcome {
        let lost = &gone.trace;
        let behind = self.behind(&lost.id);
        // What it was built on cannot be what it became.
        let all: Vec<&Trace> = self.standing.iter().filter(|one| !behind.contains(one.id.as_str())).collect();
        if let Some(found) = self.told(gone, &all) {
            return found;
        }
        let twins = self.twins(lost, &behind);
        let object = self.past.iter().find(|one| one.id == lost.id);
        let keys = Keys { history: self, gone, twins: &twins, object };
        let hits = |test: &dyn Fn(&Trace) -> bool| -> Vec<&Trace> {
            all.iter().copied().filter(|one| test(one)).collect()
        };
        let by_change = hits(&|one| keys.change(one));
        let by_all = hits(&|one| keys.triple(one) && keys.patch(one));
        let by_moment = hits(&|one| keys.moment(one));
        let by_triple = hits(&|one| keys.triple_alone(one));
        let by_patch = hits(&|one| keys.patch_alone(one));
        let by_branch = hits(&|one| keys.branch(one));
        let by_pull = hits(&|one| keys.pull(one));
        for (step, found) in [(Step::ChangeId, &by_change), (Step::Same, &by_all), (Step::Moment, &by_moment)]
        {
            match found.as_slice() {
                [] => {}
                [one] => return Outcome::Found { id: one.id.clone(), by: step },
                several => return lost_among(several.iter().copied()),
            }
        }
        let steps = [
            (Step::AuthorDateSubject, by_triple),
            (Step::Patch, by_patch),
            (Step::Branch, by_branch),
            (Step::PullRequest, by_pull),
        ];
        // What shares its words but not its lines is an opinion too, if none to follow.
        let by_words = hits(&|one| self.triple(lost, one));
        let named: BTreeSet<&str> =
            steps.iter().flat_map(|(_, found)| found).chain(&by_words).map(|one| one.id.as_str()).collect();
        let first = steps.iter().find(|(_, found)| !found.is_empty());
        match (first, named.len()) {
            (Some((step, found)), 1) => Outcome::Found { id: found[0].id.clone(), by: *step },
            (Some(_), _) => {
                let hits = steps.iter().flat_map(|(_, found)| found.iter().copied());
                lost_among(by_words.into_iter().chain(hits).chain(keys.resembling(&all)))
            }
            (None, _) => lost_among(keys.resembling(&all).into_iter()),
        }
    }

    /// What hooks told, when it stands and has something in common with what was.
    fn told(&self, gone: &Gone, all: &[&Trace]) -> Option<Outcome> {
        let id = gone.became.as_deref()?;
        let one = all.iter().find(|one| one.id == id)?;
        let lost = &gone.trace;
        let shares = self.same_author(lost, one)
            || lost.authored.is_some() && lost.authored == one.authored
            || lost.patch.is_some() && lost.patch == one.patch
            || !lost.subject.is_empty() && lost.subject == one.subject;
        shares.then(|| Outcome::Found { id: id.to_owned(), by: Step::Rewrite })
    }

    /// Commits behind one, as far as they are known, itself among them.
    fn behind(&self, id: &'a str) -> BTreeSet<&'a str> {
        let (mut seen, mut open) = (BTreeSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.parents.get(id).into_iter().flat_map(|ids| ids.iter()).map(String::as_str));
            }
        }
        seen
    }

    /// Commits that stood in one line with the lost one and share a key with it: that key tells nothing.
    fn twins(&self, lost: &Trace, behind: &BTreeSet<&str>) -> Vec<&'a Trace> {
        let object = self.past.iter().find(|one| one.id == lost.id);
        let shares = |one: &&Trace| {
            one.id != lost.id
                && (self.triple(lost, one)
                    || lost.patch.is_some() && lost.patch == one.patch
                    || object.is_some_and(|old| old.authored == one.authored && old.same_lines(one)))
        };
        let known = self.past.iter().chain(self.standing).filter(shares);
        known
            .filter(|one| behind.contains(one.id.as_str()) || self.behind(&one.id).contains(lost.id.as_str()))
            .collect()
    }

    /// Commits whose lines have to be compared before `find` can be sure: lost ones and what shares a moment with them.
    pub fn alike<'g>(&self, gone: impl Iterator<Item = &'g Gone>) -> BTreeSet<String> {
        let mut alike = BTreeSet::new();
        for lost in gone.map(|one| &one.trace) {
            let Some(object) = self.past.iter().find(|one| one.id == lost.id) else { continue };
            let of_its_moment = |one: &&Trace| lost.authored == one.authored && self.same_author(lost, one);
            let found = self.standing.iter().chain(self.past).filter(of_its_moment);
            alike.extend(found.chain([object]).map(|one| one.id.clone()));
        }
        alike
    }

    /// Commits that could be a part of a lost one that can still be looked at: those of its author, newest first.
    pub fn near(&self, gone: &Gone) -> impl Iterator<Item = &'a str> {
        let there = self.past.iter().any(|one| one.id == gone.trace.id);
        let standing = self.standing.iter().filter(move |one| there && self.same_author(&gone.trace, one));
        standing.map(|one| one.id.as_str())
    }

    pub(super) fn same_author(&self, a: &Trace, b: &Trace) -> bool {
        let mine = |email: &String| self.me.contains(email);
        !a.author.is_empty()
            && (a.author == b.author
                || mine(&a.author) && mine(&b.author)
                || b.co_authors.contains(&a.author))
    }

    pub(super) fn triple(&self, a: &Trace, b: &Trace) -> bool {
        self.same_author(a, b)
            && a.authored.is_some()
            && a.authored == b.authored
            && !a.subject.is_empty()
            && a.subject == b.subject
    }
}

fn lost_among<'t>(found: impl Iterator<Item = &'t Trace>) -> Outcome {
    let mut candidates: Vec<String> = Vec::new();
    for one in found {
        if candidates.len() < SHOWN && !candidates.contains(&one.id) {
            candidates.push(one.id.clone());
        }
    }
    Outcome::Lost { candidates }
}

#[cfg(test)]
#[path = "reanchor_tests.rs"]
mod tests;
