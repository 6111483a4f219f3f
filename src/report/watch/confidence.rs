//! Confidence: status against trend, certainty at opening, and belief against outcome over the bets that ended.

use crate::model::{Bet, Outcome, Period, Status};
use crate::report::finding::{Finding, Tone};
use crate::report::rules::Ground;

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (bet, view) in ground.bets {
        let path = &view.path;
        if bet.is_open() && view.status == Some(Status::OnTrack) {
            let now = path.last().copied();
            let before =
                path.len().checked_sub(3).or(path.len().checked_sub(2)).and_then(|at| path.get(at)).copied();
            let drop = before.zip(now).map_or(0, |(before, now)| i16::from(before) - i16::from(now));
            let falling = f64::from(drop) >= ground.limit("optimism", "drop");
            let low = now.is_some_and(|now| f64::from(now) < ground.limit("optimism", "low"));
            if falling || low {
                let steps: Vec<String> =
                    path.iter().rev().take(3).rev().map(|step| format!("{step}%")).collect();
                let message =
                    format!("'{}' is on track, and its confidence went {}", bet.slug, steps.join(", "));
                findings.push(Finding::new("optimism", Tone::Warning, message, [bet.id]));
            }
        }
        if let Some(opening) = opening(ground, bet).filter(|first| {
            let lost = bet.closed.as_ref().is_some_and(|closing| closing.outcome == Outcome::Lost);
            let fell = path
                .iter()
                .any(|step| f64::from(*first) - f64::from(*step) >= ground.limit("optimism", "drop"));
            bet.continues.is_none()
                && !lost
                && !fell
                && f64::from(*first) >= ground.limit("sandbagging", "opening")
        }) {
            let message = format!("'{}' was opened at {opening}%", bet.slug);
            findings.push(Finding::new("sandbagging", Tone::Note, message, [bet.id]));
        }
    }
    findings.extend(calibration(ground, "calibration", "at opening", opening));
    findings.extend(calibration(ground, "calibration-midway", "halfway", midway));
    findings
}

/// Belief when a bet was opened. A first number that comes late in the quarter says nothing about its beginning.
fn opening(ground: &Ground<'_>, bet: &Bet) -> Option<u8> {
    let made_for = Period::parse(bet.period.raw(), &ground.guide.calendar, ground.upto).ok();
    let begun = made_for.map_or(bet.recorded.day(), |period| period.start.max(bet.recorded.day()));
    let mut known = ground.snapshot.check_ins_of(bet.id).iter().filter(|one| one.date <= ground.upto);
    let first = known.find(|one| one.confidence.is_some())?;
    let soon = first.date.since(begun) as f64 <= ground.limit("sandbagging", "days");
    first.confidence.filter(|_| soon)
}

/// Belief in the middle of its period: the newest number up to then that came after the opening.
fn midway(ground: &Ground<'_>, bet: &Bet) -> Option<u8> {
    let made_for = Period::parse(bet.period.raw(), &ground.guide.calendar, ground.upto).ok()?;
    let middle = made_for.start.plus(made_for.days() / 2);
    let mut known = ground
        .snapshot
        .check_ins_of(bet.id)
        .iter()
        .filter(|one| one.confidence.is_some() && one.date <= middle.min(ground.upto));
    let opening = known.next()?;
    known.next_back().filter(|one| one.date > opening.date)?.confidence
}

/// Belief against what came true, over every bet that was played to its end up to this period's.
fn calibration(
    ground: &Ground<'_>,
    rule: &'static str,
    when: &str,
    belief: fn(&Ground<'_>, &Bet) -> Option<u8>,
) -> Option<Finding> {
    let ended: Vec<(&Bet, u8, bool)> = ground
        .snapshot
        .bets
        .values()
        .filter_map(|bet| {
            let closing = bet.closed.as_ref().filter(|closing| closing.date <= ground.upto)?;
            let won = match closing.outcome {
                Outcome::Won => true,
                Outcome::Lost => false,
                Outcome::Dropped | Outcome::Carried => return None,
            };
            Some((bet, belief(ground, bet)?, won))
        })
        .collect();
    if (ended.len() as f64) < ground.limit(rule, "bets") {
        return None;
    }
    let count = ended.len() as f64;
    let believed = ended.iter().map(|(_, percent, _)| f64::from(*percent)).sum::<f64>() / count;
    let truth = ended.iter().filter(|(.., won)| *won).count() as f64 * 100.0 / count;
    let gap = believed - truth;
    (gap.abs() >= ground.limit(rule, "gap")).then(|| {
        let word = if gap > 0.0 { "more sure than right" } else { "less sure than right" };
        let message =
            format!("{word}: {believed:.0}% believed {when}, {truth:.0}% won, over {} bets", ended.len());
        Finding::new(rule, Tone::Note, message, ended.iter().map(|(bet, ..)| bet.id))
    })
}
