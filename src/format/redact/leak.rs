//! Looks for listed words in what is about to be handed over, by other and coarser means than they were replaced by.

use regex_lite::RegexBuilder;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::rules::Rules;
use crate::model::Text;
use crate::model::text::is_invisible;

/// Something that an export says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The file or the line.
    pub place: String,
    /// What is said there.
    pub text: String,
}

/// A listed word that remains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The word, or what the rules call it.
    pub word: Text,
    /// Where it was found.
    pub place: Text,
}

/// Every listed word that remains in `pieces`, in any case, percent-encoded, split by hyphens or underscores, within
/// longer words; and every link, address and find of a pattern.
pub fn leaks(rules: &Rules, pieces: &[Piece]) -> Vec<Leak> {
    let words: Vec<(&Text, Vec<String>)> = rules
        .listed()
        .flat_map(|(_, entry)| entry.names())
        .map(|name| {
            let plain = plain(name.raw());
            let parts = plain.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
            (name, parts.map(str::to_owned).collect())
        })
        .collect();
    let numbers: Vec<(&Text, String)> =
        rules.numbers.iter().map(|number| (number, joined_digits(&plain(number.raw())))).collect();
    let patterns: Vec<_> = rules
        .patterns
        .iter()
        .filter_map(|one| {
            Some((one, RegexBuilder::new(one.regex.raw()).case_insensitive(true).build().ok()?))
        })
        .collect();
    let keep: Vec<String> = rules.keep.iter().map(|word| plain(word.raw())).collect();
    let mut found = Vec::new();
    for piece in pieces {
        let mut tell = |word: Text| found.push(Leak { word, place: piece.place.as_str().into() });
        for text in views(&piece.text, &keep) {
            let unsplit: String = text.chars().filter(|c| !is_splitter(*c)).collect();
            for (name, parts) in &words {
                if has_parts(&unsplit, parts) {
                    tell((*name).clone());
                }
            }
            let digits = joined_digits(&text);
            for (name, number) in &numbers {
                if has_number(&digits, number) {
                    tell((*name).clone());
                }
            }
            for (pattern, regex) in &patterns {
                if regex.is_match(&text) || regex.is_match(&piece.text) {
                    tell(format!("pattern {}", pattern.name).into());
                }
            }
            if rules.links && text.contains("://") {
                tell("a link".into());
            }
            if rules.addresses && has_address(&text) {
                tell("an address".into());
            }
        }
    }
    found.dedup();
    found
}

/// A text as it stands and with its percent-encoding undone, each without what may stay.
fn views(text: &str, keep: &[String]) -> Vec<String> {
    let without = |text: &str| keep.iter().fold(plain(text), |text, word| text.replace(word.as_str(), "\0"));
    let mut views = vec![without(text)];
    if text.contains('%') {
        views.push(without(&decoded(text)));
    }
    views
}

/// Lower case, without accents and without what nobody sees.
fn plain(text: &str) -> String {
    let shown = |c: &char| !is_combining_mark(*c) && !is_invisible(*c);
    let upper: String = text.nfkd().filter(shown).flat_map(char::to_uppercase).collect();
    upper.chars().flat_map(char::to_lowercase).filter(shown).collect()
}

fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// True when the parts of a name follow each other, whatever stands between them but letters and digits.
fn has_parts(text: &str, parts: &[String]) -> bool {
    let Some((first, more)) = parts.split_first() else { return false };
    let goes_on = |mut rest: &str| {
        more.iter().all(|part| {
            let next = rest.trim_start_matches(|c: char| !c.is_alphanumeric()).strip_prefix(part.as_str());
            rest = next.unwrap_or_default();
            next.is_some()
        })
    };
    let begins = text.char_indices().filter_map(|(at, _)| text[at..].strip_prefix(first.as_str()));
    begins.into_iter().any(goes_on)
}

fn is_splitter(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}')
}

/// Digits without the marks between them.
fn joined_digits(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mark = |c: char| c.is_whitespace() || matches!(c, ',' | '_' | '\'' | '\u{2019}');
    let kept = chars.iter().enumerate().filter(|(at, c)| {
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        !(mark(**c)
            && digit(at.checked_sub(1))
            && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric() || *c == '%'))
    });
    kept.map(|(_, c)| *c).collect()
}

/// True when a number stands there, and not within a longer one.
fn has_number(text: &str, number: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    text.match_indices(number).any(|(at, _)| {
        let mut before = text[..at].chars().rev();
        let mut after = text[at + number.len()..].chars();
        let (last, next) = (before.next(), after.next());
        let within = is_digit(last) || last == Some('.') && is_digit(before.next());
        let goes_on = is_digit(next) || next == Some('.') && is_digit(after.next());
        !(within && number.starts_with(|c: char| c.is_ascii_digit())
            || goes_on && number.ends_with(|c: char| c.is_ascii_digit()))
    })
}

fn has_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let named = text[..at].ends_with(|c: char| c.is_alphanumeric());
        let host: String =
            text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        named && host.trim_matches(['.', '-']).contains('.')
    })
}
