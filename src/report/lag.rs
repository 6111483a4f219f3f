//! Capture lag: how long after the event evidence was written down.

use crate::model::{Day, Evidence};

/// How long after the event evidence was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lag {
    /// Median, in days.
    pub median: i64,
    /// 90th percentile, in days.
    pub p90: i64,
    /// Share written in the last ten days of the period or after it, in percent.
    pub last_ten_days_percent: usize,
}

impl Lag {
    /// Reads a set of evidence that is not empty; all zero when it is.
    pub fn of<'e>(evidence: impl IntoIterator<Item = &'e Evidence>, end: Day) -> Self {
        let evidence: Vec<&Evidence> = evidence.into_iter().collect();
        let mut lags: Vec<i64> = evidence.iter().map(|one| one.capture_lag().max(0)).collect();
        lags.sort_unstable();
        // Nearest rank: the smallest lag that at least that share of records does not exceed.
        let rank =
            |percent: usize| lags.get((lags.len() * percent).div_ceil(100).max(1) - 1).copied().unwrap_or(0);
        let late = evidence.iter().filter(|one| one.recorded.day() > end.plus(-10)).count();
        Self {
            median: rank(50),
            p90: rank(90),
            last_ten_days_percent: (late * 100).checked_div(evidence.len()).unwrap_or(0),
        }
    }
}
