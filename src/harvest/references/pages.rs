//! Addresses of reviews and issues: which page of which forge one is.

use crate::model::project::Forge::{
    self, Azure, BitbucketCloud, BitbucketServer, Gerrit, GitHub, GitLab, Gitea,
};

use super::scan::{is_repo, number};
use super::{Hit, Kind, Target};
use crate::harvest::learn;

/// What stands between the repository and the number, whose it is, and how the repository is named before it.
struct Page {
    mark: &'static str,
    kind: Kind,
    forges: &'static [Forge],
    named: fn(&str) -> bool,
}

/// Marks in the order in which they are looked for.
const PAGES: &[Page] = &[
    page_of("/-/merge_requests/", Kind::PullRequest, &[GitLab], nested),
    page_of("/-/issues/", Kind::Issue, &[GitLab], nested),
    page_of("/-/work_items/", Kind::Issue, &[GitLab], nested),
    page_of("/merge_requests/", Kind::PullRequest, &[GitLab], nested),
    page_of("/pull-requests/", Kind::PullRequest, &[BitbucketServer], on_server),
    page_of("/pull-requests/", Kind::PullRequest, &[BitbucketCloud], is_repo),
    page_of("/pullrequest/", Kind::PullRequest, &[Azure], in_project),
    page_of("/_workitems/edit/", Kind::Issue, &[Azure], nested),
    page_of("/pulls/", Kind::PullRequest, &[Gitea], is_repo),
    page_of("/pull/", Kind::PullRequest, &[GitHub], is_repo),
    page_of("/issues/", Kind::Issue, &[GitHub, Gitea, GitLab, BitbucketCloud], is_repo),
    page_of("/+/", Kind::PullRequest, &[Gerrit], in_changes),
];

const fn page_of(mark: &'static str, kind: Kind, forges: &'static [Forge], named: fn(&str) -> bool) -> Page {
    Page { mark, kind, forges, named }
}

/// Reads an address from its beginning to its number; how long it is up to there.
pub(super) fn page(address: &str) -> Option<(Hit<'_>, usize)> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    if host.is_empty() || host.contains('@') {
        return None;
    }
    let hit = PAGES.iter().find_map(|page| {
        let (repo, after) = path.split_once(page.mark).filter(|(repo, _)| (page.named)(repo))?;
        Some((page, repo, after))
    });
    let Some((page, repo, after)) = hit else { return browse(address, path) };
    let (number, len) = number(after)?;
    let end = address.len() - after.len() + len;
    let repo = if page.forges == [Gerrit] { None } else { Some(repo) };
    let hit = Hit {
        kind: page.kind,
        target: Target::Number(number),
        repo,
        url: Some(&address[..end]),
        forges: Some(page.forges),
    };
    Some((hit, end))
}

/// `https://host/browse/ABC-12`, with or without a context before it.
fn browse<'a>(address: &'a str, path: &'a str) -> Option<(Hit<'a>, usize)> {
    let after = match path.strip_prefix("browse/") {
        Some(after) => after,
        None => path.split_once("/browse/")?.1,
    };
    let len = after.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    let (key, rest) = after.split_at(len);
    let (number, length) = learn::key_number(rest).filter(|_| learn::is_key(key))?;
    let end = address.len() - rest.len() + length;
    Some((Hit { url: Some(&address[..end]), forges: Some(&[]), ..Hit::key(Kind::Issue, key, number) }, end))
}

/// Groups of GitLab nest; elsewhere a longer path is another site's.
fn nested(repo: &str) -> bool {
    repo.contains('/') && !repo.starts_with('/')
}

/// `projects/PROJ/repos/name` or `users/mina/repos/name`, behind a context path or not.
fn on_server(repo: &str) -> bool {
    let mut parts = repo.rsplit('/');
    let (name, repos, owner, kind) = (parts.next(), parts.next(), parts.next(), parts.next());
    repos == Some("repos") && matches!(kind, Some("projects" | "users")) && name.is_some() && owner.is_some()
}

/// `org/project/_git/name`.
fn in_project(repo: &str) -> bool {
    repo.split_once("/_git/").is_some_and(|(project, name)| !project.is_empty() && !name.contains('/'))
}

/// `c/project`, behind a context path or not.
fn in_changes(repo: &str) -> bool {
    repo.strip_prefix("c/").or_else(|| repo.split_once("/c/").map(|(_, project)| project)).is_some()
}
