//! `git okr bet add`: open a bet through the three gate questions.

use crate::context::Context;
use crate::context::answers::Answers;
use crate::context::compose::{Workbench, draft_error};
use crate::context::editor::Draft;
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::{BetDraft, BetLists, fill, is_bare};
use crate::format::record::encode;
use crate::format::template;
use crate::model::guide::Vocabulary;
use crate::model::{Bet, CheckIn, Period, Record, Stance, Status};
use crate::render::{Line, Role};
use crate::store::journal::{Transaction, Write};

/// Open a bet
///
/// The guide's gate questions are asked in a terminal; scripts answer with '--gate ID=TEXT'. A bet that leaves one
/// open is recorded all the same, and called unproven until it is answered. '--edit' opens your editor; '-' reads
/// TOML from standard input.
///
///   git okr bet add
///   git okr bet add "One queue for every team" --kind pillar-shaping --outcome reliability \
///       --proof "three teams on it" --measure 'p95 latency: 410 -> 180 ms' --gate proof="the latency dashboard"
#[derive(clap::Args, Clone, Debug)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// What the bet is, on one line; '-' reads TOML from standard input
    title: Option<String>,

    /// A short name to type; made from the title without it
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,

    /// The quarter it is made for, such as 2026-Q4 [default: this quarter]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,

    /// The kind of bet, a word of the guide
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,

    /// Your relation to the result: own, shape or support
    #[arg(long, value_name = "STANCE")]
    stance: Option<String>,

    /// An outcome it serves
    #[arg(long = "outcome", value_name = "OUTCOME")]
    outcomes: Vec<String>,

    /// A capability it builds
    #[arg(long = "capability", value_name = "CAPABILITY")]
    capabilities: Vec<String>,

    /// A rubric dimension it should show
    #[arg(long = "dimension", value_name = "DIMENSION")]
    dimensions: Vec<String>,

    /// A number it wants to move: 'p95 latency: 410 -> 180 ms', with 'shared' at the end when others answer for it too
    #[arg(long = "measure", value_name = "MEASURE")]
    measures: Vec<String>,

    /// Proof that will exist if it succeeds
    #[arg(long = "proof", value_name = "TEXT")]
    proofs: Vec<String>,

    /// An objective of the organisation that it serves, by slug or id
    #[arg(long = "objective", value_name = "OBJECTIVE")]
    objectives: Vec<String>,

    /// A bet that has to come first
    #[arg(long = "after", value_name = "BET")]
    after: Vec<String>,

    /// The answer to a gate question, such as proof="the latency dashboard"
    #[arg(long = "gate", value_name = "ID=TEXT")]
    gate: Vec<String>,

    /// How sure you are today that it will be won, 0 to 100 percent; recorded as its first check-in
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    confidence: Option<String>,

    /// Anything else worth keeping
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Write it in your editor
    #[arg(short, long)]
    edit: bool,
}

/// Runs the verb.
pub(super) fn run(context: &mut Context, mut args: Args) -> Outcome {
    let bench = context.workbench()?;
    let taken = |slug: &str| bench.is_taken(slug);
    let finish = |draft: BetDraft| bench.with(|desk| draft.finish(desk, &taken));
    let confidence = args.confidence.take();
    let mut confidence = confidence.as_deref().map(super::check_in::percent).transpose()?;
    let (bet, written) = if args.title.as_deref() == Some("-") {
        let alone = !args.edit && is_bare(&from_flags(args)?);
        (context.read_draft(alone, BetDraft::parse, finish)?, None)
    } else if args.edit {
        let quarter = Period::quarter_of(context.today()?, &bench.snapshot.guide.calendar).name;
        args.period.get_or_insert(quarter);
        let template = template::bet(&bench.snapshot.guide, &bench.open_bets());
        context.edit_draft("bet", &fill(&template, &from_flags(args)?), BetDraft::parse, finish)?
    } else if args.title.is_none() {
        let mut answers = context.answers("bet", Some("bet add"));
        let asked = asked(context, &bench, args, &mut answers);
        answers.finish(asked.and_then(|(draft, said)| {
            confidence = said.or(confidence);
            finish(draft).map_err(draft_error)
        }))?
    } else {
        (finish(from_flags(args)?).map_err(draft_error)?, None)
    };
    record(context, &bench, bet, confidence, written)
}

fn record(
    context: &mut Context,
    bench: &Workbench,
    bet: Bet,
    confidence: Option<u8>,
    written: Option<Draft>,
) -> Outcome {
    let (id, slug, title) = (bet.id, bet.slug.clone(), bet.title.clone());
    let open: Vec<_> =
        bet.unanswered(bench.snapshot.guide.gates.iter().map(|gate| &gate.id)).into_iter().cloned().collect();
    let mut writes = Vec::new();
    if let Some(percent) = confidence {
        writes.push(Write::Create(Record::CheckIn(CheckIn {
            id: context.new_id()?,
            bet: id,
            date: context.today()?,
            status: Status::NotStarted,
            confidence: Some(percent),
            note: "confidence at opening".into(),
            recorded: bet.recorded,
            readings: Vec::new(),
            conflicts: Vec::new(),
        })));
    }
    let record = Record::Bet(bet);
    let draft = written.unwrap_or_else(|| Draft::Text("bet", encode(&record)));
    writes.insert(0, Write::Create(record));
    context.commit_draft(Transaction::new("open", writes), draft)?;
    let line = Line::new()
        .role(Role::Good, "opened ")
        .role(Role::Strong, slug.as_str())
        .plain("  ")
        .text(Role::Plain, &title);
    context.ui.status(line)?;
    context.ui.plain(&format!("{id}\n"))?;
    if !open.is_empty() {
        let words: Vec<_> = open.iter().map(|word| word.as_str()).collect();
        context
            .ui
            .hint(&format!("unproven until it answers {}: git okr bet edit {slug}", words.join(", ")))?;
    }
    Ok(exit::DONE)
}

fn from_flags(args: Args) -> Result<BetDraft, CommandError> {
    let gate = crate::commands::pairs(&args.gate, "--gate proof=\"the latency dashboard\"")?;
    Ok(BetDraft {
        title: args.title.unwrap_or_default(),
        slug: args.slug.unwrap_or_default(),
        period: args.period.unwrap_or_default(),
        kind: args.kind.unwrap_or_default(),
        stance: args.stance.unwrap_or_default(),
        note: args.note.unwrap_or_default(),
        gate,
        ..BetDraft::default()
    }
    .with(BetLists {
        outcomes: args.outcomes,
        capabilities: args.capabilities,
        dimensions: args.dimensions,
        objectives: args.objectives,
        after: args.after,
        proofs: args.proofs,
        measures: args.measures,
    }))
}

/// Asks for title, gate, kind, aims and confidence. Everything but the title may stay open.
fn asked(
    context: &mut Context,
    bench: &Workbench,
    mut args: Args,
    answers: &mut Answers,
) -> Result<(BetDraft, Option<u8>), CommandError> {
    if !context.ui.is_interactive() {
        return Err(CommandError::usage("say what the bet is").hint("git okr bet add \"what the bet is\""));
    }
    let guide = &bench.snapshot.guide;
    let mut prompt = context.ui.prompt()?;
    args.title = Some(prompt.ask_until("what is the bet", false, crate::commands::checked_title)?);
    answers.keep(&from_flags(args.clone())?);
    for gate in &guide.gates {
        let answer = prompt.ask_text(gate.question.visible().trim_end_matches('?'), "", true)?;
        args.gate.push(format!("{}={answer}", gate.id));
        answers.keep(&from_flags(args.clone())?);
    }
    let words = |family| guide.words(family).iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let kinds = words(Vocabulary::BetKind);
    if args.kind.is_none() && !kinds.is_empty() {
        let mut items = vec!["(none)".to_owned()];
        items.extend(kinds);
        args.kind = prompt.select("kind", &items, 0)?.filter(|at| *at > 0).map(|at| items[at].clone());
        answers.keep(&from_flags(args.clone())?);
    }
    for (what, family, list) in [
        ("outcomes it serves", Vocabulary::Outcome, &mut args.outcomes),
        ("capabilities it builds", Vocabulary::Capability, &mut args.capabilities),
    ] {
        let items: Vec<(String, bool)> = words(family).into_iter().map(|word| (word, false)).collect();
        if list.is_empty() && !items.is_empty() {
            let chosen = prompt.multi_select(what, &items)?.unwrap_or_default();
            list.extend(chosen.into_iter().map(|at| items[at].0.clone()));
        }
    }
    if args.stance.is_none() {
        let stances = Stance::ALL.map(|stance| stance.as_str().to_owned());
        args.stance =
            prompt.select("your relation to the result", &stances, 0)?.map(|at| stances[at].clone());
        answers.keep(&from_flags(args.clone())?);
    }
    if args.proofs.is_empty() {
        args.proofs = prompt.ask_lines("proof that will exist")?;
    }
    let draft = from_flags(args)?;
    answers.keep(&draft);
    let question = "confidence today, 0 to 100 percent (empty for none)";
    Ok((draft, prompt.ask_until(question, true, super::check_in::maybe_percent)?))
}
