//! Commit facts in, suggestions out: what in a history deserves to be kept as evidence, and why.
//!
//! Everything here is a pure function: no files, no git, no clock. Messages are foreign text, so every parser is
//! linear and every anchored rule prefers silence to a wrong link.

mod artifacts;
pub mod bots;
pub mod credit;
pub mod explain;
pub mod export;
pub mod gather;
mod group;
pub mod guess;
pub mod header;
mod landed;
pub mod learn;
mod likeness;
pub mod message;
mod mine;
pub mod never;
pub mod paths;
pub mod reanchor;
pub mod references;
mod reverts;
pub mod rewrites;
pub mod score;
pub mod secrets;
pub mod suggest;
pub mod taste;
mod trace;
pub mod trailers;
mod visible;
pub mod weeks;
pub mod whole;
mod words;
mod work;

pub use artifacts::{commit_key, keys_of, moment};
pub use explain::why;
pub use learn::Learnt;
pub use mine::{is_mine, login};
pub use suggest::{Context, Found, THRESHOLD, suggest};

#[cfg(test)]
mod testing;
