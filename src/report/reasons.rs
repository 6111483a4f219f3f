//! Check-ins as reasons: which lie between two snapshots, the confidence on the way, and which to read first.

use std::collections::BTreeSet;

use crate::model::{CheckIn, Day, RecordId, Status, Text};

/// A check-in as a reason.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reason {
    /// Its id.
    pub id: RecordId,
    /// The day it speaks of.
    pub date: Day,
    /// Status.
    pub status: Status,
    /// Confidence, in percent.
    pub confidence: Option<u8>,
    /// What changed and why.
    pub note: Text,
}

/// The check-ins that `after` has and `before` has not, oldest first.
pub(super) fn between(before: &[CheckIn], after: &[CheckIn]) -> Vec<Reason> {
    let known: BTreeSet<RecordId> = before.iter().map(|one| one.id).collect();
    let mut new: Vec<&CheckIn> = after.iter().filter(|one| !known.contains(&one.id)).collect();
    new.sort_by_key(|one| (one.date, one.recorded, one.id));
    let reason = |one: &CheckIn| Reason {
        id: one.id,
        date: one.date,
        status: one.status,
        confidence: one.confidence,
        note: one.note.clone(),
    };
    new.into_iter().map(reason).collect()
}

/// The confidence on the way, from where it stood before to where it stands after.
pub(super) fn path(ends: (Option<u8>, Option<u8>), reasons: &[Reason]) -> Vec<u8> {
    let mut path: Vec<u8> = ends.0.into_iter().collect();
    path.extend(reasons.iter().filter_map(|one| one.confidence));
    // What was written later about an earlier day is on the way, and not where the way ends.
    path.extend(ends.1.filter(|end| path.last() != Some(end)));
    path
}

/// At most `most` of the reasons, oldest first: the largest move, then the newest, then the oldest, then the next
/// largest moves. A check-in that says nothing in words is left out, as the path has its number.
pub fn telling(reasons: &[Reason], start: Option<u8>, most: usize) -> Vec<&Reason> {
    let mut last = start;
    let moves: Vec<u8> = reasons
        .iter()
        .map(|one| {
            let step = last.zip(one.confidence).map_or(0, |(before, now)| before.abs_diff(now));
            last = one.confidence.or(last);
            step
        })
        .collect();
    let worded: Vec<usize> = (0..reasons.len()).filter(|at| !reasons[*at].note.is_blank()).collect();
    let mut by_move = worded.clone();
    by_move.sort_by_key(|at| std::cmp::Reverse((moves[*at], *at)));
    let mut wanted: Vec<usize> = by_move.first().into_iter().chain(worded.last()).copied().collect();
    wanted.extend(worded.first());
    wanted.extend(by_move);
    let mut chosen: Vec<usize> = Vec::new();
    for at in wanted {
        if chosen.len() < most && !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|at| &reasons[at]).collect()
}

/// A path of more than `most` numbers as its ends and its extremes, in their order.
pub fn milestones(path: &[u8], most: usize) -> Vec<u8> {
    if path.len() <= most {
        return path.to_vec();
    }
    let places = || 0..path.len();
    let lowest = places().min_by_key(|at| path[*at]);
    let highest = places().rev().max_by_key(|at| path[*at]);
    let mut kept: Vec<usize> = lowest.into_iter().chain(highest).chain([0, path.len() - 1]).collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|at| path[at]).collect()
}

#[cfg(test)]
pub(super) mod testing {
    use super::Reason;
    use crate::model::{Day, RecordId, Status};

    /// A check-in of the n-th day of a quarter.
    pub(in crate::report) fn reason(n: u8, status: Status, confidence: Option<u8>) -> Reason {
        let date = Day::parse("2026-07-01").unwrap().plus(i64::from(n));
        let note = format!("day {n}").into();
        Reason { id: RecordId::from_bits(u64::from(n)), date, status, confidence, note }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::reason;
    use super::{milestones, path, telling};
    use crate::model::Status::OnTrack;

    #[test]
    fn of_many_reasons_those_that_matter_are_kept() {
        let reasons: Vec<_> = [70, 68, 30, 35, 60, 62, 64]
            .into_iter()
            .zip(1..)
            .map(|(confidence, day)| reason(day, OnTrack, Some(confidence)))
            .collect();
        for (most, days) in [
            (0, &[][..]),
            (1, &[3]),
            (2, &[3, 7]),
            (3, &[1, 3, 7]),
            (4, &[1, 3, 5, 7]),
            (9, &[1, 2, 3, 4, 5, 6, 7]),
        ] {
            let told: Vec<_> =
                telling(&reasons, Some(70), most).iter().map(|one| one.note.raw().to_owned()).collect();
            let expected: Vec<_> = days.iter().map(|day| format!("day {day}")).collect();
            assert_eq!(told, expected, "{most}");
        }
        let mut silent = reasons.clone();
        silent[2].note = "".into();
        assert_eq!(
            telling(&silent, Some(70), 1)[0].note.raw(),
            "day 5",
            "a move without a word is no reason"
        );
    }

    #[test]
    fn a_long_path_keeps_its_ends_and_extremes() {
        for (path, most, expected) in [
            (&[][..], 0, &[][..]),
            (&[50, 60, 70], 3, &[50, 60, 70]),
            (&[50, 60, 70, 65], 3, &[50, 70, 65]),
            (&[50, 20, 60, 90, 55], 3, &[50, 20, 90, 55]),
            (&[50, 90, 60, 20, 55], 3, &[50, 90, 20, 55]),
            (&[50, 50, 50, 50], 3, &[50, 50]),
        ] {
            assert_eq!(milestones(path, most), expected, "{path:?}");
        }
    }

    #[test]
    fn the_path_leads_from_one_end_to_the_other() {
        let reasons = [reason(1, OnTrack, Some(40)), reason(2, OnTrack, None), reason(3, OnTrack, Some(55))];
        for (ends, reasons, expected) in [
            ((Some(70), Some(55)), &reasons[..], &[70, 40, 55][..]),
            ((None, Some(55)), &reasons, &[40, 55]),
            ((Some(70), Some(80)), &reasons[..1], &[70, 40, 80]),
            ((Some(70), Some(70)), &[], &[70]),
            ((None, None), &[], &[]),
        ] {
            assert_eq!(path(ends, reasons), expected, "{ends:?}");
        }
    }
}
