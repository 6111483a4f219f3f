//! Drift: how the shape of the bets moved over the last four quarters.

use std::collections::BTreeMap;

use super::bets::in_period;
use super::rules::Ground;
use crate::model::{Bet, Period, RecordId, Slug};

/// Quarters that are looked at, at most.
const QUARTERS: usize = 4;

/// The bets of one quarter by kind.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct QuarterShape {
    /// The quarter.
    pub quarter: String,
    /// Bets made for it.
    pub bets: usize,
    /// Bets by kind, in the guide's order.
    pub kinds: Vec<KindBets>,
}

/// How many bets a kind has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct KindBets {
    /// Its id in the guide.
    pub id: Slug,
    /// Bets.
    pub bets: usize,
}

/// The bets of up to four quarters, oldest first, from the first that has any. Nothing unless two of them have.
pub(super) fn quarters<'g>(ground: &'g Ground<'_>) -> Vec<(Period, Vec<&'g Bet>)> {
    let calendar = &ground.guide.calendar;
    let last = Period::quarter_of(ground.period.end, calendar);
    let mut periods = vec![last];
    for _ in 1..QUARTERS {
        periods.extend(periods.last().map(|quarter| quarter.previous(calendar)));
    }
    let filled = periods.into_iter().rev().map(|quarter| {
        let bets = in_period(ground.snapshot, &quarter, quarter.end);
        (quarter, bets)
    });
    let quarters: Vec<_> = filled.skip_while(|(_, bets)| bets.is_empty()).collect();
    let with_bets = quarters.iter().filter(|(_, bets)| !bets.is_empty()).count();
    if with_bets < 2 { Vec::new() } else { quarters }
}

/// The shape quarter by quarter.
pub(super) fn shape(ground: &Ground<'_>) -> Vec<QuarterShape> {
    let row = |(quarter, bets): (Period, Vec<&Bet>)| QuarterShape {
        quarter: quarter.name,
        bets: bets.len(),
        kinds: ground
            .guide
            .bet_kinds
            .iter()
            .map(|kind| KindBets {
                id: kind.id.clone(),
                bets: bets.iter().filter(|bet| bet.kind.as_ref() == Some(&kind.id)).count(),
            })
            .collect(),
    };
    quarters(ground).into_iter().map(row).collect()
}

/// Kinds of the guide without a bet in the last `limit` quarters, all of which the journal has seen.
pub(super) fn silent_kinds<'g>(ground: &'g Ground<'_>, limit: f64) -> Vec<&'g Slug> {
    let quarters = quarters(ground);
    if limit < 1.0 || (quarters.len() as f64) < limit {
        return Vec::new();
    }
    // Who sorts no bet by kind has forgotten none.
    if !quarters.iter().flat_map(|(_, bets)| bets).any(|bet| bet.kind.is_some()) {
        return Vec::new();
    }
    let recent = quarters.len().saturating_sub(limit as usize);
    let seen: Vec<&Slug> =
        quarters.iter().skip(recent).flat_map(|(_, bets)| bets).filter_map(|bet| bet.kind.as_ref()).collect();
    ground.guide.bet_kinds.iter().map(|kind| &kind.id).filter(|id| !seen.contains(id)).collect()
}

/// The kind with the most bets: its name, its bets, and how many bets there are. One that is carried counts once.
pub(super) fn fullest_kind<'g>(ground: &'g Ground<'_>) -> Option<(&'g Slug, Vec<RecordId>, usize)> {
    let quarters = quarters(ground);
    let bets: BTreeMap<RecordId, &Bet> =
        quarters.iter().flat_map(|(_, bets)| bets.iter().map(|bet| (bet.id, *bet))).collect();
    let fresh = |bet: &&&Bet| bet.continues.is_none_or(|before| !bets.contains_key(&before));
    let fresh: Vec<&&Bet> = bets.values().filter(fresh).collect();
    let of = |id: &Slug| -> Vec<RecordId> {
        fresh.iter().filter(|bet| bet.kind.as_ref() == Some(id)).map(|bet| bet.id).collect()
    };
    let all = fresh.len();
    let kinds = ground.guide.bet_kinds.iter().map(|kind| (&kind.id, of(&kind.id), all));
    kinds.max_by_key(|(_, bets, _)| bets.len())
}
