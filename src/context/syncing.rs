//! Sync: look, fetch, check, merge, push; again from the start when somebody else was faster.

use std::time::Duration;

use super::Context;
use super::remotes::{anew, explain, not_ours, refused, unreachable};
use crate::change::Exchange;
use crate::error::CommandError;
use crate::model::{Revision, Text};
use crate::render::{Line, Role};
use crate::store::journal::{Joined, Journal, JournalError, Relation};
use crate::store::remote::{Found, Pushed, Remote, RemoteError, Remotes, shell_word};

/// How often a sync begins again after somebody else pushed.
const ATTEMPTS: u32 = 5;

/// What a sync is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// Merge and push nothing.
    pub dry_run: bool,
    /// Make two journals that were begun apart one.
    pub join: bool,
}

/// What came and what went.
#[derive(Debug, Default)]
pub struct Synced {
    /// What came; none when nothing did.
    pub came: Option<Exchange>,
    /// What went; none when nothing did.
    pub went: Option<Exchange>,
    /// Both sides had something of their own, and a commit has both as parents.
    pub merged: bool,
    /// The remote had no journal before.
    pub first: bool,
}

/// A history that was fetched, and how it stood to ours.
struct Theirs {
    found: Found,
    at: Revision,
    relation: Relation,
    /// What both had last.
    base: Option<Revision>,
}

impl Context {
    /// Brings the journal and a remote's together.
    /// `synced` tells what happened, also when it ends in the middle.
    pub fn sync(&mut self, remote: &Remote, wish: Wish, synced: &mut Synced) -> Result<(), CommandError> {
        let (dir, home) = (self.journal()?.dir().to_owned(), self.journal()?.home());
        let code = self.code_beside(&dir, home)?;
        Remotes::open(&dir)?.ensure_pinned(remote, &code).map_err(|error| explain(error, &anew(remote)))?;
        let started = self.journal()?.tip()?;
        let (mut wish, mut seen) = (wish, None::<String>);
        for attempt in 1.. {
            self.say_where(remote)?;
            let theirs = self.fetch(remote)?;
            if let Some(theirs) = &theirs {
                if !wish.join && theirs.relation == Relation::Unrelated && !wish.dry_run {
                    wish.join = self.ask_to_join(remote, theirs)?;
                }
                if wish.dry_run {
                    return self.foresee(&started, theirs, wish.join, synced);
                }
                self.take(&started, theirs, wish.join, synced)?;
            }
            let journal = self.journal()?;
            let tip = journal.tip()?;
            synced.first = theirs.is_none();
            if theirs.is_none() {
                self.ensure_uninhabited(remote)?;
            }
            if theirs.as_ref().is_some_and(|theirs| theirs.at.id == tip.id) {
                return Ok(());
            }
            let goes = journal.between(theirs.as_ref().map(|theirs| &theirs.at), &tip)?;
            if wish.dry_run {
                synced.went = Some(goes);
                return Ok(());
            }
            let default = remote.refs(journal.branch())[0].clone();
            let reference = theirs.as_ref().map_or(default, |theirs| theirs.found.reference.clone());
            let Some(why) = self.push(remote, &tip, &reference)? else {
                synced.went = Some(goes);
                return Ok(());
            };
            // A remote that has not moved since means it; but the one who was faster may not be done yet.
            let now = theirs.map(|theirs| theirs.found.id);
            let meant = attempt > 1 && seen == now;
            if attempt >= ATTEMPTS || meant {
                return Err(refused(remote, &why));
            }
            seen = now;
            std::thread::sleep(jitter(attempt));
        }
        unreachable!("the last attempt returns")
    }

    /// A remote that has no journal yet is to have nothing else either: the code is not only where one stands.
    fn ensure_uninhabited(&self, remote: &Remote) -> Result<(), CommandError> {
        if remote.shared {
            return Ok(());
        }
        let door = self.door(self.journal()?.dir())?;
        let branches = door.branches(remote).map_err(|error| unreachable(remote, error))?;
        if branches.is_empty() {
            return Ok(());
        }
        let branches: Vec<String> = branches.into_iter().map(|name| Text::from(name).visible()).collect();
        let error = RemoteError::Inhabited { name: remote.name.clone(), branches: branches.join(", ") };
        Err(explain(error, &anew(remote)))
    }

    fn say_where(&mut self, remote: &Remote) -> Result<(), CommandError> {
        let name = Text::from(remote.name.as_str());
        let url = Text::from(remote.pinned.fetch.as_str());
        let line =
            Line::new().plain("asking '").text(Role::Strong, &name).plain("' at ").text(Role::Plain, &url);
        Ok(self.ui.status(line)?)
    }

    /// What the remote has, among our objects and looked at. No lock is held: the network takes its time.
    fn fetch(&mut self, remote: &Remote) -> Result<Option<Theirs>, CommandError> {
        let journal = self.journal()?;
        let (branch, tracking) = (journal.branch().to_owned(), remote.tracking_ref(journal.branch()));
        let door = self.door(journal.dir())?;
        let Some(found) = door.look(remote, &branch).map_err(|error| unreachable(remote, error))? else {
            return Ok(None);
        };
        let known = journal.contains(&found.id)?;
        journal.heal_tracking(&tracking);
        let before = journal.commit_of(&tracking).ok().flatten();
        if let Some(known) = &known {
            journal.remember(&tracking, known);
        } else if let Err(error) = door.fetch(remote, &found, &branch) {
            // Another sync of ours may have been faster with the very same ref.
            let there = journal.commit_of(&tracking).ok().flatten().is_some_and(|at| at.id == found.id);
            if !there {
                return Err(unreachable(remote, error));
            }
        }
        let at = match known {
            Some(known) => known,
            None => {
                journal.commit_of(&tracking)?.ok_or_else(|| JournalError::NoRevision(found.id.clone()))?
            }
        };
        drop(door);
        let ours = journal.tip()?;
        let (relation, base) = journal.relation(&ours, &at)?;
        if !matches!(relation, Relation::Same | Relation::Ahead) {
            let looked_at = journal.inspect(&at, Some(&ours));
            looked_at.map_err(|error| not_ours(remote, &found, error))?;
        }
        let went_back = before.is_some_and(|before| {
            !matches!(journal.relation(&at, &before), Ok((Relation::Same | Relation::Ahead, _)))
        });
        if went_back {
            let name = Text::from(remote.name.as_str()).visible();
            self.ui.warning(format!(
                "the history at '{name}' was replaced since the last sync; what this journal has stays in it"
            ))?;
        }
        Ok(Some(Theirs { found, at, relation, base }))
    }

    /// Merges what came.
    fn take(
        &mut self,
        started: &Revision,
        theirs: &Theirs,
        join: bool,
        synced: &mut Synced,
    ) -> Result<(), CommandError> {
        let journal = self.journal()?;
        let tip = match journal.merge(&theirs.at, join)? {
            Joined::UpToDate | Joined::Ahead => return Ok(()),
            Joined::FastForward(tip) => tip,
            Joined::Merged(tip) => {
                synced.merged = true;
                tip
            }
        };
        synced.came = Some(journal.between(Some(started), &tip)?);
        if let Err(error) = journal.ensure_agreed(&tip) {
            self.ui.warning(Line::from(format!("nothing is recorded here for now: {error}")))?;
            self.ui.hint("look at them: git okr key list\nif that is right: git okr key trust")?;
        }
        Ok(())
    }

    /// What a sync would do.
    fn foresee(
        &mut self,
        ours: &Revision,
        theirs: &Theirs,
        join: bool,
        synced: &mut Synced,
    ) -> Result<(), CommandError> {
        let journal = self.journal()?;
        let (comes, goes) = match theirs.relation {
            Relation::Same => (false, false),
            Relation::Ahead => (false, true),
            Relation::Behind => (true, false),
            Relation::Diverged => (true, true),
            Relation::Unrelated if join => (true, true),
            Relation::Unrelated => {
                return Err(JournalError::Unrelated(journal.header(&theirs.at)?.id.to_string()).into());
            }
        };
        synced.merged = comes && goes;
        synced.came = comes.then(|| journal.between(theirs.base.as_ref(), &theirs.at)).transpose()?;
        synced.went = goes.then(|| journal.between(theirs.base.as_ref(), ours)).transpose()?;
        Ok(())
    }

    /// Two journals become one only when somebody says so.
    fn ask_to_join(&mut self, remote: &Remote, theirs: &Theirs) -> Result<bool, CommandError> {
        let journal = self.journal()?;
        let header = journal.header(&theirs.at)?;
        let records = journal.between(None, &theirs.at)?.records();
        if !self.ui.is_interactive() {
            return Err(JournalError::Unrelated(header.id.to_string()).into());
        }
        let name = Text::from(remote.name.as_str()).visible();
        let question = format!(
            "'{name}' holds another journal, begun {} and with {}; make the two one?",
            header.created.day(),
            crate::render::view::count(records, "record")
        );
        if self.ui.prompt()?.confirm(&question, false)? {
            return Ok(true);
        }
        Err(JournalError::Unrelated(header.id.to_string()).into())
    }

    /// Pushes; none when the remote has it, else what it said.
    fn push(
        &self,
        remote: &Remote,
        tip: &Revision,
        reference: &str,
    ) -> Result<Option<Vec<String>>, CommandError> {
        let journal = self.journal()?;
        let door = self.door(journal.dir())?;
        match door.push(remote, &tip.id, reference).map_err(|error| unreachable(remote, error))? {
            Pushed::Done => {
                journal.remember(&remote.tracking_ref(journal.branch()), tip);
                Ok(None)
            }
            Pushed::Refused(why) => Ok(Some(why)),
        }
    }

    /// Brings the journal of a remote to a place that has none.
    pub fn adopt(&mut self, journal: &Journal, remote: &Remote) -> Result<Exchange, CommandError> {
        self.say_where(remote)?;
        let branch = journal.branch().to_owned();
        let door = self.door(journal.dir())?;
        let found = door.look(remote, &branch).map_err(|error| unreachable(remote, error))?;
        let found = found.ok_or_else(|| {
            let url = Text::from(remote.url.as_str()).visible();
            CommandError::new(format!("there is no branch '{branch}' at '{url}'"))
                .hint("if it has another name there: git config --global okr.branch <name>")
                .hint(format!(
                    "if there is no journal yet, begin it here: git okr init && git okr remote add {} {}",
                    remote.name,
                    shell_word(&url)
                ))
        })?;
        door.fetch(remote, &found, &branch).map_err(|error| unreachable(remote, error))?;
        let at = journal.commit_of(&remote.tracking_ref(&branch))?;
        let at = at.ok_or_else(|| JournalError::NoRevision(found.id.clone()))?;
        let header = journal.inspect(&at, None).map_err(|error| not_ours(remote, &found, error))?;
        journal.adopt(&at, &header)?;
        Ok(journal.between(None, &at)?)
    }
}

/// Longer each time, and never the same for two machines.
fn jitter(attempt: u32) -> Duration {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    Duration::from_millis((100 << attempt) + u64::from(byte[0]) * 2)
}
