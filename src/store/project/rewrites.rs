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

    /// Lines that each of some commits adds and takes away, without blank ones. Merges have none.
    pub fn changed_lines(
        &self,
        ids: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, GitError> {
        let input: String = ids.iter().filter(|id| is_id(id)).map(|id| format!("{id}\n")).collect();
        if input.is_empty() {
            return Ok(BTreeMap::new());
        }
        let answer = self.git().feed(&DIFF, input.into_bytes())?;
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut lines = None;
        for line in String::from_utf8_lossy(&answer).lines() {
            if is_id(line) {
                lines = Some(found.entry(line.to_owned()).or_default());
            } else if line.starts_with(['+', '-'])
                && !line.starts_with("+++ ")
                && !line.starts_with("--- ")
                && !line[1..].trim().is_empty()
                && let Some(lines) = &mut lines
            {
                lines.insert(line.to_owned());
            }
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
