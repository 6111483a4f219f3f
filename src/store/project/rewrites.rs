//! Patch-ids: what a commit changes, whatever its id became.

use std::collections::{BTreeMap, BTreeSet};

use super::program::GitError;
use super::{Project, is_id};

/// How many commits may be unreadable (missing objects) before the rest is left without an answer.
const UNREADABLE_LIMIT: usize = 8;

/// Configuration and attributes must not reach the text that is hashed: the same change, the same id, everywhere.
const DIFF: [&str; 13] = [
    "diff-tree",
    "--stdin",
    "--root",
    "-r",
    "-p",
    "-U3",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--diff-algorithm=myers",
    "--submodule=short",
];

/// How many commits are compared by one run of git, whose answer is in memory.
const PORTION: usize = 64;

/// What a commit changes.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Lines that it adds and takes away, without blank ones.
    pub lines: BTreeSet<String>,
    /// Files that they are in.
    pub files: BTreeSet<String>,
}

impl Project {
    /// The stable patch-id of each commit that has one: not of merges, nor of empty or unreadable commits.
    pub fn patch_ids(&self, ids: &[String]) -> Result<BTreeMap<String, String>, GitError> {
        self.hashed(ids.iter().filter(|id| is_id(id)).cloned().collect())
    }

    /// The same for the change from another commit, which comes second.
    pub fn patch_ids_since(&self, pairs: &[(String, String)]) -> Result<BTreeMap<String, String>, GitError> {
        let ids = pairs.iter().filter(|(id, base)| is_id(id) && is_id(base));
        self.hashed(ids.map(|(id, base)| format!("{id} {base}")).collect())
    }

    /// What each of some commits changes: of `among` when only these lines matter. Merges have nothing. What git cannot
    /// read is left out, with its neighbours.
    pub fn changed_lines(
        &self,
        ids: &[String],
        among: Option<&BTreeSet<String>>,
    ) -> Result<BTreeMap<String, Changed>, GitError> {
        let mut found = BTreeMap::new();
        let ids: Vec<&str> = ids.iter().map(String::as_str).filter(|id| is_id(id)).collect();
        for portion in ids.chunks(PORTION) {
            let answer = match self.git().feed(&DIFF, (portion.join("\n") + "\n").into_bytes()) {
                Err(GitError::Failed { .. }) => continue,
                answer => answer?,
            };
            let mut current: Option<&mut Changed> = None;
            for line in String::from_utf8_lossy(&answer).lines() {
                if is_id(line) {
                    current = Some(found.entry(line.to_owned()).or_default());
                    continue;
                }
                let Some(changed) = &mut current else { continue };
                if let Some(file) = line.strip_prefix("+++ ").or_else(|| line.strip_prefix("--- ")) {
                    changed.files.insert(file.split_once('/').map_or(file, |(_, path)| path).to_owned());
                } else if line.starts_with(['+', '-'])
                    && !line[1..].trim().is_empty()
                    && among.is_none_or(|among| among.contains(line))
                {
                    changed.lines.insert(line.to_owned());
                }
            }
        }
        for changed in found.values_mut() {
            // The other side of a file that came or went: '/dev/null'.
            changed.files.remove("dev/null");
        }
        Ok(found)
    }

    fn hashed(&self, mut rest: Vec<String>) -> Result<BTreeMap<String, String>, GitError> {
        let mut found = BTreeMap::new();
        for _ in 0..UNREADABLE_LIMIT {
            if rest.is_empty() {
                break;
            }
            let input = rest.join("\n") + "\n";
            let (answer, end) = self.git().pipe(&DIFF, input.into_bytes(), &["patch-id", "--stable"])?;
            let answer = String::from_utf8_lossy(&answer);
            let mut pairs: Vec<(&str, &str)> =
                answer.lines().filter_map(|line| line.split_once(' ')).collect();
            if end.is_err() {
                // The last diff may be cut off, so its id is no good. What it leaves out is tried again from the
                // commit after it.
                let last = pairs.pop().map(|(_, commit)| commit.to_owned());
                let failed =
                    last.and_then(|commit| rest.iter().position(|id| id.starts_with(&commit))).unwrap_or(0);
                rest.drain(..=failed);
            } else {
                rest.clear();
            }
            found.extend(pairs.into_iter().map(|(patch, commit)| (commit.to_owned(), patch.to_owned())));
        }
        Ok(found)
    }
}
