//! The rebase that ends now, as git's own notes and reflog tell of it.

use std::collections::BTreeSet;
use std::fs;

use super::program::GitError;
use super::{Project, is_id};

/// How far back in the reflog the beginning of a rebase is looked for.
const REFLOG: &str = "--max-count=2000";

/// What git notes of a rebase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebase {
    /// The commits that it made.
    pub made: BTreeSet<String>,
    /// What it was put on, when that is known.
    pub onto: Option<String>,
    /// The commands that are done, as git writes them.
    pub done: String,
    /// The reflog since its beginning.
    pub reflog: Vec<String>,
}

impl Project {
    /// The rebase that ends now: its hook runs before git forgets it.
    pub fn ending_rebase(&self) -> Result<Rebase, GitError> {
        let note = |name: &str| fs::read_to_string(self.git_dir().join(name)).ok();
        let id = |names: [&str; 2]| {
            let text = names.iter().find_map(|name| note(name))?;
            Some(text.trim().to_owned()).filter(|id| is_id(id))
        };
        let old = id(["rebase-merge/orig-head", "rebase-apply/orig-head"]);
        let onto = id(["rebase-merge/onto", "rebase-apply/onto"]);
        // What was there before is not made, even where it is put on itself again.
        let mut args = vec!["rev-list", "HEAD", "--not", old.as_deref().unwrap_or("ORIG_HEAD")];
        args.extend(onto.as_deref());
        args.push("--");
        let answer = self.git().output(&args)?;
        let made = String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect();
        let done = note("rebase-merge/done").unwrap_or_default();
        let reflog = if done.lines().any(|line| line.starts_with("fixup ") || line.starts_with("squash ")) {
            let args = ["log", "--walk-reflogs", "--format=%gs", REFLOG, "HEAD", "--"];
            let answer = self.git().output(&args)?;
            let answer = String::from_utf8_lossy(&answer);
            answer.lines().take_while(|line| !line.contains("(start):")).map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        Ok(Rebase { made, onto, done, reflog })
    }
}
