//! What was there before git-okr touched a hook: kept under the git directory, so that leaving restores it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where the manifest is, below the directory that all worktrees share.
const PLACE: &str = "okr/hooks.json";

/// The version that is written. The first knew one file only.
const VERSION: u32 = 2;

/// Hook files before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    /// True when the directory of hooks was made for them.
    #[serde(default)]
    pub(super) made_directory: bool,
    /// Every file that was written, by its name.
    pub(super) files: BTreeMap<String, Touched>,
}

/// A hook file before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Touched {
    /// The file that was there; none when there was none.
    pub(super) before: Option<Original>,
    /// SHA-256 of what git-okr wrote.
    pub(super) after_sha256: String,
}

/// The first version: `post-commit` and nothing else.
#[derive(Deserialize)]
struct First {
    version: u32,
    #[serde(default)]
    made_directory: bool,
    #[serde(flatten)]
    file: Touched,
}

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Original {
    pub(super) sha256: String,
    /// Its permission bits.
    pub(super) mode: u32,
    /// Its bytes, two hexadecimal digits each.
    hex: String,
}

impl Original {
    pub(super) fn new(content: &[u8], mode: u32) -> Self {
        Self { sha256: sha256(content), mode, hex: to_hex(content) }
    }

    /// The bytes, unless somebody has changed them here.
    pub(super) fn content(&self) -> Option<Vec<u8>> {
        let digits = self.hex.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let content: Vec<u8> = digits.map(byte).collect::<Option<_>>()?;
        (sha256(&content) == self.sha256).then_some(content)
    }
}

impl Manifest {
    /// The manifest below a directory; empty when there is none that can be understood.
    pub(super) fn load(base: &Path) -> Self {
        let Ok(text) = fs::read(base.join(PLACE)) else { return Self::default() };
        if let Ok(manifest) = serde_json::from_slice::<Self>(&text)
            && manifest.version == VERSION
        {
            return manifest;
        }
        match serde_json::from_slice::<First>(&text) {
            Ok(first) if first.version == 1 => Self {
                version: VERSION,
                made_directory: first.made_directory,
                files: BTreeMap::from([("post-commit".to_owned(), first.file)]),
            },
            _ => Self::default(),
        }
    }

    /// Keeps it; without a file in it, it goes.
    pub(super) fn save(&self, base: &Path) -> anyhow::Result<()> {
        let path = base.join(PLACE);
        if self.files.is_empty() {
            remove_file(&path)?;
            // Other things of ours may be in it.
            let _ = path.parent().map(fs::remove_dir);
            return Ok(());
        }
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot make '{}'", dir.display()))?;
        }
        let mut text = serde_json::to_vec_pretty(&Self { version: VERSION, ..self.clone() })?;
        text.push(b'\n');
        write_file(&path, &text, 0o600)
    }
}

/// Puts a file in place at once, so that git never runs half of one.
pub(super) fn write_file(path: &Path, content: &[u8], mode: u32) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let dir = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(content)?;
        set_mode(file.as_file(), mode)?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write '{}'", path.display()))
}

/// Removes a file that may be gone already.
pub(super) fn remove_file(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove '{}'", path.display()))
        }
        _ => Ok(()),
    }
}

/// Permission bits of a file; on systems without them, those of a program.
pub(super) fn mode(metadata: &fs::Metadata) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
    #[cfg(not(unix))]
    return if metadata.is_file() { 0o755 } else { 0 };
}

fn set_mode(file: &fs::File, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    return file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    return file.metadata().map(|_| drop(mode));
}

pub(super) fn sha256(content: &[u8]) -> String {
    to_hex(&Sha256::digest(content))
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
