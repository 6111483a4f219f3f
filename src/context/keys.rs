//! The identities that open a sealed journal: where they are, and who is asked for their passphrase.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::Context;
use crate::error::CommandError;
use crate::model::Revision;
use crate::render::prompt;
use crate::store::git_config::Committer;
use crate::store::journal::{Journal, Keyring, Rekeyed, Signer};

/// Where an identity is looked for below the directory of configuration.
const USUAL: &str = "git-okr/identity.txt";
/// Keys of ssh that are looked for below the home directory.
const SSH: [&str; 2] = [".ssh/id_ed25519", ".ssh/id_rsa"];

impl Context {
    /// Asks nobody for a passphrase from now on: what runs beside a commit is no place for questions.
    pub fn never_ask(&self) {
        self.asks.set(false);
    }

    /// The person's identities: those of `okr.identity`, else the usual place; then the usual keys of ssh.
    pub fn keyring(&self) -> Result<Keyring, CommandError> {
        let named = self.config()?.all("okr.identity");
        let named: Vec<PathBuf> =
            named.into_iter().filter(|path| !path.is_empty()).map(|path| self.expand(path)).collect();
        let mut usual = Vec::new();
        if named.is_empty() {
            usual.extend(self.usual_identity());
        }
        usual.extend(std::env::home_dir().into_iter().flat_map(|home| SSH.map(|key| home.join(key))));
        let asks = self.asks.get() && self.ui.is_interactive();
        Ok(Keyring::new(named, usual, asks.then_some(prompt::secret)))
    }

    /// Where an identity is looked for when none is named.
    pub fn usual_identity(&self) -> Option<PathBuf> {
        let places = etcetera::base_strategy::choose_base_strategy().ok()?;
        Some(places.config_dir().join(USUAL))
    }

    /// An error when a revision was read, and all of it is sealed for others.
    pub fn ensure_open(&self, at: &Revision) -> Result<(), CommandError> {
        self.journal()?.locked(at).map_or(Ok(()), |error| Err(error.into()))
    }

    /// Seals the journal for other keys.
    pub fn rekey(
        &self,
        verb: &str,
        change: &dyn Fn(&[String]) -> anyhow::Result<Vec<String>>,
    ) -> Result<Rekeyed, CommandError> {
        let journal = self.journal()?;
        let work = |who: &Committer, sign: Option<Signer<'_>>| journal.rekey(verb, change, who, sign);
        self.signing(journal, work)
    }

    /// Opens the journal at a place with the person's identities.
    pub(super) fn unlocked(&self, journal: Journal) -> Result<Journal, CommandError> {
        Ok(journal.with_keys(self.keyring()?))
    }
}
