//! `git okr remove`: take records out of the journal's present; its history keeps them.

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Bet, Kind, Objective, Record};
use crate::render::view::count;
use crate::render::{Line, Role};
use crate::store::journal::{Scope, Shards, Transaction};

/// Remove a record
///
/// The record leaves the journal's present. Its history keeps it: 'git okr log ID' shows it, and reports '--as-of' an
/// earlier date still know it. A bet is closed rather than removed, unless it was a mistake; its check-ins go with it.
/// Without its verdict a suggestion, or what was never to be suggested, can come back: 'git okr harvest --all'.
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
    let mut writes = Vec::new();
    let mut titles = Vec::new();
    for name in &args.ids {
        let stored = context.find(name)?;
        match &stored.record {
            Record::Bet(bet) => refuse_if_needed(context, bet)?,
            Record::Objective(objective) => refuse_if_served(context, objective)?,
            Record::Evidence(_)
            | Record::CheckIn(_)
            | Record::Decision(_)
            | Record::Review(_)
            // What was decided on a suggestion is forgotten: it can be suggested again.
            | Record::Verdict(_) => {}
        }
        titles.push((stored.record.kind(), stored.record.title()));
        writes.extend(context.removal(stored)?);
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

/// A bet that records speak of is closed, not removed: they would point at nothing.
pub(super) fn refuse_if_needed(context: &mut Context, bet: &Bet) -> Result<(), CommandError> {
    let at = context.journal()?.tip()?;
    let snapshot = context
        .journal()?
        .snapshot(&at, Scope { check_ins: false, evidence: Shards::All, decisions: Shards::None })?;
    let evidence = snapshot.evidence_of(bet.id).count();
    let later = snapshot
        .bets
        .values()
        .filter(|one| one.after.contains(&bet.id) || one.continues == Some(bet.id))
        .count();
    if evidence + later == 0 {
        return Ok(());
    }
    let what = match (evidence, later) {
        (_, 0) => count(evidence, "record") + " of evidence",
        (0, _) => count(later, "bet"),
        _ => format!("{} of evidence and {}", count(evidence, "record"), count(later, "bet")),
    };
    Err(CommandError::new(format!("bet '{}' cannot be removed: {what} would point at nothing", bet.slug))
        .hint(format!("close it instead: git okr bet close {} --dropped --why \"…\"", bet.slug)))
}

/// An objective that bets point at stays.
pub(super) fn refuse_if_served(context: &mut Context, objective: &Objective) -> Result<(), CommandError> {
    let at = context.journal()?.tip()?;
    let snapshot = context.journal()?.snapshot(&at, Context::BETS)?;
    let bets: Vec<_> = snapshot.bets.values().filter(|bet| bet.objectives.contains(&objective.id)).collect();
    let Some(first) = bets.first() else { return Ok(()) };
    let what = count(bets.len(), "bet");
    Err(CommandError::new(format!(
        "objective '{}' cannot be removed: {what} would point at nothing",
        objective.slug
    ))
    .hint(format!("take it out of the bet first: git okr bet edit {}", first.slug)))
}
