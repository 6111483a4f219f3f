//! The post-commit hook: planned, installed, removed and judged without ever setting `core.hooksPath`.

mod detect;
mod manifest;
mod plan;
mod script;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::model::Text;

use super::git_config::GitConfig;
use super::project::Project;
use manifest::{Manifest, mode, remove_file, sha256, write_file};
use plan::Keep;
pub use plan::{Plan, Step};
pub use script::SHIM;
use script::{Script, kind};

/// The event, which is also the name of its file.
const EVENT: &str = "post-commit";

/// The section of git's configuration that is ours, for a git that runs hooks by configuration.
const SECTION: &str = "hook.okr-post-commit";

/// What git runs, with the hook's arguments behind it. A single word would, once git-okr is gone, keep every other
/// hook of the event from running; this says nothing and ends well.
const COMMAND: &str =
    "command -v git-okr >/dev/null 2>&1 || exit 0; </dev/null >/dev/null git-okr hook post-commit";

/// The first git that runs hooks by configuration.
const CONFIG_HOOKS: (u32, u32, u32) = (2, 54, 0);

/// How the hook is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookKind {
    /// By git's configuration.
    Config,
    /// As a file of its own.
    File,
    /// As a block in somebody else's script.
    Block,
    /// Not at all.
    None,
}

/// What is installed, and whether it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookStatus {
    /// How it is installed.
    pub how: HookKind,
    /// Where its file is or would be.
    pub path: PathBuf,
    /// True when git runs it.
    pub runnable: bool,
    /// `core.hooksPath`, when it is set: git then looks for files there only.
    pub hooks_path: Option<Text>,
    /// The program that manages hooks here, if one was recognised.
    pub manager: Option<&'static str>,
    /// What keeps it from working, in sentences for the person.
    pub problems: Vec<String>,
}

/// The hook of one repository.
#[derive(Debug)]
pub struct Hooks {
    project: Project,
    config: GitConfig,
    version: (u32, u32, u32),
    path: PathBuf,
}

/// What stands where the hook's file belongs.
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
    /// The hook of `project`, for the git that is installed.
    pub fn open(project: &Project) -> anyhow::Result<Self> {
        let version = project.git().version()?;
        Self::with_version(project, version)
    }

    /// The hook of `project` as a git of `version` would run it.
    pub fn with_version(project: &Project, version: (u32, u32, u32)) -> anyhow::Result<Self> {
        let config = GitConfig::read(project.git().clone())?;
        // Where `core.hooksPath` points is never written, but a file from before it was set may be taken away.
        let dir = if config.get("core.hooksPath").is_some() {
            project.common_dir().join("hooks")
        } else {
            project.git().dir().join(project.git().line(&["rev-parse", "--git-path", "hooks"])?)
        };
        Ok(Self { project: project.clone(), config, version, path: dir.join(EVENT) })
    }

    /// Does what `plan` says, unless the hook has changed since it was made.
    pub fn apply(&mut self, plan: &Plan) -> anyhow::Result<()> {
        let common_dir = self.project.common_dir().to_owned();
        let touches_file =
            plan.steps.iter().any(|step| matches!(step, Step::Write { .. } | Step::Remove { .. }));
        if touches_file && self.fingerprint()? != plan.seen {
            bail!("'{}' has changed meanwhile", self.path.display());
        }
        // What was there is safe before anything changes.
        if let Keep::Save(manifest) = &plan.keep {
            manifest.save(&common_dir)?;
        }
        let made_directory = Manifest::load(&common_dir).is_some_and(|manifest| manifest.made_directory);
        for step in &plan.steps {
            match step {
                Step::SetConfig { key, value } => self.config.set_local(key, value)?,
                Step::RemoveConfig { section } => self.config.remove_local_section(section)?,
                Step::Write { path, content, mode } => {
                    if let Some(dir) = path.parent() {
                        fs::create_dir_all(dir)
                            .with_context(|| format!("cannot make '{}'", dir.display()))?;
                    }
                    write_file(path, content, *mode)?;
                }
                Step::Remove { path } => {
                    remove_file(path)?;
                    if made_directory {
                        // Only if nobody else has put something into it.
                        let _ = path.parent().map(fs::remove_dir);
                    }
                }
            }
        }
        if plan.keep == Keep::Remove { Manifest::remove(&common_dir) } else { Ok(()) }
    }

    /// What is installed, and whether git runs it.
    pub fn status(&self) -> anyhow::Result<HookStatus> {
        let mut problems = Vec::new();
        let mut tell = |on: bool, problem: &str| problems.extend(on.then(|| problem.to_owned()));
        let hooks_path = self.config.get("core.hooksPath").map(Text::from);
        let configured = self.config.get(&format!("{SECTION}.command"));
        let by_config = configured.is_some() && self.runs_config_hooks();
        let disabled = matches!(self.config.get_bool(&format!("{SECTION}.enabled")), Ok(Some(false)));
        tell(
            configured.is_some() && !by_config,
            "the hook is installed by configuration, which this version of git does not run",
        );
        tell(by_config && disabled, "the hook is switched off by configuration");
        tell(
            by_config && (configured != Some(COMMAND) || !self.has_event()),
            "the configured hook is not what git-okr writes: install it again",
        );

        let (mut in_file, mut executable) = (HookKind::None, false);
        match self.file()? {
            HookFile::Regular { content, mode } => {
                in_file = match kind(&content) {
                    Script::Ours => HookKind::File,
                    Script::WithBlock => HookKind::Block,
                    Script::Blank | Script::Shell | Script::Other => HookKind::None,
                };
                executable = mode & 0o111 != 0;
                let present = in_file != HookKind::None;
                let old = present && script::with_block(&content) != content;
                tell(present && !executable, "the hook's file is not executable: git skips it");
                tell(old, "another version of git-okr wrote the hook: install it again");
                tell(present && by_config, "the hook is installed twice, by configuration and as a file");
            }
            HookFile::Missing => {}
            HookFile::Untouchable(why) => tell(!by_config, why),
        }
        let unreached = hooks_path.is_some() && in_file != HookKind::None && !by_config;
        tell(unreached, "core.hooksPath is set: git never looks at the hook's file");
        let how = if by_config { HookKind::Config } else { in_file };
        let runnable = match how {
            HookKind::Config => !disabled && self.has_event(),
            HookKind::File | HookKind::Block => executable && !unreached,
            HookKind::None => false,
        };
        let manager = detect::detect(&self.project, hooks_path.as_ref(), &self.path);
        Ok(HookStatus { how, path: self.path.clone(), runnable, hooks_path, manager, problems })
    }

    fn runs_config_hooks(&self) -> bool {
        self.version >= CONFIG_HOOKS
    }

    fn has_event(&self) -> bool {
        self.config.all(&format!("{SECTION}.event")).contains(&EVENT)
    }

    fn file(&self) -> anyhow::Result<HookFile> {
        let dir = self.path.parent().unwrap_or(Path::new(""));
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if dir.exists() && !real(dir).starts_with(real(self.project.common_dir())) {
            return Ok(HookFile::Untouchable("the directory of hooks is a link out of the git directory"));
        }
        let metadata = match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HookFile::Missing),
            metadata => metadata.with_context(|| format!("cannot look at '{}'", self.path.display()))?,
        };
        if metadata.is_symlink() {
            return Ok(HookFile::Untouchable("the hook is a symbolic link to a file of somebody else"));
        }
        if !metadata.is_file() {
            return Ok(HookFile::Untouchable("something that is no file stands in the hook's place"));
        }
        let content =
            fs::read(&self.path).with_context(|| format!("cannot read '{}'", self.path.display()))?;
        Ok(HookFile::Regular { content, mode: mode(&metadata) })
    }

    /// The hash of the hook's file; none when there is no file.
    fn fingerprint(&self) -> anyhow::Result<Option<String>> {
        Ok(match self.file()? {
            HookFile::Regular { content, .. } => Some(sha256(&content)),
            HookFile::Missing | HookFile::Untouchable(_) => None,
        })
    }
}
