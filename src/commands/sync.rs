//! `git okr sync`: bring the journal and a remote's together.

use crate::context::Context;
use crate::context::syncing::{Synced, Wish};
use crate::error::{CommandError, Outcome, exit};
use crate::model::IdSet;
use crate::render::view::exchange;
use crate::store::remote::Remote;

/// Bring this journal and a remote's together
///
/// Fetches what the remote has, merges it record by record and pushes the result, never by force. It is the only verb
/// that talks to a network, and it talks to the one remote that was named. Whatever goes wrong there, nothing
/// that was recorded is lost: the next sync carries it. Exits 1 when the remote does not answer or refuses.
///
///   git okr sync
///   git okr sync usb
///   git okr sync --dry-run
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The remote; may be left out when there is only one
    #[arg(allow_hyphen_values = true)]
    remote: Option<String>,

    /// Fetch, and say what would be merged and pushed; do neither
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// Make two journals that were begun apart one
    #[arg(long)]
    join: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let remote = context.remote(args.remote.as_deref())?;
    let wish = Wish { dry_run: args.dry_run, join: args.join };
    let mut synced = Synced::default();
    let ended = context.sync(&remote, wish, &mut synced);
    // What came is here to stay, whatever happened afterwards.
    if ended.is_ok() || synced.came.is_some() {
        tell(context, &remote, &synced, args.dry_run)?;
    }
    ended.map(|()| exit::DONE)
}

fn tell(context: &mut Context, remote: &Remote, synced: &Synced, dry_run: bool) -> Result<(), CommandError> {
    let journal = context.journal()?;
    // What is planned is not here yet, and what was removed no longer.
    let sides = [&synced.came, &synced.went].into_iter().flatten();
    let named = sides.flat_map(|side| side.named.iter().map(|one| one.id));
    let nothing = synced.came.is_none() && synced.went.is_none();
    let ids = if nothing { IdSet::default() } else { journal.ids_with(&journal.tip()?, named)? };
    let doc = exchange::synced(&remote.name, synced.came.as_ref(), synced.went.as_ref(), dry_run, &ids);
    context.ui.doc(&doc)?;
    if synced.merged && dry_run {
        context.ui.hint("both sides have something of their own, and would be merged record by record")?;
    }
    if synced.first && synced.went.is_some() && !dry_run {
        context.ui.hint(&format!(
            "on another machine: git okr init --from {}",
            crate::store::remote::shell_word(&remote.url)
        ))?;
    }
    let conflicts = synced.came.iter().chain(&synced.went).flat_map(|side| &side.conflicts);
    let mut settled: Vec<String> = conflicts.map(|one| format!("git okr resolve {}", one.id)).collect();
    if synced.came.iter().chain(&synced.went).any(|side| !side.guide.is_empty()) {
        settled.push("git okr resolve guide".to_owned());
    }
    settled.sort();
    settled.dedup();
    for command in settled.iter().take(5) {
        context.ui.hint(&format!("settle it: {command}"))?;
    }
    Ok(())
}
