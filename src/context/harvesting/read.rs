//! From the commits of one repository to suggestions.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::known::addresses;
use super::{Context, Read, Wanted};
use crate::error::CommandError;
use crate::harvest::Learnt;
use crate::harvest::bots::Bots;
use crate::harvest::credit::Roles;
use crate::harvest::references::{Kind, Role, references};
use crate::harvest::suggest::{self, Found, suggest};
use crate::model::project::{ProjectCommit, ProjectRepo};
use crate::model::suggestion::Suggestion;
use crate::model::{ArtifactKind, Bet, Text};
use crate::store::git_config::GitConfig;
use crate::store::inbox::Known;
use crate::store::project::Project;
use crate::store::project::glance::Glance;
use crate::store::project::history::HistoryQuery;

/// The most commits of a branch that are read again for its merge.
const MAX_BRANCH: usize = 200;

/// Suggestions, each with the directory of its repository.
pub(in crate::context) type Placed = Vec<(PathBuf, Suggestion)>;

/// Commits of a repository, and how to look at them.
pub(in crate::context) struct Batch<'m> {
    pub(in crate::context) commits: Vec<ProjectCommit>,
    /// My addresses; with `theirs` those of the authors.
    pub(in crate::context) me: &'m [Text],
    /// Commits with one and the same change.
    pub(in crate::context) same: Vec<(String, String)>,
    pub(in crate::context) theirs: bool,
}

impl Context {
    /// Reads what is wanted of a repository; `cursors` says how far its refs were read before.
    pub(super) fn harvest_one(
        &mut self,
        project: &Project,
        wanted: &Wanted,
        cursors: Option<&BTreeMap<String, String>>,
    ) -> Result<(Read, Placed, Found), CommandError> {
        let config = GitConfig::read(project.git().clone())?;
        let repo = project.repo_by(&config)?;
        // A repository may know me by an address of its own.
        let mut me = self.my_addresses()?;
        me.extend(addresses(&config));
        me.sort();
        me.dedup();
        let mut query = self.query(project, wanted, &me)?;
        let mut since = None;
        if wanted.follows_cursor() {
            query.exclude = cursors.into_iter().flat_map(BTreeMap::values).cloned().collect();
            if query.exclude.is_empty() {
                since = Some(self.first_day()?);
                query.since = since;
            }
        }
        let theirs = wanted.author.is_some();
        let (mut commits, mut read) =
            self.read_commits(project, &query, (!theirs).then_some(&*me), &repo.name)?;
        let tips: BTreeSet<String> = commits.iter().map(|commit| commit.id.clone()).collect();
        if wanted.follows_cursor() {
            self.read_branches(project, &mut commits, &me, &repo.name);
        }
        let asked: BTreeSet<String> = commits.iter().map(|commit| commit.id.clone()).collect();
        let same = if theirs { Vec::new() } else { self.refer(project, &mut commits, &me)? };
        if theirs {
            me = commits.iter().map(|commit| commit.author.email.clone()).collect();
            me.sort();
            me.dedup();
        }
        self.learn(project, &repo, &commits)?;
        let batch = Batch { commits, me: &me, same, theirs };
        let (mut found, rest) = if theirs {
            self.suggestions(project, &batch, &repo, None)?
        } else {
            self.settled(project, batch, &repo, (&tips, wanted.all))?
        };
        if !theirs {
            self.drop_older(&asked, &mut found)?;
        }
        read.repository = repo.name;
        read.since = since;
        Ok((read, found, rest))
    }

    /// Takes out work that was only read because an `asked` commit speaks of it, such as one that takes a part of it back,
    /// unless it is known already and told anew.
    fn drop_older(&self, asked: &BTreeSet<String>, found: &mut Placed) -> Result<(), CommandError> {
        let waiting = self.inbox()?.load();
        let known: BTreeSet<&str> = (waiting.items.iter().flat_map(|item| &item.suggestion.keys))
            .chain(waiting.taken_back.iter().flat_map(|one| &one.keys))
            .map(Text::raw)
            .collect();
        found.retain(|(_, one)| {
            let mut commits = one.artifacts.iter().filter(|artifact| artifact.kind == ArtifactKind::Commit);
            commits.any(|commit| asked.contains(commit.reference.raw()))
                || one.keys.iter().any(|key| known.contains(key.raw()))
        });
        Ok(())
    }

    /// Reads the branches of pull requests whose merges are new, where the branches were read before: their commits and
    /// their merge are one piece of work.
    fn read_branches(
        &mut self,
        project: &Project,
        commits: &mut Vec<ProjectCommit>,
        me: &[Text],
        name: &Text,
    ) {
        let known: HashSet<&str> = commits.iter().map(|commit| commit.id.as_str()).collect();
        let learnt = Learnt { suffix_is_pr: true, ..Learnt::default() };
        let is_review = |commit: &&ProjectCommit| {
            let found = references(commit.subject.raw(), commit.body.raw(), &learnt);
            found.iter().any(|one| one.role == Role::Review && one.kind == Kind::PullRequest)
        };
        let queries: Vec<HistoryQuery> = commits
            .iter()
            .filter(|commit| commit.parents.len() == 2 && !known.contains(commit.parents[1].as_str()))
            .filter(is_review)
            .map(|commit| HistoryQuery {
                range: vec![commit.parents[1].clone()],
                exclude: vec![commit.parents[0].clone()],
                most: Some(MAX_BRANCH),
                with_files: true,
                ..HistoryQuery::default()
            })
            .collect();
        for query in queries {
            // What is missing, in a shallow clone, is no reason to stop.
            if let Ok((more, _)) = self.read_commits(project, &query, Some(me), name) {
                commits.extend(more);
            }
        }
    }

    /// Suggestions from commits of one repository, and what else they come to; `only` those with one of these keys.
    pub(in crate::context) fn suggestions(
        &self,
        project: &Project,
        batch: &Batch<'_>,
        repo: &ProjectRepo,
        only: Option<&BTreeSet<String>>,
    ) -> Result<(Placed, Found), CommandError> {
        let Batch { commits, me, same, theirs } = batch;
        if commits.is_empty() {
            return Ok(Default::default());
        }
        let also = if *theirs { BTreeSet::new() } else { self.also_me(project, &self.roles()?, commits, me) };
        let known = self.known()?;
        let mut found = self.found(commits, me, (&also, same), repo, &known, only)?;
        // A commit without a message says nothing that could be kept.
        found.suggestions.retain(|one| !one.title.is_blank());
        // A clock that was ahead is no reason for evidence of a day that has not come.
        let today = self.today()?;
        found.suggestions.iter_mut().for_each(|one| one.happened = one.happened.min(today));
        self.drop_reworded(project, &mut found.suggestions, &known)?;
        let placed = std::mem::take(&mut found.suggestions);
        let placed = placed.into_iter().map(|one| (project.place().to_owned(), one)).collect();
        // What becomes of others' work is none of mine.
        Ok((placed, if *theirs { Found::default() } else { found }))
    }

    /// Suggestions from commits, judged against the open bets.
    pub fn suggest(
        &self,
        commits: &[ProjectCommit],
        me: &[Text],
        repo: &ProjectRepo,
        known: &Known,
    ) -> Result<Vec<Suggestion>, CommandError> {
        Ok(self.found(commits, me, (&BTreeSet::new(), &[]), repo, known, None)?.suggestions)
    }

    pub(in crate::context) fn found(
        &self,
        commits: &[ProjectCommit],
        me: &[Text],
        (also, same): (&BTreeSet<String>, &[(String, String)]),
        repo: &ProjectRepo,
        known: &Known,
        only: Option<&BTreeSet<String>>,
    ) -> Result<Found, CommandError> {
        let journal = self.journal()?;
        let snapshot = journal.snapshot(&journal.tip()?, Self::BETS)?;
        let bets: Vec<Bet> = snapshot.bets.values().filter(|bet| bet.is_open()).cloned().collect();
        let decided = known.decided.iter().copied().collect();
        Ok(suggest(
            commits,
            &suggest::Context {
                me,
                repo,
                guide: &snapshot.guide,
                bets: &bets,
                decided: &decided,
                never: &known.never,
                taste: &known.taste,
                threshold: self.threshold()?,
                everything: true,
                only,
                learnt: &self.learnt(repo)?,
                logins: &self.my_logins()?,
                also,
                same,
                roles: &Roles::of(&snapshot.guide),
                bots: &Bots::of(&snapshot.guide),
            },
        ))
    }

    /// Suggestions from what hooks queued, in any repository of this machine: those of `looked_at` as they were looked at.
    pub(super) fn queued(
        &mut self,
        queued: BTreeMap<PathBuf, Vec<String>>,
        looked_at: &[Glance],
    ) -> Result<Placed, CommandError> {
        let mut found = Vec::new();
        for (dir, ids) in queued {
            let seen = looked_at.iter().find(|glance| glance.common_dir == dir);
            let seen = seen.and_then(|glance| self.project_at(&glance.dir).ok().flatten());
            let Some(project) = seen.or_else(|| discover_quietly(&dir)) else { continue };
            let tips = ids.iter().cloned().collect();
            let query = HistoryQuery { only: Some(ids), with_files: true, ..HistoryQuery::default() };
            let Ok(config) = GitConfig::read(project.git().clone()) else { continue };
            let repo = project.repo_by(&config)?;
            let Ok((mut commits, _)) = self.read_commits(&project, &query, None, &repo.name) else {
                continue;
            };
            let mut me = self.my_addresses()?;
            me.extend(addresses(&config));
            let same = self.refer(&project, &mut commits, &me)?;
            self.learn(&project, &repo, &commits)?;
            let batch = Batch { commits, me: &me, same, theirs: false };
            found.extend(self.settled(&project, batch, &repo, (&tips, false))?.0);
        }
        Ok(found)
    }
}

/// A repository that moved away or cannot be read is no reason to stop.
fn discover_quietly(dir: &Path) -> Option<Project> {
    dir.is_dir().then(|| Project::discover(dir).ok().flatten()).flatten()
}
