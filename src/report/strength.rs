//! How strong evidence is. Never a count of records: only proof, distinct work, reach, adopters and time count.
//!
//! A record is *proven* when it has an artifact, a number with a before and an after, or a named adopter. It *weighs*
//! when it also reached beyond the team, moved a number or was taken up by somebody: a link alone is easily had. Distinct work is counted twice, by title and by what proves it, and the
//! smaller figure holds: so a second record of the same pull request and a tenth record without proof change nothing.
//! Every condition grows with the set of records, so leaving one out can never raise a level.

use std::collections::BTreeSet;

use super::proof::{self, Proof};
use crate::model::{Artifact, Day, Evidence, Guide, Metric, Stance, Text};

/// How strong a set of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// There is no evidence.
    Nothing,
    /// Nothing weighs, or one thing that stayed within the team.
    TooLittle,
    /// Something proven reached beyond the team, or two distinct things weigh.
    Emerging,
    /// At least two distinct things that weigh in two different weeks, one beyond the team, with an adopter or a number.
    Solid,
    /// At least three distinct things that weigh in three different weeks, two beyond the team or one at the level of a
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
    /// Distinct proven pieces of work that weigh: with reach, a number or an adopter.
    pub weighty: usize,
    /// Those of them that were more than support for what others did.
    pub led: usize,
    /// Distinct proven pieces of work that reached beyond one team.
    pub beyond_team: usize,
    /// Distinct proven pieces of work that reached a pillar or the company.
    pub pillar: usize,
    /// Distinct adopters, by name without regard to case.
    pub adopters: usize,
    /// Proven pieces with a number before and after.
    pub numbers: usize,
    /// Weeks in which something that weighs happened.
    pub weeks: usize,
    /// The newest day on which something proven happened.
    pub newest: Option<Day>,
}

impl Facts {
    /// Reads a set of evidence.
    pub fn of<'e>(evidence: impl IntoIterator<Item = &'e Evidence>, guide: &Guide) -> Self {
        let evidence: Vec<&Evidence> = evidence.into_iter().collect();
        // What is dated after the day it was written down is a plan.
        let proven: Vec<&Evidence> =
            evidence.iter().copied().filter(|one| is_proven(one) && !is_ahead(one)).collect();
        let reaching = |rank: usize| {
            distinct(
                proven
                    .iter()
                    .copied()
                    .filter(|one| guide.reach_rank(one.reach.as_ref()).is_some_and(|r| r >= rank)),
            )
        };
        let weighty = || proven.iter().copied().filter(|one| weighs(one, guide));
        Self {
            records: evidence.len(),
            weighty: distinct(weighty()),
            led: distinct(weighty().filter(|one| one.stance != Some(Stance::Support))),
            newest: proven.iter().map(|one| one.happened).max(),
            proven: distinct(proven.iter().copied()),
            beyond_team: reaching(BEYOND_TEAM),
            pillar: reaching(PILLAR),
            adopters: proven
                .iter()
                .flat_map(|one| &one.adopters)
                .map(|name| who(name.raw()))
                .collect::<BTreeSet<_>>()
                .len(),
            numbers: distinct(proven.iter().copied().filter(|one| one.metrics.iter().any(moved))),
            weeks: weighty().map(week).collect::<BTreeSet<_>>().len(),
        }
    }

    /// The level these facts come to, by a guide's thresholds, looking back from `upto`.
    pub fn strength(&self, guide: &Guide, upto: Day) -> Strength {
        let level = self.level(guide);
        let old = guide.limit("dimension-strength", "old_days");
        // What is long ago still speaks, and less.
        match level {
            Strength::Solid | Strength::Strong
                if self.newest.is_some_and(|newest| upto.since(newest) as f64 > old) =>
            {
                if level == Strength::Strong { Strength::Solid } else { Strength::Emerging }
            }
            level => level,
        }
    }

    fn level(&self, guide: &Guide) -> Strength {
        let at_least = |count: usize, name: &str| count as f64 >= guide.limit("dimension-strength", name);
        let far = self.beyond_team >= 2 || self.pillar >= 1;
        if at_least(self.weighty, "strong_pieces")
            && at_least(self.weeks, "strong_weeks")
            && at_least(self.adopters, "strong_adopters")
            && far
            && self.led >= 2
        {
            Strength::Strong
        } else if at_least(self.weighty, "solid_pieces")
            && at_least(self.weeks, "solid_weeks")
            && self.beyond_team >= 1
            && self.led >= 1
            && (self.adopters >= 1 || self.numbers >= 1)
        {
            Strength::Solid
        } else if self.beyond_team >= 1 || self.weighty >= 2 {
            Strength::Emerging
        } else if self.records > 0 {
            Strength::TooLittle
        } else {
            Strength::Nothing
        }
    }
}

/// True when a proven record has more to show than something to open.
fn weighs(one: &Evidence, guide: &Guide) -> bool {
    let reaches = guide.reach_rank(one.reach.as_ref()).is_some_and(|rank| rank >= BEYOND_TEAM);
    let counted = one.metrics.iter().any(moved) || one.adopters.iter().any(Text::has_letters);
    reaches || counted
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

/// True when a record is dated after the day it was written down; a day more is the width of the world.
pub fn is_ahead(evidence: &Evidence) -> bool {
    evidence.happened > evidence.recorded.day().plus(1)
}

/// Distinct things that titles speak of, proven or not.
pub(super) fn subjects<'e>(evidence: impl Iterator<Item = &'e Evidence>) -> usize {
    evidence.map(|one| gist(one.title.raw())).collect::<BTreeSet<_>>().len()
}

/// Distinct pieces of work among proven records: the smaller of distinct titles and distinct proofs.
fn distinct<'e>(evidence: impl Iterator<Item = &'e Evidence>) -> usize {
    let (mut titles, mut proofs) = (BTreeSet::new(), BTreeSet::new());
    for one in evidence {
        titles.insert(gist(one.title.raw()));
        // One proof for a record, the one that says most: what else it lists is about the same work. And the adopters of
        // a pull request are no second proof beside it, or else every retelling would find a new one.
        let opened = one.artifacts.iter().filter(|one| one.can_be_opened()).map(proof::of).min();
        if let Some(opened) = opened {
            proofs.insert(opened);
        } else if let Some(metric) =
            one.metrics.iter().filter(|metric| moved(metric)).map(|m| m.name.raw()).min()
        {
            proofs.insert(Proof::Other(format!("metric {}", folded(metric))));
        } else {
            proofs
                .extend(one.adopters.iter().map(|name| Proof::Other(format!("adopter {}", who(name.raw())))));
        }
    }
    titles.len().min(proof::count(&proofs))
}

/// What a title is about: its telling words without plural endings, in the order of the alphabet. "One policy for all
/// services" and "One policy for all the services" say the same.
fn gist(title: &str) -> String {
    let mut words: Vec<String> = folded(title)
        .split(' ')
        .filter(|word| !FILLERS.split(' ').any(|filler| filler == *word))
        .map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word).to_owned())
        .collect();
    words.sort();
    words.dedup();
    words.join(" ")
}

/// Words that make no title another one.
const FILLERS: &str = "a an the of for to in on at by and or with from into all every each any some more another again also our \
    my its their";

/// Who took something up: a name without what teams are called besides, in any order of words.
fn who(name: &str) -> String {
    let mut words: Vec<String> = folded(name)
        .split(' ')
        .filter(|word| !matches!(*word, "team" | "teams" | "the" | "group" | "squad"))
        .map(str::to_owned)
        .collect();
    words.sort();
    words.join(" ")
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
        let mut one = Evidence::new(
            RecordId::from_bits(n),
            title.into(),
            day,
            Instant::from_epoch(2_000_000_000, 0).unwrap(),
        );
        one.artifacts.extend(proof.map(|n| Artifact::parse(&format!("https://acme.test/pull/{n}"))));
        one.reach = reach.map(|reach| Slug::parse(reach).unwrap());
        one.adopters.extend(adopter.map(Text::from));
        one
    }

    fn level(set: &[Evidence]) -> Strength {
        Facts::of(set, &guide()).strength(&guide(), Day::parse("2026-12-31").unwrap())
    }

    #[test]
    fn one_real_record_and_five_trivial_ones_are_not_strong() {
        let mut set = vec![evidence(0, "Real", 0, Some(1), Some("team"), None)];
        let alone = level(&set);
        set.extend(
            (1..=5).map(|n| evidence(n, &format!("trivial {n}"), n as i64, None, Some("company"), None)),
        );
        assert_eq!(level(&set), alone);
        assert_eq!(alone, Strength::TooLittle);
    }

    #[test]
    fn three_proven_things_with_reach_and_adopters_are_strong() {
        let set = [
            evidence(0, "Queue", 0, Some(1), Some("multi-team"), Some("Payments")),
            evidence(1, "Cache", 3, Some(2), Some("pillar"), Some("Search")),
            evidence(2, "Strategy", 6, Some(3), Some("multi-team"), None),
        ];
        assert_eq!(level(&set), Strength::Strong);
        assert_eq!(level(&set[..2]), Strength::Solid);
        assert_eq!(level(&set[..0]), Strength::Nothing);
    }

    #[test]
    fn trivial_work_with_links_never_reads_as_more_than_emerging() {
        let mut small: Vec<Evidence> = vec![evidence(0, "typo", 0, Some(1), None, None)];
        assert_eq!(level(&small), Strength::TooLittle);
        small.extend(
            (1..9).map(|n| evidence(n, &format!("typo {n}"), n as i64, Some(n as u32 + 1), None, None)),
        );
        assert_eq!(level(&small), Strength::TooLittle);
        let real = evidence(0, "Queue", 0, Some(1), Some("pillar"), Some("Payments"));
        let mut set = vec![real.clone()];
        assert_eq!(level(&set), Strength::Emerging);
        set.extend(
            (1..9).map(|n| evidence(n, &format!("typo {n}"), n as i64, Some(n as u32 + 1), None, None)),
        );
        assert_eq!(level(&set), Strength::Emerging);
        // One pull request under five names is one piece of work.
        let forms =
            ["#1", "https://acme.test/a/b/pull/1", "https://acme.test/a/b/pull/1/files", "acme.test/a/b#1"];
        let copies: Vec<Evidence> = (0u64..)
            .zip(forms)
            .map(|(n, form)| {
                let mut one = evidence(
                    n,
                    &format!("Queue {n}"),
                    n as i64,
                    None,
                    Some("pillar"),
                    Some(["Search", "Search team", "search-team", "Team Search"][n as usize]),
                );
                one.artifacts.push(Artifact::parse(form));
                one
            })
            .collect();
        let facts = Facts::of(&copies, &guide());
        assert_eq!((facts.proven, facts.adopters), (1, 1));
    }

    #[test]
    fn support_alone_is_not_solid_and_what_is_long_ago_is_less() {
        let mut set = vec![
            evidence(0, "Queue", 0, Some(1), Some("multi-team"), Some("Payments")),
            evidence(1, "Cache", 3, Some(2), Some("pillar"), Some("Search")),
            evidence(2, "Strategy", 6, Some(3), Some("multi-team"), None),
        ];
        let later = Day::parse("2027-12-31").unwrap();
        assert_eq!(Facts::of(&set, &guide()).strength(&guide(), later), Strength::Solid);
        set.iter_mut().for_each(|one| one.stance = Some(crate::model::Stance::Support));
        assert_eq!(level(&set), Strength::Emerging);
    }

    #[test]
    fn near_identical_titles_are_one() {
        let titles = [
            "One retry policy for all services",
            "One retry policy for all the services",
            "one retry policy, all service",
        ];
        let set: Vec<Evidence> = (0u64..)
            .zip(titles)
            .map(|(n, title)| evidence(n, title, n as i64, Some(n as u32), None, None))
            .collect();
        assert_eq!(Facts::of(&set, &guide()).proven, 1);
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
            let whole = level(&set);
            let mut reversed = set.clone();
            reversed.reverse();
            prop_assert_eq!(level(&reversed), whole);
            if out < set.len() {
                let mut fewer = set.clone();
                fewer.remove(out);
                prop_assert!(level(&fewer) <= whole);
            }
            let mut padded = set.clone();
            padded.extend((0..6).map(|n| evidence(100 + n, &format!("extra {n}"), n as i64, None, Some("company"), None)));
            padded.extend(set.iter().cloned());
            let ceiling = whole.max(if padded.is_empty() { Strength::Nothing } else { Strength::TooLittle });
            prop_assert!(level(&padded) <= ceiling);
        }
    }
}
