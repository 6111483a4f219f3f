//! Reverts, reapplies and picks that are new: what was read before is judged once more beside them.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::harvesting::{Batch, Placed};
use crate::error::CommandError;
use crate::harvest::references::{Kind, Role, Target, references};
use crate::harvest::suggest::Found;
use crate::harvest::{Learnt, commit_key, is_mine, message};
use crate::model::project::{ProjectCommit, ProjectRepo};
use crate::model::suggestion::TakenBack;
use crate::model::{Artifact, ArtifactKind, Day, Text};
use crate::store::journal::{Scope, Shards};
use crate::store::project::Project;
use crate::store::project::history::HistoryQuery;
use crate::store::project::line_counts::count_lines;

/// How long before its last commit a piece of work may have begun, in days.
const WORK_LASTS: i64 = 62;

/// From where on a history is read again.
enum Stir {
    /// From a day on.
    Since(Day),
    /// What is taken back is not known: from the beginning.
    Beginning,
}

impl Context {
    /// Suggestions from a batch. Where it takes something of mine back, brings it again or picks it, the history of that
    /// is judged with it: whatever was read before, it comes to what reading everything at once comes to. `tips` are the
    /// commits that were asked for, `all` when these are all.
    pub(super) fn settled(
        &mut self,
        project: &Project,
        mut batch: Batch<'_>,
        repo: &ProjectRepo,
        (tips, all): (&BTreeSet<String>, bool),
    ) -> Result<(Placed, Found), CommandError> {
        let taken = self.inbox()?.load().taken_back;
        let Some(stir) = self.stir(&batch, &taken)? else {
            return self.suggestions(project, &batch, repo, None);
        };
        let read: BTreeSet<String> = batch.commits.iter().map(|commit| commit.id.clone()).collect();
        let head = project.head()?;
        let mut query = HistoryQuery {
            range: vec!["--all".to_owned()],
            hidden_refs: vec![format!("refs/heads/{}", self.branch()?)],
            ..HistoryQuery::default()
        };
        match stir {
            _ if all => query.exclude.extend(head.clone()),
            Stir::Since(day) => query.since = Some(day),
            Stir::Beginning => {}
        }
        let (more, _) = self.read_commits(project, &query, Some(batch.me), &repo.name)?;
        let mut asked: BTreeSet<&str> = tips.iter().map(String::as_str).collect();
        asked.extend(head.as_deref());
        let near = around(&batch, &more, asked);
        let beside = |one: &ProjectCommit| near.contains(&one.id) && !read.contains(&one.id);
        let more: Vec<ProjectCommit> = more.into_iter().filter(beside).collect();
        // All that says what becomes of the batch is in it.
        if more.is_empty() {
            return self.suggestions(project, &batch, repo, None);
        }
        let (_, before) = self.suggestions(project, &batch, repo, Some(&BTreeSet::new()))?;
        batch.commits.extend(more);
        // Told anew is what new commits belong to, and what may stand again.
        let mut keys: BTreeSet<String> =
            taken.iter().flat_map(|one| &one.keys).map(|key| key.raw().to_owned()).collect();
        keys.extend(batch.commits.iter().filter(|one| read.contains(&one.id)).map(key_of));
        let (again, _) = self.suggestions(project, &batch, repo, Some(&keys))?;
        keys.extend(again.iter().flat_map(|(_, one)| &one.keys).map(|key| key.raw().to_owned()));
        let uncounted = |one: &ProjectCommit| {
            one.files.is_none() && is_mine(one, batch.me) && keys.contains(&key_of(one))
        };
        let mut counted: Vec<ProjectCommit> = batch.commits.extract_if(.., |one| uncounted(one)).collect();
        count_lines(project, &mut counted);
        batch.commits.append(&mut counted);
        let (placed, found) = self.suggestions(project, &batch, repo, Some(&keys))?;
        // Months are told by what is new.
        Ok((placed, Found { credited: before.credited, ..found }))
    }

    /// From where on the history has to be judged again; `None` where nothing of mine is taken back, comes again or is
    /// picked.
    fn stir(&self, batch: &Batch<'_>, taken: &[TakenBack]) -> Result<Option<Stir>, CommandError> {
        let Batch { commits, me, .. } = batch;
        let gone: BTreeSet<&str> = taken.iter().flat_map(|one| &one.keys).map(Text::raw).collect();
        let is_back = |one: &ProjectCommit| !gone.is_empty() && gone.contains(key_of(one).as_str());
        let stirs: Vec<&ProjectCommit> =
            commits.iter().filter(|one| is_mine(one, me) && is_back(one) || Undoing::may_be(one)).collect();
        if stirs.is_empty() {
            return Ok(None);
        }
        let by_id: BTreeMap<&str, &ProjectCommit> =
            commits.iter().map(|commit| (commit.id.as_str(), commit)).collect();
        let works = self.works(taken)?;
        let (mut first, mut lost) = (None, false);
        for one in stirs {
            let undoing = Undoing::of(one);
            let named = undoing.ids.iter().filter_map(|id| by_id.get(id.as_str()));
            let named: Vec<Day> =
                named.filter(|other| is_mine(other, me)).map(|other| other.authored.day()).collect();
            let told = works.iter().filter(|work| work.is_meant(&undoing)).map(|work| work.day);
            let found: Vec<Day> = named.into_iter().chain(told).collect();
            let mine = is_mine(one, me);
            if !found.is_empty() || mine {
                let day = found.iter().min().copied().unwrap_or(one.authored.day());
                first = first.min(Some(day)).or(Some(day));
                lost |= found.is_empty() && !is_back(one);
            }
        }
        let since = |day: Day| if lost { Stir::Beginning } else { Stir::Since(day.plus(-WORK_LASTS)) };
        Ok(first.map(since))
    }

    /// Work of mine that waits, was kept, or was taken back.
    fn works(&self, taken: &[TakenBack]) -> Result<Vec<Work>, CommandError> {
        let mut works: Vec<Work> = Vec::new();
        for item in self.inbox()?.load().items {
            let one = item.suggestion;
            works.push(Work::of(one.happened, &one.title, &one.artifacts));
        }
        let journal = self.journal()?;
        let scope = Scope { check_ins: false, evidence: Shards::All, decisions: Shards::None };
        for one in journal.snapshot(&journal.tip()?, scope)?.evidence {
            let day = one.artifacts.iter().filter_map(|artifact| Some(artifact.authored?.day())).min();
            works.push(Work::of(day.unwrap_or(one.happened).min(one.happened), &one.title, &one.artifacts));
        }
        for one in taken {
            let mut work = Work::of(one.day, &one.subject, &[]);
            work.pulls = pulls(one.subject.raw(), "", Role::Review);
            works.push(work);
        }
        Ok(works)
    }
}

/// What is known of a piece of work of mine.
struct Work {
    day: Day,
    titles: BTreeSet<String>,
    pulls: BTreeSet<u64>,
}

impl Work {
    fn of(day: Day, title: &Text, artifacts: &[Artifact]) -> Self {
        let subjects = artifacts.iter().filter_map(|one| one.subject.as_ref());
        let titles = subjects.chain([title]).map(|subject| innermost(subject.raw())).collect();
        let pulls = artifacts.iter().filter(|one| one.kind == ArtifactKind::PullRequest);
        let numbers = pulls.filter_map(|one| one.reference.raw().trim_start_matches(['#', '!']).parse().ok());
        Self { day, titles, pulls: numbers.collect() }
    }

    /// True when it may be what is taken back. Too often true does no harm: it is judged again.
    fn is_meant(&self, undoing: &Undoing) -> bool {
        undoing.title.as_ref().is_some_and(|title| self.titles.contains(title))
            || undoing.pulls.iter().any(|number| self.pulls.contains(number))
    }
}

/// What a commit says that it takes back, brings again or picks.
struct Undoing {
    ids: Vec<String>,
    title: Option<String>,
    pulls: BTreeSet<u64>,
}

impl Undoing {
    fn may_be(commit: &ProjectCommit) -> bool {
        let body = commit.body.raw();
        let line = message::headline(commit.subject.raw(), body);
        message::is_revert(line)
            || message::is_reapply(line)
            || ["This reverts ", "Reverts ", "(cherry picked from commit "].iter().any(|it| body.contains(it))
    }

    fn of(commit: &ProjectCommit) -> Self {
        let (subject, body) = (commit.subject.raw(), commit.body.raw());
        let line = message::headline(subject, body);
        let ids = message::reverted_commits(body).into_iter().chain(message::picked_commits(body));
        let mut numbers = pulls(subject, body, Role::Reverts);
        numbers.extend(pulls(line, "", Role::Reverts));
        Self {
            ids: ids.map(str::to_ascii_lowercase).collect(),
            title: message::reverted_subject(line).map(|_| innermost(line)),
            pulls: numbers,
        }
    }
}

/// The title of what reverts and reapplies speak of in the end.
fn innermost(subject: &str) -> String {
    let mut line = message::core_subject(subject);
    while let Some(inner) = message::quoted(&line).map(|(inner, _)| inner.to_owned()) {
        line = inner;
    }
    let line = message::reverted_subject(&line).unwrap_or(line);
    message::title_of(&line, "")
}

/// Numbers of pull requests in a message that play a role.
fn pulls(subject: &str, body: &str, role: Role) -> BTreeSet<u64> {
    let learnt = Learnt { suffix_is_pr: true, ..Learnt::default() };
    let found = references(subject, body, &learnt);
    let pulls = found.into_iter().filter(|one| one.kind == Kind::PullRequest && one.role == role);
    pulls
        .filter_map(|one| if let Target::Number(number) = one.target { Some(number) } else { None })
        .collect()
}

fn key_of(commit: &ProjectCommit) -> String {
    commit_key(commit.author.email.raw(), commit.authored, commit.subject.raw())
}

/// The commits that say what becomes of a batch: those that `asked` ones stand on; and where work of mine was picked from or
/// to another branch, those of that branch from there on. A copy on another branch that nobody calls a pick is a branch that
/// was left behind.
fn around(batch: &Batch<'_>, more: &[ProjectCommit], asked: BTreeSet<&str>) -> BTreeSet<String> {
    let by_id: BTreeMap<&str, &ProjectCommit> =
        batch.commits.iter().chain(more).map(|commit| (commit.id.as_str(), commit)).collect();
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut picks: Vec<(&str, &str)> = Vec::new();
    for commit in by_id.values() {
        for parent in &commit.parents {
            next.entry(parent).or_default().push(&commit.id);
        }
        let ids = message::picked_commits(commit.body.raw()).into_iter();
        let origins = ids.filter_map(|id| by_id.get(id)).filter(|origin| is_mine(origin, batch.me));
        picks.extend(origins.map(|origin| (commit.id.as_str(), origin.id.as_str())));
    }
    let mut near: BTreeSet<&str> = asked.iter().copied().filter(|id| by_id.contains_key(id)).collect();
    let mut waiting: Vec<&str> = near.iter().copied().collect();
    while let Some(commit) = waiting.pop().and_then(|id| by_id.get(id)) {
        let parents = commit.parents.iter().map(String::as_str).filter(|id| by_id.contains_key(id));
        waiting.extend(parents.filter(|id| near.insert(id)));
    }
    loop {
        let reached = picks.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        let reached = reached.filter(|(from, to)| near.contains(from) && !near.contains(to));
        let mut waiting: Vec<&str> = reached.map(|(_, to)| to).collect();
        if waiting.is_empty() {
            return near.into_iter().map(str::to_owned).collect();
        }
        near.extend(waiting.iter().copied());
        while let Some(at) = waiting.pop() {
            let on_it = next.get(at).into_iter().flatten().copied();
            waiting.extend(on_it.filter(|id| near.insert(id)));
        }
    }
}
