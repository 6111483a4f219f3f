//! A suggestion: what harvest proposes as evidence, and why.

use serde::{Deserialize, Serialize};

use super::artifact::Artifact;
use super::calendar::Day;
use super::id::RecordId;
use super::project::Person;
use super::slug::Slug;
use super::text::Text;
use super::verdict::Never;

/// A piece of work that looks like evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Derived from the first key: the same work has the same id on every machine.
    pub id: RecordId,
    /// Keys by which the piece of work is met again: pull request, or author, author date and subject.
    pub keys: Vec<Text>,
    /// What happened, from the subject without its decorations.
    pub title: Text,
    /// The author date's day.
    pub happened: Day,
    /// The repository, by remote.
    pub repo: Text,
    /// The kind it looks like.
    pub kind: Option<Slug>,
    /// The rubric dimensions it looks like.
    pub dimensions: Vec<Slug>,
    /// The bets it looks like it serves.
    pub bets: Vec<RecordId>,
    /// Commits, pull requests and issues it rests on.
    pub artifacts: Vec<Artifact>,
    /// Tenths of a point; the sum of the signals. Written as points.
    #[serde(with = "points")]
    pub score: i32,
    /// What added to the score and what took away, strongest first.
    pub signals: Vec<Signal>,
    /// What it shares with other work, for learning from verdicts: `type:fix`, `area:parser`.
    #[serde(default)]
    pub traits: Vec<Text>,
    /// The part of the tree that most of it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Text>,
    /// What "never like this" would mean for it.
    pub pattern: Never,
    /// True when the commit itself asks to be kept (`Okr-Bet:` or `Okr-Evidence:`).
    pub asked: bool,
}

/// One named reason for or against a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// A stable name, such as `type-feat`.
    pub name: String,
    /// Tenths of a point. Written as points.
    #[serde(with = "points")]
    pub points: i32,
    /// The reason in words.
    pub why: Text,
}

/// A change of somebody else that credits me.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Credit {
    /// Derived from the change's own key: the same after a rewrite.
    pub id: RecordId,
    /// The day it was committed.
    pub day: Day,
    /// What it credits me for, by the guide's roles.
    pub roles: Vec<Slug>,
    /// The part of the product that it touched, when it was one.
    pub area: Option<Text>,
    /// Who wrote it.
    pub author: Person,
    /// Its review, or its commit.
    pub artifact: Artifact,
}

/// Work of mine that somebody took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Every key by which the work is met.
    pub keys: Vec<Text>,
    /// The commit that took it back.
    pub by: Text,
    /// What that says.
    pub subject: Text,
    /// The day it was committed.
    pub day: Day,
}

/// Tenths of a point, written as the points that people are shown: `6.1`.
mod points {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(tenths: &i32, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(*tenths) / 10.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i32, D::Error> {
        from.deserialize_any(Points)
    }

    struct Points;

    impl Visitor<'_> for Points {
        type Value = i32;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("points")
        }

        fn visit_f64<E: Error>(self, points: f64) -> Result<i32, E> {
            // Out of range is cut off, and no number is zero: this is local state, made anew by the next harvest.
            #[allow(clippy::cast_possible_truncation)]
            Ok((points * 10.0).round() as i32)
        }

        // A whole number was written before points were: tenths.
        fn visit_i64<E: Error>(self, tenths: i64) -> Result<i32, E> {
            i32::try_from(tenths).map_err(E::custom)
        }

        fn visit_u64<E: Error>(self, tenths: u64) -> Result<i32, E> {
            i32::try_from(tenths).map_err(E::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    #[test]
    fn points_are_written_as_people_see_them() {
        for (tenths, written) in [(61, "6.1"), (60, "6.0"), (-8, "-0.8"), (0, "0.0"), (139, "13.9")] {
            let signal = Signal { name: "x".to_owned(), points: tenths, why: "y".into() };
            let json = serde_json::to_string(&signal).unwrap();
            assert_eq!(json, format!(r#"{{"name":"x","points":{written},"why":"y"}}"#));
            assert_eq!(serde_json::from_str::<Signal>(&json).unwrap(), signal);
        }
        let read = |points: &str| {
            serde_json::from_str::<Signal>(&format!(r#"{{"name":"x","points":{points},"why":"y"}}"#))
        };
        assert_eq!(read("61").unwrap().points, 61, "as it was kept before");
        assert_eq!(read("-8").unwrap().points, -8);
        assert!(read("99999999999").is_err() && read("\"6.1\"").is_err());
    }
}
