//! The shape of a portfolio before and after: how many bets are open, of which kind, and on what footing.

use std::collections::BTreeSet;

use crate::model::{Bet, Slug, Snapshot, Stance};

/// The open bets of two snapshots, counted in the same rows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Shape {
    /// All of them.
    pub open: Count,
    /// By kind: those of the guide in its order, others by name, then bets without a kind, if any.
    pub kinds: Vec<Part>,
    /// By stance: own, shape, support, then bets without one, if any.
    pub stances: Vec<Part>,
}

/// A number of bets on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Before.
    pub before: usize,
    /// After.
    pub after: usize,
}

/// The bets of a kind, or of a stance.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// The word of the records; none for bets that have none.
    pub word: Option<String>,
    /// How many.
    #[serde(flatten)]
    pub bets: Count,
}

impl Shape {
    /// Counts the open bets of two snapshots, by the words of the newer one's guide.
    pub fn of(before: Option<&Snapshot>, after: &Snapshot) -> Self {
        fn open(snapshot: &Snapshot) -> Vec<&Bet> {
            snapshot.bets.values().filter(|bet| bet.is_open()).collect()
        }
        let (before, newer) = (before.map(open).unwrap_or_default(), open(after));
        let count = |is: &dyn Fn(&Bet) -> bool| Count {
            before: before.iter().filter(|bet| is(bet)).count(),
            after: newer.iter().filter(|bet| is(bet)).count(),
        };
        let known: Vec<&Slug> = after.guide.bet_kinds.iter().map(|kind| &kind.id).collect();
        let used = before.iter().chain(&newer).filter_map(|bet| bet.kind.as_ref());
        let strange: BTreeSet<&Slug> = used.filter(|kind| !known.contains(kind)).collect();
        let kinds = known.into_iter().chain(strange).map(|kind| Part {
            word: Some(kind.to_string()),
            bets: count(&|bet| bet.kind.as_ref() == Some(kind)),
        });
        let stances = Stance::ALL.into_iter().map(|stance| Part {
            word: Some(stance.as_str().to_owned()),
            bets: count(&|bet| bet.stance == Some(stance)),
        });
        let without = |bets: Count| (bets != Count::default()).then_some(Part { word: None, bets });
        Self {
            open: count(&|_| true),
            kinds: kinds.chain(without(count(&|bet| bet.kind.is_none()))).collect(),
            stances: stances.chain(without(count(&|bet| bet.stance.is_none()))).collect(),
        }
    }

    /// True when both sides are the same.
    pub fn is_same(&self) -> bool {
        let parts = self.kinds.iter().chain(&self.stances).map(|part| part.bets);
        parts.chain([self.open]).all(|count| count.before == count.after)
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Shape};
    use crate::model::Kind::Bet;
    use crate::report::testing::snapshot;

    #[test]
    fn only_open_bets_have_a_shape() {
        let bet = |slug: &str, more: &str| {
            format!("slug = \"{slug}\"\ntitle = \"{slug}\"\nperiod = \"2026-Q3\"\n{more}")
        };
        let own = bet("own", "kind = \"business-facing\"\nstance = \"own\"\n");
        let odd = bet("odd", "kind = \"odd\"\nstance = \"shape\"\n");
        let bare = bet("bare", "");
        let over =
            bet("over", "stance = \"own\"\n[closed]\noutcome = \"won\"\ndate = 2026-09-01\nwhy = \"x\"\n");
        let before = snapshot(&[(Bet, &own)]);
        let after = snapshot(&[(Bet, &own), (Bet, &odd), (Bet, &bare), (Bet, &over)]);
        let shape = Shape::of(Some(&before), &after);
        assert_eq!(shape.open, Count { before: 1, after: 3 });
        let told = |parts: &[super::Part]| -> Vec<String> {
            let word = |part: &super::Part| part.word.clone().unwrap_or_else(|| "none".into());
            let used = parts.iter().filter(|part| part.bets != Count::default());
            used.map(|part| format!("{} {} {}", word(part), part.bets.before, part.bets.after)).collect()
        };
        assert_eq!(told(&shape.kinds), ["business-facing 1 1", "odd 0 1", "none 0 1"]);
        assert_eq!(told(&shape.stances), ["own 1 1", "shape 0 1", "none 0 1"]);
        assert!(!shape.is_same() && Shape::of(Some(&after), &after).is_same());
        assert_eq!(Shape::of(None, &after).open, Count { before: 0, after: 3 });
    }
}
