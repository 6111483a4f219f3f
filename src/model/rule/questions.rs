//! Rules that answer the questions of the scorecard, and the strength of a dimension.

use super::{LEGIBILITY, LEVERAGE, QUALITY, RELEVANCE, Rule, limit, rule};

/// By question, in the order of the built-in guides.
pub(super) const RULES: &[Rule] = &[
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
        &[limit("records", 3.0, "records", "of the period, below which no reading of evidence is weak")],
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
    )
    .but("recorded is the time of a journal commit, only as right as the clock that set it; a signed or pushed commit is a stronger witness"),
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
        &[
            limit("strong_pieces", 3.0, "pieces of work", "that weigh, for strong"),
            limit("strong_weeks", 3.0, "weeks", "in which one of them happened, for strong"),
            limit("strong_adopters", 2.0, "adopters", "distinct ones, for strong"),
            limit("solid_pieces", 2.0, "pieces of work", "that weigh, for solid"),
            limit("solid_weeks", 2.0, "weeks", "in which one of them happened, for solid"),
            limit("old_days", 180.0, "days", "since the newest of them, from which solid and strong are one level less"),
        ],
    ),
];
