//! How bets shifted, as a document: fields before and after, prose word by word.

use similar::{ChangeTag, TextDiff};

use super::{count, id};
use crate::model::{IdSet, Text};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role};
use crate::report::Shift;
use crate::report::shift::{BetShift, Fate, ShiftedField};

/// The whole difference.
pub fn shift(shift: &Shift, ids: &IdSet) -> Doc {
    let title = Line::new()
        .plain("Bets from ")
        .text(Role::Heading, &shift.from)
        .plain(" to ")
        .text(Role::Heading, &shift.to);
    let mut doc = Doc::new().heading(1, title);
    if shift.before.is_none() {
        doc = doc.para(Line::new().role(Role::Muted, "the journal is younger than the first of the two"));
    }
    if shift.bets.is_empty() {
        doc = doc.para(Line::new().role(Role::Muted, "no bet shifted"));
    }
    for bet in &shift.bets {
        doc = one(doc, bet, ids);
    }
    let before = shift.before.as_ref().map_or_else(|| "nothing".into(), ToString::to_string);
    let unchanged = match shift.unchanged {
        0 => String::new(),
        n => format!(" · {} unchanged", count(n, "bet")),
    };
    let after = &shift.after;
    doc.footer(format!("journal {before}..{after} of {}{unchanged}", after.time.day()))
}

fn one(doc: Doc, bet: &BetShift, ids: &IdSet) -> Doc {
    let role = match bet.fate {
        Fate::Won | Fate::Added | Fate::Reopened => Role::Added,
        Fate::Lost | Fate::Dropped | Fate::Removed => Role::Removed,
        Fate::Carried | Fate::Moved => Role::Warn,
    };
    let (mut verb, mut from) = (bet.fate.as_str().to_owned(), Line::new());
    if let Some(to) = bet.closing.as_ref().and_then(|closing| closing.carried_to.as_ref()) {
        verb += &format!(" to {}", to.visible());
    }
    if let Some(earlier) = bet.continues {
        from = Line::new().role(Role::Muted, "  continues ").line(id(ids, earlier));
    }
    let title = Line::new()
        .role(role, verb)
        .plain(" ")
        .role(Role::Strong, bet.slug.as_str())
        .plain("  ")
        .text(Role::Plain, &bet.title)
        .role(Role::Muted, format!("  {} ", bet.period.visible()))
        .line(id(ids, bet.id))
        .line(from);
    let mut items: Vec<Item> = Vec::new();
    if let Some(closing) = &bet.closing {
        let line = Line::new().role(Role::Key, "why: ").text(Role::Plain, &closing.why);
        items.push(line.role(Role::Muted, format!("  ({})", closing.date)).into());
    }
    if bet.status.0 != bet.status.1 {
        let word = |status: Option<crate::model::Status>| status.map(|status| status.as_str().to_owned());
        items.push(arrow("status", word(bet.status.0), word(bet.status.1)).into());
    }
    if bet.confidence.0 != bet.confidence.1 {
        let percent = |value: Option<u8>| value.map(|value| format!("{value}%"));
        items.push(arrow("confidence", percent(bet.confidence.0), percent(bet.confidence.1)).into());
    }
    items.extend(bet.fields.iter().map(|one| field(one).into()));
    items.extend(bet.check_ins.iter().map(|one| {
        let line =
            Line::new().role(Role::Muted, format!("{} ", one.date)).line(super::status(Some(one.status)));
        let line = match one.confidence {
            Some(percent) => line.plain(format!(" {percent}%")),
            None => line,
        };
        if one.note.is_blank() { line.into() } else { line.plain("  ").text(Role::Plain, &one.note).into() }
    }));
    let doc = doc.heading(3, title);
    if items.is_empty() { doc } else { doc.items(items) }
}

/// What was before and what is after; without a before, only what is.
fn arrow(name: &str, before: Option<String>, after: Option<String>) -> Line {
    let line = Line::new().role(Role::Key, format!("{name}: "));
    let line = match before {
        Some(before) => line.role(Role::Removed, before).plain(" -> "),
        None => line,
    };
    line.role(Role::Added, after.unwrap_or_else(|| "(none)".into()))
}

fn field(one: &ShiftedField) -> Line {
    let line = Line::new().text(Role::Key, &one.name).role(Role::Key, ": ");
    match (&one.before, &one.after) {
        (Some(before), Some(after)) if one.prose => line.line(words(before, after)),
        (Some(before), Some(after)) => {
            line.text(Role::Removed, before).plain(" -> ").text(Role::Added, after)
        }
        (None, Some(after)) => line.text(Role::Added, after),
        (Some(before), None) => line.text(Role::Removed, before).plain(" -> (none)"),
        (None, None) => line,
    }
}

/// Two texts word by word. Without colour the marks `[-…-]` and `{+…+}` say the same, as in `git diff --word-diff`.
pub fn words(before: &Text, after: &Text) -> Line {
    let diff = TextDiff::from_words(before.raw(), after.raw());
    let mut line = Line::new();
    let mut changes = diff.iter_all_changes().peekable();
    while let Some(change) = changes.next() {
        let tag = change.tag();
        let mut text = change.value().to_owned();
        while let Some(next) = changes.next_if(|next| next.tag() == tag) {
            text += next.value();
        }
        line = match tag {
            ChangeTag::Equal => line.plain(text),
            ChangeTag::Delete => line.role(Role::Removed, format!("[-{text}-]")),
            ChangeTag::Insert => line.role(Role::Added, format!("{{+{text}+}}")),
        };
    }
    line
}
