//! A conflict: the other value of a field that two machines changed at once, kept until somebody decides.

use serde::{Deserialize, Serialize};

use super::text::Text;

/// The field name that stands for a whole record.
pub const WHOLE: &str = "record";

/// The value of a field that a merge did not choose. Nothing is lost: the record shows one value and keeps the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// The field, as a dotted TOML key such as `title` or `measure."p95 latency".target`; `record` for all of it.
    pub field: Text,
    /// The value: a text as it is, anything else as it is written in TOML. None when the field was removed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
    /// The journal revision that had it.
    pub revision: Text,
}
