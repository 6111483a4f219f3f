//! An objective: an organisational OKR as the person reads it, through the guide's lenses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bet::{Measure, Stance};
use super::calendar::Instant;
use super::conflict::Conflict;
use super::id::RecordId;
use super::slug::Slug;
use super::text::Text;

/// An organisational OKR as the person reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// Its id.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What the organisation wants.
    pub title: Text,
    /// The period it is made for, such as `2026-Q4` or `2026`.
    pub period: Text,
    /// The person's relation to it: owned, or understood and shaped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<Stance>,
    /// Who answers for it, when it is not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Outcomes it moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Slug>,
    /// Anything else worth keeping.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub note: Text,
    /// When the journal learnt of it.
    pub recorded: Instant,
    /// What each lens of the guide shows, by lens.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lens: BTreeMap<Slug, Text>,
    /// Its key results.
    #[serde(default, rename = "measure", skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Values of fields that a merge did not choose.
    #[serde(default, rename = "conflict", skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

impl Objective {
    /// Lenses of `asked` through which it was not read yet.
    pub fn blank<'g>(&self, asked: impl IntoIterator<Item = &'g Slug>) -> Vec<&'g Slug> {
        asked.into_iter().filter(|id| self.lens.get(*id).is_none_or(Text::is_blank)).collect()
    }
}
