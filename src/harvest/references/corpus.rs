//! The corpus of reference lines: what must be found, and what must not.

use super::{Kind, MAX, Role, references};
use crate::harvest::learn::Learnt;

fn learnt() -> Learnt {
    Learnt { keys: ["PARSE", "OPS"].map(str::to_owned).into(), ..Learnt::default() }
}

/// Found references as words: `pr #12 review`, `issue #3 closes acme/parser`.
fn found(message: &str, learnt: &Learnt) -> String {
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    let word = |reference: &super::Reference| {
        let kind = match reference.kind {
            Kind::PullRequest => "pr",
            Kind::Issue => "issue",
            Kind::Change => "change",
            Kind::Commit => "commit",
            Kind::Link => "link",
        };
        let role = match reference.role {
            Role::Review => "review",
            Role::Closes => "closes",
            Role::Mentions => "mentions",
            Role::Reverts => "reverts",
        };
        let repo = reference.repo.as_ref().map_or(String::new(), |repo| format!(" {}", repo.raw()));
        let label = reference.label();
        format!("{kind} {} {role}{repo}", label.strip_prefix('#').unwrap_or(&label))
    };
    references(subject, body, learnt).iter().map(word).collect::<Vec<_>>().join(", ")
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
    ("Handle leases (!174)", "pr !174 review"),
    ("add (#18446744073709551615)", "pr 18446744073709551615 review"),
    // Closing keywords.
    ("Fixes #12", "issue 12 closes"),
    ("x\n\ncloses: #3", "issue 3 closes"),
    ("x\n\nresolves owner/repo#4", "issue 4 closes owner/repo"),
    ("x\n\nFixes golang/go#76308.", "issue 76308 closes golang/go"),
    ("Update syntax_set, closes #25, fixes #28", "issue 25 closes, issue 28 closes"),
    ("x\n\nFIXED: #7\nFixed #7", "issue 7 closes"),
    ("x\n\nClose https://github.com/a/b/issues/9.", "issue 9 closes a/b"),
    ("x\n\nfixes #1 and #3", "issue 1 closes, issue 3 closes"),
    ("x\n\nFixes #1, #2, and owner/name#3.", "issue 1 closes, issue 2 closes, issue 3 closes owner/name"),
    ("x\n\nCloses #1 & https://github.com/a/b/issues/9", "issue 1 closes, issue 9 closes a/b"),
    ("x\n\nfixes #1,#2", "issue 1 closes, issue 2 closes"),
    ("x\n\nFixes #1, but #2 stays", "issue 1 closes"),
    ("x\n\nsee #1, #2 and #3", ""),
    ("x\n\nCloses issue #4, resolves Issues #5 and #6", "issue 4 closes, issue 5 closes, issue 6 closes"),
    ("x\n\nFixes issue: #4", ""),
    ("x\n\nfixes bug #4792", ""),
    ("x\n\nan issue #4", ""),
    ("x\n\nprefixes issue #4", ""),
    ("issue #4", ""),
    ("x\n\n\u{e9}issue #4", ""),
    ("x\n\nPR #12", "pr 12 review"),
    ("x\n\nWhy it is so.\n\nPR: #12 \n\nThanks", "pr 12 review"),
    ("x\n\nFixes #1\nPR #12", "issue 1 closes, pr 12 review"),
    ("x\n\nwas wrong since\nPR #12", ""),
    ("x\n\nPR #12\nmade it so", ""),
    ("x\n\nThis fixes #1 after\nPR #12", "issue 1 closes"),
    ("x\n\nPR #12.", ""),
    ("x\n\nPRs #12", ""),
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
    ("x\n\n<https://gitlab.com/a/b/c/-/merge_requests/15221>", "pr !15221 mentions a/b/c"),
    (
        "x\n\nhttps://gitlab.com/a/b/-/issues/3, https://gitlab.com/a/b/-/work_items/4",
        "issue 3 mentions a/b, issue 4 mentions a/b",
    ),
    ("x\n\nhttp://ghe.acme.test/a/b/pull/7/files", "pr 7 mentions a/b"),
    ("x\n\nFixes https://github.com/a/b/pull/7", "pr 7 closes a/b"),
    // Merges and squashes of forges.
    ("Merge pull request 'Retry ingest (again)' (#2) from hooks into main", "pr 2 review"),
    ("Merge pull request 'Retry ingest' (!2) from ada/hooks into main", "pr 2 review"),
    ("Merge pull request #1187 in QUEUE/ingest from ada/OPS2 to main", "pr 1187 review QUEUE/ingest"),
    ("Merge pull request #7 in ~ada/ingest from retry to main", "pr 7 review ~ada/ingest"),
    ("Pull request #12: Retry ingest", "pr 12 review"),
    ("Merged in ada/ingest (pull request #2544)", "pr 2544 review"),
    ("Merged in retry-ingest (pull request #2544)\n\nRetry ingest\n\nApproved-by: Bob", "pr 2544 review"),
    ("Merged PR 10310193: [Mirror] Merged PR 12: Retry", "pr 10310193 review"),
    ("Merged PR 5: retry ingest\n\nRelated work items: AB#77, #78", "pr 5 review, issue AB#77 mentions"),
    ("Auto merge of #14793 - ada:retry-ingest, r=bob", "pr 14793 review"),
    ("Auto merge of #14793 - ada:retry, r=bob,carol", "pr 14793 review"),
    ("auto merge of #276 : ada/shop/retry-ingest, r=bob", "pr 276 review"),
    ("auto merge of #276 : retry, r=bob", ""),
    ("auto merge of #276 - ada:retry, r=bob", ""),
    ("x\n\nDifferential revision: https://phab.acme.example/D7", "pr D7 review"),
    ("x\n\nBUG: 492106.", "issue bug 492106 closes"),
    ("Rollup merge of #93 - ada:retry, r=bob", "pr 93 review"),
    ("Merge #1666", "pr 1666 review"),
    (
        "Merge #1640 #1647\n\n1640: Retry r=bob a=ada\n1647: Wait r=bob a=carol",
        "pr 1640 review, pr 1647 review",
    ),
    ("[release-1.2] Retry ingest (#10) (#12)", "pr 12 review"),
    ("Merge pull request #140 from ada/automated-cherry-pick-of-#123-upstream-release-1.2", "pr 140 review"),
    // Lines of forges.
    (
        "Merge branch 'retry' into 'main'\n\nRetry\n\nSee merge request acme/infra/queue!681",
        "pr !681 review acme/infra/queue",
    ),
    ("x\n\nSee merge request !681", "pr !681 review"),
    (
        "x\n\nSee merge request https://gitlab.acme.test/acme/queue/-/merge_requests/1531",
        "pr !1531 review acme/queue",
    ),
    (
        "x\n\nSee merge request acme/queue!681\nSee merge request acme/queue!682",
        "pr !681 review acme/queue, pr !682 review acme/queue",
    ),
    ("x\n\nPart-of: <https://gitlab.acme.test/a/b/-/merge_requests/15221>", "pr !15221 review a/b"),
    ("x\n\nPart-of: <https://gitlab.acme.test/a/b/merge_requests/15221>", "pr !15221 review a/b"),
    ("x\n\nReviewed-on: https://forge.acme.test/ada/queue/pulls/2", "pr 2 review ada/queue"),
    (
        "x (#174)\n\nReviewed-on: https://forge.acme.test/ada/queue/pulls/174",
        "pr 174 review, pr 174 review ada/queue",
    ),
    ("x\n\nReviewed-on: https://review.acme.test/c/queue/ingest/+/815680", "pr 815680 review"),
    ("x\n\nReviewed-on: https://review.acme.test/815680", "pr 815680 review"),
    ("x\n\nReviewed-on: https://review.acme.test/#/c/815680/", "pr 815680 review"),
    ("x\n\nReviewed-on: http://review.acme.test:8080/r/815680", "pr 815680 review"),
    (
        "x\n\nChange-Id: I0123456789abcdef0123456789abcdef01234567",
        "change I0123456789abcdef0123456789abcdef01234567 review",
    ),
    ("x\n\nDifferential Revision: https://reviews.acme.test/D69198", "pr D69198 review"),
    ("x\n\n    Differential Revision: D115455900", "pr D115455900 review"),
    ("x\n\nPull Request resolved: https://github.com/acme/queue/pull/439", "pr 439 review acme/queue"),
    (
        "x\n\nSummary: Pull Request resolved: https://github.com/acme/queue/pull/439",
        "pr 439 review acme/queue",
    ),
    ("x\n\nPR-URL: https://github.com/acme/queue/pull/439", "pr 439 review acme/queue"),
    ("x\n\nGitHub-Pull-Request: acme/queue#436\nGitHub-Last-Rev: 1a2b3c", "pr 436 review acme/queue"),
    ("x\n\nPull-request: #1083\nIssue: #1073", "pr 1083 review"),
    ("x\n\nPullRequest: queue/2063", "pr 2063 review queue"),
    // Reverts.
    ("Revert \"Retry\"\n\nReverts acme/queue#12", "pr 12 reverts acme/queue"),
    ("Revert \"Retry\"\n\nThis reverts merge request !1948", "pr !1948 reverts"),
    ("Revert \"Retry\"\n\nThis reverts merge request acme/queue!1948.", "pr !1948 reverts acme/queue"),
    ("Revert \"PARSE-12 Retry (#5)\"", "pr 5 reverts"),
    // Trackers.
    ("PARSE-16845 Migrate the reader", "issue PARSE-16845 mentions"),
    ("[PARSE-1815] Mend [OPS-3]", "issue PARSE-1815 mentions, issue OPS-3 mentions"),
    ("Migrate (PARSE-12): the reader, PARSE-13.", "issue PARSE-12 mentions, issue PARSE-13 mentions"),
    ("x\n\nFixes: PARSE-12", "issue PARSE-12 closes"),
    ("x\n\ncloses PARSE-12, PARSE-13", "issue PARSE-12 closes, issue PARSE-13 mentions"),
    ("x\n\nsee https://acme.test/jira/browse/NEW-12?focus=1", "issue NEW-12 mentions"),
    ("x\n\nFixes https://acme.test/browse/NEW-12", "issue NEW-12 closes"),
    (
        "x\n\nCloses-Bug: #2152932\nRelated-Bug: 2152933",
        "issue bug 2152932 closes, issue bug 2152933 mentions",
    ),
    ("x\n\nPartial-Bug: #2152932", "issue bug 2152932 mentions"),
    (
        "x\n\nBUG: 522883\nCCBUG: 522884\nFIXED-IN: 24.08",
        "issue bug 522883 closes, issue bug 522884 mentions",
    ),
    ("x\n\nFEATURE: 522883", "issue bug 522883 closes"),
    ("Fixes AB#123", "issue AB#123 closes"),
    // Addresses.
    ("x\n\nhttps://bitbucket.org/acme/queue/pull-requests/12/retry", "pr 12 mentions acme/queue"),
    (
        "x\n\nhttps://git.acme.test/ctx/projects/Q/repos/queue/pull-requests/12",
        "pr 12 mentions ctx/projects/Q/repos/queue",
    ),
    ("x\n\nhttps://dev.azure.com/acme/Web/_git/queue/pullrequest/12", "pr 12 mentions acme/Web/_git/queue"),
    ("x\n\nFixes https://dev.azure.com/acme/Web/_workitems/edit/12", "issue 12 closes acme/Web"),
    ("x\n\nhttps://forge.acme.test/ada/queue/pulls/2", "pr 2 mentions ada/queue"),
    ("x\n\nhttps://review.acme.test/c/queue/+/12/3", "pr 12 mentions"),
    // Mailing lists.
    (
        "x\n\nLink: https://lists.acme.test/r/2026-5-ada@acme.test\nLink: https://acme.test/doc [1]",
        "link https://lists.acme.test/r/2026-5-ada@acme.test mentions, link https://acme.test/doc mentions",
    ),
    ("x\n\nLink: https://github.com/acme/queue/issues/4", "issue 4 mentions acme/queue"),
    ("x\n\nCloses: https://lists.acme.test/r/1", ""),
    ("x\n\nFixes: a43647016762 (\"Add support\")", "commit a43647016762 mentions"),
    ("x\n\nFixes: a43647016762", "commit a43647016762 mentions"),
    ("x\n\nFixes: 4364701 (\"Add support\")", "commit 4364701 mentions"),
    // Several in one message.
    (
        "Retry ingest (#12)\n\nFixes #3, closes acme/other#4, resolves GH-5.\nCloses: #6\nPARSE-7",
        "pr 12 review, issue 3 closes, issue 4 closes acme/other, issue 5 closes, issue 6 closes, issue PARSE-7 mentions",
    ),
    // What must stay text.
    ("Merge pull request #12 from branch", ""),
    ("Merge pull request 'Retry' from a into b", ""),
    ("Merge pull request 'Retry' (#x) from a into b", ""),
    ("Merge pull request #12 in queue from a to b", ""),
    ("Pull request #12 is odd", ""),
    ("Merged PR twelve: x", ""),
    ("Auto merge of #12", ""),
    ("Auto merge of #12 - branch, r=bob", ""),
    ("Auto merge of #12 - ada:branch, r=", ""),
    ("Merge #12 into main", ""),
    ("Merge #12 and #13", ""),
    ("Merge \"Retry ingest\"", ""),
    ("x\n\nsee merge request acme/queue!681", ""),
    ("x\n\nSee merge request acme/queue!681 for more", ""),
    ("x\n\ncheck <0, not !0, and !1.5, !dbg !310", ""),
    ("introduced in !1482.", ""),
    ("x\n\nPart-of: !12", ""),
    ("x\n\nReviewed-on: https://review.acme.test/", ""),
    ("x\n\nReviewed-on: Monday 12", ""),
    ("x\n\nReviewed-on: https://forge.acme.test/ada/queue/issues/2", "issue 2 mentions ada/queue"),
    ("x\n\nChange-Id: I0123", ""),
    ("x\n\n  Change-Id: I0123456789abcdef0123456789abcdef01234567", ""),
    ("x\n\nDifferential Revision: none", ""),
    ("x\n\nD214 and D9025 are codes", ""),
    ("x\n\nPull Request resolved: none", ""),
    ("x\n\nPR43241 still fails", ""),
    ("x\n\nReverts #12", ""),
    ("x\n\nReverts part of acme/queue#12", ""),
    ("x\n\nCloses-Bug: #12", ""),
    ("x\n\nBUG: in the reader", ""),
    ("x\n\nBug: 522883", ""),
    ("x\n\nFixes: 4364701", ""),
    ("x\n\nFixes: deadbeef is odd", ""),
    ("x\n\nLink: see below", ""),
    ("x\n\nLink: https://ada:secret@acme.test/x", ""),
    ("x\n\nLink: http://localhost", ""),
    ("OTHER-12 and UTF-8, SHA-256, CVE-2026-1234, GPL-3, RUSTSEC-2026-1", ""),
    ("XPARSE-12 PARSE-012 PARSE-12b PARSE-12-3 PARSE-1.2 PARSE-1234567 parse-12", ""),
    ("a/PARSE-12 a#PARSE-12 a.PARSE-12 a-PARSE-12 _PARSE-12", ""),
    ("XAB#12 AB#x AB#", ""),
    ("#5: a numbered heading\n\n1. #1 first\n2. #2 second\n#### 3", ""),
    ("colours #123456 and #fff and #00f", ""),
    ("Bump the parser to 2.1 (v2.1.0)\n\n> fixes #12\n> - thing by @ada in #13", ""),
    ("x\n\n    #1 0x5555 in main reader.c:12\n    #2 0x5556 in start", ""),
    ("x\n\nrelease notes:\n* thing ([#12](https://acme.test/x))", ""),
    ("x\n\nhttps://acme.test/browse/new-12 https://acme.test/browse/N-1 https://acme.test/browse/", ""),
    ("x\n\nhttps://code.acme.test/queue/+/refs/heads/main", ""),
    ("x\n\nhttps://code.acme.test/queue/+/12", ""),
    ("x\n\nhttps://acme.test/_git/pullrequest/12", ""),
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
    assert!(CORPUS.len() >= 180);
    for (message, expected) in CORPUS {
        assert_eq!(found(message, &learnt()), *expected, "{message:?}");
    }
}

#[test]
fn every_rule_is_on_its_page() {
    let page = include_str!("../../../docs/reference/references.md");
    let lines = super::subject::RULES.iter().chain(super::body::RULES).map(|rule| rule.name);
    for name in lines.chain(super::places::RULES.iter().map(|rule| rule.name)).chain(["close-cross", "key"]) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn numbers_of_other_forges_and_queues_are_told_apart() {
    let of = |line: &str| references(line, "", &learnt()).remove(0).space();
    assert_eq!(of("x (#12)"), of("Auto merge of #12 - ada:x, r=bob"));
    let spaces = ["x (#12)", "x (!12)", "Merged in x (pull request #12)", "Merged PR 12: x"].map(of);
    assert_eq!(spaces, ["#", "!", "#bitbucket/", "#azure/"]);
    let queue = super::queued("Auto merge of #12 - ada:retry, r=bob,carol").unwrap();
    assert_eq!((queue.number, queue.login, queue.reviewers), (12, "ada", vec!["bob", "carol"]));
}

#[test]
fn where_suffixes_cite_issues_they_are_no_review() {
    for (message, expected) in [
        ("improve lookup (#470)", "issue 470 mentions"),
        ("Revert \"x (#470)\" (#471)", "issue 471 mentions, issue 470 reverts"),
        ("Merge pull request #12 from a/b", "pr 12 review"),
        ("x (!3)", "pr !3 review"),
    ] {
        let learnt = Learnt { suffix_is_pr: false, ..Learnt::default() };
        assert_eq!(found(message, &learnt), expected, "{message:?}");
    }
}

#[test]
fn addresses_lose_what_follows_the_number() {
    let found = references("x", "see https://github.com/a/b/pull/12/files#r1, thanks", &learnt());
    let url = found[0].url.as_ref().map(crate::model::Text::raw);
    assert_eq!((url, found[0].rule), (Some("https://github.com/a/b/pull/12"), "url"));
}

/// Messages of 100 KB made to be slow: each must take time in proportion to its length, not to its square.
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
        "PARSE-1 ",
        "PARSE-",
        "AB#",
        "Change-Id: I",
        "Reviewed-on: https://h/",
        "See merge request a/b!",
        "\nReviewed-on: https://h/1",
        "\nMerge #1",
        "https://h/c/p/+/",
        "https://h/browse/A",
        " r=a",
    ] {
        let body = part.repeat(100_000 / part.len());
        let started = std::time::Instant::now();
        let found = references(&format!("Revert \"{body}"), &body, &learnt());
        assert!(found.len() <= MAX, "{part:?}");
        assert!(started.elapsed().as_millis() < 1000, "{part:?} took {:?}", started.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn no_message_panics(subject in "\\PC{0,80}", body in "[#!+GHIABDPOS\\-0-9a-c/:().>ß \nfixeshttp]{0,200}") {
        assert!(references(&subject, &body, &learnt()).len() <= MAX);
    }
}
