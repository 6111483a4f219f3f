//! `git okr search`: a text in any field of any record.

use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::field::fields;
use crate::model::{Kind, Record, RecordId, Text};
use crate::render::{Doc, Line, Role, Table, view};

/// Search all records
///
/// Looks for a text, without regard to case, in every field of bets, check-ins and evidence. Exits 1 when nothing
/// matches.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to look for
    text: String,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Hit {
    kind: Kind,
    id: RecordId,
    title: Text,
    field: Text,
    value: Text,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    if Text::from(args.text.as_str()).is_blank() {
        return Err(CommandError::usage("say what to look for").hint("git okr search queue"));
    }
    let at = context.revision(args.as_of.as_deref())?;
    let (index, faults) = context.journal()?.index(&at)?;
    let ids = index.iter().map(|place| place.id).collect();
    let mut hits = Vec::new();
    let mut unreadable = faults.len();
    for place in index.iter().filter(|place| place.kind != Kind::Verdict) {
        match context.journal()?.record(place) {
            Ok(stored) => hits.extend(hit(&stored.record, &args.text)),
            Err(_) => unreadable += 1,
        }
    }
    context.ensure_open(&at)?;
    if unreadable > 0 {
        context.ui.warning(Line::from(format!("{} could not be read", view::count(unreadable, "record"))))?;
        context.ui.hint("see which: git okr fsck")?;
    }
    context.ui.answer(args.format.get(), "search", &hits, |hits| document(hits, &ids))?;
    Ok(if hits.is_empty() { exit::FAILED } else { exit::DONE })
}

/// The first field that matches, title first.
fn hit(record: &Record, text: &str) -> Option<Hit> {
    let title = record.title();
    let fields = fields(record);
    let found = fields.iter().find(|field| field.value.to_text().contains_ignoring_case(text))?;
    Some(Hit {
        kind: record.kind(),
        id: record.id(),
        title,
        field: found.name.clone(),
        value: found.value.to_text(),
    })
}

fn document(hits: &[Hit], ids: &crate::model::IdSet) -> Doc {
    if hits.is_empty() {
        return Doc::new().para(Line::new().role(Role::Muted, "nothing matches"));
    }
    let mut table = Table::new(["id", "kind", "field", "title"]);
    for hit in hits {
        let mut title = Line::new().text(Role::Plain, &hit.title);
        if hit.field.raw() != "title" {
            title = title.role(Role::Muted, "  ").line(view::one_line(Role::Muted, &hit.value));
        }
        table.push([
            view::id(ids, hit.id),
            Line::from(hit.kind.as_str()),
            Line::new().text(Role::Key, &hit.field),
            title,
        ]);
    }
    Doc::new().table(table).footer(view::count(hits.len(), "record"))
}
