//! Records: lists of evidence, and one record in full.

use super::{count, id, percent, status, words};
use crate::model::{Artifact, CheckIn, Evidence, IdSet, Review, Slug, Snapshot, Verdict};
use crate::render::{Doc, Line, Role, Table};

/// A list of evidence, newest last.
pub fn evidence_list(list: &[Evidence], snapshot: &Snapshot) -> Doc {
    if list.is_empty() {
        return Doc::new().para(Line::new().role(Role::Muted, "no evidence matches"));
    }
    let mut table = Table::new(["id", "day", "kind", "reach", "bets", "title"]);
    for one in list {
        table.push([
            id(&snapshot.ids, one.id),
            Line::from(one.happened.to_string()),
            slug(one.kind.as_ref()),
            slug(one.reach.as_ref()),
            words(one.bets.iter().map(|id| snapshot.bets.get(id).map_or("?", |bet| bet.slug.as_str()))),
            Line::new().text(Role::Plain, &one.title),
        ]);
    }
    Doc::new().table(table).footer(count(list.len(), "record"))
}

/// Evidence in full.
pub fn evidence(one: &Evidence, snapshot: &Snapshot) -> Doc {
    let bets = one.bets.iter().map(|id| snapshot.bets.get(id).map_or("(unknown)", |bet| bet.slug.as_str()));
    let lag = match one.capture_lag() {
        0 => "the same day".into(),
        days if days > 0 => format!("{days} day{} later", if days == 1 { "" } else { "s" }),
        _ => "ahead of it".into(),
    };
    let mut facts = vec![
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        ("happened", Line::from(one.happened.to_string())),
        ("recorded", Line::from(one.recorded.to_string()).role(Role::Muted, format!("  {lag}"))),
        ("kind", slug(one.kind.as_ref())),
        ("bets", words(bets)),
        ("dimensions", slugs(&one.dimensions)),
        ("outcomes", slugs(&one.outcomes)),
        ("capabilities", slugs(&one.capabilities)),
        ("reach", slug(one.reach.as_ref())),
        ("stance", words(one.stance.map(|stance| stance.as_str()))),
        ("claims", slugs(&one.claims)),
        ("adopters", texts(&one.adopters)),
    ];
    facts.retain(|(name, line)| {
        matches!(*name, "kind" | "bets" | "dimensions") || line.0.iter().any(|s| s.text.raw() != "-")
    });
    let mut doc = Doc::new().heading(1, Line::new().text(Role::Heading, &one.title)).facts(facts);
    if !one.metrics.is_empty() {
        doc = doc.heading(2, "numbers").items(one.metrics.iter().map(|metric| {
            let line = Line::new().text(Role::Plain, &metric.name).plain(": ");
            match &metric.before {
                Some(before) => {
                    line.text(Role::Plain, before).plain(" -> ").text(Role::Strong, &metric.after)
                }
                None => line.text(Role::Strong, &metric.after),
            }
            .into()
        }));
    }
    if !one.artifacts.is_empty() {
        doc = doc.heading(2, "artifacts").items(one.artifacts.iter().map(|one| artifact(one).into()));
    }
    if one.note.is_blank() { doc } else { doc.heading(2, "note").prose(&one.note) }
}

/// An artifact on one line.
pub fn artifact(one: &Artifact) -> Line {
    let mut line = Line::new().role(Role::Muted, one.kind.as_str()).plain(" ");
    let reference = one.reference.raw();
    let is_commit_id = reference.len() >= 40 && reference.bytes().all(|b| b.is_ascii_hexdigit());
    let shown = if is_commit_id { &reference[..10] } else { reference };
    if one.url.as_ref().is_none_or(|url| url.raw() != reference) {
        line = line.plain(shown);
    }
    if let Some(subject) = &one.subject {
        line = line.plain(" ").text(Role::Plain, subject);
    }
    if let Some(repo) = &one.repo
        && one.url.is_none()
    {
        line = line.role(Role::Muted, " in ").text(Role::Muted, repo);
    }
    match &one.url {
        Some(url) => line.plain(" ").link(url),
        None => line,
    }
}

/// A check-in in full.
pub fn check_in(one: &CheckIn, snapshot: &Snapshot) -> Doc {
    let bet = snapshot.bets.get(&one.bet);
    let title = bet.map_or_else(|| "check-in".into(), |bet| bet.title.clone());
    let doc = Doc::new().heading(1, Line::new().plain("check-in: ").text(Role::Heading, &title)).facts([
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        (
            "bet",
            bet.map_or_else(
                || Line::from("(unknown)"),
                |bet| Line::new().role(Role::Strong, bet.slug.as_str()),
            ),
        ),
        ("day", Line::from(one.date.to_string())),
        ("recorded", Line::from(one.recorded.to_string())),
        ("status", status(Some(one.status))),
        ("confidence", percent(one.confidence)),
    ]);
    let doc = if one.readings.is_empty() {
        doc
    } else {
        doc.heading(2, "readings").items(
            one.readings
                .iter()
                .map(|r| Line::new().text(Role::Plain, &r.measure).plain(format!(": {}", r.value)).into()),
        )
    };
    if one.note.is_blank() { doc } else { doc.heading(2, "note").prose(&one.note) }
}

/// A verdict in full.
pub fn verdict(one: &Verdict, ids: &IdSet) -> Doc {
    let mut facts = vec![
        ("id", Line::new().wide_id(one.id.as_str(), ids.unique_len(one.id))),
        ("verdict", Line::from(one.verdict.as_str())),
        ("day", Line::from(one.date.to_string())),
        ("recorded", Line::from(one.recorded.to_string())),
    ];
    if let Some(evidence) = one.evidence {
        facts.push(("evidence", id(ids, evidence)));
    }
    Doc::new().heading(1, Line::new().plain("verdict: ").text(Role::Heading, &one.title)).facts(facts)
}

/// A review in full.
pub fn review(one: &Review, snapshot: &Snapshot) -> Doc {
    let late = crate::report::review::late(one, &snapshot.guide.calendar);
    let facts = [
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        ("period", Line::new().text(Role::Plain, &one.period)),
        (
            "day",
            Line::from(one.date.to_string()).role(
                Role::Warn,
                late.map_or_else(String::new, |days| format!("  {}", super::review::lateness(days))),
            ),
        ),
    ];
    let mut doc =
        Doc::new().heading(1, Line::new().plain("review of ").text(Role::Heading, &one.period)).facts(facts);
    if !one.answer.is_empty() {
        doc = doc.heading(2, "answers").items(one.answer.iter().map(|(id, said)| {
            let rating = said.rating.map_or("-", |rating| rating.as_str());
            Line::new()
                .role(Role::Strong, id.as_str())
                .plain(format!("  {rating}  "))
                .text(Role::Plain, &said.text)
                .into()
        }));
    }
    if !one.bet.is_empty() {
        doc = doc.heading(2, "bets").items(one.bet.iter().map(|(id, course)| {
            let name = snapshot.bets.get(id).map_or("(unknown)", |bet| bet.slug.as_str());
            let line =
                Line::new().role(Role::Strong, name).plain(format!("  {}  ", course.decision.as_str()));
            line.text(Role::Plain, &course.why).into()
        }));
    }
    if !one.finding.is_empty() {
        doc = doc.heading(2, "findings").items(one.finding.iter().map(|(rule, text)| {
            Line::new().role(Role::Strong, rule.as_str()).plain("  ").text(Role::Plain, text).into()
        }));
    }
    if !one.next.is_empty() {
        let sketches = one.next.iter().map(|text| Line::new().text(Role::Plain, text).into());
        doc = doc.heading(2, "next").items(sketches);
    }
    if one.note.is_blank() { doc } else { doc.heading(2, "note").prose(&one.note) }
}

pub(super) fn slug(slug: Option<&Slug>) -> Line {
    words(slug.map(Slug::as_str))
}

pub(super) fn slugs(list: &[Slug]) -> Line {
    words(list.iter().map(Slug::as_str))
}

fn texts(list: &[crate::model::Text]) -> Line {
    words(list.iter().map(|text| text.raw()))
}
