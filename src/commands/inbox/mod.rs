//! `git okr inbox`: list what waits, and decide on it.

mod triage;

use clap::Subcommand;

use super::FormatOption;
use crate::context::Context;
use crate::context::editor::Draft;
use crate::context::harvesting::known_words;
use crate::error::{CommandError, Outcome, exit};
use crate::model::suggestion::Suggestion;
use crate::model::verdict::Never;
use crate::model::{Evidence, Record, Snapshot, Text};
use crate::render::view::count;
use crate::render::{Line, Role, view};
use crate::store::inbox::Item;
use crate::store::journal::{Transaction, Write};

/// Decide on suggestions
///
/// Without a verb: harvests what is new here and in the repositories of okr.repos, then walks through what waits, in the manner of 'git add -p'. Where
/// there is no terminal it lists. Small changes of one week in one place are one suggestion. What you accept becomes evidence; what you dismiss is never suggested again.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,

    /// List instead of asking
    #[arg(long)]
    list: bool,

    /// Everything: also what is below the threshold, and past the first 60
    #[arg(long)]
    all: bool,

    /// Each piece of work by itself, without gathering a week's small changes in one place
    #[arg(long)]
    apart: bool,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Turn suggestions into evidence
    Accept(Accept),
    /// Never suggest these again
    Dismiss(Dismiss),
}

#[derive(clap::Args, Debug)]
struct Accept {
    /// Beginnings of the ids of suggestions
    #[arg(value_name = "ID", required_unless_present = "everything")]
    ids: Vec<String>,

    /// Everything that the inbox shows: the 60 best that reach the threshold
    #[arg(long, conflicts_with = "ids")]
    everything: bool,

    /// The bet they serve, by slug or id
    #[arg(long, value_name = "BET")]
    bet: Option<String>,

    /// How far they reached, a word of the guide
    #[arg(long, value_name = "REACH")]
    reach: Option<String>,
}

#[derive(clap::Args, Debug)]
struct Dismiss {
    /// Beginnings of the ids of suggestions
    #[arg(value_name = "ID", required_unless_present = "everything")]
    ids: Vec<String>,

    /// Everything that the inbox shows: the 60 best that reach the threshold
    #[arg(long, conflicts_with = "ids")]
    everything: bool,

    /// Never suggest work like this again: same repository, type and scope
    #[arg(long)]
    never: bool,
}

/// What was decided on a suggestion.
enum Ruling {
    Accept(Box<Evidence>),
    Dismiss { never: bool },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Some(Verb::Accept(args)) => accept(context, &args),
        Some(Verb::Dismiss(args)) => {
            let items = named(context, &args.ids, args.everything)?;
            let rulings =
                items.into_iter().map(|item| (item, Ruling::Dismiss { never: args.never })).collect();
            settle(context, rulings, None)?;
            Ok(exit::DONE)
        }
        None => {
            context.catch_up()?;
            let waits = if args.apart { context.pieces(args.all)? } else { context.waiting(args.all)? };
            let asks = context.ui.is_interactive() && context.ui.out_is_tty() && !args.list;
            if asks && matches!(args.format.get(), crate::render::Format::Text) && !waits.items.is_empty() {
                return triage_first(context, &waits.items, waits.more);
            }
            let list: Vec<Suggestion> = waits.items.into_iter().map(|item| item.suggestion).collect();
            context.ui.answer(args.format.get(), "inbox", &list, |list| {
                view::suggestion::inbox(list, waits.more, waits.below)
            })?;
            Ok(exit::DONE)
        }
    }
}

/// Asks about everything that waits and reaches the threshold, one by one.
pub(super) fn triage_all(context: &mut Context) -> Outcome {
    let waits = context.waiting(false)?;
    triage_first(context, &waits.items, waits.more)
}

fn triage_first(context: &mut Context, items: &[Item], more: usize) -> Outcome {
    let outcome = triage::walk(context, items)?;
    if more > 0 {
        context.ui.hint(&format!("and {more} more: git okr inbox --all"))?;
    }
    Ok(outcome)
}

fn accept(context: &mut Context, args: &Accept) -> Outcome {
    let items = named(context, &args.ids, args.everything)?;
    let bench = context.workbench()?;
    let bet = args
        .bet
        .as_deref()
        .map(|name| crate::context::lookup::bet_in(&bench.snapshot, name).map_err(CommandError::new))
        .transpose()?;
    let guide = &bench.snapshot.guide;
    let reach = args
        .reach
        .as_deref()
        .map(|word| guide.word(crate::model::guide::Vocabulary::Reach, word))
        .transpose()?;
    let mut rulings = Vec::new();
    for item in items {
        let mut evidence = evidence(context, &item, &bench.snapshot)?;
        evidence.reach.clone_from(&reach);
        if let Some(bet) = bet {
            evidence.bets = vec![bet];
        }
        rulings.push((item, Ruling::Accept(Box::new(evidence))));
    }
    settle(context, rulings, None)?;
    Ok(exit::DONE)
}

fn evidence(context: &Context, item: &Item, snapshot: &Snapshot) -> Result<Evidence, CommandError> {
    let mut evidence = context.evidence_from(item)?;
    known_words(&mut evidence, &snapshot.guide);
    evidence.bets.retain(|bet| snapshot.bets.contains_key(bet));
    Ok(evidence)
}

/// One commit for all rulings; then, and only then, the inbox forgets them.
fn settle(
    context: &mut Context,
    rulings: Vec<(Item, Ruling)>,
    draft: Option<Draft>,
) -> Result<(), CommandError> {
    let mut writes = Vec::new();
    let (mut accepted, mut nevers) = (Vec::new(), Vec::new());
    let decided: Vec<Suggestion> = rulings.iter().map(|(item, _)| item.suggestion.clone()).collect();
    let dismissed = rulings.iter().filter(|(_, ruling)| matches!(ruling, Ruling::Dismiss { .. })).count();
    for (item, ruling) in rulings {
        let (evidence, never) = match ruling {
            Ruling::Accept(evidence) => (Some(*evidence), false),
            Ruling::Dismiss { never } => (None, never),
        };
        let verdict = context.verdict_on(&item.suggestion, evidence.as_ref().map(|one| one.id), never)?;
        nevers.extend(verdict.never.clone());
        writes.push(Write::Create(Record::Verdict(verdict)));
        if let Some(evidence) = evidence {
            accepted.push((evidence.id, evidence.title.clone()));
            writes.push(Write::Create(Record::Evidence(evidence)));
        }
    }
    if writes.is_empty() {
        return Ok(());
    }
    let verb = if accepted.is_empty() { "dismiss" } else { "accept" };
    // Without a draft nothing was typed: the suggestions wait on when the commit fails.
    let transaction = Transaction::new(verb, writes);
    match draft {
        Some(draft) => context.commit_draft(transaction, draft)?,
        None => context.commit(transaction)?,
    };
    context.forget(&decided)?;
    for (id, title) in accepted.iter().take(20) {
        let line =
            Line::new().role(Role::Good, "recorded ").id(id.as_str(), 8).plain("  ").text(Role::Plain, title);
        context.ui.status(line)?;
    }
    if accepted.len() > 20 {
        context.ui.status(Line::from(format!("and {} more", accepted.len() - 20)))?;
    }
    for never in &nevers {
        context.ui.status(Line::from("never again: ").line(pattern(never)))?;
    }
    if dismissed > 0 {
        context.ui.status(Line::from(format!("dismissed {}", count(dismissed, "suggestion"))))?;
    }
    Ok(())
}

fn named(context: &mut Context, names: &[String], everything: bool) -> Result<Vec<Item>, CommandError> {
    let mut items = context.waiting(!everything)?.items;
    if everything {
        return Ok(items);
    }
    let mut pieces = context.pieces(true)?.items;
    let known = |items: &[Item], name: &String| items.iter().any(|item| item.suggestion.id.is_named(name));
    // What a hook has just named waits in the queue still.
    if names.iter().any(|name| !known(&items, name) && !known(&pieces, name)) {
        context.catch_up()?;
        (items, pieces) = (context.waiting(true)?.items, context.pieces(true)?.items);
    }
    let mut found: Vec<Item> = Vec::new();
    for name in names {
        let shown = Text::from(name.as_str()).visible();
        let named = |item: &&Item| item.suggestion.id.is_named(name);
        let mut matching: Vec<&Item> = items.iter().filter(named).collect();
        if matching.is_empty() {
            // One of a group, by its own id: the hook names it before there is a group.
            matching = pieces.iter().filter(named).collect();
        }
        match matching.as_slice() {
            [one] => {
                let has =
                    |item: &Item| item.suggestion.keys.iter().any(|key| one.suggestion.keys.contains(key));
                if !found.iter().any(has) {
                    found.push((*one).clone());
                }
            }
            [] => {
                return Err(CommandError::new(format!("no suggestion '{shown}' is waiting"))
                    .hint("list them: git okr inbox --list --all"));
            }
            several => {
                let list: Vec<_> = several
                    .iter()
                    .take(10)
                    .map(|item| {
                        format!(
                            "\n  {} {}",
                            &item.suggestion.id.as_str()[..10],
                            item.suggestion.title.visible()
                        )
                    })
                    .collect();
                return Err(CommandError::new(format!(
                    "'{shown}' is the beginning of {} ids",
                    several.len()
                ))
                .hint(format!("it could be:{}", list.concat())));
            }
        }
    }
    Ok(found)
}

/// A pattern that is never to be suggested, in words.
fn pattern(never: &Never) -> Line {
    let mut line = Line::from("work");
    if let Some(repo) = &never.repo {
        line = line.plain(" of ").text(Role::Plain, repo);
    }
    for (word, value) in [("type", &never.commit_type), ("scope", &never.scope), ("first word", &never.verb)]
    {
        if let Some(value) = value {
            line = line.plain(format!(", {word} '")).text(Role::Strong, value).plain("'");
        }
    }
    line
}
