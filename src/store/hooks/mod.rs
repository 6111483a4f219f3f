//! Hooks: planned, installed, removed, judged and tried, without ever setting `core.hooksPath`.

mod detect;
mod event;
mod manifest;
mod place;
mod plan;
mod script;
mod status;
#[cfg(test)]
mod tests;
mod trial;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::git_config::GitConfig;
use super::project::Project;
use super::project::program::Git;
pub use event::Event;
use manifest::{Manifest, mode, remove_file, sha256, write_file};
use place::{Place, Refusal};
pub use plan::{Plan, Step};
pub use status::{EventStatus, HookKind, HookStatus};
pub use trial::PROBE;

/// The first git that runs hooks by configuration.
const CONFIG_HOOKS: (u32, u32, u32) = (2, 54, 0);

/// Which repositories hooks are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The one that one stands in.
    Repository,
    /// Every repository of the person.
    Everywhere,
}

/// The hooks of one repository, or of all.
#[derive(Debug)]
pub struct Hooks {
    git: Git,
    config: GitConfig,
    version: (u32, u32, u32),
    reach: Reach,
    /// The repository, when it is about one.
    project: Option<Project>,
    /// Where files are; none when there is no place of the person for them.
    place: Option<Place>,
    /// Why no file may be written.
    refusal: Option<Refusal>,
}

/// What stands where a hook's file belongs.
enum HookFile {
    Missing,
    Regular {
        content: Vec<u8>,
        mode: u32,
    },
    /// A link, a directory, or a file outside of the git directory: not ours to write. The words say which.
    Untouchable(&'static str),
}

impl Hooks {
    /// The hooks of `project`, for the git that is installed.
    pub fn open(project: &Project) -> anyhow::Result<Self> {
        let version = project.git().version()?;
        Self::with_version(project, version)
    }

    /// The hooks of `project` as a git of `version` would run them.
    pub fn with_version(project: &Project, version: (u32, u32, u32)) -> anyhow::Result<Self> {
        let config = GitConfig::read(project.git().clone())?;
        let mut hooks = Self {
            git: project.git().clone(),
            config,
            version,
            reach: Reach::Repository,
            project: Some(project.clone()),
            place: Some(Place::own(project)),
            refusal: None,
        };
        if let Some(elsewhere) = Place::elsewhere(project, &hooks.config)? {
            hooks.refusal = elsewhere.refusal;
            if hooks.refusal.is_none() {
                hooks.place = Some(elsewhere.place);
            }
        }
        Ok(hooks)
    }

    /// The hooks in the repository's own directory where git looks elsewhere: files from before `core.hooksPath` was
    /// set, which may be taken away.
    pub fn unused(project: &Project) -> anyhow::Result<Option<Self>> {
        let hooks = Self::open(project)?;
        let own = Place::own(project);
        let used = hooks.place.as_ref().is_some_and(|place| place.dir == own.dir);
        Ok((!used).then_some(Self { place: Some(own), ..hooks }))
    }

    /// The hooks of every repository of the person.
    pub fn everywhere(git: &Git) -> anyhow::Result<Self> {
        Self::everywhere_with(git, git.version()?)
    }

    /// The hooks of every repository as a git of `version` would run them.
    pub fn everywhere_with(git: &Git, version: (u32, u32, u32)) -> anyhow::Result<Self> {
        let config = GitConfig::read(git.clone())?;
        // Both are the person's own, and were there before: neither is ever set.
        let path = config.global_path("core.hooksPath").filter(|path| path.is_absolute());
        let template =
            config.global_path("init.templateDir").filter(|path| path.is_absolute() && path.is_dir());
        let place = match (path, template) {
            (Some(path), _) => Some(Place { dir: path.clone(), base: path }),
            (None, Some(template)) => Some(Place { dir: template.join("hooks"), base: template }),
            (None, None) => None,
        };
        let refusal = place.is_none().then(|| Refusal {
            why: "this git runs hooks for every repository only from core.hooksPath or init.templateDir, and neither is set to an \
                  absolute path of a directory"
                .to_owned(),
            advice: None,
        });
        let reach = Reach::Everywhere;
        Ok(Self { git: git.clone(), config, version, reach, project: None, place, refusal })
    }

    /// Does what `plan` says, unless a hook has changed since it was made.
    pub fn apply(&mut self, plan: &Plan) -> anyhow::Result<()> {
        for (path, seen) in &plan.seen {
            if self.fingerprint(path)? != *seen {
                bail!("'{}' has changed meanwhile", path.display());
            }
        }
        let place = self.place.as_ref().map(|place| (place.dir.clone(), place.base.clone()));
        let made_directory = plan.steps.iter().any(|step| matches!(step, Step::Remove { .. }))
            && place.as_ref().is_some_and(|(_, base)| Manifest::load(base).made_directory);
        if let (Some((dir, base)), true) = (&place, plan.touches_files()) {
            fs::create_dir_all(dir).with_context(|| format!("cannot make '{}'", dir.display()))?;
            // Nothing is begun that cannot be ended.
            tempfile::NamedTempFile::new_in(dir)
                .with_context(|| format!("cannot write in '{}'", dir.display()))?;
            // What was there is safe before anything changes.
            if let Some(manifest) = plan.manifest.as_ref().filter(|manifest| !manifest.files.is_empty()) {
                manifest.save(base)?;
            }
        }
        for step in &plan.steps {
            match (step, self.reach) {
                (Step::SetConfig { key, value, .. }, Reach::Repository) => {
                    self.config.set_local(key, value)?;
                }
                (Step::SetConfig { key, value, .. }, Reach::Everywhere) => {
                    self.config.set_global(key, value)?;
                }
                (Step::RemoveConfig { section, .. }, Reach::Repository) => {
                    self.config.remove_local_section(section)?;
                }
                (Step::RemoveConfig { section, .. }, Reach::Everywhere) => {
                    self.config.remove_global_section(section)?;
                }
                (Step::Write { path, content, mode, .. }, _) => write_file(path, content, *mode)?,
                (Step::Remove { path }, _) => remove_file(path)?,
            }
        }
        if let (Some(manifest), Some((dir, base))) = (&plan.manifest, &place) {
            manifest.save(base)?;
            if made_directory && manifest.files.is_empty() {
                // Only if nobody else has put something into it.
                let _ = fs::remove_dir(dir);
            }
        }
        Ok(())
    }

    fn runs_config_hooks(&self) -> bool {
        self.version >= CONFIG_HOOKS
    }

    /// What is set where this is about: in the repository, or for the person.
    fn configured(&self, key: &str) -> Option<&str> {
        match self.reach {
            Reach::Repository => self.config.local(key),
            Reach::Everywhere => self.config.global(key),
        }
    }

    /// The program that manages hooks here.
    fn manager(&self) -> Option<detect::Manager> {
        let hook = self.path_of(Event::PostCommit)?;
        detect::detect(self.project.as_ref()?, self.config.get("core.hooksPath"), &hook)
    }

    fn path_of(&self, event: Event) -> Option<PathBuf> {
        self.place.as_ref().map(|place| place.dir.join(event.name()))
    }

    /// Our hook of `event` where pre-commit put it when it took its place, and runs it from.
    fn moved(&self, event: Event, content: &[u8]) -> anyhow::Result<Option<(PathBuf, Vec<u8>, u32)>> {
        let Some(path) = self.path_of(event).filter(|_| detect::runs_moved(content)) else { return Ok(None) };
        let path = path.with_extension(detect::MOVED[0]);
        Ok(match self.file(&path)? {
            HookFile::Regular { content, mode }
                if matches!(script::kind(&content), script::Script::Ours | script::Script::WithBlock) =>
            {
                Some((path, content, mode))
            }
            _ => None,
        })
    }

    fn file(&self, path: &Path) -> anyhow::Result<HookFile> {
        let dir = path.parent().unwrap_or(Path::new(""));
        let base = self.place.as_ref().map_or(dir, |place| &place.base);
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if dir.exists() && !real(dir).starts_with(real(base)) {
            return Ok(HookFile::Untouchable("the directory of hooks is a link out of the git directory"));
        }
        if dir.exists() && !dir.is_dir() {
            return Ok(HookFile::Untouchable("the place of hooks is no directory"));
        }
        let metadata = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HookFile::Missing),
            metadata => metadata.with_context(|| format!("cannot look at '{}'", path.display()))?,
        };
        if metadata.is_symlink() {
            return Ok(HookFile::Untouchable("the hook is a symbolic link to a file of somebody else"));
        }
        if !metadata.is_file() {
            return Ok(HookFile::Untouchable("something that is no file stands in the hook's place"));
        }
        let content = fs::read(path).with_context(|| format!("cannot read '{}'", path.display()))?;
        Ok(HookFile::Regular { content, mode: mode(&metadata) })
    }

    /// The hash of a hook's file; none when there is no file.
    fn fingerprint(&self, path: &Path) -> anyhow::Result<Option<String>> {
        Ok(match self.file(path)? {
            HookFile::Regular { content, .. } => Some(sha256(&content)),
            HookFile::Missing | HookFile::Untouchable(_) => None,
        })
    }
}
