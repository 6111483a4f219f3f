//! `git okr bet check-in`: how a bet stands on a day.

use crate::context::answers::Answers;
use crate::context::editor::Draft;
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::format::record::encode;
use crate::model::{Bet, CheckIn, Day, Reading, Record, Status, Text};
use crate::render::{Line, Role};
use crate::store::journal::{Transaction, Write};

/// Say how a bet stands
///
/// A check-in is appended, never changed. Without options a terminal asks.
///
///   git okr bet check-in one-queue --status at-risk --confidence 55 --note "Payments moved to Q1"
///   git okr bet check-in one-queue --status on-track --reading 'p95 latency=260' --date 'last friday'
#[derive(clap::Args, serde::Serialize, Debug)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// A bet's slug, or the beginning of its id
    bet: String,

    /// not-started, on-track, at-risk or off-track
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,

    /// How sure you are that it will be won, 0 to 100 percent
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    confidence: Option<String>,

    /// What changed and why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// The value of a measure: 'p95 latency=260'
    #[arg(long = "reading", value_name = "MEASURE=VALUE")]
    readings: Vec<String>,

    /// The day it speaks of: 2026-11-03, yesterday, 'last friday'
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
}

/// Runs the verb.
pub(super) fn run(context: &mut Context, mut args: Args) -> Outcome {
    let (_, bet) = context.find_bet(&args.bet)?;
    if let Some(closing) = &bet.closed {
        let message =
            format!("bet '{}' was closed as {} on {}", bet.slug, closing.outcome.as_str(), closing.date);
        return Err(CommandError::new(message)
            .hint(format!("to open it again, delete its [closed] part: git okr bet edit {}", bet.slug)));
    }
    let mut written = None;
    if args.status.is_none() && args.confidence.is_none() && args.note.is_none() && args.readings.is_empty() {
        let mut answers = context.answers("check-in", None);
        let asked = ask(context, &bet, &mut args, &mut answers);
        ((), written) = answers.finish(asked)?;
    }
    let previous = latest(context, &bet)?;
    let status = match args.status.as_deref() {
        Some(word) => parse_status(word)?,
        // Only the confidence moved: the status stands.
        None => previous.as_ref().map(|one| one.status).ok_or_else(|| {
            CommandError::usage("the first check-in of a bet says its status").hint("--status on-track")
        })?,
    };
    let check_in = CheckIn {
        id: context.new_id()?,
        bet: bet.id,
        date: day(context, args.date.as_deref())?,
        status,
        confidence: args.confidence.as_deref().map(percent).transpose()?,
        note: args.note.unwrap_or_default().trim_end().into(),
        recorded: context.now()?,
        readings: readings(&bet, &args.readings)?,
        conflicts: Vec::new(),
    };
    let line = Line::new()
        .role(Role::Good, "checked in ")
        .role(Role::Strong, bet.slug.as_str())
        .plain(format!("  {}", Record::CheckIn(check_in.clone()).title().raw()));
    let id = check_in.id;
    let record = Record::CheckIn(check_in);
    let draft = written.unwrap_or_else(|| Draft::Text("check-in", encode(&record)));
    let transaction = Transaction::new("add", vec![Write::Create(record)]).because(bet.slug.as_str());
    context.commit_draft(transaction, draft)?;
    context.ui.status(line)?;
    context.ui.plain(&format!("{id}\n"))?;
    Ok(exit::DONE)
}

fn latest(context: &mut Context, bet: &Bet) -> Result<Option<CheckIn>, CommandError> {
    let at = context.journal()?.tip()?;
    let scope = crate::store::journal::Scope { check_ins: true, ..Context::BETS };
    let snapshot = context.journal()?.snapshot(&at, scope)?;
    Ok(snapshot.latest_check_in(bet.id, None).cloned())
}

fn ask(context: &mut Context, bet: &Bet, args: &mut Args, answers: &mut Answers) -> Result<(), CommandError> {
    if !context.ui.is_interactive() {
        return Err(CommandError::usage("say how the bet stands")
            .hint("--status on-track --confidence 70 --note \"…\""));
    }
    let mut prompt = context.ui.prompt()?;
    let words = Status::ALL.map(|status| status.as_str().to_owned());
    let chosen = prompt.select(&format!("status of '{}'", bet.slug), &words, 1)?;
    args.status = chosen.map(|at| words[at].clone());
    let confidence =
        prompt.ask_until("confidence, 0 to 100 percent (empty for none)", true, maybe_percent)?;
    args.confidence = confidence.map(|percent| percent.to_string());
    answers.keep(args);
    for measure in &bet.measures {
        let text =
            prompt.ask_until(&format!("{} now (empty to skip)", measure.name.visible()), true, |typed| {
                let known = typed.trim().is_empty() || typed.trim().parse::<f64>().is_ok_and(f64::is_finite);
                if known { Ok(typed.to_owned()) } else { Err(format!("'{typed}' is not a number")) }
            })?;
        if !text.trim().is_empty() {
            args.readings.push(format!("{}={}", measure.name.raw(), text.trim()));
            answers.keep(args);
        }
    }
    args.note = Some(prompt.ask_text("what changed, and why", "", true)?);
    answers.keep(args);
    Ok(())
}

fn parse_status(word: &str) -> Result<Status, CommandError> {
    Status::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| {
        CommandError::usage(format!("unknown status '{}'", Text::from(word).visible()))
            .hint("it is not-started, on-track, at-risk or off-track")
    })
}

/// Reads a confidence in percent.
pub(super) fn percent(text: &str) -> Result<u8, CommandError> {
    let digits = text.trim().trim_end_matches('%').trim();
    digits.parse::<u8>().ok().filter(|percent| *percent <= 100).ok_or_else(|| {
        CommandError::usage(format!("'{}' is not a confidence", Text::from(text).visible()))
            .hint("it is a whole percentage from 0 to 100")
    })
}

/// Reads a confidence that may be left open.
pub(crate) fn maybe_percent(text: &str) -> Result<Option<u8>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    percent(text)
        .map(Some)
        .map_err(|error| format!("{}: it is a whole percentage from 0 to 100", error.cause))
}

/// Reads a day in words; today without one.
pub(super) fn day(context: &Context, text: Option<&str>) -> Result<Day, CommandError> {
    let today = context.today()?;
    let Some(text) = text else { return Ok(today) };
    clock::parse_day(text, today).ok_or_else(|| {
        CommandError::usage(format!("'{}' is not a date", Text::from(text).visible()))
            .hint("days are written 2026-11-03, yesterday or 'last friday'")
    })
}

fn readings(bet: &Bet, texts: &[String]) -> Result<Vec<Reading>, CommandError> {
    texts
        .iter()
        .map(|text| {
            let shown = Text::from(text.as_str()).visible();
            let reading = Reading::parse(text).ok_or_else(|| {
                CommandError::usage(format!("'{shown}' is not of the form MEASURE=VALUE"))
                    .hint("--reading 'p95 latency=260'")
            })?;
            if bet.measures.iter().any(|measure| measure.name == reading.measure) {
                return Ok(reading);
            }
            let names: Vec<_> = bet.measures.iter().map(|measure| measure.name.visible()).collect();
            let hint = if names.is_empty() {
                format!("the bet has none; add one with: git okr bet edit {}", bet.slug)
            } else {
                format!("its measures: {}", names.join(", "))
            };
            Err(CommandError::new(format!(
                "bet '{}' has no measure '{}'",
                bet.slug,
                reading.measure.visible()
            ))
            .hint(hint))
        })
        .collect()
}
