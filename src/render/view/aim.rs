//! Objectives and decisions: lists, and one in full with what is still blank.

use super::{count, id, words};
use crate::model::decision::{Ruling, Says};
use crate::model::{Decision, Objective, Slug, Snapshot};
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};

/// A list of objectives.
pub fn objectives(list: &[Objective], snapshot: &Snapshot) -> Doc {
    if list.is_empty() {
        return Doc::new()
            .para(Line::new().role(Role::Muted, "no objective; add one with: git okr objective add"));
    }
    let mut table = Table::new(["id", "objective", "period", "stance", "read", "bets", "title"]).align([
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Left,
    ]);
    let lenses = snapshot.guide.lenses.len();
    for one in list {
        let blank = one.blank(snapshot.guide.lenses.iter().map(|lens| &lens.id)).len();
        let read = format!("{}/{lenses}", lenses - blank);
        let bets = snapshot.bets.values().filter(|bet| bet.objectives.contains(&one.id)).count();
        table.push([
            id(&snapshot.ids, one.id),
            Line::new().role(Role::Strong, one.slug.as_str()),
            Line::new().text(Role::Plain, &one.period),
            words(one.stance.map(|stance| stance.as_str())),
            if blank == 0 { Line::from(read) } else { Line::new().role(Role::Warn, read) },
            Line::from(bets.to_string()),
            Line::new().text(Role::Plain, &one.title),
        ]);
    }
    Doc::new().table(table)
}

/// An objective in full, through every lens.
pub fn objective(one: &Objective, snapshot: &Snapshot) -> Doc {
    let bets: Vec<&str> = snapshot
        .bets
        .values()
        .filter(|bet| bet.objectives.contains(&one.id))
        .map(|bet| bet.slug.as_str())
        .collect();
    let mut facts = vec![
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        ("slug", Line::new().role(Role::Strong, one.slug.as_str())),
        ("period", Line::new().text(Role::Plain, &one.period)),
        ("stance", words(one.stance.map(|stance| stance.as_str()))),
        ("outcomes", words(one.outcomes.iter().map(Slug::as_str))),
        ("bets", words(bets)),
    ];
    if let Some(owner) = &one.owner {
        facts.push(("owner", Line::new().text(Role::Plain, owner)));
    }
    let mut doc = Doc::new().heading(1, Line::new().text(Role::Heading, &one.title)).facts(facts);
    if !snapshot.guide.lenses.is_empty() {
        doc = doc.heading(2, "lenses").items(snapshot.guide.lenses.iter().map(|lens| {
            let said = match one.lens.get(&lens.id) {
                Some(text) if !text.is_blank() => Line::new().text(Role::Plain, text),
                _ => Line::new().role(Role::Warn, "blank"),
            };
            let asked = Line::new()
                .role(Role::Strong, lens.id.as_str())
                .plain("  ")
                .text(Role::Muted, &lens.question);
            Item::new(asked).child(said)
        }));
    }
    if !one.measures.is_empty() {
        doc = doc.heading(2, "key results").items(one.measures.iter().map(|measure| {
            let number = |n: Option<f64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
            let line = Line::new().text(Role::Plain, &measure.name);
            let line = line.plain(format!(": {} -> {} ", number(measure.baseline), number(measure.target)));
            line.text(Role::Plain, &measure.unit)
                .role(Role::Muted, if measure.shared { "  shared" } else { "" })
                .into()
        }));
    }
    if one.note.is_blank() { doc } else { doc.heading(2, "note").prose(&one.note) }
}

/// A list of decisions.
pub fn decisions(list: &[Decision], snapshot: &Snapshot) -> Doc {
    if list.is_empty() {
        return Doc::new()
            .para(Line::new().role(Role::Muted, "no decision; take one with: git okr decide \"candidate\""));
    }
    let mut table = Table::new(["id", "day", "verdict", "for", "against", "bet", "candidate"]).align([
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
    ]);
    for one in list {
        let says = |says: Says| one.answer.values().filter(|answer| answer.says == says).count().to_string();
        let bet = one.bet.and_then(|id| snapshot.bets.get(&id)).map(|bet| bet.slug.as_str());
        table.push([
            id(&snapshot.ids, one.id),
            Line::from(one.date.to_string()),
            ruling(one.verdict),
            Line::from(says(Says::For)),
            Line::from(says(Says::Against)),
            words(bet),
            Line::new().text(Role::Plain, &one.title),
        ]);
    }
    Doc::new().table(table).footer(count(list.len(), "decision"))
}

/// A decision in full, with every question of the filter.
pub fn decision(one: &Decision, snapshot: &Snapshot) -> Doc {
    let mut facts = vec![
        ("id", Line::new().wide_id(one.id.as_str(), snapshot.ids.unique_len(one.id))),
        ("day", Line::from(one.date.to_string())),
        ("verdict", ruling(one.verdict)),
    ];
    if !one.why.is_blank() {
        facts.push(("why", Line::new().text(Role::Plain, &one.why)));
    }
    for (name, text) in [("owner", &one.owner), ("until", &one.until)] {
        if let Some(text) = text {
            facts.push((name, Line::new().text(Role::Plain, text)));
        }
    }
    if let Some(bet) = one.bet.and_then(|id| snapshot.bets.get(&id)) {
        facts.push(("bet", Line::new().role(Role::Strong, bet.slug.as_str())));
    }
    let doc = Doc::new().heading(1, Line::new().text(Role::Heading, &one.title)).facts(facts);
    if snapshot.guide.filter.is_empty() {
        return doc;
    }
    doc.heading(2, "filter").items(snapshot.guide.filter.iter().map(|question| {
        let said = match one.answer.get(&question.id) {
            Some(answer) => {
                let role = match answer.says {
                    Says::For => Role::Good,
                    Says::Against => Role::Bad,
                    Says::Unsure => Role::Warn,
                };
                Line::new().role(role, answer.says.as_str()).plain("  ").text(Role::Plain, &answer.why)
            }
            None => Line::new().role(Role::Warn, "not asked"),
        };
        Item::new(Line::new().text(Role::Muted, &question.question)).child(said)
    }))
}

fn ruling(ruling: Ruling) -> Line {
    let role = match ruling {
        Ruling::Take => Role::Good,
        Ruling::Later => Role::Warn,
        Ruling::Support => Role::Plain,
        Ruling::Decline => Role::Muted,
    };
    Line::new().role(role, ruling.as_str())
}
