//! Histories that lie, lack objects, or hold what no program of today would write.

use std::fs;

use crate::store::project::Project;
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
        ("diff.renameLimit", "1"),
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

#[test]
fn where_a_shallow_clone_ends_no_line_is_new() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for content in ["1\n", "2\n", "3\n"] {
        git.commit("a", content, &format!("set {}", content.trim()));
    }
    let url = format!("file://{}", sandbox.path("code").display());
    sandbox.git("").run(&["clone", "--quiet", "--depth=2", &url, "shallow"]);
    let git = sandbox.git("shallow");
    let project = Project::discover_with(&git).unwrap().unwrap();
    let (mut commits, _) = read(&git, &HistoryQuery::default());
    assert_eq!((project.shallow_ends().len(), commits.len()), (1, 2));
    crate::store::project::line_counts::count_lines(&project, &mut commits);
    let counted: Vec<_> = commits.iter().map(|one| one.files.as_ref().map(Vec::len)).collect();
    assert_eq!(counted, [Some(1), None]);
}

#[test]
fn a_submodule_that_moves_on_is_no_line() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for id in ["1", "2"] {
        let entry = format!("160000,{},lib", id.repeat(40));
        git.run(&["update-index", "--add", "--cacheinfo", &entry]);
        git.run(&["commit", "--quiet", "-m", &format!("lib at {id}")]);
    }
    let (commits, summary) = read(&git, &with_files());
    assert_eq!((commits[0].subject.raw(), summary.without_files), ("lib at 2", 0));
    assert_eq!(commits[0].files.as_deref(), Some(&[][..]));
}

#[test]
fn octopus_and_root_commits_are_commits() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    for name in ["one", "two", "three"] {
        git.run(&["switch", "--quiet", "-c", name, "main"]);
        git.commit(name, "1\n", name);
    }
    git.run(&["switch", "--quiet", "main"]);
    git.run(&["merge", "--quiet", "-m", "all", "one", "two", "three"]);
    let orphan = git.run(&["commit-tree", "HEAD^{tree}", "-m", "another root"]);
    git.run(&["merge", "--quiet", "--allow-unrelated-histories", "-m", "joined", orphan.trim()]);
    let (commits, _) = read(&git, &with_files());
    let parents =
        |subject: &str| commits.iter().find(|one| one.subject.raw() == subject).map(|one| one.parents.len());
    assert_eq!((parents("all"), parents("joined"), parents("another root")), (Some(3), Some(2), Some(0)));
}

#[test]
fn declared_encodings_are_read_and_unknown_ones_do_no_harm() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let tree = git.run(&["rev-parse", "HEAD^{tree}"]);
    for (name, encoding, bytes, expected) in [
        ("latin", "ISO-8859-1", &b"caf\xe9"[..], "caf\u{e9}"),
        ("japanese", "Shift_JIS", &b"\x93\xfa\x96{"[..], "\u{65e5}\u{672c}"),
        ("unknown", "X-NONE", &b"caf\xe9"[..], "caf\u{fffd}"),
    ] {
        let who = "M <m@example.com> 1793700000 +0000";
        let head = format!("tree {}\nauthor {who}\ncommitter {who}\nencoding {encoding}\n\n", tree.trim());
        fs::write(sandbox.path(name), [head.as_bytes(), bytes].concat()).unwrap();
        let path = sandbox.path(name);
        let id = git.run(&["hash-object", "-t", "commit", "-w", "--literally", path.to_str().unwrap()]);
        let query = HistoryQuery { only: Some(vec![id.trim().to_owned()]), ..HistoryQuery::default() };
        assert_eq!(read(&git, &query).0[0].subject.raw(), expected, "{encoding}");
    }
}

#[test]
fn of_a_huge_message_its_beginning_and_its_end_are_kept() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let body = "words of nobody, line after line\n".repeat(330_000);
    let message = format!("{}\n\nFixes #1\n{body}\nSee merge request acme/queue!7\n", "s".repeat(9000));
    fs::write(sandbox.path("message"), message).unwrap();
    let path = sandbox.path("message");
    git.run(&["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-F", path.to_str().unwrap()]);
    let (commits, summary) = read(&git, &with_files());
    let one = &commits[0];
    assert_eq!((summary.unreadable, one.subject.raw().len()), (0, 4096));
    assert!(one.body.raw().len() < 256 * 1024, "{}", one.body.raw().len());
    let body = one.body.raw();
    assert!(body.starts_with("Fixes #1\n"), "{:?}", body.get(..80));
    assert!(body.ends_with("\nSee merge request acme/queue!7"), "{:?}", body.get(body.len() - 80..));
}
