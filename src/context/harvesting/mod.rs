//! From commits to the inbox: which repositories are read, how far they were read before, and what that came to.

mod export;
mod known;
mod look;
mod noted;
mod read;
mod reworded;
mod waiting;

pub use export::Imported;
pub use look::Skipped;
pub use waiting::{Waits, known_words};

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use self::look::Look;
pub(super) use self::read::{Batch, Placed};
use super::Context;
use super::referring::take_back;
use super::rewriting::Replaced;
use crate::error::CommandError;
use crate::harvest::suggest::Found;
use crate::model::{Day, RecordId, Text};
use crate::render::Line;
use crate::report::status::TakenBackEvidence;
use crate::store::inbox::{Inbox, Waiting};
use crate::store::project::glance::Glance;
use crate::store::project::standing::shallow_ends;

/// What to harvest.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Repositories to read instead of the one here and those of `okr.repos`: paths, also with wildcards.
    pub repos: Vec<String>,
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
    /// Repositories that were looked at, in the order in which they are named.
    pub repositories: Vec<Read>,
    /// Repositories that could not be looked at.
    pub skipped: Vec<Skipped>,
    /// Commits that were read.
    pub commits: usize,
    /// Those of them that are mine, or of the author that was asked for.
    pub own: usize,
    /// Suggestions that wait and hold something that was not there before.
    pub new: usize,
    /// Suggestions that the inbox shows: the best of those that reach the threshold.
    pub waiting: usize,
    /// Suggestions that reach the threshold beyond those.
    pub more: usize,
    /// Evidence that rests on work which was taken back.
    pub taken_back: Vec<TakenBackEvidence>,
}

/// What was read of one repository.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Read {
    /// The repository, by remote.
    pub repository: Text,
    /// Commits that were read.
    pub commits: usize,
    /// Those of them that are mine, or of the author that was asked for.
    pub own: usize,
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
}

impl Context {
    /// The inbox of the journal on this machine. The journal itself is not opened: a hook needs only the place.
    pub fn inbox(&self) -> Result<Inbox, CommandError> {
        let location = self.location()?;
        if !location.dir.is_dir() {
            return Err(location.missing().into());
        }
        Ok(Inbox::new(location.state_dir()))
    }

    /// Harvests what is new, for a verb that shows what waits. It must not fail because commits cannot be read, or
    /// because this machine cannot write.
    pub fn catch_up(&mut self) -> Result<(), CommandError> {
        let harvested = match self.harvest(&Wanted::default()) {
            // Outside of any repository there is still what hooks queued in others.
            Ok(None) => {
                // Where there is no journal, the verb itself says so.
                let inbox = self.inbox().ok();
                inbox
                    .map_or(Ok(()), |inbox| self.keep_queued(&inbox, &[], &mut BTreeSet::new()))
                    .map(|()| None)
            }
            harvested => harvested,
        };
        match harvested {
            Ok(harvested) => {
                for one in harvested.iter().flat_map(|harvested| &harvested.skipped) {
                    self.ui.warning(one.line())?;
                }
            }
            Err(error) => {
                let why = Text::from(format!("{:#}", error.cause)).visible();
                self.ui.warning(Line::from("commits were not read: ").plain(why))?;
            }
        }
        Ok(())
    }

    /// Harvests the repository one stands in and those of `okr.repos`, or the ones that are wanted. `None` when there
    /// is none.
    pub fn harvest(&mut self, wanted: &Wanted) -> Result<Option<Harvested>, CommandError> {
        let Some(Look { looked_at, skipped }) = self.look(wanted)? else { return Ok(None) };
        if wanted.range.is_some() && looked_at.len() > 1 {
            return Err(CommandError::usage("a range is of one repository").hint("name one: --repo <path>"));
        }
        let inbox = self.inbox()?;
        let mut harvested = Harvested { skipped, ..Harvested::default() };
        // Alone, what is wrong with a repository is what is wrong with the command.
        let alone = looked_at.len() == 1 && harvested.skipped.is_empty();
        let mut fresh = BTreeSet::new();
        let mut waiting = inbox.load();
        for glance in &looked_at {
            match self.harvest_glanced(&inbox, &mut waiting, glance, wanted, &mut fresh) {
                Ok(read) => harvested.repositories.push(read),
                Err(error) if alone => return Err(error),
                Err(error) => {
                    harvested.skipped.push(Skipped::at(&glance.dir, format!("{:#}", error.cause)));
                }
            }
        }
        self.keep_queued(&inbox, &looked_at, &mut fresh)?;
        harvested.commits = harvested.repositories.iter().map(|read| read.commits).sum();
        harvested.own = harvested.repositories.iter().map(|read| read.own).sum();
        (harvested.new, harvested.waiting, harvested.more) = self.count(&fresh)?;
        harvested.taken_back = self.taken_back()?;
        Ok(Some(harvested))
    }

    /// Keeps what hooks queued, in whichever repository, without what rewrites replaced meanwhile.
    fn keep_queued(
        &mut self,
        inbox: &Inbox,
        looked_at: &[Glance],
        fresh: &mut BTreeSet<Text>,
    ) -> Result<(), CommandError> {
        self.hand_on_noted();
        let mut queued = inbox.take_queue();
        let replaced = self.all_replaced(inbox, looked_at, &mut queued)?;
        if !queued.is_empty() || !replaced.is_empty() {
            let found = self.queued(queued, looked_at)?;
            self.keep(inbox, found, fresh, |waiting| {
                waiting.items.retain(|item| !replaced.iter().any(|one| one.covers(item)));
                Vec::new()
            })?;
        }
        Ok(())
    }

    /// How many suggestions the inbox shows that hold something fresh, how many it shows, and how many more there are.
    fn count(&self, fresh: &BTreeSet<Text>) -> Result<(usize, usize, usize), CommandError> {
        let waits = self.waiting(false)?;
        let new =
            waits.items.iter().filter(|item| item.suggestion.keys.iter().any(|key| fresh.contains(key)));
        Ok((new.count(), waits.items.len(), waits.more))
    }

    /// Harvests one repository as far as it has news, and keeps how far it was read.
    fn harvest_glanced(
        &mut self,
        inbox: &Inbox,
        waiting: &mut Waiting,
        glance: &Glance,
        wanted: &Wanted,
        fresh: &mut BTreeSet<Text>,
    ) -> Result<Read, CommandError> {
        // What a shallow clone has got since lies behind the cursor.
        let ends = shallow_ends(&glance.common_dir);
        let deeper = waiting.shallow.get(&glance.common_dir).is_some_and(|old| !old.is_subset(&ends));
        let cursors = waiting.cursors.get(&glance.common_dir).filter(|_| !deeper);
        // A month that was only read in part would tell too little of it, and the cursor must not pass what was not read.
        let whole = wanted.follows_cursor() || (wanted.all && wanted.author.is_none());
        let nothing = match &glance.head {
            // An unborn branch, or nothing since the last time.
            None => !wanted.all && wanted.range.is_none(),
            Some(head) => {
                wanted.follows_cursor()
                    && cursors.is_some_and(|cursors| cursors.values().any(|one| one == head))
            }
        };
        let here = self.project()?.is_some_and(|project| project.place() == glance.dir);
        // What is wrong with the configuration here is told even then.
        if nothing
            && !here
            && let Some(name) = waiting.names.get(&glance.common_dir)
        {
            return Ok(Read { repository: name.clone(), ..Read::default() });
        }
        let Some(project) = self.project_at(&glance.dir)? else {
            return Err(CommandError::new("no git repository is there"));
        };
        // A remote that came or moved gives other keys: what waits is told anew by them.
        let name = project.repo()?.name;
        if waiting.names.get(&glance.common_dir).is_some_and(|old| *old != name) {
            waiting::requeue(inbox, waiting, &project);
        }
        let (read, mut found, mut rest) = if nothing {
            (Read { repository: name, ..Read::default() }, Vec::new(), Found::default())
        } else {
            self.harvest_one(&project, wanted, cursors)?
        };
        let credited = std::mem::take(&mut rest.credited);
        let credited = if whole { credited } else { Vec::new() };
        let crediting = if credited.is_empty() { None } else { Some(self.crediting(&project, credited)?) };
        self.leave_taken(&project, waiting, &mut found, &mut rest)?;
        *waiting = self.keep(inbox, found, fresh, |waiting| {
            waiting.names.insert(glance.common_dir.clone(), read.repository.clone());
            // Nor must it pass a commit that is missing: it may come again, and what lies behind it.
            if let (true, Some(head), None) = (whole, &glance.head, &read.stopped) {
                let cursors = waiting.cursors.entry(glance.common_dir.clone()).or_default();
                if deeper {
                    cursors.clear();
                }
                cursors.insert(glance.place.clone(), head.clone());
                waiting.shallow.remove(&glance.common_dir);
                if !ends.is_empty() {
                    waiting.shallow.insert(glance.common_dir.clone(), ends);
                }
            }
            let credits = crediting.map(|crediting| crediting.apply(waiting, &project)).unwrap_or_default();
            take_back(waiting, rest);
            credits.into_iter().map(|one| (project.place().to_owned(), one)).collect()
        })?;
        Ok(read)
    }

    /// What rewrites replaced in repositories that were looked at. What it became is queued instead.
    fn all_replaced(
        &self,
        inbox: &Inbox,
        looked_at: &[Glance],
        queued: &mut BTreeMap<PathBuf, Vec<String>>,
    ) -> Result<Vec<Replaced>, CommandError> {
        let mut replaced = Vec::new();
        for glance in looked_at.iter().filter(|glance| !inbox.rewrites(&glance.common_dir).is_empty()) {
            if let Some(project) = self.project_at(&glance.dir)? {
                replaced.push(self.replaced(&project, inbox, queued)?);
            }
        }
        Ok(replaced)
    }

    /// Puts suggestions into the inbox, with those that `note` has to add, and drops what was decided on; gives back what
    /// waits now.
    fn keep(
        &self,
        inbox: &Inbox,
        found: Placed,
        fresh: &mut BTreeSet<Text>,
        note: impl FnOnce(&mut Waiting) -> Placed,
    ) -> Result<Waiting, CommandError> {
        let known: BTreeSet<RecordId> = self.known()?.decided.into_iter().collect();
        Ok(inbox.change(|waiting| {
            let more = note(waiting);
            waiting.put(found.into_iter().chain(more), |one| fresh.extend(one.keys.first().cloned()));
            waiting::drop_decided(waiting, &known);
            waiting.clone()
        })?)
    }
}
