//! `git okr scorecard`: the guide's questions, answered from the records of a period.

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Period, Revision};
use crate::render::view;
use crate::report::{Comparison, Scorecard, compare, scorecard};
use crate::store::journal::{AsOf, Scope, Shards};

/// Answer the guide's questions from the records of a period
///
/// Every finding names its rule and the records it rests on. Strength is never a number of records: only distinct
/// proven work, reach, adopters and time count, and below a floor the answer is 'too little to judge'. The same
/// revision gives the same bytes; the last line names it.
///
/// With --compare, what moved between two periods, both read at the same revision: each question and dimension, key
/// figures, and the findings that are new or gone. The earlier period always stands first.
///
///   git okr scorecard 2026-Q3
///   git okr scorecard 2026-Q3 --compare 2026-Q2
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter, 2026-07-01..2026-09-30 [default: this-quarter]
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// Another period, to show what moved between the two
    #[arg(long, value_name = "PERIOD")]
    compare: Option<String>,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// A scorecard beside another one.
#[derive(serde::Serialize)]
struct Compared {
    #[serde(flatten)]
    card: Scorecard,
    comparison: Comparison,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = context.period(args.period.as_deref(), &guide)?;
    if let Some(other) = args.compare.as_deref() {
        let other = context.period(Some(other), &guide)?;
        if (period.start, period.end) == (other.start, other.end) {
            let previous = period.previous(&guide.calendar);
            return Err(CommandError::usage(format!("'{period}' and '{other}' are the same days"))
                .hint(format!("git okr scorecard {period} --compare {previous}")));
        }
        return compared(context, args.format, &at, &period, &other);
    }
    let snapshot = context.snapshot(&at, Context::judged(&period, &guide))?;
    let card = scorecard::build(&snapshot, &period);
    context.ui.answer(args.format.get(), "scorecard", &card, |card| {
        view::scorecard::scorecard(card, &snapshot.ids)
    })?;
    Ok(exit::DONE)
}

fn compared(
    context: &mut Context,
    format: FormatOption,
    at: &Revision,
    period: &Period,
    other: &Period,
) -> Outcome {
    let evidence = Shards::Both((period.start, period.end), (other.start, other.end));
    let (guide, _) = context.journal()?.guide(at)?;
    let since = |period| scorecard::decisions_since(period, &guide.calendar);
    let decisions = Shards::Between(since(period).min(since(other)), period.end.max(other.end));
    let snapshot = context.snapshot(at, Scope { check_ins: true, evidence, decisions })?;
    let earlier = compare::earlier(period, other);
    let younger =
        !compare::was_kept(&snapshot, earlier) && context.journal()?.at(&AsOf::Day(earlier.end))?.is_none();
    let build = |period: &Period| scorecard::build(&compare::of_period(&snapshot, period), period);
    let card = build(period);
    let comparison = compare::build(&card, &build(other), younger);
    let both = Compared { card, comparison };
    context.ui.answer(format.get(), "scorecard", &both, |both| {
        view::compare::comparison(&both.comparison, &both.card, &snapshot.ids)
    })?;
    Ok(exit::DONE)
}
