//! What changed between records and snapshots, by field. Pure.

pub mod diff;
pub mod exchange;
pub mod merge;
pub mod message;

pub use diff::{FieldChange, RecordChange, What};
pub use exchange::{Conflicted, Exchange, Named};
