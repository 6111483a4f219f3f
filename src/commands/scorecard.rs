//! `git okr scorecard`: the guide's questions, answered from the records of a period.

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::render::view;
use crate::report::scorecard;
use crate::store::journal::{Scope, Shards};

/// Answer the guide's questions from the records of a period
///
/// Every finding names its rule and the records it rests on. Strength is never a number of records: only distinct
/// proven work, reach, adopters and time count, and below a floor the answer is 'too little to judge'. The same
/// revision gives the same bytes; the last line names it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter, 2026-07-01..2026-09-30 [default: this-quarter]
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = context.period(args.period.as_deref(), &guide)?;
    let scope = Scope {
        check_ins: true,
        evidence: Shards::Between(period.start, period.end),
        decisions: Shards::None,
    };
    let snapshot = context.snapshot(&at, scope)?;
    let card = scorecard::build(&snapshot, &period);
    context.ui.answer(args.format.get(), "scorecard", &card, |card| {
        view::scorecard::scorecard(card, &snapshot.ids)
    })?;
    Ok(exit::DONE)
}
