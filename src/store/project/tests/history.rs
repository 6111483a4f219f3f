//! Reading histories: ranges, authors, days, files.

use std::ops::ControlFlow;

use crate::model::Day;
use crate::model::project::ProjectCommit;
use crate::store::project::Project;
use crate::store::project::history::{AuthorFilter, HistoryQuery, HistorySummary, history};
use crate::store::project::program::Git;
use crate::store::sandbox::Sandbox;

pub(super) fn read(git: &Git, query: &HistoryQuery) -> (Vec<ProjectCommit>, HistorySummary) {
    let project = Project::discover_with(git).unwrap().unwrap();
    let mut commits = Vec::new();
    let summary = history(&project, query, |commit| {
        commits.push(commit);
        ControlFlow::Continue(())
    });
    (commits, summary.unwrap())
}

fn subjects(git: &Git, query: &HistoryQuery) -> Vec<String> {
    read(git, query).0.iter().map(|commit| commit.subject.raw().to_owned()).collect()
}

fn dated(git: &Git, date: &str) -> Git {
    git.clone().with_env("GIT_AUTHOR_DATE", date).with_env("GIT_COMMITTER_DATE", date)
}

#[test]
fn a_commit_arrives_whole() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    std::fs::write(git.dir().join("blob"), b"\0\x01").unwrap();
    git.run(&["add", "blob"]);
    let id = git.commit(
        "a\tb\n\"c",
        "1\n2\n",
        "feat: é\n\nWhy.\n\nReviewed-by: Ada\n <ada@example.com>\nRefs: #12\n",
    );
    let query = HistoryQuery { with_files: true, ..HistoryQuery::default() };
    let (commits, summary) = read(&git, &query);
    assert_eq!(summary, HistorySummary { read: 2, ..HistorySummary::default() });
    let commit = &commits[0];
    assert_eq!((commit.id.as_str(), commit.parents.len()), (id.as_str(), 1));
    assert_eq!((commit.author.name.raw(), commit.author.email.raw()), ("Mina", "mina@example.com"));
    assert_eq!(commit.authored.to_string(), "2026-03-01T10:00:00+01:00");
    assert_eq!(commit.committed.to_string(), "2026-03-02T10:00:00+01:00");
    assert_eq!(commit.subject.raw(), "feat: é");
    assert_eq!(commit.body.raw(), "Why.\n\nReviewed-by: Ada\n <ada@example.com>\nRefs: #12");
    let trailers: Vec<_> = commit.trailers.iter().map(|(key, value)| (key.raw(), value.raw())).collect();
    assert_eq!(trailers, [("Reviewed-by", "Ada <ada@example.com>"), ("Refs", "#12")]);
    let files: Vec<_> = commit.files.as_deref().unwrap_or_default().iter().collect();
    let facts: Vec<_> = files.iter().map(|file| (file.path.raw(), file.added, file.binary)).collect();
    assert_eq!(facts, [("a\tb\n\"c", 2, false), ("blob", 0, true)]);
    assert_eq!(commits[1].files.as_ref().map(Vec::len), Some(1), "a root commit has files");
}

#[test]
fn what_only_moves_or_is_indented_is_no_line() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let lines = |from: usize, to: usize| (from..to).map(|n| format!("if line{n} {{\n")).collect::<String>();
    git.commit("a.rs", &lines(0, 400), "a file");
    git.run(&["mv", "a.rs", "b.rs"]);
    git.run(&["commit", "--quiet", "-m", "moved"]);
    // A path that looks like the beginning of a commit, and one like a count of lines.
    let id = "1".repeat(40);
    git.run(&["mv", "b.rs", &id]);
    git.run(&["commit", "--quiet", "-m", "to an id"]);
    git.run(&["mv", &id, "1\t2\tc"]);
    git.commit("d.rs", &lines(0, 3), "to a count, and more");
    git.run(&["mv", "1\t2\tc", "e.rs"]);
    git.commit("e.rs", &(lines(0, 398) + "else {\n"), "moved and changed");
    git.commit("e.rs", &(lines(0, 398) + "else {\n").replace("if", "\t  if").replace('{', "{ "), "indented");
    git.commit("e.rs", &(lines(0, 397) + "else {\n"), "one line less");
    let (commits, summary) = read(&git, &HistoryQuery { with_files: true, ..HistoryQuery::default() });
    assert_eq!((summary.unreadable, summary.without_files), (0, 0));
    let told = |commit: &ProjectCommit| {
        let files = commit.files.iter().flatten().filter(|file| file.added + file.deleted > 0);
        let files: Vec<String> =
            files.map(|file| format!("{} +{} -{}", file.path.raw(), file.added, file.deleted)).collect();
        format!("{}: {}", commit.subject.raw(), files.join(", "))
    };
    assert_eq!(
        commits.iter().map(told).collect::<Vec<_>>(),
        [
            "one line less: e.rs +0 -1",
            "indented: ",
            "moved and changed: e.rs +1 -2",
            "to a count, and more: d.rs +3 -0",
            "to an id: ",
            "moved: ",
            "a file: a.rs +400 -0",
            "first commit: first.txt +1 -0",
        ]
    );
    let moved = commits.iter().find(|commit| commit.subject.raw() == "to an id").unwrap();
    let paths: Vec<&str> = moved.files.iter().flatten().map(|file| file.path.raw()).collect();
    assert_eq!(paths, [id.as_str()], "it is known where it went");
}

#[test]
fn ranges_and_ids() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let second = git.commit("a", "2", "second");
    git.run(&["switch", "--quiet", "-c", "topic"]);
    let third = git.commit("b", "3", "third");
    git.run(&["switch", "--quiet", "main"]);
    git.run(&["merge", "--quiet", "--no-ff", "-m", "merge", "topic"]);
    std::fs::write(git.dir().join("a"), "stashed").unwrap();
    git.run(&["stash"]);
    git.run(&["update-ref", "refs/heads/okr", &git.run(&["commit-tree", "-m", "journal", "HEAD^{tree}"])]);

    let query = |range: &[&str]| HistoryQuery {
        range: range.iter().map(|rev| (*rev).to_owned()).collect(),
        hidden_refs: vec!["refs/heads/okr".to_owned()],
        ..HistoryQuery::default()
    };
    let sorted = |query: &HistoryQuery| {
        let mut subjects = subjects(&git, query);
        subjects.sort();
        subjects
    };
    assert_eq!(sorted(&query(&[])), ["first commit", "merge", "second", "third"]);
    assert_eq!(sorted(&query(&["--all"])), ["first commit", "merge", "second", "third"]);
    assert_eq!(sorted(&query(&["main~1..topic"])), ["third"]);
    let first_parent = HistoryQuery { first_parent: true, with_files: true, ..query(&["main"]) };
    assert_eq!(sorted(&first_parent), ["first commit", "merge", "second"]);
    assert_eq!(
        read(&git, &first_parent).0[0].files.as_ref().map(Vec::len),
        Some(1),
        "what the merge brought"
    );

    let gone = "0123456789012345678901234567890123456789".to_owned();
    let exclude = HistoryQuery { exclude: vec![second.clone(), gone.clone()], ..query(&["--all"]) };
    assert_eq!(sorted(&exclude), ["merge", "third"]);
    let only = |ids: &[&String]| HistoryQuery {
        only: Some(ids.iter().map(|id| (*id).clone()).collect()),
        ..HistoryQuery::default()
    };
    assert_eq!(subjects(&git, &only(&[&third, &gone, &second])), ["third", "second"]);
    assert!(subjects(&git, &only(&[])).is_empty());
    assert!(subjects(&git, &only(&[&gone])).is_empty(), "not HEAD instead");
    assert!(subjects(&git, &only(&[&"--all".to_owned()])).is_empty());
}

#[test]
fn authors_are_matched_after_the_mailmap() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let by = |name: &str, email: &str| {
        git.clone().with_env("GIT_AUTHOR_NAME", name).with_env("GIT_AUTHOR_EMAIL", email)
    };
    by("Old Me", "OLD@example.com").commit("a", "1", "as old me");
    by("Other", "xmina@example.com").commit("a", "2", "as another");
    by("Other", "mina+x@exampleXcom").commit("a", "3", "as a pattern would match");
    git.commit(".mailmap", "Mina <mina@example.com> <old@example.com>\n", "the mailmap");

    let query =
        |authors: &[AuthorFilter]| HistoryQuery { authors: authors.to_vec(), ..HistoryQuery::default() };
    let me = AuthorFilter::Email("Mina@Example.com".to_owned());
    assert_eq!(
        subjects(&git, &query(std::slice::from_ref(&me))),
        ["the mailmap", "as old me", "first commit"]
    );
    let other = AuthorFilter::Pattern("^oth(er|em)".to_owned());
    assert_eq!(
        subjects(&git, &query(std::slice::from_ref(&other))),
        ["as a pattern would match", "as another"]
    );
    assert_eq!(subjects(&git, &query(&[me, AuthorFilter::Pattern("xmina".to_owned())])).len(), 4);
    assert!(subjects(&git, &query(&[AuthorFilter::Email("old@example.com".to_owned())])).is_empty());
    assert!(subjects(&git, &query(&[AuthorFilter::Email("\n".to_owned())])).is_empty());
    let (commits, _) = read(&git, &HistoryQuery::default());
    assert_eq!(commits[3].author.name.raw(), "Mina");
}

#[test]
fn one_wrong_date_hides_no_other_commit() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    dated(&git, "2026-04-01T00:30:00+0900").commit("a", "1", "first of april in Tokyo");
    dated(&git, "@0 +0000").commit("a", "2", "clock reset");
    dated(&git, "2026-04-30T23:30:00-1000").commit("a", "3", "last of april in Honolulu");
    dated(&git, "2026-05-01T00:00:00+0000").commit("a", "4", "may");
    let query = HistoryQuery {
        since: Day::parse("2026-04-01"),
        until: Day::parse("2026-04-30"),
        ..HistoryQuery::default()
    };
    assert_eq!(subjects(&git, &query), ["last of april in Honolulu", "first of april in Tokyo"]);
    let query = HistoryQuery { until: Day::parse("1970-01-02"), ..HistoryQuery::default() };
    assert_eq!(subjects(&git, &query), ["clock reset"]);
}

#[test]
fn reading_can_stop_early() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    git.commit("a", "1", "second");
    let project = Project::discover_with(&git).unwrap().unwrap();
    for with_files in [false, true] {
        let query = HistoryQuery { with_files, ..HistoryQuery::default() };
        let mut count = 0;
        let summary = history(&project, &query, |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!((count, summary.unwrap().read), (1, 1));
    }
}
