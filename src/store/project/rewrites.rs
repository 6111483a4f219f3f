//! Patch-ids: what a commit changes, whatever its id became.

use std::collections::BTreeMap;

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
        let mut rest: Vec<&str> = ids.iter().map(String::as_str).filter(|id| is_id(id)).collect();
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
                let failed = last.and_then(|commit| rest.iter().position(|id| *id == commit)).unwrap_or(0);
                rest.drain(..=failed);
            } else {
                rest.clear();
            }
            found.extend(pairs.into_iter().map(|(patch, commit)| (commit.to_owned(), patch.to_owned())));
        }
        Ok(found)
    }
}
