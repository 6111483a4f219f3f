//! The scorecard as a document.

use super::standing::standing;
use super::{bet, count, footer, id, id_list};
use crate::model::{IdSet, Slug};
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::drift::QuarterShape;
use crate::report::{Finding, Reading, Scorecard, Strength, Tone};

/// Ids shown behind a finding; the rest is in the JSON.
const CITED: usize = 6;

/// The whole scorecard.
pub fn scorecard(card: &Scorecard, ids: &IdSet) -> Doc {
    let title = Line::new()
        .plain(format!("Scorecard {}", card.period))
        .role(Role::Muted, format!("  {} to {}", card.period.start, card.period.end));
    let mut doc = Doc::new().heading(1, title);
    for section in &card.sections {
        doc = doc.heading(2, Line::new().text(Role::Heading, &section.name));
        let answers = section.answers.iter().map(|answer| {
            let line = Line::new().text(Role::Plain, &answer.question).plain("  ");
            findings(Item::marked(Role::Plain, "", line.line(reading(answer.reading))), &answer.findings, ids)
        });
        doc = doc.items(answers.collect::<Vec<_>>());
    }
    if !card.dimensions.is_empty() {
        doc = doc.heading(2, "Rubric").table(rubric(card, ids));
    }
    if !card.standing.is_silent() {
        doc = standing(doc.heading(2, "Own, shape, support"), &card.standing);
    }
    let drifted = card.watch.iter().flat_map(|watch| &watch.findings).any(|one| one.rule == "shape-drift");
    for watch in &card.watch {
        // What is said on stances stands below their table.
        if watch.id != "stance" || card.standing.is_silent() {
            doc = doc.heading(2, watch.name);
        }
        // The quarters are worth their lines where something moved.
        if watch.id == "portfolio" && drifted {
            doc = doc.table(shape(&card.shape));
        }
        let items = watch.findings.iter().map(|one| finding(one, ids));
        doc = doc.items(items.collect::<Vec<_>>());
    }
    doc = doc.heading(2, "Bets");
    doc = if card.bets.is_empty() {
        doc.para(Line::new().role(Role::Muted, "no bet was made for this period"))
    } else {
        doc.table(bet::bets(&card.bets, ids, Some(&card.period.name)))
    };
    doc = evidence(doc, card, ids);
    for note in &card.notes {
        doc = doc.para(Line::new().text(Role::Warn, note));
    }
    doc.footer(footer(&card.revision, &format!("guide {}", card.guide)))
}

/// Bets by quarter and kind.
fn shape(quarters: &[QuarterShape]) -> Table {
    let kinds = quarters.first().map_or(&[][..], |quarter| &quarter.kinds);
    let header = ["quarter", "bets"].into_iter().chain(kinds.iter().map(|kind| kind.id.as_str()));
    let mut table =
        Table::new(header).align([Align::Left].into_iter().chain((0..=kinds.len()).map(|_| Align::Right)));
    for one in quarters {
        let figures = [one.bets].into_iter().chain(one.kinds.iter().map(|kind| kind.bets));
        let figures = figures.map(|n| match n {
            0 => Line::new().role(Role::Muted, "-"),
            n => Line::from(n.to_string()),
        });
        table.push([Line::from(one.quarter.as_str())].into_iter().chain(figures));
    }
    table
}

/// What each dimension rests on: the figures that its strength follows from.
fn rubric(card: &Scorecard, ids: &IdSet) -> Table {
    use Align::{Left, Right};
    let mut table =
        Table::new(["dimension", "evidence", "proven", "beyond team", "adopters", "weeks", "records"])
            .align([Left, Left, Right, Right, Right, Right, Left]);
    for one in &card.dimensions {
        let number = |n: usize| match (one.facts.records, n) {
            (0, _) => Line::new().role(Role::Muted, "-"),
            (_, n) => Line::from(n.to_string()),
        };
        table.push([
            Line::new().text(Role::Plain, &one.name),
            strength(one.strength),
            number(one.facts.proven),
            number(one.facts.beyond_team),
            number(one.facts.adopters),
            number(one.facts.weeks),
            one.findings.first().map_or_else(Line::new, |finding| id_list(ids, &finding.records, 4)),
        ]);
    }
    table
}

fn evidence(doc: Doc, card: &Scorecard, ids: &IdSet) -> Doc {
    let evidence = &card.evidence;
    let mut doc = doc.heading(2, "Evidence");
    if evidence.records == 0 {
        return doc.para(Line::new().role(Role::Muted, "nothing was recorded for this period"));
    }
    let mut line = format!(
        "{}: {} loud, {} shaping",
        count(evidence.records, "record"),
        evidence.loud,
        evidence.shaping
    );
    if evidence.untriaged > 0 {
        line += &format!(", {} untriaged", evidence.untriaged);
    }
    let silent: Vec<&str> =
        evidence.kinds.iter().filter(|kind| kind.records == 0).map(|kind| kind.id.as_str()).collect();
    if !silent.is_empty() {
        line += &format!("; none of {}", silent.join(", "));
    }
    doc = doc.para(Line::from(line));
    let mut table = Table::new(["id", "day", "kind", "reach", "proven", "title"]).align([
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Left,
    ]);
    for one in &evidence.list {
        let word = |slug: &Option<Slug>| super::words(slug.as_ref().map(Slug::as_str));
        table.push([
            id(ids, one.id),
            Line::from(one.happened.to_string()),
            word(&one.kind),
            word(&one.reach),
            if one.proven { Line::from("yes") } else { Line::new().role(Role::Warn, "no") },
            Line::new().text(Role::Plain, &one.title),
        ]);
    }
    doc.table(table)
}

fn findings(item: Item, findings: &[Finding], ids: &IdSet) -> Item {
    findings.iter().fold(item, |item, one| item.child(finding(one, ids)))
}

/// A finding on one line: what it says, its name for `explain`, and the records it rests on.
pub fn finding(finding: &Finding, ids: &IdSet) -> Item {
    let (mark, role) = match finding.tone {
        Tone::Good => ("+", Role::Good),
        Tone::Note => ("·", Role::Muted),
        Tone::Warning => ("!", Role::Warn),
        Tone::Gap => ("?", Role::Bad),
    };
    let line = Line::new().text(Role::Plain, &finding.message);
    let mut line = line.role(Role::Muted, format!("  [{}]", finding.id));
    if !finding.records.is_empty() {
        line = line.plain(" ").line(id_list(ids, &finding.records, CITED));
    }
    Item::marked(role, mark, line)
}

/// A reading in its colour.
pub fn reading(reading: Reading) -> Line {
    let role = match reading {
        Reading::Strong => Role::Good,
        Reading::Fair => Role::Plain,
        Reading::Weak => Role::Bad,
        Reading::Nothing | Reading::TooLittle | Reading::Yours => Role::Warn,
    };
    Line::new().role(role, reading.as_str())
}

/// A strength in its colour.
pub fn strength(strength: Strength) -> Line {
    let role = match strength {
        Strength::Nothing => Role::Bad,
        Strength::TooLittle => Role::Warn,
        Strength::Emerging => Role::Plain,
        Strength::Solid | Strength::Strong => Role::Good,
    };
    Line::new().role(role, strength.as_str())
}
