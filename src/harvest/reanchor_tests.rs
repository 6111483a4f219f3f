//! Tests of finding commits again: certain or lost, never wrong.

use super::{Gone, History, Outcome, Step, Trace};

const ME: &str = "me@example.com";

fn trace(id: &str, authored: i64, subject: &str, patch: &str) -> Trace {
    Trace {
        id: id.into(),
        author: ME.into(),
        authored: Some(authored),
        committed: authored + 100,
        subject: subject.into(),
        patch: (!patch.is_empty()).then(|| patch.to_owned()),
        ..Trace::default()
    }
}

fn with_lines(trace: Trace) -> Trace {
    Trace { lines: Some(["+a line".to_owned()].into()), ..trace }
}

fn lines_more(trace: Trace) -> Trace {
    Trace { lines: Some(["+a line".to_owned(), "+another".to_owned()].into()), ..trace }
}

fn gone(trace: Trace) -> Gone {
    Gone { recorded: trace.committed - 50, trace, ..Gone::default() }
}

fn find(gone: &Gone, standing: &[Trace], past: &[Trace]) -> Outcome {
    History::new(standing, past, &[]).find(gone)
}

fn found(id: &str, by: Step) -> Outcome {
    Outcome::Found { id: id.into(), by }
}

fn lost(candidates: &[&str]) -> Outcome {
    Outcome::Lost { candidates: candidates.iter().map(|id| (*id).to_owned()).collect() }
}

#[test]
fn each_key_finds_alone() {
    let old = gone(trace("a", 1, "one queue", "p"));
    let mut landed = trace("b", 9, "squashed", "whole");
    landed.pulls = vec![12];
    let mut changed = trace("b", 9, "other words", "q");
    changed.change = Some("zz".into());
    for (candidate, by) in [
        (trace("b", 1, "one queue", "p"), Step::Same),
        (trace("b", 1, "one queue", "q"), Step::AuthorDateSubject),
        (trace("b", 9, "other words", "p"), Step::Patch),
        (trace("b", 1, "other words", "p"), Step::Moment),
        (changed, Step::ChangeId),
        (landed.clone(), Step::Branch),
    ] {
        let mut old = old.clone();
        old.trace.change = Some("zz".into());
        old.wholes.insert("whole".into());
        let object = with_lines(old.trace.clone());
        let standing = [lines_more(candidate), trace("c", 5, "noise", "n")];
        assert_eq!(find(&old, &standing, &[object]), found("b", by));
    }
    let by_pull = Gone { pulls: vec![12], ..old.clone() };
    assert_eq!(find(&by_pull, std::slice::from_ref(&landed), &[]), found("b", Step::PullRequest));
    let told = Gone { became: Some("b".into()), ..old };
    assert_eq!(find(&told, &[landed], &[]), found("b", Step::Rewrite));
}

#[test]
fn two_hits_or_two_opinions_are_none() {
    let old = gone(trace("a", 1, "one queue", "p"));
    let twice = [trace("b", 1, "one queue", "p"), trace("c", 1, "one queue", "p")];
    assert_eq!(find(&old, &twice, &[]), lost(&["b", "c"]));
    let divided = [trace("b", 1, "one queue", "q"), trace("c", 9, "again", "p")];
    assert_eq!(find(&old, &divided, &[]), lost(&["b", "c"]));
    assert_eq!(find(&old, &[trace("c", 9, "one queue", "z")], &[]), lost(&["c"]));
    assert_eq!(find(&old, &[], &[]), lost(&[]));
}

#[test]
fn a_key_that_a_neighbour_shared_tells_nothing() {
    // Two commits of one second with the same words, one on the other; the first was dropped.
    let old = gone(trace("a", 1, "wip again", "p"));
    let twin = Trace { parents: vec!["a".into()], ..trace("t", 1, "wip again", "q") };
    let kept = lines_more(trace("b", 1, "wip again", "q"));
    let object = with_lines(old.trace.clone());
    assert_eq!(find(&old, std::slice::from_ref(&kept), &[object.clone(), twin]), lost(&["b"]));
    // Nor where nobody can tell any more whether there was one.
    assert_eq!(find(&old, std::slice::from_ref(&kept), &[]), lost(&["b"]));
    // A part of what was split is not the whole.
    let mut more = lines_more(object.clone());
    more.lines.as_mut().expect("lines").insert("+a third".into());
    assert_eq!(find(&old, std::slice::from_ref(&kept), &[more]), lost(&["b"]));
    // An earlier state of the same commit is no neighbour.
    let earlier = trace("e", 1, "wip again", "r");
    assert_eq!(find(&old, &[kept], &[object, earlier]), found("b", Step::AuthorDateSubject));
}

#[test]
fn what_a_filter_made_has_kept_its_dates() {
    let old = Gone { recorded: 500, ..gone(trace("a", 1, "one queue", "p")) };
    let object = with_lines(old.trace.clone());
    for (new, by) in [
        (trace("b", 1, "other words", "p"), Step::Moment),
        (with_lines(trace("b", 1, "other words", "q")), Step::Moment),
        (lines_more(trace("b", 1, "one queue", "q")), Step::AuthorDateSubject),
    ] {
        assert_eq!(find(&old, std::slice::from_ref(&new), std::slice::from_ref(&object)), found("b", by));
    }
    // The same change of the same moment on both: neither.
    let twice = [trace("b", 1, "other words", "p"), trace("c", 1, "more words", "p")];
    assert_eq!(find(&old, &twice, std::slice::from_ref(&object)), lost(&["b", "c"]));
    let empty = Trace { lines: Some([].into()), ..trace("b", 1, "more words", "q") };
    let binary = Trace { lines: Some([].into()), ..object.clone() };
    assert_eq!(find(&old, &[empty], &[binary]), lost(&["b"]), "no line says that it is the same");
    let other = Trace { committed: 102, ..with_lines(trace("b", 1, "one queue", "q")) };
    assert_eq!(find(&old, &[other], &[object]), lost(&["b"]), "another commit of the same moment");
}

#[test]
fn what_stood_before_or_below_is_no_successor() {
    let old = Gone { recorded: 500, ..gone(trace("a", 1, "one queue", "p")) };
    assert_eq!(find(&old, &[trace("b", 1, "one queue", "q")], &[]), lost(&["b"]));
    let below = trace("b", 1, "one queue", "p");
    let above = Trace { parents: vec!["b".into()], ..old.trace.clone() };
    assert_eq!(find(&old, &[below], &[above]), lost(&[]));
}

#[test]
fn what_hooks_told_needs_something_in_common_and_must_stand() {
    let old = Gone { became: Some("base".into()), ..gone(trace("a", 1, "one queue", "p")) };
    let base = Trace { author: "ada@example.com".into(), ..trace("base", 7, "of Ada", "z") };
    assert_eq!(find(&old, &[base], &[]), lost(&[]));
    let somebody = Trace { author: "ada@example.com".into(), ..trace("b", 8, "one queue", "p") };
    let untold = Gone { became: None, ..old };
    assert_eq!(find(&untold, &[somebody], &[]), lost(&["b"]), "the same change by somebody else");
}

#[test]
fn my_addresses_are_one_person() {
    let old = gone(trace("a", 1, "one queue", "p"));
    let other = Trace { author: "me@work.test".into(), ..trace("b", 1, "one queue", "p") };
    let me = [ME.to_owned(), "me@work.test".to_owned()];
    assert_eq!(History::new(std::slice::from_ref(&other), &[], &me).find(&old), found("b", Step::Same));
    assert_eq!(find(&old, &[other], &[]), lost(&["b"]));
}
