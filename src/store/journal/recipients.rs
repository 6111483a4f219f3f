//! For whom a journal is sealed: named in `journal.toml`, believed only as far as somebody here agreed.
//!
//! The header travels in plain, so whoever can write to a remote can change it. What this machine agreed to is kept
//! beside the journal: a journal that names other keys is not written to until somebody says that this is right.

use std::fs;

use git2::ObjectType;

use super::append::{Edit, Signer};
use super::seal::{Keyring, Recipients};
use super::tree::{self, Splice};
use super::walk::compare;
use super::{Journal, JournalError, ObjectError, RawCommit, layout, revision};
use crate::format::version::{self, Header};
use crate::model::Revision;
use crate::store::git_config::Committer;
use crate::store::local_file;

/// What sealing a journal anew did.
#[derive(Clone, Debug)]
pub struct Rekeyed {
    /// The new revision.
    pub revision: Revision,
    /// Files that are sealed for the present keys now.
    pub sealed: usize,
    /// Files that are damaged, and were left as they are.
    pub left: Vec<String>,
    /// True when nothing was sealed before.
    pub was_plain: bool,
}

impl Journal {
    /// The same journal, with the identities of a person.
    #[must_use]
    pub fn with_keys(mut self, keys: Keyring) -> Self {
        self.keys = keys;
        self
    }

    /// The identities that it is read with.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// The keys that a revision is sealed for; none when it is plain.
    pub fn recipients(&self, at: &Revision) -> Result<Vec<String>, JournalError> {
        Ok(self.header(at)?.encryption.recipients)
    }

    /// Why nothing of a revision could be read, when that was for want of an identity.
    pub fn locked(&self, at: &Revision) -> Option<JournalError> {
        if !self.keys.is_locked() {
            return None;
        }
        let records = self.index(at).map_or(0, |(index, _)| index.len());
        let trouble: String = self.keys.trouble().iter().map(|one| format!("; {one}")).collect();
        Some(JournalError::Sealed(records, trouble))
    }

    /// The keys that this machine agreed to; none when nobody was asked yet.
    pub fn agreed(&self) -> Option<Vec<String>> {
        let text = fs::read_to_string(self.agreed_file()).ok()?;
        Some(text.lines().map(str::to_owned).collect())
    }

    /// Agrees to the keys that the newest revision names.
    pub fn agree(&self) -> anyhow::Result<Vec<String>> {
        let keys = self.recipients(&self.tip()?)?;
        Recipients::new(&keys)?;
        self.keep_agreed(&keys)?;
        Ok(keys)
    }

    /// An error when the journal names other keys than this machine agreed to.
    pub fn ensure_agreed(&self, at: &Revision) -> Result<(), JournalError> {
        self.disagreement(&self.recipients(at)?).map_or(Ok(()), Err)
    }

    fn disagreement(&self, keys: &[String]) -> Option<JournalError> {
        let agreed = self.agreed()?;
        let beyond = |one: &[String], other: &[String], mark: &str| -> Vec<String> {
            let missing = one.iter().filter(|key| !other.contains(key));
            missing.map(|key| format!("{mark}{}", short(key))).collect()
        };
        let mut moved = beyond(keys, &agreed, "+");
        moved.extend(beyond(&agreed, keys, "-"));
        (!moved.is_empty()).then(|| JournalError::Recipients(moved.join(", ")))
    }

    fn agreed_file(&self) -> std::path::PathBuf {
        self.state_dir().join("recipients")
    }

    fn keep_agreed(&self, keys: &[String]) -> anyhow::Result<()> {
        self.private_state_dir()?;
        let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
        Ok(local_file::replace_synced(&self.agreed_file(), text.as_bytes())?)
    }

    /// Who can open what is written on top of a commit.
    pub(super) fn for_writing(
        &self,
        parent: Option<&RawCommit>,
        edits: &[Edit],
    ) -> anyhow::Result<Recipients> {
        let edited = edits.iter().find(|(path, ..)| path == layout::HEADER);
        let header = match (edited, parent) {
            (Some((_, _, Some(text))), _) => Header::decode(text).ok(),
            (_, Some(parent)) => Some(self.header(&revision(parent))?),
            _ => None,
        };
        let keys = header.map(|header| header.encryption.recipients).unwrap_or_default();
        if let Some(error) = self.disagreement(&keys) {
            return Err(error.into());
        }
        let recipients = Recipients::new(&keys)?;
        if !recipients.is_empty() && self.agreed().is_none() {
            self.keep_agreed(&keys)?;
        }
        Ok(recipients)
    }

    /// Who can open what a merge writes: those who were agreed to, whatever the other side's header says.
    pub(super) fn for_merging(&self, sides: [&RawCommit; 2]) -> anyhow::Result<Recipients> {
        if let Some(agreed) = self.agreed() {
            return Ok(Recipients::new(&agreed)?);
        }
        let mut keys = Vec::new();
        for side in sides {
            // A side without a header that can be read names nobody.
            keys.extend(self.recipients(&revision(side)).unwrap_or_default());
        }
        keys.sort();
        keys.dedup();
        Ok(Recipients::new(&keys)?)
    }

    /// Seals everything that there is for other keys, as one commit. `change` makes the new list out of the old one.
    pub fn rekey(
        &self,
        verb: &str,
        change: &dyn Fn(&[String]) -> anyhow::Result<Vec<String>>,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Rekeyed> {
        self.ensure_writable()?;
        let rekeyed = self.in_turn(&mut || self.try_rekey(verb, change, who, sign))?;
        // Records in plain, kept for speed when the journal was plain itself.
        match fs::remove_dir_all(self.state_dir().join("cache/records")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(rekeyed),
        }
    }

    fn try_rekey(
        &self,
        verb: &str,
        change: &dyn Fn(&[String]) -> anyhow::Result<Vec<String>>,
        who: &Committer,
        sign: Option<Signer<'_>>,
    ) -> anyhow::Result<Rekeyed> {
        let at = self.tip()?;
        let parent = self.raw_commit(&at)?;
        let before = self.recipients(&at)?;
        if let Some(error) = self.disagreement(&before) {
            return Err(error.into());
        }
        let keys = change(&before)?;
        let recipients = Recipients::new(&keys)?;
        let objects = self.objects()?;
        let mut files = Vec::new();
        compare(&objects, None, Some(parent.tree), "", &mut files)?;
        let (mut paths, mut left) = (Splice::new(), Vec::new());
        for (path, blob) in files.into_iter().filter_map(|file| Some((file.path, file.after?))) {
            if path == layout::HEADER {
                let text = String::from_utf8(objects.read(blob, ObjectType::Blob)?)?;
                let text = version::with_recipients(&text, &keys)?;
                paths.insert(path, Some(objects.write(ObjectType::Blob, text.as_bytes())?));
                continue;
            }
            match objects.text(blob) {
                Ok(text) => {
                    let sealed = objects.write_text(&text, &recipients)?;
                    paths.insert(path, Some(sealed));
                }
                Err(ObjectError::Sealed(_)) => {
                    let records = self.index(&at).map_or(0, |(index, _)| index.len());
                    return Err(JournalError::Sealed(records, String::new()).into());
                }
                Err(_) => left.push(path),
            }
        }
        let tree = tree::splice(&objects, Some(parent.tree), &paths)?;
        let program = env!("CARGO_PKG_VERSION");
        let text = format!("{verb}\n\nOkr-Program: git-okr {program}\n");
        let commit = self.write_tree_commit(Some(&parent), tree, &text, who, sign)?;
        // Agreed first: killed in between, this machine refuses to write instead of writing for too many.
        self.keep_agreed(&keys)?;
        let advanced = self.advance(Some(parent.id), commit, verb);
        if advanced.is_err() {
            let _ = self.keep_agreed(&before);
        }
        Ok(Rekeyed {
            revision: advanced?,
            sealed: paths.len().saturating_sub(1),
            left,
            was_plain: before.is_empty(),
        })
    }
}

/// A key as it is told apart from others.
pub fn short(key: &str) -> String {
    if key.chars().count() <= 40 {
        return key.to_owned();
    }
    let tail: Vec<char> = key.chars().rev().take(8).collect();
    let head: String = key.chars().take(24).collect();
    format!("{head}…{}", tail.into_iter().rev().collect::<String>())
}
