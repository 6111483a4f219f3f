//! The remotes of the journal: found, guarded, and what to do about one that is refused.

use std::path::Path;
use std::time::Duration;

use super::Context;
use crate::error::{CommandError, exit};
use crate::model::Text;
use crate::settings::DEFAULT_SYNC_TIMEOUT;
use crate::store::journal::{Home, JournalError};
use crate::store::project::program::Git;
use crate::store::remote::{
    BadAddress, Code, Door, Found, Remote, RemoteError, Remotes, TransferError, shell_word,
};

impl Context {
    /// The remotes of the journal.
    pub fn remotes(&self) -> Result<Remotes, CommandError> {
        Ok(Remotes::open(self.journal()?.dir())?)
    }

    /// The remote of a name; without one the only remote there is.
    pub fn remote(&self, name: Option<&str>) -> Result<Remote, CommandError> {
        let remotes = self.remotes()?;
        if let Some(name) = name {
            return remotes.named(name).map_err(|error| explain(error, ""));
        }
        let mut all = remotes.all();
        match all.len() {
            0 => Err(CommandError::new("the journal has no remote")
                .hint("name one: git okr remote add <name> <url>")),
            1 => Ok(all.remove(0)),
            _ => {
                let names: Vec<_> = all.iter().map(|remote| remote.name.as_str()).collect();
                Err(CommandError::usage(format!("there is more than one remote: {}", names.join(", ")))
                    .hint(format!("say which: git okr sync {}", names[0])))
            }
        }
    }

    /// The code whose remotes are no remotes of a journal: of the repository one stands in, and of the one that the
    /// journal lives in.
    pub fn code_beside(&self, journal: &Path, home: Home) -> Result<Vec<Code>, CommandError> {
        let mut beside = Vec::new();
        if let Some(project) = self.project()?.filter(|project| !same(project.common_dir(), journal)) {
            beside.push(Code::read(project.git(), project.common_dir())?);
        }
        if home == Home::Here {
            beside.push(Code::read(&Git::new(journal).with_env("GIT_DIR", journal), journal)?);
        }
        Ok(beside)
    }

    /// The way to remotes; its progress is shown where somebody waits.
    pub fn door<'a>(&self, journal: &Path) -> Result<Door<'a>, CommandError> {
        let patience = match self.config()?.get("okr.syncTimeout") {
            _ if self.ui.is_interactive() => None,
            None => Some(DEFAULT_SYNC_TIMEOUT),
            Some(text) => Some(text.parse().map_err(|_| {
                CommandError::new(format!(
                    "okr.syncTimeout is no number of seconds: '{}'",
                    Text::from(text).visible()
                ))
                .hint("git config --global okr.syncTimeout 120")
            })?),
        };
        let patience = patience.filter(|seconds| *seconds > 0).map(Duration::from_secs);
        let relay = self.ui.relay();
        Ok(Door::new(journal, patience, move |line| relay.set_message(line)))
    }
}

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole(one) == whole(other)
}

/// A failure with git's own words below it.
pub(super) fn with_words(message: String, said: &[String]) -> CommandError {
    let mut words = said.iter().rev().map(|line| Text::from(line.as_str()).visible());
    let cause = match words.next() {
        Some(last) => words.fold(anyhow::Error::msg(last), anyhow::Error::context).context(message),
        None => anyhow::Error::msg(message),
    };
    CommandError { cause, ..CommandError::new("") }
}

pub(super) fn unreachable(remote: &Remote, error: TransferError) -> CommandError {
    let by_hand = format!("try it by hand: git ls-remote {}", shell_word(&remote.url));
    match &error {
        TransferError::Failed { said, .. } => with_words(error.to_string(), said)
            .hint("nothing is lost: everything is recorded here, and the next sync carries it")
            .hint(by_hand),
        TransferError::Silent { .. } => CommandError::from(error)
            .hint(by_hand)
            .hint("wait longer: git config --global okr.syncTimeout <seconds>"),
        TransferError::Git(_) => error.into(),
    }
}

pub(super) fn refused(remote: &Remote, why: &[String]) -> CommandError {
    with_words(format!("'{}' did not take the journal", remote.name), why)
        .hint(format!("nothing is lost; try again later: git okr sync {}", remote.name))
}

/// What was fetched is no journal, or none that may be merged.
pub(super) fn not_ours(remote: &Remote, found: &Found, error: JournalError) -> CommandError {
    let (name, reference) = (&remote.name, Text::from(found.reference.as_str()).visible());
    let is_none = matches!(error, JournalError::NotOurs(_) | JournalError::Header(_));
    let failed = CommandError::from(error);
    let elsewhere =
        || vec![format!("a journal wants a place of its own: git okr remote set-url {name} <url>")];
    CommandError {
        cause: failed.cause.context(format!("'{reference}' of '{name}' is not merged")),
        hints: if is_none { elsewhere() } else { failed.hints },
        code: failed.code,
    }
}

/// What names a remote again, with consent or with another pin.
pub(super) fn anew(remote: &Remote) -> String {
    format!("git okr remote set-url {} {}", remote.name, shell_word(&remote.url))
}

/// What to do about a remote that is refused. `verb` names it, such as `git okr remote add x /y`.
pub fn explain(error: RemoteError, verb: &str) -> CommandError {
    let hint = match &error {
        RemoteError::Unknown(_) => "the remotes are listed by: git okr remote list".into(),
        RemoteError::Taken(name) => format!("lead it elsewhere: git okr remote set-url {name} <url>"),
        RemoteError::Address { why, .. } => about_address(why).into(),
        RemoteError::Diverted { key, .. } => {
            format!("see where it is set: git config --show-origin --get-all {}", shell_word(key))
        }
        RemoteError::Several { .. } | RemoteError::Moved { .. } => {
            format!(
                "see what rewrites it: git config --show-origin --get-regexp '^url[.]'\nif that is meant, say so: {verb}"
            )
        }
        RemoteError::OfTheCode { .. } => {
            format!(
                "a repository of its own is safer; if all who read the code may read it: {verb} --shared-with-code"
            )
        }
        RemoteError::Inhabited { .. } => {
            format!(
                "name an empty repository; or, if all who read that one may read the journal: {verb} --shared-with-code"
            )
        }
        RemoteError::Itself(_) => "name another place, on another disk or machine".into(),
        RemoteError::Public(_) => "make that repository private, then try again".into(),
        RemoteError::Unanswered { url, said } => {
            return with_words(error.to_string(), said).hint(format!(
                "create it there first, or try it by hand: git ls-remote {}",
                shell_word(url)
            ));
        }
        RemoteError::Git(_) => return error.into(),
    };
    let usage = matches!(error, RemoteError::Address { .. });
    let failed = CommandError::from(error).hint(hint);
    if usage { CommandError { code: exit::USAGE, ..failed } } else { failed }
}

fn about_address(why: &BadAddress) -> &'static str {
    match why {
        BadAddress::Name => "names are like origin, backup or nas-2",
        BadAddress::Credentials => {
            "leave them out: git asks for them, and a credential helper keeps them (git help credentials)"
        }
        BadAddress::Open(_) => "use ssh or https, or a tunnel to this machine",
        _ => {
            "a URL is like git@example.com:me/journal.git, https://example.com/me/journal.git or /mnt/usb/journal.git"
        }
    }
}
