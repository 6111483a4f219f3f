//! The clock, and days in words: `yesterday`, `last friday`, `2026-11-03`.

use chrono::{Datelike, NaiveTime, TimeZone, Utc};

use crate::model::{Day, Instant};

/// Now, in the machine's own time zone, in whole seconds.
pub fn now() -> Instant {
    let now = chrono::Local::now();
    Instant::from_epoch(now.timestamp(), now.offset().local_minus_utc())
        .unwrap_or(Instant(now.fixed_offset()))
}

/// Reads a day that may be written in words; `today` settles what they mean.
///
/// `last friday` is the newest friday before today, `friday` alone too: evidence lies in the past.
pub fn parse_day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim().to_lowercase();
    if let Some(day) = Day::parse(&text) {
        return Some(day);
    }
    // A half-written date or a bare number must not become a day by accident.
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    if number && (text.contains(['-', '/', '.']) || text.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    if let Some(weekday) =
        text.strip_prefix("last ").or(Some(&text)).and_then(|word| word.parse::<chrono::Weekday>().ok())
    {
        let back = (today.0.weekday().num_days_from_monday() + 7 - weekday.num_days_from_monday()) % 7;
        return Some(today.plus(-i64::from(if back == 0 { 7 } else { back })));
    }
    let noon = Utc.from_utc_datetime(&today.0.and_time(NaiveTime::from_hms_opt(12, 0, 0)?));
    let day = interim::parse_date_string(&text, noon, interim::Dialect::Us).ok()?;
    let day = Day(day.date_naive());
    // Only days that a record can be stored under.
    Day::parse(&day.to_string())
}

#[cfg(test)]
mod tests {
    use super::parse_day;
    use crate::model::Day;

    #[test]
    fn days_in_words_lie_where_one_expects() {
        let today = Day::parse("2026-11-23").unwrap(); // a monday
        for (text, day) in [
            ("today", Some("2026-11-23")),
            ("Yesterday", Some("2026-11-22")),
            ("last friday", Some("2026-11-20")),
            ("friday", Some("2026-11-20")),
            ("last monday", Some("2026-11-16")),
            ("3 days ago", Some("2026-11-20")),
            ("2 weeks ago", Some("2026-11-09")),
            ("2026-11-03", Some("2026-11-03")),
            ("2024-02-29", Some("2024-02-29")),
            ("2026-02-30", None),
            ("2026-13-01", None),
            ("11-03", None),
            ("8", None),
            ("08", None),
            ("2026", None),
            ("soon", None),
            ("", None),
            ("999999999 years ago", None),
        ] {
            assert_eq!(parse_day(text, today), day.map(|day| Day::parse(day).unwrap()), "{text}");
        }
    }
}
