//! How far a bet moved between two snapshots: an order that says which bet to read first, not a grade.

use super::reasons::Reason;
use super::shift::Fate;
use crate::model::Status;

/// How far a bet moved. Distances are compared part by part, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Distance {
    /// Whether it ended, began, or only stands otherwise.
    pub turn: Turn,
    /// Steps between the statuses that lie farthest apart, along not-started, on-track, at-risk, off-track.
    pub steps: u8,
    /// Points between the highest and the lowest confidence on the way.
    pub points: u8,
    /// Other fields that differ.
    pub fields: usize,
}

/// The coarsest part of a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It was open or closed before and is so still.
    Stayed,
    /// It is new, or was opened again.
    Began,
    /// It was won, lost, dropped, carried or removed.
    Ended,
}

impl Distance {
    /// Measures a bet: what became of it, its status on both sides, the confidence on the way, the check-ins in between and
    /// the number of other fields that differ.
    pub fn of(
        fate: Fate,
        ends: (Option<Status>, Option<Status>),
        path: &[u8],
        reasons: &[Reason],
        fields: usize,
    ) -> Self {
        let turn = match fate {
            Fate::Won | Fate::Lost | Fate::Dropped | Fate::Carried | Fate::Removed => Turn::Ended,
            Fate::Added | Fate::Reopened => Turn::Began,
            Fate::Moved => Turn::Stayed,
        };
        let statuses = ends.0.into_iter().chain(ends.1).chain(reasons.iter().map(|one| one.status));
        Self { turn, steps: span(statuses.map(|one| one as u8)), points: span(path.iter().copied()), fields }
    }
}

fn span(values: impl Iterator<Item = u8> + Clone) -> u8 {
    values.clone().max().unwrap_or(0) - values.min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Distance, Turn};
    use crate::model::Status::{AtRisk, NotStarted, OffTrack, OnTrack};
    use crate::report::reasons::testing::reason;
    use crate::report::shift::Fate::{self, Added, Carried, Moved, Removed, Reopened, Won};

    #[test]
    fn ends_outweigh_statuses_outweigh_points_outweigh_fields() {
        let at = |fate: Fate, statuses: &[_], path: &[u8], fields| {
            let reasons: Vec<_> = statuses.iter().map(|status| reason(1, *status, None)).collect();
            Distance::of(fate, (None, None), path, &reasons, fields)
        };
        let ordered = [
            at(Won, &[OnTrack, AtRisk], &[], 0),
            at(Removed, &[], &[], 0),
            at(Added, &[NotStarted, OffTrack], &[90], 9),
            at(Reopened, &[], &[], 0),
            at(Moved, &[OnTrack, OffTrack, OnTrack], &[50], 0),
            at(Moved, &[OnTrack, AtRisk], &[10, 90], 9),
            at(Moved, &[OnTrack], &[70, 40, 70], 0),
            at(Moved, &[OnTrack], &[50, 60], 9),
            at(Moved, &[], &[50], 1),
            at(Moved, &[], &[], 0),
        ];
        assert!(ordered.is_sorted_by(|a, b| a > b), "{ordered:#?}");
        assert_eq!(at(Carried, &[], &[], 0).turn, Turn::Ended);
        let fell = Distance::of(Moved, (Some(OnTrack), None), &[], &[reason(1, OffTrack, None)], 0);
        assert_eq!((fell.steps, fell.points), (2, 0), "where it stood before counts");
    }
}
