//! `git okr resolve`: decide what two machines changed at once.

use super::{FormatOption, remove};
use crate::change::merge::settle::{Choice, Unsettled};
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::conflict::WHOLE;
use crate::model::{Record, Text};
use crate::render::view::{conflict as view, count};
use crate::render::{Line, Role};
use crate::report::conflicts::{Contested, GUIDE};

/// Decide what two machines changed at once
///
/// Where two machines gave one field two values, a merge shows the one from the newer history and keeps the other in the
/// record. Nothing waits for you: reports use what is shown until you decide. Without arguments, lists what is undecided;
/// on a terminal, asks for each.
///
/// 'ours' is what the record shows now, on every machine; 'theirs' is the value that was kept beside it. 'guide' stands
/// for the guide. A record that one machine changed and another one removed stays; its field is called 'record', and to
/// take 'theirs' removes it.
///
///   git okr resolve
///   git okr resolve kqvm title --take theirs
///   git okr resolve kqvm 'measure."p95 latency".target' --take 175
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The beginning of an id, a bet's slug, or 'guide'
    id: Option<String>,

    /// The field, as it is listed; all of the record's without it
    #[arg(requires = "id")]
    field: Option<String>,

    /// What becomes of it: ours, theirs or a value
    #[arg(long, value_name = "ours|theirs|VALUE", requires = "id")]
    take: Option<String>,

    /// List what is undecided and ask nothing
    #[arg(long, conflicts_with = "take")]
    list: bool,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.journal()?.tip()?;
    let (mut list, unmerged) = context.contested(&at)?;
    if let Some(name) = &args.id {
        let wanted = match name.as_str() {
            GUIDE => None,
            name => Some(context.place(&at, name)?.id),
        };
        list.retain(|one| one.id == wanted);
        if let Some(field) = &args.field {
            let shown = Text::from(field.as_str()).visible();
            for one in &mut list {
                one.conflicts.retain(|conflict| conflict.other.field.raw() == field);
            }
            list.retain(|one| !one.conflicts.is_empty());
            if list.is_empty() {
                return Err(CommandError::new(format!("there is no conflict over '{shown}'"))
                    .hint(format!("git okr resolve {name} --list")));
            }
        }
    }
    if let Some(take) = &args.take {
        let Some(one) = list.first() else {
            return Err(CommandError::new("there is no conflict in it").hint("git okr resolve --list"));
        };
        if args.field.is_none() && !matches!(take.as_str(), "ours" | "theirs") && fields(one).len() > 1 {
            return Err(CommandError::usage("a value is for one field; say which")
                .hint(format!("git okr resolve {} --list", one.name())));
        }
        return settle(context, one, take);
    }
    let asks = !args.list && args.format.is_text() && context.ui.is_interactive() && !list.is_empty();
    if asks {
        return ask_all(context, &list).map(|_| exit::DONE);
    }
    let snapshot = context.journal()?.snapshot(&at, Context::SHOWN)?;
    let value = serde_json::json!({ "records": list, "unmerged": unmerged });
    context
        .ui
        .answer(args.format.get(), "conflicts", &value, |_| view::list(&list, &unmerged, &snapshot.ids))?;
    if let Some(first) = list.first() {
        context.ui.hint(&format!("keep what is shown: git okr resolve {} --take ours", first.name()))?;
    }
    Ok(exit::DONE)
}

fn fields(one: &Contested) -> Vec<Text> {
    let mut fields: Vec<Text> = one.conflicts.iter().map(|conflict| conflict.other.field.clone()).collect();
    fields.dedup();
    fields
}

fn settle(context: &mut Context, one: &Contested, take: &str) -> Outcome {
    let choice = match take {
        "ours" => Choice::Ours,
        "theirs" => Choice::Theirs,
        value => Choice::Value(value.to_owned()),
    };
    let choices: Vec<(Text, Choice)> = fields(one).into_iter().map(|field| (field, choice.clone())).collect();
    refuse_to_leave_gaps(context, one, &choices)?;
    context.settle_conflicts(one.name(), &choices)?;
    let line =
        Line::new().role(Role::Good, "settled ").plain(format!("{} of ", count(choices.len(), "field")));
    context.ui.status(line.text(Role::Plain, &one.title))?;
    Ok(exit::DONE)
}

/// A record that others point at does not go because another machine removed it.
fn refuse_to_leave_gaps(
    context: &mut Context,
    one: &Contested,
    choices: &[(Text, Choice)],
) -> Result<(), CommandError> {
    let goes = |conflict: &Unsettled| conflict.other.field.raw() == WHOLE && conflict.other.value.is_none();
    let agreed = choices.iter().any(|(field, choice)| field.raw() == WHOLE && *choice == Choice::Theirs);
    if !agreed || !one.conflicts.iter().any(goes) {
        return Ok(());
    }
    match context.find(one.name())?.record {
        Record::Bet(bet) => remove::refuse_if_needed(context, &bet),
        Record::Objective(objective) => remove::refuse_if_served(context, &objective),
        _ => Ok(()),
    }
}

/// Asks about each conflict; every decision is recorded before the next question. False when the person quit.
pub(super) fn ask_all(context: &mut Context, list: &[Contested]) -> Result<bool, CommandError> {
    let keys = [
        ('o', "ours: what is shown stays"),
        ('t', "theirs: the other value"),
        ('v', "another value; type it"),
        ('s', "skip it for now"),
        ('q', "quit; what was decided so far is recorded"),
    ];
    let of: usize = list.iter().map(|one| one.conflicts.len()).sum();
    let mut place = 0;
    for one in list {
        for conflict in &one.conflicts {
            place += 1;
            context.ui.doc(&view::one(one, conflict))?;
            let question = Line::from(format!("conflict {place} of {of}: take"));
            let choice = match context.ui.prompt()?.key(&question, &keys)? {
                'o' => Choice::Ours,
                't' => match &conflict.other.value {
                    // Of several values the one that was shown is meant.
                    Some(value) if conflict.other.field.raw() != WHOLE => {
                        Choice::Value(value.raw().to_owned())
                    }
                    _ => Choice::Theirs,
                },
                'v' => {
                    let shown = conflict.shown.as_ref().map(|text| text.raw().to_owned()).unwrap_or_default();
                    Choice::Value(context.ui.prompt()?.ask_text("value", &shown, false)?)
                }
                's' => continue,
                _ => return Ok(false),
            };
            let choices = [(conflict.other.field.clone(), choice)];
            let settled = refuse_to_leave_gaps(context, one, &choices)
                .and_then(|()| context.settle_conflicts(one.name(), &choices));
            match settled {
                Ok(()) => context.ui.status(
                    Line::new().role(Role::Good, "settled ").text(Role::Plain, &conflict.other.field),
                )?,
                // The next question still wants its answer.
                Err(error) => context.ui.warning(format!("{:#}", error.cause))?,
            }
        }
    }
    Ok(true)
}
