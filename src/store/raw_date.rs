//! Dates as git stores them: seconds since the epoch and a zone.

use crate::model::Instant;

/// The last second that a calendar with four-digit years surely holds in every zone: the end of 9998.
const LATEST: i64 = 253_370_764_799;

/// Reads `1795438804 +0530`. Dates out of the calendar are moved to its edge, impossible zones to UTC.
pub(super) fn parse(raw: &str) -> Option<Instant> {
    let (seconds, zone) = raw.trim().split_once(' ')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let digits = seconds.strip_prefix('-').unwrap_or(seconds);
    if !is_number(digits) {
        return None;
    }
    let seconds: i64 = seconds.parse().unwrap_or(if digits.len() < seconds.len() { 0 } else { LATEST });
    let zone: i32 = zone.parse().unwrap_or(0);
    let offset = zone / 100 * 3600 + zone % 100 * 60;
    let offset = if offset.abs() < 24 * 3600 { offset } else { 0 };
    Instant::from_epoch(seconds.clamp(0, LATEST), offset)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn odd_dates_stay_in_the_calendar() {
        for (raw, shown) in [
            ("0 +0000", Some("1970-01-01T00:00:00Z")),
            ("1772355600 +0530", Some("2026-03-01T14:30:00+05:30")),
            ("1772355600 -0930", Some("2026-02-28T23:30:00-09:30")),
            ("1772355600 +9999", Some("2026-03-01T09:00:00Z")),
            ("-5 +0000", Some("1970-01-01T00:00:00Z")),
            ("9223372036854775807 +0000", Some("9998-12-31T23:59:59Z")),
            ("99999999999999999999999 +1400", Some("9999-01-01T13:59:59+14:00")),
            ("", None),
            (" ", None),
            ("soon +0000", None),
            ("12", None),
        ] {
            assert_eq!(parse(raw).map(|date| date.to_string()).as_deref(), shown, "{raw:?}");
        }
    }
}
