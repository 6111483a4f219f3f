//! Triage in a terminal, in the manner of `git add -p`.

use super::{Ruling, evidence, settle};
use crate::context::Context;
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome, exit};
use crate::format::{record, template};
use crate::model::{Evidence, Kind, Record, Snapshot, Text};
use crate::render::view::count;
use crate::render::{Line, Role, view};
use crate::store::inbox::Item;

const KEYS: [(char, &str); 6] = [
    ('y', "accept: it becomes evidence"),
    ('n', "dismiss: it is never suggested again"),
    ('e', "edit it first, then accept; left as it is, you are asked again"),
    ('s', "skip it for now"),
    (
        'x',
        "never like this: dismiss it and all work of its repository with the same type and scope, or first word",
    ),
    ('q', "quit; what was decided so far is recorded"),
];

/// Walks through what waits. Every decision is recorded before the next question.
pub(super) fn walk(context: &mut Context, items: &[Item]) -> Outcome {
    let bench = context.workbench()?;
    for (place, item) in items.iter().enumerate() {
        // What was decided on a moment ago may have changed what is left of a group.
        let is = |waiting: &Item| waiting.suggestion.id == item.suggestion.id;
        let waiting = context.waiting(true)?.items.into_iter().chain(context.pieces(true)?.items).find(is);
        let Some(item) = &waiting else { continue };
        let mut shown = item.suggestion.clone();
        shown.signals.extend(context.released(item));
        context.ui.doc(&view::suggestion::suggestion(
            &shown,
            &bench.snapshot,
            Some((place + 1, items.len())),
        ))?;
        let Some((ruling, draft)) = ask(context, item, &bench.snapshot)? else { continue };
        let Some(ruling) = ruling else { break };
        let never = matches!(ruling, Ruling::Dismiss { never: true });
        settle(context, vec![(item.clone(), ruling)], draft)?;
        if never {
            let gone = context.drop_never(&item.suggestion.pattern)?;
            if gone > 0 {
                context
                    .ui
                    .status(Line::from(format!("{} like it left the inbox", count(gone, "suggestion"))))?;
            }
        }
    }
    Ok(exit::DONE)
}

/// Asks until there is a ruling: `None` skips the suggestion, a ruling of `None` ends the walk.
fn ask(context: &mut Context, item: &Item, snapshot: &Snapshot) -> Result<Option<Asked>, CommandError> {
    let question = Line::new().role(Role::Strong, "keep this as evidence");
    loop {
        let ruling = match context.ui.prompt()?.key(&question, &KEYS)? {
            'y' => Ruling::Accept(Box::new(evidence(context, item, snapshot)?)),
            'n' => Ruling::Dismiss { never: false },
            'x' => Ruling::Dismiss { never: true },
            'q' => return Ok(Some((None, None))),
            'e' => match edited(context, item, snapshot) {
                Ok((evidence, draft)) => {
                    return Ok(Some((Some(Ruling::Accept(Box::new(evidence))), Some(draft))));
                }
                Err(error) => {
                    context.ui.warning(Line::from(Text::from(format!("{:#}", error.cause)).visible()))?;
                    for hint in &error.hints {
                        context.ui.hint(hint)?;
                    }
                    continue;
                }
            },
            _ => return Ok(None),
        };
        return Ok(Some((Some(ruling), None)));
    }
}

/// A ruling, unless the person wants to stop, and the draft it was made from.
type Asked = (Option<Ruling>, Option<Draft>);

/// Opens the editor on the evidence that a suggestion would become.
fn edited(
    context: &mut Context,
    item: &Item,
    snapshot: &Snapshot,
) -> Result<(Evidence, Draft), CommandError> {
    let evidence = evidence(context, item, snapshot)?;
    let before = Record::Evidence(evidence);
    let bets: Vec<_> = snapshot.bets.values().filter(|bet| bet.is_open()).collect();
    let text = template::record(&record::encode(&before), Kind::Evidence, &snapshot.guide, &bets);
    context.edit("evidence", &text, |_, typed| {
        match crate::context::revise::accept(typed, &before, snapshot)? {
            Record::Evidence(evidence) => Ok(evidence),
            _ => Err((None, CommandError::new("it is no evidence any more"))),
        }
    })
}
