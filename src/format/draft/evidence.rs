//! Evidence as a person writes it.

use serde::{Deserialize, Serialize};

use super::{Desk, DraftError, NotADay, OneOrMany, found, parse_each, stance, title, word, words};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::guide::Vocabulary;
use crate::model::{Artifact, Evidence, Metric, Text};

/// Evidence as a person writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceDraft {
    /// What happened.
    pub title: String,
    /// The day, `2026-11-03` or `last friday`; today when empty.
    #[serde(deserialize_with = "crate::model::calendar::date_or_words")]
    pub happened: String,
    /// The kind.
    pub kind: String,
    pub(crate) bets: OneOrMany,
    pub(crate) dimensions: OneOrMany,
    pub(crate) outcomes: OneOrMany,
    pub(crate) capabilities: OneOrMany,
    /// How far it reached.
    pub reach: String,
    /// `own`, `shape` or `support`.
    pub stance: String,
    pub(crate) claims: OneOrMany,
    pub(crate) adopters: OneOrMany,
    pub(crate) artifacts: OneOrMany,
    pub(crate) metrics: OneOrMany,
    /// Anything else.
    pub note: String,
}

/// The lists of a draft, when they come from flags.
#[derive(Clone, Debug, Default)]
pub struct EvidenceLists {
    /// Bets by slug or id.
    pub bets: Vec<String>,
    /// Rubric dimensions.
    pub dimensions: Vec<String>,
    /// Outcomes.
    pub outcomes: Vec<String>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Claims of a shared number.
    pub claims: Vec<String>,
    /// Teams or people who took it up.
    pub adopters: Vec<String>,
    /// What proves it.
    pub artifacts: Vec<String>,
    /// Numbers before and after.
    pub metrics: Vec<String>,
}

impl EvidenceDraft {
    /// Reads a draft from TOML.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Sets the lists.
    #[must_use]
    pub fn with(mut self, lists: EvidenceLists) -> Self {
        self.bets = OneOrMany::Many(lists.bets);
        self.dimensions = OneOrMany::Many(lists.dimensions);
        self.outcomes = OneOrMany::Many(lists.outcomes);
        self.capabilities = OneOrMany::Many(lists.capabilities);
        self.claims = OneOrMany::Many(lists.claims);
        self.adopters = OneOrMany::Many(lists.adopters);
        self.artifacts = OneOrMany::Many(lists.artifacts);
        self.metrics = OneOrMany::Many(lists.metrics);
        self
    }

    /// Turns the draft into a record.
    pub fn finish(self, desk: &Desk<'_>) -> Result<Evidence, DraftError> {
        let title = title(&self.title)?;
        let happened = match self.happened.trim() {
            "" => desk.now.day(),
            text => (desk.day)(text).ok_or_else(|| DraftError::new("happened", NotADay(text.to_owned())))?,
        };
        let mut evidence = Evidence::new(desk.id, title, happened, desk.now);
        evidence.kind = word(desk, Vocabulary::EvidenceKind, "kind", &self.kind)?;
        evidence.bets = found("bets", desk.find_bet, self.bets.list())?;
        evidence.dimensions = words(desk, Vocabulary::Dimension, "dimensions", self.dimensions.list())?;
        evidence.outcomes = words(desk, Vocabulary::Outcome, "outcomes", self.outcomes.list())?;
        evidence.capabilities =
            words(desk, Vocabulary::Capability, "capabilities", self.capabilities.list())?;
        evidence.reach = word(desk, Vocabulary::Reach, "reach", &self.reach)?;
        evidence.stance = stance(&self.stance)?;
        evidence.claims = words(desk, Vocabulary::Claim, "claims", self.claims.list())?;
        evidence.adopters = self.adopters.list().into_iter().map(|name| Text::from(name.trim())).collect();
        evidence.artifacts = parse_each(
            "artifacts",
            "a link, #12, a commit, doc:LINK or person:NAME",
            self.artifacts.list(),
            artifact,
        )?;
        evidence.metrics =
            parse_each("metrics", "'NAME: BEFORE -> AFTER'", self.metrics.list(), Metric::parse)?;
        evidence.note = self.note.trim_end().into();
        Ok(evidence)
    }
}

/// Reads an artifact; a type without anything behind it is none.
fn artifact(text: &str) -> Option<Artifact> {
    let artifact = Artifact::parse(text);
    let empty = artifact
        .reference
        .raw()
        .strip_suffix(':')
        .is_some_and(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    (artifact.reference.has_letters() && !empty).then_some(artifact)
}
