//! Two open bets that got one slug on two machines: the younger one gets another, and says what it was to be called.

use std::collections::{BTreeMap, BTreeSet};

use git2::Oid;

use super::trees::Tip;
use crate::change::merge::set_aside;
use crate::format::record;
use crate::model::{Bet, Kind, Record, RecordId};
use crate::store::journal::layout;
use crate::store::journal::objects::Objects;
use crate::store::journal::seal::Recipients;
use crate::store::journal::tree::{self, Splice};

/// Gives every open bet of a merged tree a slug of its own.
pub(super) fn rename(
    objects: &Objects<'_>,
    recipients: &Recipients,
    tree: Oid,
    winner: &Tip,
    loser: &Tip,
) -> anyhow::Result<Oid> {
    let root = tree::read(objects, tree)?;
    let Some(directory) = root.iter().find(|entry| entry.name == b"bets" && entry.is_directory()) else {
        return Ok(tree);
    };
    let mut open: BTreeMap<String, Vec<(Bet, String, String)>> = BTreeMap::new();
    for entry in tree::read(objects, directory.id)? {
        let Some(path) = entry.plain_name().map(|name| format!("bets/{name}")) else { continue };
        let Some((Kind::Bet, _)) = layout::parse(&path) else { continue };
        // What cannot be read has no slug that anybody could mean.
        let Ok(Ok(text)) = objects.text(entry.id).map(String::from_utf8) else { continue };
        if let Ok(Record::Bet(bet)) = record::decode(Kind::Bet, &text)
            && bet.is_open()
        {
            open.entry(bet.slug.as_str().to_owned()).or_default().push((bet, path, text));
        }
    }
    let mut taken: BTreeSet<String> = open.keys().cloned().collect();
    let mut splice = Splice::new();
    for (slug, bets) in &mut open {
        bets.sort_by_key(|(bet, ..): &(Bet, _, _)| -> (_, RecordId) { (bet.recorded, bet.id) });
        for (_, path, text) in bets.iter().skip(1) {
            let Some(free) = (2..1000).map(|n| format!("{slug}-{n}")).find(|free| !taken.contains(free))
            else {
                continue;
            };
            let there = tree::find(objects, Some(winner.tree), path)?.is_some();
            let revision = if there { &winner.revision } else { &loser.revision };
            if let Some(text) = set_aside(text, "slug", &free, revision) {
                let blob = objects.write_text(text.as_bytes(), recipients)?;
                splice.insert(path.clone(), Some(blob));
                taken.insert(free);
            }
        }
    }
    if splice.is_empty() { Ok(tree) } else { tree::splice(objects, Some(tree), &splice) }
}
