//! A bet as it stands in a snapshot: record and newest check-ins together.

use super::strength::{Facts, Strength};
use crate::model::{
    Bet, CheckIn, Day, Guide, Outcome, Period, RecordId, Slug, Snapshot, Stance, Status, Text,
};

/// A check-in older than this many days is stale.
pub const STALE_AFTER: i64 = 14;

/// A bet and how it stands.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct BetView {
    /// The bet's id.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What it is.
    pub title: Text,
    /// The quarter it is made for.
    pub period: Text,
    /// Its kind.
    pub kind: Option<Slug>,
    /// The person's relation to it.
    pub stance: Option<Stance>,
    /// Status by its newest check-in.
    pub status: Option<Status>,
    /// Confidence by its newest check-in that has one, in percent.
    pub confidence: Option<u8>,
    /// Confidence of every check-in that has one, oldest first.
    pub path: Vec<u8>,
    /// The day of its newest check-in.
    pub checked_in: Option<Day>,
    /// How it ended, once it has.
    pub closed: Option<Outcome>,
    /// Gate questions without an answer; with any, the bet is unproven.
    pub unanswered: Vec<Slug>,
    /// Records of evidence that speak for it, among those that were read.
    pub evidence: usize,
    /// How strong they are together, by the rule for dimensions.
    pub strength: Strength,
}

impl BetView {
    /// How a bet stands, looking at check-ins of days up to `upto`.
    pub fn new(bet: &Bet, snapshot: &Snapshot, upto: Day) -> Self {
        let check_ins: Vec<&CheckIn> =
            snapshot.check_ins_of(bet.id).iter().filter(|one| one.date <= upto).collect();
        let latest = check_ins.last();
        let path: Vec<u8> = check_ins.iter().filter_map(|one| one.confidence).collect();
        Self {
            id: bet.id,
            slug: bet.slug.clone(),
            title: bet.title.clone(),
            period: bet.period.clone(),
            kind: bet.kind.clone(),
            stance: bet.stance,
            status: latest.map(|one| one.status),
            confidence: path.last().copied(),
            path,
            checked_in: latest.map(|one| one.date),
            closed: bet.closed.as_ref().map(|closing| closing.outcome),
            unanswered: bet
                .unanswered(snapshot.guide.gates.iter().map(|gate| &gate.id))
                .into_iter()
                .cloned()
                .collect(),
            evidence: snapshot.evidence_of(bet.id).count(),
            strength: Facts::of(snapshot.evidence_of(bet.id), &snapshot.guide)
                .strength(&snapshot.guide, upto),
        }
    }

    /// Confidence points gained (or lost) since the check-in before the newest.
    pub fn trend(&self) -> Option<i16> {
        let [.., before, now] = self.path.as_slice() else { return None };
        Some(i16::from(*now) - i16::from(*before))
    }

    /// Days since the newest check-in when the bet is open and that is too long ago.
    pub fn stale_days(&self, today: Day, recorded: Day) -> Option<i64> {
        let days = today.since(self.checked_in.unwrap_or(recorded));
        (self.closed.is_none() && days > STALE_AFTER).then_some(days)
    }
}

/// The bets of a period: those made for a quarter that overlaps it, in the order they were recorded.
pub fn in_period<'s>(snapshot: &'s Snapshot, period: &Period, today: Day) -> Vec<&'s Bet> {
    let mut bets: Vec<&Bet> =
        snapshot.bets.values().filter(|bet| overlaps(&bet.period, &snapshot.guide, period, today)).collect();
    bets.sort_by_key(|bet| (bet.recorded, bet.id));
    bets
}

/// True when what was made for `name` shares days with a period.
pub(super) fn overlaps(name: &Text, guide: &Guide, period: &Period, today: Day) -> bool {
    Period::parse(name.raw(), &guide.calendar, today).is_ok_and(|made_for| made_for.overlaps(period))
}
