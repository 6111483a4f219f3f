//! Words of a title, reduced to stems, so that `retries` meets `retry`.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// Words that say nothing about what a piece of work is for.
const STOP: &str = "the and for with from into that this then than when where which while are was has have not but its our \
    all any one two each every per via out off over after before more less only also some will can should \
    add fix use make set get let run new old now support allow update change remove move rename improve \
    implement introduce enable refactor clean bump handle avoid ensure code file test doc docs work team \
    build version release merge pull request branch main src lib better first last next";

/// Words of `text` in lower case, in order.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(|word| word.trim_matches(['\'', '’']).replace('’', "'").to_lowercase())
        .filter(|word| !word.is_empty())
}

/// Words of `text` that carry meaning, by their stems.
pub(super) fn telling(text: &str) -> BTreeMap<String, String> {
    words(text).filter(|word| is_telling(word)).map(|word| (stem(&word), word)).collect()
}

/// True for words of three letters or more that are no stop word.
fn is_telling(word: &str) -> bool {
    word.chars().count() >= 3
        && !word.bytes().all(|byte| byte.is_ascii_digit())
        && !STOPS.contains(word)
        && !STOPS.contains(stem(word).as_str())
}

/// The stop words, for a look-up: a long history asks for hundreds of thousands.
static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// A word without its common English endings. Crude on purpose: it only has to be the same for the same word.
pub(super) fn stem(word: &str) -> String {
    let mut word = word.strip_suffix("'s").unwrap_or(word).to_owned();
    for (ending, instead) in [
        ("ments", ""),
        ("ment", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
    ] {
        if word.len() >= ending.len() + 3 && word.ends_with(ending) && !word.ends_with("ss") {
            word.truncate(word.len() - ending.len());
            word.push_str(instead);
            break;
        }
    }
    let twice = |letters: &[u8]| matches!(letters, [.., a, b] if a == b && b"bdgmnprt".contains(b));
    if word.len() > 3 && (twice(word.as_bytes()) || word.ends_with('e')) {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::{stem, telling};

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            &["queue", "queues", "queued", "queueing"][..],
            &["retry", "retries", "retried", "retrying"],
            &["cache", "caches", "cached", "caching"],
            &["deploy", "deploys", "deployed", "deployment", "deployments"],
            &["ingest", "ingests", "ingesting"],
            &["plan", "plans", "planned", "planning"],
            &["latency", "latencies"],
        ] {
            let stems: std::collections::BTreeSet<_> = forms.iter().map(|form| stem(form)).collect();
            assert_eq!(stems.len(), 1, "{forms:?}: {stems:?}");
        }
        assert_ne!(stem("process"), stem("proc"));
        assert_eq!(stem("é"), "é");
    }

    #[test]
    fn only_telling_words_count() {
        let found: Vec<_> =
            telling("Add one queue for the 2026 teams: ingest/queues, don't fix").into_keys().collect();
        assert_eq!(found, ["don't", "ingest", "queu"]);
    }
}
