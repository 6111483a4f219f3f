//! `git okr man`: manual pages, one for the program and one a verb.

use std::path::PathBuf;

use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};

/// Write manual pages
///
/// 'git okr --help' is answered by git, which looks for the page 'git-okr'. Written into a directory of MANPATH, for
/// example ~/.local/share/man/man1, it finds it. 'git okr -h' always works.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Where to write them
    #[arg(value_name = "DIRECTORY")]
    dir: PathBuf,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let dir = context.cwd().join(args.dir);
    std::fs::create_dir_all(&dir)
        .map_err(|error| CommandError::new(format!("cannot create '{}': {error}", dir.display())))?;
    let command = super::root().disable_help_subcommand(true);
    clap_mangen::generate_to(command, &dir).hint("choose a directory that you can write to")?;
    let pages = std::fs::read_dir(&dir)?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("git-okr"))
        .count();
    context.ui.status(format!("wrote {pages} pages to '{}'", dir.display()))?;
    Ok(exit::DONE)
}
