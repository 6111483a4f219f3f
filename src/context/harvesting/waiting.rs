//! What waits in the inbox, and what a decision on it records.

use std::collections::BTreeSet;

use super::Context;
use crate::error::CommandError;
use crate::harvest::never;
use crate::harvest::weeks::SHOWN;
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{ArtifactKind, Evidence, RecordId, Slug, Verdict, VerdictKind};
use crate::store::inbox::{Inbox, Item, Waiting, gathered};
use crate::store::project::Project;

/// What waits, for somebody who looks.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    /// What is asked for, best first.
    pub items: Vec<Item>,
    /// How much more reaches the threshold than a person is shown by default.
    pub more: usize,
    /// How much is below the threshold.
    pub below: usize,
}

impl Context {
    /// What waits, best first, with small related work gathered: everything, or only the best of what reaches the
    /// threshold.
    pub fn waiting(&self, everything: bool) -> Result<Waits, CommandError> {
        self.ranked(gathered(&self.undecided()?), everything)
    }

    /// The same with each piece of work by itself.
    pub fn pieces(&self, everything: bool) -> Result<Waits, CommandError> {
        self.ranked(self.undecided()?, everything)
    }

    fn undecided(&self) -> Result<Vec<Item>, CommandError> {
        let known: BTreeSet<RecordId> = self.known()?.decided.into_iter().collect();
        let mut items = self.inbox()?.load().wholes();
        items.retain(|item| !is_decided(&item.suggestion, &known));
        Ok(items)
    }

    fn ranked(&self, mut items: Vec<Item>, everything: bool) -> Result<Waits, CommandError> {
        let threshold = self.threshold()?;
        items.sort_by(|a, b| {
            let key = |item: &Item| (!item.suggestion.asked, -item.suggestion.score);
            key(a)
                .cmp(&key(b))
                .then_with(|| b.suggestion.happened.cmp(&a.suggestion.happened))
                .then_with(|| a.suggestion.id.cmp(&b.suggestion.id))
        });
        let all = items.len();
        if !everything {
            items.retain(|item| reaches(&item.suggestion, threshold));
        }
        let below = all - items.len();
        let more = if everything { 0 } else { items.len().saturating_sub(SHOWN) };
        items.truncate(items.len() - more);
        Ok(Waits { items, more, below })
    }

    /// The evidence that a suggestion becomes, with what is needed to find its commits again.
    pub fn evidence_from(&self, item: &Item) -> Result<Evidence, CommandError> {
        let one = &item.suggestion;
        let mut evidence = Evidence::new(self.new_id()?, one.title.clone(), one.happened, self.now()?);
        evidence.kind.clone_from(&one.kind);
        evidence.dimensions.clone_from(&one.dimensions);
        evidence.bets.clone_from(&one.bets);
        evidence.artifacts.clone_from(&one.artifacts);
        for dir in [&item.dir].into_iter().chain(&item.also) {
            if let Ok(Some(project)) = Project::discover(dir) {
                project.add_patch_ids(&mut evidence.artifacts)?;
            }
        }
        Ok(evidence)
    }

    /// Which release work came with, as a reason without points: a repository that is gone or cannot be read knows none.
    pub fn released(&self, item: &Item) -> Option<Signal> {
        let commits = item.suggestion.artifacts.iter().filter(|one| one.kind == ArtifactKind::Commit);
        let ids: BTreeSet<String> = commits.map(|one| one.reference.raw().to_owned()).collect();
        let mut projects =
            [&item.dir].into_iter().chain(&item.also).filter_map(|dir| Project::discover(dir).ok().flatten());
        let release = projects.find_map(|project| project.release_of(&ids).ok().flatten())?;
        let why = format!("released in '{}'", release.raw());
        Some(Signal { name: "released".to_owned(), points: 0, why: why.into() })
    }

    /// The verdict on a suggestion.
    pub fn verdict_on(
        &self,
        one: &Suggestion,
        evidence: Option<RecordId>,
        never: bool,
    ) -> Result<Verdict, CommandError> {
        Ok(Verdict {
            id: one.id,
            verdict: if evidence.is_some() { VerdictKind::Accepted } else { VerdictKind::Dismissed },
            title: one.title.clone(),
            date: one.happened,
            evidence,
            keys: one.keys.clone(),
            traits: one.traits.clone(),
            recorded: self.now()?,
            never: never.then(|| one.pattern.clone()),
            conflicts: Vec::new(),
        })
    }

    /// Forgets suggestions that were decided on.
    pub fn forget(&self, decided: &[Suggestion]) -> Result<(), CommandError> {
        let keys: BTreeSet<RecordId> = decided
            .iter()
            .flat_map(|one| one.keys.iter().map(|key| RecordId::derived(key.raw())).chain([one.id]))
            .collect();
        Ok(self
            .inbox()?
            .change(|waiting| waiting.items.retain(|item| !is_decided(&item.suggestion, &keys)))?)
    }

    /// Drops what waits and matches a pattern that is never to be suggested; returns how much that was.
    pub fn drop_never(&self, pattern: &Never) -> Result<usize, CommandError> {
        Ok(self.inbox()?.change(|waiting| {
            let before = waiting.items.len();
            let like = |one: &Suggestion| !one.asked && never::covers(pattern, &one.pattern);
            waiting.items.retain(|item| !like(&item.suggestion));
            before - waiting.items.len()
        })?)
    }
}

/// Takes out every part of a piece of work that was decided on.
pub(super) fn drop_decided(waiting: &mut Waiting, decided: &BTreeSet<RecordId>) {
    let wholes = waiting.wholes();
    let gone = wholes.iter().filter(|item| is_decided(&item.suggestion, decided));
    let keys: BTreeSet<_> = gone.flat_map(|item| &item.suggestion.keys).collect();
    if !keys.is_empty() {
        waiting.items.retain(|item| !item.suggestion.keys.iter().any(|key| keys.contains(key)));
    }
}

fn is_decided(one: &Suggestion, decided: &BTreeSet<RecordId>) -> bool {
    decided.contains(&one.id) || one.keys.iter().any(|key| decided.contains(&RecordId::derived(key.raw())))
}

/// True for what is suggested.
fn reaches(one: &Suggestion, threshold: i32) -> bool {
    one.asked || one.score >= threshold
}

/// Words of a suggestion that a guide does not know any more are left out of the evidence.
pub fn known_words(evidence: &mut Evidence, guide: &crate::model::Guide) {
    use crate::model::guide::Vocabulary::{Dimension, EvidenceKind};
    let knows = |family, word: &Slug| guide.word(family, word.as_str()).is_ok();
    evidence.kind.take_if(|kind| !knows(EvidenceKind, kind));
    evidence.dimensions.retain(|dimension| knows(Dimension, dimension));
}

/// Queues the commits that wait and came from a repository.
pub(super) fn requeue(inbox: &Inbox, waiting: &Waiting, project: &Project) {
    let here = waiting.items.iter().filter(|item| item.dir == project.place());
    let commits = here.flat_map(|item| &item.suggestion.artifacts);
    for commit in commits.filter(|one| one.kind == ArtifactKind::Commit) {
        // What is not queued keeps its old keys until everything is read again.
        let _ = inbox.queue(project.common_dir(), commit.reference.raw());
    }
}
