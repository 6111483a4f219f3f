//! Reading objects of the journal: bounded, checked, and never stuck on a damaged file.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use flate2::read::ZlibDecoder;
use git2::{ObjectType, Odb, Oid};

/// The largest record or guide that is read, in bytes.
pub(super) const MAX_BLOB: usize = 256 * 1024;
/// The largest tree that is read, in bytes.
const MAX_TREE: usize = 4 * 1024 * 1024;
/// The largest commit that is read, in bytes.
const MAX_COMMIT: usize = 1024 * 1024;

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
}

/// The objects of a journal.
pub(super) struct Objects<'repo> {
    odb: Odb<'repo>,
    loose: PathBuf,
}

impl<'repo> Objects<'repo> {
    pub(super) fn new(repo: &'repo git2::Repository) -> Result<Self, git2::Error> {
        Ok(Self { odb: repo.odb()?, loose: repo.commondir().join("objects") })
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
        let hex = id.to_string();
        let file = match File::open(self.loose.join(&hex[..2]).join(&hex[2..])) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ObjectError::Damaged(id, error.to_string())),
        };
        let damaged = |why: &str| ObjectError::Damaged(id, why.to_owned());
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

    /// Writes an object and returns its id.
    pub(super) fn write(&self, kind: ObjectType, data: &[u8]) -> Result<Oid, git2::Error> {
        self.odb.write(kind, data)
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
        git2::ErrorCode::NotFound => ObjectError::Missing(id),
        _ => ObjectError::Damaged(id, error.message().to_owned()),
    }
}
