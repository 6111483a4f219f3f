//! No room to write, and no right to.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::Sandbox;

/// A file system of its own, unmounted at the end.
struct Mount(PathBuf);

impl Mount {
    /// Mounts memory at a place; none where that is not permitted, which is said.
    fn new(place: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&place).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&place).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            // A test that is left out says so.
            std::io::Write::write_all(&mut std::io::stderr(), b"skipped: tmpfs cannot be mounted here\n")
                .unwrap();
        }
        mounted.then_some(Self(place))
    }

    fn remount(&self, options: &str) {
        let output =
            Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_what_was_recorded_stays() {
    let sandbox = Sandbox::new();
    let Some(mount) = Mount::new(sandbox.path("home/.local/share/git-okr"), "size=1m") else { return };
    sandbox.okr(["init"]).success();
    let mut ids = vec![sandbox.okr(["add", "While there is room"]).id()];
    let filler = mount.0.join("filler");
    // Leave room for none, one and a few blocks, so that an append stops at different steps.
    for free in [0, 1, 2, 3, 4, 6] {
        fs::write(&filler, vec![0; 2 << 20]).unwrap_err();
        let full = fs::metadata(&filler).unwrap().len();
        fs::File::options()
            .write(true)
            .open(&filler)
            .unwrap()
            .set_len(full.saturating_sub(free * 4096))
            .unwrap();
        let output = sandbox.okr(["add", "While there is none"]);
        if output.code == Some(0) {
            ids.push(output.id());
        } else {
            assert!(output.stderr.starts_with("error: ") && output.code == Some(1), "{output}");
            assert!(output.stderr.contains("o space left") || output.stderr.contains("hint: "), "{output}");
        }
        fs::remove_file(&filler).unwrap();
        sandbox.okr(["fsck"]).success();
    }
    ids.push(sandbox.okr(["add", "There is room again"]).id());
    for id in &ids {
        sandbox.okr(["show", id]).success();
    }
}

#[test]
fn a_journal_that_cannot_be_written_can_be_read() {
    let sandbox = Sandbox::new();
    let Some(mount) = Mount::new(sandbox.path("home/.local/share/git-okr"), "size=4m") else { return };
    sandbox.okr(["init"]).success();
    let id = sandbox.okr(["add", "While it could be written"]).id();
    sandbox.okr(["bet", "add", "One queue"]).success();
    mount.remount("ro");
    insta::assert_snapshot!(sandbox.okr(["add", "While it cannot"]), @"
    ------- stderr -------
    error: cannot write to the journal at '$SANDBOX/home/.local/share/git-okr/journal.git': Read-only file system (os error 30)
    hint: check the permissions and the free space of that place
    hint: what you wrote is kept in '/tmp/okr-evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    for verb in ["list", "status", "scorecard", "log", "fsck", "diff", "inbox"] {
        sandbox.okr([verb]).success();
    }
    sandbox.okr(["show", &id]).success();
    sandbox.okr_with_editor(["edit", &id], "echo '# more' >> \"$1\"").fails(1);
    mount.remount("rw");
    sandbox.okr(["add", "Once more"]).success();
}

#[test]
fn a_limit_on_file_sizes_is_an_error_and_no_death() {
    let sandbox = Sandbox::with_journal();
    let note = "random enough not to shrink: 8f3b1c9a7d2e4f60".chars().rev().collect::<String>();
    let text: String =
        (0..4000_u64).map(|n| format!("{:x}{note}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    fs::write(
        sandbox.path("work/draft.toml"),
        format!("title = \"Large\"\nnote = \"{}\"\n", &text[..150_000]),
    )
    .unwrap();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let output = sandbox.sh(&sandbox.path("work"), "ulimit -f 8; exec git-okr add - <draft.toml");
    assert_eq!(output.code, Some(1), "{output}");
    assert!(output.stderr.starts_with("error: "), "{output}");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    sandbox.okr(["add", "Afterwards"]).success();
    sandbox.okr(["fsck"]).success();
}
