//! The guide: the words and questions that records and reports are checked against. Data, never code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::slug::Slug;
use super::text::Text;

/// Everything a person is read by: outcomes, capabilities, rubric, lenses, questions, kinds, reach, calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Short name, such as `staff-engineer`.
    pub name: Slug,
    /// One line that says whom the guide is for.
    pub title: Text,
    /// A paragraph about it.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
    /// When quarters begin.
    #[serde(default)]
    pub calendar: Calendar,
    /// What the company as a whole is after.
    #[serde(default)]
    pub context: Context,
    /// The questions a bet answers before it is opened.
    #[serde(default, rename = "gate")]
    pub gates: Vec<Question>,
    /// What the organisation wants to move.
    #[serde(default, rename = "outcome")]
    pub outcomes: Vec<Entry>,
    /// What makes outcomes movable.
    #[serde(default, rename = "capability")]
    pub capabilities: Vec<Entry>,
    /// What own, shape and support mean here.
    #[serde(default, rename = "stance")]
    pub stances: Vec<Entry>,
    /// Claims that count although a number is shared.
    #[serde(default, rename = "claim")]
    pub claims: Vec<Entry>,
    /// How an objective is read.
    #[serde(default, rename = "lens")]
    pub lenses: Vec<Question>,
    /// The rubric.
    #[serde(default, rename = "dimension")]
    pub dimensions: Vec<Dimension>,
    /// The decision filter.
    #[serde(default, rename = "filter")]
    pub filter: Vec<Question>,
    /// The scorecard's sections.
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
    /// Kinds of bet a quarter should hold.
    #[serde(default, rename = "bet_kind")]
    pub bet_kinds: Vec<Entry>,
    /// Kinds of evidence to log continuously.
    #[serde(default, rename = "evidence_kind")]
    pub evidence_kinds: Vec<EvidenceKind>,
    /// Reach levels, the smallest first.
    #[serde(default, rename = "reach")]
    pub reaches: Vec<Entry>,
    /// What its readers know without being told.
    #[serde(default, skip_serializing_if = "Legibility::is_empty")]
    pub legibility: Legibility,
    /// What it means that others name a person in a trailer; the built-in table when there is none.
    #[serde(default, rename = "trailer", skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<TrailerRole>,
    /// Programs that commit, review and open requests.
    #[serde(default, skip_serializing_if = "Bots::is_empty")]
    pub bots: Bots,
    /// Thresholds that differ from a rule's own, by rule and name.
    #[serde(default, rename = "rule", skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<Slug, BTreeMap<String, f64>>,
}

/// A named word of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The word that records use.
    pub id: Slug,
    /// How it is called in full.
    pub name: Text,
    /// What it means.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
    /// What it looks like in practice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Text>,
}

/// A question a person answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The word that records and rules use.
    pub id: Slug,
    /// The question.
    pub question: Text,
    /// What a good answer has.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
}

/// When the year and its quarters begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calendar {
    /// Month in which the fiscal year begins, 1 to 12.
    pub fiscal_year_start: u32,
    /// The calendar year that a fiscal year is called after.
    pub year_named_after: YearName,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { fiscal_year_start: 1, year_named_after: YearName::End }
    }
}

/// Which calendar year names a fiscal year that spans two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearName {
    /// The year in which it begins.
    Start,
    /// The year in which it ends.
    End,
}

/// What the company as a whole is after, and what to keep asking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The durable aim.
    pub statement: Text,
    /// Questions that keep it in view.
    pub questions: Vec<Text>,
}

/// What the readers of a guide know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Legibility {
    /// Acronyms that need no explanation here.
    pub known: Vec<Text>,
}

impl Legibility {
    fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// Programs, which are no people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bots {
    /// Their names, `*` for anything; the built-in list when there is none.
    pub names: Vec<Text>,
}

impl Bots {
    fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// One dimension of the rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    /// The word that records use.
    pub id: Slug,
    /// How it is called in full.
    pub name: Text,
    /// The bar, in a sentence or two.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
    /// What it looks like.
    #[serde(default)]
    pub looks_like: Vec<Text>,
    /// Evidence that counts.
    #[serde(default)]
    pub counts: Vec<Text>,
    /// The common trap.
    #[serde(default)]
    pub trap: Text,
    /// The pattern of records that looks like the trap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trap_when: Option<TrapPattern>,
}

/// A pattern of records that looks like a dimension's trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrapPattern {
    /// Several proven things, none of which left the team.
    #[serde(rename = "local")]
    WithinTeam,
    /// Framing and strategy that stayed within the team.
    OwnArea,
    /// Work that nobody took up and no number shows.
    Novelty,
    /// Much support for others, without a decision, an adopter or a number.
    Helpful,
}

/// A section of the scorecard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The word that rules use.
    pub id: Slug,
    /// How it is called in full.
    pub name: Text,
    /// Its questions.
    #[serde(default, rename = "question")]
    pub questions: Vec<Question>,
}

/// A kind of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceKind {
    /// The word that records use.
    pub id: Slug,
    /// How it is called in full.
    pub name: Text,
    /// What belongs to it.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
    /// Whether it is seen by itself or has to be told.
    pub stream: Stream,
    /// The dimension it usually speaks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<Slug>,
    /// Words in a commit's subject that point at this kind, in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Text>,
}

/// What it means that others name a person in some trailers of their commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailerRole {
    /// The word that patterns and keys use.
    pub id: Slug,
    /// What the person did, as a title begins: `Reviewed`.
    pub name: Text,
    /// The trailers that say so, such as `Reviewed-by`.
    #[serde(default)]
    pub keys: Vec<Text>,
    /// The kind of evidence that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Slug>,
    /// The dimension that it speaks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<Slug>,
}

/// Work that is noticed by itself against work that has to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stream {
    /// Leaves traces by itself: commits, launches, fixes.
    Loud,
    /// Is forgotten unless written down: decisions, sequencing, mentoring, strategy.
    Shaping,
}

/// A family of guide words, for lookups and error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// [`Guide::outcomes`].
    Outcome,
    /// [`Guide::capabilities`].
    Capability,
    /// [`Guide::dimensions`].
    Dimension,
    /// [`Guide::bet_kinds`].
    BetKind,
    /// [`Guide::evidence_kinds`].
    EvidenceKind,
    /// [`Guide::reaches`].
    Reach,
    /// [`Guide::claims`].
    Claim,
    /// [`Guide::gates`].
    Gate,
    /// [`Guide::lenses`].
    Lens,
    /// [`Guide::filter`].
    Filter,
}

impl Vocabulary {
    /// The word for it in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Capability => "capability",
            Self::Dimension => "dimension",
            Self::BetKind => "bet kind",
            Self::EvidenceKind => "evidence kind",
            Self::Reach => "reach",
            Self::Claim => "claim",
            Self::Gate => "gate question",
            Self::Lens => "lens",
            Self::Filter => "filter question",
        }
    }
}

/// A word that the guide does not know, with the nearest that it does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {} '{word}'", .family.noun())]
pub struct UnknownWord {
    /// What kind of word was asked for.
    pub family: Vocabulary,
    /// What was given.
    pub word: String,
    /// The guide's nearest word.
    pub nearest: Option<Slug>,
    /// All words of the family.
    pub known: Vec<Slug>,
}

impl Guide {
    /// A guide without a single word: what remains when `guide.toml` cannot be read.
    pub fn empty() -> Self {
        Self {
            name: Slug::from_title("none", 8).unwrap_or_else(|| unreachable!("'none' is a slug")),
            title: Text::from("no guide"),
            about: Text::default(),
            calendar: Calendar::default(),
            context: Context::default(),
            gates: Vec::new(),
            outcomes: Vec::new(),
            capabilities: Vec::new(),
            stances: Vec::new(),
            claims: Vec::new(),
            lenses: Vec::new(),
            dimensions: Vec::new(),
            filter: Vec::new(),
            sections: Vec::new(),
            bet_kinds: Vec::new(),
            evidence_kinds: Vec::new(),
            reaches: Vec::new(),
            legibility: Legibility::default(),
            trailers: Vec::new(),
            bots: Bots::default(),
            rules: BTreeMap::new(),
        }
    }

    /// The words of a family, in the guide's order.
    pub fn words(&self, family: Vocabulary) -> Vec<&Slug> {
        match family {
            Vocabulary::Outcome => self.outcomes.iter().map(|e| &e.id).collect(),
            Vocabulary::Capability => self.capabilities.iter().map(|e| &e.id).collect(),
            Vocabulary::Dimension => self.dimensions.iter().map(|e| &e.id).collect(),
            Vocabulary::BetKind => self.bet_kinds.iter().map(|e| &e.id).collect(),
            Vocabulary::EvidenceKind => self.evidence_kinds.iter().map(|e| &e.id).collect(),
            Vocabulary::Reach => self.reaches.iter().map(|e| &e.id).collect(),
            Vocabulary::Claim => self.claims.iter().map(|e| &e.id).collect(),
            Vocabulary::Gate => self.gates.iter().map(|e| &e.id).collect(),
            Vocabulary::Lens => self.lenses.iter().map(|e| &e.id).collect(),
            Vocabulary::Filter => self.filter.iter().map(|e| &e.id).collect(),
        }
    }

    /// Finds `word` in a family, or says which is nearest.
    pub fn word(&self, family: Vocabulary, word: &str) -> Result<Slug, UnknownWord> {
        let known = self.words(family);
        if let Some(found) = known.iter().find(|slug| slug.as_str() == word) {
            return Ok((*found).clone());
        }
        let wanted = word.to_lowercase();
        let nearest = known
            .iter()
            .map(|slug| {
                let part = slug.as_str().starts_with(&wanted) && !wanted.is_empty();
                let near = strsim::jaro_winkler(slug.as_str(), &wanted);
                (if part { 1.0 } else { near }, *slug)
            })
            .filter(|(near, _)| *near > 0.6)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, slug)| slug.clone());
        Err(UnknownWord {
            family,
            word: word.to_owned(),
            nearest,
            known: known.into_iter().cloned().collect(),
        })
    }

    /// The place of a reach level: 0 is the smallest. Unknown levels are smaller than all.
    pub fn reach_rank(&self, reach: Option<&Slug>) -> Option<usize> {
        let reach = reach?;
        self.reaches.iter().position(|entry| entry.id == *reach)
    }

    /// The stream of an evidence kind.
    pub fn stream(&self, kind: Option<&Slug>) -> Option<Stream> {
        let kind = kind?;
        self.evidence_kinds.iter().find(|entry| entry.id == *kind).map(|entry| entry.stream)
    }
}
