//! Rules for subjects: what forges and merge queues write when they merge or squash. The first that fits wins.

use crate::model::project::Forge::{self, Azure, BitbucketCloud, BitbucketServer, GitHub, GitLab, Gitea};

use super::scan::{is_repo, is_word, number, whole};
use super::{Hit, Kind, LineRule, Reference, Role};
use crate::harvest::learn::Learnt;

/// Subject rules, in the order in which they are tried.
pub(super) const RULES: &[LineRule] = &[
    rule("gh-merge", &[GitHub], gh_merge),
    rule("gitea-merge", &[Gitea], gitea_merge),
    rule("bbs-merge", &[BitbucketServer], bbs_merge),
    rule("bbs-squash", &[BitbucketServer], bbs_squash),
    rule("bbc-merge", &[BitbucketCloud], bbc_merge),
    rule("azure-merge", &[Azure], azure_merge),
    rule("homu-merge", &[GitHub], homu_merge),
    rule("borsng-merge", &[GitHub], borsng_merge),
    rule(SUFFIX, &[GitHub, Gitea], squash_suffix),
    rule("squash-mr", &[GitLab], squash_mr),
];

/// The rule whose number may also be an issue that is cited.
const SUFFIX: &str = "squash-suffix";

const fn rule(
    name: &'static str,
    forges: &'static [Forge],
    read: for<'a> fn(&'a str) -> Vec<Hit<'a>>,
) -> LineRule {
    LineRule { name, forges, role: Role::Review, read }
}

/// What a subject refers to, as a whole line.
pub(super) fn read(line: &str, role: Role, learnt: &Learnt) -> Vec<Reference> {
    let hits = RULES.iter().map(|rule| (rule, (rule.read)(line))).find(|(_, hits)| !hits.is_empty());
    let Some((rule, hits)) = hits else { return Vec::new() };
    let cites = rule.name == SUFFIX && !learnt.suffix_is_pr;
    let reference = |mut hit: Hit<'_>| {
        if cites {
            hit.kind = Kind::Issue;
            hit.forges = Some(super::places::NUMBERED);
        }
        let role = if cites && role == Role::Review { Role::Mentions } else { role };
        hit.reference(rule.name, rule.forges, role)
    };
    hits.into_iter().map(reference).collect()
}

fn one(number: Option<u64>) -> Vec<Hit<'static>> {
    number.map(Hit::pull).into_iter().collect()
}

/// `Merge pull request #12 from owner/branch`.
fn gh_merge(line: &str) -> Vec<Hit<'_>> {
    let parts = || line.strip_prefix("Merge pull request #")?.split_once(" from ");
    one(parts().filter(|(_, source)| is_word(source) && source.contains('/')).and_then(|(n, _)| whole(n)))
}

/// `Merge pull request 'Title' (#12) from branch into main`.
fn gitea_merge(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let (rest, target) = line.strip_prefix("Merge pull request '")?.rsplit_once(" into ")?;
        let (rest, source) = rest.rsplit_once(" from ")?;
        let (_, digits) = rest.strip_suffix(')')?.rsplit_once("' (")?;
        whole(digits.strip_prefix(['#', '!'])?).filter(|_| is_word(source) && is_word(target))
    };
    one(read())
}

/// `Merge pull request #12 in PROJ/repo from branch to main`.
fn bbs_merge(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let (digits, rest) = line.strip_prefix("Merge pull request #")?.split_once(" in ")?;
        let (repo, rest) = rest.split_once(" from ")?;
        let (source, target) = rest.split_once(" to ")?;
        let number = whole(digits).filter(|_| is_repo(repo) && is_word(source) && is_word(target))?;
        Some(Hit { repo: Some(repo), ..Hit::pull(number) })
    };
    read().into_iter().collect()
}

/// `Pull request #12: Title`.
fn bbs_squash(line: &str) -> Vec<Hit<'_>> {
    one(line
        .strip_prefix("Pull request #")
        .and_then(|rest| rest.split_once(": "))
        .and_then(|(n, _)| whole(n)))
}

/// `Merged in owner/branch (pull request #12)`.
fn bbc_merge(line: &str) -> Vec<Hit<'_>> {
    let read = || {
        let (source, digits) = line.strip_prefix("Merged in ")?.rsplit_once(" (pull request #")?;
        whole(digits.strip_suffix(')')?).filter(|_| is_word(source))
    };
    one(read())
}

/// `Merged PR 12: Title`.
fn azure_merge(line: &str) -> Vec<Hit<'_>> {
    one(line.strip_prefix("Merged PR ").and_then(|rest| rest.split_once(": ")).and_then(|(n, _)| whole(n)))
}

/// A pull request as the merge queue of homu and its successors names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued<'a> {
    /// Its number.
    pub number: u64,
    /// The account whose branch it was.
    pub login: &'a str,
    /// The accounts that reviewed it.
    pub reviewers: Vec<&'a str>,
}

/// Reads `Auto merge of #12 - login:branch, r=one,two`, and `auto merge of #12 : login/name/branch, r=one`.
pub fn queued(subject: &str) -> Option<Queued<'_>> {
    let subject = subject.trim();
    let (rest, old) = match subject.strip_prefix("auto merge of #") {
        Some(rest) => (rest, true),
        None => {
            let rest = subject.strip_prefix("Auto merge of #");
            (rest.or_else(|| subject.strip_prefix("Rollup merge of #"))?, false)
        }
    };
    let (digits, rest) = rest.split_once(if old { " : " } else { " - " })?;
    let (source, reviewers) = rest.rsplit_once(", r=")?;
    // The queue's first version named the fork by its path.
    let (login, branch) = source.split_once(if old { '/' } else { ':' })?;
    let reviewers: Vec<&str> = reviewers.split(',').map(str::trim).collect();
    let fits = is_word(login) && is_word(branch) && reviewers.iter().all(|name| is_word(name));
    let number = whole(digits).filter(|_| fits)?;
    Some(Queued { number, login, reviewers })
}

fn homu_merge(line: &str) -> Vec<Hit<'_>> {
    one(queued(line).map(|queued| queued.number))
}

/// `Merge #12 #13`: everything that a queue merged at once.
fn borsng_merge(line: &str) -> Vec<Hit<'_>> {
    let Some(rest) = line.strip_prefix("Merge #") else { return Vec::new() };
    let numbers: Option<Vec<u64>> = rest.split(" #").take(super::MAX).map(whole).collect();
    numbers.unwrap_or_default().into_iter().map(Hit::pull).collect()
}

/// `… (#12)`: only the last number; the ones before it come from forks and cherry-picks.
fn squash_suffix(line: &str) -> Vec<Hit<'_>> {
    one(suffix(line, "(#"))
}

/// `… (!12)`: a merge request.
fn squash_mr(line: &str) -> Vec<Hit<'_>> {
    one(suffix(line, "(!"))
}

fn suffix(line: &str, open: &str) -> Option<u64> {
    let inside = line.trim_end().strip_suffix(')')?;
    let digits = inside[inside.rfind('(')?..].strip_prefix(open)?;
    number(digits).filter(|(_, len)| *len == digits.len()).map(|(number, _)| number)
}
