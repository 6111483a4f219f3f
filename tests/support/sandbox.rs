//! A place with a home, a clock and an identity of its own, in which git and git-okr are run.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{NaiveDate, TimeZone, Utc};
use tempfile::TempDir;

use super::names::Names;
use super::{Output, Repo};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_git-okr");

/// A temporary place; everything in it goes away with it.
pub(crate) struct Sandbox {
    root: TempDir,
    clock: Cell<i64>,
    names: RefCell<Names>,
}

impl Sandbox {
    /// An empty place: a home, an identity, no journal, no repository. The day is 2026-11-02, a Monday.
    pub(crate) fn new() -> Self {
        // A file system in memory makes syncing cheap.
        let memory = Path::new("/dev/shm");
        let builder = tempfile::Builder::new().prefix("okr-").to_owned();
        let root = builder.tempdir_in(memory).or_else(|_| builder.tempdir()).unwrap();
        // As a home is: what others could read is told by 'git okr fsck'.
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let sandbox = Self { root, clock: Cell::new(0), names: RefCell::default() };
        for dir in ["home", "work", "bin"] {
            fs::create_dir(sandbox.path(dir)).unwrap();
        }
        std::os::unix::fs::symlink(PROGRAM, sandbox.path("bin/git-okr")).unwrap();
        fs::write(
            sandbox.path("home/.gitconfig"),
            "[user]\n\tname = Mina Park\n\temail = mina@example.com\n[init]\n\tdefaultBranch = main\n",
        )
        .unwrap();
        sandbox.at("2026-11-02");
        sandbox
    }

    /// A place with a private journal.
    pub(crate) fn with_journal() -> Self {
        let sandbox = Self::new();
        sandbox.okr(["init"]).success();
        sandbox
    }

    /// A path in the sandbox.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(name)
    }

    /// The private journal.
    pub(crate) fn journal(&self) -> PathBuf {
        self.path("home/.local/share/git-okr/journal.git")
    }

    /// What hooks wrote down for later: the program's queue, then what the shell of the hook noted by itself.
    pub(crate) fn queued(&self) -> String {
        self.queues().iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect()
    }

    /// Forgets what hooks wrote down.
    pub(crate) fn forget_queued(&self) {
        for path in self.queues() {
            // The shell writes only into what is there.
            if path.exists() {
                fs::write(path, "").unwrap();
            }
        }
    }

    fn queues(&self) -> [PathBuf; 2] {
        [self.journal().join("okr/queue"), self.path("home/.local/state/git-okr/commits")]
    }

    /// Jumps to ten o'clock of a day.
    pub(crate) fn at(&self, day: &str) -> &Self {
        let day: NaiveDate = day.parse().unwrap();
        self.clock.set(Utc.from_utc_datetime(&day.and_hms_opt(10, 0, 0).unwrap()).timestamp());
        self
    }

    /// A program in a directory, out of reach of the machine. Each one runs a minute after the one before.
    pub(crate) fn command(&self, program: &str, dir: &Path) -> Command {
        let now = self.clock.get() + 60;
        self.clock.set(now);
        let home = self.path("home");
        let mut command = Command::new(program);
        command
            .current_dir(dir)
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display()))
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", home.join(".gitconfig"))
            .env("GIT_CEILING_DIRECTORIES", self.root.path())
            .env("GIT_ALLOW_PROTOCOL", "file")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_DATE", format!("{now} +0000"))
            .env("GIT_COMMITTER_DATE", format!("{now} +0000"))
            .env("LANG", "C")
            .env("TZ", "UTC")
            .env("EDITOR", "false")
            .stdin(Stdio::null());
        command
    }

    /// Runs git-okr on a terminal, where somebody can answer.
    pub(crate) fn terminal<const N: usize>(&self, dir: &Path, args: [&str; N]) -> super::Terminal {
        let mut command = self.command(PROGRAM, dir);
        command.args(args);
        super::Terminal::start(command)
    }

    /// Runs git-okr where no repository is.
    pub(crate) fn okr<const N: usize>(&self, args: [&str; N]) -> Output {
        self.okr_in(&self.path("work"), args)
    }

    /// Runs git-okr in a directory.
    pub(crate) fn okr_in<const N: usize>(&self, dir: &Path, args: [&str; N]) -> Output {
        self.run(self.command(PROGRAM, dir).args(args))
    }

    /// Runs git-okr on a text at standard input.
    pub(crate) fn okr_with_stdin<const N: usize>(&self, args: [&str; N], text: impl AsRef<[u8]>) -> Output {
        let mut command = self.command(PROGRAM, &self.path("work"));
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may well stop reading in the middle.
        let _ = child.stdin.take().unwrap().write_all(text.as_ref());
        self.output(child.wait_with_output().unwrap())
    }

    /// Runs git-okr with an editor that runs `script` on the file `$1`.
    pub(crate) fn okr_with_editor<const N: usize>(&self, args: [&str; N], script: &str) -> Output {
        let editor = self.path("bin/editor");
        self.script(&editor, script);
        self.run(self.command(PROGRAM, &self.path("work")).args(args).env("GIT_EDITOR", editor))
    }

    /// Writes a shell script that can be run.
    pub(crate) fn script(&self, path: &Path, script: &str) {
        fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a line of shell in a directory.
    pub(crate) fn sh(&self, dir: &Path, line: &str) -> Output {
        self.run(self.command("sh", dir).args(["-c", line]))
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, command: &mut Command) -> Output {
        self.output(command.output().unwrap())
    }

    /// Runs git; it must go well. Returns what it answered, trimmed.
    #[track_caller]
    pub(crate) fn git_in(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.command("git", dir).args(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?} in {}: {stderr}", dir.display());
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git on the journal.
    #[track_caller]
    pub(crate) fn git_journal<const N: usize>(&self, args: [&str; N]) -> String {
        self.git_in(&self.journal(), &args)
    }

    /// Stores an object in the journal from its bytes; returns its id.
    pub(crate) fn store(&self, kind: &str, bytes: &[u8]) -> String {
        let file = self.path("object");
        fs::write(&file, bytes).unwrap();
        let path = file.to_str().unwrap();
        self.git_journal(["hash-object", "-w", "--literally", "-t", kind, path])
    }

    /// Puts a file into the journal behind the program's back, as a person with plain git would.
    pub(crate) fn plant(&self, path: &str, mode: &str, object: &str) {
        let index = self.path("index");
        let git = |args: &[&str]| {
            let output =
                self.command("git", &self.journal()).args(args).env("GIT_INDEX_FILE", &index).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
        };
        git(&["read-tree", "okr"]);
        git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{object},{path}")]);
        let tree = git(&["write-tree"]);
        self.plant_tree(&tree);
    }

    /// Puts a text file into the journal behind the program's back.
    pub(crate) fn plant_text(&self, path: &str, text: &str) {
        let blob = self.store("blob", text.as_bytes());
        self.plant(path, "100644", &blob);
    }

    /// Commits a tree to the journal behind the program's back.
    pub(crate) fn plant_tree(&self, tree: &str) {
        let commit = self.git_journal(["commit-tree", "-p", "okr", "-m", "by hand", tree]);
        self.git_journal(["update-ref", "refs/heads/okr", &commit]);
    }

    /// The path of a record in the journal.
    #[track_caller]
    pub(crate) fn place_of(&self, id: &str) -> String {
        let paths = self.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
        paths.lines().find(|path| path.contains(id)).expect("the record is in the journal").to_owned()
    }

    /// The text of a record in the journal.
    #[track_caller]
    pub(crate) fn text_of(&self, id: &str) -> String {
        self.git_journal(["show", &format!("okr:{}", self.place_of(id))])
    }

    /// A repository with one commit.
    #[track_caller]
    pub(crate) fn repo(&self, name: &str) -> Repo<'_> {
        let repo = self.empty_repo(name);
        repo.commit("README.md", "chore: begin");
        repo
    }

    /// A repository without a commit.
    pub(crate) fn empty_repo(&self, name: &str) -> Repo<'_> {
        self.git_in(&self.path("work"), &["init", "--quiet", name]);
        Repo { sandbox: self, dir: self.path("work").join(name) }
    }

    /// A text with what is random in it replaced.
    pub(crate) fn steady(&self, text: &str) -> String {
        let text = text.replace(&self.root.path().display().to_string(), "$SANDBOX");
        self.names.borrow_mut().steady(&text)
    }

    fn output(&self, output: std::process::Output) -> Output {
        self.look_around();
        Output {
            stdout: self.steady(&String::from_utf8_lossy(&output.stdout)),
            stderr: self.steady(&String::from_utf8_lossy(&output.stderr)),
            code: output.status.code(),
            raw: output.stdout,
            raw_stderr: output.stderr,
        }
    }

    /// Learns which ids and objects there are, from the journal and from what waits.
    fn look_around(&self) {
        let journal = self.journal();
        let ask = |args: &[&str]| {
            let mut command = Command::new("git");
            command.current_dir(&journal).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
            let output = command.stderr(Stdio::null()).output().unwrap();
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        if !journal.join("HEAD").exists() {
            return;
        }
        let mut names = self.names.borrow_mut();
        let files = ask(&["log", "--format=%H", "--name-only", "okr"]);
        let inbox = fs::read_to_string(journal.join("okr/inbox.json")).unwrap_or_default();
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
        };
        for word in words(&files).into_iter().chain(words(&inbox)) {
            if word.len() == 16 && word.bytes().all(|b| (b'k'..=b'z').contains(&b)) {
                names.known.insert(word);
            } else if word.len() == 40 && files.contains(&word) {
                names.objects.insert(word);
            }
        }
    }
}
