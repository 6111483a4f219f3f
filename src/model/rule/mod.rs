//! The registry of rules: every verdict of a report has one, with a reason, a source, and thresholds a guide may move.

mod questions;
mod watch;

use super::guide::Guide;

/// A rule that findings cite.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Rule {
    /// Its stable id.
    pub id: &'static str,
    /// What it serves: a scorecard question, `dimension`, `trap`, `portfolio`, `distortion`, `confidence` or `proof`.
    pub serves: &'static str,
    /// What it looks at, and why that matters.
    pub reason: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What it cannot know; empty where there is nothing to say.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub caveat: &'static str,
    /// The numbers it decides by.
    pub thresholds: &'static [Threshold],
}

/// A number that a rule decides by. A guide moves it with `[rule.<rule>]` and `<name> = <number>`.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Threshold {
    /// Its name.
    pub name: &'static str,
    /// Its value unless the guide says otherwise.
    pub default: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it decides.
    pub about: &'static str,
}

const fn limit(name: &'static str, default: f64, unit: &'static str, about: &'static str) -> Threshold {
    Threshold { name, default, unit, about }
}

const fn rule(
    id: &'static str,
    serves: &'static str,
    reason: &'static str,
    source: &'static str,
    thresholds: &'static [Threshold],
) -> Rule {
    Rule { id, serves, reason, source, caveat: "", thresholds }
}

impl Rule {
    /// The same rule with what it cannot know.
    const fn but(self, caveat: &'static str) -> Self {
        Self { caveat, ..self }
    }
}

const RELEVANCE: &str = "scorecard, business relevance";
const LEVERAGE: &str = "scorecard, leverage";
const LEGIBILITY: &str = "scorecard, legibility";
const QUALITY: &str = "scorecard, evidence quality";

/// Every rule, by what it serves.
pub const RULES: &[Rule] =
    &joined::<{ questions::RULES.len() + watch::RULES.len() }>(questions::RULES, watch::RULES);

/// Two tables as one.
const fn joined<const N: usize>(first: &[Rule], second: &[Rule]) -> [Rule; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

impl Guide {
    /// A threshold as this guide has it. Names that no rule has are nothing.
    pub fn limit(&self, rule: &str, name: &str) -> f64 {
        let moved =
            self.rules.iter().find(|(id, _)| id.as_str() == rule).and_then(|(_, limits)| limits.get(name));
        let own =
            || find(rule)?.thresholds.iter().find(|limit| limit.name == name).map(|limit| limit.default);
        moved.copied().filter(|limit| limit.is_finite()).or_else(own).unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::{Guide, RULES};

    #[test]
    fn ids_are_unique_slugs_and_reasons_are_one_line() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(crate::model::Slug::parse(rule.id).is_ok() && !rule.reason.contains('\n'), "{}", rule.id);
        }
    }

    #[test]
    fn every_section_of_the_scorecard_has_a_trap() {
        for section in [super::RELEVANCE, super::LEVERAGE, super::LEGIBILITY, super::QUALITY] {
            assert!(RULES.iter().any(|rule| rule.serves == "trap" && rule.source == section), "{section}");
        }
    }

    #[test]
    fn a_guide_moves_a_threshold() {
        let mut guide = Guide::empty();
        assert_eq!(guide.limit("capture-lag", "fair_days"), 21.0);
        guide = toml::from_str("name = \"g\"\ntitle = \"g\"\n[rule.capture-lag]\nfair_days = 30\n").unwrap();
        assert_eq!(
            (guide.limit("capture-lag", "fair_days"), guide.limit("capture-lag", "strong_days")),
            (30.0, 7.0)
        );
        assert!(guide.limit("capture-lag", "nonsense").is_nan());
    }
}
