//! An objective as a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Desk, DraftError, OneOrMany, answers, parse_each, period, slug, stance, title, words};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::guide::Vocabulary;
use crate::model::{Measure, Objective, Stance, Text};

/// An objective as a person writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectiveDraft {
    /// What the organisation wants.
    pub title: String,
    /// Its short name; made from the title when empty.
    pub slug: String,
    /// The period; this quarter when empty.
    pub period: String,
    /// `own` or `shape`.
    pub stance: String,
    /// Who answers for it.
    pub owner: String,
    pub(crate) outcomes: OneOrMany,
    pub(crate) measures: OneOrMany,
    /// Anything else.
    pub note: String,
    /// What each lens shows.
    pub lens: BTreeMap<String, String>,
}

impl ObjectiveDraft {
    /// Reads a draft from TOML.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Sets the lists.
    #[must_use]
    pub fn with(mut self, outcomes: Vec<String>, measures: Vec<String>) -> Self {
        self.outcomes = OneOrMany::Many(outcomes);
        self.measures = OneOrMany::Many(measures);
        self
    }

    /// Turns the draft into a record. `taken` says whether another objective has a slug already.
    pub fn finish(self, desk: &Desk<'_>, taken: &dyn Fn(&str) -> bool) -> Result<Objective, DraftError> {
        let title = title(&self.title)?;
        let unknown = |said: &str| format!("unknown stance '{said}': it is own or shape");
        let stance = stance(&self.stance)
            .map_err(|_| DraftError::new("stance", anyhow::Error::msg(unknown(self.stance.trim()))))?;
        if stance == Some(Stance::Support) {
            let why = "an objective is owned, or understood and shaped; supporting is a relation to a bet or a result";
            return Err(DraftError::new("stance", anyhow::anyhow!(why)));
        }
        Ok(Objective {
            id: desk.id,
            slug: slug(&self.slug, &title, "objective", desk, taken)?,
            period: period(&self.period, desk)?,
            title,
            stance,
            owner: Some(Text::from(self.owner.trim())).filter(|owner| !owner.is_blank()),
            outcomes: words(desk, Vocabulary::Outcome, "outcomes", self.outcomes.list())?,
            note: self.note.trim_end().into(),
            recorded: desk.now,
            lens: answers(desk, Vocabulary::Lens, "lens", self.lens)?,
            measures: parse_each(
                "measures",
                "'NAME: BASELINE -> TARGET UNIT'",
                self.measures.list(),
                Measure::parse,
            )?,
            conflicts: Vec::new(),
        })
    }
}
