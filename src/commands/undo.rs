//! `git okr undo`: take the last changes back, as a new commit.

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::render::{Line, Role};
use crate::store::journal::{NoWayBack, Transaction, Write};

/// Take the last change back
///
/// A new commit brings every record and the guide back to how they were before; nothing is taken out of the history, so
/// undoing twice does it again. What a review recorded in one commit goes in one.
///
///   git okr undo
///   git okr undo 3
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// How many changes
    #[arg(value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,

    /// Only say what would be taken back
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let back = context.journal()?.back(args.count.into()).map_err(|error| {
        let none = matches!(error.downcast_ref(), Some(NoWayBack::TooFew(0)));
        let failed = CommandError::from(error);
        if none {
            CommandError::new("nothing was recorded that could be taken back")
        } else {
            failed.hint("see what there is: git okr log")
        }
    })?;
    let forgets = back.writes.iter().any(Write::forgets_a_verdict);
    let subjects = back.subjects.clone();
    if !args.dry_run {
        let why: Vec<String> =
            subjects.iter().map(|subject| format!("back: {}", subject.visible())).collect();
        context.commit(Transaction::new("undo", back.writes).because(why.join("\n")))?;
    }
    let verb = if args.dry_run { "would take back " } else { "took back " };
    for subject in &subjects {
        context.ui.status(Line::new().role(Role::Removed, verb).text(Role::Plain, subject))?;
    }
    if !args.dry_run {
        context.ui.hint("take that back too: git okr undo")?;
        if forgets {
            context.ui.hint("suggestions that were decided on come back with: git okr harvest --all")?;
        }
    }
    Ok(exit::DONE)
}
