//! `git okr harvest`: read commits into suggestions.

use super::FormatOption;
use crate::context::harvesting::{Harvested, Imported, Wanted};
use crate::context::{Context, clock};
use crate::error::{CommandError, Outcome, exit};
use crate::harvest::export::Format;
use crate::model::{Day, Text};
use crate::render::doc::Item;
use crate::render::view::count;
use crate::render::{Doc, Line, Role};

/// Read commits into suggestions
///
/// Reads your commits since the last harvest of this repository and branch; the first time, those of
/// this quarter and the last. What looks like evidence waits in the inbox until you decide: harvest
/// itself records nothing. Running it again finds nothing twice, and what was decided once is never
/// suggested again, from any machine.
///
/// Several repositories are read in one go with '--repo', or always, by 'status', 'inbox' and 'review'
/// too, when they are configured; each is known by its remote, so two clones of one are one:
///
///   git config --global --add okr.repos '~/code/*'
///
/// What only a forge knows (reviews, merge dates, issues) comes from its own program; nothing here uses
/// the network. A pull request and its commits are one suggestion, and reviews you gave are one for
/// each repository and month:
///
///   gh pr list --author @me --state merged --limit 500 \
///     --json number,title,url,author,mergedAt,body,closingIssuesReferences,reviews,files |
///     git okr harvest --from gh -
///   gh search prs --reviewed-by=@me --state closed --limit 500 \
///     --json number,title,url,author,state,closedAt |
///     git okr harvest --reviewed --from gh -
///   glab mr list --author @me --merged --output json | git okr harvest --from glab -
///
/// A commit can speak for itself: 'Okr-Bet: one-queue' names its bet, 'Okr-Evidence: yes' asks to be
/// kept.
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// A revision or range to read instead, such as v1.0..main
    #[arg(value_name = "REVISION RANGE")]
    range: Option<String>,

    /// A repository to read instead of this one and those of okr.repos; repeatable, '*' and '?' work
    #[arg(long = "repo", value_name = "PATH")]
    repos: Vec<String>,

    /// Whose commits: an e-mail address, a pattern for names and addresses, or '*' for everybody's
    #[arg(long, value_name = "PATTERN")]
    author: Option<String>,

    /// Only commits of this day or later
    #[arg(long, value_name = "DAY")]
    since: Option<String>,

    /// Only commits of this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<String>,

    /// The whole history
    #[arg(long)]
    all: bool,

    /// Read what a forge's program wrote, gh or glab, instead of commits; '-' is standard input
    #[arg(
        long,
        num_args = 2,
        value_names = ["FORGE", "FILE"],
        conflicts_with_all = ["range", "repos", "author", "since", "until", "all"]
    )]
    from: Vec<String>,

    /// The pull requests are others' that you reviewed
    #[arg(long, requires = "from")]
    reviewed: bool,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    if let [forge, file] = args.from.as_slice() {
        let format = Format::parse(forge).ok_or_else(|| {
            let shown = Text::from(forge.as_str()).visible();
            CommandError::usage(format!("no export of '{shown}' is known"))
                .hint("forges are read by the names of their programs: gh, glab")
        })?;
        let imported = context.import(format, file, args.reviewed)?;
        context.ui.done(args.format.get(), "export", &imported, export)?;
        if imported.waiting > 0 {
            context.ui.hint("decide on them: git okr inbox")?;
        }
        return Ok(exit::DONE);
    }
    let wanted = Wanted {
        since: day(context, args.since.as_deref())?,
        until: day(context, args.until.as_deref())?,
        range: args.range,
        author: args.author,
        all: args.all,
        repos: args.repos,
    };
    let Some(harvested) = context.harvest(&wanted)? else {
        return Err(CommandError::new("there is no git repository here")
            .hint("go into the repository whose commits to read"));
    };
    complain(context, &harvested)?;
    context.ui.done(args.format.get(), "harvest", &harvested, document)?;
    for lost in &harvested.taken_back {
        context.ui.warning(
            Line::from(format!("evidence {} rests on work that was taken back: ", lost.id.as_str()))
                .text(Role::Plain, &lost.title),
        )?;
    }
    if let Some(first) = harvested.taken_back.first() {
        let (id, by) = (first.id.as_str(), first.by.raw().get(..12).unwrap_or_default());
        context.ui.hint(&format!(
            "say how it ended: git okr edit {id}, with the artifact 'commit:{by}'; or git okr remove {id}"
        ))?;
    }
    if harvested.repositories.iter().any(|read| read.shallow) {
        context.ui.hint(
            "this clone is shallow, what lies behind its end was not read; all of it: git fetch --unshallow",
        )?;
    }
    if harvested.waiting > 0 {
        context.ui.hint("decide on them: git okr inbox")?;
    }
    if let Some(since) = harvested.repositories.iter().filter_map(|read| read.since).min() {
        context.ui.hint(&format!("read from {since} on; everything: git okr harvest --all"))?;
    }
    Ok(exit::DONE)
}

/// Tells what could not be read; nothing at all is a failure.
fn complain(context: &mut Context, harvested: &Harvested) -> Result<(), CommandError> {
    for one in &harvested.skipped {
        context.ui.warning(one.line())?;
    }
    if harvested.repositories.is_empty() && !harvested.skipped.is_empty() {
        return Err(CommandError::new("no repository could be read")
            .hint("see which are configured: git config --get-all okr.repos"));
    }
    let several = harvested.repositories.len() > 1;
    for read in &harvested.repositories {
        let place = || {
            if several { Line::new().plain(" of ").text(Role::Plain, &read.repository) } else { Line::new() }
        };
        if let Some(why) = &read.stopped {
            let line = Line::from("some commits").line(place()).plain(" could not be read: ");
            context.ui.warning(line.text(Role::Plain, &why.first_line()))?;
        }
        if read.unreadable > 0 {
            let line = Line::from(count(read.unreadable, "commit")).line(place()).plain(" unreadable");
            context.ui.warning(line)?;
        }
        if read.uncounted > 0 {
            let line = Line::from(format!("lines of {}", count(read.uncounted, "commit"))).line(place());
            context.ui.warning(line.plain(" are not counted: this clone lacks files"))?;
        }
    }
    Ok(())
}

fn document(harvested: &Harvested) -> Doc {
    let line = Line::new().plain(format!("read {} of ", count(harvested.commits, "commit")));
    let line = match harvested.repositories.as_slice() {
        [only] => line.text(Role::Plain, &only.repository),
        several => line.plain(format!("{} repositories", several.len())),
    };
    let yours = if harvested.own < harvested.commits {
        format!(", {} of them yours", harvested.own)
    } else {
        String::new()
    };
    let new = count(harvested.new, "new suggestion");
    let more = if harvested.more == 0 {
        String::new()
    } else {
        format!(", {} more: git okr inbox --all", harvested.more)
    };
    let doc = Doc::new().para(line.plain(format!("{yours}: {new}, {} waiting{more}", harvested.waiting)));
    if harvested.repositories.len() < 2 {
        return doc;
    }
    let news = harvested.repositories.iter().filter(|read| read.commits > 0);
    doc.items(news.map(|read| {
        Item::new(
            Line::new()
                .text(Role::Plain, &read.repository)
                .plain(format!("  {}", count(read.commits, "commit"))),
        )
    }))
}

fn export(imported: &Imported) -> Doc {
    let parts = [
        (imported.own, "of yours, merged"),
        (imported.reviewed, "reviewed by you"),
        (imported.open, "not merged"),
        (imported.others, "of others"),
        (imported.bots, "of programs"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let read = count(imported.requests, "pull request");
    let new = count(imported.new, "new suggestion");
    Doc::new().para(Line::from(format!("read {read}{parts}: {new}, {} waiting", imported.waiting)))
}

fn day(context: &Context, text: Option<&str>) -> Result<Option<Day>, CommandError> {
    let Some(text) = text else { return Ok(None) };
    clock::parse_day(text, context.today()?).map(Some).ok_or_else(|| {
        CommandError::usage(format!("'{}' is not a date", Text::from(text).visible()))
            .hint("days are written 2026-11-03, yesterday or 'last friday'")
    })
}
