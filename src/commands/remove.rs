//! `git okr remove`: take records out of the journal's present; its history keeps them.

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Kind, Record};
use crate::render::{Line, Role};
use crate::store::journal::{Transaction, Write};

/// Remove a record
///
/// The record leaves the journal's present. Its history keeps it: 'git okr log ID' shows it, and reports '--as-of' an
/// earlier date still know it. A bet is closed rather than removed, unless it was a mistake; its check-ins go with it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Beginnings of ids, or bets' slugs
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,

    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.journal()?.tip()?;
    let mut writes = Vec::new();
    let mut titles = Vec::new();
    for name in &args.ids {
        let stored = context.find(name)?;
        match &stored.record {
            Record::Verdict(_) => {
                return Err(CommandError::new(format!(
                    "'{name}' is a verdict, which keeps work from being suggested twice"
                ))
                .hint("what was dismissed by mistake is recorded with: git okr add"));
            }
            Record::Bet(bet) => {
                let of_bet = format!("checkins/{}/", bet.id);
                for place in
                    context.journal()?.index(&at)?.iter().filter(|place| place.path.starts_with(&of_bet))
                {
                    writes.push(Write::Remove(Box::new(context.read(place)?)));
                }
            }
            Record::Evidence(_) | Record::CheckIn(_) => {}
        }
        titles.push((stored.record.kind(), stored.record.title()));
        writes.push(Write::Remove(Box::new(stored)));
    }
    context.commit(Transaction::new("remove", writes).because(args.why.unwrap_or_default()))?;
    for (kind, title) in &titles {
        let noun = if *kind == Kind::CheckIn { "check-in " } else { "" };
        context
            .ui
            .status(Line::new().role(Role::Removed, "removed ").plain(noun).text(Role::Plain, title))?;
    }
    Ok(exit::DONE)
}
