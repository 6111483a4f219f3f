//! `git okr fsck`: check every record, reference and object.

use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::context::reanchoring::{Links, LostLink};
use crate::error::{CommandError, Outcome, exit};
use crate::model::Text;
use crate::render::view::{self, count};

use crate::render::{Doc, Line, Role, Table};
use crate::report::exposure::Exposure;
use crate::store::exposure::Depth;
use crate::store::journal::{CheckReport, JournalError};
use crate::store::project::program::{Git, GitError};

/// Check every record and reference
///
/// Reads every record and names the file, line and key of what is wrong: unreadable files, dangling references, ids
/// that clash, words that the guide does not know, files in the wrong place, stale locks. Then git checks the objects.
/// Changes nothing. Exits 1 when anything is wrong.
///
/// Also names what exposes the journal: a directory that others can read, a worktree on its branch, remotes that have it
/// or whose configuration would take it, a guard before a push that is missing.
///
/// In a repository, also names links to commits of it that are lost: amended, rebased, squashed, filtered away.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Look for what lost commits became, and repair the links of which that is certain
    #[arg(long)]
    reanchor: bool,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    report: CheckReport,
    /// What `git fsck` says of the objects.
    objects: Vec<Text>,
    /// Where the journal can be read, or would go, beyond what its owner said.
    exposure: Vec<Exposure>,
    /// Links into the repository one stands in.
    links: Option<Links>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let progress = context.ui.progress("checking objects", None);
    let mut objects = objects(context)?;
    progress.set_message("checking records");
    let journal = context.journal()?;
    let report = match journal.tip().and_then(|tip| journal.check(&tip)) {
        // Where not even the root can be read, that is the finding.
        Err(JournalError::Object(error)) => {
            objects.insert(0, error.to_string().into());
            CheckReport::default()
        }
        report => report?,
    };
    progress.finish();
    let links = links(context, args.reanchor)?;
    let exposure = context.exposure(Depth::Whole).unwrap_or_default();
    let checked = Checked { report, objects, exposure, links };
    context.ui.answer(args.format.get(), "fsck", &checked, document)?;
    let clean = checked.report.damages.is_empty() && checked.objects.is_empty();
    if !clean {
        context
            .ui
            .hint("mend a record: git okr edit <id>\nearlier states: git okr log, git okr git log -g")?;
    }
    for one in &checked.exposure {
        context.ui.hint(&format!("{}: {}", one.kind, one.remedy.visible()))?;
    }
    let lost = checked.links.as_ref().map_or(0, |links| links.lost.len());
    if lost > 0 && !args.reanchor {
        context.ui.hint("look for what they became: git okr fsck --reanchor")?;
    }
    Ok(if clean && checked.exposure.is_empty() { exit::DONE } else { exit::FAILED })
}

/// The links of evidence into the repository one stands in. Without the wish to repair them nothing may fail here.
fn links(context: &mut Context, reanchor: bool) -> Result<Option<Links>, CommandError> {
    if !reanchor {
        return Ok(context.links().ok().flatten());
    }
    if context.project()?.is_none() {
        return Err(CommandError::new("there is no git repository here")
            .hint("go into the repository whose commits were rewritten"));
    }
    let mut links = context.links()?;
    if let Some(links) = &mut links {
        context.reanchor(links)?;
    }
    Ok(links)
}

/// What git says of the journal's objects, as far as they can be reached from its branch.
fn objects(context: &Context) -> Result<Vec<Text>, CommandError> {
    let journal = context.journal()?;
    let branch = format!("refs/heads/{}", journal.branch());
    let dir = format!("--git-dir={}", journal.dir().display());
    let args = [dir.as_str(), "fsck", "--no-dangling", "--no-progress", "--strict", &branch];
    match Git::new(context.cwd()).output(&args) {
        Ok(_) => Ok(Vec::new()),
        Err(GitError::Failed { stderr, .. }) => {
            let lines: Vec<Text> =
                stderr.lines().filter(|line| !line.starts_with("notice:")).map(Text::from).collect();
            Ok(if lines.is_empty() { vec!["git fsck failed".into()] } else { lines })
        }
        Err(error) => Err(error.into()),
    }
}

/// What is known of one lost link.
fn lost(link: &LostLink) -> Line {
    let short = |id: &str| id.get(..10).unwrap_or(id).to_owned();
    let mut line = Line::new().id(link.evidence.as_str(), 8).plain("  ").text(Role::Plain, &link.title);
    line = line.plain(": ").role(Role::Muted, short(&link.commit));
    match (&link.found, link.by) {
        (Some(found), Some(by)) => {
            line.plain(" is now ").role(Role::Good, short(found)).plain(format!(" ({})", by.words()))
        }
        _ if link.candidates.is_empty() => line.role(Role::Warn, " lost"),
        _ => {
            let list: Vec<String> = link.candidates.iter().map(|id| short(id)).collect();
            line.role(Role::Warn, " lost").plain(format!("; it could be {}", list.join(", ")))
        }
    }
}

fn document(checked: &Checked) -> Doc {
    let mut doc = Doc::new();
    if !checked.report.damages.is_empty() {
        let mut table = Table::new(["what", "where"]);
        for damage in &checked.report.damages {
            table.push([Line::new().role(Role::Bad, damage.kind), view::fault(&damage.fault)]);
        }
        doc = doc.table(table);
    }
    if !checked.objects.is_empty() {
        doc = doc.heading(2, "objects").lines(checked.objects.iter().map(Line::from));
    }
    if let Some(links) = checked.links.as_ref().filter(|links| !links.lost.is_empty()) {
        doc = doc.heading(2, "links to commits").items(links.lost.iter().map(|link| lost(link).into()));
    }
    if !checked.exposure.is_empty() {
        let mut table = Table::new(["exposed by", "what"]);
        for one in &checked.exposure {
            table.push([Line::new().role(Role::Bad, one.kind), Line::new().text(Role::Plain, &one.what)]);
        }
        doc = doc.heading(2, "exposure").table(table);
    }
    let wrong = checked.report.damages.len() + checked.objects.len() + checked.exposure.len();
    let verdict = if wrong == 0 { "nothing is wrong".to_owned() } else { count(wrong, "fault") };
    doc.footer(format!("{} read, {verdict}", count(checked.report.records, "record")))
}
