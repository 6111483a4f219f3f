//! What a message refers to: pull requests, issues, the change it takes back. A table of anchored rules.
//!
//! A wrong link is worse than none: a bare `#12` in prose is never one, because stack frames, lists and quoted
//! release notes are full of them. Every rule is linear in the message; another forge is another row.

use crate::model::Text;

use super::message;

/// The most references read from one message.
pub const MAX: usize = 64;

/// Something a message refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The rule that found it.
    pub rule: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: u64,
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
    /// A pull or merge request.
    PullRequest,
    /// An issue.
    Issue,
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

/// What a rule found, before the message's roles are settled.
struct Hit<'a> {
    kind: Kind,
    number: u64,
    repo: Option<&'a str>,
    url: Option<&'a str>,
}

impl Hit<'_> {
    fn number(kind: Kind, number: u64) -> Self {
        Self { kind, number, repo: None, url: None }
    }

    fn reference(&self, rule: &'static str, role: Role) -> Reference {
        let Self { kind, number, .. } = *self;
        Reference { rule, kind, number, repo: self.repo.map(Text::from), url: self.url.map(Text::from), role }
    }
}

/// A rule for a whole line: the review a subject or a body line names.
type LineRule = (&'static str, for<'a> fn(&'a str) -> Option<Hit<'a>>);

/// Subject rules; the first that fits wins.
const SUBJECT: &[LineRule] =
    &[("gh-merge", gh_merge), ("squash-suffix", squash_suffix), ("squash-mr", squash_mr)];

/// Rules for lines of the body.
const BODY: &[LineRule] = &[("closes-from", closes_from)];

/// A rule for a place inside a line: its name, what marks the place, and the reader. The reader gets the line and the
/// mark's offset; it gives back where the target begins and ends, or the offset from where to read on.
type PlaceRule = (&'static str, &'static str, for<'a> fn(&'a str, usize) -> Result<Place<'a>, usize>);

/// A hit, where it begins and where it ends.
type Place<'a> = (Hit<'a>, usize, usize);

/// Rules for places. `#` needs a closing keyword before it, the others speak for themselves.
const PLACES: &[PlaceRule] = &[("close", "#", hash), ("gh-dash", "GH-", gh_dash), ("url", "http", url)];

/// Words that close an issue.
const CLOSING: &[&str] =
    &["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// Everything the message refers to, in reading order, each once.
///
/// `suffix_is_pr` says what `(#12)` at the end of a subject means in this repository: see [`super::learn`].
pub fn references(subject: &str, body: &str, suffix_is_pr: bool) -> Vec<Reference> {
    let mut found = Vec::new();
    let subject = subject.trim();
    let (inner, own) = message::quoted(subject).map_or((None, subject), |(inner, own)| (Some(inner), own));
    let by_subject = |line: &str, role: Role| {
        let (rule, hit) = SUBJECT.iter().find_map(|(name, rule)| rule(line).map(|hit| (*name, hit)))?;
        let cites = rule == "squash-suffix" && !suffix_is_pr;
        let hit = if cites { Hit { kind: Kind::Issue, ..hit } } else { hit };
        Some(hit.reference(rule, if cites && role == Role::Review { Role::Mentions } else { role }))
    };
    found.extend(by_subject(own, Role::Review));
    if let Some(inner) = inner {
        let role = if message::is_reapply(subject) { Role::Mentions } else { Role::Reverts };
        found.extend(by_subject(inner, role));
    }
    // After a quoted subject only the rest is this change's own text.
    for line in std::iter::once(own).chain(body.lines()) {
        if found.len() >= MAX {
            break;
        }
        if line.trim_start().starts_with('>') {
            continue;
        }
        match BODY.iter().find_map(|(name, rule)| rule(line).map(|hit| (*name, hit))) {
            Some((name, hit)) => add(&mut found, hit.reference(name, Role::Review)),
            None => places(line, &mut found),
        }
    }
    found
}

fn add(found: &mut Vec<Reference>, new: Reference) {
    let same = |old: &Reference| {
        (old.kind, old.number, &old.repo) == (new.kind, new.number, &new.repo)
            && (old.role == new.role || new.role == Role::Mentions)
    };
    if found.len() < MAX && !found.iter().any(same) {
        found.push(new);
    }
}

/// Reads every place in a line, each byte once.
fn places(line: &str, found: &mut Vec<Reference>) {
    let mut at = 0;
    while at < line.len() && found.len() < MAX {
        let rest = &line.as_bytes()[at..];
        let Some((name, mark, rule)) = PLACES.iter().find(|(_, mark, _)| rest.starts_with(mark.as_bytes()))
        else {
            at += 1;
            continue;
        };
        let (hit, start, end) = match rule(line, at) {
            Ok(place) => place,
            Err(next) => {
                at = next.max(at + 1);
                continue;
            }
        };
        at = end;
        if closes(&line[..start]) {
            let name = if hit.repo.is_some() && hit.url.is_none() { "close-cross" } else { name };
            add(found, hit.reference(name, Role::Closes));
        } else if *mark != "#" {
            add(found, hit.reference(name, Role::Mentions));
        }
    }
}

/// True when `before` ends in a closing keyword, a colon or not, and white space.
fn closes(before: &str) -> bool {
    let words = before.trim_end_matches([' ', '\t']);
    if words.len() == before.len() {
        return false;
    }
    let words = words.strip_suffix(':').unwrap_or(words).as_bytes();
    let letters = words.iter().rev().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
    let (left, word) = words.split_at(words.len() - letters);
    let alone =
        left.last().is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-'));
    alone && CLOSING.iter().any(|closing| word.eq_ignore_ascii_case(closing.as_bytes()))
}

/// A positive number at the beginning of `text` that ends as a word, and its length.
fn number(text: &str) -> Option<(u64, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = match &text.as_bytes()[len..] {
        [b'.', next, ..] => !next.is_ascii_digit(),
        [next, ..] => next.is_ascii() && !next.is_ascii_alphanumeric() && *next != b'_',
        [] => true,
    };
    // A leading zero is a colour or an address: no forge writes one.
    if !ends || text.starts_with('0') {
        return None;
    }
    text[..len].parse().ok().map(|number| (number, len))
}

/// The whole of `text` as a number.
fn whole(text: &str) -> Option<u64> {
    number(text).filter(|(_, len)| *len == text.len()).map(|(number, _)| number)
}

/// `Merge pull request #12 from owner/branch`.
fn gh_merge(line: &str) -> Option<Hit<'_>> {
    let (digits, source) = line.strip_prefix("Merge pull request #")?.split_once(" from ")?;
    let fits = !source.is_empty() && !source.contains(char::is_whitespace);
    whole(digits).filter(|_| fits).map(|number| Hit::number(Kind::PullRequest, number))
}

/// `… (#12)`: only the last number; the ones before it come from forks and cherry-picks.
fn squash_suffix(line: &str) -> Option<Hit<'_>> {
    suffix(line, "(#")
}

/// `… (!12)`: a merge request.
fn squash_mr(line: &str) -> Option<Hit<'_>> {
    suffix(line, "(!")
}

fn suffix<'a>(line: &'a str, open: &str) -> Option<Hit<'a>> {
    let inside = line.trim_end().strip_suffix(')')?;
    let at = inside.rfind('(')?;
    whole(inside[at..].strip_prefix(open)?).map(|number| Hit::number(Kind::PullRequest, number))
}

/// `Closes #12 from owner/branch`: the merge scripts of Apache projects.
fn closes_from(line: &str) -> Option<Hit<'_>> {
    let (digits, source) = line.strip_prefix("Closes #")?.split_once(" from ")?;
    let source = source.trim_end().trim_end_matches('.');
    let fits = source.contains('/') && !source.contains(char::is_whitespace);
    whole(digits).filter(|_| fits).map(|number| Hit::number(Kind::PullRequest, number))
}

/// `#12` or `owner/name#12`.
fn hash(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let (number, len) = number(&line[at + 1..]).ok_or(at + 1)?;
    let name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    let start = at - line.as_bytes()[..at].iter().rev().take(141).take_while(|b| name(b)).count();
    let repo = &line[start..at];
    if !repo.is_empty() && !is_repo(repo) {
        return Err(at + 1);
    }
    let repo = (!repo.is_empty()).then_some(repo);
    Ok((Hit { kind: Kind::Issue, number, repo, url: None }, start, at + 1 + len))
}

/// True for `owner/name`.
fn is_repo(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'))
}

/// `GH-12`.
fn gh_dash(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let alone = line[..at].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '-'));
    let (number, len) = number(&line[at + 3..]).filter(|_| alone).ok_or(at + 3)?;
    Ok((Hit::number(Kind::Issue, number), at, at + 3 + len))
}

/// The page of a pull request, merge request or issue; what follows the number is dropped.
fn url(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let close = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | '`' | '|')
    };
    let address = &line[at..];
    // The whole address is read once, page or not: a line of addresses glued together stays linear.
    let address = &address[..address.find(close).unwrap_or(address.len())];
    let hit = page(address).ok_or(at + address.len())?;
    Ok((hit, at, at + address.len()))
}

/// Reads an address from its beginning to its number.
fn page(address: &str) -> Option<Hit<'_>> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    if host.is_empty() || host.contains('@') {
        return None;
    }
    let (repo, kind, after, gitlab) = [
        ("/-/merge_requests/", Kind::PullRequest, true),
        ("/-/issues/", Kind::Issue, true),
        ("/-/work_items/", Kind::Issue, true),
        ("/pull/", Kind::PullRequest, false),
        ("/issues/", Kind::Issue, false),
    ]
    .into_iter()
    .find_map(|(mark, kind, gitlab)| {
        path.split_once(mark).map(|(repo, after)| (repo, kind, after, gitlab))
    })?;
    let (number, len) = number(after)?;
    // Groups of GitLab nest; elsewhere a longer path is another site's.
    let named = if gitlab { repo.contains('/') } else { is_repo(repo) };
    let end = address.len() - after.len() + len;
    named.then_some(Hit { kind, number, repo: Some(repo), url: Some(&address[..end]) })
}

#[cfg(test)]
#[path = "references_corpus.rs"]
mod corpus;
