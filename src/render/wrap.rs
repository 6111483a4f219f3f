//! Lines of styled words: measuring, wrapping, painting.

use super::doc::Line;
use super::sanitize;
use super::style::Role;

/// Wide punctuation that must not begin a line.
const CLOSING: &str = "、。，．・：；？！」』）】〉》〕”’…";

/// Sanitised text in roles, as it will stand on one terminal line.
#[derive(Clone, Debug, Default)]
pub(super) struct Row(Vec<(Role, String)>);

impl Row {
    /// The whole line in one row, whatever its width.
    pub(super) fn of(line: &Line) -> Self {
        let mut row = Self::default();
        for span in &line.0 {
            row.push(span.role, &sanitize::terminal(span.text.raw()));
        }
        row
    }

    /// Appends `text`, joining it with a neighbour of the same role.
    fn push(&mut self, role: Role, text: &str) {
        match self.0.last_mut() {
            Some((last, present)) if *last == role => present.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push((role, text.to_owned())),
        }
    }

    /// The columns the row takes.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| width(text)).sum()
    }

    /// Everything unstyled takes `role`.
    pub(super) fn tinted(self, role: Role) -> Self {
        let mut row = Self::default();
        for (own, text) in self.0 {
            row.push(if own == Role::Plain { role } else { own }, &text);
        }
        row
    }

    /// The row as characters.
    pub(super) fn paint(&self, colour: bool) -> String {
        self.0.iter().map(|(role, text)| role.paint(text, colour)).collect()
    }
}

/// The columns `text` takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// What happens to a word that is wider than a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LongWords {
    /// It stands out: the terminal breaks it, and an address can still be copied.
    Overflow,
    /// It is cut, for columns that others stand beside.
    Cut,
}

/// Something that a row is not broken inside of, with the gap before it.
#[derive(Default)]
struct Word {
    gap: (Role, usize),
    parts: Vec<(Role, String)>,
    width: usize,
}

/// Wraps `line` into rows of `columns`; the first may be wider or narrower (`first`).
pub(super) fn wrap(line: &Line, first: usize, columns: usize, long: LongWords) -> Vec<Row> {
    let mut rows = vec![Row::default()];
    let (mut used, mut room) = (0, first.max(1));
    for word in words(line) {
        let gap = if used == 0 && rows.len() > 1 { 0 } else { word.gap.1 };
        let gap = if used > 0 && used + gap + word.width > room {
            rows.push(Row::default());
            (used, room) = (0, columns.max(1));
            0
        } else {
            gap
        };
        let mut row = rows.pop().unwrap_or_default();
        row.push(word.gap.0, &" ".repeat(gap));
        used += gap;
        if long == LongWords::Overflow || used + word.width <= room {
            for (role, text) in &word.parts {
                row.push(*role, text);
            }
            used += word.width;
        } else {
            for (role, cluster) in
                word.parts.iter().flat_map(|(role, text)| clusters(text).map(|c| (*role, c)))
            {
                if used + width(cluster) > room {
                    rows.push(std::mem::take(&mut row));
                    (used, room) = (0, columns.max(1));
                }
                row.push(role, cluster);
                used += width(cluster);
            }
        }
        rows.push(row);
    }
    rows
}

/// The columns that the widest unbroken part of `line` takes.
pub(super) fn widest_word(line: &Line) -> usize {
    words(line).iter().map(|word| word.width).max().unwrap_or(0)
}

/// Splits at spaces, and around wide characters, which have no spaces between words.
fn words(line: &Line) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut after_wide = false;
    for span in &line.0 {
        let text = sanitize::terminal(span.text.raw());
        for cluster in clusters(&text) {
            let columns = width(cluster);
            let closes = cluster.starts_with(|c| CLOSING.contains(c));
            let breaks = cluster == " " || ((columns > 1 || after_wide) && !closes);
            if breaks && !word.parts.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            after_wide = columns > 1;
            if cluster == " " {
                word.gap = (span.role, word.gap.1 + 1);
                continue;
            }
            word.width += columns;
            match word.parts.last_mut() {
                Some((role, text)) if *role == span.role => text.push_str(cluster),
                _ => word.parts.push((span.role, cluster.to_owned())),
            }
        }
    }
    if !word.parts.is_empty() {
        words.push(word);
    }
    words
}

/// Characters with the marks and joined parts that belong to them.
fn clusters(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let mut starts = Vec::new();
    let mut joined = false;
    for (at, c) in text.char_indices() {
        let continues = !c.is_ascii() && width(&text[at..at + c.len_utf8()]) == 0;
        if !(continues || joined) || at == 0 {
            starts.push(at);
        }
        joined = c == '\u{200d}';
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|(from, to)| &text[from..to])
}

#[cfg(test)]
mod tests {
    use super::{Line, LongWords, Role, clusters, wrap};

    fn wrapped(text: &str, first: usize, columns: usize, long: LongWords) -> Vec<String> {
        wrap(&Line::from(text), first, columns, long).iter().map(|row| row.paint(false)).collect()
    }

    #[test]
    fn rows_break_between_words() {
        for (text, first, columns, expected) in [
            ("one two three", 80, 80, &["one two three"][..]),
            ("one two three", 7, 7, &["one two", "three"]),
            ("one two three", 3, 9, &["one", "two three"]),
            ("", 5, 5, &[""]),
            ("https://example.com/long x", 5, 5, &["https://example.com/long", "x"]),
            ("日本語の文章。", 6, 6, &["日本語", "の文", "章。"]),
            ("a  b", 9, 9, &["a  b"]),
        ] {
            assert_eq!(wrapped(text, first, columns, LongWords::Overflow), expected, "{text:?}");
        }
        assert_eq!(wrapped("abcdefg hi", 3, 3, LongWords::Cut), ["abc", "def", "g", "hi"]);
    }

    #[test]
    fn a_word_may_have_several_roles() {
        let line = Line::new().plain("see ").role(Role::Strong, "this one").plain(", now");
        let rows: Vec<String> =
            wrap(&line, 9, 9, LongWords::Overflow).iter().map(|row| row.paint(true)).collect();
        assert_eq!(rows, ["see \x1b[1mthis\x1b[0m", "\x1b[1mone\x1b[0m, now"]);
    }

    #[test]
    fn clusters_stay_whole() {
        assert_eq!(clusters("e\u{301}x👩\u{200d}💻").collect::<Vec<_>>(), ["e\u{301}", "x", "👩\u{200d}💻"]);
    }
}
