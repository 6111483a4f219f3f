//! Reading commits for harvest: which ones, and how much of each.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::thread;

use super::Context;
use super::harvesting::{Read, Wanted};
use crate::error::CommandError;
use crate::harvest::credit::{Me, Roles};
use crate::harvest::is_mine;
use crate::harvest::message::is_revert;
use crate::model::project::ProjectCommit;
use crate::model::{Day, Period, Text};
use crate::store::project::Project;
use crate::store::project::history::{AuthorFilter, HistoryQuery, history};
use crate::store::project::line_counts::LineCounter;

impl Context {
    pub(super) fn query(
        &self,
        project: &Project,
        wanted: &Wanted,
        me: &[Text],
    ) -> Result<HistoryQuery, CommandError> {
        let branch = self.branch()?.to_owned();
        let mut query = HistoryQuery {
            since: wanted.since,
            until: wanted.until,
            with_files: true,
            hidden_refs: vec![format!("refs/heads/{branch}")],
            ..HistoryQuery::default()
        };
        if let Some(range) = &wanted.range {
            query.range = vec![project.range(range)?];
        }
        query.authors = match &wanted.author {
            Some(pattern) if pattern == "*" => Vec::new(),
            Some(pattern) if pattern.contains('@') && !pattern.contains([' ', '*', '<']) => {
                vec![AuthorFilter::Email(pattern.clone())]
            }
            Some(pattern) => vec![AuthorFilter::Pattern(pattern.clone())],
            None if me.is_empty() => {
                return Err(CommandError::new("git does not know which commits are yours")
                    .hint("git config --global user.email you@example.com\nmore addresses: git config --global --add okr.me you@elsewhere.example"));
            }
            // Everybody's are read: pull requests are told by other people's merges, and reverts by their messages.
            None => Vec::new(),
        };
        Ok(query)
    }

    /// A first harvest reads from the beginning of the last quarter: enough to start with, and quick anywhere.
    pub(super) fn first_day(&self) -> Result<Day, CommandError> {
        let journal = self.journal()?;
        let (guide, _) = journal.guide(&journal.tip()?)?;
        Ok(Period::quarter_of(self.today()?, &guide.calendar).previous(&guide.calendar).start)
    }

    /// Reads the commits of a query. Lines are counted only in those of `whose` addresses; of everybody without one.
    pub(super) fn read_commits(
        &mut self,
        project: &Project,
        query: &HistoryQuery,
        whose: Option<&[Text]>,
        name: &Text,
    ) -> Result<(Vec<ProjectCommit>, Read), CommandError> {
        let progress = self.ui.progress(&format!("reading commits of {}", name.visible()), None);
        let (mut commits, mut others) = (Vec::new(), Vec::new());
        let (roles, logins) = (self.roles()?, self.my_logins()?);
        // Messages in one quick pass; beside it lines, which take most of the time, by every processor.
        let messages = HistoryQuery { with_files: false, ..query.clone() };
        let summary = thread::scope(|scope| {
            let mut lines = query.with_files.then(|| LineCounter::start(scope, project));
            let summary = history(project, &messages, |commit| {
                progress.inc(1);
                if whose.is_none_or(|me| is_mine(&commit, me)) {
                    lines.iter_mut().for_each(|lines| lines.ask(&commit));
                    commits.push(commit);
                } else {
                    others.push(bare(commit, &roles, whose.unwrap_or_default(), &logins));
                }
                ControlFlow::Continue(())
            })?;
            progress.finish();
            if let Some(lines) = lines {
                let progress = self.ui.progress("counting lines", Some(lines.asked() as u64));
                lines.finish(&mut commits, |counted| progress.inc(counted as u64));
            }
            Ok::<_, CommandError>(summary)
        })?;
        let own = commits.len();
        let ends = project.shallow_ends();
        let lacks = |one: &&ProjectCommit| one.files.is_none() && !ends.contains(&one.id);
        let uncounted = if query.with_files { commits.iter().filter(lacks).count() } else { 0 };
        commits.append(&mut others);
        let read = commits.len();
        Ok((
            commits,
            Read {
                commits: read,
                own,
                unreadable: summary.unreadable,
                stopped: summary.stopped.map(Text::from),
                uncounted,
                shallow: !ends.is_empty(),
                ..Read::default()
            },
        ))
    }
}

/// What a commit of somebody else is read for: its place in history, its number, what it takes back, and whom it
/// credits.
fn bare(mut commit: ProjectCommit, roles: &Roles, me: &[Text], logins: &[Text]) -> ProjectCommit {
    let me = Me { addresses: me, logins, also: &BTreeSet::new() };
    let speaks = commit.parents.len() > 1
        || is_revert(commit.subject.raw())
        || ["This reverts ", "Reverts "].iter().any(|words| commit.body.raw().contains(words));
    if !speaks && !roles.names(&commit, &me) {
        commit.body = Text::default();
    }
    roles.keep_credits(&mut commit);
    commit
}
