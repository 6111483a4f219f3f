//! Releases: tags with a version in their names.

use std::collections::BTreeSet;

use super::Project;
use super::program::GitError;
use crate::model::Text;

impl Project {
    /// The oldest release that holds one of these commits; `None` when none does, or when the commits are gone.
    pub fn first_release(&self, ids: &BTreeSet<String>) -> Result<Option<Text>, GitError> {
        let ids = self.existing(ids)?;
        if ids.is_empty() {
            return Ok(None);
        }
        let mut args: Vec<String> =
            ["tag", "--list", "--no-column", "--sort=creatordate", "--format=%(refname:strip=2)"]
                .map(str::to_owned)
                .to_vec();
        args.extend(ids.iter().map(|id| format!("--contains={id}")));
        let answer = self.git().output(&args)?;
        Ok(String::from_utf8_lossy(&answer).lines().find(|name| is_release(name)).map(Text::from))
    }
}

/// True for `v255` and for numbers that belong together, as in `1.2`, `release-1_2` and `jdk-21+35`.
fn is_release(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let joins = |at: usize| matches!(bytes[at], b'.' | b'_' | b'-' | b'+') && at > 0 && is_digit(at - 1);
    let begins = |at: usize| bytes[at] == b'v' && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
    let has_version = (0..bytes.len()).any(|at| is_digit(at + 1) && (joins(at) || begins(at)));
    has_version && !["nightly", "snapshot", "canary"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_release;

    #[test]
    fn a_release_has_a_version() {
        for (tag, expected) in [
            ("v1.2", true),
            ("1.2.3-rc1", true),
            ("V255", true),
            ("cli/v3", true),
            ("release-1_2", true),
            ("jdk-21+35", true),
            ("2026-10-01", true),
            ("parser@0.4.0", true),
            ("latest", false),
            ("nightly-2026-10-01", false),
            ("before-rewrite", false),
            ("ci-build-123", false),
            ("dev3", false),
            ("v", false),
            (".1", false),
            ("", false),
        ] {
            assert_eq!(is_release(tag), expected, "{tag}");
        }
    }
}
