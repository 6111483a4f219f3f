//! What tests stand on: a sandbox out of reach of the machine, what a command said, fingerprints of repositories.

mod fingerprint;
mod http;
mod identity;
mod names;
mod output;
mod repo;
mod sandbox;
mod terminal;

pub(crate) use fingerprint::fingerprint;
pub(crate) use http::Http;
pub(crate) use identity::nowhere;
pub(crate) use output::{Output, titles};
pub(crate) use repo::{Repo, by_configuration};
pub(crate) use sandbox::{PROGRAM, Sandbox};
pub(crate) use terminal::Terminal;
