//! Commits that others of a harvest speak of and that were read before: what was picked, squashed or taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use super::Context;
use super::harvesting::Placed;
use crate::error::CommandError;
use crate::harvest::suggest::Found;
use crate::harvest::{is_mine, message};
use crate::model::project::ProjectCommit;
use crate::model::suggestion::{Suggestion, TakenBack};
use crate::model::{Artifact, ArtifactKind, Instant, Text};
use crate::report::status::TakenBackEvidence;
use crate::store::inbox::{Item, Waiting};
use crate::store::journal::{Scope, Shards};
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};
use crate::store::project::line_counts::count_lines;
use crate::store::project::program::GitError;

/// How often what was named may name more: a revert of a revert of a revert.
const DEPTH: usize = 4;

/// Commits that are read for being named, at each step.
const MOST_NAMED: usize = 500;

/// Commits whose changes are compared, on either side.
const MOST_COMPARED: usize = 50;

/// Commits that are looked at for branches that have not landed.
const MOST_APART: usize = 1000;

/// Commits with one and the same change, by their ids; the one that the other became comes first.
type Pairs = Vec<(String, String)>;

impl Context {
    /// Reads what `commits` speak of and do not hold, and adds it to them. Returns pairs with one and the same change.
    pub(super) fn refer(
        &self,
        project: &Project,
        commits: &mut Vec<ProjectCommit>,
        me: &[Text],
    ) -> Result<Pairs, CommandError> {
        let mut known: BTreeSet<String> = commits.iter().map(|commit| commit.id.clone()).collect();
        let landed: Vec<&ProjectCommit> =
            commits.iter().filter(|one| is_mine(one, me) && one.parents.len() < 2).collect();
        let (branch, same) = self.landed(project, &landed, &known)?;
        let mut wanted: BTreeSet<String> = named(commits).chain(branch).collect();
        for _ in 0..DEPTH {
            wanted.retain(|id| !known.contains(id));
            if wanted.is_empty() {
                break;
            }
            let mut read = read(project, wanted.iter().take(MOST_NAMED).cloned().collect());
            known.append(&mut wanted);
            let mut mine: Vec<ProjectCommit> = read.extract_if(.., |one| is_mine(one, me)).collect();
            count_lines(project, &mut mine);
            read.append(&mut mine);
            wanted = named(&read).collect();
            commits.append(&mut read);
        }
        Ok(same)
    }

    /// Commits that wait and that one of `new` ones may have become: those that a squash names, and those whose change, or
    /// that of their whole branch, it holds; with the pairs of these, the squash first.
    fn landed(
        &self,
        project: &Project,
        new: &[&ProjectCommit],
        known: &BTreeSet<String>,
    ) -> Result<(Vec<String>, Pairs), CommandError> {
        if new.is_empty() {
            return Ok(Default::default());
        }
        let names: BTreeSet<&str> =
            new.iter().filter(|one| is_squash(one)).flat_map(|one| titles(one)).collect();
        let waiting = self.inbox()?.load().items;
        let (mut branch, mut others) = (Vec::new(), BTreeMap::new());
        for (commit, id, subject) in waiting.iter().flat_map(|item| waits(item, project.place())) {
            if known.contains(id) {
                continue;
            }
            if names.contains(message::bare_subject(subject)) {
                branch.push(id.to_owned());
            } else {
                others.extend(commit.authored.map(|authored| (id.to_owned(), authored)));
            }
        }
        // What git cannot compare stays apart.
        let same = folds(project, new, &others).unwrap_or_default();
        branch.extend(same.iter().map(|(_, part)| part.clone()));
        Ok((branch, same))
    }

    /// Leaves alone what was taken back by a commit that this clone has not seen yet: here it only seems to stand.
    pub(super) fn leave_taken(
        &self,
        project: &Project,
        waiting: &Waiting,
        placed: &mut Placed,
        found: &mut Found,
    ) -> Result<(), CommandError> {
        let by: BTreeSet<String> = waiting.taken_back.iter().map(|one| one.by.raw().to_owned()).collect();
        if by.is_empty() || placed.is_empty() && found.stands.is_empty() {
            return Ok(());
        }
        let seen = project.existing(&by)?;
        let unseen = waiting.taken_back.iter().filter(|one| !seen.contains(one.by.raw()));
        let keys: BTreeSet<&Text> = unseen.flat_map(|one| &one.keys).collect();
        placed.retain(|(_, one)| !one.keys.iter().any(|key| keys.contains(key)));
        found.stands.retain(|key| !keys.contains(key));
        Ok(())
    }

    /// Evidence that rests on work which was taken back, unless it names the commit that did so.
    pub fn taken_back(&self) -> Result<Vec<TakenBackEvidence>, CommandError> {
        let waiting = self.inbox()?.load();
        if waiting.taken_back.is_empty() {
            return Ok(Vec::new());
        }
        let by_key: BTreeMap<&str, &TakenBack> = waiting
            .taken_back
            .iter()
            .flat_map(|one| one.keys.iter().map(move |key| (key.raw(), one)))
            .collect();
        let journal = self.journal()?;
        let all = Scope { check_ins: false, evidence: Shards::All, decisions: Shards::None };
        let snapshot = journal.snapshot(&journal.tip()?, all)?;
        let lost = snapshot.evidence.iter().filter_map(|evidence| {
            let keys = evidence.artifacts.iter().flat_map(crate::harvest::keys_of);
            let one = keys.into_iter().find_map(|key| by_key.get(key.as_str()))?;
            let told = |by: &Text| by.raw().len() >= 7 && one.by.raw().starts_with(by.raw());
            let known = evidence.artifacts.iter().any(|artifact| told(&artifact.reference));
            let lost = TakenBackEvidence {
                id: evidence.id,
                title: evidence.title.clone(),
                by: one.by.clone(),
                subject: one.subject.clone(),
            };
            (!known).then_some(lost)
        });
        Ok(lost.collect())
    }
}

/// Takes what was taken back out of what waits, and keeps it in mind until it comes back. What only says that it takes
/// something back waits no more.
pub(super) fn take_back(waiting: &mut Waiting, found: Found) {
    let stands: BTreeSet<&str> = found.stands.iter().map(Text::raw).collect();
    waiting.taken_back.retain(|one| !one.keys.iter().any(|key| stands.contains(key.raw())));
    let none: BTreeSet<&str> = found.none.iter().map(Text::raw).collect();
    waiting.items.retain(|item| !item.suggestion.keys.iter().all(|key| none.contains(key.raw())));
    for one in found.taken_back {
        waiting.items.retain(|item| !shares(&item.suggestion, &one));
        waiting.taken_back.retain(|old| old.keys.first() != one.keys.first());
        waiting.taken_back.push(one);
    }
}

fn shares(suggestion: &Suggestion, taken: &TakenBack) -> bool {
    suggestion.keys.iter().any(|key| taken.keys.contains(key))
}

/// Whole ids that messages say were picked or taken back.
fn named(commits: &[ProjectCommit]) -> impl Iterator<Item = String> {
    commits.iter().flat_map(|commit| {
        let body = commit.body.raw();
        let ids = message::reverted_commits(body).into_iter().chain(message::picked_commits(body));
        ids.filter(|id| matches!(id.len(), 40 | 64)).map(str::to_ascii_lowercase).collect::<Vec<_>>()
    })
}

/// Pairs of a new commit and one of `others` that it has become: both hold the same change, or it holds that of the whole
/// branch. What it stands on it has not become, nor what it was amended from and another branch still has; and where several hold
/// the change nobody knows which.
fn folds(
    project: &Project,
    new: &[&ProjectCommit],
    others: &BTreeMap<String, Instant>,
) -> Result<Pairs, GitError> {
    let near = |one: &ProjectCommit, written: &Instant| {
        (0..60).contains(&one.authored.day().since(written.day())) && one.authored != *written
    };
    let others: BTreeMap<&String, &Instant> =
        others.iter().filter(|(_, written)| new.iter().any(|one| near(one, written))).collect();
    if others.is_empty() {
        return Ok(Pairs::new());
    }
    let tips: BTreeSet<String> = new.iter().map(|one| one.id.clone()).collect();
    let ids = others.keys().map(|id| (*id).clone()).collect();
    let apart: Vec<String> = project.apart(&ids, &tips, MOST_APART)?;
    let parts: Vec<String> = apart.iter().filter(|id| others.contains_key(id)).cloned().collect();
    if parts.is_empty() {
        return Ok(Pairs::new());
    }
    let wholes = project.wholes(&apart)?;
    let mut newest: Vec<&&ProjectCommit> =
        new.iter().filter(|one| parts.iter().any(|part| near(one, others[part]))).collect();
    newest.sort_by_key(|one| std::cmp::Reverse(one.committed));
    let candidates: Vec<String> = newest.iter().take(MOST_COMPARED).map(|one| one.id.clone()).collect();
    let changes = project.patch_ids(&candidates)?;
    let alone = project.patch_ids(&parts.iter().take(MOST_COMPARED).cloned().collect::<Vec<_>>())?;
    let mut folds = Pairs::new();
    for part in parts {
        let holds = |change: &String| {
            alone.get(&part) == Some(change) || wholes.get(&part).is_some_and(|all| all.contains(change))
        };
        let later = |id: &String| newest.iter().any(|one| one.id == *id && near(one, others[&part]));
        let mut became = changes.iter().filter(|(id, change)| holds(change) && later(id));
        if let (Some((one, _)), None) = (became.next(), became.next()) {
            folds.push((one.clone(), part));
        }
    }
    Ok(folds)
}

/// True for a commit whose subject ends as forges end that of a squash.
fn is_squash(commit: &ProjectCommit) -> bool {
    let subject = commit.subject.raw().trim();
    commit.parents.len() < 2 && message::bare_subject(subject).len() < subject.len()
}

/// The subject of a squash, and those of the list in its message.
fn titles(commit: &ProjectCommit) -> impl Iterator<Item = &str> {
    let listed = commit.body.raw().lines().filter_map(|line| line.strip_prefix("* "));
    std::iter::once(commit.subject.raw()).chain(listed).map(message::bare_subject)
}

/// Commits of a suggestion that waits and has no review yet.
fn waits<'i>(item: &'i Item, place: &Path) -> Vec<(&'i Artifact, &'i str, &'i str)> {
    let artifacts = &item.suggestion.artifacts;
    let reviewed = artifacts.iter().any(|one| one.kind == ArtifactKind::PullRequest && one.repo.is_some());
    let own = item.dir == place && !reviewed;
    let commits = artifacts.iter().filter(|one| own && one.kind == ArtifactKind::Commit);
    commits.filter_map(|one| Some((one, one.reference.raw(), one.subject.as_ref()?.raw()))).collect()
}

/// Commits by their ids; those that are not here are left out.
fn read(project: &Project, ids: Vec<String>) -> Vec<ProjectCommit> {
    let query = HistoryQuery { only: Some(ids), ..HistoryQuery::default() };
    let mut found = Vec::new();
    // What is not here cannot be told from what never was: a shallow clone has neither.
    let _ = history(project, &query, |commit| {
        found.push(commit);
        ControlFlow::Continue(())
    });
    found
}
