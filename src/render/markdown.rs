//! A document as GitHub-flavoured Markdown: ours is the markup, everything else is escaped.

use super::doc::{Align, Block, Doc, Item, Line, Table};
use super::sanitize;
use super::style::Role;

/// `doc` as Markdown. Equal documents give equal bytes.
pub fn render(doc: &Doc) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut bullet = None;
    for block in &doc.blocks {
        // Two lists in a row would run together; another bullet keeps them apart.
        bullet = match (block, bullet) {
            (Block::Items(_), Some('-')) => Some('*'),
            (Block::Items(_), _) => Some('-'),
            (Block::Blank, _) => bullet,
            _ => None,
        };
        let part = part(block, bullet.unwrap_or('-'));
        if !part.is_empty() {
            parts.push(part);
        }
    }
    let mut text = parts.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn part(block: &Block, bullet: char) -> String {
    match block {
        Block::Heading(level, text) => {
            format!("{} {}", "#".repeat(usize::from((*level).clamp(1, 6))), line(text, true))
        }
        Block::Para(text) | Block::Footer(text) => line(text, true),
        Block::Lines(lines) => broken(lines.iter().map(|text| line(text, true))),
        Block::Items(items) => {
            let mut lines = Vec::new();
            list(items, bullet, 0, &mut lines);
            lines.join("\n")
        }
        Block::Table(content) => table(content),
        Block::Facts(facts) => broken(facts.iter().map(|(key, value)| {
            let text = Line::new().role(Role::Key, format!("{key}:")).plain(" ").line(value.clone());
            line(&text, true)
        })),
        Block::Prose(text) => quote(text.raw()),
        Block::Blank => String::new(),
    }
}

/// Lines with hard breaks between them.
fn broken(lines: impl Iterator<Item = String>) -> String {
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\\\n")
}

fn list(items: &[Item], bullet: char, depth: usize, lines: &mut Vec<String>) {
    for item in items {
        let mut text = item.line.clone();
        if let Some(mark) = item.mark.as_ref().filter(|mark| !mark.text.is_blank()) {
            text = Line::new().text(mark.role, &mark.text).plain(" ").line(text);
        }
        lines.push(format!("{}{bullet} {}", "  ".repeat(depth), line(&text, true)).trim_end().to_owned());
        list(&item.children, bullet, depth + 1, lines);
    }
}

fn table(table: &Table) -> String {
    let columns = table.rows.iter().map(Vec::len).chain([table.header.len()]).max().unwrap_or(0);
    if table.rows.is_empty() || columns == 0 {
        return String::new();
    }
    let row = |cells: Vec<String>| {
        let cells: Vec<String> = (0..columns).map(|i| cells.get(i).cloned().unwrap_or_default()).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule = |i| match table.alignment(i) {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    };
    let mut lines = vec![
        row(table.header.iter().map(|name| sanitize::markdown_inline(name)).collect()),
        row((0..columns).map(rule).collect()),
    ];
    lines.extend(table.rows.iter().map(|cells| row(cells.iter().map(|cell| line(cell, false)).collect())));
    lines.join("\n")
}

/// What somebody wrote, quoted line by line.
fn quote(text: &str) -> String {
    let shown = sanitize::terminal_prose(text);
    let lines: Vec<String> = shown.trim().lines().map(|line| sanitize::markdown(line.trim())).collect();
    let quoted = lines.iter().enumerate().map(|(i, line)| match lines.get(i + 1) {
        _ if line.is_empty() => ">".to_owned(),
        Some(next) if !next.is_empty() => format!("> {line}\\"),
        _ => format!("> {line}"),
    });
    let mut quoted: Vec<String> = quoted.collect();
    quoted.dedup_by(|a, b| a == ">" && b == ">");
    if lines.is_empty() { String::new() } else { quoted.join("\n") }
}

/// How a span is marked up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup {
    None,
    Bold,
    Code,
    Link,
}

impl Markup {
    fn of(role: Role, text: &str) -> Self {
        match role {
            Role::Strong | Role::Key => Self::Bold,
            Role::Id | Role::IdRest => Self::Code,
            Role::Link if sanitize::is_safe_link(text) => Self::Link,
            _ => Self::None,
        }
    }
}

/// `line` as inline Markdown, at the beginning of a block or within one.
fn line(line: &Line, at_start: bool) -> String {
    // Neighbours of one kind are escaped together: what begins a span in the middle of a line begins no block.
    let mut runs: Vec<(Markup, String)> = Vec::new();
    for span in &line.0 {
        let markup = Markup::of(span.role, span.text.raw());
        match runs.last_mut() {
            Some((last, text)) if *last == markup && markup != Markup::Link => text.push_str(span.text.raw()),
            _ => runs.push((markup, span.text.raw().to_owned())),
        }
    }
    let mut out = String::new();
    for (markup, text) in runs {
        let opens = at_start && out.trim().is_empty();
        match markup {
            Markup::None if opens => out.push_str(&sanitize::markdown(&text)),
            Markup::None => out.push_str(&sanitize::markdown_inline(&text)),
            Markup::Code => out.push_str(&sanitize::markdown_code(&text)),
            Markup::Bold => out.push_str(&bold(&sanitize::markdown_inline(&text))),
            // A safe address has no character that ends this early, except the one that ends a table cell.
            Markup::Link => out.push_str(&format!("<{}>", text.replace('|', "%7C"))),
        }
    }
    out.trim().to_owned()
}

/// `text` between asterisks, its outer spaces outside them: `** x **` would not be bold.
fn bold(text: &str) -> String {
    let inner = text.trim_matches(' ');
    if inner.is_empty() {
        return text.to_owned();
    }
    text.replacen(inner, &format!("**{inner}**"), 1)
}
