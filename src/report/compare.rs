//! Two scorecards of one revision side by side: what moved from the earlier period to the later one.

use super::finding::{Finding, Reading};
use super::recurring;
use super::scorecard::{Answer, Coverage, Scorecard, Section};
use super::strength::{Facts, Strength};
use crate::model::{Outcome, Period, Slug, Snapshot, Text};

/// Lengths of periods that differ by more than this share, in percent, are told.
const UNEVEN: i64 = 10;

/// What moved between two periods. The earlier one comes first, however they were asked for.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// The earlier period.
    pub before: Period,
    /// The later period.
    pub after: Period,
    /// True when both have begun, so that there is something to compare.
    pub comparable: bool,
    /// True when the journal was last written before both periods were over.
    pub running: bool,
    /// What a reader should know first.
    pub notes: Vec<Text>,
    /// The guide's sections.
    pub sections: Vec<SectionMove>,
    /// The rubric's dimensions.
    pub dimensions: Vec<DimensionMove>,
    /// Key figures.
    pub figures: Vec<Figure>,
    /// Findings of the later period that the earlier one has not.
    pub new: Vec<Finding>,
    /// Findings of the earlier period that the later one has not.
    pub gone: Vec<Finding>,
}

/// How a section moved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SectionMove {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// Its questions.
    pub answers: Vec<AnswerMove>,
}

/// How the answer to a question moved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AnswerMove {
    /// The question's id in the guide.
    pub id: Slug,
    /// The question.
    pub question: Text,
    /// The earlier period's reading.
    pub before: Reading,
    /// The later period's reading.
    pub after: Reading,
    /// From the one to the other.
    pub movement: Movement,
}

/// How a dimension moved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DimensionMove {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// How strong the earlier period's evidence is.
    pub before: Strength,
    /// How strong the later period's evidence is.
    pub after: Strength,
    /// From the one to the other.
    pub movement: Movement,
    /// What the evidence comes to, in the earlier period and the later one.
    pub facts: (Facts, Facts),
}

/// Which way a judgement went. Only what was judged on both sides can go up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Better than before.
    Up,
    /// Worse than before, in a period that is over.
    Down,
    /// Not as far as before, in a period that is not over.
    SoFar,
    /// The same.
    Same,
    /// Judged now, and not before.
    First,
    /// There is nothing to judge now, or too little.
    Open,
}

impl Movement {
    /// Every movement, in the order in which they are counted.
    pub const ALL: [Self; 6] = [Self::Up, Self::Down, Self::SoFar, Self::Same, Self::First, Self::Open];

    /// The words that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::SoFar => "lower so far",
            Self::Same => "same",
            Self::First => "judged now",
            Self::Open => "not judged",
        }
    }

    fn of<T: Ord + Copy>(before: T, after: T, floor: T, running: bool) -> Self {
        match (before >= floor, after >= floor) {
            _ if before == after => Self::Same,
            (_, false) => Self::Open,
            (false, true) => Self::First,
            _ if after > before => Self::Up,
            _ if running => Self::SoFar,
            _ => Self::Down,
        }
    }
}

/// A figure of both periods.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Figure {
    /// Its name for programs.
    pub id: &'static str,
    /// How reports call it.
    pub name: &'static str,
    /// What follows the number.
    pub unit: &'static str,
    /// The earlier period's; none where there is nothing to measure.
    pub before: Option<i64>,
    /// The later period's.
    pub after: Option<i64>,
}

/// The snapshot as a report of one period sees it: without the evidence of other days.
pub fn of_period(snapshot: &Snapshot, period: &Period) -> Snapshot {
    let mut own = Snapshot { evidence: Vec::new(), ..snapshot.clone() };
    own.evidence.extend(snapshot.evidence.iter().filter(|one| period.contains(one.happened)).cloned());
    own
}

/// The earlier of two periods: the one that begins first, or ends first when both begin together.
pub fn earlier<'p>(one: &'p Period, other: &'p Period) -> &'p Period {
    if (one.start, one.end) <= (other.start, other.end) { one } else { other }
}

/// True when something was written down before the period was over: then the journal is no younger. False says only
/// that nothing which was read tells.
pub fn was_kept(snapshot: &Snapshot, period: &Period) -> bool {
    let evidence = snapshot.evidence.iter().map(|one| one.recorded);
    let bets = snapshot.bets.values().map(|bet| bet.recorded);
    evidence.chain(bets).any(|recorded| recorded.day() <= period.end)
}

/// Compares two scorecards of one revision. `younger` says that the journal begins after the earlier period.
pub fn build(one: &Scorecard, other: &Scorecard, younger: bool) -> Comparison {
    let first = std::ptr::eq(earlier(&one.period, &other.period), &one.period);
    let (before, after) = if first { (one, other) } else { (other, one) };
    let written = after.revision.time.day();
    let running = written < before.period.end || written < after.period.end;
    // What a dimension rests on is told with it.
    let findings = |card: &'_ Scorecard| -> Vec<Finding> {
        card.findings().filter(|one| one.rule != "dimension-strength").cloned().collect()
    };
    let (old, new) = (findings(before), findings(after));
    Comparison {
        comparable: before.period.start <= written && after.period.start <= written,
        running,
        notes: notes(before, after, younger),
        // Both sides are read by the same guide, so they have the same sections, questions and dimensions.
        sections: before.sections.iter().zip(&after.sections).map(|pair| section(pair, running)).collect(),
        dimensions: before
            .dimensions
            .iter()
            .zip(&after.dimensions)
            .map(|pair| dimension(pair, running))
            .collect(),
        figures: figures(before, after),
        new: recurring::without(&new, &old),
        gone: recurring::without(&old, &new),
        before: before.period.clone(),
        after: after.period.clone(),
    }
}

fn section((before, after): (&Section, &Section), running: bool) -> SectionMove {
    let answer = |(old, new): (&Answer, &Answer)| AnswerMove {
        id: new.id.clone(),
        question: new.question.clone(),
        before: old.reading,
        after: new.reading,
        movement: Movement::of(old.reading, new.reading, Reading::Weak, running),
    };
    let answers = before.answers.iter().zip(&after.answers).map(answer).collect();
    SectionMove { id: after.id.clone(), name: after.name.clone(), answers }
}

fn dimension((before, after): (&Coverage, &Coverage), running: bool) -> DimensionMove {
    DimensionMove {
        id: after.id.clone(),
        name: after.name.clone(),
        before: before.strength,
        after: after.strength,
        movement: Movement::of(before.strength, after.strength, Strength::Emerging, running),
        facts: (before.facts.clone(), after.facts.clone()),
    }
}

fn notes(before: &Scorecard, after: &Scorecard, younger: bool) -> Vec<Text> {
    let written = after.revision.time.day();
    let mut notes = Vec::new();
    for card in [before, after] {
        let Period { name, start, end } = &card.period;
        let last = format!("the journal was last written on {written}");
        if *start > written {
            notes.push(format!("{name} begins on {start}, and {last}: there is nothing to compare yet."));
        } else if *end > written && after.period.start <= written {
            notes.push(format!(
                "{name} ends on {end}, and {last}: what is missing or lower there may still come."
            ));
        } else if card.evidence.records == 0 && card.bets.is_empty() && !younger {
            notes.push(format!("Nothing was recorded for {name}."));
        }
    }
    if younger {
        notes.push(format!(
            "The journal begins after {}: what is missing there was not written down, which says nothing of the work.",
            before.period.name
        ));
    }
    if after.period.start <= before.period.end {
        notes.push("The two periods overlap: what happened in both counts on both sides.".into());
    }
    let (short, long) =
        (before.period.days().min(after.period.days()), before.period.days().max(after.period.days()));
    if (long - short) * 100 > long * UNEVEN {
        notes.push(format!(
            "{} has {} days and {} has {}: numbers of records do not compare.",
            before.period.name,
            before.period.days(),
            after.period.name,
            after.period.days()
        ));
    }
    notes.into_iter().map(Text::from).collect()
}

fn figures(before: &Scorecard, after: &Scorecard) -> Vec<Figure> {
    let number = |n: usize| i64::try_from(n).ok();
    let ended = |card: &Scorecard, outcome: Outcome| {
        number(card.bets.iter().filter(|bet| bet.closed == Some(outcome)).count())
    };
    let figure = |id, name, unit, of: &dyn Fn(&Scorecard) -> Option<i64>| Figure {
        id,
        name,
        unit,
        before: of(before),
        after: of(after),
    };
    vec![
        figure("records", "records of evidence", "", &|card| number(card.evidence.records)),
        figure("proven", "proven records", "", &|card| {
            number(card.evidence.list.iter().filter(|one| one.proven).count())
        }),
        figure("loud", "loud records", "", &|card| number(card.evidence.loud)),
        figure("shaping", "shaping records", "", &|card| number(card.evidence.shaping)),
        figure("untriaged", "untriaged records", "", &|card| number(card.evidence.untriaged)),
        figure("lag-median", "capture lag, median", "days", &|card| card.evidence.lag.map(|lag| lag.median)),
        figure("lag-p90", "capture lag, nine in ten", "days", &|card| card.evidence.lag.map(|lag| lag.p90)),
        figure("bets", "bets", "", &|card| number(card.bets.len())),
        figure("bets-open", "bets still open", "", &|card| {
            number(card.bets.iter().filter(|bet| bet.closed.is_none()).count())
        }),
        figure("bets-won", "bets won", "", &|card| ended(card, Outcome::Won)),
        figure("bets-lost", "bets lost", "", &|card| ended(card, Outcome::Lost)),
        figure("bets-dropped", "bets dropped", "", &|card| ended(card, Outcome::Dropped)),
        figure("bets-carried", "bets carried on", "", &|card| ended(card, Outcome::Carried)),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Movement, build, earlier, of_period, was_kept};
    use crate::model::Kind::{self, Bet, Evidence};
    use crate::model::guide::Calendar;
    use crate::model::{Day, Period};
    use crate::report::finding::Reading;
    use crate::report::scorecard;
    use crate::report::testing::snapshot;

    fn period(name: &str) -> Period {
        Period::parse(name, &Calendar::default(), Day::parse("2026-10-05").unwrap()).unwrap()
    }

    /// The journal of the tests was last written on 2026-10-05.
    fn compare(records: &[(Kind, &str)], one: &str, other: &str) -> Comparison {
        let snapshot = snapshot(records);
        let (one, other) = (period(one), period(other));
        let card = |period: &Period| scorecard::build(&of_period(&snapshot, period), period);
        build(&card(&one), &card(&other), !was_kept(&snapshot, earlier(&one, &other)))
    }

    fn proven(day: &str, number: u8, reach: &str) -> String {
        format!(
            "title = \"Work {number}\"\nhappened = {day}\nkind = \"platform\"\ndimensions = [\"technical\"]\n\
             reach = \"{reach}\"\nadopters = [\"Team {number}\"]\n[[artifact]]\ntype = \"pull-request\"\nref = \"#{number}\"\n"
        )
    }

    #[test]
    fn only_what_was_judged_twice_goes_up_or_down() {
        use Reading::{Fair, Nothing, Strong, TooLittle, Weak, Yours};
        for (before, after, running, expected) in [
            (Weak, Fair, false, Movement::Up),
            (Strong, Weak, false, Movement::Down),
            (Strong, Weak, true, Movement::SoFar),
            (Weak, Strong, true, Movement::Up),
            (Fair, Fair, true, Movement::Same),
            (Nothing, Nothing, false, Movement::Same),
            (Yours, Yours, false, Movement::Same),
            (Nothing, Weak, false, Movement::First),
            (TooLittle, Strong, false, Movement::First),
            (Strong, Nothing, false, Movement::Open),
            (Strong, TooLittle, true, Movement::Open),
            (Nothing, TooLittle, false, Movement::Open),
        ] {
            assert_eq!(
                Movement::of(before, after, Weak, running),
                expected,
                "{before:?} {after:?} {running}"
            );
        }
    }

    #[test]
    fn two_quarters_are_compared_in_their_own_order() {
        let (a, b) = (proven("2026-05-10", 1, "team"), proven("2026-07-10", 2, "multi-team"));
        let c = proven("2026-08-20", 3, "pillar");
        let bet = "slug = \"queue\"\ntitle = \"Queue\"\nperiod = \"2026-Q2\"\nrecorded = 2026-04-01T09:00:00Z\n\
            [closed]\noutcome = \"won\"\ndate = 2026-06-01\nwhy = \"done\"\n";
        let records = [(Evidence, a.as_str()), (Evidence, &b), (Evidence, &c), (Bet, bet)];
        let compared = compare(&records, "2026-Q3", "2026-Q2");
        assert_eq!(compared, compare(&records, "2026-Q2", "2026-Q3"));
        assert_eq!((compared.before.name.as_str(), compared.after.name.as_str()), ("2026-Q2", "2026-Q3"));
        assert!(
            compared.comparable && !compared.running && compared.notes.is_empty(),
            "{:?}",
            compared.notes
        );
        let technical = &compared.dimensions[0];
        assert_eq!((technical.facts.0.proven, technical.facts.1.proven), (1, 2));
        let figure = |id: &str| {
            let found = compared.figures.iter().find(|figure| figure.id == id).unwrap();
            (found.before, found.after)
        };
        assert_eq!(figure("records"), (Some(1), Some(2)));
        assert_eq!(figure("bets-won"), (Some(1), Some(0)));
        let gone: Vec<_> = compared.gone.iter().map(|one| one.rule).collect();
        assert!(gone.contains(&"local-only"), "{gone:?}");
        let new: Vec<_> = compared.new.iter().map(|one| one.rule).collect();
        assert!(new.contains(&"reach-and-adopters") && !new.contains(&"dimension-strength"), "{new:?}");
    }

    #[test]
    fn what_cannot_be_compared_is_said_and_not_judged() {
        let (a, b) = (proven("2026-07-10", 1, "team"), proven("2026-07-20", 2, "pillar"));
        let records = [(Evidence, a.as_str()), (Evidence, b.as_str())];
        for (one, other, comparable, running, note) in [
            ("2026-Q3", "2027-Q1", false, true, "2027-Q1 begins on 2027-01-01"),
            ("2026-Q3", "2026-Q4", true, true, "2026-Q4 ends on 2026-12-31"),
            ("2026-Q3", "2026-Q2", true, false, "The journal begins after 2026-Q2"),
            ("2026-Q3", "2026", true, true, "overlap"),
            ("2026-Q3", "2026-H1", true, false, "2026-H1 has 181 days"),
        ] {
            let compared = compare(&records, one, other);
            assert_eq!((compared.comparable, compared.running), (comparable, running), "{other}");
            let told = compared.notes.iter().any(|told| told.raw().contains(note));
            assert!(told, "{other}: {:?}", compared.notes);
            let answers = compared.sections.iter().flat_map(|section| &section.answers);
            assert!(answers.into_iter().all(|answer| answer.movement != Movement::Down), "{other}");
        }
    }
}
