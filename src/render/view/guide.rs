//! The guide as a document to read.

use chrono::Month;

use crate::harvest::bots::Bots;
use crate::model::Text;
use crate::model::guide::{Entry, Guide, Question, Stream};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role};

/// The whole guide.
pub fn guide(guide: &Guide) -> Doc {
    let title = Line::new().text(Role::Heading, &guide.title).role(Role::Muted, format!("  {}", guide.name));
    let mut doc = Doc::new().heading(1, title);
    if !guide.about.is_blank() {
        doc = doc.para(Line::new().text(Role::Plain, &guide.about));
    }
    if !guide.context.statement.is_blank() {
        doc = doc.heading(2, "company context").para(Line::new().text(Role::Plain, &guide.context.statement));
        doc = texts(doc, &guide.context.questions);
    }
    doc = questions(doc, "gate", &guide.gates);
    doc = entries(doc, "outcomes", &guide.outcomes);
    doc = entries(doc, "capabilities", &guide.capabilities);
    doc = entries(doc, "stances", &guide.stances);
    doc = entries(doc, "claims on a shared number", &guide.claims);
    doc = questions(doc, "lenses", &guide.lenses);
    for dimension in &guide.dimensions {
        doc = doc.heading(
            2,
            Line::new()
                .plain("dimension: ")
                .text(Role::Heading, &dimension.name)
                .role(Role::Muted, format!("  {}", dimension.id)),
        );
        if !dimension.about.is_blank() {
            doc = doc.para(Line::new().text(Role::Plain, &dimension.about));
        }
        let group = |name: &str, list: &[Text]| {
            list.iter().fold(Item::new(Line::new().role(Role::Key, name)), |item, text| {
                item.child(Line::new().text(Role::Plain, text))
            })
        };
        let mut items = vec![group("looks like", &dimension.looks_like), group("counts", &dimension.counts)];
        items.push(
            Item::new(Line::new().role(Role::Key, "trap"))
                .child(Line::new().text(Role::Warn, &dimension.trap)),
        );
        doc = doc.items(items);
    }
    doc = questions(doc, "decision filter", &guide.filter);
    for section in &guide.sections {
        let title = Line::new()
            .plain("scorecard: ")
            .text(Role::Heading, &section.name)
            .role(Role::Muted, format!("  {}", section.id));
        doc = doc.heading(2, title).items(section.questions.iter().map(question));
    }
    doc = entries(doc, "kinds of bet", &guide.bet_kinds);
    if !guide.evidence_kinds.is_empty() {
        doc = doc.heading(2, "kinds of evidence").items(guide.evidence_kinds.iter().map(|kind| {
            let stream = match kind.stream {
                Stream::Loud => "loud",
                Stream::Shaping => "shaping",
            };
            let line = name(kind.id.as_str(), &kind.name).role(Role::Muted, format!("  {stream}"));
            about(Item::new(line), &kind.about)
        }));
    }
    doc = entries(doc, "reach", &guide.reaches);
    let bots = Bots::of(guide);
    let names = bots.names().map(Text::from).collect::<Vec<_>>();
    let names = names.iter().enumerate().fold(Line::new(), |line, (at, name)| {
        line.plain(if at == 0 { "" } else { ", " }).text(Role::Plain, name)
    });
    doc = doc.heading(2, "programs").para(names);
    let month =
        u8::try_from(guide.calendar.fiscal_year_start).ok().and_then(|month| Month::try_from(month).ok());
    let name = month.map_or("?", |month| month.name());
    doc.heading(2, "calendar").para(Line::from(format!("the fiscal year begins in {name}")))
}

fn entries(doc: Doc, title: &str, list: &[Entry]) -> Doc {
    if list.is_empty() {
        return doc;
    }
    doc.heading(2, title).items(list.iter().map(|entry| {
        let item = about(Item::new(name(entry.id.as_str(), &entry.name)), &entry.about);
        entry.examples.iter().fold(item, |item, text| {
            item.child(Line::new().role(Role::Muted, "e.g. ").text(Role::Muted, text))
        })
    }))
}

fn questions(doc: Doc, title: &str, list: &[Question]) -> Doc {
    if list.is_empty() { doc } else { doc.heading(2, title).items(list.iter().map(question)) }
}

fn question(one: &Question) -> Item {
    about(
        Item::new(Line::new().text(Role::Plain, &one.question).role(Role::Muted, format!("  {}", one.id))),
        &one.about,
    )
}

fn texts(doc: Doc, list: &[Text]) -> Doc {
    if list.is_empty() {
        doc
    } else {
        doc.items(list.iter().map(|text| Line::new().text(Role::Plain, text).into()))
    }
}

fn name(id: &str, name: &Text) -> Line {
    Line::new().role(Role::Strong, id).plain("  ").text(Role::Plain, name)
}

fn about(item: Item, text: &Text) -> Item {
    if text.is_blank() { item } else { item.child(Line::new().text(Role::Muted, text)) }
}
