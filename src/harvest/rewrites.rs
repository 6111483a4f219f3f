//! Which commit became which, as git's `post-rewrite` hook tells it.

use std::collections::BTreeMap;

/// `old new` a line, with whatever follows, as git writes it. Lines that git cannot have written are left out, the
/// last one too when the text was `cut` off.
pub fn pairs(text: &str, cut: bool) -> Vec<(String, String)> {
    let whole = if cut { text.rsplit_once('\n').map_or("", |(whole, _)| whole) } else { text };
    let pair = |line: &str| {
        let mut words = line.split(' ');
        let (old, new) = (words.next()?, words.next()?);
        let honest = is_id(old) && is_id(new) && old.len() == new.len() && old != new;
        honest.then(|| (old.to_ascii_lowercase(), new.to_ascii_lowercase()))
    };
    whole.lines().filter_map(pair).collect()
}

/// What a commit became in the end; none when nothing is told of it.
pub fn follow<'a>(rewrites: &'a BTreeMap<String, String>, id: &str) -> Option<&'a str> {
    let mut last = rewrites.get(id)?;
    // A ring can only be told by somebody who lies.
    for _ in 0..rewrites.len() {
        match rewrites.get(last) {
            Some(next) => last = next,
            None => return Some(last),
        }
    }
    None
}

/// A full id of a commit that can exist.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64)
        && text.bytes().all(|b| b.is_ascii_hexdigit())
        && text.bytes().any(|b| b != b'0')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{follow, pairs};

    #[test]
    fn only_what_git_can_have_written_is_believed() {
        let (a, b, zero) = ("a".repeat(40), "B".repeat(40), "0".repeat(40));
        let long = "c".repeat(64);
        let text = format!(
            "{a} {b}\n{a} {b} extra words\n{a} {a}\n{a} {zero}\n{a} {long}\n{a}\n\n {a} {b}\n-x {b}\n\u{0}\u{1b}[31m\n{a} {b}"
        );
        let honest = (a.clone(), "b".repeat(40));
        assert_eq!(pairs(&text, false), vec![honest.clone(), honest.clone(), honest.clone()]);
        assert_eq!(pairs(&text, true).len(), 2);
        assert!(pairs(&a, true).is_empty());
    }

    #[test]
    fn a_chain_is_followed_and_a_ring_leads_nowhere() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
        };
        let chain = map(&[("a", "b"), ("b", "c"), ("x", "c")]);
        assert_eq!((follow(&chain, "a"), follow(&chain, "x")), (Some("c"), Some("c")));
        assert_eq!(follow(&chain, "c"), None);
        let ring = map(&[("a", "b"), ("b", "c"), ("c", "b")]);
        assert_eq!(follow(&ring, "a"), None);
    }
}
