//! Which findings of one report are in another: the same rule says the same of the same thing, in other numbers.

use super::finding::{Finding, Tone};

/// What makes two findings of different periods the same: rule, sign and what they speak of.
type Sense<'f> = (&'static str, Tone, Vec<&'f str>);

/// The findings of `list` that have no counterpart in `other`, in their order. Counterparts are used up, so of three
/// findings two of which recur, one is left.
pub(super) fn without(list: &[Finding], other: &[Finding]) -> Vec<Finding> {
    let mut counterparts: Vec<Sense<'_>> = other.iter().map(sense).collect();
    let is_new = |one: &&Finding| {
        let found = counterparts.iter().position(|other| *other == sense(one));
        found.map(|at| counterparts.swap_remove(at)).is_none()
    };
    list.iter().filter(is_new).cloned().collect()
}

fn sense(finding: &Finding) -> Sense<'_> {
    (finding.rule, finding.tone, subject(finding.message.raw()))
}

/// What a message speaks of: what stands before its first colon, and what is quoted. Numbers are no part of it.
fn subject(message: &str) -> Vec<&str> {
    let mut subject: Vec<&str> = message.split_once(": ").map(|(before, _)| before).into_iter().collect();
    for mark in ['\'', '"'] {
        let mut rest = message;
        // An apostrophe inside a word opens nothing.
        while let Some(open) = rest.find(mark) {
            let (before, after) = (&rest[..open], &rest[open + 1..]);
            let opens = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let close =
                after.match_indices(mark).find(|(at, _)| !after[at + 1..].starts_with(char::is_alphanumeric));
            match close {
                Some((close, _)) if opens => {
                    subject.push(&after[..close]);
                    rest = &after[close + 1..];
                }
                _ => rest = after,
            }
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::{subject, without};
    use crate::report::finding::{Finding, Tone};

    #[test]
    fn a_subject_is_a_name_and_never_a_number() {
        for (message, expected) in [
            ("3 of 4 records with an artifact", &[][..]),
            ("bet 'queue' is unproven: no answer to level", &["bet 'queue' is unproven", "queue"]),
            ("'queue' promised \"six teams\"", &["queue", "six teams"]),
            ("Technical direction: 2 records, the team's own", &["Technical direction"]),
            ("'the team's queue' is late", &["the team's queue"]),
            ("it's unclosed", &[]),
        ] {
            assert_eq!(subject(message), expected, "{message}");
        }
    }

    #[test]
    fn what_recurs_with_other_numbers_is_not_new() {
        let finding = |rule, tone, message: &str| Finding::new(rule, tone, message, []);
        let before = [
            finding("artifact-backed", Tone::Good, "2 of 3 records with an artifact"),
            finding("gate-answered", Tone::Warning, "bet 'a' is unproven: no answer to level"),
            finding("recency", Tone::Warning, "4 of 5 records lie after 2026-06-01"),
            finding("kind-silent", Tone::Warning, "no record of kind people for 6 weeks or more"),
        ];
        let after = [
            finding("artifact-backed", Tone::Good, "7 of 9 records with an artifact"),
            finding("gate-answered", Tone::Warning, "bet 'b' is unproven: no answer to level"),
            finding("recency", Tone::Note, "4 of 5 records lie after 2026-09-01"),
            finding("kind-silent", Tone::Warning, "no record of kind people for 6 weeks or more"),
            finding("kind-silent", Tone::Warning, "no record of kind strategy for 6 weeks or more"),
        ];
        let messages = |list: Vec<Finding>| -> Vec<String> {
            list.iter()
                .map(|one| one.message.raw().split(' ').take(2).collect::<Vec<_>>().join(" "))
                .collect()
        };
        assert_eq!(messages(without(&after, &before)), ["bet 'b'", "4 of", "no record"]);
        assert_eq!(messages(without(&before, &after)), ["bet 'a'", "4 of"]);
        assert_eq!(messages(without(&after, &after)), [""; 0]);
    }
}
