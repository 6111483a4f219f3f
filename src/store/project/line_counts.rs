//! Lines by file, for commits that are read without them: counting is slow, so every processor counts, from the first.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope};

use crate::model::project::{FileChange, ProjectCommit};

use super::Project;
use super::generated;
use super::history::{HistoryQuery, history};

/// Commits that one run of git counts: enough to pay for its start, few enough to share them out evenly.
const PORTION: usize = 200;

/// Files of commits by id.
type Counted = HashMap<String, Vec<FileChange>>;

/// Counts the lines that commits changed while more of them are read, and marks files that no person wrote. Merges change
/// nothing of their own. What git cannot count, because a partial clone lacks it, stays unknown.
#[derive(Debug)]
pub struct LineCounter<'scope> {
    project: &'scope Project,
    /// Not enough for a portion yet.
    waiting: Vec<String>,
    asked: usize,
    ask: Sender<Vec<String>>,
    answers: Receiver<Counted>,
}

impl<'scope> LineCounter<'scope> {
    /// A worker for every processor; each ends with the counter.
    pub fn start(scope: &'scope Scope<'scope, '_>, project: &'scope Project) -> Self {
        let (ask, asked) = channel::<Vec<String>>();
        let (answer, answers) = channel();
        let asked = Arc::new(Mutex::new(asked));
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (asked, answer) = (Arc::clone(&asked), answer.clone());
            scope.spawn(move || {
                let next = || asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok(portion) = next() {
                    if answer.send(count(project, portion)).is_err() {
                        return;
                    }
                }
            });
        }
        Self { project, waiting: Vec::new(), asked: 0, ask, answers }
    }

    /// Asks for the lines of a commit.
    pub fn ask(&mut self, commit: &ProjectCommit) {
        if commit.parents.len() < 2 {
            self.asked += 1;
            self.waiting.push(commit.id.clone());
            if self.waiting.len() == PORTION {
                self.hand_over();
            }
        }
    }

    /// How many commits were asked for.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Gives `commits` what was counted. `progress` hears of every portion, from this thread.
    pub fn finish(mut self, commits: &mut [ProjectCommit], mut progress: impl FnMut(usize)) {
        self.hand_over();
        let Self { project, ask, answers, .. } = self;
        drop(ask);
        let mut counted = Counted::new();
        for portion in answers {
            progress(portion.len());
            counted.extend(portion);
        }
        // Where a shallow clone ends, everything that was there before would count as new.
        let ends = project.shallow_ends();
        counted.retain(|id, _| !ends.contains(id));
        for commit in commits.iter_mut() {
            commit.files =
                if commit.parents.len() < 2 { counted.remove(&commit.id) } else { Some(Vec::new()) };
        }
        generated::mark(project, commits);
    }

    fn hand_over(&mut self) {
        let portion = std::mem::take(&mut self.waiting);
        if !portion.is_empty() {
            // Nobody listens only when every worker died, and then the scope tells.
            let _ = self.ask.send(portion);
        }
    }
}

/// Counts the lines of commits that were all read.
pub fn count_lines(project: &Project, commits: &mut [ProjectCommit]) {
    thread::scope(|scope| {
        let mut lines = LineCounter::start(scope, project);
        commits.iter().for_each(|commit| lines.ask(commit));
        lines.finish(commits, |_| {});
    });
}

fn count(project: &Project, ids: Vec<String>) -> Counted {
    let mut counted = Counted::new();
    let query = HistoryQuery { only: Some(ids), with_files: true, ..HistoryQuery::default() };
    // What git says when it fails was said when the commits themselves were read.
    let _ = history(project, &query, |commit| {
        counted.extend(commit.files.map(|files| (commit.id, files)));
        ControlFlow::Continue(())
    });
    counted
}
