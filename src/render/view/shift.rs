//! The story between two snapshots, as a document: bets before and after, with the reasons.

use similar::{ChangeTag, TextDiff};

use super::{count, id, spark, story};
use crate::model::{IdSet, Status, Text};
use crate::render::doc::Item;
use crate::render::{Doc, Line, Role};
use crate::report::Shift;
use crate::report::reasons::{Reason, milestones, telling};
use crate::report::shift::{BetShift, Fate, ShiftedField};

/// Lines below the name of a bet, unless everything is asked for.
const LINES: usize = 3;

/// Numbers of a confidence told one by one, unless everything is asked for.
const STEPS: usize = 8;

/// How much is shown, and with which characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detail {
    /// Every check-in, field and decision.
    pub full: bool,
    /// The confidence on the way as blocks, for a terminal that can show them.
    pub blocks: bool,
}

/// The whole story.
pub fn shift(shift: &Shift, ids: &IdSet, detail: Detail) -> Doc {
    let mut doc = story::opening(shift);
    if shift.bets.is_empty() {
        doc = doc.para(Line::new().role(Role::Muted, "no bet shifted"));
    }
    let mut left_out = false;
    doc = if shift.bets.is_empty() { doc } else { doc.heading(2, "Bets") };
    for bet in &shift.bets {
        let (items, cut) = if detail.full { (full(bet), false) } else { brief(bet, detail) };
        left_out |= cut;
        doc = doc.heading(3, name(bet, ids));
        doc = if items.is_empty() { doc } else { doc.items(items) };
    }
    doc = story::retreats(doc, &shift.retreats, ids);
    doc = story::shape(doc, shift);
    doc = story::decisions(doc, &shift.decisions, ids, detail.full);
    left_out |= !detail.full && shift.decisions.len() > story::DECISIONS;
    let before = shift.before.as_ref().map_or_else(|| "nothing".into(), ToString::to_string);
    let mut footer = format!("journal {before}..{} of {}", shift.after, shift.after.time.day());
    if shift.unchanged > 0 {
        footer += &format!(" · {} unchanged", count(shift.unchanged, "bet"));
    }
    if left_out {
        footer += " · everything: --full";
    }
    doc.footer(footer)
}

/// What became of a bet, and what it is called.
fn name(bet: &BetShift, ids: &IdSet) -> Line {
    let role = match bet.fate {
        Fate::Won | Fate::Added | Fate::Reopened => Role::Added,
        Fate::Lost | Fate::Dropped | Fate::Removed => Role::Removed,
        Fate::Carried | Fate::Moved => Role::Warn,
    };
    let (mut verb, mut from) = (bet.fate.as_str().to_owned(), Line::new());
    if let Some(to) = bet.closing.as_ref().and_then(|closing| closing.carried_to.as_ref()) {
        verb += &format!(" to {}", to.visible());
    }
    if let Some(earlier) = bet.continues {
        from = Line::new().role(Role::Muted, "  continues ").line(id(ids, earlier));
    }
    Line::new()
        .role(role, verb)
        .plain(" ")
        .role(Role::Strong, bet.slug.as_str())
        .plain("  ")
        .text(Role::Plain, &bet.title)
        .role(Role::Muted, format!("  {} ", bet.period.visible()))
        .line(id(ids, bet.id))
        .line(from)
}

/// A few lines on a bet: where it went, why it ended, the check-ins that matter most, which fields changed. True when
/// something was left out.
fn brief(bet: &BetShift, detail: Detail) -> (Vec<Item>, bool) {
    let mut lines: Vec<Line> = state(bet, detail).into_iter().chain(closing(bet)).collect();
    let changed = match bet.fields.as_slice() {
        [] => None,
        [one] => Some(field(one)),
        more => Some(
            more.iter().enumerate().fold(Line::new().role(Role::Key, "changed: "), |line, (place, one)| {
                line.plain(if place > 0 { ", " } else { "" }).text(Role::Plain, &one.name)
            }),
        ),
    };
    let room = LINES.saturating_sub(lines.len() + usize::from(changed.is_some()));
    let told = telling(&bet.check_ins, bet.confidence.0, room);
    let worded = bet.check_ins.iter().filter(|one| !one.note.is_blank()).count();
    let rest = worded - told.len();
    lines.extend(told.into_iter().map(reason));
    if rest > 0
        && let Some(last) = lines.pop()
    {
        lines.push(last.role(Role::Muted, format!("  (and {})", count(rest, "more check-in"))));
    }
    lines.extend(changed);
    let cut = rest > 0 || bet.fields.len() > 1 || (!detail.blocks && bet.path.len() > STEPS);
    (lines.into_iter().map(Item::from).collect(), cut)
}

/// Everything that differs, field by field.
fn full(bet: &BetShift) -> Vec<Item> {
    let state = state(bet, Detail { full: true, blocks: false }).into_iter().chain(closing(bet));
    let fields = bet.fields.iter().map(field);
    state.chain(fields).chain(bet.check_ins.iter().map(reason)).map(Item::from).collect()
}

fn closing(bet: &BetShift) -> Option<Line> {
    let closing = bet.closing.as_ref()?;
    let line = Line::new().role(Role::Key, "why: ").text(Role::Plain, &closing.why);
    Some(line.role(Role::Muted, format!("  ({})", closing.date)))
}

/// Status and confidence, from one side to the other.
fn state(bet: &BetShift, detail: Detail) -> Option<Line> {
    let mut parts = Vec::new();
    if bet.status.0 != bet.status.1 && bet.status.1.is_some() {
        let word = |status: Option<Status>| status.map(|status| status.as_str().to_owned());
        parts.push(arrow("status", word(bet.status.0), word(bet.status.1)));
    }
    if bet.path.len() > 1 || bet.confidence.0 != bet.confidence.1 && bet.confidence.1.is_some() {
        parts.push(confidence(&bet.path, detail));
    }
    parts.into_iter().reduce(|line, part| line.plain("  ").line(part))
}

/// The confidence on the way: as a shape with its ends, or as its numbers, of many the ends and extremes.
fn confidence(path: &[u8], detail: Detail) -> Line {
    let line = Line::new().role(Role::Key, "confidence: ");
    let (first, last) = (path.first().copied().unwrap_or(0), path.last().copied().unwrap_or(0));
    let (line, steps) = match path {
        [_, _, ..] if detail.blocks => {
            (line.role(Role::Strong, spark::sparkline(path)).plain(" "), vec![first, last])
        }
        _ if detail.full => (line, path.to_vec()),
        _ => (line, milestones(path, STEPS)),
    };
    let role = |at: usize| match at {
        _ if steps.len() == 1 => Role::Plain,
        _ if at + 1 == steps.len() => Role::Added,
        0 => Role::Removed,
        _ => Role::Plain,
    };
    let cut = !detail.blocks && steps.len() < path.len();
    let line = steps.iter().enumerate().fold(line, |line, (at, step)| {
        line.plain(if at > 0 { " -> " } else { "" }).role(role(at), format!("{step}%"))
    });
    if cut { line.role(Role::Muted, format!("  (of {})", count(path.len(), "value"))) } else { line }
}

fn reason(one: &Reason) -> Line {
    let line = Line::new().role(Role::Muted, format!("{} ", one.date)).line(super::status(Some(one.status)));
    let line = match one.confidence {
        Some(percent) => line.plain(format!(" {percent}%")),
        None => line,
    };
    if one.note.is_blank() { line } else { line.plain("  ").text(Role::Plain, &one.note) }
}

/// What was before and what is after; without a before, only what is.
fn arrow(name: &str, before: Option<String>, after: Option<String>) -> Line {
    let line = Line::new().role(Role::Key, format!("{name}: "));
    let line = match before {
        Some(before) => line.role(Role::Removed, before).plain(" -> "),
        None => line,
    };
    line.role(Role::Added, after.unwrap_or_else(|| "(none)".into()))
}

fn field(one: &ShiftedField) -> Line {
    let line = Line::new().text(Role::Key, &one.name).role(Role::Key, ": ");
    match (&one.before, &one.after) {
        (Some(before), Some(after)) if one.prose => line.line(words(before, after)),
        (Some(before), Some(after)) => {
            line.text(Role::Removed, before).plain(" -> ").text(Role::Added, after)
        }
        (None, Some(after)) => line.text(Role::Added, after),
        (Some(before), None) => line.text(Role::Removed, before).plain(" -> (none)"),
        (None, None) => line,
    }
}

/// Two texts word by word. Without colour the marks `[-…-]` and `{+…+}` say the same, as in `git diff --word-diff`.
pub fn words(before: &Text, after: &Text) -> Line {
    let diff = TextDiff::from_words(before.raw(), after.raw());
    let mut line = Line::new();
    let mut changes = diff.iter_all_changes().peekable();
    while let Some(change) = changes.next() {
        let tag = change.tag();
        let mut text = change.value().to_owned();
        while let Some(next) = changes.next_if(|next| next.tag() == tag) {
            text += next.value();
        }
        line = match tag {
            ChangeTag::Equal => line.plain(text),
            ChangeTag::Delete => line.role(Role::Removed, format!("[-{text}-]")),
            ChangeTag::Insert => line.role(Role::Added, format!("{{+{text}+}}")),
        };
    }
    line
}
