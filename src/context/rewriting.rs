//! What waits follows what git rewrote: an amended or rebased commit is suggested once, as what it became.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::Context;
use crate::error::CommandError;
use crate::harvest::rewrites::follow;
use crate::model::ArtifactKind;
use crate::store::inbox::{Inbox, Item};
use crate::store::project::Project;

/// Commits that wait under an id of the past, and are gone.
#[derive(Debug, Default)]
pub(super) struct Replaced {
    place: PathBuf,
    gone: BTreeSet<String>,
}

impl Replaced {
    /// True for a suggestion of which nothing but replaced commits is left.
    pub(super) fn covers(&self, item: &Item) -> bool {
        let mut commits = commits(item).peekable();
        item.dir == self.place && commits.peek().is_some() && commits.all(|id| self.gone.contains(id))
    }
}

impl Context {
    /// Finds commits of `project` that wait or are queued and that a rewrite has replaced. What they became is
    /// queued in their place.
    pub(super) fn replaced(
        &self,
        project: &Project,
        inbox: &Inbox,
        queued: &mut BTreeMap<PathBuf, Vec<String>>,
    ) -> Result<Replaced, CommandError> {
        let place = project.place().to_owned();
        let rewrites = inbox.rewrites(project.common_dir());
        if rewrites.is_empty() {
            return Ok(Replaced { place, ..Replaced::default() });
        }
        let waiting = inbox.load().items;
        let here = waiting.iter().filter(|item| item.dir == place).flat_map(commits);
        let queue = queued.entry(project.common_dir().to_owned()).or_default();
        let moved: BTreeMap<String, String> = here
            .chain(queue.iter().map(String::as_str))
            .filter_map(|old| Some((old.to_owned(), follow(&rewrites, old)?.to_owned())))
            .collect();
        let both = moved.iter().flat_map(|(old, new)| [old.clone(), new.clone()]).collect();
        let standing = project.standing(&both)?;
        // A commit that a branch still leads to is not replaced there, and one that became nothing is not replaced.
        let believed =
            moved.into_iter().filter(|(old, new)| !standing.contains(old) && standing.contains(new));
        let (gone, became): (BTreeSet<String>, BTreeSet<String>) = believed.unzip();
        queue.retain(|id| !gone.contains(id));
        queue.extend(became);
        if queue.is_empty() {
            queued.remove(project.common_dir());
        }
        Ok(Replaced { place, gone })
    }
}

fn commits(item: &Item) -> impl Iterator<Item = &str> {
    let commits = item.suggestion.artifacts.iter().filter(|one| one.kind == ArtifactKind::Commit);
    commits.map(|one| one.reference.raw())
}
