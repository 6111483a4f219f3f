//! What a message refers to: reviews, issues, the change it takes back. Anchored rules in tables, by where they look.
//!
//! A wrong link is worse than none: a bare `#12` in prose is never one, because stack frames, lists and quoted
//! release notes are full of them. Every rule is linear in the message and knows the forges whose way of writing it
//! is; the grammar in full is in `docs/reference/references.md`.

mod body;
mod pages;
mod places;
mod scan;
mod subject;

use crate::model::Text;
use crate::model::project::Forge;

use super::learn::Learnt;
use super::message;

pub use subject::{Queued, queued};

/// The most references read from one message.
pub const MAX: usize = 64;

/// The longest line that is read; what is longer was pasted.
const LONGEST_LINE: usize = 4096;

/// The most of a body that is read, in bytes.
const LONGEST_BODY: usize = 256 * 1024;

/// Everything that [`Reference::space`] answers.
pub const SPACES: [&str; 5] = ["#", "!", "#bitbucket/", "#azure/", "#gerrit/"];

/// Something a message refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The rule that found it.
    pub rule: &'static str,
    /// The forges that write it so: an address is built on one of these only.
    pub forges: &'static [Forge],
    /// What it is.
    pub kind: Kind,
    /// Its number or name.
    pub target: Target,
    /// `owner/name`, when the message names the repository.
    pub repo: Option<Text>,
    /// Its address, when the message has it.
    pub url: Option<Text>,
    /// How the message relates to it.
    pub role: Role,
}

/// What is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A pull or merge request, or another forge's review of one change.
    PullRequest,
    /// An issue.
    Issue,
    /// Gerrit's name of a change, the same on every branch that it was picked to.
    Change,
    /// A commit.
    Commit,
    /// Any other page, such as a thread of a mailing list.
    Link,
}

/// The number or name of what is referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A number of the repository or of its forge.
    Number(u64),
    /// A number of a tracker with a name: `ABC-12`, `D12`, `AB#12`.
    Key(Text, u64),
    /// A name: a change id, a commit id, an address.
    Name(Text),
}

/// How a message relates to what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The change was reviewed there.
    Review,
    /// The change closes it.
    Closes,
    /// The message names it.
    Mentions,
    /// It is the review of the change that this one takes back.
    Reverts,
}

impl Reference {
    /// How people write it: `#12`, `!12`, `ABC-12`.
    pub fn label(&self) -> String {
        let sign = if self.is_gitlab() && self.kind == Kind::PullRequest { '!' } else { '#' };
        match &self.target {
            Target::Number(number) => format!("{sign}{number}"),
            Target::Key(key, number) => match key.raw() {
                "D" => format!("D{number}"),
                "AB" => format!("AB#{number}"),
                "LP" | "BUG" => format!("bug {number}"),
                key => format!("{key}-{number}"),
            },
            Target::Name(name) => name.raw().to_owned(),
        }
    }

    /// The review in words that are the same wherever the change is met. Numbers of different forges are different
    /// even in one history: projects move.
    pub fn space(&self) -> &'static str {
        match self.forges {
            [Forge::GitLab] => "!",
            [Forge::BitbucketCloud | Forge::BitbucketServer] => "#bitbucket/",
            [Forge::Azure] => "#azure/",
            [Forge::Gerrit] => "#gerrit/",
            _ => "#",
        }
    }

    fn is_gitlab(&self) -> bool {
        self.forges == [Forge::GitLab]
    }
}

/// What a rule found, before the message's roles are settled.
struct Hit<'a> {
    kind: Kind,
    target: Target,
    repo: Option<&'a str>,
    url: Option<&'a str>,
    /// The forge that an address belongs to; the rule's own without one.
    forges: Option<&'static [Forge]>,
}

impl Hit<'_> {
    fn new(kind: Kind, target: Target) -> Self {
        Self { kind, target, repo: None, url: None, forges: None }
    }

    fn pull(number: u64) -> Self {
        Self::new(Kind::PullRequest, Target::Number(number))
    }

    fn issue(number: u64) -> Self {
        Self::new(Kind::Issue, Target::Number(number))
    }

    fn key(kind: Kind, key: &str, number: u64) -> Self {
        Self::new(kind, Target::Key(key.into(), number))
    }

    fn reference(self, rule: &'static str, forges: &'static [Forge], role: Role) -> Reference {
        let Self { kind, target, repo, url, forges: own } = self;
        let forges = own.unwrap_or(forges);
        Reference { rule, forges, kind, target, repo: repo.map(Text::from), url: url.map(Text::from), role }
    }
}

/// A rule for a whole line: its name, the forges that write it, how what it finds is related, and the reader.
struct LineRule {
    name: &'static str,
    forges: &'static [Forge],
    role: Role,
    read: for<'a> fn(&'a str) -> Vec<Hit<'a>>,
}

/// Everything the message refers to, in reading order, each once. `learnt` is what the history says its numbers and
/// keys mean: see [`super::learn`].
pub fn references(subject: &str, body: &str, learnt: &Learnt) -> Vec<Reference> {
    let mut found = Vec::new();
    let subject = scan::head(subject.trim(), LONGEST_LINE);
    let (inner, own) = message::quoted(subject).map_or((None, subject), |(inner, own)| (Some(inner), own));
    for one in subject::read(own, Role::Review, learnt) {
        add(&mut found, one);
    }
    if let Some(inner) = inner {
        let role = if message::is_reapply(subject) { Role::Mentions } else { Role::Reverts };
        for one in subject::read(inner, role, learnt) {
            add(&mut found, one);
        }
    }
    // After a quoted subject only the rest is this change's own text.
    places::read(own, learnt, &mut found);
    let mut lines = scan::head(body, LONGEST_BODY).lines().peekable();
    let mut begins = true;
    while let Some(line) = lines.next().filter(|_| found.len() < MAX) {
        let ends = lines.peek().is_none_or(|next| next.trim().is_empty());
        let alone = std::mem::replace(&mut begins, line.trim().is_empty()) && ends;
        let line = scan::head(line, LONGEST_LINE);
        if line.trim_start().starts_with('>') {
            continue;
        }
        let mut hits = body::read(line);
        hits.extend(body::landed(line).filter(|_| alone));
        if hits.is_empty() {
            let before = found.len();
            places::read(line, learnt, &mut found);
            // `Fixes #1` above `PR #2` is no prose.
            begins |= found[before..].iter().any(|one| one.role == Role::Closes) && places::is_closing(line);
        }
        for one in hits {
            add(&mut found, one);
        }
    }
    found
}

fn add(found: &mut Vec<Reference>, new: Reference) {
    let same = |old: &Reference| {
        (old.kind, &old.target, &old.repo) == (new.kind, &new.target, &new.repo)
            && (old.role == new.role || new.role == Role::Mentions)
    };
    if found.len() < MAX && !found.iter().any(same) {
        found.push(new);
    }
}

#[cfg(test)]
mod corpus;
