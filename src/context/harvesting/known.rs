//! What a harvest goes by: whose work counts, from which score on, and what was decided before.

use std::collections::BTreeSet;

use super::Context;
use crate::error::CommandError;
use crate::harvest::moment;
use crate::harvest::taste::Taste;
use crate::harvest::whole::PULL;
use crate::model::{RecordId, Text, VerdictKind};
use crate::settings;
use crate::store::git_config::GitConfig;
use crate::store::inbox::Known;

impl Context {
    /// My addresses: `user.email` and every `okr.me`.
    pub fn my_addresses(&self) -> Result<Vec<Text>, CommandError> {
        Ok(addresses(self.config()?))
    }

    /// The score from which work is suggested, in tenths of a point.
    pub fn threshold(&self) -> Result<i32, CommandError> {
        let Some(text) = self.config()?.get("okr.threshold") else { return Ok(settings::DEFAULT_THRESHOLD) };
        let points: f64 =
            text.trim().parse().ok().filter(|points: &f64| points.abs() < 1000.0).ok_or_else(|| {
                CommandError::new(format!(
                    "okr.threshold is not a number of points: '{}'",
                    Text::from(text).visible()
                ))
                .hint("git config --global okr.threshold 4.0")
            })?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        Ok((points * 10.0).round() as i32)
    }

    /// What the journal's verdicts say; read again only when they changed.
    pub fn known(&self) -> Result<Known, CommandError> {
        let journal = self.journal()?;
        let tip = journal.tip()?;
        let tree = journal.subtree(&tip, "verdicts")?;
        let inbox = self.inbox()?;
        let known = inbox.known();
        if known.tree == tree {
            return Ok(known);
        }
        let verdicts = journal.verdicts(&tip)?;
        self.ensure_open(&tip)?;
        let mut decided: BTreeSet<RecordId> = verdicts.iter().map(|one| one.id).collect();
        let keys = || verdicts.iter().flat_map(|one| &one.keys).map(Text::raw);
        decided.extend(keys().map(RecordId::derived));
        // Decided before keys of pull requests were in lower case.
        let pulls = keys().filter(|key| key.starts_with(PULL));
        decided.extend(pulls.map(|key| RecordId::derived(&key.to_lowercase())));
        let moments = keys().filter_map(moment).map(RecordId::derived).collect();
        let mut taste = Taste::default();
        for one in &verdicts {
            taste.learn(one.traits.iter().map(Text::raw), one.verdict == VerdictKind::Accepted);
        }
        let never = verdicts.into_iter().filter_map(|one| one.never).collect();
        let known = Known::new(tree, (decided.into_iter().collect(), moments), never, taste);
        let kept = if journal.recipients(&tip)?.is_empty() {
            known.clone()
        } else {
            // Ids are hashes. What else is sealed in verdicts is not written down in plain, and read each time.
            Known::new(
                String::new(),
                (known.decided.clone(), known.moments.clone()),
                Vec::new(),
                Taste::default(),
            )
        };
        // Kept for hooks; without it they read nothing and everything still works.
        let _ = inbox.set_known(&kept);
        Ok(known)
    }
}

/// The addresses that a configuration calls mine.
pub(super) fn addresses(config: &GitConfig) -> Vec<Text> {
    let mut mine: Vec<Text> = config.all("okr.me").into_iter().map(Text::from).collect();
    mine.extend(config.get("user.email").map(Text::from));
    mine.retain(|address| !address.is_blank());
    mine.dedup();
    mine
}
