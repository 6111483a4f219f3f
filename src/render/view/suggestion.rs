//! Suggestions: the inbox as a list, and one suggestion in full.

use super::{count, id, words};
use crate::model::suggestion::Suggestion;
use crate::model::{IdSet, Slug, Snapshot};
use crate::render::doc::Item;
use crate::render::{Align, Doc, Line, Role, Table};

/// The inbox; `more` reach the threshold and are not in the list, others are `below` it.
pub fn inbox(list: &[Suggestion], more: usize, below: usize) -> Doc {
    if list.is_empty() {
        let doc = Doc::new().para(Line::new().role(Role::Muted, "the inbox is empty"));
        return if below == 0 {
            doc
        } else {
            doc.footer(format!("{below} below the threshold; git okr inbox --all shows them"))
        };
    }
    let ids: IdSet = list.iter().map(|one| one.id).collect();
    let mut table = Table::new(["id", "day", "score", "kind", "repository", "title"]).align([
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Left,
        Align::Left,
        Align::Left,
    ]);
    for one in list {
        table.push([
            id(&ids, one.id),
            Line::from(one.happened.to_string()),
            Line::from(points(one.score)),
            words(one.kind.as_ref().map(Slug::as_str)),
            Line::from(one.repo.raw().rsplit('/').next().unwrap_or_default()),
            Line::new().text(Role::Plain, &one.title),
        ]);
    }
    let rest = match (more, below) {
        (0, 0) => String::new(),
        (0, below) => format!(" · {below} below the threshold: git okr inbox --all"),
        (more, 0) => format!(" · and {more} more: git okr inbox --all"),
        (more, below) => format!(" · and {more} more, {below} below the threshold: git okr inbox --all"),
    };
    Doc::new().table(table).footer(format!("{}{rest}", count(list.len(), "suggestion")))
}

/// One suggestion with everything that speaks for it.
pub fn suggestion(one: &Suggestion, snapshot: &Snapshot, place: Option<(usize, usize)>) -> Doc {
    let mut title = Line::new().text(Role::Heading, &one.title);
    if let Some((number, of)) = place {
        title = title.role(Role::Muted, format!("  ({number}/{of})"));
    }
    let bets = one.bets.iter().map(|id| snapshot.bets.get(id).map_or("?", |bet| bet.slug.as_str()));
    let mut why = Item::new(
        Line::new().role(Role::Strong, format!("{} points", points(one.score))).role(Role::Muted, " because"),
    );
    for signal in &one.signals {
        let role = if signal.points < 0 { Role::Removed } else { Role::Added };
        let line =
            Line::new().role(role, format!("{:>4} ", signed(signal.points))).text(Role::Plain, &signal.why);
        why =
            why.child(Item::marked(Role::Plain, "", line.role(Role::Muted, format!("  [{}]", signal.name))));
    }
    Doc::new()
        .heading(2, title)
        .facts([
            ("day", Line::from(one.happened.to_string())),
            ("repository", Line::new().text(Role::Plain, &one.repo)),
            ("kind", words(one.kind.as_ref().map(Slug::as_str))),
            ("dimensions", words(one.dimensions.iter().map(Slug::as_str))),
            ("bets", words(bets)),
        ])
        .items(one.artifacts.iter().map(|artifact| super::record::artifact(artifact).into()).chain([why]))
}

/// Tenths of a point as points.
pub fn points(tenths: i32) -> String {
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

fn signed(tenths: i32) -> String {
    if tenths < 0 { points(tenths) } else { format!("+{}", points(tenths)) }
}
