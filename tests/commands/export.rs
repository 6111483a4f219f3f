//! Exports of forges: one suggestion with the commits of the same pull request, and nothing half-done.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A pull request as `gh` writes it.
fn pull(number: u32, author: &str, more: &str) -> String {
    format!(
        r##"{{"number": {number}, "title": "feat(queue): one queue {number}", "url": "https://github.com/acme/shop/pull/{number}",
        "author": {{"login": "{author}"}}, "mergedAt": "2026-10-05T10:00:00Z"{more}}}"##
    )
}

fn list(pulls: &[String]) -> String {
    format!("[{}]", pulls.join(","))
}

fn waiting(sandbox: &Sandbox) -> Vec<serde_json::Value> {
    sandbox.okr(["inbox", "--list", "--all", "--format", "json"]).list()
}

#[test]
fn a_pull_request_and_its_commits_are_one_suggestion_in_either_order() {
    let facts =
        r##", "body": "Closes #8", "reviews": [{"author": {"login": "bob"}}, {"author": {"login": "eve"}}]"##;
    let export = list(&[pull(12, "mina", facts), pull(13, "bob", "")]);
    let mut told = Vec::new();
    for commits_first in [true, false] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        repo.git(["remote", "add", "origin", "git@github.com:Acme/shop.git"]);
        repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)");
        if commits_first {
            repo.okr(["harvest"]).success();
        }
        let said = sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], &export).success();
        assert!(said.starts_with("read 2 pull requests (1 of yours, merged, 1 of others): "), "{said}");
        if !commits_first {
            repo.okr(["harvest"]).success();
        }
        let mut all = waiting(&sandbox);
        all.retain(|one| one["title"] != "Begin");
        assert_eq!(all.len(), 1, "{all:#?}");
        let one = all.remove(0);
        assert_eq!(one["title"], "One queue for every team");
        let text = one.to_string();
        for part in ["closes #8", "reviewed by 2 people", "lines of production code", "/shop/issues/8"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        sandbox.okr(["inbox", "accept", &one["id"].as_str().unwrap()[..10]]).success();
        let again = sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], &export).success();
        assert!(again.contains(": 0 new suggestions, 0 waiting"), "{again}");
        sandbox.okr(["fsck"]).success();
        told.push((one["score"].clone(), one["keys"][0].clone(), one["signals"].clone()));
    }
    assert_eq!(told[0], told[1]);
}

#[test]
fn reviews_that_were_given_are_one_suggestion_a_month() {
    let sandbox = Sandbox::with_journal();
    let all: Vec<String> = (1..=9).map(|n| pull(n, if n % 2 == 0 { "bob" } else { "eve" }, "")).collect();
    assert_snapshot!(sandbox.okr_with_stdin(["harvest", "--reviewed", "--from", "gh", "-"], list(&all)), @"
    read 9 pull requests (9 reviewed by you): 1 new suggestion, 1 waiting
    ------- stderr -------
    hint: decide on them: git okr inbox
    ");
    assert_snapshot!(sandbox.okr(["inbox", "--list"]), @"
    id    day         score  kind    repository  title
    <ID1>  2026-10-05    5.5  people  shop        Reviewed 9 pull requests of 2 people in acme/shop in
                                                 October 2026

    1 suggestion
    ");
    sandbox.okr(["inbox", "accept", "--everything"]).success();
    let more: Vec<String> = (5..=14).map(|n| pull(n, "bob", "")).collect();
    sandbox.okr_with_stdin(["harvest", "--reviewed", "--from", "gh", "-"], list(&more)).success();
    assert_eq!(
        waiting(&sandbox)[0]["title"],
        "Reviewed 5 pull requests of 1 person in acme/shop in October 2026"
    );
    sandbox.okr(["inbox", "dismiss", "--everything"]).success();
    sandbox.okr(["fsck"]).success();
}

#[test]
fn whose_account_it_is_has_to_be_known() {
    let sandbox = Sandbox::with_journal();
    let export = list(&[pull(12, "mpark", "")]);
    assert_snapshot!(sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], &export), @"
    ------- stderr -------
    error: no pull request in the export is of 'mina', or reviewed by them
    hint: name your account: git config --global --add okr.login <name>
    hint: if you reviewed all of them: --reviewed
    [exit status: 1]
    ");
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.login", "MPark"]);
    std::fs::write(sandbox.path("work/export.json"), &export).unwrap();
    let said = sandbox.okr(["harvest", "--from", "gh", "export.json"]).success();
    assert!(said.contains("1 of yours, merged"), "{said}");
    assert_eq!(waiting(&sandbox).len(), 1);
}

#[test]
fn bad_exports_leave_everything_as_it_was() {
    let sandbox = Sandbox::with_journal();
    let whole = list(&[pull(12, "mina", ""), pull(13, "mina", "")]);
    let broken =
        whole.replacen("\"mergedAt\"", "\"merged_at\"", 2).replacen("\"merged_at\"", "\"mergedAt\"", 1);
    assert_snapshot!(sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], broken), @"
    ------- stderr -------
    error: entry 2 (#13) has no 'mergedAt', nor 'state' and 'closedAt'
    hint: write it anew: gh pr list --author @me --state merged --json number,title,url,author,mergedAt,body,closingIssuesReferences,reviews,additions,deletions,files
    [exit status: 1]
    ");
    let large = format!("[\"{}\"]", "x".repeat(50 << 20));
    for (input, expected) in [
        (whole.as_bytes()[..whole.len() / 2].to_vec(), "ends in the middle"),
        (b"<html>502</html>".to_vec(), "a web page"),
        (b"{\"message\": \"Bad credentials\"}".to_vec(), "it says 'Bad credentials'"),
        (b"[\"\xff\xfe\"]".to_vec(), "not UTF-8"),
        (large.into_bytes(), "larger than 32 MiB"),
        (Vec::new(), "is empty"),
    ] {
        let said = sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], input);
        assert_eq!(said.code, Some(1), "{said}");
        assert!(said.stderr.contains(expected) && said.stderr.contains("hint: "), "{expected}: {said}");
    }
    assert!(waiting(&sandbox).is_empty());
    for args in [["harvest", "--from", "svn", "-"], ["harvest", "--reviewed", "--from", "gh"]] {
        assert_eq!(sandbox.okr(args).code, Some(2));
    }
    let odd = whole.replace("one queue 12", "one \\u001b]0;x\\u0007\\u202e queue");
    sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], odd).success();
    let list = sandbox.okr(["inbox", "--list", "--all"]);
    assert!(!list.raw.contains(&0x1b) && !list.raw.contains(&0x07), "{list}");
    sandbox.okr(["inbox", "accept", "--everything"]).success();
    sandbox.okr(["fsck"]).success();
}

#[test]
fn what_was_taken_back_is_not_suggested_for_having_been_merged() {
    let export = list(&[pull(12, "mina", "")]);
    for export_first in [true, false] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
        let import = || sandbox.okr_with_stdin(["harvest", "--from", "gh", "-"], &export).success();
        if export_first {
            import();
        }
        repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)");
        repo.okr(["harvest"]).success();
        assert_eq!(waiting(&sandbox).len(), 2, "the first commit and this");
        repo.git(["revert", "--no-edit", "HEAD"]);
        repo.okr(["harvest"]).success();
        if !export_first {
            import();
        }
        let titles: Vec<_> = waiting(&sandbox).iter().map(|one| one["title"].clone()).collect();
        assert!(titles.iter().all(|title| !title.to_string().contains("queue")), "{titles:?}");
    }
}
