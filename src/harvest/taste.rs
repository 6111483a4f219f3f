//! What a person keeps and dismisses, learned from their own verdicts: counts by trait, smoothed, and told in words.
//!
//! A trait is something that two pieces of work can share: a conventional type, a scope, a first word, a place in the
//! tree, whether code, tests or documentation changed. For each, the odds of being kept are compared with the odds of
//! all that was decided. Nothing is learned before ten verdicts.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Text;
use crate::model::suggestion::Signal;

use super::message::Conventional;
use super::score::Sizes;
use super::words;

/// Verdicts before which nothing is learned.
const ENOUGH: u32 = 10;
/// Verdicts that the share of everything weighs beside those of one trait.
const PRIOR: f64 = 4.0;
/// Points for one natural unit of log-odds.
const SCALE: f64 = 1.5;
/// The most that one trait moves a score, in points.
const MOST: f64 = 3.0;
/// The most that all of them move it, in points.
const MOST_OF_ALL: f64 = 6.0;
/// Two traits that share this much of their verdicts say the same thing.
const SAME: f64 = 0.9;
/// Reasons that are told.
const TOLD: usize = 2;

/// What was kept and dismissed, by trait.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Taste {
    kept: u32,
    dismissed: u32,
    /// Kept and dismissed, by trait.
    by: BTreeMap<String, (u32, u32)>,
    /// Which verdicts a trait rests on, one bit for each in the order in which they were learnt.
    on: BTreeMap<String, Vec<u64>>,
}

impl Taste {
    /// Counts a verdict on work with these traits.
    pub fn learn<'t>(&mut self, traits: impl IntoIterator<Item = &'t str>, kept: bool) {
        // What has no traits was decided before they were kept.
        let traits: BTreeSet<&str> = traits.into_iter().collect();
        if traits.is_empty() {
            return;
        }
        let at = (self.kept + self.dismissed) as usize;
        *(if kept { &mut self.kept } else { &mut self.dismissed }) += 1;
        for one in traits {
            let on = self.on.entry(one.to_owned()).or_default();
            on.resize(at / 64 + 1, 0);
            on[at / 64] |= 1 << (at % 64);
            let entry = self.by.entry(one.to_owned()).or_default();
            *(if kept { &mut entry.0 } else { &mut entry.1 }) += 1;
        }
    }

    /// What the verdicts add to a piece of work with these traits, or take away.
    pub fn signal(&self, traits: &[Text]) -> Option<Signal> {
        if self.kept + self.dismissed < ENOUGH {
            return None;
        }
        let share = (f64::from(self.kept) + 1.0) / (f64::from(self.kept + self.dismissed) + 2.0);
        let mut moves: Vec<(f64, String, &str)> = traits
            .iter()
            .filter_map(|one| {
                let (kept, dismissed) = *self.by.get(one.raw())?;
                let all = kept + dismissed;
                let odds = (f64::from(kept) + PRIOR * share) / (f64::from(all) + PRIOR);
                let points = SCALE * (logit(odds) - logit(share));
                let why = format!("you kept {kept} of {all} {}", told(one.raw()));
                Some((points.clamp(-MOST, MOST), why, one.raw()))
            })
            .collect();
        // Summed in one order, so that rounding never depends on where a trait stood.
        moves.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.cmp(&b.1)));
        // What two traits learnt from the same verdicts counts once, as the stronger of them.
        let mut told: Vec<&str> = Vec::new();
        moves.retain(|(_, _, one)| {
            let is_new = !told.iter().any(|other| self.overlap(one, other) >= SAME);
            told.extend(is_new.then_some(*one));
            is_new
        });
        let sum: f64 = moves.iter().map(|(points, ..)| points).sum();
        #[expect(clippy::cast_possible_truncation, reason = "clamped to a few points")]
        let points = (sum.clamp(-MOST_OF_ALL, MOST_OF_ALL) * 10.0).round() as i32;
        let same_way = moves.into_iter().filter(|(one, ..)| *one * sum > 0.0);
        let why: Vec<String> = same_way.take(TOLD).map(|(_, why, _)| why).collect();
        (points != 0).then(|| Signal { name: "taste".to_owned(), points, why: why.join(", ").into() })
    }
}

impl Taste {
    /// How much of the verdicts that two traits rest on is common to both.
    fn overlap(&self, a: &str, b: &str) -> f64 {
        let words = |one: &str| self.on.get(one).map(Vec::as_slice).unwrap_or_default();
        let (a, b) = (words(a), words(b));
        let count = |of: &dyn Fn(u64, u64) -> u64| -> u32 {
            let at = |words: &[u64], at: usize| words.get(at).copied().unwrap_or_default();
            (0..a.len().max(b.len())).map(|word| of(at(a, word), at(b, word)).count_ones()).sum()
        };
        let (both, either) = (count(&|a, b| a & b), count(&|a, b| a | b));
        if either == 0 { 0.0 } else { f64::from(both) / f64::from(either) }
    }
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// A trait in words: `in 'parser/'`, `of type 'fix'`.
fn told(one: &str) -> String {
    match one.split_once(':') {
        Some(("area", area)) => format!("in '{area}/'"),
        Some(("first", word)) => format!("that begin with '{word}'"),
        Some((sort @ ("type" | "scope" | "tag"), word)) => format!("of {sort} '{word}'"),
        Some((sort, "yes")) => format!("with {sort}"),
        Some((sort, _)) => format!("without {sort}"),
        None => one.to_owned(),
    }
}

/// The traits of a piece of work.
pub fn traits<'a>(
    headline: &str,
    sizes: Option<&Sizes>,
    areas: impl IntoIterator<Item = &'a str>,
) -> Vec<Text> {
    let mut traits = BTreeSet::new();
    let mut rest = headline;
    if let Some((tag, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        traits.insert(format!("tag:{}", tag.to_lowercase()));
        rest = after.trim_start();
    }
    if let Some(parts) = Conventional::parse(rest) {
        traits.insert(format!("type:{}", parts.kind));
        traits.extend(parts.scope.map(|scope| format!("scope:{}", scope.to_lowercase())));
        rest = parts.description;
    } else if let Some((scope, after)) = rest.split_once(": ").filter(|(scope, _)| is_scope(scope)) {
        traits.insert(format!("scope:{}", scope.to_lowercase()));
        rest = after;
    }
    traits.extend(words::words(rest).next().map(|word| format!("first:{word}")));
    traits.extend(areas.into_iter().map(|area| format!("area:{}", area.to_lowercase())));
    if let Some(sizes) = sizes {
        let word = |sort: &str, lines: u64| format!("{sort}:{}", if lines > 0 { "yes" } else { "no" });
        traits.insert(word("code", sizes.code()));
        traits.insert(word("tests", sizes.tests));
        traits.insert(word("docs", sizes.docs));
    }
    traits.into_iter().map(Text::from).collect()
}

/// `parser: …` and `src/parser: …` name a place; a sentence with a colon does not.
fn is_scope(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::{Taste, traits};
    use crate::harvest::score::Sizes;
    use crate::model::Text;

    fn raw(traits: &[Text]) -> Vec<&str> {
        traits.iter().map(Text::raw).collect()
    }

    #[test]
    fn titles_have_traits() {
        let sizes = Sizes { added: 3, tests: 1, ..Sizes::default() };
        let found = traits("fix(Parser): keep tabs", Some(&sizes), ["lex"]);
        assert_eq!(
            raw(&found),
            ["area:lex", "code:yes", "docs:no", "first:keep", "scope:parser", "tests:yes", "type:fix"]
        );
        assert_eq!(raw(&traits("[ui] Draw less", None, [])), ["first:draw", "tag:ui"]);
        assert_eq!(raw(&traits("src/lex: keep tabs", None, [])), ["first:keep", "scope:src/lex"]);
        assert_eq!(raw(&traits("What it takes: a lot", None, [])), ["first:what"]);
        assert!(traits("", None, []).is_empty());
    }

    #[test]
    fn what_is_kept_rises_and_what_is_dismissed_falls_and_both_say_why() {
        let mut taste = Taste::default();
        for _ in 0..9 {
            taste.learn(["area:parser", "code:yes"], true);
            taste.learn(["area:site", "code:yes"], false);
        }
        taste.learn(["area:parser", "code:yes"], false);
        let parser = taste.signal(&["area:parser".into(), "code:yes".into()]).unwrap();
        assert!(parser.points > 10, "{parser:?}");
        assert_eq!(parser.why.raw(), "you kept 9 of 10 in 'parser/'");
        let site = taste.signal(&["area:site".into(), "code:yes".into()]).unwrap();
        assert!(site.points < -10 && site.why.raw().starts_with("you kept 0 of 9 in 'site/'"), "{site:?}");
        assert!(taste.signal(&["area:unknown".into()]).is_none());
    }

    #[test]
    fn what_rests_on_the_same_verdicts_counts_once() {
        let (mut both, mut one) = (Taste::default(), Taste::default());
        for at in 0..20 {
            let kept = at % 2 == 0;
            let place = if kept { "parser" } else { "site" };
            let (area, scope) = (format!("area:{place}"), format!("scope:{place}"));
            both.learn([area.as_str(), scope.as_str()], kept);
            one.learn([area.as_str()], kept);
        }
        let traits: Vec<Text> = vec!["area:parser".into(), "scope:parser".into()];
        let (both, one) = (both.signal(&traits).unwrap(), one.signal(&traits).unwrap());
        assert_eq!(both, one, "{both:?}");
        assert_eq!(both.why.raw(), "you kept 10 of 10 in 'parser/'");
    }

    #[test]
    fn a_few_verdicts_teach_nothing_and_no_number_of_them_is_too_much() {
        let mut taste = Taste::default();
        for _ in 0..9 {
            taste.learn(["type:feat"], true);
        }
        assert!(taste.signal(&["type:feat".into()]).is_none());
        for _ in 0..2_000_000 / 1000 {
            for one in ["type:feat", "scope:a", "first:add"] {
                taste.learn([one], true);
                taste.learn(["type:chore"], false);
            }
        }
        let points =
            taste.signal(&["type:feat".into(), "scope:a".into(), "first:add".into()]).unwrap().points;
        assert_eq!(points, 60);
    }
}
