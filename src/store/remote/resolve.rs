//! Where git really goes for a URL: `insteadOf`, `pushInsteadOf` and remotes that are called like the URL itself.

use std::path::Path;

use super::RemoteError;
use super::address::Address;
use crate::store::git_config::GitConfig;
use crate::store::project::program::{Git, GitError};

/// A name that no remote of a person has.
const PROBE: &str = "okr-where-does-it-lead";

/// Where git goes for a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// To fetch.
    pub fetch: String,
    /// To push.
    pub push: String,
}

/// Where git goes for a URL, as git itself says it; each end is checked like what a person types.
pub(super) fn route(git: &Git, config: &GitConfig, address: &Address) -> Result<Route, RemoteError> {
    let url = &address.text;
    // A remote that is called like the URL would bring its own push URLs, programs and refspecs.
    let of_url = |key: &&str| {
        key.strip_prefix("remote.").and_then(|key| key.rsplit_once('.')).is_some_and(|(name, _)| name == url)
    };
    if let Some(key) = config.all_keys().map(|(key, _)| key).find(of_url) {
        return Err(RemoteError::Diverted { url: url.clone(), key: key.to_owned() });
    }
    let fetch = git.line(&["ls-remote", "--get-url", "--end-of-options", url])?;
    let setting = format!("remote.{PROBE}.url={url}");
    let listing = git.output(&["-c", &setting, "remote", "-v"])?;
    let listing = String::from_utf8_lossy(&listing).into_owned();
    let line = |line: &str| line.strip_prefix(PROBE)?.trim_start().strip_suffix(" (push)").map(str::to_owned);
    let mut push: Vec<String> = listing.lines().filter_map(line).collect();
    push.dedup();
    match push.as_slice() {
        [push] => {
            checked(&fetch)?;
            checked(push)?;
            Ok(Route { fetch, push: push.clone() })
        }
        several => Err(RemoteError::Several { url: url.clone(), count: several.len() }),
    }
}

/// A URL that git would go to, if it is one that a person could have named.
pub(super) fn checked(url: &str) -> Result<Address, RemoteError> {
    Address::parse(url, Path::new("/")).map_err(|why| RemoteError::Address { url: url.to_owned(), why })
}

/// Every URL of every remote of a repository, as git would use it.
pub(super) fn listed(git: &Git) -> Result<Vec<String>, GitError> {
    let listing = git.output(&["remote", "-v"])?;
    let listing = String::from_utf8_lossy(&listing);
    let url = |line: &str| {
        let (_, url) = line.split_once('\t')?;
        // `url (fetch)`, and for a partial clone ` [blob:none]` after it.
        Some(url.rsplit_once(" (")?.0.to_owned())
    };
    Ok(listing.lines().filter_map(url).collect())
}
