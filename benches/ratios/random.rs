//! Numbers, words and days that look random and are the same on every machine for the same seed.

/// SplitMix64: small, and good enough to spread records over ten years.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    /// True in `percent` of all cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// A record's id.
    pub(crate) fn id(&mut self) -> String {
        let bits = self.next();
        (0..16).map(|place| char::from(b'k' + ((bits >> (60 - 4 * place)) & 0xf) as u8)).collect()
    }

    /// Some words of prose.
    pub(crate) fn prose(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            let end = if at + 1 == words { "." } else { " " };
            text += &format!("{}{end}", self.pick(&PROSE));
        }
        text
    }
}

const PROSE: [&str; 48] = [
    "the",
    "queue",
    "service",
    "now",
    "retries",
    "with",
    "a",
    "budget",
    "so",
    "that",
    "partner",
    "outages",
    "stay",
    "local",
    "and",
    "readers",
    "see",
    "fresh",
    "rankings",
    "within",
    "seconds",
    "instead",
    "of",
    "minutes",
    "after",
    "each",
    "deploy",
    "we",
    "measured",
    "latency",
    "before",
    "rollout",
    "every",
    "team",
    "agreed",
    "on",
    "one",
    "contract",
    "for",
    "events",
    "experiments",
    "share",
    "guardrails",
    "while",
    "capacity",
    "cost",
    "fell",
    "steadily",
];

/// Year, month and day of a number of days since 1970 (Howard Hinnant's civil calendar).
pub(crate) fn date(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// A day as `yyyy-mm-dd`.
pub(crate) fn day(days: i64) -> String {
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}")
}
