//! Reading words and numbers: small parsers that the rules are made of, each linear.

/// The first `most` bytes of `text`, cut at a character.
pub(super) fn head(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A positive number at the beginning of `text` that ends as a word, and its length.
pub(super) fn number(text: &str) -> Option<(u64, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = match &text.as_bytes()[len..] {
        [b'.', next, ..] => !next.is_ascii_digit(),
        [next, ..] => next.is_ascii() && !next.is_ascii_alphanumeric() && *next != b'_',
        [] => true,
    };
    // A leading zero is a colour or an address: no forge writes one.
    if !ends || text.starts_with('0') {
        return None;
    }
    text[..len].parse().ok().map(|number| (number, len))
}

/// The whole of `text` as a number.
pub(super) fn whole(text: &str) -> Option<u64> {
    number(text).filter(|(_, len)| *len == text.len()).map(|(number, _)| number)
}

/// True for text without white space that is not empty.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// True for `owner/name`.
pub(super) fn is_repo(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
    };
    text.split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name))
}

/// The value of a line `Key: value`, whose key is compared by letter, without the white space around it.
pub(super) fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(':').map(str::trim)
}

/// Words that close an issue.
const CLOSING: &[&str] =
    &["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// True when `before` ends in a closing keyword, a colon or not, and white space; `fixes issue ` does, too.
pub(super) fn closes(before: &str) -> bool {
    let words = before.trim_end_matches([' ', '\t']);
    if words.len() == before.len() {
        return false;
    }
    let cut = words.len().saturating_sub(6);
    let tail = words.get(cut..).unwrap_or_default();
    let plural = tail.eq_ignore_ascii_case("issues");
    let issue = plural || tail.get(1..).is_some_and(|tail| tail.eq_ignore_ascii_case("issue"));
    let words = if issue { &words[..words.len() - 5 - usize::from(plural)] } else { words };
    let words =
        if issue && words.ends_with([' ', '\t']) { words.trim_end_matches([' ', '\t']) } else { words };
    let words = words.strip_suffix(':').unwrap_or(words).as_bytes();
    let letters = words.iter().rev().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
    let (left, word) = words.split_at(words.len() - letters);
    let alone =
        left.last().is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-'));
    alone && CLOSING.iter().any(|closing| word.eq_ignore_ascii_case(closing.as_bytes()))
}
