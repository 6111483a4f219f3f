//! `git okr hook`: what installed hooks run. It suggests, never records, never fails, and is quiet by default.

use std::ops::ControlFlow;
use std::path::Path;

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::harvest::explain;
use crate::model::suggestion::Suggestion;
use crate::model::{Text, project::ProjectCommit};
use crate::render::{Line, Role, view};
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// Run by the installed hooks
///
/// Looks at the commit that was just made, queues it for the inbox, and says so in one line when it looks like
/// evidence. Always exits 0. Silent with okr.hint=false, OKR_HOOK=0, in CI, inside a rebase, cherry-pick or am, for
/// commits that are not yours, and where stderr is no terminal.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The hook's name, such as post-commit
    event: String,

    /// What git passes to the hook
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if args.event == "post-commit"
        && std::env::var_os("OKR_HOOK").is_none_or(|value| value != "0")
        && !set("CI")
    {
        // A hook that fails would be a hook in the way: whatever is wrong shows in 'git okr status'.
        let _ = post_commit(context);
    }
    let _ = args.arguments;
    Ok(exit::DONE)
}

fn post_commit(context: &mut Context) -> Result<(), CommandError> {
    // Cheapest first: every pick of a rebase comes through here.
    if looks_like_sequence(context.cwd()) {
        return Ok(());
    }
    let Some(project) = context.hooked_project()? else { return Ok(()) };
    let project = project.clone();
    if project.in_sequence() {
        return Ok(());
    }
    // Only a hint needs to know what the commit changed.
    let terminal = context.ui.err_is_tty();
    let Some(commit) = context.while_configuring(|| newest(&project, terminal))? else { return Ok(()) };
    let me = context.my_addresses()?;
    let mine = me.iter().any(|address| address.raw().eq_ignore_ascii_case(commit.author.email.raw()));
    if !mine {
        return Ok(());
    }
    context.inbox()?.queue(project.common_dir(), &commit.id)?;
    let hint = context.config()?.get_bool("okr.hint")?.unwrap_or(true);
    if !hint || !terminal {
        return Ok(());
    }
    let known = context.inbox()?.known();
    let repo = project.repo_by(context.config()?)?;
    let found = context.suggest(std::slice::from_ref(&commit), &me, &repo, &known)?;
    let threshold = context.threshold()?;
    if let Some(one) = found.first().filter(|one| one.asked || one.score >= threshold) {
        say(context, one)?;
    }
    remind(context)
}

/// Once a day at most, in the last days of a quarter: its review is due. Afterwards 'git okr status' says so.
fn remind(context: &mut Context) -> Result<(), CommandError> {
    if !context.inbox()?.first_of(&context.today()?.to_string()) {
        return Ok(());
    }
    if let Some(due) = context.review_due()?.filter(|due| due.days_left >= 0) {
        context.ui.status(Line::new().role(Role::Muted, "okr: ").plain(view::review::due(&due)))?;
    }
    Ok(())
}

fn newest(project: &Project, with_files: bool) -> Result<Option<ProjectCommit>, CommandError> {
    let mut newest = None;
    let query = HistoryQuery { with_files, most: Some(1), ..HistoryQuery::default() };
    history(project, &query, |commit| {
        newest = Some(commit);
        ControlFlow::Break(())
    })?;
    Ok(newest)
}

/// One line: what it looks like, for which bet, why, and the command that keeps it.
fn say(context: &mut Context, one: &Suggestion) -> Result<(), CommandError> {
    let journal = context.journal()?;
    let snapshot = journal.snapshot(&journal.tip()?, Context::BETS)?;
    let kind = one.kind.as_ref().map_or_else(|| "evidence".to_owned(), |kind| format!("{kind} evidence"));
    let mut line = Line::new().role(Role::Muted, "okr: ").plain(format!("looks like {kind}"));
    if let Some(bet) = one.bets.first().and_then(|id| snapshot.bets.get(id)) {
        line = line.plain(" for ").role(Role::Strong, bet.slug.as_str());
    }
    let why: Text = explain::why(one);
    line = line.plain(" (").text(Role::Plain, &why).plain("); keep it: ");
    context.ui.status(line.role(Role::Strong, format!("git okr inbox accept {}", &one.id.as_str()[..6])))?;
    Ok(())
}

/// Whether git is in the middle of a rebase or am, told from the usual place without starting git. Git runs hooks at
/// the top of the worktree, with `GIT_DIR` set where the git directory is elsewhere.
fn looks_like_sequence(cwd: &Path) -> bool {
    let dir = std::env::var_os("GIT_DIR").map_or_else(|| cwd.join(".git"), |dir| cwd.join(dir));
    dir.join("rebase-merge").exists() || dir.join("rebase-apply").exists()
}
