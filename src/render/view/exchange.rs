//! What came from a remote and what went to it, in records.

use super::{count, id};
use crate::change::{Conflicted, Exchange, Named, What};
use crate::model::{IdSet, Kind, Text};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role};

/// Both directions of a sync.
pub fn synced(
    remote: &str,
    came: Option<&Exchange>,
    went: Option<&Exchange>,
    dry_run: bool,
    ids: &IdSet,
) -> Doc {
    let would = |done: &str, planned: &str| if dry_run { planned.to_owned() } else { done.to_owned() };
    let mut doc = Doc::new();
    if let Some(came) = came {
        doc = side(doc, &would("came from", "would come from"), remote, came, ids);
    }
    if let Some(went) = went {
        doc = side(doc, &would("went to", "would go to"), remote, went, ids);
    }
    if came.is_none() && went.is_none() {
        doc = doc.para(Line::new().plain("nothing new here or at '").plain(remote).plain("'"));
    }
    let mut conflicts: Vec<&Conflicted> = came.iter().chain(&went).flat_map(|side| &side.conflicts).collect();
    conflicts.sort_by_key(|one| one.id);
    conflicts.dedup_by_key(|one| one.id);
    let mut guide: Vec<&Text> = came.iter().chain(&went).flat_map(|side| &side.guide).collect();
    guide.sort();
    guide.dedup();
    if !conflicts.is_empty() || !guide.is_empty() {
        let number = conflicts.len() + usize::from(!guide.is_empty());
        let head = format!("{}: two values where one can hold; both are kept", count(number, "conflict"));
        let of_guide = (!guide.is_empty()).then(|| {
            let line = Line::new().plain("the guide: ").role(Role::Key, count(guide.len(), "value"));
            Item::marked(Role::Warn, "!", line)
        });
        let items = conflicts.into_iter().map(|one| conflict(one, ids)).chain(of_guide);
        doc = doc.heading(2, Line::new().role(Role::Warn, head)).items(items);
    }
    doc
}

/// What came with a journal that is new here.
pub fn arrived(came: &Exchange) -> Line {
    Line::new().plain(summary(came))
}

fn side(doc: Doc, verb: &str, remote: &str, what: &Exchange, ids: &IdSet) -> Doc {
    let head = Line::new().plain(format!("{verb} '{remote}': {}", summary(what)));
    let mut items: Vec<Item> = what.named.iter().map(|one| named(one, ids)).collect();
    let more = what.records() - what.named.len();
    if more > 0 {
        items.push(Line::new().role(Role::Muted, format!("and {}", count(more, "more record"))).into());
    }
    doc.heading(2, head).items(items)
}

fn named(one: &Named, ids: &IdSet) -> Item {
    let (mark, role) = match one.what {
        What::Added => ("+", Role::Added),
        What::Removed => ("-", Role::Removed),
        What::Edited => ("~", Role::Warn),
    };
    Item::marked(role, mark, record(one.kind, one.id, one.title.as_ref(), ids))
}

fn record(kind: Kind, which: crate::model::RecordId, title: Option<&Text>, ids: &IdSet) -> Line {
    let line = Line::new().plain(format!("{} ", kind.as_str())).line(id(ids, which)).plain("  ");
    match title {
        Some(title) => line.text(Role::Plain, &title.first_line()),
        None => line.role(Role::Muted, "(cannot be read)"),
    }
}

fn conflict(one: &Conflicted, ids: &IdSet) -> Item {
    let fields: Vec<String> = one.fields.iter().map(Text::visible).collect();
    let line = record(one.kind, one.id, one.title.as_ref(), ids);
    Item::marked(Role::Warn, "!", line.plain(": ").role(Role::Key, fields.join(", ")))
}

/// `2 bets, 1 evidence edited, the guide`.
fn summary(what: &Exchange) -> String {
    let mut parts: Vec<String> = Vec::new();
    for ((kind, did), number) in &what.counts {
        let noun = match kind {
            Kind::Evidence => format!("{number} evidence"),
            kind => count(*number, kind.as_str()),
        };
        parts.push(match did {
            What::Added => noun,
            What::Removed => format!("{noun} removed"),
            What::Edited => format!("{noun} edited"),
        });
    }
    let guide = |path: &&Text| path.raw() == "guide.toml";
    if what.others.iter().any(|path| guide(&path)) {
        parts.push("the guide".into());
    }
    let others = what.others.iter().filter(|path| !guide(path) && path.raw() != "journal.toml").count();
    if others > 0 {
        parts.push(count(others, "other file"));
    }
    if parts.is_empty() { "no records".into() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::change::{Exchange, What};
    use crate::model::Kind;

    #[test]
    fn a_summary_counts_by_kind_and_by_what_happened() {
        let mut what = Exchange::default();
        assert_eq!(summary(&what), "no records");
        what.counts.insert((Kind::Bet, What::Added), 2);
        what.counts.insert((Kind::Evidence, What::Edited), 1);
        what.counts.insert((Kind::Evidence, What::Removed), 3);
        what.others = vec!["guide.toml".into(), "journal.toml".into(), "notes.txt".into()];
        assert_eq!(summary(&what), "2 bets, 3 evidence removed, 1 evidence edited, the guide, 1 other file");
    }
}
