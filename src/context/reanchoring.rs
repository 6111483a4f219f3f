//! What lost links of evidence became.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::Context;
use super::links::Links;
use crate::error::CommandError;
use crate::harvest::reanchor::{Gone, History, Outcome, Trace};
use crate::harvest::rewrites::follow;
use crate::harvest::{keys_of, learn};
use crate::model::project::ProjectCommit;
use crate::model::{Artifact, ArtifactKind, Day, Instant, Record, RecordId, Snapshot, Text};
use crate::store::journal::{Transaction, Write};
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};
use crate::store::project::rewrites::Changed;

/// How many commits that only remain are looked at.
const MOST_PAST: usize = 2000;

/// How many commits are compared line by line with what stays lost.
const MOST_NEAR: usize = 400;

impl Context {
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
        let alike = History::new(&standing, &past, &me).alike(gone.iter().map(|(_, one)| one));
        let changed = project.changed_lines(&alike.into_iter().collect::<Vec<_>>(), None)?;
        note(&mut standing, &changed);
        note(&mut past, &changed);
        answer(links, &gone, &History::new(&standing, &past, &me));
        // Of what stays lost, parts may be in commits that share nothing else with it.
        let lost = |id: &str| links.lost.iter().any(|link| link.commit == id && link.found.is_none());
        let lost: Vec<&Gone> = gone.iter().map(|(_, one)| one).filter(|one| lost(&one.trace.id)).collect();
        let around = History::new(&standing, &past, &me);
        let near: BTreeSet<&str> = lost.iter().flat_map(|one| around.near(one)).collect();
        let mut near: Vec<&Trace> =
            standing.iter().filter(|one| one.lines.is_none() && near.contains(one.id.as_str())).collect();
        // What was written at about the same time comes first: each diff costs.
        near.sort_by_key(|one| {
            let gaps = lost.iter().filter_map(|lost| Some(lost.trace.authored?.abs_diff(one.authored?)));
            gaps.min().unwrap_or(u64::MAX)
        });
        let near: Vec<String> = near.into_iter().take(MOST_NEAR).map(|one| one.id.clone()).collect();
        let of_lost = past.iter().filter(|one| lost.iter().any(|lost| lost.trace.id == one.id));
        let among = of_lost.filter_map(|one| one.lines.as_ref()).flatten().cloned().collect();
        note(&mut standing, &project.changed_lines(&near, Some(&among))?);
        answer(links, &gone, &History::new(&standing, &past, &me));
        let mut writes = Vec::new();
        let mut became: BTreeMap<RecordId, BTreeSet<String>> = BTreeMap::new();
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
                    became.entry(id).or_default().extend(keys_of(artifact));
                }
            }
            // Several commits may have become one.
            let mut seen = BTreeSet::new();
            evidence.artifacts.retain(|one| seen.insert((one.kind, one.reference.clone())));
            writes.push(Write::Replace(Box::new(stored), Record::Evidence(evidence)));
        }
        writes.extend(self.decided_as(&became)?);
        if !writes.is_empty() {
            self.commit(Transaction::new("reanchor", writes))?;
        }
        Ok(())
    }

    /// What was decided on is that under its new keys, too: nobody is asked again for what evidence rests on.
    fn decided_as(
        &mut self,
        became: &BTreeMap<RecordId, BTreeSet<String>>,
    ) -> Result<Vec<Write>, CommandError> {
        if became.is_empty() {
            return Ok(Vec::new());
        }
        let journal = self.journal()?;
        let mut writes = Vec::new();
        for mut verdict in journal.verdicts(&journal.tip()?)? {
            let keys = verdict.evidence.and_then(|id| became.get(&id)).into_iter().flatten();
            let new: Vec<Text> =
                keys.map(|key| Text::from(key.as_str())).filter(|key| !verdict.keys.contains(key)).collect();
            if !new.is_empty() {
                let stored = self.find(verdict.id.as_str())?;
                verdict.keys.extend(new);
                writes.push(Write::Replace(Box::new(stored), Record::Verdict(verdict)));
            }
        }
        Ok(writes)
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
        // One word is on many lines.
        let telling = |subject: &&str| subject.contains(' ');
        let subjects: BTreeSet<&str> =
            gone.iter().map(|(_, one)| one.trace.subject.as_str()).filter(telling).collect();
        let trace = |commits: &[ProjectCommit]| -> Vec<Trace> {
            let trace = |commit| {
                let mut trace = Trace::of(commit, &learnt);
                trace.note_subjects(commit, &subjects);
                trace
            };
            commits.iter().map(trace).collect()
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

/// Adds what was asked of some commits.
fn note(traces: &mut [Trace], changed: &BTreeMap<String, Changed>) {
    for one in traces {
        if let Some(Changed { lines, files }) = changed.get(&one.id).cloned() {
            (one.lines, one.files) = (Some(lines), files);
        }
    }
}

/// Says of each lost link what became of it, or what it could be.
fn answer(links: &mut Links, gone: &[(RecordId, Gone)], around: &History<'_>) {
    for link in links.lost.iter_mut().filter(|link| link.found.is_none()) {
        let is = |one: &&(RecordId, Gone)| one.1.trace.id == link.commit && one.0 == link.evidence;
        match gone.iter().find(is).map(|(_, gone)| around.find(gone)) {
            Some(Outcome::Found { id, by }) => (link.found, link.by) = (Some(id), Some(by)),
            Some(Outcome::Lost { candidates }) => link.candidates = candidates,
            None => {}
        }
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

fn is_link(artifact: &Artifact, id: &str) -> bool {
    artifact.kind == ArtifactKind::Commit && artifact.reference.raw() == id
}

/// The number of a pull or merge request of this repository.
fn pull_number(artifact: &Artifact) -> Option<u64> {
    let text = artifact.reference.raw();
    let number = text.strip_prefix(['#', '!']).filter(|_| artifact.kind == ArtifactKind::PullRequest);
    number.and_then(|number| number.parse().ok())
}
