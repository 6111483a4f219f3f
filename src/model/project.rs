//! Owned facts about commits in a person's code repositories.

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
}

/// The repository that commits come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectRepo {
    /// How records name it: `host/owner/name` of its remote, or the directory's name when it has none.
    pub name: Text,
    /// Where its pages live, when the remote is a known forge.
    pub web: Option<WebRepo>,
}

/// The web address of a repository on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebRepo {
    /// The software that serves it.
    pub forge: Forge,
    /// `https://host/owner/name`, without a slash at the end.
    pub base: String,
}

/// Software that serves repositories on the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
}

impl WebRepo {
    /// The page of a commit.
    pub fn commit_url(&self, id: &str) -> String {
        match self.forge {
            Forge::GitHub => format!("{}/commit/{id}", self.base),
            Forge::GitLab => format!("{}/-/commit/{id}", self.base),
        }
    }

    /// The page of a pull or merge request.
    pub fn pull_request_url(&self, number: u64) -> String {
        match self.forge {
            Forge::GitHub => format!("{}/pull/{number}", self.base),
            Forge::GitLab => format!("{}/-/merge_requests/{number}", self.base),
        }
    }

    /// The page of an issue.
    pub fn issue_url(&self, number: u64) -> String {
        match self.forge {
            Forge::GitHub => format!("{}/issues/{number}", self.base),
            Forge::GitLab => format!("{}/-/issues/{number}", self.base),
        }
    }
}
