//! Legibility: what an outside reader would stumble over, one finding a complaint.

use std::collections::BTreeMap;

use crate::model::RecordId;
use crate::report::finding::{Finding, Tone};
use crate::report::legibility::{Complaint, Reader};
use crate::report::rules::Ground;
use crate::report::strength::is_proven;

/// Words quoted in one finding, at most.
const QUOTED: usize = 5;

#[derive(Default)]
struct Heard {
    records: Vec<RecordId>,
    words: Vec<String>,
}

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    let reader = Reader::new(ground.guide);
    let mut heard: BTreeMap<&'static str, Heard> = BTreeMap::new();
    // Captures that nobody sorted yet are told by another rule.
    for one in ground.evidence.iter().filter(|one| !one.is_untriaged()) {
        for complaint in reader.complaints(one) {
            // What has no proof at all is told by the question on artifacts.
            if complaint == Complaint::NothingToOpen && !is_proven(one) {
                continue;
            }
            let entry = heard.entry(complaint.rule()).or_default();
            entry.records.push(one.id);
            if let Complaint::Acronyms(words) = complaint {
                entry.words.extend(words);
            }
        }
    }
    // Where nobody is named at all, the question on shared gain has said so.
    if ground.evidence.iter().all(|one| one.adopters.is_empty()) {
        heard.remove(Complaint::NoAdopter.rule());
    }
    heard
        .into_iter()
        .filter(|(rule, heard)| heard.records.len() as f64 >= ground.limit(rule, "records"))
        .map(|(rule, heard)| Finding::new(rule, Tone::Note, message(rule, &heard), heard.records))
        .collect()
}

fn message(rule: &str, heard: &Heard) -> String {
    let n = heard.records.len();
    let (records, verb) = if n == 1 { ("record", "s") } else { ("records", "") };
    match rule {
        "legible-context" => format!("{n} {records} name{verb} code alone, and nobody for whom it matters"),
        "legible-artifact" => {
            format!("{n} {records} measure{verb} something, and nowhere could it be looked up")
        }
        "legible-adopter" => {
            format!(
                "{n} {records} reach{} beyond the team and name{verb} nobody who took it up",
                if n == 1 { "es" } else { "" }
            )
        }
        "legible-role" => format!("{n} {records} say{verb} 'we', and not what your part was"),
        "legible-acronym" => {
            let mut words = heard.words.clone();
            words.sort_unstable();
            words.dedup();
            words.truncate(QUOTED);
            format!("{n} {records} use{verb} what an outside reader may not know: {}", words.join(", "))
        }
        _ => format!("{n} {records} of loud work without any number"),
    }
}
