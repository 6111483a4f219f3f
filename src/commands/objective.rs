//! `git okr objective`: the organisation's OKRs, as the person reads them through the guide's lenses.

use std::collections::BTreeMap;

use clap::Subcommand;

use super::FormatOption;
use crate::context::Context;
use crate::context::answers::Answers;
use crate::context::compose::draft_error;
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::{ObjectiveDraft, fill, is_bare};
use crate::format::record::encode;
use crate::format::template;
use crate::model::guide::Vocabulary;
use crate::model::{Guide, Objective, Period, Record, Text};
use crate::render::{Line, Role, view};
use crate::store::journal::{Transaction, Write};

/// Read the organisation's OKRs through the guide's lenses
///
/// An objective is the organisation's, not yours: you own it, or you understand and shape it. Bets point at the
/// objectives they serve. A lens that is still blank is shown as blank.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Add an objective
    Add(Box<Add>),
    /// List objectives
    List(List),
    /// Show one objective through every lens
    Show(Show),
    /// Edit an objective in your editor
    Edit {
        /// An objective's slug, or the beginning of its id
        objective: String,
    },
    /// Read an objective through the lenses: a terminal asks for those that are blank
    Read(Read),
}

#[derive(clap::Args, Clone, Debug)]
struct Add {
    /// What the organisation wants, on one line; '-' reads TOML from standard input
    title: Option<String>,

    /// A short name to type; made from the title without it
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,

    /// The period it is made for, such as 2026-Q4 or 2026 [default: this quarter]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,

    /// Your relation to it: own, or shape
    #[arg(long, value_name = "STANCE")]
    stance: Option<String>,

    /// Who answers for it, when it is not you
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    /// An outcome it moves, a word of the guide
    #[arg(long = "outcome", value_name = "OUTCOME")]
    outcomes: Vec<String>,

    /// A key result: 'weekly orders: 100 -> 120 k'
    #[arg(long = "measure", value_name = "MEASURE")]
    measures: Vec<String>,

    /// What a lens shows, such as system="two teams own half of the path each"
    #[arg(long = "lens", value_name = "ID=TEXT")]
    lenses: Vec<String>,

    /// Anything else worth keeping
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Write it in your editor
    #[arg(short, long)]
    edit: bool,
}

#[derive(clap::Args, Debug)]
struct List {
    /// Objectives of this period: 2026-Q4, 2026-H2, 2026, this-quarter; without one, all
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(clap::Args, Debug)]
struct Show {
    /// An objective's slug, or the beginning of its id
    objective: String,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(clap::Args, Debug)]
struct Read {
    /// An objective's slug, or the beginning of its id
    objective: String,

    /// What a lens shows, such as system="two teams own half of the path each"
    #[arg(long = "lens", value_name = "ID=TEXT")]
    lenses: Vec<String>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::Add(args) => add(context, *args),
        Verb::List(args) => list(context, &args),
        Verb::Show(args) => show(context, &args),
        Verb::Edit { objective } => context.edit_named(&objective),
        Verb::Read(args) => read(context, &args),
    }
}

fn add(context: &mut Context, mut args: Add) -> Outcome {
    let bench = context.workbench()?;
    let taken = |slug: &str| bench.snapshot.objective_named(slug).is_some();
    let finish = |draft: ObjectiveDraft| bench.with(|desk| draft.finish(desk, &taken));
    let (objective, written) = if args.title.as_deref() == Some("-") {
        let alone = !args.edit && is_bare(&from_flags(args)?);
        (context.read_draft(alone, ObjectiveDraft::parse, finish)?, None)
    } else if args.edit {
        let quarter = Period::quarter_of(context.today()?, &bench.snapshot.guide.calendar).name;
        args.period.get_or_insert(quarter);
        let text = fill(&template::objective(&bench.snapshot.guide), &from_flags(args)?);
        context.edit_draft("objective", &text, ObjectiveDraft::parse, finish)?
    } else {
        if args.title.is_none() {
            return Err(CommandError::usage("say what the organisation wants")
                .hint("git okr objective add \"Orders arrive twice as fast\"\nor in your editor: git okr objective add -e"));
        }
        let draft = from_flags(args)?;
        (finish(draft).map_err(draft_error)?, None)
    };
    let (id, slug, title) = (objective.id, objective.slug.clone(), objective.title.clone());
    let blank = objective.blank(bench.snapshot.guide.lenses.iter().map(|lens| &lens.id)).len();
    let record = Record::Objective(objective);
    let draft = written.unwrap_or_else(|| Draft::Text("objective", encode(&record)));
    context.commit_draft(Transaction::new("add", vec![Write::Create(record)]), draft)?;
    let line = Line::new().role(Role::Good, "added ").role(Role::Strong, slug.as_str()).plain("  ");
    context.ui.status(line.text(Role::Plain, &title))?;
    context.ui.plain(&format!("{id}\n"))?;
    if blank > 0 {
        context.ui.hint(&format!("read it through the lenses: git okr objective read {slug}"))?;
    }
    Ok(exit::DONE)
}

fn from_flags(args: Add) -> Result<ObjectiveDraft, CommandError> {
    Ok(ObjectiveDraft {
        title: args.title.unwrap_or_default(),
        slug: args.slug.unwrap_or_default(),
        period: args.period.unwrap_or_default(),
        stance: args.stance.unwrap_or_default(),
        owner: args.owner.unwrap_or_default(),
        note: args.note.unwrap_or_default(),
        lens: super::pairs(&args.lenses, "--lens system=\"two teams own half of the path each\"")?,
        ..ObjectiveDraft::default()
    }
    .with(args.outcomes, args.measures))
}

fn list(context: &mut Context, args: &List) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let snapshot = context.snapshot(&at, Context::SHOWN)?;
    let today = context.today()?;
    let period =
        args.period.as_deref().map(|name| context.period(Some(name), &snapshot.guide)).transpose()?;
    let overlaps = |one: &&Objective| {
        period.as_ref().is_none_or(|period| {
            Period::parse(one.period.raw(), &snapshot.guide.calendar, today)
                .is_ok_and(|made_for| made_for.overlaps(period))
        })
    };
    let mut list: Vec<Objective> = snapshot.objectives.values().filter(overlaps).cloned().collect();
    list.sort_by_key(|one| (one.recorded, one.id));
    context
        .ui
        .answer(args.format.get(), "objectives", &list, |list| view::aim::objectives(list, &snapshot))?;
    Ok(exit::DONE)
}

/// Finds an objective at a revision.
fn find(
    context: &mut Context,
    at: &crate::model::Revision,
    name: &str,
) -> Result<(crate::store::journal::Stored, Objective), CommandError> {
    let place = context.place(at, name)?;
    let stored = context.read(&place)?;
    match &stored.record {
        Record::Objective(objective) => Ok((stored.clone(), objective.clone())),
        other => Err(CommandError::new(format!(
            "'{}' is a {}, not an objective",
            Text::from(name).visible(),
            other.kind().as_str()
        ))
        .hint("list them: git okr objective list")),
    }
}

fn show(context: &mut Context, args: &Show) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    let (_, objective) = find(context, &at, &args.objective)?;
    let snapshot = context.snapshot(&at, Context::SHOWN)?;
    context
        .ui
        .answer(args.format.get(), "objective", &objective, |one| view::aim::objective(one, &snapshot))?;
    Ok(exit::DONE)
}

fn read(context: &mut Context, args: &Read) -> Outcome {
    let at = context.journal()?.tip()?;
    let (stored, mut objective) = find(context, &at, &args.objective)?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let mut written = None;
    let mut said: BTreeMap<String, String> =
        super::pairs(&args.lenses, "--lens evidence=\"the latency dashboard\"")?;
    if said.is_empty() {
        if !context.ui.is_interactive() {
            return Err(CommandError::usage("say what a lens shows")
                .hint("--lens evidence=\"the latency dashboard\""));
        }
        let mut answers = context.answers("objective", None);
        let asked = ask(context, &guide, &objective, &mut answers);
        (said, written) = answers.finish(asked)?;
    }
    for (id, text) in said {
        let id = guide.word(Vocabulary::Lens, &id)?;
        if Text::from(text.as_str()).is_blank() {
            objective.lens.remove(&id);
        } else {
            objective.lens.insert(id, text.trim().into());
        }
    }
    let blank = objective.blank(guide.lenses.iter().map(|lens| &lens.id)).len();
    let slug = objective.slug.clone();
    let record = Record::Objective(objective);
    let draft = written.unwrap_or_else(|| Draft::Text("objective", encode(&record)));
    context.commit_draft(Transaction::new("read", vec![Write::Replace(Box::new(stored), record)]), draft)?;
    let left = if blank == 0 {
        "every lens answered".into()
    } else {
        format!("{blank} of {} lenses blank", guide.lenses.len())
    };
    context.ui.status(
        Line::new().role(Role::Good, "read ").role(Role::Strong, slug.as_str()).plain(format!("  {left}")),
    )?;
    Ok(exit::DONE)
}

/// Asks for every lens; what it shows until now stands there to be mended.
fn ask(
    context: &mut Context,
    guide: &Guide,
    objective: &Objective,
    answers: &mut Answers,
) -> Result<BTreeMap<String, String>, CommandError> {
    let mut said = BTreeMap::new();
    let mut prompt = context.ui.prompt()?;
    for lens in &guide.lenses {
        let before = objective.lens.get(&lens.id).map(|text| text.raw().to_owned()).unwrap_or_default();
        let answer = prompt.ask_text(lens.question.visible().trim_end_matches('?'), &before, true)?;
        if answer != before {
            said.insert(lens.id.to_string(), answer);
            answers.keep(&BTreeMap::from([("lens", &said)]));
        }
    }
    Ok(said)
}
