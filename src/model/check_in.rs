//! A check-in: how a bet stood on a day. Append-only; the newest one is the bet's present state.

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::text::Text;

/// How a bet stood on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Its id.
    pub id: RecordId,
    /// The bet it is about.
    pub bet: RecordId,
    /// The day it speaks of.
    pub date: Day,
    /// Health.
    pub status: Status,
    /// Belief that the bet will be won, 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "percent")]
    pub confidence: Option<u8>,
    /// What changed and why.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub note: Text,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// Values of the bet's measures.
    #[serde(default, rename = "reading", skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// Health of a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nothing has begun.
    NotStarted,
    /// It goes as planned.
    OnTrack,
    /// It will fail unless something changes.
    AtRisk,
    /// It fails as things stand.
    OffTrack,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::OnTrack, Self::AtRisk, Self::OffTrack];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not-started",
            Self::OnTrack => "on-track",
            Self::AtRisk => "at-risk",
            Self::OffTrack => "off-track",
        }
    }
}

/// The value of a measure on the day of a check-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The measure's name.
    pub measure: Text,
    /// Its value, in the measure's unit.
    pub value: f64,
}

impl Reading {
    /// Parses `MEASURE=VALUE`.
    pub fn parse(text: &str) -> Option<Self> {
        let (measure, value) = text.rsplit_once('=')?;
        let value: f64 = value.trim().parse().ok().filter(|n: &f64| n.is_finite())?;
        (!Text::from(measure).is_blank()).then(|| Self { measure: measure.trim().into(), value })
    }
}

fn percent<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let number = i64::deserialize(deserializer)?;
    match u8::try_from(number) {
        Ok(percent) if percent <= 100 => Ok(Some(percent)),
        _ => Err(serde::de::Error::custom(format!("confidence is a percentage from 0 to 100, not {number}"))),
    }
}
