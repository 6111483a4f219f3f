//! Days and instants as records carry them: a person's own calendar date, and a journal commit's time.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat};
use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::value::Datetime;

/// A calendar day in the person's own calendar, without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl Day {
    /// Parses `YYYY-MM-DD` with a year from 1000 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        (text.len() == 10 && (1000..=9999).contains(&date.year())).then_some(Self(date))
    }

    /// The day `days` later (earlier when negative); the end of the calendar when that is out of range.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.checked_add_signed(chrono::Duration::days(days)).unwrap_or(NaiveDate::MAX))
    }

    /// Whole days from `earlier` to this day.
    pub fn since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_days()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.format("%Y-%m-%d").to_string())
    }
}

/// A point in time with the offset it was written at: a journal commit's committer time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub DateTime<FixedOffset>);

impl Instant {
    /// From seconds since the epoch and an offset in seconds east of UTC.
    pub fn from_epoch(seconds: i64, offset: i32) -> Option<Self> {
        let zone = FixedOffset::east_opt(offset)?;
        DateTime::from_timestamp(seconds, 0).map(|utc| Self(utc.with_timezone(&zone)))
    }

    /// Seconds since the epoch.
    pub fn epoch(self) -> i64 {
        self.0.timestamp()
    }

    /// The calendar day at this instant's own offset.
    pub fn day(self) -> Day {
        Day(self.0.date_naive())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Reads a date that is written either as a TOML date or as a string.
struct DateVisitor;

impl<'de> Visitor<'de> for DateVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-11-03")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<String, A::Error> {
        Datetime::deserialize(MapAccessDeserializer::new(map)).map(|date| date.to_string())
    }
}

/// Reads a day that may be a TOML date or words, for drafts.
pub fn date_or_words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(DateVisitor)
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_any(DateVisitor)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("'{text}' is not a date such as 2026-11-03")))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_any(DateVisitor)?;
        DateTime::parse_from_rfc3339(&text).map(Self).map_err(|_| {
            serde::de::Error::custom(format!("'{text}' is not a time such as 2026-11-03T09:30:00+01:00"))
        })
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
