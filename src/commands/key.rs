//! `git okr key`: for whom the journal is sealed.

use clap::Subcommand;
use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::Text;
use crate::render::view::count;
use crate::render::{Doc, Line, Role, Table};
use crate::store::journal::{BadKey, Keyring, recipient, short};

/// Seal the journal for keys
///
/// A sealed journal holds records and the guide as age files: whoever gets at the repository or a remote sees how many
/// there are, of which kind, when they were written and how large they are, and not what they say. Everybody whose
/// public key is listed can read all of it with the identity that belongs to it. Without an identity nothing can be
/// read, by anybody: keep a copy of yours apart from this machine.
///
/// An identity is found by okr.identity (a file, repeatable), else in git-okr/identity.txt of your configuration
/// directory, or among your keys of ssh. See docs/encryption.md.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// List the keys that the journal is sealed for
    List {
        #[command(flatten)]
        format: FormatOption,
    },
    /// Seal every present record for another key too
    ///
    /// One commit writes every record and the guide anew. A plain journal is sealed from then on; what its history held
    /// in plain stays there, and at every remote that has it. A key that is listed already does no harm: records that
    /// another machine wrote meanwhile are then sealed for all keys.
    ///
    ///   git okr key add age1…
    ///   git okr key add ~/.ssh/id_ed25519.pub
    #[command(verbatim_doc_comment)]
    Add {
        /// Public keys: age1…, ssh-ed25519 …, ssh-rsa …, or files that hold such
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,

        /// Seal even though no identity here could open it
        #[arg(long)]
        without_identity: bool,
    },
    /// Seal every present record without a key
    ///
    /// Who has that identity keeps what was ever written for it: the history before, and every remote, clone and backup
    /// that holds it.
    Remove {
        /// Public keys, or their beginnings
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,

        /// Do it even though no identity here could open the journal then
        #[arg(long)]
        without_identity: bool,
    },
    /// Agree to the keys that the journal names now
    ///
    /// The list of keys travels with the journal in plain, so whoever can write to a remote could add to it. This machine
    /// writes for other keys than before only when you say so.
    Trust,
}

/// A key and what is known of it here.
#[derive(Serialize)]
struct Listed {
    key: String,
    /// Whether this machine agreed to it.
    agreed: bool,
    /// Whether an identity here opens what is sealed for it, as far as that can be told without a passphrase.
    here: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    match args.verb {
        Verb::List { format } => list(context, format),
        Verb::Add { keys, without_identity } => add(context, &keys, without_identity),
        Verb::Remove { keys, without_identity } => remove(context, &keys, without_identity),
        Verb::Trust => trust(context),
    }
}

fn list(context: &mut Context, format: FormatOption) -> Outcome {
    context.never_ask();
    let journal = context.journal()?;
    let tip = journal.tip()?;
    let agreed = journal.agreed();
    let listed = |key: String| Listed {
        agreed: agreed.as_ref().is_none_or(|agreed| agreed.contains(&key)),
        here: journal.keys().opens(std::slice::from_ref(&key)).unwrap_or(false),
        key,
    };
    let keys: Vec<Listed> = journal.recipients(&tip)?.into_iter().map(listed).collect();
    let moved = journal.ensure_agreed(&tip);
    context.ui.answer(format.get(), "keys", &keys, document)?;
    if keys.is_empty() {
        context.ui.status(Line::from("the journal is not sealed"))?;
        context.ui.hint("seal it: git okr key add <public key>")?;
    }
    moved?;
    Ok(exit::DONE)
}

fn document(keys: &Vec<Listed>) -> Doc {
    if keys.is_empty() {
        return Doc::new();
    }
    let mut table = Table::new(["key", "here"]);
    for one in keys {
        let note = match (one.agreed, one.here) {
            (false, _) => Line::new().role(Role::Bad, "not agreed to"),
            (true, true) => Line::new().role(Role::Good, "an identity opens it"),
            (true, false) => Line::new(),
        };
        table.push([Line::new().text(Role::Plain, &Text::from(one.key.as_str())), note]);
    }
    Doc::new().table(table)
}

fn add(context: &mut Context, texts: &[String], without_identity: bool) -> Outcome {
    let new = public_keys(context, texts)?;
    let journal = context.journal()?;
    let present = journal.recipients(&journal.tip()?)?;
    if present.is_empty() {
        let openable = journal.keys().opens(&new)?;
        explain(context, openable, without_identity, &format!("git okr key add {}", words(texts)))?;
    }
    let rekeyed = context.rekey("key add", &|present| {
        let mut keys = present.to_vec();
        keys.extend(new.iter().filter(|key| !present.contains(key)).cloned());
        Ok(keys)
    })?;
    let line = Line::new().role(Role::Good, "sealed ").plain(count(rekeyed.sealed, "file"));
    let shown: Vec<String> = new.iter().map(|key| short(key)).collect();
    context.ui.status(line.plain(format!(" for {}", shown.join(", "))))?;
    left(context, &rekeyed.left)?;
    if rekeyed.was_plain {
        context.ui.warning(Line::from(
            "what was written before stays in plain in the history, and at every remote, clone and backup that has it",
        ))?;
    }
    Ok(exit::DONE)
}

fn remove(context: &mut Context, texts: &[String], without_identity: bool) -> Outcome {
    let journal = context.journal()?;
    let present = journal.recipients(&journal.tip()?)?;
    let mut gone = Vec::new();
    for text in texts {
        let text = text.trim();
        let whole = recipient(text).unwrap_or_else(|_| text.to_owned());
        let found: Vec<&String> = present.iter().filter(|key| key.starts_with(&whole)).collect();
        match found.as_slice() {
            [one] => gone.push((*one).clone()),
            found => {
                let shown = Text::from(text).visible();
                let what = if found.is_empty() { "no key of the journal" } else { "several keys" };
                return Err(CommandError::new(format!("'{shown}' names {what}")).hint("git okr key list"));
            }
        }
    }
    let stay: Vec<String> = present.iter().filter(|key| !gone.contains(key)).cloned().collect();
    if stay.is_empty() {
        return Err(CommandError::new("a sealed journal has at least one key")
            .hint("add the one that is to stay first: git okr key add <public key>"));
    }
    if !without_identity && !journal.keys().opens(&stay)? {
        return Err(CommandError::new("no identity here opens what the other keys are for")
            .hint("if that is meant: add --without-identity"));
    }
    let rekeyed = context.rekey("key remove", &|present| {
        Ok(present.iter().filter(|key| !gone.contains(key)).cloned().collect())
    })?;
    let shown: Vec<String> = gone.iter().map(|key| short(key)).collect();
    let line = Line::new().role(Role::Removed, "removed ").plain(shown.join(", "));
    context.ui.status(line.plain(format!("; {} are sealed without it", count(rekeyed.sealed, "file"))))?;
    left(context, &rekeyed.left)?;
    context.ui.warning(Line::from(
        "the history before stays readable for the removed key, here and at every remote, clone and backup that has it",
    ))?;
    Ok(exit::DONE)
}

fn trust(context: &mut Context) -> Outcome {
    let keys = context.journal()?.agree()?;
    let shown: Vec<String> = keys.iter().map(|key| short(key)).collect();
    context.ui.status(Line::from(match shown.as_slice() {
        [] => "the journal is written in plain from now on".to_owned(),
        _ => format!("the journal is written for {}", shown.join(", ")),
    }))?;
    Ok(exit::DONE)
}

fn left(context: &mut Context, left: &[String]) -> Result<(), CommandError> {
    if left.is_empty() {
        return Ok(());
    }
    let what = count(left.len(), "damaged file");
    context.ui.warning(Line::from(format!("{what} could not be read and stayed as they are")))?;
    Ok(context.ui.hint("see which: git okr fsck")?)
}

/// Says what sealing means before it is done, and refuses when nobody here could open it.
pub(super) fn explain(
    context: &mut Context,
    openable: bool,
    without_identity: bool,
    command: &str,
) -> Result<(), CommandError> {
    if !openable && !without_identity {
        let usual = context.usual_identity().map(|path| path.display().to_string()).unwrap_or_default();
        return Err(CommandError::new("no identity here opens what would be sealed for these keys")
            .hint(format!("put it in '{usual}', or say where it is: git config --global okr.identity <file>"))
            .hint(format!("if it is only on another machine: {command} --without-identity")));
    }
    context.ui.warning(Line::from(
        "without the identity nobody can read this journal again, and nobody can help: keep a copy of it, and of its \
         passphrase, apart from this machine",
    ))?;
    if context.ui.is_interactive() && !context.ui.prompt()?.confirm("seal the journal?", true)? {
        return Err(CommandError::new("nothing was done"));
    }
    Ok(())
}

/// Public keys from texts and files, each in the one way that it is kept.
pub(super) fn public_keys(context: &Context, texts: &[String]) -> Result<Vec<String>, CommandError> {
    let mut keys: Vec<String> = Vec::new();
    for text in texts {
        let is_key = text.starts_with("age1") || text.starts_with("ssh-") || text.starts_with("AGE-SECRET");
        if is_key {
            keys.push(recipient(text).map_err(bad)?);
            continue;
        }
        let shown = Text::from(text.as_str()).visible();
        let content = std::fs::read_to_string(context.expand(text)).map_err(|error| {
            CommandError::usage(format!("'{shown}' is neither a public key nor a file: {error}"))
                .hint("public keys are age1…, 'ssh-ed25519 …', 'ssh-rsa …', or a file such as ~/.ssh/id_ed25519.pub")
        })?;
        let lines: Vec<&str> = content
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        if lines.is_empty() {
            return Err(CommandError::usage(format!("'{shown}' holds no public key")));
        }
        for line in lines {
            keys.push(recipient(line).map_err(bad)?);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    Ok(keys)
}

fn bad(error: BadKey) -> CommandError {
    let hint = match error {
        BadKey::Secret => "the public half of an age identity: age-keygen -y <file>",
        _ => "make one: age-keygen -o <file>",
    };
    CommandError::usage(error.to_string()).hint(hint)
}

fn words(texts: &[String]) -> String {
    texts.iter().map(|text| crate::store::remote::shell_word(text)).collect::<Vec<_>>().join(" ")
}

/// What a journal that came from elsewhere needs, when it is sealed and nothing here opens it.
pub(super) fn wanted(keys: &Keyring, recipients: &[String]) -> Option<String> {
    if recipients.is_empty()
        || recipients.iter().any(|key| keys.opens(std::slice::from_ref(key)).unwrap_or(false))
    {
        return None;
    }
    let shown: Vec<String> = recipients.iter().map(|key| short(key)).collect();
    Some(format!("the journal is sealed for {}, and no identity here opens it", shown.join(", ")))
}
