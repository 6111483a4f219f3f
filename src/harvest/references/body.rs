//! Rules for lines of the body: trailers, and lines that forges and merge scripts add. Anchored at the line's beginning.

use crate::model::project::Forge::{self, BitbucketServer, Gerrit, GitHub, GitLab, Gitea};

use super::scan::{is_repo, is_word, value, whole};
use super::{Hit, Kind, LineRule, Reference, Role, Target, pages};

/// No forge at all: an address is what the message or a setting says.
const NONE: &[Forge] = &[];

/// Body rules, in the order in which they are tried.
pub(super) const RULES: &[LineRule] = &[
    rule("gl-see-mr", &[GitLab], Role::Review, see_merge_request),
    rule("gl-part-of", &[GitLab], Role::Review, part_of),
    rule("gitea-url", &[Gitea], Role::Review, gitea_url),
    rule("gerrit-url", &[Gerrit], Role::Review, gerrit_url),
    rule("gerrit-id", &[Gerrit], Role::Review, change_id),
    rule("phab", NONE, Role::Review, differential),
    rule("pr-url", NONE, Role::Review, review_url),
    rule("trailer-pr", &[GitHub, BitbucketServer, Gitea], Role::Review, trailer_pr),
    rule("closes-from", &[GitHub], Role::Review, closes_from),
    rule("reverts-pr", &[GitHub], Role::Reverts, reverts_pr),
    rule("reverts-mr", &[GitLab], Role::Reverts, reverts_mr),
    rule("lp-bug-closed", NONE, Role::Closes, launchpad_closed),
    rule("lp-bug", NONE, Role::Mentions, launchpad),
    rule("bug-closed", NONE, Role::Closes, bugzilla_closed),
    rule("bug", NONE, Role::Mentions, bugzilla),
    rule("fixes-commit", NONE, Role::Mentions, fixes_commit),
    rule("link", NONE, Role::Mentions, link),
];

/// The rule for a line that is a paragraph.
const LANDED: &str = "pr-line";

/// The letters that what these rules read begins with.
const BEGINNINGS: [char; 11] = ['B', 'C', 'D', 'F', 'G', 'L', 'P', 'R', 'S', 'T', 'f'];

const fn rule(
    name: &'static str,
    forges: &'static [Forge],
    role: Role,
    read: for<'a> fn(&'a str) -> Vec<Hit<'a>>,
) -> LineRule {
    LineRule { name, forges, role, read }
}

/// What a line of the body refers to as a whole.
pub(super) fn read(line: &str) -> Vec<Reference> {
    // Most lines are prose: what no rule can begin with is passed over at once.
    if !line.trim_start().starts_with(BEGINNINGS) {
        return Vec::new();
    }
    let found = RULES.iter().map(|rule| (rule, (rule.read)(line))).find(|(_, hits)| !hits.is_empty());
    let Some((rule, hits)) = found else { return Vec::new() };
    hits.into_iter().map(|hit| hit.reference(rule.name, rule.forges, rule.role)).collect()
}

fn one(hit: Option<Hit<'_>>) -> Vec<Hit<'_>> {
    hit.into_iter().collect()
}

/// `group/project!12` or `!12`.
fn merge_request(text: &str) -> Option<Hit<'_>> {
    let (repo, digits) = text.split_once('!')?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./+~".contains(&b);
    let named = repo.contains('/') && !repo.starts_with('/') && repo.bytes().all(plain);
    let number = whole(digits).filter(|_| repo.is_empty() || named)?;
    Some(Hit { repo: Some(repo).filter(|repo| !repo.is_empty()), ..Hit::pull(number) })
}

/// The page of a review, alone.
fn review_page(text: &str) -> Option<Hit<'_>> {
    pages::page(text)
        .filter(|(hit, len)| hit.kind == Kind::PullRequest && *len == text.len())
        .map(|(hit, _)| hit)
}

/// True for a hit on a page of `forge`, or of a forge that pages do not tell.
fn of(hit: &Hit<'_>, forge: Forge) -> bool {
    hit.forges.is_some_and(|forges| forges.contains(&forge))
}

/// `See merge request group/project!12`, or with its address.
fn see_merge_request(line: &str) -> Vec<Hit<'_>> {
    let Some(rest) = line.strip_prefix("See merge request ").map(str::trim_end) else { return Vec::new() };
    one(merge_request(rest).or_else(|| review_page(rest).filter(|hit| of(hit, GitLab))))
}

/// `Part-of: <https://host/group/project/-/merge_requests/12>`.
fn part_of(line: &str) -> Vec<Hit<'_>> {
    let Some(rest) = value(line, "Part-of") else { return Vec::new() };
    let bare = rest.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(rest);
    one(review_page(bare).filter(|hit| of(hit, GitLab)))
}

/// `Reviewed-on: https://host/owner/name/pulls/12`.
fn gitea_url(line: &str) -> Vec<Hit<'_>> {
    one(value(line, "Reviewed-on").and_then(review_page).filter(|hit| of(hit, Gitea)))
}

/// `Reviewed-on: https://host/c/project/+/12`, and the older forms of it.
fn gerrit_url(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let url = value(line, "Reviewed-on").filter(|url| is_word(url))?;
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let (host, path) = rest.split_once('/')?;
        let path = path.trim_end_matches('/');
        let (before, digits) = path.rsplit_once('/').unwrap_or(("", path));
        let number = whole(digits).filter(|_| !host.is_empty() && !host.contains('@'))?;
        // Another forge's page ends in a number as well, behind a word that says of what.
        let word = before.rsplit('/').next().unwrap_or_default();
        let other =
            ["pulls", "pull", "merge_requests", "pull-requests", "pullrequest", "issues"].contains(&word);
        (!other).then(|| Hit { url: Some(url.trim_end_matches('/')), ..Hit::pull(number) })
    };
    one(read())
}

/// `Change-Id: I…`.
fn change_id(line: &str) -> Vec<Hit<'_>> {
    let id = value(line, "Change-Id").filter(|id| {
        let digits = id.strip_prefix('I').unwrap_or_default();
        digits.len() == 40 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    });
    one(id.map(|id| Hit::new(Kind::Change, Target::Name(id.into()))))
}

/// `Differential Revision: D12`, or with its address.
fn differential(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let line = line.trim_start();
        let rest = value(line, "Differential Revision").or_else(|| value(line, "Differential revision"))?;
        let (site, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        let number = whole(name.strip_prefix('D')?)?;
        let web = (site.starts_with("https://") || site.starts_with("http://")) && is_word(site);
        let url = (web && !site.contains('@')).then_some(rest);
        (web || site.is_empty()).then(|| Hit { url, ..Hit::key(Kind::PullRequest, "D", number) })
    };
    one(read())
}

/// `Pull Request resolved: https://…/pull/12` and its like.
fn review_url(line: &str) -> Vec<Hit<'_>> {
    let line = line.strip_prefix("Summary: ").unwrap_or(line);
    let keys = ["Pull Request resolved", "Pull-Request-URL", "PR-URL", "Pull Request"];
    one(keys.iter().find_map(|key| value(line, key)).and_then(review_page))
}

/// `Pull-request: #12`, `GitHub-Pull-Request: owner/name#12`, `PullRequest: name/12`.
fn trailer_pr(line: &str) -> Vec<Hit<'_>> {
    let keys = ["GitHub-Pull-Request", "Pull-request", "PullRequest"];
    let Some(rest) = keys.iter().find_map(|key| value(line, key)) else { return Vec::new() };
    if let Some((repo, digits)) = rest.split_once('#') {
        let fits = repo.is_empty() || is_repo(repo);
        let repo = Some(repo).filter(|repo| !repo.is_empty());
        let forges = repo.map(|_| &[GitHub, Gitea][..]);
        return one(whole(digits).filter(|_| fits).map(|number| Hit { repo, forges, ..Hit::pull(number) }));
    }
    let Some((repo, digits)) = rest.split_once('/').filter(|(repo, _)| is_word(repo)) else {
        return Vec::new();
    };
    let forges = Some(&[BitbucketServer][..]);
    one(whole(digits).map(|number| Hit { repo: Some(repo), forges, ..Hit::pull(number) }))
}

/// `PR #12`, alone in its paragraph: what a maintainer writes who lands a change by hand.
pub(super) fn landed(line: &str) -> Option<Reference> {
    let rest = line.strip_prefix("PR")?;
    let digits = rest.strip_prefix(": #").or_else(|| rest.strip_prefix(" #"))?;
    Some(Hit::pull(whole(digits.trim_end())?).reference(LANDED, &[GitHub, Gitea], Role::Review))
}

/// `Closes #12 from owner/branch`: the merge scripts of Apache projects.
fn closes_from(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let (digits, source) = line.strip_prefix("Closes #")?.split_once(" from ")?;
        let source = source.trim_end().trim_end_matches('.');
        whole(digits).filter(|_| source.contains('/') && is_word(source)).map(Hit::pull)
    };
    one(read())
}

/// `Reverts owner/name#12`.
fn reverts_pr(line: &str) -> Vec<Hit<'_>> {
    let parts = line.strip_prefix("Reverts ").and_then(|rest| rest.trim_end().split_once('#'));
    let parts = parts.filter(|(repo, _)| is_repo(repo));
    one(parts.and_then(|(repo, digits)| Some(Hit { repo: Some(repo), ..Hit::pull(whole(digits)?) })))
}

/// `This reverts merge request !12`.
fn reverts_mr(line: &str) -> Vec<Hit<'_>> {
    let rest = line.strip_prefix("This reverts merge request ");
    one(rest.and_then(|rest| merge_request(rest.trim_end().trim_end_matches('.'))))
}

/// A number of a bug tracker: four digits or more.
fn bug<'a>(line: &'a str, keys: &[&str], tracker: &str) -> Vec<Hit<'a>> {
    let value = keys.iter().find_map(|key| value(line, key));
    let value = value.map(|value| value.strip_prefix('#').unwrap_or(value).trim_end_matches('.'));
    let value = value.filter(|value| value.len() >= 4);
    one(value.and_then(whole).map(|number| Hit::key(Kind::Issue, tracker, number)))
}

/// `Closes-Bug: #1234567`.
fn launchpad_closed(line: &str) -> Vec<Hit<'_>> {
    bug(line, &["Closes-Bug", "Fixes-Bug"], "LP")
}

/// `Related-Bug: #1234567`.
fn launchpad(line: &str) -> Vec<Hit<'_>> {
    bug(line, &["Partial-Bug", "Related-Bug"], "LP")
}

/// `BUG: 123456`.
fn bugzilla_closed(line: &str) -> Vec<Hit<'_>> {
    bug(line, &["BUG", "FEATURE"], "BUG")
}

/// `CCBUG: 123456`.
fn bugzilla(line: &str) -> Vec<Hit<'_>> {
    bug(line, &["CCBUG"], "BUG")
}

/// `Fixes: 1a2b3c4d5e6f ("subject")`: the commit whose mistake this one mends.
fn fixes_commit(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let rest = value(line, "Fixes").or_else(|| value(line, "fixes"))?;
        let (id, told) = rest.split_once(' ').unwrap_or((rest, ""));
        let told = told.trim_start().starts_with("(\"");
        let hex = (7..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
        // Digits alone may be the number of anything.
        let sure = told || rest == id && id.bytes().any(|b| b.is_ascii_alphabetic());
        (hex && sure).then(|| Hit::new(Kind::Commit, Target::Name(id.into())))
    };
    one(read())
}

/// `Link: https://…` that is no page of a forge.
fn link(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let rest = value(line, "Link")?;
        // A number in brackets is what the text above calls it.
        let url = rest.rsplit_once(" [").filter(|(_, mark)| mark.ends_with(']')).map_or(rest, |(url, _)| url);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let host = host.split('/').next().filter(|host| host.contains('.'))?;
        let plain = is_word(url) && !host.contains('@') && pages::page(url).is_none();
        plain.then(|| Hit { url: Some(url), ..Hit::new(Kind::Link, Target::Name(url.into())) })
    };
    one(read())
}
