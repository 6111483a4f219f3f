//! `git okr status`: the quarter at a glance.

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::Period;
use crate::render::view;
use crate::report::status;
use crate::store::exposure::Depth;
use crate::store::journal::{Scope, Shards};

/// Show the quarter at a glance
///
/// Bets with confidence and trend, evidence by dimension, what waits and what is stale. Harvests the repository you
/// stand in and those of okr.repos first, so that no commit waits for a hook.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// As the journal knew it at a date or revision; nothing is harvested, and the inbox has no history
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let now = args.as_of.is_none();
    if now {
        context.catch_up()?;
    }
    let at = context.revision(args.as_of.as_deref())?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let today = if now { context.today()? } else { at.time.day() };
    let period = Period::quarter_of(today, &guide.calendar);
    let scope = Scope {
        check_ins: true,
        evidence: Shards::Between(period.start, period.end),
        decisions: Shards::None,
    };
    let snapshot = context.snapshot(&at, scope)?;
    let inbox = if now { context.waiting(false).map_or(0, |waits| waits.items.len()) } else { 0 };
    // What is wrong with a setting is told by the verb that it belongs to.
    let due = if now { context.review_due().unwrap_or_default() } else { None };
    let mut report = status::build(&snapshot, &period, today, inbox, due);
    if now {
        report.exposure = context.exposure(Depth::Glance).unwrap_or_default();
        report.taken_back = context.taken_back().unwrap_or_default();
        report.conflicts = context.contested(&at).map_or(0, |(list, unmerged)| list.len() + unmerged.len());
    }
    context.ui.answer(args.format.get(), "status", &report, view::status::status)?;
    Ok(exit::DONE)
}
