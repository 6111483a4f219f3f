//! `git okr log`: the journal's history in meaning, not in lines.

use std::ops::ControlFlow;

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::render::view::history::{self, Entry};
use crate::render::{Doc, Line, Role};

/// Show the journal's history in meaning
///
/// Newest first: which record each commit added, edited or removed, and which fields. With an ID, only what happened
/// to that record; for a bet, its check-ins too.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The beginning of an id, or a bet's slug
    id: Option<String>,

    /// At most this many commits
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 20)]
    max_count: usize,

    /// Show the fields of new records too
    #[arg(long)]
    full: bool,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let only = args.id.as_deref().map(|name| removed_or_present(context, name)).transpose()?;
    let journal = context.journal()?;
    let mut entries = Vec::new();
    let mut more = false;
    journal.history(&at, only, &mut |step| {
        if entries.len() == args.max_count {
            more = true;
            return ControlFlow::Break(());
        }
        entries.push(Entry {
            revision: step.revision,
            who: step.who,
            changes: step.changes,
            others: step.others,
            merge: step.merge,
        });
        ControlFlow::Continue(())
    })?;
    let ids = journal
        .index(&at)?
        .0
        .iter()
        .map(|place| place.id)
        .chain(entries.iter().flat_map(|e| e.changes.iter().map(|c| c.id)))
        .collect();
    let value: Vec<serde_json::Value> = entries.iter().map(json).collect();
    context.ui.answer(args.format.get(), "log", &value, |_| {
        let doc = history::log(&entries, &ids, args.full);
        if entries.is_empty() {
            return Doc::new().para(Line::new().role(Role::Muted, "nothing happened to it"));
        }
        if more {
            doc.footer(format!(
                "older commits are left out; show more with: git okr log -n {}",
                args.max_count * 5
            ))
        } else {
            doc
        }
    })?;
    Ok(exit::DONE)
}

/// The id of a record, also of one that was removed: then the whole id has to be given.
fn removed_or_present(
    context: &mut Context,
    name: &str,
) -> Result<crate::model::RecordId, crate::error::CommandError> {
    if let Ok(id) = crate::model::RecordId::parse(name) {
        return Ok(id);
    }
    let at = context.journal()?.tip()?;
    Ok(context.place(&at, name)?.id)
}

fn json(entry: &Entry) -> serde_json::Value {
    let changes: Vec<_> = entry
        .changes
        .iter()
        .map(|change| {
            let fields: Vec<_> = change
                .fields
                .iter()
                .map(|field| {
                    let text = |value: &Option<crate::model::FieldValue>| value.as_ref().map(|value| value.to_text());
                    serde_json::json!({ "name": field.name, "before": text(&field.before), "after": text(&field.after) })
                })
                .collect();
            serde_json::json!({ "kind": change.kind, "id": change.id, "title": change.title, "what": change.what, "fields": fields })
        })
        .collect();
    serde_json::json!({ "revision": entry.revision, "who": entry.who, "merge": entry.merge, "changes": changes, "files": entry.others })
}
