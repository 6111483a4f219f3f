//! `git okr hooks`: install, remove and inspect the hook of the repository one stands in.

use clap::Subcommand;
use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::model::Text;
use crate::render::{Doc, Line, Role};
use crate::store::hooks::{HookKind, Hooks, Plan, Step};

/// Install the hook that suggests evidence after a commit
///
/// The hook only looks and suggests: it records nothing, fails nothing and says at most one line. Where git runs hooks
/// by configuration (2.54 and newer) nothing but two keys of the repository's own configuration is written; before
/// that a file, or a marked block in a shell script that is there already. core.hooksPath is never set. Removing it
/// restores what was there byte for byte.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Install the post-commit hook in this repository
    Install {
        /// Show what would be done, and do nothing
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Remove the hook and restore what was there
    Uninstall {
        /// Show what would be done, and do nothing
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Say how the hook is installed and whether git runs it; exits 1 when it does not
    Status {
        #[command(flatten)]
        format: FormatOption,
    },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let Some(project) = context.project()? else {
        return Err(CommandError::new("there is no git repository here")
            .hint("go into the repository whose commits to watch"));
    };
    let mut hooks = Hooks::open(project)?;
    match args.verb {
        Verb::Install { dry_run } => {
            let plan = hooks.install_plan()?;
            carry_out(context, &mut hooks, &plan, dry_run, "the hook is installed already")?;
            if !dry_run && !plan.steps.is_empty() {
                context
                    .ui
                    .hint("try it with your next commit; silence it with: git config okr.hint false")?;
            }
            // Something kept it from being installed: the notes say what.
            let left_alone = plan.steps.is_empty() && !plan.notes.is_empty();
            Ok(if left_alone { exit::FAILED } else { exit::DONE })
        }
        Verb::Uninstall { dry_run } => {
            let plan = hooks.uninstall_plan()?;
            carry_out(context, &mut hooks, &plan, dry_run, "the hook is not installed")?;
            Ok(exit::DONE)
        }
        Verb::Status { format } => status(context, &hooks, format),
    }
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
    for step in &plan.steps {
        let (verb, what) = match step {
            Step::SetConfig { key, value } => ("set", format!("{key} = {value}")),
            Step::RemoveConfig { section } => {
                ("remove", format!("section {section} of the repository's configuration"))
            }
            Step::Write { path, content, .. } => {
                ("write", format!("'{}', {} bytes", path.display(), content.len()))
            }
            Step::Remove { path } => ("remove", format!("'{}'", path.display())),
        };
        let verb = if dry_run { format!("would {verb} ") } else { format!("{verb} ") };
        context.ui.status(Line::new().role(Role::Good, verb).plain(what))?;
        if let (true, Step::Write { content, .. }) = (dry_run, step) {
            context.ui.doc(&Doc::new().prose(&Text::from(String::from_utf8_lossy(content).into_owned())))?;
        }
    }
    if !dry_run {
        hooks.apply(plan).hint("see how things stand: git okr hooks status")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Told {
    installed: &'static str,
    path: String,
    runs: bool,
    hooks_path: Option<Text>,
    manager: Option<&'static str>,
    problems: Vec<String>,
}

fn status(context: &mut Context, hooks: &Hooks, format: FormatOption) -> Outcome {
    let status = hooks.status()?;
    let told = Told {
        installed: match status.how {
            HookKind::Config => "by configuration",
            HookKind::File => "as a file",
            HookKind::Block => "as a block in a script",
            HookKind::None => "no",
        },
        path: status.path.display().to_string(),
        runs: status.runnable,
        hooks_path: status.hooks_path,
        manager: status.manager,
        problems: status.problems,
    };
    context.ui.answer(format.get(), "hooks", &told, |told| {
        let yes = |yes: bool| {
            if yes { Line::new().role(Role::Good, "yes") } else { Line::new().role(Role::Warn, "no") }
        };
        let mut facts = vec![
            ("installed", Line::from(told.installed)),
            ("git runs it", yes(told.runs)),
            ("file", Line::from(told.path.as_str())),
        ];
        if let Some(path) = &told.hooks_path {
            facts.push(("core.hooksPath", Line::new().text(Role::Plain, path)));
        }
        if let Some(manager) = told.manager {
            facts.push(("managed by", Line::from(manager)));
        }
        let doc = Doc::new().facts(facts);
        if told.problems.is_empty() {
            doc
        } else {
            doc.heading(2, "problems")
                .items(told.problems.iter().map(|problem| Line::from(problem.as_str()).into()))
        }
    })?;
    Ok(if told.runs { exit::DONE } else { exit::FAILED })
}
