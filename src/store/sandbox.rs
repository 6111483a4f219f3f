//! Temporary repositories for the tests of this folder, out of reach of the machine's own configuration.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::project::program::Git;

/// A directory with a home of its own; everything in it goes away with it.
pub(crate) struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join("home")).unwrap();
        fs::write(root.path().join("home/.gitconfig"), "[user]\n\tname = Mina\n\temail = mina@example.com\n")
            .unwrap();
        Self { root }
    }

    /// A path in the sandbox.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(name)
    }

    /// A `git` in a directory of the sandbox.
    pub(crate) fn git(&self, dir: impl AsRef<Path>) -> Git {
        let home = self.path("home");
        Git::new(self.path("").join(dir))
            .with_env("GIT_CONFIG_GLOBAL", home.join(".gitconfig"))
            .with_env("GIT_CONFIG_SYSTEM", "/dev/null")
            .with_env("GIT_CEILING_DIRECTORIES", self.path(""))
            .with_env("GIT_ALLOW_PROTOCOL", "file")
            .with_env("GIT_AUTHOR_DATE", "2026-03-01T10:00:00+0100")
            .with_env("GIT_COMMITTER_DATE", "2026-03-02T10:00:00+0100")
            .with_env("XDG_CONFIG_HOME", home.join("xdg"))
            .with_env("HOME", home)
    }

    /// A new repository with one commit, and a `git` in it.
    pub(crate) fn repo(&self, name: &str) -> Git {
        self.git("").run(&["init", "--quiet", "--initial-branch=main", name]);
        let git = self.git(name);
        git.commit("first.txt", "one\n", "first commit");
        git
    }
}

/// Shorthands for tests, which may panic.
impl Git {
    /// Runs and returns the trimmed answer.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        String::from_utf8_lossy(&self.output(args).unwrap()).trim_end().to_owned()
    }

    /// Writes a file and commits it; returns the id.
    pub(crate) fn commit(&self, path: &str, content: &str, message: &str) -> String {
        fs::write(self.dir().join(path), content).unwrap();
        self.run(&["add", "--", path]);
        self.run(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.run(&["rev-parse", "HEAD"])
    }

    /// Stores a commit as raw bytes, however odd; returns its id.
    pub(crate) fn raw_commit(&self, bytes: &[u8]) -> String {
        let file = self.dir().join(".git/odd-commit");
        fs::write(&file, bytes).unwrap();
        let path = file.to_string_lossy().into_owned();
        self.run(&["hash-object", "-t", "commit", "-w", "--literally", &path])
    }
}
