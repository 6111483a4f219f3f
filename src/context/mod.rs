//! What a verb gets: streams, settings, the clock, the journal, and the repository one stands in.

pub mod answers;
pub mod clock;
pub mod compose;
pub mod conflicts;
mod crediting;
pub mod editor;
mod exposing;
pub mod harvesting;
mod keys;
mod learning;
pub mod links;
pub mod lookup;
mod reading;
pub mod reanchoring;
mod referring;
pub mod remotes;
pub mod rerun;
pub mod reviewing;
pub mod revise;
mod rewriting;
mod settling;
pub mod syncing;

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};

use crate::error::CommandError;
use crate::model::{Day, Instant, Period, RecordId, Revision, Snapshot, Text};
use crate::render::ui::Ui;
use crate::settings;
use crate::store::git_config::{Committer, GitConfig};
use crate::store::journal::{
    AsOf, Committed, Home, Journal, JournalError, Location, Scope, Signer, Transaction, Wreck,
};
use crate::store::project::Project;
use crate::store::project::program::Git;
use crate::store::signing;

/// What a verb gets. Everything is found when it is first asked for: a hook must not pay for a journal.
pub struct Context {
    /// The streams.
    pub ui: Ui,
    cwd: PathBuf,
    config: OnceCell<GitConfig>,
    project: OnceCell<Option<Project>>,
    journal: OnceCell<Journal>,
    now: OnceCell<Instant>,
    asks: Cell<bool>,
}

impl Context {
    /// A context for a directory.
    pub fn new(ui: Ui, cwd: PathBuf) -> Self {
        Self {
            ui,
            cwd,
            config: OnceCell::new(),
            project: OnceCell::new(),
            journal: OnceCell::new(),
            now: OnceCell::new(),
            asks: Cell::new(true),
        }
    }

    /// The directory one stands in.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Git's configuration as it holds here.
    pub fn config(&self) -> Result<&GitConfig, CommandError> {
        if self.config.get().is_none() {
            let _ = self.config.set(GitConfig::load(&self.cwd)?);
        }
        Ok(self.config.get().unwrap_or_else(|| unreachable!("it was set above")))
    }

    /// The repository one stands in.
    pub fn project(&self) -> Result<Option<&Project>, CommandError> {
        if self.project.get().is_none() {
            let _ = self.project.set(Project::discover(&self.cwd)?);
        }
        Ok(self.project.get().and_then(Option::as_ref))
    }

    /// The repository that a hook was started in: git starts it at the top of the work tree, and a plain one is
    /// known without asking git.
    pub fn hooked_project(&self) -> Result<Option<&Project>, CommandError> {
        if self.project.get().is_none()
            && let Some(project) = Project::plain(&self.cwd)
        {
            let _ = self.project.set(Some(project));
        }
        self.project()
    }

    /// Does `work` while git's configuration is read, unless it is known.
    pub fn while_configuring<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.config.get().is_some() {
            return work();
        }
        let cwd = &self.cwd;
        let (done, config) = std::thread::scope(|scope| {
            let config = scope.spawn(|| GitConfig::load(cwd));
            (work(), config.join())
        });
        // A failure is told by whoever asks for the configuration.
        if let Ok(Ok(config)) = config {
            let _ = self.config.set(config);
        }
        done
    }

    /// The branch that journals live on.
    pub fn branch(&self) -> Result<&str, CommandError> {
        Ok(branch(self.config()?))
    }

    /// Where the journal is: `okr.journal` of this repository, the journal branch of this repository, then
    /// `okr.journal` of the person.
    pub fn location(&self) -> Result<Location, CommandError> {
        self.while_configuring(|| self.project().map(drop))?;
        located(self.config()?, self.project()?, &self.cwd).ok_or_else(|| JournalError::NotInitialised.into())
    }

    /// True when a journal is a branch of the repository one stands in, whatever else is configured.
    pub fn is_here(&self) -> bool {
        let (Ok(Some(project)), Ok(branch)) = (self.project(), self.branch()) else { return false };
        Journal::lives_in(project.common_dir(), branch)
    }

    /// A path as git's settings name one: from the home directory, or from where one stands.
    pub fn expand(&self, path: &str) -> PathBuf {
        expanded(path, &self.cwd)
    }

    /// The journal.
    pub fn journal(&self) -> Result<&Journal, CommandError> {
        if self.journal.get().is_none() {
            let _ = self.journal.set(self.unlocked(Journal::open(&self.location()?)?)?);
        }
        Ok(self.journal.get().unwrap_or_else(|| unreachable!("it was set above")))
    }

    /// The journal's clock: `GIT_COMMITTER_DATE` when it is set, as for git itself.
    pub fn now(&self) -> Result<Instant, CommandError> {
        if self.now.get().is_none() {
            let now = match std::env::var_os("GIT_COMMITTER_DATE") {
                Some(_) => self.config()?.committer()?.time,
                None => clock::now(),
            };
            let _ = self.now.set(now);
        }
        Ok(self.now.get().copied().unwrap_or_else(clock::now))
    }

    /// Today, in the person's own calendar.
    pub fn today(&self) -> Result<Day, CommandError> {
        Ok(self.now()?.day())
    }

    /// Who records.
    pub fn committer(&self) -> Result<Committer, CommandError> {
        let mut committer = self.config()?.committer()?;
        // One moment for a whole command: a record's `recorded` is its commit's time.
        committer.time = self.now()?;
        Ok(committer)
    }

    /// A fresh id.
    pub fn new_id(&self) -> Result<RecordId, CommandError> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes)
            .map_err(|error| CommandError::new(format!("no random numbers: {error}")))?;
        Ok(RecordId::from_bits(u64::from_be_bytes(bytes)))
    }

    /// Commits to the journal: durable when it returns.
    pub fn commit(&self, transaction: Transaction) -> Result<Committed, CommandError> {
        let journal = self.journal()?;
        let committed = self.signing(journal, |who, sign| journal.commit(transaction, who, sign))?;
        if let Some(args) = journal.housekeeping() {
            // What is recorded is recorded; packing it may as well happen later.
            let _ = Git::new(journal.dir()).detach(&args);
        }
        Ok(committed)
    }

    /// Brings a journal back to what is left of it.
    pub fn recover(&self, journal: &Journal, wreck: &Wreck) -> Result<Revision, CommandError> {
        self.signing(journal, |who, sign| journal.recover(wreck, who, sign))
    }

    /// Does what makes a commit, with the one who makes it and how it is signed.
    fn signing<T>(
        &self,
        journal: &Journal,
        work: impl FnOnce(&Committer, Option<Signer<'_>>) -> anyhow::Result<T>,
    ) -> Result<T, CommandError> {
        let committer = self.committer()?;
        let signed = self.config()?.get_bool("commit.gpgsign")?.unwrap_or(false);
        let git = Git::new(&self.cwd);
        let sign = |tree: &str, parents: &[String], message: &str| {
            Ok(signing::commit_tree(&git, journal.dir(), tree, parents, message, &committer)?)
        };
        Ok(work(&committer, signed.then_some(&sign))?)
    }

    /// The revision that `--as-of` names; the newest without it.
    pub fn revision(&self, as_of: Option<&str>) -> Result<Revision, CommandError> {
        let Some(text) = as_of else { return Ok(self.journal()?.tip()?) };
        let point = match clock::parse_day(text, self.today()?) {
            Some(day) => AsOf::Day(day),
            None => AsOf::parse(text).ok_or_else(|| {
                CommandError::usage(format!(
                    "'{}' is neither a date nor a revision",
                    Text::from(text).visible()
                ))
                .hint("dates are written 2026-11-03 or 'last friday'; revisions are listed by: git okr log")
            })?,
        };
        self.journal()?.at(&point)?.ok_or_else(|| {
            CommandError::new(format!("the journal is younger than '{}'", Text::from(text).visible()))
                .hint("its first revision is at the end of: git okr log")
        })
    }

    /// The records of a scope at a revision; what could not be read is told on stderr.
    pub fn snapshot(&mut self, at: &Revision, scope: Scope) -> Result<Snapshot, CommandError> {
        let snapshot = self.journal()?.snapshot(at, scope)?;
        self.ensure_open(at)?;
        self.tell_faults(&snapshot)?;
        Ok(snapshot)
    }

    fn tell_faults(&mut self, snapshot: &Snapshot) -> Result<(), CommandError> {
        for fault in snapshot.faults.iter().take(3) {
            self.ui.warning(crate::render::view::fault(fault))?;
        }
        match snapshot.faults.len() {
            0 => {}
            1..=3 => self.ui.hint("see all that is wrong: git okr fsck")?,
            more => self.ui.hint(&format!("{} more; see them all: git okr fsck", more - 3))?,
        }
        Ok(())
    }

    /// A period by name, by the calendar of a snapshot's guide.
    pub fn period(
        &self,
        name: Option<&str>,
        snapshot_guide: &crate::model::Guide,
    ) -> Result<Period, CommandError> {
        let name = name.unwrap_or("this-quarter");
        Period::parse(name, &snapshot_guide.calendar, self.today()?).map_err(|error| {
            CommandError::usage(Text::from(error.to_string()).visible()).hint(
                "periods are 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter or 2026-07-01..2026-09-30",
            )
        })
    }
}

/// The branch that journals live on, by a configuration.
fn branch(config: &GitConfig) -> &str {
    config.get("okr.branch").filter(|name| !name.is_empty()).unwrap_or(settings::DEFAULT_BRANCH)
}

/// A path as git's settings name one: from the home directory, or from `cwd`.
fn expanded(path: &str, cwd: &Path) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => cwd.join(path),
    }
}

/// Where the journal of a repository is, by the configuration that holds there and seen from `cwd`.
fn located(config: &GitConfig, project: Option<&Project>, cwd: &Path) -> Option<Location> {
    let branch = branch(config).to_owned();
    let private =
        |path: &str| Location { dir: expanded(path, cwd), branch: branch.clone(), home: Home::Private };
    if let Some(path) = config.local("okr.journal").filter(|path| !path.is_empty()) {
        return Some(private(path));
    }
    if let Some(project) = project
        && Journal::lives_in(project.common_dir(), &branch)
    {
        return Some(Location { dir: project.common_dir().to_owned(), branch, home: Home::Here });
    }
    config.get("okr.journal").filter(|path| !path.is_empty()).map(private)
}
