//! What is installed, who else owns hooks here, and whether git runs ours.

use std::path::PathBuf;

use super::script::{Script, kind, with_block};
use super::{Event, HookFile, Hooks, Place};
use crate::model::Text;

/// How a hook is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookKind {
    /// By the repository's own configuration.
    Config,
    /// By the person's configuration, for every repository.
    GlobalConfig,
    /// As a file of its own.
    File,
    /// As a block in somebody else's script.
    Block,
    /// Named by a hook manager or a script that the person keeps, in this file.
    Named(PathBuf),
    /// Not at all.
    None,
}

/// One hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStatus {
    /// When git runs it.
    pub event: Event,
    /// How it is installed.
    pub how: HookKind,
    /// Where its file is or would be.
    pub path: PathBuf,
    /// True when git runs it; `None` when that was not tried, since others' commands would run too.
    pub runs: Option<bool>,
    /// What keeps it from working, in sentences for the person.
    pub problems: Vec<String>,
}

/// The hooks here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookStatus {
    /// Each of them.
    pub events: Vec<EventStatus>,
    /// `core.hooksPath`, when it is set: git then looks for files there only.
    pub hooks_path: Option<Text>,
    /// The program that manages hooks here, if one was recognised.
    pub manager: Option<&'static str>,
    /// Events that the manager runs something of its own at.
    pub managed: Vec<String>,
}

impl Hooks {
    /// What is installed, and whether git would run it.
    pub fn status(&self) -> anyhow::Result<HookStatus> {
        // Where files for every repository belong to the person, `install --global` writes; here they run all the same.
        let used = self.in_use()?;
        let events: anyhow::Result<Vec<EventStatus>> =
            Event::ALL.into_iter().map(|event| used.as_ref().unwrap_or(self).event_status(event)).collect();
        let hooks_path = self.config.get("core.hooksPath").map(Text::from);
        let manager = self.manager();
        let managed = match (&manager, &self.project) {
            (Some(manager), Some(project)) => manager.events(project, self.hooks_dir().as_deref()),
            _ => Vec::new(),
        };
        let manager = manager.map(|manager| manager.name);
        Ok(HookStatus { events: events?, hooks_path, manager, managed })
    }

    /// The directory that git looks for hook files in.
    pub(super) fn hooks_dir(&self) -> Option<PathBuf> {
        let line = self.git.line(&["rev-parse", "--git-path", "hooks"]).ok()?;
        Some(self.git.dir().join(line))
    }

    /// The same hooks where git looks for them, if ours are there though they cannot be installed from here.
    fn in_use(&self) -> anyhow::Result<Option<Self>> {
        let Some(project) = self.project.as_ref().filter(|_| self.refusal.is_some()) else { return Ok(None) };
        let Some(elsewhere) = Place::elsewhere(project, &self.config)? else { return Ok(None) };
        let hooks = Self {
            git: self.git.clone(),
            config: self.config.clone(),
            version: self.version,
            reach: self.reach,
            project: self.project.clone(),
            place: Some(elsewhere.place),
            refusal: None,
        };
        let ours = |event: &Event| matches!(hooks.event_status(*event), Ok(found) if matches!(found.how, HookKind::File | HookKind::Block));
        Ok(Event::ALL.iter().any(ours).then_some(hooks))
    }

    fn event_status(&self, event: Event) -> anyhow::Result<EventStatus> {
        let mut problems = Vec::new();
        let mut tell = |on: bool, problem: &str| problems.extend(on.then(|| problem.to_owned()));
        let section = event.section();
        let command = format!("{section}.command");
        let configured = self.config.get(&command);
        let by_config = configured.is_some() && self.runs_config_hooks();
        let disabled = matches!(self.config.get_bool(&format!("{section}.enabled")), Ok(Some(false)));
        let has_event = self.config.all(&format!("{section}.event")).contains(&event.name());
        tell(
            configured.is_some() && !by_config,
            "installed by configuration, which this version of git does not run",
        );
        tell(by_config && disabled, "switched off by configuration");
        tell(
            by_config && (configured != Some(event.command().as_str()) || !has_event),
            "what is configured is not what git-okr writes: install it again",
        );
        let mut path = self.path_of(event).unwrap_or_default();
        let (mut in_file, mut executable) = (HookKind::None, false);
        // Why a usual hook is not there; of others nobody asked.
        let usual = Event::USUAL.contains(&event) && !by_config;
        match self.file(&path)? {
            HookFile::Regular { content, mode } => {
                in_file = of_ours(&content);
                executable = mode & 0o111 != 0;
                let present = in_file != HookKind::None;
                let old = present && with_block(&content, event) != content;
                tell(present && !executable, "its file is not executable: git skips it");
                tell(old, "another version of git-okr wrote it: install it again");
                tell(present && by_config, "installed twice, by configuration and as a file");
                let moved = self.moved(event, &content)?;
                tell(
                    present && moved.is_some(),
                    "it runs twice, also from the file that pre-commit moved: uninstall, and install again",
                );
                if let Some((place, content, mode)) = moved.filter(|_| !present) {
                    tell(
                        event == Event::PostRewrite,
                        "pre-commit gives it nothing to read: what a rewrite made is found at the next look",
                    );
                    (path, in_file, executable) = (place, of_ours(&content), mode & 0o111 != 0);
                } else if !present && usual && self.named(event).is_none() {
                    let kind = kind(&content);
                    tell(kind == Script::Other, "the hook that is there is no shell script");
                    let off = "the hook that is there is not executable, and making it so would switch it on";
                    tell(kind == Script::Shell && !executable, off);
                }
            }
            HookFile::Missing => {}
            HookFile::Untouchable(why) => tell(usual || !by_config && configured.is_some(), why),
        }
        let unreached = self.project.is_some() && self.refusal.is_some() && in_file != HookKind::None;
        tell(unreached && !by_config, "core.hooksPath is set: git never looks at its file");
        let how = match in_file {
            _ if by_config && self.config.local(&command).is_none() => HookKind::GlobalConfig,
            _ if by_config => HookKind::Config,
            HookKind::None => self.named(event).map_or(HookKind::None, HookKind::Named),
            in_file => in_file,
        };
        let runs = match how {
            HookKind::Config | HookKind::GlobalConfig => Some(!disabled && has_event),
            HookKind::File | HookKind::Block => Some(executable && !unreached),
            HookKind::Named(_) => None,
            HookKind::None => Some(false),
        };
        Ok(EventStatus { event, how, path, runs, problems })
    }

    /// The settings of a manager, or a script, that name our hook.
    pub(super) fn named(&self, event: Event) -> Option<PathBuf> {
        super::detect::named(self.project.as_ref()?, self.hooks_dir().as_deref(), event)
    }
}

/// How ours stands in a file.
fn of_ours(content: &[u8]) -> HookKind {
    match kind(content) {
        Script::Ours => HookKind::File,
        Script::WithBlock => HookKind::Block,
        Script::Blank | Script::Shell | Script::Other => HookKind::None,
    }
}
