//! `git okr bet close`: how a bet ended, and why.

use clap::ArgGroup;

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Bet, Closing, Outcome as Ending, Period, Record, Text};
use crate::render::{Line, Role};
use crate::store::journal::{Transaction, Write};

/// Say how a bet ended
///
/// A bet that is carried is closed here and goes on as a new bet of the other quarter, which remembers this one.
///
///   git okr bet close one-queue --won --why "three teams run on it"
///   git okr bet close one-queue --carried-to 2027-Q1 --why "Payments moved"
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
#[command(group = ArgGroup::new("ending").required(true).args(["won", "lost", "dropped", "carried_to"]))]
pub(super) struct Args {
    /// A bet's slug, or the beginning of its id
    bet: String,

    /// It came true
    #[arg(long)]
    won: bool,

    /// It was played to the end and did not come true
    #[arg(long)]
    lost: bool,

    /// It was given up on purpose
    #[arg(long)]
    dropped: bool,

    /// It goes on in another quarter, such as 2027-Q1 or next-quarter
    #[arg(long, value_name = "PERIOD")]
    carried_to: Option<String>,

    /// Why
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,

    /// The day it was decided: 2026-11-03, yesterday, 'last friday'
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
}

/// Runs the verb.
pub(super) fn run(context: &mut Context, args: Args) -> Outcome {
    let (stored, bet) = context.find_bet(&args.bet)?;
    if let Some(closing) = &bet.closed {
        let message =
            format!("bet '{}' was closed as {} on {}", bet.slug, closing.outcome.as_str(), closing.date);
        return Err(CommandError::new(message).hint(format!("to change that: git okr bet edit {}", bet.slug)));
    }
    let outcome = match (args.won, args.lost, args.dropped) {
        (true, ..) => Ending::Won,
        (_, true, _) => Ending::Lost,
        (.., true) => Ending::Dropped,
        _ => Ending::Carried,
    };
    let why = match args.why {
        Some(why) => why,
        None if context.ui.is_interactive() => context.ui.prompt()?.ask_text("why", "", false)?,
        None => {
            return Err(CommandError::usage("say why the bet ended").hint("--why \"three teams run on it\""));
        }
    };
    if Text::from(why.as_str()).is_blank() {
        return Err(CommandError::usage("say why the bet ended").hint("--why \"three teams run on it\""));
    }
    let mut writes = Vec::new();
    let carried_to = match args.carried_to.as_deref() {
        Some(name) => Some(carry(context, &bet, name, &mut writes)?),
        None => None,
    };
    let mut closed = bet.clone();
    closed.closed = Some(Closing {
        outcome,
        date: super::check_in::day(context, args.date.as_deref())?,
        why: why.trim().into(),
        carried_to: carried_to.clone(),
    });
    writes.insert(0, Write::Replace(Box::new(stored), Record::Bet(closed)));
    context.commit(Transaction::new("close", writes))?;
    let mut line = Line::new()
        .role(Role::Good, "closed ")
        .role(Role::Strong, bet.slug.as_str())
        .plain(format!(" as {}", outcome.as_str()));
    if let Some(period) = &carried_to {
        line = line.plain(" to ").text(Role::Plain, period);
    }
    context.ui.status(line)?;
    Ok(exit::DONE)
}

/// The bet that goes on: same aims and slug, in the other quarter.
fn carry(
    context: &mut Context,
    bet: &Bet,
    name: &str,
    writes: &mut Vec<Write>,
) -> Result<Text, CommandError> {
    let at = context.journal()?.tip()?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = match name {
        "next-quarter" => context.period(None, &guide)?.next(&guide.calendar),
        name => context.period(Some(name), &guide)?,
    };
    let made_for = Period::parse(bet.period.raw(), &guide.calendar, context.today()?);
    if made_for.is_ok_and(|made_for| period.start <= made_for.end) {
        let message = format!(
            "bet '{}' is made for {}, and {} is not after it",
            bet.slug,
            bet.period.visible(),
            period.name
        );
        return Err(CommandError::usage(message).hint("--carried-to next-quarter"));
    }
    let next = bet.continued(context.new_id()?, &period.name, context.now()?);
    writes.push(Write::Create(Record::Bet(next)));
    Ok(period.name.into())
}
