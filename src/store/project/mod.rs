//! A code repository of the person: found, asked and read through the `git` program, never written.

mod anchor;
mod branches;
mod change_ids;
mod credits;
mod forge;
mod generated;
pub mod glance;
pub mod history;
pub mod line_counts;
mod log_record;
pub mod places;
pub mod program;
pub mod push;
pub mod rebase;
mod releases;
pub mod remote_url;
pub mod rewrites;
mod running;
pub mod standing;
pub mod talk;

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::model::Text;
use crate::model::project::ProjectRepo;

use super::git_config::GitConfig;
use program::{Git, GitError};

/// Files and directories in the git directory that say: the commit being made is one of a series that git replays.
const SEQUENCE_SIGNS: [&str; 4] = ["rebase-merge", "rebase-apply", "sequencer", "CHERRY_PICK_HEAD"];

/// Why a directory's repository cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Git refuses a repository that belongs to somebody else.
    #[error("git does not trust the repository at '{}': another user owns it", dir.display())]
    Untrusted {
        /// Where the search began.
        dir: PathBuf,
        /// Git's own words, with the command that makes it trusted; foreign text.
        advice: String,
    },
    /// A revision that the person named does not lead to a commit.
    #[error("'{rev}' is not a commit of this repository")]
    NoCommit {
        /// What was asked for; foreign text.
        rev: String,
    },
    /// Git's answers are lines, and a directory's name has a line break in it.
    #[error("the path of this repository has a line break in it")]
    OddPath,
    /// Git failed.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// A repository that holds the person's code.
#[derive(Clone, Debug)]
pub struct Project {
    git: Git,
    common_dir: PathBuf,
    git_dir: PathBuf,
    toplevel: Option<PathBuf>,
    bare: bool,
}

impl Project {
    /// The repository that `dir` is in, if it is in one.
    pub fn discover(dir: &Path) -> Result<Option<Self>, ProjectError> {
        Self::discover_with(&Git::new(dir))
    }

    /// The repository whose work tree has its top at `dir`, where that can be told without asking git: a plain
    /// `.git` directory, and no variable that says otherwise. Git starts hooks of such a repository just there.
    pub fn plain(dir: &Path) -> Option<Self> {
        let told = ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"];
        let git_dir = dir.join(".git");
        let is_dir = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
        let plain = told.iter().all(|name| std::env::var_os(name).is_none())
            && [git_dir.clone(), git_dir.join("objects"), git_dir.join("refs")]
                .iter()
                .all(|path| is_dir(path))
            && git_dir.join("HEAD").is_file();
        let top = dir.canonicalize().ok().filter(|_| plain)?;
        let git_dir = top.join(".git");
        let git = Git::new(&top);
        Some(Self { git, common_dir: git_dir.clone(), git_dir, toplevel: Some(top), bare: false })
    }

    /// The repository that `git` finds from where it runs.
    pub fn discover_with(git: &Git) -> Result<Option<Self>, ProjectError> {
        // `--show-cdup` comes last: it prints nothing at all in a bare repository.
        let args = "rev-parse --path-format=absolute --is-bare-repository --is-inside-work-tree \
                    --git-dir --git-common-dir --show-cdup";
        let answer = match git.output(&args.split_whitespace().collect::<Vec<_>>()) {
            Ok(answer) => answer,
            Err(error) => return refusal(git.dir(), error).map(|()| None),
        };
        let mut lines: Vec<&[u8]> = answer.split(|byte| *byte == b'\n').collect();
        // Git before 2.31 echoes the option that it does not know, and prints relative paths.
        if lines.first().is_some_and(|first| first.starts_with(b"--")) {
            lines.remove(0);
        }
        let &[bare, inside, git_dir, common_dir, ref rest @ ..] = lines.as_slice() else {
            return Err(ProjectError::OddPath);
        };
        // The end of the last line, and the line of `--show-cdup` if there is one.
        if rest.len() > 2 {
            return Err(ProjectError::OddPath);
        }
        let (bare, inside) = (bare == b"true", inside == b"true");
        let here = git.dir().canonicalize().unwrap_or_else(|_| git.dir().to_owned());
        let (git_dir, common_dir) = (here.join(path(git_dir)), here.join(path(common_dir)));
        let cdup = path(rest[0]);
        let toplevel = if inside {
            let top = here.join(cdup);
            Some(top.canonicalize().unwrap_or(top))
        } else {
            (!bare && !cdup.as_os_str().is_empty()).then(|| here.join(cdup))
        };
        let home = toplevel.clone().unwrap_or_else(|| git_dir.clone());
        Ok(Some(Self { git: git.at(home), common_dir, git_dir, toplevel, bare }))
    }

    /// The `git` that asks this repository: it runs at the top of the work tree, or in a bare repository itself.
    pub fn git(&self) -> &Git {
        &self.git
    }

    /// The directory that all worktrees share.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// This worktree's own git directory.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The top of the work tree, when there is one.
    pub fn toplevel(&self) -> Option<&Path> {
        self.toplevel.as_deref()
    }

    /// True when it has no work tree.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// The commit that is checked out; `None` before the first one.
    pub fn head(&self) -> Result<Option<String>, GitError> {
        unless_silent(self.git.line(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]))
    }

    /// The branch that is checked out, even before its first commit; `None` when HEAD is detached.
    pub fn current_branch(&self) -> Result<Option<Text>, GitError> {
        let target = unless_silent(self.git.line(&["symbolic-ref", "--quiet", "HEAD"]))?;
        Ok(target.and_then(|target| target.strip_prefix("refs/heads/").map(Text::from)))
    }

    /// The id of the commit that `rev` names. Nothing in `rev` is taken for an option.
    pub fn resolve(&self, rev: &str) -> Result<String, ProjectError> {
        let no_commit = || ProjectError::NoCommit { rev: rev.to_owned() };
        if rev.is_empty() || rev.contains('\0') {
            return Err(no_commit());
        }
        let commit = format!("{rev}^{{commit}}");
        let id = match self.git.line(&["rev-parse", "--verify", "--end-of-options", &commit]) {
            Ok(id) => id,
            Err(GitError::Failed { .. }) => return Err(no_commit()),
            Err(error) => return Err(error.into()),
        };
        // `^main` is a revision to git, but not a commit.
        if is_id(&id) { Ok(id) } else { Err(no_commit()) }
    }

    /// What records call this repository, and where its pages live.
    pub fn repo(&self) -> anyhow::Result<ProjectRepo> {
        self.repo_by(&GitConfig::read(self.git.clone())?)
    }

    /// The same, by a configuration that was read here already.
    pub fn repo_by(&self, config: &GitConfig) -> anyhow::Result<ProjectRepo> {
        let url = self.remote_url(config).context("cannot tell the remote of this repository")?;
        let settings = forge::ForgeSettings::read(config)?;
        let by_url = url.as_deref().and_then(|url| remote_url::parse(url, &settings));
        let mut repo = by_url.unwrap_or_else(|| ProjectRepo::named(self.dir_name()));
        for key in config.keys_below("okr.tracker") {
            let template = config.get(&format!("okr.tracker.{key}")).unwrap_or_default();
            repo.trackers.insert(key.to_ascii_uppercase(), template.to_owned());
        }
        Ok(repo)
    }

    /// True while git replays commits: in a rebase, an `am` or a cherry-pick.
    pub fn in_sequence(&self) -> bool {
        // With reftable, CHERRY_PICK_HEAD is no file.
        let reftable = self.common_dir.join("reftable").is_dir();
        SEQUENCE_SIGNS.iter().any(|sign| self.git_dir.join(sign).exists())
            || reftable && self.git.output(&["rev-parse", "--verify", "--quiet", "CHERRY_PICK_HEAD"]).is_ok()
    }

    /// The worktrees that have `branch` checked out.
    pub fn worktrees_on(&self, branch: &str) -> Result<Vec<PathBuf>, GitError> {
        // Git before 2.36 has no `-z` here.
        let (listing, end) = match self.git.output(&["worktree", "list", "--porcelain", "-z"]) {
            Err(error) if error.code() == Some(129) => {
                (self.git.output(&["worktree", "list", "--porcelain"])?, b'\n')
            }
            listing => (listing?, b'\0'),
        };
        let (mut worktree, mut found) = (None, Vec::new());
        for line in listing.split(|byte| *byte == end) {
            if let Some(place) = line.strip_prefix(b"worktree ") {
                worktree = Some(path(place));
            } else if line.strip_prefix(b"branch refs/heads/") == Some(branch.as_bytes()) {
                found.extend(worktree.take());
            }
        }
        Ok(found)
    }

    /// The URL of the current branch's remote, else of `origin`, else of the only one there is.
    fn remote_url(&self, config: &GitConfig) -> anyhow::Result<Option<String>> {
        let remotes = config.subsections("remote", "url");
        // Git is only asked what can matter.
        let tracked = !config.subsections("branch", "remote").is_empty();
        let upstream = match if tracked { self.current_branch()? } else { None } {
            Some(branch) => config.get(&format!("branch.{}.remote", branch.raw())),
            None => None,
        };
        // `.` means this repository itself; anything unknown is a URL or a path.
        let upstream = upstream.filter(|remote| !matches!(*remote, "." | ""));
        if let Some(url) = upstream.filter(|remote| !remotes.contains(remote)) {
            return Ok(Some(url.to_owned()));
        }
        let origin = remotes.iter().find(|remote| **remote == "origin");
        let only = || remotes.first().filter(|_| remotes.len() == 1);
        let Some(remote) = upstream.or_else(|| origin.or_else(only).copied()) else { return Ok(None) };
        // Git applies `url.<base>.insteadOf`.
        let rewritten = !config.subsections("url", "insteadof").is_empty();
        let ask = || self.git.line(&["remote", "get-url", "--end-of-options", remote]).ok();
        Ok(if rewritten { ask() } else { None }
            .or_else(|| config.get(&format!("remote.{remote}.url")).map(str::to_owned)))
    }

    /// The name of the directory that holds the repository; the same in each of its worktrees.
    fn dir_name(&self) -> Text {
        let own = match &self.toplevel {
            _ if self.common_dir.ends_with(".git") => self.common_dir.parent().unwrap_or(&self.common_dir),
            Some(top) if self.git_dir == self.common_dir => top,
            _ => &self.common_dir,
        };
        let name = own.file_name().unwrap_or(own.as_os_str()).to_string_lossy();
        Text::from(name.strip_suffix(".git").unwrap_or(&name))
    }
}

/// Sorts out why no repository was found: none there is no error.
fn refusal(dir: &Path, error: GitError) -> Result<(), ProjectError> {
    // Git has one exit code for all of these; its words, in the C locale, are the only sign.
    let said = error.stderr();
    if said.starts_with("fatal: not a git repository (or any") {
        Ok(())
    } else if said.contains("dubious ownership") || said.contains("unsafe repository") {
        Err(ProjectError::Untrusted { dir: dir.to_owned(), advice: said.to_owned() })
    } else {
        Err(error.into())
    }
}

/// Exit code 1 of a `--quiet` question means: there is none.
fn unless_silent(answer: Result<String, GitError>) -> Result<Option<String>, GitError> {
    match answer {
        Err(error) if error.code() == Some(1) => Ok(None),
        answer => answer.map(Some),
    }
}

/// A full SHA-1 or SHA-256 id.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A path as git prints it: any bytes on Unix, UTF-8 elsewhere.
fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
    #[cfg(not(unix))]
    return PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
}

#[cfg(test)]
mod tests;
