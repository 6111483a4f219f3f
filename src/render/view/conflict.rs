//! What two machines changed at once, as documents.

use super::{count, id};
use crate::change::merge::settle::Unsettled;
use crate::model::{Conflict, IdSet, Text};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role, Table};
use crate::report::conflicts::{Contested, GUIDE};

/// Values longer than this many characters are cut in lists: the record holds the rest.
const SHOWN: usize = 60;

/// Everything that is undecided.
pub fn list(list: &[Contested], unmerged: &[String], ids: &IdSet) -> Doc {
    let mut doc = Doc::new();
    if list.is_empty() && unmerged.is_empty() {
        return doc.para(Line::new().role(Role::Muted, "nothing is undecided"));
    }
    for one in list {
        let name = one.id.map_or_else(|| Line::from(GUIDE), |own| id(ids, own));
        let kind = one.kind.map_or("", |kind| kind.as_str());
        let title = name.role(Role::Muted, format!("  {kind}  ")).text(Role::Heading, &one.title);
        doc = doc.heading(2, title);
        let mut table = Table::new(["field", "ours: shown now", "theirs: kept beside it", "from"]);
        for conflict in &one.conflicts {
            table.push([
                Line::new().text(Role::Key, &conflict.other.field),
                ours(conflict),
                theirs(&conflict.other),
                Line::new().role(Role::Muted, revision(&conflict.other)),
            ]);
        }
        doc = doc.table(table);
    }
    if !unmerged.is_empty() {
        let items = unmerged.iter().map(|path| Item::new(Line::from(format!("git okr git show okr:{path}"))));
        doc = doc.heading(2, "files that no record could take in").items(items);
    }
    let fields = list.iter().map(|one| one.conflicts.len()).sum();
    doc.footer(format!("{} in {}", count(fields, "value"), count(list.len(), "record")))
}

/// One conflict with both values in full.
pub fn one(one: &Contested, conflict: &Unsettled) -> Doc {
    let title = Line::new().text(Role::Heading, &one.title).role(Role::Muted, "  ");
    let both = [("ours", conflict.shown.clone()), ("theirs", conflict.other.value.clone())];
    let mut doc = Doc::new().heading(2, title.text(Role::Key, &conflict.other.field));
    for (side, value) in both {
        let word = format!("{side}: ");
        doc = match value {
            Some(text) if text.raw().trim().contains('\n') => {
                doc.para(Line::new().role(Role::Muted, word.trim_end())).prose(&text)
            }
            Some(text) => doc.para(Line::new().role(Role::Muted, word).text(Role::Plain, &text)),
            None if side == "ours" => {
                doc.para(Line::new().role(Role::Muted, word).plain("the record as it is"))
            }
            None => doc.para(Line::new().role(Role::Muted, word).plain("removed")),
        };
    }
    doc
}

/// What is undecided in one record, below it.
pub fn of_record(conflicts: &[Conflict], own: &str) -> Doc {
    if conflicts.is_empty() {
        return Doc::new();
    }
    let items = conflicts.iter().map(|one| {
        let line = Line::new().text(Role::Key, &one.field).plain("  elsewhere: ").line(theirs(one));
        Item::new(line.role(Role::Muted, format!("  {}", revision(one))))
    });
    let settle = Line::new().role(Role::Muted, "decide with: ").plain(format!("git okr resolve {own}"));
    Doc::new().heading(2, "changed on two machines at once").items(items).para(settle)
}

fn ours(conflict: &Unsettled) -> Line {
    match &conflict.shown {
        Some(text) => Line::new().text(Role::Plain, &cut(text)),
        None => Line::new().role(Role::Muted, "the record"),
    }
}

fn theirs(conflict: &Conflict) -> Line {
    match &conflict.value {
        Some(text) => Line::new().text(Role::Plain, &cut(text)),
        None => Line::new().role(Role::Removed, "removed"),
    }
}

fn revision(conflict: &Conflict) -> String {
    Text::from(conflict.revision.raw().get(..10).unwrap_or_default()).visible()
}

fn cut(text: &Text) -> Text {
    let line = text.visible();
    if line.chars().count() <= SHOWN {
        return line.into();
    }
    line.chars().take(SHOWN - 1).chain(['…']).collect::<String>().into()
}
