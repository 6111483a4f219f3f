//! What rules look at, and which of them answer which question of the scorecard.

use super::bets::BetView;
use super::finding::{Finding, Reading};
use super::questions;
use super::strength::Strength;
use crate::model::{Bet, Day, Evidence, Guide, Period, Snapshot};

/// What rules look at.
pub struct Ground<'a> {
    /// The guide of the snapshot.
    pub guide: &'a Guide,
    /// The bets of the period.
    pub bets: &'a [(&'a Bet, BetView)],
    /// The evidence of the period.
    pub evidence: &'a [&'a Evidence],
    /// Strength by dimension, in the guide's order.
    pub dimensions: &'a [(String, Strength)],
    /// The period.
    pub period: &'a Period,
    /// The last day that the snapshot can know of, inside the period.
    pub upto: Day,
    /// Everything, for rules that look beyond the period.
    pub snapshot: &'a Snapshot,
}

impl Ground<'_> {
    /// A threshold as the guide has it.
    pub fn limit(&self, rule: &str, name: &str) -> f64 {
        self.guide.limit(rule, name)
    }
}

/// Answers a scorecard question by its id. Questions that no rule serves are the person's to answer.
pub fn answer(question: &str, ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    match question {
        "outcomes" => questions::outcomes(ground),
        "why-now" => questions::gates(ground),
        "shared-gain" => questions::leverage(ground),
        "direction" => questions::direction(ground),
        "all-dimensions" => questions::coverage(ground),
        "outside-reader" => questions::outside_reader(ground),
        "artifacts" => questions::artifacts(ground),
        "fresh" => questions::freshness(ground),
        _ => (Reading::Yours, Vec::new()),
    }
}
