//! Findings: what a rule says, and the records it rests on.

use std::collections::BTreeMap;

use crate::model::{RecordId, Text};

/// A rule's verdict, with everything that it rests on.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Names the finding within its report: the rule, and from the second on its number, such as `gate-answered/2`.
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
        Self { id: rule.to_owned(), rule, tone, message: message.into(), records }
    }
}

/// Numbers the findings of a report in their order, so that each has a name of its own.
pub(super) fn number<'f>(findings: impl IntoIterator<Item = &'f mut Finding>) {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry(finding.rule).or_default();
        *count += 1;
        if *count > 1 {
            finding.id = format!("{}/{count}", finding.rule);
        }
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
