//! The tests that run the program: one binary, so that it links once.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

/// Each verb from end to end: flags, streams, exit codes.
mod commands;
/// The promises, and the tests that hold them.
mod guarantees;
/// Where the journal arrives by ordinary git operations, and where not.
mod leaks;
/// Pages of `docs/` that the program writes, and links between them.
mod reference;
/// The journal under fire: contention, kills, damage, foreign data, full disks.
mod store;
/// Remotes and sync, with two machines and real remotes between them.
mod sync;
/// Nothing of a person's repositories is ever touched.
mod untouched;
