//! Text to records and back: TOML, format versions, unknown keys kept.

pub mod decode;
