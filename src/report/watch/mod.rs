//! What to watch beside the scorecard's questions: traps, shape, distortion, confidence and forecast proof.

mod confidence;
mod decisions;
mod distortion;
mod legibility;
mod portfolio;
mod proof;
mod section_traps;
mod stance;
mod traps;

use super::finding::Finding;
use super::rules::Ground;

/// Findings of one sort.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Watch {
    /// Its id, which rules name as what they serve.
    pub id: &'static str,
    /// How reports call it.
    pub name: &'static str,
    /// What was found.
    pub findings: Vec<Finding>,
}

pub(crate) use decisions::since as decisions_since;

type Section = (&'static str, &'static str, fn(&Ground<'_>) -> Vec<Finding>);

const SECTIONS: [Section; 8] = [
    ("stance", "Own, shape, support", stance::findings),
    ("trap", "Traps", traps::findings),
    ("portfolio", "Shape of the bets", portfolio::findings),
    ("decision", "Decisions", decisions::findings),
    ("proof", "Proof that was forecast", proof::findings),
    ("confidence", "Confidence", confidence::findings),
    ("distortion", "Distortion", distortion::findings),
    ("legibility", "For an outside reader", legibility::findings),
];

/// Every section that has something to say.
pub fn all(ground: &Ground<'_>) -> Vec<Watch> {
    SECTIONS
        .iter()
        .map(|(id, name, find)| Watch { id, name, findings: find(ground) })
        .filter(|watch| !watch.findings.is_empty())
        .collect()
}
