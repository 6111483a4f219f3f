//! Whole branches that only remain, as the one change that a squash of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::Project;
use super::history::{HistoryQuery, history};
use super::program::GitError;

/// How many commits of a branch are compared with a squash of it.
const MOST_OF_BRANCH: usize = 32;

impl Project {
    /// For every commit that only remains: patch-ids of what its branch did, from where it left what stands.
    pub fn wholes(&self, remaining: &[String]) -> Result<BTreeMap<String, BTreeSet<String>>, GitError> {
        let query = HistoryQuery { only: Some(remaining.to_vec()), ..HistoryQuery::default() };
        let mut commits = Vec::new();
        history(self, &query, |commit| {
            commits.push(commit);
            ControlFlow::Continue(())
        })?;
        let parents: BTreeMap<&str, &[String]> =
            commits.iter().map(|commit| (commit.id.as_str(), commit.parents.as_slice())).collect();
        let mut branches: Vec<(String, String, Vec<&str>)> = Vec::new();
        for tip in parents.keys() {
            let (mut line, mut at) = (Vec::new(), *tip);
            let base = loop {
                match parents.get(at) {
                    Some([parent, ..]) if line.len() < MOST_OF_BRANCH => {
                        line.push(at);
                        at = parent;
                    }
                    // It goes on past what is looked at, or has no beginning.
                    Some(_) => break None,
                    None => break Some(at),
                }
            };
            if let Some(base) = base.filter(|_| line.len() > 1) {
                branches.push(((*tip).to_owned(), base.to_owned(), line));
            }
        }
        let pairs: Vec<(String, String)> =
            branches.iter().map(|(tip, base, _)| (tip.clone(), base.clone())).collect();
        let patches = self.patch_ids_since(&pairs)?;
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (tip, _, line) in branches {
            let Some(patch) = patches.get(&tip) else { continue };
            for id in line {
                found.entry(id.to_owned()).or_default().insert(patch.clone());
            }
        }
        Ok(found)
    }
}
