//! `git okr edit`: a record as it is, in the person's editor.

use crate::context::Context;
use crate::error::Outcome;

/// Edit a record in your editor
///
/// The file that opens is the record itself, in TOML. Keys that this program does not know and comments stay. What
/// is not valid is not saved: the editor opens again with the error at its line, and what you wrote is kept.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The beginning of an id, or a bet's slug
    id: String,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    context.edit_named(&args.id)
}
