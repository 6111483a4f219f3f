//! Reading objects of the journal: bounded, checked, and never stuck on a damaged file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use git2::{ErrorClass, ErrorCode, ObjectType, Odb, Oid};

use super::layout;
use super::seal::{Keyring, Recipients};

/// The largest record or guide that is read, in bytes.
pub(super) const MAX_BLOB: usize = 256 * 1024;
/// The largest tree that is read, in bytes.
const MAX_TREE: usize = 4 * 1024 * 1024;
/// The largest commit that is read, in bytes.
const MAX_COMMIT: usize = 1024 * 1024;

/// What is said of a file that no identity here opens.
pub(super) const SEALED: &str = "it is sealed, and no identity here opens it";

/// Why an object cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The object is not there.
    #[error("object {0} is missing")]
    Missing(Oid),
    /// The object is there and cannot be read.
    #[error("object {0} is damaged: {1}")]
    Damaged(Oid, String),
    /// The object is larger than any the journal writes.
    #[error("object {0} is too large: {1} bytes")]
    TooLarge(Oid, usize),
    /// The object is sealed for other keys than those that are here.
    #[error("{SEALED}")]
    Sealed(Oid),
}

/// The objects of a journal.
pub(super) struct Objects<'repo> {
    pub(super) odb: Odb<'repo>,
    keys: &'repo Keyring,
    /// Directories of objects: the repository's own, then those that it borrows from.
    places: Vec<PathBuf>,
    /// Where damaged files are moved to, so that sound ones can be written in their place.
    damaged: PathBuf,
}

impl<'repo> Objects<'repo> {
    pub(super) fn new(repo: &'repo git2::Repository, keys: &'repo Keyring) -> Result<Self, git2::Error> {
        let mut places = vec![repo.commondir().join("objects")];
        borrowed(&mut places);
        Ok(Self { odb: repo.odb()?, keys, places, damaged: repo.commondir().join("okr/damaged") })
    }

    /// The directory that new objects are written to.
    pub(super) fn own(&self) -> &Path {
        &self.places[0]
    }

    /// The size of an object of a kind, without reading it; an error when it would be refused.
    pub(super) fn size(&self, id: Oid, kind: ObjectType) -> Result<usize, ObjectError> {
        if let Some(data) = self.read_loose(id, kind, limit(kind))? {
            return Ok(data.len());
        }
        self.packed_size(id, kind)
    }

    /// Reads an object of a kind.
    pub(super) fn read(&self, id: Oid, kind: ObjectType) -> Result<Vec<u8>, ObjectError> {
        if let Some(data) = self.read_loose(id, kind, limit(kind))? {
            return Ok(data);
        }
        self.packed_size(id, kind)?;
        Ok(self.odb.read(id).map_err(|error| gone(id, &error))?.data().to_vec())
    }

    /// Reads what a file of the journal says, be it sealed or not.
    pub(super) fn text(&self, id: Oid) -> Result<Vec<u8>, ObjectError> {
        self.keys.open(id, self.read(id, ObjectType::Blob)?)
    }

    /// How many sealed texts were opened so far.
    pub(super) fn opened(&self) -> usize {
        self.keys.opened()
    }

    /// Writes what a file of the journal is to say, for those who may read it.
    pub(super) fn write_text(&self, text: &[u8], recipients: &Recipients) -> anyhow::Result<Oid> {
        let bytes = recipients.seal(text)?;
        anyhow::ensure!(bytes.len() <= MAX_BLOB, super::TooLarge { size: bytes.len() });
        Ok(self.write(ObjectType::Blob, &bytes)?)
    }

    /// The same for the file at a path. The header is never sealed; what says the same as before stays as it is.
    pub(super) fn rewrite_text(
        &self,
        path: &str,
        text: &str,
        before: Option<Oid>,
        recipients: &Recipients,
    ) -> anyhow::Result<Oid> {
        if path == layout::HEADER || recipients.is_empty() {
            return Ok(self.write(ObjectType::Blob, text.as_bytes())?);
        }
        match before {
            Some(before) if self.text(before).is_ok_and(|known| known == text.as_bytes()) => Ok(before),
            _ => self.write_text(text.as_bytes(), recipients),
        }
    }

    fn packed_size(&self, id: Oid, kind: ObjectType) -> Result<usize, ObjectError> {
        let (size, found) = self.odb.read_header(id).map_err(|error| gone(id, &error))?;
        if found != kind {
            return Err(ObjectError::Damaged(id, format!("it is a {found}, not a {kind}")));
        }
        if size > limit(kind) {
            return Err(ObjectError::TooLarge(id, size));
        }
        Ok(size)
    }

    /// libgit2 1.9.7 spins for ever on a truncated loose object, so loose files are inflated here.
    fn read_loose(&self, id: Oid, kind: ObjectType, limit: usize) -> Result<Option<Vec<u8>>, ObjectError> {
        let mut first = None;
        for place in &self.places {
            match inflate(&loose(place, id), id, kind, limit) {
                Ok(Some(data)) => return Ok(Some(data)),
                Ok(None) => {}
                // Another place may have it whole.
                Err(error) => first = first.or(Some(error)),
            }
        }
        first.map_or(Ok(None), Err)
    }

    /// Writes an object and returns its id. What is there already under that id is kept only if it can be read:
    /// git and libgit2 take any file of that name for the object, be it empty after a power cut, and would never
    /// write it again.
    pub(super) fn write(&self, kind: ObjectType, data: &[u8]) -> Result<Oid, git2::Error> {
        let id = Oid::hash_object(kind, data)?;
        let file = loose(self.own(), id);
        if matches!(inflate(&file, id, kind, data.len()), Err(ObjectError::Damaged(..))) {
            self.set_aside(id).map_err(|error| failed(&error))?;
        }
        self.odb.write(kind, data)?;
        if self.read(id, kind).is_ok_and(|read| read == data) {
            return Ok(id);
        }
        // It is in a pack that is damaged: a sound copy beside it is found first, by us and by git's repair.
        write_loose(&file, kind, data).map_err(|error| failed(&error))?;
        Ok(id)
    }

    /// The loose objects whose files are empty, as a power cut leaves them.
    pub(super) fn empty(&self) -> Vec<Oid> {
        let files = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten();
        let mut empty = Vec::new();
        for dir in files(self.own()).filter(|dir| dir.file_name().len() == 2) {
            for file in files(&dir.path()).filter(|file| file.metadata().is_ok_and(|meta| meta.len() == 0)) {
                let hex = format!("{}{}", dir.file_name().display(), file.file_name().display());
                empty.extend(Oid::from_str(&hex).ok().filter(|_| hex.len() == 40));
            }
        }
        empty
    }

    /// Moves a damaged loose object out of the way.
    pub(super) fn set_aside(&self, id: Oid) -> io::Result<()> {
        fs::create_dir_all(&self.damaged)?;
        fs::rename(loose(self.own(), id), self.damaged.join(id.to_string()))
    }
}

/// The largest object of a kind that is read, in bytes.
fn limit(kind: ObjectType) -> usize {
    match kind {
        ObjectType::Tree => MAX_TREE,
        ObjectType::Commit => MAX_COMMIT,
        _ => MAX_BLOB,
    }
}

fn gone(id: Oid, error: &git2::Error) -> ObjectError {
    match error.code() {
        ErrorCode::NotFound => ObjectError::Missing(id),
        _ => ObjectError::Damaged(id, error.message().to_owned()),
    }
}

/// The file of a loose object below a directory of objects.
pub(super) fn loose(place: &Path, id: Oid) -> PathBuf {
    let hex = id.to_string();
    place.join(&hex[..2]).join(&hex[2..])
}

/// Adds the directories that others name in `info/alternates`, as deep as git follows them.
fn borrowed(places: &mut Vec<PathBuf>) {
    let mut at = 0;
    while at < places.len() && at < 16 {
        let text = fs::read_to_string(places[at].join("info/alternates")).unwrap_or_default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let place = places[at].join(line);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        at += 1;
    }
}

/// Reads a loose object without more memory than `limit`; none when there is no such file.
fn inflate(path: &Path, id: Oid, kind: ObjectType, limit: usize) -> Result<Option<Vec<u8>>, ObjectError> {
    let damaged = |why: &str| ObjectError::Damaged(id, why.to_owned());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(damaged(&error.to_string())),
    };
    if file.metadata().is_ok_and(|meta| meta.len() == 0) {
        return Err(damaged("its file is empty"));
    }
    let mut inflated = Vec::new();
    ZlibDecoder::new(file)
        .take(limit as u64 + 64)
        .read_to_end(&mut inflated)
        .map_err(|error| damaged(&error.to_string()))?;
    let end = inflated.iter().take(64).position(|byte| *byte == 0).ok_or_else(|| damaged("no header"))?;
    let header = std::str::from_utf8(&inflated[..end]).map_err(|_| damaged("no header"))?;
    let (word, size) = header.split_once(' ').ok_or_else(|| damaged("no header"))?;
    let size: usize = size.parse().map_err(|_| damaged("no size"))?;
    if size > limit {
        return Err(ObjectError::TooLarge(id, size));
    }
    if word != kind.str() {
        return Err(damaged(&format!("it is a {word}, not a {kind}")));
    }
    let data = inflated.split_off(end + 1);
    if data.len() != size {
        return Err(damaged("it is cut short"));
    }
    match Oid::hash_object(kind, &data) {
        Ok(actual) if actual == id => Ok(Some(data)),
        _ => Err(damaged("its content has another id")),
    }
}

/// Writes a loose object as git does, on disk when this returns.
fn write_loose(path: &Path, kind: ObjectType, data: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(path);
    fs::create_dir_all(dir)?;
    let file = tempfile::Builder::new().prefix("tmp_obj_").tempfile_in(dir)?;
    let mut encoder = ZlibEncoder::new(file, Compression::default());
    encoder.write_all(format!("{kind} {}\0", data.len()).as_bytes())?;
    encoder.write_all(data)?;
    let file = encoder.finish()?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(dir)?.sync_all()
}

fn failed(error: &io::Error) -> git2::Error {
    git2::Error::new(ErrorCode::GenericError, ErrorClass::Os, error.to_string())
}
