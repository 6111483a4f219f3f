//! What a harvest found, put to what waits: each piece of work once, under its best name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::RecordId;
use crate::model::suggestion::Suggestion;
use crate::store::inbox::{Item, Waiting};

/// Suggestions, each with the directory of its repository.
pub(super) type Placed = Vec<(PathBuf, Suggestion)>;

/// Puts `found` to what waits and returns what is new. Work that waits under another name, because only a part of it
/// was known then, waits under its new one.
pub(super) fn settle(waiting: &mut Waiting, mut found: Placed) -> Vec<RecordId> {
    // The most that is known of a piece of work comes first.
    found.sort_by(|(_, a), (_, b)| b.keys.len().cmp(&a.keys.len()).then_with(|| a.id.cmp(&b.id)));
    let mut keys = BTreeSet::new();
    found.retain(|(_, one)| {
        let new = !one.keys.iter().any(|key| keys.contains(key));
        keys.extend(one.keys.iter().filter(|_| new).cloned());
        new
    });
    let ids: BTreeSet<RecordId> = found.iter().map(|(_, one)| one.id).collect();
    let mut before = BTreeSet::new();
    waiting.items.retain(|Item { suggestion, .. }| {
        let kept = ids.contains(&suggestion.id) || !suggestion.keys.iter().any(|key| keys.contains(key));
        if !kept {
            before.extend(suggestion.keys.iter().cloned());
        }
        kept
    });
    let mut at: BTreeMap<RecordId, usize> =
        waiting.items.iter().enumerate().map(|(at, item)| (item.suggestion.id, at)).collect();
    let mut new = Vec::new();
    for (dir, suggestion) in found {
        if let Some(at) = at.get(&suggestion.id) {
            waiting.items[*at].suggestion = suggestion;
            continue;
        }
        if !suggestion.keys.iter().any(|key| before.contains(key)) {
            new.push(suggestion.id);
        }
        at.insert(suggestion.id, waiting.items.len());
        waiting.items.push(Item { suggestion, dir });
    }
    new
}
