//! Identities that a passphrase guards: asked for once, and in nobody's way without it.

use std::cell::OnceCell;

use age::secrecy::SecretString;
use age::{Callbacks, DecryptError, Identity, ssh};
use age_core::format::{FileKey, Stanza};
use sha2::{Digest, Sha256};

use super::Ask;

/// Asks for the passphrase of one file.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) ask: Option<Ask>,
    pub(super) file: String,
}

impl Callbacks for Asker {
    fn display_message(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, _: &str) -> Option<SecretString> {
        self.ask.and_then(|ask| ask(&format!("passphrase of '{}'", self.file))).map(SecretString::from)
    }
}

/// An identity file that a passphrase protects: without it, it opens nothing, and is in nobody's way.
pub(super) struct Guarded<I>(pub(super) I);

impl<I: Identity> Identity for Guarded<I> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.0.unwrap_stanza(stanza).filter(Result::is_ok)
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        self.0.unwrap_stanzas(stanzas).filter(Result::is_ok)
    }
}

/// An ssh key that a passphrase protects: asked for once, and only when a text is sealed for this key.
pub(super) struct GuardedSsh {
    inner: ssh::EncryptedKey,
    tag: String,
    asker: Asker,
    open: OnceCell<Option<ssh::Identity>>,
}

impl GuardedSsh {
    /// None when its kind is not supported.
    pub(super) fn new(inner: ssh::EncryptedKey, asker: Asker) -> Option<Self> {
        let tag = tag(&ssh::Identity::Encrypted(inner.clone()))?;
        Some(Self { inner, tag, asker, open: OnceCell::new() })
    }
}

impl Identity for GuardedSsh {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if !stanza.tag.starts_with("ssh-") || stanza.args.first() != Some(&self.tag) {
            return None;
        }
        let unlock = || self.inner.decrypt(self.asker.request_passphrase("")?).ok().map(ssh::Identity::from);
        self.open.get_or_init(unlock).as_ref()?.unwrap_stanza(stanza)
    }
}

/// What a sealed file calls an ssh key: six letters of base64, of four bytes of the hash of its public half.
fn tag(key: &ssh::Identity) -> Option<String> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let public = match ssh::Recipient::try_from(key.clone()).ok()? {
        ssh::Recipient::SshRsa(bytes, _) | ssh::Recipient::SshEd25519(bytes, _) => bytes,
    };
    let hash = Sha256::digest(public);
    let bits = u64::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])) << 4;
    Some((0..6).rev().map(|place| char::from(LETTERS[(bits >> (place * 6)) as usize & 63])).collect())
}
