//! Damaged objects: told within seconds, by name, and never in the way of other records.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Output, PROGRAM, Sandbox};

/// Runs git-okr and holds that it ends within five seconds, without a panic.
pub(super) fn soon<const N: usize>(sandbox: &Sandbox, args: [&str; N]) -> Output {
    let mut command = sandbox.command(PROGRAM, &sandbox.path("work"));
    let mut child = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(5) {
            child.kill().unwrap();
            panic!("git-okr {args:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = sandbox.okr(args);
    assert!(matches!(output.code, Some(0..=2)), "no panic, no signal: {output}");
    output
}

pub(super) fn loose(sandbox: &Sandbox, object: &str) -> PathBuf {
    sandbox.journal().join("objects").join(&object[..2]).join(&object[2..])
}

/// Damages a loose object in a named way.
pub(super) fn damage(path: &PathBuf, how: &str) {
    let bytes = fs::read(path).unwrap();
    fs::remove_file(path).unwrap(); // It is read-only.
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 0x55;
    match how {
        "truncated" => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
        "cut short by a byte" => fs::write(path, &bytes[..bytes.len() - 1]).unwrap(),
        "garbage" => fs::write(path, b"not an object at all").unwrap(),
        "flipped" => fs::write(path, flipped).unwrap(),
        "empty" => fs::write(path, b"").unwrap(),
        "missing" => {}
        how => panic!("no damage is called {how}"),
    }
}

const DAMAGES: [&str; 6] = ["truncated", "cut short by a byte", "garbage", "flipped", "empty", "missing"];

#[test]
fn a_damaged_record_is_named_and_hides_no_other() {
    for how in DAMAGES {
        let sandbox = Sandbox::with_journal();
        let id = sandbox.okr(["add", "The damaged one"]).id();
        sandbox.okr(["add", "The sound one"]).success();
        let place = sandbox.place_of(&id);
        let blob = sandbox.git_journal(["rev-parse", &format!("okr:{place}")]);
        damage(&loose(&sandbox, &blob), how);

        let list = soon(&sandbox, ["list"]);
        assert!(list.raw_text().contains("The sound one") && list.code == Some(0), "{how}: {list}");
        let complaint = String::from_utf8_lossy(&list.raw_stderr).into_owned();
        assert!(complaint.contains(&place), "{how}: {list}");

        let fsck = soon(&sandbox, ["fsck"]);
        assert!(fsck.code == Some(1) && fsck.raw_text().contains(&place), "{how}: {fsck}");
        soon(&sandbox, ["show", &id]).fails(1);
        for verb in
            [["status", "-q"], ["scorecard", "-q"], ["search", "sound"], ["log", "-q"], ["diff", "-q"]]
        {
            soon(&sandbox, verb).success();
        }
        soon(&sandbox, ["add", "One more"]).success();
        assert!(soon(&sandbox, ["list"]).raw_text().contains("One more"), "{how}");
    }
}

#[test]
fn a_damaged_tree_or_commit_ends_in_words_and_takes_no_append() {
    for how in DAMAGES {
        for what in ["okr", "okr^{tree}"] {
            let sandbox = Sandbox::with_journal();
            sandbox.okr(["add", "A record"]).success();
            let object = sandbox.git_journal(["rev-parse", what]);
            damage(&loose(&sandbox, &object), how);
            for verb in [["list", "-q"], ["status", "-q"], ["fsck", "-q"], ["log", "-q"], ["add", "Another"]]
            {
                let complaint = soon(&sandbox, verb);
                // What 'fsck' finds is its answer; every other verb fails over it.
                let told =
                    format!("{}{}", String::from_utf8_lossy(&complaint.raw_stderr), complaint.raw_text());
                assert!(
                    told.contains(&object[..40]) || told.contains(&object[2..40]),
                    "{what} {how} {verb:?}: the object is named: {complaint}"
                );
                assert_eq!(complaint.code, Some(1), "{what} {how} {verb:?}: {complaint}");
            }
            let tip = fs::read_to_string(sandbox.journal().join("refs/heads/okr")).unwrap();
            assert_eq!(tip.len(), 41, "the ref is as it was");
        }
    }
}

#[test]
fn a_damaged_day_hides_only_that_day() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "On the damaged day", "--date", "2026-10-05"]).id();
    sandbox.okr(["add", "On a sound day", "--date", "2026-10-06"]).success();
    let day = sandbox.git_journal(["rev-parse", "okr:evidence/2026-10/05"]);
    damage(&loose(&sandbox, &day), "truncated");
    let list = soon(&sandbox, ["list"]);
    assert!(list.raw_text().contains("On a sound day"), "{list}");
    assert!(list.stderr.contains("evidence/2026-10/05"), "{list}");
    soon(&sandbox, ["show", &id]).fails(1);
    assert_eq!(soon(&sandbox, ["fsck"]).code, Some(1));
}

#[test]
fn a_damaged_ref_is_no_reason_to_begin_anew() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "A record"]).success();
    for content in ["", "garbage\n", "0123456789012345678901234567890123456789\n", "ref: refs/heads/okr\n"] {
        fs::write(sandbox.journal().join("refs/heads/okr"), content).unwrap();
        for verb in [["list", "-q"], ["add", "Another"], ["init", "-q"]] {
            soon(&sandbox, verb).fails(1);
        }
        let now = fs::read_to_string(sandbox.journal().join("refs/heads/okr")).unwrap();
        assert_eq!(now, content, "the ref is as it was");
    }
}

/// What a power cut leaves of a file that was not synced. Git and libgit2 take it for the object and never write it
/// again.
#[test]
fn an_object_that_was_left_empty_or_damaged_is_written_again() {
    for how in DAMAGES {
        let sandbox = Sandbox::with_journal();
        sandbox.okr(["add", "The first", "--date", "2026-10-05"]).success();
        let objects =
            sandbox.git_journal(["rev-parse", "okr^{tree}", "okr:evidence", "okr:evidence/2026-10"]);
        let id = sandbox.okr(["add", "The second", "--date", "2026-11-01"]).id();
        for object in objects.lines().take(2) {
            damage(&loose(&sandbox, object), how);
        }
        // Taking the second away makes the very trees that are damaged.
        sandbox.okr(["remove", &id]).success();
        assert_eq!(sandbox.git_journal(["rev-parse", "okr^{tree}"]), objects[..40], "{how}");
        assert!(sandbox.okr(["list"]).success().contains("The first"), "{how}");
        sandbox.git_journal(["fsck", "--strict"]);
        sandbox.okr(["fsck"]).success();
        let kept = fs::read_dir(sandbox.journal().join("okr/damaged")).map_or(0, Iterator::count);
        assert_eq!(kept, if how == "missing" { 0 } else { 2 }, "{how}: what was there is kept aside");
    }
}

#[test]
fn an_object_in_a_damaged_pack_is_written_beside_it() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "The first", "--date", "2026-10-05"]).success();
    let tree = sandbox.git_journal(["rev-parse", "okr^{tree}"]);
    // A pack of that tree alone, damaged, in place of the loose object.
    let line = format!("echo {tree} | git pack-objects -q objects/pack/pack");
    let name = sandbox.sh(&sandbox.journal(), &line).success();
    let pack = sandbox.journal().join(format!("objects/pack/pack-{}.pack", name.trim()));
    fs::remove_file(loose(&sandbox, &tree)).unwrap();
    let id = sandbox.okr(["add", "The second", "--date", "2026-11-01"]).id();
    let mut bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    for byte in &mut bytes[14..24] {
        *byte ^= 0x55;
    }
    fs::write(&pack, bytes).unwrap();
    sandbox.okr(["remove", &id]).success();
    assert_eq!(sandbox.git_journal(["rev-parse", "okr^{tree}"]), tree);
    assert!(loose(&sandbox, &tree).exists(), "a sound copy");
    assert!(sandbox.okr(["list"]).success().contains("The first"));
}

#[test]
fn an_append_does_not_drop_what_only_a_hand_made_tree_can_hold() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "One of ours"]).success();
    let root = sandbox.git_journal(["rev-parse", "okr^{tree}"]);
    let evidence = sandbox.git_journal(["rev-parse", "okr:evidence"]);
    let raw = sandbox.command("git", &sandbox.journal()).args(["cat-file", "tree", &root]).output().unwrap();
    let bytes = |hex: &str| -> Vec<u8> {
        (0..20).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
    };
    let twice = [raw.stdout.as_slice(), b"40000 evidence\0", &bytes(&evidence)].concat();
    let file = [b"100644 evidence\0".as_slice(), &bytes(&sandbox.store("blob", b"x"))].concat();
    for tree in [twice, file] {
        let tree = sandbox.store("tree", &tree);
        sandbox.plant_tree(&tree);
        let tip = sandbox.git_journal(["rev-parse", "okr"]);
        sandbox.okr(["add", "Into an odd tree"]).fails(1);
        assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip, "nothing is dropped");
    }
}
