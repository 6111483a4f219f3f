//! What went from one journal to another, in records.

use std::collections::BTreeMap;

use super::diff::What;
use crate::model::{Kind, RecordId, Text};

/// What lies between two revisions, counted, with the titles of a few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// How many records of each kind, by what happened to them.
    pub counts: BTreeMap<(Kind, What), usize>,
    /// A few of them.
    pub named: Vec<Named>,
    /// Files that are no records, such as the guide.
    pub others: Vec<Text>,
    /// Records in which two values stand where one can hold.
    pub conflicts: Vec<Conflicted>,
    /// Fields of the guide that have two values.
    pub guide: Vec<Text>,
}

/// A record by its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What happened to it.
    pub what: What,
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// Its title; none when it cannot be read.
    pub title: Option<Text>,
}

/// A record with conflicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicted {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// Its title; none when it cannot be read.
    pub title: Option<Text>,
    /// The fields that have two values.
    pub fields: Vec<Text>,
}

impl Exchange {
    /// True when nothing lies between.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.others.is_empty()
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.counts.values().sum()
    }
}
