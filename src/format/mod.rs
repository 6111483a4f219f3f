//! Text to records and back: TOML, format versions, unknown keys kept.

pub mod decode;
pub mod draft;
pub mod export;
pub mod guide;
pub mod patch;
pub mod record;
pub mod redact;
pub mod template;
pub mod version;
pub mod words;

pub use decode::{DecodeError, from_toml};
