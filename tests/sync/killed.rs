//! A sync that dies in the middle, and what the next one finds.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::{Machines, tip};
use crate::support::PROGRAM;

#[test]
fn a_sync_that_is_killed_anywhere_loses_nothing_and_stops_nothing() {
    let (machines, hub) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    let mut ids = Vec::new();
    for round in 0..30_u64 {
        ids.push(here.okr(["add", &format!("Here {round}")]).id());
        ids.push(there.okr(["add", &format!("There {round}")]).id());
        there.okr(["sync"]).success();
        let mut command = here.command(PROGRAM, &here.path("work"));
        command.args(["sync"]).process_group(0).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().unwrap();
        // From before the first look to after the push, which takes some 150 ms.
        std::thread::sleep(Duration::from_millis(round * 7));
        // With its git, as when a machine goes down.
        let _ = killpg(Pid::from_raw(running.id().try_into().unwrap()), Signal::SIGKILL);
        running.wait().unwrap();
        let tracking = here.journal().join("refs/okr/remotes/hub/okr.lock");
        if tracking.exists() {
            age(&tracking);
        }
    }
    // A lock of the hub is the hub's; here nobody is at work on it any more.
    let _ = fs::remove_file(here.path("bin/hub.git/refs/heads/okr.lock"));
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there));
    let paths = here.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
    let missing: Vec<_> = ids.iter().filter(|id| !paths.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(here.git_journal(["fsck", "--strict", "--no-dangling"]), "");
    assert_eq!(here.git_in(hub.as_ref(), &["rev-parse", "okr"]), tip(here));
}

/// Makes a file two minutes old.
fn age(file: &std::path::Path) {
    let then = SystemTime::now() - Duration::from_secs(120);
    fs::File::options().write(true).open(file).unwrap().set_modified(then).unwrap();
}

#[test]
fn a_lock_of_the_tracking_ref_is_waited_for_or_taken_away() {
    let (machines, _) = Machines::joined();
    machines.there.okr(["add", "Comes"]).success();
    machines.there.okr(["sync"]).success();
    let lock = machines.here.journal().join("refs/okr/remotes/hub/okr.lock");
    fs::write(&lock, "").unwrap();
    let told = machines.here.okr(["sync"]).fails(1);
    assert!(
        told.contains("error: cannot fetch from 'hub'") && told.contains("okr.lock': File exists"),
        "{told}"
    );
    age(&lock);
    machines.here.okr(["sync"]).success();
    assert!(!lock.exists());
    assert!(machines.here.okr(["list"]).success().contains("Comes"));
}
