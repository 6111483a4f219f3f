//! The rules behind a scorecard: each has a stable id, a reason, and says what it rests on.

use super::bets::BetView;
use super::finding::{Finding, Reading};
use super::questions;
use super::strength::Strength;
use crate::model::{Bet, Evidence, Guide};

/// A rule that reports may cite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rule {
    /// Its stable id.
    pub id: &'static str,
    /// The scorecard question it serves, or `dimension`.
    pub serves: &'static str,
    /// What it looks at and why.
    pub reason: &'static str,
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        id: "bets-name-outcomes",
        serves: "outcomes",
        reason: "a bet that names no outcome and no capability cannot be read for relevance",
    },
    Rule {
        id: "evidence-aims",
        serves: "outcomes",
        reason: "evidence that serves no bet, outcome or capability is work beside the aim",
    },
    Rule {
        id: "gate-answered",
        serves: "why-now",
        reason: "a bet that cannot say which outcome, which level and which proof is unproven",
    },
    Rule {
        id: "reach-and-adopters",
        serves: "shared-gain",
        reason: "leverage is use by others: proven work beyond the team, with named adopters",
    },
    Rule {
        id: "shaping-beyond-team",
        serves: "direction",
        reason: "direction shows in decisions, sequencing and strategy that reach beyond the team",
    },
    Rule {
        id: "dimension-coverage",
        serves: "all-dimensions",
        reason: "strength in one dimension does not speak for the others",
    },
    Rule {
        id: "dimension-strength",
        serves: "dimension",
        reason: "distinct proven work, reach, adopters and time count; a number of records does not",
    },
    Rule {
        id: "local-only",
        serves: "outside-reader",
        reason: "an outside reader sees scope only where work left the team",
    },
    Rule { id: "artifact-backed", serves: "artifacts", reason: "what nobody can open proves nothing" },
    Rule {
        id: "capture-lag",
        serves: "fresh",
        reason: "what is written down late is remembered by loudness",
    },
    Rule {
        id: "untriaged",
        serves: "fresh",
        reason: "a capture that nobody sorted is forgotten like one that was never made",
    },
];

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
    /// The last day of the period.
    pub end: crate::model::Day,
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
