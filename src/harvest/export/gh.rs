//! Pull requests as GitHub's `gh` writes them: `gh pr list --json` and `gh search prs --json`.

use serde_json::Value;

use super::Request;
use super::entry::{Entry, said, texts};
use crate::harvest::artifacts::commit_key;
use crate::model::project::{FileChange, Forge};
use crate::model::{Instant, Text};

pub(super) fn request(entry: &Entry<'_>) -> Result<Request, String> {
    let number = entry.number("number")?;
    let closed = entry.moment("closedAt")?;
    let merged = merged(entry, closed)?;
    let files = entry.maybe_list("files").map(|files| files.iter().filter_map(file).collect());
    let lines = entry.maybe_number("additions").zip(entry.maybe_number("deletions"));
    let reviews = ["reviews", "latestReviews"].map(|name| people(entry.maybe_list(name)));
    let mut reviewers = reviews.concat();
    reviewers.sort();
    reviewers.dedup();
    Ok(Request {
        repo: entry.repo("url", Forge::GitHub, &["/pull/"], number)?,
        number,
        title: entry.text("title")?.first_line(),
        url: entry.text("url")?,
        author: entry.account("author", "login")?,
        by_bot: entry.says("author", "is_bot"),
        merged,
        closed: merged.or(closed),
        body: entry.maybe_text("body"),
        lines: lines.map(|(added, deleted)| added.saturating_add(deleted)),
        files,
        reviewers,
        closes: texts(entry.maybe_list("closingIssuesReferences"), &["url"]),
        commits: entry.maybe_list("commits").into_iter().flatten().filter_map(commit).collect(),
    })
}

/// `gh pr list` has the date of the merge; `gh search prs` says that there was one, and when the request was closed.
fn merged(entry: &Entry<'_>, closed: Option<Instant>) -> Result<Option<Instant>, String> {
    if entry.has("mergedAt") {
        return entry.moment("mergedAt");
    }
    if !entry.has("state") {
        return Err(format!("{} has no 'mergedAt', nor 'state' and 'closedAt'", entry.name()));
    }
    let is_merged = entry.text("state")?.raw().eq_ignore_ascii_case("merged");
    if is_merged && closed.is_none() {
        return Err(format!("{} is merged and has no 'closedAt'", entry.name()));
    }
    Ok(closed.filter(|_| is_merged))
}

/// Who reviewed, without programs as far as they are called so.
fn people(reviews: Option<&Vec<Value>>) -> Vec<Text> {
    let is_person = |review: &&Value| !said(review.get("author"), "is_bot");
    let people: Vec<Value> = reviews.into_iter().flatten().filter(is_person).cloned().collect();
    texts(Some(&people), &["author", "login"])
}

fn file(value: &Value) -> Option<FileChange> {
    let lines =
        |name: &str| value.get(name).and_then(Value::as_u64).and_then(|lines| u32::try_from(lines).ok());
    let (added, deleted) = (lines("additions")?, lines("deletions")?);
    Some(FileChange {
        path: value.get("path")?.as_str()?.into(),
        added,
        deleted,
        binary: false,
        generated: false,
    })
}

/// The key by which harvest knows a commit, unless the forge cut its subject.
fn commit(value: &Value) -> Option<String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let subject = text("messageHeadline").filter(|subject| !subject.ends_with('…'))?;
    let email = value.get("authors")?.get(0)?.get("email")?.as_str()?;
    let authored = chrono::DateTime::parse_from_rfc3339(text("authoredDate")?).ok()?;
    Some(commit_key(email, Instant(authored), subject))
}
