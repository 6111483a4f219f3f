//! Names, addresses and numbers to stable pseudonyms, in every form and every field; and a check that looks again.

mod leak;
mod matching;
mod rules;
mod starting;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::BTreeMap;

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

pub use leak::{Leak, Piece, leaks};
pub use rules::{Entry, Pattern, RuleError, Rules};
pub use starting::starting_rules;

use super::export::{is_date, is_format_word};
use matching::{Number, View, Word, views};

/// How often a text is gone over: what stands beside a pseudonym may make up another listed word.
const ROUNDS: usize = 16;

/// Keys whose values are measured.
const MEASURED: [&str; 5] = ["before", "after", "value", "baseline", "target"];

/// Keys that hold ids of changes in code.
const OF_CODE: [&str; 2] = ["patch_id", "change_id"];

/// Rules, made ready.
#[derive(Debug)]
pub struct Redactor {
    secret: [u8; 32],
    /// Words by their first letter, the longest first.
    words: BTreeMap<char, Vec<Listed>>,
    numbers: Vec<Number>,
    patterns: Vec<(String, Regex)>,
    keep: Vec<Word>,
    links: bool,
    addresses: bool,
    commits: bool,
    measurements: bool,
}

#[derive(Debug)]
struct Listed {
    word: Word,
    category: &'static str,
    /// What the pseudonym is made from: the first of several names.
    canonical: String,
}

/// Bytes of a text and what stands for them.
struct Span {
    start: usize,
    end: usize,
    category: String,
    canonical: String,
}

impl Redactor {
    /// Makes rules ready; `secret` is for those that bring none.
    pub fn new(rules: &Rules, secret: &[u8]) -> Result<Self, RuleError> {
        let secret = rules.secret.as_ref().map_or(secret, |own| own.raw().as_bytes());
        let mut words: BTreeMap<char, Vec<Listed>> = BTreeMap::new();
        for (category, entry) in rules.listed() {
            let names: Vec<Word> = entry.names().iter().filter_map(|name| Word::new(name.raw())).collect();
            let canonical = names.first().map(Word::canonical).unwrap_or_default();
            for word in names {
                let listed = Listed { category, canonical: canonical.clone(), word };
                words.entry(listed.word.first()).or_default().push(listed);
            }
        }
        for listed in words.values_mut() {
            listed.sort_by_key(|one| std::cmp::Reverse(one.word.len()));
        }
        let mut patterns = Vec::new();
        for pattern in &rules.patterns {
            let wrong = |why: String| RuleError::Pattern(pattern.name.to_string(), why);
            let regex = RegexBuilder::new(pattern.regex.raw()).case_insensitive(true).build();
            let regex = regex.map_err(|error| wrong(error.to_string()))?;
            if regex.is_match("") {
                return Err(wrong("it finds nothing at all everywhere".into()));
            }
            patterns.push((pattern.name.to_string(), regex));
        }
        let ready = Self {
            secret: Sha256::digest(secret).into(),
            words,
            numbers: rules.numbers.iter().filter_map(|number| Number::new(number.raw())).collect(),
            patterns,
            keep: rules.keep.iter().filter_map(|word| Word::new(word.raw())).collect(),
            links: rules.links,
            addresses: rules.addresses,
            commits: rules.commits,
            measurements: rules.measurements,
        };
        // What finds every pseudonym would be looked for without end.
        if ready.pseudonym("text", "").is_empty() { Err(RuleError::Everything) } else { Ok(ready) }
    }

    /// `text` without anything that the rules name. Doing it again changes nothing.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let spans = self.spans(&text);
            if spans.is_empty() {
                return text;
            }
            let (mut next, mut kept) = (String::with_capacity(text.len()), 0);
            for span in spans {
                next.push_str(&text[kept..span.start]);
                next.push_str(&self.pseudonym(&span.category, &span.canonical));
                kept = span.end;
            }
            next.push_str(&text[kept..]);
            text = next;
        }
        // Each round made up another word: nothing of it is worth keeping.
        if self.spans(&text).is_empty() { text } else { self.pseudonym("text", &text) }
    }

    /// A value without anything that the rules name: texts, numbers, and keys that are not the format's own.
    pub fn json(&self, key: &str, value: Json) -> Json {
        let measured = self.measurements && MEASURED.contains(&key);
        match value {
            Json::String(text) if measured => self.pseudonym("number", &text).into(),
            Json::String(text) if self.commits && OF_CODE.contains(&key) => {
                self.pseudonym("commit", &text.to_lowercase()).into()
            }
            Json::String(text) if is_date(key, &text) => text.into(),
            Json::String(text) => self.text(&text).into(),
            Json::Number(number) if measured => self.pseudonym("number", &number.to_string()).into(),
            Json::Number(number) => {
                // 5.0 is written where 5 was meant.
                let text = number.to_string();
                let redacted = self.text(text.strip_suffix(".0").unwrap_or(&text));
                if text.starts_with(&redacted) { number.into() } else { redacted.into() }
            }
            Json::Array(items) => items.into_iter().map(|item| self.json("", item)).collect(),
            Json::Object(object) => {
                let entry = |(key, value): (String, Json)| {
                    let value = self.json(&key, value);
                    (if is_format_word(&key) { key } else { self.text(&key) }, value)
                };
                Json::Object(object.into_iter().map(entry).collect::<Map<_, _>>())
            }
            other => other,
        }
    }

    /// What has to go, in order, without overlaps.
    fn spans(&self, text: &str) -> Vec<Span> {
        let views = views(text);
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for View { units, .. } in &views {
            for (at, word) in (0..units.len()).flat_map(|at| self.keep.iter().map(move |word| (at, word))) {
                kept.extend(word.at(units, at).map(|end| (units[at].start, units[end - 1].end)));
            }
        }
        let mut found: Vec<Span> = Vec::new();
        let mut add = |(start, end): (usize, usize), category: &str, canonical: &str| {
            let stays = kept.iter().any(|(from, to)| *from <= start && end <= *to);
            if !stays && start < end && !found.iter().any(|one| start < one.end && one.start < end) {
                let (category, canonical) = (category.to_owned(), canonical.to_owned());
                found.push(Span { start, end, category, canonical });
            }
        };
        for view in views.iter().filter(|_| self.links) {
            tokens::links(&view.text)
                .for_each(|(start, end)| add(view.origin(start, end), "link", &view.text[start..end]));
        }
        for View { units, .. } in &views {
            for (at, first) in units.iter().enumerate() {
                for listed in self.words.get(&first.c).into_iter().flatten() {
                    if let Some(end) = listed.word.at(units, at) {
                        add((first.start, units[end - 1].end), listed.category, &listed.canonical);
                    }
                }
            }
        }
        for (name, regex) in &self.patterns {
            for hit in regex.find_iter(text) {
                add((hit.start(), hit.end()), name, &hit.as_str().to_lowercase());
            }
        }
        views.iter().for_each(|view| self.forms(view, &mut add));
        found.sort_by_key(|span| span.start);
        found
    }

    /// What is told by its form: addresses, finds of patterns, ids of commits, numbers.
    fn forms(&self, view: &View, add: &mut impl FnMut((usize, usize), &str, &str)) {
        let (units, text) = (&view.units, &view.text);
        for (start, end) in tokens::addresses(text).filter(|_| self.addresses) {
            add(view.origin(start, end), "address", &text[start..end]);
        }
        for (name, regex) in &self.patterns {
            for hit in regex.find_iter(text) {
                add(view.origin(hit.start(), hit.end()), name, hit.as_str());
            }
        }
        // A short id and the whole one are the same commit.
        for (start, end) in tokens::commits(text).filter(|_| self.commits) {
            add(view.origin(start, end), "commit", &text[start..start + 7]);
        }
        for (at, number) in (0..units.len()).flat_map(|at| self.numbers.iter().map(move |one| (at, one))) {
            if let Some(end) = number.at(units, at) {
                add((units[at].start, units[end - 1].end), "number", &number.canonical());
            }
        }
    }

    /// What stands for a word: the same for the same secret, and never anything that the rules name. Empty when they
    /// leave nothing to say.
    fn pseudonym(&self, category: &str, canonical: &str) -> String {
        for attempt in 0_u32..64 {
            let inner = Sha256::new()
                .chain_update(self.secret)
                .chain_update(category)
                .chain_update([0])
                .chain_update(canonical)
                .chain_update(attempt.to_be_bytes())
                .finalize();
            let digest = Sha256::new().chain_update(self.secret).chain_update(inner).finalize();
            let letters: String = digest[..5]
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(|n| char::from(b'k' + n))
                .collect();
            let name = if attempt < 32 { format!("{category}-{letters}") } else { letters };
            if self.spans(&name).is_empty() {
                return name;
            }
        }
        String::new()
    }
}
