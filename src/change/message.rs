//! Commit messages of the journal: subject, the field changes, and trailers for machines.

use std::fmt::Write;

use super::diff::{RecordChange, What};
use crate::model::FieldValue;

/// Field changes beyond this many are counted instead of listed.
const LISTED: usize = 40;
/// A value is cut after this many characters: the record holds the rest.
const VALUE: usize = 200;

/// The message of a commit that makes `changes`. `verb` says what the person did, such as `close`.
pub fn message(verb: &str, changes: &[RecordChange], why: &str) -> String {
    let mut text = match changes {
        [] => verb.to_owned(),
        [one] if one.kind.as_str() == verb => {
            format!("{verb} {}: {}", &one.id.as_str()[..8], cut(&one.title.visible(), 60))
        }
        [one] => format!(
            "{verb} {} {}: {}",
            one.kind.as_str(),
            &one.id.as_str()[..8],
            cut(&one.title.visible(), 60)
        ),
        [first, rest @ ..] => format!(
            "{verb} {} records: {} and {} more",
            changes.len(),
            cut(&first.title.visible(), 50),
            rest.len()
        ),
    };
    if !why.is_empty() {
        let _ = write!(text, "\n\n{why}");
    }
    text.push('\n');
    for change in changes {
        text.push('\n');
        body(&mut text, change, changes.len() > 1);
    }
    text.push('\n');
    for change in changes {
        let _ = writeln!(text, "Okr-Record: {} {}", change.kind.as_str(), change.id);
    }
    let _ = writeln!(text, "Okr-Program: git-okr {}", env!("CARGO_PKG_VERSION"));
    text
}

/// The message of a commit of a sealed journal: verb, kind and id, and nothing that a record says.
pub fn sealed(verb: &str, changes: &[RecordChange]) -> String {
    let mut text = match changes {
        [] => verb.to_owned(),
        [one] if one.kind.as_str() == verb => format!("{verb} {}", &one.id.as_str()[..8]),
        [one] => format!("{verb} {} {}", one.kind.as_str(), &one.id.as_str()[..8]),
        several => format!("{verb} {} records", several.len()),
    };
    text.push_str("\n\n");
    for change in changes {
        let _ = writeln!(text, "Okr-Record: {} {}", change.kind.as_str(), change.id);
    }
    let _ = writeln!(text, "Okr-Program: git-okr {}", env!("CARGO_PKG_VERSION"));
    text
}

fn body(text: &mut String, change: &RecordChange, titled: bool) {
    if titled {
        let mark = match change.what {
            What::Added => "add",
            What::Removed => "remove",
            What::Edited => "edit",
        };
        let _ = writeln!(
            text,
            "{mark} {} {}: {}",
            change.kind.as_str(),
            &change.id.as_str()[..8],
            cut(&change.title.visible(), 60)
        );
        return;
    }
    let shown =
        |value: &Option<FieldValue>| value.as_ref().map(|value| cut(&value.to_text().visible(), VALUE));
    // Ids and recording times are in the commit already.
    let fields = change.fields.iter().filter(|field| !matches!(field.name.raw(), "id" | "recorded"));
    for field in fields.clone().take(LISTED) {
        let name = field.name.visible();
        let _ = match (shown(&field.before), shown(&field.after)) {
            (Some(before), Some(after)) => writeln!(text, "{name}: {before} -> {after}"),
            (None, Some(after)) => writeln!(text, "{name}: {after}"),
            (Some(before), None) => writeln!(text, "{name}: {before} -> (none)"),
            (None, None) => Ok(()),
        };
    }
    let more = fields.count().saturating_sub(LISTED);
    if more > 0 {
        let _ = writeln!(text, "and {more} more fields");
    }
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        text.to_owned()
    } else {
        text.chars().take(max - 1).chain(['…']).collect()
    }
}
