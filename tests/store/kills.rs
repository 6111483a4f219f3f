//! `kill -9` in the middle of an append.

use std::io::Read;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::Sandbox;

fn add(sandbox: &Sandbox, title: &str) -> Child {
    let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
    command.args(["-q", "add", title]).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_time() {
    let sandbox = Sandbox::with_journal();
    let (mut acknowledged, mut killed, mut rounds) = (Vec::new(), 0, 0_u32);
    // How long an append takes, found out by the way: the machine may be busy or not.
    let mut whole = Duration::from_millis(20);
    while killed < 60 && rounds < 600 {
        rounds += 1;
        let mut child = add(&sandbox, &format!("round {rounds}"));
        // From right after the start to the end, spread without chance: 37 and 80 share no factor.
        std::thread::sleep(whole.mul_f64(f64::from(rounds * 37 % 80 + 1) / 80.0));
        child.kill().unwrap();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let hit = !child.wait().unwrap().success();
        killed += usize::from(hit);
        whole = whole.mul_f64(if hit { 1.05 } else { 0.85 });
        acknowledged.extend(text.lines().filter(|id| id.len() == 16).map(str::to_owned));
        if rounds % 8 == 0 {
            let begun = std::time::Instant::now();
            acknowledged.push(sandbox.okr(["add", "right after a kill"]).id());
            assert!(begun.elapsed() < Duration::from_secs(5), "nobody waits for the dead");
        }
    }
    assert!(killed >= 60, "the kills hit: {killed} of {rounds}");
    assert!(acknowledged.len() > 10, "some got through");
    let paths = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
    for id in &acknowledged {
        assert!(paths.contains(id.as_str()), "{id} was acknowledged and is gone");
    }
    // The last kill may have left its lock, which fsck would name: the next append takes it away.
    sandbox.okr(["add", "after the last kill"]).success();
    sandbox.okr(["fsck"]).success();
}

#[test]
fn a_lock_that_a_killed_writer_left_is_taken_away_after_a_minute() {
    let sandbox = Sandbox::with_journal();
    let lock = sandbox.journal().join("refs/heads/okr.lock");
    std::fs::write(&lock, "").unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(120);
    std::fs::File::options().write(true).open(&lock).unwrap().set_modified(old).unwrap();
    insta::assert_snapshot!(sandbox.okr(["fsck"]), @"
    what  where
    lock  $SANDBOX/home/.local/share/git-okr/journal.git/refs/heads/okr.lock: a writer left
          its lock; it is taken away after a minute, or remove it if no git runs

    0 records read, 1 fault
    ------- stderr -------
    hint: mend a record: git okr edit <id>
    hint: earlier states: git okr log, git okr git log -g
    [exit status: 1]
    ");
    sandbox.okr(["add", "After the lock"]).success();
    assert!(!lock.exists());
    sandbox.okr(["fsck"]).success();
}

#[test]
fn a_young_lock_is_respected_and_named() {
    let sandbox = Sandbox::with_journal();
    let lock = sandbox.journal().join("refs/heads/okr.lock");
    std::fs::write(&lock, "").unwrap();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    insta::assert_snapshot!(sandbox.okr(["add", "Beside a lock"]), @"
    ------- stderr -------
    error: the journal is locked: '$SANDBOX/home/.local/share/git-okr/journal.git/refs/heads/okr.lock'
    hint: if no git and no git-okr is running, remove it: rm '$SANDBOX/home/.local/share/git-okr/journal.git/refs/heads/okr.lock'
    hint: what you wrote is kept in '$SANDBOX/home/.local/share/git-okr/journal.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip, "nothing was recorded");
    assert!(lock.exists(), "it may belong to somebody");
    sandbox.okr(["list"]).success();
}

#[test]
fn a_young_lock_of_a_writer_that_died_is_taken_away_at_once() {
    let sandbox = Sandbox::with_journal();
    let lock = sandbox.journal().join("refs/heads/okr.lock");
    std::fs::write(&lock, "").unwrap();
    // What a writer of ours leaves when it is killed while it holds the lock.
    std::fs::write(sandbox.journal().join("okr/appending"), "").unwrap();
    let begun = std::time::Instant::now();
    sandbox.okr(["add", "Right after a kill"]).success();
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert!(!lock.exists() && !sandbox.journal().join("okr/appending").exists());
}
