//! Identities that open sealed journals, and a look at everything that lies in a repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use age::secrecy::ExposeSecret;

use super::Sandbox;

impl Sandbox {
    /// An age identity in a file; returns its public key.
    pub(crate) fn identity(&self, path: &Path) -> String {
        let identity = age::x25519::Identity::generate();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("# mine\n{}\n", identity.to_string().expose_secret())).unwrap();
        identity.to_public().to_string()
    }

    /// Where an identity is looked for.
    pub(crate) fn usual_identity(&self) -> PathBuf {
        self.path("home/.config/git-okr/identity.txt")
    }

    /// A place with a sealed journal, and the key that it is sealed for.
    pub(crate) fn with_sealed_journal() -> (Self, String) {
        let sandbox = Self::new();
        let key = sandbox.identity(&sandbox.usual_identity());
        sandbox.okr(["init", "--encrypt", &key]).success();
        (sandbox, key)
    }

    /// An ssh key; returns the path of its private half, or none where nothing makes one.
    pub(crate) fn ssh_key(&self, name: &str, passphrase: &str) -> Option<PathBuf> {
        let path = self.path(name);
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-C", "mina@secret-host", "-N", passphrase, "-f"]).arg(&path);
        command.status().is_ok_and(|status| status.success()).then_some(path)
    }
}

/// Holds that none of `words` is in any file or object of a repository.
#[track_caller]
pub(crate) fn nowhere(sandbox: &Sandbox, repository: &Path, words: &[&str]) {
    let objects = sandbox
        .command("git", repository)
        .args(["cat-file", "--batch-all-objects", "--batch", "--unordered"])
        .output()
        .unwrap();
    assert!(objects.status.success() && objects.stdout.len() > 200, "objects were read");
    let mut files = vec![(repository.join("(objects)"), objects.stdout)];
    gather(repository, &mut files);
    for (path, bytes) in files {
        for word in words {
            let found = bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!found, "'{word}' lies in {}", path.display());
        }
    }
}

fn gather(dir: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
}
