//! Drafts: what a person writes in an editor, on standard input or in flags, before it becomes a record.
//!
//! A draft is friendlier than a record: days may be words, bets may be slugs, artifacts and metrics may be one line.

mod bet;
mod decision;
mod evidence;
mod objective;
mod review;
mod said;

pub use bet::{BetDraft, BetLists};
pub use decision::DecisionDraft;
pub use evidence::{EvidenceDraft, EvidenceLists};
pub use objective::ObjectiveDraft;
pub use review::{CourseDraft, RatingDraft, ReviewDraft, Reviewed};
pub use said::{fill, is_bare};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::model::guide::Vocabulary;
use crate::model::{Day, Guide, Instant, Period, RecordId, Slug, Stance, Text};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;

/// Everything that a draft is read against.
pub struct Desk<'a> {
    /// The guide, for words and quarters.
    pub guide: &'a Guide,
    /// Finds a bet by slug, id or unique prefix.
    pub find_bet: &'a dyn Fn(&str) -> Result<RecordId, String>,
    /// Finds an objective by slug, id or unique prefix.
    pub find_objective: &'a dyn Fn(&str) -> Result<RecordId, String>,
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

impl Serialize for OneOrMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => Vec::<String>::new().serialize(serializer),
            Self::One(one) => [one].serialize(serializer),
            Self::Many(many) => many.serialize(serializer),
        }
    }
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

/// A slug that something open has already.
#[derive(Debug, thiserror::Error)]
#[error("an open {noun} is called '{slug}' already")]
pub struct SlugTaken {
    /// What has it.
    pub noun: &'static str,
    /// The slug.
    pub slug: Slug,
}

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

fn found(
    key: &'static str,
    find: &dyn Fn(&str) -> Result<RecordId, String>,
    names: Vec<String>,
) -> Result<Vec<RecordId>, DraftError> {
    let mut ids = Vec::new();
    for name in names.iter().flat_map(|name| name.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
        let id = find(name).map_err(|error| DraftError::new(key, anyhow::Error::msg(error)))?;
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

/// A slug from a title that nobody uses yet; `noun` begins one when the title has no letters.
fn free_slug(title: &Text, noun: &str, desk: &Desk<'_>, taken: &dyn Fn(&str) -> bool) -> Slug {
    let base = Slug::from_title(title.raw(), 32)
        .or_else(|| Slug::parse(&format!("{noun}-{}", &desk.id.as_str()[..6])).ok())
        .unwrap_or_else(|| unreachable!("letters from k to z make a slug"));
    let numbered = (2..100).filter_map(|n| Slug::parse(&format!("{base}-{n}")).ok());
    std::iter::once(base.clone()).chain(numbered).find(|slug| !taken(slug.as_str())).unwrap_or(base)
}

/// The slug that was asked for, or a free one; refused when something open has it.
fn slug(
    text: &str,
    title: &Text,
    noun: &'static str,
    desk: &Desk<'_>,
    taken: &dyn Fn(&str) -> bool,
) -> Result<Slug, DraftError> {
    let slug = match text.trim() {
        "" => free_slug(title, noun, desk, taken),
        text => Slug::parse(text).map_err(|error| DraftError::new("slug", error))?,
    };
    if taken(slug.as_str()) { Err(DraftError::new("slug", SlugTaken { noun, slug })) } else { Ok(slug) }
}

/// A period in canonical form; the quarter of today when it is empty.
fn period(text: &str, desk: &Desk<'_>) -> Result<Text, DraftError> {
    let today = desk.now.day();
    let period = match text.trim() {
        "" => Period::quarter_of(today, &desk.guide.calendar),
        text => Period::parse(text, &desk.guide.calendar, today)
            .map_err(|error| DraftError::new("period", error))?,
    };
    Ok(period.name.into())
}

/// Answers by a word of the guide; empty ones are left out.
fn answers(
    desk: &Desk<'_>,
    family: Vocabulary,
    key: &'static str,
    texts: BTreeMap<String, String>,
) -> Result<BTreeMap<Slug, Text>, DraftError> {
    let mut answers = BTreeMap::new();
    for (id, answer) in texts.into_iter().filter(|(_, answer)| !answer.trim().is_empty()) {
        let id = desk.guide.word(family, &id).map_err(|error| DraftError::new(key, error))?;
        answers.insert(id, Text::from(answer.trim()));
    }
    Ok(answers)
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
            find_objective: &find,
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
