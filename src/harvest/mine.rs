//! Whose work a commit is.

use crate::model::Text;
use crate::model::project::ProjectCommit;

use super::trailers;

/// True when I am the author or a co-author.
pub fn is_mine(commit: &ProjectCommit, me: &[Text]) -> bool {
    let mine = |email: &Text| me.iter().any(|own| own.raw().eq_ignore_ascii_case(email.raw()));
    mine(&commit.author.email) || trailers::co_authors(commit).iter().any(|person| mine(&person.email))
}

/// True when a pull request's merge names a branch of an account that one of my addresses is called after.
pub(super) fn from_me(commit: &ProjectCommit, me: &[Text]) -> bool {
    let subject = commit.subject.raw().trim();
    let source = subject.strip_prefix("Merge pull request #").and_then(|rest| rest.split_once(" from "));
    let Some((owner, _)) = source.and_then(|(_, source)| source.split_once('/')) else {
        return false;
    };
    // GitHub's private addresses are `12345+login@users.noreply.github.com`.
    let login = |email: &Text| {
        let local = email.raw().split('@').next().unwrap_or_default();
        local.split_once('+').map_or(local, |(_, login)| login).eq_ignore_ascii_case(owner)
    };
    me.iter().any(login)
}
