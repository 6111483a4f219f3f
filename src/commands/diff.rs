//! `git okr diff`: how bets shifted between two quarters, dates or revisions.

use super::FormatOption;
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Period, Revision, Text};
use crate::render::view;
use crate::report::shift;
use crate::store::journal::{AsOf, Scope, Shards};

/// Show how bets shifted between two quarters, dates or revisions
///
/// A quarter stands for what the journal knew at its end, a date for the end of that day. Fields are compared one by
/// one, prose word by word, and the check-ins in between say why. Without B, up to now.
///
///   git okr diff 2026-Q3..2026-Q4
///   git okr diff 2026-07-01..
///   git okr diff 'last-quarter..this-quarter'
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Two quarters, dates or revisions with '..' between them [default: last-quarter..this-quarter]
    #[arg(value_name = "A..B")]
    range: Option<String>,

    /// Exit 1 when anything differs
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let range = args.range.as_deref().unwrap_or("last-quarter..this-quarter");
    let Some((from, to)) = range.split_once("..") else {
        return Err(CommandError::usage(format!(
            "'{}' is not of the form A..B",
            Text::from(range).visible()
        ))
        .hint("git okr diff 2026-Q3..2026-Q4"));
    };
    let to = if to.is_empty() { "now" } else { to };
    if from.is_empty() {
        return Err(CommandError::usage("say where to begin").hint("git okr diff 2026-Q3..2026-Q4"));
    }
    let after = point(context, to)?.ok_or_else(|| {
        CommandError::new(format!("the journal is younger than '{}'", Text::from(to).visible()))
            .hint("its first revision is at the end of: git okr log")
    })?;
    let before = point(context, from)?;
    let scope = Scope { check_ins: true, evidence: Shards::None, decisions: Shards::None };
    let after = context.snapshot(&after, scope)?;
    let before = before.map(|at| context.snapshot(&at, scope)).transpose()?;
    let shift = shift::build(from.into(), to.into(), before.as_ref(), &after);
    context.ui.answer(args.format.get(), "diff", &shift, |shift| view::shift::shift(shift, &after.ids))?;
    Ok(if args.exit_code && !shift.bets.is_empty() { exit::FAILED } else { exit::DONE })
}

/// The revision that a quarter, a date or a revision stands for; `None` when the journal is younger.
fn point(context: &mut Context, text: &str) -> Result<Option<Revision>, CommandError> {
    if text == "now" {
        return Ok(Some(context.journal()?.tip()?));
    }
    let (now, today) = (context.now()?, context.today()?);
    let tip = context.journal()?.tip()?;
    let (guide, _) = context.journal()?.guide(&tip)?;
    let as_of = if let Ok(period) = Period::parse(text, &guide.calendar, today) {
        AsOf::end_of(period.end, now)
    } else if let Some(day) = clock::parse_day(text, today) {
        AsOf::end_of(day, now)
    } else {
        AsOf::parse(text, now).ok_or_else(|| {
            CommandError::usage(format!("'{}' is no quarter, date or revision", Text::from(text).visible()))
                .hint("quarters are 2026-Q4 or last-quarter, dates 2026-11-03; revisions are listed by: git okr log")
        })?
    };
    Ok(context.journal()?.at(&as_of)?)
}
