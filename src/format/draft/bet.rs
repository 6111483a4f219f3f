//! A bet as a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Desk, DraftError, OneOrMany, answers, found, parse_each, period, slug, stance, title, word, words,
};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::guide::Vocabulary;
use crate::model::{Bet, Measure, Text};

/// A bet as a person writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BetDraft {
    /// What it is.
    pub title: String,
    /// Its short name; made from the title when empty.
    pub slug: String,
    /// The quarter; this one when empty.
    pub period: String,
    /// The kind.
    pub kind: String,
    /// `own`, `shape` or `support`.
    pub stance: String,
    pub(crate) outcomes: OneOrMany,
    pub(crate) capabilities: OneOrMany,
    pub(crate) dimensions: OneOrMany,
    pub(crate) objectives: OneOrMany,
    pub(crate) after: OneOrMany,
    pub(crate) proofs: OneOrMany,
    pub(crate) measures: OneOrMany,
    /// Anything else.
    pub note: String,
    /// Answers to the gate questions.
    pub gate: BTreeMap<String, String>,
}

/// The lists of a bet's draft, when they come from flags.
#[derive(Clone, Debug, Default)]
pub struct BetLists {
    /// Outcomes.
    pub outcomes: Vec<String>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Rubric dimensions.
    pub dimensions: Vec<String>,
    /// Objectives of the organisation, by slug or id.
    pub objectives: Vec<String>,
    /// Bets that come first.
    pub after: Vec<String>,
    /// The proof it forecasts.
    pub proofs: Vec<String>,
    /// The numbers it wants to move.
    pub measures: Vec<String>,
}

impl BetDraft {
    /// Reads a draft from TOML.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Sets the lists.
    #[must_use]
    pub fn with(mut self, lists: BetLists) -> Self {
        self.outcomes = OneOrMany::Many(lists.outcomes);
        self.capabilities = OneOrMany::Many(lists.capabilities);
        self.dimensions = OneOrMany::Many(lists.dimensions);
        self.objectives = OneOrMany::Many(lists.objectives);
        self.after = OneOrMany::Many(lists.after);
        self.proofs = OneOrMany::Many(lists.proofs);
        self.measures = OneOrMany::Many(lists.measures);
        self
    }

    /// Turns the draft into a record. `taken` says whether an open bet has a slug already.
    pub fn finish(self, desk: &Desk<'_>, taken: &dyn Fn(&str) -> bool) -> Result<Bet, DraftError> {
        let title = title(&self.title)?;
        let slug = slug(&self.slug, &title, "bet", desk, taken)?;
        let period = period(&self.period, desk)?;
        let gate = answers(desk, Vocabulary::Gate, "gate", self.gate)?;
        Ok(Bet {
            id: desk.id,
            slug,
            title,
            period,
            kind: word(desk, Vocabulary::BetKind, "kind", &self.kind)?,
            stance: stance(&self.stance)?,
            outcomes: words(desk, Vocabulary::Outcome, "outcomes", self.outcomes.list())?,
            capabilities: words(desk, Vocabulary::Capability, "capabilities", self.capabilities.list())?,
            dimensions: words(desk, Vocabulary::Dimension, "dimensions", self.dimensions.list())?,
            after: found("after", desk.find_bet, self.after.list())?,
            objectives: found("objectives", desk.find_objective, self.objectives.list())?,
            continues: None,
            proofs: self.proofs.list().into_iter().map(|text| Text::from(text.trim())).collect(),
            note: self.note.trim_end().into(),
            recorded: desk.now,
            gate,
            measures: parse_each(
                "measures",
                "'NAME: BASELINE -> TARGET UNIT'",
                self.measures.list(),
                Measure::parse,
            )?,
            closed: None,
            conflicts: Vec::new(),
        })
    }
}
