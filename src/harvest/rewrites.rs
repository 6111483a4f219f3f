//! Which commit became which, as git's `post-rewrite` hook tells it.

use std::collections::{BTreeMap, BTreeSet};

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

/// What can be believed of what a rebase tells. `git rebase --skip` reports that a skipped commit became the one
/// before it, which others may have become in truth: only what the rebase `made` counts, and several commits have
/// become one only where all but the first were `folded` into it. The first has to be `alike`.
pub fn sift(
    pairs: Vec<(String, String)>,
    made: &BTreeSet<String>,
    folded: &BTreeSet<String>,
    alike: impl Fn(&str, &str) -> bool,
) -> Vec<(String, String)> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (old, new) in pairs.into_iter().filter(|(_, new)| made.contains(new)) {
        groups.entry(new).or_default().push(old);
    }
    let believed = |(new, olds): &(String, Vec<String>)| {
        olds.split_first()
            .is_some_and(|(first, rest)| alike(first, new) && rest.iter().all(|old| folded.contains(old)))
    };
    let pair = |(new, olds): (String, Vec<String>)| olds.into_iter().map(move |old| (old, new.clone()));
    groups.into_iter().filter(believed).flat_map(pair).collect()
}

/// The commits that a rebase has folded for certain, by its `done` commands and the `reflog` that they left: none
/// where a command left no trace, since it may have been skipped. `parent` names the first parent of a commit.
pub fn folded<'a>(
    done: &'a str,
    reflog: &[String],
    onto: Option<&str>,
    parent: impl Fn(&str) -> Option<&'a str>,
) -> BTreeSet<String> {
    let (mut picks, mut rewords, mut folds) = (0, 0, BTreeSet::new());
    // Picks of what is in place already are done without a trace.
    let mut in_place = onto;
    for line in done.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let command = words.next().unwrap_or_default();
        let Some(id) = words.find(|word| !word.starts_with('-')).filter(|id| is_id(id)) else {
            return BTreeSet::new();
        };
        match command {
            "pick" if in_place.is_some() && parent(id) == in_place => in_place = Some(id),
            "pick" => {
                in_place = None;
                picks += 1;
            }
            "reword" => {
                in_place = None;
                rewords += 1;
            }
            "fixup" | "squash" => {
                in_place = None;
                folds.insert(id.to_owned());
            }
            _ => return BTreeSet::new(),
        }
    }
    let count =
        |words: &[&str]| reflog.iter().filter(|line| words.iter().any(|word| line.contains(word))).count();
    let traced = count(&["(pick):", ": fast-forward"]) == picks
        // Picked, and then given its words.
        && count(&["(reword):"]) == 2 * rewords
        && count(&["(fixup):", "(squash):"]) == folds.len();
    if traced { folds } else { BTreeSet::new() }
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
    use std::collections::{BTreeMap, BTreeSet};

    use super::{folded, follow, pairs, sift};

    #[test]
    fn a_skipped_commit_became_nothing() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let told = |told: &[(&str, &str)]| -> Vec<(String, String)> {
            told.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
        };
        let alike = |old: &str, new: &str| old.eq_ignore_ascii_case(new);
        let made = set(&["B", "E", "F"]);
        let olds = |pairs: &[(&str, &str)], folded: &[&str]| -> Vec<String> {
            sift(told(pairs), &made, &set(folded), alike).into_iter().map(|(old, _)| old).collect()
        };
        let base = [("a", "base"), ("b", "B"), ("d", "B"), ("e", "E"), ("f", "kept")];
        assert_eq!(olds(&base, &["d"]), ["b", "d", "e"]);
        assert_eq!(olds(&base, &[]), ["e"], "one of them was skipped");
        assert!(olds(&[("x", "B"), ("b", "B")], &["b"]).is_empty());
    }

    #[test]
    fn folds_are_certain_where_every_command_left_its_trace() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|letter| letter.repeat(40));
        let done = format!("pick {a} one\nfixup -C {b} two\nsquash {c} three\npick {d} four\n");
        let onto = "0".repeat(40);
        let parent = |id: &str| (id == a).then_some(onto.as_str());
        let reflog = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let all = reflog(&["rebase (pick): four", "rebase (squash): three", "rebase (fixup): two"]);
        assert_eq!(folded(&done, &all, Some(&onto), parent).len(), 2);
        assert!(folded(&done, &all[1..], Some(&onto), parent).is_empty(), "a pick was skipped");
        assert!(folded(&done, &all[..2], Some(&onto), parent).is_empty(), "a fold was skipped");
        assert!(folded(&done, &all, None, parent).is_empty());
        assert!(folded(&format!("{done}exec make\n"), &all, Some(&onto), parent).is_empty());
    }

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
