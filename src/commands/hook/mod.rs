//! `git okr hook`: what installed hooks run. It suggests, never records and is quiet by default; only a push that would
//! take the journal along is refused.

mod message;
mod push;
mod rewrite;

use std::fs::OpenOptions;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::harvest::{explain, is_mine};
use crate::model::suggestion::Suggestion;
use crate::model::{Text, project::ProjectCommit};
use crate::render::{Line, Role, view};
use crate::store::hooks::{Event, PROBE};
use crate::store::noted::Noted;
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// How long a hook may take, whatever hangs: a dead mount, a pipe in the place of a file.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many commits of a merge are looked at; harvest finds the rest.
const MOST: usize = 200;

/// Run by the installed hooks
///
/// Looks at commits that were just made, merged or rewritten, queues them for the inbox, and says so in one line when
/// one looks like evidence; before a message is written it offers the open bets. Always exits 0, and within two
/// seconds. Before a push it looks whether the journal would go along, and exits 1 when it may not. Silent with okr.hint=false, OKR_HOOK=0, in CI, inside a rebase, cherry-pick or am, for commits that are not
/// yours, and where stderr is no terminal.
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
    let Some(event) = Event::parse(&args.event) else { return Ok(exit::DONE) };
    context.never_ask();
    context.ui.talk_on_the_terminal();
    let guards = event == Event::PrePush;
    // What speaks can be told to be silent; what guards cannot: git itself has --no-verify.
    if !guards && (std::env::var_os("OKR_HOOK").is_some_and(|value| value == "0") || set("CI")) {
        return Ok(exit::DONE);
    }
    if guards {
        watch(push::PATIENCE, push::NO_ANSWER);
    } else {
        watch(PATIENCE, exit::DONE);
    }
    if let Some(file) = std::env::var_os(PROBE).filter(|file| !file.is_empty()) {
        let line = format!("{} {}\n", event.name(), env!("CARGO_PKG_VERSION"));
        let file = OpenOptions::new().create(true).append(true).open(file);
        let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
        return Ok(exit::DONE);
    }
    if guards {
        return push::run(context, &args.arguments);
    }
    // A hook that fails would be a hook in the way: whatever is wrong shows in 'git okr status'.
    let _ = match event {
        Event::PostCommit => post_commit(context),
        Event::PostMerge => post_merge(context, args.arguments.first().is_some_and(|squash| squash == "1")),
        Event::PostRewrite => rewrite::run(context, args.arguments.first().map_or("", String::as_str)),
        Event::PrepareCommitMsg => message::run(context, &args.arguments),
        Event::PrePush => Ok(()),
    };
    Ok(exit::DONE)
}

/// Ends the hook with `code` when its time is over, and when anything in it breaks.
fn watch(patience: Duration, code: u8) {
    #[expect(clippy::exit, reason = "what hangs in the system cannot be asked to return")]
    let end = move || std::process::exit(code.into());
    std::panic::set_hook(Box::new(move |_| end()));
    std::thread::spawn(move || {
        std::thread::sleep(patience);
        end();
    });
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
    let terminal = context.ui.err_is_tty();
    // Where nothing can be said the commit is only queued: harvest knows whose it is.
    if !terminal && let Some(id) = project.head_in_file() {
        context.inbox()?.queue(project.common_dir(), &id)?;
        // From now on the hook's own shell notes such a commit.
        if let Some(noted) = Noted::here() {
            noted.prepare()?;
        }
        return Ok(());
    }
    // Only a hint needs to know what the commit changed.
    let Some(commit) = context.while_configuring(|| newest(&project, terminal))? else { return Ok(()) };
    let me = context.my_addresses()?;
    if !is_mine(&commit, &me) {
        return Ok(());
    }
    context.inbox()?.queue(project.common_dir(), &commit.id)?;
    hint(context, &project, std::slice::from_ref(&commit), &me)?;
    remind(context)
}

/// What came by a merge or a pull: a branch of mine that landed as a squash, for example.
fn post_merge(context: &mut Context, squash: bool) -> Result<(), CommandError> {
    // Nothing is committed yet by `merge --squash`.
    if squash || looks_like_sequence(context.cwd()) {
        return Ok(());
    }
    let Some(project) = context.hooked_project()? else { return Ok(()) };
    let project = project.clone();
    let me = context.my_addresses()?;
    let query = HistoryQuery {
        range: vec!["ORIG_HEAD..HEAD".to_owned()],
        with_files: context.ui.err_is_tty(),
        most: Some(MOST),
        ..HistoryQuery::default()
    };
    let mut mine = Vec::new();
    history(&project, &query, |commit| {
        if is_mine(&commit, &me) {
            mine.push(commit);
        }
        ControlFlow::Continue(())
    })?;
    let inbox = context.inbox()?;
    for commit in &mine {
        inbox.queue(project.common_dir(), &commit.id)?;
    }
    hint(context, &project, &mine, &me)
}

/// At most one line, for the best of some commits, when it deserves one.
fn hint(
    context: &mut Context,
    project: &Project,
    commits: &[ProjectCommit],
    me: &[Text],
) -> Result<(), CommandError> {
    let wanted = context.config()?.get_bool("okr.hint")?.unwrap_or(true);
    if !wanted || !context.ui.err_is_tty() || commits.is_empty() {
        return Ok(());
    }
    let known = context.inbox()?.known();
    let repo = project.repo_by(context.config()?)?;
    let mut found = context.suggest(commits, me, &repo, &known)?;
    // An amend, most likely, of what was decided on.
    found.retain(|one| !known.met(one));
    let threshold = context.threshold()?;
    match found.first().filter(|one| one.asked || one.score >= threshold) {
        Some(one) => say(context, one),
        None => Ok(()),
    }
}

/// Once a day at most, in the last days of a quarter: its review is due. Afterwards 'git okr status' says so.
fn remind(context: &mut Context) -> Result<(), CommandError> {
    let wanted = context.config()?.get_bool("okr.hint")?.unwrap_or(true);
    if !wanted || !context.ui.err_is_tty() {
        return Ok(());
    }
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
