//! Drafts: what a person writes in an editor, on standard input or in flags, before it becomes a record.
//!
//! A draft is friendlier than a record: days may be words, bets may be slugs, artifacts and metrics may be one line.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::decode::{DecodeError, from_toml};
use crate::model::guide::Vocabulary;
use crate::model::{
    Artifact, Bet, Day, Evidence, Guide, Instant, Measure, Metric, Period, RecordId, Slug, Stance, Text,
};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;

/// Everything that a draft is read against.
pub struct Desk<'a> {
    /// The guide, for words and quarters.
    pub guide: &'a Guide,
    /// Finds a bet by slug, id or unique prefix.
    pub find_bet: &'a dyn Fn(&str) -> Result<RecordId, String>,
    /// Reads a day that may be written in words.
    pub day: &'a dyn Fn(&str) -> Option<Day>,
    /// Now, by the journal's clock.
    pub now: Instant,
    /// A fresh id.
    pub id: RecordId,
}

/// A value or a list of values.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn list(self) -> Vec<String> {
        let list = match self {
            Self::None => Vec::new(),
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        };
        list.into_iter().filter(|text| !text.trim().is_empty()).collect()
    }
}

/// Evidence as a person writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceDraft {
    /// What happened.
    pub title: String,
    /// The day, `2026-11-03` or `last friday`; today when empty.
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
        evidence.bets = bets(desk, "bets", self.bets.list())?;
        evidence.dimensions = words(desk, Vocabulary::Dimension, "dimensions", self.dimensions.list())?;
        evidence.outcomes = words(desk, Vocabulary::Outcome, "outcomes", self.outcomes.list())?;
        evidence.capabilities =
            words(desk, Vocabulary::Capability, "capabilities", self.capabilities.list())?;
        evidence.reach = word(desk, Vocabulary::Reach, "reach", &self.reach)?;
        evidence.stance = stance(&self.stance)?;
        evidence.claims = words(desk, Vocabulary::Claim, "claims", self.claims.list())?;
        evidence.adopters = self.adopters.list().into_iter().map(|name| Text::from(name.trim())).collect();
        evidence.artifacts = self.artifacts.list().iter().map(|text| Artifact::parse(text)).collect();
        evidence.metrics =
            parse_each("metrics", "'NAME: BEFORE -> AFTER'", self.metrics.list(), Metric::parse)?;
        evidence.note = self.note.trim_end().into();
        Ok(evidence)
    }
}

/// A bet as a person writes it.
#[derive(Clone, Debug, Default, Deserialize)]
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
        self.after = OneOrMany::Many(lists.after);
        self.proofs = OneOrMany::Many(lists.proofs);
        self.measures = OneOrMany::Many(lists.measures);
        self
    }

    /// Turns the draft into a record. `taken` says whether an open bet has a slug already.
    pub fn finish(self, desk: &Desk<'_>, taken: &dyn Fn(&str) -> bool) -> Result<Bet, DraftError> {
        let title = title(&self.title)?;
        let slug = match self.slug.trim() {
            "" => free_slug(&title, desk, taken),
            text => Slug::parse(text).map_err(|error| DraftError::new("slug", error))?,
        };
        if taken(slug.as_str()) {
            return Err(DraftError::new("slug", SlugTaken(slug)));
        }
        let period = match self.period.trim() {
            "" => Period::quarter_of(desk.now.day(), &desk.guide.calendar),
            text => Period::parse(text, &desk.guide.calendar, desk.now.day())
                .map_err(|error| DraftError::new("period", error))?,
        };
        let mut gate = BTreeMap::new();
        for (id, answer) in self.gate.into_iter().filter(|(_, answer)| !answer.trim().is_empty()) {
            let id =
                desk.guide.word(Vocabulary::Gate, &id).map_err(|error| DraftError::new("gate", error))?;
            gate.insert(id, Text::from(answer.trim()));
        }
        Ok(Bet {
            id: desk.id,
            slug,
            title,
            period: period.name.into(),
            kind: word(desk, Vocabulary::BetKind, "kind", &self.kind)?,
            stance: stance(&self.stance)?,
            outcomes: words(desk, Vocabulary::Outcome, "outcomes", self.outcomes.list())?,
            capabilities: words(desk, Vocabulary::Capability, "capabilities", self.capabilities.list())?,
            dimensions: words(desk, Vocabulary::Dimension, "dimensions", self.dimensions.list())?,
            after: bets(desk, "after", self.after.list())?,
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
        })
    }
}

/// Why a draft is no record, and the key at fault.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct DraftError {
    /// The key.
    pub key: &'static str,
    /// What is wrong with it.
    #[source]
    pub cause: anyhow::Error,
}

impl DraftError {
    /// An error at a key.
    pub fn new(key: &'static str, cause: impl Into<anyhow::Error>) -> Self {
        Self { key, cause: cause.into() }
    }

    /// The line of the key in the text that the person wrote, from 1.
    pub fn line_in(&self, text: &str) -> Option<usize> {
        let is_key = |line: &str| {
            let line = line.trim_start();
            let table = line.trim_end().trim_matches(['[', ']']) == self.key && line.starts_with('[');
            table || line.strip_prefix(self.key).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        text.lines().position(is_key).map(|place| place + 1)
    }
}

/// A text that is no day.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a date")]
pub struct NotADay(pub String);

/// A slug that an open bet has already.
#[derive(Debug, thiserror::Error)]
#[error("an open bet is called '{0}' already")]
pub struct SlugTaken(pub Slug);

/// Checks a title: one line with something to read.
pub fn title(text: &str) -> Result<Text, DraftError> {
    let text = text.trim();
    let title = Text::from(text);
    let wrong = |message: String| Err(DraftError::new("title", anyhow::Error::msg(message)));
    if title.is_blank() {
        return wrong("the title is empty".into());
    }
    if text.contains('\n') {
        return wrong("the title has more than one line; the rest belongs into the note".into());
    }
    let length = text.chars().count();
    if length > MAX_TITLE {
        return wrong(format!("the title has {length} characters, and a title has at most {MAX_TITLE}"));
    }
    Ok(title)
}

fn free_slug(title: &Text, desk: &Desk<'_>, taken: &dyn Fn(&str) -> bool) -> Slug {
    let base = Slug::from_title(title.raw(), 32)
        .or_else(|| Slug::parse(&format!("bet-{}", &desk.id.as_str()[..6])).ok())
        .unwrap_or_else(|| unreachable!("letters from k to z make a slug"));
    let numbered = (2..100).filter_map(|n| Slug::parse(&format!("{base}-{n}")).ok());
    std::iter::once(base.clone()).chain(numbered).find(|slug| !taken(slug.as_str())).unwrap_or(base)
}

fn word(
    desk: &Desk<'_>,
    family: Vocabulary,
    key: &'static str,
    text: &str,
) -> Result<Option<Slug>, DraftError> {
    match text.trim() {
        "" => Ok(None),
        text => desk.guide.word(family, text).map(Some).map_err(|error| DraftError::new(key, error)),
    }
}

fn words(
    desk: &Desk<'_>,
    family: Vocabulary,
    key: &'static str,
    texts: Vec<String>,
) -> Result<Vec<Slug>, DraftError> {
    let mut words = Vec::new();
    for text in texts.iter().flat_map(|text| text.split(',')) {
        if let Some(word) = word(desk, family, key, text)?
            && !words.contains(&word)
        {
            words.push(word);
        }
    }
    Ok(words)
}

fn bets(desk: &Desk<'_>, key: &'static str, names: Vec<String>) -> Result<Vec<RecordId>, DraftError> {
    let mut ids = Vec::new();
    for name in names.iter().flat_map(|name| name.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
        let id = (desk.find_bet)(name).map_err(|error| DraftError::new(key, anyhow::Error::msg(error)))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Reads a stance; empty is none.
pub fn stance(text: &str) -> Result<Option<Stance>, DraftError> {
    match text.trim() {
        "" => Ok(None),
        text => Stance::ALL.into_iter().find(|one| one.as_str() == text).map(Some).ok_or_else(|| {
            DraftError::new("stance", anyhow::anyhow!("unknown stance '{text}': it is own, shape or support"))
        }),
    }
}

fn parse_each<T>(
    key: &'static str,
    form: &str,
    texts: Vec<String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, DraftError> {
    texts
        .iter()
        .map(|text| {
            parse(text)
                .ok_or_else(|| DraftError::new(key, anyhow::anyhow!("'{text}' is not of the form {form}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{BetDraft, Desk, EvidenceDraft};
    use crate::model::{Day, Guide, Instant, RecordId};

    fn with_desk<T>(run: impl FnOnce(&Desk<'_>) -> T) -> T {
        let guide: Guide = toml::from_str(
            "name = \"t\"\ntitle = \"t\"\n[[dimension]]\nid = \"technical\"\nname = \"T\"\n[[gate]]\nid = \"proof\"\nquestion = \"?\"\n",
        )
        .unwrap();
        let find = |name: &str| {
            if name == "queue" { Ok(RecordId::from_bits(7)) } else { Err(format!("no bet '{name}'")) }
        };
        let desk = Desk {
            guide: &guide,
            find_bet: &find,
            day: &Day::parse,
            now: Instant::from_epoch(1_790_000_000, 3600).unwrap(),
            id: RecordId::from_bits(1),
        };
        run(&desk)
    }

    #[test]
    fn a_bare_title_is_enough() {
        let evidence =
            with_desk(|desk| EvidenceDraft::parse("title = \"It shipped\"").unwrap().finish(desk)).unwrap();
        assert_eq!(
            (evidence.title.raw(), evidence.happened.to_string().as_str()),
            ("It shipped", "2026-09-21")
        );
        assert!(evidence.is_untriaged());
    }

    #[test]
    fn errors_name_their_key_and_line() {
        for (text, line, message) in [
            ("title = \" \"", Some(1), "the title is empty"),
            ("title = \"x\"\ndimensions = [\"tecnical\"]", Some(2), "unknown dimension 'tecnical'"),
            ("title = \"x\"\nbets = \"que\"", Some(2), "no bet 'que'"),
            ("title = \"x\"\n\nhappened = \"2026-02-30\"", Some(3), "'2026-02-30' is not a date"),
            (
                "title = \"x\"\nstance = \"owner\"",
                Some(2),
                "unknown stance 'owner': it is own, shape or support",
            ),
            (
                "title = \"x\"\nmetrics = [\"fast\"]",
                Some(2),
                "'fast' is not of the form 'NAME: BEFORE -> AFTER'",
            ),
        ] {
            let error = with_desk(|desk| EvidenceDraft::parse(text).unwrap().finish(desk)).unwrap_err();
            assert_eq!((error.line_in(text), error.to_string().as_str()), (line, message));
        }
        assert_eq!(EvidenceDraft::parse("title = \"x\"\ntitel = \"y\"").unwrap_err().line, Some(2));
    }

    #[test]
    fn bets_get_a_free_slug_and_keep_only_answers() {
        let text = "title = \"One queue!\"\nperiod = \"2026-Q4\"\n[gate]\nproof = \"a dashboard\"\n";
        let bet = with_desk(|desk| BetDraft::parse(text).unwrap().finish(desk, &|slug| slug == "one-queue"))
            .unwrap();
        assert_eq!((bet.slug.as_str(), bet.gate.len()), ("one-queue-2", 1));
        let error = with_desk(|desk| {
            BetDraft::parse("title = \"x\"\n[gate]\nprof = \"a\"\n").unwrap().finish(desk, &|_| false)
        });
        assert_eq!(error.unwrap_err().to_string(), "unknown gate question 'prof'");
    }
}
