//! What a review asks: the agenda of a quarter, and whether a review is due. Pure.

use super::bets::{self, BetView};
use super::conflicts::Contested;
use super::finding::{Finding, Tone};
use super::scorecard::{self, Answer, EvidenceLine, Scorecard};
use super::watch::Watch;
use crate::model::guide::Calendar;
use crate::model::{Day, Outcome, Period, RecordId, Review, Revision, Slug, Snapshot, Text, rule};

/// Sections of findings that are shown as they are.
const TOLD: [&str; 2] = ["decision", "legibility"];

/// Records that are shown beside a question, at most.
const BESIDE: usize = 5;

/// What the review of a quarter asks.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Agenda {
    /// The quarter.
    pub period: Period,
    /// The day it is asked.
    pub today: Day,
    /// Days until the quarter ends; negative once it has ended.
    pub days_left: i64,
    /// The revision it was read from.
    pub revision: Revision,
    /// The day of the review that this quarter has already.
    pub reviewed: Option<Day>,
    /// Suggestions that wait for a decision.
    pub inbox: usize,
    /// What two machines changed at once and nobody has decided on.
    pub conflicts: Vec<Contested>,
    /// Open bets: those of the quarter, and those that outlived theirs.
    pub bets: Vec<AgendaBet>,
    /// Bets of the quarter that have ended.
    pub ended: Vec<EndedBet>,
    /// Captures without kind, bet and dimension.
    pub untriaged: Vec<EvidenceLine>,
    /// Sections that are shown and not asked about: how past decisions turned out, and what an outside reader would
    /// stumble over.
    pub told: Vec<Watch>,
    /// Findings that need an answer, by rule.
    pub findings: Vec<AgendaFinding>,
    /// The scorecard's questions.
    pub questions: Vec<AgendaQuestion>,
    /// What speaks for another shape of the next quarter.
    pub shape: Vec<Finding>,
    /// The next quarter.
    pub next: Text,
}

/// An open bet, and what its review should look at.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AgendaBet {
    /// The bet.
    #[serde(flatten)]
    pub bet: BetView,
    /// True when its own quarter has ended.
    pub overdue: bool,
    /// Evidence of the quarter that speaks for it, oldest first; the newest when there is much.
    pub records: Vec<EvidenceLine>,
    /// Findings on it: what was promised, arrived, is missing or was not foreseen, and more.
    pub findings: Vec<Finding>,
}

/// A bet that has ended.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct EndedBet {
    /// Its id.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What it is.
    pub title: Text,
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub why: Text,
    /// Findings on it: what was promised, arrived, never arrived or was not foreseen.
    pub findings: Vec<Finding>,
}

/// Findings of one rule that want a word.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AgendaFinding {
    /// The rule.
    pub rule: Slug,
    /// What the rule looks at, and why that matters.
    pub reason: &'static str,
    /// What it found.
    pub findings: Vec<Finding>,
    /// What an earlier review of this quarter said.
    pub said: Option<Text>,
}

/// A question of the scorecard with what speaks to it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AgendaQuestion {
    /// The name of its section.
    pub section: Text,
    /// The question, this program's reading, and why.
    #[serde(flatten)]
    pub answer: Answer,
    /// Evidence that the findings rest on, oldest first, a few at most.
    pub evidence: Vec<EvidenceLine>,
    /// What an earlier review of this quarter said: rating and words.
    pub said: Option<crate::model::review::SelfRating>,
}

/// Builds the agenda from a snapshot that holds the quarter's evidence.
pub fn agenda(snapshot: &Snapshot, period: &Period, today: Day, inbox: usize) -> Agenda {
    let card = scorecard::build(snapshot, period);
    let earlier = of(snapshot, period);
    let watched = || card.watch.iter().flat_map(|watch| &watch.findings);
    let of_bet = |id: RecordId| -> Vec<Finding> {
        watched().filter(|finding| finding.records.contains(&id) && is_own(finding)).cloned().collect()
    };
    let records_of = |id: RecordId| -> Vec<EvidenceLine> {
        let speaks = |line: &&EvidenceLine| snapshot.evidence_of(id).any(|evidence| evidence.id == line.id);
        let all: Vec<&EvidenceLine> = card.evidence.list.iter().filter(speaks).collect();
        all[all.len().saturating_sub(BESIDE)..].iter().copied().cloned().collect()
    };
    let upto = today.max(period.start);
    let mut open: Vec<_> = snapshot
        .bets
        .values()
        .filter(|bet| bet.is_open())
        .filter_map(|bet| {
            let made_for = Period::parse(bet.period.raw(), &snapshot.guide.calendar, today).ok();
            // A bet of a quarter to come is not reviewed yet.
            let begun = made_for.as_ref().is_none_or(|made_for| made_for.start <= period.end);
            begun.then_some((bet, made_for.is_some_and(|made_for| made_for.end < period.start)))
        })
        .collect();
    open.sort_by_key(|(bet, overdue)| (*overdue, bet.recorded, bet.id));
    let bets: Vec<AgendaBet> = open
        .into_iter()
        .map(|(bet, overdue)| AgendaBet {
            bet: BetView::new(bet, snapshot, upto),
            overdue,
            records: records_of(bet.id),
            findings: of_bet(bet.id),
        })
        .collect();
    let ended = bets::in_period(snapshot, period, today).into_iter().filter_map(|bet| {
        let closing = bet.closed.as_ref()?;
        let (slug, title) = (bet.slug.clone(), bet.title.clone());
        let (outcome, why) = (closing.outcome, closing.why.clone());
        let findings = of_bet(bet.id);
        Some(EndedBet { id: bet.id, slug, title, outcome, why, findings })
    });
    let untriaged =
        |line: &&EvidenceLine| snapshot.evidence.iter().any(|one| one.id == line.id && one.is_untriaged());
    // A late review carries into the quarter that runs, not into another that is over.
    let after = period.next(&snapshot.guide.calendar);
    let running = Period::quarter_of(today, &snapshot.guide.calendar);
    let next = if running.start > after.start { running } else { after };
    Agenda {
        period: period.clone(),
        today,
        days_left: period.end.since(today),
        revision: snapshot.revision.clone(),
        reviewed: earlier.map(|review| review.date),
        inbox,
        conflicts: Vec::new(),
        ended: ended.collect(),
        untriaged: card.evidence.list.iter().filter(untriaged).cloned().collect(),
        told: card.watch.iter().filter(|watch| TOLD.contains(&watch.id)).cloned().collect(),
        findings: by_rule(&card, earlier),
        questions: questions(&card, earlier),
        shape: watched().filter(|finding| serves(finding) == "portfolio").cloned().collect(),
        next: next.name.into(),
        bets,
    }
}

/// The review of a period, when it has one.
pub fn of<'s>(snapshot: &'s Snapshot, period: &Period) -> Option<&'s Review> {
    snapshot.reviews.iter().find(|review| review.period.raw() == period.name)
}

/// True for a finding on one bet rather than on how all of them lie.
fn is_own(finding: &Finding) -> bool {
    matches!(serves(finding), "proof" | "confidence") && !finding.rule.starts_with("calibration")
        || matches!(finding.rule, "carried-silently" | "shape-bottleneck")
}

fn serves(finding: &Finding) -> &'static str {
    rule::find(finding.rule).map_or("", |rule| rule.serves)
}

/// Warnings and gaps outside of the questions. What belongs to one bet is asked with the bet.
fn by_rule(card: &Scorecard, earlier: Option<&Review>) -> Vec<AgendaFinding> {
    let mut groups: Vec<AgendaFinding> = Vec::new();
    let speaks = |finding: &&Finding| {
        let elsewhere = is_own(finding) || TOLD.contains(&serves(finding));
        matches!(finding.tone, Tone::Warning | Tone::Gap) && !elsewhere
    };
    for finding in card.watch.iter().flat_map(|watch| &watch.findings).filter(speaks) {
        let Ok(rule) = Slug::parse(finding.rule) else { continue };
        match groups.iter_mut().find(|group| group.rule == rule) {
            Some(group) => group.findings.push(finding.clone()),
            None => groups.push(AgendaFinding {
                reason: rule::find(finding.rule).map_or("", |rule| rule.reason),
                said: earlier.and_then(|review| review.finding.get(&rule)).cloned(),
                findings: vec![finding.clone()],
                rule,
            }),
        }
    }
    groups
}

fn questions(card: &Scorecard, earlier: Option<&Review>) -> Vec<AgendaQuestion> {
    let beside = |answer: &Answer| {
        let cited = |line: &&EvidenceLine| answer.findings.iter().any(|one| one.records.contains(&line.id));
        let all: Vec<&EvidenceLine> = card.evidence.list.iter().filter(cited).collect();
        // What is proven says more than what is not; among equals the newest.
        let (proven, bare): (Vec<_>, Vec<_>) = all.into_iter().partition(|line| line.proven);
        let mut chosen: Vec<EvidenceLine> =
            proven.into_iter().rev().chain(bare.into_iter().rev()).take(BESIDE).cloned().collect();
        chosen.sort_by_key(|line| (line.happened, line.id));
        chosen
    };
    let each = card.sections.iter().flat_map(|section| section.answers.iter().map(move |one| (section, one)));
    each.map(|(section, answer)| AgendaQuestion {
        section: section.name.clone(),
        evidence: beside(answer),
        said: earlier.and_then(|review| review.answer.get(&answer.id)).cloned(),
        answer: answer.clone(),
    })
    .collect()
}

/// Days between the end of a quarter and its review, when that came after it.
pub fn late(review: &Review, calendar: &Calendar) -> Option<i64> {
    let period = Period::parse(review.period.raw(), calendar, review.date).ok()?;
    Some(review.date.since(period.end)).filter(|days| *days > 0)
}

/// A review that is due.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Due {
    /// The quarter to review.
    pub period: Period,
    /// Days until it ends; negative once it has ended.
    pub days_left: i64,
}

/// Whether a review is due: of this quarter in its last `window` days, otherwise of the quarter before, when it has bets
/// or evidence and no review. The snapshot holds the evidence of the quarter before.
pub fn due(snapshot: &Snapshot, today: Day, window: i64) -> Option<Due> {
    let this = Period::quarter_of(today, &snapshot.guide.calendar);
    let before = this.previous(&snapshot.guide.calendar);
    let days_left = |period: &Period| period.end.since(today);
    if days_left(&this) < window && of(snapshot, &this).is_none() {
        return Some(Due { days_left: days_left(&this), period: this });
    }
    let lived = snapshot.evidence.iter().any(|one| before.contains(one.happened))
        || !bets::in_period(snapshot, &before, today).is_empty();
    (lived && of(snapshot, &before).is_none()).then(|| Due { days_left: days_left(&before), period: before })
}

#[cfg(test)]
mod tests {
    use super::{agenda, due};
    use crate::model::Day;
    use crate::model::Kind::{Bet, CheckIn, Evidence, Review};
    use crate::report::testing::{quarter, snapshot};

    const QUEUE: &str =
        "slug = \"queue\"\ntitle = \"Queue\"\nperiod = \"2026-Q3\"\nproofs = [\"Payments uses it\"]\n";
    const OLD: &str = "slug = \"old\"\ntitle = \"Old\"\nperiod = \"2026-Q1\"\n";
    const COMING: &str = "slug = \"coming\"\ntitle = \"Coming\"\nperiod = \"2026-Q4\"\n";
    const DONE: &str = "slug = \"done\"\ntitle = \"Done\"\nperiod = \"2026-Q3\"\n\
        [closed]\noutcome = \"won\"\ndate = 2026-09-01\nwhy = \"it runs\"\n";
    const BARE: &str = "title = \"Bare\"\nhappened = 2026-08-01\n";

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn everything_open_is_asked_and_nothing_that_has_not_begun() {
        let snapshot = snapshot(&[(Bet, QUEUE), (Bet, OLD), (Bet, COMING), (Bet, DONE), (Evidence, BARE)]);
        let agenda = agenda(&snapshot, &quarter(), day("2026-10-05"), 3);
        let bets: Vec<_> = agenda.bets.iter().map(|one| (one.bet.slug.as_str(), one.overdue)).collect();
        assert_eq!(bets, [("queue", false), ("old", true)]);
        assert_eq!(agenda.ended[0].slug.as_str(), "done");
        assert_eq!((agenda.untriaged.len(), agenda.inbox, agenda.days_left), (1, 3, -5));
        assert_eq!(agenda.questions.len(), 8);
        assert!(agenda.bets[0].findings.iter().any(|one| one.rule == "proof-missing"));
        assert!(agenda.findings.iter().all(|one| one.rule.as_str() != "proof-missing"), "asked with its bet");
        assert_eq!(agenda.next.raw(), "2026-Q4");
    }

    #[test]
    fn a_review_is_due_at_the_end_of_a_quarter_and_after_one_that_has_none() {
        let check_in = "bet = \"kkkkkkkkkkkkkkkl\"\ndate = 2026-08-01\nstatus = \"on-track\"\n";
        let review = "period = \"2026-Q3\"\ndate = 2026-09-28\n";
        let lived = snapshot(&[(Bet, QUEUE), (CheckIn, check_in)]);
        let reviewed = snapshot(&[(Bet, QUEUE), (Review, review)]);
        let empty = snapshot(&[]);
        for (snapshot, today, expected) in [
            (&lived, "2026-09-16", None),
            (&lived, "2026-09-17", Some(("2026-Q3", 13))),
            (&lived, "2026-09-30", Some(("2026-Q3", 0))),
            (&lived, "2026-10-01", Some(("2026-Q3", -1))),
            (&lived, "2026-12-17", Some(("2026-Q3", -78))),
            (&lived, "2026-12-30", Some(("2026-Q4", 1))),
            (&lived, "2027-01-01", None),
            (&reviewed, "2026-09-29", None),
            (&reviewed, "2026-10-01", None),
            (&reviewed, "2026-12-20", Some(("2026-Q4", 11))),
            (&empty, "2026-10-01", None),
            (&empty, "2026-12-31", Some(("2026-Q4", 0))),
        ] {
            let found = due(snapshot, day(today), 14);
            let found = found.as_ref().map(|due| (due.period.name.as_str(), due.days_left));
            assert_eq!(found, expected, "{today}");
        }
    }
}
