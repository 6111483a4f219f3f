//! From a draft to a record: the desk a draft is read against, and standard input as a draft.

use std::io::Read;

use super::{Context, clock, lookup};
use crate::error::{CommandError, exit};
use crate::format::DecodeError;
use crate::format::draft::{Desk, DraftError};
use crate::model::{Bet, Day, Instant, RecordId, Snapshot, Text};

use super::editor::{Complaint, Draft};

/// The most that is read from standard input as a draft, in bytes.
const MAX_INPUT: u64 = 1024 * 1024;

/// What a draft needs and a snapshot has.
pub struct Workbench {
    /// Bets and guide.
    pub snapshot: Snapshot,
    now: Instant,
    id: RecordId,
}

impl Workbench {
    /// Runs `work` with a desk.
    pub fn with<T>(&self, work: impl FnOnce(&Desk<'_>) -> T) -> T {
        let find = |name: &str| lookup::bet_in(&self.snapshot, name);
        let day = |text: &str| -> Option<Day> { clock::parse_day(text, self.now.day()) };
        let find_objective = |name: &str| lookup::objective_in(&self.snapshot, name);
        work(&Desk {
            guide: &self.snapshot.guide,
            find_bet: &find,
            find_objective: &find_objective,
            day: &day,
            now: self.now,
            id: self.id,
        })
    }

    /// Open bets, in the order they were recorded.
    pub fn open_bets(&self) -> Vec<&Bet> {
        let mut bets: Vec<&Bet> = self.snapshot.bets.values().filter(|bet| bet.is_open()).collect();
        bets.sort_by_key(|bet| (bet.recorded, bet.id));
        bets
    }

    /// True when an open bet has the slug.
    pub fn is_taken(&self, slug: &str) -> bool {
        self.snapshot.bets.values().any(|bet| bet.is_open() && bet.slug.as_str() == slug)
    }
}

impl Context {
    /// A workbench at the tip of the journal.
    pub fn workbench(&mut self) -> Result<Workbench, CommandError> {
        let at = self.journal()?.tip()?;
        let snapshot = self.journal()?.snapshot(&at, Self::BETS)?;
        Ok(Workbench { snapshot, now: self.now()?, id: self.new_id()? })
    }

    /// What `finish` makes of the TOML on standard input, which stands `alone`: options beside it would be lost.
    pub fn read_draft<D, T>(
        &self,
        alone: bool,
        parse: impl Fn(&str) -> Result<D, DecodeError>,
        finish: impl Fn(D) -> Result<T, DraftError>,
    ) -> Result<T, CommandError> {
        if !alone {
            let message = "options beside '-' would be lost: standard input says it all";
            return Err(CommandError::usage(message).hint("put them into the TOML: stance = \"own\""));
        }
        let text = self.read_stdin()?;
        drafted(&text, parse, finish).map_err(flat)
    }

    /// What `finish` makes of a template once the person has filled it in, and the draft file they wrote.
    pub fn edit_draft<D, T>(
        &mut self,
        name: &str,
        template: &str,
        parse: impl Fn(&str) -> Result<D, DecodeError>,
        finish: impl Fn(D) -> Result<T, DraftError>,
    ) -> Result<(T, Option<Draft>), CommandError> {
        let (made, draft) = self.edit(name, template, |_, typed| drafted(typed, &parse, &finish))?;
        Ok((made, Some(draft)))
    }

    fn read_stdin(&self) -> Result<String, CommandError> {
        let mut bytes = Vec::new();
        std::io::stdin().take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_INPUT {
            return Err(CommandError::new(
                "standard input has more than 1 MiB, and a record has at most 256 KiB",
            )
            .hint("keep the long text elsewhere and link it: --artifact doc:<link>"));
        }
        String::from_utf8(bytes).map_err(|_| {
            CommandError::new("standard input is not UTF-8").hint("convert it first: iconv -t UTF-8")
        })
    }
}

fn drafted<D, T>(
    text: &str,
    parse: impl Fn(&str) -> Result<D, DecodeError>,
    finish: impl Fn(D) -> Result<T, DraftError>,
) -> Result<T, Complaint> {
    finish(parse(text).map_err(decode_error)?).map_err(|error| complaint(error, text))
}

/// An error of a draft, at the line of the text where its key stands.
pub fn complaint(error: DraftError, text: &str) -> Complaint {
    (error.line_in(text), draft_error(error))
}

/// An error of a draft that came from flags. The key it names is the flag's.
pub fn draft_error(error: DraftError) -> CommandError {
    let mut failed = CommandError::from(error.cause);
    // What no journal could take is wrong usage; a word or a bet that this journal does not know is a failure.
    if matches!(
        error.key,
        "happened" | "date" | "period" | "title" | "stance" | "artifacts" | "metrics" | "measures"
    ) {
        failed.code = exit::USAGE;
    }
    match error.key {
        "happened" | "date" => failed.hint("days are written 2026-11-03, yesterday or 'last friday'"),
        "bets" | "after" => failed.hint("bets are listed by: git okr bet list"),
        "objectives" => failed.hint("objectives are listed by: git okr objective list"),
        "period" => failed.hint("quarters are written 2026-Q4, this-quarter or last-quarter"),
        "bet" | "finding" => failed
            .hint("the form is shown by: git okr review --edit, what is asked by: git okr review --list"),
        "title" => failed.hint("say on one line what it is"),
        "slug" => failed.hint("give it another short name: --slug <name>"),
        "metrics" => failed.hint("--metric 'p95 latency: 410ms -> 180ms'"),
        "measures" => failed.hint("--measure 'p95 latency: 410 -> 180 ms'"),
        _ => failed,
    }
}

/// An error of TOML text.
pub fn decode_error(error: DecodeError) -> Complaint {
    let key = error.key.map(|key| format!("{}: ", key.visible())).unwrap_or_default();
    (error.line, CommandError::new(format!("{key}{}", Text::from(error.message).visible())))
}

/// A complaint about a text that no editor can be opened on again.
fn flat((line, mut error): Complaint) -> CommandError {
    if let Some(line) = line {
        error.cause = anyhow::anyhow!("line {line}: {:#}", error.cause);
    }
    error
}
