//! Text that people, commits or other machines wrote: printable only through a sanitiser.

use serde::{Deserialize, Serialize};

/// Foreign text. It has no `Display`: whoever prints it must choose a medium in `render::sanitize`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Wraps `text` as it is: records keep what was written, escaping happens at output.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The bytes as they were written. For storing, comparing and searching, never for printing.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// True when nothing visible would remain: empty, white space or invisible characters only.
    pub fn is_blank(&self) -> bool {
        self.0.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
    }

    /// True when there is a letter or a digit in it: a dash is no name.
    pub fn has_letters(&self) -> bool {
        self.0.chars().any(char::is_alphanumeric)
    }

    /// The first line, trimmed.
    pub fn first_line(&self) -> Self {
        Self(self.0.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// The text on one line with everything unprintable written out (`\u{1b}`), for commit messages and errors.
    pub fn visible(&self) -> String {
        let mut line = String::with_capacity(self.0.len());
        for c in self.0.trim().chars() {
            match c {
                '\n' | '\t' => line.push(' '),
                c if c.is_control() || is_invisible(c) => line.extend(c.escape_unicode()),
                c => line.push(c),
            }
        }
        line
    }

    /// True when `needle` occurs, without regard to case.
    pub fn contains_ignoring_case(&self, needle: &str) -> bool {
        self.0.to_lowercase().contains(&needle.to_lowercase())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Characters that take no room or reorder their neighbours: zero-width, bidi, filler and tag characters.
/// The ranges are Unicode's `Default_Ignorable_Code_Point` plus the interlinear and bidi controls.
pub fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
        | 0xFFF9..=0xFFFB | 0xFFFE | 0xFFFF | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn blank_is_what_nobody_could_read() {
        for (text, blank) in
            [("", true), (" \t\n", true), ("\u{200b}\u{202e}", true), ("a", false), (" é ", false)]
        {
            assert_eq!(Text::from(text).is_blank(), blank, "{text:?}");
        }
    }
}
