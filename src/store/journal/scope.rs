//! What a reader wants: which kinds of records, of which days.

use crate::model::Day;

/// Which shards a reader needs.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Check-ins of all bets.
    pub check_ins: bool,
    /// Evidence, by the day it happened.
    pub evidence: Shards,
    /// Decisions, by the day they were taken.
    pub decisions: Shards,
}

impl Scope {
    /// Bets are read to be looked up, not to be shown: such a snapshot does not know every other id.
    pub(super) fn is_bets_alone(self) -> bool {
        !self.check_ins && self.evidence == Shards::None && self.decisions == Shards::None
    }
}

/// Which days' records to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shards {
    /// None.
    None,
    /// All of them.
    All,
    /// Those of these days, both included.
    Between(Day, Day),
    /// Those of two spans of days, and of none between them.
    Both((Day, Day), (Day, Day)),
}

impl Shards {
    pub(super) fn wants_month(self, month: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Between(from, upto) => {
                let of = |day: Day| day.to_string()[..7].to_owned();
                of(from).as_str() <= month && month <= of(upto).as_str()
            }
            Self::Both(one, other) => {
                Self::Between(one.0, one.1).wants_month(month)
                    || Self::Between(other.0, other.1).wants_month(month)
            }
        }
    }

    pub(super) fn wants_day(self, day: Day) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Between(from, upto) => from <= day && day <= upto,
            Self::Both(one, other) => {
                Self::Between(one.0, one.1).wants_day(day) || Self::Between(other.0, other.1).wants_day(day)
            }
        }
    }
}
