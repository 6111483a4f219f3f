//! Reviews that I gave: quiet work, one suggestion for each repository and month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::Request;
use super::own::{Desk, pull};
use crate::harvest::guess::Guesser;
use crate::harvest::secrets::redact;
use crate::harvest::{message, never, score};
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::{Artifact, ArtifactKind, Day, RecordId, Text};

/// How the key of a review begins.
pub(crate) const REVIEW: &str = "review:";

/// What the work is called where titles are looked at.
const HEADLINE: &str = "Reviewed pull requests";

/// Words that kinds of evidence for such work have in a guide.
const ABOUT: &str = "code review, mentoring and pairing";

/// A repository, a year and a month.
type Month = (String, i32, u32);

/// A request, the day it was merged or closed, and the key of its review.
type Given<'r> = (&'r Request, Day, String);

/// One suggestion for each repository and month. What was decided on before is left out, so that a month that is told
/// twice loses nothing that was new.
pub(super) fn suggestions(given: &[&Request], desk: &Desk<'_>, guesser: &Guesser<'_>) -> Vec<Suggestion> {
    let mut groups: BTreeMap<Month, Vec<Given<'_>>> = BTreeMap::new();
    for request in given {
        let Some(day) = request.closed.map(crate::model::Instant::day) else { continue };
        let place = request.repo.name.raw().to_lowercase();
        let key = format!("{REVIEW}{place}#{}", request.number);
        let silenced = desk.never.iter().any(|never| never::matches(never, HEADLINE, &request.repo));
        if !silenced && !desk.is_decided(&key) {
            groups.entry((place, day.0.year(), day.0.month())).or_default().push((request, day, key));
        }
    }
    groups.into_iter().filter_map(|(month, group)| suggestion(&month, group, guesser)).collect()
}

fn suggestion(
    (place, year, month): &Month,
    mut group: Vec<Given<'_>>,
    guesser: &Guesser<'_>,
) -> Option<Suggestion> {
    group.sort_by_key(|(request, ..)| request.number);
    let (first, _, first_key) = group.first()?;
    let artifacts = group.iter().map(|(request, ..)| {
        let mut artifact = pull(request, &message::shorten(&redact(request.title.raw()).text));
        artifact.author = Some(request.author.clone());
        artifact
    });
    let kind = guesser.kind(ABOUT);
    let mut one = Suggestion {
        id: RecordId::derived(&format!("reviews:{place}|{year}-{month:02}|{first_key}")),
        title: Text::default(),
        happened: group.iter().map(|(_, day, _)| *day).max()?,
        repo: first.repo.name.clone(),
        kind: kind.map(|kind| kind.id.clone()),
        dimensions: kind.and_then(|kind| kind.dimension.clone()).into_iter().collect(),
        bets: Vec::new(),
        artifacts: artifacts.collect(),
        score: 0,
        signals: Vec::new(),
        traits: vec![Text::from("first:reviewed")],
        area: None,
        pattern: never::pattern(HEADLINE, &first.repo),
        asked: false,
        keys: group.iter().map(|(.., key)| Text::from(key.as_str())).collect(),
    };
    retell(&mut one);
    Some(one)
}

/// Counts anew what a suggestion of reviews says, by its artifacts.
pub(crate) fn retell(one: &mut Suggestion) {
    let pulls: Vec<&Artifact> =
        one.artifacts.iter().filter(|artifact| artifact.kind == ArtifactKind::PullRequest).collect();
    let people: BTreeSet<String> = pulls
        .iter()
        .filter_map(|pull| pull.author.as_ref())
        .map(|login| login.raw().to_lowercase())
        .collect();
    let word = if pulls.iter().any(|pull| pull.reference.raw().starts_with('!')) { "merge" } else { "pull" };
    let many =
        |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let place = one.repo.raw().split_once('/').map_or(one.repo.raw(), |(_, name)| name);
    let requests = many(pulls.len(), &format!("{word} request"), &format!("{word} requests"));
    let who = many(people.len(), "person", "people");
    let month = one.happened.0.format("%B %Y");
    let title = format!("Reviewed {requests} of {who} in {place} in {month}");
    // A tenth of a point for every tenth of a doubling: the first reviews weigh most.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let points = ((1.0 + pulls.len() as f64).log2() * 15.0).round() as i32;
    let mut signals = vec![Signal {
        name: "reviews".to_owned(),
        points: points.min(60),
        why: many(pulls.len(), "review", "reviews").into(),
    }];
    if people.len() > 1 {
        let points = i32::try_from(people.len() - 1).map_or(20, |more| more.min(4) * 5);
        signals.push(Signal { name: "people".to_owned(), points, why: format!("of {who}").into() });
    }
    score::sort(&mut signals);
    one.title = title.into();
    one.score = score::total(&signals);
    one.signals = signals;
}
