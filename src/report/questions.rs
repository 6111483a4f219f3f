//! The scorecard's questions, each answered by the rules that serve it.

use super::finding::{Finding, Reading, Tone};
use super::lag::Lag;
use super::rules::Ground;
use super::strength::{BEYOND_TEAM, Facts, Strength, is_proven};
use crate::model::guide::Stream;
use crate::model::{Evidence, Stance};

pub(super) fn outcomes(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    let mut findings = Vec::new();
    let (aimed, blind): (Vec<_>, Vec<_>) = ground
        .bets
        .iter()
        .map(|(bet, _)| *bet)
        .partition(|bet| !bet.outcomes.is_empty() || !bet.capabilities.is_empty());
    if ground.bets.is_empty() {
        findings.push(Finding::new("bets-name-outcomes", Tone::Gap, "no bet was made for this period", []));
    }
    if !aimed.is_empty() {
        let message = format!(
            "{} of {} {} the outcome or capability served",
            aimed.len(),
            count(ground.bets.len(), "bet"),
            if aimed.len() == 1 { "names" } else { "name" }
        );
        findings.push(Finding::new(
            "bets-name-outcomes",
            Tone::Good,
            message,
            aimed.iter().map(|bet| bet.id),
        ));
    }
    if !blind.is_empty() {
        let message = match blind.len() {
            1 => "1 bet names none".to_owned(),
            n => format!("{n} bets name none"),
        };
        findings.push(Finding::new(
            "bets-name-outcomes",
            Tone::Warning,
            message,
            blind.iter().map(|bet| bet.id),
        ));
    }
    let (aimed_evidence, beside): (Vec<&Evidence>, Vec<&Evidence>) = ground
        .evidence
        .iter()
        .partition(|one| !one.bets.is_empty() || !one.outcomes.is_empty() || !one.capabilities.is_empty());
    if !beside.is_empty() {
        let message = format!(
            "{} of {} {} no bet, outcome or capability",
            beside.len(),
            records(ground.evidence.len()),
            if beside.len() == 1 { "serves" } else { "serve" }
        );
        findings.push(Finding::new("evidence-aims", Tone::Note, message, beside.iter().map(|one| one.id)));
    }
    let reading = match (aimed.is_empty(), blind.is_empty(), aimed_evidence.is_empty()) {
        _ if ground.bets.is_empty() && ground.evidence.is_empty() => Reading::Nothing,
        (true, ..) => Reading::Weak,
        (false, true, false)
            if percent(aimed_evidence.len(), ground.evidence.len())
                >= ground.limit("evidence-aims", "aimed_percent") =>
        {
            Reading::Strong
        }
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn gates(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.guide.gates.is_empty() || ground.bets.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let (proven, unproven): (Vec<_>, Vec<_>) =
        ground.bets.iter().partition(|(_, view)| view.unanswered.is_empty());
    let mut findings = Vec::new();
    if !proven.is_empty() {
        let message = format!(
            "{} of {} with an answer to every gate question",
            proven.len(),
            count(ground.bets.len(), "bet")
        );
        findings.push(Finding::new(
            "gate-answered",
            Tone::Good,
            message,
            proven.iter().map(|(bet, _)| bet.id),
        ));
    }
    for (bet, view) in &unproven {
        let open: Vec<_> = view.unanswered.iter().map(|gate| gate.as_str()).collect();
        let message = format!("bet '{}' is unproven: no answer to {}", bet.slug, open.join(", "));
        findings.push(Finding::new("gate-answered", Tone::Warning, message, [bet.id]));
    }
    let reading = match (proven.len(), unproven.len()) {
        (_, 0) => Reading::Strong,
        (0, _) => Reading::Weak,
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn leverage(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let facts = Facts::of(ground.evidence.iter().copied(), ground.guide);
    let far: Vec<&Evidence> = beyond_team(ground).filter(|one| is_proven(one)).collect();
    let adopters: Vec<_> =
        ground.evidence.iter().filter(|one| !one.adopters.is_empty()).map(|one| one.id).collect();
    let mut findings = Vec::new();
    if far.is_empty() {
        let message = "nothing proven reached beyond the team";
        findings.push(Finding::new("reach-and-adopters", Tone::Gap, message, []));
    } else {
        let message = format!("{} reached beyond the team", proven_work(facts.beyond_team));
        findings.push(Finding::new("reach-and-adopters", Tone::Good, message, far.iter().map(|one| one.id)));
    }
    match facts.adopters {
        0 => findings.push(Finding::new(
            "reach-and-adopters",
            Tone::Gap,
            "nobody is named who took anything up",
            [],
        )),
        n => findings.push(Finding::new(
            "reach-and-adopters",
            Tone::Good,
            format!("{} named", count(n, "distinct adopter")),
            adopters,
        )),
    }
    let reading = match (facts.beyond_team, facts.adopters) {
        _ if facts.proven == 0 => Reading::TooLittle,
        (0, _) => Reading::Weak,
        (far, adopters)
            if far as f64 >= ground.limit("reach-and-adopters", "strong_pieces")
                && adopters as f64 >= ground.limit("reach-and-adopters", "strong_adopters") =>
        {
            Reading::Strong
        }
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn direction(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let is_shaping = |one: &&Evidence| {
        ground.guide.stream(one.kind.as_ref()) == Some(Stream::Shaping) || one.stance == Some(Stance::Shape)
    };
    let shaping: Vec<&Evidence> = ground.evidence.iter().copied().filter(is_shaping).collect();
    let far: Vec<&Evidence> = beyond_team(ground).filter(is_shaping).collect();
    let is_loud =
        |one: &&Evidence| ground.guide.stream(one.kind.as_ref()) == Some(Stream::Loud) && !is_shaping(one);
    let loud = ground.evidence.iter().copied().filter(is_loud).count();
    let mut findings = Vec::new();
    if shaping.is_empty() {
        let message = format!("{} of loud work and none of shaping", records(loud));
        findings.push(Finding::new("shaping-beyond-team", Tone::Gap, message, []));
    } else {
        let message = format!("{} of shaping work beside {loud} of loud work", records(shaping.len()));
        findings.push(Finding::new(
            "shaping-beyond-team",
            Tone::Note,
            message,
            shaping.iter().map(|one| one.id),
        ));
    }
    if !far.is_empty() {
        let message = format!("{} of them reached beyond the team", far.len());
        findings.push(Finding::new("shaping-beyond-team", Tone::Good, message, far.iter().map(|one| one.id)));
    }
    let proven = Facts::of(far.iter().copied(), ground.guide).proven;
    let reading = match (far.len(), proven) {
        (0, _) => Reading::Weak,
        (_, 0) => Reading::TooLittle,
        (_, 2..) => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn coverage(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.dimensions.is_empty() || ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let named = |keep: fn(Strength) -> bool| -> Vec<&str> {
        ground.dimensions.iter().filter(|(_, strength)| keep(*strength)).map(|(id, _)| id.as_str()).collect()
    };
    let carried = named(|strength| strength >= Strength::Solid);
    let open = named(|strength| strength <= Strength::TooLittle);
    let mut findings = Vec::new();
    if !carried.is_empty() {
        let message = format!("solid or strong in {}", carried.join(", "));
        findings.push(Finding::new("dimension-coverage", Tone::Good, message, []));
    }
    if !open.is_empty() {
        let message = format!("nothing, or too little to judge, in {}", open.join(", "));
        findings.push(Finding::new("dimension-coverage", Tone::Gap, message, []));
    }
    let reading = match (carried.len(), open.len(), ground.dimensions.len()) {
        (all, _, total) if all == total => Reading::Strong,
        (_, open, total) if open == total => Reading::TooLittle,
        (_, open, total) if open * 2 >= total => Reading::Weak,
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn outside_reader(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let said: Vec<&&Evidence> = ground.evidence.iter().filter(|one| one.reach.is_some()).collect();
    let silent: Vec<_> = ground.evidence.iter().filter(|one| one.reach.is_none()).map(|one| one.id).collect();
    let far = beyond_team(ground).count();
    let mut findings = Vec::new();
    if !silent.is_empty() {
        let message =
            format!("{} of {} without a word on reach", silent.len(), records(ground.evidence.len()));
        findings.push(Finding::new("local-only", Tone::Note, message, silent.clone()));
    }
    if !said.is_empty() && far == 0 {
        let message = format!("nothing beyond the team among {} with a reach", records(said.len()));
        findings.push(Finding::new("local-only", Tone::Warning, message, said.iter().map(|one| one.id)));
    } else if far > 0 {
        let message = format!("{far} of {} with a reach went beyond the team", records(said.len()));
        findings.push(Finding::new("local-only", Tone::Good, message, beyond_team(ground).map(|one| one.id)));
    }
    let facts = Facts::of(ground.evidence.iter().copied(), ground.guide);
    let reading = match (said.len(), far) {
        (0, _) => Reading::TooLittle,
        (_, 0) => Reading::Weak,
        _ if facts.beyond_team == 0 => Reading::TooLittle,
        _ if facts.pillar >= 1 && facts.beyond_team >= 2 => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

pub(super) fn artifacts(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let (backed, bare): (Vec<&Evidence>, Vec<&Evidence>) =
        ground.evidence.iter().partition(|one| is_proven(one));
    let mut findings = Vec::new();
    if !backed.is_empty() {
        let message = format!(
            "{} of {} with an artifact, a number or an adopter",
            backed.len(),
            records(ground.evidence.len())
        );
        findings.push(Finding::new("artifact-backed", Tone::Good, message, backed.iter().map(|one| one.id)));
    }
    if !bare.is_empty() {
        let message = format!(
            "{} nothing to open",
            if bare.len() == 1 { "1 has".into() } else { format!("{} have", bare.len()) }
        );
        findings.push(Finding::new("artifact-backed", Tone::Warning, message, bare.iter().map(|one| one.id)));
    }
    // Copies of one piece of work are one piece here too.
    let pieces = Facts::of(backed.iter().copied(), ground.guide).proven;
    let reading = match (pieces, pieces + bare.len()) {
        (0, _) => Reading::Weak,
        (1, _) => Reading::TooLittle,
        (backed, all) if percent(backed, all) >= ground.limit("artifact-backed", "strong_percent") => {
            Reading::Strong
        }
        (backed, all) if percent(backed, all) >= ground.limit("artifact-backed", "fair_percent") => {
            Reading::Fair
        }
        _ => Reading::Weak,
    };
    (reading, findings)
}

pub(super) fn freshness(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let mut findings = Vec::new();
    let lag = Lag::of(ground.evidence.iter().copied(), ground.period.end);
    let message = format!(
        "half were written down within {}, nine in ten within {}; {}% in the last ten days or later",
        days(lag.median),
        days(lag.p90),
        lag.last_ten_days_percent
    );
    // What happened at the end and was written down at once is not crammed.
    let at_once = ground.limit("capture-lag", "strong_days");
    let crammed = ground
        .evidence
        .iter()
        .filter(|one| one.recorded.day() > ground.period.end.plus(-10) && one.capture_lag() as f64 > at_once);
    let crammed = percent(crammed.count(), ground.evidence.len());
    let within = |days: &str, late: &str| {
        lag.median as f64 <= ground.limit("capture-lag", days) && crammed <= ground.limit("capture-lag", late)
    };
    let prompt = within("strong_days", "strong_late_percent");
    let tone = if prompt { Tone::Good } else { Tone::Warning };
    findings.push(Finding::new("capture-lag", tone, message, ground.evidence.iter().map(|one| one.id)));
    let untriaged: Vec<_> =
        ground.evidence.iter().filter(|one| one.is_untriaged()).map(|one| one.id).collect();
    if !untriaged.is_empty() {
        let message = format!("{} still without kind, bet or dimension", records(untriaged.len()));
        findings.push(Finding::new("untriaged", Tone::Note, message, untriaged.clone()));
    }
    let reading = if ground.evidence.len() < 3 {
        Reading::TooLittle
    } else if prompt && untriaged.len() * 4 <= ground.evidence.len() {
        Reading::Strong
    } else if within("fair_days", "fair_late_percent") {
        Reading::Fair
    } else {
        Reading::Weak
    };
    (reading, findings)
}

fn beyond_team<'a>(ground: &'a Ground<'a>) -> impl Iterator<Item = &'a Evidence> {
    ground
        .evidence
        .iter()
        .copied()
        .filter(|one| ground.guide.reach_rank(one.reach.as_ref()).is_some_and(|rank| rank >= BEYOND_TEAM))
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn records(n: usize) -> String {
    count(n, "record")
}

fn proven_work(n: usize) -> String {
    format!("{n} distinct proven piece{} of work", if n == 1 { "" } else { "s" })
}

fn days(n: i64) -> String {
    format!("{n} day{}", if n == 1 { "" } else { "s" })
}

/// A share in percent; 0 of nothing.
pub(super) fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
