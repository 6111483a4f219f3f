//! Git's configuration as the `git` program reads it, and the identity that follows from it.

mod identity;
#[cfg(test)]
mod tests;

pub use identity::Committer;

use std::path::{Path, PathBuf};

use crate::model::Text;

use super::project::program::{Git, GitError};

/// Where a value was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the person or the machine: `--system`, `--global`.
    Global,
    /// For one repository or one of its worktrees.
    Local,
    /// For this run: `git -c`, `GIT_CONFIG_COUNT`.
    Command,
}

/// One setting; `value` is `None` for a bare key, which means true.
#[derive(Clone, Debug)]
struct Entry {
    scope: Scope,
    key: String,
    value: Option<String>,
}

/// Every setting that holds in a directory.
#[derive(Clone, Debug)]
pub struct GitConfig {
    git: Git,
    entries: Vec<Entry>,
}

/// Why a setting or an identity cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Git failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A setting that must be true or false is neither.
    #[error("'{key}' is neither true nor false: '{value}'")]
    NotBool {
        /// The key as it was asked for.
        key: String,
        /// What it is set to; foreign text.
        value: String,
    },
    /// Git does not know who commits.
    #[error("git does not know your name and e-mail address")]
    NoIdentity {
        /// Git's own advice; foreign text.
        advice: String,
    },
    /// A name or an e-mail address would break a commit header or a terminal.
    #[error("your git identity has control characters in it")]
    OddIdentity,
}

impl GitConfig {
    /// Reads what holds in `dir`, inside a repository or not.
    pub fn load(dir: &Path) -> Result<Self, GitError> {
        Self::read(Git::new(dir))
    }

    /// Reads what holds where `git` runs.
    pub fn read(git: Git) -> Result<Self, GitError> {
        let entries = match git.output(&["config", "--null", "--list", "--show-scope"]) {
            Ok(listing) => scoped_entries(&String::from_utf8_lossy(&listing)),
            // Git before 2.26 has no scopes to show: ask for each. 129 is "unknown option".
            Err(error) if error.code() == Some(129) => {
                let mut entries = plain_entries(&git, &["config", "--null", "--list"], Scope::Global)?;
                if let Ok(local) =
                    plain_entries(&git, &["config", "--local", "--null", "--list"], Scope::Local)
                {
                    entries
                        .retain(|entry| !local.iter().any(|l| l.key == entry.key && l.value == entry.value));
                    entries.extend(local);
                }
                entries
            }
            Err(error) => return Err(error),
        };
        Ok(Self { git, entries })
    }

    /// The value that wins; empty for a bare key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.winner(key, None)
    }

    /// Every value, the winner last.
    pub fn all(&self, key: &str) -> Vec<&str> {
        self.values(key, None).into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The value that this repository sets.
    pub fn local(&self, key: &str) -> Option<&str> {
        self.winner(key, Some(Scope::Local))
    }

    /// The value that the person or the machine sets for every repository.
    pub fn global(&self, key: &str) -> Option<&str> {
        self.winner(key, Some(Scope::Global))
    }

    /// A truth value by git's rules; `None` when it is not set.
    pub fn get_bool(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        let Some(value) = self.values(key, None).pop() else { return Ok(None) };
        let truth = value.map_or(Some(true), truth);
        let not_bool =
            || ConfigError::NotBool { key: key.to_owned(), value: value.unwrap_or_default().to_owned() };
        truth.map(Some).ok_or_else(not_bool)
    }

    /// True when the repository's own configuration says so, by git's rules; what is no truth value says nothing.
    pub fn is_set_locally(&self, key: &str) -> bool {
        let value = self.values(key, Some(Scope::Local)).pop();
        value.is_some_and(|value| value.is_none_or(|word| truth(word) == Some(true)))
    }

    /// The middle parts of every key `section.<middle>.name`: for example the names of all remotes.
    pub fn subsections(&self, section: &str, name: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for entry in &self.entries {
            let middle = entry.key.strip_prefix(section).and_then(|rest| rest.strip_prefix('.'));
            let middle =
                middle.and_then(|rest| rest.strip_suffix(name)).and_then(|rest| rest.strip_suffix('.'));
            if let Some(middle) = middle.filter(|middle| !found.contains(middle)) {
                found.push(middle);
            }
        }
        found
    }

    /// Every key and value, in the order in which later ones win.
    pub fn all_keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_deref().unwrap_or("true")))
    }

    /// The last parts of every key `section.<name>`, as git keeps them: in lower case.
    pub fn keys_below(&self, section: &str) -> Vec<&str> {
        let below = |entry: &'_ Entry| -> Option<usize> {
            let rest = entry.key.strip_prefix(section)?.strip_prefix('.')?;
            (!rest.contains('.')).then_some(entry.key.len() - rest.len())
        };
        let mut found: Vec<&str> =
            self.entries.iter().filter_map(|entry| below(entry).map(|at| &entry.key[at..])).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Sets a value for every repository of the person, instead of all that were there.
    pub fn set_global(&mut self, key: &str, value: &str) -> Result<(), GitError> {
        self.set(Scope::Global, "--global", key, value)
    }

    /// Removes every value that is set for all repositories of the person.
    pub fn unset_global(&mut self, key: &str) -> Result<(), GitError> {
        match self.git.output(&["config", "--global", "--unset-all", key]) {
            // 5: there was nothing to remove.
            Err(error) if error.code() != Some(5) => return Err(error),
            _ => {}
        }
        let key = canonical(key);
        self.entries.retain(|entry| entry.scope != Scope::Global || entry.key != key);
        Ok(())
    }

    /// Sets a value for this repository, instead of all that were there.
    pub fn set_local(&mut self, key: &str, value: &str) -> Result<(), GitError> {
        self.set(Scope::Local, "--local", key, value)
    }

    /// Removes a whole section, such as `hook.name`, of this repository.
    pub fn remove_local_section(&mut self, section: &str) -> Result<(), GitError> {
        self.remove_section(Scope::Local, "--local", section)
    }

    /// Removes a whole section, such as `hook.name`, that is set for every repository of the person.
    pub fn remove_global_section(&mut self, section: &str) -> Result<(), GitError> {
        self.remove_section(Scope::Global, "--global", section)
    }

    fn remove_section(&mut self, scope: Scope, flag: &str, section: &str) -> Result<(), GitError> {
        self.git.output(&["config", flag, "--remove-section", section])?;
        let gone = format!("{section}.");
        self.entries.retain(|entry| entry.scope != scope || !entry.key.starts_with(&gone));
        Ok(())
    }

    /// A value of the person's own configuration that is a path, with `~` taken for the home directory.
    pub fn global_path(&self, key: &str) -> Option<PathBuf> {
        let path = self.git.line(&["config", "--global", "--type=path", "--get", key]).ok()?;
        Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty())
    }

    /// Who commits, and when, by git's own rules.
    pub fn committer(&self) -> Result<Committer, ConfigError> {
        let ident = match self.git.output(&["var", "GIT_COMMITTER_IDENT"]) {
            Ok(ident) => ident,
            Err(GitError::Failed { stderr, .. }) => return Err(ConfigError::NoIdentity { advice: stderr }),
            Err(error) => return Err(error.into()),
        };
        let ident = String::from_utf8_lossy(&ident);
        let committer = Committer::parse(ident.strip_suffix('\n').unwrap_or(&ident));
        let committer = committer.ok_or_else(|| ConfigError::NoIdentity { advice: String::new() })?;
        if committer.name.is_blank() || committer.email.is_blank() {
            return Err(ConfigError::NoIdentity { advice: String::new() });
        }
        let odd = |text: &Text| text.raw().contains(char::is_control);
        if odd(&committer.name) || odd(&committer.email) {
            Err(ConfigError::OddIdentity)
        } else {
            Ok(committer)
        }
    }

    fn set(&mut self, scope: Scope, flag: &str, key: &str, value: &str) -> Result<(), GitError> {
        self.git.output(&["config", flag, "--replace-all", key, value])?;
        let key = canonical(key);
        self.entries.retain(|entry| entry.scope != scope || entry.key != key);
        // Kept in the order in which git lets later scopes win.
        let at = self.entries.iter().position(|entry| entry.scope as u8 > scope as u8);
        let entry = Entry { scope, key, value: Some(value.to_owned()) };
        self.entries.insert(at.unwrap_or(self.entries.len()), entry);
        Ok(())
    }

    fn winner(&self, key: &str, scope: Option<Scope>) -> Option<&str> {
        self.values(key, scope).pop().map(Option::unwrap_or_default)
    }

    /// Every value of a key, of one scope or of all, the winner last.
    fn values(&self, key: &str, scope: Option<Scope>) -> Vec<Option<&str>> {
        let key = canonical(key);
        let wanted = |entry: &&Entry| entry.key == key && scope.is_none_or(|scope| scope == entry.scope);
        self.entries.iter().filter(wanted).map(|entry| entry.value.as_deref()).collect()
    }
}

/// A key as git prints it: section and name in lower case, the middle as it is.
fn canonical(key: &str) -> String {
    match (key.split_once('.'), key.rsplit_once('.')) {
        (Some((section, _)), Some((head, name))) => {
            let middle = &head[section.len()..];
            format!("{}{middle}.{}", section.to_ascii_lowercase(), name.to_ascii_lowercase())
        }
        _ => key.to_ascii_lowercase(),
    }
}

fn entry(scope: Scope, setting: &str) -> Entry {
    // The key ends at the first line break: it can hold none itself outside of a name that nobody asks for.
    let (key, value) =
        setting.split_once('\n').map_or((setting, None), |(key, value)| (key, Some(value.to_owned())));
    Entry { scope, key: key.to_owned(), value }
}

fn scoped_entries(listing: &str) -> Vec<Entry> {
    let mut parts = listing.split('\0');
    let mut entries = Vec::new();
    while let (Some(scope), Some(setting)) = (parts.next(), parts.next()) {
        let scope = match scope {
            "local" | "worktree" => Scope::Local,
            "command" => Scope::Command,
            _ => Scope::Global,
        };
        entries.push(entry(scope, setting));
    }
    entries
}

fn plain_entries(git: &Git, args: &[&str], scope: Scope) -> Result<Vec<Entry>, GitError> {
    let listing = git.output(args)?;
    let listing = String::from_utf8_lossy(&listing);
    Ok(listing.split_terminator('\0').map(|setting| entry(scope, setting)).collect())
}

/// Git's words for true and false; any number but zero is true.
fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" | "" => Some(false),
        number => {
            let digits = number.strip_suffix(['k', 'm', 'g']).unwrap_or(number);
            digits.parse::<i64>().ok().map(|number| number != 0)
        }
    }
}
