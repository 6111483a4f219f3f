//! Own, shape and support apart, and claims on shared numbers with who could confirm them.

use super::{count, words};
use crate::model::{Slug, Text};
use crate::render::{Align, Doc, Line, Role, Table};
use crate::report::Standing;

/// Names shown in one cell; the rest is in the JSON.
const NAMED: usize = 4;

/// Both tables; nothing while nobody said a stance or made a claim.
pub(super) fn standing(doc: Doc, standing: &Standing) -> Doc {
    if standing.is_silent() {
        return doc;
    }
    let doc = doc.table(stances(standing));
    if standing.claims.is_empty() { doc } else { doc.blank().table(claims(standing)) }
}

fn stances(standing: &Standing) -> Table {
    use Align::{Left, Right};
    let mut table = Table::new(["stance", "records", "proven", "bets", "objectives"])
        .align([Left, Right, Right, Left, Left]);
    let aims = standing.stances.iter().any(|line| !line.objectives.is_empty());
    table.header.truncate(if aims { 5 } else { 4 });
    for line in &standing.stances {
        let slugs = |list: &[Slug]| words(list.iter().map(Slug::as_str));
        let row = [
            match line.stance {
                Some(stance) => Line::new().role(Role::Strong, stance.as_str()),
                None => Line::new().role(Role::Muted, "not said"),
            },
            Line::from(line.evidence.to_string()),
            Line::from(line.proven.to_string()),
            slugs(&line.bets),
            slugs(&line.objectives),
        ];
        table.push(row.into_iter().take(table.header.len()));
    }
    table
}

fn claims(standing: &Standing) -> Table {
    use Align::{Left, Right};
    let mut table = Table::new(["claim on a shared number", "records", "adopters", "could confirm it"])
        .align([Left, Right, Left, Left]);
    for claim in &standing.claims {
        // Whoever took it up can be asked as well, and stands in the column beside.
        let asked = names(&claim.people);
        let asked = match (claim.people.is_empty(), claim.reviews) {
            (true, 0) if claim.adopters.is_empty() => Line::new().role(Role::Warn, "nobody named"),
            (true, 0) => Line::new().role(Role::Muted, "the adopters"),
            (true, reviews) => reviewers(reviews),
            (false, 0) => asked,
            (false, reviews) => asked.plain(", ").line(reviewers(reviews)),
        };
        table.push([
            Line::new().text(Role::Plain, &claim.name),
            Line::from(claim.records.len().to_string()),
            names(&claim.adopters),
            asked,
        ]);
    }
    table
}

fn reviewers(requests: usize) -> Line {
    Line::from(format!("reviewers of {}", count(requests, "request")))
}

fn names(list: &[Text]) -> Line {
    if list.is_empty() {
        return Line::new().role(Role::Muted, "-");
    }
    let mut line = Line::new();
    for (place, name) in list.iter().take(NAMED).enumerate() {
        line = if place > 0 { line.plain(", ") } else { line };
        line = line.text(Role::Plain, name);
    }
    match list.len().saturating_sub(NAMED) {
        0 => line,
        more => line.role(Role::Muted, format!(" and {more} more")),
    }
}
