//! `git okr add`: record evidence, from a bare title to everything that proves it.

use crate::context::answers::Answers;
use crate::context::compose::{Workbench, draft_error};
use crate::context::editor::Draft;
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::{EvidenceDraft, EvidenceLists, fill, is_bare};
use crate::format::record::encode;
use crate::format::template;
use crate::harvest::secrets::redact;
use crate::model::guide::Vocabulary;
use crate::model::{Evidence, Record, Stance};
use crate::render::{Line, Role};
use crate::report::legibility::{Complaint, Reader};
use crate::store::journal::{Transaction, Write};

/// Record evidence
///
/// A bare title is enough; 'git okr edit' enriches it later. Without a title, a terminal asks; '--edit' opens your
/// editor; '-' reads TOML from standard input.
///
///   git okr add "Retry budget stopped the Friday outage"
///   git okr add "Queue adopted" --kind platform --bet one-queue --reach multi-team --adopter Payments
///   git okr add "p95 halved" --date 'last friday' --metric 'p95 latency: 410ms -> 180ms' --artifact '#123'
#[derive(clap::Args, Clone, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// What happened, on one line; '-' reads TOML from standard input
    title: Option<String>,

    /// The kind of evidence, a word of the guide
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,

    /// The day it happened: 2026-11-03, yesterday, 'last friday'
    #[arg(long, value_name = "DAY")]
    date: Option<String>,

    /// A bet it speaks for, by slug or id
    #[arg(long = "bet", value_name = "BET")]
    bets: Vec<String>,

    /// A rubric dimension it shows
    #[arg(long = "dimension", value_name = "DIMENSION")]
    dimensions: Vec<String>,

    /// An outcome it moved
    #[arg(long = "outcome", value_name = "OUTCOME")]
    outcomes: Vec<String>,

    /// A capability it built
    #[arg(long = "capability", value_name = "CAPABILITY")]
    capabilities: Vec<String>,

    /// How far it reached, a word of the guide
    #[arg(long, value_name = "REACH")]
    reach: Option<String>,

    /// Your relation to the result: own, shape or support
    #[arg(long, value_name = "STANCE")]
    stance: Option<String>,

    /// A claim on a number that is shared, a word of the guide
    #[arg(long = "claim", value_name = "CLAIM")]
    claims: Vec<String>,

    /// A team or person who took it up
    #[arg(long = "adopter", value_name = "NAME")]
    adopters: Vec<String>,

    /// What proves it: a link, #12, a commit, doc:LINK, person:NAME
    #[arg(long = "artifact", value_name = "REFERENCE")]
    artifacts: Vec<String>,

    /// A number before and after: 'p95 latency: 410ms -> 180ms'
    #[arg(long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,

    /// Anything else worth keeping
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Write it in your editor
    #[arg(short, long)]
    edit: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let bench = context.workbench()?;
    let finish = |draft: EvidenceDraft| bench.with(|desk| draft.finish(desk));
    let (evidence, written) = if args.title.as_deref() == Some("-") {
        let alone = !args.edit && is_bare(&from_flags(args));
        (context.read_draft(alone, EvidenceDraft::parse, finish)?, None)
    } else if args.edit {
        let template = template::evidence(&bench.snapshot.guide, &bench.open_bets());
        context.edit_draft("evidence", &fill(&template, &from_flags(args)), EvidenceDraft::parse, finish)?
    } else if args.title.is_none() {
        let mut answers = context.answers("evidence", Some("add"));
        let draft = asked(context, &bench, args, &mut answers);
        answers.finish(draft.and_then(|draft| finish(draft).map_err(draft_error)))?
    } else {
        (finish(from_flags(args)).map_err(draft_error)?, None)
    };
    let untriaged = evidence.is_untriaged();
    let evidence = anchor(context, evidence)?;
    let (id, title) = (evidence.id, evidence.title.clone());
    let advice = advice(context, &bench, &evidence)?;
    let secret = secret(&evidence);
    let record = Record::Evidence(evidence);
    let draft = written.unwrap_or_else(|| Draft::Text("evidence", encode(&record)));
    context.commit_draft(Transaction::new("add", vec![Write::Create(record)]), draft)?;
    let line = Line::new().role(Role::Good, "recorded ").text(Role::Plain, &title);
    context.ui.status(line)?;
    context.ui.plain(&format!("{id}\n"))?;
    if let Some(name) = secret {
        context
            .ui
            .warning(format!("what you wrote looks like a secret ({name}), and the history keeps it"))?;
        context.ui.hint("renew it, if it is one; out of sight: git okr undo")?;
    }
    if untriaged {
        context.ui.hint(&format!("say what it is evidence of: git okr edit {}", &id.as_str()[..8]))?;
    } else if let Some(advice) = advice {
        context.ui.hint(&format!("{advice}: git okr edit {}", &id.as_str()[..8]))?;
    }
    Ok(exit::DONE)
}

/// What a person writes is theirs and stays as it is; when it looks like a secret, that is said.
fn secret(evidence: &Evidence) -> Option<&'static str> {
    let references = evidence.artifacts.iter().map(|artifact| &artifact.reference);
    let texts = [&evidence.title, &evidence.note].into_iter().chain(references);
    texts.flat_map(|text| redact(text.raw()).found).next()
}

/// What an outside reader would miss most, told while it is fresh. A quick capture without a kind has another hint.
fn advice(context: &Context, bench: &Workbench, evidence: &Evidence) -> Result<Option<String>, CommandError> {
    if evidence.kind.is_none() || context.config()?.get_bool("okr.hint")? == Some(false) {
        return Ok(None);
    }
    let complaints = Reader::new(&bench.snapshot.guide).complaints(evidence);
    Ok(complaints.first().map(Complaint::advice))
}

/// Commits and `#12` get what is needed to find them again: repository, link, author, date, patch id.
fn anchor(context: &Context, mut evidence: Evidence) -> Result<Evidence, CommandError> {
    let Some(project) = context.project()? else { return Ok(evidence) };
    for artifact in &mut evidence.artifacts {
        project.anchor(artifact)?;
    }
    Ok(evidence)
}

fn from_flags(args: Args) -> EvidenceDraft {
    EvidenceDraft {
        title: args.title.unwrap_or_default(),
        happened: args.date.unwrap_or_default(),
        kind: args.kind.unwrap_or_default(),
        reach: args.reach.unwrap_or_default(),
        stance: args.stance.unwrap_or_default(),
        note: args.note.unwrap_or_default(),
        ..EvidenceDraft::default()
    }
    .with(EvidenceLists {
        bets: args.bets,
        dimensions: args.dimensions,
        outcomes: args.outcomes,
        capabilities: args.capabilities,
        claims: args.claims,
        adopters: args.adopters,
        artifacts: args.artifacts,
        metrics: args.metrics,
    })
}

/// Asks for the parts that matter most; everything but the title may stay open.
fn asked(
    context: &mut Context,
    bench: &Workbench,
    mut args: Args,
    answers: &mut Answers,
) -> Result<EvidenceDraft, CommandError> {
    if !context.ui.is_interactive() {
        return Err(CommandError::usage("say what happened").hint("git okr add \"what happened\""));
    }
    let guide = &bench.snapshot.guide;
    let mut prompt = context.ui.prompt()?;
    args.title = Some(prompt.ask_until("what happened", false, super::checked_title)?);
    answers.keep(&from_flags(args.clone()));
    if args.date.is_none() {
        let today = bench.with(|desk| desk.now.day());
        args.date = Some(prompt.ask_until("when (empty is today)", true, |typed| {
            let known = typed.trim().is_empty() || clock::parse_day(typed, today).is_some();
            if known {
                Ok(typed.to_owned())
            } else {
                Err(format!("'{typed}' is not a date; write 2026-11-03, yesterday or 'last friday'"))
            }
        })?);
        answers.keep(&from_flags(args.clone()));
    }
    let words = |family| guide.words(family).iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let mut choose = |what: &str, words: Vec<String>| -> Result<Option<String>, CommandError> {
        if words.is_empty() {
            return Ok(None);
        }
        let mut items = vec!["(later)".to_owned()];
        items.extend(words);
        Ok(prompt.select(what, &items, 0)?.filter(|place| *place > 0).map(|place| items[place].clone()))
    };
    if args.kind.is_none() {
        args.kind = choose("kind", words(Vocabulary::EvidenceKind))?;
        answers.keep(&from_flags(args.clone()));
    }
    if args.bets.is_empty() {
        let bets = bench.open_bets().iter().map(|bet| bet.slug.to_string()).collect();
        args.bets.extend(choose("bet", bets)?);
        answers.keep(&from_flags(args.clone()));
    }
    if args.dimensions.is_empty() {
        args.dimensions.extend(choose("dimension", words(Vocabulary::Dimension))?);
        answers.keep(&from_flags(args.clone()));
    }
    if args.reach.is_none() {
        args.reach = choose("reach", words(Vocabulary::Reach))?;
        answers.keep(&from_flags(args.clone()));
    }
    if args.stance.is_none() {
        args.stance = choose("stance", Stance::ALL.map(|stance| stance.as_str().to_owned()).to_vec())?;
        answers.keep(&from_flags(args.clone()));
    }
    if args.artifacts.is_empty() {
        args.artifacts.extend(Some(prompt.ask_text(
            "what proves it (a link, #12; empty for nothing yet)",
            "",
            true,
        )?));
    }
    Ok(from_flags(args))
}
