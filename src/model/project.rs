//! Owned facts about commits in a person's code repositories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Instant;
use super::text::Text;

/// A commit of a code repository, as `git log` told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectCommit {
    /// Full commit id.
    pub id: String,
    /// Ids of its parents.
    pub parents: Vec<String>,
    /// Author, through the mailmap.
    pub author: Person,
    /// Author date.
    pub authored: Instant,
    /// Committer date.
    pub committed: Instant,
    /// First line of the message.
    pub subject: Text,
    /// The rest of the message.
    pub body: Text,
    /// Trailers as git reads them (`%(trailers:only,unfold)`): key and value.
    pub trailers: Vec<(Text, Text)>,
    /// Lines added and deleted by file; `None` when they were not asked for or could not be read.
    pub files: Option<Vec<FileChange>>,
}

/// A name and an e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    pub name: Text,
    /// The e-mail address.
    pub email: Text,
}

/// What a commit did to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The path, `/`-separated, from the top of the repository.
    pub path: Text,
    /// Lines added; 0 for binary files.
    pub added: u32,
    /// Lines deleted; 0 for binary files.
    pub deleted: u32,
    /// True when git counts no lines in it.
    pub binary: bool,
    /// True when it is known, by more than its path, that a program wrote it or that it was copied from elsewhere.
    pub generated: bool,
}

/// The repository that commits come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectRepo {
    /// How records name it: `host/owner/name` of its remote, or the directory's name when it has none.
    pub name: Text,
    /// Where its pages live, when the remote is a known forge.
    pub web: Option<WebRepo>,
    /// Addresses of issue trackers by the key of their issues, with `{key}` and `{number}` to be filled in.
    pub trackers: BTreeMap<String, String>,
}

impl ProjectRepo {
    /// A repository of which only the name is known.
    pub fn named(name: impl Into<Text>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// True when a message's `owner/name` is this repository.
    pub fn is_called(&self, named: &str) -> bool {
        let own = self.name.raw();
        let at = own.len().checked_sub(named.len());
        at.is_some_and(|at| {
            own.is_char_boundary(at) && own[..at].ends_with('/') && own[at..].eq_ignore_ascii_case(named)
        })
    }

    /// The page of an issue such as `ABC-12`, when a setting says where its tracker is.
    pub fn tracker_url(&self, key: &str, number: u64) -> Option<String> {
        let template = self.trackers.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))?.1;
        let web = template.starts_with("https://") || template.starts_with("http://");
        let filled = template.contains("{key}") || template.contains("{number}");
        let number = number.to_string();
        (web && filled && !template.contains(|c: char| c.is_whitespace() || c.is_control()))
            .then(|| template.replace("{key}", &format!("{key}-{number}")).replace("{number}", &number))
    }
}

/// The web address of a repository on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebRepo {
    /// The software that serves it.
    pub forge: Forge,
    /// Where the forge itself is: `https://host`, with its context path, without a slash at the end.
    pub root: String,
    /// Which repository of the forge: `owner/name`, for Azure DevOps `organisation/project/name`.
    pub path: String,
}

/// Software that serves repositories on the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forge {
    /// GitHub and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// bitbucket.org.
    BitbucketCloud,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    /// Azure DevOps.
    Azure,
    /// Gitea and Forgejo.
    Gitea,
    /// Gerrit.
    Gerrit,
}

impl Forge {
    /// Every forge by the words that settings use.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("github", Self::GitHub),
        ("gitlab", Self::GitLab),
        ("bitbucket", Self::BitbucketCloud),
        ("bitbucket-server", Self::BitbucketServer),
        ("azure", Self::Azure),
        ("gitea", Self::Gitea),
        ("forgejo", Self::Gitea),
        ("gerrit", Self::Gerrit),
    ];

    /// The forge that a setting names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim())).map(|(_, forge)| *forge)
    }

    /// What stands before the number of a review there.
    pub fn sign(self) -> char {
        if matches!(self, Self::GitLab | Self::Azure) { '!' } else { '#' }
    }
}

impl WebRepo {
    /// The repository's own page, that its others begin with.
    pub fn base(&self) -> String {
        let Self { forge, root, path } = self;
        let (owner, name) = path.rsplit_once('/').unwrap_or(("", path));
        match forge {
            Forge::BitbucketServer => match owner.strip_prefix('~') {
                Some(user) => format!("{root}/users/{user}/repos/{name}"),
                None => format!("{root}/projects/{owner}/repos/{name}"),
            },
            Forge::Azure => format!("{root}/{owner}/_git/{name}"),
            Forge::Gerrit => format!("{root}/c/{path}"),
            _ => format!("{root}/{path}"),
        }
    }

    /// Another repository of the same forge, as messages name it there: `owner/name`. Where repositories are named otherwise
    /// there is none.
    pub fn neighbour(&self, named: &str) -> Option<Self> {
        let known =
            matches!(self.forge, Forge::GitHub | Forge::GitLab | Forge::Gitea | Forge::BitbucketCloud);
        let (owner, name) = named.split_once('/')?;
        let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['/', '?', '#', '%']);
        (known && is_name(owner) && is_name(name)).then(|| Self { path: named.to_owned(), ..self.clone() })
    }

    /// The page of a commit.
    pub fn commit_url(&self, id: &str) -> String {
        let base = self.base();
        match self.forge {
            Forge::GitHub | Forge::Azure | Forge::Gitea => format!("{base}/commit/{id}"),
            Forge::GitLab => format!("{base}/-/commit/{id}"),
            Forge::BitbucketCloud | Forge::BitbucketServer => format!("{base}/commits/{id}"),
            Forge::Gerrit => format!("{}/q/{id}", self.root),
        }
    }

    /// The page of a pull or merge request, or of another review.
    pub fn pull_request_url(&self, number: u64) -> String {
        let base = self.base();
        match self.forge {
            Forge::GitHub => format!("{base}/pull/{number}"),
            Forge::GitLab => format!("{base}/-/merge_requests/{number}"),
            Forge::BitbucketCloud | Forge::BitbucketServer => format!("{base}/pull-requests/{number}"),
            Forge::Azure => format!("{base}/pullrequest/{number}"),
            Forge::Gitea => format!("{base}/pulls/{number}"),
            Forge::Gerrit => format!("{base}/+/{number}"),
        }
    }

    /// The page of an issue, where the forge has issues.
    pub fn issue_url(&self, number: u64) -> Option<String> {
        let base = self.base();
        match self.forge {
            Forge::GitHub | Forge::Gitea | Forge::BitbucketCloud => Some(format!("{base}/issues/{number}")),
            Forge::GitLab => Some(format!("{base}/-/issues/{number}")),
            Forge::Azure => {
                let (project, _) = self.path.rsplit_once('/')?;
                Some(format!("{}/{project}/_workitems/edit/{number}", self.root))
            }
            Forge::BitbucketServer | Forge::Gerrit => None,
        }
    }

    /// The page of a change by the id that its message carries.
    pub fn change_url(&self, id: &str) -> Option<String> {
        (self.forge == Forge::Gerrit).then(|| format!("{}/q/{id}", self.root))
    }
}
