//! Files for outside of the journal: the owner's alone, whole or not there at all.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::project::Project;

/// Writes one file at once, mode 0600. Without `replace`, what is there stays and is an error.
pub fn write_file(path: &Path, text: &str, replace: bool) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(parent(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o600))?;
    file.as_file().sync_all()?;
    let done = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    done.map(drop).map_err(|error| error.error)
}

/// Writes a directory of files at once, modes 0700 and 0600; `path` must not be there, or be empty.
pub fn write_directory(path: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let builder = tempfile::Builder::new().prefix(".okr-export-").to_owned();
    let place = builder.tempdir_in(parent(path))?;
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o700))?;
    for (name, content) in files {
        let file = place.path().join(name);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(parent(&file))?;
        fs::write(&file, content)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
    }
    // Over an empty directory this is one step; anything in it makes it fail.
    fs::rename(place.path(), path)?;
    let _ = place.keep();
    Ok(())
}

/// The top of the work tree that would show a file at `path` to everybody who commits all there is.
pub fn shown_by(path: &Path) -> Option<PathBuf> {
    let project = Project::discover(parent(path)).ok().flatten()?;
    let top = project.toplevel()?;
    let real = parent(path).canonicalize().ok()?.join(path.file_name()?);
    let asked = ["check-ignore".as_ref(), "--quiet".as_ref(), "--".as_ref(), real.as_os_str()];
    let ignored = project.git().output(&asked).is_ok();
    let inside_git = real.starts_with(project.common_dir().canonicalize().ok()?);
    (!ignored && !inside_git && real.starts_with(top)).then(|| top.to_owned())
}

/// The secret that pseudonyms are keyed by, made when it is first asked for.
pub fn secret(state: &Path) -> io::Result<String> {
    let path = state.join("pseudonyms.key");
    match fs::read_to_string(&path) {
        Ok(secret) if secret.trim().len() >= 32 => return Ok(secret.trim().to_owned()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(state)?;
    write_file(&path, &format!("{secret}\n"), true)?;
    Ok(secret)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
