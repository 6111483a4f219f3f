//! Rules: the registry as a list, one rule in full, and a finding traced to its rule and records.

use super::scorecard::finding;
use super::{id, words};
use crate::model::rule::Rule;
use crate::model::{Evidence, Guide, IdSet, RecordId, Snapshot, Text};
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::Finding;

/// The registry.
pub fn rules(list: &[&Rule]) -> Doc {
    let mut table = Table::new(["rule", "serves", "because"]);
    for rule in list {
        table.push([
            Line::new().role(Role::Strong, rule.id),
            Line::from(rule.serves),
            Line::from(rule.reason),
        ]);
    }
    Doc::new().table(table).footer("one in full: git okr rules <rule>")
}

/// One rule in full, with its thresholds as a guide has them.
pub fn rule(rule: &Rule, guide: &Guide) -> Doc {
    let doc = Doc::new().heading(1, rule.id).para(rule.reason).facts(
        [("serves", rule.serves), ("source", rule.source), ("caveat", rule.caveat)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name, Line::from(text))),
    );
    if rule.thresholds.is_empty() {
        return doc;
    }
    let mut table = Table::new(["threshold", "value", "unit", "decides"]).align([
        Align::Left,
        Align::Right,
        Align::Left,
        Align::Left,
    ]);
    for limit in rule.thresholds {
        let value = guide.limit(rule.id, limit.name);
        let moved = (value - limit.default).abs() > f64::EPSILON;
        let shown = Line::from(value.to_string());
        let shown = if moved { shown.role(Role::Warn, format!(" (was {})", limit.default)) } else { shown };
        table.push([
            Line::new().role(Role::Key, limit.name),
            shown,
            Line::from(limit.unit),
            Line::from(limit.about),
        ]);
    }
    doc.table(table)
        .footer(format!("move one in the guide: [rule.{}], then {} = …", rule.id, rule.thresholds[0].name))
}

/// Findings, each with the rule behind it and the records it rests on.
pub fn explained(findings: &[(Finding, &Rule)], snapshot: &Snapshot) -> Doc {
    let mut doc = Doc::new();
    for (one, of) in findings {
        doc =
            doc.append(rule(of, &snapshot.guide)).heading(2, "finding").items([finding(one, &snapshot.ids)]);
        if !one.records.is_empty() {
            doc = doc.heading(2, "rests on").table(records(&one.records, snapshot, &snapshot.ids));
        }
    }
    doc
}

fn records(list: &[RecordId], snapshot: &Snapshot, ids: &IdSet) -> Table {
    let mut table = Table::new(["id", "what", "day", "reach", "adopters", "title"]);
    for one in list {
        let row = |what: &str, day: Line, title: &Text| {
            [id(ids, *one), Line::from(what), day, words([]), words([]), Line::new().text(Role::Plain, title)]
        };
        let evidence: Option<&Evidence> = snapshot.evidence.iter().find(|evidence| evidence.id == *one);
        let decision = || snapshot.decisions.iter().find(|decision| decision.id == *one);
        let row = if let Some(evidence) = evidence {
            [
                id(ids, *one),
                Line::from("evidence"),
                Line::from(evidence.happened.to_string()),
                words(evidence.reach.iter().map(|reach| reach.as_str())),
                words(evidence.adopters.iter().map(|name| name.raw())),
                Line::new().text(Role::Plain, &evidence.title),
            ]
        } else if let Some(bet) = snapshot.bets.get(one) {
            row("bet", Line::new().text(Role::Plain, &bet.period), &bet.title)
        } else if let Some(objective) = snapshot.objectives.get(one) {
            row("objective", Line::new().text(Role::Plain, &objective.period), &objective.title)
        } else if let Some(decision) = decision() {
            row("decision", Line::from(decision.date.to_string()), &decision.title)
        } else {
            row("?", words([]), &Text::default())
        };
        table.push(row);
    }
    table
}
