//! The quarter at a glance.

use super::bets::{self, BetView};
use super::exposure::Exposure;
use super::review::Due;
use super::strength::{Facts, Strength};
use crate::model::{Day, Evidence, Fault, Period, RecordId, Revision, Slug, Snapshot, Text};

/// The quarter at a glance.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StatusReport {
    /// The quarter.
    pub period: Period,
    /// The day it is read on.
    pub today: Day,
    /// Days until the quarter ends; 0 on its last day.
    pub days_left: i64,
    /// The revision it was read from.
    pub revision: Revision,
    /// Open bets of any quarter and closed bets of this one.
    pub bets: Vec<StatusBet>,
    /// Evidence by dimension of the rubric, in this quarter.
    pub dimensions: Vec<StatusDimension>,
    /// Evidence records of this quarter.
    pub evidence: usize,
    /// Evidence of this quarter without kind, bet and dimension.
    pub untriaged: usize,
    /// Suggestions that wait for a decision.
    pub inbox: usize,
    /// The review that is due.
    pub due: Option<Due>,
    /// Evidence of any quarter that rests on work which was taken back.
    pub taken_back: Vec<TakenBackEvidence>,
    /// Where the journal can be read, or would go, beyond what its owner said.
    pub exposure: Vec<Exposure>,
    /// Records that two machines changed at once and nobody has decided on.
    pub conflicts: usize,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Evidence that rests on work which was taken back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TakenBackEvidence {
    /// The record.
    pub id: RecordId,
    /// Its title.
    pub title: Text,
    /// The commit that took the work back.
    pub by: Text,
    /// What that says.
    pub subject: Text,
}

/// A bet in the status.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StatusBet {
    /// The bet.
    #[serde(flatten)]
    pub bet: BetView,
    /// Confidence points since the check-in before the newest.
    pub trend: Option<i16>,
    /// Days since the newest check-in, when too long ago.
    pub stale_days: Option<i64>,
    /// True when it was made for a quarter that has ended.
    pub overdue: bool,
}

/// A dimension in the status.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StatusDimension {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// How strong this quarter's evidence is.
    pub strength: Strength,
    /// Records that name it.
    pub records: usize,
    /// Days since the newest of them.
    pub silent_days: Option<i64>,
}

/// Builds the status of the quarter that holds `today`.
pub fn build(
    snapshot: &Snapshot,
    period: &Period,
    today: Day,
    inbox: usize,
    due: Option<Due>,
) -> StatusReport {
    let evidence: Vec<&Evidence> =
        snapshot.evidence.iter().filter(|one| period.contains(one.happened)).collect();
    let mut shown: Vec<_> = bets::in_period(snapshot, period, today);
    shown.extend(snapshot.bets.values().filter(|bet| bet.is_open()));
    shown.sort_by_key(|bet| (!bet.is_open(), bet.recorded, bet.id));
    shown.dedup_by_key(|bet| bet.id);
    let bets = shown.into_iter().map(|bet| {
        let view = BetView::new(bet, snapshot, today);
        let made_for = Period::parse(bet.period.raw(), &snapshot.guide.calendar, today);
        StatusBet {
            trend: view.trend(),
            stale_days: view.stale_days(today, bet.recorded.day()),
            overdue: bet.is_open() && made_for.is_ok_and(|quarter| quarter.end < period.start),
            bet: view,
        }
    });
    let dimensions = snapshot.guide.dimensions.iter().map(|dimension| {
        let of: Vec<&Evidence> =
            evidence.iter().copied().filter(|one| one.dimensions.contains(&dimension.id)).collect();
        StatusDimension {
            id: dimension.id.clone(),
            name: dimension.name.clone(),
            strength: Facts::of(of.iter().copied(), &snapshot.guide).strength(&snapshot.guide, today),
            records: of.len(),
            silent_days: of.iter().map(|one| today.since(one.happened).max(0)).min(),
        }
    });
    StatusReport {
        period: period.clone(),
        today,
        days_left: period.end.since(today).max(0),
        revision: snapshot.revision.clone(),
        bets: bets.collect(),
        dimensions: dimensions.collect(),
        evidence: evidence.len(),
        untriaged: evidence.iter().filter(|one| one.is_untriaged()).count(),
        inbox,
        due,
        taken_back: Vec::new(),
        conflicts: 0,
        exposure: Vec::new(),
        faults: snapshot.faults.clone(),
    }
}
