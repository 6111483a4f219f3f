//! `git okr demo`: play a year of one engineer, by the same command lines that a person would type.

mod scratch;
mod stage;
mod story;

use std::path::{Path, PathBuf};

use stage::Stage;
use story::Step;

use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::render::{Line, Role};

/// Play a year of one engineer in a temporary place
///
/// Runs this program some fifty times over four invented quarters: bets, check-ins, commits in two code repositories
/// that are harvested, evidence written down early and late. Then it shows the status, the scorecard of the quarter
/// that ends, and how the bets shifted. Nothing of yours is read or changed, and nothing is left behind.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Play it in this directory, which must be empty or absent, and leave it there for trying things out
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let steps = story::parse(story::YEAR).map_err(CommandError::new)?;
    match args.keep {
        None => {
            let place = tempfile::Builder::new()
                .prefix("git-okr-demo-")
                .tempdir()
                .hint("choose a place that can be written: git okr demo --keep <directory>")?;
            play(context, place.path(), &steps)?;
            place.close().hint("it holds nothing but the demo and can be removed")?;
        }
        Some(dir) => {
            let dir = context.cwd().join(dir);
            prepare(&dir)?;
            let script = play(context, &dir, &steps)?.leave()?;
            let shown = |path: &Path| path.display().to_string();
            let line = Line::new().role(Role::Good, "kept").plain(format!(" the year in '{}'", shown(&dir)));
            context.ui.status(line)?;
            context.ui.hint(&format!("make a shell hers: . '{}'", shown(&script)))?;
            context.ui.hint(&format!("then work there: cd '{}'", shown(&dir.join("code/courier"))))?;
            context.ui.hint("and for example: git okr log")?;
        }
    }
    Ok(exit::DONE)
}

/// Makes the directory to keep; refuses one that holds something.
fn prepare(dir: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(dir)
        .map_err(|error| CommandError::new(format!("cannot create '{}': {error}", dir.display())))?;
    if std::fs::read_dir(dir)?.next().is_some() {
        return Err(CommandError::new(format!("'{}' is not empty", dir.display()))
            .hint("name a directory that does not exist yet"));
    }
    Ok(())
}

fn play(context: &mut Context, dir: &Path, steps: &[Step]) -> Result<Stage, CommandError> {
    let mut stage = Stage::set(dir)?;
    // What is shown comes last; until then there is only the count.
    let shown = steps.iter().position(|step| matches!(step, Step::Say(_))).unwrap_or(steps.len());
    let progress = context.ui.progress("playing a year", Some(shown as u64));
    for step in &steps[..shown] {
        if let Step::Chapter(name) = step {
            progress.set_message(name);
        }
        stage.play(context, step)?;
        progress.inc(1);
    }
    progress.finish();
    for step in &steps[shown..] {
        stage.play(context, step)?;
    }
    Ok(stage)
}
