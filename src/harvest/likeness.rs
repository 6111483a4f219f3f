//! What a lost commit and one that stands have in common.

use std::cmp::Reverse;

use super::reanchor::{History, SHOWN};
use super::trace::{Gone, Trace};

/// Letters and digits of a line that says something.
const TELLING: usize = 3;

/// One line in so many of the lost commit makes another a part of it.
const PART: usize = 5;

/// The keys of one lost commit.
pub(super) struct Keys<'k, 'a> {
    pub(super) history: &'k History<'a>,
    pub(super) gone: &'k Gone,
    pub(super) twins: &'k [&'a Trace],
    /// The commit itself, when it can still be looked at.
    pub(super) object: Option<&'a Trace>,
}

impl Keys<'_, '_> {
    fn lost(&self) -> &Trace {
        &self.gone.trace
    }

    /// Made after the lost commit was known to stand.
    fn later(&self, one: &Trace) -> bool {
        one.committed > self.gone.recorded
    }

    pub(super) fn change(&self, one: &Trace) -> bool {
        let same = self.lost().change.is_some() && self.lost().change == one.change;
        same && (self.history.same_author(self.lost(), one) || self.lost().subject == one.subject)
    }

    /// The same author, date and subject; no twin has the same, and the same change too.
    pub(super) fn triple(&self, one: &Trace) -> bool {
        let twin = |twin: &&Trace| self.history.triple(self.lost(), twin) && twin.patch == self.lost().patch;
        self.history.triple(self.lost(), one) && !self.twins.iter().any(twin)
    }

    pub(super) fn patch(&self, one: &Trace) -> bool {
        self.lost().patch.is_some() && self.lost().patch == one.patch
    }

    /// The same change by the same author at the same moment, in whatever words. Where the old commit is still there, its
    /// lines tell the change too, wherever its files were moved.
    pub(super) fn moment(&self, one: &Trace) -> bool {
        let same_lines = |other: &Trace| self.object.is_some_and(|old| old.same_lines(other));
        let at_once = |other: &Trace| self.lost().authored == other.authored;
        let twin = |twin: &&Trace| at_once(twin) && (self.patch(twin) || same_lines(twin));
        self.lost().authored.is_some()
            && at_once(one)
            && (self.patch(one) || same_lines(one) && self.replaces(one))
            && self.history.same_author(self.lost(), one)
            && !self.twins.iter().any(twin)
    }

    /// Made later, as a rewrite is, or with the very committer date of the old commit, which a filter keeps.
    fn replaces(&self, one: &Trace) -> bool {
        self.later(one) || self.object.is_some_and(|object| object.committed == one.committed)
    }

    /// The change differs: then all of the old one has to be in it, or it is a part of what was split. The key has to
    /// be nobody else's, which only the old commit's neighbours can tell.
    pub(super) fn triple_alone(&self, one: &Trace) -> bool {
        let whole = || match (self.object.and_then(|object| object.lines.as_ref()), &one.lines) {
            (Some(old), Some(new)) => old.is_subset(new),
            _ => false,
        };
        self.history.triple(self.lost(), one)
            && self.replaces(one)
            && whole()
            && !self.twins.iter().any(|twin| self.history.triple(self.lost(), twin))
    }

    pub(super) fn patch_alone(&self, one: &Trace) -> bool {
        self.patch(one)
            && self.later(one)
            && self.history.same_author(self.lost(), one)
            && !self.twins.iter().any(|twin| self.patch(twin))
    }

    pub(super) fn branch(&self, one: &Trace) -> bool {
        let whole = one.patch.as_ref().is_some_and(|patch| self.gone.wholes.contains(patch));
        whole && self.later(one) && self.history.same_author(self.lost(), one)
    }

    pub(super) fn pull(&self, one: &Trace) -> bool {
        let named = one.pulls.iter().any(|number| self.gone.pulls.contains(number));
        named && self.later(one) && self.history.same_author(self.lost(), one)
    }

    /// What is worth a look by the person, and no more than that: likeliest first.
    pub(super) fn resembling<'t>(&self, all: &[&'t Trace]) -> Vec<&'t Trace> {
        let lost = self.lost();
        let by_same = |one: &Trace| self.history.same_author(lost, one);
        let at_once = |one: &Trace| lost.authored.is_some() && lost.authored == one.authored && by_same(one);
        // What an import dates alike says nothing.
        let few = all.iter().filter(|one| at_once(one)).count() <= SHOWN;
        let rank = |one: &Trace| {
            let words = !lost.subject.is_empty() && lost.subject == one.subject;
            let ranks = [
                self.history.triple(lost, one),
                self.patch(one),
                words && by_same(one) || one.pulls.iter().any(|number| self.gone.pulls.contains(number)),
                one.holds.contains(&lost.subject),
                few && at_once(one),
            ];
            ranks.iter().position(|fits| *fits)
        };
        let mut found: Vec<(usize, Reverse<usize>, &Trace)> = Vec::new();
        for one in all {
            let shared = self.shared(one);
            match rank(one) {
                Some(rank) => found.push((rank, Reverse(shared), *one)),
                None if shared > 0 && by_same(one) => found.push((usize::MAX, Reverse(shared), *one)),
                None => {}
            }
        }
        found.sort_by_key(|(rank, shared, _)| (*rank, *shared));
        found.into_iter().map(|(_, _, one)| one).collect()
    }

    /// How many lines of the lost commit are in another that touches its files; none where they are hardly any.
    fn shared(&self, one: &Trace) -> usize {
        let Some(old) = self.object else { return 0 };
        let (Some(lines), Some(others)) = (&old.lines, &one.lines) else { return 0 };
        let telling = |line: &&String| line.chars().filter(|c| c.is_alphanumeric()).count() >= TELLING;
        let all = lines.iter().filter(telling).count();
        let shared = lines.intersection(others).filter(telling).count();
        let near = !old.files.is_disjoint(&one.files) && shared * PART >= all;
        if near { shared } else { 0 }
    }
}
