//! A code repository of the person who stands in the sandbox.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Output, Sandbox};

/// A repository in a sandbox.
pub(crate) struct Repo<'s> {
    pub(crate) sandbox: &'s Sandbox,
    pub(crate) dir: PathBuf,
}

impl Repo<'_> {
    /// Runs git here; it must go well. Returns what it answered, trimmed.
    #[track_caller]
    pub(crate) fn git<const N: usize>(&self, args: [&str; N]) -> String {
        self.sandbox.git_in(&self.dir, &args)
    }

    /// Runs git-okr here.
    pub(crate) fn okr<const N: usize>(&self, args: [&str; N]) -> Output {
        self.sandbox.okr_in(&self.dir, args)
    }

    /// Changes a file and commits it; returns the commit's id.
    #[track_caller]
    pub(crate) fn commit(&self, path: &str, message: &str) -> String {
        let file = self.dir.join(path);
        fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).unwrap();
        let before = fs::read_to_string(&file).unwrap_or_default();
        let lines = "a line of code\n".repeat(12);
        fs::write(&file, format!("{before}{message}\n{lines}")).unwrap();
        self.git(["add", "--", path]);
        self.git(["commit", "--quiet", "-m", message]);
        self.git(["rev-parse", "HEAD"])
    }
}

/// True where git runs hooks by configuration, beside any manager.
pub(crate) fn by_configuration(repo: &Repo<'_>) -> bool {
    let version = repo.git(["version"]);
    let mut parts =
        version.trim_start_matches("git version ").split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (2, 54)
}
