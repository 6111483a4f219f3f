//! Foreign text made safe: one function per medium, none of which lets an invisible character through.
//!
//! What is stored stays as it was written; escaping happens here, at output, and shows what it found
//! (`\u{1b}`) instead of dropping it, so that a trick is seen and not only defused.

mod markdown;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::model::text::is_invisible;

pub use markdown::{markdown, markdown_code, markdown_inline};

/// Combining marks shown on one base character. Real writing needs four; a "zalgo" tower needs hundreds.
const MARKS: usize = 8;

/// Joined emoji in one cluster. The longest in use (a family) has four parts.
const JOINS: usize = 4;

/// Spaces that a tab becomes in prose.
const TAB: &str = "    ";

/// `text` as one terminal line: line breaks and tabs become one space, nothing moves the cursor or hides.
pub fn terminal(text: &str) -> String {
    visible(&one_line(text), Breaks::Escaped)
}

/// `text` as terminal lines: line breaks stay, tabs become spaces, nothing else moves the cursor or hides.
pub fn terminal_prose(text: &str) -> String {
    visible(&text.replace("\r\n", "\n").replace('\t', TAB), Breaks::Kept)
}

/// Serialised JSON for a terminal: the same value, with everything that could act or hide written as `\uXXXX`.
pub fn json_for_terminal(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    let mut marks = 0;
    for c in json.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            '\n' => shown.push('\n'),
            _ if is_forbidden(c) || marks > MARKS => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            _ => shown.push(c),
        }
    }
    shown
}

/// True for an `http`, `https` or `mailto` address that shows where it leads: no user part that poses as the host,
/// nothing invisible, nothing that ends the link early in some medium.
pub fn is_safe_link(url: &str) -> bool {
    let hostile =
        |c: char| is_forbidden(c) || c.is_whitespace() || matches!(c, '\\' | '<' | '>' | '"' | '`' | '\'');
    if url.chars().any(hostile) {
        return false;
    }
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            let Some(rest) = rest.strip_prefix("//") else { return false };
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            host.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !host.contains('@')
        }
        "mailto" => {
            let address = rest.split('?').next().unwrap_or_default();
            address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        _ => false,
    }
}

/// True for a character that acts, hides or reorders: it never reaches an output as itself. (The braille blank is
/// printable by the book, and looks like nothing.)
pub fn is_forbidden(c: char) -> bool {
    c.is_control() || is_invisible(c) || c == '\u{2800}'
}

/// What a line break becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Kept,
    Escaped,
}

/// Every run of line breaks and tabs as one space.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut in_break = false;
    for c in text.replace("\r\n", "\n").chars() {
        let breaks = matches!(c, '\n' | '\t');
        match (breaks, in_break) {
            (true, false) => line.push(' '),
            (true, true) => {}
            (false, _) => line.push(c),
        }
        in_break = breaks;
    }
    line
}

/// Escapes what [`is_forbidden`], except the joiners and selectors of an emoji, and marks past [`MARKS`].
fn visible(text: &str, breaks: Breaks) -> String {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = Before::default();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        if c == '\n' && breaks == Breaks::Kept {
            shown.push(c);
            before = Before::default();
        } else if before.allows(c, next) {
            shown.push(c);
            before.advance(c);
        } else {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            before = Before::default();
        }
    }
    shown
}

/// What the characters just written allow to follow.
#[derive(Default)]
struct Before {
    last: Option<char>,
    /// The cluster so far is an emoji, perhaps with its selector: a joiner may follow.
    emoji: bool,
    joins: usize,
    marks: usize,
}

impl Before {
    fn allows(&self, c: char, next: Option<char>) -> bool {
        match c {
            '\u{200d}' => self.emoji && self.joins < JOINS && next.is_some_and(is_emoji),
            '\u{fe0e}' | '\u{fe0f}' => self.last.is_some_and(|last| {
                is_emoji(last) || (next == Some('\u{20e3}') && matches!(last, '0'..='9' | '#' | '*'))
            }),
            _ if is_forbidden(c) => false,
            // A mark without a base would sit on whatever we print before it.
            _ if is_mark(c) => self.last.is_some() && self.marks < MARKS,
            _ => true,
        }
    }

    fn advance(&mut self, c: char) {
        match c {
            '\u{200d}' => self.joins += 1,
            '\u{fe0e}' | '\u{fe0f}' => {}
            _ if is_mark(c) => self.marks += 1,
            _ => {
                let joined = self.last == Some('\u{200d}');
                *self = Self {
                    last: None,
                    emoji: is_emoji(c),
                    joins: if joined { self.joins } else { 0 },
                    marks: 0,
                };
            }
        }
        self.last = Some(c);
    }
}

/// A character that takes no column of its own but is no trick: accents, vowel signs, medial consonants.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !is_forbidden(c) && console::measure_text_width(c.encode_utf8(&mut [0; 4])) == 0
}

/// Characters that emoji sequences are built of, roughly: a wider net only lets a harmless joiner stand.
fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2194..=0x21AA | 0x231A..=0x23FF | 0x24C2
        | 0x25AA..=0x25FE | 0x2600..=0x27BF | 0x2934 | 0x2935 | 0x2B05..=0x2B55 | 0x3030 | 0x303D | 0x3297
        | 0x3299 | 0x1F000..=0x1FAFF)
}
