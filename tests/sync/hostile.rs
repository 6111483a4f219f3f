//! What a remote holds is foreign: looked at before anything of it is merged.

use std::process::Command;

use insta::assert_snapshot;

use super::{Machines, tip};

/// Git on the hub, which knows nobody.
fn on_hub(hub: &str, args: &[&str]) -> String {
    let mut command = Command::new("git");
    let who = ["-c", "user.name=Eve", "-c", "user.email=eve@example.com", "-c", "core.protectHFS=false"];
    let output =
        command.current_dir(hub).args(who).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Stores bytes on the hub.
fn store(hub: &str, kind: &str, bytes: &[u8]) -> String {
    let file = format!("{hub}/object");
    std::fs::write(&file, bytes).unwrap();
    on_hub(hub, &["hash-object", "-w", "--literally", "-t", kind, &file])
}

/// The entries of a tree, as bytes, with more of them.
fn tree_with(hub: &str, more: &[(&str, &[u8], &str)]) -> String {
    let listing = on_hub(hub, &["ls-tree", "okr"]);
    let known: Vec<(String, Vec<u8>, String)> = listing
        .lines()
        .map(|line| {
            let (head, name) = line.split_once('\t').unwrap();
            let words: Vec<&str> = head.split(' ').collect();
            (words[0].trim_start_matches('0').to_owned(), name.as_bytes().to_vec(), words[2].to_owned())
        })
        .collect();
    let more = more.iter().map(|(mode, name, id)| ((*mode).to_owned(), name.to_vec(), (*id).to_owned()));
    let mut all: Vec<_> = known.into_iter().chain(more).collect();
    all.sort_by_key(|(mode, name, _)| [name.as_slice(), if mode == "40000" { b"/" } else { b"" }].concat());
    let mut bytes = Vec::new();
    for (mode, name, id) in all {
        bytes.extend_from_slice(format!("{mode} ").as_bytes());
        bytes.extend_from_slice(&name);
        bytes.push(0);
        bytes.extend((0..40).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()));
    }
    store(hub, "tree", &bytes)
}

/// Commits a tree on the hub's branch.
fn commit(hub: &str, tree: &str) {
    let id = on_hub(hub, &["commit-tree", "-p", "okr", "-m", "by hand", tree]);
    on_hub(hub, &["update-ref", "refs/heads/okr", &id]);
}

#[test]
fn a_branch_that_is_no_journal_is_refused() {
    let machines = Machines::new();
    let hub = machines.hub("hub.git");
    let code = machines.there.repo("code");
    code.git(["push", "--quiet", &hub, "main:okr"]);
    machines.here.okr(["remote", "add", "hub", &hub]).success();
    let before = tip(&machines.here);
    assert_snapshot!(machines.here.okr(["sync"]), @"
    ------- stderr -------
    asking 'hub' at $SANDBOX/bin/hub.git
    error: 'refs/heads/okr' of 'hub' is not merged
    caused by: branch 'okr' is not a git-okr journal: it has no journal.toml
    hint: a journal wants a place of its own: git okr remote set-url hub <url>
    [exit status: 1]
    ");
    machines.here.okr(["sync", "--join"]).fails(1);
    machines.here.okr(["sync", "--dry-run"]).fails(1);
    machines.there.okr(["init", "--from", &hub]).fails(1);
    assert_eq!(before, tip(&machines.here));
    assert!(!machines.there.journal().exists());
    assert_eq!(on_hub(&hub, &["log", "--format=%s", "okr"]), "chore: begin", "nothing was pushed over it");
}

#[test]
fn a_newer_format_is_not_merged() {
    let (machines, hub) = Machines::joined();
    let header = on_hub(&hub, &["show", "okr:journal.toml"]).replace("format = 1", "format = 3");
    let blob = store(&hub, "blob", header.as_bytes());
    let listing = on_hub(&hub, &["ls-tree", "okr"]);
    let guide = listing.lines().find(|line| line.contains("guide.toml")).unwrap();
    let file = format!("{hub}/tree");
    std::fs::write(&file, format!("{guide}\n100644 blob {blob}\tjournal.toml\n")).unwrap();
    let mktree = Command::new("git")
        .current_dir(&hub)
        .arg("mktree")
        .stdin(std::fs::File::open(&file).unwrap())
        .output();
    commit(&hub, String::from_utf8(mktree.unwrap().stdout).unwrap().trim());
    machines.here.okr(["add", "Older"]).success();
    let before = tip(&machines.here);
    let told = machines.here.okr(["sync"]).fails(1);
    assert!(told.contains("is not merged\ncaused by: the journal has format 3"), "{told}");
    assert!(told.contains("update git-okr"), "{told}");
    assert_eq!(before, tip(&machines.here));
    assert!(machines.here.okr(["add", "Still writable"]).code == Some(0));
}

#[test]
fn names_that_no_journal_has_stop_the_merge_and_act_nowhere() {
    let (machines, hub) = Machines::joined();
    let blob = store(&hub, "blob", b"x = 1\n");
    let honest = on_hub(&hub, &["rev-parse", "okr"]);
    let empty = store(&hub, "tree", b"");
    let below = |name: &[u8]| {
        let mut bytes = [b"100644 ", name, b"\0"].concat();
        bytes.extend((0..40).step_by(2).map(|at| u8::from_str_radix(&blob[at..at + 2], 16).unwrap()));
        store(&hub, "tree", &bytes)
    };
    let nested = below(b"-x\xff.toml");
    let cases: [(&str, &[u8], &str); 12] = [
        ("100644", b"..", &blob),
        ("40000", b".git", &empty),
        ("100644", b"a\\b", &blob),
        ("100644", b"a\x1b[31mb", &blob),
        ("100644", b"a\nb", &blob),
        ("100644", b"\xff\xfe", &blob),
        ("100644", "\u{202e}lmot".as_bytes(), &blob),
        ("120000", b"link", &blob),
        ("160000", b"module", &honest),
        ("100644", b"journal.toml", &blob),
        ("100644", &[b'x'; 5000], &blob),
        ("40000", b"bets", &nested),
    ];
    let before = tip(&machines.here);
    for (mode, name, id) in cases {
        commit(&hub, &tree_with(&hub, &[(mode, name, id)]));
        let output = machines.here.okr(["sync"]);
        let what = String::from_utf8_lossy(name).into_owned();
        assert!(!output.raw_stderr.contains(&0x1b), "{what:?}");
        let told = output.fails(1);
        // Git refuses some of them itself, before they are ours.
        assert!(
            told.contains("it holds what no journal holds: '") || told.contains("cannot fetch from 'hub'"),
            "{what:?}: {told}"
        );
        assert_eq!(before, tip(&machines.here), "{what:?}");
        machines.there.okr(["sync"]).fails(1);
        on_hub(&hub, &["update-ref", "refs/heads/okr", &honest]);
    }
    machines.here.okr(["add", "Goes on"]).success();
    machines.here.okr(["sync"]).success();
}

#[test]
fn deep_trees_and_headers_that_lie_end_quickly() {
    let (machines, hub) = Machines::joined();
    let honest = on_hub(&hub, &["rev-parse", "okr"]);
    let mut tree = store(&hub, "tree", b"");
    for _ in 0..300 {
        let mut bytes = b"40000 x\0".to_vec();
        bytes.extend((0..40).step_by(2).map(|at| u8::from_str_radix(&tree[at..at + 2], 16).unwrap()));
        tree = store(&hub, "tree", &bytes);
    }
    commit(&hub, &tree_with(&hub, &[("40000", b"bets", &tree)]));
    let told = machines.here.okr(["sync"]).fails(1);
    assert!(
        told.contains("it holds what no journal holds: 'bets/x/x/x' is deeper than a journal is"),
        "{told}"
    );

    on_hub(&hub, &["update-ref", "refs/heads/okr", &honest]);
    for text in [String::new(), "format = \"x\"".into(), "x".repeat(400 * 1024)] {
        let blob = store(&hub, "blob", text.as_bytes());
        let mut bytes = b"100644 journal.toml\0".to_vec();
        bytes.extend((0..40).step_by(2).map(|at| u8::from_str_radix(&blob[at..at + 2], 16).unwrap()));
        commit(&hub, &store(&hub, "tree", &bytes));
        let told = machines.here.okr(["sync"]).fails(1);
        assert!(told.contains("'refs/heads/okr' of 'hub' is not merged"), "{told}");
        on_hub(&hub, &["update-ref", "refs/heads/okr", &honest]);
    }
}
