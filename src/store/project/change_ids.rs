//! Change-ids: what jj and Gerrit call a change, whatever its commit's id became.

use std::collections::BTreeMap;

use super::program::GitError;
use super::{Project, is_id};

impl Project {
    /// The change-id of each commit that has one: by its header, else by its last `Change-Id:` line.
    pub fn change_ids(&self, ids: &[String]) -> Result<BTreeMap<String, String>, GitError> {
        let input: String = ids.iter().filter(|id| is_id(id)).map(|id| format!("{id}\n")).collect();
        if input.is_empty() {
            return Ok(BTreeMap::new());
        }
        let answer = self.git().feed(&["cat-file", "--batch"], input.into_bytes())?;
        let mut found = BTreeMap::new();
        let mut rest = answer.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            // `ID missing` has nothing behind it.
            let mut words = head.split(' ');
            let (Some(id), Some(kind), Some(size)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let Ok(size) = size.parse::<usize>() else { continue };
            let Some(object) = rest.get(..size) else { break };
            if kind == "commit"
                && let Some(change) = change_id(&String::from_utf8_lossy(object))
            {
                found.insert(id.to_owned(), change);
            }
            rest = rest.get(size + 1..).unwrap_or_default();
        }
        Ok(found)
    }
}

/// The change-id in the bytes of a commit.
fn change_id(commit: &str) -> Option<String> {
    let (headers, message) = commit.split_once("\n\n").unwrap_or((commit, ""));
    let header = headers.lines().find_map(|line| line.strip_prefix("change-id "));
    let line = |line: &str| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case("change-id").then(|| value.trim().to_owned())
    };
    let trailer = || message.lines().rev().take_while(|line| !line.trim().is_empty()).find_map(line);
    let change = header.map(|change| change.trim().to_owned()).or_else(trailer);
    change.filter(|change| {
        !change.is_empty() && change.len() <= 64 && change.chars().all(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::change_id;

    #[test]
    fn a_header_wins_and_only_the_last_paragraph_has_trailers() {
        for (commit, expected) in [
            ("tree x\nchange-id abc\n\nsubject\n\nChange-Id: I12\n", Some("abc")),
            ("tree x\n\nsubject\n\nChange-Id: I12\nSigned-off-by: a\n", Some("I12")),
            ("tree x\n\nsubject\n\nChange-Id: I12\n\nmore\n", None),
            ("tree x\n\nsubject\n\nChange-Id: \u{1b}[31m\n", None),
            ("tree x", None),
        ] {
            assert_eq!(change_id(commit).as_deref(), expected, "{commit:?}");
        }
    }
}
