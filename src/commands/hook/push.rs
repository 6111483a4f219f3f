//! Before a push, where the journal lives on a branch of the repository: it goes nowhere that its owner did not name.

use std::io::Read;
use std::time::Duration;

use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::harvest::secrets::redact;
use crate::model::Text;
use crate::store::consent::{Consent, consent};
use crate::store::journal::Journal;
use crate::store::project::push::PushedRef;

/// What the hook's shim understands as "ask the name alone": anything but 0 and 1 would do.
pub(super) const NO_ANSWER: u8 = 3;

/// How long a push may be looked at: a first one of a huge repository takes git minutes itself.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How much of what git tells is read: some hundred thousand refs.
const LIMIT: u64 = 32 << 20;

/// Passes or refuses. Whatever else goes wrong is no answer: the code must get through.
pub(super) fn run(context: &Context, arguments: &[String]) -> Outcome {
    match judge(context, arguments) {
        Ok(None) => Ok(exit::DONE),
        Ok(Some(refusal)) => Err(refusal),
        Err(_) => Ok(NO_ANSWER),
    }
}

/// Why the push must not go on, if it must not.
fn judge(context: &Context, arguments: &[String]) -> Result<Option<CommandError>, CommandError> {
    let remote = arguments.first().map_or("", String::as_str);
    let url = arguments.get(1).map_or(remote, String::as_str);
    let pushed = pushed()?;
    if pushed.is_empty() {
        return Ok(None);
    }
    let Some(project) = context.hooked_project()? else { return Ok(None) };
    let project = project.clone();
    let branch = context.branch()?;
    let is_ours = |name: &str| {
        let local = name.strip_prefix("refs/heads/");
        let known = || name.strip_prefix("refs/remotes/").and_then(|rest| rest.split_once('/'));
        local.or_else(|| known().map(|(_, name)| name)) == Some(branch) || name.starts_with("refs/okr/")
    };
    if let Some(gone) = pushed.iter().find(|one| one.is_deletion() && is_ours(&one.to)) {
        return Ok(Some(deletion(remote, &gone.to)));
    }
    let by_name = pushed.iter().find(|one| !one.is_deletion() && (is_ours(&one.from) || is_ours(&one.to)));
    let taken = match by_name {
        Some(one) => Some(one),
        None if Journal::lives_in(project.common_dir(), branch) => {
            project.carries(&pushed, remote, branch)?
        }
        None => None,
    };
    let Some(taken) = taken else { return Ok(None) };
    let consent = consent(context.config()?, &project, remote, url);
    if consent == Consent::Given {
        return Ok(None);
    }
    let code = project.current_branch()?.map(|branch| branch.visible()).filter(|name| name != branch);
    Ok(Some(refusal(remote, url, taken, by_name.is_some(), &consent, code.as_deref().unwrap_or("<branch>"))))
}

/// What git tells on standard input. Half of it, or another form, is no answer.
fn pushed() -> Result<Vec<PushedRef>, CommandError> {
    let mut told = Vec::new();
    std::io::stdin().lock().take(LIMIT).read_to_end(&mut told)?;
    if told.len() as u64 == LIMIT {
        return Err(CommandError::new("too many refs are pushed at once"));
    }
    let told = String::from_utf8_lossy(&told);
    let lines = told.lines().filter(|line| !line.is_empty());
    let read: Option<Vec<PushedRef>> = lines.map(PushedRef::parse).collect();
    read.ok_or_else(|| CommandError::new("git tells of a push in a form that is not known"))
}

fn deletion(remote: &str, name: &str) -> CommandError {
    let (remote, name) = (shown(remote), Text::from(name).visible());
    CommandError::new(format!("this push would delete the journal's '{name}' on '{remote}'"))
        .hint("push the code alone: git push <remote> <branch>")
        .hint(format!("if it is to go there: git push --no-verify {remote} --delete {name}"))
}

fn refusal(
    remote: &str,
    url: &str,
    taken: &PushedRef,
    by_name: bool,
    consent: &Consent,
    code: &str,
) -> CommandError {
    let from = Text::from(taken.from.as_str()).visible();
    let what = if by_name { "is its branch" } else { "holds part of it" };
    let (remote, url) = (shown(remote), shown(url));
    let place = if remote == url { format!("'{url}'") } else { format!("'{remote}' ({url})") };
    let error = CommandError::new(format!("this push would take the journal to {place}: '{from}' {what}"))
        .hint(format!("push the code alone: git push {remote} {code}"));
    let error = match consent {
        Consent::NotForCode(name) => error.hint(format!(
            "the code goes there too; if all who read it may read the journal: \
             git config okr.remote.{}.sharedWithCode true",
            Text::from(name.as_str()).visible()
        )),
        _ if remote == url => {
            error.hint(format!("if that place may have it: git config okr.remote.<name>.url '{url}'"))
        }
        _ => error.hint(format!(
            "if all who read that place may read the journal: git config okr.remote.{remote}.url '{url}' && \
             git config okr.remote.{remote}.sharedWithCode true"
        )),
    };
    error.hint("once, past every hook: git push --no-verify")
}

/// A remote as it may be shown: without credentials, on one line.
fn shown(remote: &str) -> String {
    Text::from(redact(remote).text).visible()
}
