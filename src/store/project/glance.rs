//! A glance at a repository: where it is and what is checked out, for one run of git; many at a time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::program::Git;
use super::{Project, ProjectError, is_id, path};

/// Runs of git side by side for each processor: each of them mostly waits.
const BESIDE: usize = 2;

/// What is checked out somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Where it was asked.
    pub dir: PathBuf,
    /// The directory that all worktrees share.
    pub common_dir: PathBuf,
    /// The commit that is checked out; `None` before the first one.
    pub head: Option<String>,
    /// The branch that is checked out, or `HEAD` when it is detached.
    pub place: String,
}

/// Looks at the repository that `dir` is in, if it is in one.
pub fn glance(dir: &Path) -> Result<Option<Glance>, ProjectError> {
    let args =
        ["rev-parse", "--path-format=absolute", "--git-common-dir", "HEAD", "--symbolic-full-name", "HEAD"];
    let answer = Git::new(dir).output(&args).unwrap_or_default();
    if let Some(glance) = understood(dir, &answer) {
        return Ok(Some(glance));
    }
    // No commit yet, an older git, or nothing that git can read: asked thoroughly, and with git's own words.
    let Some(project) = Project::discover(dir)? else { return Ok(None) };
    let branch = project.current_branch()?;
    Ok(Some(Glance {
        dir: dir.to_owned(),
        common_dir: project.common_dir().to_owned(),
        head: project.head()?,
        place: branch.map_or_else(|| "HEAD".to_owned(), |branch| branch.raw().to_owned()),
    }))
}

/// Looks at each of `dirs`, side by side; the answers are in their order.
pub fn glances(dirs: &[PathBuf]) -> Vec<Result<Option<Glance>, ProjectError>> {
    let workers = thread::available_parallelism().map_or(1, usize::from) * BESIDE;
    if dirs.len() < 2 {
        return dirs.iter().map(|dir| glance(dir)).collect();
    }
    let next = AtomicUsize::new(0);
    let answers: Vec<Mutex<Option<_>>> = dirs.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..workers.min(dirs.len()) {
            scope.spawn(|| {
                while let Some((at, dir)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    dirs.get(at).map(|dir| (at, dir))
                } {
                    let answer = glance(dir);
                    if let Ok(mut place) = answers[at].lock() {
                        *place = Some(answer);
                    }
                }
            });
        }
    });
    answers.into_iter().map(|one| one.into_inner().ok().flatten().unwrap_or(Ok(None))).collect()
}

/// Reads the common directory, the commit and the ref; `None` when git said anything else.
fn understood(dir: &Path, answer: &[u8]) -> Option<Glance> {
    let lines: Vec<&[u8]> = answer.strip_suffix(b"\n")?.split(|byte| *byte == b'\n').collect();
    let [common_dir, head, name] = lines.as_slice() else { return None };
    let (head, name) = (std::str::from_utf8(head).ok()?, std::str::from_utf8(name).ok()?);
    let common_dir = path(common_dir);
    (common_dir.is_absolute() && is_id(head)).then(|| Glance {
        dir: dir.to_owned(),
        common_dir,
        head: Some(head.to_owned()),
        place: name.strip_prefix("refs/heads/").unwrap_or("HEAD").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::understood;

    #[test]
    fn only_the_expected_three_lines_are_understood() {
        let id = "a".repeat(40);
        let read = |text: String| understood("/x".as_ref(), text.as_bytes());
        let found = read(format!("/x/.git\n{id}\nrefs/heads/topic/one\n")).expect("understood");
        assert_eq!((found.place.as_str(), found.head), ("topic/one", Some(id.clone())));
        assert_eq!(read(format!("/x/.git\n{id}\nHEAD\n")).expect("detached").place, "HEAD");
        for odd in [
            String::new(),
            "/x/.git\nHEAD\n".into(),
            format!(".git\n{id}\nHEAD\n"),
            format!("/a\nb\n{id}\nHEAD\n"),
        ] {
            assert!(read(odd.clone()).is_none(), "{odd}");
        }
    }
}
