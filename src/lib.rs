//! git-okr: a private, git-native evidence journal for engineers who are read for scope and impact.
//!
//! Everything a person sees is a pure function of *snapshots* (all records at one revision of the journal) and of
//! owned facts about commits. A thin ring of git code fetches snapshots and commits changes; a thin ring of terminal
//! code shows results; a verb is the line that joins the rings.
//!
//! Layers, imports downward only (`tests/architecture.rs` holds them):
//!
//! | layer | modules | knows |
//! |---|---|---|
//! | face | `main`, [`cli`] | the command line |
//! | verbs | [`commands`] | one verb a file: arguments and the line that joins the rings |
//! | context | [`context`], [`error`] | what a verb gets, and how it fails |
//! | rings | [`store`] (git, files), [`render`] (streams) | the outside world; siblings that never meet |
//! | pure | [`format`](mod@format), [`change`], [`harvest`], [`report`] | records, differences, suggestions, judgement |
//! | nouns | [`model`], [`settings`] | nothing |

pub mod change;
pub mod cli;
pub mod commands;
pub mod context;
pub mod error;
pub mod format;
pub mod harvest;
pub mod model;
pub mod render;
pub mod report;
pub mod settings;
pub mod store;

pub use cli::run;
