//! Whose work a commit is.

use crate::model::Text;
use crate::model::project::ProjectCommit;

use super::references::queued;
use super::suggest::Context;
use super::trailers;

/// True when I am the author or a co-author.
pub fn is_mine(commit: &ProjectCommit, me: &[Text]) -> bool {
    let mine = |email: &Text| me.iter().any(|own| own.raw().eq_ignore_ascii_case(email.raw()));
    mine(&commit.author.email) || trailers::co_authors(commit).iter().any(|person| mine(&person.email))
}

/// True when a pull request's merge names a branch of an account of mine.
pub(super) fn from_me(commit: &ProjectCommit, context: &Context<'_>) -> bool {
    let subject = commit.subject.raw().trim();
    let by_forge = || {
        let (_, source) = subject.strip_prefix("Merge pull request #")?.split_once(" from ")?;
        source.split_once('/').map(|(owner, _)| owner)
    };
    let owner = queued(subject).map(|queued| queued.login).or_else(by_forge);
    owner.is_some_and(|owner| is_my_login(owner, context.me, context.logins))
}

/// True for an account that I named as mine, or that one of my addresses is called after.
pub(super) fn is_my_login(account: &str, me: &[Text], logins: &[Text]) -> bool {
    logins.iter().any(|own| own.raw().eq_ignore_ascii_case(account))
        || me.iter().any(|email| login(email).eq_ignore_ascii_case(account))
}

/// The account that an address is called after. GitHub's private ones are `12345+login@users.noreply.github.com`.
pub fn login(email: &Text) -> &str {
    let local = email.raw().split('@').next().unwrap_or_default();
    local.split_once('+').map_or(local, |(_, login)| login)
}
