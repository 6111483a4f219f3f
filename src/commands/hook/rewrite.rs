//! After an amend or a rebase: which commit became which is noted, and what is new is queued.

use std::collections::BTreeSet;
use std::io::Read;

use super::looks_like_sequence;
use crate::context::Context;
use crate::error::CommandError;
use crate::harvest::rewrites::pairs;

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
    // 'rebase --skip' reports that the skipped commit became the one it was to be put on: what a rebase made is what
    // lies above that, and nothing else is believed. What an amend made is checked when it is looked for.
    let mut fresh: BTreeSet<String> = BTreeSet::new();
    if rebase {
        let made = project.made_by_rebase()?;
        pairs.retain(|(_, new)| made.contains(new));
        // The first part of a commit that was split is in no pair.
        fresh.extend(made.into_iter().take(MOST_NEW));
    }
    fresh.extend(pairs.iter().map(|(_, new)| new.clone()));
    inbox.note_rewrites(project.common_dir(), &pairs)?;
    for id in fresh {
        inbox.queue(project.common_dir(), &id)?;
    }
    Ok(())
}
