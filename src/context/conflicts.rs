//! What two machines changed at once: found, and settled.

use super::Context;
use super::revise::accept;
use crate::change::merge::settle::{Choice, NotSettled, settle, unsettled};
use crate::error::CommandError;
use crate::format::{guide, record};
use crate::model::conflict::WHOLE;
use crate::model::{Revision, Text};
use crate::report::conflicts::{Contested, GUIDE};
use crate::store::journal::{Indexed, Stored, Transaction, Write};

impl Context {
    /// What has conflicts at a revision, and the files that no record could take in.
    pub fn contested(&self, at: &Revision) -> Result<(Vec<Contested>, Vec<String>), CommandError> {
        let torn = self.journal()?.torn(at)?;
        let mut list = Vec::new();
        for place in &torn.records {
            // What cannot be read is told by fsck.
            let Ok(stored) = self.journal()?.record(place) else { continue };
            list.extend(contested(&stored, place));
        }
        if torn.guide {
            let text = self.journal()?.guide_text(at)?.unwrap_or_default();
            let conflicts = unsettled(&text);
            if !conflicts.is_empty() {
                list.push(Contested { id: None, kind: None, title: "the guide".into(), conflicts });
            }
        }
        Ok((list, torn.unmerged))
    }

    /// Settles fields of a record or of the guide, in one commit.
    pub fn settle_conflicts(&mut self, name: &str, choices: &[(Text, Choice)]) -> Result<(), CommandError> {
        let by_hand = |error: &NotSettled, field: &str| {
            let failed = CommandError::new(Text::from(error.to_string()).visible());
            match error {
                NotSettled::Several(..) => failed
                    .hint(format!("see them: git okr resolve {name}"))
                    .hint(format!("git okr resolve {name} '{field}' --take '<value>'")),
                NotSettled::NoConflict(_) => failed.hint(format!("git okr resolve {name}")),
                _ => failed.hint(format!("git okr edit {name}")),
            }
        };
        let each = |text: &str| -> Result<String, CommandError> {
            choices.iter().try_fold(text.to_owned(), |text, (field, choice)| {
                settle(&text, field.raw(), choice).map_err(|error| by_hand(&error, &Text::visible(field)))
            })
        };
        if name == GUIDE {
            let at = self.journal()?.tip()?;
            let text = each(&self.journal()?.guide_text(&at)?.unwrap_or_default())?;
            guide::decode(&text)
                .map_err(|error| CommandError::new(Text::from(error.to_string()).visible()))?;
            let before = self.journal()?.guide_id(&at)?;
            self.commit(Transaction::guide(before, text))?;
            return Ok(());
        }
        let stored = self.find(name)?;
        let whole = choices.iter().any(|(field, choice)| field.raw() == WHOLE && *choice == Choice::Theirs);
        if whole
            && stored.record.conflicts().iter().any(|one| one.field.raw() == WHOLE && one.value.is_none())
        {
            let why = "settled: it was removed on another machine";
            self.commit(Transaction::new("resolve", self.removal(stored)?).because(why))?;
            return Ok(());
        }
        let text = each(&stored.text)?;
        let bench = self.workbench()?;
        let edited = if whole {
            record::decode(stored.record.kind(), &text)
                .map_err(|error| CommandError::new(error.to_string()))?
        } else {
            accept(&text, &stored.record, &bench.snapshot).map_err(|(_, error)| {
                let field = choices.first().map(|(field, _)| field.visible()).unwrap_or_default();
                CommandError::from(error.cause)
                    .hint(format!("keep what is shown: git okr resolve {name} '{field}' --take ours"))
                    .hint(format!(
                        "or give it a value of its own: git okr resolve {name} '{field}' --take '<value>'"
                    ))
            })?
        };
        let why: Vec<String> =
            choices.iter().map(|(field, _)| format!("settled: {}", field.visible())).collect();
        let write = Write::Rewrite(Box::new(stored), edited, text);
        self.commit(Transaction::new("resolve", vec![write]).because(why.join("\n")))?;
        Ok(())
    }
}

fn contested(stored: &Stored, place: &Indexed) -> Option<Contested> {
    let conflicts = unsettled(&stored.text);
    (!conflicts.is_empty()).then(|| Contested {
        id: Some(place.id),
        kind: Some(place.kind),
        title: stored.record.title(),
        conflicts,
    })
}
