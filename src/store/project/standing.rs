//! Which commits still stand: reachable from a branch, a tag or a checked-out commit; and where a clone ends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::history::NOT_WORK;
use super::program::{Git, GitError};
use super::{Project, is_id};
use crate::harvest::rewrites::pairs;

/// The commits at which a shallow clone with this common directory ends; none in a whole one.
pub fn shallow_ends(common_dir: &Path) -> BTreeSet<String> {
    let list = fs::read_to_string(common_dir.join("shallow")).unwrap_or_default();
    list.lines().filter(|line| is_id(line)).map(str::to_owned).collect()
}

impl Project {
    /// The commit that is checked out, where its ref lies in a file of its own, as after every commit that git makes
    /// itself; nothing is started. `None` says nothing: git has to be asked.
    pub fn head_in_file(&self) -> Option<String> {
        let read = |path: &Path| {
            let text = fs::read_to_string(path).ok()?;
            Some(text.trim_end().to_owned()).filter(|text| text.len() < 4096)
        };
        let head = read(&self.git_dir().join("HEAD"))?;
        let id = match head.strip_prefix("ref: ") {
            Some(name) if name.starts_with("refs/heads/") && !name.contains("..") => {
                read(&self.common_dir().join(name))?
            }
            Some(_) => return None,
            None => head,
        };
        is_id(&id).then_some(id)
    }

    /// The commits at which a shallow clone ends; none in a whole one.
    pub fn shallow_ends(&self) -> BTreeSet<String> {
        shallow_ends(&self.common_dir)
    }

    /// Those of `ids` that a branch, a tag or a checked-out commit still leads to. What only a graft or a replacement
    /// hides stands too: they change what is shown, not what was made.
    pub fn standing(&self, ids: &BTreeSet<String>) -> Result<BTreeSet<String>, GitError> {
        let mut standing: BTreeSet<String> = self.existing(ids)?;
        if standing.is_empty() {
            return Ok(standing);
        }
        let args = ["rev-list", "--stdin", "--not"];
        let mut gone = self.list(self.git(), &args, &standing)?;
        if !gone.is_empty() {
            let as_made = self
                .git()
                .clone()
                .with_env("GIT_NO_REPLACE_OBJECTS", "1")
                .with_env("GIT_GRAFT_FILE", "/dev/null");
            // A graft may hide where objects end, too: then what is shown is all there is.
            match self.list(&as_made, &args, &standing) {
                Err(GitError::Failed { .. }) => {}
                also => gone = &gone & &also?,
            }
        }
        standing.retain(|id| !gone.contains(id));
        Ok(standing)
    }

    /// Those of `ids` that are commits of this repository, whether anything leads to them or not.
    pub fn existing(&self, ids: &BTreeSet<String>) -> Result<BTreeSet<String>, GitError> {
        let input: String = ids.iter().filter(|id| is_id(id)).map(|id| format!("{id}\n")).collect();
        if input.is_empty() {
            return Ok(BTreeSet::new());
        }
        let format = "--batch-check=%(objecttype) %(objectname)";
        let answer = self.git().feed(&["cat-file", format], input.into_bytes())?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.lines().filter_map(|line| line.strip_prefix("commit ")).map(str::to_owned).collect())
    }

    /// Commits that only remain: those behind `ids` and behind what reflogs remember, as far as nothing stands on
    /// them. At most `most`.
    pub fn remaining(&self, ids: &BTreeSet<String>, most: usize) -> Result<Vec<String>, GitError> {
        let most = format!("--max-count={most}");
        let ids = self.existing(ids)?;
        Ok(self
            .list(self.git(), &["rev-list", &most, "--ignore-missing", "--stdin", "--reflog", "--not"], &ids)?
            .into_iter()
            .collect())
    }

    /// The commits behind `ids` that none of `tips` has behind it, as far as they are here; none when they are more than
    /// `most`.
    pub fn apart(
        &self,
        ids: &BTreeSet<String>,
        tips: &BTreeSet<String>,
        most: usize,
    ) -> Result<Vec<String>, GitError> {
        let ids = self.existing(ids)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let count = format!("--max-count={}", most + 1);
        let wanted = ids.iter().map(|id| format!("{id}\n"));
        let input: String = wanted.chain(tips.iter().map(|id| format!("^{id}\n"))).collect();
        let args = ["rev-list", &count, "--ignore-missing", "--stdin"];
        let answer = self.git().feed(&args, input.into_bytes())?;
        let found: Vec<String> = String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect();
        Ok(if found.len() > most { Vec::new() } else { found })
    }

    /// What `git filter-repo` says that it made of commits, when it ran here.
    pub fn filtered(&self) -> BTreeMap<String, String> {
        let text = fs::read(self.common_dir().join("filter-repo/commit-map")).unwrap_or_default();
        pairs(&String::from_utf8_lossy(&text), false).into_iter().collect()
    }

    /// What `git rev-list` says of `ids`, against everything that is somebody's work.
    fn list(&self, git: &Git, args: &[&str], ids: &BTreeSet<String>) -> Result<BTreeSet<String>, GitError> {
        let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        args.extend(NOT_WORK.iter().map(|name| format!("--exclude={name}")));
        args.push("--all".to_owned());
        let input: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let answer = git.feed(&args, input.into_bytes())?;
        Ok(String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect())
    }
}
