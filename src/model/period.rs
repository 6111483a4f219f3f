//! Periods: `2026-Q4`, `2026-H2`, `2026`, `this-quarter`, `last-quarter`, `2026-07-01..2026-09-30`.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use super::calendar::Day;
use super::guide::{Calendar, YearName};

/// A named span of days, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Period {
    /// The name it is asked for by, in canonical form.
    pub name: String,
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
}

/// A text that names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period")]
pub struct NotAPeriod(pub String);

impl Period {
    /// Parses a period; `today` settles `this-quarter` and `last-quarter`.
    pub fn parse(text: &str, calendar: &Calendar, today: Day) -> Result<Self, NotAPeriod> {
        let wrong = || NotAPeriod(text.chars().take(40).collect());
        match text {
            "this-quarter" => return Ok(Self::quarter_of(today, calendar)),
            "last-quarter" => return Ok(Self::quarter_of(today, calendar).previous(calendar)),
            "this-year" => {
                return Self::year(Self::fiscal_year_of(today, calendar), calendar).ok_or_else(wrong);
            }
            _ => {}
        }
        if let Some((from, upto)) = text.split_once("..") {
            let (start, end) = (Day::parse(from).ok_or_else(wrong)?, Day::parse(upto).ok_or_else(wrong)?);
            return if start <= end { Ok(Self { name: text.to_owned(), start, end }) } else { Err(wrong()) };
        }
        let (year, part) = match text.split_once('-') {
            None => (text, None),
            Some((year, part)) => (year, Some(part.to_ascii_uppercase())),
        };
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let year: i32 = year.parse().map_err(|_| wrong())?;
        if year < 1000 {
            return Err(wrong());
        }
        match part.as_deref() {
            None => Self::year(year, calendar),
            Some(part) => match part.as_bytes() {
                [b'Q', n @ b'1'..=b'4'] => Self::months(part, year, u32::from(n - b'1') * 3, 3, calendar),
                [b'H', n @ b'1'..=b'2'] => Self::months(part, year, u32::from(n - b'1') * 6, 6, calendar),
                _ => None,
            },
        }
        .ok_or_else(wrong)
    }

    /// The quarter that holds `day`.
    pub fn quarter_of(day: Day, calendar: &Calendar) -> Self {
        let year = Self::fiscal_year_of(day, calendar);
        (0..4)
            .filter_map(|n| Self::months(&format!("Q{}", n + 1), year, n * 3, 3, calendar))
            .find(|quarter| quarter.contains(day))
            .unwrap_or_else(|| Self { name: format!("{day}..{day}"), start: day, end: day })
    }

    /// The period of the same shape just before; for free ranges, the same number of days.
    pub fn previous(&self, calendar: &Calendar) -> Self {
        self.neighbour(self.start.plus(-1), calendar, |days| (self.start.plus(-days), self.start.plus(-1)))
    }

    /// The period of the same shape just after.
    pub fn next(&self, calendar: &Calendar) -> Self {
        self.neighbour(self.end.plus(1), calendar, |days| (self.end.plus(1), self.end.plus(days)))
    }

    fn neighbour(&self, inside: Day, calendar: &Calendar, range: impl Fn(i64) -> (Day, Day)) -> Self {
        let year = Self::fiscal_year_of(inside, calendar);
        let named = if self.name.contains("..") {
            None
        } else if self.name.contains('Q') {
            Some(Self::quarter_of(inside, calendar))
        } else if self.name.contains('H') {
            (0..2)
                .filter_map(|n| Self::months(&format!("H{}", n + 1), year, n * 6, 6, calendar))
                .find(|half| half.contains(inside))
        } else {
            Self::year(year, calendar)
        };
        named.unwrap_or_else(|| {
            let (start, end) = range(self.days());
            Self { name: format!("{start}..{end}"), start, end }
        })
    }

    /// True when `day` lies inside.
    pub fn contains(&self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }

    /// True when both have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Number of days.
    pub fn days(&self) -> i64 {
        self.end.since(self.start) + 1
    }

    fn fiscal_year_of(day: Day, calendar: &Calendar) -> i32 {
        let began_this_year = day.0.month() >= calendar.fiscal_year_start;
        let starts_in = day.0.year() - i32::from(!began_this_year);
        starts_in + Self::label_shift(calendar)
    }

    fn label_shift(calendar: &Calendar) -> i32 {
        i32::from(calendar.fiscal_year_start != 1 && calendar.year_named_after == YearName::End)
    }

    fn year(year: i32, calendar: &Calendar) -> Option<Self> {
        Self::months("", year, 0, 12, calendar)
    }

    fn months(part: &str, year: i32, skip: u32, count: u32, calendar: &Calendar) -> Option<Self> {
        let first =
            NaiveDate::from_ymd_opt(year - Self::label_shift(calendar), calendar.fiscal_year_start, 1)?;
        let start = first.checked_add_months(Months::new(skip))?;
        let end = start.checked_add_months(Months::new(count))?.pred_opt()?;
        let name = if part.is_empty() { format!("{year:04}") } else { format!("{year:04}-{part}") };
        Some(Self { name, start: Day(start), end: Day(end) })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Day, Period, YearName};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn names_have_the_days_one_expects() {
        let plain = Calendar::default();
        let february = Calendar { fiscal_year_start: 2, year_named_after: YearName::End };
        let october = Calendar { fiscal_year_start: 10, year_named_after: YearName::Start };
        for (text, calendar, start, end) in [
            ("2026-Q4", &plain, "2026-10-01", "2026-12-31"),
            ("2026-q1", &plain, "2026-01-01", "2026-03-31"),
            ("2024-H1", &plain, "2024-01-01", "2024-06-30"),
            ("2026", &plain, "2026-01-01", "2026-12-31"),
            ("this-quarter", &plain, "2026-10-01", "2026-12-31"),
            ("last-quarter", &plain, "2026-07-01", "2026-09-30"),
            ("2024-02-29..2024-02-29", &plain, "2024-02-29", "2024-02-29"),
            ("2027-Q4", &february, "2026-11-01", "2027-01-31"),
            ("this-quarter", &february, "2026-11-01", "2027-01-31"),
            ("2026-Q1", &october, "2026-10-01", "2026-12-31"),
            ("last-quarter", &october, "2026-07-01", "2026-09-30"),
        ] {
            let period = Period::parse(text, calendar, day("2026-11-23")).unwrap();
            assert_eq!((period.start, period.end), (day(start), day(end)), "{text} {calendar:?}");
        }
    }

    #[test]
    fn refuses_what_no_calendar_has() {
        for text in [
            "",
            "2026-Q5",
            "2026-Q0",
            "2026-H3",
            "26-Q1",
            "2026Q1",
            "2026-02-30..2026-03-01",
            "2026-09-30..2026-07-01",
            "Q4",
        ] {
            assert!(Period::parse(text, &Calendar::default(), day("2026-11-23")).is_err(), "{text}");
        }
    }

    #[test]
    fn quarters_tile_the_calendar_for_every_start_month() {
        for fiscal_year_start in 1..=12 {
            for year_named_after in [YearName::Start, YearName::End] {
                let calendar = Calendar { fiscal_year_start, year_named_after };
                let mut quarter = Period::quarter_of(day("2024-02-29"), &calendar);
                for _ in 0..9 {
                    let next = quarter.next(&calendar);
                    assert_eq!(quarter.end.plus(1), next.start);
                    assert_eq!(next.previous(&calendar), quarter);
                    assert_eq!(Period::parse(&next.name, &calendar, quarter.start).unwrap(), next);
                    quarter = next;
                }
            }
        }
    }
}
