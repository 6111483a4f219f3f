//! Stance: shared numbers that are marked as owned, and claims that nobody could confirm.

use crate::model::{Evidence, RecordId, Stance};
use crate::report::finding::{Finding, Tone};
use crate::report::rules::Ground;
use crate::report::standing::{can_be_confirmed, objectives, overclaims};

pub(super) fn findings(ground: &Ground<'_>) -> Vec<Finding> {
    shared_as_own(ground).into_iter().chain(unconfirmed(ground)).collect()
}

/// A shared number never reads as owned, whatever stance stands beside it.
fn shared_as_own(ground: &Ground<'_>) -> Option<Finding> {
    let bets = ground.bets.iter().map(|(bet, _)| *bet).filter(|bet| overclaims(bet)).map(|bet| bet.id);
    let is_own = |stance: Option<Stance>| stance == Some(Stance::Own);
    let objectives = objectives(ground);
    let shared = objectives
        .iter()
        .filter(|one| is_own(one.stance) && one.measures.iter().any(|measure| measure.shared))
        .map(|one| one.id);
    let claimed = ground.evidence.iter().filter(|one| is_own(one.stance) && !one.claims.is_empty());
    let records: Vec<RecordId> = bets.chain(shared).chain(claimed.map(|one| one.id)).collect();
    (!records.is_empty()).then(|| {
        let n = records.len();
        let message = if n == 1 {
            "1 record says 'own' beside a shared number, to which it contributes".to_owned()
        } else {
            format!("{n} records say 'own' beside a shared number, to which they contribute")
        };
        Finding::new("shared-not-owned", Tone::Note, message, records)
    })
}

/// Claims without an adopter, a person or a reviewed request.
fn unconfirmed(ground: &Ground<'_>) -> Option<Finding> {
    let alone: Vec<&&Evidence> =
        ground.evidence.iter().filter(|one| !one.claims.is_empty() && !can_be_confirmed(one)).collect();
    (alone.len() as f64 >= ground.limit("claim-unconfirmed", "records")).then(|| {
        let kinds: Vec<&str> = ground
            .guide
            .claims
            .iter()
            .map(|kind| &kind.id)
            .filter(|id| alone.iter().any(|one| one.claims.contains(id)))
            .map(|id| id.as_str())
            .collect();
        let n = alone.len();
        let (one, verb) = if n == 1 { ("", "s") } else { ("s", "") };
        let message = format!(
            "{n} record{one} claim{verb} {}, and nobody is named who could confirm it",
            if kinds.is_empty() { "a shared number".into() } else { kinds.join(", ") }
        );
        Finding::new("claim-unconfirmed", Tone::Warning, message, alone.iter().map(|one| one.id))
    })
}
