//! A verdict: what was decided on a suggestion, so that no machine asks twice.

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::text::Text;

/// What was decided on a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The suggestion's id, derived from its first key.
    pub id: RecordId,
    /// What was decided.
    pub verdict: VerdictKind,
    /// The suggestion's title, for people who read the journal.
    pub title: Text,
    /// The day of the work that was suggested.
    pub date: Day,
    /// The evidence it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<RecordId>,
    /// Every key by which the piece of work could be met again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Text>,
    /// What the work shared with other work, from which later suggestions are ranked: `type:fix`, `area:parser`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<Text>,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// Never suggest work like this again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<Never>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// What was decided on a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// It became evidence.
    Accepted,
    /// It did not.
    Dismissed,
}

impl VerdictKind {
    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A pattern of work that is never to be suggested again. Every part that is present must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Never {
    /// The repository, by remote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<Text>,
    /// The conventional type, such as `chore`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub commit_type: Option<Text>,
    /// The conventional scope, such as `deps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Text>,
    /// The first word of the subject, in lower case, when there is no conventional type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<Text>,
}
