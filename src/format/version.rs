//! `journal.toml`: the format version of a journal, and which versions this program may write.

use serde::{Deserialize, Serialize};

use super::decode::{DecodeError, from_toml};
use super::patch;
use crate::model::{Instant, RecordId};

/// The format of a plain journal.
pub const CURRENT: u32 = 1;
/// The format of a sealed journal, and the newest that this program writes. A program that knows only format 1 would
/// write in plain, so it has to refuse.
pub const NEWEST: u32 = 2;

/// What `journal.toml` says of sealing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// Public keys of those who can open what is written; empty in a plain journal.
    #[serde(default)]
    pub recipients: Vec<String>,
}

/// What `journal.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Major format version. A newer one is read as far as it goes and never written.
    pub format: u32,
    /// The journal's own id: two journals with one id have one origin.
    pub id: RecordId,
    /// When it was created.
    pub created: Instant,
    /// For whom records and the guide are sealed.
    #[serde(default)]
    pub encryption: Encryption,
}

impl Header {
    /// Reads `journal.toml`.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Writes `journal.toml`.
    pub fn encode(&self) -> String {
        let text = format!(
            "# A git-okr journal. Every record is a TOML file; 'git okr fsck' checks them.\n\
             format = {}\nid = \"{}\"\ncreated = {}\n",
            self.format, self.id, self.created
        );
        match self.encryption.recipients.as_slice() {
            [] => text,
            keys => with_recipients(&text, keys).unwrap_or(text),
        }
    }

    /// True when this program understands the format well enough to write it.
    pub fn is_writable(&self) -> bool {
        self.format <= NEWEST
    }
}

/// The text of a header with other recipients; everything else in it stays.
pub fn with_recipients(text: &str, keys: &[String]) -> Result<String, DecodeError> {
    let before = patch::read(text)?;
    let mut after = before.clone();
    let list = toml::Value::Array(keys.iter().map(|key| key.as_str().into()).collect());
    let table = after.entry("encryption").or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let Some(table) = table.as_table_mut() {
        table.insert("recipients".into(), list);
    }
    let format = before.get("format").and_then(toml::Value::as_integer).unwrap_or_default();
    after.insert("format".into(), toml::Value::Integer(format.max(NEWEST.into())));
    patch::apply(text, &before, &after)
}

#[cfg(test)]
mod tests {
    use super::{Header, with_recipients};

    #[test]
    fn recipients_are_written_into_what_is_there() {
        let text =
            "# mine\nformat = 1\nid = \"kkkkkkkkkkkkkkkk\"\ncreated = 2026-01-01T00:00:00Z\nextra = 1\n";
        let sealed = with_recipients(text, &["age1a".into(), "age1b".into()]).unwrap();
        assert!(sealed.starts_with("# mine\nformat = 2\n") && sealed.contains("extra = 1"), "{sealed}");
        let header = Header::decode(&sealed).unwrap();
        assert_eq!(header.encryption.recipients, ["age1a", "age1b"]);
        assert_eq!(Header::decode(&header.encode()).unwrap(), header);
        let fewer = with_recipients(&sealed, &["age1b".into()]).unwrap();
        assert_eq!(Header::decode(&fewer).unwrap().encryption.recipients, ["age1b"]);
        assert!(with_recipients("format = [", &[]).is_err());
    }

    #[test]
    fn a_newer_major_is_not_writable() {
        let text = "format = 3\nid = \"kkkkkkkkkkkkkkkk\"\ncreated = 2026-01-01T00:00:00Z\nextra = 1\n";
        assert!(!Header::decode(text).unwrap().is_writable());
        assert_eq!(Header::decode(&text.replace("01-01T", "13-01T")).unwrap_err().line, Some(3));
        let header = Header::decode(&text.replace("= 3\n", "= 1\n")).unwrap();
        assert!(header.is_writable());
        assert_eq!(Header::decode(&header.encode()).unwrap(), header);
    }
}
