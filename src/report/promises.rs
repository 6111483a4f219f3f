//! What was promised before and is promised no longer: proofs, numbers and whole bets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Bet, Direction, Measure, RecordId, Slug, Snapshot, Text};

/// Words that two sentences share, in percent, from which on one is taken for a new wording of the other.
const ALIKE: usize = 50;

/// A promise that is gone or smaller.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Retreat {
    /// The bet that made it.
    pub bet: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What became of the promise.
    pub what: Loss,
    /// The proof as it was worded, the measure's name, or the bet's title.
    pub promise: Text,
    /// What stood there before, where that is a number.
    pub before: Option<Text>,
    /// What stands there now.
    pub after: Option<Text>,
    /// The bet that it was carried on in, when it got lost on that way.
    pub carried_into: Option<RecordId>,
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The whole bet was removed.
    BetRemoved,
    /// A proof is forecast no longer.
    ProofGone,
    /// A number is no longer to be moved, or has no target any more.
    MeasureGone,
    /// A target moved towards where the number started.
    TargetLowered,
    /// A proof has other words.
    ProofReworded,
}

/// Every promise of `before` that `after` does not keep up, by bet.
pub fn retreats(before: &Snapshot, after: &Snapshot) -> Vec<Retreat> {
    // A bet that was carried promises through the one that goes on: of several, the newest.
    let new = after.bets.values().filter(|bet| !before.bets.contains_key(&bet.id));
    let mut heirs: Vec<(RecordId, &Bet)> = new.filter_map(|bet| Some((bet.continues?, bet))).collect();
    heirs.sort_by_key(|(_, bet)| (bet.recorded, bet.id));
    let heirs: BTreeMap<RecordId, &Bet> = heirs.into_iter().collect();
    let of = |bet: &Bet| of(bet, heirs.get(&bet.id).copied(), after.bets.get(&bet.id));
    let mut retreats: Vec<Retreat> = before.bets.values().flat_map(of).collect();
    retreats.sort_by(|a, b| (&a.slug, a.bet, a.what, &a.promise).cmp(&(&b.slug, b.bet, b.what, &b.promise)));
    retreats
}

/// Promises of a bet that neither the one that goes on nor, without one, the bet itself keeps up.
fn of(bet: &Bet, heir: Option<&Bet>, itself: Option<&Bet>) -> Vec<Retreat> {
    let retreat = |what, promise: &Text, before: Option<Text>, after: Option<Text>| Retreat {
        bet: bet.id,
        slug: bet.slug.clone(),
        what,
        promise: promise.clone(),
        before,
        after,
        carried_into: heir.map(|heir| heir.id),
    };
    let Some(now) = heir.or(itself) else {
        return vec![retreat(Loss::BetRemoved, &bet.title, None, None)];
    };
    let mut retreats = Vec::new();
    for (proof, successor) in proofs(bet, now) {
        let what = if successor.is_some() { Loss::ProofReworded } else { Loss::ProofGone };
        retreats.push(retreat(what, proof, None, successor.cloned()));
    }
    for measure in &bet.measures {
        let (what, target) = match now.measures.iter().find(|one| one.name == measure.name) {
            Some(one) if measure.target.is_some() && one.target.is_none() => (Loss::MeasureGone, None),
            Some(one) if is_lowered(measure, one) => (Loss::TargetLowered, one.target),
            None if !now.measures.iter().any(|one| is_renamed(measure, one)) => (Loss::MeasureGone, None),
            _ => continue,
        };
        let shown = |target: Option<f64>| {
            target.map(|target| Text::from(format!("{target} {}", measure.unit.raw()).trim_end()))
        };
        retreats.push(retreat(what, &measure.name, shown(measure.target), shown(target)));
    }
    retreats
}

/// Proofs that are no longer there, each with the new one that is most like it, if any is.
fn proofs<'a>(before: &'a Bet, after: &'a Bet) -> Vec<(&'a Text, Option<&'a Text>)> {
    let is_in = |proof: &Text, list: &[Text]| list.iter().any(|other| words(other) == words(proof));
    let mut fresh: Vec<&Text> = after.proofs.iter().filter(|one| !is_in(one, &before.proofs)).collect();
    let gone = before.proofs.iter().filter(|one| !is_in(one, &after.proofs));
    gone.map(|proof| {
        let best = (0..fresh.len())
            .filter(|at| alike(proof, fresh[*at]) >= ALIKE)
            .max_by_key(|at| (alike(proof, fresh[*at]), std::cmp::Reverse(*at)));
        (proof, best.map(|at| fresh.remove(at)))
    })
    .collect()
}

/// Lower-case words without punctuation, in order.
fn words(text: &Text) -> Vec<String> {
    let folded = text.raw().to_lowercase();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Into::into).collect()
}

/// Words that both have, in percent of those of the longer one.
fn alike(a: &Text, b: &Text) -> usize {
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (words(a).into_iter().collect(), words(b).into_iter().collect());
    (a.intersection(&b).count() * 100).checked_div(a.len().max(b.len())).unwrap_or(0)
}

/// True when the new target asks for less than the old one did.
fn is_lowered(before: &Measure, after: &Measure) -> bool {
    let (Some(old), Some(new)) = (before.target, after.target) else { return false };
    match (before.baseline, before.direction) {
        (Some(baseline), _) if baseline < old => new < old,
        (Some(baseline), _) if baseline > old => new > old,
        (_, Direction::Up) => new < old,
        (_, Direction::Down) => new > old,
    }
}

/// True when a measure of another name has the same numbers.
fn is_renamed(before: &Measure, after: &Measure) -> bool {
    before.target.is_some()
        && (before.baseline, before.target, &before.unit) == (after.baseline, after.target, &after.unit)
}

#[cfg(test)]
mod tests {
    use super::{Loss, retreats};
    use crate::model::Kind::Bet;
    use crate::report::testing::snapshot;

    const BET: &str = "slug = \"queue\"\ntitle = \"One queue\"\nperiod = \"2026-Q3\"\n\
        proofs = [\"six teams run on it\", \"p95 below 200 ms\"]\n\
        [[measure]]\nname = \"p95\"\nunit = \"ms\"\nbaseline = 410.0\ntarget = 180.0\ndirection = \"down\"\n\
        [[measure]]\nname = \"teams\"\nbaseline = 1.0\ntarget = 6.0\ndirection = \"up\"\n";

    #[test]
    fn only_what_promises_less_is_told() {
        let before = snapshot(&[(Bet, BET)]);
        for (what, old, new, expected) in [
            ("nothing changed", "", "", &[][..]),
            ("more is promised", "target = 6.0", "target = 8.0", &[]),
            ("a lower number is more", "target = 180.0", "target = 150.0", &[]),
            ("spelling", "six teams run on it", "Six teams run on it.", &[]),
            ("another name", "name = \"teams\"", "name = \"teams on it\"", &[]),
            ("fewer teams", "target = 6.0", "target = 4.0", &[(Loss::TargetLowered, "teams")]),
            ("slower", "target = 180.0", "target = 300.0", &[(Loss::TargetLowered, "p95")]),
            ("no target", "target = 6.0\n", "", &[(Loss::MeasureGone, "teams")]),
            ("other words", "six teams", "four teams", &[(Loss::ProofReworded, "six teams run on it")]),
            ("one proof", ", \"p95 below 200 ms\"", "", &[(Loss::ProofGone, "p95 below 200 ms")]),
        ] {
            let after = snapshot(&[(Bet, &BET.replace(old, new))]);
            let told = retreats(&before, &after);
            let told: Vec<_> = told.iter().map(|one| (one.what, one.promise.raw())).collect();
            assert_eq!(told, expected, "{what}");
        }
    }

    #[test]
    fn what_is_removed_or_lost_in_carrying_is_told() {
        let before = snapshot(&[(Bet, BET)]);
        let gone = retreats(&before, &snapshot(&[]));
        assert_eq!((gone.len(), gone[0].what), (1, Loss::BetRemoved));
        let closed = BET.replace(
            "[[measure]]\nname = \"p95\"",
            "[closed]\noutcome = \"carried\"\ndate = 2026-09-20\nwhy = \"late\"\ncarried_to = \"2026-Q4\"\n\
             [[measure]]\nname = \"p95\"",
        );
        let heir = |target: &str| {
            BET.replace("period = ", "continues = \"kkkkkkkkkkkkkkkl\"\nperiod = ").replace("6.0", target)
        };
        let faithful = snapshot(&[(Bet, &closed), (Bet, &heir("6.0"))]);
        assert_eq!(retreats(&before, &faithful), []);
        let smaller = retreats(&before, &snapshot(&[(Bet, &closed), (Bet, &heir("3.0"))]));
        assert_eq!(smaller[0].what, Loss::TargetLowered);
        assert_eq!(
            (smaller[0].before.as_ref().unwrap().raw(), smaller[0].after.as_ref().unwrap().raw()),
            ("6", "3")
        );
        assert!(smaller[0].carried_into.is_some());
    }
}
