//! What changed between records and snapshots, by field. Pure.

pub mod diff;
pub mod merge;
pub mod message;

pub use diff::{FieldChange, RecordChange, What};
