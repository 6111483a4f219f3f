//! `git okr demo`: placeholder until the story is in.
use crate::context::Context;
use crate::error::{Outcome, exit};
/// Play a year of one engineer in a temporary place
#[derive(clap::Args, Debug)]
pub struct Args {}
/// Runs the verb.
pub fn run(_: &mut Context, _: Args) -> Outcome {
    Ok(exit::DONE)
}
