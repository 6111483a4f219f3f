//! From the trailers of others to suggestions: what is kept of the running months, and what becomes of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Context;
use crate::error::CommandError;
use crate::harvest::credit::{Credited, Roles, area_of};
use crate::harvest::gather::{Gathering, gather, month_key};
use crate::harvest::guess::Guesser;
use crate::model::project::{ProjectCommit, ProjectRepo};
use crate::model::suggestion::{Credit, Suggestion};
use crate::model::{Bet, Day, Guide, RecordId, Text};
use crate::store::inbox::{Item, Known, Waiting};
use crate::store::project::Project;

/// What is needed to gather credits, read before the inbox is locked.
pub(super) struct Crediting {
    repo: ProjectRepo,
    guide: Guide,
    roles: Roles,
    bets: Vec<Bet>,
    decided: BTreeSet<RecordId>,
    known: Known,
    /// From this day on credits are kept: a month may still grow.
    keep_from: Day,
    new: Vec<Credit>,
}

impl Context {
    /// What the guide's trailers mean.
    pub(super) fn roles(&self) -> Result<Roles, CommandError> {
        let journal = self.journal()?;
        let (guide, _) = journal.guide(&journal.tip()?)?;
        Ok(Roles::of(&guide))
    }

    /// People in the trailers of others whom the mailmap says to be me.
    pub(super) fn also_me(
        &self,
        project: &Project,
        roles: &Roles,
        commits: &[ProjectCommit],
        me: &[Text],
    ) -> BTreeSet<String> {
        let addresses: Vec<&str> = me.iter().map(Text::raw).collect();
        project.known_as(&roles.contacts(commits), &addresses)
    }

    /// Prepares new credits: where each touched the product, and everything else that gathering asks for.
    pub(super) fn crediting(
        &self,
        project: &Project,
        credited: Vec<Credited>,
    ) -> Result<Crediting, CommandError> {
        let journal = self.journal()?;
        let snapshot = journal.snapshot(&journal.tip()?, Self::BETS)?;
        let known = self.known()?;
        let commits: Vec<String> = credited.iter().map(|one| one.commit.clone()).collect();
        let touched = project.touched(&commits);
        let today = self.today()?;
        let new = credited.into_iter().map(|Credited { mut credit, commit }| {
            credit.area = touched.get(&commit).and_then(|paths| area_of(paths.iter().map(String::as_str)));
            credit.day = credit.day.min(today);
            credit
        });
        Ok(Crediting {
            repo: project.repo()?,
            roles: Roles::of(&snapshot.guide),
            bets: snapshot.bets.values().filter(|bet| bet.is_open()).cloned().collect(),
            decided: known.decided.iter().copied().collect(),
            guide: snapshot.guide,
            known,
            keep_from: first_of_month(first_of_month(today).plus(-1)),
            new: new.collect(),
        })
    }
}

impl Crediting {
    /// Takes the new credits into what waits: months that may grow are told anew, the others as far as they are new.
    /// What waits already is told anew in its place; returned is what is to be put in beside it.
    pub(super) fn apply(self, waiting: &mut Waiting, project: &Project) -> Vec<Suggestion> {
        let kept = waiting.credits.entry(project.common_dir().to_owned()).or_default();
        let mut all = std::mem::take(kept);
        all.retain(|credit| credit.day >= self.keep_from);
        all.extend(self.new);
        let mut own = all.clone();
        own.sort();
        own.dedup();
        *kept = own.into_iter().filter(|credit| credit.day >= self.keep_from).collect();
        // Another clone of the same repository was credited for the same month, maybe by other commits.
        let name = &self.repo.name;
        let is_clone = |dir: &PathBuf| {
            dir != project.common_dir() && name.raw().contains('/') && waiting.names.get(dir) == Some(name)
        };
        let others = waiting.credits.iter().filter(|(dir, _)| is_clone(dir));
        all.extend(others.flat_map(|(_, credits)| credits.iter().cloned()));
        let guesser = Guesser::new(&self.guide, &self.bets);
        let found = gather(
            &all,
            &Gathering {
                repo: &self.repo,
                guide: &self.guide,
                roles: &self.roles,
                guesser: &guesser,
                decided: &self.decided,
                never: &self.known.never,
            },
        );
        let months: BTreeSet<String> = all.iter().map(|credit| month_key(&self.repo, credit.day)).collect();
        let is_of = |item: &Item, month: &String| {
            item.suggestion.keys.first().is_some_and(|key| key.raw().starts_with(month.as_str()))
        };
        // Groups change as a month grows; those that are no more must not wait. An old month that only some late
        // commits belong to is told no worse than before.
        let running = month_key(&self.repo, self.keep_from);
        let stands = |item: &Item| found.iter().any(|one| one.id == item.suggestion.id);
        for month in months.iter().filter(|month| **month >= running) {
            waiting.items.retain(|item| !is_of(item, month) || stands(item));
        }
        let shrinks = |one: &Suggestion| {
            let known = waiting.items.iter().find(|item| item.suggestion.id == one.id);
            let old = one.keys.first().is_some_and(|key| key.raw() < running.as_str());
            old && known.is_some_and(|item| item.suggestion.keys.len() > one.keys.len())
        };
        let mut found: Vec<Suggestion> = found.into_iter().filter(|one| !shrinks(one)).collect();
        found.retain(|one| match waiting.items.iter_mut().find(|item| item.suggestion.id == one.id) {
            Some(item) => {
                item.suggestion.clone_from(one);
                false
            }
            None => true,
        });
        found
    }
}

fn first_of_month(day: Day) -> Day {
    use chrono::Datelike;
    Day(day.0.with_day(1).unwrap_or(day.0))
}
