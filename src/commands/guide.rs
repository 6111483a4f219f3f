//! `git okr guide`: list, show, edit and check the guide that records are read by.

use clap::Subcommand;
use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::format::guide::{self, Severity};
use crate::format::template;
use crate::model::Text;
use crate::render::view::{self, count};
use crate::render::{Doc, Line, Role, Table};
use crate::store::journal::Transaction;

/// Show, edit and check the guide that records are read by
///
/// The guide holds outcomes, capabilities, rubric, lenses, questions, kinds, reach levels and the calendar. It is one
/// TOML file in the journal: yours to change.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// List the built-in guides
    List {
        #[command(flatten)]
        format: FormatOption,
    },
    /// Show the journal's guide, or a built-in one
    Show {
        /// A built-in guide instead of the journal's
        name: Option<String>,

        /// The file itself, in TOML
        #[arg(long)]
        toml: bool,

        #[command(flatten)]
        format: FormatOption,
    },
    /// Edit the journal's guide in your editor
    Edit,
    /// Say what is wrong with the journal's guide, or with a file; exits 1 on errors
    Check {
        /// A file instead of the journal's guide
        file: Option<String>,

        #[command(flatten)]
        format: FormatOption,
    },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::List { format } => list(context, format),
        Verb::Show { name, toml, format } => show(context, name.as_deref(), toml, format),
        Verb::Edit => edit(context),
        Verb::Check { file, format } => check(context, file.as_deref(), format),
    }
}

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    title: Text,
}

fn list(context: &mut Context, format: FormatOption) -> Outcome {
    let guides: Vec<Listed> = guide::BUILTIN
        .iter()
        .map(|(name, text)| Listed {
            name,
            title: guide::decode(text).map(|guide| guide.title).unwrap_or_default(),
        })
        .collect();
    context.ui.answer(format.get(), "guides", &guides, |guides| {
        let mut table = Table::new(["guide", "for"]);
        for one in guides {
            let default = if one.name == guide::DEFAULT { "  (default)" } else { "" };
            let title = Line::new().text(Role::Plain, &one.title).role(Role::Muted, default);
            table.push([Line::new().role(Role::Strong, one.name), title]);
        }
        Doc::new().table(table)
    })?;
    Ok(exit::DONE)
}

/// The text of the journal's guide, or of a built-in one.
fn text(context: &Context, name: Option<&str>) -> Result<String, CommandError> {
    if let Some(name) = name {
        return guide::builtin(name).map(str::to_owned).ok_or_else(|| {
            CommandError::new(format!("no built-in guide is called '{}'", Text::from(name).visible()))
                .hint("git okr guide list")
        });
    }
    let journal = context.journal()?;
    journal
        .guide_text(&journal.tip()?)?
        .ok_or_else(|| CommandError::new("the journal has no guide").hint("write one: git okr guide edit"))
}

fn show(context: &mut Context, name: Option<&str>, toml: bool, format: FormatOption) -> Outcome {
    let text = text(context, name)?;
    if toml {
        context.ui.foreign(&Text::from(text))?;
        return Ok(exit::DONE);
    }
    let guide = guide::decode(&text).map_err(|error| {
        CommandError::new(format!("the guide cannot be read, {}", Text::from(error.to_string()).visible()))
            .hint("git okr guide edit")
    })?;
    context.ui.answer(format.get(), "guide", &guide, view::guide::guide)?;
    Ok(exit::DONE)
}

fn edit(context: &mut Context) -> Outcome {
    let journal = context.journal()?;
    let present = journal.guide_id(&journal.tip()?)?;
    // One that is sealed is there, and is not to be written over.
    journal.guide_text(&journal.tip()?)?;
    let before = text(context, None).or_else(|_| text(context, Some(guide::DEFAULT)))?;
    let (after, draft) = context.edit("guide", &before, |_, typed| {
        let guide = guide::decode(typed).map_err(crate::context::compose::decode_error)?;
        match guide::check(&guide).into_iter().find(|problem| problem.severity == Severity::Error) {
            Some(problem) => {
                Err((None, CommandError::new(format!("{}: {}", problem.place.visible(), problem.message))))
            }
            None => Ok(typed.to_owned()),
        }
    })?;
    let text = format!("{}\n", template::above_scissors(&after).trim_end());
    context.commit_draft(Transaction::guide(present, text), draft)?;
    context.ui.status(Line::new().role(Role::Good, "saved").plain(" the guide"))?;
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct Checked {
    problems: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    severity: &'static str,
    line: Option<usize>,
    place: Text,
    message: Text,
}

fn check(context: &mut Context, file: Option<&str>, format: FormatOption) -> Outcome {
    let text = match file {
        Some(file) => {
            let shown = Text::from(file).visible();
            let bytes = std::fs::read(context.cwd().join(file))
                .map_err(|error| CommandError::new(format!("cannot read '{shown}': {error}")))?;
            String::from_utf8(bytes).map_err(|_| CommandError::new(format!("'{shown}' is not UTF-8")))?
        }
        None => text(context, None)?,
    };
    let mut problems = Vec::new();
    match guide::decode(&text) {
        Ok(guide) => problems.extend(guide::check(&guide).into_iter().map(|problem| Told {
            severity: if problem.severity == Severity::Error { "error" } else { "warning" },
            line: None,
            place: problem.place,
            message: problem.message.into(),
        })),
        Err(error) => problems.push(Told {
            severity: "error",
            line: error.line,
            place: error.key.unwrap_or_default(),
            message: error.message.into(),
        }),
    }
    problems.extend(guide::unknown_keys(&text).into_iter().map(|(line, key)| Told {
        severity: "warning",
        line,
        place: key,
        message: "no such key in a guide; a typing mistake?".into(),
    }));
    let failed = problems.iter().any(|problem| problem.severity == "error");
    context.ui.answer(format.get(), "guide-check", &Checked { problems }, |checked| {
        let mut table = Table::new(["", "line", "where", "what"]);
        for one in &checked.problems {
            let role = if one.severity == "error" { Role::Bad } else { Role::Warn };
            table.push([
                Line::new().role(role, one.severity),
                one.line.map_or_else(Line::new, |line| Line::from(line.to_string())),
                Line::new().text(Role::Key, &one.place),
                Line::new().text(Role::Plain, &one.message),
            ]);
        }
        if checked.problems.is_empty() {
            return Doc::new().para(Line::new().role(Role::Good, "nothing is wrong with the guide"));
        }
        Doc::new().table(table).footer(count(checked.problems.len(), "problem"))
    })?;
    Ok(if failed { exit::FAILED } else { exit::DONE })
}
