//! Short names made of lower-case letters, digits and hyphens: guide words and bet slugs.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// A name such as `technical-execution`: safe to print, to type and to use as a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// The longest slug, in bytes.
pub const MAX_LEN: usize = 64;

/// A text that is no slug.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is not a name of lower-case letters, digits and hyphens")]
pub struct NotASlug(pub String);

impl Slug {
    /// Parses `[a-z0-9][a-z0-9-]*`, at most [`MAX_LEN`] bytes.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.len() <= MAX_LEN
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotASlug(text.chars().take(MAX_LEN).collect())) }
    }

    /// Makes a slug of a title: words joined by hyphens, at most `max` bytes, cut between words.
    pub fn from_title(title: &str, max: usize) -> Option<Self> {
        let mut slug = String::new();
        for word in title.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty())
        {
            let room = max.min(MAX_LEN).saturating_sub(slug.len() + usize::from(!slug.is_empty()));
            if word.len() > room {
                if slug.is_empty() {
                    slug.push_str(&word[..room]);
                }
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        Self::parse(&slug).ok()
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn titles_become_slugs_cut_between_words() {
        for (title, slug) in [
            ("One queue for every team", Some("one-queue-for-every-team")),
            ("Kill the 40-minute deploy (finally!)", Some("kill-the-40-minute")),
            ("Ærø", Some("r")),
            ("!!!", None),
        ] {
            let max = if title.starts_with("Kill") { 20 } else { 32 };
            assert_eq!(Slug::from_title(title, max).as_ref().map(Slug::as_str), slug, "{title}");
        }
    }

    #[test]
    fn refuses_what_could_be_an_option_or_a_path() {
        for text in ["", "-x", "A", "a b", "a/b", "a.b", "é"] {
            assert!(Slug::parse(text).is_err(), "{text:?}");
        }
    }
}
