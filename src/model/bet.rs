//! A bet: a deliberate investment for a quarter, and the proof it forecasts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::slug::Slug;
use super::text::Text;

/// A deliberate investment for a quarter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bet {
    /// Its id.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What it is.
    pub title: Text,
    /// The quarter it is made for, such as `2026-Q4`.
    pub period: Text,
    /// The kind of bet, a word of the guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Slug>,
    /// The person's relation to the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Stance>,
    /// Outcomes it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Slug>,
    /// Capabilities it builds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Slug>,
    /// Rubric dimensions it should show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Slug>,
    /// Bets that have to come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<RecordId>,
    /// Objectives of the organisation that it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<RecordId>,
    /// The bet of an earlier quarter that this one carries on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<RecordId>,
    /// The proof that will exist if it succeeds, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Text>,
    /// Anything else worth keeping.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub note: Text,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// Answers to the guide's gate questions, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gate: BTreeMap<Slug, Text>,
    /// The numbers it wants to move.
    #[serde(default, rename = "measure", skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// How it ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

impl Bet {
    /// True until it is closed.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The bet that goes on from this one in a later period: same aims, same slug, an id of its own.
    pub fn continued(&self, id: RecordId, period: &str, recorded: Instant) -> Self {
        Self {
            id,
            period: period.into(),
            continues: Some(self.id),
            recorded,
            closed: None,
            conflicts: Vec::new(),
            ..self.clone()
        }
    }

    /// Gate questions of `asked` without an answer: a bet with any is unproven.
    pub fn unanswered<'g>(&self, asked: impl IntoIterator<Item = &'g Slug>) -> Vec<&'g Slug> {
        asked.into_iter().filter(|id| self.gate.get(*id).is_none_or(Text::is_blank)).collect()
    }
}

/// The person's relation to a number or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// Success or failure traces back to decisions of mine.
    Own,
    /// I understand it and influence where it goes.
    Shape,
    /// Someone else owns it; I help.
    Support,
}

impl Stance {
    /// Every stance.
    pub const ALL: [Self; 3] = [Self::Own, Self::Shape, Self::Support];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Shape => "shape",
            Self::Support => "support",
        }
    }
}

/// A number that a bet wants to move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured.
    pub name: Text,
    /// Its unit, such as `ms` or `teams`.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub unit: Text,
    /// Where it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// Where it should end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Which way is better.
    pub direction: Direction,
    /// True when others answer for the number too.
    #[serde(default)]
    pub shared: bool,
}

impl Measure {
    /// Parses `NAME: BASELINE -> TARGET [UNIT] [shared]`, for example `p95 latency: 410 -> 180 ms`.
    /// The direction follows from the two numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(':')?;
        let (baseline, rest) = rest.split_once("->").or_else(|| rest.split_once('→'))?;
        let mut words: Vec<&str> = rest.split_whitespace().collect();
        let shared = words.last() == Some(&"shared");
        if shared || words.last() == Some(&"own") {
            words.pop();
        }
        let (target, unit) = words.split_first()?;
        let (baseline, target) = (number(baseline)?, number(target)?);
        if Text::from(name).is_blank() {
            return None;
        }
        let direction = if target < baseline { Direction::Down } else { Direction::Up };
        Some(Self {
            name: name.trim().into(),
            unit: unit.join(" ").into(),
            baseline: Some(baseline),
            target: Some(target),
            direction,
            shared,
        })
    }

    /// How much of the way from baseline to target `value` has come: 0 at the baseline, 1 at the target.
    pub fn progress(&self, value: f64) -> Option<f64> {
        let (baseline, target) = (self.baseline?, self.target?);
        let way = target - baseline;
        (way != 0.0).then(|| (value - baseline) / way)
    }
}

fn number(text: &str) -> Option<f64> {
    let digits = text.trim().trim_end_matches(|c: char| c.is_alphabetic() || c == '%').replace('_', "");
    digits.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

/// Which way a measure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// How a bet ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Won, lost, dropped or carried.
    pub outcome: Outcome,
    /// The day it was decided.
    pub date: Day,
    /// Why.
    #[serde(default)]
    pub why: Text,
    /// The quarter it was carried to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_to: Option<Text>,
}

/// What became of a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It came true.
    Won,
    /// It was played to the end and did not come true.
    Lost,
    /// It was given up on purpose.
    Dropped,
    /// It goes on in another quarter.
    Carried,
}

impl Outcome {
    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Dropped => "dropped",
            Self::Carried => "carried",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Measure};

    #[test]
    fn measures_parse_with_unit_and_direction() {
        let measure = Measure::parse("p95 latency: 410 -> 180 ms shared").unwrap();
        assert_eq!((measure.unit.raw(), measure.direction, measure.shared), ("ms", Direction::Down, true));
        assert_eq!(measure.progress(295.0), Some(0.5));
        let measure = Measure::parse("teams on the queue: 1 -> 6").unwrap();
        assert_eq!((measure.direction, measure.shared), (Direction::Up, false));
        for text in ["", "x: 1", "x: a -> b", ": 1 -> 2", "x: 1 -> ", "x: NaN -> 2"] {
            assert!(Measure::parse(text).is_none(), "{text}");
        }
    }
}
