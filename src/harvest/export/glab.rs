//! Merge requests as GitLab's `glab mr list --output json` writes them.

use super::Request;
use super::entry::{Entry, texts};
use crate::model::project::Forge;

pub(super) fn request(entry: &Entry<'_>) -> Result<Request, String> {
    let number = entry.number("iid")?;
    entry.need("merged_at")?;
    let merged = entry.moment("merged_at")?;
    Ok(Request {
        repo: entry.repo("web_url", Forge::GitLab, &["/-/merge_requests/", "/merge_requests/"], number)?,
        number,
        title: entry.text("title")?.first_line(),
        url: entry.text("web_url")?,
        author: entry.account("author", "username")?,
        by_bot: entry.says("author", "bot"),
        merged,
        closed: merged.or(entry.moment("closed_at")?),
        body: entry.maybe_text("description"),
        lines: None,
        files: None,
        reviewers: texts(entry.maybe_list("reviewers"), &["username"]),
        closes: Vec::new(),
        commits: Vec::new(),
    })
}
