//! Commits that the shell noted: where a hook can say nothing, its few lines of shell write down which commit was made
//! and where, since that is quicker than to start a program. One file for all repositories of a person on a machine;
//! whose journal a commit is for, is found out when it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

/// More than that, in bytes, is not kept: about 10,000 commits. The cursor of a harvest finds them all the same.
const MOST: u64 = 1 << 20;

/// Commits by the top of the work tree they were made in.
pub type ByWorkTree = BTreeMap<PathBuf, BTreeSet<String>>;

/// The file of noted commits.
#[derive(Clone, Debug)]
pub struct Noted {
    path: PathBuf,
}

impl Noted {
    /// The file of this person on this machine: `git-okr/commits` below `XDG_STATE_HOME`, or `~/.local/state`. The
    /// shell of the hook spells it the same way. `None` without a home.
    pub fn here() -> Option<Self> {
        let state = Xdg::new().ok()?.state_dir()?;
        Some(Self { path: state.join("git-okr").join("commits") })
    }

    /// Makes the file, without which the shell notes nothing and starts the program; empties one that grew too long.
    pub fn prepare(&self) -> std::io::Result<()> {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.is_file() && found.len() <= MOST) {
            return Ok(());
        }
        if let Some(dir) = self.path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        }
        // Never through a link, and never into something that waits, as a pipe does.
        let _ = fs::remove_file(&self.path);
        OpenOptions::new().create_new(true).write(true).mode(0o600).open(&self.path).map(drop)
    }

    /// Hands on what was noted, and forgets it. When `hand_on` is cut short, the next one gets it again.
    pub fn take(&self, hand_on: impl FnOnce(ByWorkTree)) {
        let taken = self.path.with_extension("taken");
        if !taken.exists() {
            match fs::symlink_metadata(&self.path) {
                Ok(found) if found.is_file() && found.len() > 0 => {}
                _ => return,
            }
            if fs::rename(&self.path, &taken).is_err() {
                return;
            }
            let _ = self.prepare();
        }
        let found = read(&taken).unwrap_or_default();
        if !found.is_empty() {
            hand_on(found);
        }
        let _ = fs::remove_file(&taken);
    }
}

/// What a file says, of lines that a hook can have written.
fn read(path: &Path) -> std::io::Result<ByWorkTree> {
    let mut bytes = Vec::new();
    // What is a pipe by now would wait for its other end.
    if fs::symlink_metadata(path)?.is_file() {
        File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    }
    let mut found = ByWorkTree::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some(space) = line.iter().position(|byte| *byte == b' ') else { continue };
        let (id, place) = (&line[..space], Path::new(OsStr::from_bytes(&line[space + 1..])));
        let is_id = matches!(id.len(), 40 | 64) && id.iter().all(u8::is_ascii_hexdigit);
        if is_id && place.is_absolute() {
            let id = String::from_utf8_lossy(id).into_owned();
            found.entry(place.to_owned()).or_default().insert(id);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{ByWorkTree, MOST, Noted};
    use std::fs;

    fn noted(dir: &tempfile::TempDir) -> Noted {
        Noted { path: dir.path().join("state/git-okr/commits") }
    }

    fn taken(noted: &Noted) -> ByWorkTree {
        let mut found = ByWorkTree::new();
        noted.take(|all| found = all);
        found
    }

    #[test]
    fn what_a_shell_noted_comes_back_once_and_nothing_else_does() {
        let dir = tempfile::tempdir().unwrap();
        let noted = noted(&dir);
        assert!(taken(&noted).is_empty());
        noted.prepare().unwrap();
        let (a, b) = ("a".repeat(40), "b".repeat(64));
        let text = format!(
            "{a} /code/with space\n{b} /code/with space\n{a} /code/with space\n{a} relative\n\n{a}\n"
        );
        fs::write(&noted.path, format!("{text}not-an-id /code\n{a}0 /code\n{b} /other")).unwrap();
        let all: Vec<_> = taken(&noted).into_iter().collect();
        assert_eq!(all, [("/code/with space".into(), [a, b.clone()].into()), ("/other".into(), [b].into())]);
        assert!(taken(&noted).is_empty());
        assert_eq!(fs::read(&noted.path).unwrap(), b"");
    }

    #[test]
    fn what_was_not_handed_on_is_handed_on_next_time() {
        let dir = tempfile::tempdir().unwrap();
        let noted = noted(&dir);
        noted.prepare().unwrap();
        fs::write(noted.path.with_extension("taken"), format!("{} /one\n", "a".repeat(40))).unwrap();
        fs::write(&noted.path, format!("{} /two\n", "b".repeat(40))).unwrap();
        assert_eq!(taken(&noted).into_keys().collect::<Vec<_>>(), [std::path::Path::new("/one")]);
        assert_eq!(taken(&noted).into_keys().collect::<Vec<_>>(), [std::path::Path::new("/two")]);
    }

    #[test]
    fn what_is_too_long_or_no_file_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let noted = noted(&dir);
        noted.prepare().unwrap();
        fs::write(&noted.path, vec![b'x'; MOST as usize + 1]).unwrap();
        noted.prepare().unwrap();
        assert_eq!(fs::metadata(&noted.path).unwrap().len(), 0);
        fs::remove_file(&noted.path).unwrap();
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), &noted.path).unwrap();
        fs::write(dir.path().join("elsewhere"), format!("{} /one\n", "a".repeat(40))).unwrap();
        assert!(taken(&noted).is_empty());
        noted.prepare().unwrap();
        assert!(fs::symlink_metadata(&noted.path).unwrap().is_file());
        assert!(fs::metadata(dir.path().join("elsewhere")).unwrap().len() > 0);
    }
}
