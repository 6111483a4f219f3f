//! What `(#12)` at the end of a subject means in a repository: a pull request, or an issue it cites.

use std::collections::BTreeMap;

use super::message;

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
    use super::{learn_suffix, suffix_stats};

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
    fn only_the_number_of_the_change_counts() {
        let stats =
            suffix_stats(["Revert \"x (#1)\" (#2)", "Revert \"x (#1)\"", "y (#3) (#4)", "z (#0)", "(#4a)"]);
        assert_eq!((stats.distinct, stats.shared), (2, 0));
    }
}
