//! Credits gathered into suggestions: one a month, role and area, that grows with its month.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::guide::{Stream, TrailerRole};
use crate::model::project::ProjectRepo;
use crate::model::suggestion::{Credit, Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Day, Guide, RecordId, Slug, Text};

use super::credit::Roles;
use super::guess::Guesser;
use super::score;
use super::secrets::redact;

/// How the key of a credit begins.
pub(crate) const CREDIT: &str = "credit:";

/// Changes in one area from which it is named by itself; fewer are told together.
const OWN_AREA: usize = 3;

/// Changes that are something to tell.
const LEAST: usize = 2;

/// Changes that a decided month must gain before it is suggested again; and half as many as were decided on.
const GAIN: usize = 3;

/// Changes that a suggestion lists; a number tells the rest.
const LISTED: usize = 12;

/// What credits are gathered with.
#[derive(Clone, Copy, Debug)]
pub struct Gathering<'a> {
    /// The repository that they come from.
    pub repo: &'a ProjectRepo,
    /// The guide.
    pub guide: &'a Guide,
    /// Its roles.
    pub roles: &'a Roles,
    /// What bets are guessed by.
    pub guesser: &'a Guesser<'a>,
    /// Ids derived from keys that were decided on.
    pub decided: &'a BTreeSet<RecordId>,
    /// Patterns that are never to be suggested.
    pub never: &'a [Never],
}

/// A month as `2026-10`.
fn month(day: Day) -> String {
    day.0.format("%Y-%m").to_string()
}

/// How every key of a month's suggestions begins.
pub fn month_key(repo: &ProjectRepo, day: Day) -> String {
    format!("{CREDIT}{}|{}|", repo.name.raw(), month(day))
}

/// Suggestions from all credits of some months. The same for any order of them.
pub fn gather(credits: &[Credit], with: &Gathering<'_>) -> Vec<Suggestion> {
    let mut by_role: BTreeMap<(String, &Slug), BTreeMap<RecordId, &Credit>> = BTreeMap::new();
    for credit in credits {
        for role in &credit.roles {
            let group = by_role.entry((month(credit.day), role)).or_default();
            let known = group.entry(credit.id).or_insert(credit);
            *known = (*known).min(credit);
        }
    }
    let mut found = Vec::new();
    for ((_, role), group) in by_role {
        let Some(role) = with.roles.find(role).filter(|role| !with.is_never(role)) else { continue };
        let mut areas: BTreeMap<Option<&Text>, Vec<&Credit>> = BTreeMap::new();
        for credit in group.into_values() {
            areas.entry(credit.area.as_ref()).or_default().push(credit);
        }
        let few: Vec<_> =
            areas.iter().filter(|(_, all)| all.len() < OWN_AREA).map(|(area, _)| *area).collect();
        let scattered: Vec<&Credit> = few.iter().filter_map(|area| areas.remove(area)).flatten().collect();
        areas.entry(None).or_default().extend(scattered);
        found.extend(areas.into_iter().filter_map(|(area, all)| with.suggestion(role, area, all)));
    }
    found
}

/// What "never like this" means for a role.
fn pattern(role: &TrailerRole, repo: &ProjectRepo) -> Never {
    Never {
        repo: Some(repo.name.clone()),
        commit_type: Some("credit".into()),
        scope: Some(role.id.as_str().into()),
        verb: None,
    }
}

impl Gathering<'_> {
    fn is_never(&self, role: &TrailerRole) -> bool {
        let own = pattern(role, self.repo);
        self.never.contains(&own)
    }

    fn suggestion(&self, role: &TrailerRole, area: Option<&Text>, all: Vec<&Credit>) -> Option<Suggestion> {
        let key = |credit: &Credit| format!("{CREDIT}{}:{}", role.id, credit.id);
        let is_decided = |credit: &&Credit| self.decided.contains(&RecordId::derived(&key(credit)));
        let (decided, mut new): (Vec<&Credit>, Vec<&Credit>) = all.into_iter().partition(is_decided);
        if new.len() < LEAST || !decided.is_empty() && new.len() < GAIN.max(decided.len().div_ceil(2)) {
            return None;
        }
        new.sort_by_key(|credit| (credit.day, credit.id));
        let last = new.last()?.day;
        let mut first = format!("{}{}|{}", month_key(self.repo, last), role.id, area.map_or("", Text::raw));
        if !decided.is_empty() {
            first += &format!("|{}", decided.len());
        }
        let people = people(&new);
        let title = title(role, area, &new, &people, !decided.is_empty());
        let guesses = self.guesser.bets(&title, &[]);
        let mut signals = self.signals(role, new.len(), people.len());
        if !guesses.is_empty() {
            let why = guesses.iter().map(super::guess::BetGuess::why).collect::<Vec<_>>().join("; ");
            signals.push(Signal { name: "bet".to_owned(), points: 15, why: why.into() });
        }
        score::sort(&mut signals);
        Some(Suggestion {
            id: RecordId::derived(&first),
            keys: std::iter::once(first)
                .chain(new.iter().map(|credit| key(credit)))
                .map(Text::from)
                .collect(),
            title: title.into(),
            happened: last,
            repo: self.repo.name.clone(),
            kind: role.kind.clone(),
            dimensions: role.dimension.clone().into_iter().collect(),
            bets: guesses.into_iter().map(|guess| guess.id).collect(),
            // The newest are remembered best.
            artifacts: new.iter().rev().take(LISTED).map(|credit| credit.artifact.clone()).collect(),
            score: score::total(&signals),
            signals,
            pattern: pattern(role, self.repo),
            traits: Vec::new(),
            // A month of it is gathered already.
            area: None,
            asked: false,
        })
    }

    fn signals(&self, role: &TrailerRole, changes: usize, people: usize) -> Vec<Signal> {
        let mut signals = Vec::new();
        let mut add = |name: &str, points: i32, why: String| {
            signals.push(Signal { name: name.to_owned(), points, why: why.into() });
        };
        let keys: Vec<_> = role.keys.iter().map(|key| format!("'{}'", key.visible())).collect();
        add("credited", 15, format!("others name you in {}", keys.join(", ")));
        // `log2(changes)` points, 2.5 at most.
        let points = [0, 0, 10, 16, 20, 23];
        add("changes", points.get(changes).copied().unwrap_or(25), format!("{changes} changes"));
        match people {
            0 | 1 => {}
            2 => add("people", 5, "2 people".to_owned()),
            _ => add("people", 10, format!("{people} people")),
        }
        if self.guide.stream(role.kind.as_ref()) == Some(Stream::Shaping) {
            add("shaping", 10, "shaping work, which no commit of yours shows".to_owned());
        }
        signals
    }
}

/// The authors, each once, by their addresses.
fn people<'c>(credits: &[&'c Credit]) -> BTreeMap<String, &'c Text> {
    credits.iter().map(|one| (one.author.email.raw().to_lowercase(), &one.author.name)).collect()
}

/// `Reviewed 14 changes of 6 people in parser/ in October 2026`.
fn title(
    role: &TrailerRole,
    area: Option<&Text>,
    credits: &[&Credit],
    people: &BTreeMap<String, &Text>,
    more: bool,
) -> String {
    let mut title = format!("{} {}", role.name.raw().trim(), credits.len());
    title += if more { " more changes of " } else { " changes of " };
    match people.values().next().filter(|_| people.len() == 1) {
        Some(name) => title += name.raw().trim(),
        None => title += &format!("{} people", people.len()),
    }
    if let Some(area) = area {
        title += &format!(" in {}/", area.raw());
    }
    if let Some(last) = credits.last() {
        title += &last.day.0.format(" in %B %Y").to_string();
    }
    super::message::shorten(&redact(&title).text)
}

#[cfg(test)]
#[path = "credit_tests.rs"]
mod tests;
