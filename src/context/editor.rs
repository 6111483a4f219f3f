//! The editor: a draft file that outlives every mistake, reopened with the error at its line.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Context;
use crate::error::{CommandError, Hint};
use crate::format::template;
use crate::model::Text;
use crate::render::Line;
use crate::store::journal::{Committed, Transaction};
use crate::store::project::program::Git;

/// What a person wrote, while it is not recorded yet.
#[derive(Debug)]
pub enum Draft {
    /// In a file of its own.
    File(PathBuf),
    /// Answers and options, as a name and the record they made.
    Text(&'static str, String),
}

/// Why a text from an editor cannot be used: the line and what is wrong there.
pub type Complaint = (Option<usize>, CommandError);

impl Context {
    /// Opens the person's editor on `text` until `parse` accepts what comes back. Text that was typed is never
    /// lost: it stays in a draft file that any later failure names, until `commit_draft` has recorded it.
    pub fn edit<T>(
        &mut self,
        name: &str,
        text: &str,
        mut parse: impl FnMut(&mut Self, &str) -> Result<T, Complaint>,
    ) -> Result<(T, Draft), CommandError> {
        let path = self.draft_path(name)?;
        write_private(&path, text)?;
        loop {
            self.run_editor(&path)?;
            let typed = fs::read(&path)?;
            let Ok(typed) = String::from_utf8(typed) else {
                return Err(CommandError::new("the text is not UTF-8").hint(kept(&path)));
            };
            let used = template::above_scissors(&typed);
            let same = |a: &str, b: &str| a.lines().map(str::trim_end).eq(b.lines().map(str::trim_end));
            if Text::from(used).is_blank() || same(used, template::above_scissors(text)) {
                let _ = fs::remove_file(&path);
                return Err(CommandError::new("nothing was written, so nothing was recorded"));
            }
            match parse(self, used) {
                Ok(value) => return Ok((value, Draft::File(path))),
                Err((line, error)) => {
                    let message = Text::from(format!("{:#}", error.cause)).visible();
                    if !self.ui.is_interactive() {
                        let at = line.map(|line| format!("line {line}: ")).unwrap_or_default();
                        let mut failed = CommandError::new(format!("{at}{message}"));
                        failed.hints = error.hints;
                        return Err(failed.hint(kept(&path)));
                    }
                    self.ui.warning(Line::from(message.as_str()))?;
                    if !self.ui.prompt()?.confirm("open the editor again?", true)? {
                        return Err(error.hint(kept(&path)));
                    }
                    write_private(&path, &template::with_error(&typed, line, &message))?;
                }
            }
        }
    }

    /// Commits what was made of a draft. The draft goes when the commit is on disk, and is kept when it fails.
    pub fn commit_draft(
        &mut self,
        transaction: Transaction,
        draft: Draft,
    ) -> Result<Committed, CommandError> {
        match (self.commit(transaction), draft) {
            (Ok(committed), Draft::File(path)) => {
                let _ = fs::remove_file(path);
                Ok(committed)
            }
            (Ok(committed), Draft::Text(..)) => Ok(committed),
            (Err(error), Draft::File(path)) => Err(error.hint(kept(&path))),
            (Err(error), Draft::Text(name, text)) => {
                // Where the journal cannot be written, the place for temporary files may still be.
                let beside =
                    self.draft_path(name).and_then(|path| write_private(&path, &text).map(|()| path));
                let spare = || {
                    let path = self.spare_path(name)?;
                    write_private(&path, &text).map(|()| path)
                };
                match beside.or_else(|_| spare()) {
                    Ok(path) => Err(error.hint(kept(&path))),
                    Err(_) => Err(error),
                }
            }
        }
    }

    pub(super) fn draft_path(&self, name: &str) -> Result<PathBuf, CommandError> {
        let dir = self.journal()?.state_dir().join("drafts");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        Ok(dir.join(format!("{name}-{}.toml", &self.new_id()?.as_str()[..6])))
    }

    pub(super) fn spare_path(&self, name: &str) -> Result<PathBuf, CommandError> {
        Ok(std::env::temp_dir().join(format!("okr-{name}-{}.toml", &self.new_id()?.as_str()[..6])))
    }

    fn run_editor(&self, path: &Path) -> Result<(), CommandError> {
        // Git's door drops it with all that a hook inherits; here it is the person's first wish.
        let git = Git::new(self.cwd());
        let git = match std::env::var_os("GIT_EDITOR") {
            Some(editor) => git.with_env("GIT_EDITOR", editor),
            None => git,
        };
        let editor = git.line(&["var", "GIT_EDITOR"]).hint("set one: git config --global core.editor vim")?;
        // As git does: a shell splits the setting, and the path is one word of its own.
        let status = Command::new("sh")
            .args(["-c", &format!("{editor} \"$@\""), &editor])
            .arg(path)
            .status()
            .map_err(|error| CommandError::new(format!("cannot run the editor '{editor}': {error}")))?;
        if status.success() {
            Ok(())
        } else {
            Err(CommandError::new(format!("the editor '{editor}' failed")).hint(kept(path)))
        }
    }
}

/// Says where a text is kept.
pub(super) fn kept(path: &Path) -> String {
    format!("what you wrote is kept in '{}'", path.display())
}

pub(super) fn write_private(path: &Path, text: &str) -> Result<(), CommandError> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}
