//! What forges write about pull requests: the JSON of `gh` and `glab`, read strictly where it matters.
//!
//! A field that is needed has to be there and to be what it says; anything else may be missing, odd or unknown.

mod entry;
mod gh;
mod glab;
mod own;
pub mod reviews;

use serde_json::Value;

use crate::model::project::{FileChange, ProjectRepo};
use crate::model::{Instant, Text};
use entry::Entry;

pub use own::{Desk, Told, tell};

/// The most that an export may hold, in bytes: some thousand pull requests with all that was said in them.
pub const MAX: usize = 32 << 20;

/// A program whose JSON is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GitHub's `gh pr list --json` and `gh search prs --json`.
    Gh,
    /// GitLab's `glab mr list --output json`.
    Glab,
}

impl Format {
    /// The format that is called by the program's name.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "gh" => Some(Self::Gh),
            "glab" => Some(Self::Glab),
            _ => None,
        }
    }

    /// A command that writes everything that is needed.
    pub fn example(self) -> &'static str {
        match self {
            Self::Gh => {
                "gh pr list --author @me --state merged --json number,title,url,author,mergedAt,body,closingIssuesReferences,reviews,additions,deletions,files"
            }
            Self::Glab => "glab mr list --author @me --merged --output json",
        }
    }
}

/// A pull or merge request, as its forge tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The repository, by its address.
    pub repo: ProjectRepo,
    /// Its number there.
    pub number: u64,
    /// What it is called.
    pub title: Text,
    /// Its page.
    pub url: Text,
    /// The account that opened it.
    pub author: Text,
    /// True when the forge itself says that the account is a program's.
    pub by_bot: bool,
    /// When it was merged.
    pub merged: Option<Instant>,
    /// When it was merged or closed.
    pub closed: Option<Instant>,
    /// What it says.
    pub body: Text,
    /// Lines added and deleted.
    pub lines: Option<u64>,
    /// What it did to each file.
    pub files: Option<Vec<FileChange>>,
    /// Accounts that reviewed it.
    pub reviewers: Vec<Text>,
    /// Issues that it closed, by address.
    pub closes: Vec<Text>,
    /// Keys of its commits.
    pub commits: Vec<String>,
}

/// Why an export cannot be read, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExportError {
    /// What is wrong, with everything foreign made visible.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

/// Reads an export; nothing of it when anything that is needed is wrong.
pub fn parse(format: Format, bytes: &[u8]) -> Result<Vec<Request>, ExportError> {
    let again = || format!("write it anew: {}", format.example());
    let error = |message: &str, hint: String| ExportError { message: message.to_owned(), hint };
    if bytes.len() > MAX {
        return Err(error(
            "the export is larger than 32 MiB",
            "write less at a time: a smaller --limit, or fewer fields".to_owned(),
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| error("the export is not UTF-8", "convert it first: iconv -t UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.is_empty() {
        return Err(error("the export is empty", again()));
    }
    if text.starts_with('<') {
        return Err(error("the export is a web page, not JSON", again()));
    }
    let value: Value = serde_json::from_str(text).map_err(|wrong| {
        let what = if wrong.is_eof() { "ends in the middle" } else { "is not JSON" };
        let place = format!("line {}, column {}", wrong.line(), wrong.column());
        error(&format!("the export {what}: {place}"), again())
    })?;
    let Value::Array(list) = value else {
        let said = value.get("message").and_then(Value::as_str);
        let said = said.map(|said| format!(": it says '{}'", visible(said))).unwrap_or_default();
        return Err(error(&format!("the export is not a list of pull requests{said}"), again()));
    };
    let read = match format {
        Format::Gh => gh::request,
        Format::Glab => glab::request,
    };
    let requests = list.iter().enumerate().map(|(at, value)| read(&Entry::new(at, value)?));
    let mut requests: Vec<Request> =
        requests.collect::<Result<_, _>>().map_err(|message| error(&message, again()))?;
    // The same request twice, in pages that overlap, is one.
    requests.sort_by(|a, b| (&a.repo.name, a.number, &a.url).cmp(&(&b.repo.name, b.number, &b.url)));
    requests.dedup_by(|a, b| (&a.repo.name, a.number) == (&b.repo.name, b.number));
    Ok(requests)
}

/// Foreign text for a message: visible, and not longer than a line.
fn visible(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    Text::from(short).visible()
}

#[cfg(test)]
mod tests;
