//! What a verb reports when it fails: the cause, hints that can be pasted, and an exit code.

use std::fmt;
use std::io;

use crate::model::guide::UnknownWord;
use crate::store::git_config::ConfigError;
use crate::store::journal::{JournalError, ObjectError, TooLarge};

/// Exit codes, as documented.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// Failed; or "different" and "due" where a verb documents it.
    pub const FAILED: u8 = 1;
    /// Wrong usage.
    pub const USAGE: u8 = 2;
    /// Interrupted at a question, as a shell reports it.
    pub const INTERRUPTED: u8 = 130;
}

/// A failure on its way to the one place that prints it.
#[derive(Debug)]
pub struct CommandError {
    /// What went wrong, outermost first.
    pub cause: anyhow::Error,
    /// What to do next.
    pub hints: Vec<String>,
    /// The exit code.
    pub code: u8,
}

/// What a verb returns: an exit code.
pub type Outcome = Result<u8, CommandError>;

impl CommandError {
    /// A failure in words.
    pub fn new(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self { cause: anyhow::Error::msg(message), hints: Vec::new(), code: exit::FAILED }
    }

    /// A failure of the person's command line.
    pub fn usage(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self { code: exit::USAGE, ..Self::new(message) }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// True when the reader of our output went away: nothing to report.
    pub fn is_broken_pipe(&self) -> bool {
        self.cause
            .chain()
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl<E: Into<anyhow::Error>> From<E> for CommandError {
    fn from(error: E) -> Self {
        let cause = error.into();
        let hints = hints(&cause);
        let interrupted =
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::Interrupted);
        Self { cause, hints, code: if interrupted { exit::INTERRUPTED } else { exit::FAILED } }
    }
}

/// Adds hints to results.
pub trait Hint<T> {
    /// Turns an error into a failure with a hint.
    fn hint(self, hint: impl Into<String>) -> Result<T, CommandError>;
}

impl<T, E: Into<CommandError>> Hint<T> for Result<T, E> {
    fn hint(self, hint: impl Into<String>) -> Result<T, CommandError> {
        self.map_err(|error| error.into().hint(hint))
    }
}

/// What to do about records that are sealed.
pub const IDENTITY: &str =
    "say where the identity is that opens them: git config --global okr.identity <file>";

/// The hints that follow from typed errors, in one place.
fn hints(cause: &anyhow::Error) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some(error) = cause.chain().find_map(|cause| cause.downcast_ref::<JournalError>()) {
        hints.extend(journal_hint(error));
    }
    if let Some(error) = cause.chain().find_map(|cause| cause.downcast_ref::<UnknownWord>()) {
        hints.push(word_hint(error));
    }
    if matches!(cause.downcast_ref(), Some(ObjectError::Sealed(_))) {
        hints.push(IDENTITY.into());
    }
    if cause.chain().any(|cause| cause.is::<TooLarge>()) {
        hints.push("keep the long text elsewhere and link it: --artifact doc:<link>".into());
    }
    if let Some(ConfigError::NoIdentity { .. }) = cause.chain().find_map(|cause| cause.downcast_ref()) {
        hints.push(
            "git config --global user.name \"<name>\"\ngit config --global user.email <address>".into(),
        );
    }
    hints
}

fn journal_hint(error: &JournalError) -> Option<String> {
    Some(match error {
        JournalError::NotInitialised => "create one with: git okr init".into(),
        JournalError::Vanished(_) | JournalError::NoDirectory(_) => {
            "put it back, or point okr.journal elsewhere: git config --global okr.journal <path>".into()
        }
        JournalError::NoBranch(dir, _) => format!(
            "see what is left of it: git okr fsck\nbring that back: git okr fsck --recover\n\
             if it is gone on purpose: rm '{}'",
            dir.join("okr/journal").display()
        ),
        JournalError::Ref(..) => "see what is left of it: git okr fsck".into(),
        JournalError::NotOurs(_) => "choose another branch: git config okr.branch <name>".into(),
        JournalError::Header(_) => {
            "earlier states are in the history: git okr git log -p -- journal.toml".into()
        }
        JournalError::Format(_) => "keep a private journal instead: git okr init".into(),
        JournalError::Newer(..) => "reading works; to write, update git-okr".into(),
        JournalError::Strangers(_) => "look at it before you trust it; nothing of it was merged".into(),
        JournalError::Unrelated(_) => "if both are yours, make them one: git okr sync --join".into(),
        JournalError::CheckedOut(..) => "leave the branch first, for example: git switch -".into(),
        JournalError::Locked(path) => {
            format!("if no git and no git-okr is running, remove it: rm '{}'", path.display())
        }
        JournalError::Stale(_) => "look at it again: git okr log".into(),
        JournalError::ReadOnly(..) => "check the permissions and the free space of that place".into(),
        JournalError::Object(ObjectError::Sealed(_)) | JournalError::Sealed(..) => IDENTITY.into(),
        JournalError::Recipients(_) => {
            "look at them: git okr key list\nif that is right: git okr key trust".into()
        }
        JournalError::Object(_) => "see what else is damaged: git okr fsck".into(),
        JournalError::Unjoined(..) => {
            "look at one machine's own state by its revision: git okr log, then --as-of <revision>".into()
        }
        JournalError::NoRevision(_) => "revisions are listed by: git okr log".into(),
    })
}

/// The hint for a word that the guide does not know.
pub fn word_hint(error: &UnknownWord) -> String {
    match &error.nearest {
        Some(near) => format!("did you mean '{near}'? all of them: git okr guide show"),
        None if error.known.is_empty() => {
            format!("the guide has no {}; add one with: git okr guide edit", error.family.noun())
        }
        None => {
            let known: Vec<_> = error.known.iter().map(|word| word.as_str()).collect();
            format!("the guide knows {}", known.join(", "))
        }
    }
}
