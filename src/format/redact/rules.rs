//! `rules.toml`: what an export must not say, and what stands for it.

use serde::Deserialize;

use super::matching::{Number, Word};
use crate::format::decode::{DecodeError, from_toml};
use crate::model::{Slug, Text};

/// What must not be said. An unknown key is refused: a category that is misspelt would be said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// What pseudonyms are keyed by; without it, a secret that stays with the journal.
    #[serde(default)]
    pub secret: Option<Text>,
    /// Names of people and teams.
    #[serde(default)]
    pub people: Vec<Entry>,
    /// Names of repositories.
    #[serde(default)]
    pub repositories: Vec<Entry>,
    /// Names of machines and domains.
    #[serde(default)]
    pub hosts: Vec<Entry>,
    /// Any other word: products, projects, customers.
    #[serde(default)]
    pub words: Vec<Entry>,
    /// Numbers as they are written.
    #[serde(default)]
    pub numbers: Vec<Text>,
    /// Regular expressions.
    #[serde(default, rename = "pattern")]
    pub patterns: Vec<Pattern>,
    /// Words that may stay, although a listed word is in them.
    #[serde(default)]
    pub keep: Vec<Text>,
    /// Whether links are replaced as a whole.
    #[serde(default = "yes")]
    pub links: bool,
    /// Whether e-mail addresses are replaced.
    #[serde(default = "yes")]
    pub addresses: bool,
    /// Whether ids of commits and changes are replaced.
    #[serde(default = "yes")]
    pub commits: bool,
    /// Whether every measured value is replaced: of metrics, readings, baselines and targets.
    #[serde(default)]
    pub measurements: bool,
}

/// One word, or several names of one thing.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// A word.
    One(Text),
    /// Names that get one pseudonym.
    Same(Vec<Text>),
}

impl Entry {
    /// All of its names.
    pub fn names(&self) -> &[Text] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Same(names) => names,
        }
    }
}

/// A regular expression and what its finds are called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// What a pseudonym begins with.
    pub name: Slug,
    /// The expression; without regard to case.
    pub regex: Text,
}

fn yes() -> bool {
    true
}

/// Why rules cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The file is no rules file.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A word that would be everywhere or nowhere.
    #[error("'{0}' has fewer than two letters or digits: it cannot be told apart")]
    Short(String),
    /// A number without a digit.
    #[error("'{0}' is in numbers, and has no digit")]
    NoNumber(String),
    /// A regular expression that is none, or that finds what is nothing.
    #[error("pattern '{0}': {1}")]
    Pattern(String, String),
    /// Rules that name whatever could stand for a word.
    #[error("the words and patterns find everything: no pseudonym is left")]
    Everything,
    /// A secret that could be guessed.
    #[error("the secret is shorter than 16 characters: whoever guesses it can undo the pseudonyms")]
    Secret,
}

impl Rules {
    /// Reads and checks rules.
    pub fn decode(text: &str) -> Result<Self, RuleError> {
        let rules: Self = from_toml(text)?;
        let shown = |text: &Text| text.visible();
        let listed = rules.listed().flat_map(|(_, entry)| entry.names().iter()).chain(&rules.keep);
        if let Some(short) = listed.into_iter().find(|name| Word::new(name.raw()).is_none()) {
            return Err(RuleError::Short(shown(short)));
        }
        if let Some(none) = rules.numbers.iter().find(|number| Number::new(number.raw()).is_none()) {
            return Err(RuleError::NoNumber(shown(none)));
        }
        if rules.secret.as_ref().is_some_and(|secret| secret.raw().chars().count() < 16) {
            return Err(RuleError::Secret);
        }
        Ok(rules)
    }

    /// Every entry of words, with what its pseudonyms begin with.
    pub(super) fn listed(&self) -> impl Iterator<Item = (&'static str, &Entry)> {
        let lists = [
            ("person", &self.people),
            ("repository", &self.repositories),
            ("host", &self.hosts),
            ("word", &self.words),
        ];
        lists.into_iter().flat_map(|(category, entries)| entries.iter().map(move |entry| (category, entry)))
    }
}
