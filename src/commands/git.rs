//! `git okr git`: git itself, on the journal.

use std::process::Command;

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};

/// Run git on the journal
///
/// Everything after 'git' is passed on, for example 'git okr git log --stat'. The journal is ordinary git: nothing
/// keeps you from looking at it, or from breaking it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What git gets
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true, value_name = "ARGS")]
    arguments: Vec<std::ffi::OsString>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let journal = context.journal()?;
    let mut command = crate::store::project::program::interactive(context.cwd());
    command.arg(format!("--git-dir={}", journal.dir().display()));
    let status = run_command(command.args(&args.arguments))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(exit::FAILED))
}

fn run_command(command: &mut Command) -> Result<std::process::ExitStatus, CommandError> {
    command.status().map_err(|error| CommandError::new(format!("cannot run git: {error}")))
}
