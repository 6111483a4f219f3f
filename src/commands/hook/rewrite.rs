//! After an amend or a rebase: which commit became which is noted, and what is new is queued.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::ops::ControlFlow;

use super::looks_like_sequence;
use crate::context::Context;
use crate::error::CommandError;
use crate::harvest::rewrites::{folded, pairs, sift};
use crate::model::project::ProjectCommit;
use crate::store::project::Project;
use crate::store::project::history::{HistoryQuery, history};

/// How much of what git tells is read: some ten thousand commits.
const LIMIT: u64 = 1 << 20;

/// How much of it may be one rebase's worth of commits that no pair names.
const MOST_NEW: usize = 200;

/// Runs after `command`, which is `amend` or `rebase`.
pub(super) fn run(context: &mut Context, command: &str) -> Result<(), CommandError> {
    let rebase = command == "rebase";
    // A fold or a reworded message inside of a rebase: the whole list follows at its end.
    if !rebase && (command != "amend" || looks_like_sequence(context.cwd())) {
        return Ok(());
    }
    let mut told = Vec::new();
    std::io::stdin().lock().take(LIMIT).read_to_end(&mut told)?;
    let mut pairs = pairs(&String::from_utf8_lossy(&told), told.len() as u64 == LIMIT);
    if pairs.is_empty() {
        return Ok(());
    }
    let Some(project) = context.hooked_project()? else { return Ok(()) };
    let project = project.clone();
    let inbox = context.inbox()?;
    // What an amend made is checked when it is looked for.
    let mut fresh: BTreeSet<String> = BTreeSet::new();
    if rebase {
        let rebase = project.ending_rebase()?;
        let picked = rebase.done.split_whitespace().map(str::to_owned);
        let named = pairs.iter().flat_map(|(old, new)| [old.clone(), new.clone()]).chain(picked);
        let commits = commits(&project, named.collect())?;
        // Author and date go along with every commit that is picked.
        let authored = |id: &str| commits.get(id).map(|one| (&one.author.email, one.authored));
        let alike = |old: &str, new: &str| authored(old).is_some() && authored(old) == authored(new);
        let parent = |id: &str| commits.get(id)?.parents.first().map(String::as_str);
        let folded = folded(&rebase.done, &rebase.reflog, rebase.onto.as_deref(), parent);
        pairs = sift(pairs, &rebase.made, &folded, alike);
        // The first part of a commit that was split is in no pair.
        fresh.extend(rebase.made.into_iter().take(MOST_NEW));
    }
    fresh.extend(pairs.iter().map(|(_, new)| new.clone()));
    inbox.note_rewrites(project.common_dir(), &pairs)?;
    for id in fresh {
        inbox.queue(project.common_dir(), &id)?;
    }
    Ok(())
}

/// Commits by id.
fn commits(
    project: &Project,
    ids: BTreeSet<String>,
) -> Result<BTreeMap<String, ProjectCommit>, CommandError> {
    let query = HistoryQuery { only: Some(ids.into_iter().collect()), ..HistoryQuery::default() };
    let mut found = BTreeMap::new();
    history(project, &query, |commit| {
        found.insert(commit.id.clone(), commit);
        ControlFlow::Continue(())
    })?;
    Ok(found)
}
