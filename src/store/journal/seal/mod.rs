//! Sealing: texts as age files for the recipients of a journal, and opening them with a person's identities. The only
//! place that knows age.

mod guarded;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, Encryptor, Identity, IdentityFile, encrypted, ssh, x25519};
use git2::Oid;

use super::objects::{MAX_BLOB, ObjectError};
use guarded::{Asker, Guarded, GuardedSsh};

/// How a sealed file begins. No TOML does.
const BEGINNING: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// The most keys that one file is sealed for: every one costs a multiplication of every identity.
pub(super) const MAX_RECIPIENTS: usize = 64;
/// The most bytes of an identity file that are read.
const MAX_IDENTITY: u64 = 64 * 1024;

/// Asks a person for a passphrase; none when there is no answer.
pub type Ask = fn(&str) -> Option<String>;

/// Why a text is no key that a journal can be sealed for.
#[derive(Debug, thiserror::Error)]
pub enum BadKey {
    /// It opens, so it is nobody's business.
    #[error("that is a secret key, and it is not for the journal: name its public half")]
    Secret,
    /// An age key that a plugin would have to understand.
    #[error("'{0}' needs an age plugin, and git-okr starts none")]
    Plugin(String),
    /// Not one of the kinds that are known.
    #[error("'{0}' is neither an age recipient (age1…) nor an ssh-ed25519 or ssh-rsa public key")]
    Unknown(String),
    /// An RSA key that nobody should trust, or that takes for ever.
    #[error("the ssh-rsa key has a size that is not supported; 2048 to 4096 bits are")]
    Size,
    /// More keys than a journal has.
    #[error("a journal is sealed for at most {MAX_RECIPIENTS} keys")]
    TooMany,
}

/// A public key in the one way that it is kept: without a comment, which would name somebody.
pub fn recipient(text: &str) -> Result<String, BadKey> {
    Ok(parse(text)?.1)
}

fn parse(text: &str) -> Result<(Box<dyn age::Recipient>, String), BadKey> {
    let text = text.trim();
    let shown = || crate::model::Text::from(text.chars().take(80).collect::<String>()).visible();
    if text.to_ascii_uppercase().contains("AGE-SECRET-KEY-") || text.contains("PRIVATE KEY-----") {
        return Err(BadKey::Secret);
    }
    if text.starts_with("ssh-") {
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        return match words.join(" ").parse::<ssh::Recipient>() {
            Ok(key) => {
                let text = key.to_string();
                Ok((Box::new(key), text))
            }
            Err(ssh::ParseRecipientKeyError::RsaModulusTooLarge)
            | Err(ssh::ParseRecipientKeyError::RsaModulusTooSmall) => Err(BadKey::Size),
            Err(_) => Err(BadKey::Unknown(shown())),
        };
    }
    match text.parse::<x25519::Recipient>() {
        Ok(key) => {
            let text = key.to_string();
            Ok((Box::new(key), text))
        }
        Err(_) if text.starts_with("age1") && text.matches('1').count() > 1 => Err(BadKey::Plugin(shown())),
        Err(_) => Err(BadKey::Unknown(shown())),
    }
}

/// Those who can open what is sealed. Nobody means that nothing is sealed.
pub(super) struct Recipients(Vec<Box<dyn age::Recipient>>);

impl Recipients {
    pub(super) fn new(keys: &[String]) -> Result<Self, BadKey> {
        if keys.len() > MAX_RECIPIENTS {
            return Err(BadKey::TooMany);
        }
        keys.iter().map(|key| Ok(parse(key)?.0)).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes that are kept of a text: another age file each time, or the text itself when nothing is sealed.
    pub(super) fn seal(&self, text: &[u8]) -> anyhow::Result<Vec<u8>> {
        if self.is_empty() {
            return Ok(text.to_vec());
        }
        let encryptor = Encryptor::with_recipients(self.0.iter().map(AsRef::as_ref))?;
        let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        let mut writer = encryptor.wrap_output(armor)?;
        writer.write_all(text)?;
        Ok(writer.finish()?.finish()?)
    }
}

/// True for bytes that are a sealed file.
pub(super) fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING)
}

/// A person's identities: files that are read when the first sealed text is met.
#[derive(Default)]
pub struct Keyring {
    /// Files that somebody named: what is wrong with one is told.
    named: Vec<PathBuf>,
    /// Files that are usual: they may be missing.
    usual: Vec<PathBuf>,
    ask: Option<Ask>,
    identities: OnceCell<Vec<Box<dyn Identity>>>,
    trouble: RefCell<Vec<String>>,
    opened: Cell<usize>,
    locked: RefCell<BTreeSet<Oid>>,
}

impl Keyring {
    /// Identities in files that were named, and in those that are usual. Without `ask`, protected ones stay closed.
    pub fn new(named: Vec<PathBuf>, usual: Vec<PathBuf>, ask: Option<Ask>) -> Self {
        Self { named, usual, ask, ..Self::default() }
    }

    /// Whether some identity opens what is sealed for these keys.
    pub fn opens(&self, keys: &[String]) -> anyhow::Result<bool> {
        let probe = Recipients::new(keys)?.seal(b"probe")?;
        Ok(self.decrypt(&probe).is_ok())
    }

    /// Why identities could not be used, for a person.
    pub fn trouble(&self) -> Vec<String> {
        self.trouble.borrow().clone()
    }

    /// How many texts were opened.
    pub(super) fn opened(&self) -> usize {
        self.opened.get()
    }

    /// True when sealed texts were met and none could be opened.
    pub(super) fn is_locked(&self) -> bool {
        self.opened.get() == 0 && !self.locked.borrow().is_empty()
    }

    /// What an object holds: itself, or what is sealed in it.
    pub(super) fn open(&self, id: Oid, bytes: Vec<u8>) -> Result<Vec<u8>, ObjectError> {
        if !is_sealed(&bytes) {
            return Ok(bytes);
        }
        match self.decrypt(&bytes) {
            Ok(text) => {
                self.opened.set(self.opened.get() + 1);
                Ok(text)
            }
            Err(None) => {
                self.locked.borrow_mut().insert(id);
                Err(ObjectError::Sealed(id))
            }
            Err(Some(why)) => Err(ObjectError::Damaged(id, why)),
        }
    }

    /// Opens a sealed text; the error says what is wrong with it, or nothing when only the key is missing.
    fn decrypt(&self, sealed: &[u8]) -> Result<Vec<u8>, Option<String>> {
        let damaged = |why: &str| Some(format!("its seal is broken: {why}"));
        let mut raw = Vec::new();
        let armor = ArmoredReader::new(sealed).take(MAX_BLOB as u64).read_to_end(&mut raw);
        armor.map_err(|_| damaged("it is no age file"))?;
        let head = raw.windows(4).position(|part| part == b"\n---").unwrap_or(raw.len());
        if raw[..head].windows(4).filter(|part| part == b"\n-> ").count() > MAX_RECIPIENTS * 2 {
            return Err(damaged("it is for too many keys"));
        }
        let decryptor = Decryptor::new_buffered(&raw[..]).map_err(|_| damaged("it is no age file"))?;
        if decryptor.is_scrypt() {
            return Err(damaged("it is for a passphrase"));
        }
        let identities = self.identities.get_or_init(|| self.load());
        let opened = decryptor.decrypt(identities.iter().map(AsRef::as_ref));
        let reader = opened.map_err(|error| match error {
            DecryptError::NoMatchingKeys => None,
            DecryptError::InvalidMac => damaged("its head was changed"),
            _ => damaged("its head is damaged"),
        })?;
        let mut text = Vec::new();
        let read = reader.take(MAX_BLOB as u64).read_to_end(&mut text);
        read.map_err(|_| damaged("its content was changed"))?;
        Ok(text)
    }

    /// Every identity; those that ask for a passphrase come last, so that nobody is asked in vain.
    fn load(&self) -> Vec<Box<dyn Identity>> {
        let (mut free, mut guarded) = (Vec::new(), Vec::new());
        let named = self.named.iter().map(|path| (path, true));
        for (path, named) in named.chain(self.usual.iter().map(|path| (path, false))) {
            match self.read(path) {
                Ok((found, false)) => free.extend(found),
                Ok((found, true)) => guarded.extend(found),
                Err(why) if named => self.trouble.borrow_mut().push(format!("'{}': {why}", path.display())),
                Err(_) => {}
            }
        }
        free.append(&mut guarded);
        free
    }

    /// The identities of a file, and whether a passphrase guards them.
    fn read(&self, path: &Path) -> Result<(Vec<Box<dyn Identity>>, bool), String> {
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(|error| error.to_string())?;
        file.take(MAX_IDENTITY).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        let asker = Asker { ask: self.ask, file: path.display().to_string() };
        if is_sealed(&bytes) || bytes.starts_with(b"age-encryption.org/") {
            let armor = ArmoredReader::new(Cursor::new(bytes));
            let inner = encrypted::Identity::from_buffer(armor, None, asker, None);
            let inner = inner.map_err(|_| "it is no identity file")?.ok_or("it is not for a passphrase")?;
            return Ok((vec![Box::new(Guarded(inner))], true));
        }
        if bytes.starts_with(b"-----BEGIN") {
            let name = Some(asker.file.clone());
            let key = ssh::Identity::from_buffer(&bytes[..], name).map_err(|error| error.to_string())?;
            return match key {
                ssh::Identity::Encrypted(inner) => {
                    let key = GuardedSsh::new(inner, asker).ok_or("its kind is not supported")?;
                    Ok((vec![Box::new(key)], true))
                }
                ssh::Identity::Unencrypted(_) => Ok((vec![Box::new(key)], false)),
                ssh::Identity::Unsupported(_) => Err("its kind is not supported".into()),
            };
        }
        let file = IdentityFile::from_buffer(&bytes[..]).map_err(|_| "it holds no identity")?;
        let found = file.into_identities().map_err(|_| "it holds no identity")?;
        Ok((found.into_iter().map(|one| -> Box<dyn Identity> { one }).collect(), false))
    }
}
