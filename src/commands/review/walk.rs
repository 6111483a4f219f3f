//! The walk through an agenda in a terminal: one item at a time, every answer on disk before the next.

use crate::commands::{bet, inbox, resolve};
use crate::context::Context;
use crate::context::reviewing::Sheet;
use crate::error::CommandError;
use crate::format::draft::{CourseDraft, RatingDraft};
use crate::model::{Snapshot, Status};
use crate::render::view::{count, review as view};
use crate::render::{Doc, Line, Role};
use crate::report::review::{Agenda, AgendaBet, AgendaFinding, AgendaQuestion};

/// Whether the walk goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Quit,
}

const QUIT: (char, &str) = ('q', "quit; what was answered is kept, and the same command goes on");
const SKIP: (char, &str) = ('s', "skip it for now");

/// Walks through what is not answered yet; false when the person quit.
pub(super) fn walk(
    context: &mut Context,
    agenda: &Agenda,
    snapshot: &Snapshot,
    sheet: &mut Sheet,
) -> Result<bool, CommandError> {
    context.ui.doc(&view::head(agenda))?;
    let kept = |error: CommandError| {
        error.hint(format!("what you answered is kept; go on with: git okr review {}", agenda.period.name))
    };
    Ok(steps(context, agenda, snapshot, sheet).map_err(kept)? == Flow::On)
}

fn steps(
    context: &mut Context,
    agenda: &Agenda,
    snapshot: &Snapshot,
    sheet: &mut Sheet,
) -> Result<Flow, CommandError> {
    for name in sheet.without_gone(agenda) {
        let line = format!("the bet '{name}' is not open any more: what was answered on it is left out");
        context.ui.warning(Line::from(line))?;
        std::fs::remove_file(sheet.path())?;
        sheet.save()?;
    }
    let answered = sheet.draft.answer.len() + sheet.draft.bet.len() + sheet.draft.finding.len();
    if answered > 0 {
        let line = format!("going on: {} answered before", count(answered, "item"));
        context.ui.status(Line::new().role(Role::Muted, line))?;
    }
    if waiting(context, agenda)? == Flow::Quit || captures(context, agenda, snapshot)? == Flow::Quit {
        return Ok(Flow::Quit);
    }
    // What is decided here is recorded at once, as what is decided in the inbox.
    if !agenda.conflicts.is_empty() && !resolve::ask_all(context, &agenda.conflicts)? {
        return Ok(Flow::Quit);
    }
    let of = agenda.bets.len();
    for (place, one) in agenda.bets.iter().enumerate() {
        if sheet.draft.bet.get(one.bet.slug.as_str()).is_some_and(is_whole) {
            continue;
        }
        context.ui.doc(&view::bet(one, &snapshot.ids))?;
        let place = format!("bet {} of {of}: what becomes of '{}'", place + 1, one.bet.slug);
        if course(context, agenda, one, &place, sheet)? == Flow::Quit {
            return Ok(Flow::Quit);
        }
    }
    for one in &agenda.told {
        context.ui.doc(&view::told(one, &snapshot.ids))?;
    }
    let of = agenda.findings.len();
    for (place, one) in agenda.findings.iter().enumerate() {
        if sheet.draft.finding.contains_key(one.rule.as_str()) {
            continue;
        }
        context.ui.doc(&view::group(one, &snapshot.ids))?;
        if finding(context, one, &format!("finding {} of {of}", place + 1), sheet)? == Flow::Quit {
            return Ok(Flow::Quit);
        }
    }
    let of = agenda.questions.len();
    for (place, one) in agenda.questions.iter().enumerate() {
        if sheet.draft.answer.contains_key(one.answer.id.as_str()) {
            continue;
        }
        context.ui.doc(&view::question(one, &snapshot.ids))?;
        let place = format!("question {} of {of}: your own rating", place + 1);
        if question(context, one, &place, sheet)? == Flow::Quit {
            return Ok(Flow::Quit);
        }
    }
    next(context, agenda, snapshot, sheet)
}

/// What waits in the inbox is decided on as 'git okr inbox' does: each verdict is recorded at once.
fn waiting(context: &mut Context, agenda: &Agenda) -> Result<Flow, CommandError> {
    if agenda.inbox == 0 {
        return Ok(Flow::On);
    }
    let verb = if agenda.inbox == 1 { "waits" } else { "wait" };
    let question = Line::from(format!("{} {verb} in the inbox: look now", count(agenda.inbox, "suggestion")));
    let keys = [('y', "look at them one by one"), ('s', "skip them for now"), QUIT];
    match context.ui.prompt()?.key(&question, &keys)? {
        'y' => inbox::triage_all(context).map(|_| Flow::On),
        's' => Ok(Flow::On),
        _ => Ok(Flow::Quit),
    }
}

/// Captures that nobody sorted: each may be edited now, which is recorded at once.
fn captures(context: &mut Context, agenda: &Agenda, snapshot: &Snapshot) -> Result<Flow, CommandError> {
    let keys = [('e', "sort it in your editor"), SKIP, ('a', "skip them all"), QUIT];
    for (place, one) in agenda.untriaged.iter().enumerate() {
        let question = Line::from(format!("capture {} of {} to sort: ", place + 1, agenda.untriaged.len()))
            .line(crate::render::view::id(&snapshot.ids, one.id))
            .plain(" ")
            .text(Role::Plain, &one.title);
        match context.ui.prompt()?.key(&question, &keys)? {
            'e' => {
                if let Err(error) = context.edit_named(one.id.as_str()) {
                    context.ui.warning(format!("{:#}", error.cause))?;
                }
            }
            's' => {}
            'a' => return Ok(Flow::On),
            _ => return Ok(Flow::Quit),
        }
    }
    Ok(Flow::On)
}

fn course(
    context: &mut Context,
    agenda: &Agenda,
    one: &AgendaBet,
    place: &str,
    sheet: &mut Sheet,
) -> Result<Flow, CommandError> {
    let carry = format!("carry it to {}: it ends here and goes on there", agenda.next.visible());
    let keys = [
        ('k', "keep it as it is"),
        ('m', "keep it, changed; say how"),
        ('c', carry.as_str()),
        ('d', "drop it"),
        SKIP,
        QUIT,
    ];
    let mut prompt = context.ui.prompt()?;
    let decision = match prompt.key(&Line::from(place), &keys)? {
        'k' => "keep",
        'm' => "modify",
        'c' => "carry",
        'd' => "drop",
        's' => return Ok(Flow::On),
        _ => return Ok(Flow::Quit),
    };
    let before = sheet.draft.bet.get(one.bet.slug.as_str()).map(|said| said.why.clone()).unwrap_or_default();
    let question = match decision {
        "keep" => "what happened, and why (may be empty)",
        _ => "what happened, and why",
    };
    let why = prompt.ask_text(question, &before, decision == "keep")?;
    let mut said = CourseDraft { decision: decision.into(), why, ..CourseDraft::default() };
    // Kept before the next question, and asked about again until it is whole.
    sheet.draft.bet.insert(one.bet.slug.to_string(), said.clone());
    sheet.save()?;
    if decision != "drop" {
        let words = Status::ALL.map(|status| status.as_str().to_owned());
        let now = one.bet.status.unwrap_or(Status::OnTrack);
        let at = Status::ALL.iter().position(|status| *status == now).unwrap_or(0);
        said.status = prompt.select("status", &words, at)?.map(|at| words[at].clone()).unwrap_or_default();
        let question = "confidence, 0 to 100 percent (empty for none)";
        said.confidence = prompt.ask_until(question, true, bet::check_in::maybe_percent)?;
    }
    sheet.draft.bet.insert(one.bet.slug.to_string(), said);
    sheet.save()?;
    Ok(Flow::On)
}

fn finding(
    context: &mut Context,
    one: &AgendaFinding,
    place: &str,
    sheet: &mut Sheet,
) -> Result<Flow, CommandError> {
    let keys = [('a', "answer it in a line"), SKIP, QUIT];
    let mut prompt = context.ui.prompt()?;
    match prompt.key(&Line::from(place), &keys)? {
        'a' => {
            let before = one.said.as_ref().map(|said| said.raw().to_owned()).unwrap_or_default();
            let text = prompt.ask_text("your answer", &before, false)?;
            sheet.draft.finding.insert(one.rule.to_string(), text);
            sheet.save()?;
            Ok(Flow::On)
        }
        's' => Ok(Flow::On),
        _ => Ok(Flow::Quit),
    }
}

fn question(
    context: &mut Context,
    one: &AgendaQuestion,
    place: &str,
    sheet: &mut Sheet,
) -> Result<Flow, CommandError> {
    let keys = [('1', "weak"), ('2', "fair"), ('3', "strong"), SKIP, QUIT];
    let mut prompt = context.ui.prompt()?;
    let rating = match prompt.key(&Line::from(place), &keys)? {
        '1' => "weak",
        '2' => "fair",
        '3' => "strong",
        's' => return Ok(Flow::On),
        _ => return Ok(Flow::Quit),
    };
    let before = one.said.as_ref().map(|said| said.text.raw().to_owned()).unwrap_or_default();
    let said = RatingDraft { rating: rating.into(), text: String::new() };
    sheet.draft.answer.insert(one.answer.id.to_string(), said);
    sheet.save()?;
    let text = prompt.ask_text("in your words (empty to skip)", &before, true)?;
    sheet.draft.answer.insert(one.answer.id.to_string(), RatingDraft { rating: rating.into(), text });
    sheet.save()?;
    Ok(Flow::On)
}

/// True when nothing is left to ask about a bet.
fn is_whole(said: &CourseDraft) -> bool {
    said.decision == "drop" || !said.status.is_empty()
}

/// What comes next, then whether to record it all.
fn next(
    context: &mut Context,
    agenda: &Agenda,
    snapshot: &Snapshot,
    sheet: &mut Sheet,
) -> Result<Flow, CommandError> {
    if sheet.draft.next.is_empty() {
        let title = Line::new().plain("Next: ").text(Role::Heading, &agenda.next);
        context.ui.doc(&Doc::new().heading(2, title).append(view::next(agenda, &snapshot.ids)))?;
        sheet.draft.next = context.ui.prompt()?.ask_lines(&format!("a bet for {}", agenda.next.visible()))?;
        sheet.save()?;
    }
    if sheet.draft.is_empty() {
        return Ok(Flow::On);
    }
    let said = &sheet.draft;
    let sum = format!(
        "{}, {}, {}, {} for {}",
        count(said.bet.len(), "bet"),
        count(said.finding.len(), "finding"),
        count(said.answer.len(), "question"),
        count(said.next.len(), "sketched bet"),
        agenda.next.visible()
    );
    context.ui.status(Line::new().role(Role::Muted, "answered: ").plain(sum))?;
    let question = format!("record the review of {}?", agenda.period.name);
    Ok(if context.ui.prompt()?.confirm(&question, true)? { Flow::On } else { Flow::Quit })
}
