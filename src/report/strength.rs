//! How strong evidence is. Never a count of records: only proof, distinct work, reach, adopters and time count.
//!
//! A record is *proven* when it has an artifact, a number with a before and an after, or a named adopter. Distinct
//! work is counted twice, by title and by what proves it (its artifacts, without any its numbers, without these its
//! adopters), and the smaller figure holds: so a second record of the same pull request and a tenth record without proof
//! change nothing. Every condition grows with the set of
//! records, so leaving one out can never raise a level.

use std::collections::BTreeSet;

use crate::model::{Artifact, Evidence, Guide, Metric, Text};

/// How strong a set of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// There is no evidence.
    Nothing,
    /// Nothing is proven, or one proven thing that stayed within the team.
    TooLittle,
    /// Something proven reached beyond the team, or two distinct things are proven.
    Emerging,
    /// At least two distinct proven things in two different weeks, one beyond the team, with an adopter or a number.
    Solid,
    /// At least three distinct proven things in three different weeks, two beyond the team or one at the level of a
    /// pillar, and two distinct adopters.
    Strong,
}

impl Strength {
    /// The words that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing recorded",
            Self::TooLittle => "too little to judge",
            Self::Emerging => "emerging",
            Self::Solid => "solid",
            Self::Strong => "strong",
        }
    }
}

/// What a set of evidence comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    /// Records.
    pub records: usize,
    /// Distinct proven pieces of work.
    pub proven: usize,
    /// Distinct proven pieces of work that reached beyond one team.
    pub beyond_team: usize,
    /// Distinct proven pieces of work that reached a pillar or the company.
    pub pillar: usize,
    /// Distinct adopters, by name without regard to case.
    pub adopters: usize,
    /// Proven pieces with a number before and after.
    pub numbers: usize,
    /// Weeks in which something proven happened.
    pub weeks: usize,
}

impl Facts {
    /// Reads a set of evidence.
    pub fn of<'e>(evidence: impl IntoIterator<Item = &'e Evidence>, guide: &Guide) -> Self {
        let evidence: Vec<&Evidence> = evidence.into_iter().collect();
        let proven: Vec<&Evidence> = evidence.iter().copied().filter(|one| is_proven(one)).collect();
        let reaching = |rank: usize| {
            distinct(
                proven
                    .iter()
                    .copied()
                    .filter(|one| guide.reach_rank(one.reach.as_ref()).is_some_and(|r| r >= rank)),
            )
        };
        Self {
            records: evidence.len(),
            proven: distinct(proven.iter().copied()),
            beyond_team: reaching(BEYOND_TEAM),
            pillar: reaching(PILLAR),
            adopters: proven
                .iter()
                .flat_map(|one| &one.adopters)
                .map(|name| folded(name.raw()))
                .collect::<BTreeSet<_>>()
                .len(),
            numbers: distinct(proven.iter().copied().filter(|one| one.metrics.iter().any(moved))),
            weeks: proven.iter().map(|one| week(one)).collect::<BTreeSet<_>>().len(),
        }
    }

    /// The level these facts come to.
    pub fn strength(&self) -> Strength {
        let far = self.beyond_team >= 2 || self.pillar >= 1;
        if self.proven >= 3 && self.weeks >= 3 && far && self.adopters >= 2 {
            Strength::Strong
        } else if self.proven >= 2
            && self.weeks >= 2
            && self.beyond_team >= 1
            && (self.adopters >= 1 || self.numbers >= 1)
        {
            Strength::Solid
        } else if self.beyond_team >= 1 || self.proven >= 2 {
            Strength::Emerging
        } else if self.records > 0 {
            Strength::TooLittle
        } else {
            Strength::Nothing
        }
    }
}

/// Rank of the first reach level beyond one team, in guides that keep the five usual levels.
pub const BEYOND_TEAM: usize = 2;
/// Rank of the first reach level that changes a pillar.
pub const PILLAR: usize = 3;

/// True when a number has a before and an after that differ.
fn moved(metric: &Metric) -> bool {
    metric.before.as_ref().is_some_and(|before| *before != metric.after)
}

/// True when something other than the person's word speaks for it.
pub fn is_proven(evidence: &Evidence) -> bool {
    evidence.artifacts.iter().any(Artifact::can_be_opened)
        || evidence.metrics.iter().any(moved)
        || evidence.adopters.iter().any(Text::has_letters)
}

/// Distinct pieces of work among proven records: the smaller of distinct titles and distinct proofs.
fn distinct<'e>(evidence: impl Iterator<Item = &'e Evidence>) -> usize {
    let (mut titles, mut proofs) = (BTreeSet::new(), BTreeSet::new());
    for one in evidence {
        titles.insert(folded(one.title.raw()));
        let artifacts = one.artifacts.iter().filter(|one| one.can_be_opened()).map(|artifact| {
            let place = artifact.url.as_ref().unwrap_or(&artifact.reference);
            format!("{} {}", artifact.repo.as_ref().map_or("", |repo| repo.raw()), place.raw())
        });
        // The adopters of a pull request are no second proof beside it, or else every retelling would find a new one.
        let opened: Vec<String> = artifacts.collect();
        if !opened.is_empty() {
            proofs.extend(opened);
        } else if one.metrics.iter().any(moved) {
            proofs.extend(
                one.metrics
                    .iter()
                    .filter(|metric| moved(metric))
                    .map(|metric| format!("metric {}", folded(metric.name.raw()))),
            );
        } else {
            proofs.extend(one.adopters.iter().map(|name| format!("adopter {}", folded(name.raw()))));
        }
    }
    titles.len().min(proofs.len())
}

/// Lower-case words without punctuation: near-identical titles become identical.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn week(evidence: &Evidence) -> (i32, u32) {
    use chrono::Datelike;
    let week = evidence.happened.0.iso_week();
    (week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Facts, Strength};
    use crate::model::{Artifact, Day, Evidence, Guide, Instant, RecordId, Slug, Text};

    fn guide() -> Guide {
        let reach = |id: &str| format!("[[reach]]\nid = \"{id}\"\nname = \"{id}\"\n");
        let levels: String = ["self", "team", "multi-team", "pillar", "company"].map(reach).concat();
        toml::from_str(&format!("name = \"t\"\ntitle = \"t\"\n{levels}")).unwrap()
    }

    fn evidence(
        n: u64,
        title: &str,
        week: i64,
        proof: Option<u32>,
        reach: Option<&str>,
        adopter: Option<&str>,
    ) -> Evidence {
        let day = Day::parse("2026-10-01").unwrap().plus(week * 7);
        let mut one =
            Evidence::new(RecordId::from_bits(n), title.into(), day, Instant::from_epoch(0, 0).unwrap());
        one.artifacts.extend(proof.map(|n| Artifact::parse(&format!("https://acme.test/pull/{n}"))));
        one.reach = reach.map(|reach| Slug::parse(reach).unwrap());
        one.adopters.extend(adopter.map(Text::from));
        one
    }

    #[test]
    fn one_real_record_and_five_trivial_ones_are_not_strong() {
        let mut set = vec![evidence(0, "Real", 0, Some(1), Some("team"), None)];
        let alone = Facts::of(&set, &guide()).strength();
        set.extend(
            (1..=5).map(|n| evidence(n, &format!("trivial {n}"), n as i64, None, Some("company"), None)),
        );
        assert_eq!(Facts::of(&set, &guide()).strength(), alone);
        assert_eq!(alone, Strength::TooLittle);
    }

    #[test]
    fn three_proven_things_with_reach_and_adopters_are_strong() {
        let set = [
            evidence(0, "Queue", 0, Some(1), Some("multi-team"), Some("Payments")),
            evidence(1, "Cache", 3, Some(2), Some("pillar"), Some("Search")),
            evidence(2, "Strategy", 6, Some(3), Some("team"), None),
        ];
        assert_eq!(Facts::of(&set, &guide()).strength(), Strength::Strong);
        assert_eq!(Facts::of(&set[..2], &guide()).strength(), Strength::Solid);
        assert_eq!(Facts::of(&set[..0], &guide()).strength(), Strength::Nothing);
    }

    prop_compose! {
        fn any_evidence()(n in 0u64..40, title in 0u8..4, week in 0i64..5, proof in proptest::option::of(0u32..4),
            reach in proptest::option::of(prop::sample::select(vec!["self", "team", "multi-team", "pillar"])),
            adopter in proptest::option::of(prop::sample::select(vec!["A", "a", "B"])),
        ) -> Evidence {
            evidence(n, &format!("Title {title}"), week, proof, reach, adopter)
        }
    }

    proptest! {
        #[test]
        fn leaving_out_never_raises_and_order_never_matters(set in prop::collection::vec(any_evidence(), 0..12), out in 0usize..12) {
            let guide = guide();
            let whole = Facts::of(&set, &guide).strength();
            let mut reversed = set.clone();
            reversed.reverse();
            prop_assert_eq!(Facts::of(&reversed, &guide).strength(), whole);
            if out < set.len() {
                let mut fewer = set.clone();
                fewer.remove(out);
                prop_assert!(Facts::of(&fewer, &guide).strength() <= whole);
            }
            let mut padded = set.clone();
            padded.extend((0..6).map(|n| evidence(100 + n, &format!("extra {n}"), n as i64, None, Some("company"), None)));
            padded.extend(set.iter().cloned());
            let ceiling = whole.max(if padded.is_empty() { Strength::Nothing } else { Strength::TooLittle });
            prop_assert!(Facts::of(&padded, &guide).strength() <= ceiling);
        }
    }
}
