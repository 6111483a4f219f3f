//! `git okr hooks`: install, remove, inspect and try the hooks of a repository, or of all.

mod status;

use std::path::Path;

use clap::Subcommand;
use similar::TextDiff;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::model::Text;
use crate::render::{Line, Role};
use crate::store::hooks::{Event, Hooks, Plan, Reach, Step};
use crate::store::project::program::Git;

/// Install the hooks that suggest evidence after a commit
///
/// The hooks only look and suggest: they record nothing, fail nothing and say at most one line. Where git runs hooks by
/// configuration (2.54 and newer) nothing but two keys a hook is written; before that a file, or a marked block in a
/// shell script that is there already. core.hooksPath is never set. Removing them restores what was there byte for
/// byte.
///
/// Where the journal lives on a branch of the repository (git okr init --here), pre-push belongs to them: it refuses a
/// push that would take the journal to a remote that nobody named for it. Without git-okr in PATH it still knows the
/// branch by its name; any other push goes through.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Install post-commit, post-merge and post-rewrite; also pre-push, where the journal lives in the repository
    Install {
        /// Show what would be done, and do nothing
        #[arg(short = 'n', long)]
        dry_run: bool,

        /// For every repository: in your own configuration; before git 2.54 in the directory that your own
        /// core.hooksPath or init.templateDir names
        #[arg(long)]
        global: bool,

        /// Also prepare-commit-msg, which offers your open bets as comments where you write a message
        #[arg(long)]
        prepare_commit_msg: bool,
    },
    /// Remove the hooks and restore what was there
    Uninstall {
        /// Show what would be done, and do nothing
        #[arg(short = 'n', long)]
        dry_run: bool,

        /// Those of every repository
        #[arg(long)]
        global: bool,
    },
    /// Say who owns hooks here, how ours are installed, and whether git runs them; exits 1 when it does not
    ///
    /// Each hook is tried: git commits, amends, merges and pushes in a scratch repository that has our part of the hooks and
    /// nobody else's.
    Status {
        #[command(flatten)]
        format: FormatOption,
    },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::Install { dry_run, global, prepare_commit_msg } => {
            let mut hooks = open(context, global)?;
            let mut events = Event::USUAL.to_vec();
            events.extend(prepare_commit_msg.then_some(Event::PrepareCommitMsg));
            events.extend((!global && context.is_here()).then_some(Event::PrePush));
            let plan = hooks.install_plan(&events)?;
            carry_out(context, &mut hooks, &plan, dry_run, "the hooks are installed already")?;
            if !dry_run && !plan.steps.is_empty() {
                context
                    .ui
                    .hint("try them: git okr hooks status\nsilence them with: git config okr.hint false")?;
            }
            // Something kept them from being installed: the notes say what.
            let left_alone = plan.steps.is_empty() && !plan.notes.is_empty();
            Ok(if left_alone { exit::FAILED } else { exit::DONE })
        }
        Verb::Uninstall { dry_run, global } => {
            let mut hooks = open(context, global)?;
            let plan = hooks.uninstall_plan()?;
            let unused = if global { None } else { unused(context)? };
            // Of files that git no longer looks at only what there is to take away is told.
            match unused.filter(|(_, plan)| !plan.steps.is_empty()) {
                Some((mut unused, leftover)) => {
                    carry_out(context, &mut unused, &leftover, dry_run, "")?;
                    if !plan.steps.is_empty() {
                        carry_out(context, &mut hooks, &plan, dry_run, "")?;
                    }
                }
                None => carry_out(context, &mut hooks, &plan, dry_run, "the hooks are not installed")?,
            }
            if !dry_run && !global && context.is_here() {
                context.ui.warning(Line::from(
                    "the journal lives in this repository, and nothing keeps it from being pushed now",
                ))?;
                context.ui.hint("guard it again: git okr init --here")?;
            }
            Ok(exit::DONE)
        }
        Verb::Status { format } => {
            let hooks = open(context, false)?;
            status::run(context, &hooks, format)
        }
    }
}

/// Installs the guard of a journal that lives in the repository one stands in. It is there already, or something keeps
/// it from being installed: both are told, and neither is a failure.
pub fn guard(context: &mut Context) -> Result<(), CommandError> {
    let mut hooks = open(context, false)?;
    let plan = hooks.install_plan(&[Event::PrePush])?;
    if plan.steps.is_empty() && plan.notes.is_empty() {
        return Ok(());
    }
    carry_out(context, &mut hooks, &plan, false, "")
}

fn open(context: &Context, global: bool) -> Result<Hooks, CommandError> {
    if global {
        return Ok(Hooks::everywhere(&Git::new(context.cwd()))?);
    }
    let Some(project) = context.project()? else {
        return Err(CommandError::new("there is no git repository here")
            .hint("go into the repository whose commits to watch"));
    };
    Ok(Hooks::open(project)?)
}

/// What is left in the repository's own directory of hooks while git looks elsewhere, and how to remove it.
fn unused(context: &Context) -> Result<Option<(Hooks, Plan)>, CommandError> {
    let Some(project) = context.project()? else { return Ok(None) };
    let Some(unused) = Hooks::unused(project)? else { return Ok(None) };
    let plan = unused.leftover_plan()?;
    Ok(Some((unused, plan)))
}

fn carry_out(
    context: &mut Context,
    hooks: &mut Hooks,
    plan: &Plan,
    dry_run: bool,
    nothing: &str,
) -> Result<(), CommandError> {
    for note in &plan.notes {
        context.ui.warning(Line::from(note.as_str()))?;
    }
    if plan.steps.is_empty() && plan.notes.is_empty() {
        context.ui.status(Line::from(nothing))?;
    }
    let whose = |reach: &Reach| match reach {
        Reach::Repository => "the repository's configuration",
        Reach::Everywhere => "your configuration",
    };
    if dry_run {
        for step in &plan.steps {
            let (verb, what) = match step {
                Step::SetConfig { reach, key, value } => {
                    ("would set ", format!("in {}: {key} = {value}", whose(reach)))
                }
                Step::RemoveConfig { reach, section } => {
                    ("would remove ", format!("section {section} of {}", whose(reach)))
                }
                Step::Write { path, mode, .. } => {
                    ("would write ", format!("'{}', mode {mode:o}", path.display()))
                }
                Step::Remove { path } => ("would remove ", format!("'{}'", path.display())),
            };
            context.ui.status(Line::new().role(Role::Good, verb).plain(what))?;
            if let Step::Write { path, before, content, .. } = step {
                context.ui.foreign(&change(path, before.as_deref(), content))?;
            }
        }
        return Ok(());
    }
    hooks.apply(plan).hint("see how things stand: git okr hooks status")?;
    for step in &plan.steps {
        let (verb, what) = match step {
            Step::SetConfig { reach, key, .. } => ("set ", format!("{key} in {}", whose(reach))),
            Step::RemoveConfig { reach, section } => {
                ("removed ", format!("section {section} of {}", whose(reach)))
            }
            Step::Write { path, .. } => ("wrote ", format!("'{}'", path.display())),
            Step::Remove { path } => ("removed ", format!("'{}'", path.display())),
        };
        context.ui.status(Line::new().role(Role::Good, verb).plain(what))?;
    }
    Ok(())
}

/// What would change in a file, as a patch: never wrapped, so that it is the exact change.
fn change(path: &Path, before: Option<&[u8]>, after: &[u8]) -> Text {
    let name = path.display().to_string();
    let old = if before.is_some() { name.as_str() } else { "/dev/null" };
    let before = String::from_utf8_lossy(before.unwrap_or_default());
    let after = String::from_utf8_lossy(after);
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    Text::from(diff.unified_diff().header(old, &name).to_string())
}
