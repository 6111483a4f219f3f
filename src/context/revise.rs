//! Changing a record that exists: its own text in an editor, checked before it is saved; or taking it away.

use super::Context;
use super::compose::{complaint, decode_error};
use super::editor::Complaint;
use crate::error::{CommandError, Outcome, exit};
use crate::format::draft::DraftError;
use crate::format::{draft, record, template, words};
use crate::model::{Kind, Period, Record, Snapshot, Text};
use crate::render::{Line, Role};
use crate::store::journal::{Indexed, Stored, Transaction, Write};

impl Context {
    /// Opens the editor on the record that `name` means, readable or not.
    pub fn edit_named(&mut self, name: &str) -> Outcome {
        let at = self.journal()?.tip()?;
        let place = self.place(&at, name)?;
        match self.journal()?.record(&place) {
            Ok(stored) => self.edit_record(stored),
            Err(_) => self.mend(&place),
        }
    }

    /// Opens the editor on a record and saves what comes back.
    pub fn edit_record(&mut self, stored: Stored) -> Outcome {
        if stored.record.kind() == Kind::Verdict {
            return Err(CommandError::new("a verdict is not edited: it only remembers what was decided"));
        }
        let bench = self.workbench()?;
        let kind = stored.record.kind();
        let noun = kind.as_str();
        let text = template::record(&stored.text, kind, &bench.snapshot.guide, &bench.open_bets());
        let ((edited, typed), draft) = self.edit(noun, &text, |_, typed| {
            let edited = accept(typed, &stored.record, &bench.snapshot)?;
            Ok((edited, typed.to_owned()))
        })?;
        self.commit_draft(
            Transaction::new(
                "edit",
                vec![Write::Rewrite(Box::new(stored), edited.clone(), template::without_offers(&typed))],
            ),
            draft,
        )?;
        self.ui.status(Line::new().role(Role::Good, "saved ").text(Role::Plain, &edited.title()))?;
        Ok(exit::DONE)
    }

    /// What takes a record away; a bet goes with its check-ins.
    pub fn removal(&self, stored: Stored) -> Result<Vec<Write>, CommandError> {
        let mut writes = Vec::new();
        if let Record::Bet(bet) = &stored.record {
            let journal = self.journal()?;
            let (index, _) = journal.index(&journal.tip()?)?;
            for place in index.iter().filter(|place| place.is_check_in_of(bet.id)) {
                writes.push(Write::Remove(Box::new(self.read(place)?)));
            }
        }
        writes.push(Write::Remove(Box::new(stored)));
        Ok(writes)
    }

    /// Opens the editor on a record that cannot be read, so that it can be mended.
    fn mend(&mut self, place: &Indexed) -> Outcome {
        let text = String::from_utf8_lossy(&self.journal()?.raw(place)?).into_owned();
        let bench = self.workbench()?;
        let noun = place.kind.as_str();
        let (kind, id) = (place.kind, place.id);
        let shown = template::record(&text, kind, &bench.snapshot.guide, &bench.open_bets());
        let ((edited, typed), draft) = self.edit(noun, &shown, |_, typed| {
            let edited = record::decode(kind, typed).map_err(decode_error)?;
            if edited.id() != id {
                return Err(complaint(
                    DraftError::new("id", anyhow::anyhow!("the id of this record is '{id}'")),
                    typed,
                ));
            }
            Ok((edited, typed.to_owned()))
        })?;
        self.commit_draft(
            Transaction::new(
                "mend",
                vec![Write::Mend(place.clone(), edited.clone(), template::without_offers(&typed))],
            ),
            draft,
        )?;
        self.ui.status(Line::new().role(Role::Good, "mended ").text(Role::Plain, &edited.title()))?;
        Ok(exit::DONE)
    }
}

/// Checks an edited record: same id, same recording time, words of the guide, a title.
pub fn accept(typed: &str, before: &Record, snapshot: &Snapshot) -> Result<Record, Complaint> {
    let edited = record::decode(before.kind(), typed).map_err(decode_error)?;
    if let Some((key, table)) = misplaced(typed, before.kind()) {
        let message = format!(
            "'{key}' stands inside [[{table}]], where it means nothing; move it above the first table"
        );
        let place =
            typed.lines().position(|line| line.split('=').next().is_some_and(|name| name.trim() == key));
        return Err((place.map(|place| place + 1), CommandError::new(message)));
    }
    let at = |key: &'static str, message: String| {
        complaint(DraftError::new(key, anyhow::Error::msg(message)), typed)
    };
    if edited.id() != before.id() {
        return Err(at("id", format!("the id of a record does not change; it is '{}'", before.id())));
    }
    if edited.recorded() != before.recorded() {
        return Err(at(
            "recorded",
            format!("when it was recorded does not change; it was {}", before.recorded()),
        ));
    }
    // Words that were there before may be from an older guide: only new ones are refused.
    let known = words::unknown_words(before, &snapshot.guide);
    for (key, error) in words::unknown_words(&edited, &snapshot.guide) {
        if !known.iter().any(|(_, old)| old.word == error.word) {
            return Err(complaint(DraftError::new(key, error), typed));
        }
    }
    let (title, bets) = match &edited {
        Record::Bet(bet) => (Some(&bet.title), bet.after.as_slice()),
        Record::Evidence(evidence) => (Some(&evidence.title), evidence.bets.as_slice()),
        Record::Objective(objective) => (Some(&objective.title), [].as_slice()),
        Record::Decision(decision) => (Some(&decision.title), decision.bet.as_slice()),
        Record::CheckIn(_) | Record::Verdict(_) | Record::Review(_) => (None, [].as_slice()),
    };
    if let Some(title) = title {
        draft::title(title.raw()).map_err(|error| complaint(error, typed))?;
    }
    for bet in bets {
        if !snapshot.bets.contains_key(bet) {
            let key = if matches!(edited, Record::Bet(_)) { "after" } else { "bets" };
            return Err(at(key, format!("no bet has the id '{bet}'")));
        }
    }
    if let Record::Bet(bet) = &edited {
        let today = snapshot.revision.time.day();
        if Period::parse(bet.period.raw(), &snapshot.guide.calendar, today).is_err() {
            return Err(at("period", format!("'{}' is not a period", Text::visible(&bet.period))));
        }
        let twin = snapshot
            .bets
            .values()
            .any(|other| other.id != bet.id && other.is_open() && other.slug == bet.slug);
        if twin && bet.is_open() {
            return Err(at("slug", format!("an open bet is called '{}' already", bet.slug)));
        }
    }
    Ok(edited)
}

/// A key of the record itself that stands inside one of its tables, and the table: TOML reads on there silently.
fn misplaced(typed: &str, kind: Kind) -> Option<(String, String)> {
    let document: toml::Table = typed.parse().ok()?;
    let own: &[&str] = match kind {
        Kind::Evidence => &[
            "title",
            "kind",
            "bets",
            "dimensions",
            "outcomes",
            "capabilities",
            "reach",
            "stance",
            "claims",
            "adopters",
            "note",
            "happened",
        ],
        Kind::Bet => &[
            "title",
            "slug",
            "period",
            "kind",
            "stance",
            "outcomes",
            "capabilities",
            "dimensions",
            "after",
            "proofs",
            "objectives",
            "note",
        ],
        Kind::Objective => &["title", "slug", "period", "stance", "owner", "outcomes", "note"],
        Kind::CheckIn => &["status", "confidence", "note", "date"],
        Kind::Decision | Kind::Verdict | Kind::Review => &[],
    };
    for name in ["artifact", "metric", "measure", "reading"] {
        let entries = document.get(name).and_then(toml::Value::as_array).into_iter().flatten();
        for key in entries.filter_map(toml::Value::as_table).flat_map(toml::Table::keys) {
            if own.contains(&key.as_str()) {
                return Some((key.clone(), name.to_owned()));
            }
        }
    }
    None
}
