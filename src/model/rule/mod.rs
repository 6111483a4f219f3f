//! The registry of rules: every verdict of a report has one, with a reason, a source, and thresholds a guide may move.

mod questions;
mod watch;

use super::guide::Guide;
use super::text::Text;

/// A rule that findings cite.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Rule {
    /// Its stable id.
    pub id: &'static str,
    /// What it serves: a scorecard question, or the id of a section of findings such as `trap`.
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
    /// A threshold as this guide has it, or the rule's own where the guide's makes no sense. Names that no rule has
    /// are nothing.
    pub fn limit(&self, rule: &str, name: &str) -> f64 {
        let own = find(rule).and_then(|rule| rule.threshold(name));
        let contradicts = || ORDERED.iter().any(|order| order.names(rule, name) && self.contradicts(order));
        let moved = self.moved(rule, name).filter(|_| !contradicts());
        moved.or(own.map(|limit| limit.default)).unwrap_or(f64::NAN)
    }

    /// A number that the guide moved to something that can be meant.
    fn moved(&self, rule: &str, name: &str) -> Option<f64> {
        let (_, limits) = self.rules.iter().find(|(id, _)| id.as_str() == rule)?;
        let limit = find(rule)?.threshold(name)?;
        limits.get(name).copied().filter(|value| limit.allows(*value))
    }

    fn contradicts(&self, order: &Order) -> bool {
        let value = |name: &str| {
            let own = find(order.rule).and_then(|rule| rule.threshold(name)).map(|limit| limit.default);
            self.moved(order.rule, name).or(own)
        };
        value(order.low).zip(value(order.high)).is_some_and(|(low, high)| low > high)
    }

    /// What is wrong with the thresholds of this guide: the place, and why. The rule's own numbers hold there.
    pub fn threshold_problems(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (id, limits) in &self.rules {
            let place = format!("rule.{id}");
            let Some(rule) = find(id.as_str()) else {
                found.push((place, "no rule has this name; list them with: git okr rules".into()));
                continue;
            };
            for (name, value) in limits {
                let shown = Text::from(name.as_str()).visible();
                let message = match rule.threshold(name) {
                    None => format!("the rule has no threshold '{shown}'"),
                    Some(limit) if limit.allows(*value) => continue,
                    Some(limit) if limit.unit == "%" => "a share is a number from 0 to 100".into(),
                    Some(_) => "a threshold is a number from 0 up".into(),
                };
                found.push((format!("{place}.{shown}"), message));
            }
        }
        for order in ORDERED.iter().filter(|order| self.contradicts(order)) {
            let message = format!("it contradicts '{}': it must not be the larger one", order.high);
            found.push((format!("rule.{}.{}", order.rule, order.low), message));
        }
        found
    }
}

impl Rule {
    fn threshold(&self, name: &str) -> Option<&'static Threshold> {
        self.thresholds.iter().find(|limit| limit.name == name)
    }
}

impl Threshold {
    fn allows(&self, value: f64) -> bool {
        value.is_finite() && value >= 0.0 && (self.unit != "%" || value <= 100.0)
    }
}

/// Two thresholds of a rule of which the first must not be the larger: what is strong is fair too.
struct Order {
    rule: &'static str,
    low: &'static str,
    high: &'static str,
}

impl Order {
    fn names(&self, rule: &str, name: &str) -> bool {
        self.rule == rule && (self.low == name || self.high == name)
    }
}

const ORDERED: [Order; 3] = [
    Order { rule: "capture-lag", low: "strong_days", high: "fair_days" },
    Order { rule: "capture-lag", low: "strong_late_percent", high: "fair_late_percent" },
    Order { rule: "artifact-backed", low: "fair_percent", high: "strong_percent" },
];

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

    #[test]
    fn numbers_that_make_no_sense_leave_a_rule_its_own() {
        for (rule, name, text, own) in [
            ("recency", "percent", "percent = 140", 70.0),
            ("recency", "records", "records = -1", 5.0),
            ("recency", "percent", "percent = nan", 70.0),
            ("capture-lag", "strong_days", "strong_days = 30\nfair_days = 10", 7.0),
            ("capture-lag", "fair_days", "strong_days = 30\nfair_days = 10", 21.0),
            ("artifact-backed", "fair_percent", "fair_percent = 90", 50.0),
        ] {
            let text = format!("name = \"g\"\ntitle = \"g\"\n[rule.{rule}]\n{text}\n");
            let guide: Guide = toml::from_str(&text).unwrap();
            assert_eq!(guide.limit(rule, name).to_bits(), f64::to_bits(own), "{text}");
            assert_eq!(guide.threshold_problems().len(), 1, "{:?}", guide.threshold_problems());
        }
    }
}
