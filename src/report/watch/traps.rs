//! Traps: the pattern that a dimension's trap leaves in the records, and one dimension that crowds out the rest.

use super::section_traps;
use crate::model::guide::{Stream, TrapPattern};
use crate::model::{Evidence, Stance};
use crate::report::finding::{Finding, Tone};
use crate::report::questions::percent;
use crate::report::rules::Ground;
use crate::report::strength::{BEYOND_TEAM, Facts, is_proven};

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = ground
        .guide
        .dimensions
        .iter()
        .filter_map(|dimension| {
            let shown: Vec<&Evidence> = ground
                .evidence
                .iter()
                .copied()
                .filter(|one| one.dimensions.contains(&dimension.id))
                .collect();
            let (rule, what) = caught(ground, dimension.trap_when?, &shown)?;
            let message = format!("{}: {what}. The trap: {}", dimension.name.raw(), dimension.trap.raw());
            Some(Finding::new(rule, Tone::Warning, message, shown.iter().map(|one| one.id)))
        })
        .collect();
    findings.extend(crowded(ground));
    findings.extend(section_traps::findings(ground));
    findings
}

/// The rule and the pattern in words, when a dimension's records look like its trap.
fn caught(ground: &Ground<'_>, pattern: TrapPattern, shown: &[&Evidence]) -> Option<(&'static str, String)> {
    let facts = Facts::of(shown.iter().copied(), ground.guide);
    let rank = |one: &&&Evidence| ground.guide.reach_rank(one.reach.as_ref());
    // Records that do not say how far they reached are no proof that they stayed at home.
    let all_say = |of: &[&Evidence]| !of.is_empty() && of.iter().all(|one| rank(&one).is_some());
    let left = shown.iter().any(|one| rank(&one).is_some_and(|rank| rank >= BEYOND_TEAM));
    let at_least = |n: usize, rule: &str, name: &str| n as f64 >= ground.limit(rule, name);
    match pattern {
        TrapPattern::WithinTeam => {
            let proven: Vec<&Evidence> = shown.iter().copied().filter(|one| is_proven(one)).collect();
            (at_least(facts.proven, "trap-local", "pieces") && !left && all_say(&proven)).then(|| {
                ("trap-local", format!("{} proven pieces of work, none beyond the team", facts.proven))
            })
        }
        TrapPattern::OwnArea => {
            (at_least(shown.len(), "trap-own-area", "records") && !left && all_say(shown))
                .then(|| ("trap-own-area", format!("{} records, all within the team", shown.len())))
        }
        TrapPattern::Novelty => {
            (at_least(shown.len(), "trap-novelty", "records") && facts.adopters == 0 && facts.numbers == 0)
                .then(|| {
                    (
                        "trap-novelty",
                        format!("{} records, no adopter and no number before and after", shown.len()),
                    )
                })
        }
        TrapPattern::Helpful => {
            let supporting = shown.iter().filter(|one| one.stance == Some(Stance::Support)).count();
            let decided = shown.iter().any(|one| {
                one.stance == Some(Stance::Shape)
                    || !one.claims.is_empty()
                    || ground.guide.stream(one.kind.as_ref()) == Some(Stream::Shaping) && is_proven(one)
            });
            let nothing_lasting = facts.adopters == 0 && facts.numbers == 0 && !decided;
            (at_least(supporting, "trap-helpful", "records") && nothing_lasting).then(|| {
                (
                    "trap-helpful",
                    format!("{supporting} records of support, no decision, adopter or number among them"),
                )
            })
        }
    }
}

/// One dimension that holds nearly all the proof.
fn crowded(ground: &Ground<'_>) -> Option<Finding> {
    let all = Facts::of(ground.evidence.iter().copied(), ground.guide).proven;
    if ground.guide.dimensions.len() < 2 || (all as f64) < ground.limit("trap-crowded", "pieces") {
        return None;
    }
    ground.guide.dimensions.iter().find_map(|dimension| {
        let of: Vec<&Evidence> =
            ground.evidence.iter().copied().filter(|one| one.dimensions.contains(&dimension.id)).collect();
        let proven = Facts::of(of.iter().copied(), ground.guide).proven;
        (percent(proven, all) >= ground.limit("trap-crowded", "percent")).then(|| {
            let message =
                format!("{proven} of {all} proven pieces of work speak for {}", dimension.name.raw());
            Finding::new("trap-crowded", Tone::Warning, message, of.iter().map(|one| one.id))
        })
    })
}
