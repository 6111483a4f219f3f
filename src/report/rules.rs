//! What rules look at, and which of them answer which question of the scorecard.

use super::bets::BetView;
use super::finding::{Finding, Reading};
use super::questions;
use super::strength::{self, Strength};
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
    // Without the words that a question is read by, it is the person's.
    let (reach, kinds) = (!ground.guide.reaches.is_empty(), !ground.guide.evidence_kinds.is_empty());
    if (!reach && matches!(question, "shared-gain" | "outside-reader"))
        || ((!reach || !kinds) && question == "direction")
    {
        return (Reading::Yours, Vec::new());
    }
    let (reading, findings) = answered(question, ground);
    // A record or two are no quarter: what is missing may still come, and nothing is weak yet.
    let few = (strength::subjects(ground.evidence.iter().copied()) as f64)
        < ground.limit("dimension-coverage", "records");
    let by_evidence =
        matches!(question, "shared-gain" | "direction" | "all-dimensions" | "outside-reader" | "artifacts");
    match reading {
        Reading::Weak if few && (by_evidence || (question == "outcomes" && ground.bets.is_empty())) => {
            (Reading::TooLittle, findings)
        }
        reading => (reading, findings),
    }
}

fn answered(question: &str, ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
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
