//! `git okr export`: the journal's records for outside, also without names.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::context::Context;
use crate::error::{CommandError, Hint, Outcome, exit};
use crate::format::export::{Document, from_json, markdown_pieces, to_json};
use crate::format::redact::{Leak, Piece, Redactor, Rules, leaks, starting_rules};
use crate::model::{Revision, Text};
use crate::render::view::{self, count};
use crate::render::{Line, Role, markdown};
use crate::store::outside;

/// Export the journal's records, also without names
///
/// As a directory of TOML files, or as one Markdown or JSON document. With --redact, everything that a rules file names is
/// replaced by pseudonyms that stay the same from export to export: people, repositories, hosts, words and numbers, in any
/// case, percent-encoded, split by hyphens or underscores, within longer words, in ids, slugs and references; links,
/// addresses and ids of commits as a whole. What is finished is then searched again: where a listed word remains, nothing
/// is written, and the command exits 1. Comments and the history are not exported.
///
/// Files are readable by their owner only. A place in a work tree is refused, unless git ignores it there.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "toml")]
    format: ExportFormat,

    /// Where: a new directory for TOML, a new file for the others, which go to standard output without it
    #[arg(short, long, value_name = "DIR|FILE")]
    output: Option<PathBuf>,

    /// Replace what this file names by pseudonyms
    #[arg(long, value_name = "RULES")]
    redact: Option<PathBuf>,

    /// Print a rules file to start from, filled from the journal
    #[arg(long, conflicts_with_all = ["redact", "output", "format", "force"])]
    rules: bool,

    /// Write over a file, and into a work tree that does not ignore the place
    #[arg(short, long)]
    force: bool,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// A directory of files, as in the journal
    Toml,
    /// One document for people
    Markdown,
    /// One document for programs
    Json,
}

/// A file of the journal as it is, and as it is read.
struct Source {
    path: String,
    bytes: Vec<u8>,
    document: Option<Document>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let at = context.revision(args.as_of.as_deref())?;
    if args.rules {
        let documents: Vec<Document> =
            sources(context, &at)?.into_iter().filter_map(|one| one.document).collect();
        context.ui.foreign(&starting_rules(&documents).into())?;
        return Ok(exit::DONE);
    }
    let target = target(context, &args)?;
    let rules = args.redact.as_deref().map(|path| rules(context, path)).transpose()?;
    let sources = sources(context, &at)?;
    if args.format == ExportFormat::Toml && rules.is_none() {
        let files: Vec<(String, Vec<u8>)> = sources.into_iter().map(|one| (one.path, one.bytes)).collect();
        return finish(context, target.as_deref(), Finished::Files(files), args.force);
    }
    let unread = sources.iter().filter(|one| one.document.is_none()).count();
    if unread > 0 {
        let left_out = format!(
            "{} cannot be read, and {} left out",
            count(unread, "file"),
            if unread == 1 { "is" } else { "are" }
        );
        context.ui.warning(left_out)?;
        context.ui.hint("see which: git okr fsck")?;
    }
    let mut documents: Vec<Document> = sources.into_iter().filter_map(|one| one.document).collect();
    if let Some((_, redactor)) = &rules {
        documents = documents.into_iter().map(|one| one.redacted(redactor)).collect();
    }
    let revision = rules.is_none().then_some(at.id.as_str());
    let finished = match args.format {
        ExportFormat::Toml => {
            Finished::Files(documents.iter().map(|one| (one.path.clone(), one.toml().into_bytes())).collect())
        }
        ExportFormat::Markdown => Finished::Markdown(markdown::render(&view::export::export(&documents))),
        ExportFormat::Json => {
            Finished::Json(serde_json::to_string_pretty(&to_json(&documents, revision))? + "\n")
        }
    };
    if let Some((rules, _)) = &rules {
        refuse_leaks(&leaks(rules, &finished.pieces()?))?;
    }
    finish(context, target.as_deref(), finished, args.force)
}

/// What is about to be handed over.
enum Finished {
    Files(Vec<(String, Vec<u8>)>),
    Markdown(String),
    Json(String),
}

impl Finished {
    /// What it says, read from what is finished.
    fn pieces(&self) -> Result<Vec<Piece>, CommandError> {
        let unreadable =
            || CommandError::new("the export cannot be read again to be checked: nothing is written");
        let documents = match self {
            Self::Markdown(text) => return Ok(markdown_pieces(text)),
            Self::Json(text) => from_json(text),
            Self::Files(files) => {
                let read = |(path, bytes): &(String, Vec<u8>)| {
                    Document::read(path, std::str::from_utf8(bytes).ok()?)
                };
                files.iter().map(read).collect()
            }
        };
        Ok(documents.ok_or_else(unreadable)?.iter().flat_map(Document::pieces).collect())
    }
}

fn refuse_leaks(leaks: &[Leak]) -> Result<(), CommandError> {
    let Some(first) = leaks.first() else { return Ok(()) };
    let more = match leaks.len() {
        1 => String::new(),
        more => format!(", and {} more", more - 1),
    };
    // The place may hold what must not be said, the word is the person's own: both are theirs to see.
    Err(CommandError::new(format!(
        "'{}' remains in {}{more}: nothing is written",
        first.word.visible(),
        first.place.visible()
    ))
    .hint("reword the record: git okr edit <id>\nor list it in the way it is written there; what may stay goes into 'keep'"))
}

fn finish(context: &mut Context, target: Option<&Path>, finished: Finished, force: bool) -> Outcome {
    let Some(target) = target else {
        match finished {
            Finished::Markdown(text) => context.ui.foreign(&text.into())?,
            Finished::Json(text) => context.ui.json(text)?,
            Finished::Files(_) => {}
        }
        return Ok(exit::DONE);
    };
    let (written, what) = match &finished {
        Finished::Files(files) => (outside::write_directory(target, files), count(files.len(), "file")),
        Finished::Markdown(text) | Finished::Json(text) => {
            (outside::write_file(target, text, force), "one document".to_owned())
        }
    };
    written
        .map_err(|error| CommandError::new(format!("cannot write '{}': {error}", target.display())))
        .hint("nothing was written; name a new place: --output <path>")?;
    context.ui.status(
        Line::new().role(Role::Good, "exported ").plain(format!("{what} to '{}'", target.display())),
    )?;
    Ok(exit::DONE)
}

/// Where to write, if not to standard output; refused before anything is read.
fn target(context: &Context, args: &Args) -> Result<Option<PathBuf>, CommandError> {
    let Some(output) = &args.output else {
        return match args.format {
            ExportFormat::Toml => Err(CommandError::usage("a directory of TOML files needs a place")
                .hint("name a new directory: git okr export --output <dir>\nor one document: git okr export --format markdown")),
            _ => Ok(None),
        };
    };
    let target = context.cwd().join(output);
    let shown = Text::from(output.display().to_string()).visible();
    let is_empty = || target.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    let free = match args.format {
        ExportFormat::Toml => !target.exists() || is_empty(),
        _ => !target.exists() || args.force && target.is_file(),
    };
    if !free {
        return Err(CommandError::new(format!("'{shown}' is there already"))
            .hint("name a new place: --output <path>"));
    }
    if !target.parent().is_some_and(Path::is_dir) {
        return Err(CommandError::new(format!("there is no directory for '{shown}'"))
            .hint("make it first: mkdir -p <dir>"));
    }
    if !args.force
        && let Some(top) = outside::shown_by(&target)
    {
        return Err(CommandError::new(format!(
            "'{shown}' is in the work tree '{}', which does not ignore it",
            top.display()
        ))
        .hint("write elsewhere, or have git ignore it; if it is meant: --force"));
    }
    Ok(Some(target))
}

fn rules(context: &Context, path: &Path) -> Result<(Rules, Redactor), CommandError> {
    let shown = Text::from(path.display().to_string()).visible();
    let wrong = |error: String| {
        CommandError::new(format!("rules '{shown}': {}", Text::from(error).visible()))
            .hint("rules to start from: git okr export --rules")
    };
    let text = std::fs::read_to_string(context.cwd().join(path)).map_err(|error| wrong(error.to_string()))?;
    let rules = Rules::decode(&text).map_err(|error| wrong(error.to_string()))?;
    let secret = match rules.secret {
        Some(_) => String::new(),
        None => outside::secret(&context.journal()?.state_dir())
            .map_err(|error| CommandError::new(format!("cannot keep the secret of pseudonyms: {error}")))
            .hint("bring one: secret = \"<16 characters or more>\" in the rules")?,
    };
    let redactor = Redactor::new(&rules, secret.as_bytes()).map_err(|error| wrong(error.to_string()))?;
    Ok((rules, redactor))
}

/// Every file of the journal, in the order of its tree.
fn sources(context: &Context, at: &Revision) -> Result<Vec<Source>, CommandError> {
    let journal = context.journal()?;
    let mut files = vec![("journal.toml".to_owned(), journal.header(at)?.encode().into_bytes())];
    files.extend(journal.guide_text(at)?.map(|guide| ("guide.toml".to_owned(), guide.into_bytes())));
    let (mut index, _) = journal.index(at)?;
    index.sort_by(|a, b| a.path.cmp(&b.path));
    for one in &index {
        // What cannot even be read as bytes is told as one that cannot be read.
        files.push((one.path.clone(), journal.raw(one).unwrap_or_default()));
    }
    let read = |(path, bytes): (String, Vec<u8>)| {
        let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.is_empty());
        let document = text.and_then(|text| Document::read(&path, text));
        Source { path, bytes, document }
    };
    Ok(files.into_iter().map(read).collect())
}
