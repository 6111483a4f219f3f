//! `journal.toml`: the format version of a journal, and which versions this program may write.

use serde::{Deserialize, Serialize};

use super::decode::{DecodeError, from_toml};
use crate::model::{Instant, RecordId};

/// The format this program writes.
pub const CURRENT: u32 = 1;

/// What `journal.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Major format version. A newer one is read as far as it goes and never written.
    pub format: u32,
    /// The journal's own id: two journals with one id have one origin.
    pub id: RecordId,
    /// When it was created.
    pub created: Instant,
}

impl Header {
    /// Reads `journal.toml`.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        from_toml(text)
    }

    /// Writes `journal.toml`.
    pub fn encode(&self) -> String {
        format!(
            "# A git-okr journal. Every record is a TOML file; 'git okr fsck' checks them.\n\
             format = {}\nid = \"{}\"\ncreated = {}\n",
            self.format, self.id, self.created
        )
    }

    /// True when this program understands the format well enough to write it.
    pub fn is_writable(&self) -> bool {
        self.format <= CURRENT
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    #[test]
    fn a_newer_major_is_not_writable() {
        let text = "format = 2\nid = \"kkkkkkkkkkkkkkkk\"\ncreated = 2026-01-01T00:00:00Z\nextra = 1\n";
        assert!(!Header::decode(text).unwrap().is_writable());
        assert_eq!(Header::decode(&text.replace("01-01T", "13-01T")).unwrap_err().line, Some(3));
        let header = Header::decode(&text.replace("= 2\n", "= 1\n")).unwrap();
        assert!(header.is_writable());
        assert_eq!(Header::decode(&header.encode()).unwrap(), header);
    }
}
