//! The registry of rules: every verdict of a report has one, with a reason, a source, and thresholds a guide may move.

use super::guide::Guide;

/// A rule that findings cite.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Rule {
    /// Its stable id.
    pub id: &'static str,
    /// What it serves: a scorecard question, `dimension`, `trap`, `portfolio`, `distortion`, `confidence` or `proof`.
    pub serves: &'static str,
    /// What it looks at, and why that matters.
    pub reason: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The numbers it decides by.
    pub thresholds: &'static [Threshold],
}

/// A number that a rule decides by. A guide moves it with `[rule.<rule>]` and `<name> = <number>`.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Threshold {
    /// Its name.
    pub name: &'static str,
    /// Its value unless the guide says otherwise.
    pub default: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it decides.
    pub about: &'static str,
}

const fn limit(name: &'static str, default: f64, unit: &'static str, about: &'static str) -> Threshold {
    Threshold { name, default, unit, about }
}

const fn rule(
    id: &'static str,
    serves: &'static str,
    reason: &'static str,
    source: &'static str,
    thresholds: &'static [Threshold],
) -> Rule {
    Rule { id, serves, reason, source, thresholds }
}

const RELEVANCE: &str = "scorecard, business relevance";
const LEVERAGE: &str = "scorecard, leverage";
const LEGIBILITY: &str = "scorecard, legibility";
const QUALITY: &str = "scorecard, evidence quality";
const TRAP: &str = "the traps of the rubric";
const PATTERN: &str = "the quarterly pattern of bets";
const DISTORTION: &str = "why evidence is logged continuously";
const HONESTY: &str = "forecasting practice: a status that the trend contradicts is no status";

/// Every rule, by what it serves.
pub const RULES: &[Rule] = &[
    rule(
        "bets-name-outcomes",
        "outcomes",
        "a bet that names no outcome and no capability cannot be read for relevance",
        RELEVANCE,
        &[],
    ),
    rule(
        "evidence-aims",
        "outcomes",
        "evidence that serves no bet, outcome or capability is work beside the aim",
        RELEVANCE,
        &[limit("aimed_percent", 50.0, "%", "share of records that serve something, for a strong reading")],
    ),
    rule(
        "gate-answered",
        "why-now",
        "a bet that cannot say which outcome, which level and which proof is unproven",
        RELEVANCE,
        &[],
    ),
    rule(
        "reach-and-adopters",
        "shared-gain",
        "leverage is use by others: proven work beyond the team, with named adopters",
        LEVERAGE,
        &[
            limit("strong_pieces", 2.0, "pieces of work", "proven beyond the team, for a strong reading"),
            limit("strong_adopters", 2.0, "adopters", "distinct ones, for a strong reading"),
        ],
    ),
    rule(
        "shaping-beyond-team",
        "direction",
        "direction shows in decisions, sequencing and strategy that reach beyond the team",
        LEVERAGE,
        &[],
    ),
    rule(
        "dimension-coverage",
        "all-dimensions",
        "strength in one dimension does not speak for the others",
        LEGIBILITY,
        &[],
    ),
    rule(
        "local-only",
        "outside-reader",
        "an outside reader sees scope only where work left the team",
        LEGIBILITY,
        &[],
    ),
    rule(
        "artifact-backed",
        "artifacts",
        "what nobody can open proves nothing",
        QUALITY,
        &[
            limit("strong_percent", 80.0, "%", "share of records with proof, for a strong reading"),
            limit("fair_percent", 50.0, "%", "share of records with proof, for a fair reading"),
        ],
    ),
    rule(
        "capture-lag",
        "fresh",
        "what is written down late is remembered by loudness",
        QUALITY,
        &[
            limit("strong_days", 7.0, "days", "median lag, for a strong reading"),
            limit("fair_days", 21.0, "days", "median lag, for a fair reading"),
            limit(
                "strong_late_percent",
                50.0,
                "%",
                "share written late, in the last ten days or after, at most, for a strong reading",
            ),
            limit("fair_late_percent", 75.0, "%", "the same, for a fair reading"),
        ],
    ),
    rule(
        "untriaged",
        "fresh",
        "a capture that nobody sorted is forgotten like one that was never made",
        QUALITY,
        &[],
    ),
    rule(
        "dimension-strength",
        "dimension",
        "distinct proven work, reach, adopters and time count; a number of records does not",
        LEGIBILITY,
        &[],
    ),
    rule(
        "trap-local",
        "trap",
        "several proven things of one dimension, none of which left the team: impressive and local",
        TRAP,
        &[limit("pieces", 2.0, "pieces of work", "proven ones in the dimension, from which it is a pattern")],
    ),
    rule(
        "trap-own-area",
        "trap",
        "framing and strategy that stayed at home leave the pillar's framing to others",
        TRAP,
        &[limit("records", 2.0, "records", "in the dimension, from which it is a pattern")],
    ),
    rule(
        "trap-novelty",
        "trap",
        "work that nobody took up and no number shows is interesting rather than lasting",
        TRAP,
        &[limit("records", 2.0, "records", "in the dimension, from which it is a pattern")],
    ),
    rule(
        "trap-helpful",
        "trap",
        "helping everywhere without a decision, an adopter or a number changes nothing that lasts",
        TRAP,
        &[limit("records", 3.0, "records", "in the dimension, from which it is a pattern")],
    ),
    rule(
        "trap-crowded",
        "trap",
        "one dimension that holds nearly all the proof crowds out the others for a reader",
        TRAP,
        &[
            limit("percent", 75.0, "%", "share of the proven work in one dimension"),
            limit(
                "pieces",
                4.0,
                "pieces of work",
                "proven ones altogether, below which a share says nothing",
            ),
        ],
    ),
    rule(
        "shape-missing-kind",
        "portfolio",
        "most quarters want one bet of each kind; a reminder, not a rule",
        PATTERN,
        &[],
    ),
    rule(
        "shape-too-many",
        "portfolio",
        "a few deliberate bets beat many unrelated efforts",
        PATTERN,
        &[limit("bets", 5.0, "bets", "made for one quarter, at most")],
    ),
    rule(
        "shape-concentrated",
        "portfolio",
        "evidence that nearly all speaks for one bet leaves the others without a case",
        PATTERN,
        &[
            limit("percent", 80.0, "%", "share of the evidence of bets that speaks for one of them"),
            limit("records", 5.0, "records", "of bets, below which a share says nothing"),
        ],
    ),
    rule(
        "shape-bottleneck",
        "portfolio",
        "a bet that others wait for and that is not on track holds all of them up",
        PATTERN,
        &[limit("waiting", 2.0, "bets", "that come after it")],
    ),
    rule(
        "carried-silently",
        "portfolio",
        "a bet that lives on past its quarter without a word was never decided on",
        PATTERN,
        &[limit("days", 7.0, "days", "after the end of its quarter, before which nothing is said")],
    ),
    rule(
        "kind-silent",
        "distortion",
        "a kind of evidence that is silent for weeks is where memory will fail first",
        DISTORTION,
        &[limit("weeks", 6.0, "weeks", "without a record of a shaping kind")],
    ),
    rule(
        "loud-weeks",
        "distortion",
        "weeks full of commits and without one shaping record remember only the loud half",
        DISTORTION,
        &[
            limit("records", 3.0, "records", "of loud kinds in a week, from which the week is loud"),
            limit("weeks", 3.0, "weeks", "that are loud without a shaping record, from which it is told"),
        ],
    ),
    rule(
        "recency",
        "distortion",
        "evidence that nearly all lies in the last third of a period forgets how it began",
        DISTORTION,
        &[
            limit("percent", 70.0, "%", "share of the records in the last third"),
            limit("records", 5.0, "records", "below which a share says nothing"),
        ],
    ),
    rule(
        "optimism",
        "confidence",
        "a status that says on track while confidence falls is a wish",
        HONESTY,
        &[
            limit("drop", 15.0, "points", "lost over the last two check-ins"),
            limit("low", 40.0, "%", "confidence at which on track cannot be meant"),
        ],
    ),
    rule(
        "sandbagging",
        "confidence",
        "a bet that was nearly certain when it was opened was no bet",
        HONESTY,
        &[
            limit("opening", 90.0, "%", "confidence of the first check-in"),
            limit(
                "days",
                14.0,
                "days",
                "after a bet began, within which a first confidence speaks of its opening",
            ),
        ],
    ),
    rule(
        "calibration",
        "confidence",
        "confidence at opening against what came true, over the bets that have ended",
        HONESTY,
        &[
            limit("bets", 4.0, "bets", "that were won or lost, below which nothing is said"),
            limit("gap", 20.0, "points", "between belief and outcome, from which it is told"),
        ],
    ),
    rule(
        "proof-arrived",
        "proof",
        "proof that was promised at opening, and a proven record of the bet that says so in nearly the same words",
        PATTERN,
        &[limit("words_percent", 60.0, "%", "of the words of the promise that a record has to share")],
    ),
    rule("proof-missing", "proof", "proof that was promised at opening and has not arrived", PATTERN, &[]),
    rule("proof-surprise", "proof", "proof that nobody forecast", PATTERN, &[]),
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

impl Guide {
    /// A threshold as this guide has it. Names that no rule has are nothing.
    pub fn limit(&self, rule: &str, name: &str) -> f64 {
        let moved =
            self.rules.iter().find(|(id, _)| id.as_str() == rule).and_then(|(_, limits)| limits.get(name));
        let own =
            || find(rule)?.thresholds.iter().find(|limit| limit.name == name).map(|limit| limit.default);
        moved.copied().filter(|limit| limit.is_finite()).or_else(own).unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::{Guide, RULES};

    #[test]
    fn ids_are_unique_slugs_and_reasons_are_one_line() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(super::super::Slug::parse(rule.id).is_ok() && !rule.reason.contains('\n'), "{}", rule.id);
        }
    }

    #[test]
    fn a_guide_moves_a_threshold() {
        let mut guide = Guide::empty();
        assert_eq!(guide.limit("capture-lag", "fair_days"), 21.0);
        guide = toml::from_str("name = \"g\"\ntitle = \"g\"\n[rule.capture-lag]\nfair_days = 30\n").unwrap();
        assert_eq!(
            (guide.limit("capture-lag", "fair_days"), guide.limit("capture-lag", "strong_days")),
            (30.0, 7.0)
        );
        assert!(guide.limit("capture-lag", "nonsense").is_nan());
    }
}
