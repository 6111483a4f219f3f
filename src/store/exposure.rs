//! Facts about the place of a journal: who can read it, what holds it, and what would take it along.

use std::collections::BTreeSet;
use std::path::Path;

use super::consent::{Consent, consent};
use super::git_config::GitConfig;
use super::hooks::{Event, Hooks};
use super::journal::{Home, Journal};
use super::project::Project;
use super::project::program::Git;
use crate::model::Text;
use crate::report::exposure::{Place, Remote};

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What configuration and names of refs tell.
    Glance,
    /// Also what is behind each ref: the walk costs with the history.
    Whole,
}

/// Looks at the place of `journal`. What git cannot answer is no fact.
pub fn place(journal: &Journal, config: &GitConfig, project: Option<&Project>, depth: Depth) -> Place {
    let private = journal.home() == Home::Private;
    let mut place = Place {
        dir: journal.dir().display().to_string().into(),
        private,
        branch: journal.branch().into(),
        readable: if private { opens_to_others(journal.dir()) } else { reached_by_others(journal.dir()) },
        ..Place::default()
    };
    match project {
        Some(project) if !private => here(&mut place, journal, config, project, depth),
        Some(project) if depth == Depth::Whole && !is_same(project.common_dir(), journal.dir()) => {
            let root = roots(journal).into_iter().next();
            let known = root.and_then(|root| project.existing(&BTreeSet::from([root])).ok());
            if known.is_some_and(|known| !known.is_empty()) {
                place.copied_to = Some(project.common_dir().display().to_string().into());
            }
        }
        _ => {}
    }
    place
}

fn here(place: &mut Place, journal: &Journal, config: &GitConfig, project: &Project, depth: Depth) {
    let branch = journal.branch();
    let text = |path: &Path| Text::from(path.display().to_string());
    place.worktrees =
        project.worktrees_on(branch).unwrap_or_default().iter().map(|path| text(path)).collect();
    place.guarded = Hooks::open(project).and_then(|hooks| hooks.status()).is_ok_and(|status| {
        status.events.iter().any(|one| one.event == Event::PrePush && one.runs != Some(false))
    });
    let mut open = Vec::new();
    for name in config.subsections("remote", "url") {
        let url = project.git().line(&["remote", "get-url", "--push", "--end-of-options", name]);
        if consent(config, project, name, &url.unwrap_or_default()) != Consent::Given {
            open.push(name);
        }
    }
    let all = |key: &str| config.all(key).into_iter().map(Text::from).collect();
    let remote = |name: &&str| Remote {
        name: (*name).into(),
        mirror: matches!(config.get_bool(&format!("remote.{name}.mirror")), Ok(Some(true))),
        push: all(&format!("remote.{name}.push")),
        fetch: all(&format!("remote.{name}.fetch")),
    };
    place.remotes = open.iter().map(remote).collect();
    let upstream = config.local(&format!("branch.{branch}.remote"));
    place.upstream = upstream.filter(|remote| open.contains(remote)).map(Text::from);
    let named = |name: &str| {
        let rest = name.strip_prefix("refs/remotes/");
        rest.is_none_or(|rest| open.iter().any(|remote| rest.starts_with(&format!("{remote}/"))))
    };
    let own = format!("refs/heads/{branch}");
    let listed = holders(journal, project, depth);
    let theirs = listed.into_iter().filter(|name| *name != own && !name.starts_with("refs/okr/"));
    place.refs = theirs.filter(|name| named(name)).map(Text::from).collect();
}

/// Refs that hold the journal: by their names, or by what they lead to.
fn holders(journal: &Journal, project: &Project, depth: Depth) -> Vec<String> {
    let mut args = vec!["for-each-ref".to_owned(), "--format=%(refname)".to_owned()];
    match depth {
        Depth::Glance => args.push(format!("refs/remotes/**/{}", journal.branch())),
        Depth::Whole => args.extend(roots(journal).into_iter().map(|root| format!("--contains={root}"))),
    }
    // Without a single root there is nothing to ask for.
    if args.len() == 2 {
        return Vec::new();
    }
    let listed = project.git().output(&args).unwrap_or_default();
    String::from_utf8_lossy(&listed).lines().map(str::to_owned).collect()
}

/// The commits that the journal began with.
fn roots(journal: &Journal) -> Vec<String> {
    let dir = format!("--git-dir={}", journal.dir().display());
    let branch = format!("refs/heads/{}", journal.branch());
    let listed = Git::new(journal.dir()).output(&[&dir, "rev-list", "--max-parents=0", &branch]);
    String::from_utf8_lossy(&listed.unwrap_or_default()).lines().map(str::to_owned).collect()
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// A directory that is the journal's alone is its owner's alone.
fn opens_to_others(dir: &Path) -> bool {
    mode(dir).is_some_and(|mode| mode & 0o077 != 0)
}

/// A repository's own directory is often open to all, in a home that is not: what counts is whether one can get there.
fn reached_by_others(dir: &Path) -> bool {
    let Ok(dir) = dir.canonicalize() else { return false };
    let passable = |place: &Path| mode(place).is_some_and(|mode| mode & 0o001 != 0);
    mode(&dir).is_some_and(|mode| mode & 0o005 == 0o005) && dir.ancestors().skip(1).all(passable)
}

fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(path.metadata().ok()?.permissions().mode())
}
