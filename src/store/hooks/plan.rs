//! What installing or removing hooks would do, as a value that can be shown before it is done.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::manifest::{Manifest, Original, Touched, sha256};
use super::script::{Script, kind, with_block, without_block};
use super::{Event, HookFile, Hooks, Reach, detect};

/// Steps in their order, and what the person should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is done; nothing when all is as it should be.
    pub steps: Vec<Step>,
    /// Why something is left alone, in sentences.
    pub notes: Vec<String>,
    /// Hook files when the plan was made, by their hashes.
    pub(super) seen: BTreeMap<PathBuf, Option<String>>,
    /// The manifest afterwards; none when it stays as it is.
    pub(super) manifest: Option<Manifest>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Set a key in git's configuration.
    SetConfig {
        /// The repository's own configuration, or the person's.
        reach: Reach,
        /// The key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Remove a section of git's configuration.
    RemoveConfig {
        /// The repository's own configuration, or the person's.
        reach: Reach,
        /// The section, without brackets.
        section: String,
    },
    /// Write a file.
    Write {
        /// Which.
        path: PathBuf,
        /// What is in it now; none when there is no such file.
        before: Option<Vec<u8>>,
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

impl Plan {
    /// True when it changes files.
    pub(super) fn touches_files(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Write { .. } | Step::Remove { .. }))
    }

    fn leave_alone(&mut self, event: Event, why: &str) {
        let note = format!("{}: {why}: nothing is written", event.name());
        self.notes.push(note);
    }
}

impl Hooks {
    /// What installing the hooks of `events` would do. Nothing, when it is done already.
    pub fn install_plan(&self, events: &[Event]) -> anyhow::Result<Plan> {
        if self.runs_config_hooks() {
            // A file of ours would run a second time.
            let mut plan = self.file_removal()?;
            for event in events {
                for (name, value) in [("event", event.name().to_owned()), ("command", event.command())] {
                    let key = format!("{}.{name}", event.section());
                    if self.configured(&key) != Some(&value) {
                        plan.steps.push(Step::SetConfig { reach: self.reach, key, value });
                    }
                }
            }
            return Ok(plan);
        }
        if let Some(refusal) = &self.refusal {
            let mut notes = vec![format!("{}: nothing is written", refusal.why)];
            if events.contains(&Event::PostCommit) {
                notes[0].push_str(". Commits are found when you look at the inbox.");
                notes.extend(refusal.advice.map(str::to_owned));
            }
            if events.contains(&Event::PrePush) {
                notes.push(
                    "the journal's branch is unguarded; the line for pre-push is in docs/hooks.md".into(),
                );
            }
            return Ok(Plan { notes, ..Plan::default() });
        }
        let mut plan = self.file_install(events)?;
        if !plan.steps.is_empty() {
            plan.steps.extend(self.config_removal());
        }
        Ok(plan)
    }

    /// What removing would do: every byte goes back to what it was, unless somebody has changed a file since; then
    /// only our block goes.
    pub fn uninstall_plan(&self) -> anyhow::Result<Plan> {
        let mut plan = self.file_removal()?;
        plan.steps.extend(self.config_removal());
        Ok(plan)
    }

    /// The part of it that is about files.
    pub fn leftover_plan(&self) -> anyhow::Result<Plan> {
        self.file_removal()
    }

    fn config_removal(&self) -> Vec<Step> {
        let ours = ["event", "command", "enabled"];
        let present =
            |section: &str| ours.iter().any(|name| self.configured(&format!("{section}.{name}")).is_some());
        let sections = Event::ALL.into_iter().map(Event::section).filter(|section| present(section));
        sections.map(|section| Step::RemoveConfig { reach: self.reach, section }).collect()
    }

    fn file_install(&self, events: &[Event]) -> anyhow::Result<Plan> {
        let Some(place) = &self.place else { return Ok(Plan::default()) };
        let mut manifest = Manifest::load(&place.base);
        manifest.made_directory |= !place.dir.exists();
        let mut plan = Plan::default();
        for event in events {
            self.one_install(*event, &mut plan, &mut manifest)?;
        }
        let blocks: Vec<String> = plan
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Write { path, content, .. } if kind(content) == Script::WithBlock => path.file_name(),
                _ => None,
            })
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        if let Some(manager) = self.manager().filter(|manager| !blocks.is_empty() && manager.rewrites()) {
            plan.notes.push(format!(
                "{} may write {} anew; 'git okr hooks status' tells when it has",
                manager.name,
                blocks.join(", ")
            ));
            plan.notes.extend(manager.advice().map(str::to_owned));
        }
        if plan.touches_files() {
            plan.manifest = Some(manifest);
        }
        Ok(plan)
    }

    fn one_install(&self, event: Event, plan: &mut Plan, manifest: &mut Manifest) -> anyhow::Result<()> {
        let Some(path) = self.path_of(event) else { return Ok(()) };
        let (content, old_mode) = match self.file(&path)? {
            HookFile::Regular { content, mode } => (content, mode),
            HookFile::Missing => {
                let content = event.shim().as_bytes().to_vec();
                let touched = Touched { before: None, after_sha256: sha256(&content) };
                manifest.files.insert(event.name().to_owned(), touched);
                plan.seen.insert(path.clone(), None);
                plan.steps.push(Step::Write { path, before: None, content, mode: 0o755 });
                return Ok(());
            }
            HookFile::Untouchable(why) => {
                plan.leave_alone(event, why);
                return Ok(());
            }
        };
        let kind = kind(&content);
        // It runs ours already, by a line of the person's or by a manager's settings: twice would be told twice.
        if matches!(kind, Script::Shell | Script::Other)
            && (self.named(event).is_some() || self.moved(event, &content)?.is_some())
        {
            return Ok(());
        }
        if kind == Script::Other {
            plan.leave_alone(event, "the hook that is there is no shell script");
            return Ok(());
        }
        if kind == Script::Shell && old_mode & 0o111 == 0 {
            let why = "the hook that is there is not executable, and making it so would switch it on";
            plan.leave_alone(event, why);
            return Ok(());
        }
        let whole = matches!(kind, Script::Blank | Script::Ours);
        let (wanted, mode) = if whole {
            (event.shim().as_bytes().to_vec(), 0o755)
        } else {
            (with_block(&content, event), old_mode)
        };
        if wanted == content && (!whole || old_mode & 0o111 != 0) {
            return Ok(());
        }
        // What was there before the first time, not before this time.
        let known = manifest.files.remove(event.name());
        let known = known.filter(|touched| touched.after_sha256 == sha256(&content));
        let before = match kind {
            Script::Blank | Script::Shell => Some(Original::new(&content, old_mode)),
            Script::Ours => known.and_then(|touched| touched.before),
            Script::WithBlock | Script::Other => match known {
                Some(touched) => touched.before,
                None => Some(Original::new(&without_block(&content), old_mode)),
            },
        };
        let touched = Touched { before, after_sha256: sha256(&wanted) };
        manifest.files.insert(event.name().to_owned(), touched);
        plan.seen.insert(path.clone(), Some(sha256(&content)));
        plan.steps.push(Step::Write { path, before: Some(content), content: wanted, mode });
        Ok(())
    }

    fn file_removal(&self) -> anyhow::Result<Plan> {
        let Some(place) = &self.place else { return Ok(Plan::default()) };
        let manifest = Manifest::load(&place.base);
        let mut plan = Plan::default();
        let moved = |path: &PathBuf| detect::MOVED.map(|ending| path.with_extension(ending));
        let places = Event::ALL.into_iter().flat_map(|event| {
            let path = place.dir.join(event.name());
            let others = moved(&path);
            std::iter::once((event, path)).chain(others.map(|other| (event, other)))
        });
        for (event, path) in places {
            let HookFile::Regular { content, mode } = self.file(&path)? else { continue };
            let kind = kind(&content);
            if !matches!(kind, Script::Ours | Script::WithBlock) {
                continue;
            }
            plan.seen.insert(path.clone(), Some(sha256(&content)));
            let touched = manifest.files.get(event.name());
            let before = touched.and_then(|touched| touched.before.as_ref());
            let untouched = touched.is_some_and(|touched| touched.after_sha256 == sha256(&content));
            let original =
                before.filter(|_| untouched).and_then(|o| o.content().map(|content| (content, o.mode)));
            plan.steps.push(match original {
                Some((original, mode)) => {
                    Step::Write { path, before: Some(content), content: original, mode }
                }
                None if kind == Script::Ours && before.is_none() => Step::Remove { path },
                None => {
                    let rest = without_block(&content);
                    Step::Write { path, before: Some(content), content: rest, mode }
                }
            });
        }
        if !manifest.files.is_empty() {
            plan.manifest = Some(Manifest::default());
        }
        Ok(plan)
    }
}
