//! A document for a terminal: plain lines, indented under their headings.

use super::doc::{Block, Doc, Item, Line};
use super::style::Role;
use super::wrap::{self, LongWords, Row, wrap};
use super::{sanitize, table};

/// The widest that lines of words are set: longer ones are tiring to read.
const WIDEST: usize = 100;

/// Below this, wrapping makes things worse.
const NARROWEST: usize = 40;

/// The widest that the names of facts push their values.
const KEYS: usize = 24;

/// `doc` in lines of at most `width` columns (0: unknown), with or without colour.
pub fn render(doc: &Doc, colour: bool, width: usize) -> String {
    let width = if width == 0 { WIDEST } else { width.clamp(NARROWEST, WIDEST) };
    let mut page = Page { colour, width, indent: 0, lines: Vec::new(), gap: false };
    for block in &doc.blocks {
        page.block(block);
    }
    let mut text = page.lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// `line` as it stands on one line, whatever its width, with what has no role of its own in `role`.
pub(super) fn line_in(line: &Line, role: Role, colour: bool) -> String {
    Row::of(line).tinted(role).paint(colour)
}

/// The lines so far, and where the next ones go.
struct Page {
    colour: bool,
    width: usize,
    indent: usize,
    lines: Vec<String>,
    /// A blank line is due before the next block.
    gap: bool,
}

impl Page {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, line) => self.heading(usize::from((*level).clamp(1, 3)), line),
            Block::Para(line) => {
                let lines = self.hanging("", "", line, Role::Plain);
                self.add(lines);
            }
            Block::Lines(lines) => {
                let lines = lines.iter().flat_map(|line| self.hanging("", "", line, Role::Plain)).collect();
                self.add(lines);
            }
            Block::Items(items) => {
                let mut lines = Vec::new();
                self.items(items, 0, &mut lines);
                self.add(lines);
            }
            Block::Table(table) => {
                let lines = table::lines(table, self.colour, self.width - self.indent);
                self.add(lines);
            }
            Block::Facts(facts) => {
                let lines = self.facts(facts);
                self.add(lines);
            }
            Block::Prose(text) => {
                let lines = self.prose(text.raw());
                self.add(lines);
            }
            Block::Blank => self.gap = true,
            Block::Footer(line) => {
                self.indent = 0;
                self.gap = true;
                let lines = self.hanging("", "", line, Role::Muted);
                self.add(lines);
            }
        }
    }

    /// A heading is flush with its parent's text; what follows stands two columns deeper, except under the title.
    fn heading(&mut self, level: usize, line: &Line) {
        let below_title = level <= 2;
        self.indent = 2 * level.saturating_sub(2);
        self.gap |= below_title;
        let lines = self.hanging("", "", line, Role::Heading);
        self.add(lines);
        self.indent = 2 * (level - 1);
        self.gap = false;
    }

    /// Puts `lines` at the present indentation, after a blank line where one is due.
    fn add(&mut self, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        if self.gap && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let indent = " ".repeat(self.indent);
        self.lines.extend(lines.into_iter().map(|line| format!("{indent}{line}").trim_end().to_owned()));
        self.gap = true;
    }

    /// `line` after `lead`, its further rows after `rest`, which must be as wide.
    fn hanging(&self, lead: &str, rest: &str, line: &Line, role: Role) -> Vec<String> {
        let columns = self.width.saturating_sub(self.indent + wrap::width(rest)).max(NARROWEST / 2);
        let rows = wrap(line, columns, columns, LongWords::Overflow).into_iter();
        rows.enumerate()
            .map(|(i, row)| {
                format!("{}{}", if i == 0 { lead } else { rest }, row.tinted(role).paint(self.colour))
            })
            .collect()
    }

    fn items(&self, items: &[Item], depth: usize, lines: &mut Vec<String>) {
        let (inset, below) = ("  ".repeat(depth), "  ".repeat(depth + 1));
        for item in items {
            let (lead, rest) = match &item.mark {
                None => (format!("{inset}- "), below.clone()),
                Some(mark) if mark.text.is_blank() => (inset.clone(), inset.clone()),
                Some(mark) => {
                    let mark = mark.role.paint(&sanitize::terminal(mark.text.raw()), self.colour);
                    (format!("{inset}{mark} "), below.clone())
                }
            };
            lines.extend(self.hanging(&lead, &rest, &item.line, Role::Plain));
            self.items(&item.children, depth + 1, lines);
        }
    }

    fn facts(&self, facts: &[(String, Line)]) -> Vec<String> {
        let keys: Vec<String> = facts.iter().map(|(key, _)| sanitize::terminal(key) + ":").collect();
        let column = keys.iter().map(|key| wrap::width(key)).max().unwrap_or(0).min(KEYS) + 1;
        let rest = " ".repeat(column);
        let fact = |(key, (_, line)): (&String, &(String, Line))| {
            let pad = " ".repeat(column.saturating_sub(wrap::width(key)).max(1));
            self.hanging(&format!("{}{pad}", Role::Key.paint(key, self.colour)), &rest, line, Role::Plain)
        };
        keys.iter().zip(facts).flat_map(fact).collect()
    }

    /// As git shows a message: set in, line by line, without blank lines around it.
    fn prose(&self, text: &str) -> Vec<String> {
        let shown = sanitize::terminal_prose(text);
        let inset = if self.indent == 0 { 4 } else { 2 };
        let mut lines: Vec<String> = Vec::new();
        for line in shown.trim_matches('\n').lines().map(str::trim_end) {
            if line.is_empty() {
                if lines.last().is_some_and(|last| !last.is_empty()) {
                    lines.push(String::new());
                }
                continue;
            }
            let own = line.len() - line.trim_start_matches(' ').len();
            let lead = " ".repeat(inset + own.min(self.width / 3));
            lines.extend(self.hanging(&lead, &lead, &Line::from(line.trim_start_matches(' ')), Role::Plain));
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }
}
