//! Guides: the built-in ones, and reading one from TOML.

use serde::Deserialize;

use super::decode::{DecodeError, from_toml};
use crate::model::Guide;

mod check;
mod keys;
mod trailers;

pub use check::{Problem, Severity, check};
pub use keys::unknown_keys;

/// The guides that ship with the program: name and text.
pub const BUILTIN: &[(&str, &str)] = &[
    ("staff-engineer", include_str!("../../guides/staff-engineer.toml")),
    ("l8-growth", include_str!("../../guides/l8-growth.toml")),
];

/// The guide of a journal whose owner chose none.
pub const DEFAULT: &str = "staff-engineer";

/// The text of a built-in guide.
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Reads a guide. Unknown keys are passed over (see [`unknown_keys`]); a year that begins in no month is refused.
pub fn decode(text: &str) -> Result<Guide, DecodeError> {
    let guide: Guide = from_toml(text)?;
    // Periods are computed from the month. A second, narrow read, so that the error names its line.
    from_toml::<Bounds>(text)?;
    Ok(guide)
}

#[derive(Deserialize)]
struct Bounds {
    #[serde(default, rename = "calendar")]
    _calendar: CalendarBounds,
}

#[derive(Default, Deserialize)]
struct CalendarBounds {
    #[serde(default, rename = "fiscal_year_start", deserialize_with = "month")]
    _fiscal_year_start: u32,
}

fn month<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let month = u32::deserialize(deserializer)?;
    if is_month(month) { Ok(month) } else { Err(serde::de::Error::custom(no_month(month))) }
}

fn is_month(month: u32) -> bool {
    (1..=12).contains(&month)
}

fn no_month(month: u32) -> String {
    format!("{month} is not a month: a fiscal year begins in month 1 to 12")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BUILTIN, DEFAULT, builtin, check, decode, unknown_keys};
    use crate::model::guide::{Guide, Stream};

    fn ids<'g>(ids: impl IntoIterator<Item = &'g crate::model::Slug>) -> Vec<&'g str> {
        ids.into_iter().map(|id| id.as_str()).collect()
    }

    fn built_in() -> Vec<Guide> {
        BUILTIN
            .iter()
            .map(|(name, text)| decode(text).unwrap_or_else(|error| panic!("{name}: {error}")))
            .collect()
    }

    #[test]
    fn built_in_guides_are_sound_and_called_by_their_names() {
        assert!(builtin(DEFAULT).is_some());
        assert!(builtin("none-such").is_none());
        for ((name, text), guide) in BUILTIN.iter().zip(built_in()) {
            assert_eq!(guide.name.as_str(), *name);
            assert_eq!(check(&guide), [], "{name}");
            assert_eq!(unknown_keys(text), [], "{name}");
        }
    }

    #[test]
    fn built_in_guides_share_the_words_that_rules_and_records_rely_on() {
        for guide in built_in() {
            assert_eq!(ids(guide.gates.iter().map(|it| &it.id)), ["outcome", "level", "proof"]);
            assert_eq!(ids(guide.stances.iter().map(|it| &it.id)), ["own", "shape", "support"]);
            assert_eq!(
                ids(guide.claims.iter().map(|it| &it.id)),
                ["sequencing", "foundation", "decisions", "headroom"]
            );
            assert_eq!(
                ids(guide.lenses.iter().map(|it| &it.id)),
                ["outcome", "system", "sequencing", "reusability", "evidence"]
            );
            assert_eq!(
                ids(guide.sections.iter().map(|it| &it.id)),
                ["relevance", "leverage", "legibility", "evidence"]
            );
            assert_eq!(
                ids(guide.sections.iter().flat_map(|it| &it.questions).map(|it| &it.id)),
                [
                    "outcomes",
                    "why-now",
                    "shared-gain",
                    "direction",
                    "all-dimensions",
                    "outside-reader",
                    "artifacts",
                    "fresh"
                ]
            );
            assert_eq!(
                ids(guide.bet_kinds.iter().map(|it| &it.id)),
                ["pillar-shaping", "business-facing", "force-multiplier"]
            );
            assert_eq!(
                ids(guide.reaches.iter().map(|it| &it.id)),
                ["self", "team", "multi-team", "pillar", "company"]
            );
        }
    }

    #[test]
    fn built_in_guides_carry_every_system_in_full() {
        for guide in built_in() {
            let name = guide.name.as_str();
            for (family, found, wanted) in [
                ("outcomes", guide.outcomes.len(), 5),
                ("capabilities", guide.capabilities.len(), 6),
                ("dimensions", guide.dimensions.len(), 4),
                ("filter", guide.filter.len(), 10),
                ("evidence kinds", guide.evidence_kinds.len(), 7),
                (
                    "questions of the smallest section",
                    guide.sections.iter().map(|it| it.questions.len()).min().unwrap(),
                    2,
                ),
                (
                    "questions of the largest section",
                    guide.sections.iter().map(|it| it.questions.len()).max().unwrap(),
                    2,
                ),
            ] {
                assert_eq!(found, wanted, "{name}: {family}");
            }
            assert!(!guide.context.statement.is_blank() && guide.context.questions.len() >= 3, "{name}");
            assert!(guide.stances.iter().all(|it| !it.about.is_blank() && !it.examples.is_empty()), "{name}");
            assert!(guide.lenses.iter().all(|it| !it.about.is_blank()), "{name}");
            for dimension in &guide.dimensions {
                assert!(
                    dimension.looks_like.len() >= 4 && dimension.counts.len() >= 4,
                    "{name}: {}",
                    dimension.id
                );
                assert!(!dimension.about.is_blank(), "{name}: {}", dimension.id);
            }
            for stream in [Stream::Loud, Stream::Shaping] {
                assert!(guide.evidence_kinds.iter().any(|it| it.stream == stream), "{name}: {stream:?}");
            }
        }
    }

    #[test]
    fn a_subject_word_points_at_one_kind_only() {
        for guide in built_in() {
            let mut seen = BTreeSet::new();
            for word in guide.evidence_kinds.iter().flat_map(|kind| &kind.words) {
                assert!(seen.insert(word.raw()), "{}: {}", guide.name, word.raw());
            }
        }
    }

    #[test]
    fn a_year_that_begins_in_no_month_is_refused_where_it_is_written() {
        let start = "name = \"mine\"\ntitle = \"Mine\"\n";
        for (calendar, line) in [
            ("[calendar]\nfiscal_year_start = 0\n", Some(4)),
            ("[calendar]\nyear_named_after = \"start\"\nfiscal_year_start = 13\n", Some(5)),
            ("calendar.fiscal_year_start = 4294967295\n", Some(3)),
            ("[calendar]\nfiscal_year_start = -1\n", Some(4)),
            ("[calendar]\nfiscal_year_start = \"May\"\n", Some(4)),
        ] {
            let error = decode(&format!("{start}{calendar}")).unwrap_err();
            assert_eq!(error.line, line, "{calendar}: {error}");
            assert!(error.key.unwrap().raw().ends_with("fiscal_year_start"), "{calendar}");
        }
        for calendar in
            ["", "[calendar]\n", "[calendar]\nfiscal_year_start = 12\n", "what = 1\n[calendar]\nwho = 2\n"]
        {
            assert!(decode(&format!("{start}{calendar}")).is_ok(), "{calendar}");
        }
    }
}
