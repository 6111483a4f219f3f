//! What a push would take along: the lines that git tells its `pre-push` hook, and whether a branch's history is in it.

use std::collections::BTreeSet;

use super::program::GitError;
use super::{Project, is_id};

/// One ref of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRef {
    /// What is pushed: a ref, an id, or `(delete)`. Foreign text.
    pub from: String,
    /// The object that is pushed; zeros when the ref is deleted.
    pub id: String,
    /// The ref on the other side. Foreign text.
    pub to: String,
    /// The object that it names there; zeros when it is new.
    pub old: String,
}

impl PushedRef {
    /// Reads a line of what git tells the hook.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut word = || words.next().filter(|word| !word.is_empty()).map(str::to_owned);
        let read = Self { from: word()?, id: word()?, to: word()?, old: word()? };
        (words.next().is_none() && is_id(&read.id) && is_id(&read.old)).then_some(read)
    }

    /// True when the ref goes away on the other side.
    pub fn is_deletion(&self) -> bool {
        self.id.bytes().all(|digit| digit == b'0')
    }
}

impl Project {
    /// The first of `pushed` that would bring history or content of `branch` to `remote`, where the name of the ref
    /// does not tell it. Walks no more of the code than git itself has to for this push.
    pub fn carries<'r>(
        &self,
        pushed: &'r [PushedRef],
        remote: &str,
        branch: &str,
    ) -> Result<Option<&'r PushedRef>, GitError> {
        let pushed: Vec<&PushedRef> = pushed.iter().filter(|one| !one.is_deletion()).collect();
        if pushed.is_empty() {
            return Ok(None);
        }
        if self.carries_commits(&pushed, remote, branch)? {
            // Which of them is only asked when there is something to tell.
            for one in &pushed {
                if pushed.len() == 1 || self.carries_commits(&[one], remote, branch)? {
                    return Ok(Some(one));
                }
            }
        }
        self.carries_content(&pushed, branch)
    }

    /// True when there are commits of `branch` among those that the other side lacks: without them it would be fewer.
    fn carries_commits(&self, pushed: &[&PushedRef], remote: &str, branch: &str) -> Result<bool, GitError> {
        let mut revisions = String::new();
        for one in pushed {
            revisions += &format!("{}\n", one.id);
            if !one.old.bytes().all(|digit| digit == b'0') {
                revisions += &format!("^{}\n", one.old);
            }
        }
        // What is known of the other side, but for the journal: it does not belong there a second time either.
        let known = format!("--remotes={remote}");
        let (short, long) =
            (format!("--exclude={remote}/{branch}"), format!("--exclude=refs/remotes/{remote}/{branch}"));
        let mut args = vec!["rev-list", "--count", "--ignore-missing", "--stdin"];
        let is_name = !remote.is_empty() && !remote.contains(['*', '?', '[', ':', '/', '\\', ' ']);
        if is_name {
            args.extend(["--not", &short, &long, &known]);
        }
        let count = |but: Option<&str>| -> Result<String, GitError> {
            let mut revisions = revisions.clone();
            revisions.extend(but.map(|branch| format!("^refs/heads/{branch}\n")));
            Ok(String::from_utf8_lossy(&self.git.feed(&args, revisions.into_bytes())?).trim().to_owned())
        };
        let (all, without) = std::thread::scope(|scope| {
            let all = scope.spawn(|| count(None));
            let without = count(Some(branch));
            (all.join(), without)
        });
        let all = all.unwrap_or_else(|_| count(None))?;
        Ok(all != without?)
    }

    /// A tag may name a file or a directory of the journal: branches only name commits.
    fn carries_content<'r>(
        &self,
        pushed: &[&'r PushedRef],
        branch: &str,
    ) -> Result<Option<&'r PushedRef>, GitError> {
        let odd: Vec<&PushedRef> =
            pushed.iter().copied().filter(|one| !one.from.starts_with("refs/heads/")).collect();
        if odd.is_empty() {
            return Ok(None);
        }
        let asked: String = odd.iter().map(|one| format!("{}^{{}}\n", one.id)).collect();
        let answer = self.git.feed(
            &["cat-file", "--buffer", "--batch-check=%(objectname) %(objecttype)"],
            asked.into_bytes(),
        )?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let content = |line: &str| {
            let (id, kind) = line.split_once(' ')?;
            matches!(kind, "blob" | "tree").then(|| id.to_owned())
        };
        let named: Vec<Option<String>> = answer.lines().map(content).collect();
        let wanted: BTreeSet<&String> = named.iter().flatten().collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let listing = ["rev-list", "--objects", "--no-object-names", &format!("refs/heads/{branch}")];
        let listed = String::from_utf8_lossy(&self.git.output(&listing)?).into_owned();
        let found = listed.lines().map(str::to_owned).find(|id| wanted.contains(id));
        let which = found.and_then(|id| named.iter().position(|one| one.as_ref() == Some(&id)));
        Ok(which.and_then(|which| odd.get(which).copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::PushedRef;

    #[test]
    fn lines_of_a_push_are_read_or_refused() {
        let (id, none) = ("1".repeat(40), "0".repeat(40));
        let read = PushedRef::parse(&format!("refs/heads/main {id} refs/heads/main {none}")).unwrap();
        assert!(read.id == id && read.to == "refs/heads/main" && !read.is_deletion());
        assert!(PushedRef::parse(&format!("(delete) {none} refs/heads/okr {id}")).unwrap().is_deletion());
        for line in [
            String::new(),
            "refs/heads/main".into(),
            format!("refs/heads/main {id} refs/heads/main"),
            format!("refs/heads/main {id} refs/heads/main {none} more"),
            format!("refs/heads/main {id}  {none}"),
            format!("refs/heads/main main refs/heads/main {none}"),
        ] {
            assert_eq!(PushedRef::parse(&line), None, "{line:?}");
        }
    }
}
