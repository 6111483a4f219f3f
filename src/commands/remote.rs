//! `git okr remote`: the remotes that the journal may go to.

use clap::Subcommand;
use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::context::remotes::explain;
use crate::error::{CommandError, Outcome, exit};
use crate::model::Text;
use crate::render::{Doc, Line, Role, Table};
use crate::store::remote::{Address, BadAddress, Remote, RemoteError, check_name, shell_word};

/// Name the remotes that the journal may go to
///
/// A journal goes nowhere that its owner did not name. Its remotes are its own: those of a code repository are never
/// among them, and 'git push' knows nothing of these. Where a URL leads is pinned when it is added; a setting that
/// later leads it elsewhere stops the sync.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Name a remote
    ///
    /// URL is one of ssh, https or a path; git:// and http:// only lead to this machine, since they keep no secrets. An https
    /// remote is asked once without credentials and refused if it answers. A remote of the code is refused too, unless
    /// you say that its readers may read the journal.
    ///
    ///   git okr remote add origin git@example.com:me/journal.git
    ///   git okr remote add usb /mnt/usb/journal.git
    #[command(verbatim_doc_comment)]
    Add {
        /// What to call it
        #[arg(allow_hyphen_values = true)]
        name: String,

        /// Where it is
        #[arg(allow_hyphen_values = true)]
        url: String,

        /// Take a remote of the code: everybody who can read the code there can read the journal
        #[arg(long)]
        shared_with_code: bool,
    },
    /// List the remotes
    List {
        #[command(flatten)]
        format: FormatOption,
    },
    /// Forget a remote; what it has stays there
    Remove {
        /// The remote
        #[arg(allow_hyphen_values = true)]
        name: String,
    },
    /// Lead a remote elsewhere, or pin anew where its URL leads
    SetUrl {
        /// The remote
        #[arg(allow_hyphen_values = true)]
        name: String,

        /// Where it is
        #[arg(allow_hyphen_values = true)]
        url: String,

        /// Take a remote of the code: everybody who can read the code there can read the journal
        #[arg(long)]
        shared_with_code: bool,
    },
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::Add { name, url, shared_with_code } => {
            let remote = examined(context, &name, &url, shared_with_code, "add")?;
            context.remotes()?.keep(&remote)?;
            told(context, &remote, "added")?;
            context.ui.hint(&format!("bring both together: git okr sync {name}"))?;
        }
        Verb::List { format } => list(context, format)?,
        Verb::Remove { name } => {
            let mut remotes = context.remotes()?;
            let remote = remotes.named(&name).map_err(|error| explain(error, ""))?;
            remotes.forget(&remote)?;
            let url = Text::from(remote.url.as_str());
            let line = Line::new()
                .role(Role::Removed, "forgot")
                .plain(format!(" '{name}', "))
                .text(Role::Plain, &url);
            context.ui.status(line.plain("; what it has stays there"))?;
        }
        Verb::SetUrl { name, url, shared_with_code } => {
            let before = context.remotes()?.named(&name).map_err(|error| explain(error, ""))?;
            let remote = examined(context, &name, &url, shared_with_code, "set-url")?;
            let mut remotes = context.remotes()?;
            // What was seen of another place says nothing of this one.
            if before.url != remote.url {
                remotes.forget(&before)?;
            }
            remotes.keep(&remote)?;
            told(context, &remote, "pinned")?;
        }
    }
    Ok(exit::DONE)
}

/// A name and a URL that were looked at; nothing was started before both could be what they say.
pub(super) fn address(context: &Context, name: &str, url: &str) -> Result<Address, CommandError> {
    let refused = |what: &str, why: BadAddress| {
        let url = Text::from(what).visible();
        explain(RemoteError::Address { url, why }, "")
    };
    check_name(name).map_err(|why| refused(name, why))?;
    Address::parse(url, context.cwd()).map_err(|why| refused(url, why))
}

fn examined(
    context: &mut Context,
    name: &str,
    url: &str,
    shared: bool,
    verb: &str,
) -> Result<Remote, CommandError> {
    let address = address(context, name, url)?;
    let command = format!("git okr remote {verb} {name} {}", shell_word(url));
    let (dir, home) = (context.journal()?.dir().to_owned(), context.journal()?.home());
    let remotes = context.remotes()?;
    if verb == "add" {
        remotes.ensure_free(name).map_err(|error| explain(error, &command))?;
    }
    let code = context.code_beside(&dir, home)?;
    let door = context.door(&dir)?;
    remotes.examine(name, &address, &code, shared, &door).map_err(|error| explain(error, &command))
}

/// Says what a remote is, and who else may be there.
pub(super) fn told(context: &mut Context, remote: &Remote, verb: &str) -> Result<(), CommandError> {
    let url = Text::from(remote.url.as_str());
    let line =
        Line::new().role(Role::Good, verb).plain(format!(" '{}', ", remote.name)).text(Role::Plain, &url);
    context.ui.status(line)?;
    for (doing, end) in [("fetches from", &remote.pinned.fetch), ("pushes to", &remote.pinned.push)] {
        if *end != remote.url {
            let end = Text::from(end.as_str());
            context.ui.status(Line::new().plain(format!("{doing} ")).text(Role::Plain, &end))?;
        }
    }
    if remote.shared {
        context
            .ui
            .warning("everybody who can read that repository can read the journal, and what it ever held")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Listed {
    name: String,
    url: Text,
    fetch: Text,
    push: Text,
    shared_with_code: bool,
    /// What the remote had at the last sync; `null` before the first.
    seen: Option<String>,
}

fn list(context: &mut Context, format: FormatOption) -> Result<(), CommandError> {
    let journal = context.journal()?;
    let listed = |remote: Remote| Listed {
        seen: journal.commit_of(&remote.tracking_ref(journal.branch())).ok().flatten().map(|at| at.id),
        url: remote.url.into(),
        fetch: remote.pinned.fetch.into(),
        push: remote.pinned.push.into(),
        shared_with_code: remote.shared,
        name: remote.name,
    };
    let all: Vec<Listed> = context.remotes()?.all().into_iter().map(listed).collect();
    context.ui.answer(format.get(), "remotes", &all, |all| {
        if all.is_empty() {
            return Doc::new()
                .para(Line::new().role(Role::Muted, "no remote: this journal is on this machine only"));
        }
        let mut table = Table::new(["remote", "last sync", "url"]);
        for one in all {
            let seen = match &one.seen {
                Some(id) => Line::new().role(Role::Warn, &id[..id.len().min(10)]),
                None => Line::new().role(Role::Muted, "never"),
            };
            let mut url = Line::new().text(Role::Plain, &one.url);
            if one.push != one.url {
                url =
                    url.role(Role::Muted, " (pushes to ").text(Role::Muted, &one.push).role(Role::Muted, ")");
            }
            if one.shared_with_code {
                url = url.role(Role::Warn, " (shared with code)");
            }
            table.push([Line::from(one.name.as_str()), seen, url]);
        }
        Doc::new().table(table)
    })?;
    Ok(())
}
