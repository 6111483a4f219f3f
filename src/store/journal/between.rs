//! What lies between two revisions, in records: costs with the difference, and reads only what it names.

use git2::Oid;

use super::walk::{Changed, compare};
use super::{Journal, JournalError, layout};
use crate::change::merge::settle::unsettled;
use crate::change::{Conflicted, Exchange, Named, What};
use crate::format::record;
use crate::model::{Kind, RecordId, Revision, Text};

/// How many records are named; the rest is counted.
const NAMED: usize = 5;

/// A record that differs, by the file that it is in now, or was in.
struct Differs {
    kind: Kind,
    id: RecordId,
    what: What,
    blob: Oid,
}

impl Journal {
    /// What is in `to` and not in `from`; without `from`, all of it.
    pub fn between(&self, from: Option<&Revision>, to: &Revision) -> Result<Exchange, JournalError> {
        let tree = |at: &Revision| self.raw_commit(at).map(|commit| commit.tree);
        let objects = self.objects()?;
        let mut changed = Vec::new();
        compare(&objects, from.map(tree).transpose()?, Some(tree(to)?), "", &mut changed)?;
        let mut exchange = Exchange::default();
        for one in changed.iter().filter(|one| layout::parse(&one.path).is_none()) {
            exchange.others.push(one.path.as_str().into());
            if let Some(blob) = one.after.filter(|_| one.path == layout::GUIDE) {
                let text = objects.text(blob).unwrap_or_default();
                exchange.guide = contested(&String::from_utf8_lossy(&text));
            }
        }
        for one in differing(changed) {
            *exchange.counts.entry((one.kind, one.what)).or_default() += 1;
            let wanted = exchange.named.len() < NAMED;
            // Conflicts are looked for in what differs, not in a whole journal: that is what 'status' is for.
            let may_conflict = from.is_some() && one.what != What::Removed;
            if !wanted && !may_conflict {
                continue;
            }
            let text = objects.text(one.blob).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let text = text.unwrap_or_default();
            let in_conflict = may_conflict && text.contains("conflict");
            if !wanted && !in_conflict {
                continue;
            }
            let title = record::decode(one.kind, &text).ok().map(|record| record.title());
            let fields = if in_conflict { contested(&text) } else { Vec::new() };
            if wanted {
                let title = title.clone();
                exchange.named.push(Named { what: one.what, kind: one.kind, id: one.id, title });
            }
            if !fields.is_empty() {
                exchange.conflicts.push(Conflicted { kind: one.kind, id: one.id, title, fields });
            }
        }
        Ok(exchange)
    }
}

/// Records by what happened to them. One whose day was edited goes from one shard to another: one change.
fn differing(changed: Vec<Changed>) -> Vec<Differs> {
    let mut found: std::collections::BTreeMap<(Kind, RecordId), (Option<Oid>, Option<Oid>)> =
        std::collections::BTreeMap::new();
    for one in changed {
        let Some(key) = layout::parse(&one.path) else { continue };
        let (before, after) = found.entry(key).or_default();
        *before = before.or(one.before);
        *after = after.or(one.after);
    }
    let differs = |((kind, id), sides): ((Kind, RecordId), _)| {
        let (what, blob) = match sides {
            (None, Some(blob)) => (What::Added, blob),
            (Some(blob), None) => (What::Removed, blob),
            (Some(_), Some(blob)) => (What::Edited, blob),
            (None, None) => return None,
        };
        Some(Differs { kind, id, what, blob })
    };
    found.into_iter().filter_map(differs).collect()
}

/// The fields over which a file has conflicts.
fn contested(text: &str) -> Vec<Text> {
    let mut fields: Vec<Text> = unsettled(text).into_iter().map(|one| one.other.field).collect();
    fields.dedup();
    fields
}
