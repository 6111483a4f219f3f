//! What a commit leaves behind, by which it can be met again.

use std::collections::BTreeSet;

use super::learn::Learnt;
use super::message::bare_subject;
use super::references::{Kind, Role, Target, references};
use super::secrets::redact;
use super::trailers;
use crate::model::project::ProjectCommit;
use crate::model::{Artifact, Instant, Text};

/// A commit, as far as it takes to be met again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Its id.
    pub id: String,
    /// Ids of its parents.
    pub parents: Vec<String>,
    /// Author's e-mail, in lower case; empty when it is not known.
    pub author: String,
    /// Author date, in seconds.
    pub authored: Option<i64>,
    /// Committer date, in seconds.
    pub committed: i64,
    /// Subject, without numbers of requests and without secrets.
    pub subject: String,
    /// The patch-id of its change.
    pub patch: Option<String>,
    /// Its change-id, by header or trailer.
    pub change: Option<String>,
    /// Pull requests that it says it landed.
    pub pulls: Vec<u64>,
    /// E-mails of co-authors, in lower case.
    pub co_authors: Vec<String>,
    /// Lines that it adds and takes away, when they were asked for.
    pub lines: Option<BTreeSet<String>>,
    /// Files that these are in.
    pub files: BTreeSet<String>,
    /// Subjects of lost commits that its message holds, each on a line of its own.
    pub holds: BTreeSet<String>,
}

impl Trace {
    /// What a commit of a repository leaves. `learnt` says what `(#12)` means there.
    pub fn of(commit: &ProjectCommit, learnt: &Learnt) -> Self {
        let found = references(commit.subject.raw(), commit.body.raw(), learnt);
        let landed = found.iter().filter(|r| r.kind == Kind::PullRequest && r.role == Role::Review);
        let email = |text: &Text| text.raw().to_lowercase();
        Self {
            id: commit.id.clone(),
            parents: commit.parents.clone(),
            author: email(&commit.author.email),
            authored: Some(commit.authored.epoch()),
            committed: commit.committed.epoch(),
            subject: telling(commit.subject.raw()),
            change: trailers::values(commit, "Change-Id").last().map(str::to_owned),
            pulls: landed
                .filter_map(|r| if let Target::Number(number) = r.target { Some(number) } else { None })
                .collect(),
            co_authors: trailers::co_authors(commit).iter().map(|person| email(&person.email)).collect(),
            ..Self::default()
        }
    }

    /// Notes which of `subjects` a commit's message holds, as that of a squash does.
    pub fn note_subjects(&mut self, commit: &ProjectCommit, subjects: &BTreeSet<&str>) {
        let bare = |line: &str| telling(line.trim().trim_start_matches(['*', '-']).trim_start());
        let lines = commit.body.raw().lines().filter(|line| !line.trim().is_empty()).map(bare);
        self.holds = lines.filter(|line| subjects.contains(line.as_str())).collect();
    }

    /// True where both add and take away the very same lines, and some.
    pub(super) fn same_lines(&self, other: &Self) -> bool {
        self.lines.as_ref().is_some_and(|lines| !lines.is_empty()) && self.lines == other.lines
    }
}

/// A commit that evidence names and that nothing leads to any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// What the evidence kept of it.
    pub trace: Trace,
    /// When the evidence was recorded, in seconds: it stood then, so what replaced it came later.
    pub recorded: i64,
    /// What hooks or a filter say that it became.
    pub became: Option<String>,
    /// Patch-ids of whole branches that it was part of.
    pub wholes: BTreeSet<String>,
    /// Pull requests that its evidence names.
    pub pulls: Vec<u64>,
}

impl Gone {
    /// What an artifact of evidence kept.
    pub fn of(artifact: &Artifact, recorded: Instant) -> Self {
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.raw().to_owned());
        let trace = Trace {
            id: artifact.reference.raw().to_owned(),
            author: artifact.author.as_ref().map(|author| author.raw().to_lowercase()).unwrap_or_default(),
            authored: artifact.authored.map(Instant::epoch),
            subject: artifact.subject.as_ref().map(|subject| telling(subject.raw())).unwrap_or_default(),
            patch: text(&artifact.patch_id),
            change: text(&artifact.change_id),
            ..Trace::default()
        };
        Self { trace, recorded: recorded.epoch(), ..Self::default() }
    }
}

/// A subject as evidence keeps it.
fn telling(subject: &str) -> String {
    redact(bare_subject(subject)).text
}
