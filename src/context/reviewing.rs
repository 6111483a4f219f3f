//! The review of a quarter: what it asks, how far an interrupted one got, and whether one is due.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Context;
use super::editor::write_private;
use crate::error::CommandError;
use crate::format::draft::{ReviewDraft, fill};
use crate::model::{Period, Snapshot, Text};
use crate::report::review::{self, Agenda, AgendaBet, Due};
use crate::settings;
use crate::store::journal::{Scope, Shards};

/// Answers to a review that is not recorded yet, on disk after each of them.
pub struct Sheet {
    path: PathBuf,
    /// What was answered.
    pub draft: ReviewDraft,
}

impl Context {
    /// The agenda of a quarter, and the snapshot it was made from. As of an earlier time, that is the day it is asked,
    /// and nothing waits: the inbox has no history.
    pub fn agenda(
        &mut self,
        period: &Period,
        as_of: Option<&str>,
    ) -> Result<(Agenda, Snapshot), CommandError> {
        let at = self.revision(as_of)?;
        let (guide, _) = self.journal()?.guide(&at)?;
        let snapshot = self.snapshot(&at, Self::judged(period, &guide))?;
        let (today, inbox) = match as_of {
            Some(_) => (snapshot.revision.time.day(), 0),
            None => (self.today()?, self.waiting(false).map_or(0, |waits| waits.items.len())),
        };
        let mut agenda = review::agenda(&snapshot, period, today, inbox);
        agenda.conflicts = self.contested(&at)?.0;
        Ok((agenda, snapshot))
    }

    /// The review that is due today.
    pub fn review_due(&self) -> Result<Option<Due>, CommandError> {
        let window = self.review_window()?;
        let today = self.today()?;
        let journal = self.journal()?;
        let at = journal.tip()?;
        let (guide, _) = journal.guide(&at)?;
        let this = Period::quarter_of(today, &guide.calendar);
        let before = this.previous(&guide.calendar);
        // Most of the time neither can be due by the calendar and the reviews alone: then no evidence is read.
        let bare = journal.snapshot(&at, Self::BETS)?;
        if review::of(&bare, &before).is_some() {
            return Ok(review::due(&bare, today, window));
        }
        let scope = Scope { evidence: Shards::Between(before.start, before.end), ..Self::BETS };
        Ok(review::due(&journal.snapshot(&at, scope)?, today, window))
    }

    /// How many days before the end of a quarter its review is due.
    fn review_window(&self) -> Result<i64, CommandError> {
        let Some(text) = self.config()?.get("okr.reviewdays") else {
            return Ok(settings::DEFAULT_REVIEW_DAYS);
        };
        text.trim().parse().ok().filter(|days| (0..=92).contains(days)).ok_or_else(|| {
            let shown = Text::from(text).visible();
            CommandError::new(format!("okr.reviewDays is not a number of days from 0 to 92: '{shown}'"))
                .hint("git config --global okr.reviewDays 14")
        })
    }

    /// The sheet of a quarter, with what an interrupted review left on it.
    pub fn sheet(&self, period: &Period) -> Result<Sheet, CommandError> {
        let path = self.journal()?.state_dir().join("drafts").join(format!("review-{}.toml", period.name));
        let draft = match fs::read_to_string(&path) {
            Ok(text) => ReviewDraft::parse(&text).map_err(|error| {
                CommandError::new(format!("cannot go on from '{}': {error}", path.display()))
                    .hint("mend the file, or take it away to begin anew")
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => ReviewDraft::default(),
            Err(error) => return Err(error.into()),
        };
        Ok(Sheet { path, draft })
    }
}

impl Sheet {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes out answers on bets that the agenda does not ask about any more: they were closed or removed meanwhile.
    pub fn without_gone(&mut self, agenda: &Agenda) -> Vec<String> {
        let asked = |name: &str| {
            let is = |one: &AgendaBet| one.bet.slug.as_str() == name || one.bet.id.is_named(name);
            agenda.bets.iter().any(is)
        };
        let gone: Vec<String> = self.draft.bet.keys().filter(|name| !asked(name)).cloned().collect();
        self.draft.bet.retain(|name, _| !gone.contains(name));
        gone
    }

    /// Puts what was answered on disk, beside what another terminal answered meanwhile.
    pub fn save(&mut self) -> Result<(), CommandError> {
        let other = fs::read_to_string(&self.path).ok().and_then(|text| ReviewDraft::parse(&text).ok());
        if let Some(other) = other {
            self.draft.add(other);
        }
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir)?;
        }
        write_private(&self.path, &fill("", &self.draft))
    }
}
