//! Where hook files go: the repository's own directory, or the one that `core.hooksPath` names, where that is the
//! person's to write.

use std::path::{Path, PathBuf};

use super::detect;
use crate::store::git_config::GitConfig;
use crate::store::project::Project;

/// A directory of hook files and where the manifest of them is kept.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) dir: PathBuf,
    pub(super) base: PathBuf,
}

impl Place {
    /// The directory of hooks that belongs to a repository, whether git looks there or not.
    pub(super) fn own(project: &Project) -> Self {
        Self { dir: project.common_dir().join("hooks"), base: project.common_dir().to_owned() }
    }

    /// Where git looks for hooks here; `None` in the repository's own directory, as always without `core.hooksPath`.
    pub(super) fn elsewhere(project: &Project, config: &GitConfig) -> anyhow::Result<Option<Elsewhere>> {
        let Some(named) = config.get("core.hooksPath") else { return Ok(None) };
        let used = project.git().dir().join(project.git().line(&["rev-parse", "--git-path", "hooks"])?);
        let (own, dir) = (real(&Self::own(project).dir), real(&used));
        if own == dir {
            return Ok(None);
        }
        let refusal = refused(project, config, &dir).map(|(what, advice)| Refusal {
            why: format!("core.hooksPath leads to '{named}', {what}"),
            advice: detect::by_path(named).and_then(detect::Manager::advice).or(advice),
        });
        Ok(Some(Elsewhere { place: Self { dir: dir.clone(), base: dir }, refusal }))
    }
}

/// A directory that `core.hooksPath` names.
pub(super) struct Elsewhere {
    pub(super) place: Place,
    /// Why nothing of ours may be written there.
    pub(super) refusal: Option<Refusal>,
}

/// Why no file may be written.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) why: String,
    /// What the person can do about it.
    pub(super) advice: Option<&'static str>,
}

/// Why a directory of hooks is not this repository's alone, or not the person's alone; and what can be done.
fn refused(
    project: &Project,
    config: &GitConfig,
    dir: &Path,
) -> Option<(&'static str, Option<&'static str>)> {
    if !dir.is_dir() {
        return Some(("which is no directory", None));
    }
    if let Some(top) = project.toplevel().map(real)
        && dir.starts_with(&top)
        && !dir.starts_with(real(project.common_dir()))
    {
        // What git does not ignore is the team's: it would go into the next commit.
        let hook = dir.join("post-commit");
        let ignored = project.git().output(&["check-ignore".as_ref(), "--quiet".as_ref(), hook.as_os_str()]);
        let advice = "the line for a script that others share is in docs/hooks.md";
        return ignored.is_err().then_some(("a part of the work tree that others share", Some(advice)));
    }
    let local = config.local("core.hooksPath") == config.get("core.hooksPath");
    let advice = "install them for every repository: git okr hooks install --global";
    (!local).then_some(("where every repository looks", Some(advice)))
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
