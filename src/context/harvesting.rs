//! From commits to the inbox: cursors, queued commits, verdicts, and what a decision records.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Context;
use super::referring::take_back;
use super::settling::{Placed, settle};
use crate::error::CommandError;
use crate::harvest::credit::Roles;
use crate::harvest::suggest::{self, Found, suggest};
use crate::harvest::taste::Taste;
use crate::model::project::{ProjectCommit, ProjectRepo};
use crate::model::suggestion::Suggestion;
use crate::model::{Bet, Day, Evidence, RecordId, Slug, Text, Verdict, VerdictKind};
use crate::report::status::TakenBackEvidence;
use crate::settings;
use crate::store::inbox::{Inbox, Item, Known};
use crate::store::journal::JournalError;
use crate::store::project::Project;
use crate::store::project::history::HistoryQuery;

/// What to harvest.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// A revision range; the cursor neither limits it nor moves by it.
    pub range: Option<String>,
    /// Whose commits, instead of mine.
    pub author: Option<String>,
    /// From this day on.
    pub since: Option<Day>,
    /// Up to this day.
    pub until: Option<Day>,
    /// The whole history.
    pub all: bool,
}

impl Wanted {
    /// True when the cursor leads: everything since the last harvest.
    fn follows_cursor(&self) -> bool {
        self.range.is_none()
            && self.author.is_none()
            && self.since.is_none()
            && self.until.is_none()
            && !self.all
    }
}

/// What a harvest came to.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Harvested {
    /// The repository, by remote.
    pub repository: Text,
    /// Commits that were read.
    pub commits: usize,
    /// Suggestions that were not there before.
    pub new: usize,
    /// Suggestions that wait now and reach the threshold.
    pub waiting: usize,
    /// Commits that could not be understood.
    pub unreadable: usize,
    /// The day from which a first harvest read, when it did not read everything.
    pub since: Option<Day>,
    /// Why git stopped before the end, when it did.
    pub stopped: Option<Text>,
    /// Commits of mine whose lines could not be counted: a partial clone lacks their files.
    pub uncounted: usize,
    /// True in a shallow clone: what lies behind its end is not there to be read.
    pub shallow: bool,
    /// Evidence that rests on work which was taken back.
    pub taken_back: Vec<TakenBackEvidence>,
}

impl Context {
    /// The inbox of the journal on this machine. The journal itself is not opened: a hook needs only the place.
    pub fn inbox(&self) -> Result<Inbox, CommandError> {
        let location = self.location()?;
        if !location.dir.is_dir() {
            return Err(JournalError::Vanished(location.dir).into());
        }
        Ok(Inbox::new(location.state_dir()))
    }

    /// My addresses: `user.email` and every `okr.me`.
    pub fn my_addresses(&self) -> Result<Vec<Text>, CommandError> {
        let config = self.config()?;
        let mut mine: Vec<Text> = config.all("okr.me").into_iter().map(Text::from).collect();
        mine.extend(config.get("user.email").map(Text::from));
        mine.retain(|address| !address.is_blank());
        mine.dedup();
        Ok(mine)
    }

    /// The score from which work is suggested, in tenths of a point.
    pub fn threshold(&self) -> Result<i32, CommandError> {
        let Some(text) = self.config()?.get("okr.threshold") else { return Ok(settings::DEFAULT_THRESHOLD) };
        let points: f64 =
            text.trim().parse().ok().filter(|points: &f64| points.abs() < 1000.0).ok_or_else(|| {
                CommandError::new(format!(
                    "okr.threshold is not a number of points: '{}'",
                    Text::from(text).visible()
                ))
                .hint("git config --global okr.threshold 4.0")
            })?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        Ok((points * 10.0).round() as i32)
    }

    /// What the journal's verdicts say; read again only when they changed.
    pub fn known(&self) -> Result<Known, CommandError> {
        let journal = self.journal()?;
        let tip = journal.tip()?;
        let tree = journal.subtree(&tip, "verdicts")?;
        let inbox = self.inbox()?;
        let known = inbox.known();
        if known.tree == tree {
            return Ok(known);
        }
        let verdicts = journal.verdicts(&tip)?;
        let mut decided: BTreeSet<RecordId> = verdicts.iter().map(|one| one.id).collect();
        decided.extend(verdicts.iter().flat_map(|one| &one.keys).map(|key| RecordId::derived(key.raw())));
        let mut taste = Taste::default();
        for one in &verdicts {
            taste.learn(one.traits.iter().map(Text::raw), one.verdict == VerdictKind::Accepted);
        }
        let never = verdicts.into_iter().filter_map(|one| one.never).collect();
        let known = Known::new(tree, decided.into_iter().collect(), never, taste);
        // Kept for hooks; without it they read nothing and everything still works.
        let _ = inbox.set_known(&known);
        Ok(known)
    }

    /// Harvests the repository one stands in. `None` outside of one.
    pub fn harvest(&mut self, wanted: &Wanted) -> Result<Option<Harvested>, CommandError> {
        let Some(project) = self.project()? else { return Ok(None) };
        let project = project.clone();
        let mut query = self.query(&project, wanted)?;
        let head = project.head()?;
        let place =
            project.current_branch()?.map_or_else(|| "HEAD".to_owned(), |branch| branch.raw().to_owned());
        let inbox = self.inbox()?;
        let mut since = None;
        if wanted.follows_cursor() {
            let cursors = inbox.load().cursors.remove(project.common_dir()).unwrap_or_default();
            query.exclude = cursors.values().cloned().collect();
            if !cursors.contains_key(&place) && cursors.is_empty() {
                since = Some(self.first_day()?);
                query.since = since;
            }
        }
        let whose = match &wanted.author {
            None => Some(self.my_addresses()?),
            Some(_) => None,
        };
        let (mut commits, mut harvested) = match &head {
            // Nothing to read: an unborn branch, or nothing since the last time.
            Some(head) if !query.exclude.contains(head) => {
                self.read_commits(&project, &query, whose.as_deref())?
            }
            None if wanted.all || wanted.range.is_some() => {
                self.read_commits(&project, &query, whose.as_deref())?
            }
            _ => (Vec::new(), Harvested::default()),
        };
        let mut queued = inbox.take_queue();
        let replaced = self.replaced(&project, &inbox, &mut queued)?;
        let theirs = wanted.author.is_some();
        let same = match &whose {
            Some(me) => self.refer(&project, &mut commits, me)?,
            None => Vec::new(),
        };
        let (mut found, rest) = self.suggestions(&project, &commits, &same, theirs)?;
        // A month that was only read in part would tell too little of it.
        let whole = wanted.follows_cursor() || (wanted.all && !theirs);
        let credited = if whole { rest.credited } else { Vec::new() };
        let crediting = if credited.is_empty() { None } else { Some(self.crediting(&project, credited)?) };
        found.extend(self.queued(&project, queued)?);
        harvested.since = since;
        harvested.repository = project.repo()?.name;
        // A commit without a message says nothing that could be kept.
        found.retain(|(_, one)| !one.title.is_blank());
        // A clock that was ahead is no reason for evidence of a day that has not come.
        let today = self.today()?;
        found.iter_mut().for_each(|(_, one)| one.happened = one.happened.min(today));
        let threshold = self.threshold()?;
        let known: BTreeSet<RecordId> = self.known()?.decided.into_iter().collect();
        inbox.change(|waiting| {
            waiting.items.retain(|item| !replaced.covers(item));
            let credits = crediting.map(|crediting| crediting.apply(waiting, &project)).unwrap_or_default();
            let credits = credits.into_iter().map(|one| (project.place().to_owned(), one));
            found.extend(credits);
            take_back(waiting, rest.taken_back, &rest.back);
            let new: BTreeSet<RecordId> = settle(waiting, found).into_iter().collect();
            waiting.items.retain(|item| !is_decided(&item.suggestion, &known));
            if let (true, Some(head)) = (whole, head) {
                waiting.cursors.entry(project.common_dir().to_owned()).or_default().insert(place, head);
            }
            let shown = waiting.items.iter().filter(|item| reaches(&item.suggestion, threshold));
            harvested.waiting = shown.clone().count();
            harvested.new = shown.filter(|item| new.contains(&item.suggestion.id)).count();
        })?;
        harvested.taken_back = self.taken_back()?;
        Ok(Some(harvested))
    }

    /// What waits, best first: everything, or only what reaches the threshold; and how much does not.
    pub fn waiting(&self, everything: bool) -> Result<(Vec<Item>, usize), CommandError> {
        let threshold = self.threshold()?;
        let known: BTreeSet<RecordId> = self.known()?.decided.into_iter().collect();
        let mut items = self.inbox()?.load().items;
        items.retain(|item| !is_decided(&item.suggestion, &known));
        items.sort_by(|a, b| {
            let key = |item: &Item| (!item.suggestion.asked, -item.suggestion.score);
            key(a)
                .cmp(&key(b))
                .then_with(|| b.suggestion.happened.cmp(&a.suggestion.happened))
                .then_with(|| a.suggestion.id.cmp(&b.suggestion.id))
        });
        let all = items.len();
        if !everything {
            items.retain(|item| reaches(&item.suggestion, threshold));
        }
        let hidden = all - items.len();
        Ok((items, hidden))
    }

    /// The evidence that a suggestion becomes, with what is needed to find its commits again.
    pub fn evidence_from(&self, item: &Item) -> Result<Evidence, CommandError> {
        let one = &item.suggestion;
        let mut evidence = Evidence::new(self.new_id()?, one.title.clone(), one.happened, self.now()?);
        evidence.kind.clone_from(&one.kind);
        evidence.dimensions.clone_from(&one.dimensions);
        evidence.bets.clone_from(&one.bets);
        evidence.artifacts.clone_from(&one.artifacts);
        if let Ok(Some(project)) = Project::discover(&item.dir) {
            project.add_patch_ids(&mut evidence.artifacts)?;
        }
        Ok(evidence)
    }

    /// The verdict on a suggestion.
    pub fn verdict_on(
        &self,
        one: &Suggestion,
        evidence: Option<RecordId>,
        never: bool,
    ) -> Result<Verdict, CommandError> {
        Ok(Verdict {
            id: one.id,
            verdict: if evidence.is_some() { VerdictKind::Accepted } else { VerdictKind::Dismissed },
            title: one.title.clone(),
            date: one.happened,
            evidence,
            keys: one.keys.clone(),
            traits: one.traits.clone(),
            recorded: self.now()?,
            never: never.then(|| one.pattern.clone()),
            conflicts: Vec::new(),
        })
    }

    /// Forgets suggestions that were decided on.
    pub fn forget(&self, ids: &[RecordId]) -> Result<(), CommandError> {
        Ok(self.inbox()?.change(|waiting| waiting.items.retain(|item| !ids.contains(&item.suggestion.id)))?)
    }

    /// Drops what waits and matches a pattern that is never to be suggested; returns how much that was.
    pub fn drop_never(&self, never: &crate::model::verdict::Never) -> Result<usize, CommandError> {
        Ok(self.inbox()?.change(|waiting| {
            let before = waiting.items.len();
            waiting.items.retain(|item| item.suggestion.asked || item.suggestion.pattern != *never);
            before - waiting.items.len()
        })?)
    }

    /// Suggestions from commits of one repository. With `theirs`, the authors of the commits count as me.
    fn suggestions(
        &self,
        project: &Project,
        commits: &[ProjectCommit],
        same: &[(String, String)],
        theirs: bool,
    ) -> Result<(Placed, Found), CommandError> {
        if commits.is_empty() {
            return Ok(Default::default());
        }
        let mut me = self.my_addresses()?;
        if theirs {
            me = commits.iter().map(|commit| commit.author.email.clone()).collect();
            me.sort();
            me.dedup();
        }
        let known = self.known()?;
        let repo = project.repo()?;
        self.learn(project, &repo, commits)?;
        let also = if theirs { BTreeSet::new() } else { self.also_me(project, &self.roles()?, commits, &me) };
        let mut found = self.found(commits, &me, (&also, same), &repo, &known)?;
        let placed = std::mem::take(&mut found.suggestions);
        let placed = placed.into_iter().map(|one| (project.place().to_owned(), one)).collect();
        // What becomes of others' work is none of mine.
        Ok((placed, if theirs { Found::default() } else { found }))
    }

    /// Suggestions from commits, judged against the open bets.
    pub fn suggest(
        &self,
        commits: &[ProjectCommit],
        me: &[Text],
        repo: &ProjectRepo,
        known: &Known,
    ) -> Result<Vec<Suggestion>, CommandError> {
        Ok(self.found(commits, me, (&BTreeSet::new(), &[]), repo, known)?.suggestions)
    }

    fn found(
        &self,
        commits: &[ProjectCommit],
        me: &[Text],
        (also, same): (&BTreeSet<String>, &[(String, String)]),
        repo: &ProjectRepo,
        known: &Known,
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
                learnt: &self.learnt(repo)?,
                logins: &self.my_logins()?,
                also,
                same,
                roles: &Roles::of(&snapshot.guide),
            },
        ))
    }

    /// Suggestions from what hooks queued, here and in other repositories of this machine.
    fn queued(
        &mut self,
        here: &Project,
        queued: std::collections::BTreeMap<PathBuf, Vec<String>>,
    ) -> Result<Placed, CommandError> {
        let mut found = Vec::new();
        for (dir, ids) in queued {
            let project = if dir == here.common_dir() { Some(here.clone()) } else { discover_quietly(&dir) };
            let Some(project) = project else { continue };
            let query = HistoryQuery { only: Some(ids), with_files: true, ..HistoryQuery::default() };
            let Ok((commits, _)) = self.read_commits(&project, &query, None) else { continue };
            found.extend(self.suggestions(&project, &commits, &[], false)?.0);
        }
        Ok(found)
    }
}

/// A repository that moved away or cannot be read is no reason to stop.
fn discover_quietly(dir: &Path) -> Option<Project> {
    dir.is_dir().then(|| Project::discover(dir).ok().flatten()).flatten()
}

fn is_decided(one: &Suggestion, decided: &BTreeSet<RecordId>) -> bool {
    decided.contains(&one.id) || one.keys.iter().any(|key| decided.contains(&RecordId::derived(key.raw())))
}

fn reaches(one: &Suggestion, threshold: i32) -> bool {
    one.asked || one.score >= threshold
}

/// Words of a suggestion that a guide does not know any more are left out of the evidence.
pub fn known_words(evidence: &mut Evidence, guide: &crate::model::Guide) {
    use crate::model::guide::Vocabulary::{Dimension, EvidenceKind};
    let knows = |family, word: &Slug| guide.word(family, word.as_str()).is_ok();
    evidence.kind.take_if(|kind| !knows(EvidenceKind, kind));
    evidence.dimensions.retain(|dimension| knows(Dimension, dimension));
}
