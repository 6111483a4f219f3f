//! What comes from elsewhere is looked at before it is taken in: names, modes, depth and sizes, never its contents.

use std::collections::{BTreeMap, BTreeSet};

use git2::{ObjectType, Oid};

use crate::model::Text;
use crate::store::journal::JournalError;
use crate::store::journal::objects::{ObjectError, Objects};
use crate::store::journal::tree::{self, Entry};

/// Directories below the root that a journal has at most.
const DEPTH: usize = 3;
/// How many strangers are named.
const NAMED: usize = 3;

/// Refuses a tree that has, beside what `known` has, anything that no journal writes.
pub(super) fn refuse(objects: &Objects<'_>, known: Option<Oid>, tree: Oid) -> Result<(), JournalError> {
    let mut strangers = Vec::new();
    look(objects, known, tree, "", &mut strangers)?;
    if strangers.is_empty() { Ok(()) } else { Err(JournalError::Foreign(strangers.join("; "))) }
}

fn look(
    objects: &Objects<'_>,
    known: Option<Oid>,
    tree: Oid,
    path: &str,
    strangers: &mut Vec<String>,
) -> Result<(), JournalError> {
    if known == Some(tree) {
        return Ok(());
    }
    let before = known.and_then(|known| tree::read(objects, known).ok()).unwrap_or_default();
    let before: BTreeMap<&[u8], &Entry> = before.iter().map(|entry| (entry.name.as_slice(), entry)).collect();
    // File systems that do not tell case apart would hold only one of two.
    let mut names = BTreeSet::new();
    for entry in tree::read(objects, tree)? {
        if strangers.len() >= NAMED {
            return Ok(());
        }
        let shown = Text::from(format!("{path}{}", String::from_utf8_lossy(&entry.name))).visible();
        let twice = !names.insert(entry.name.to_ascii_lowercase());
        let was = before.get(entry.name.as_slice()).copied();
        if was == Some(&entry) {
            continue;
        }
        let Some(name) = entry.plain_name().filter(|_| !twice) else {
            strangers.push(format!("'{shown}' is not a name that a journal holds"));
            continue;
        };
        if entry.is_directory() {
            if path.matches('/').count() >= DEPTH {
                strangers.push(format!("'{shown}' is deeper than a journal is"));
                continue;
            }
            let was = was.filter(|was| was.is_directory()).map(|was| was.id);
            look(objects, was, entry.id, &format!("{path}{name}/"), strangers)?;
        } else if !entry.is_file() {
            strangers.push(format!("'{shown}' is neither a file nor a directory"));
        } else {
            match objects.size(entry.id, ObjectType::Blob) {
                Ok(_) => {}
                Err(ObjectError::TooLarge(_, size)) => {
                    strangers.push(format!("'{shown}' is too large: {size} bytes"));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}
