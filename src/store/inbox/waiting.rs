//! What waits: suggestions with where they came from, put together to whole pieces of work.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::harvest::weeks;
use crate::harvest::whole::{self, Whole};
use crate::model::suggestion::{Credit, Suggestion, TakenBack};
use crate::model::{ArtifactKind, Text};

/// What waits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Waiting {
    pub(super) version: u32,
    /// How far each ref of each repository was read: common directory, ref, commit.
    pub cursors: BTreeMap<PathBuf, BTreeMap<String, String>>,
    /// Where reading ended in a shallow clone, by common directory: what lies behind may come.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shallow: BTreeMap<PathBuf, BTreeSet<String>>,
    /// What each repository is called, by common directory.
    #[serde(default)]
    pub names: BTreeMap<PathBuf, Text>,
    /// Suggestions, in no particular order.
    pub items: Vec<Item>,
    /// Changes of others that credit me, of the months that may still grow, by common directory.
    #[serde(default)]
    pub credits: BTreeMap<PathBuf, Vec<Credit>>,
    /// Work of mine that was taken back and did not come again.
    #[serde(default)]
    pub taken_back: Vec<TakenBack>,
}

/// A suggestion and the repository on this machine that it came from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// The suggestion.
    pub suggestion: Suggestion,
    /// The directory of the repository.
    pub dir: PathBuf,
    /// Other directories that parts of it came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<PathBuf>,
}

impl Item {
    /// A suggestion from a repository.
    pub fn new(suggestion: Suggestion, dir: PathBuf) -> Self {
        Self { suggestion, dir, also: Vec::new() }
    }

    /// True when `newer` says everything about the same work that this one could say.
    fn is_old_beside(&self, newer: &Suggestion) -> bool {
        let sees_commits =
            |one: &Suggestion| one.artifacts.iter().any(|artifact| artifact.kind == ArtifactKind::Commit);
        sees_commits(&self.suggestion) == sees_commits(newer)
            && self.suggestion.keys.iter().all(|key| newer.keys.contains(key))
    }
}

impl Waiting {
    /// Puts in suggestions, each instead of what it replaces; `fresh` hears of those about work that was not there.
    pub fn put(
        &mut self,
        found: impl IntoIterator<Item = (PathBuf, Suggestion)>,
        mut fresh: impl FnMut(&Suggestion),
    ) {
        let mut by_key: HashMap<Text, Vec<usize>> = HashMap::new();
        let mut gone = vec![false; self.items.len()];
        for (at, item) in self.items.iter().enumerate() {
            item.suggestion.keys.iter().for_each(|key| by_key.entry(key.clone()).or_default().push(at));
        }
        for (dir, suggestion) in found {
            let met: BTreeSet<usize> =
                suggestion.keys.iter().filter_map(|key| by_key.get(key)).flatten().copied().collect();
            if met.is_empty() {
                fresh(&suggestion);
            }
            for at in met {
                gone[at] |= self.items[at].is_old_beside(&suggestion);
            }
            for key in &suggestion.keys {
                by_key.entry(key.clone()).or_default().push(self.items.len());
            }
            gone.push(false);
            self.items.push(Item::new(suggestion, dir));
        }
        let mut gone = gone.into_iter();
        self.items.retain(|_| !gone.next().unwrap_or(false));
    }

    /// The pieces of work that wait, each once, whatever it was put together from.
    pub fn wholes(&self) -> Vec<Item> {
        let parts: Vec<&Suggestion> = self.items.iter().map(|item| &item.suggestion).collect();
        joined(&self.items, whole::wholes(&parts))
    }
}

/// Pieces of work with small related ones gathered.
pub fn gathered(pieces: &[Item]) -> Vec<Item> {
    // A remote names a repository everywhere; without one only its place does.
    let homes: Vec<String> = pieces
        .iter()
        .map(|item| match item.suggestion.repo.raw().contains('/') {
            true => String::new(),
            false => item.dir.display().to_string(),
        })
        .collect();
    let told: Vec<(&Suggestion, &str)> =
        pieces.iter().zip(&homes).map(|(item, home)| (&item.suggestion, home.as_str())).collect();
    joined(pieces, weeks::gather(&told))
}

/// Items of what was put together from others, with every directory that a part came from.
fn joined(items: &[Item], wholes: Vec<Whole>) -> Vec<Item> {
    let item = |one: Whole| {
        let mut dirs: Vec<PathBuf> = Vec::new();
        for item in one.parts.iter().map(|at| &items[*at]) {
            for dir in [&item.dir].into_iter().chain(&item.also) {
                if !dirs.contains(dir) {
                    dirs.push(dir.clone());
                }
            }
        }
        let dir = if dirs.is_empty() { PathBuf::new() } else { dirs.remove(0) };
        Item { suggestion: one.suggestion, dir, also: dirs }
    };
    wholes.into_iter().map(item).collect()
}
