//! Which repositories are read: the one here, those of `okr.repos`, or those that are named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Context, Wanted};
use crate::error::CommandError;
use crate::model::Text;
use crate::render::{Line, Role};
use crate::store::project::Project;
use crate::store::project::glance::{Glance, glances};
use crate::store::project::places::places;

/// A repository that could not be looked at.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Skipped {
    /// The directory, or the entry that names it.
    pub place: Text,
    /// Why not.
    pub why: Text,
}

/// Repositories at a glance, and those that cannot be looked at.
pub(super) struct Look {
    pub(super) looked_at: Vec<Glance>,
    pub(super) skipped: Vec<Skipped>,
}

impl Skipped {
    fn new(place: impl Into<Text>, why: impl std::fmt::Display) -> Self {
        Self { place: place.into(), why: why.to_string().into() }
    }

    pub(super) fn at(dir: &Path, why: impl std::fmt::Display) -> Self {
        Self::new(dir.display().to_string(), why)
    }

    /// In one line.
    pub fn line(&self) -> Line {
        Line::from("skipped '")
            .text(Role::Plain, &self.place)
            .plain("': ")
            .text(Role::Plain, &self.why.first_line())
    }
}

impl Context {
    /// Which repositories to read, at a glance, each worktree's branch once; and what cannot be.
    pub(super) fn look(&self, wanted: &Wanted) -> Result<Option<Look>, CommandError> {
        let home = std::env::home_dir();
        let entries: Vec<String> = if wanted.repos.is_empty() {
            self.config()?.all("okr.repos").into_iter().map(str::to_owned).collect()
        } else {
            wanted.repos.iter().map(|path| self.expand(path).display().to_string()).collect()
        };
        let mut dirs: Vec<PathBuf> = Vec::new();
        if wanted.repos.is_empty() {
            dirs.extend(self.project()?.map(|project| project.place().to_owned()));
        }
        let entries = if wanted.repos.is_empty() && wanted.range.is_some() { Vec::new() } else { entries };
        if dirs.is_empty() && entries.is_empty() {
            return Ok(None);
        }
        let named = places(entries.iter().map(String::as_str), home.as_deref());
        let mut skipped: Vec<Skipped> =
            named.missing.into_iter().map(|(entry, why)| Skipped::new(entry, why)).collect();
        dirs.extend(named.dirs);
        // The journal is no work, wherever a wildcard finds it.
        let journal = self.location()?.dir;
        let journal = journal.canonicalize().unwrap_or(journal);
        let mut seen = BTreeSet::new();
        let mut looked_at = Vec::new();
        for (dir, answer) in dirs.iter().zip(glances(&dirs)) {
            match answer {
                Ok(Some(glance)) => {
                    let is_journal = dirs.len() > 1 && glance.common_dir == journal;
                    if !is_journal
                        && seen.insert((glance.common_dir.clone(), glance.place.clone(), glance.head.clone()))
                    {
                        looked_at.push(glance);
                    }
                }
                Ok(None) => {
                    skipped.push(Skipped::at(dir, "no git repository is there"));
                }
                // Alone, what git refuses is told with git's advice.
                Err(error) if dirs.len() == 1 && skipped.is_empty() => return Err(error.into()),
                Err(error) => skipped.push(Skipped::at(dir, error)),
            }
        }
        Ok(Some(Look { looked_at, skipped }))
    }

    /// The repository at a directory; the one here is known already.
    pub(super) fn project_at(&self, dir: &Path) -> Result<Option<Project>, CommandError> {
        match self.project()? {
            Some(project) if project.place() == dir => Ok(Some(project.clone())),
            _ => Ok(Project::discover(dir)?),
        }
    }
}
