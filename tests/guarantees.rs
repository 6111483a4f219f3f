//! `docs/guarantees.md` names the tests that hold its promises: each of them has to exist.

use std::fs;
use std::path::Path;

/// The file below `tests/` that a test named `store::kills::some_name` stands in, and its name there.
fn place(name: &str) -> Option<(String, &str)> {
    let (module, function) = name.rsplit_once("::")?;
    let path = module.replace("::", "/");
    let candidates = [format!("{path}.rs"), format!("{path}/main.rs"), format!("{path}/mod.rs")];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let text = candidates.iter().find_map(|file| fs::read_to_string(root.join(file)).ok())?;
    Some((text, function))
}

fn missing(text: &str) -> (usize, Vec<&str>) {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    let is_there =
        |name: &str| place(name).is_some_and(|(text, function)| text.contains(&format!("fn {function}(")));
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
    let text = "`store::kills::no_such_test` `nowhere::x` `guarantees::a_name_without_a_test_is_found`";
    assert_eq!(missing(text), (3, vec!["store::kills::no_such_test", "nowhere::x"]));
}
