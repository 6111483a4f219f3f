//! A suggestion: what harvest proposes as evidence, and why.

use serde::{Deserialize, Serialize};

use super::artifact::Artifact;
use super::calendar::Day;
use super::id::RecordId;
use super::project::Person;
use super::slug::Slug;
use super::text::Text;
use super::verdict::Never;

/// A piece of work that looks like evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Derived from the first key: the same work has the same id on every machine.
    pub id: RecordId,
    /// Keys by which the piece of work is met again: pull request, or author, author date and subject.
    pub keys: Vec<Text>,
    /// What happened, from the subject without its decorations.
    pub title: Text,
    /// The author date's day.
    pub happened: Day,
    /// The repository, by remote.
    pub repo: Text,
    /// The kind it looks like.
    pub kind: Option<Slug>,
    /// The rubric dimensions it looks like.
    pub dimensions: Vec<Slug>,
    /// The bets it looks like it serves.
    pub bets: Vec<RecordId>,
    /// Commits, pull requests and issues it rests on.
    pub artifacts: Vec<Artifact>,
    /// Tenths of a point; the sum of the signals.
    pub score: i32,
    /// What added to the score and what took away, strongest first.
    pub signals: Vec<Signal>,
    /// What it shares with other work, for learning from verdicts: `type:fix`, `area:parser`.
    #[serde(default)]
    pub traits: Vec<Text>,
    /// The part of the tree that most of it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Text>,
    /// What "never like this" would mean for it.
    pub pattern: Never,
    /// True when the commit itself asks to be kept (`Okr-Bet:` or `Okr-Evidence:`).
    pub asked: bool,
}

/// One named reason for or against a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// A stable name, such as `type-feat`.
    pub name: String,
    /// Tenths of a point.
    pub points: i32,
    /// The reason in words.
    pub why: Text,
}

/// A change of somebody else that credits me.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Credit {
    /// Derived from the change's own key: the same after a rewrite.
    pub id: RecordId,
    /// The day it was committed.
    pub day: Day,
    /// What it credits me for, by the guide's roles.
    pub roles: Vec<Slug>,
    /// The part of the product that it touched, when it was one.
    pub area: Option<Text>,
    /// Who wrote it.
    pub author: Person,
    /// Its review, or its commit.
    pub artifact: Artifact,
}

/// Work of mine that somebody took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Every key by which the work is met.
    pub keys: Vec<Text>,
    /// The commit that took it back.
    pub by: Text,
    /// What that says.
    pub subject: Text,
    /// The day it was committed.
    pub day: Day,
}
