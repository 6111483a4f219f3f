//! Commits that the shell of a hook noted, handed to the journals that they are for.

use std::path::Path;

use super::super::{Context, located};
use crate::store::git_config::GitConfig;
use crate::store::inbox::Inbox;
use crate::store::noted::Noted;
use crate::store::project::Project;

impl Context {
    /// Queues what the shell noted in the inbox of each repository's own journal. Nothing here may fail a command: what
    /// is not handed on is found by the cursor.
    pub(super) fn hand_on_noted(&self) {
        let Some(noted) = Noted::here() else { return };
        noted.take(|by_work_tree| {
            for (top, commits) in by_work_tree {
                let Some((project, inbox)) = self.inbox_of(&top) else { continue };
                for commit in commits {
                    let _ = inbox.queue(project.common_dir(), &commit);
                }
            }
        });
    }

    /// The repository whose work tree has its top at `top`, and the inbox of its journal. A repository that is gone, and
    /// one without a journal, has none.
    fn inbox_of(&self, top: &Path) -> Option<(Project, Inbox)> {
        let top = top.canonicalize().ok()?;
        let here = self.project().ok().flatten().filter(|project| project.toplevel() == Some(&top));
        let (project, location) = match here {
            Some(project) => (project.clone(), self.location().ok()?),
            None => {
                let project = Project::discover(&top).ok()??;
                let config = GitConfig::read(project.git().clone()).ok()?;
                let location = located(&config, Some(&project), &top)?;
                (project, location)
            }
        };
        (project.toplevel() == Some(&top) && location.dir.is_dir())
            .then(|| (project, Inbox::new(location.state_dir())))
    }
}
