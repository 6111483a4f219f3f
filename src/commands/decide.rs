//! `git okr decide`: a candidate run through the guide's decision filter, and what came of it.

use clap::Subcommand;

use super::FormatOption;
use crate::context::Context;
use crate::context::answers::Answers;
use crate::context::compose::{Workbench, draft_error};
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::{BetDraft, DecisionDraft, fill, is_bare};
use crate::format::record::encode;
use crate::format::template;
use crate::model::decision::Ruling;
use crate::model::{Decision, Period, Record, Text};
use crate::render::{Line, Role, view};
use crate::store::journal::{Scope, Shards, Transaction, Write};

/// Run a candidate through the decision filter
///
/// The guide's questions are asked in a terminal; scripts answer with '--answer ID=for|against|unsure: why'. The
/// verdict is take, later, support (another owner) or decline, and always says why. '--bet' opens the bet from it.
///
///   git okr decide "Own the shared queue"
///   git okr decide "Own the shared queue" --answer leverage='for: three teams wait' --verdict take \
///       --why "nobody else can sequence it" --bet
#[derive(clap::Args, Clone, Debug)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,

    /// What is decided on, on one line; '-' reads TOML from standard input
    title: Option<String>,

    /// The answer to a question of the filter, such as leverage='for: three teams wait'
    #[arg(long = "answer", value_name = "ID=ANSWER")]
    answers: Vec<String>,

    /// take, later, support or decline
    #[arg(long, value_name = "VERDICT")]
    verdict: Option<String>,

    /// Why
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,

    /// Who owns it, when you support another owner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    /// When to look again, when it comes later
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,

    /// The day it was decided: 2026-11-03, yesterday, 'last friday'
    #[arg(long, value_name = "DAY")]
    date: Option<String>,

    /// Open a bet from it; the verdict has to be take
    #[arg(long)]
    bet: bool,

    /// Write it in your editor
    #[arg(short, long)]
    edit: bool,
}

#[derive(Subcommand, Clone, Debug)]
enum Verb {
    /// List decisions
    List {
        /// Decisions of this period: 2026-Q4, 2026-H2, 2026, this-quarter; without one, all
        #[arg(value_name = "PERIOD")]
        period: Option<String>,

        /// As the journal knew it at a date or revision
        #[arg(long, value_name = "DATE|REVISION")]
        as_of: Option<String>,

        #[command(flatten)]
        format: FormatOption,
    },
    /// Show one decision with every question of the filter
    Show {
        /// The beginning of its id
        decision: String,

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
        None => decide(context, args),
        Some(Verb::List { period, as_of, format }) => {
            list(context, period.as_deref(), as_of.as_deref(), format)
        }
        Some(Verb::Show { decision, as_of, format }) => show(context, &decision, as_of.as_deref(), format),
    }
}

fn decide(context: &mut Context, args: Args) -> Outcome {
    let bench = context.workbench()?;
    let opens_bet = args.bet;
    let finish = |draft: DecisionDraft| bench.with(|desk| draft.finish(desk));
    let (decision, written) = if args.title.as_deref() == Some("-") {
        let alone = !args.edit && is_bare(&from_flags(args)?);
        (context.read_draft(alone, DecisionDraft::parse, finish)?, None)
    } else if args.edit {
        let text = fill(&template::decision(&bench.snapshot.guide), &from_flags(args)?);
        context.edit_draft("decision", &text, DecisionDraft::parse, finish)?
    } else if args.answers.is_empty() && args.verdict.is_none() {
        let mut answers = context.answers("decision", Some("decide"));
        let asked = ask(context, &bench, args, &mut answers);
        answers.finish(asked.and_then(|draft| finish(draft).map_err(draft_error)))?
    } else {
        (finish(from_flags(args)?).map_err(draft_error)?, None)
    };
    if decision.why.is_blank() {
        return Err(
            CommandError::usage("say why it was decided so").hint("--why \"nobody else can sequence it\"")
        );
    }
    record(context, &bench, decision, opens_bet, written)
}

fn record(
    context: &mut Context,
    bench: &Workbench,
    mut decision: Decision,
    opens_bet: bool,
    written: Option<Draft>,
) -> Outcome {
    let mut writes = Vec::new();
    let mut slug = None;
    if opens_bet {
        if decision.verdict != Ruling::Take {
            let message =
                format!("a bet follows from the verdict take, not from {}", decision.verdict.as_str());
            return Err(CommandError::usage(message).hint("--verdict take --bet"));
        }
        let id = context.new_id()?;
        let draft = BetDraft { title: decision.title.raw().to_owned(), ..BetDraft::default() };
        let mut bet =
            bench.with(|desk| draft.finish(desk, &|slug| bench.is_taken(slug))).map_err(draft_error)?;
        bet.id = id;
        decision.bet = Some(id);
        slug = Some(bet.slug.clone());
        writes.push(Write::Create(Record::Bet(bet)));
    }
    let asked = bench.snapshot.guide.filter.len();
    let open = asked.saturating_sub(decision.answer.len());
    let (id, title, verdict) = (decision.id, decision.title.clone(), decision.verdict);
    let record = Record::Decision(decision);
    let draft = written.unwrap_or_else(|| Draft::Text("decision", encode(&record)));
    writes.insert(0, Write::Create(record));
    context.commit_draft(Transaction::new("decide", writes), draft)?;
    let line =
        Line::new().role(Role::Good, format!("decided to {} ", spoken(verdict))).text(Role::Plain, &title);
    context.ui.status(line)?;
    context.ui.plain(&format!("{id}\n"))?;
    if let Some(slug) = slug {
        context.ui.status(Line::new().role(Role::Good, "opened ").role(Role::Strong, slug.as_str()))?;
        context.ui.hint(&format!("unproven until it answers the gate: git okr bet edit {slug}"))?;
    } else if open > 0 {
        context.ui.hint(&format!(
            "{open} of {asked} questions were not asked: git okr edit {}",
            &id.as_str()[..8]
        ))?;
    }
    Ok(exit::DONE)
}

fn spoken(verdict: Ruling) -> &'static str {
    match verdict {
        Ruling::Take => "take",
        Ruling::Later => "sequence later:",
        Ruling::Support => "support another owner of",
        Ruling::Decline => "decline",
    }
}

fn from_flags(args: Args) -> Result<DecisionDraft, CommandError> {
    Ok(DecisionDraft {
        title: args.title.unwrap_or_default(),
        date: args.date.unwrap_or_default(),
        verdict: args.verdict.unwrap_or_default(),
        why: args.why.unwrap_or_default(),
        owner: args.owner.unwrap_or_default(),
        until: args.until.unwrap_or_default(),
        answer: super::pairs(&args.answers, "--answer leverage='for: three teams wait'")?,
    })
}

/// Asks every question of the filter, then the verdict and why.
fn ask(
    context: &mut Context,
    bench: &Workbench,
    mut args: Args,
    answers: &mut Answers,
) -> Result<DecisionDraft, CommandError> {
    if !context.ui.is_interactive() {
        return Err(CommandError::usage("say what was decided").hint(
            "--verdict take --why \"nobody else can sequence it\" --answer leverage='for: three teams wait'",
        ));
    }
    let mut prompt = context.ui.prompt()?;
    if args.title.is_none() {
        args.title = Some(prompt.ask_text("what is decided on", "", false)?);
    }
    let words = ["speaks for it", "speaks against it", "unsure", "(not now)"].map(str::to_owned);
    for question in &bench.snapshot.guide.filter {
        let chosen = prompt.select(&question.question.visible(), &words, 0)?.unwrap_or(3);
        let Some(says) = ["for", "against", "unsure"].get(chosen) else { continue };
        let why = prompt.ask_text("why (empty to skip)", "", true)?;
        args.answers.push(format!("{}={says}: {why}", question.id));
        answers.keep(&from_flags(args.clone())?);
    }
    let verdicts = Ruling::ALL.map(|verdict| verdict.as_str().to_owned());
    args.verdict = prompt.select("verdict", &verdicts, 0)?.map(|at| verdicts[at].clone());
    answers.keep(&from_flags(args.clone())?);
    if args.verdict.as_deref() == Some("support") && args.owner.is_none() {
        args.owner = Some(prompt.ask_text("who owns it", "", false)?);
    }
    if args.verdict.as_deref() == Some("later") && args.until.is_none() {
        args.until = Some(prompt.ask_text("when to look again (empty for no day)", "", true)?);
    }
    args.why = Some(prompt.ask_text("why", "", false)?);
    let draft = from_flags(args)?;
    answers.keep(&draft);
    Ok(draft)
}

fn list(context: &mut Context, period: Option<&str>, as_of: Option<&str>, format: FormatOption) -> Outcome {
    let at = context.revision(as_of)?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period: Option<Period> = period.map(|name| context.period(Some(name), &guide)).transpose()?;
    let decisions = period.as_ref().map_or(Shards::All, |period| Shards::Between(period.start, period.end));
    let mut snapshot =
        context.snapshot(&at, Scope { check_ins: false, evidence: Shards::None, decisions })?;
    let list = std::mem::take(&mut snapshot.decisions);
    context.ui.answer(format.get(), "decisions", &list, |list| view::aim::decisions(list, &snapshot))?;
    Ok(exit::DONE)
}

fn show(context: &mut Context, name: &str, as_of: Option<&str>, format: FormatOption) -> Outcome {
    let at = context.revision(as_of)?;
    let place = context.place(&at, name)?;
    let stored = context.read(&place)?;
    let Record::Decision(decision) = &stored.record else {
        let message = format!(
            "'{}' is a {}, not a decision",
            Text::from(name).visible(),
            stored.record.kind().as_str()
        );
        return Err(CommandError::new(message).hint("list them: git okr decide list"));
    };
    let snapshot = context.snapshot(&at, Context::SHOWN)?;
    context.ui.answer(format.get(), "decision", decision, |one| view::aim::decision(one, &snapshot))?;
    Ok(exit::DONE)
}
