//! A review: the stored answers of a quarter-end ritual.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::slug::Slug;
use super::text::Text;

/// The stored answers of a quarter-end ritual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its id, derived from the period: two machines review one quarter in one file.
    pub id: RecordId,
    /// The period, such as `2026-Q4`.
    pub period: Text,
    /// The day it was finished.
    pub date: Day,
    /// Anything else worth keeping.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub note: Text,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// Answers to the scorecard's questions, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answer: BTreeMap<Slug, SelfRating>,
    /// What becomes of each bet, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bet: BTreeMap<RecordId, Course>,
    /// What is said to findings that need an answer, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub finding: BTreeMap<Slug, Text>,
    /// Bets sketched for the next quarter, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Text>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

impl Review {
    /// The id of the review of a period.
    pub fn id_of(period: &str) -> RecordId {
        RecordId::derived(&format!("review {period}"))
    }
}

/// What the person says to a question of the scorecard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfRating {
    /// How well it is answered, in the person's own reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// In words.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub text: Text,
}

/// How well a question is answered, in the person's own reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// Not, or hardly.
    Weak,
    /// Partly.
    Fair,
    /// Well.
    Strong,
}

impl Rating {
    /// Every rating.
    pub const ALL: [Self; 3] = [Self::Weak, Self::Fair, Self::Strong];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}

/// What becomes of a bet after a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Keep, modify, carry or drop.
    pub decision: Verb,
    /// Why.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub why: Text,
}

/// What to do with a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Go on as it is.
    Keep,
    /// Go on changed.
    Modify,
    /// Go on in the next quarter.
    Carry,
    /// Give it up.
    Drop,
}

impl Verb {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Modify, Self::Carry, Self::Drop];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Modify => "modify",
            Self::Carry => "carry",
            Self::Drop => "drop",
        }
    }
}
