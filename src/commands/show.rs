//! `git okr show`: one record of any kind, in full.

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::Record;
use crate::render::view;
use crate::report::BetView;
use crate::store::journal::{Scope, Shards};

/// Show one record
///
/// Records are named by the beginning of their id, as far as it is unique; bets also by their slug.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The beginning of an id, or a bet's slug
    id: String,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let place = context.place(&at, &args.id)?;
    let stored = context.read(&place)?;
    let evidence = if matches!(stored.record, Record::Bet(_)) { Shards::All } else { Shards::None };
    let snapshot =
        context.journal()?.snapshot(&at, Scope { check_ins: true, evidence, decisions: Shards::None })?;
    let today = context.today()?;
    context.ui.answer(args.format.get(), stored.record.kind().as_str(), &stored.record, |record| {
        let doc = match record {
            Record::Bet(bet) => view::bet::bet(bet, &BetView::new(bet, &snapshot, today), &snapshot),
            Record::CheckIn(one) => view::record::check_in(one, &snapshot),
            Record::Evidence(one) => view::record::evidence(one, &snapshot),
            Record::Verdict(one) => view::record::verdict(one, &snapshot.ids),
            Record::Objective(one) => view::aim::objective(one, &snapshot),
            Record::Decision(one) => view::aim::decision(one, &snapshot),
            Record::Review(one) => view::record::review(one, &snapshot),
        };
        doc.append(view::conflict::of_record(record.conflicts(), &args.id))
    })?;
    Ok(exit::DONE)
}
