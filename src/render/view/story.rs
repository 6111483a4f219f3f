//! What surrounds the bets of a story: its title, the promises that are gone, the shape of the portfolio, decisions.

use super::shift::words;
use super::{count, id};
use crate::model::IdSet;
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::Shift;
use crate::report::decisions::Taken;
use crate::report::promises::{Loss, Retreat};
use crate::report::shape::{Count, Part};

/// Decisions shown, unless everything is asked for.
pub(super) const DECISIONS: usize = 12;

/// The title, and what a reader should know first.
pub(super) fn opening(shift: &Shift) -> Doc {
    let asked = &shift.asked;
    let title = match &asked.period {
        Some(period) => Line::new()
            .plain(format!("The story of {period}"))
            .role(Role::Muted, format!("  {} to {}", period.start, period.end)),
        None => Line::new()
            .plain("From ")
            .text(Role::Heading, &asked.from)
            .plain(" to ")
            .text(Role::Heading, &asked.to),
    };
    let mut notes = Vec::new();
    if shift.before.is_none() {
        let what = if asked.period.is_some() { "its first day" } else { "the first of the two" };
        notes.push(Line::new().role(Role::Muted, format!("the journal is younger than {what}")));
    }
    if let Some(end) = asked.runs_until {
        let written = shift.after.time.day();
        let line = Line::new().text(Role::Muted, &asked.to);
        let so_far = format!(" ends on {end}, and the journal was last written on {written}");
        notes.push(line.role(Role::Muted, so_far));
    }
    let doc = Doc::new().heading(1, title);
    if notes.is_empty() { doc } else { doc.lines(notes) }
}

/// What was promised and is so no longer.
pub(super) fn retreats(doc: Doc, list: &[Retreat], ids: &IdSet) -> Doc {
    if list.is_empty() {
        return doc;
    }
    let items: Vec<Item> = list.iter().map(|one| retreat(one, ids)).collect();
    doc.heading(2, "Promised before, and no longer").items(items)
}

fn retreat(one: &Retreat, ids: &IdSet) -> Item {
    let quoted = |line: Line| line.plain("\"").text(Role::Plain, &one.promise).plain("\"");
    let said = |text: &str| Line::new().role(Role::Strong, one.slug.as_str()).plain(format!(" {text}"));
    let (mark, role, line) = match (one.what, &one.before, &one.after) {
        (Loss::BetRemoved, ..) => {
            // Nothing in the journal has that id any more, so the log needs all of it.
            let line = said("was removed: ").text(Role::Plain, &one.promise);
            let line = line.role(Role::Muted, format!("  see: git okr log {}", one.bet));
            return Item::marked(Role::Bad, "?", line);
        }
        (Loss::ProofReworded, _, Some(after)) => {
            ("·", Role::Muted, said("now promises ").plain("\"").line(words(&one.promise, after)).plain("\""))
        }
        (Loss::ProofGone | Loss::ProofReworded, ..) => ("?", Role::Bad, quoted(said("no longer promises "))),
        (Loss::TargetLowered, Some(before), Some(after)) => {
            let line = said("aims lower: ").text(Role::Plain, &one.promise).plain(" ");
            ("!", Role::Warn, line.text(Role::Removed, before).plain(" -> ").text(Role::Added, after))
        }
        (Loss::MeasureGone | Loss::TargetLowered, before, _) => {
            let line = said("no longer aims at ").text(Role::Plain, &one.promise);
            let line = match before {
                Some(before) => line.plain(" ").text(Role::Removed, before),
                None => line,
            };
            ("?", Role::Bad, line)
        }
    };
    let line = line.plain("  ").line(id(ids, one.bet));
    Item::marked(
        role,
        mark,
        match one.carried_into {
            Some(heir) => line.role(Role::Muted, " carried on as ").line(id(ids, heir)),
            None => line,
        },
    )
}

/// The open bets of both sides by kind and stance; nothing when they are the same.
pub(super) fn shape(doc: Doc, shift: &Shift) -> Doc {
    if shift.shape.is_same() {
        return doc;
    }
    use Align::{Left, Right};
    let sides = match &shift.asked.period {
        Some(_) => [
            "at its start".to_owned(),
            if shift.asked.runs_until.is_some() { "now" } else { "at its end" }.to_owned(),
        ],
        None => [shift.asked.from.visible(), shift.asked.to.visible()],
    };
    let [before, after] = sides;
    let mut table = Table::new(["bets", &before, &after]).align([Left, Right, Right]);
    let mut push = |name: Line, bets: Count| {
        let number = |n: usize| match n {
            0 => Line::new().role(Role::Muted, "-"),
            n => Line::from(n.to_string()),
        };
        table.push([name, number(bets.before), number(bets.after)]);
    };
    push(Line::from("open"), shift.shape.open);
    let named = |what: &str, part: &Part| match &part.word {
        Some(word) => Line::new().role(Role::Muted, what).plain(word.as_str()),
        None => Line::new().role(Role::Muted, what).role(Role::Muted, "none"),
    };
    let kinds = shift.shape.kinds.iter().map(|part| ("kind ", part));
    let stances = shift.shape.stances.iter().map(|part| ("stance ", part));
    for (what, part) in kinds.chain(stances).filter(|(_, part)| part.bets != Count::default()) {
        push(named(what, part), part.bets);
    }
    doc.heading(2, "Shape of the open bets").table(table)
}

/// What was decided in between, by day: the newest ones when there are many.
pub(super) fn decisions(doc: Doc, list: &[Taken], ids: &IdSet, full: bool) -> Doc {
    if list.is_empty() {
        return doc;
    }
    let skipped = if full { 0 } else { list.len().saturating_sub(DECISIONS) };
    let mut heading = Line::from("Decisions");
    if skipped > 0 {
        heading = heading.role(Role::Muted, format!("  {} before these", count(skipped, "decision")));
    }
    let items: Vec<Item> = list.iter().skip(skipped).map(|one| decision(one, ids, full)).collect();
    doc.heading(2, heading).items(items)
}

fn decision(one: &Taken, ids: &IdSet, full: bool) -> Item {
    let mut line = Line::new()
        .role(Role::Muted, format!("{} ", one.date))
        .role(Role::Strong, one.verdict.as_str())
        .plain("  ")
        .text(Role::Plain, &one.title);
    if let Some(owner) = &one.owner {
        line = line.role(Role::Muted, " of ").text(Role::Muted, owner);
    }
    if let Some(until) = &one.until {
        line = line.role(Role::Muted, " until ").text(Role::Muted, until);
    }
    let why = if full { one.why.clone() } else { one.why.first_line() };
    if !why.is_blank() {
        line = line.plain(": ").text(Role::Plain, &why);
    }
    line = line.plain("  ").line(id(ids, one.id));
    match one.bet {
        Some(bet) => line.role(Role::Muted, " opened ").line(id(ids, bet)).into(),
        None => line.into(),
    }
}
