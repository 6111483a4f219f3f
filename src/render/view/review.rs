//! What a review asks, as documents: the whole agenda, and each of its items on its own.

use super::scorecard::{finding, reading, strength};
use super::{bet, count, footer, id, words};
use crate::model::guide::Calendar;
use crate::model::review::SelfRating;
use crate::model::{IdSet, Review, Text};
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::review::{Agenda, AgendaBet, AgendaFinding, AgendaQuestion, Due, late};
use crate::report::scorecard::EvidenceLine;
use crate::report::watch::Watch;

/// The whole agenda.
pub fn agenda(agenda: &Agenda, ids: &IdSet) -> Doc {
    let mut doc = head(agenda);
    doc = doc.heading(2, "Before anything else");
    doc = if agenda.inbox == 0 && agenda.untriaged.is_empty() && agenda.conflicts.is_empty() {
        doc.para(Line::new().role(Role::Muted, "nothing waits in the inbox, and every capture is sorted"))
    } else {
        let mut items: Vec<Item> = Vec::new();
        if agenda.inbox > 0 {
            let verb = if agenda.inbox == 1 { "waits" } else { "wait" };
            let line = format!("{} {verb}: git okr inbox", count(agenda.inbox, "suggestion"));
            items.push(Line::from(line).into());
        }
        items.extend(agenda.conflicts.iter().map(|one| {
            let line =
                Line::new().text(Role::Plain, &one.title).role(Role::Muted, "  changed on two machines: ");
            Item::new(line.plain(format!("git okr resolve {}", one.name())))
        }));
        items.extend(
            agenda.untriaged.iter().map(|one| Item::new(evidence(one, ids).role(Role::Muted, "  to sort"))),
        );
        doc.items(items)
    };
    doc = doc.heading(2, "Bets");
    if agenda.bets.is_empty() {
        doc = doc.para(Line::new().role(Role::Muted, "no bet is open"));
    }
    for one in &agenda.bets {
        doc = doc.append(bet(one, ids));
    }
    if !agenda.ended.is_empty() {
        doc = doc.heading(3, Line::new().role(Role::Muted, "ended")).items(agenda.ended.iter().map(|one| {
            let line = Line::new().role(Role::Strong, one.slug.as_str()).plain("  ");
            let line = line.plain(one.outcome.as_str()).role(Role::Muted, ": ").text(Role::Plain, &one.why);
            one.findings.iter().fold(Item::new(line), |item, one| item.child(finding(one, ids)))
        }));
    }
    for one in &agenda.told {
        doc = doc.append(told(one, ids));
    }
    if !agenda.findings.is_empty() {
        doc = doc.heading(2, "What wants a word");
        for one in &agenda.findings {
            doc = doc.append(group(one, ids));
        }
    }
    let mut section: Option<&Text> = None;
    for one in &agenda.questions {
        if section != Some(&one.section) {
            doc = doc.heading(2, Line::new().text(Role::Heading, &one.section));
            section = Some(&one.section);
        }
        doc = doc.append(question(one, ids));
    }
    doc = doc
        .heading(2, Line::new().plain("Next: ").text(Role::Heading, &agenda.next))
        .append(next(agenda, ids));
    doc.footer(footer(&agenda.revision, ""))
}

/// Which quarter, how much of it is left, and whether it was reviewed.
pub fn head(agenda: &Agenda) -> Doc {
    let title = Line::new()
        .plain(format!("Review of {}", agenda.period))
        .role(Role::Muted, format!("  {}", left(agenda.days_left)));
    let doc = Doc::new().heading(1, title);
    match agenda.reviewed {
        None => doc,
        Some(day) => doc.para(Line::new().role(
            Role::Muted,
            format!("reviewed on {day}; new answers take the place of old ones, which stay in the history"),
        )),
    }
}

/// How far a quarter is from its end, in words.
pub fn left(days: i64) -> String {
    match days {
        0 => "its last day".into(),
        1 => "1 day left".into(),
        2.. => format!("{days} days left"),
        -1 => "ended yesterday".into(),
        _ => format!("ended {} days ago", -days),
    }
}

/// An open bet with what was promised, and what has arrived.
pub fn bet(one: &AgendaBet, ids: &IdSet) -> Doc {
    let mut title = Line::new().role(Role::Strong, one.bet.slug.as_str()).plain("  ");
    title = title.text(Role::Plain, &one.bet.title);
    if one.overdue {
        title = title.role(Role::Warn, format!("  of {}", one.bet.period.visible()));
    }
    let path: Vec<String> = one.bet.path.iter().map(|step| format!("{step}%")).collect();
    let mut stands = bet::bet_state(&one.bet).plain("  confidence ");
    stands = if path.is_empty() { stands.role(Role::Muted, "-") } else { stands.plain(path.join(" -> ")) };
    stands = match one.bet.checked_in {
        Some(day) => stands.role(Role::Muted, format!("  checked in {day}")),
        None => stands,
    };
    let stands = stands.role(Role::Muted, format!("  {}", count(one.bet.evidence, "record")));
    let stands = match one.bet.evidence {
        0 => stands,
        _ => stands.role(Role::Muted, ", ").line(strength(one.bet.strength)),
    };
    let findings = one.findings.iter().map(|one| finding(one, ids));
    let records = one.records.iter().map(|one| Item::new(evidence(one, ids)));
    Doc::new().heading(3, title).items(std::iter::once(Item::new(stands)).chain(findings).chain(records))
}

/// Findings that are shown and not asked about.
pub fn told(watch: &Watch, ids: &IdSet) -> Doc {
    Doc::new().heading(2, watch.name).items(watch.findings.iter().map(|one| finding(one, ids)))
}

/// Findings of one rule, and why the rule looks.
pub fn group(one: &AgendaFinding, ids: &IdSet) -> Doc {
    let doc = Doc::new().heading(
        3,
        Line::new().role(Role::Strong, one.rule.as_str()).role(Role::Muted, format!("  {}", one.reason)),
    );
    let mut items: Vec<Item> = one.findings.iter().map(|one| finding(one, ids)).collect();
    items.extend(one.said.as_ref().map(|said| Item::new(said_before(said))));
    doc.items(items)
}

/// A question with the tool's own reading and the evidence beside it.
pub fn question(one: &AgendaQuestion, ids: &IdSet) -> Doc {
    let title = Line::new().text(Role::Strong, &one.answer.question);
    let line = Line::new().role(Role::Muted, "the records say: ").line(reading(one.answer.reading));
    let mut items = vec![Item::new(line)];
    items.extend(one.answer.findings.iter().map(|one| finding(one, ids)));
    items.extend(one.evidence.iter().map(|one| Item::new(evidence(one, ids))));
    items.extend(one.said.as_ref().map(|said| Item::new(rated_before(said))));
    Doc::new().heading(3, title).items(items)
}

/// What speaks for another shape of the next quarter.
pub fn next(agenda: &Agenda, ids: &IdSet) -> Doc {
    if agenda.shape.is_empty() {
        return Doc::new()
            .para(Line::new().role(Role::Muted, "nothing speaks for another shape of the bets"));
    }
    Doc::new().items(agenda.shape.iter().map(|one| finding(one, ids)))
}

/// One line that a prompt or a hook can show.
pub fn due(due: &Due) -> String {
    let name = &due.period.name;
    match due.days_left {
        0.. => format!("{}: git okr review", why(due)),
        _ => format!("{}: git okr review {name}", why(due)),
    }
}

/// Why a review is due.
pub fn why(due: &Due) -> String {
    let (name, left) = (&due.period.name, left(due.days_left));
    match due.days_left {
        0 => format!("{name} ends today"),
        1.. => format!("{name} has {left}"),
        _ => format!("{name} {left} and has no review"),
    }
}

/// Every review on a line.
pub fn list(reviews: &[Review], calendar: &Calendar) -> Doc {
    if reviews.is_empty() {
        return Doc::new().para(Line::new().role(Role::Muted, "no review yet; begin with: git okr review"));
    }
    use Align::{Left, Right};
    let mut table = Table::new(["period", "day", "answers", "bets", "findings", "next", ""])
        .align([Left, Left, Right, Right, Right, Right, Left]);
    for one in reviews {
        let late =
            late(one, calendar).map_or_else(Line::new, |days| Line::new().role(Role::Warn, lateness(days)));
        let number = |n: usize| Line::from(n.to_string());
        table.push([
            Line::new().text(Role::Strong, &one.period),
            Line::from(one.date.to_string()),
            number(one.answer.len()),
            number(one.bet.len()),
            number(one.finding.len()),
            number(one.next.len()),
            late,
        ]);
    }
    Doc::new().table(table)
}

/// How late a review is, in words.
pub fn lateness(days: i64) -> String {
    format!("{days} day{} late", if days == 1 { "" } else { "s" })
}

fn evidence(one: &EvidenceLine, ids: &IdSet) -> Line {
    let kind = words(one.kind.as_ref().map(|kind| kind.as_str()));
    id(ids, one.id)
        .role(Role::Muted, format!(" {} ", one.happened))
        .text(Role::Plain, &one.title)
        .role(Role::Muted, "  ")
        .line(kind)
}

fn said_before(said: &Text) -> Line {
    Line::new().role(Role::Key, "you said: ").text(Role::Plain, said)
}

fn rated_before(said: &SelfRating) -> Line {
    let line = Line::new().role(Role::Key, "you said: ");
    let line = said
        .rating
        .map_or_else(|| line.clone(), |rating| line.clone().plain(format!("{}  ", rating.as_str())));
    line.text(Role::Plain, &said.text)
}
