//! What installing or removing the hook would do, as a value that can be shown before it is done.

use std::path::PathBuf;

use super::manifest::{Manifest, Original, sha256};
use super::script::{Script, kind, with_block, without_block};
use super::{COMMAND, EVENT, HookFile, Hooks, SECTION, SHIM};

/// Steps in their order, and what the person should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is done; nothing when all is as it should be.
    pub steps: Vec<Step>,
    /// Why something is left alone, in sentences.
    pub notes: Vec<String>,
    /// The hook's file when the plan was made, by its hash.
    pub(super) seen: Option<String>,
    pub(super) keep: Keep,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Set a key in the repository's own configuration.
    SetConfig {
        /// The key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Remove a section of the repository's own configuration.
    RemoveConfig {
        /// The section, without brackets.
        section: String,
    },
    /// Write a file.
    Write {
        /// Which.
        path: PathBuf,
        /// All of it.
        content: Vec<u8>,
        /// Its permission bits.
        mode: u32,
    },
    /// Remove a file.
    Remove {
        /// Which.
        path: PathBuf,
    },
}

/// What becomes of the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Keep {
    /// It stays as it is.
    #[default]
    AsIs,
    /// It is written first.
    Save(Manifest),
    /// It is removed last.
    Remove,
}

impl Hooks {
    /// What installing would do. Nothing, when it is done already.
    pub fn install_plan(&self) -> anyhow::Result<Plan> {
        if self.runs_config_hooks() {
            // A file of ours would run a second time.
            let mut plan = self.file_removal()?;
            for (name, value) in [("event", EVENT), ("command", COMMAND)] {
                let key = format!("{SECTION}.{name}");
                if self.config.local(&key) != Some(value) {
                    plan.steps.push(Step::SetConfig { key, value: value.to_owned() });
                }
            }
            return Ok(plan);
        }
        if self.config.get("core.hooksPath").is_some() {
            let note = "core.hooksPath is set, so another program owns the hooks here: nothing is written. Commits \
                        are found when you look at the inbox.";
            return Ok(Plan { notes: vec![note.to_owned()], ..Plan::default() });
        }
        let mut plan = self.file_install()?;
        if !plan.steps.is_empty() {
            plan.steps.extend(self.config_removal());
        }
        Ok(plan)
    }

    /// What removing would do: every byte goes back to what it was, unless somebody has changed the file since; then
    /// only our block goes.
    pub fn uninstall_plan(&self) -> anyhow::Result<Plan> {
        let mut plan = self.file_removal()?;
        plan.steps.extend(self.config_removal());
        Ok(plan)
    }

    fn config_removal(&self) -> Option<Step> {
        let ours = ["event", "command", "enabled"];
        let present = ours.iter().any(|name| self.config.local(&format!("{SECTION}.{name}")).is_some());
        present.then(|| Step::RemoveConfig { section: SECTION.to_owned() })
    }

    fn file_install(&self) -> anyhow::Result<Plan> {
        let manifest = Manifest::load(self.project.common_dir());
        let made_directory = self.path.parent().is_some_and(|dir| !dir.exists())
            || manifest.as_ref().is_some_and(|manifest| manifest.made_directory);
        let (content, old_mode) = match self.file()? {
            HookFile::Regular { content, mode } => (content, mode),
            HookFile::Missing => {
                return Ok(self.write(
                    None,
                    SHIM.into(),
                    0o755,
                    Manifest::new(None, SHIM.as_bytes(), made_directory),
                ));
            }
            HookFile::Untouchable(why) => {
                return Ok(left_alone(why));
            }
        };
        let kind = kind(&content);
        if kind == Script::Other {
            return Ok(left_alone("the hook that is there is no shell script"));
        }
        if kind == Script::Shell && old_mode & 0o111 == 0 {
            return Ok(left_alone(
                "the hook that is there is not executable, and making it so would switch it on",
            ));
        }
        let whole = matches!(kind, Script::Blank | Script::Ours);
        let (wanted, mode) =
            if whole { (SHIM.as_bytes().to_vec(), 0o755) } else { (with_block(&content), old_mode) };
        if wanted == content && (!whole || old_mode & 0o111 != 0) {
            return Ok(Plan::default());
        }
        // What was there before the first time, not before this time.
        let known = manifest.filter(|manifest| manifest.after_sha256 == sha256(&content));
        let before = match kind {
            Script::Blank | Script::Shell => Some(Original::new(&content, old_mode)),
            Script::Ours => known.and_then(|manifest| manifest.before),
            Script::WithBlock | Script::Other => match known {
                Some(manifest) => manifest.before,
                None => Some(Original::new(&without_block(&content), old_mode)),
            },
        };
        let manifest = Manifest::new(before, &wanted, made_directory);
        Ok(self.write(Some(&content), wanted, mode, manifest))
    }

    fn file_removal(&self) -> anyhow::Result<Plan> {
        let manifest = Manifest::load(self.project.common_dir());
        let keep = if manifest.is_some() { Keep::Remove } else { Keep::AsIs };
        let HookFile::Regular { content, mode } = self.file()? else {
            return Ok(Plan { keep, ..Plan::default() });
        };
        let kind = kind(&content);
        if !matches!(kind, Script::Ours | Script::WithBlock) {
            return Ok(Plan { keep, ..Plan::default() });
        }
        let path = self.path.clone();
        let before = manifest.as_ref().and_then(|manifest| manifest.before.as_ref());
        let untouched = manifest.as_ref().is_some_and(|manifest| manifest.after_sha256 == sha256(&content));
        let original =
            before.filter(|_| untouched).and_then(|o| o.content().map(|content| (content, o.mode)));
        let step = match original {
            Some((content, mode)) => Step::Write { path, content, mode },
            None if kind == Script::Ours && before.is_none() => Step::Remove { path },
            None => Step::Write { path, content: without_block(&content), mode },
        };
        Ok(Plan { steps: vec![step], seen: Some(sha256(&content)), keep, ..Plan::default() })
    }

    fn write(&self, seen: Option<&[u8]>, content: Vec<u8>, mode: u32, manifest: Manifest) -> Plan {
        let step = Step::Write { path: self.path.clone(), content, mode };
        Plan { steps: vec![step], notes: Vec::new(), seen: seen.map(sha256), keep: Keep::Save(manifest) }
    }
}

fn left_alone(why: &str) -> Plan {
    let note = format!("{why}: nothing is written. Commits are found when you look at the inbox.");
    Plan { notes: vec![note], ..Plan::default() }
}
