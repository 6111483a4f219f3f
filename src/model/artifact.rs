//! What proves: links, commits, pull requests, metrics before and after, named people.

use serde::{Deserialize, Serialize};

use super::calendar::Instant;
use super::text::Text;

/// A link or reference that proves something happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Artifact {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ArtifactKind,
    /// Where it is: a URL, `#123`, a commit id, a person's name.
    #[serde(rename = "ref")]
    pub reference: Text,
    /// The repository it belongs to, by remote (`github.com/acme/parser`), never by local path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<Text>,
    /// A link to it, when one can be built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Text>,
    /// A commit's subject, or what the thing is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
    /// A commit's author e-mail, kept to find the commit again after a rewrite; of a reviewed request, the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Text>,
    /// A commit's author date, kept for the same reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authored: Option<Instant>,
    /// `git patch-id --stable` of a commit's change, kept for the same reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch_id: Option<Text>,
    /// A commit's change-id, by its header or trailer, kept for the same reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_id: Option<Text>,
}

/// What an artifact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A commit in a code repository.
    Commit,
    /// A pull or merge request.
    PullRequest,
    /// An issue or ticket.
    Issue,
    /// A document.
    Doc,
    /// A dashboard or graph.
    Dashboard,
    /// A person who can tell.
    Person,
    /// Any other link.
    Link,
}

impl ArtifactKind {
    /// Every kind, in the order that help shows.
    pub const ALL: [Self; 7] =
        [Self::Commit, Self::PullRequest, Self::Issue, Self::Doc, Self::Dashboard, Self::Person, Self::Link];

    /// The word records use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::PullRequest => "pull-request",
            Self::Issue => "issue",
            Self::Doc => "doc",
            Self::Dashboard => "dashboard",
            Self::Person => "person",
            Self::Link => "link",
        }
    }
}

impl Artifact {
    /// An artifact of which only kind and reference are known.
    pub fn new(kind: ArtifactKind, reference: impl Into<Text>) -> Self {
        Self {
            kind,
            reference: reference.into(),
            repo: None,
            url: None,
            subject: None,
            author: None,
            authored: None,
            patch_id: None,
            change_id: None,
        }
    }

    /// True when somebody else could look it up: a link, a commit, a numbered request, a person.
    pub fn can_be_opened(&self) -> bool {
        let text = self.reference.raw();
        let is_id = (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        match self.kind {
            _ if self.url.is_some() => true,
            ArtifactKind::Commit => is_id,
            ArtifactKind::PullRequest | ArtifactKind::Issue => text.contains(|c: char| c.is_ascii_digit()),
            ArtifactKind::Person | ArtifactKind::Doc | ArtifactKind::Dashboard => {
                self.reference.has_letters()
            }
            ArtifactKind::Link => text.contains("://") || text.contains('/'),
        }
    }

    /// Parses `TYPE:REFERENCE` or a bare reference, whose type is read from its form.
    ///
    /// `doc:https://…`, `person:Ada`, `commit:1a2b3c`, `https://github.com/acme/parser/pull/12`, `#12`.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some((word, rest)) = text.split_once(':')
            && !rest.trim_start().is_empty()
            && !rest.starts_with("//")
        {
            let word = if word == "pr" { "pull-request" } else { word };
            if let Some(kind) = ArtifactKind::ALL.into_iter().find(|kind| kind.as_str() == word) {
                return Self::new(kind, rest.trim()).with_own_url();
            }
        }
        let is_url = text.starts_with("https://") || text.starts_with("http://");
        let has = |part: &str| is_url && text.contains(part);
        let number =
            text.strip_prefix('#').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let kind = if number || has("/pull/") || has("/merge_requests/") || has("/pull-requests/") {
            ArtifactKind::PullRequest
        } else if has("/commit/") || has("/commits/") {
            ArtifactKind::Commit
        } else if has("/issues/") || has("/browse/") {
            ArtifactKind::Issue
        } else if has("docs.") || has("/wiki/") || has("notion.") {
            ArtifactKind::Doc
        } else if has("grafana") || has("datadog") || has("dashboard") {
            ArtifactKind::Dashboard
        } else if !is_url && (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            ArtifactKind::Commit
        } else {
            ArtifactKind::Link
        };
        Self::new(kind, text).with_own_url()
    }

    fn with_own_url(mut self) -> Self {
        let raw = self.reference.raw();
        if raw.starts_with("https://") || raw.starts_with("http://") {
            self.url = Some(self.reference.clone());
        }
        self
    }
}

/// A number before and after, as the person read it off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Metric {
    /// What was measured.
    pub name: Text,
    /// Its value before, with its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Text>,
    /// Its value after, with its unit.
    pub after: Text,
}

impl Metric {
    /// Parses `NAME: BEFORE -> AFTER` or `NAME: VALUE`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, values) = text.split_once(':')?;
        let (before, after) = match values.split_once("->").or_else(|| values.split_once('→')) {
            Some((before, after)) => (Some(before.trim()), after.trim()),
            None => (None, values.trim()),
        };
        let blank = |text: &str| Text::from(text).is_blank();
        if blank(name) || blank(after) || before.is_some_and(blank) {
            return None;
        }
        Some(Self { name: name.trim().into(), before: before.map(Text::from), after: after.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Artifact, ArtifactKind, Metric};

    #[test]
    fn the_form_of_a_reference_tells_its_type() {
        for (text, kind, reference) in [
            (
                "https://github.com/acme/parser/pull/12",
                ArtifactKind::PullRequest,
                "https://github.com/acme/parser/pull/12",
            ),
            ("#12", ArtifactKind::PullRequest, "#12"),
            ("doc:https://wiki.acme.test/plan", ArtifactKind::Doc, "https://wiki.acme.test/plan"),
            ("person: Ada Lovelace", ArtifactKind::Person, "Ada Lovelace"),
            ("pr:#7", ArtifactKind::PullRequest, "#7"),
            ("1a2b3c4d", ArtifactKind::Commit, "1a2b3c4d"),
            ("whatever it is", ArtifactKind::Link, "whatever it is"),
            ("person:", ArtifactKind::Link, "person:"),
        ] {
            let artifact = Artifact::parse(text);
            assert_eq!((artifact.kind, artifact.reference.raw()), (kind, reference), "{text}");
        }
    }

    #[test]
    fn metrics_have_a_name_and_an_end() {
        let metric = Metric::parse("p95 latency: 410ms -> 180ms").unwrap();
        assert_eq!(metric.before.unwrap().raw(), "410ms");
        assert_eq!(metric.after.raw(), "180ms");
        assert_eq!(Metric::parse("teams on it: 7").unwrap().before, None);
        for text in ["", "latency", ": 1 -> 2", "x: -> 2", "x: 1 ->"] {
            assert!(Metric::parse(text).is_none(), "{text}");
        }
    }
}
