//! What numbers and keys mean in a repository: learnt from its history, kept on this machine, told by settings.

use std::ops::ControlFlow;

use super::Context;
use crate::error::CommandError;
use crate::harvest::learn::{self, Learnt};
use crate::model::Text;
use crate::model::project::{Forge, ProjectCommit, ProjectRepo};
use crate::store::inbox::Lesson;
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// Commits that are enough to learn from.
const ENOUGH: usize = 500;

/// Commits that are read when those at hand are not enough.
const MOST: usize = 2000;

impl Context {
    /// My accounts on forges: every `okr.login`.
    pub fn my_logins(&self) -> Result<Vec<Text>, CommandError> {
        let mut logins: Vec<Text> = self.config()?.all("okr.login").into_iter().map(Text::from).collect();
        logins.retain(|login| !login.is_blank());
        Ok(logins)
    }

    /// Learns from commits that were just read; from more of the history when they are few and nothing is known yet.
    pub(super) fn learn(
        &self,
        project: &Project,
        repo: &ProjectRepo,
        commits: &[ProjectCommit],
    ) -> Result<(), CommandError> {
        let inbox = self.inbox()?;
        let mut lesson = inbox.lesson(repo.name.raw());
        lesson.since += commits.len();
        // A lesson is as good as the history that it was learnt from, until that has doubled.
        let known = lesson.commits >= ENOUGH && lesson.since < lesson.commits;
        if commits.len() >= ENOUGH && (!known || commits.len() >= lesson.commits) {
            lesson = lesson_of(commits.iter());
        } else if !known {
            let query = HistoryQuery { most: Some(MOST), ..HistoryQuery::default() };
            let mut newest = Vec::new();
            // What cannot be read was said when the commits themselves were.
            let _ = history(project, &query, |commit| {
                newest.push(commit);
                ControlFlow::Continue(())
            });
            lesson = lesson_of(newest.iter());
        }
        // Kept for the next time; without it the history is read again.
        let _ = inbox.keep_lesson(repo.name.raw(), lesson);
        Ok(())
    }

    /// What is known of a repository's numbers and keys.
    pub(super) fn learnt(&self, repo: &ProjectRepo) -> Result<Learnt, CommandError> {
        let mut learnt = self.inbox()?.lesson(repo.name.raw()).learnt;
        // There, `#12` is an issue whatever the history looks like.
        let cites = |forge| matches!(forge, Forge::GitLab | Forge::Azure);
        learnt.suffix_is_pr &= !repo.web.as_ref().is_some_and(|web| cites(web.forge));
        let told = self.config()?.all("okr.issueKey");
        let told = told
            .iter()
            .flat_map(|keys| keys.split([',', ' ']))
            .chain(repo.trackers.keys().map(String::as_str));
        learnt.keys.extend(told.map(str::to_ascii_uppercase).filter(|key| learn::is_key(key)));
        Ok(learnt)
    }
}

fn lesson_of<'c>(commits: impl ExactSizeIterator<Item = &'c ProjectCommit>) -> Lesson {
    let mut by_time: Vec<&ProjectCommit> = commits.collect();
    by_time.sort_by(|a, b| (a.committed, &a.id).cmp(&(b.committed, &b.id)));
    let learnt = learn::learn(by_time.iter().map(|commit| commit.subject.raw()));
    Lesson { learnt, commits: by_time.len(), since: 0 }
}
