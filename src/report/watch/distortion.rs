//! Distortion: loud against shaping work by week, kinds that are silent, and evidence that remembers only the end.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::model::guide::Stream;
use crate::model::{Day, RecordId, Stance};
use crate::report::finding::{Finding, Tone};
use crate::report::questions::percent;
use crate::report::rules::Ground;
use crate::report::strength::is_ahead;

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(dated_ahead(ground));
    findings.extend(loud_weeks(ground));
    findings.extend(silent_kinds(ground));
    findings.extend(silent_dimensions(ground));
    findings.extend(recency(ground));
    findings
}

fn dated_ahead(ground: &Ground<'_>) -> Option<Finding> {
    let ahead: Vec<RecordId> = ground.evidence.iter().filter(|one| is_ahead(one)).map(|one| one.id).collect();
    (!ahead.is_empty()).then(|| {
        let n = ahead.len();
        let (noun, verb) = if n == 1 { ("record is", "proves") } else { ("records are", "prove") };
        let message = format!("{n} {noun} dated after the day of writing, and {verb} nothing yet");
        Finding::new("dated-ahead", Tone::Warning, message, ahead)
    })
}

fn loud_weeks(ground: &Ground<'_>) -> Option<Finding> {
    let mut weeks: BTreeMap<(i32, u32), (Vec<RecordId>, usize)> = BTreeMap::new();
    for one in ground.evidence {
        let week = one.happened.0.iso_week();
        let entry = weeks.entry((week.year(), week.week())).or_default();
        match ground.guide.stream(one.kind.as_ref()) {
            _ if one.stance == Some(Stance::Shape) => entry.1 += 1,
            Some(Stream::Shaping) => entry.1 += 1,
            Some(Stream::Loud) => entry.0.push(one.id),
            None => {}
        }
    }
    let loud: Vec<&Vec<RecordId>> = weeks
        .values()
        .filter(|(loud, shaping)| *shaping == 0 && loud.len() as f64 >= ground.limit("loud-weeks", "records"))
        .map(|(loud, _)| loud)
        .collect();
    (loud.len() as f64 >= ground.limit("loud-weeks", "weeks")).then(|| {
        let message = format!(
            "{} weeks were loud and have no shaping record: what was decided, ordered or taught then?",
            loud.len()
        );
        Finding::new("loud-weeks", Tone::Warning, message, loud.into_iter().flatten().copied())
    })
}

/// Shaping kinds without a record for weeks, once the period is old enough to tell.
fn silent_kinds(ground: &Ground<'_>) -> Option<Finding> {
    let limit = ground.limit("kind-silent", "weeks");
    let weeks = |from: Day| ground.upto.since(from) as f64 / 7.0;
    if ground.evidence.is_empty() || weeks(ground.period.start) < limit {
        return None;
    }
    let newest = |kind: &crate::model::Slug| {
        ground.evidence.iter().filter(|one| one.kind.as_ref() == Some(kind)).map(|one| one.happened).max()
    };
    let silent: Vec<&str> = ground
        .guide
        .evidence_kinds
        .iter()
        .filter(|kind| kind.stream == Stream::Shaping)
        .filter(|kind| weeks(newest(&kind.id).unwrap_or(ground.period.start)) >= limit)
        .map(|kind| kind.id.as_str())
        .collect();
    (!silent.is_empty()).then(|| {
        let message = format!("no record of kind {} for {limit:.0} weeks or more", silent.join(", "));
        // One shaping kind that speaks is a reminder of the others; when none does, only the loud half is written down.
        let all = silent.len()
            == ground.guide.evidence_kinds.iter().filter(|kind| kind.stream == Stream::Shaping).count();
        Finding::new("kind-silent", if all { Tone::Warning } else { Tone::Note }, message, [])
    })
}

/// Dimensions that had evidence and fell silent. One without any is told by the rubric.
fn silent_dimensions(ground: &Ground<'_>) -> Option<Finding> {
    let limit = ground.limit("dimension-silent", "weeks");
    let fallen: Vec<(&str, Day, RecordId)> = ground
        .guide
        .dimensions
        .iter()
        .filter_map(|dimension| {
            let of = ground.evidence.iter().filter(|one| one.dimensions.contains(&dimension.id));
            let newest = of.max_by_key(|one| (one.happened, one.id))?;
            let weeks = ground.upto.since(newest.happened) as f64 / 7.0;
            (weeks >= limit).then_some((dimension.id.as_str(), newest.happened, newest.id))
        })
        .collect();
    (!fallen.is_empty()).then(|| {
        let named: Vec<String> = fallen.iter().map(|(id, day, _)| format!("{id} since {day}")).collect();
        let message = format!("silent for {limit:.0} weeks or more: {}", named.join(", "));
        Finding::new("dimension-silent", Tone::Warning, message, fallen.iter().map(|(.., id)| *id))
    })
}

fn recency(ground: &Ground<'_>) -> Option<Finding> {
    let all = ground.evidence.len();
    // While the period runs, its last third is the last third of what has passed.
    let passed = ground.upto.since(ground.period.start) + 1;
    if passed < 45 || (all as f64) < ground.limit("recency", "records") {
        return None;
    }
    let from = ground.upto.plus(-passed / 3);
    let late: Vec<RecordId> =
        ground.evidence.iter().filter(|one| one.happened > from).map(|one| one.id).collect();
    (percent(late.len(), all) >= ground.limit("recency", "percent")).then(|| {
        let message = format!("{} of {all} records lie after {from}, in the last third", late.len());
        Finding::new("recency", Tone::Warning, message, late)
    })
}
