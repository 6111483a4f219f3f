//! Traps of the scorecard's sections: outcomes as labels, one customer, records for every dimension, output as proof.

use crate::model::{ArtifactKind, Evidence, RecordId, Text};
use crate::report::finding::{Finding, Tone};
use crate::report::questions::percent;
use crate::report::rules::Ground;
use crate::report::strength::{BEYOND_TEAM, Facts, is_proven};

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    [label(ground), one_customer(ground), stretched(ground), output(ground)].into_iter().flatten().collect()
}

/// Business relevance: bets name outcomes, and the work went elsewhere.
fn label(ground: &Ground<'_>) -> Option<Finding> {
    let passed = ground.upto.since(ground.period.start) + 1;
    let aimed: Vec<_> =
        ground.bets.iter().map(|(bet, _)| *bet).filter(|bet| !bet.outcomes.is_empty()).collect();
    let serves = |one: &Evidence| {
        aimed.iter().any(|bet| {
            one.bets.contains(&bet.id)
                || one.outcomes.iter().any(|outcome| bet.outcomes.contains(outcome))
                || one.capabilities.iter().any(|capability| bet.capabilities.contains(capability))
        })
    };
    let enough = ground.evidence.len() as f64 >= ground.limit("trap-label", "records")
        && passed as f64 >= ground.limit("trap-label", "days");
    (enough && !aimed.is_empty() && !ground.evidence.iter().any(|one| serves(one))).then(|| {
        let message = format!(
            "{} with an outcome, and none of {} records speaks for any: the outcome is a label",
            if aimed.len() == 1 { "1 bet".into() } else { format!("{} bets", aimed.len()) },
            ground.evidence.len()
        );
        Finding::new("trap-label", Tone::Warning, message, aimed.iter().map(|bet| bet.id))
    })
}

/// Leverage: everything beyond the team was for one and the same adopter.
fn one_customer(ground: &Ground<'_>) -> Option<Finding> {
    let far = |one: &&Evidence| {
        is_proven(one) && ground.guide.reach_rank(one.reach.as_ref()).is_some_and(|rank| rank >= BEYOND_TEAM)
    };
    let far: Vec<&Evidence> = ground.evidence.iter().copied().filter(far).collect();
    let named = far.iter().all(|one| one.adopters.iter().any(Text::has_letters));
    let facts = Facts::of(far.iter().copied(), ground.guide);
    let enough = facts.proven as f64 >= ground.limit("trap-one-customer", "pieces");
    (enough && named && facts.adopters == 1).then(|| {
        let message = format!(
            "{} proven pieces of work beyond the team, all for one adopter: a service, not leverage",
            facts.proven
        );
        Finding::new("trap-one-customer", Tone::Warning, message, far.iter().map(|one| one.id))
    })
}

/// Legibility: records that speak for nearly every dimension speak for none.
fn stretched(ground: &Ground<'_>) -> Option<Finding> {
    let many = ground.limit("trap-stretched", "dimensions");
    let sorted = ground.evidence.iter().filter(|one| !one.dimensions.is_empty()).count();
    let wide: Vec<RecordId> =
        ground.evidence.iter().filter(|one| one.dimensions.len() as f64 >= many).map(|one| one.id).collect();
    let enough = sorted as f64 >= ground.limit("trap-stretched", "records");
    (enough && percent(wide.len(), sorted) >= ground.limit("trap-stretched", "percent")).then(|| {
        let message = format!(
            "{} of {sorted} records name {many:.0} dimensions or more: a reader takes them for none",
            wide.len()
        );
        Finding::new("trap-stretched", Tone::Warning, message, wide)
    })
}

/// Evidence quality: commits and requests show that work was done, not that it mattered.
fn output(ground: &Ground<'_>) -> Option<Finding> {
    let proven: Vec<&Evidence> = ground.evidence.iter().copied().filter(|one| is_proven(one)).collect();
    let is_output = |one: &Evidence| {
        let made = [ArtifactKind::Commit, ArtifactKind::PullRequest, ArtifactKind::Issue];
        one.adopters.is_empty()
            && one.metrics.is_empty()
            && one.artifacts.iter().all(|artifact| made.contains(&artifact.kind))
    };
    let pieces = Facts::of(proven.iter().copied(), ground.guide).proven;
    let enough = pieces as f64 >= ground.limit("trap-output", "pieces");
    (enough && proven.iter().all(|one| is_output(one))).then(|| {
        let message = format!(
            "{pieces} pieces of work, proven by commits and requests alone: done, but did it matter?"
        );
        Finding::new("trap-output", Tone::Warning, message, proven.iter().map(|one| one.id))
    })
}
