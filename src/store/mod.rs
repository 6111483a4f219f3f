//! The two doors to git: the journal, which is ours, and the person's code repositories, which are only read.

pub mod consent;
pub mod exposure;
pub mod git_config;
pub mod hooks;
pub mod inbox;
pub mod journal;
mod local_file;
pub mod noted;
pub mod outside;
pub mod project;
mod raw_date;
pub mod remote;
#[cfg(test)]
pub(crate) mod sandbox;
pub mod signing;
