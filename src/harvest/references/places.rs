//! Rules for places inside a line: `#12` behind a closing keyword, marks that speak for themselves, addresses, keys.

use crate::model::project::Forge::{self, Azure, BitbucketCloud, GitHub, GitLab, Gitea};

use super::scan::{closes, is_repo, number};
use super::{Hit, Kind, MAX, Reference, Role, add, pages};
use crate::harvest::learn::{self, Learnt};

/// Forges where `#12` is an issue.
pub(super) const NUMBERED: &[Forge] = &[GitHub, GitLab, Gitea, BitbucketCloud, Azure];

/// A place: what was found, where it begins and where it ends.
type Place<'a> = (Hit<'a>, usize, usize);

/// A rule: its name, its forges, what marks the place, and the reader. The reader gets the line and the mark's offset;
/// it gives back where the target begins and ends, or the offset from where to read on.
pub(super) struct PlaceRule {
    pub(super) name: &'static str,
    forges: &'static [Forge],
    mark: &'static str,
    read: for<'a> fn(&'a str, usize) -> Result<Place<'a>, usize>,
}

/// `#` needs a closing keyword before it, the others speak for themselves.
pub(super) const RULES: &[PlaceRule] = &[
    PlaceRule { name: "close", forges: NUMBERED, mark: "#", read: hash },
    PlaceRule { name: "gh-dash", forges: &[GitHub], mark: "GH-", read: gh_dash },
    PlaceRule { name: "azure-board", forges: &[Azure], mark: "AB#", read: board },
    PlaceRule { name: "url", forges: &[], mark: "http", read: url },
];

/// Reads every place in a line, each byte once.
pub(super) fn read(line: &str, learnt: &Learnt, found: &mut Vec<Reference>) {
    let bytes = line.as_bytes();
    let (mut at, mut closed) = (0, None);
    while at < bytes.len() && found.len() < MAX {
        // Everything below begins with one of these.
        if !matches!(bytes[at], b'#' | b'h' | b'A'..=b'Z') {
            at += 1;
            continue;
        }
        let rule = RULES.iter().find(|rule| bytes[at..].starts_with(rule.mark.as_bytes()));
        let Some(PlaceRule { name, forges, mark, read }) = rule else {
            at = key(line, at, learnt, found);
            continue;
        };
        let goes_on = |start: usize| closed.is_some_and(|end| end <= start && joins(&line[end..start]));
        let (hit, start, end) = match read(line, at) {
            Ok(place) => place,
            Err(next) => {
                at = next.max(at + 1);
                continue;
            }
        };
        at = end;
        if closes(&line[..start]) || goes_on(start) {
            closed = Some(end);
            let name = if hit.repo.is_some() && hit.url.is_none() { "close-cross" } else { name };
            add(found, hit.reference(name, forges, Role::Closes));
        } else if *mark != "#" {
            add(found, hit.reference(name, forges, Role::Mentions));
        }
    }
}

/// True for a line that begins with a closing keyword.
pub(super) fn is_closing(line: &str) -> bool {
    line.split_once([' ', '\t']).is_some_and(|(word, _)| closes(&format!("{word} ")))
}

/// True for what stands between the members of a list: `fixes #1, #2 and #3`.
fn joins(between: &str) -> bool {
    matches!(between.trim(), "," | "and" | "&" | ", and" | ", &") && between.ends_with([' ', ','])
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
    Ok((Hit { repo, ..Hit::issue(number) }, start, at + 1 + len))
}

/// True when nothing that belongs to a word stands before `at`.
fn alone(line: &str, at: usize) -> bool {
    line[..at].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '-'))
}

/// `GH-12`.
fn gh_dash(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let (number, len) = number(&line[at + 3..]).filter(|_| alone(line, at)).ok_or(at + 3)?;
    Ok((Hit::issue(number), at, at + 3 + len))
}

/// `AB#12`.
fn board(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let (number, len) = number(&line[at + 3..]).filter(|_| alone(line, at)).ok_or(at + 3)?;
    Ok((Hit::key(Kind::Issue, "AB", number), at, at + 3 + len))
}

/// The page of a pull request, merge request or issue; what follows the number is dropped.
fn url(line: &str, at: usize) -> Result<Place<'_>, usize> {
    let close = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | '`' | '|')
    };
    let address = &line[at..];
    // The whole address is read once, page or not: a line of addresses glued together stays linear.
    let address = &address[..address.find(close).unwrap_or(address.len())];
    let (hit, _) = pages::page(address).ok_or(at + address.len())?;
    Ok((hit, at, at + address.len()))
}

/// `ABC-12`, when the key is one of this history's. Returns from where to read on.
fn key(line: &str, at: usize, learnt: &Learnt, found: &mut Vec<Reference>) -> usize {
    let bytes = line.as_bytes();
    let len = bytes[at..].iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count().max(1);
    let next = at + len;
    let before = line[..at].chars().next_back();
    let free = before.is_none_or(|c| !(c.is_alphanumeric() || "_/#.-".contains(c)));
    if !free || learnt.keys.is_empty() || !learnt.keys.contains(&line[at..next]) {
        return next;
    }
    let Some((number, length)) = learn::key_number(&line[next..]) else { return next };
    let role = if closes(&line[..at]) { Role::Closes } else { Role::Mentions };
    add(found, Hit::key(Kind::Issue, &line[at..next], number).reference("key", &[], role));
    next + length
}
