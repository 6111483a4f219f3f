//! The corpus of reference lines: what must be found, and what must not.

use super::{MAX, Role, references};

/// Found references as words: `pr 12 review`, `issue 3 closes acme/parser`.
fn found(message: &str, suffix_is_pr: bool) -> String {
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    let word = |reference: &super::Reference| {
        let kind = if reference.kind == super::Kind::Issue { "issue" } else { "pr" };
        let role = match reference.role {
            Role::Review => "review",
            Role::Closes => "closes",
            Role::Mentions => "mentions",
            Role::Reverts => "reverts",
        };
        let repo = reference.repo.as_ref().map_or(String::new(), |repo| format!(" {}", repo.raw()));
        format!("{kind} {} {role}{repo}", reference.number)
    };
    references(subject, body, suffix_is_pr).iter().map(word).collect::<Vec<_>>().join(", ")
}

const CORPUS: &[(&str, &str)] = &[
    // Subjects.
    ("refactor(x): split the reader (#3823)", "pr 3823 review"),
    ("fix(client): reconnect (#2884) (#3823)", "pr 3823 review"),
    ("trailing space (#5)  ", "pr 5 review"),
    ("Merge pull request #2933 from GitoxideLabs/report-august\n\nReport (#7)", "pr 2933 review"),
    ("Merge pull request #1 from a/b\n\nFixes #9", "pr 1 review, issue 9 closes"),
    ("Revert \"fix: use process.exit (#633)\" (#637)", "pr 637 review, pr 633 reverts"),
    ("Revert \"Fix transparent (#938)\"", "pr 938 reverts"),
    ("Revert \"Revert \"x (#1)\" (#2)\" (#3)", "pr 3 review, pr 2 reverts"),
    ("Reapply \"x (#1)\" (#4)", "pr 4 review, pr 1 mentions"),
    ("Revert \"fixes #12\"", ""),
    ("Handle leases (!174)", "pr 174 review"),
    ("add (#18446744073709551615)", "pr 18446744073709551615 review"),
    // Closing keywords.
    ("Fixes #12", "issue 12 closes"),
    ("x\n\ncloses: #3", "issue 3 closes"),
    ("x\n\nresolves owner/repo#4", "issue 4 closes owner/repo"),
    ("x\n\nFixes golang/go#76308.", "issue 76308 closes golang/go"),
    ("Update syntax_set, closes #25, fixes #28", "issue 25 closes, issue 28 closes"),
    ("x\n\nFIXED: #7\nFixed #7", "issue 7 closes"),
    ("x\n\nClose https://github.com/a/b/issues/9.", "issue 9 closes a/b"),
    ("x\n\nfixes #1 and #3", "issue 1 closes"),
    ("x\n\n* (fixes #8) tidy", "issue 8 closes"),
    ("Fix #1234: crash on tabs (#1240)", "pr 1240 review, issue 1234 closes"),
    ("Fixes GH-9403.", "issue 9403 closes"),
    ("x\n\nCloses #15952 from nikramakrishnan/kip1037-addTest", "pr 15952 review"),
    ("x\n\nCloses #15 from the list", "issue 15 closes"),
    ("x\n\nfixes\t#5", "issue 5 closes"),
    ("x\n\n**Fixes:** #5", ""),
    // Other marks.
    ("[GH-738] prevent readline from failing", "issue 738 mentions"),
    ("keep focus (GH-16219)", "issue 16219 mentions"),
    ("x\n\nsee https://github.com/acme/parser/pull/12.", "pr 12 mentions acme/parser"),
    ("x\n\n(https://github.com/acme/parser/issues/4#issuecomment-9)", "issue 4 mentions acme/parser"),
    ("x\n\n<https://gitlab.com/a/b/c/-/merge_requests/15221>", "pr 15221 mentions a/b/c"),
    (
        "x\n\nhttps://gitlab.com/a/b/-/issues/3, https://gitlab.com/a/b/-/work_items/4",
        "issue 3 mentions a/b, issue 4 mentions a/b",
    ),
    ("x\n\nhttp://ghe.acme.test/a/b/pull/7/files", "pr 7 mentions a/b"),
    ("x\n\nFixes https://github.com/a/b/pull/7", "pr 7 closes a/b"),
    // What must stay text.
    ("see #12", ""),
    ("#1 and #3", ""),
    ("#12", ""),
    ("part (#12) of the work", ""),
    ("x (#0)", ""),
    ("x (#012)", ""),
    ("x (#12a)", ""),
    ("x (#)", ""),
    ("x (# 12)", ""),
    ("x (12)", ""),
    ("x (#1, #2)", ""),
    ("x (see #12)", ""),
    ("x (#99999999999999999999999)", ""),
    ("port to C#", ""),
    ("Fixes C#12", ""),
    ("colour #fff, fixes #fff", ""),
    ("fixes #123abc", ""),
    ("fixes #1.5", ""),
    ("fixes #0", ""),
    ("fixes#12", ""),
    ("prefix #12", ""),
    ("unfixed #12", ""),
    ("bug-fix #12", ""),
    ("hot_fix #12", ""),
    ("häfix #12", ""),
    ("fixing #12", ""),
    ("fix for #12", ""),
    ("fixes: a43647016762 (\"Add support\")", ""),
    ("fixes a/b/c#12", ""),
    ("fixes /b#12", ""),
    ("x\n\n# 12 heading\n## Fixes\n#12", ""),
    ("x\n\n> fixes #12", ""),
    ("x\n\n#0 0x5555deadbeef in main", ""),
    ("release 1.2.3 (v1.2.3)", ""),
    ("XGH-12 and GH-x and GH-", ""),
    ("UTF-8, SHA-256, PEP-695", ""),
    ("https://github.com/acme/parser/pulls", ""),
    ("https://github.com/acme/parser/pull/x", ""),
    ("https://user:secret@github.com/a/b/pull/1", ""),
    ("https://github.com/pull/12", ""),
    ("https://example.test/a/b/c/d/pull/12", ""),
    ("Merge pull request #x from a/b", ""),
    ("Merge pull request #12 from", ""),
    ("not a Merge pull request #12 from a/b", ""),
    ("Merge branch 'fix-#12' into main", ""),
    ("", ""),
    ("ß#ß(#ß)", ""),
];

#[test]
fn every_line_of_the_corpus() {
    assert!(CORPUS.len() >= 60);
    for (message, expected) in CORPUS {
        assert_eq!(found(message, true), *expected, "{message:?}");
    }
}

#[test]
fn where_suffixes_cite_issues_they_are_no_review() {
    for (message, expected) in [
        ("improve lookup (#470)", "issue 470 mentions"),
        ("Revert \"x (#470)\" (#471)", "issue 471 mentions, issue 470 reverts"),
        ("Merge pull request #12 from a/b", "pr 12 review"),
        ("x (!3)", "pr 3 review"),
    ] {
        assert_eq!(found(message, false), expected, "{message:?}");
    }
}

#[test]
fn addresses_lose_what_follows_the_number() {
    let found = references("x", "see https://github.com/a/b/pull/12/files#r1, thanks", true);
    let url = found[0].url.as_ref().map(crate::model::Text::raw);
    assert_eq!((url, found[0].rule), (Some("https://github.com/a/b/pull/12"), "url"));
}

/// Messages of 100 KB made to be slow: each must take time in proportion to its length.
#[test]
fn hostile_messages_are_linear_and_capped() {
    for part in [
        "#",
        "fixes #1 ",
        "http://",
        "https://h/,",
        "https://h/",
        "a/b#",
        "GH-",
        " ",
        "(",
        ")",
        "fix ",
        "1",
        "(#1) ",
        "\"",
        "\n>",
    ] {
        let body = part.repeat(100_000 / part.len());
        let started = std::time::Instant::now();
        let found = references(&format!("Revert \"{body}"), &body, true);
        assert!(found.len() <= MAX, "{part:?}");
        assert!(started.elapsed().as_millis() < 200, "{part:?} took {:?}", started.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn no_message_panics(subject in "\\PC{0,80}", body in "[#GH\\-0-9a-c/:().>ß \nfixeshttp]{0,200}") {
        assert!(references(&subject, &body, true).len() <= MAX);
    }
}
