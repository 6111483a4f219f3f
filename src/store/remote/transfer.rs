//! What goes over the wire: which commit a remote has, fetching it, pushing ours. By URL, with exact refspecs, never by
//! force, and deaf to every setting that would add a ref, a hook or a place.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use super::Remote;
use crate::store::project::program::{Git, GitError};
use crate::store::project::talk::Talk;

/// What a configuration could make of a plain fetch or push, undone.
const HARDENED: [&str; 16] = [
    "protocol.ext.allow=never",
    "protocol.fd.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsync=all",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.fsckObjects=true",
    "fetch.prune=false",
    "fetch.pruneTags=false",
    "fetch.writeCommitGraph=false",
    "transfer.bundleURI=false",
    "submodule.recurse=false",
    "push.followTags=false",
    "push.gpgSign=false",
    "push.pushOption=",
    "push.recurseSubmodules=no",
];

/// Hears the progress of a transfer.
type Progress<'a> = RefCell<Box<dyn FnMut(&str) + 'a>>;

/// The way to remotes.
pub struct Door<'a> {
    pub(super) git: Git,
    patience: Option<Duration>,
    progress: Progress<'a>,
}

/// The journal's ref on a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name there.
    pub reference: String,
    /// The commit that it points to.
    pub id: String,
}

/// How a push ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The remote has it.
    Done,
    /// The remote has it not; in its own words, foreign text.
    Refused(Vec<String>),
}

/// Why a remote could not be talked to.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// It did not answer, or not as a repository does.
    #[error("cannot {doing} '{name}' at '{url}'")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// The remote.
        name: String,
        /// Where git went.
        url: String,
        /// What git said; foreign text.
        said: Vec<String>,
    },
    /// It said nothing for too long.
    #[error("'{name}' at '{url}' said nothing for {} seconds", after.as_secs())]
    Silent {
        /// The remote.
        name: String,
        /// Where git went.
        url: String,
        /// How long it was waited for.
        after: Duration,
    },
    /// Git could not be started.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl<'a> Door<'a> {
    /// The way from the journal in the git directory `dir`. With `patience`, a remote that says nothing for that long is
    /// given up; without, a person waits and may press ctrl-c.
    pub fn new(dir: &Path, patience: Option<Duration>, progress: impl FnMut(&str) + 'a) -> Self {
        let mut git = Git::new(dir).with_env("GIT_DIR", dir).online();
        if patience.is_some() {
            git = git.with_env("GIT_TERMINAL_PROMPT", "0");
        }
        Self { git, patience, progress: RefCell::new(Box::new(progress)) }
    }

    /// The journal's ref on a remote: the first of its two names that is there.
    pub fn look(&self, remote: &Remote, branch: &str) -> Result<Option<Found>, TransferError> {
        let refs = remote.refs(branch);
        let args = ["ls-remote", "--end-of-options", &remote.url, &refs[0], &refs[1]];
        let talk = self.talk(&self.git, &args)?;
        let answer =
            String::from_utf8_lossy(&self.check(talk, "reach", remote, &remote.pinned.fetch)?).into_owned();
        let found = |wanted: &String| {
            let line = |line: &str| line.split_once('\t').map(|(id, name)| (id.to_owned(), name.to_owned()));
            let (id, reference) = answer.lines().filter_map(line).find(|(_, name)| name == wanted)?;
            Some(Found { reference, id })
        };
        Ok(refs.iter().find_map(found))
    }

    /// Branches of a remote, as far as a line holds them: where there is no journal yet, they are somebody's code.
    pub fn branches(&self, remote: &Remote) -> Result<Vec<String>, TransferError> {
        let talk = self.talk(&self.git, &["ls-remote", "--heads", "--end-of-options", &remote.url])?;
        let answer = self.check(talk, "reach", remote, &remote.pinned.fetch)?;
        let answer = String::from_utf8_lossy(&answer);
        let names = answer
            .lines()
            .filter_map(|line| line.split_once("\trefs/heads/").map(|(_, name)| name.to_owned()));
        Ok(names.take(3).collect())
    }

    /// Fetches a ref into our own tracking ref, which may go back when the remote did.
    pub fn fetch(&self, remote: &Remote, found: &Found, branch: &str) -> Result<(), TransferError> {
        let refspec = format!("+{}:{}", found.reference, remote.tracking_ref(branch));
        let flags = "fetch --quiet --progress --no-tags --no-prune --no-write-fetch-head --no-auto-maintenance \
                     --no-recurse-submodules --refmap= --no-filter --end-of-options";
        let mut args: Vec<&str> = flags.split_whitespace().collect();
        args.extend([remote.url.as_str(), &refspec]);
        let talk = self.talk(&self.git, &args)?;
        self.check(talk, "fetch from", remote, &remote.pinned.fetch).map(drop)
    }

    /// Pushes one commit, if the remote has nothing that it lacks.
    pub fn push(&self, remote: &Remote, id: &str, reference: &str) -> Result<Pushed, TransferError> {
        let refspec = format!("{id}:{reference}");
        let flags = "push --porcelain --progress --no-verify --no-follow-tags --no-signed --no-force-with-lease \
                     --recurse-submodules=no --end-of-options";
        let mut args: Vec<&str> = flags.split_whitespace().collect();
        args.extend([remote.url.as_str(), &refspec]);
        let talk = self.talk(&self.git, &args)?;
        if talk.is_done() {
            return Ok(Pushed::Done);
        }
        // `!<tab>from:to<tab>[rejected] (fetch first)`: it was talked to, and said no.
        let answer = String::from_utf8_lossy(&talk.answer).into_owned();
        let refused = answer.lines().find_map(|line| line.strip_prefix("!\t")?.split_once('\t'));
        match refused {
            Some((_, why)) => {
                let mut words = vec![why.to_owned()];
                words.extend(talk.said.into_iter().filter(|line| line.starts_with("remote: ")));
                Ok(Pushed::Refused(words))
            }
            None => self.check(talk, "push to", remote, &remote.pinned.push).map(|_| Pushed::Done),
        }
    }

    /// What a URL answers to one who only lists it.
    pub(super) fn list(&self, git: &Git, url: &str) -> Result<Talk, GitError> {
        self.talk(git, &["ls-remote", "--end-of-options", url, "HEAD"])
    }

    fn talk(&self, git: &Git, args: &[&str]) -> Result<Talk, GitError> {
        let mut all: Vec<&str> = HARDENED.iter().flat_map(|setting| ["-c", setting]).collect();
        all.extend(args);
        let mut progress = self.progress.borrow_mut();
        git.talk(&all, self.patience, &mut **progress)
    }

    fn check(
        &self,
        talk: Talk,
        doing: &'static str,
        remote: &Remote,
        url: &str,
    ) -> Result<Vec<u8>, TransferError> {
        let (name, url) = (remote.name.clone(), url.to_owned());
        match self.patience {
            Some(after) if talk.fell_silent => Err(TransferError::Silent { name, url, after }),
            _ if talk.is_done() => Ok(talk.answer),
            _ => Err(TransferError::Failed { doing, name, url, said: words(talk.said) }),
        }
    }
}

/// What is worth repeating of what git said: the end, and no progress.
pub(super) fn words(said: Vec<String>) -> Vec<String> {
    let progress = ["Delta compression using ", "Total "];
    let is_news = |line: &String| {
        !line.ends_with(", done.")
            && !line.contains("% (")
            && !progress.iter().any(|start| line.starts_with(start))
    };
    let news: Vec<String> = said.into_iter().filter(is_news).collect();
    let from = news.len().saturating_sub(6);
    news[from..].to_vec()
}
