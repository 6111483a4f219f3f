//! `docs/guarantees.md` names the tests that hold its promises: each of them has to exist.

use std::fs;
use std::path::Path;

/// True when there is such a test: `store::kills::some_name` below `tests/`, or, as cargo names a
/// unit test, `store::journal::merge::tests::some_name` below `src/`.
fn is_there(name: &str) -> bool {
    let Some((module, function)) = name.rsplit_once("::") else { return false };
    let path = module.replace("::", "/");
    let mut candidates: Vec<String> =
        ["", "/main", "/mod"].iter().map(|end| format!("tests/{path}{end}.rs")).collect();
    if let Some(inside) = path.strip_suffix("/tests") {
        let beside = [format!("{path}.rs"), format!("{inside}.rs"), format!("{inside}/mod.rs")];
        candidates.extend(beside.iter().map(|file| format!("src/{file}")));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declares = |text: String| text.contains(&format!("fn {function}("));
    candidates.iter().any(|file| fs::read_to_string(root.join(file)).is_ok_and(declares))
}

fn missing(text: &str) -> (usize, Vec<&str>) {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    let lost = names.iter().copied().filter(|name| !is_there(name)).collect();
    (names.len(), lost)
}

#[test]
fn every_promise_names_tests_that_exist() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guarantees.md")).unwrap();
    let (named, lost) = missing(&text);
    assert!(named > 50, "the page names tests: {named}");
    assert_eq!(lost, Vec::<&str>::new(), "promises that nothing holds");
    for row in text.lines().filter(|line| line.starts_with("| ") && !line.contains(" --- ")) {
        let in_formats = row.matches(" | ").count() == 2 && !row.contains("::");
        assert!(
            row.contains("::") || row.contains("held by") || in_formats,
            "a promise without a test: {row}"
        );
    }
}

#[test]
fn a_name_without_a_test_is_found() {
    let text = "`store::kills::no_such_test` `nowhere::x` `guarantees::a_name_without_a_test_is_found` \
                `change::merge::tests::no_such_law` `change::merge::tests::merges_obey_the_laws` \
                `store::consent::tests::only_what_is_spelled_alike_is_the_same_place` \
                `store::consent::consent`";
    let lost = ["store::kills::no_such_test", "nowhere::x", "change::merge::tests::no_such_law"];
    // Of the program's own functions only those are tests that stand among them.
    assert_eq!(missing(text), (7, [&lost[..], &["store::consent::consent"]].concat()));
}
