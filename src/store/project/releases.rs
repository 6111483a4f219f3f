//! Releases: tags with a version in their names.

use std::collections::BTreeSet;

use super::Project;
use super::program::GitError;
use crate::model::Text;

const TAGS: &str = "refs/tags/";

/// Where there are more tags than this, each build has one.
const MOST: usize = 20_000;

impl Project {
    /// The release that one of these commits came with, the oldest of several; `None` when none did, or when the commits
    /// are gone. Of the tags that hold a commit it is the one that `git describe --contains` names: to know all of them git
    /// would walk the history once for each.
    pub fn release_of(&self, ids: &BTreeSet<String>) -> Result<Option<Text>, GitError> {
        let ids = self.existing(ids)?;
        if ids.is_empty() {
            return Ok(None);
        }
        let tags = self.git().output(&[
            "for-each-ref",
            "--sort=creatordate",
            "--format=%(refname:strip=2)",
            TAGS,
        ])?;
        let tags = String::from_utf8_lossy(&tags);
        let (releases, others): (Vec<&str>, Vec<&str>) = tags.lines().partition(|tag| is_release(tag));
        if releases.is_empty() || releases.len() + others.len() > MOST {
            return Ok(None);
        }
        let mut args: Vec<String> = ["name-rev", "--tags", "--name-only"].map(str::to_owned).to_vec();
        args.extend(others.iter().map(|tag| format!("--exclude={TAGS}{tag}")));
        args.extend(ids);
        let answer = self.git().output(&args)?;
        let answer = String::from_utf8_lossy(&answer);
        // 'v1.2~30^2' for what is thirty commits behind v1.2 and one aside.
        let named: BTreeSet<&str> =
            answer.lines().map(|line| line.split(['~', '^']).next().unwrap_or(line)).collect();
        Ok(releases.iter().find(|tag| named.contains(*tag)).map(|tag| Text::from(*tag)))
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
