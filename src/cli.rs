//! The face: arguments in, dispatch, one place that prints failures, exit code out.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::commands;
use crate::context::Context;
use crate::error::{CommandError, exit};
use crate::model::Text;
use crate::render::{ColorChoice, Ui};

/// Runs the program and returns its exit code. A closed pipe ends it quietly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match commands::root().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let quiet = matches.get_flag("quiet");
    let colour = matches.get_one::<String>("color").and_then(|word| ColorChoice::parse(word));
    let mut ui = Ui::stdio(colour.unwrap_or(ColorChoice::Auto), quiet);
    let cwd = match std::env::current_dir() {
        Ok(cwd) => cwd,
        Err(error) => {
            let _ = ui.error(&format!("the current directory cannot be read: {error}"), &[], &[]);
            return ExitCode::from(exit::FAILED);
        }
    };
    let mut context = Context::new(ui, cwd);
    let Some((name, matches)) = matches.subcommand() else { return ExitCode::from(exit::USAGE) };
    let Some(verb) = commands::VERBS.iter().find(|verb| verb.name == name) else {
        return ExitCode::from(exit::USAGE);
    };
    match (verb.run)(&mut context, matches) {
        Ok(code) => ExitCode::from(code),
        Err(error) => report(&mut context.ui, &error),
    }
}

/// Prints a failure, once, in one place.
fn report(ui: &mut Ui, error: &CommandError) -> ExitCode {
    if error.is_broken_pipe() {
        return ExitCode::from(exit::DONE);
    }
    // An error that repeats its cause word for word says it once.
    let mut causes: Vec<String> =
        error.cause.chain().map(|cause| Text::from(cause.to_string()).visible()).collect();
    causes.dedup();
    let message = causes.remove(0);
    let _ = ui.error(&message, &causes, &error.hints);
    ExitCode::from(error.code)
}

/// Help and version on stdout, usage errors on stderr.
fn usage(error: &clap::Error) -> ExitCode {
    let mut ui = Ui::stdio(ColorChoice::Auto, false);
    let text = error.render().to_string();
    let printed = if error.use_stderr() { ui.complain(&text) } else { ui.plain(&text) };
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => report(&mut ui, &error.into()),
        _ if error.use_stderr() => ExitCode::from(exit::USAGE),
        _ => ExitCode::from(exit::DONE),
    }
}
