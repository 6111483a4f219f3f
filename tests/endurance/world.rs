//! A journal that is written to under marks, and what has to hold of it at any time.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::support::{PROGRAM, Sandbox};

/// Choices that come again with the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % limit
    }

    pub(crate) fn part(&mut self) -> f64 {
        f64::from(u32::try_from(self.below(1 << 20)).unwrap()) / f64::from(1 << 20)
    }
}

/// A sandbox with a journal, a bet `one`, and a repository to harvest. Whatever is written carries a mark,
/// `mark-<n>-`, that has to be in the journal's newest state once the writer said that it is done.
pub(crate) struct World {
    sandbox: Mutex<Sandbox>,
    pub(crate) journal: PathBuf,
    pub(crate) repo: PathBuf,
    pub(crate) work: PathBuf,
}

impl World {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        sandbox.okr(["init"]).success();
        sandbox.okr(["bet", "add", "One", "--slug", "one"]).success();
        Self::at(sandbox)
    }

    /// Another machine, with the journal that a remote has.
    pub(crate) fn joined(sandbox: Sandbox, remote: &str) -> Self {
        sandbox.okr(["init", "--from", remote]).success();
        Self::at(sandbox)
    }

    fn at(sandbox: Sandbox) -> Self {
        let repo = sandbox.repo("shop").dir;
        let (journal, work) = (sandbox.journal(), sandbox.path("work"));
        Self { sandbox: Mutex::new(sandbox), journal, repo, work }
    }

    pub(crate) fn sandbox(&self) -> std::sync::MutexGuard<'_, Sandbox> {
        self.sandbox.lock().unwrap()
    }

    /// A `git-okr` that is yet to run.
    pub(crate) fn okr(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox().command(PROGRAM, &self.work);
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, which must be a good one.
    pub(crate) fn must(&self, args: &[&str]) -> String {
        let output = self.okr(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?} failed: {stderr}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs git on the journal.
    pub(crate) fn git(&self, args: &[&str]) -> (bool, String) {
        let mut command = self.sandbox().command("git", &self.journal);
        let output = command.arg("--git-dir=.").args(args).output().unwrap();
        let both = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&both).into_owned())
    }

    /// Holds that every mark is in the newest state, and that git finds nothing wrong.
    pub(crate) fn verify(&self, marks: &BTreeSet<usize>) {
        let (_, found) = self.git(&["grep", "-hoE", "mark-[0-9]+-", "okr"]);
        let found: BTreeSet<usize> = found
            .lines()
            .filter_map(|mark| mark.strip_prefix("mark-")?.strip_suffix('-')?.parse().ok())
            .collect();
        let lost: Vec<&usize> = marks.difference(&found).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let (clean, told) = self.git(&["fsck", "--strict", "--no-dangling", "--no-progress"]);
        assert!(clean, "git fsck: {told}");
        self.must(&["fsck"]);
    }

    /// Writes without being disturbed; nobody may have to wait for the dead.
    pub(crate) fn undisturbed(&self, mark: usize) {
        let begun = Instant::now();
        self.must(&["add", &format!("mark-{mark}- undisturbed")]);
        assert!(begun.elapsed() < Duration::from_secs(15), "the next writer waited {:?}", begun.elapsed());
    }
}

/// How a child ended, and what it said.
pub(crate) fn end(child: Child) -> (std::process::ExitStatus, String, String) {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status, text(&output.stdout), text(&output.stderr))
}
