//! Decisions taken between two snapshots.

use std::collections::BTreeSet;

use crate::model::decision::Ruling;
use crate::model::{Day, Decision, RecordId, Snapshot, Text};

/// A decision that was taken in between.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// Its id.
    pub id: RecordId,
    /// The day it was decided.
    pub date: Day,
    /// What was decided.
    pub verdict: Ruling,
    /// What was decided on.
    pub title: Text,
    /// Why.
    pub why: Text,
    /// Who owns it instead, when that is the verdict.
    pub owner: Option<Text>,
    /// When to look again, when it comes later.
    pub until: Option<Text>,
    /// The bet that it opened.
    pub bet: Option<RecordId>,
}

/// Decisions that only the newer side knows.
pub(super) fn taken(before: Option<&Snapshot>, after: &Snapshot) -> Vec<Taken> {
    let known: BTreeSet<RecordId> =
        before.into_iter().flat_map(|one| &one.decisions).map(|one| one.id).collect();
    let mut new: Vec<&Decision> = after.decisions.iter().filter(|one| !known.contains(&one.id)).collect();
    new.sort_by_key(|one| (one.date, one.recorded, one.id));
    let taken = |one: &Decision| Taken {
        id: one.id,
        date: one.date,
        verdict: one.verdict,
        title: one.title.clone(),
        why: one.why.clone(),
        owner: one.owner.clone(),
        until: one.until.clone(),
        bet: one.bet,
    };
    new.into_iter().map(taken).collect()
}
