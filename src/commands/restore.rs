//! `git okr restore`: bring a removed record back.

use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::model::{Record, RecordId, Text};
use crate::render::{Line, Role};
use crate::store::journal::Transaction;

/// Bring a removed record back
///
/// The history keeps every record that was ever in the journal. What was removed comes back as it was last, with its
/// comments and unknown keys; a bet with the check-ins that went with it.
///
///   git okr restore kqvm
///   git okr restore --list
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The beginning of an id
    #[arg(required_unless_present = "list", value_name = "ID")]
    id: Option<String>,

    /// List what was removed
    #[arg(long, conflicts_with = "id")]
    list: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let prefix = args.id.as_deref().unwrap_or_default().to_ascii_lowercase();
    let shown = Text::from(prefix.as_str()).visible();
    if !args.list && !RecordId::is_prefix(&prefix) {
        return Err(
            CommandError::usage(format!("'{shown}' is no beginning of an id")).hint("git okr restore --list")
        );
    }
    let mut found = context.journal()?.removed(&prefix)?;
    if args.list {
        if found.is_empty() {
            context.ui.status(Line::from("nothing was removed"))?;
        }
        for one in &found {
            let Some(record) = one.writes.first().and_then(|write| write.becomes()) else { continue };
            let line = Line::new()
                .wide_id(one.id.as_str(), 8)
                .role(
                    Role::Muted,
                    format!("  {}  removed after {}  ", one.kind.as_str(), one.last.time.day()),
                )
                .text(Role::Plain, &record.title());
            context.ui.line(line)?;
        }
        return Ok(exit::DONE);
    }
    let one = match found.len() {
        1 => found.remove(0),
        0 => {
            let at = context.journal()?.tip()?;
            let there = context.place(&at, &prefix).is_ok();
            let what = if there { "is not removed" } else { "is nothing that was removed" };
            return Err(CommandError::new(format!("'{shown}' {what}"))).hint("git okr restore --list");
        }
        several => {
            let message = format!("'{shown}' is the beginning of {several} ids");
            return Err(CommandError::new(message)).hint("git okr restore --list");
        }
    };
    let record = one.writes.first().and_then(|write| write.becomes()).cloned();
    if let Some(Record::Bet(bet)) = &record
        && bet.is_open()
        && context.workbench()?.is_taken(bet.slug.as_str())
    {
        return Err(CommandError::new(format!("an open bet is called '{}' already", bet.slug)))
            .hint(format!("give it another name first: git okr bet edit {}", bet.slug));
    }
    context.commit(Transaction::new("restore", one.writes))?;
    let title = record.map_or_else(|| one.id.to_string().into(), |record| record.title());
    context.ui.status(Line::new().role(Role::Added, "restored ").text(Role::Plain, &title))?;
    context.ui.plain(&format!("{}\n", one.id))?;
    Ok(exit::DONE)
}
