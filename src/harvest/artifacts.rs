//! What a piece of work rests on, as artifacts: reviews, commits, issues. An address is built only where it is sure.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use crate::model::project::{ProjectRepo, WebRepo};
use crate::model::{Artifact, ArtifactKind, Instant, Text};

use super::bots::Bots;
use super::group::Fact;
use super::message;
use super::references::{Kind, Reference, Role, SPACES, Target};
use super::secrets::redact;
use super::whole::pull_key;

/// Artifacts of one sort that a suggestion lists at most; a longer series is told by its pull request.
pub(super) const MOST: usize = 32;

/// The forge of the remote, when a reference is one that it writes.
fn own_web<'r>(reference: &Reference, repo: &'r ProjectRepo) -> Option<&'r WebRepo> {
    repo.web.as_ref().filter(|web| reference.forges.contains(&web.forge))
}

/// True when the reference names another repository than this.
fn is_elsewhere(reference: &Reference, repo: &ProjectRepo) -> bool {
    reference.repo.as_ref().is_some_and(|named| !repo.is_called(named.raw()))
}

/// The review that a change went through.
pub(super) fn review(reference: &Reference, title: &str, repo: &ProjectRepo) -> Artifact {
    let web = own_web(reference, repo).filter(|_| !is_elsewhere(reference, repo));
    let mut artifact = Artifact::new(ArtifactKind::PullRequest, reference.label());
    if is_elsewhere(reference, repo) {
        let named = reference.repo.as_ref().map_or("", Text::raw);
        artifact.reference = format!("{named}{}", reference.label()).into();
    }
    artifact.url = match (&reference.url, &reference.target) {
        (Some(url), _) => Some(url.clone()),
        (None, Target::Number(number)) => web.map(|web| web.pull_request_url(*number).into()),
        (None, Target::Key(key, number)) => repo.tracker_url(key.raw(), *number).map(Text::from),
        (None, Target::Name(id)) => web.and_then(|web| web.change_url(id.raw())).map(Text::from),
    };
    // A number of a forge that the project has left is not one of the repository that it went to.
    let here = repo.web.is_none() || web.is_some();
    artifact.repo = Some(repo.name.clone()).filter(|_| here && !is_elsewhere(reference, repo));
    artifact.subject = Some(title.into());
    artifact
}

/// A commit of the work.
pub(super) fn commit(fact: &Fact<'_>, repo: &ProjectRepo) -> Artifact {
    let commit = fact.commit;
    let mut artifact = Artifact::new(ArtifactKind::Commit, commit.id.as_str());
    artifact.repo = Some(repo.name.clone());
    artifact.url = repo.web.as_ref().map(|web| web.commit_url(&commit.id).into());
    artifact.subject = Some(redact(commit.subject.raw()).text.into());
    artifact.author = Some(commit.author.email.clone());
    artifact.authored = Some(commit.authored);
    artifact
}

/// Keys by which an artifact's work is met in a history. A number is tried with every forge's sign: it is one of its
/// repository's own.
pub fn keys_of(artifact: &Artifact) -> Vec<String> {
    match (artifact.kind, &artifact.author, artifact.authored, &artifact.subject, &artifact.repo) {
        (ArtifactKind::Commit, Some(author), Some(authored), Some(subject), _) => {
            vec![commit_key(author.raw(), authored, subject.raw())]
        }
        (ArtifactKind::PullRequest, .., Some(repo)) => {
            let number = artifact.reference.raw().trim_start_matches(['#', '!']);
            SPACES.iter().map(|space| pull_key(repo.raw(), space, number)).collect()
        }
        _ => Vec::new(),
    }
}

/// Author, author date and subject: the same on every rewrite and cherry-pick.
pub fn commit_key(author: &str, authored: Instant, subject: &str) -> String {
    let subject = redact(message::bare_subject(subject)).text;
    format!("commit:{}|{}|{subject}", author.to_lowercase(), authored.epoch())
}

/// The author and the moment of a commit's key: what stays when it is reworded.
pub fn moment(key: &str) -> Option<&str> {
    let mut bars = key.strip_prefix("commit:")?.match_indices('|');
    let (end, _) = bars.nth(1)?;
    key.get(.."commit:".len() + end)
}

/// An issue that the work closes or names.
pub(super) fn issue(reference: &Reference, repo: &ProjectRepo) -> Artifact {
    let mut issue = Artifact::new(ArtifactKind::Issue, reference.label());
    match (&reference.repo, &reference.target) {
        (Some(named), _) if is_elsewhere(reference, repo) => {
            issue.reference = format!("{}{}", named.raw(), reference.label()).into();
            if let Target::Number(number) = reference.target {
                let web = own_web(reference, repo).and_then(|web| web.neighbour(named.raw()));
                issue.url = web.and_then(|web| web.issue_url(number)).map(Text::from);
            }
        }
        (_, Target::Number(number)) => {
            issue.repo = Some(repo.name.clone());
            issue.url = own_web(reference, repo).and_then(|web| web.issue_url(*number)).map(Text::from);
        }
        (_, Target::Key(key, number)) => {
            let board = own_web(reference, repo).and_then(|web| web.issue_url(*number));
            issue.url = repo.tracker_url(key.raw(), *number).or(board).map(Text::from);
        }
        (_, Target::Name(_)) => {}
    }
    issue.url = reference.url.clone().or(issue.url);
    issue
}

/// A page that a message names by its whole address.
pub(super) fn page(reference: &Reference) -> Artifact {
    let kind = if reference.kind == Kind::Link { ArtifactKind::Link } else { ArtifactKind::PullRequest };
    let mut page = Artifact::new(kind, reference.url.clone().unwrap_or_default());
    page.url.clone_from(&reference.url);
    page
}

/// Issues that commits close or name, closed ones first, each once. Bots quote the release notes of others.
pub(super) fn issues<'p>(facts: &[&'p Fact<'_>], bots: &Bots) -> Vec<&'p Reference> {
    let mut seen = BTreeSet::new();
    let of = |role| {
        let people = facts.iter().filter(|fact| !bots.is(&fact.commit.author));
        people
            .flat_map(|fact| &fact.references)
            .filter(move |one| one.kind == Kind::Issue && one.role == role)
    };
    of(Role::Closes)
        .chain(of(Role::Mentions))
        .filter(|one| seen.insert((&one.repo, &one.target)))
        .take(MOST)
        .collect()
}

/// Issues in words: `closes #88 and 2 more`.
pub(super) fn issue_reason(issues: &[impl Borrow<Reference>]) -> Option<String> {
    let first = issues.first()?.borrow();
    let verb = if first.role == Role::Closes { "closes" } else { "names" };
    let repo = first.repo.as_ref().map_or("", Text::raw);
    let more = if issues.len() > 1 { format!(" and {} more", issues.len() - 1) } else { String::new() };
    Some(format!("{verb} {repo}{}{more}", first.label()))
}

/// Pages that commits name by their whole address: reviews that are not the work's own, and threads of mailing lists.
pub(super) fn pages<'p>(facts: &[&'p Fact<'_>], own: &BTreeSet<&Target>, bots: &Bots) -> Vec<&'p Reference> {
    let mut seen = BTreeSet::new();
    let people = facts.iter().filter(|fact| !bots.is(&fact.commit.author));
    people
        .flat_map(|fact| &fact.references)
        .filter(|one| matches!(one.kind, Kind::PullRequest | Kind::Link) && one.url.is_some())
        .filter(|one| matches!(one.role, Role::Mentions | Role::Review) && !own.contains(&one.target))
        .filter(|one| seen.insert(&one.url))
        .take(MOST)
        .collect()
}
