//! Signed journal commits: `git commit-tree -S` knows every kind of key that a configuration may name.

use std::ops::ControlFlow;
use std::path::Path;

use super::git_config::Committer;
use super::project::program::{Git, GitError};

/// Writes a signed commit into the repository at `dir` and returns its id. The objects are synced before it returns.
pub fn commit_tree(
    git: &Git,
    dir: &Path,
    tree: &str,
    parents: &[String],
    message: &str,
    who: &Committer,
) -> Result<String, GitError> {
    let date = format!("{} {}", who.time.epoch(), who.time.0.format("%z"));
    let mut git = git.clone();
    for role in ["AUTHOR", "COMMITTER"] {
        git = git
            .with_env(format!("GIT_{role}_NAME"), who.name.raw())
            .with_env(format!("GIT_{role}_EMAIL"), who.email.raw())
            .with_env(format!("GIT_{role}_DATE"), &date);
    }
    let mut args = vec![format!("--git-dir={}", dir.display()), "-c".into(), "core.fsync=all".into()];
    args.extend(["commit-tree".into(), "-S".into(), "-F".into(), "-".into()]);
    for parent in parents {
        args.extend(["-p".into(), parent.clone()]);
    }
    args.push(tree.to_owned());
    let mut id = Vec::new();
    git.stream(&args, Some(message.as_bytes().to_vec()), |record| {
        id.extend_from_slice(record);
        ControlFlow::Continue(())
    })?;
    Ok(String::from_utf8_lossy(&id).trim().to_owned())
}
