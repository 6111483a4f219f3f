//! Where the journal can be read, or would go, beyond what its owner said: judged from facts about its place.

use serde::Serialize;

use crate::model::Text;

/// Facts about the place of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The git directory that holds it.
    pub dir: Text,
    /// True when that is a repository of its own.
    pub private: bool,
    /// The journal's branch.
    pub branch: Text,
    /// True when others on this machine can read the directory.
    pub readable: bool,
    /// Worktrees that have the branch checked out.
    pub worktrees: Vec<Text>,
    /// True when something refuses to push it; only asked where it shares a repository.
    pub guarded: bool,
    /// The remote that the branch tracks.
    pub upstream: Option<Text>,
    /// Remotes of the repository that their owner did not name for the journal.
    pub remotes: Vec<Remote>,
    /// Full names of refs that hold it, but for the branch itself and what sync keeps.
    pub refs: Vec<Text>,
    /// The repository that one stands in, when objects of a journal that does not live there are in it.
    pub copied_to: Option<Text>,
}

/// A remote, as it is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remote {
    /// Its name.
    pub name: Text,
    /// `remote.<name>.mirror`.
    pub mirror: bool,
    /// What it pushes when nothing is named.
    pub push: Vec<Text>,
    /// What it fetches.
    pub fetch: Vec<Text>,
}

/// A way for the journal to be where it should not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Which: one word for programs.
    pub kind: &'static str,
    /// What it is, in a sentence.
    pub what: Text,
    /// A command that ends it, or shows more of it.
    pub remedy: Text,
}

/// Judges a place. Nothing, when the journal is where it should be and stays there.
pub fn judge(place: &Place) -> Vec<Exposure> {
    let mut found = Vec::new();
    let mut tell = |kind, what: String, remedy: String| {
        found.push(Exposure { kind, what: what.into(), remedy: remedy.into() });
    };
    let branch = place.branch.raw();
    for name in &place.refs {
        let (kind, what, remedy) = held(name.raw(), branch);
        tell(kind, what, remedy);
    }
    if let Some(repository) = &place.copied_to {
        let what = format!("objects of the journal are in '{}'", repository.raw());
        tell("copied", what, "git for-each-ref --format='%(refname) %(subject)'".into());
    }
    for remote in &place.remotes {
        let name = remote.name.raw();
        if remote.mirror {
            let what = format!("'{name}' is a mirror: a push there takes every ref");
            tell("mirror", what, format!("git config --unset remote.{name}.mirror"));
        } else if let Some(spec) = remote.push.iter().find(|spec| takes(spec.raw(), branch, 0)) {
            let what = format!("'git push {name}' takes the journal along, by '{}'", spec.raw());
            tell("refspec", what, format!("git config --unset-all remote.{name}.push"));
        }
        if let Some(spec) = remote.fetch.iter().find(|spec| takes(spec.raw(), branch, 1)) {
            let what = format!("'git fetch {name}' can overwrite or prune the journal, by '{}'", spec.raw());
            let usual = format!("'+refs/heads/*:refs/remotes/{name}/*'");
            tell("fetch", what, format!("git config --replace-all remote.{name}.fetch {usual}"));
        }
    }
    if let Some(remote) = &place.upstream {
        let what =
            format!("the journal's branch tracks '{}': a plain 'git push' on it goes there", remote.raw());
        tell("upstream", what, format!("git branch --unset-upstream {branch}"));
    }
    for worktree in &place.worktrees {
        let what = format!("'{}' has the journal checked out; nothing is recorded meanwhile", worktree.raw());
        tell("worktree", what, format!("git -C {} switch --detach", quoted(worktree.raw())));
    }
    if !place.private && !place.guarded {
        let what = "nothing refuses to push the journal: the pre-push hook is missing or does not run";
        tell("unguarded", what.into(), "git okr init --here".into());
    }
    if place.readable {
        let what = format!("others on this machine can read '{}'", place.dir.raw());
        tell("mode", what, format!("chmod 700 {}", quoted(place.dir.raw())));
    }
    found
}

/// What it means that a ref holds the journal.
fn held(name: &str, branch: &str) -> (&'static str, String, String) {
    if let Some((remote, there)) = name.strip_prefix("refs/remotes/").and_then(|rest| rest.split_once('/')) {
        let what = format!("'{remote}' has the journal, on its branch '{there}'");
        return ("arrived", what, format!("git push --no-verify {remote} --delete {there}"));
    }
    let what = format!("'{name}' holds the journal, and goes where it goes");
    match name.strip_prefix("refs/tags/") {
        Some(tag) => ("held", what, format!("git tag --delete {tag}")),
        None => ("held", what, format!("git log --oneline --graph {name} {branch}")),
    }
}

/// True when a refspec reaches the branch: by its source (0) or by its destination (1).
fn takes(spec: &str, branch: &str, side: usize) -> bool {
    let spec = spec.strip_prefix('+').unwrap_or(spec);
    if spec.starts_with('^') {
        return false;
    }
    let mut sides = spec.splitn(2, ':');
    let source = sides.next().unwrap_or_default();
    // Without a destination a push goes to the same name, and a fetch to none.
    let wanted = if side == 0 { Some(source) } else { sides.next() };
    let full = format!("refs/heads/{branch}");
    wanted.is_some_and(|pattern| match pattern.split_once('*') {
        Some((head, tail)) => {
            full.len() >= head.len() + tail.len() && full.starts_with(head) && full.ends_with(tail)
        }
        None => pattern == full || pattern == branch || pattern == format!("heads/{branch}"),
    })
}

/// A path as one word of a shell.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{Place, Remote, judge, takes};

    #[test]
    fn refspecs_are_read_as_git_reads_them() {
        for (spec, push, fetch) in [
            ("refs/heads/main", false, false),
            ("+refs/*:refs/*", true, true),
            ("refs/heads/*:refs/heads/*", true, true),
            ("+refs/heads/*:refs/remotes/origin/*", true, false),
            ("refs/heads/o*:refs/x/*", true, false),
            ("refs/heads/*r:refs/heads/x*", true, false),
            ("okr", true, false),
            ("okr:okr", true, true),
            ("main:refs/heads/okr", false, true),
            ("^refs/heads/okr", false, false),
            ("*:*", true, true),
            (":", false, false),
            ("HEAD", false, false),
            ("refs/heads/okr-notes", false, false),
            ("refs/heads/okr*okr", false, false),
        ] {
            assert_eq!((takes(spec, "okr", 0), takes(spec, "okr", 1)), (push, fetch), "{spec}");
        }
    }

    #[test]
    fn a_good_place_says_nothing_and_each_fault_says_one_thing() {
        let here = Place { branch: "okr".into(), guarded: true, dir: "/a b/it's".into(), ..Place::default() };
        let private = Place { private: true, guarded: false, ..here.clone() };
        assert_eq!((judge(&here), judge(&private)), (vec![], vec![]));
        let usual = Remote {
            name: "origin".into(),
            fetch: vec!["+refs/heads/*:refs/remotes/origin/*".into()],
            ..Remote::default()
        };
        let remote = |remote: Remote| Place { remotes: vec![remote], ..here.clone() };
        assert_eq!(judge(&remote(usual.clone())), []);
        for (place, kind, remedy) in [
            (
                Place { refs: vec!["refs/remotes/origin/z/y".into()], ..here.clone() },
                "arrived",
                "git push --no-verify origin --delete z/y",
            ),
            (Place { refs: vec!["refs/tags/t".into()], ..here.clone() }, "held", "git tag --delete t"),
            (
                remote(Remote { mirror: true, push: vec!["refs/*".into()], ..usual.clone() }),
                "mirror",
                "git config --unset remote.origin.mirror",
            ),
            (
                remote(Remote { push: vec!["refs/*".into()], ..usual.clone() }),
                "refspec",
                "git config --unset-all remote.origin.push",
            ),
            (
                remote(Remote { fetch: vec!["refs/*:refs/*".into()], ..usual }),
                "fetch",
                "git config --replace-all remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'",
            ),
            (
                Place { upstream: Some("origin".into()), ..here.clone() },
                "upstream",
                "git branch --unset-upstream okr",
            ),
            (
                Place { worktrees: vec!["/w".into()], ..here.clone() },
                "worktree",
                "git -C '/w' switch --detach",
            ),
            (Place { guarded: false, ..here.clone() }, "unguarded", "git okr init --here"),
            (Place { readable: true, ..here.clone() }, "mode", "chmod 700 '/a b/it'\\''s'"),
            (
                Place { copied_to: Some("/code".into()), ..private },
                "copied",
                "git for-each-ref --format='%(refname) %(subject)'",
            ),
        ] {
            let found = judge(&place);
            let told: Vec<_> = found.iter().map(|one| (one.kind, one.remedy.raw())).collect();
            assert_eq!(told, [(kind, remedy)]);
        }
    }
}
