//! Own, shape and support apart, and claims on shared numbers with who could confirm them.
//!
//! A shared number never reads as owned: evidence with a claim, and a bet or objective all of whose measures are
//! shared, are read as contributions whatever stance they carry.

use std::collections::BTreeMap;

use super::bets;
use super::rules::Ground;
use super::strength::{Facts, folded};
use crate::model::{Artifact, ArtifactKind, Bet, Evidence, Measure, Objective, RecordId, Slug, Stance, Text};

/// What is owned, what is shaped, what is supported, and what is claimed of shared numbers.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Standing {
    /// By stance, as it is read; lines without anything are left out.
    pub stances: Vec<StanceLine>,
    /// By kind of claim, in the guide's order; kinds without a record are left out.
    pub claims: Vec<ClaimLine>,
}

/// What is read with one stance.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct StanceLine {
    /// The stance; none where it was not said.
    pub stance: Option<Stance>,
    /// Bets of the period.
    pub bets: Vec<Slug>,
    /// Objectives of the period.
    pub objectives: Vec<Slug>,
    /// Records of evidence.
    pub evidence: usize,
    /// Distinct proven pieces of work among them.
    pub proven: usize,
}

/// A kind of claim on shared numbers.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ClaimLine {
    /// Its id in the guide.
    pub id: Slug,
    /// Its name.
    pub name: Text,
    /// The records that make it.
    pub records: Vec<RecordId>,
    /// Distinct proven pieces of work among them.
    pub proven: usize,
    /// Who took it up.
    pub adopters: Vec<Text>,
    /// People who are named as knowing.
    pub people: Vec<Text>,
    /// Requests that somebody reviewed.
    pub reviews: usize,
}

impl Standing {
    /// True when nobody said a stance or made a claim: there is nothing to tell apart.
    pub fn is_silent(&self) -> bool {
        self.claims.is_empty() && self.stances.iter().all(|line| line.stance.is_none())
    }
}

/// Reads the bets, objectives and evidence of a period.
pub(super) fn of(ground: &Ground<'_>) -> Standing {
    let objectives = objectives(ground);
    let stances = [Some(Stance::Own), Some(Stance::Shape), Some(Stance::Support), None].map(|stance| {
        let evidence: Vec<&Evidence> =
            ground.evidence.iter().copied().filter(|one| of_evidence(one, ground) == stance).collect();
        let bets = ground.bets.iter().filter(|(bet, _)| of_measured(bet.stance, &bet.measures) == stance);
        let aims = objectives.iter().filter(|one| of_measured(one.stance, &one.measures) == stance);
        StanceLine {
            stance,
            bets: bets.map(|(bet, _)| bet.slug.clone()).collect(),
            objectives: aims.map(|one| one.slug.clone()).collect(),
            proven: Facts::of(evidence.iter().copied(), ground.guide).proven,
            evidence: evidence.len(),
        }
    });
    let said = |line: &StanceLine| line.evidence > 0 || !line.bets.is_empty() || !line.objectives.is_empty();
    Standing {
        stances: stances.into_iter().filter(said).collect(),
        claims: ground.guide.claims.iter().filter_map(|kind| claim(ground, &kind.id, &kind.name)).collect(),
    }
}

fn claim(ground: &Ground<'_>, id: &Slug, name: &Text) -> Option<ClaimLine> {
    let made: Vec<&Evidence> =
        ground.evidence.iter().copied().filter(|one| one.claims.contains(id)).collect();
    let artifacts = || made.iter().flat_map(|one| &one.artifacts);
    let people = artifacts().filter(|one| one.kind == ArtifactKind::Person).map(|one| &one.reference);
    let reviews = artifacts().filter(|one| is_reviewed(one));
    (!made.is_empty()).then(|| ClaimLine {
        id: id.clone(),
        name: name.clone(),
        proven: Facts::of(made.iter().copied(), ground.guide).proven,
        adopters: distinct(made.iter().flat_map(|one| &one.adopters)),
        people: distinct(people),
        reviews: distinct(reviews.map(|one| one.url.as_ref().unwrap_or(&one.reference))).len(),
        records: {
            let mut records: Vec<RecordId> = made.iter().map(|one| one.id).collect();
            records.sort_unstable();
            records
        },
    })
}

/// Names without their repetitions, whatever their case, in the order of the alphabet.
fn distinct<'t>(names: impl Iterator<Item = &'t Text>) -> Vec<Text> {
    let named = names.filter(|name| name.has_letters()).map(|name| (folded(name.raw()), name.clone()));
    let mut names: BTreeMap<String, Text> = BTreeMap::new();
    for (folded, name) in named {
        let kept = names.entry(folded).or_insert_with(|| name.clone());
        // Which spelling is shown must not depend on the order of records.
        *kept = name.min(kept.clone());
    }
    names.into_values().collect()
}

/// The objectives of the period, in the order they were recorded.
pub(super) fn objectives<'g>(ground: &'g Ground<'_>) -> Vec<&'g Objective> {
    let all = ground.snapshot.objectives.values();
    let mut objectives: Vec<_> = all
        .filter(|one| bets::overlaps(&one.period, ground.guide, ground.period, ground.period.end))
        .collect();
    objectives.sort_by_key(|one| (one.recorded, one.id));
    objectives
}

/// The stance that evidence is read with: its own, or that of its bets where they agree.
fn of_evidence(evidence: &Evidence, ground: &Ground<'_>) -> Option<Stance> {
    let served = || {
        let bets = evidence.bets.iter().filter_map(|id| ground.snapshot.bets.get(id));
        let mut stances = bets.map(|bet| of_measured(bet.stance, &bet.measures));
        let first = stances.next()?;
        stances.all(|stance| stance == first).then_some(first)?
    };
    let stance = evidence.stance.or_else(served);
    let contributes =
        stance == Some(Stance::Own) && (!evidence.claims.is_empty() || serves_shared(evidence, ground));
    if contributes { Some(Stance::Shape) } else { stance }
}

/// True when every bet that a record serves wants to move shared numbers only.
fn serves_shared(evidence: &Evidence, ground: &Ground<'_>) -> bool {
    let mut bets = evidence.bets.iter().filter_map(|id| ground.snapshot.bets.get(id)).peekable();
    bets.peek().is_some() && bets.all(|bet| all_shared(&bet.measures))
}

fn all_shared(measures: &[Measure]) -> bool {
    !measures.is_empty() && measures.iter().all(|measure| measure.shared)
}

/// The stance that a bet or an objective is read with.
fn of_measured(stance: Option<Stance>, measures: &[Measure]) -> Option<Stance> {
    if all_shared(measures) && stance == Some(Stance::Own) { Some(Stance::Shape) } else { stance }
}

/// True when a bet says own and one of its numbers is shared.
pub(super) fn overclaims(bet: &Bet) -> bool {
    bet.stance == Some(Stance::Own) && bet.measures.iter().any(|measure| measure.shared)
}

/// True when somebody is named, or a request was reviewed, so that a claim could be asked about.
pub(super) fn can_be_confirmed(evidence: &Evidence) -> bool {
    evidence.adopters.iter().any(Text::has_letters)
        || evidence
            .artifacts
            .iter()
            .any(|one| is_reviewed(one) || one.kind == ArtifactKind::Person && one.reference.has_letters())
}

/// True for a request: somebody other than its author looked at it.
fn is_reviewed(artifact: &Artifact) -> bool {
    artifact.kind == ArtifactKind::PullRequest && artifact.can_be_opened()
}

#[cfg(test)]
mod tests {
    use crate::model::Kind::{self, Bet, Evidence, Objective};
    use crate::report::scorecard;
    use crate::report::testing::{quarter, snapshot};

    fn standing(records: &[(Kind, &str)]) -> super::Standing {
        scorecard::build(&snapshot(records), &quarter()).standing
    }

    /// Stance, bets, objectives and records of every line.
    fn lines(standing: &super::Standing) -> Vec<(&str, usize, usize, usize)> {
        let line = |one: &super::StanceLine| {
            let stance = one.stance.map_or("", |stance| stance.as_str());
            (stance, one.bets.len(), one.objectives.len(), one.evidence)
        };
        standing.stances.iter().map(line).collect()
    }

    #[test]
    fn a_shared_number_never_reads_as_owned() {
        let bet = |shared: bool| {
            format!(
                "slug = \"queue\"\ntitle = \"Queue\"\nperiod = \"2026-Q3\"\nstance = \"own\"\n[[measure]]\n\
                 name = \"churn\"\ndirection = \"down\"\nshared = {shared}\n"
            )
        };
        let aim = "slug = \"aim\"\ntitle = \"Aim\"\nperiod = \"2026\"\nstance = \"own\"\n[[measure]]\n\
                   name = \"churn\"\ndirection = \"down\"\nshared = true\n";
        let claimed =
            "title = \"Fell\"\nhappened = 2026-07-14\nstance = \"own\"\nclaims = [\"foundation\"]\n";
        let inherited = "title = \"On it\"\nhappened = 2026-07-15\nbets = [\"kkkkkkkkkkkkkkkl\"]\n";
        let shared = bet(true);
        let records = [(Bet, shared.as_str()), (Objective, aim), (Evidence, claimed), (Evidence, inherited)];
        assert_eq!(lines(&standing(&records)), [("shape", 1, 1, 2)]);
        let own = bet(false);
        let records = [(Bet, own.as_str()), (Evidence, inherited)];
        assert_eq!(lines(&standing(&records)), [("own", 1, 0, 1)], "evidence takes the stance of its bet");
    }

    #[test]
    fn claims_name_each_adopter_person_and_review_once() {
        let claim = |title: &str, more: &str| {
            format!("title = \"{title}\"\nhappened = 2026-07-14\nclaims = [\"foundation\"]\n{more}")
        };
        let pull = "[[artifact]]\ntype = \"pull-request\"\nref = \"#7\"\n";
        let one = claim("One", &format!("adopters = [\"Payments\", \"search\"]\n{pull}"));
        let two = claim(
            "Two",
            &format!(
                "adopters = [\"payments\", \"-\"]\n{pull}[[artifact]]\ntype = \"person\"\nref = \"Ada\"\n"
            ),
        );
        let standing = standing(&[(Evidence, &one), (Evidence, &two)]);
        let [claim] = standing.claims.as_slice() else { panic!("{:?}", standing.claims) };
        let adopters: Vec<_> = claim.adopters.iter().map(|name| name.raw()).collect();
        assert_eq!((adopters, claim.people.len(), claim.reviews), (vec!["Payments", "search"], 1, 1));
        assert!(!standing.is_silent());
    }

    #[test]
    fn without_a_word_on_stance_there_is_nothing_to_tell_apart() {
        let bare = "title = \"Bare\"\nhappened = 2026-07-14\n";
        assert!(standing(&[(Evidence, bare)]).is_silent() && standing(&[]).is_silent());
    }
}
