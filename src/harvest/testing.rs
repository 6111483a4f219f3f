//! Commits for tests, with as little said as a test needs.

use crate::model::Instant;
use crate::model::project::{FileChange, Forge, Person, ProjectCommit, ProjectRepo, WebRepo};

/// The address that tests harvest for.
pub(crate) const ME: &str = "ada@acme.test";

/// A commit of mine. `id` is repeated to forty digits; its first byte also sets the clock.
pub(crate) fn commit(id: &str, subject: &str) -> ProjectCommit {
    let hour = id.bytes().fold(0, |sum, byte| sum * 7 + i64::from(byte));
    let authored = Instant::from_epoch(1_790_000_000 + hour * 3600, 3600).unwrap();
    ProjectCommit {
        id: id.repeat(40).chars().take(40).collect(),
        parents: vec!["0".repeat(40)],
        author: Person { name: "Ada".into(), email: ME.into() },
        authored,
        committed: authored,
        subject: subject.into(),
        body: "".into(),
        trailers: Vec::new(),
        files: None,
    }
}

/// A change to a file.
pub(crate) fn file(path: &str, added: u32, deleted: u32) -> FileChange {
    FileChange { path: path.into(), added, deleted, binary: false, generated: false }
}

/// A repository on GitHub.
pub(crate) fn repo() -> ProjectRepo {
    let (root, path) = ("https://github.com".to_owned(), "acme/parser".to_owned());
    let web = WebRepo { forge: Forge::GitHub, root, path };
    ProjectRepo { web: Some(web), ..ProjectRepo::named("github.com/acme/parser") }
}

/// An open bet.
pub(crate) fn bet(slug: &str, title: &str) -> crate::model::Bet {
    crate::model::Bet {
        id: crate::model::RecordId::derived(slug),
        slug: crate::model::Slug::parse(slug).unwrap(),
        title: title.into(),
        period: "2026-Q4".into(),
        kind: None,
        stance: None,
        outcomes: Vec::new(),
        capabilities: Vec::new(),
        dimensions: Vec::new(),
        after: Vec::new(),
        objectives: Vec::new(),
        continues: None,
        proofs: Vec::new(),
        note: "".into(),
        recorded: Instant::from_epoch(1_790_000_000, 0).unwrap(),
        gate: std::collections::BTreeMap::new(),
        measures: Vec::new(),
        closed: None,
        conflicts: Vec::new(),
    }
}

/// A guide with three kinds of evidence.
pub(crate) fn guide() -> crate::model::Guide {
    use crate::model::guide::{EvidenceKind, Stream};
    let kind = |id: &str, stream, words: &[&str]| EvidenceKind {
        id: crate::model::Slug::parse(id).unwrap(),
        name: id.into(),
        about: "".into(),
        stream,
        dimension: crate::model::Slug::parse("execution").ok(),
        words: words.iter().map(|word| (*word).into()).collect(),
    };
    let mut guide = crate::model::Guide::empty();
    guide.evidence_kinds = vec![
        kind("launch", Stream::Loud, &["launch", "feature", "ship"]),
        kind("quality", Stream::Loud, &["latency", "performance", "crash"]),
        kind("decision", Stream::Shaping, &["design doc", "rfc"]),
    ];
    guide
}

/// What commits come to for me, with everything shown.
pub(crate) fn found(commits: &[ProjectCommit], same: &[(String, String)]) -> super::Found {
    use crate::model::Text;
    let (me, repo, guide) = ([Text::from(ME)], repo(), guide());
    super::suggest(
        commits,
        &super::Context {
            me: &me,
            logins: &[Text::from("ada-l")],
            also: &std::collections::BTreeSet::from(["Ada <ada@old.test>".to_owned()]),
            roles: &super::credit::Roles::of(&guide),
            bots: &super::bots::Bots::default(),
            repo: &repo,
            guide: &guide,
            bets: &[],
            decided: &std::collections::BTreeSet::new(),
            never: &[],
            taste: &super::taste::Taste::default(),
            threshold: 0,
            everything: true,
            only: None,
            same,
            learnt: &super::Learnt::default(),
        },
    )
}
