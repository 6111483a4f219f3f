//! Findings: what a rule says, and the records it rests on.

use crate::model::{RecordId, Text};

/// A rule's verdict, with everything that it rests on.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Names this very finding: the rule, and four letters derived from what it says and rests on.
    pub id: String,
    /// The rule's stable id.
    pub rule: &'static str,
    /// Whether it speaks for or against.
    pub tone: Tone,
    /// The verdict in words.
    pub message: Text,
    /// The records it rests on, in the order of their ids.
    pub records: Vec<RecordId>,
}

impl Finding {
    /// A finding on these records.
    pub fn new(
        rule: &'static str,
        tone: Tone,
        message: impl Into<Text>,
        records: impl IntoIterator<Item = RecordId>,
    ) -> Self {
        let mut records: Vec<_> = records.into_iter().collect();
        records.sort_unstable();
        records.dedup();
        let message = message.into();
        let ids: Vec<&str> = records.iter().map(RecordId::as_str).collect();
        let mark = RecordId::derived(&format!("{rule} {} {}", message.raw(), ids.join(" ")));
        Self { id: format!("{rule}/{}", &mark.as_str()[..4]), rule, tone, message, records }
    }
}

/// Whether a finding speaks for or against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// It speaks for.
    Good,
    /// It is worth knowing.
    Note,
    /// It needs attention.
    Warning,
    /// Something that should be there is not.
    Gap,
}

/// How far the records answer a question. Never computed from a number of records alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// No rule of this program can answer: the person has to.
    Yours,
    /// There is nothing to read.
    Nothing,
    /// What is there does not suffice for a judgement.
    TooLittle,
    /// The records speak against.
    Weak,
    /// Partly.
    Fair,
    /// The records carry it.
    Strong,
}

impl Reading {
    /// The words that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yours => "yours to answer",
            Self::Nothing => "nothing recorded",
            Self::TooLittle => "too little to judge",
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}
