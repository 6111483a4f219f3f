//! Links of evidence to commits of the repository one stands in: which are lost, and what they became.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde::Serialize;

use super::Context;
use crate::error::CommandError;
use crate::harvest::learn;
use crate::harvest::reanchor::{Gone, History, Outcome, Step, Trace};
use crate::harvest::rewrites::follow;
use crate::model::project::ProjectCommit;
use crate::model::{Artifact, ArtifactKind, Day, Evidence, Instant, Record, RecordId, Snapshot, Text};
use crate::store::journal::{Scope, Shards, Transaction, Write};
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// How many commits that only remain are looked at.
const MOST_PAST: usize = 2000;

/// Links of evidence to commits of one repository.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Links {
    /// The repository, by remote.
    pub repository: Text,
    /// Links that lead to a commit of this repository.
    pub checked: usize,
    /// Those that lead nowhere any more.
    pub lost: Vec<LostLink>,
}

/// A link that leads nowhere.
#[derive(Clone, Debug, Serialize)]
pub struct LostLink {
    /// The evidence.
    pub evidence: RecordId,
    /// Its title.
    pub title: Text,
    /// The commit that is gone.
    pub commit: String,
    /// Its subject.
    pub subject: Option<Text>,
    /// The commit that it became, when that was asked for and is certain.
    pub found: Option<String>,
    /// How that is known.
    pub by: Option<Step>,
    /// What it could be, when it is not.
    pub candidates: Vec<String>,
}

impl Context {
    /// The links of the journal into the repository one stands in; `None` outside of one, or where nothing is linked.
    pub fn links(&self) -> Result<Option<Links>, CommandError> {
        let Some(project) = self.project()?.cloned() else { return Ok(None) };
        let snapshot = self.all_evidence()?;
        let repository = project.repo()?.name;
        let ours: Vec<(&Evidence, &Artifact)> = linked(&snapshot, &repository).collect();
        if ours.is_empty() {
            return Ok(None);
        }
        let ids: BTreeSet<String> = ours.iter().map(|(_, one)| one.reference.raw().to_owned()).collect();
        let standing = project.standing(&ids)?;
        let lost = ours.iter().filter(|(_, one)| !standing.contains(one.reference.raw()));
        let lost = lost.map(|(evidence, one)| LostLink {
            evidence: evidence.id,
            title: evidence.title.clone(),
            commit: one.reference.raw().to_owned(),
            subject: one.subject.clone(),
            found: None,
            by: None,
            candidates: Vec::new(),
        });
        let (checked, lost) = (ours.len(), lost.collect());
        Ok(Some(Links { repository, checked, lost }))
    }

    /// Looks for what lost links became, and repairs in one commit those of which that is certain.
    pub fn reanchor(&mut self, links: &mut Links) -> Result<(), CommandError> {
        let Some(project) = self.project()?.cloned().filter(|_| !links.lost.is_empty()) else {
            return Ok(());
        };
        let snapshot = self.all_evidence()?;
        let gone = self.gone(&project, &snapshot, links)?;
        let (mut standing, mut past) = self.traces(&project, &gone)?;
        let me: Vec<String> =
            self.my_addresses()?.iter().map(|address| address.raw().to_lowercase()).collect();
        let around = History::new(&standing, &past, &me);
        let alike: BTreeSet<String> = gone.iter().flat_map(|(_, one)| around.alike(one)).collect();
        let lines = project.changed_lines(&alike)?;
        for one in standing.iter_mut().chain(&mut past) {
            one.lines = lines.get(&one.id).cloned();
        }
        let around = History::new(&standing, &past, &me);
        for link in &mut links.lost {
            let Some(gone) = gone.iter().find(|one| one.1.trace.id == link.commit && one.0 == link.evidence)
            else {
                continue;
            };
            match around.find(&gone.1) {
                Outcome::Found { id, by } => (link.found, link.by) = (Some(id), Some(by)),
                Outcome::Lost { candidates } => link.candidates = candidates,
            }
        }
        let mut writes = Vec::new();
        let touched: BTreeSet<RecordId> =
            links.lost.iter().filter(|link| link.found.is_some()).map(|link| link.evidence).collect();
        for id in touched {
            let stored = self.find(id.as_str())?;
            let Record::Evidence(mut evidence) = stored.record.clone() else { continue };
            for link in links.lost.iter().filter(|link| link.evidence == id) {
                let Some(found) = &link.found else { continue };
                for artifact in evidence.artifacts.iter_mut().filter(|one| is_link(one, &link.commit)) {
                    *artifact = Artifact::new(ArtifactKind::Commit, found.as_str());
                    project.anchor(artifact)?;
                }
            }
            // Several commits may have become one.
            let mut seen = BTreeSet::new();
            evidence.artifacts.retain(|one| seen.insert((one.kind, one.reference.clone())));
            writes.push(Write::Replace(Box::new(stored), Record::Evidence(evidence)));
        }
        if !writes.is_empty() {
            self.commit(Transaction::new("reanchor", writes))?;
        }
        Ok(())
    }

    fn all_evidence(&self) -> Result<Snapshot, CommandError> {
        let journal = self.journal()?;
        let scope = Scope { check_ins: false, evidence: Shards::All, decisions: Shards::None };
        Ok(journal.snapshot(&journal.tip()?, scope)?)
    }

    /// What is known of the commits that are gone, by their evidence.
    fn gone(
        &self,
        project: &Project,
        snapshot: &Snapshot,
        links: &Links,
    ) -> Result<Vec<(RecordId, Gone)>, CommandError> {
        let mut told = self.inbox()?.rewrites(project.common_dir());
        told.extend(project.filtered());
        let lost: BTreeSet<&str> = links.lost.iter().map(|link| link.commit.as_str()).collect();
        let mut found = Vec::new();
        for evidence in &snapshot.evidence {
            let here = |one: &&Artifact| one.repo.as_ref() == Some(&links.repository);
            let commits: Vec<&Artifact> = evidence
                .artifacts
                .iter()
                .filter(here)
                .filter(|one| one.kind == ArtifactKind::Commit)
                .collect();
            // Only where the whole piece of work is gone, one request speaks for all of it.
            let all_gone = commits.iter().all(|one| lost.contains(one.reference.raw()));
            let pulls: Vec<u64> = evidence.artifacts.iter().filter(here).filter_map(pull_number).collect();
            for artifact in commits.into_iter().filter(|one| lost.contains(one.reference.raw())) {
                let mut gone = Gone::of(artifact, evidence.recorded);
                gone.became = follow(&told, &gone.trace.id).map(str::to_owned);
                if all_gone && pulls.len() == 1 {
                    gone.pulls.clone_from(&pulls);
                }
                found.push((evidence.id, gone));
            }
        }
        let ids = found.iter().map(|(_, gone)| gone.trace.id.clone()).collect();
        let remaining = project.remaining(&ids, MOST_PAST)?;
        let wholes = project.wholes(&remaining)?;
        for (_, gone) in &mut found {
            gone.wholes = wholes.get(&gone.trace.id).cloned().unwrap_or_default();
        }
        Ok(found)
    }

    /// What stands since the first of the lost commits was written, and what only remains.
    fn traces(
        &self,
        project: &Project,
        gone: &[(RecordId, Gone)],
    ) -> Result<(Vec<Trace>, Vec<Trace>), CommandError> {
        let progress = self.ui.progress("looking for commits", None);
        let branch = format!("refs/heads/{}", self.branch()?);
        let first = gone.iter().filter_map(|(_, one)| one.trace.authored).min();
        let since: Option<Day> = first.and_then(|at| Instant::from_epoch(at, 0)).map(|at| at.day().plus(-1));
        let query = HistoryQuery {
            range: vec!["--all".to_owned()],
            hidden_refs: vec![branch],
            since,
            ..HistoryQuery::default()
        };
        let standing = read(project, &query, || progress.inc(1))?;
        let ids = gone.iter().map(|(_, one)| one.trace.id.clone()).collect();
        let remaining = project.remaining(&ids, MOST_PAST)?;
        let query = HistoryQuery { only: Some(remaining), ..HistoryQuery::default() };
        let past = read(project, &query, || progress.inc(1))?;
        let learnt = learn::learn(standing.iter().map(|commit| commit.subject.raw()));
        let trace = |commits: &[ProjectCommit]| -> Vec<Trace> {
            commits.iter().map(|commit| Trace::of(commit, &learnt)).collect()
        };
        let (mut standing, mut past) = (trace(&standing), trace(&past));
        let mut authors: BTreeSet<String> = gone.iter().map(|(_, one)| one.trace.author.clone()).collect();
        authors.extend(self.my_addresses()?.iter().map(|address| address.raw().to_lowercase()));
        let changes = gone.iter().any(|(_, one)| one.trace.change.is_some());
        for traces in [&mut standing, &mut past] {
            identify(project, traces, &authors, changes)?;
        }
        progress.finish();
        Ok((standing, past))
    }
}

/// Adds patch ids and change ids to commits of `authors`.
fn identify(
    project: &Project,
    traces: &mut [Trace],
    authors: &BTreeSet<String>,
    changes: bool,
) -> Result<(), CommandError> {
    let theirs = |one: &Trace| {
        authors.contains(&one.author) || one.co_authors.iter().any(|email| authors.contains(email))
    };
    let ids: Vec<String> = traces.iter().filter(|one| theirs(one)).map(|one| one.id.clone()).collect();
    let mut patches = project.patch_ids(&ids)?;
    let mut changed = if changes { project.change_ids(&ids)? } else { BTreeMap::new() };
    for one in traces {
        one.patch = patches.remove(&one.id);
        one.change = changed.remove(&one.id).or_else(|| one.change.take());
    }
    Ok(())
}

fn read(
    project: &Project,
    query: &HistoryQuery,
    mut on_commit: impl FnMut(),
) -> Result<Vec<ProjectCommit>, CommandError> {
    let mut commits = Vec::new();
    history(project, query, |commit| {
        on_commit();
        commits.push(commit);
        ControlFlow::Continue(())
    })?;
    Ok(commits)
}

/// Commits of a repository that evidence names by their full ids.
fn linked<'s>(
    snapshot: &'s Snapshot,
    repository: &'s Text,
) -> impl Iterator<Item = (&'s Evidence, &'s Artifact)> {
    let full = |one: &&Artifact| {
        let id = one.reference.raw();
        matches!(id.len(), 40 | 64) && id.bytes().all(|b| b.is_ascii_hexdigit())
    };
    snapshot.evidence.iter().flat_map(move |evidence| {
        let here = evidence.artifacts.iter().filter(|one| one.repo.as_ref() == Some(repository));
        here.filter(|one| one.kind == ArtifactKind::Commit)
            .filter(full)
            .map(move |artifact| (evidence, artifact))
    })
}

fn is_link(artifact: &Artifact, id: &str) -> bool {
    artifact.kind == ArtifactKind::Commit && artifact.reference.raw() == id
}

/// The number of a pull or merge request of this repository.
fn pull_number(artifact: &Artifact) -> Option<u64> {
    let text = artifact.reference.raw();
    let number = text.strip_prefix(['#', '!']).filter(|_| artifact.kind == ArtifactKind::PullRequest);
    number.and_then(|number| number.parse().ok())
}
