//! The shape of a quarter's bets: kinds, number, concentration, what others wait for, what is carried in silence.

use crate::model::{Bet, Period, Slug, Status};
use crate::report::drift::{fullest_kind, silent_kinds};
use crate::report::finding::{Finding, Tone};
use crate::report::questions::percent;
use crate::report::rules::Ground;

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(missing_kinds(ground));
    findings.extend(drift(ground));
    findings.extend(too_many(ground));
    findings.extend(concentrated(ground));
    findings.extend(bottlenecks(ground));
    findings.extend(carried_silently(ground));
    findings
}

/// Kinds of the guide that no bet has. Nothing is missing while there is no bet at all: that is said elsewhere.
fn missing_kinds(ground: &Ground<'_>) -> Option<Finding> {
    if ground.bets.is_empty() || ground.period.days() > 100 {
        return None;
    }
    // What has been missing for quarters is told with its duration.
    let silent = silent_kinds(ground, ground.limit("shape-drift", "quarters"));
    let has = |kind: &Slug| {
        silent.contains(&kind) || ground.bets.iter().any(|(bet, _)| bet.kind.as_ref() == Some(kind))
    };
    let missing: Vec<&str> =
        ground.guide.bet_kinds.iter().filter(|kind| !has(&kind.id)).map(|kind| kind.id.as_str()).collect();
    (!missing.is_empty()).then(|| {
        let message = format!("no bet of kind {}", missing.join(", "));
        Finding::new("shape-missing-kind", Tone::Note, message, ground.bets.iter().map(|(bet, _)| bet.id))
    })
}

/// A kind that was forgotten for quarters, and one that crowds out the others.
fn drift(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let quarters = ground.limit("shape-drift", "quarters");
    let silent = silent_kinds(ground, quarters);
    if !silent.is_empty() {
        let kinds: Vec<&str> = silent.iter().map(|id| id.as_str()).collect();
        let message = format!("no bet of kind {} for {quarters:.0} quarters", kinds.join(", "));
        let records = ground.bets.iter().map(|(bet, _)| bet.id);
        findings.push(Finding::new("shape-drift", Tone::Warning, message, records));
    }
    if let Some((kind, bets, all)) = fullest_kind(ground)
        && all as f64 >= ground.limit("shape-drift", "bets")
        && percent(bets.len(), all) > ground.limit("shape-drift", "percent")
    {
        let message = format!("{} of {all} bets over the last quarters are of kind {kind}", bets.len());
        findings.push(Finding::new("shape-drift", Tone::Note, message, bets));
    }
    findings
}

fn too_many(ground: &Ground<'_>) -> Option<Finding> {
    let count = ground.bets.len();
    (ground.period.days() <= 100 && count as f64 > ground.limit("shape-too-many", "bets")).then(|| {
        let message = format!("{count} bets for one quarter");
        Finding::new("shape-too-many", Tone::Warning, message, ground.bets.iter().map(|(bet, _)| bet.id))
    })
}

fn concentrated(ground: &Ground<'_>) -> Option<Finding> {
    let spoken = ground.evidence.iter().filter(|one| !one.bets.is_empty()).count();
    if ground.bets.len() < 2 || (spoken as f64) < ground.limit("shape-concentrated", "records") {
        return None;
    }
    ground.bets.iter().find_map(|(bet, _)| {
        let of: Vec<_> = ground.evidence.iter().filter(|one| one.bets.contains(&bet.id)).collect();
        (percent(of.len(), spoken) >= ground.limit("shape-concentrated", "percent")).then(|| {
            let message = format!("{} of {spoken} records of bets speak for '{}'", of.len(), bet.slug);
            Finding::new("shape-concentrated", Tone::Warning, message, of.iter().map(|one| one.id))
        })
    })
}

fn bottlenecks(ground: &Ground<'_>) -> Vec<Finding> {
    let troubled = |status: Option<Status>| matches!(status, Some(Status::AtRisk | Status::OffTrack));
    ground
        .bets
        .iter()
        .filter(|(bet, view)| bet.is_open() && troubled(view.status))
        .filter_map(|(bet, view)| {
            let waiting: Vec<&Bet> = ground
                .snapshot
                .bets
                .values()
                .filter(|other| other.is_open() && other.after.contains(&bet.id))
                .collect();
            (waiting.len() as f64 >= ground.limit("shape-bottleneck", "waiting")).then(|| {
                let status = view.status.map_or("without a status", Status::as_str);
                let message = format!("{} bets wait for '{}', which is {status}", waiting.len(), bet.slug);
                Finding::new(
                    "shape-bottleneck",
                    Tone::Warning,
                    message,
                    waiting.iter().map(|bet| bet.id).chain([bet.id]),
                )
            })
        })
        .collect()
}

/// Open bets of a quarter that ended before this period began, once there was time to say a word on them. A period
/// that has not begun yet accuses nobody.
fn carried_silently(ground: &Ground<'_>) -> Vec<Finding> {
    let patience = ground.limit("carried-silently", "days");
    ground
        .snapshot
        .bets
        .values()
        .filter(|bet| bet.is_open())
        .filter(|bet| {
            Period::parse(bet.period.raw(), &ground.guide.calendar, ground.upto).is_ok_and(|made_for| {
                made_for.end < ground.period.start && ground.upto.since(made_for.end) as f64 > patience
            })
        })
        .map(|bet| {
            let message = format!("bet '{}' of {} is still open", bet.slug, bet.period.raw());
            Finding::new("carried-silently", Tone::Warning, message, [bet.id])
        })
        .collect()
}
