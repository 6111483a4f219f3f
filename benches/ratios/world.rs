//! Where the measured programs run: a home of their own, the built `git-okr` first in `PATH`, nothing else inherited.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_git-okr");
/// Raise it when a generator changes: fixtures are kept between runs, by this number and their own.
const FIXTURES: &str = "fixtures-1";

/// A home directory whose global configuration names a journal.
pub(crate) struct World {
    home: PathBuf,
    /// The journal's git directory.
    pub(crate) journal: PathBuf,
}

impl World {
    /// A home that uses the journal at `journal`.
    pub(crate) fn new(name: &str, journal: &Path) -> io::Result<Self> {
        let home = root().join(format!("home-{name}"));
        fs::create_dir_all(&home)?;
        let config = format!(
            "[user]\n\tname = Mina Okafor\n\temail = mina@acme.test\n[okr]\n\tjournal = {}\n[gc]\n\tauto = 0\n\
             [maintenance]\n\tauto = false\n[init]\n\tdefaultBranch = main\n",
            journal.display()
        );
        fs::write(home.join(".gitconfig"), config)?;
        Ok(Self { home, journal: journal.to_owned() })
    }

    /// A program that runs in `dir`, with nothing on its streams.
    pub(crate) fn command(&self, program: &str, args: &[&str], dir: &Path) -> Command {
        let mut command = clean(program, &self.home);
        command.args(args).current_dir(dir);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// `git-okr` outside of any repository.
    pub(crate) fn okr(&self, args: &[&str]) -> Command {
        self.command(PROGRAM, args, &self.home)
    }

    /// Forgets what this machine derived: the inbox, and caches too.
    pub(crate) fn forget(&self) {
        for name in ["inbox.json", "verdicts.json", "queue"] {
            let _ = fs::remove_file(self.journal.join("okr").join(name));
        }
    }

    /// Forgets caches.
    pub(crate) fn forget_caches(&self) {
        let _ = fs::remove_dir_all(self.journal.join("okr/cache"));
    }
}

fn clean(program: &str, home: &Path) -> Command {
    let mut path = Path::new(PROGRAM).parent().unwrap_or(Path::new("/")).as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command.env_clear().env("PATH", path).env("HOME", home).env("GIT_CONFIG_NOSYSTEM", "1").env("TZ", "UTC");
    command
}

/// Where fixtures are kept.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(FIXTURES)
}

/// A directory made by `make` unless an earlier run has made it.
pub(crate) fn fixture(name: &str, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<PathBuf> {
    let (done, building) = (root().join(name), root().join(format!("{name}.building")));
    if !done.exists() {
        eprintln!("making {name}");
        let _ = fs::remove_dir_all(&building);
        fs::create_dir_all(root())?;
        make(&building)?;
        fs::rename(&building, &done)?;
    }
    Ok(done)
}

/// Runs git to prepare something; what it prints is the answer.
pub(crate) fn git(args: &[&str], dir: Option<&Path>) -> String {
    let mut command = clean("git", &root());
    command.args(args);
    if let Some(dir) = dir {
        command.current_dir(dir);
    }
    let output = command.stderr(Stdio::inherit()).output().expect("git runs");
    assert!(output.status.success(), "git {args:?} failed");
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// Feeds `git fast-import` in the repository at `dir`.
pub(crate) fn import(dir: &Path, feed: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut command = clean("git", &root());
    command.args(["fast-import", "--quiet", "--force", "--depth=10"]).current_dir(dir);
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    let mut stream = BufWriter::with_capacity(1 << 20, child.stdin.take().expect("a pipe"));
    feed(&mut stream)?;
    stream.flush()?;
    drop(stream);
    assert!(child.wait()?.success(), "git fast-import failed");
    Ok(())
}

/// A file of lines that a program reads from its standard input.
pub(crate) fn list(name: &str, lines: &str) -> io::Result<PathBuf> {
    let path = root().join(name);
    File::create(&path)?.write_all(lines.as_bytes())?;
    Ok(path)
}
