//! Faults of the machine that have no file of their own here: packs, clocks, homes, permissions.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;

use super::damage::soon;
use crate::support::{PROGRAM, Sandbox};

fn packed(sandbox: &Sandbox) -> PathBuf {
    sandbox.git_journal(["repack", "-adq"]);
    let mut packs =
        fs::read_dir(sandbox.journal().join("objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    packs.find(|path| path.extension().is_some_and(|end| end == "pack")).unwrap()
}

#[test]
fn a_damaged_pack_ends_in_words_and_takes_nothing_else_along() {
    for how in ["flipped", "truncated", "empty", "no index", "empty index"] {
        let sandbox = Sandbox::with_journal();
        sandbox.okr(["add", "In the pack"]).success();
        let tip = sandbox.git_journal(["rev-parse", "okr"]);
        let pack = packed(&sandbox);
        let index = pack.with_extension("idx");
        let mut bytes = fs::read(&pack).unwrap();
        fs::remove_file(&pack).unwrap();
        match how {
            "flipped" => bytes.iter_mut().skip(12).step_by(7).for_each(|byte| *byte ^= 0x55),
            "truncated" => bytes.truncate(bytes.len() / 2),
            "empty" => bytes.clear(),
            "no index" => fs::remove_file(&index).unwrap(),
            _ => {
                fs::remove_file(&index).unwrap();
                fs::write(&index, "").unwrap();
            }
        }
        fs::write(&pack, bytes).unwrap();
        for verb in [["list", "-q"], ["status", "-q"], ["log", "-q"], ["fsck", "-q"], ["add", "Beside it"]] {
            let said = soon(&sandbox, verb);
            assert_eq!(said.code, Some(1), "{how} {verb:?}: {said}");
        }
        let file = sandbox.journal().join("refs/heads/okr");
        let now = fs::read_to_string(file)
            .unwrap_or_else(|_| fs::read_to_string(sandbox.journal().join("packed-refs")).unwrap());
        assert!(now.contains(&tip), "{how}: the branch is where it was");
    }
}

#[test]
fn clocks_that_jump_neither_lose_nor_reorder() {
    let sandbox = Sandbox::with_journal();
    let mut ids = Vec::new();
    for day in ["2026-11-02", "1975-01-02", "2099-12-31", "2026-11-03", "2000-02-29", "2026-11-04"] {
        sandbox.at(day);
        ids.push(sandbox.okr(["add", &format!("Written on {day}"), "--date", "2026-11-01"]).id());
    }
    let list = sandbox.okr(["list", "2026-11-01..2026-11-01"]).success();
    let log = sandbox.okr(["log", "-n", "20"]).success();
    for day in ["1975-01-02", "2099-12-31", "2000-02-29", "2026-11-04"] {
        assert!(
            list.contains(&format!("Written on {day}")) && log.contains(&format!("Written on {day}")),
            "{day}"
        );
    }
    ids.iter().for_each(|id| drop(sandbox.okr(["show", id]).success()));
    for verb in ["status", "scorecard", "diff", "inbox", "fsck"] {
        sandbox.okr([verb]).success();
    }
    let past = sandbox.okr(["list", "2026-11-01..2026-11-01", "--as-of", "2026-11-03"]).success();
    assert!(past.contains("Written on 2026-11-03") && !past.contains("Written on 2026-11-04"), "{past}");
    sandbox.okr(["undo"]).success();
    sandbox.okr(["undo"]).success();
    assert!(sandbox.okr(["list", "2026-11-01..2026-11-01"]).success().contains("Written on 2026-11-04"));
}

#[test]
fn a_lock_from_before_the_clock_was_set_back_is_taken_away() {
    let sandbox = Sandbox::with_journal();
    let lock = sandbox.journal().join("refs/heads/okr.lock");
    fs::write(&lock, "").unwrap();
    let to_come = SystemTime::now() + Duration::from_secs(86_400);
    fs::File::options().write(true).open(&lock).unwrap().set_modified(to_come).unwrap();
    sandbox.okr(["add", "After the clock was set back"]).success();
    assert!(!lock.exists());
}

#[test]
fn without_a_home_it_says_what_is_missing_and_hooks_are_silent() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo("shop");
    let run = |args: &[&str]| {
        let mut command = sandbox.command(PROGRAM, &repo.dir);
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "GIT_CONFIG_GLOBAL",
        ] {
            command.env_remove(name);
        }
        sandbox.run(command.args(args).env("HOME", sandbox.path("nowhere")))
    };
    run(&["hook", "post-commit"]).silent();
    assert_snapshot!(run(&["list"]), @"
    ------- stderr -------
    error: there is no journal yet
    hint: create one with: git okr init
    [exit status: 1]
    ");
    assert_snapshot!(run(&["init"]), @r#"
    ------- stderr -------
    error: git does not know your name and e-mail address
    hint: git config --global user.name "<name>"
    hint: git config --global user.email <address>
    [exit status: 1]
    "#);
    run(&["--help"]).success();
}

/// As somebody who may read the journal and not write it. The superuser may do everything, so the test becomes nobody.
#[test]
fn without_permission_to_write_it_reads_and_says_why_it_cannot_record() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "While it was allowed"]).id();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let root = nix::unistd::geteuid().is_root();
    let open = |mode: u32| {
        for dir in ["", "home", "home/.local", "home/.local/share", "home/.local/share/git-okr"] {
            fs::set_permissions(sandbox.path(dir), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let line = |verb: &str| {
        let safe = format!(
            "export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'; exec git-okr {verb}"
        );
        let mut command = sandbox.command(if root { "setpriv" } else { "sh" }, &sandbox.path("work"));
        if root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh"]);
        }
        sandbox.run(command.args(["-c", &safe]).env("TMPDIR", "/tmp"))
    };
    open(0o755);
    let journal = sandbox.journal();
    sandbox.sh(&sandbox.path("work"), &format!("chmod -R a+rX,a-w '{}'", journal.display())).success();
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "safe.directory", "*"]);
    let denied = line("add 'While it is not'");
    if root && denied.stderr.contains("setpriv") {
        eprintln!("skipped: there is no setpriv to become somebody else with");
        return;
    }
    let said = denied.fails(1);
    assert!(said.contains("cannot write to the journal") && said.contains("ermission denied"), "{said}");
    assert!(line(&format!("show {id}")).success().contains("While it was allowed"));
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    sandbox.sh(&sandbox.path("work"), &format!("chmod -R u+w '{}'", journal.display())).success();
    sandbox.okr(["add", "Allowed again"]).success();
}
