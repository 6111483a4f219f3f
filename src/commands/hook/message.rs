//! Before a message is written: the open bets, as `Okr-Bet:` trailers that a person may uncomment.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use super::looks_like_sequence;
use crate::context::Context;
use crate::error::CommandError;
use crate::harvest::trailers::offer;

/// A longer message is no message that somebody begins to write.
const LIMIT: u64 = 1 << 20;

/// How many bets are offered, the newest first.
const MOST: usize = 8;

/// Runs with git's arguments: the message's file, where the message comes from, and a commit.
pub(super) fn run(context: &mut Context, arguments: &[String]) -> Result<(), CommandError> {
    let Some((file, source)) = arguments.split_first() else { return Ok(()) };
    // Only a message that is about to be written by hand: not a given one, a merge's, a squash's, an amended one.
    let by_hand = source.first().is_none_or(|source| source.is_empty() || source == "template");
    if !by_hand || looks_like_sequence(context.cwd()) {
        return Ok(());
    }
    let config = context.config()?;
    let cleanup = config.get("commit.cleanup").unwrap_or("default");
    let comment = config.get("core.commentString").or_else(|| config.get("core.commentChar")).unwrap_or("#");
    let comment = comment.to_owned();
    if !matches!(cleanup, "default" | "strip")
        || comment == "auto"
        || !context.config()?.get_bool("okr.hint")?.unwrap_or(true)
    {
        return Ok(());
    }
    let path = context.cwd().join(file);
    let mut message = String::new();
    fs::File::open(&path)?.take(LIMIT).read_to_string(&mut message)?;
    let journal = context.journal()?;
    let snapshot = journal.snapshot(&journal.tip()?, Context::BETS)?;
    let mut open: Vec<_> = snapshot.bets.values().filter(|bet| bet.is_open()).collect();
    open.sort_by(|a, b| b.recorded.cmp(&a.recorded).then_with(|| a.slug.cmp(&b.slug)));
    let slugs: Vec<&str> = open.iter().take(MOST).map(|bet| bet.slug.as_str()).collect();
    if let Some(message) = offer(&message, &comment, &slugs) {
        replace(&path, &message)?;
    }
    Ok(())
}

/// Puts the message in place at once: a hook that is stopped in the middle must not leave half of one.
fn replace(path: &Path, message: &str) -> std::io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(message.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.persist(path)?;
    Ok(())
}
