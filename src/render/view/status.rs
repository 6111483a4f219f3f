//! The quarter at a glance, as a document.

use super::{count, footer, id, percent, record};
use crate::model::IdSet;
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::StatusReport;

/// The status.
pub fn status(report: &StatusReport, ids: &IdSet) -> Doc {
    let left = match report.days_left {
        0 => "its last day".to_owned(),
        days => format!("{days} day{} left", if days == 1 { "" } else { "s" }),
    };
    let title = Line::new().plain(report.period.to_string()).role(Role::Muted, format!("  {left}"));
    let mut doc = Doc::new().heading(1, title).heading(2, "Bets");
    doc = if report.bets.is_empty() {
        doc.para(Line::new().role(Role::Muted, "none; open one with: git okr bet add"))
    } else {
        doc.table(bets(report, ids))
    };
    let mut table = Table::new(["dimension", "evidence", "records", "newest"]).align([
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Left,
    ]);
    for one in &report.dimensions {
        table.push([
            Line::new().text(Role::Plain, &one.name),
            super::scorecard::strength(one.strength),
            Line::from(one.records.to_string()),
            match one.silent_days {
                None => Line::new().role(Role::Muted, "-"),
                Some(0) => Line::from("today"),
                Some(days) => Line::from(format!("{days} day{} ago", if days == 1 { "" } else { "s" })),
            },
        ]);
    }
    if !report.dimensions.is_empty() {
        doc = doc.heading(2, "Evidence").table(table);
    }
    let todo = todo(report);
    if !todo.is_empty() {
        doc = doc.heading(2, "Waiting").items(todo.into_iter().map(Into::into));
    }
    doc.footer(footer(&report.revision, &format!("{} of evidence", count(report.evidence, "record"))))
}

fn bets(report: &StatusReport, ids: &IdSet) -> Table {
    use Align::{Left, Right};
    let mut table = Table::new(["id", "bet", "state", "conf", "trend", "proof", "checked in", "title"])
        .align([Left, Left, Left, Right, Right, Right, Left, Left]);
    for one in &report.bets {
        let checked_in = match (one.stale_days, one.bet.checked_in) {
            (Some(days), _) => Line::new().role(Role::Warn, format!("{days} days ago")),
            (None, Some(day)) => Line::from(day.to_string()),
            (None, None) => Line::new().role(Role::Muted, "-"),
        };
        let name = Line::new().role(Role::Strong, one.bet.slug.as_str());
        table.push([
            id(ids, one.bet.id),
            if one.overdue {
                name.role(Role::Warn, format!(" ({})", one.bet.period.visible()))
            } else {
                name
            },
            record::bet_state(&one.bet),
            percent(one.bet.confidence),
            record::trend(one.trend),
            Line::from(one.bet.evidence.to_string()),
            checked_in,
            Line::new().text(Role::Plain, &one.bet.title),
        ]);
    }
    table
}

fn todo(report: &StatusReport) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add =
        |what: String, verb: &str| lines.push(Line::from(what).role(Role::Muted, format!("  {verb}")));
    if report.inbox > 0 {
        add(format!("{} in the inbox", count(report.inbox, "suggestion")), "git okr inbox");
    }
    if report.untriaged > 0 {
        add(
            format!("{} without kind, bet or dimension", count(report.untriaged, "record")),
            "git okr list --untriaged",
        );
    }
    for bet in report.bets.iter().filter(|bet| bet.overdue) {
        add(
            format!("bet '{}' belongs to a quarter that is over", bet.bet.slug),
            &format!("git okr bet close {}", bet.bet.slug),
        );
    }
    for bet in report.bets.iter().filter(|bet| !bet.overdue) {
        if let Some(days) = bet.stale_days {
            let what =
                if bet.bet.checked_in.is_some() { "has had no check-in for" } else { "has never had one in" };
            add(
                format!("bet '{}' {what} {days} days", bet.bet.slug),
                &format!("git okr bet check-in {}", bet.bet.slug),
            );
        }
    }
    let silent: Vec<_> =
        report.dimensions.iter().filter(|one| one.records == 0).map(|one| one.id.as_str()).collect();
    if !silent.is_empty() && report.evidence > 0 {
        add(format!("no evidence this quarter for {}", silent.join(", ")), "git okr add --dimension …");
    }
    if !report.faults.is_empty() {
        add(format!("{} cannot be read", count(report.faults.len(), "file")), "git okr fsck");
    }
    lines
}
