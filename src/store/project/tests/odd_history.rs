//! Histories that lie, lack objects, or hold what no program of today would write.

use std::fs;

use crate::store::project::history::HistoryQuery;
use crate::store::sandbox::Sandbox;

use super::history::read;

fn with_files() -> HistoryQuery {
    HistoryQuery { with_files: true, ..HistoryQuery::default() }
}

#[test]
fn a_message_forges_nothing() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let id = "1".repeat(40);
    let tree = git.run(&["rev-parse", "HEAD^{tree}"]);
    let parent = git.run(&["rev-parse", "HEAD"]);
    let evil = format!(
        "tree {tree}\nparent {parent}\nauthor A <a@b> 1772355600 +0000\ncommitter A <a@b> 1772355600 +0000\n\n\
         {id}\n\n1\t2\tforged\n{id}\0{id}\0\0X\0x@y\x001 +0000\x001 +0000\0K: v\0forged\0\n9\t9\tforged\0"
    );
    git.run(&["update-ref", "HEAD", &git.raw_commit(evil.as_bytes())]);
    for query in [HistoryQuery::default(), with_files()] {
        let (commits, summary) = read(&git, &query);
        assert_eq!((summary.read, summary.unreadable), (2, 0));
        assert_eq!(commits[0].subject.raw(), id);
        assert!(commits.iter().all(|commit| commit.author.name.raw() != "X" && commit.trailers.is_empty()));
        let files: Vec<_> = commits.iter().flat_map(|commit| commit.files.iter().flatten()).collect();
        assert!(files.iter().all(|file| file.path.raw() == "first.txt"), "{files:?}");
    }
}

#[test]
fn broken_commits_are_counted_and_carried_past() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let tree = git.run(&["rev-parse", "HEAD^{tree}"]);
    let mut parent = git.run(&["rev-parse", "HEAD"]);
    let odd: [(&str, &[u8], bool); 8] = [
        ("no email", b"author A\ncommitter A <a@b> 1772355600 +0000\n\nx\n", false),
        ("no date", b"author A <a@b>\ncommitter A <a@b> 1772355600 +0000\n\nx\n", false),
        ("no author", b"committer A <a@b> 1772355600 +0000\n\nx\n", false),
        ("zone", b"author A <a@b> 1772355600 +9999\ncommitter A <a@b> 1772355600 -9999\n\nx\n", true),
        ("far date", b"author A <a@b> 99999999999999 +0000\ncommitter A <a@b> 1772355600 +0000\n\nx\n", true),
        ("latin-1", b"author \xe9 <\xe9@b> 1772355600 +0000\ncommitter A <a@b> 1772355600 +0000\n\n\xe9\n", true),
        (
            "encoding",
            b"author \xe9 <a@b> 1772355600 +0000\ncommitter A <a@b> 1772355600 +0000\nencoding ISO-8859-1\n\n\xe9\n",
            true,
        ),
        ("no message", b"author A <a@b> 1772355600 +0000\ncommitter A <a@b> 1772355600 +0000\n\n", true),
    ];
    for (_, rest, _) in odd {
        let mut commit = format!("tree {tree}\nparent {parent}\n").into_bytes();
        commit.extend_from_slice(rest);
        parent = git.raw_commit(&commit);
    }
    git.run(&["update-ref", "HEAD", &parent]);
    let readable = odd.iter().filter(|(_, _, readable)| *readable).count();
    for query in [HistoryQuery::default(), with_files()] {
        let (commits, summary) = read(&git, &query);
        assert_eq!((summary.read, summary.unreadable), (readable + 1, odd.len() - readable));
        assert_eq!(commits[0].subject.raw(), "");
        assert_eq!((commits[1].subject.raw(), commits[1].author.name.raw()), ("é", "é"));
        assert_eq!(commits[2].subject.raw(), "\u{fffd}");
    }
}

#[test]
fn a_partial_clone_is_read_without_its_missing_files() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for content in ["1\n", "2\n", "3\n"] {
        git.commit("a", content, &format!("set {}", content.trim()));
    }
    git.run(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sandbox.path("code").display());
    sandbox.git("").run(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "partial"]);
    let partial = sandbox.git("partial");
    let (commits, summary) = read(&partial, &with_files());
    assert_eq!((commits.len(), summary.read, summary.without_files), (4, 4, 4));
    assert!(summary.stopped.is_none());
    assert_eq!(commits[0].subject.raw(), "set 3");
    assert_eq!(read(&partial, &HistoryQuery::default()).1.read, 4);

    // Where the newest files are there, they are counted.
    git.commit("b", "1\n", "new file");
    let online = sandbox.git("").with_env("GIT_NO_LAZY_FETCH", "0");
    online.run(&["clone", "--quiet", "--filter=blob:none", &url, "checked-out"]);
    let (commits, summary) = read(&sandbox.git("checked-out"), &with_files());
    assert_eq!((commits.len(), summary.read, summary.without_files), (5, 5, 4));
    assert_eq!(commits[0].files.as_ref().map(Vec::len), Some(1));

    sandbox.git("").run(&["clone", "--quiet", "--depth=2", &url, "shallow"]);
    let (commits, summary) = read(&sandbox.git("shallow"), &with_files());
    assert_eq!((commits.len(), summary.without_files), (2, 0));
}

#[test]
fn a_hole_in_the_history_is_told() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let hole = git.commit("a", "1", "second");
    git.commit("a", "2", "third");
    git.commit("a", "3", "fourth");
    let (shard, rest) = hole.split_at(2);
    fs::remove_file(git.dir().join(".git/objects").join(shard).join(rest)).unwrap();
    let (commits, summary) = read(&git, &HistoryQuery::default());
    assert!(!commits.is_empty() && commits.len() <= 2);
    assert!(summary.stopped.is_some_and(|why| why.contains(&hole)));
}

#[test]
fn the_repository_cannot_bend_the_answer() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    git.commit("b", "1\n", "second\n\nSigned-off-by: A <a@b>");
    let plain = read(&git, &with_files());
    for (key, value) in [
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.date", "relative"),
        ("log.decorate", "full"),
        ("log.mailmap", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "combined"),
        ("color.ui", "always"),
        ("format.pretty", "fuller"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("diff.external", "false"),
        ("diff.orderFile", "/nowhere"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("grep.patternType", "perl"),
        ("trailer.separators", "x"),
        ("notes.displayRef", "*"),
        ("core.quotePath", "true"),
        ("core.pager", "false"),
    ] {
        git.run(&["config", key, value]);
    }
    git.run(&["notes", "add", "-m", "a note"]);
    assert_eq!(read(&git, &with_files()), plain);
}

#[test]
fn empty_and_unborn_histories_are_empty() {
    let sandbox = Sandbox::new();
    sandbox.git("").run(&["init", "--quiet", "code"]);
    let git = sandbox.git("code");
    for range in [vec![], vec!["--all".to_owned()]] {
        let (commits, summary) =
            read(&git, &HistoryQuery { range, with_files: true, ..HistoryQuery::default() });
        assert!(commits.is_empty() && summary.stopped.is_none());
    }
}
