//! Files of local state, replaced in one step: readers see the old one or the new one, never half of one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Replaces a file, for its owner only, and makes its directory. A power cut may leave the old one: it is for what is
/// derived.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    put(path, content, |_| Ok(()))
}

/// Replaces a file, for its owner only; it is on disk when this returns.
pub(super) fn replace_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, content, File::sync_all)?;
    File::open(path.parent().unwrap_or(path))?.sync_all()
}

fn put(path: &Path, content: &[u8], finish: fn(&File) -> io::Result<()>) -> io::Result<()> {
    // In one piece: the file has no buffer, and a system call a word is what a large text would cost.
    let mut file = tempfile::Builder::new().prefix(".okr-").tempfile_in(path.parent().unwrap_or(path))?;
    file.write_all(content)?;
    finish(file.as_file())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{replace, replace_synced};

    #[test]
    fn a_file_is_replaced_whole_and_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache/ids");
        assert!(replace_synced(&path, b"one").is_err(), "only what is derived makes its directory");
        for content in ["one, and it is long", "two"] {
            for write in [replace, replace_synced] {
                write(&path, content.as_bytes()).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), content);
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        fs::create_dir(dir.path().join("cache/taken")).unwrap();
        assert!(replace(&dir.path().join("cache/taken"), b"x").is_err());
        assert_eq!(fs::read_dir(dir.path().join("cache")).unwrap().count(), 2, "nothing is left over");
    }
}
