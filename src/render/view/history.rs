//! The journal's history in meaning: what each commit did to which record.

use super::id;
use crate::change::{FieldChange, RecordChange, What};
use crate::model::{FieldValue, IdSet, Kind, Revision, Text};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role};

/// One commit of the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The commit.
    pub revision: Revision,
    /// Who committed it.
    pub who: Text,
    /// What it did.
    pub changes: Vec<RecordChange>,
    /// Other files that it changed.
    pub others: Vec<String>,
    /// True when it joins the histories of two machines.
    pub merge: bool,
}

/// Fields shown of an edited record.
const FIELDS: usize = 8;
/// Records shown of one commit.
const RECORDS: usize = 8;

/// A page of history. With `full`, new records show their fields too.
pub fn log(entries: &[Entry], ids: &IdSet, full: bool) -> Doc {
    let mut doc = Doc::new();
    for entry in entries {
        let title = Line::new()
            .role(Role::Warn, entry.revision.short())
            .role(Role::Muted, format!("  {}", entry.revision.time.0.format("%Y-%m-%d %H:%M")));
        let title = if entry.merge { title.role(Role::Muted, "  two histories joined") } else { title };
        let mut items: Vec<Item> =
            entry.changes.iter().take(RECORDS).map(|change| record(change, ids, full)).collect();
        if entry.changes.len() > RECORDS {
            items.push(
                Line::new()
                    .role(Role::Muted, format!("and {} more records", entry.changes.len() - RECORDS))
                    .into(),
            );
        }
        items.extend(
            entry
                .others
                .iter()
                .map(|path| Item::marked(Role::Muted, "·", Line::new().plain(format!("wrote {path}")))),
        );
        doc = doc.heading(2, title).items(items);
    }
    doc
}

fn record(change: &RecordChange, ids: &IdSet, full: bool) -> Item {
    let (mark, role) = match change.what {
        What::Added => ("+", Role::Added),
        What::Removed => ("-", Role::Removed),
        What::Edited => ("~", Role::Warn),
    };
    let line = Line::new()
        .plain(format!("{} ", change.kind.as_str()))
        .line(id(ids, change.id))
        .plain("  ")
        .text(Role::Plain, &change.title);
    let mut item = Item::marked(role, mark, line);
    let shows = change.what == What::Edited || full || change.kind == Kind::CheckIn;
    let fields: Vec<&FieldChange> =
        change.fields.iter().filter(|field| shows && !hidden(change, field)).collect();
    for one in fields.iter().take(FIELDS) {
        item = item.child(field(one));
    }
    if fields.len() > FIELDS {
        item =
            item.child(Line::new().role(Role::Muted, format!("and {} more fields", fields.len() - FIELDS)));
    }
    item
}

fn hidden(change: &RecordChange, field: &FieldChange) -> bool {
    let name = field.name.raw();
    let told = change.kind == Kind::CheckIn && matches!(name, "status" | "confidence" | "bet" | "date");
    matches!(name, "id" | "recorded" | "title") && change.what != What::Edited || told
}

fn field(change: &FieldChange) -> Line {
    let line = Line::new().text(Role::Key, &change.name).role(Role::Key, ": ");
    match (&change.before, &change.after) {
        (Some(FieldValue::Prose(before)), Some(FieldValue::Prose(after))) => {
            line.line(super::shift::words(before, after))
        }
        (Some(before), Some(after)) => {
            line.text(Role::Removed, &before.to_text()).plain(" -> ").text(Role::Added, &after.to_text())
        }
        (None, Some(after)) => line.text(Role::Plain, &after.to_text().first_line()),
        (Some(before), None) => line.text(Role::Removed, &before.to_text()).plain(" -> (none)"),
        (None, None) => line,
    }
}
