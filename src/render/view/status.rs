//! The quarter at a glance, as a document.

use super::{bet, count, footer};
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::StatusReport;

/// The status.
pub fn status(report: &StatusReport) -> Doc {
    let left = match report.days_left {
        0 => "its last day".to_owned(),
        days => format!("{days} day{} left", if days == 1 { "" } else { "s" }),
    };
    let title = Line::new().plain(report.period.to_string()).role(Role::Muted, format!("  {left}"));
    let mut doc = Doc::new().heading(1, title).heading(2, "Bets");
    doc = if report.bets.is_empty() {
        doc.para(Line::new().role(Role::Muted, "none; open one with: git okr bet add"))
    } else {
        doc.table(bets(report))
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
        let mut table = Table::new(["do", "because"]);
        for (verb, why) in todo {
            table.push([Line::from(verb), Line::from(why)]);
        }
        doc = doc.heading(2, "Waiting").table(table);
    }
    doc.footer(footer(&report.revision, &format!("{} of evidence", count(report.evidence, "record"))))
}

/// Bets are named by their slugs, which is what one types; their ids are in the scorecard.
fn bets(report: &StatusReport) -> Table {
    use Align::{Left, Right};
    let mut table = Table::new(["bet", "state", "conf", "records", "checked in", "title"])
        .align([Left, Left, Left, Right, Left, Left]);
    for one in &report.bets {
        let checked_in = match (one.stale_days, one.bet.checked_in) {
            (Some(days), Some(_)) => Line::new().role(Role::Warn, format!("{days} days ago")),
            (Some(_), None) => Line::new().role(Role::Warn, "never"),
            (None, Some(day)) => Line::from(day.to_string()),
            (None, None) => Line::new().role(Role::Muted, "-"),
        };
        let name = Line::new().role(Role::Strong, one.bet.slug.as_str());
        let other = (one.bet.period.raw() != report.period.name).then(|| one.bet.period.visible());
        let role = if one.overdue { Role::Warn } else { Role::Muted };
        table.push([
            other.map_or(name.clone(), |period| name.role(role, format!(" ({period})"))),
            bet::bet_state(&one.bet),
            bet::confidence(one.bet.confidence, one.trend),
            Line::from(one.bet.evidence.to_string()),
            checked_in,
            Line::new().text(Role::Plain, &one.bet.title),
        ]);
    }
    table
}

/// What waits: the command that deals with it, and why it should be dealt with.
fn todo(report: &StatusReport) -> Vec<(String, String)> {
    let mut todo = Vec::new();
    // What may be read by others comes before what is late.
    for one in &report.exposure {
        todo.push((one.remedy.visible(), one.what.visible()));
    }
    if report.conflicts > 0 {
        let verb = if report.conflicts == 1 { "was" } else { "were" };
        let why = format!("{} {verb} changed on two machines at once", count(report.conflicts, "record"));
        todo.push(("git okr resolve".into(), why));
    }
    if let Some(due) = &report.due {
        todo.push(("git okr review".into(), super::review::why(due)));
    }
    if report.inbox > 0 {
        let verb = if report.inbox == 1 { "waits" } else { "wait" };
        todo.push(("git okr inbox".into(), format!("{} {verb}", count(report.inbox, "suggestion"))));
    }
    for lost in &report.taken_back {
        let by = lost.by.raw().get(..12).unwrap_or_default();
        todo.push((format!("git okr edit {}", lost.id), format!("its work was taken back by {by}")));
    }
    if report.untriaged > 0 {
        let why = format!("{} without kind, bet or dimension", count(report.untriaged, "record"));
        todo.push(("git okr list --untriaged".into(), why));
    }
    for bet in report.bets.iter().filter(|bet| bet.overdue) {
        let why = format!("it was made for {}, which is over", bet.bet.period.visible());
        todo.push((format!("git okr bet close {}", bet.bet.slug), why));
    }
    for bet in report.bets.iter().filter(|bet| !bet.overdue) {
        let Some(days) = bet.stale_days else { continue };
        let why = match bet.bet.checked_in {
            Some(_) => format!("the last check-in was {days} days ago"),
            None => format!("no check-in since it was opened {days} days ago"),
        };
        todo.push((format!("git okr bet check-in {}", bet.bet.slug), why));
    }
    let silent: Vec<_> = report.dimensions.iter().filter(|one| one.records == 0).collect();
    if let Some(first) = silent.first().filter(|_| report.evidence > 0) {
        let names: Vec<_> = silent.iter().map(|one| one.id.as_str()).collect();
        let why = format!("no evidence this quarter for {}", names.join(", "));
        todo.push((format!("git okr add --dimension {}", first.id), why));
    }
    if !report.faults.is_empty() {
        todo.push(("git okr fsck".into(), format!("{} cannot be read", count(report.faults.len(), "file"))));
    }
    todo
}
