//! Commits as `git log` tells them, one at a time, in any repository and whatever their messages hold.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::model::Day;
use crate::model::project::ProjectCommit;

use super::log_record::{Entry, LogReader};
use super::program::GitError;
use super::{Project, is_id};

/// What `git log` prints of a commit. No field but NUL ends one, and nothing in a commit can hold a NUL for git:
/// a message cannot forge a field, another commit, or a file.
const FORMAT: &str = "--format=%H%x00%P%x00%aN%x00%aE%x00%ad%x00%cd%x00%(trailers:only,unfold)%x00%B";

/// Refs that `--all` names but that are nobody's work: what git and other programs keep of the past or of a rewrite under
/// way, and a journal kept beside the code.
pub(super) const NOT_WORK: [&str; 11] = [
    "refs/stash",
    "refs/notes/*",
    "refs/okr/*",
    "refs/original/*",
    "refs/replace/*",
    "refs/rewritten/*",
    "refs/bisect/*",
    "refs/prefetch/*",
    "refs/jj/*",
    "refs/branchless/*",
    "refs/gitbutler/*",
];

/// No zone is further from UTC than this, in seconds.
const WIDEST_ZONE: i64 = 15 * 3600;

/// Which commits to read.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Revisions, ranges such as `a..b`, or `--all`; HEAD when there are none.
    pub range: Vec<String>,
    /// Full ids of commits that are known, with all that is behind them. Ids that are gone are no error.
    pub exclude: Vec<String>,
    /// Refs that `--all` must leave out, besides stashes and notes.
    pub hidden_refs: Vec<String>,
    /// Only commits of any of these authors; of all when empty.
    pub authors: Vec<AuthorFilter>,
    /// Committed on this day or later, by the committer's own calendar.
    pub since: Option<Day>,
    /// Committed on this day or earlier.
    pub until: Option<Day>,
    /// Follow first parents only, and compare merges with them.
    pub first_parent: bool,
    /// Count lines by file.
    pub with_files: bool,
    /// At most this many commits, before any other choice.
    pub most: Option<usize>,
    /// Exactly these commits, by full id and in this order, instead of a walk.
    pub only: Option<Vec<String>>,
}

/// Whose commits, after the mailmap; without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorFilter {
    /// Exactly this e-mail address.
    Email(String),
    /// An extended regular expression in `name <email>`, as `git log --author` takes it.
    Pattern(String),
}

/// What reading a history came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySummary {
    /// Commits that were handed over.
    pub read: usize,
    /// Commits that could not be understood, and were left out.
    pub unreadable: usize,
    /// Commits that were handed over without the files that were asked for: a partial clone lacks them.
    pub without_files: usize,
    /// What git said when it stopped before the end: objects are missing. Foreign text.
    pub stopped: Option<String>,
}

/// Hands every commit of `query` to `on_commit`, newest first, until that breaks.
pub fn history(
    project: &Project,
    query: &HistoryQuery,
    mut on_commit: impl FnMut(ProjectCommit) -> ControlFlow<()>,
) -> Result<HistorySummary, GitError> {
    let mut summary = HistorySummary::default();
    // Without a single id git would begin at HEAD.
    if query.only.as_ref().is_some_and(|ids| !ids.iter().any(|id| is_id(id))) {
        return Ok(summary);
    }
    let mut seen = HashSet::new();
    let filter_since = query.since.is_some() && project.git().version()? >= (2, 37, 0);
    let mut end = Ok(());
    // Without the blobs of a partial clone git stops in the middle: the rest is read again without files.
    let attempts: &[bool] = if query.with_files { &[true, false] } else { &[false] };
    for &with_files in attempts {
        let mut reader = LogReader::new(with_files);
        let mut stopped = false;
        let mut deliver = |entry: Option<Entry>| {
            let Some(Entry { id, commit }) = entry else { return ControlFlow::Continue(()) };
            if query.with_files && !seen.insert(id) {
                return ControlFlow::Continue(());
            }
            let Some(commit) = commit else {
                summary.unreadable += 1;
                return ControlFlow::Continue(());
            };
            if !query.admits(&commit) {
                return ControlFlow::Continue(());
            }
            summary.read += 1;
            summary.without_files += usize::from(query.with_files && commit.files.is_none());
            on_commit(commit)
        };
        end = project.git().stream(&query.args(with_files, filter_since), query.input(), |record| {
            let flow = deliver(reader.take(record));
            stopped = flow.is_break();
            flow
        });
        if stopped {
            return Ok(summary);
        }
        // Git counts all of a commit's files before it names one: a commit with files is whole even where git failed.
        if (end.is_ok() || reader.has_files()) && deliver(reader.end()).is_break() {
            return Ok(summary);
        }
        if end.is_ok() {
            return Ok(summary);
        }
    }
    match end {
        Err(GitError::Failed { stderr, .. }) if summary.read + summary.unreadable > 0 => {
            summary.stopped = Some(stderr);
            Ok(summary)
        }
        // Before the first commit HEAD leads nowhere; that is an empty history.
        Err(GitError::Failed { .. }) if query.range.is_empty() && project.head()?.is_none() => Ok(summary),
        end => end.map(|()| summary),
    }
}

impl HistoryQuery {
    fn args(&self, with_files: bool, filter_since: bool) -> Vec<String> {
        let fixed = "log -z --no-color --no-decorate --no-notes --no-show-signature --encoding=UTF-8 --date=raw \
                     --use-mailmap";
        let mut args: Vec<String> = fixed.split_whitespace().map(str::to_owned).collect();
        args.push(FORMAT.to_owned());
        let mut flag = |on: bool, flags: &str| {
            args.extend(flags.split_whitespace().filter(|_| on).map(str::to_owned));
        };
        // A submodule that moved on is no line of anybody's, nor is what only moved or was only indented anew. The limit
        // keeps the comparison of many new files with many gone ones from taking longer than everything else.
        flag(
            with_files,
            "--numstat -M -l200 -w --no-ext-diff --no-textconv --ignore-submodules=all -O/dev/null",
        );
        flag(self.first_parent, "--first-parent");
        flag(self.only.is_some(), "--no-walk=unsorted");
        flag(self.input().is_some(), "--ignore-missing --stdin");
        args.extend(self.most.map(|most| format!("--max-count={most}")));
        args.extend(self.author_args());
        // A day is wider than its seconds in UTC; the edges are cut by each commit's own calendar. `--since` alone
        // would stop at the first commit with a wrong date.
        let midnight = |day: Day| day.0.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp());
        let since = self.since.filter(|_| filter_since).and_then(midnight).map(|at| at - WIDEST_ZONE);
        let until = self.until.map(|day| day.plus(1)).and_then(midnight).map(|at| at + WIDEST_ZONE);
        args.extend(since.filter(|at| *at > 0).map(|at| format!("--since-as-filter=@{at} +0000")));
        args.extend(until.filter(|at| *at > 0).map(|at| format!("--until=@{at} +0000")));
        args.extend(self.rev_args());
        args
    }

    fn rev_args(&self) -> Vec<String> {
        let mut args = Vec::new();
        let (all, revs): (Vec<&String>, Vec<&String>) = self.range.iter().partition(|rev| *rev == "--all");
        if self.only.is_none() && !all.is_empty() {
            let hidden = NOT_WORK.into_iter().chain(self.hidden_refs.iter().map(String::as_str));
            args.extend(hidden.map(|name| format!("--exclude={name}")));
            args.push("--all".to_owned());
        }
        args.push("--end-of-options".to_owned());
        if self.only.is_none() {
            args.extend(revs.into_iter().cloned());
            args.extend(self.range.is_empty().then(|| "HEAD".to_owned()));
        }
        args.push("--".to_owned());
        args
    }

    fn author_args(&self) -> Vec<String> {
        let mut args: Vec<String> = self.authors.iter().map(AuthorFilter::arg).collect();
        if !args.is_empty() {
            args.push("--regexp-ignore-case".to_owned());
            args.push("--extended-regexp".to_owned());
        }
        args
    }

    /// Ids go through a pipe: there can be more than fit on a command line.
    fn input(&self) -> Option<Vec<u8>> {
        let ids = |ids: &[String], sign: &str| -> String {
            ids.iter().filter(|id| is_id(id)).map(|id| format!("{sign}{id}\n")).collect()
        };
        let input = ids(self.only.as_deref().unwrap_or_default(), "") + &ids(&self.exclude, "^");
        (!input.is_empty() || self.only.is_some()).then(|| input.into_bytes())
    }

    fn admits(&self, commit: &ProjectCommit) -> bool {
        let day = commit.committed.day();
        let in_time =
            self.since.is_none_or(|since| day >= since) && self.until.is_none_or(|until| day <= until);
        let emails = self.authors.iter().map(|author| match author {
            AuthorFilter::Email(email) => email.eq_ignore_ascii_case(commit.author.email.raw()),
            // Git has matched it.
            AuthorFilter::Pattern(_) => true,
        });
        in_time && (self.authors.is_empty() || emails.into_iter().any(|admitted| admitted))
    }
}

impl AuthorFilter {
    fn arg(&self) -> String {
        match self {
            // A line break would begin a second pattern, and an empty one matches everybody.
            Self::Pattern(pattern) => format!("--author={}", pattern.lines().next().unwrap_or_default()),
            Self::Email(email) => {
                let mut pattern = String::from("--author=<");
                for c in email.chars().filter(|c| !c.is_control()) {
                    if ".[](){}*+?^$|\\".contains(c) {
                        pattern.push('\\');
                    }
                    pattern.push(c);
                }
                pattern + ">"
            }
        }
    }
}
