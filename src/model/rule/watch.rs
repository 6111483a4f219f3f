//! Rules of what to watch beside the questions: traps, shape, distortion, confidence, proof, legibility and others.

use super::{LEGIBILITY, LEVERAGE, QUALITY, RELEVANCE, Rule, limit, rule};

const TRAP: &str = "the traps of the rubric";
const PATTERN: &str = "the quarterly pattern of bets";
const DISTORTION: &str = "why evidence is logged continuously";
const STANCE: &str = "own against shape, and claims on shared numbers";
const FILTER: &str = "the decision filter";
const HONESTY: &str = "forecasting practice: a status that the trend contradicts is no status";

/// By section of the report.
pub(super) const RULES: &[Rule] = &[
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
        LEGIBILITY,
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
        "trap-label",
        "trap",
        "an outcome that stands on the bets, and that no record of the quarter speaks for, is a label",
        RELEVANCE,
        &[
            limit("records", 3.0, "records", "of evidence, below which nothing is said"),
            limit("days", 45.0, "days", "of the period that have passed, before which nothing is said"),
        ],
    ),
    rule(
        "trap-one-customer",
        "trap",
        "work beyond the team that is all for one adopter is a service for one, not leverage",
        LEVERAGE,
        &[limit("pieces", 3.0, "pieces of work", "proven ones beyond the team, from which it is a pattern")],
    ),
    rule(
        "trap-stretched",
        "trap",
        "records that name nearly every dimension fill the table and convince in none",
        LEGIBILITY,
        &[
            limit("dimensions", 3.0, "dimensions", "named by one record, from which it is stretched"),
            limit("percent", 50.0, "%", "share of such records among those that name a dimension"),
            limit("records", 4.0, "records", "that name a dimension, below which a share says nothing"),
        ],
    ),
    rule(
        "trap-output",
        "trap",
        "commits and requests prove that work was done; numbers, adopters and documents, that it mattered",
        QUALITY,
        &[limit("pieces", 4.0, "pieces of work", "proven ones, below which nothing is said")],
    ),
    rule(
        "shape-missing-kind",
        "portfolio",
        "most quarters want one bet of each kind; a reminder, not a rule",
        PATTERN,
        &[],
    ),
    rule(
        "shape-drift",
        "portfolio",
        "a kind of bet that is forgotten for quarters, or one that crowds out the rest, is a habit and no choice",
        PATTERN,
        &[
            limit("quarters", 3.0, "quarters", "without a bet of a kind"),
            limit(
                "percent",
                70.0,
                "%",
                "share of the bets of four quarters in one kind, above which it is told",
            ),
            limit("bets", 5.0, "bets", "of four quarters, below which a share says nothing"),
        ],
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
        "dated-ahead",
        "distortion",
        "what is dated after the day it was written down has not happened: it is a plan, and proves nothing yet",
        DISTORTION,
        &[],
    ),
    rule(
        "kind-silent",
        "distortion",
        "a kind of evidence that is silent for weeks is where memory will fail first",
        DISTORTION,
        &[limit("weeks", 6.0, "weeks", "without a record of a shaping kind")],
    ),
    rule(
        "dimension-silent",
        "distortion",
        "a dimension that had evidence and then none for weeks is about to be told from memory",
        DISTORTION,
        &[limit("weeks", 6.0, "weeks", "since the newest record of the dimension")],
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
        "calibration-midway",
        "confidence",
        "confidence in the middle of a bet's period against what came true: by then more is known than at opening",
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
    rule(
        "decisions-won",
        "decision",
        "how many of the candidates that one took were won says what one's yes is worth",
        FILTER,
        &[limit(
            "candidates",
            3.0,
            "candidates",
            "that were taken and have ended, below which nothing is said",
        )],
    ),
    rule(
        "taken-lost",
        "decision",
        "a candidate that was taken and lost or dropped is worth reading beside what the filter said",
        FILTER,
        &[],
    ),
    rule(
        "taken-unproven",
        "decision",
        "a candidate that was taken and never passed the gate was decided on twice and thought through once",
        FILTER,
        &[limit("days", 30.0, "days", "after the decision, before which nothing is said")],
    ),
    rule(
        "taken-without-bet",
        "decision",
        "a yes that never became a bet is a promise that nobody keeps",
        FILTER,
        &[limit("days", 30.0, "days", "after the decision, before which nothing is said")],
    ),
    rule("later-due", "decision", "later without a second look is no in disguise", FILTER, &[]),
    rule(
        "shared-not-owned",
        "stance",
        "a number that others answer for too is never one's own: what stands beside it is a contribution",
        STANCE,
        &[],
    ),
    rule(
        "claim-unconfirmed",
        "stance",
        "a claim on a shared number counts when somebody else could confirm it: an adopter, a person, a reviewer",
        STANCE,
        &[limit("records", 1.0, "records", "with such a claim, from which it is told")],
    ),
    rule(
        "legible-context",
        "legibility",
        "a record that names only code tells nobody for whom it matters",
        LEGIBILITY,
        &[limit("records", 2.0, "records", "like that, from which it is told")],
    ),
    rule(
        "legible-artifact",
        "legibility",
        "a number without a place to look it up has to be believed",
        LEGIBILITY,
        &[limit("records", 2.0, "records", "like that, from which it is told")],
    ),
    rule(
        "legible-adopter",
        "legibility",
        "work beyond the team that names nobody who took it up cannot be asked about",
        LEGIBILITY,
        &[limit("records", 2.0, "records", "like that, from which it is told")],
    ),
    rule(
        "legible-role",
        "legibility",
        "a record that says 'we' leaves a reader to guess what its author did",
        LEGIBILITY,
        &[limit("records", 2.0, "records", "like that, from which it is told")],
    ),
    rule(
        "legible-acronym",
        "legibility",
        "an acronym that is not written out shuts out a reader from elsewhere",
        LEGIBILITY,
        &[limit("records", 2.0, "records", "like that, from which it is told")],
    ),
    rule(
        "legible-number",
        "legibility",
        "loud work without a number says that it was done, and not how much it changed",
        LEGIBILITY,
        &[limit("records", 3.0, "records", "like that, from which it is told")],
    ),
];
