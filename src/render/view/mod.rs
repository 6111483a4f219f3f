//! Values to documents: one file a view, each used by text and Markdown alike.

pub mod aim;
pub mod bet;
pub mod compare;
pub mod conflict;
pub mod exchange;
pub mod export;
pub mod guide;
pub mod history;
pub mod record;
pub mod review;
pub mod rule;
pub mod scorecard;
pub mod shift;
mod spark;
mod standing;
pub mod status;
mod story;
pub mod suggestion;

use super::{Line, Role};
use crate::model::{Fault, IdSet, RecordId, Revision, Status, Text};

/// A fault on one line: file, line, key, what is wrong.
pub fn fault(fault: &Fault) -> Line {
    let mut line = Line::new().text(Role::Strong, &fault.path);
    if let Some(number) = fault.line {
        line = line.plain(format!(":{number}"));
    }
    line = line.plain(": ");
    if let Some(key) = &fault.key {
        line = line.text(Role::Key, key).plain(": ");
    }
    line.text(Role::Plain, &fault.message)
}

/// An id, as short as it can be typed.
pub fn id(ids: &IdSet, id: RecordId) -> Line {
    Line::new().id(id.as_str(), ids.unique_len(id))
}

/// Ids joined by spaces, at most `most` of them.
pub fn id_list(ids: &IdSet, list: &[RecordId], most: usize) -> Line {
    let mut line = Line::new();
    for (place, one) in list.iter().take(most).enumerate() {
        line = if place > 0 { line.plain(" ") } else { line };
        line = line.line(id(ids, *one));
    }
    if list.len() > most {
        line = line.role(Role::Muted, format!(" and {} more", list.len() - most));
    }
    line
}

/// A status in its colour.
pub fn status(status: Option<Status>) -> Line {
    match status {
        None => Line::new().role(Role::Muted, "no check-in"),
        Some(status) => {
            let role = match status {
                Status::NotStarted => Role::Muted,
                Status::OnTrack => Role::Good,
                Status::AtRisk => Role::Warn,
                Status::OffTrack => Role::Bad,
            };
            Line::new().role(role, status.as_str())
        }
    }
}

/// Words joined by commas; a dash when there is none.
pub fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Line {
    let text = words.into_iter().collect::<Vec<_>>().join(", ");
    if text.is_empty() { Line::new().role(Role::Muted, "-") } else { Line::new().plain(text) }
}

/// The closing line that makes a report reproducible.
pub fn footer(revision: &Revision, more: &str) -> Line {
    let more = if more.is_empty() { String::new() } else { format!(" · {more}") };
    Line::new().plain(format!("journal {revision} of {}{more}", revision.time.day()))
}

/// `1 record`, `2 records`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Percent, or a dash.
pub fn percent(value: Option<u8>) -> Line {
    value.map_or_else(|| Line::new().role(Role::Muted, "-"), |value| Line::new().plain(format!("{value}%")))
}

/// The first line of a text that may be long.
pub fn one_line(role: Role, text: &Text) -> Line {
    Line::new().text(role, &text.first_line())
}
