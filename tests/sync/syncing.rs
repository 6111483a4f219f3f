//! What a sync brings and takes, and what it says of it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::{Machines, tip};
use crate::support::{PROGRAM, Sandbox};

#[test]
fn a_journal_goes_to_an_empty_remote_and_comes_to_a_second_machine() {
    let machines = Machines::new();
    let hub = machines.hub("hub.git");
    machines.here.okr(["add", "The first evidence"]).success();
    assert_snapshot!(machines.here.okr(["remote", "add", "hub", &hub]), @"
    ------- stderr -------
    added 'hub', $SANDBOX/bin/hub.git
    hint: bring both together: git okr sync hub
    ");
    assert_snapshot!(machines.here.okr(["sync", "--dry-run"]), @"
    would go to 'hub': 1 evidence, the guide
      + evidence <ID1>  The first evidence
    ------- stderr -------
    asking 'hub' at $SANDBOX/bin/hub.git
    ");
    assert_eq!(machines.here.git_in(hub.as_ref(), &["for-each-ref"]), "", "a dry run pushes nothing");
    assert_snapshot!(machines.here.okr(["sync"]), @"
    went to 'hub': 1 evidence, the guide
      + evidence <ID1>  The first evidence
    ------- stderr -------
    asking 'hub' at $SANDBOX/bin/hub.git
    hint: on another machine: git okr init --from $SANDBOX/bin/hub.git
    ");
    assert_snapshot!(machines.here.okr(["sync"]), @"
    nothing new here or at 'hub'
    ------- stderr -------
    asking 'hub' at $SANDBOX/bin/hub.git
    ");
    let output = machines.there.okr(["init", "--from", &hub]);
    assert_snapshot!(machines.here.steady(&output.stderr), @"
    asking 'origin' at $SANDBOX/bin/hub.git
    brought a journal from 'origin', $SANDBOX/bin/hub.git
    1 evidence, the guide, into '$SANDBOX/home/.local/share/git-okr/journal.git', with guide 'staff-engineer'
    hint: carry on, and bring both together from time to time: git okr sync origin
    ");
    output.success();
    assert_eq!(tip(&machines.here), tip(&machines.there), "one journal, no second beginning");
    assert!(machines.there.okr(["list"]).success().contains("The first evidence"));
    assert_eq!(
        machines.here.git_in(hub.as_ref(), &["for-each-ref", "--format=%(refname)"]),
        "refs/heads/okr"
    );
}

#[test]
fn what_both_have_goes_both_ways_and_ends_in_one_commit() {
    let (machines, _) = Machines::joined();
    machines.here.okr(["add", "Of here"]).success();
    machines.there.okr(["add", "Of there"]).success();
    machines.here.okr(["sync"]).success();
    let foreseen = machines.there.okr(["sync", "-n"]).success();
    assert!(foreseen.contains("would come from 'origin': 1 evidence"), "{foreseen}");
    assert!(foreseen.contains("would go to 'origin': 1 evidence"), "{foreseen}");
    let told = machines.there.okr(["sync"]).success();
    assert!(told.contains("came from 'origin': 1 evidence\n") && told.contains("Of here"), "{told}");
    assert!(told.contains("went to 'origin': 1 evidence\n") && told.contains("Of there"), "{told}");
    machines.here.okr(["sync"]).success();
    let (here, there) = machines.tips();
    assert_eq!(here, there);
    for machine in [&machines.here, &machines.there] {
        let list = machine.okr(["list"]).success();
        assert!(list.contains("Of here") && list.contains("Of there"), "{list}");
        assert!(machine.okr(["sync"]).success().contains("nothing new here or at"));
    }
}

#[test]
fn many_records_are_counted_and_few_are_named() {
    let (machines, _) = Machines::joined();
    for number in 0..8 {
        machines.here.okr(["add", &format!("Number {number}")]).success();
    }
    let told = machines.here.okr(["sync"]).success();
    assert!(told.starts_with("went to 'hub': 8 evidence\n"), "{told}");
    assert!(told.ends_with("and 3 more records\n"), "{told}");
}

#[test]
fn a_conflict_that_came_is_named_with_what_settles_it() {
    let (machines, _) = Machines::joined();
    let id = machines.here.okr(["add", "Two minds"]).id();
    let text = machines.here.text_of(&id);
    let conflict = "\n[[conflict]]\nfield = \"title\"\nvalue = \"Two hearts\"\nrevision = \"abc\"\n";
    machines.here.plant_text(&machines.here.place_of(&id), &format!("{text}{conflict}"));
    machines.here.okr(["sync"]).success();
    let output = machines.there.okr(["sync"]);
    assert!(output.stdout.contains("1 conflict: two values"), "{output}");
    assert!(output.stdout.contains("Two minds: title"), "{output}");
    let hint = format!("hint: settle it: git okr resolve {id}\n");
    assert!(String::from_utf8_lossy(&output.raw_stderr).contains(&hint), "{output}");
}

#[test]
fn somebody_who_was_faster_is_fetched_and_merged() {
    let (machines, hub) = Machines::joined();
    machines.there.okr(["add", "Was faster"]).success();
    let ahead = tip(&machines.there);
    machines.there.git_journal(["push", "--quiet", &hub, "okr:refs/heads/faster"]);
    machines.here.okr(["add", "Was slower"]).success();
    // Between the look and the push, the branch of the hub moves: once.
    let hook = machines.here.path("bin/hub.git/hooks/pre-receive");
    let moves = format!(
        "unset GIT_QUARANTINE_PATH\n[ -e moved ] && exit 0\ntouch moved\ngit update-ref refs/heads/okr {ahead}\nexit 0"
    );
    machines.here.script(&hook, &moves);
    let told = machines.here.okr(["sync"]).success();
    assert!(told.contains("came from 'hub': 1 evidence") && told.contains("Was faster"), "{told}");
    assert!(told.contains("went to 'hub': 1 evidence") && told.contains("Was slower"), "{told}");
    assert_eq!(machines.here.git_in(hub.as_ref(), &["rev-parse", "okr"]), tip(&machines.here));
}

#[test]
fn many_machines_at_once_all_arrive() {
    let (machines, hub) = Machines::joined();
    let others: Vec<Sandbox> = (0..3)
        .map(|number| {
            let other = Sandbox::new();
            other.at("2026-11-04");
            other.okr(["init", "--from", &hub]).success();
            other.okr(["add", &format!("Machine {number}")]).success();
            other
        })
        .collect();
    let mut running: Vec<_> = others
        .iter()
        .map(|other| {
            other
                .command(PROGRAM, &other.path("work"))
                .args(["-q", "sync"])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut running {
        assert!(child.wait().unwrap().success(), "each one gets its turn");
    }
    machines.here.okr(["sync"]).success();
    let list = machines.here.okr(["list"]).success();
    assert!((0..3).all(|number| list.contains(&format!("Machine {number}"))), "{list}");
}

#[test]
fn journals_begun_apart_are_joined_only_when_somebody_says_so() {
    let (machines, hub) = Machines::joined();
    let other = Sandbox::with_journal();
    other.at("2026-11-09");
    other.okr(["add", "Of the other"]).success();
    other.okr(["remote", "add", "hub", &hub]).success();
    let before = tip(&other);
    for arguments in [["sync", "hub"], ["sync", "-n"]] {
        let told = other.okr(arguments).fails(1);
        assert!(told.contains("it is another journal"), "{told}");
        assert!(told.contains("hint: if both are yours, make them one: git okr sync --join"), "{told}");
    }
    assert_eq!(
        (before, tip(&machines.here)),
        (tip(&other), machines.here.git_in(hub.as_ref(), &["rev-parse", "okr"]))
    );
    let mut terminal = other.terminal(&other.path("work"), ["sync"]);
    terminal
        .expect("holds another journal, begun 2026-11-02 and with 0 records; make the two one?")
        .press("n");
    assert_eq!(terminal.end().0.code(), Some(1));
    let mut terminal = other.terminal(&other.path("work"), ["sync"]);
    terminal.expect("make the two one?").press("y");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    machines.here.okr(["sync"]).success();
    assert!(machines.here.okr(["list"]).success().contains("Of the other"));
    assert_eq!(tip(&machines.here), tip(&other));

    let third = Sandbox::with_journal();
    third.okr(["remote", "add", "hub", &hub]).success();
    third.okr(["sync", "--join"]).success();
    machines.here.okr(["sync"]).success();
    assert_eq!(tip(&machines.here), tip(&third));
}

#[test]
fn several_remotes_are_each_synced_by_name() {
    let (machines, _) = Machines::joined();
    let other = machines.hub("usb.git");
    machines.here.okr(["remote", "add", "usb", &other]).success();
    let told = machines.here.okr(["sync"]).fails(2);
    assert!(
        told.contains("there is more than one remote: hub, usb\nhint: say which: git okr sync hub"),
        "{told}"
    );
    machines.here.okr(["add", "For both"]).success();
    machines.here.okr(["sync", "usb"]).success();
    machines.here.okr(["sync", "hub"]).success();
    assert_eq!(machines.here.git_in(other.as_ref(), &["rev-parse", "okr"]), tip(&machines.here));
    let told = Sandbox::with_journal().okr(["sync"]).fails(1);
    assert!(
        told.contains("the journal has no remote\nhint: name one: git okr remote add <name> <url>"),
        "{told}"
    );
}

#[test]
fn a_remote_that_is_not_there_loses_nothing() {
    let machines = Machines::new();
    machines.here.okr(["remote", "add", "usb", "/nowhere/journal.git"]).success();
    let before = tip(&machines.here);
    assert_snapshot!(machines.here.okr(["sync"]), @"
    ------- stderr -------
    asking 'usb' at /nowhere/journal.git
    error: cannot reach 'usb' at '/nowhere/journal.git'
    caused by: fatal: '/nowhere/journal.git' does not appear to be a git repository
    caused by: fatal: Could not read from remote repository.
    caused by: Please make sure you have the correct access rights
    caused by: and the repository exists.
    hint: nothing is lost: everything is recorded here, and the next sync carries it
    hint: try it by hand: git ls-remote /nowhere/journal.git
    [exit status: 1]
    ");
    assert_eq!(before, tip(&machines.here));
    assert!(machines.here.okr(["add", "Goes on"]).code == Some(0));
}

#[test]
fn a_remote_that_refuses_is_quoted_and_what_came_stays() {
    let (machines, _) = Machines::joined();
    machines.there.okr(["add", "Came before"]).success();
    machines.there.okr(["sync"]).success();
    machines.here.okr(["add", "Cannot go"]).success();
    let hook = machines.here.path("bin/hub.git/hooks/pre-receive");
    machines.here.script(&hook, "printf 'over \\033[31mquota\\n' >&2\nexit 1");
    let output = machines.here.okr(["sync"]);
    assert!(output.stdout.contains("came from 'hub': 1 evidence"), "{output}");
    assert!(output.stderr.contains("error: 'hub' did not take the journal"), "{output}");
    assert!(output.stderr.contains("pre-receive hook declined"), "{output}");
    assert!(output.stderr.contains("quota") && !output.raw_stderr.contains(&0x1b), "{output}");
    assert_eq!(output.code, Some(1));
    assert!(machines.here.okr(["list"]).success().contains("Came before"));
    fs::remove_file(hook).unwrap();
    machines.here.okr(["sync"]).success();
}

#[test]
fn a_history_that_was_replaced_takes_nothing_away() {
    let (machines, hub) = Machines::joined();
    machines.here.okr(["add", "Kept here"]).success();
    machines.here.okr(["sync"]).success();
    let root = machines.here.git_journal(["rev-list", "--max-parents=0", "okr"]);
    machines.here.git_in(hub.as_ref(), &["update-ref", "refs/heads/okr", &root]);
    let output = machines.here.okr(["sync"]);
    assert!(
        output.stderr.contains("warning: the history at 'hub' was replaced since the last sync"),
        "{output}"
    );
    assert!(output.stdout.contains("went to 'hub': 1 evidence"), "{output}");
    assert_eq!(machines.here.git_in(hub.as_ref(), &["rev-parse", "okr"]), tip(&machines.here));
}

#[test]
fn a_second_beginning_is_refused_where_a_journal_is() {
    let (machines, hub) = Machines::joined();
    let told = machines.here.okr(["init", "--from", &hub]).fails(1);
    assert!(told.contains("already\nhint: bring both together: git okr remote add origin"), "{told}");
}

#[test]
fn init_from_an_empty_or_dead_remote_leaves_nothing_behind() {
    let machines = Machines::new();
    let hub = machines.hub("empty.git");
    for url in [hub.as_str(), "/nowhere/at/all.git"] {
        machines.there.okr(["init", "--from", url]).fails(1);
        assert!(!machines.there.journal().exists(), "{url}");
        let told = machines.there.okr(["list"]).fails(1);
        assert!(told.contains("there is no journal yet"), "{told}");
    }
    machines.there.okr(["init"]).success();
    machines.there.okr(["init", "--guide", "l8-growth", "--from", &hub]).fails(2);
}

#[test]
fn a_journal_of_a_code_repository_is_synced_and_brought_back_too() {
    let machines = Machines::new();
    let hub = machines.hub("hub.git");
    let code = machines.there.repo("code");
    machines.there.okr_in(&code.dir, ["init", "--here"]).success();
    machines.there.okr_in(&code.dir, ["add", "Beside the code"]).success();
    machines.there.okr_in(&code.dir, ["remote", "add", "hub", &hub]).success();
    machines.there.okr_in(&code.dir, ["sync"]).success();
    assert_eq!(machines.there.git_in(&code.dir, &["remote"]), "", "it is no remote of the code");
    assert_eq!(
        machines.there.git_in(hub.as_ref(), &["for-each-ref", "--format=%(refname)"]),
        "refs/heads/okr"
    );
    let other = machines.there.repo("other");
    machines.there.okr_in(&other.dir, ["init", "--here", "--from", &hub]).success();
    assert!(machines.there.okr_in(&other.dir, ["list"]).success().contains("Beside the code"));
    assert_eq!(machines.there.git_in(&other.dir, &["status", "--short"]), "");
}

#[test]
fn a_remote_that_hangs_can_be_left_and_holds_no_lock() {
    let machines = Machines::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("git://127.0.0.1:{}/journal.git", listener.local_addr().unwrap().port());
    machines.here.okr(["remote", "add", "deaf", &url]).success();
    let mut command = machines.here.command(PROGRAM, &machines.here.path("work"));
    command.args(["sync"]).env("GIT_ALLOW_PROTOCOL", "git").process_group(0).stderr(Stdio::piped());
    let mut waiting = command.spawn().unwrap();
    let mut said = BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, format!("asking 'deaf' at {url}\n"));
    // Somebody is connected and hears nothing.
    let _deaf = listener.accept().unwrap();
    machines.here.okr(["add", "While it waits"]).success();
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    // As a terminal does at ctrl-c: to the program and to its git.
    killpg(Pid::from_raw(waiting.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    assert!(!waiting.wait().unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "git went too: nobody holds the stream");

    machines.here.git_in(&machines.here.path("work"), &["config", "--global", "okr.syncTimeout", "1"]);
    let begun = Instant::now();
    let mut command = machines.here.command(PROGRAM, &machines.here.path("work"));
    let output = machines.here.run(command.args(["sync"]).env("GIT_ALLOW_PROTOCOL", "git"));
    assert!(output.clone().fails(1).contains("said nothing for 1 seconds"), "{output}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    for wrong in ["soon", "-1"] {
        machines.here.git_in(&machines.here.path("work"), &["config", "--global", "okr.syncTimeout", wrong]);
        let told = machines.here.okr(["sync"]).fails(1);
        assert!(told.contains(&format!("okr.syncTimeout is no number of seconds: '{wrong}'")), "{told}");
    }
}

#[test]
fn progress_is_shown_where_somebody_waits_and_acts_on_nothing() {
    let (machines, _) = Machines::joined();
    machines.here.okr(["add", "Takes a while"]).success();
    let hook = machines.here.path("bin/hub.git/hooks/pre-receive");
    machines.here.script(
        &hook,
        "for step in 1 2 3; do printf 'step %s\\033]0;owned\\007\\r' $step >&2; sleep 0.4; done",
    );
    let mut terminal = machines.here.terminal(&machines.here.path("work"), ["sync"]);
    terminal.expect("remote: step 3").expect("went to 'hub': 1 evidence");
    let (status, shown) = terminal.end();
    assert!(status.success() && !shown.contains("\u{1b}]0;"), "{shown:?}");
    machines.here.okr(["add", "Quietly"]).success();
    let output = machines.here.okr(["sync"]);
    assert!(!output.stderr.contains("step") && output.code == Some(0), "{output}");
}
