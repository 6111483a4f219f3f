//! `git okr harvest`: read commits into suggestions.

use super::FormatOption;
use crate::context::harvesting::{Harvested, Wanted};
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::model::{Day, Text};
use crate::render::view::count;
use crate::render::{Doc, Line, Role};

/// Read commits into suggestions
///
/// Reads your commits since the last harvest of this repository and branch; the first time, those of this quarter and
/// the last. What looks like evidence waits in the inbox until you decide: harvest itself records nothing. Running it
/// again finds nothing twice, and what was decided once is never suggested again, from any machine.
///
/// A commit can speak for itself: 'Okr-Bet: one-queue' names its bet, 'Okr-Evidence: yes' asks to be kept.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// A revision or range to read instead, such as v1.0..main
    #[arg(value_name = "REVISION RANGE")]
    range: Option<String>,

    /// Whose commits: an e-mail address, a pattern for names and addresses, or '*' for everybody's
    #[arg(long, value_name = "PATTERN")]
    author: Option<String>,

    /// Only commits of this day or later
    #[arg(long, value_name = "DAY")]
    since: Option<String>,

    /// Only commits of this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<String>,

    /// The whole history
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let wanted = Wanted {
        since: day(context, args.since.as_deref())?,
        until: day(context, args.until.as_deref())?,
        range: args.range,
        author: args.author,
        all: args.all,
    };
    let Some(harvested) = context.harvest(&wanted)? else {
        return Err(CommandError::new("there is no git repository here")
            .hint("go into the repository whose commits to read"));
    };
    if let Some(why) = &harvested.stopped {
        let line = Line::from("some commits could not be read: ").text(Role::Plain, &why.first_line());
        context.ui.warning(line)?;
    }
    if harvested.unreadable > 0 {
        context.ui.warning(Line::from(format!("{} unreadable", count(harvested.unreadable, "commit"))))?;
    }
    if harvested.uncounted > 0 {
        let what = count(harvested.uncounted, "commit");
        context.ui.warning(Line::from(format!("lines of {what} are not counted: this clone lacks files")))?;
    }
    context.ui.answer(args.format.get(), "harvest", &harvested, document)?;
    for lost in &harvested.taken_back {
        context.ui.warning(
            Line::from(format!("evidence {} rests on work that was taken back: ", lost.id.as_str()))
                .text(Role::Plain, &lost.title),
        )?;
    }
    if let Some(first) = harvested.taken_back.first() {
        let (id, by) = (first.id.as_str(), first.by.raw().get(..12).unwrap_or_default());
        context.ui.hint(&format!(
            "say how it ended: git okr edit {id}, with the artifact 'commit:{by}'; or git okr remove {id}"
        ))?;
    }
    if harvested.shallow {
        context.ui.hint(
            "this clone is shallow, what lies behind its end was not read; all of it: git fetch --unshallow",
        )?;
    }
    if harvested.waiting > 0 {
        context.ui.hint("decide on them: git okr inbox")?;
    }
    if let Some(since) = harvested.since {
        context.ui.hint(&format!("read from {since} on; everything: git okr harvest --all"))?;
    }
    Ok(exit::DONE)
}

fn document(harvested: &Harvested) -> Doc {
    let line = Line::new()
        .plain(format!("read {} of ", count(harvested.commits, "commit")))
        .text(Role::Plain, &harvested.repository)
        .plain(format!(": {}, {} waiting", count(harvested.new, "new suggestion"), harvested.waiting));
    Doc::new().para(line)
}

fn day(context: &Context, text: Option<&str>) -> Result<Option<Day>, CommandError> {
    let Some(text) = text else { return Ok(None) };
    clock::parse_day(text, context.today()?).map(Some).ok_or_else(|| {
        CommandError::usage(format!("'{}' is not a date", Text::from(text).visible()))
            .hint("days are written 2026-11-03, yesterday or 'last friday'")
    })
}
