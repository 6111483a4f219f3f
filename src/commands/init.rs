//! `git okr init`: create the private journal, or one in the repository one stands in.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::{key, remote};
use crate::change::Exchange;
use crate::context::Context;
use crate::context::remotes::explain;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::format::version::{CURRENT, Encryption, Header, NEWEST};
use crate::format::{guide, guide::Severity};
use crate::model::Text;
use crate::render::view::exchange;
use crate::render::{Line, Role};
use crate::store::journal::{Home, Journal, Location};
use crate::store::project::program::Git;
use crate::store::remote::{Address, Remote, Remotes, shell_word};
use crate::store::signing;

/// Create the private journal
///
/// The journal is a bare git repository of your own, outside every code repository: nothing that is pushed, cloned
/// or garbage-collected there can touch it. Running it again changes nothing. On a second machine, bring the journal
/// of the first with --from instead of beginning another.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The guide to start from: l8-growth, staff-engineer, or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = guide::DEFAULT)]
    guide: String,

    /// Keep the journal on a branch of the repository you stand in; only for a repository that is itself private. A
    /// pre-push hook keeps the branch from remotes that you did not name
    #[arg(long)]
    here: bool,

    /// Seal records and the guide for a public key: age1…, 'ssh-ed25519 …', 'ssh-rsa …', or a file that holds such;
    /// repeatable. Without the identity that belongs to it nothing can be read again
    #[arg(long, value_name = "KEY", conflicts_with = "from")]
    encrypt: Vec<String>,

    /// With --encrypt: seal even though no identity here could open it
    #[arg(long, requires = "encrypt")]
    without_identity: bool,

    /// Bring the journal of another machine here: the remote that it is synced with, under the name 'origin'
    #[arg(long, value_name = "URL", conflicts_with = "guide", allow_hyphen_values = true)]
    from: Option<String>,

    /// With --from: take a remote of the code; everybody who can read the code there can read the journal
    #[arg(long, requires = "from")]
    shared_with_code: bool,
}

/// What the remote of a journal that came from elsewhere is called.
const ORIGIN: &str = "origin";

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    if let Some(url) = &args.from {
        return from(context, url, args.here, args.shared_with_code);
    }
    let guide_text = guide_text(context, &args.guide)?;
    let location = if args.here { here(context)? } else { private(context)? };
    let was_named = !args.here && context.config()?.global("okr.journal").is_some() && !location.dir.exists();
    let committer = context.committer()?;
    let recipients = key::public_keys(context, &args.encrypt)?;
    // One for the whole run: nobody is asked twice.
    let keys = context.keyring()?;
    if !recipients.is_empty() {
        if Journal::open(&location).is_ok() {
            return Err(CommandError::new(format!(
                "there is a journal in '{}' already",
                location.dir.display()
            ))
            .hint("seal it from now on: git okr key add <public key>"));
        }
        let openable = keys.opens(&recipients)?;
        key::explain(context, openable, args.without_identity, "git okr init --encrypt <public key>")?;
    }
    let format = if recipients.is_empty() { CURRENT } else { NEWEST };
    let encryption = Encryption { recipients };
    let header = Header { format, id: context.new_id()?, created: committer.time, encryption };
    let git = Git::new(context.cwd());
    let signed = context.config()?.get_bool("commit.gpgsign")?.unwrap_or(false);
    let sign = |tree: &str, parents: &[String], message: &str| {
        Ok(signing::commit_tree(&git, &location.dir, tree, parents, message, &committer)?)
    };
    let (journal, created) =
        Journal::open_or_create(&location, &header, &guide_text, &committer, signed.then_some(&sign))?;
    let journal = journal.with_keys(keys);
    settle(context, &location)?;
    if created && was_named {
        context.ui.warning(Line::from(
            "okr.journal named this place already and nothing was there: if your journal is on another disk or machine, \
             bring it here instead of starting a second one",
        ))?;
    }
    tell(context, &journal, created)?;
    if !created
        && guide::decode(&guide_text).is_ok_and(|asked| {
            journal
                .tip()
                .and_then(|tip| journal.guide(&tip))
                .is_ok_and(|(present, _)| present.name != asked.name)
                && args.guide != guide::DEFAULT
        })
    {
        context.ui.hint(&format!("the journal keeps its guide; to change it: git okr guide edit (and git okr guide show {} --toml)", args.guide))?;
    }
    Ok(exit::DONE)
}

/// Makes a private journal the one that every repository uses.
fn settle(context: &Context, location: &Location) -> Result<(), CommandError> {
    let path = location.dir.display().to_string();
    if location.home == Home::Private && context.config()?.global("okr.journal") != Some(&path) {
        context.config()?.clone().set_global("okr.journal", &path)?;
    }
    Ok(())
}

/// Brings a journal from a remote. Nothing is begun here before the remote's was looked at: a second beginning would be a
/// second journal.
fn from(context: &mut Context, url: &str, in_code: bool, shared: bool) -> Outcome {
    let address = remote::address(context, ORIGIN, url)?;
    let location = if in_code { here(context)? } else { private(context)? };
    let (journal, fresh) = Journal::open_unborn(&location)?;
    let journal = journal.with_keys(context.keyring()?);
    if journal.is_born()? {
        let url = shell_word(url);
        return Err(CommandError::new(format!("there is a journal in '{}' already", location.dir.display()))
            .hint(format!(
                "bring both together: git okr remote add {ORIGIN} {url} && git okr sync {ORIGIN}"
            )));
    }
    let came = bring(context, &journal, &location, &address, shared);
    if came.is_err() && fresh {
        // What was made a moment ago holds nothing.
        let _ = std::fs::remove_dir_all(&location.dir);
    }
    let (named, came) = came?;
    settle(context, &location)?;
    remote::told(context, &named, "brought a journal from")?;
    if location.home == Home::Here {
        warn(context, journal.branch())?;
        guard(context)?;
    }
    let tip = journal.tip()?;
    let place = location.dir.display().to_string();
    context.ui.status(exchange::arrived(&came).plain(format!(", into '{place}'{}", guided(&journal)?)))?;
    let recipients = journal.recipients(&tip)?;
    if !recipients.is_empty() {
        journal.agree()?;
        if let Some(wanted) = key::wanted(journal.keys(), &recipients) {
            context.ui.warning(Line::from(wanted))?;
            context.ui.hint(crate::error::IDENTITY)?;
        }
    }
    context
        .ui
        .hint(&format!("carry on, and bring both together from time to time: git okr sync {ORIGIN}"))?;
    Ok(exit::DONE)
}

fn bring(
    context: &mut Context,
    journal: &Journal,
    location: &Location,
    address: &Address,
    shared: bool,
) -> Result<(Remote, Exchange), CommandError> {
    let command = format!("git okr init --from {}", shell_word(&address.text));
    let mut remotes = Remotes::open(&location.dir)?;
    let code = context.code_beside(&location.dir, location.home)?;
    let door = context.door(&location.dir)?;
    let examined = remotes.examine(ORIGIN, address, &code, shared, &door);
    let remote = examined.map_err(|error| explain(error, &command))?;
    drop(door);
    remotes.keep(&remote)?;
    match context.adopt(journal, &remote) {
        Ok(came) => Ok((remote, came)),
        Err(error) => {
            let _ = remotes.forget(&remote);
            Err(error)
        }
    }
}

fn tell(context: &mut Context, journal: &Journal, created: bool) -> Result<(), CommandError> {
    let place = journal.dir().display().to_string();
    let (verb, what) = match (created, journal.home()) {
        (true, Home::Private) => ("created", format!("a private journal in '{place}'")),
        (true, Home::Here) => ("created", format!("a journal on branch '{}' of '{place}'", journal.branch())),
        (false, _) => ("found", format!("the journal in '{place}', unchanged")),
    };
    context.ui.status(Line::new().role(Role::Good, verb).plain(format!(" {what}{}", guided(journal)?)))?;
    if created && journal.home() == Home::Here {
        warn(context, journal.branch())?;
    }
    if journal.home() == Home::Here {
        guard(context)?;
    }
    if created {
        context
            .ui
            .hint("open the first bet: git okr bet add\nsee what your commits hold: git okr harvest")?;
    }
    Ok(())
}

/// Says what carries away a journal that is kept in somebody's repository, whatever guards it.
fn warn(context: &mut Context, branch: &str) -> Result<(), CommandError> {
    Ok(context.ui.warning(Line::from(format!(
        "branch '{branch}' goes where this repository's branches go. A hook refuses to push it to a remote that you \
         did not name; no hook is asked by 'git push --no-verify', a clone, a bundle, a copy of the directory, or a \
         push from another clone. A fetch that mirrors and prunes can delete it, 'git gc --prune=now' beside a \
         running append can destroy it: see docs/privacy.md"
    )))?)
}

/// Installs the guard before a push. Whatever keeps it from being installed: the journal is there, and works.
fn guard(context: &mut Context) -> Result<(), CommandError> {
    if let Err(error) = super::hooks::guard(context) {
        let line = Line::from("nothing guards the journal before a push: ");
        context.ui.warning(line.role(Role::Plain, format!("{:#}", error.cause)))?;
    }
    Ok(())
}

/// The guide's name, unless it is sealed for others.
fn guided(journal: &Journal) -> Result<String, CommandError> {
    let tip = journal.tip()?;
    let name = journal.guide(&tip)?.0.name;
    Ok(if journal.locked(&tip).is_some() { ", sealed".to_owned() } else { format!(", with guide '{name}'") })
}

fn guide_text(context: &mut Context, name: &str) -> Result<String, CommandError> {
    if let Some(text) = guide::builtin(name) {
        return Ok(text.to_owned());
    }
    let shown = Text::from(name).visible();
    let names: Vec<_> = guide::BUILTIN.iter().map(|(name, _)| *name).collect();
    let bytes = std::fs::read(context.cwd().join(name)).map_err(|error| {
        CommandError::new(format!("no built-in guide and no file is called '{shown}': {error}"))
            .hint(format!("built-in guides: {}", names.join(", ")))
    })?;
    let text =
        String::from_utf8(bytes).map_err(|_| CommandError::new(format!("guide '{shown}' is not UTF-8")))?;
    let decoded = guide::decode(&text)
        .map_err(|error| {
            CommandError::new(format!("guide '{shown}', {}", Text::from(error.to_string()).visible()))
        })
        .hint(format!("see all that is wrong with it: git okr guide check {shown}"))?;
    if let Some(problem) = guide::check(&decoded).iter().find(|problem| problem.severity == Severity::Error) {
        let message = format!("guide '{shown}', {}: {}", problem.place.visible(), problem.message);
        return Err(CommandError::new(message)
            .hint(format!("see all that is wrong with it: git okr guide check {shown}")));
    }
    Ok(text)
}

fn private(context: &Context) -> Result<Location, CommandError> {
    let dir = match context.config()?.global("okr.journal").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => etcetera::base_strategy::choose_base_strategy()
            .map_err(|error| CommandError::new(format!("there is no home directory: {error}")))
            .hint("say where the journal lives: git config --global okr.journal <path>")?
            .data_dir()
            .join("git-okr/journal.git"),
    };
    Ok(Location { dir: context.cwd().join(dir), branch: context.branch()?.to_owned(), home: Home::Private })
}

fn here(context: &Context) -> Result<Location, CommandError> {
    let Some(project) = context.project()? else {
        return Err(CommandError::new("there is no git repository here")
            .hint("keep a private journal instead, which needs none: git okr init"));
    };
    Ok(Location {
        dir: project.common_dir().to_owned(),
        branch: context.branch()?.to_owned(),
        home: Home::Here,
    })
}
