//! Escaping for GitHub-flavoured Markdown: foreign text stays text, whatever it looks like.

/// `text` as one line of Markdown that may stand at the beginning of a block.
pub fn markdown(text: &str) -> String {
    escape(text, true)
}

/// `text` as Markdown that follows something on its line, or stands in a table cell: block syntax cannot arise
/// there, so it needs fewer backslashes.
pub fn markdown_inline(text: &str) -> String {
    escape(text, false)
}

/// `text` as inline code. A pipe would end a table cell even there, so such text stays escaped plain text.
pub fn markdown_code(text: &str) -> String {
    let text = super::terminal(text);
    if text.trim().is_empty() || text.contains('|') {
        return markdown(&text);
    }
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes `text` for anywhere on a line, and (`at_start`) for a line's beginning, where block markers stand.
fn escape(text: &str, at_start: bool) -> String {
    let chars = squeezed(&super::terminal(text));
    let mut out = String::with_capacity(chars.len() + 8);
    // True while a block marker could still arise: nothing so far, or the digits of a list number.
    let (mut opening, mut numbering) = (at_start, at_start);
    for (i, &c) in chars.iter().enumerate() {
        let (before, next) = (&chars[..i], chars.get(i + 1).copied());
        let marker = (opening && matches!(c, '-' | '+' | '=' | ':')) || (numbering && matches!(c, '.' | ')'));
        if marker || is_syntax(c, before, next) {
            out.push('\\');
        }
        out.push(c);
        if calls_someone(c, before, next) {
            // Forges look for names and numbers after rendering, where a backslash is gone. An entity is visible
            // in the source, so no invisible character is smuggled into it.
            out.push_str("&#8203;");
        }
        if c != ' ' {
            opening = false;
            numbering = numbering && c.is_ascii_digit();
        }
    }
    out
}

/// True where `c` could begin or end an inline construct, or a bare address that forges turn into a link.
fn is_syntax(c: char, before: &[char], next: Option<char>) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let last = before.last().copied();
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' => true,
        // Inside a word an underscore never emphasises: snake_case stays readable.
        '_' => !(in_word(last) && in_word(next)),
        '#' => !in_word(last),
        ':' => next == Some('/'),
        '.' => ends_with(before, "www"),
        _ => false,
    }
}

/// True where a forge would see a person (`@name`, also inside an address), an issue (`#1`, `GH-1`) or a merge
/// request (`!1`) after `c`.
fn calls_someone(c: char, before: &[char], next: Option<char>) -> bool {
    let number = next.is_some_and(|next| next.is_ascii_digit());
    match c {
        '@' => next.is_some_and(|next| next != ' '),
        '#' | '!' => number,
        '-' => number && ends_with(before, "gh"),
        _ => false,
    }
}

/// True when `chars` end with `word`, without regard to case.
fn ends_with(chars: &[char], word: &str) -> bool {
    chars.len() >= word.len()
        && chars.iter().rev().zip(word.chars().rev()).all(|(c, w)| c.eq_ignore_ascii_case(&w))
}

/// The characters with each run of spaces as one: four of them at a beginning would be a code block, two at the
/// end a line break.
fn squeezed(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    chars.dedup_by(|a, b| *a == ' ' && *b == ' ');
    chars
}

/// The length of the longest run of `c`.
fn longest_run(text: &str, c: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for other in text.chars() {
        run = if other == c { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
