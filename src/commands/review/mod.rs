//! `git okr review`: the ritual before a quarter ends, item by item, into one commit.

mod record;
mod template;
mod walk;

use clap::Subcommand;

use super::FormatOption;
use crate::context::Context;
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::{ReviewDraft, fill};
use crate::model::{Period, Review, Text};
use crate::render::{Line, Role, view};
use crate::report::review::Agenda;

/// Review a quarter, item by item
///
/// A terminal is asked: what waits in the inbox, what becomes of every open bet, what the findings mean, the scorecard's
/// questions with your own rating beside the records' reading, and what comes next. Every answer is on disk before the next
/// question: 'q', ctrl-c and a crash lose nothing, and the same command goes on. At the end one commit holds the review, a
/// check-in for every bet, and the end of each bet that is carried or dropped. Scripts answer with '--answers FILE'.
///
///   git okr review
///   git okr review --list 2026-Q4
///   git okr review last-quarter --answers answers.toml
///   git okr review --due || echo "time to look back"
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,

    /// The quarter: 2026-Q4, this-quarter, last-quarter [default: the one that is due, or this quarter]
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// Only show what would be asked
    #[arg(long, conflicts_with_all = ["edit", "answers"])]
    list: bool,

    /// With '--list': as the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION", requires = "list")]
    as_of: Option<String>,

    /// Write all answers in your editor
    #[arg(short, long)]
    edit: bool,

    /// Read all answers from a TOML file; '-' is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "edit")]
    answers: Option<String>,

    /// Exit 1, with one line, when a review is due; for prompts and cron
    #[arg(long, conflicts_with_all = ["period", "list", "edit", "answers"])]
    due: bool,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Show the review of a quarter
    Show {
        /// The quarter: 2026-Q4, this-quarter, last-quarter [default: the newest that was reviewed]
        #[arg(value_name = "PERIOD")]
        period: Option<String>,

        /// As the journal knew it at a date or revision
        #[arg(long, value_name = "DATE|REVISION")]
        as_of: Option<String>,

        #[command(flatten)]
        format: FormatOption,
    },
    /// List reviews
    List {
        /// As the journal knew it at a date or revision
        #[arg(long, value_name = "DATE|REVISION")]
        as_of: Option<String>,

        #[command(flatten)]
        format: FormatOption,
    },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Some(Verb::Show { period, as_of, format }) => {
            return show(context, period.as_deref(), as_of.as_deref(), format);
        }
        Some(Verb::List { as_of, format }) => return list(context, as_of.as_deref(), format),
        None => {}
    }
    if args.due {
        return due(context);
    }
    let period = quarter(context, args.period.as_deref())?;
    if args.as_of.is_none() {
        context.catch_up()?;
    }
    let (agenda, snapshot) = context.agenda(&period, args.as_of.as_deref())?;
    if args.list {
        context.ui.answer(args.format.get(), "agenda", &agenda, |agenda| {
            view::review::agenda(agenda, &snapshot.ids)
        })?;
        return Ok(exit::DONE);
    }
    if let Some(file) = &args.answers {
        let draft = answers(context, file)?;
        let kept = Draft::Text("review", fill("", &draft));
        return record::record(context, &agenda, &snapshot, draft, kept);
    }
    let mut sheet = context.sheet(&period)?;
    if args.edit {
        let text = fill(&template::template(&agenda), &sheet.draft);
        let bench = context.workbench()?;
        let earlier = crate::report::review::of(&snapshot, &period);
        let (draft, written) = context.edit_draft("review", &text, ReviewDraft::parse, |draft| {
            // What cannot be recorded is told while the editor can be opened again.
            bench.with(|desk| draft.clone().finish(desk, &period, earlier)).map(|_| draft)
        })?;
        let kept = written.unwrap_or(Draft::Text("review", String::new()));
        let outcome = record::record(context, &agenda, &snapshot, draft, kept)?;
        let _ = std::fs::remove_file(sheet.path());
        return Ok(outcome);
    }
    if !context.ui.is_interactive() {
        return Err(CommandError::usage("a review asks questions, and there is no terminal to ask on").hint(
            "see what is asked: git okr review --list\nand answer it: git okr review --answers answers.toml",
        ));
    }
    if !walk::walk(context, &agenda, &snapshot, &mut sheet)? {
        let line = format!("kept; go on with: git okr review {}", period.name);
        context.ui.status(Line::from(line))?;
        return Ok(exit::DONE);
    }
    let kept = Draft::File(sheet.path().to_owned());
    record::record(context, &agenda, &snapshot, sheet.draft, kept)
}

/// The quarter that is meant: it has begun, and it is one quarter.
fn quarter(context: &mut Context, name: Option<&str>) -> Result<Period, CommandError> {
    let at = context.journal()?.tip()?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = match name {
        Some(name) => context.period(Some(name), &guide)?,
        None => match context.review_due()? {
            Some(due) => due.period,
            None => context.period(None, &guide)?,
        },
    };
    if Period::quarter_of(period.start, &guide.calendar) != period {
        let message = format!("a review is of one quarter, and {} is not one", period.name);
        return Err(CommandError::usage(message).hint("quarters are 2026-Q4, this-quarter or last-quarter"));
    }
    if period.start > context.today()? {
        let message = format!("{} has not begun: it starts on {}", period.name, period.start);
        return Err(CommandError::usage(message).hint("git okr review this-quarter"));
    }
    Ok(period)
}

fn due(context: &mut Context) -> Outcome {
    match context.review_due()? {
        None => Ok(exit::DONE),
        Some(due) => {
            context.ui.line(view::review::due(&due))?;
            Ok(exit::FAILED)
        }
    }
}

fn answers(context: &Context, file: &str) -> Result<ReviewDraft, CommandError> {
    if file == "-" {
        return context.read_draft(true, ReviewDraft::parse, Ok);
    }
    let path = context.cwd().join(file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| CommandError::new(format!("cannot read '{}': {error}", path.display())))?;
    ReviewDraft::parse(&text).map_err(|error| {
        let at = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
        CommandError::new(format!("cannot read '{}'{at}: {error}", path.display()))
            .hint("the form of answers is shown by: git okr review --edit")
    })
}

fn show(context: &mut Context, name: Option<&str>, as_of: Option<&str>, format: FormatOption) -> Outcome {
    let at = context.revision(as_of)?;
    let snapshot = context.snapshot(&at, Context::SHOWN)?;
    let found = match name {
        None => snapshot.reviews.iter().max_by(|a, b| a.period.cmp(&b.period)),
        Some(name) => {
            let period = context.period(Some(name), &snapshot.guide)?;
            crate::report::review::of(&snapshot, &period)
        }
    };
    let Some(review) = found else {
        let what = name.map_or_else(
            || "there is no review yet".to_owned(),
            |name| format!("{} has no review", Text::from(name).visible()),
        );
        let hint = format!("begin with: git okr review {}", name.unwrap_or_default());
        return Err(CommandError::new(what).hint(hint.trim_end()));
    };
    context.ui.answer(format.get(), "review", review, |review| view::record::review(review, &snapshot))?;
    Ok(exit::DONE)
}

fn list(context: &mut Context, as_of: Option<&str>, format: FormatOption) -> Outcome {
    let at = context.revision(as_of)?;
    let snapshot = context.snapshot(&at, Context::SHOWN)?;
    let mut reviews = snapshot.reviews.clone();
    reviews.sort_by(|a, b| a.period.cmp(&b.period));
    context.ui.answer(format.get(), "reviews", &reviews, |reviews| {
        view::review::list(reviews, &snapshot.guide.calendar)
    })?;
    Ok(exit::DONE)
}

/// Tells what was recorded, and what is left to do by hand.
fn tell(context: &mut Context, agenda: &Agenda, review: &Review, modified: &[String]) -> Outcome {
    let mut line = Line::new().role(Role::Good, "reviewed ").role(Role::Strong, agenda.period.name.as_str());
    if agenda.days_left < 0 {
        line = line.role(Role::Warn, format!("  {}", view::review::lateness(-agenda.days_left)));
    }
    context.ui.status(line)?;
    context.ui.plain(&format!("{}\n", review.id))?;
    for slug in modified {
        context.ui.hint(&format!("you decided to modify it: git okr bet edit {slug}"))?;
    }
    if !review.next.is_empty() {
        context
            .ui
            .hint(&format!("open what you sketched: git okr bet add --period {}", agenda.next.visible()))?;
    }
    Ok(exit::DONE)
}
