//! Two scorecards side by side, as a document: what moved, before and after.

use super::scorecard::{finding, reading, strength};
use super::{count, footer};
use crate::model::IdSet;
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::compare::{AnswerMove, DimensionMove, Figure, Movement, SectionMove};
use crate::report::{Comparison, Finding, Scorecard};

/// The whole comparison; `card` is one of the two scorecards.
pub fn comparison(compared: &Comparison, card: &Scorecard, ids: &IdSet) -> Doc {
    let (before, after) = (&compared.before.name, &compared.after.name);
    let mut doc = Doc::new().heading(1, format!("Scorecard {before} -> {after}"));
    if !compared.notes.is_empty() {
        doc = doc.lines(compared.notes.iter().map(|note| Line::new().text(Role::Warn, note)));
    }
    if compared.comparable {
        for section in &compared.sections {
            doc = doc.heading(2, heading(section));
            doc = doc.items(section.answers.iter().map(answer).collect::<Vec<_>>());
        }
        if !compared.dimensions.is_empty() {
            let items: Vec<Item> = compared.dimensions.iter().map(dimension).collect();
            doc = doc.heading(2, "Rubric").items(items);
        }
        doc = doc.heading(2, "Figures").table(figures(compared));
        doc = listed(doc, format!("New in {after}"), &compared.new, ids);
        doc = listed(doc, format!("Only in {before}"), &compared.gone, ids);
    }
    doc.footer(footer(&card.revision, &format!("guide {}", card.guide)))
}

/// A section's name, and how many of its questions moved which way.
fn heading(section: &SectionMove) -> Line {
    let mut line = Line::new().text(Role::Heading, &section.name);
    let mut lead = "  ";
    for movement in Movement::ALL {
        let n = section.answers.iter().filter(|answer| answer.movement == movement).count();
        if n > 0 {
            line = line.role(Role::Muted, lead).role(role(movement), format!("{n} {}", movement.as_str()));
            lead = ", ";
        }
    }
    line
}

fn role(movement: Movement) -> Role {
    match movement {
        Movement::Up => Role::Good,
        Movement::Down => Role::Bad,
        Movement::SoFar | Movement::First => Role::Warn,
        Movement::Same | Movement::Open => Role::Muted,
    }
}

fn answer(one: &AnswerMove) -> Item {
    let said = Line::new().text(Role::Plain, &one.question).plain("  ");
    marked(one.movement, said.line(change(one.movement, reading(one.before), reading(one.after))))
}

fn dimension(one: &DimensionMove) -> Item {
    let (old, new) = &one.facts;
    let facts = [
        (old.proven, new.proven, "proven"),
        (old.beyond_team, new.beyond_team, "beyond the team"),
        (old.adopters, new.adopters, "adopters"),
        (old.weeks, new.weeks, "weeks"),
    ];
    let moved = facts.into_iter().filter(|(before, after, _)| before != after);
    let moved: Vec<_> = moved.map(|(before, after, what)| format!("{before} -> {after} {what}")).collect();
    let said = Line::new().text(Role::Plain, &one.name).plain("  ");
    let line = said.line(change(one.movement, strength(one.before), strength(one.after)));
    let rest = if moved.is_empty() { String::new() } else { format!("  ({})", moved.join(", ")) };
    marked(one.movement, line.role(Role::Muted, rest))
}

/// What a judgement was, and what it is.
fn change(movement: Movement, before: Line, after: Line) -> Line {
    match movement {
        Movement::Same => after.role(Role::Muted, ", as before"),
        _ => before.plain(" -> ").line(after),
    }
}

/// A line with the sign of its movement.
fn marked(movement: Movement, line: Line) -> Item {
    let mark = match movement {
        Movement::Up => "+",
        Movement::Down => "-",
        Movement::Same => "=",
        Movement::SoFar | Movement::First | Movement::Open => "~",
    };
    Item::marked(role(movement), mark, line)
}

/// Figures have no colour: more of something is not better.
fn figures(compared: &Comparison) -> Table {
    use Align::{Left, Right};
    let header = ["figure", &compared.before.name, &compared.after.name, "change"];
    let mut table = Table::new(header).align([Left, Right, Right, Right]);
    for figure in &compared.figures {
        table.push(row(figure));
    }
    table
}

fn row(figure: &Figure) -> [Line; 4] {
    let number = |value: Option<i64>| match (value, figure.unit) {
        (None, _) => Line::new().role(Role::Muted, "-"),
        (Some(n), "") => Line::from(n.to_string()),
        (Some(1), "days") => Line::from("1 day"),
        (Some(n), unit) => Line::from(format!("{n} {unit}")),
    };
    let change = match (figure.before, figure.after) {
        (Some(before), Some(after)) if before != after => Line::from(format!("{:+}", after - before)),
        _ => Line::new(),
    };
    [Line::from(figure.name), number(figure.before), number(figure.after), change]
}

fn listed(doc: Doc, title: String, findings: &[Finding], ids: &IdSet) -> Doc {
    if findings.is_empty() {
        return doc;
    }
    let heading = Line::new()
        .role(Role::Heading, title)
        .role(Role::Muted, format!("  {}", count(findings.len(), "finding")));
    let items: Vec<Item> = findings.iter().map(|one| finding(one, ids)).collect();
    doc.heading(2, heading).items(items)
}
