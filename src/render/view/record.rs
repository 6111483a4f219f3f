//! Records: lists of evidence and bets, and one record in full.

use super::{count, id, percent, status, words};
use crate::model::{Artifact, Bet, CheckIn, Evidence, IdSet, Review, Slug, Snapshot, Verdict};
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::BetView;

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

/// A list of bets.
pub fn bet_list(list: &[BetView], ids: &IdSet) -> Doc {
    if list.is_empty() {
        return Doc::new().para(Line::new().role(Role::Muted, "no bet; open one with: git okr bet add"));
    }
    Doc::new().table(bets(list, ids, None))
}

/// The table of bets that list, status and scorecard share.
///
/// A quarter that the reader knows anyway is left out.
pub fn bets(list: &[BetView], ids: &IdSet, known: Option<&str>) -> Table {
    use Align::{Left, Right};
    let quarters = list.iter().any(|bet| Some(bet.period.raw()) != known);
    let mut header = vec!["id", "bet", "state", "conf", "records", "title"];
    let mut align = vec![Left, Left, Left, Left, Right, Left];
    if quarters {
        header.insert(2, "quarter");
        align.insert(2, Left);
    }
    let mut table = Table::new(header).align(align);
    for bet in list {
        let mut row = vec![
            id(ids, bet.id),
            Line::new().role(Role::Strong, bet.slug.as_str()),
            bet_state(bet),
            confidence(bet.confidence, bet.trend()),
            Line::from(bet.evidence.to_string()),
            Line::new().text(Role::Plain, &bet.title),
        ];
        if quarters {
            row.insert(2, Line::new().text(Role::Plain, &bet.period));
        }
        table.push(row);
    }
    table
}

/// How a bet stands: how it ended, or the status of its newest check-in; and that it is unproven.
pub fn bet_state(bet: &BetView) -> Line {
    let line = match bet.closed {
        Some(outcome) => Line::new().role(Role::Strong, outcome.as_str()),
        None => status(bet.status),
    };
    if bet.unanswered.is_empty() { line } else { line.role(Role::Muted, ", unproven") }
}

/// Confidence, and the points won or lost since the check-in before.
pub fn confidence(percent: Option<u8>, trend: Option<i16>) -> Line {
    let Some(percent) = percent else { return Line::new().role(Role::Muted, "-") };
    let line = Line::new().plain(format!("{percent}%"));
    match trend {
        None | Some(0) => line,
        Some(points) if points > 0 => line.role(Role::Good, format!(" +{points}")),
        Some(points) => line.role(Role::Bad, format!(" {points}")),
    }
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

/// A bet in full, with its check-ins and evidence.
pub fn bet(bet: &Bet, view: &BetView, snapshot: &Snapshot) -> Doc {
    let after = bet.after.iter().map(|id| snapshot.bets.get(id).map_or("(unknown)", |bet| bet.slug.as_str()));
    let mut facts = vec![
        ("id", Line::new().wide_id(bet.id.as_str(), snapshot.ids.unique_len(bet.id))),
        ("slug", Line::new().role(Role::Strong, bet.slug.as_str())),
        ("quarter", Line::new().text(Role::Plain, &bet.period)),
        ("state", bet_state(view)),
        ("confidence", percent(view.confidence)),
        ("kind", slug(bet.kind.as_ref())),
        ("stance", words(bet.stance.map(|stance| stance.as_str()))),
        ("outcomes", slugs(&bet.outcomes)),
        ("capabilities", slugs(&bet.capabilities)),
        ("dimensions", slugs(&bet.dimensions)),
    ];
    if !bet.objectives.is_empty() {
        let named = |id| snapshot.objectives.get(id).map_or("(unknown)", |one| one.slug.as_str());
        facts.push(("objectives", words(bet.objectives.iter().map(named))));
    }
    if !bet.after.is_empty() {
        facts.push(("after", words(after)));
    }
    if let Some(closing) = &bet.closed {
        let mut line = Line::new().plain(format!("{} on {}", closing.outcome.as_str(), closing.date));
        if let Some(to) = &closing.carried_to {
            line = line.plain(" to ").text(Role::Plain, to);
        }
        facts.push(("closed", line.plain(": ").text(Role::Plain, &closing.why)));
    }
    let mut doc = Doc::new().heading(1, Line::new().text(Role::Heading, &bet.title)).facts(facts);
    if !snapshot.guide.gates.is_empty() {
        doc = doc.heading(2, "gate").items(snapshot.guide.gates.iter().map(|gate| {
            let answer = match bet.gate.get(&gate.id) {
                Some(answer) if !answer.is_blank() => Line::new().text(Role::Plain, answer),
                _ => Line::new().role(Role::Warn, "no answer yet"),
            };
            crate::render::doc::Item::new(Line::new().text(Role::Muted, &gate.question)).child(answer)
        }));
    }
    if !bet.proofs.is_empty() {
        doc = doc
            .heading(2, "proof it forecasts")
            .items(bet.proofs.iter().map(|proof| Line::from(proof).into()));
    }
    if !bet.measures.is_empty() {
        let mut table = Table::new(["measure", "baseline", "target", "latest", "unit", "relation"]);
        for measure in &bet.measures {
            let number = |n: Option<f64>| {
                n.map_or_else(|| Line::new().role(Role::Muted, "-"), |n| Line::from(n.to_string()))
            };
            let latest = snapshot
                .check_ins_of(bet.id)
                .iter()
                .rev()
                .flat_map(|one| &one.readings)
                .find(|reading| reading.measure == measure.name)
                .map(|reading| reading.value);
            table.push([
                Line::new().text(Role::Plain, &measure.name),
                number(measure.baseline),
                number(measure.target),
                number(latest),
                Line::new().text(Role::Plain, &measure.unit),
                Line::from(if measure.shared { "shared" } else { "own" }),
            ]);
        }
        doc = doc.heading(2, "measures").table(table);
    }
    let check_ins = snapshot.check_ins_of(bet.id);
    if !check_ins.is_empty() {
        doc = doc.heading(2, "check-ins").table(check_in_table(check_ins));
    }
    let evidence: Vec<Evidence> = snapshot.evidence_of(bet.id).cloned().collect();
    if !evidence.is_empty() {
        doc = doc.heading(2, "evidence").append(evidence_list(&evidence, snapshot));
    }
    if bet.note.is_blank() { doc } else { doc.heading(2, "note").prose(&bet.note) }
}

fn check_in_table(list: &[CheckIn]) -> Table {
    let mut table = Table::new(["day", "status", "conf", "note"]).align([
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Left,
    ]);
    for one in list {
        let mut note = Line::new().text(Role::Plain, &one.note);
        for reading in &one.readings {
            note = note
                .role(Role::Muted, " · ")
                .text(Role::Muted, &reading.measure)
                .role(Role::Muted, format!(" {}", reading.value));
        }
        table.push([
            Line::from(one.date.to_string()),
            status(Some(one.status)),
            percent(one.confidence),
            note,
        ]);
    }
    table
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
    let facts = [
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        ("period", Line::new().text(Role::Plain, &one.period)),
        ("day", Line::from(one.date.to_string())),
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
    if one.note.is_blank() { doc } else { doc.heading(2, "note").prose(&one.note) }
}

fn slug(slug: Option<&Slug>) -> Line {
    words(slug.map(Slug::as_str))
}

fn slugs(list: &[Slug]) -> Line {
    words(list.iter().map(Slug::as_str))
}

fn texts(list: &[crate::model::Text]) -> Line {
    words(list.iter().map(|text| text.raw()))
}
