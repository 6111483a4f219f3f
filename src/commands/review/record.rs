//! From answers to one commit: the review, check-ins, and the end of bets that are carried or dropped.

use super::tell;
use crate::context::Context;
use crate::context::compose::draft_error;
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome};
use crate::format::draft::{Desk, ReviewDraft, Reviewed};
use crate::model::review::Verb;
use crate::model::{Bet, CheckIn, Closing, Record, RecordId, Review, Snapshot};
use crate::model::{Outcome as Ending, Status, Text};
use crate::report::review::{Agenda, AgendaBet, of};
use crate::store::journal::{Transaction, Write};

/// Records the answers. `kept` is where they lie until the commit is on disk.
pub(super) fn record(
    context: &mut Context,
    agenda: &Agenda,
    snapshot: &Snapshot,
    draft: ReviewDraft,
    kept: Draft,
) -> Outcome {
    if draft.is_empty() {
        return Err(CommandError::usage("nothing was answered, so nothing is recorded")
            .hint("see what is asked: git okr review --list"));
    }
    let bench = context.workbench()?;
    let earlier = of(snapshot, &agenda.period);
    let decided: Vec<String> = draft
        .bet
        .iter()
        .filter(|(_, said)| !said.decision.trim().is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    let finished = bench
        .with(|desk| {
            // Only what the agenda asks about is answered: a carried bet shares its name with the one that goes on.
            let find = |name: &str| asked(agenda, name);
            draft.finish(&Desk { find_bet: &find, ..*desk }, &agenda.period, earlier)
        })
        .map_err(draft_error)?;
    let Reviewed { review, check_ins } = finished;
    let mut writes = Vec::new();
    for (bet, status, confidence, note) in check_ins {
        let check_in = check_in(context, snapshot, bet, status, confidence, note)?;
        writes.push(Write::Create(Record::CheckIn(check_in)));
    }
    let mut modified = Vec::new();
    for name in decided {
        let id = asked(agenda, &name).map_err(CommandError::new)?;
        let (stored, bet) = context.find_bet(id.as_str())?;
        let Some(course) = review.bet.get(&bet.id) else { continue };
        if let Some(closing) = &bet.closed {
            let message =
                format!("bet '{}' was closed as {} on {}", bet.slug, closing.outcome.as_str(), closing.date);
            return Err(CommandError::new(message)
                .hint("begin again: git okr review; what was answered on other items is kept"));
        }
        match course.decision {
            Verb::Keep => {}
            Verb::Modify => modified.push(bet.slug.to_string()),
            Verb::Drop => writes.push(Write::Replace(
                Box::new(stored),
                Record::Bet(closed(&bet, Ending::Dropped, &course.why, None, &review)),
            )),
            Verb::Carry => {
                let next = bet.continued(context.new_id()?, agenda.next.raw(), context.now()?);
                let ended = closed(&bet, Ending::Carried, &course.why, Some(agenda.next.clone()), &review);
                writes.push(Write::Replace(Box::new(stored), Record::Bet(ended)));
                writes.push(Write::Create(Record::Bet(next)));
            }
        }
    }
    let first = match earlier {
        None => Write::Create(Record::Review(review.clone())),
        Some(earlier) => {
            let stored = context.find(earlier.id.as_str())?;
            Write::Replace(Box::new(stored), Record::Review(review.clone()))
        }
    };
    writes.insert(0, first);
    context.commit_draft(Transaction::new("review", writes), kept)?;
    tell(context, agenda, &review, &modified)
}

/// The bet of the agenda that a name or the beginning of an id means.
fn asked(agenda: &Agenda, name: &str) -> Result<RecordId, String> {
    let is = |one: &&AgendaBet| one.bet.slug.as_str() == name || one.bet.id.is_named(name);
    match agenda.bets.iter().filter(is).collect::<Vec<_>>().as_slice() {
        [one] => Ok(one.bet.id),
        [] => Err(format!(
            "no open bet '{}' in the review of {}",
            Text::from(name).visible(),
            agenda.period.name
        )),
        _ => Err(format!("several open bets are called '{}': write the id", Text::from(name).visible())),
    }
}

fn check_in(
    context: &Context,
    snapshot: &Snapshot,
    bet: RecordId,
    status: Option<Status>,
    confidence: Option<u8>,
    note: Text,
) -> Result<CheckIn, CommandError> {
    let before = snapshot.latest_check_in(bet, None).map(|one| one.status);
    let status = status.or(before).ok_or_else(|| {
        let slug = snapshot.bets.get(&bet).map_or_else(|| bet.to_string(), |bet| bet.slug.to_string());
        CommandError::usage(format!("the first check-in of bet '{slug}' says its status"))
            .hint(format!("[bet.{slug}]\nstatus = \"on-track\""))
    })?;
    Ok(CheckIn {
        id: context.new_id()?,
        bet,
        date: context.today()?,
        status,
        confidence,
        note,
        recorded: context.now()?,
        readings: Vec::new(),
        conflicts: Vec::new(),
    })
}

fn closed(bet: &Bet, outcome: Ending, why: &Text, carried_to: Option<Text>, review: &Review) -> Bet {
    let closing = Closing { outcome, date: review.date, why: why.clone(), carried_to };
    Bet { closed: Some(closing), ..bet.clone() }
}
