//! `git okr diff`: the story between two quarters, dates or revisions.

use super::FormatOption;
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Day, Period, Revision, Text};
use crate::render::view;
use crate::report::shift::{self, Asked};
use crate::store::journal::{AsOf, Scope, Shards};

/// Show how bets shifted between two quarters, dates or revisions
///
/// A quarter stands for what the journal knew at its end, a date for the end of that day. Without B, up to now. A
/// single quarter is told from its start to its end.
///
/// The bets that moved farthest come first, each with the confidence on its way and the check-ins that say why. Below
/// stand promises that are gone, the shape of the open bets, and the decisions of the days in between. A few lines a
/// bet tell what matters; --full shows every field, prose word by word, and every check-in.
///
///   git okr diff 2026-Q3
///   git okr diff 2026-Q3..2026-Q4 --full
///   git okr diff 2026-07-01..
///   git okr diff 'last-quarter..this-quarter'
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Two quarters, dates or revisions with '..' between them, or one quarter [default: last-quarter..this-quarter]
    #[arg(value_name = "A..B")]
    range: Option<String>,

    /// Every field, check-in and decision
    #[arg(long)]
    full: bool,

    /// Exit 1 when anything differs
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let range = args.range.as_deref().unwrap_or("last-quarter..this-quarter");
    let Ends { asked, before, after } = match range.split_once("..") {
        Some((from, to)) => between(context, from, if to.is_empty() { "now" } else { to })?,
        None => within(context, range)?,
    };
    let days = |from: Day, upto: Day| Shards::Between(from.min(upto), from.max(upto));
    // What was decided before the first side is no part of the story; of a younger journal everything is.
    let decisions = before.as_ref().map_or(Shards::All, |before| days(before.time.day(), after.time.day()));
    let scope = Scope { check_ins: true, evidence: Shards::None, decisions };
    let after = context.snapshot(&after, scope)?;
    let before = before.map(|at| context.snapshot(&at, scope)).transpose()?;
    let shift = shift::build(asked, before.as_ref(), &after);
    let detail =
        view::shift::Detail { full: args.full, blocks: context.ui.draws_blocks() && args.format.is_text() };
    context
        .ui
        .answer(args.format.get(), "diff", &shift, |shift| view::shift::shift(shift, &after.ids, detail))?;
    Ok(if args.exit_code && !shift.is_empty() { exit::FAILED } else { exit::DONE })
}

/// What was asked for, and the revisions it stands for.
struct Ends {
    asked: Asked,
    before: Option<Revision>,
    after: Revision,
}

/// The story from A to B.
fn between(context: &mut Context, from: &str, to: &str) -> Result<Ends, CommandError> {
    if from.is_empty() {
        return Err(CommandError::usage("say where to begin").hint("git okr diff 2026-Q3..2026-Q4"));
    }
    let runs_until = period(context, to)?.map(|period| period.end);
    let asked = Asked { from: from.into(), to: to.into(), period: None, runs_until };
    ends(context, asked, from, to)
}

/// The story of one period: from the end of the day before it to its own end.
fn within(context: &mut Context, name: &str) -> Result<Ends, CommandError> {
    let Some(period) = period(context, name)? else {
        let shown = Text::from(name).visible();
        return Err(CommandError::usage(format!("'{shown}' is neither of the form A..B nor a quarter"))
            .hint(format!("git okr diff {shown}.."))
            .hint("git okr diff 2026-Q3..2026-Q4"));
    };
    if period.start > context.today()? {
        return Err(CommandError::usage(format!("{period} has not begun: it starts on {}", period.start))
            .hint("git okr diff this-quarter"));
    }
    let (from, to) = (period.start.plus(-1).to_string(), period.name.clone());
    let asked = Asked {
        from: from.as_str().into(),
        to: to.as_str().into(),
        runs_until: Some(period.end),
        period: Some(period),
    };
    ends(context, asked, &from, &to)
}

fn ends(context: &mut Context, mut asked: Asked, from: &str, to: &str) -> Result<Ends, CommandError> {
    let after = point(context, to)?.ok_or_else(|| {
        CommandError::new(format!("the journal is younger than '{}'", Text::from(to).visible()))
            .hint("its first revision is at the end of: git okr log")
    })?;
    let written = context.journal()?.tip()?.time.day();
    asked.runs_until = asked.runs_until.filter(|end| written < *end);
    let before = point(context, from)?;
    Ok(Ends { asked, before, after })
}

/// The period of a name; `None` when it is the name of none.
fn period(context: &mut Context, text: &str) -> Result<Option<Period>, CommandError> {
    let tip = context.journal()?.tip()?;
    let (guide, _) = context.journal()?.guide(&tip)?;
    Ok(Period::parse(text, &guide.calendar, context.today()?).ok())
}

/// The revision that a quarter, a date or a revision stands for; `None` when the journal is younger.
fn point(context: &mut Context, text: &str) -> Result<Option<Revision>, CommandError> {
    if text == "now" {
        return Ok(Some(context.journal()?.tip()?));
    }
    let today = context.today()?;
    let as_of = if let Some(period) = period(context, text)? {
        AsOf::Day(period.end)
    } else if let Some(day) = clock::parse_day(text, today) {
        AsOf::Day(day)
    } else {
        AsOf::parse(text).ok_or_else(|| {
            CommandError::usage(format!("'{}' is no quarter, date or revision", Text::from(text).visible()))
                .hint("quarters are 2026-Q4 or last-quarter, dates 2026-11-03; revisions are listed by: git okr log")
        })?
    };
    Ok(context.journal()?.at(&as_of)?)
}
