//! Words of a record: acronyms that nobody explained, quantities, who speaks, and names of one's own code.

use std::collections::BTreeSet;

use super::lists::{COUNTING, EMPHASIS, KNOWN, ROLES, WORKSHOP};

/// Capital words of two to six letters that the text does not write out and that are not `known`, in order.
pub(super) fn unexplained(text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let text = without(text, '`', '`');
    let words: Vec<&str> = text.split_whitespace().collect();
    if is_shouted(&words) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for part in words.iter().flat_map(|word| capitals(word)) {
        let listed = |list: &[&str]| list.contains(&part);
        if !listed(KNOWN)
            && !listed(EMPHASIS)
            && !known.contains(part)
            && !is_written_out(part, &text)
            && !found.iter().any(|one| one == part)
        {
            found.push(part.to_owned());
        }
    }
    found
}

/// The capital words in a word such as `ETL/OLAP`, `SLOs` or `LTV-based`; none in code, paths and ticket numbers.
fn capitals(word: &str) -> Vec<&str> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
    if bare.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '+' | '&')) {
        return Vec::new();
    }
    let parts: Vec<&str> = bare.split(['/', '-', '+', '&']).collect();
    // `UTF-8`, `ABC-123`: a name with a number, not an acronym.
    if parts.iter().any(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
        return Vec::new();
    }
    // `src/API/x` is a path.
    if bare.contains('/') && parts.iter().any(|part| singular(part).is_none()) {
        return Vec::new();
    }
    parts.into_iter().filter_map(singular).collect()
}

/// A capital word of two to six letters without the `s` of its plural.
fn singular(part: &str) -> Option<&str> {
    let stem = part.strip_suffix('s').unwrap_or(part);
    ((2..=6).contains(&stem.len()) && stem.bytes().all(|b| b.is_ascii_uppercase())).then_some(stem)
}

/// True when a text is in capitals as a whole: that is a habit, not a row of acronyms.
fn is_shouted(words: &[&str]) -> bool {
    let spoken: Vec<&&str> =
        words.iter().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2).collect();
    let loud = spoken.iter().filter(|word| !word.contains(char::is_lowercase)).count();
    spoken.len() >= 3 && loud * 2 > spoken.len()
}

/// True for `Long Form (LF)`, for `LF (Long Form)`, and where neighbouring words begin with its letters.
fn is_written_out(acronym: &str, text: &str) -> bool {
    let lower = acronym.to_lowercase();
    let follows = text.match_indices(&format!("{acronym} (")).any(|(at, found)| {
        text.get(at + found.len()..).is_some_and(|rest| rest.starts_with(char::is_alphabetic))
    });
    let initials = |text: &str| -> Vec<char> {
        text.split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let before = text.find(&format!("({acronym})")).is_some_and(|at| {
        let before = initials(text.get(..at).unwrap_or_default());
        let near = before.len().saturating_sub(acronym.len() * 2);
        before.iter().skip(near).any(|initial| lower.starts_with(*initial))
    });
    let letters: Vec<char> = lower.chars().collect();
    follows || before || initials(text).windows(letters.len()).any(|window| window == letters)
}

/// True when the text counts or measures something. Dates, versions, years and numbers of requests do not.
pub(super) fn has_quantity(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
        let lower = bare.to_lowercase();
        let is_year = bare.len() == 4 && (bare.starts_with("19") || bare.starts_with("20"));
        let is_name = is_year || bare.matches(['.', '-', '/', ':']).count() >= 2 || bare.len() > 12;
        let counted = lower.split('-').any(|part| COUNTING.contains(&part));
        counted || bare.starts_with(|c: char| c.is_ascii_digit()) && !is_name
    })
}

/// True when the text says "we" in the person's own voice and nowhere what the person was or did.
pub(super) fn hides_its_speaker(text: &str) -> bool {
    let text = without(&without(text, '"', '"'), '“', '”').replace('’', "'").to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .collect();
    let plural = ["we", "we've", "we'd", "we're", "we'll", "our", "ours", "ourselves"];
    words.iter().any(|word| plural.contains(word)) && !words.iter().any(|word| ROLES.contains(word))
}

/// True when somebody seems to be named: a capital word after "by", "for", "with", "from", "between" or "and".
pub(super) fn names_somebody(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let [before, name] = pair else { return false };
        ["by", "for", "with", "from", "between", "and"].contains(before)
            && name.starts_with(char::is_uppercase)
    })
}

/// True when a text holds names of code and nothing else but the verbs of the workshop.
pub(super) fn is_code_alone(text: &str) -> bool {
    let mut code = false;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| matches!(c, ',' | ';' | '.' | '!' | '?' | '"' | '\''));
        if is_code(bare) {
            code = true;
        } else if bare.contains(char::is_alphanumeric) && !WORKSHOP.contains(&bare.to_lowercase().as_str()) {
            return false;
        }
    }
    code
}

/// True for `retry_policy`, `RetryPolicy`, `src/budget`, `ask.rs`, `ask()`, `Queue::push`, `fix(budget):` and backticks.
fn is_code(word: &str) -> bool {
    let mut letters = word.chars();
    let camel = letters.next().is_some_and(char::is_alphabetic)
        && word.contains(char::is_lowercase)
        && letters.any(char::is_uppercase)
        && word.chars().all(char::is_alphanumeric);
    let dotted = word.split_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_lowercase())
    });
    let scoped = word.ends_with(':') && word.contains('(');
    camel
        || dotted
        || scoped
        || ["_", "::", "()", "`"].iter().any(|mark| word.contains(mark))
        || word.contains('/') && !word.contains("://") && word.chars().any(char::is_lowercase)
}

/// A text without what stands between two marks.
fn without(text: &str, open: char, close: char) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((_, tail)) = after.split_once(close) else { break };
        kept.push_str(before);
        rest = tail;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{has_quantity, hides_its_speaker, is_code_alone, names_somebody, unexplained};

    #[test]
    fn acronyms_that_nobody_explained_are_found_and_no_others() {
        let known = BTreeSet::from(["GTV".to_owned()]);
        for (text, found) in [
            ("LTV rose", vec!["LTV"]),
            ("LTVs and the LTV's slope, (XQ) again", vec!["LTV", "XQ"]),
            ("ETL/OLAP moved", vec!["ETL", "OLAP"]),
            ("the LTV-based order", vec!["LTV"]),
            ("Lifetime value (LTV) rose", vec![]),
            ("LTV (lifetime value) rose", vec![]),
            ("Time to first byte fell; TTFB is shown", vec![]),
            ("Cut latency (XQZ)", vec!["XQZ"]),
            ("GTV and the SQL API over HTTPS, p95 and CI/CD", vec![]),
            ("ABC-123, UTF-8, SHA-256 and S3", vec![]),
            ("`MAX` of MAX_RETRIES in src/ABC/x.rs and FOO.md", vec![]),
            ("ONE QUEUE FOR EVERY TEAM", vec![]),
            ("It must NOT happen, EVER", vec!["EVER"]),
            ("Part II of the plan", vec![]),
            ("Ünïcödé ÄÖÜ и СССР", vec![]),
        ] {
            assert_eq!(unexplained(text, &known), found, "{text}");
        }
    }

    #[test]
    fn quantities_are_seen_in_digits_and_words() {
        for text in
            ["410ms -> 180ms", "cut by 40%", "~3x", "Three teams", "halved", "no incident since", "$2M saved"]
        {
            assert!(has_quantity(text), "{text}");
        }
        for text in
            ["", "faster", "#12 landed", "since 2026-07-01", "v2.3.1", "in 2026", "p95 is better", "Q3 plan"]
        {
            assert!(!has_quantity(text), "{text}");
        }
    }

    #[test]
    fn we_hides_the_speaker_unless_a_role_is_said() {
        for text in ["We moved the queue", "our queue is faster", "We’ve shipped it"] {
            assert!(hides_its_speaker(text), "{text}");
        }
        for text in [
            "Moved the queue",
            "We moved the queue, and I wrote the plan",
            "As tech lead: we moved the queue",
            "Their lead said: \"we would not go back\"",
            "“Our best quarter”, says Payments",
            "West of the web",
        ] {
            assert!(!hides_its_speaker(text), "{text}");
        }
    }

    #[test]
    fn code_alone_is_told_from_a_sentence() {
        for text in
            ["Refactor QueueWorker into retry_policy", "fix(budget): ask.rs", "Move src/a to src/b", "`ask`"]
        {
            assert!(is_code_alone(text), "{text}");
        }
        for text in [
            "",
            "Refactoring",
            "Retry storms in ask.rs when a channel is slow",
            "fix(budget): nobody gets two messages",
            "Queue carries Payments",
            "Read https://example.com/a",
            "The plan, e.g. for search",
        ] {
            assert!(!is_code_alone(text), "{text}");
        }
    }

    #[test]
    fn somebody_named_in_passing_counts() {
        assert!(
            names_somebody("adopted by Payments") && names_somebody("quiet hours between Push and email")
        );
        assert!(!names_somebody("A second budget for campaigns") && !names_somebody("Payments"));
    }
}
