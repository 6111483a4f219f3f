//! Lines by file, for commits that were read without them: counting is slow, so every processor counts.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::model::project::{FileChange, ProjectCommit};

use super::Project;
use super::generated;
use super::history::{HistoryQuery, history};

/// Commits that one run of git counts: enough to pay for its start, few enough to share them out evenly.
const PORTION: usize = 200;

/// Files of commits by id.
type Counted = HashMap<String, Vec<FileChange>>;

/// Counts the lines that each of `commits` changed, and marks files that no person wrote. Merges change nothing of their own. What git cannot count, because
/// a partial clone lacks it, stays unknown. `progress` hears of every portion, from this thread.
pub fn count_lines(project: &Project, commits: &mut [ProjectCommit], mut progress: impl FnMut(usize)) {
    let ids: Vec<String> =
        commits.iter().filter(|commit| commit.parents.len() < 2).map(|commit| commit.id.clone()).collect();
    let portions: Vec<&[String]> = ids.chunks(PORTION).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from).min(portions.len());
    let next = AtomicUsize::new(0);
    let mut counted = Counted::new();
    let (send, receive) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next, portions) = (send.clone(), &next, &portions);
            scope.spawn(move || {
                while let Some(portion) = portions.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if send.send(count(project, portion)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        for portion in receive {
            progress(portion.len());
            counted.extend(portion);
        }
    });
    // Where a shallow clone ends, everything that was there before would count as new.
    let ends = project.shallow_ends();
    counted.retain(|id, _| !ends.contains(id));
    for commit in commits.iter_mut() {
        commit.files = if commit.parents.len() < 2 { counted.remove(&commit.id) } else { Some(Vec::new()) };
    }
    generated::mark(project, commits);
}

fn count(project: &Project, ids: &[String]) -> Counted {
    let mut counted = Counted::new();
    let query = HistoryQuery { only: Some(ids.to_vec()), with_files: true, ..HistoryQuery::default() };
    // What git says when it fails was said when the commits themselves were read.
    let _ = history(project, &query, |commit| {
        counted.extend(commit.files.map(|files| (commit.id, files)));
        ControlFlow::Continue(())
    });
    counted
}
