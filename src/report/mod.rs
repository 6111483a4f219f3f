//! What the journal says: plain values computed from snapshots, which every output format shares. Pure.
//!
//! A *finding* is a rule's verdict on the records it names. Nothing here counts records as strength: see
//! `strength`.

pub mod bets;
pub mod compare;
pub mod conflicts;
pub mod decisions;
pub mod distance;
pub mod drift;
pub mod exposure;
pub mod finding;
pub mod lag;
pub mod legibility;
pub mod promises;
mod proof;
mod questions;
pub mod reasons;
mod recurring;
pub mod review;
pub mod rules;
pub mod scorecard;
pub mod shape;
pub mod shift;
pub mod standing;
pub mod status;
pub mod strength;
#[cfg(test)]
mod testing;
pub mod watch;

pub use bets::BetView;
pub use compare::Comparison;
pub use finding::{Finding, Reading, Tone};
pub use scorecard::Scorecard;
pub use shift::Shift;
pub use standing::Standing;
pub use status::StatusReport;
pub use strength::Strength;
