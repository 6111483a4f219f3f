//! `git okr bet`: open, list, show, edit, check in on and close bets.

mod add;
pub(super) mod check_in;
mod close;

use clap::Subcommand;

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::{Bet, Kind, Period};
use crate::render::view;
use crate::report::BetView;
use crate::store::journal::{Scope, Shards};

/// Open, list, check in on and close bets
///
/// A bet is a deliberate investment for a quarter. It says which outcome it serves, and at opening already which
/// proof will exist if it succeeds. Its state is its newest check-in.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Open a bet
    Add(Box<add::Args>),
    /// List bets
    List(List),
    /// Show one bet with its gate, check-ins and evidence
    Show(Show),
    /// Edit a bet in your editor
    Edit(Edit),
    /// Say how a bet stands
    CheckIn(check_in::Args),
    /// Say how a bet ended: won, lost, dropped or carried to another quarter
    Close(close::Args),
}

#[derive(clap::Args, Debug)]
struct List {
    /// Bets made for this period: 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter; without one, all open bets
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// Closed bets too
    #[arg(long)]
    all: bool,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(clap::Args, Debug)]
struct Show {
    /// A bet's slug, or the beginning of its id
    bet: String,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(clap::Args, Debug)]
struct Edit {
    /// A bet's slug, or the beginning of its id
    bet: String,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::Add(args) => add::run(context, *args),
        Verb::List(args) => list(context, &args),
        Verb::Show(args) => show(context, &args),
        Verb::Edit(args) => {
            let (stored, _) = context.find_bet(&args.bet)?;
            context.edit_record(stored)
        }
        Verb::CheckIn(args) => check_in::run(context, args),
        Verb::Close(args) => close::run(context, args),
    }
}

fn list(context: &mut Context, args: &List) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let snapshot =
        context.snapshot(&at, Scope { check_ins: true, evidence: Shards::All, decisions: Shards::None })?;
    let today = context.today()?;
    let period =
        args.period.as_deref().map(|name| context.period(Some(name), &snapshot.guide)).transpose()?;
    let wanted = |bet: &&Bet| match &period {
        Some(period) => Period::parse(bet.period.raw(), &snapshot.guide.calendar, today)
            .is_ok_and(|made_for| made_for.overlaps(period)),
        None => args.all || bet.is_open(),
    };
    let mut bets: Vec<&Bet> = snapshot.bets.values().filter(wanted).collect();
    bets.sort_by_key(|bet| (bet.recorded, bet.id));
    let views: Vec<BetView> = bets.into_iter().map(|bet| BetView::new(bet, &snapshot, today)).collect();
    context
        .ui
        .answer(args.format.get(), "bets", &views, |views| view::bet::bet_list(views, &snapshot.ids))?;
    Ok(exit::DONE)
}

fn show(context: &mut Context, args: &Show) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let place = context.place(&at, &args.bet)?;
    let stored = context.read(&place)?;
    let crate::model::Record::Bet(bet) = &stored.record else {
        let kind = stored.record.kind().as_str();
        return Err(crate::error::CommandError::new(format!(
            "'{}' is a {kind}, not a {}",
            args.bet,
            Kind::Bet.as_str()
        ))
        .hint(format!("look at it with: git okr show {}", args.bet)));
    };
    let snapshot =
        context.snapshot(&at, Scope { check_ins: true, evidence: Shards::All, decisions: Shards::None })?;
    let today = context.today()?;
    context.ui.answer(args.format.get(), "bet", bet, |bet| {
        view::bet::bet(bet, &BetView::new(bet, &snapshot, today), &snapshot)
    })?;
    Ok(exit::DONE)
}
