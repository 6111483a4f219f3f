//! Links, addresses and ids of commits, told by their form.

/// Where links are: a scheme, `://`, and everything up to a blank or a bracket.
pub(super) fn links(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut end = 0;
    text.match_indices("://").filter_map(move |(at, _)| {
        if at < end {
            return None;
        }
        let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let start = at - text[..at].chars().rev().take_while(|c| scheme(*c)).count();
        let stops = |c: char| {
            c.is_whitespace()
                || matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '(' | ')' | '[' | ']' | '{' | '}')
        };
        end = at + 3 + text[at + 3..].find(stops).unwrap_or(text.len() - at - 3);
        Some((start, end))
    })
}

/// Where e-mail addresses are, and what looks like one: `git@host.example`.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices('@').filter_map(|(at, _)| {
        let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        let host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
        let before: usize = text[..at].chars().rev().take_while(|c| local(*c)).map(char::len_utf8).sum();
        let after: usize = text[at + 1..].chars().take_while(|c| host(*c)).map(char::len_utf8).sum();
        let name = text[at + 1..=at + after].trim_end_matches(['.', '-']);
        (before > 0 && name.contains('.')).then(|| (at - before, at + 1 + name.len()))
    })
}

/// Where ids of commits are: seven hexadecimal digits or more that stand alone and are no number.
pub(super) fn commits(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    text.split(|c: char| !c.is_alphanumeric()).filter_map(move |token| {
        let start = at + text[at..].find(token)?;
        at = start + token.len();
        let bytes = token.as_bytes();
        let hex = (7..=64).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_hexdigit);
        let mixed = bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic);
        (hex && (mixed || bytes.len() >= 32)).then_some((start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::{addresses, commits, links};

    fn cut(text: &str, spans: impl Iterator<Item = (usize, usize)>) -> Vec<&str> {
        spans.map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn forms_are_told_apart() {
        let text =
            "see (https://a.test/x?y=1#z), <ssh://git@b.test/r> and git+ssh://c; é http://d.test/http://e";
        let found =
            ["https://a.test/x?y=1#z", "ssh://git@b.test/r", "git+ssh://c;", "http://d.test/http://e"];
        assert_eq!(cut(text, links(text)), found);
        let text = "Ada <ada@example.com>, git@host.test:acme/x. é@ö.test @ada x@localhost a@b.c.";
        assert_eq!(cut(text, addresses(text)), ["ada@example.com", "git@host.test", "é@ö.test", "a@b.c"]);
        let text =
            "in 1a2b3c4d, 1234567, deadbee, 8cf75081378f2e56ac517957c45d83f5175f7a06; 1a2b3c4dx é1a2b3c4";
        assert_eq!(cut(text, commits(text)), ["1a2b3c4d", "8cf75081378f2e56ac517957c45d83f5175f7a06"]);
    }
}
