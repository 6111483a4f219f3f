//! The rules behind a scorecard: each has a stable id, a reason, and says what it rests on.

use super::bets::BetView;
use super::finding::{Finding, Reading, Tone};
use super::strength::{BEYOND_TEAM, Facts, Strength, is_proven};
use crate::model::guide::Stream;
use crate::model::{Bet, Evidence, Guide, Stance};

/// A rule that reports may cite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rule {
    /// Its stable id.
    pub id: &'static str,
    /// The scorecard question it serves, or `dimension`.
    pub serves: &'static str,
    /// What it looks at and why.
    pub reason: &'static str,
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        id: "bets-name-outcomes",
        serves: "outcomes",
        reason: "a bet that names no outcome and no capability cannot be read for relevance",
    },
    Rule {
        id: "evidence-aims",
        serves: "outcomes",
        reason: "evidence that serves no bet, outcome or capability is work beside the aim",
    },
    Rule {
        id: "gate-answered",
        serves: "why-now",
        reason: "a bet that cannot say which outcome, which level and which proof is unproven",
    },
    Rule {
        id: "reach-and-adopters",
        serves: "shared-gain",
        reason: "leverage is use by others: proven work beyond the team, with named adopters",
    },
    Rule {
        id: "shaping-beyond-team",
        serves: "direction",
        reason: "direction shows in decisions, sequencing and strategy that reach beyond the team",
    },
    Rule {
        id: "dimension-coverage",
        serves: "all-dimensions",
        reason: "strength in one dimension does not speak for the others",
    },
    Rule {
        id: "dimension-strength",
        serves: "dimension",
        reason: "distinct proven work, reach, adopters and time count; a number of records does not",
    },
    Rule {
        id: "local-only",
        serves: "outside-reader",
        reason: "an outside reader sees scope only where work left the team",
    },
    Rule { id: "artifact-backed", serves: "artifacts", reason: "what nobody can open proves nothing" },
    Rule {
        id: "capture-lag",
        serves: "fresh",
        reason: "what is written down late is remembered by loudness",
    },
    Rule {
        id: "untriaged",
        serves: "fresh",
        reason: "a capture that nobody sorted is forgotten like one that was never made",
    },
];

/// What rules look at.
pub struct Ground<'a> {
    /// The guide of the snapshot.
    pub guide: &'a Guide,
    /// The bets of the period.
    pub bets: &'a [(&'a Bet, BetView)],
    /// The evidence of the period.
    pub evidence: &'a [&'a Evidence],
    /// Strength by dimension, in the guide's order.
    pub dimensions: &'a [(String, Strength)],
    /// The last day of the period.
    pub end: crate::model::Day,
}

/// Answers a scorecard question by its id. Questions that no rule serves are the person's to answer.
pub fn answer(question: &str, ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    match question {
        "outcomes" => outcomes(ground),
        "why-now" => gates(ground),
        "shared-gain" => leverage(ground),
        "direction" => direction(ground),
        "all-dimensions" => coverage(ground),
        "outside-reader" => outside_reader(ground),
        "artifacts" => artifacts(ground),
        "fresh" => freshness(ground),
        _ => (Reading::Yours, Vec::new()),
    }
}

fn outcomes(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
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
            "{} of {} bets name the outcome or capability they serve",
            aimed.len(),
            ground.bets.len()
        );
        findings.push(Finding::new(
            "bets-name-outcomes",
            Tone::Good,
            message,
            aimed.iter().map(|bet| bet.id),
        ));
    }
    if !blind.is_empty() {
        let message = format!("{} name none", count(blind.len(), "bet"));
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
            "{} of {} serve no bet, outcome or capability",
            beside.len(),
            records(ground.evidence.len())
        );
        findings.push(Finding::new("evidence-aims", Tone::Note, message, beside.iter().map(|one| one.id)));
    }
    let reading = match (aimed.is_empty(), blind.is_empty(), aimed_evidence.is_empty()) {
        _ if ground.bets.is_empty() && ground.evidence.is_empty() => Reading::Nothing,
        (true, ..) => Reading::Weak,
        (false, true, false) if aimed_evidence.len() * 2 >= ground.evidence.len() => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

fn gates(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.guide.gates.is_empty() || ground.bets.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let (proven, unproven): (Vec<_>, Vec<_>) =
        ground.bets.iter().partition(|(_, view)| view.unanswered.is_empty());
    let mut findings = Vec::new();
    if !proven.is_empty() {
        let message = format!("{} of {} bets answer every gate question", proven.len(), ground.bets.len());
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

fn leverage(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
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
        (2.., 2..) => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

fn direction(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let is_shaping = |one: &&Evidence| {
        ground.guide.stream(one.kind.as_ref()) == Some(Stream::Shaping) || one.stance == Some(Stance::Shape)
    };
    let shaping: Vec<&Evidence> = ground.evidence.iter().copied().filter(is_shaping).collect();
    let far: Vec<&Evidence> = beyond_team(ground).filter(is_shaping).collect();
    let is_loud = |one: &&&Evidence| ground.guide.stream(one.kind.as_ref()) == Some(Stream::Loud);
    let loud = ground.evidence.iter().filter(is_loud).filter(|one| !is_shaping(one)).count();
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
        let message = format!("{} of it reached beyond the team", far.len());
        findings.push(Finding::new("shaping-beyond-team", Tone::Good, message, far.iter().map(|one| one.id)));
    }
    let proven = far.iter().filter(|one| is_proven(one)).count();
    let reading = match (shaping.len(), far.len(), proven) {
        (0, ..) => Reading::Weak,
        (_, 0, _) => Reading::Weak,
        (_, _, 0) => Reading::TooLittle,
        (_, 2.., 2..) => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

fn coverage(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
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

fn outside_reader(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let said: Vec<&&Evidence> = ground.evidence.iter().filter(|one| one.reach.is_some()).collect();
    let silent: Vec<_> = ground.evidence.iter().filter(|one| one.reach.is_none()).map(|one| one.id).collect();
    let far = beyond_team(ground).count();
    let mut findings = Vec::new();
    if !silent.is_empty() {
        let message =
            format!("{} of {} do not say how far they reached", silent.len(), records(ground.evidence.len()));
        findings.push(Finding::new("local-only", Tone::Note, message, silent.clone()));
    }
    if !said.is_empty() && far == 0 {
        let message =
            format!("all {} that say how far they reached stayed within the team", records(said.len()));
        findings.push(Finding::new("local-only", Tone::Warning, message, said.iter().map(|one| one.id)));
    } else if far > 0 {
        let message =
            format!("{far} of {} that say how far they reached went beyond the team", records(said.len()));
        findings.push(Finding::new("local-only", Tone::Good, message, beyond_team(ground).map(|one| one.id)));
    }
    let facts = Facts::of(ground.evidence.iter().copied(), ground.guide);
    let reading = match (said.len(), far) {
        (0, _) => Reading::TooLittle,
        (_, 0) => Reading::Weak,
        _ if facts.pillar >= 1 && facts.beyond_team >= 2 => Reading::Strong,
        _ => Reading::Fair,
    };
    (reading, findings)
}

fn artifacts(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let (backed, bare): (Vec<&Evidence>, Vec<&Evidence>) =
        ground.evidence.iter().partition(|one| is_proven(one));
    let mut findings = Vec::new();
    if !backed.is_empty() {
        let message = format!(
            "{} of {} have an artifact, a number or an adopter",
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
    let reading = match (backed.len(), ground.evidence.len()) {
        (0, _) => Reading::Weak,
        (1, _) => Reading::TooLittle,
        (backed, all) if backed * 10 >= all * 8 => Reading::Strong,
        (backed, all) if backed * 2 >= all => Reading::Fair,
        _ => Reading::Weak,
    };
    (reading, findings)
}

fn freshness(ground: &Ground<'_>) -> (Reading, Vec<Finding>) {
    if ground.evidence.is_empty() {
        return (Reading::Nothing, Vec::new());
    }
    let mut findings = Vec::new();
    let lag = Lag::of(ground.evidence.iter().copied(), ground.end);
    let message = format!(
        "written down after {} at the median, {} at the 90th percentile; {} % in the last ten days or later",
        days(lag.median),
        days(lag.p90),
        lag.last_ten_days_percent
    );
    let tone = if lag.median <= 7 && lag.last_ten_days_percent <= 50 { Tone::Good } else { Tone::Warning };
    findings.push(Finding::new("capture-lag", tone, message, ground.evidence.iter().map(|one| one.id)));
    let untriaged: Vec<_> =
        ground.evidence.iter().filter(|one| one.is_untriaged()).map(|one| one.id).collect();
    if !untriaged.is_empty() {
        let message = format!("{} still without kind, bet or dimension", records(untriaged.len()));
        findings.push(Finding::new("untriaged", Tone::Note, message, untriaged.clone()));
    }
    let reading = match lag.median {
        _ if ground.evidence.len() < 3 => Reading::TooLittle,
        ..=7 if lag.last_ten_days_percent <= 50 && untriaged.len() * 4 <= ground.evidence.len() => {
            Reading::Strong
        }
        ..=21 if lag.last_ten_days_percent <= 75 => Reading::Fair,
        _ => Reading::Weak,
    };
    (reading, findings)
}

/// How long after the event evidence was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lag {
    /// Median, in days.
    pub median: i64,
    /// 90th percentile, in days.
    pub p90: i64,
    /// Share written in the last ten days of the period or after it, in percent.
    pub last_ten_days_percent: usize,
}

impl Lag {
    /// Reads a set of evidence that is not empty; all zero when it is.
    pub fn of<'e>(evidence: impl IntoIterator<Item = &'e Evidence>, end: crate::model::Day) -> Self {
        let evidence: Vec<&Evidence> = evidence.into_iter().collect();
        let mut lags: Vec<i64> = evidence.iter().map(|one| one.capture_lag().max(0)).collect();
        lags.sort_unstable();
        // Nearest rank: the smallest lag that at least that share of records does not exceed.
        let rank =
            |percent: usize| lags.get((lags.len() * percent).div_ceil(100).max(1) - 1).copied().unwrap_or(0);
        let late = evidence.iter().filter(|one| one.recorded.day() > end.plus(-10)).count();
        Self {
            median: rank(50),
            p90: rank(90),
            last_ten_days_percent: (late * 100).checked_div(evidence.len()).unwrap_or(0),
        }
    }
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
