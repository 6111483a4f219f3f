//! Words found in a text whatever their form: in any case, percent-encoded, with accents or without, split by hyphens
//! and underscores, within longer words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::text::is_invisible;

/// One folded character and the bytes of the text that it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The characters of a text as they are compared: with its percent-encoding undone, and as they stand where there is
/// one. What nobody sees belongs to the character before it.
pub(super) fn views(text: &str) -> Vec<View> {
    let mut views = vec![View::new(text, true)];
    if text.contains('%') {
        views.push(View::new(text, false));
    }
    views
}

/// A text as it is compared.
pub(super) struct View {
    pub(super) units: Vec<Unit>,
    /// The units' characters.
    pub(super) text: String,
}

impl View {
    fn new(text: &str, decode: bool) -> Self {
        let units = units(text, decode);
        let text = units.iter().map(|unit| unit.c).collect();
        Self { units, text }
    }

    /// The bytes of the text itself that a part of its view stands for.
    pub(super) fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.text[..start].chars().count();
        let last = first + self.text[start..end].chars().count();
        match (self.units.get(first), last.checked_sub(1).and_then(|last| self.units.get(last))) {
            (Some(first), Some(last)) if first.start < last.end => (first.start, last.end),
            _ => (0, 0),
        }
    }
}

fn units(text: &str, decode: bool) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let escaped = if decode { escaped(&text[at..]) } else { None };
        let (c, end) = escaped.map_or((c, at + c.len_utf8()), |(c, len)| (c, at + len));
        let before = units.len();
        fold(c, |c| units.push(Unit { c, start: at, end }));
        if units.len() == before
            && let Some(last) = units.last_mut()
        {
            last.end = end;
        }
        at = end;
    }
    units
}

/// The letters of one character without case and accents.
fn fold(c: char, mut each: impl FnMut(char)) {
    for part in std::iter::once(c).nfkd() {
        let lower = part.to_uppercase().flat_map(char::to_lowercase);
        lower.filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).for_each(&mut each);
    }
}

/// The character that a percent-encoding at the front stands for, and its length.
fn escaped(text: &str) -> Option<(char, usize)> {
    let byte = |at: usize| -> Option<u8> {
        let hex = text.as_bytes().get(at..at + 3).filter(|hex| hex[0] == b'%')?;
        let digit = |d: u8| char::from(d).to_digit(16).and_then(|d| u8::try_from(d).ok());
        Some(digit(hex[1])? << 4 | digit(hex[2])?)
    };
    let first = byte(0)?;
    let len = match first {
        0..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    let bytes: Vec<u8> = (0..len).map_while(|part| byte(part * 3)).collect();
    // Bytes that are no text separate.
    let c = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
    Some(c.map_or((char::REPLACEMENT_CHARACTER, 3), |c| (c, bytes.len() * 3)))
}

/// A listed word: its runs of letters and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    runs: Vec<Vec<char>>,
}

impl Word {
    /// `None` when there are fewer than two letters or digits in it: it would be everywhere, or nowhere.
    pub(super) fn new(text: &str) -> Option<Self> {
        let mut folded = Vec::new();
        text.chars().for_each(|c| fold(c, |c| folded.push(c)));
        let runs: Vec<Vec<char>> = folded
            .split(|c| !c.is_alphanumeric())
            .filter(|run| !run.is_empty())
            .map(<[char]>::to_vec)
            .collect();
        (runs.iter().map(Vec::len).sum::<usize>() >= 2).then_some(Self { runs })
    }

    /// Its first letter.
    pub(super) fn first(&self) -> char {
        self.runs[0][0]
    }

    /// How many letters and digits it has.
    pub(super) fn len(&self) -> usize {
        self.runs.iter().map(Vec::len).sum()
    }

    /// The same for every spelling that this finds.
    pub(super) fn canonical(&self) -> String {
        self.runs.iter().map(|run| run.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// Where the word ends that begins at a unit.
    pub(super) fn at(&self, units: &[Unit], begin: usize) -> Option<usize> {
        let mut at = begin;
        for (which, run) in self.runs.iter().enumerate() {
            if which > 0 {
                at += units.get(at..)?.iter().take_while(|unit| !unit.c.is_alphanumeric()).count();
            }
            for (place, wanted) in run.iter().enumerate() {
                if place > 0 {
                    at += units.get(at..)?.iter().take_while(|unit| is_soft(unit.c)).count();
                }
                if units.get(at)?.c != *wanted {
                    return None;
                }
                at += 1;
            }
        }
        Some(at)
    }
}

/// What people split words with.
pub(super) fn is_soft(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}')
}

/// A listed number: its digits and what belongs to it, without the marks between thousands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    chars: Vec<char>,
}

impl Number {
    /// `None` when there is no digit in it.
    pub(super) fn new(text: &str) -> Option<Self> {
        let mut chars = Vec::new();
        text.chars().for_each(|c| fold(c, |c| chars.push(c)));
        chars.retain(|c| !is_between_digits(*c));
        chars.iter().any(char::is_ascii_digit).then_some(Self { chars })
    }

    pub(super) fn canonical(&self) -> String {
        self.chars.iter().collect()
    }

    /// Where the number ends that begins at a unit; never within a longer number.
    pub(super) fn at(&self, units: &[Unit], begin: usize) -> Option<usize> {
        let is_digit =
            |at: Option<usize>| at.and_then(|at| units.get(at)).is_some_and(|u| u.c.is_ascii_digit());
        let is_point = |at: usize| units.get(at).is_some_and(|unit| matches!(unit.c, '.' | ','));
        let digit_first = self.chars.first().is_some_and(char::is_ascii_digit);
        let before = begin.checked_sub(1);
        let inside = is_digit(before) || before.is_some_and(is_point) && is_digit(begin.checked_sub(2));
        if digit_first && inside {
            return None;
        }
        let mut at = begin;
        for (place, wanted) in self.chars.iter().enumerate() {
            if place > 0 {
                at += units.get(at..)?.iter().take(2).take_while(|unit| is_between_digits(unit.c)).count();
            }
            if units.get(at)?.c != *wanted {
                return None;
            }
            at += 1;
        }
        let digit_last = self.chars.last().is_some_and(char::is_ascii_digit);
        let goes_on = is_digit(Some(at)) || is_point(at) && is_digit(Some(at + 1));
        (!digit_last || !goes_on).then_some(at)
    }
}

fn is_between_digits(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '_' | '\'' | '\u{2019}')
}

#[cfg(test)]
mod tests {
    use super::{Number, Word, units};

    /// What is found in a text.
    fn find<'t>(word: &str, text: &'t str) -> Option<&'t str> {
        let (word, units) = (Word::new(word).unwrap(), units(text, true));
        (0..units.len())
            .find_map(|at| word.at(&units, at).map(|end| &text[units[at].start..units[end - 1].end]))
    }

    #[test]
    fn a_word_is_found_in_any_form() {
        for (word, text, found) in [
            ("Ada", "with ADA there", "ADA"),
            ("ada", "canada", "ada"),
            ("ada", "a-d_a", "a-d_a"),
            ("ada", "x%41da", "%41da"),
            ("ada", "a\u{200b}d\u{300}a.", "a\u{200b}d\u{300}a"),
            ("José", "jose\u{301}!", "jose\u{301}"),
            ("jose", "JOSÉ", "JOSÉ"),
            ("jose", "jos%C3%A9s", "jos%C3%A9"),
            ("straße", "STRASSE", "STRASSE"),
            ("ΣΑΣ", "σας", "σας"),
            ("Ada Lovelace", "adalovelace", "adalovelace"),
            ("Ada Lovelace", "ada.lovelace@x", "ada.lovelace"),
            ("Ada Lovelace", "Ada\n  Lovelace", "Ada\n  Lovelace"),
            ("github.com/acme/parser", "https://GitHub.com/acme/parser.git", "GitHub.com/acme/parser"),
        ] {
            assert_eq!(find(word, text), Some(found), "{word} in {text}");
        }
        for (word, text) in [("ada", "a.da"), ("ada", "ad"), ("Ada Lovelace", "Ada")] {
            assert_eq!(find(word, text), None, "{word} in {text}");
        }
        assert!(Word::new("a").is_none() && Word::new("...").is_none() && Word::new("").is_none());
    }

    #[test]
    fn a_number_is_found_as_a_number() {
        let find = |number: &str, text: &str| {
            let (number, units) = (Number::new(number).unwrap(), units(text, true));
            (0..units.len()).any(|at| number.at(&units, at).is_some())
        };
        for (number, text, found) in [
            ("410", "410ms", true),
            ("410ms", "from 410 MS", true),
            ("1200000", "1,200,000 people", true),
            ("1,200,000", "1_200_000", true),
            ("41", "410", false),
            ("10", "410", false),
            ("4", "4.2", false),
            ("2", "4.2", false),
            ("4.2", "v4.2.", true),
            ("7%", "at 7 %", true),
        ] {
            assert_eq!(find(number, text), found, "{number} in {text}");
        }
        assert!(Number::new("many").is_none());
    }
}
