//! Evidence: a dated record of something that happened, and what proves it.

use serde::{Deserialize, Serialize};

use super::artifact::{Artifact, Metric};
use super::bet::Stance;
use super::calendar::{Day, Instant};
use super::conflict::Conflict;
use super::id::RecordId;
use super::slug::Slug;
use super::text::Text;

/// Something that happened, and what proves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its id.
    pub id: RecordId,
    /// What happened.
    pub title: Text,
    /// The day it happened.
    pub happened: Day,
    /// The kind, a word of the guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Slug>,
    /// The bets it speaks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bets: Vec<RecordId>,
    /// Rubric dimensions it shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Slug>,
    /// Outcomes it moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Slug>,
    /// Capabilities it built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Slug>,
    /// How far it reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Slug>,
    /// The person's relation to the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Stance>,
    /// What the person claims of a shared number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Slug>,
    /// Teams or people who took it up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adopters: Vec<Text>,
    /// Anything else worth keeping.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub note: Text,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// What proves it.
    #[serde(default, rename = "artifact", skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
    /// Numbers before and after.
    #[serde(default, rename = "metric", skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

impl Evidence {
    /// Evidence of which only title and day are known.
    pub fn new(id: RecordId, title: Text, happened: Day, recorded: Instant) -> Self {
        Self {
            id,
            title,
            happened,
            kind: None,
            bets: Vec::new(),
            dimensions: Vec::new(),
            outcomes: Vec::new(),
            capabilities: Vec::new(),
            reach: None,
            stance: None,
            claims: Vec::new(),
            adopters: Vec::new(),
            note: Text::default(),
            recorded,
            artifacts: Vec::new(),
            metrics: Vec::new(),
            conflicts: Vec::new(),
        }
    }

    /// True while nobody has said what it is evidence of: no kind, no bet and no dimension.
    pub fn is_untriaged(&self) -> bool {
        self.kind.is_none() && self.bets.is_empty() && self.dimensions.is_empty()
    }

    /// Days between the event and the day it was written down; negative when written ahead.
    pub fn capture_lag(&self) -> i64 {
        self.recorded.day().since(self.happened)
    }
}
