//! Decisions: how past yes-answers turned out, and what was put off and is due.

use crate::model::decision::Ruling;
use crate::model::{Bet, Day, Decision, Outcome, Period, RecordId};
use crate::report::finding::{Finding, Tone};
use crate::report::rules::Ground;
use crate::report::strength::folded;

/// Titles quoted in one finding, at most.
const QUOTED: usize = 3;

/// The first day whose decisions a report of a period looks at: that of the third quarter before its last.
pub(crate) fn since(period: &Period, calendar: &crate::model::guide::Calendar) -> Day {
    let last = Period::quarter_of(period.end, calendar);
    let first = (0..3).fold(last, |quarter, _| quarter.previous(calendar));
    first.start.min(period.start)
}

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let known = |one: &&Decision| one.date <= ground.upto;
    let mut decisions: Vec<&Decision> = ground.snapshot.decisions.iter().filter(known).collect();
    decisions.sort_by_key(|one| (one.date, one.id));
    let taken: Vec<&Decision> = decisions.iter().copied().filter(|one| one.verdict == Ruling::Take).collect();
    let followed: Vec<(&Decision, &Bet)> =
        taken.iter().filter_map(|one| Some((*one, followed(ground, one)?))).collect();
    let mut findings = Vec::new();
    findings.extend(won(ground, &followed));
    findings.extend(lost(ground, &followed));
    findings.extend(unproven(ground, &followed));
    findings.extend(without_bet(ground, &taken));
    findings.extend(due(ground, &decisions));
    findings
}

/// The bet that a decision led to, through the quarters that it was carried over.
fn followed<'g>(ground: &'g Ground<'_>, decision: &Decision) -> Option<&'g Bet> {
    let bets = &ground.snapshot.bets;
    let mut bet = match decision.bet {
        Some(id) => bets.get(&id)?,
        None => named_alike(ground, decision)?,
    };
    // A chain is at most as long as there are bets, even where records were edited into a ring.
    for _ in 0..bets.len() {
        let Some(next) = bets.values().find(|next| next.continues == Some(bet.id)) else { break };
        bet = next;
    }
    Some(bet)
}

/// A bet with the title of a candidate: it was opened from it by hand.
fn named_alike<'g>(ground: &'g Ground<'_>, decision: &Decision) -> Option<&'g Bet> {
    let title = folded(decision.title.raw());
    let mut alike = ground.snapshot.bets.values().filter(|bet| {
        bet.continues.is_none() && (folded(bet.title.raw()) == title || folded(bet.slug.as_str()) == title)
    });
    alike.next()
}

/// How a bet ended, as far as the report can know; a bet that goes on elsewhere has not.
fn ended(ground: &Ground<'_>, bet: &Bet) -> Option<(Outcome, Day)> {
    let closing = bet.closed.as_ref().filter(|closing| closing.date <= ground.upto)?;
    (closing.outcome != Outcome::Carried).then_some((closing.outcome, closing.date))
}

fn won(ground: &Ground<'_>, followed: &[(&Decision, &Bet)]) -> Option<Finding> {
    let over: Vec<(RecordId, Outcome)> =
        followed.iter().filter_map(|(one, bet)| Some((one.id, ended(ground, bet)?.0))).collect();
    (over.len() as f64 >= ground.limit("decisions-won", "candidates")).then(|| {
        let won = over.iter().filter(|(_, outcome)| *outcome == Outcome::Won).count();
        let verb = if won == 1 { "was" } else { "were" };
        let message =
            format!("{won} of {} taken candidates {verb} won, over the last four quarters", over.len());
        Finding::new("decisions-won", Tone::Note, message, over.iter().map(|(id, _)| *id))
    })
}

/// Told once, in the period in which the bet ended.
fn lost(ground: &Ground<'_>, followed: &[(&Decision, &Bet)]) -> Option<Finding> {
    let lost: Vec<&(&Decision, &Bet)> = followed
        .iter()
        .filter(|(_, bet)| {
            ended(ground, bet).is_some_and(|(how, day)| how != Outcome::Won && ground.period.contains(day))
        })
        .collect();
    (!lost.is_empty()).then(|| {
        let bets: Vec<String> = lost
            .iter()
            .filter_map(|(_, bet)| Some(format!("'{}' {}", bet.slug, ended(ground, bet)?.0.as_str())))
            .collect();
        let message = format!("taken, and {}: what had the filter said?", quoted(&bets));
        let records = lost.iter().flat_map(|(one, bet)| [one.id, bet.id]);
        Finding::new("taken-lost", Tone::Note, message, records)
    })
}

fn unproven(ground: &Ground<'_>, followed: &[(&Decision, &Bet)]) -> Option<Finding> {
    let gates = || ground.guide.gates.iter().map(|gate| &gate.id);
    let waiting: Vec<&(&Decision, &Bet)> = followed
        .iter()
        .filter(|(one, bet)| bet.is_open() && is_old(ground, one, "taken-unproven"))
        .filter(|(_, bet)| !bet.unanswered(gates()).is_empty())
        .collect();
    (!waiting.is_empty()).then(|| {
        let bets: Vec<String> = waiting.iter().map(|(_, bet)| format!("'{}'", bet.slug)).collect();
        let message = format!("taken long ago and still unproven: {}", quoted(&bets));
        let records = waiting.iter().flat_map(|(one, bet)| [one.id, bet.id]);
        Finding::new("taken-unproven", Tone::Warning, message, records)
    })
}

fn without_bet(ground: &Ground<'_>, taken: &[&Decision]) -> Option<Finding> {
    let idle: Vec<&&Decision> = taken
        .iter()
        .filter(|one| one.bet.is_none() && is_old(ground, one, "taken-without-bet"))
        .filter(|one| named_alike(ground, one).is_none())
        .collect();
    (!idle.is_empty()).then(|| {
        let titles: Vec<String> = idle.iter().map(|one| format!("'{}'", one.title.raw())).collect();
        let message = format!("taken, and never a bet: {}", quoted(&titles));
        Finding::new("taken-without-bet", Tone::Gap, message, idle.iter().map(|one| one.id))
    })
}

/// What was put off to a day or a quarter that has come, unless it was decided on again or is a bet by now.
fn due(ground: &Ground<'_>, decisions: &[&Decision]) -> Option<Finding> {
    let has_come = |one: &Decision| {
        let until = one.until.as_ref()?.raw().trim();
        let day = Day::parse(until).map(|day| day.plus(1));
        let quarter = || Period::parse(until, &ground.guide.calendar, one.date).ok();
        let from = day.or_else(|| quarter().map(|quarter| quarter.start))?;
        (ground.upto >= from).then_some(())
    };
    let again = |one: &Decision| {
        let title = folded(one.title.raw());
        decisions.iter().any(|other| {
            (other.date, other.recorded, other.id) > (one.date, one.recorded, one.id)
                && folded(other.title.raw()) == title
        })
    };
    let due: Vec<&&Decision> = decisions
        .iter()
        .filter(|one| one.verdict == Ruling::Later && has_come(one).is_some())
        .filter(|one| !again(one) && named_alike(ground, one).is_none())
        .collect();
    (!due.is_empty()).then(|| {
        let until = |one: &Decision| one.until.as_ref().map_or("", |until| until.raw()).to_owned();
        let titles: Vec<String> =
            due.iter().map(|one| format!("'{}' ({})", one.title.raw(), until(one))).collect();
        let message = format!("put off until a day that has come: {}", quoted(&titles));
        Finding::new("later-due", Tone::Warning, message, due.iter().map(|one| one.id))
    })
}

fn is_old(ground: &Ground<'_>, decision: &Decision, rule: &str) -> bool {
    ground.upto.since(decision.date) as f64 > ground.limit(rule, "days")
}

/// The first few, and how many more there are.
fn quoted(names: &[String]) -> String {
    let shown = names.iter().take(QUOTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(QUOTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
