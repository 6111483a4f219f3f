//! A snapshot: the records of the journal at one revision, with the guide they were written by.

use std::collections::BTreeMap;
use std::fmt;

use super::bet::Bet;
use super::calendar::{Day, Instant};
use super::check_in::CheckIn;
use super::decision::Decision;
use super::evidence::Evidence;
use super::guide::Guide;
use super::id::{IdSet, RecordId};
use super::objective::Objective;
use super::review::Review;
use super::text::Text;

/// A journal commit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Revision {
    /// Full commit id.
    pub id: String,
    /// Committer time.
    pub time: Instant,
}

impl Revision {
    /// The first ten digits of the commit id.
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}

/// Something in the journal that could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    /// The path in the journal's tree.
    pub path: Text,
    /// The line, from 1, when the fault has one.
    pub line: Option<usize>,
    /// The key at fault, when there is one.
    pub key: Option<Text>,
    /// What is wrong.
    pub message: Text,
}

/// Records at one revision. Which shards were read depends on who asked.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The revision.
    pub revision: Revision,
    /// The guide of that revision.
    pub guide: Guide,
    /// Bets by id.
    pub bets: BTreeMap<RecordId, Bet>,
    /// Check-ins by bet, oldest first.
    pub check_ins: BTreeMap<RecordId, Vec<CheckIn>>,
    /// Objectives by id.
    pub objectives: BTreeMap<RecordId, Objective>,
    /// Decisions that were read, oldest first.
    pub decisions: Vec<Decision>,
    /// Reviews by period, oldest first.
    pub reviews: Vec<Review>,
    /// Evidence that was read, oldest first.
    pub evidence: Vec<Evidence>,
    /// Every id in the journal, read or not, for unique prefixes; none when only bets were read.
    pub ids: IdSet,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

impl Snapshot {
    /// The check-ins of a bet, oldest first.
    pub fn check_ins_of(&self, bet: RecordId) -> &[CheckIn] {
        self.check_ins.get(&bet).map(Vec::as_slice).unwrap_or_default()
    }

    /// The newest check-in of a bet that speaks of a day no later than `upto`.
    pub fn latest_check_in(&self, bet: RecordId, upto: Option<Day>) -> Option<&CheckIn> {
        self.check_ins_of(bet).iter().rev().find(|check_in| upto.is_none_or(|day| check_in.date <= day))
    }

    /// The bet of that id or slug. Of several bets with one slug, the newest.
    pub fn bet_named(&self, name: &str) -> Option<&Bet> {
        self.bets
            .values()
            .filter(|bet| bet.slug.as_str() == name || bet.id.as_str() == name)
            .max_by_key(|bet| (bet.recorded, bet.id))
    }

    /// The objective of that id or slug. Of several with one slug, the newest.
    pub fn objective_named(&self, name: &str) -> Option<&Objective> {
        self.objectives
            .values()
            .filter(|one| one.slug.as_str() == name || one.id.as_str() == name)
            .max_by_key(|one| (one.recorded, one.id))
    }

    /// Evidence that speaks for a bet.
    pub fn evidence_of(&self, bet: RecordId) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().filter(move |evidence| evidence.bets.contains(&bet))
    }
}
