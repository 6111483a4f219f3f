//! Trees of the journal: our own reader for data that may be foreign, and the splice that an append needs.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid};

use super::objects::{ObjectError, Objects};

/// The most entries that a tree may have.
const MAX_ENTRIES: usize = 50_000;
/// Depth of the deepest directory that the journal writes.
const MAX_DEPTH: usize = 4;

const DIRECTORY: u32 = 0o40000;
const FILE: u32 = 0o100_644;

/// An entry of a tree. Names may be anything until `layout` has looked at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mode: u32,
    pub(super) name: Vec<u8>,
    pub(super) id: Oid,
}

impl Entry {
    pub(super) fn is_directory(&self) -> bool {
        self.mode == DIRECTORY
    }

    /// True for a plain file: not a symlink, not a submodule.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.mode, 0o100_644 | 0o100_664 | 0o100_755)
    }

    /// The name, when it is one that the journal could have written.
    pub(super) fn plain_name(&self) -> Option<&str> {
        let name = std::str::from_utf8(&self.name).ok()?;
        let fits = name.len() <= 64
            && !name.starts_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
        fits.then_some(name)
    }
}

/// Reads a tree.
pub(super) fn read(objects: &Objects<'_>, id: Oid) -> Result<Vec<Entry>, ObjectError> {
    parse(&objects.read(id, ObjectType::Tree)?).map_err(|why| ObjectError::Damaged(id, why.to_owned()))
}

fn parse(mut data: &[u8]) -> Result<Vec<Entry>, &'static str> {
    let mut entries = Vec::new();
    while !data.is_empty() {
        let space = data.iter().take(8).position(|b| *b == b' ').ok_or("an entry has no mode")?;
        let mode =
            std::str::from_utf8(&data[..space]).ok().and_then(|mode| u32::from_str_radix(mode, 8).ok());
        let nul = data[space..].iter().position(|b| *b == 0).ok_or("an entry has no end")? + space;
        let id = data.get(nul + 1..nul + 21).ok_or("an entry has no id")?;
        entries.push(Entry {
            mode: mode.ok_or("an entry has no mode")?,
            name: data[space + 1..nul].to_vec(),
            id: Oid::from_bytes(id).map_err(|_| "an entry has no id")?,
        });
        if entries.len() > MAX_ENTRIES {
            return Err("it has too many entries");
        }
        data = &data[nul + 21..];
    }
    Ok(entries)
}

/// What to do with a path: write a blob there, or remove what is there.
pub(super) type Splice = BTreeMap<String, Option<Oid>>;

/// Finds the blob at a path below `root`.
pub(super) fn find(objects: &Objects<'_>, root: Option<Oid>, path: &str) -> Result<Option<Oid>, ObjectError> {
    let Some(mut tree) = root else { return Ok(None) };
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let Some(entry) = read(objects, tree)?.into_iter().find(|entry| entry.name == part.as_bytes()) else {
            return Ok(None);
        };
        match (parts.peek().is_some(), entry.is_directory()) {
            (true, true) => tree = entry.id,
            (false, false) => return Ok(Some(entry.id)),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Writes a tree like `base` but for the paths in `splice`: one tree read and written a changed directory.
pub(super) fn splice(objects: &Objects<'_>, base: Option<Oid>, splice: &Splice) -> anyhow::Result<Oid> {
    match splice_at(objects, base, splice, 0)? {
        Some(id) => Ok(id),
        None => Ok(objects.write(ObjectType::Tree, &[])?),
    }
}

fn splice_at(
    objects: &Objects<'_>,
    base: Option<Oid>,
    paths: &Splice,
    depth: usize,
) -> anyhow::Result<Option<Oid>> {
    anyhow::ensure!(depth < MAX_DEPTH, "a journal path is too deep");
    let mut entries: Vec<Entry> = base.map(|id| read(objects, id)).transpose()?.unwrap_or_default();
    let mut below: BTreeMap<&str, Splice> = BTreeMap::new();
    for (path, blob) in paths {
        match path.split_once('/') {
            Some((directory, rest)) => {
                below.entry(directory).or_default().insert(rest.to_owned(), *blob);
            }
            None => {
                unambiguous(base, &entries, path, false)?;
                place(&mut entries, path, blob.map(|id| (FILE, id)));
            }
        }
    }
    for (name, inner) in below {
        unambiguous(base, &entries, name, true)?;
        let present = entries.iter().find(|entry| entry.name == name.as_bytes() && entry.is_directory());
        let tree = splice_at(objects, present.map(|entry| entry.id), &inner, depth + 1)?;
        place(&mut entries, name, tree.map(|id| (DIRECTORY, id)));
    }
    if entries.is_empty() {
        return Ok(None);
    }
    // git sorts a directory as if its name ended in a slash.
    let key = |entry: &Entry| [entry.name.as_slice(), if entry.is_directory() { b"/" } else { b"" }].concat();
    entries.sort_by_key(key);
    let mut data = Vec::with_capacity(entries.len() * 48);
    for entry in &entries {
        data.extend_from_slice(format!("{:o} ", entry.mode).as_bytes());
        data.extend_from_slice(&entry.name);
        data.push(0);
        data.extend_from_slice(entry.id.as_bytes());
    }
    Ok(Some(objects.write(ObjectType::Tree, &data)?))
}

/// A tree that was made by hand may have several entries of one name, or a file where a directory is due. Writing it
/// again would drop what stands there, so it is not written.
fn unambiguous(base: Option<Oid>, entries: &[Entry], name: &str, directory: bool) -> Result<(), ObjectError> {
    let mut present = entries.iter().filter(|entry| entry.name == name.as_bytes());
    let why = match (present.next(), present.next()) {
        (Some(_), Some(_)) => format!("it has several entries '{name}'"),
        (Some(one), None) if one.is_directory() != directory => {
            format!("'{name}' is not a {}", if directory { "directory" } else { "file" })
        }
        _ => return Ok(()),
    };
    Err(ObjectError::Damaged(base.unwrap_or(Oid::ZERO_SHA1), why))
}

fn place(entries: &mut Vec<Entry>, name: &str, what: Option<(u32, Oid)>) {
    entries.retain(|entry| entry.name != name.as_bytes());
    if let Some((mode, id)) = what {
        entries.push(Entry { mode, name: name.as_bytes().to_vec(), id });
    }
}
