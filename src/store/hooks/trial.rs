//! Trying hooks for real: a commit, an amend, a merge and a push in a scratch repository that has ours and nobody else's.

use std::fs;
use std::path::Path;

use super::manifest::{mode, write_file};
use super::script::block_alone;
use super::{Event, HookKind, HookStatus, Hooks};

/// The variable that names a file: a hook that finds it says there that it was run, and does nothing else.
pub const PROBE: &str = "OKR_HOOK_PROBE";

/// What is done in the scratch repository. Every hook of ours runs at least once.
const STEPS: [&[&str]; 7] = [
    &["commit", "--quiet", "--allow-empty", "--template=message"],
    &["commit", "--quiet", "--allow-empty", "--amend", "--message=two"],
    &["branch", "trial"],
    &["commit", "--quiet", "--allow-empty", "--message=three"],
    &["checkout", "--quiet", "trial"],
    &["merge", "--quiet", "--ff-only", "-"],
    &["push", "--quiet", ".", "HEAD:refs/heads/pushed"],
];

impl Hooks {
    /// Tries every hook that git should run, and puts what happened into `status`. Nothing in the person's
    /// repository is touched, and no command of anybody else runs.
    pub fn try_out(&self, status: &mut HookStatus) -> anyhow::Result<()> {
        if status.events.iter().all(|one| one.runs != Some(true)) {
            return Ok(());
        }
        let said = self.probe(status)?;
        for one in status.events.iter_mut().filter(|one| one.runs == Some(true)) {
            let line = said.lines().find_map(|line| line.strip_prefix(one.event.name()));
            match line.map(str::trim) {
                None => {
                    one.runs = Some(false);
                    one.problems.push(unanswered());
                }
                Some(version) if version != env!("CARGO_PKG_VERSION") => {
                    one.problems.push(format!("it runs git-okr {version}, which is another one in PATH"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn probe(&self, status: &HookStatus) -> anyhow::Result<String> {
        let scratch = tempfile::tempdir()?;
        let (dir, hooks, said) =
            (scratch.path().join("code"), scratch.path().join("hooks"), scratch.path().join("said"));
        fs::create_dir(&dir)?;
        fs::create_dir(&hooks)?;
        let git = self.git.at(&dir).with_env(PROBE, &said).with_env("CI", "").with_env("OKR_HOOK", "");
        let git = git.with_env("GIT_EDITOR", "echo more >>").with_env("GIT_ALLOW_PROTOCOL", "file");
        git.output(&["init", "--quiet", "--template="])?;
        // An older program in PATH knows nothing of trials: these commits are nobody's, and no journal is theirs.
        fs::write(dir.join("message"), "one\n")?;
        for (key, value) in [
            ("user.name", "nobody"),
            ("user.email", "nobody@invalid"),
            ("okr.journal", "/nonexistent/journal"),
            ("commit.gpgSign", "false"),
            ("commit.cleanup", "strip"),
            ("merge.ff", "true"),
        ] {
            git.output(&["config", key, value])?;
        }
        for one in status.events.iter().filter(|one| one.runs == Some(true)) {
            match one.how {
                HookKind::File | HookKind::Block => copy(&one.path, &hooks.join(one.event.name()))?,
                HookKind::Config => {
                    for name in ["event", "command"] {
                        let key = format!("{}.{name}", one.event.section());
                        let value = self.config.local(&key).or_else(|| self.config.get(&key));
                        git.output(&["config", &key, value.unwrap_or_default()])?;
                    }
                }
                HookKind::GlobalConfig | HookKind::Named(_) | HookKind::None => {}
            }
        }
        let mut others = vec![format!("core.hooksPath={}", hooks.display())];
        let ours: Vec<String> = Event::ALL.into_iter().map(Event::section).collect();
        let named = self.config.subsections("hook", "command");
        let theirs = named.iter().map(|name| format!("hook.{name}")).filter(|name| !ours.contains(name));
        others.extend(theirs.map(|name| format!("{name}.enabled=false")));
        for step in STEPS {
            let mut args: Vec<&str> = others.iter().flat_map(|setting| ["-c", setting]).collect();
            args.extend(step);
            // A step that fails shows as a hook that did not run.
            let _ = git.output(&args);
        }
        Ok(fs::read_to_string(&said).unwrap_or_default())
    }
}

/// Why a hook that git should run left no trace.
fn unanswered() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join("git-okr")).find(|file| file.is_file());
    match found {
        None => "git was tried and did not run it: is git-okr in PATH?".to_owned(),
        Some(file) => format!("git was tried, and '{}' of PATH did not answer", file.display()),
    }
}

/// Copies a hook's file, of somebody's script only its first line and our block.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let content = fs::read(from)?;
    let mode = mode(&fs::metadata(from)?);
    write_file(to, &block_alone(&content).unwrap_or(content), mode)
}
