//! The door to remotes: which ones their owner named, where git would really go, and what goes to and fro.
//!
//! Remotes are kept in the local configuration of the journal's repository, under keys of our own: what a code
//! repository calls a remote is never one of the journal's, and `git push` knows nothing of these.

pub mod address;
mod place;
mod probe;
mod resolve;
mod transfer;

pub use address::{Address, BadAddress, Transport, check_name, shell_word};
use place::Place;
pub use resolve::Route;
pub use transfer::{Door, Found, Pushed, TransferError};

use std::path::{Path, PathBuf};

use super::git_config::GitConfig;
use super::project::program::{Git, GitError};

/// A remote that its owner named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// What it is called here.
    pub name: String,
    /// Its URL as it was given.
    pub url: String,
    /// Where git went when it was added.
    pub pinned: Route,
    /// True when its owner agreed that code and journal share it.
    pub shared: bool,
}

impl Remote {
    /// The refs of the remote that may hold the journal, the one that is written first where there is none. On a remote
    /// of the code it is no branch: nothing clones it, builds it or offers to merge it.
    pub fn refs(&self, branch: &str) -> [String; 2] {
        let (own, shared) = (format!("refs/heads/{branch}"), format!("refs/okr/{branch}"));
        if self.shared { [shared, own] } else { [own, shared] }
    }

    /// The ref that remembers what the remote's branch was.
    pub fn tracking_ref(&self, branch: &str) -> String {
        format!("refs/okr/remotes/{}/{branch}", self.name)
    }
}

/// Why a remote is not used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// No remote of that name.
    #[error("there is no remote '{0}'")]
    Unknown(String),
    /// A remote of that name is there already.
    #[error("there is a remote '{0}' already")]
    Taken(String),
    /// The URL cannot be given to git, as it was written or as the configuration rewrites it.
    #[error("'{url}' is not taken: {why}")]
    Address {
        /// The URL; foreign text.
        url: String,
        /// What is wrong with it.
        why: BadAddress,
    },
    /// The configuration has settings for this very URL.
    #[error("your git configuration has a remote for '{url}' itself: '{key}'")]
    Diverted {
        /// The URL.
        url: String,
        /// One of the keys.
        key: String,
    },
    /// One URL becomes several.
    #[error("git would push '{url}' to {count} places")]
    Several {
        /// The URL.
        url: String,
        /// How many.
        count: usize,
    },
    /// The configuration leads elsewhere than it did when the remote was added.
    #[error("'{name}' led to '{before}' when it was added, and leads to '{now}' now")]
    Moved {
        /// The remote.
        name: String,
        /// Where it led.
        before: String,
        /// Where it leads.
        now: String,
    },
    /// The code is there too.
    #[error("'{url}' is a remote of the code in '{}': who reads the code would read the journal", code.display())]
    OfTheCode {
        /// The URL.
        url: String,
        /// The repository that has it.
        code: PathBuf,
    },
    /// Something else is there.
    #[error("'{name}' holds other branches ({branches}): who reads them would read the journal")]
    Inhabited {
        /// The remote.
        name: String,
        /// Some of the branches; foreign text.
        branches: String,
    },
    /// It is the journal itself.
    #[error("'{0}' is the journal itself")]
    Itself(String),
    /// Somebody without a password is answered.
    #[error("'{0}' answers without credentials: everybody who can reach it could read the journal")]
    Public(String),
    /// It answers nobody, so nobody can tell whom else it answers.
    #[error("'{url}' does not answer, so nobody can tell whether it asks for credentials")]
    Unanswered {
        /// The URL.
        url: String,
        /// What git said; foreign text.
        said: Vec<String>,
    },
    /// Git failed.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// The remotes of a journal.
pub struct Remotes {
    git: Git,
    config: GitConfig,
    dir: PathBuf,
}

impl Remotes {
    /// The remotes of the journal in the git directory `dir`.
    pub fn open(dir: &Path) -> Result<Self, RemoteError> {
        let git = Git::new(dir).with_env("GIT_DIR", dir);
        Ok(Self { config: GitConfig::read(git.clone())?, git, dir: dir.to_owned() })
    }

    /// Every remote, by name.
    pub fn all(&self) -> Vec<Remote> {
        let names = self.config.subsections("okr", "url");
        let mut all: Vec<Remote> = names
            .into_iter()
            .filter_map(|name| name.strip_prefix("remote."))
            .filter(|name| check_name(name).is_ok())
            .filter_map(|name| self.read(name))
            .collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// The remote of a name.
    pub fn named(&self, name: &str) -> Result<Remote, RemoteError> {
        let found = check_name(name).ok().and_then(|()| self.read(name));
        found.ok_or_else(|| RemoteError::Unknown(name.to_owned()))
    }

    /// Only what stands in the journal's own configuration counts: nothing else can name a remote for it.
    fn read(&self, name: &str) -> Option<Remote> {
        let value = |key: &str| self.config.local(&format!("okr.remote.{name}.{key}")).map(str::to_owned);
        let url = value("url")?;
        // A pin that somebody took away pins to nothing.
        let pinned = Route {
            fetch: value("fetchUrl").unwrap_or_default(),
            push: value("pushUrl").unwrap_or_default(),
        };
        let shared = self.config.is_set_locally(&format!("okr.remote.{name}.sharedWithCode"));
        Some(Remote { name: name.to_owned(), url, pinned, shared })
    }

    /// What a remote of that name and URL would be, if nothing speaks against it. Asks an https remote once without
    /// credentials, and then with them.
    pub fn examine(
        &self,
        name: &str,
        address: &Address,
        code: &[Code],
        shared: bool,
        door: &Door,
    ) -> Result<Remote, RemoteError> {
        let url = address.text.clone();
        let route = self.route(address)?;
        let mut shares = false;
        for text in [&url, &route.fetch, &route.push] {
            let place = Place::of(text, Path::new("/"));
            if place == Place::of(&self.dir.to_string_lossy(), Path::new("/")) {
                return Err(RemoteError::Itself(url.clone()));
            }
            if let Some(code) = code.iter().find(|code| code.places.contains(&place)) {
                if !shared {
                    return Err(RemoteError::OfTheCode { url: url.clone(), code: code.dir.clone() });
                }
                shares = true;
            }
        }
        let mut asked = vec![&route.fetch];
        asked.extend((route.push != route.fetch).then_some(&route.push));
        for target in asked {
            let resolved = resolve::checked(target)?;
            if resolved.is_web() {
                door.must_ask_for_credentials(&resolved, &self.config)?;
            }
        }
        Ok(Remote { name: name.to_owned(), url, pinned: route, shared: shares || shared })
    }

    /// Refuses a remote that leads elsewhere than it did, or to the code without consent.
    pub fn ensure_pinned(&self, remote: &Remote, code: &[Code]) -> Result<(), RemoteError> {
        let bad = |why| RemoteError::Address { url: remote.url.clone(), why };
        let address = Address::parse(&remote.url, Path::new("/")).map_err(bad)?;
        let now = self.route(&address)?;
        for (before, now) in [(&remote.pinned.fetch, &now.fetch), (&remote.pinned.push, &now.push)] {
            if before != now {
                let (name, before, now) = (remote.name.clone(), before.clone(), now.clone());
                return Err(RemoteError::Moved { name, before, now });
            }
        }
        let of_code = [&now.fetch, &now.push].into_iter().find_map(|url| {
            let place = Place::of(url, Path::new("/"));
            code.iter().find(|code| code.places.contains(&place))
        });
        match of_code.filter(|_| !remote.shared) {
            Some(code) => Err(RemoteError::OfTheCode { url: remote.url.clone(), code: code.dir.clone() }),
            None => Ok(()),
        }
    }

    /// Where git goes for a URL.
    fn route(&self, address: &Address) -> Result<Route, RemoteError> {
        resolve::route(&self.git, &self.config, address)
    }

    /// Keeps a remote, in place of one of the same name.
    pub fn keep(&mut self, remote: &Remote) -> Result<(), RemoteError> {
        let shared = if remote.shared { "true" } else { "false" };
        // The URL comes last: without it there is no remote, however this ends.
        for (key, value) in [
            ("fetchUrl", remote.pinned.fetch.as_str()),
            ("pushUrl", &remote.pinned.push),
            ("sharedWithCode", shared),
            ("url", &remote.url),
        ] {
            self.config.set_local(&format!("okr.remote.{}.{key}", remote.name), value)?;
        }
        Ok(())
    }

    /// Refuses a name that is taken, also in other letters: refs are files on some systems.
    pub fn ensure_free(&self, name: &str) -> Result<(), RemoteError> {
        match self.all().into_iter().find(|other| other.name.eq_ignore_ascii_case(name)) {
            Some(other) => Err(RemoteError::Taken(other.name)),
            None => Ok(()),
        }
    }

    /// Forgets a remote and what was last seen of it. Nothing happens to the remote itself.
    pub fn forget(&mut self, remote: &Remote) -> Result<(), RemoteError> {
        self.config.remove_local_section(&format!("okr.remote.{}", remote.name))?;
        let below = format!("refs/okr/remotes/{}/", remote.name);
        let refs = self.git.output(&["for-each-ref", "--format=%(refname)", &below])?;
        for name in String::from_utf8_lossy(&refs).lines() {
            self.git.output(&["-c", "core.hooksPath=/dev/null", "update-ref", "-d", name])?;
        }
        Ok(())
    }
}

/// A code repository, and every place that its remotes lead to, itself included.
#[derive(Clone, Debug)]
pub struct Code {
    /// Its directory.
    pub dir: PathBuf,
    places: Vec<Place>,
}

impl Code {
    /// The repository with the git directory `common_dir`, which `git` asks.
    pub fn read(git: &Git, common_dir: &Path) -> Result<Self, GitError> {
        let config = GitConfig::read(git.clone())?;
        let mut urls = resolve::listed(git)?;
        for key in ["url", "pushurl"] {
            for name in config.subsections("remote", key) {
                urls.extend(config.all(&format!("remote.{name}.{key}")).into_iter().map(str::to_owned));
            }
        }
        let mut places: Vec<_> = urls.iter().map(|url| Place::of(url, git.dir())).collect();
        places.push(Place::of(&common_dir.to_string_lossy(), Path::new("/")));
        Ok(Self { dir: git.dir().to_owned(), places })
    }
}
