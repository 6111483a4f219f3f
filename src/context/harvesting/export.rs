//! From the export of a forge to the inbox.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use super::Context;
use crate::error::CommandError;
use crate::harvest::bots::Bots;
use crate::harvest::export::{self, Desk, Format, MAX, Told};
use crate::harvest::login;
use crate::model::{Bet, Text};

/// What an export came to.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Imported {
    /// Pull requests that it told of.
    pub requests: usize,
    /// Those of mine that were merged.
    pub own: usize,
    /// Those of others that I reviewed.
    pub reviewed: usize,
    /// Those of mine that were not merged, and those I reviewed that are still open.
    pub open: usize,
    /// Those that I had no part in.
    pub others: usize,
    /// Those of programs.
    pub bots: usize,
    /// Suggestions that wait and hold something that was not there before.
    pub new: usize,
    /// Suggestions that wait now and reach the threshold.
    pub waiting: usize,
}

impl Context {
    /// Reads an export from a file, or from standard input for `-`. With `reviewed` it is of requests that I reviewed.
    /// Either all of it is read or nothing is kept.
    pub fn import(&mut self, format: Format, file: &str, reviewed: bool) -> Result<Imported, CommandError> {
        let inbox = self.inbox()?;
        let bytes = self.export_bytes(file)?;
        let requests = export::parse(format, &bytes)
            .map_err(|error| CommandError::new(error.message).hint(error.hint))?;
        let journal = self.journal()?;
        let snapshot = journal.snapshot(&journal.tip()?, Self::BETS)?;
        let bets: Vec<Bet> = snapshot.bets.values().filter(|bet| bet.is_open()).cloned().collect();
        let known = self.known()?;
        let logins = self.logins()?;
        let Told { suggestions, own, reviewed: given, open, others, bots } = export::tell(
            &requests,
            reviewed,
            &Desk {
                logins: &logins,
                bots: &Bots::of(&snapshot.guide),
                guide: &snapshot.guide,
                bets: &bets,
                decided: &known.decided.iter().copied().collect(),
                never: &known.never,
                taste: &known.taste,
            },
        );
        if others > 0 && others + bots == requests.len() {
            let accounts: Vec<String> = logins.iter().map(|login| format!("'{}'", login.visible())).collect();
            let accounts = if accounts.is_empty() { "nobody".to_owned() } else { accounts.join(" or ") };
            return Err(CommandError::new(format!("no pull request in the export is of {accounts}, or reviewed by them"))
                .hint("name your account: git config --global --add okr.login <name>\nif you reviewed all of them: --reviewed"));
        }
        // A forge calls merged what was taken back later.
        let taken = inbox.load().taken_back;
        let gone: BTreeSet<&Text> = taken.iter().flat_map(|one| &one.keys).collect();
        let stands = suggestions.into_iter().filter(|one| !one.keys.iter().any(|key| gone.contains(key)));
        let found = stands.map(|one| (PathBuf::new(), one)).collect();
        let mut fresh = BTreeSet::new();
        self.keep(&inbox, found, &mut fresh, |_| Vec::new())?;
        let (new, waiting, _) = self.count(&fresh)?;
        Ok(Imported { requests: requests.len(), own, reviewed: given, open, others, bots, new, waiting })
    }

    /// My accounts: every `okr.login`, otherwise what my addresses are called after.
    fn logins(&self) -> Result<Vec<Text>, CommandError> {
        let told = self.my_logins()?;
        let mut logins = if told.is_empty() {
            self.my_addresses()?.iter().map(|address| Text::from(login(address))).collect()
        } else {
            told
        };
        logins.retain(|login| !login.is_blank());
        logins.sort();
        logins.dedup();
        Ok(logins)
    }

    fn export_bytes(&self, file: &str) -> Result<Vec<u8>, CommandError> {
        let limit = MAX as u64 + 1;
        let mut bytes = Vec::new();
        if file == "-" {
            std::io::stdin().take(limit).read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
        let path = self.cwd().join(file);
        let read = File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
        read.map_err(|error| {
            let shown = Text::from(path.display().to_string()).visible();
            CommandError::new(format!("cannot read '{shown}': {error}")).hint("'-' reads standard input")
        })?;
        Ok(bytes)
    }
}
