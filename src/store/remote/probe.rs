//! Whether a remote on the web answers somebody who has no credentials.

use super::RemoteError;
use super::address::Address;
use super::transfer::Door;
use crate::store::git_config::GitConfig;
use crate::store::project::program::{Git, GitError};

/// Settings that lead to a server and open nothing there.
const ROUTING: [&str; 8] = [
    "proxy",
    "sslbackend",
    "sslcainfo",
    "sslcapath",
    "sslverify",
    "sslversion",
    "version",
    "schannelusesslcainfo",
];

/// Variables that carry a key or ask for a password.
const KEYS: [&str; 5] =
    ["GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_HTTP_PROXY_AUTHMETHOD"];

impl Door<'_> {
    /// Refuses a remote that answers without credentials. One that answers nobody is refused too: a server that is
    /// down for a moment could be open to all.
    pub(super) fn must_ask_for_credentials(
        &self,
        address: &Address,
        config: &GitConfig,
    ) -> Result<(), RemoteError> {
        let url = &address.text;
        // A home of nobody: no .netrc, no cookies, no helpers, no headers.
        let home =
            tempfile::tempdir().map_err(|source| GitError::Io { dir: std::env::temp_dir(), source })?;
        let mut git = Git::new(home.path()).online();
        for (key, value) in [
            ("HOME", home.path()),
            ("XDG_CONFIG_HOME", home.path()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".as_ref()),
            ("GIT_CONFIG_SYSTEM", "/dev/null".as_ref()),
            ("GIT_CEILING_DIRECTORIES", home.path().parent().unwrap_or(home.path())),
            ("GIT_CONFIG_NOSYSTEM", "1".as_ref()),
            ("GIT_TERMINAL_PROMPT", "0".as_ref()),
        ] {
            git = git.with_env(key, value);
        }
        for key in KEYS {
            git = git.with_env(key, "");
        }
        let leads = |key: &str| {
            key.starts_with("http.") && key.rsplit('.').next().is_some_and(|last| ROUTING.contains(&last))
        };
        let settings: Vec<_> = config.all_keys().filter(|(key, _)| leads(key)).collect();
        git = git
            .with_env("GIT_CONFIG_PARAMETERS", "")
            .with_env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (at, (key, value)) in settings.iter().enumerate() {
            git = git
                .with_env(format!("GIT_CONFIG_KEY_{at}"), key)
                .with_env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        if self.list(&git, url)?.is_done() {
            return Err(RemoteError::Public(url.clone()));
        }
        let with_credentials = self.list(&self.git, url)?;
        if with_credentials.is_done() {
            Ok(())
        } else {
            Err(RemoteError::Unanswered { url: url.clone(), said: with_credentials.said })
        }
    }
}
