//! The scorecard: the guide's sections and questions, each answered by findings.

use std::collections::BTreeMap;

use super::bets::{self, BetView};
use super::drift::{self, QuarterShape};
use super::finding::{Finding, Reading, Tone, number};
use super::lag::Lag;
use super::rules::{self, Ground};
use super::standing::{self, Standing};
use super::strength::{Facts, Strength};
use super::watch::{self, Watch};
use crate::model::guide::Stream;
use crate::model::{Day, Evidence, Fault, Guide, Period, RecordId, Revision, Slug, Snapshot, Text};

pub(crate) use super::watch::decisions_since;

/// A scorecard of a period, as a revision of the journal knew it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Scorecard {
    /// The period: when things happened.
    pub period: Period,
    /// The revision: what the journal knew.
    pub revision: Revision,
    /// The guide's name at that revision.
    pub guide: Slug,
    /// The guide's sections.
    pub sections: Vec<Section>,
    /// The rubric's dimensions.
    pub dimensions: Vec<Coverage>,
    /// Own, shape and support apart, and claims on shared numbers.
    pub standing: Standing,
    /// The shape of the bets over the last four quarters; empty unless two of them have bets.
    pub shape: Vec<QuarterShape>,
    /// What to watch: traps, shape, distortion, confidence, proof. Sections without a finding are left out.
    pub watch: Vec<Watch>,
    /// The bets of the period.
    pub bets: Vec<BetView>,
    /// The evidence of the period.
    pub evidence: EvidenceSummary,
    /// What is wrong with the guide, or missing from it, and what that means for this report.
    pub notes: Vec<Text>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

impl Scorecard {
    /// Every finding, in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let answers =
            self.sections.iter().flat_map(|section| &section.answers).flat_map(|answer| &answer.findings);
        let dimensions = self.dimensions.iter().flat_map(|dimension| &dimension.findings);
        answers.chain(dimensions).chain(self.watch.iter().flat_map(|watch| &watch.findings))
    }

    fn findings_mut(&mut self) -> impl Iterator<Item = &mut Finding> {
        let answers = self.sections.iter_mut().flat_map(|section| &mut section.answers);
        let answers = answers.flat_map(|answer| &mut answer.findings);
        let dimensions = self.dimensions.iter_mut().flat_map(|dimension| &mut dimension.findings);
        answers.chain(dimensions).chain(self.watch.iter_mut().flat_map(|watch| &mut watch.findings))
    }
}

/// A section of the scorecard.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Section {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// Its questions, answered.
    pub answers: Vec<Answer>,
}

/// A question and what the records say to it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Answer {
    /// The question's id in the guide.
    pub id: Slug,
    /// The question.
    pub question: Text,
    /// How far the records answer it.
    pub reading: Reading,
    /// Why.
    pub findings: Vec<Finding>,
}

/// What speaks for a dimension of the rubric.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Coverage {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// How strong the evidence is.
    pub strength: Strength,
    /// What the evidence comes to.
    pub facts: Facts,
    /// Why.
    pub findings: Vec<Finding>,
}

/// The evidence of a period in figures.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct EvidenceSummary {
    /// Records.
    pub records: usize,
    /// Records by kind, in the guide's order; kinds without any included.
    pub kinds: Vec<KindCount>,
    /// Records of loud kinds.
    pub loud: usize,
    /// Records of shaping kinds.
    pub shaping: usize,
    /// Records without kind, bet and dimension.
    pub untriaged: usize,
    /// How long after the event they were written down.
    pub lag: Option<Lag>,
    /// The records, oldest first.
    pub list: Vec<EvidenceLine>,
}

/// How many records a kind has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct KindCount {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// Whether it is seen by itself or has to be told.
    pub stream: Stream,
    /// Records.
    pub records: usize,
}

/// A record of evidence on one line.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct EvidenceLine {
    /// Its id.
    pub id: RecordId,
    /// The day it happened.
    pub happened: Day,
    /// What happened.
    pub title: Text,
    /// Its kind.
    pub kind: Option<Slug>,
    /// How far it reached.
    pub reach: Option<Slug>,
    /// True when something other than the person's word speaks for it.
    pub proven: bool,
}

/// Builds the scorecard of a period from a snapshot that holds the period's evidence.
pub fn build(snapshot: &Snapshot, period: &Period) -> Scorecard {
    let guide = &snapshot.guide;
    let evidence: Vec<&Evidence> =
        snapshot.evidence.iter().filter(|one| period.contains(one.happened)).collect();
    let upto = snapshot.revision.time.day().max(period.start).min(period.end);
    let bets: Vec<_> = bets::in_period(snapshot, period, period.end)
        .into_iter()
        .map(|bet| (bet, BetView::new(bet, snapshot, upto)))
        .collect();
    let dimensions: Vec<Coverage> = guide
        .dimensions
        .iter()
        .map(|dimension| coverage(&dimension.id, &dimension.name, &evidence, snapshot, upto))
        .collect();
    let strengths: Vec<_> = dimensions.iter().map(|one| (one.id.to_string(), one.strength)).collect();
    let ground =
        Ground { guide, bets: &bets, evidence: &evidence, dimensions: &strengths, period, upto, snapshot };
    let sections = guide.sections.iter().map(|section| Section {
        id: section.id.clone(),
        name: section.name.clone(),
        answers: section
            .questions
            .iter()
            .map(|question| {
                let (reading, findings) = rules::answer(question.id.as_str(), &ground);
                Answer { id: question.id.clone(), question: question.question.clone(), reading, findings }
            })
            .collect(),
    });
    let mut card = Scorecard {
        period: period.clone(),
        revision: snapshot.revision.clone(),
        guide: guide.name.clone(),
        sections: sections.collect(),
        standing: standing::of(&ground),
        shape: drift::shape(&ground),
        watch: watch::all(&ground),
        dimensions,
        evidence: summary(&evidence, snapshot, period),
        bets: bets.into_iter().map(|(_, view)| view).collect(),
        notes: notes(guide),
        faults: snapshot.faults.clone(),
    };
    number(card.findings_mut());
    card
}

/// What a guide lacks, on one line, and each of its thresholds that cannot be meant.
fn notes(guide: &Guide) -> Vec<Text> {
    let families = [
        ("gate", guide.gates.is_empty()),
        ("claim", guide.claims.is_empty()),
        ("dimension", guide.dimensions.is_empty()),
        ("section", guide.sections.is_empty()),
        ("bet_kind", guide.bet_kinds.is_empty()),
        ("evidence_kind", guide.evidence_kinds.is_empty()),
        ("reach", guide.reaches.is_empty()),
    ];
    let missing: Vec<&str> =
        families.into_iter().filter(|(_, is_empty)| *is_empty).map(|(family, _)| family).collect();
    let mut notes = Vec::new();
    if !missing.is_empty() {
        let message = format!("the guide has no {}: what rests on that is left out", missing.join(", no "));
        notes.push(message.into());
    }
    let wrong = guide.threshold_problems().into_iter();
    notes.extend(wrong.map(|(place, what)| {
        Text::from(format!("the guide's {place} was passed over, and the rule's own numbers hold: {what}"))
    }));
    notes
}

fn coverage(id: &Slug, name: &Text, evidence: &[&Evidence], snapshot: &Snapshot, upto: Day) -> Coverage {
    let shown: Vec<&Evidence> = evidence.iter().copied().filter(|one| one.dimensions.contains(id)).collect();
    let facts = Facts::of(shown.iter().copied(), &snapshot.guide);
    let strength = facts.strength(&snapshot.guide, upto);
    let message = match facts.records {
        0 => "no record names it".to_owned(),
        n => format!(
            "{n} record{}: {} distinct proven, {} beyond the team, {} adopter{}, over {} week{}",
            plural(n),
            facts.proven,
            facts.beyond_team,
            facts.adopters,
            plural(facts.adopters),
            facts.weeks,
            plural(facts.weeks)
        ),
    };
    let tone = match strength {
        Strength::Nothing => Tone::Gap,
        Strength::TooLittle => Tone::Warning,
        Strength::Emerging => Tone::Note,
        Strength::Solid | Strength::Strong => Tone::Good,
    };
    let finding = Finding::new("dimension-strength", tone, message, shown.iter().map(|one| one.id));
    Coverage { id: id.clone(), name: name.clone(), strength, facts, findings: vec![finding] }
}

fn summary(evidence: &[&Evidence], snapshot: &Snapshot, period: &Period) -> EvidenceSummary {
    let mut by_kind: BTreeMap<&Slug, usize> = BTreeMap::new();
    for kind in evidence.iter().filter_map(|one| one.kind.as_ref()) {
        *by_kind.entry(kind).or_default() += 1;
    }
    let kinds: Vec<KindCount> = snapshot
        .guide
        .evidence_kinds
        .iter()
        .map(|kind| KindCount {
            id: kind.id.clone(),
            name: kind.name.clone(),
            stream: kind.stream,
            records: by_kind.get(&kind.id).copied().unwrap_or(0),
        })
        .collect();
    let of = |stream| kinds.iter().filter(|kind| kind.stream == stream).map(|kind| kind.records).sum();
    EvidenceSummary {
        records: evidence.len(),
        loud: of(Stream::Loud),
        shaping: of(Stream::Shaping),
        untriaged: evidence.iter().filter(|one| one.is_untriaged()).count(),
        lag: (!evidence.is_empty()).then(|| Lag::of(evidence.iter().copied(), period.end)),
        list: evidence
            .iter()
            .map(|one| EvidenceLine {
                id: one.id,
                happened: one.happened,
                title: one.title.clone(),
                kind: one.kind.clone(),
                reach: one.reach.clone(),
                proven: super::strength::is_proven(one),
            })
            .collect(),
        kinds,
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::{Scorecard, build};
    use crate::model::Kind::{self, Bet, CheckIn, Evidence};
    use crate::report::testing::{quarter, snapshot};
    use crate::report::{Reading, Strength};

    fn card(records: &[(Kind, &str)]) -> Scorecard {
        build(&snapshot(records), &quarter())
    }

    fn reading(card: &Scorecard, question: &str) -> Reading {
        card.sections
            .iter()
            .flat_map(|section| &section.answers)
            .find(|one| one.id.as_str() == question)
            .unwrap()
            .reading
    }

    const REAL: &str = "title = \"Queue carries Payments\"\nhappened = 2026-07-14\nkind = \"platform\"\n\
        dimensions = [\"technical\"]\nreach = \"multi-team\"\nadopters = [\"Payments\"]\noutcomes = [\"trust\"]\n\
        [[artifact]]\ntype = \"pull-request\"\nref = \"#7\"\n";

    #[test]
    fn an_empty_quarter_claims_nothing() {
        let card = card(&[]);
        for question in [
            "outcomes",
            "why-now",
            "shared-gain",
            "direction",
            "all-dimensions",
            "outside-reader",
            "artifacts",
            "fresh",
        ] {
            assert_eq!(reading(&card, question), Reading::Nothing, "{question}");
        }
        assert!(card.dimensions.iter().all(|one| one.strength == Strength::Nothing));
    }

    #[test]
    fn five_trivial_records_beside_a_real_one_change_no_strength() {
        let alone = card(&[(Evidence, REAL)]);
        let trivial: Vec<String> = (1..=5)
            .map(|n| format!("title = \"trivial {n}\"\nhappened = 2026-08-0{n}\ndimensions = [\"technical\"]\nreach = \"company\"\n"))
            .collect();
        let mut records = vec![(Evidence, REAL)];
        records.extend(trivial.iter().map(|text| (Evidence, text.as_str())));
        let flattered = card(&records);
        assert_eq!(flattered.dimensions[0].strength, alone.dimensions[0].strength);
        assert!(reading(&flattered, "artifacts") < Reading::Fair);
    }

    #[test]
    fn a_local_optimiser_reads_as_local() {
        let local = |day: &str, n: u32| {
            format!(
                "title = \"Fix {n}\"\nhappened = {day}\nkind = \"reliability\"\ndimensions = [\"technical\"]\nreach = \"team\"\n\
                 [[artifact]]\ntype = \"commit\"\nref = \"{n:040}\"\n"
            )
        };
        let (a, b, c) = (local("2026-07-10", 1), local("2026-08-10", 2), local("2026-09-10", 3));
        let card = card(&[(Evidence, &a), (Evidence, &b), (Evidence, &c)]);
        assert_eq!(reading(&card, "outside-reader"), Reading::Weak);
        assert_eq!(reading(&card, "shared-gain"), Reading::Weak);
        assert_eq!(card.dimensions[0].strength, Strength::TooLittle);
    }

    #[test]
    fn unproven_bets_and_late_writing_are_told() {
        let bet = "slug = \"queue\"\ntitle = \"Queue\"\nperiod = \"2026-Q3\"\noutcomes = [\"trust\"]\n[gate]\noutcome = \"trust\"\n";
        let check_in =
            "bet = \"kkkkkkkkkkkkkkkl\"\ndate = 2026-08-01\nstatus = \"at-risk\"\nconfidence = 40\n";
        let late = |n: u32| {
            format!("title = \"Late {n}\"\nhappened = 2026-07-0{n}\nrecorded = 2026-09-29T12:00:00Z\n")
        };
        let (a, b, c) = (late(1), late(2), late(3));
        let card = card(&[(Bet, bet), (CheckIn, check_in), (Evidence, &a), (Evidence, &b), (Evidence, &c)]);
        assert_eq!(reading(&card, "why-now"), Reading::Weak);
        assert_eq!(reading(&card, "fresh"), Reading::Weak);
        let lag = card.evidence.lag.unwrap();
        assert_eq!((lag.median, lag.last_ten_days_percent), (89, 100));
        assert_eq!((card.bets[0].confidence, card.bets[0].unanswered.len()), (Some(40), 2));
    }

    #[test]
    fn findings_cite_only_records_of_the_period() {
        let outside = REAL.replace("2026-07-14", "2026-06-30");
        let card = card(&[(Evidence, REAL), (Evidence, &outside)]);
        assert_eq!(card.evidence.records, 1);
        let cited: Vec<_> = card
            .sections
            .iter()
            .flat_map(|s| &s.answers)
            .flat_map(|a| &a.findings)
            .flat_map(|f| &f.records)
            .collect();
        assert!(!cited.is_empty() && cited.iter().all(|id| **id == card.evidence.list[0].id));
    }

    #[test]
    fn every_rule_that_a_report_cites_is_in_the_table() {
        let bet = "slug = \"queue\"\ntitle = \"Queue\"\nperiod = \"2026-Q3\"\n";
        let bare = "title = \"Bare\"\nhappened = 2026-08-01\n";
        let card = card(&[(Bet, bet), (Evidence, REAL), (Evidence, bare)]);
        let answers = card.sections.iter().flat_map(|s| &s.answers).flat_map(|a| &a.findings);
        for finding in answers.chain(card.dimensions.iter().flat_map(|d| &d.findings)) {
            assert!(crate::model::rule::find(finding.rule).is_some(), "{}", finding.rule);
        }
    }
}
