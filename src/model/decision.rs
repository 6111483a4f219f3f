//! A decision: a candidate run through the guide's decision filter, with the verdict and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::slug::Slug;
use super::text::Text;

/// A candidate that was run through the decision filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: RecordId,
    /// What was decided on.
    pub title: Text,
    /// The day it was decided.
    pub date: Day,
    /// What was decided.
    pub verdict: Ruling,
    /// Why.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub why: Text,
    /// Who owns it instead, when that is the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// When to look again, when it comes later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Text>,
    /// The bet that it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bet: Option<RecordId>,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// Answers to the filter's questions, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answer: BTreeMap<Slug, Answer>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// An answer to one question of the filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Yes, no, or neither.
    pub says: Says,
    /// In words.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub why: Text,
}

/// Which way an answer points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// It speaks for taking it.
    For,
    /// It speaks against.
    Against,
    /// It was asked and could not be answered.
    Unsure,
}

impl Says {
    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Unsure => "unsure",
        }
    }
}

/// What was decided on a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// Take it.
    Take,
    /// Sequence it later.
    Later,
    /// Support another owner.
    Support,
    /// Decline it.
    Decline,
}

impl Ruling {
    /// Every ruling.
    pub const ALL: [Self; 4] = [Self::Take, Self::Later, Self::Support, Self::Decline];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Later => "later",
            Self::Support => "support",
            Self::Decline => "decline",
        }
    }
}
