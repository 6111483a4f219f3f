//! Finding records by what people type: a unique prefix of an id, or a bet's slug.

use super::Context;
use crate::error::CommandError;
use crate::model::id::MIN_PREFIX;
use crate::model::{Bet, Guide, Kind, Period, Record, RecordId, Revision, Snapshot, Text};
use crate::report::scorecard;
use crate::store::journal::{Indexed, JournalError, ObjectError, Scope, Shards, Stored};

impl Context {
    /// Bets only: what lookups by slug need.
    pub const BETS: Scope = Scope { check_ins: false, evidence: Shards::None, decisions: Shards::None };

    /// Bets with their check-ins, and every id: what views of objectives and decisions show.
    pub const SHOWN: Scope = Scope { check_ins: true, evidence: Shards::None, decisions: Shards::None };

    /// What a scorecard rests on: the evidence of its period, and the decisions that led to its bets.
    pub fn judged(period: &Period, guide: &Guide) -> Scope {
        let since = scorecard::decisions_since(period, &guide.calendar);
        Scope {
            check_ins: true,
            evidence: Shards::Between(period.start, period.end),
            decisions: Shards::Between(since, period.end),
        }
    }

    /// Finds a record of any kind and reads it.
    pub fn find(&mut self, name: &str) -> Result<Stored, CommandError> {
        let at = self.journal()?.tip()?;
        let place = self.place(&at, name)?;
        self.read(&place)
    }

    /// Finds a record of one kind and reads it.
    pub fn find_kind(&mut self, name: &str, kind: Kind) -> Result<Stored, CommandError> {
        let stored = self.find(name)?;
        if stored.record.kind() == kind {
            return Ok(stored);
        }
        let message = format!("'{name}' is a {}, not a {}", stored.record.kind().as_str(), kind.as_str());
        Err(CommandError::new(message).hint(format!("look at it with: git okr show {name}")))
    }

    /// Reads a record whose place is known.
    pub fn read(&self, place: &Indexed) -> Result<Stored, CommandError> {
        let journal = self.journal()?;
        journal.record(place).map_err(|fault| {
            // What is sealed is not broken.
            if let Err(error @ JournalError::Object(ObjectError::Sealed(_))) = journal.raw(place) {
                return CommandError::from(
                    anyhow::Error::from(error).context(format!("cannot read '{}'", place.path)),
                );
            }
            let at = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
            let key = fault.key.map(|key| format!(" ({})", key.visible())).unwrap_or_default();
            CommandError::new(format!(
                "cannot read '{}{at}'{key}: {}",
                fault.path.visible(),
                fault.message.visible()
            ))
            .hint(format!("mend it with: git okr edit {}", place.id))
        })
    }

    /// The place of the record that `name` means.
    pub fn place(&mut self, at: &Revision, name: &str) -> Result<Indexed, CommandError> {
        let shown = Text::from(name).visible();
        let bets = self.journal()?.snapshot(at, Self::BETS)?;
        if let Some(bet) = bets.bet_named(name)
            && let Some(place) = self.journal()?.places(at, bet.id.as_str())?.into_iter().next()
        {
            return Ok(place);
        }
        if let Some(objective) = bets.objective_named(name)
            && let Some(place) = self.journal()?.places(at, objective.id.as_str())?.into_iter().next()
        {
            return Ok(place);
        }
        let prefix = name.to_ascii_lowercase();
        let is_prefix = RecordId::is_prefix(&prefix);
        let found = if is_prefix { self.journal()?.places(at, &prefix)? } else { Vec::new() };
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => {
                self.ensure_open(at)?;
                let near = nearest_slug(&bets, name);
                let hint = match near {
                    Some(near) => format!("did you mean bet '{near}'?"),
                    None if name.len() < MIN_PREFIX => {
                        format!("the beginning of an id has {MIN_PREFIX} letters or more")
                    }
                    None => {
                        "list what there is: git okr list, and bet list, objective list, decide list".into()
                    }
                };
                Err(CommandError::new(format!("no record '{shown}'")).hint(hint))
            }
            several => {
                let mut hint = String::from("it could be:");
                for place in several.iter().take(10) {
                    let title =
                        self.read(place).map(|stored| stored.record.title().visible()).unwrap_or_default();
                    hint += &format!("\n  {} {} {title}", &place.id.as_str()[..12], place.kind.as_str());
                }
                if several.len() > 10 {
                    hint += &format!("\n  and {} more", several.len() - 10);
                }
                Err(CommandError::new(format!("'{shown}' is the beginning of {} ids", several.len()))
                    .hint(hint))
            }
        }
    }

    /// Finds a bet and reads it.
    pub fn find_bet(&mut self, name: &str) -> Result<(Stored, Bet), CommandError> {
        let stored = self.find_kind(name, Kind::Bet)?;
        match &stored.record {
            Record::Bet(bet) => Ok((stored.clone(), bet.clone())),
            _ => Err(CommandError::new(format!("'{name}' is not a bet"))),
        }
    }
}

/// Finds an objective in a snapshot by slug, id or unique prefix; the error says why not.
pub fn objective_in(snapshot: &Snapshot, name: &str) -> Result<RecordId, String> {
    if let Some(objective) = snapshot.objective_named(name) {
        return Ok(objective.id);
    }
    let shown = Text::from(name).visible();
    let found: Vec<_> = snapshot.objectives.keys().filter(|id| id.is_named(name)).collect();
    match found.as_slice() {
        [one] => Ok(**one),
        [] => Err(format!("no objective '{shown}'")),
        several => Err(format!("'{shown}' is the beginning of {} objectives", several.len())),
    }
}

/// Finds a bet in a snapshot by slug, id or unique prefix; the error says why not.
pub fn bet_in(snapshot: &Snapshot, name: &str) -> Result<RecordId, String> {
    if let Some(bet) = snapshot.bet_named(name) {
        return Ok(bet.id);
    }
    let found: Vec<_> = snapshot.bets.keys().filter(|id| id.is_named(name)).collect();
    match found.as_slice() {
        [one] => Ok(**one),
        [] => {
            let near = nearest_slug(snapshot, name)
                .map(|near| format!("; did you mean '{near}'?"))
                .unwrap_or_default();
            Err(format!("no bet '{}'{near}", Text::from(name).visible()))
        }
        several => Err(format!("'{name}' is the beginning of {} bets", several.len())),
    }
}

fn nearest_slug(snapshot: &Snapshot, name: &str) -> Option<String> {
    snapshot
        .bets
        .values()
        .map(|bet| (strsim::jaro_winkler(bet.slug.as_str(), name), bet.slug.as_str()))
        .filter(|(near, _)| *near > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, slug)| slug.to_owned())
}
