//! Work that was decided on and got other words since: an amend or a rebase that rewords makes no new work.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::Context;
use crate::error::CommandError;
use crate::harvest::{commit_key, moment};
use crate::model::suggestion::Suggestion;
use crate::model::{ArtifactKind, Day, RecordId};
use crate::store::inbox::Known;
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// How often a commit is followed back: amended, and amended again.
const DEPTH: usize = 16;

/// Commits by id, each with its key.
type Keys = BTreeMap<String, String>;

/// What is known of commits that a suggestion may be the new words of.
struct Past<'k> {
    decided: BTreeSet<&'k RecordId>,
    /// What each commit was before, as hooks have told.
    before: BTreeMap<String, Vec<String>>,
    /// Keys of those that are gone from every branch.
    gone: Keys,
    /// Keys of those that a branch leads to, by their author and moment.
    standing: BTreeMap<String, Keys>,
    /// What some of all these change.
    patches: BTreeMap<String, String>,
}

impl Context {
    /// Takes out of `found` what was decided on under other words. Only that of which every commit was.
    pub(super) fn drop_reworded(
        &self,
        project: &Project,
        found: &mut Vec<Suggestion>,
        known: &Known,
    ) -> Result<(), CommandError> {
        let rewrites = self.inbox()?.rewrites(project.common_dir());
        let mut before: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (old, new) in rewrites {
            before.entry(new).or_default().push(old);
        }
        let met: Vec<&Suggestion> = found
            .iter()
            .filter(|one| known.met(one) || commits(one).any(|(id, _)| before.contains_key(id)))
            .collect();
        let Some(first) = met.iter().map(|one| one.happened).min() else { return Ok(()) };
        let ids: BTreeSet<String> =
            met.iter().flat_map(|one| commits(one)).map(|(id, _)| id.to_owned()).collect();
        let moments: BTreeSet<String> = met
            .iter()
            .flat_map(|one| &one.keys)
            .filter_map(|key| moment(key.raw()))
            .map(str::to_owned)
            .collect();
        let standing = if met.iter().any(|one| known.met(one)) {
            standing(project, &moments, first.plus(-1), self.branch()?)
        } else {
            BTreeMap::new()
        };
        let olds: BTreeSet<String> = ancestry(&before, &ids);
        let gone = gone(project, &olds)?;
        let alike = standing.values().filter(|keys| keys.len() > 1).flat_map(Keys::keys).cloned();
        let patches = project.patch_ids(&alike.collect::<Vec<_>>()).unwrap_or_default();
        let decided = known.decided.iter().collect();
        let past = Past { decided, before, gone, standing, patches };
        found.retain(|one| {
            let mut commits = commits(one).peekable();
            commits.peek().is_none() || !commits.all(|(id, key)| past.knows(id, &key))
        });
        Ok(())
    }
}

impl Past<'_> {
    fn is_decided(&self, key: &str) -> bool {
        self.decided.contains(&RecordId::derived(key))
    }

    /// True for a commit that was decided on before it got its words.
    fn knows(&self, id: &str, key: &str) -> bool {
        // What hooks have told counts most: what several commits became was decided on when each of them was.
        let told = self.before.get(id).is_some_and(|olds| olds.iter().any(|old| self.gone.contains_key(old)));
        if told { self.was_decided(id, DEPTH) } else { self.is_reworded(id, key) }
    }

    fn was_decided(&self, id: &str, depth: usize) -> bool {
        let olds = self.before.get(id).map(Vec::as_slice).unwrap_or_default();
        let decided = |old: &String| {
            self.gone.get(old).is_some_and(|key| self.is_decided(key))
                || depth > 0 && self.was_decided(old, depth - 1)
        };
        !olds.is_empty() && olds.iter().all(decided)
    }

    /// Author and moment are those of a commit that was decided on, which either is gone, and this the only one in
    /// its place, or changes the same.
    fn is_reworded(&self, id: &str, key: &str) -> bool {
        let Some(keys) = moment(key).and_then(|moment| self.standing.get(moment)) else { return false };
        let (decided, open): (Vec<_>, Vec<_>) = keys.iter().partition(|(_, key)| self.is_decided(key));
        let patch = self.patches.get(id);
        if decided.is_empty() {
            return open.iter().all(|(_, other)| *other == key);
        }
        patch.is_some() && decided.iter().any(|(id, _)| self.patches.get(*id) == patch)
    }
}

/// The commits of a suggestion, with their keys.
fn commits(one: &Suggestion) -> impl Iterator<Item = (&str, String)> {
    let commits = one.artifacts.iter().filter(|artifact| artifact.kind == ArtifactKind::Commit);
    commits.filter_map(|artifact| {
        let (author, subject) = (artifact.author.as_ref()?, artifact.subject.as_ref()?);
        let key = commit_key(author.raw(), artifact.authored?, subject.raw());
        Some((artifact.reference.raw(), key))
    })
}

/// Everything that some commits were before.
fn ancestry(before: &BTreeMap<String, Vec<String>>, ids: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&String> = ids.iter().collect();
    while let Some(id) = waiting.pop() {
        for old in before.get(id).into_iter().flatten() {
            if found.insert(old.clone()) {
                waiting.push(old);
            }
        }
    }
    found
}

/// Those of some commits that git still has and that no branch leads to, each with its key.
fn gone(project: &Project, ids: &BTreeSet<String>) -> Result<Keys, CommandError> {
    if ids.is_empty() {
        return Ok(Keys::new());
    }
    let standing = project.standing(ids)?;
    let only = ids.iter().filter(|id| !standing.contains(*id)).cloned().collect();
    let mut found = Keys::new();
    // What cannot be read was not decided on, as far as anybody knows.
    let _ = history(project, &HistoryQuery { only: Some(only), ..HistoryQuery::default() }, |commit| {
        let key = commit_key(commit.author.email.raw(), commit.authored, commit.subject.raw());
        found.insert(commit.id, key);
        ControlFlow::Continue(())
    });
    Ok(found)
}

/// The commits that branches lead to and that were written by an author at one of some moments.
fn standing(
    project: &Project,
    moments: &BTreeSet<String>,
    since: Day,
    journal: &str,
) -> BTreeMap<String, Keys> {
    let query = HistoryQuery {
        range: vec!["--all".to_owned()],
        since: Some(since),
        hidden_refs: vec![format!("refs/heads/{journal}")],
        ..HistoryQuery::default()
    };
    let mut found: BTreeMap<String, Keys> = BTreeMap::new();
    let _ = history(project, &query, |commit| {
        let key = commit_key(commit.author.email.raw(), commit.authored, commit.subject.raw());
        if let Some(moment) = moment(&key).filter(|moment| moments.contains(*moment)) {
            found.entry(moment.to_owned()).or_default().insert(commit.id, key);
        }
        ControlFlow::Continue(())
    });
    found
}
