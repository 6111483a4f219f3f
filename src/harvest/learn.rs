//! What a repository means by its numbers and keys: `(#12)` at the end of a subject is a pull request or an issue
//! that is cited, and `ABC-12` is an issue only where a history says so.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::message;

/// What a history says about its references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    /// True when `(#12)` at the end of a subject is a pull request.
    pub suffix_is_pr: bool,
    /// Keys of issue trackers, such as `ABC` of `ABC-12`.
    pub keys: BTreeSet<String>,
}

impl Default for Learnt {
    fn default() -> Self {
        Self { suffix_is_pr: true, keys: BTreeSet::new() }
    }
}

/// Names of standards, numbers and documents that look like a key.
const NO_KEYS: &[&str] = &[
    "AES", "AGPL", "ASCII", "BASE", "BIP", "BSD", "CP", "CRC", "CVE", "CWE", "ECMA", "EIP", "ES", "GCC",
    "GH", "GHSA", "GPL", "HTTP", "IEC", "IEEE", "IPV", "ISO", "JEP", "KEP", "LATIN", "LGPL", "LZ", "MD",
    "MR", "PART", "PEP", "PHASE", "PR", "PSR", "RFC", "RSA", "RUSTSEC", "SHA", "SSL", "STEP", "TLS", "UCS",
    "UTC", "UTF", "UUID", "WIP", "WINDOWS", "XEP",
];

/// Subjects that must begin with a key before it is believed, at least.
const LEAST: usize = 5;

/// One subject in so many must begin with it.
const ONE_IN: usize = 200;

/// Learns from `subjects`, oldest first.
pub fn learn<'a>(subjects: impl IntoIterator<Item = &'a str> + Clone) -> Learnt {
    Learnt { suffix_is_pr: learn_suffix(subjects.clone()), keys: learn_keys(subjects) }
}

/// Keys that subjects begin with, as `ABC-12` or `[ABC-12]`, often enough to be the project's own.
pub fn learn_keys<'a>(subjects: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let (mut all, mut uses) = (0, BTreeMap::<&str, usize>::new());
    for subject in subjects {
        all += 1;
        if let Some(key) = leading_key(subject) {
            *uses.entry(key).or_default() += 1;
        }
    }
    let least = LEAST.max(usize::div_ceil(all, ONE_IN));
    let often = uses.into_iter().filter(|(key, count)| *count >= least && !NO_KEYS.contains(key));
    often.map(|(key, _)| key.to_owned()).collect()
}

fn leading_key(subject: &str) -> Option<&str> {
    let subject = subject.trim_start();
    let text = subject.strip_prefix('[').unwrap_or(subject);
    let len = text.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    let (key, rest) = text.split_at(len);
    key_number(rest).filter(|_| is_key(key)).map(|_| key)
}

/// True for what trackers take for a project's key: two to ten capitals and digits, a capital first.
pub fn is_key(text: &str) -> bool {
    (2..=10).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The number behind a key, and its length with the hyphen: `-12`, of six digits at most, that ends as a word.
pub fn key_number(text: &str) -> Option<(u64, usize)> {
    let digits = text.strip_prefix('-')?;
    let len = digits.bytes().take_while(u8::is_ascii_digit).count();
    let ends = match &digits.as_bytes()[len..] {
        [b'.', next, ..] => !next.is_ascii_digit(),
        [next, ..] => next.is_ascii() && !next.is_ascii_alphanumeric() && !matches!(next, b'_' | b'-'),
        [] => true,
    };
    if !ends || len > 6 || digits.starts_with('0') {
        return None;
    }
    digits[..len].parse().ok().map(|number| (number, len + 1))
}

/// Numbers that the running median is taken over.
const WINDOW: usize = 60;

/// What the numbers at the ends of subjects look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SuffixStats {
    /// Different numbers.
    pub distinct: usize,
    /// Numbers that two commits or more carry.
    pub shared: usize,
    /// Numbers that were compared with the median before them.
    pub compared: usize,
    /// Numbers far below or above that median.
    pub off_trend: usize,
}

impl SuffixStats {
    /// True when the numbers behave like pull requests: each used once, growing with the history.
    pub fn is_pull_request(&self) -> bool {
        (self.distinct == 0 || self.shared * 10 < self.distinct)
            && (self.compared == 0 || self.off_trend * 10 < self.compared)
    }
}

/// Counts the numbers at the ends of `subjects`, oldest first.
pub fn suffix_stats<'a>(subjects: impl IntoIterator<Item = &'a str>) -> SuffixStats {
    let numbers: Vec<u64> = subjects.into_iter().filter_map(suffix_number).collect();
    let mut uses: BTreeMap<u64, usize> = BTreeMap::new();
    for number in &numbers {
        *uses.entry(*number).or_default() += 1;
    }
    let mut stats = SuffixStats {
        distinct: uses.len(),
        shared: uses.values().filter(|count| **count > 1).count(),
        ..SuffixStats::default()
    };
    let mut sorted: Vec<u64> = Vec::with_capacity(WINDOW);
    for (place, number) in numbers.iter().enumerate() {
        if sorted.len() == WINDOW {
            let (number, median) = (u128::from(*number), u128::from(sorted[WINDOW / 2]));
            stats.compared += 1;
            stats.off_trend += usize::from(number * 10 < median * 6 || number > median * 3);
            if let Ok(oldest) = sorted.binary_search(&numbers[place - WINDOW]) {
                sorted.remove(oldest);
            }
        }
        let at = sorted.partition_point(|other| other < number);
        sorted.insert(at, *number);
    }
    stats
}

/// True when `(#12)` at the end of a subject is a pull request in the history of `subjects`, oldest first.
///
/// A history without such numbers says yes: forges that write them mean pull requests.
pub fn learn_suffix<'a>(subjects: impl IntoIterator<Item = &'a str>) -> bool {
    suffix_stats(subjects).is_pull_request()
}

/// The last number at the end of a subject, of this change and not of one it takes back.
fn suffix_number(subject: &str) -> Option<u64> {
    let own = message::quoted(subject).map_or(subject, |(_, own)| own);
    let inside = own.trim_end().strip_suffix(')')?;
    inside[inside.rfind("(#")? + 2..].parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::{learn_keys, learn_suffix, suffix_stats};

    fn learned(numbers: impl IntoIterator<Item = u64>) -> bool {
        let subjects: Vec<String> = numbers.into_iter().map(|n| format!("work (#{n})")).collect();
        learn_suffix(subjects.iter().map(String::as_str))
    }

    #[test]
    fn pull_requests_are_used_once_and_grow() {
        assert!(learned([]), "nothing says otherwise");
        assert!(learned([1, 2, 9, 30]), "too few for a trend");
        assert!(learned((100..400).chain([399])), "a cherry-pick now and then");
        assert!(!learned((1..100).flat_map(|n| [n, n, n])), "issues are cited again and again");
        assert!(!learned((0..300).map(|n| if n % 4 == 0 { 531_000 + n } else { 400 + n })), "two trackers");
        assert!(!learned([7, 7]), "one number, twice");
    }

    #[test]
    fn keys_begin_many_subjects_and_are_no_standards() {
        let keys = |lines: &[(&str, usize)]| {
            let all = lines.iter().flat_map(|(line, times)| std::iter::repeat_n(*line, *times));
            learn_keys(all).into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys(&[("PARSE-12 accept tabs", 5), ("[OPS2-1] rotate", 5), ("tidy", 80)]), "OPS2 PARSE");
        assert_eq!(keys(&[("PARSE-12 accept tabs", 4)]), "", "too few");
        assert_eq!(keys(&[("PARSE-12 accept tabs", 5), ("tidy", 1200)]), "", "too rare");
        assert_eq!(keys(&[("UTF-8 everywhere", 9), ("SHA-256 ids", 9), ("PEP-8 style", 9)]), "");
        assert_eq!(keys(&[("accept tabs (PARSE-12)", 9), ("Parse-12 x", 9), ("A-1 x", 9)]), "");
        assert_eq!(
            keys(&[("PARSE-0 x", 9), ("PARSE-12b x", 9), ("PARSE-1234567 x", 9), ("PARSE-1.2 x", 9)]),
            ""
        );
    }

    #[test]
    fn only_the_number_of_the_change_counts() {
        let stats =
            suffix_stats(["Revert \"x (#1)\" (#2)", "Revert \"x (#1)\"", "y (#3) (#4)", "z (#0)", "(#4a)"]);
        assert_eq!((stats.distinct, stats.shared), (2, 0));
    }
}
