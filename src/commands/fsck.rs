//! `git okr fsck`: check every record, reference and object.

use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::context::links::{Links, LostLink};
use crate::error::{CommandError, IDENTITY, Outcome, exit};
use crate::model::Text;
use crate::render::view::{self, count};

use crate::render::{Doc, Line, Role, Table};
use crate::report::exposure::Exposure;
use crate::store::exposure::Depth;
use crate::store::journal::{CheckReport, Journal, JournalError, Tip, Transaction, Wreck};
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
/// When the newest state of the journal cannot be used at all, names the earlier states that git remembers or that are
/// still among its objects. --recover goes back to the newest of them that is whole and adds what can be read of
/// later records; without it nothing is moved.
///
/// When somebody ran 'git merge' on the branch by hand, records may hold both sides between markers. --repair merges
/// them again by field, as 'git okr sync' would have; what was decided by hand in other records stays.
///
/// In a repository, also names links to commits of it that are lost: amended, rebased, squashed, filtered away. That is
/// no fault of the journal, which keeps what it knew of them: the exit code is that of the rest.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Look for what lost commits became, and repair the links of which that is certain
    #[arg(long)]
    reanchor: bool,

    /// Go back to the newest state that is whole, when the present one cannot be used
    #[arg(long)]
    recover: bool,

    /// Merge again what a merge by hand left between markers
    #[arg(long)]
    repair: bool,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Default, Serialize)]
struct Checked {
    #[serde(flatten)]
    report: CheckReport,
    /// What `git fsck` says of the objects.
    objects: Vec<Text>,
    /// Where the journal can be read, or would go, beyond what its owner said.
    exposure: Vec<Exposure>,
    /// Links into the repository one stands in.
    links: Option<Links>,
    /// What is left of a journal that cannot be used.
    wreck: Option<Wreck>,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    if let Some((journal, wreck)) = Journal::wreck(&context.location()?, context.keyring()?)? {
        if !args.recover {
            return tell_wreck(context, wreck, args.format);
        }
        recover(context, &journal, &wreck)?;
    } else if args.recover {
        context.ui.status(Line::from("there is nothing to recover: the journal opens"))?;
    }
    if args.repair {
        repair(context)?;
    }
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
    let checked = Checked { report, objects, exposure, links, wreck: None };
    context.ui.answer(args.format.get(), "fsck", &checked, document)?;
    let clean = checked.report.damages.is_empty() && checked.objects.is_empty();
    if checked.report.damages.iter().any(|damage| damage.kind == "markers") {
        context.ui.hint("merge by field what was merged by hand: git okr fsck --repair")?;
    }
    if !clean {
        context
            .ui
            .hint("mend a record: git okr edit <id>\nearlier states: git okr log, git okr git log -g")?;
    }
    if checked.report.sealed > 0 {
        context.ui.hint(IDENTITY)?;
    }
    for one in &checked.exposure {
        context.ui.hint(&format!("{}: {}", one.kind, one.remedy.visible()))?;
    }
    if let Some(lost) = checked.links.iter().flat_map(|links| &links.lost).find(|link| link.found.is_none()) {
        let by_hand = format!("name the commit yourself: git okr edit {}", lost.evidence);
        let hint = "look for what they became: git okr fsck --reanchor";
        context.ui.hint(if args.reanchor { &by_hand } else { hint })?;
    }
    Ok(if clean && checked.exposure.is_empty() { exit::DONE } else { exit::FAILED })
}

/// Puts right what a merge by hand left between markers.
fn repair(context: &mut Context) -> Result<(), CommandError> {
    let at = context.journal()?.tip()?;
    let found = context.journal()?.by_hand(&at)?;
    if found.writes.is_empty() && found.left.is_empty() {
        return Ok(context.ui.status(Line::from("no merge by hand left anything undecided"))?);
    }
    if !found.writes.is_empty() {
        context.commit(Transaction::new("repair", found.writes))?;
    }
    for path in &found.repaired {
        context.ui.status(Line::new().role(Role::Good, "merged again ").plain(path))?;
    }
    for path in &found.left {
        context.ui.warning(format!("the merge that left markers in '{path}' is not in the history"))?;
    }
    Ok(())
}

/// Says what is left of a journal that cannot be used.
fn tell_wreck(context: &mut Context, wreck: Wreck, format: FormatOption) -> Outcome {
    let usable = wreck.best().is_some();
    let checked = Checked { wreck: Some(wreck), ..Checked::default() };
    context.ui.answer(format.get(), "fsck", &checked, |checked| wreckage(checked.wreck.as_ref()))?;
    context.ui.hint(if usable {
        "go back to the newest one that is whole: git okr fsck --recover"
    } else {
        "no earlier state is whole: bring the journal from a backup or from another machine"
    })?;
    Ok(exit::FAILED)
}

fn recover(context: &mut Context, journal: &Journal, wreck: &Wreck) -> Result<(), CommandError> {
    let Some(best) = wreck.best() else {
        return Err(CommandError::new(format!("no earlier state is whole, and {}", wreck.fault.visible()))
            .hint("bring the journal from a backup or from another machine"));
    };
    let now = context.recover(journal, wreck)?;
    let line =
        Line::new().role(Role::Good, "recovered ").plain(format!("branch '{}': back at ", journal.branch()));
    context.ui.status(line.line(tip(best)))?;
    for one in &wreck.salvage {
        let line = Line::new().role(Role::Added, "salvaged ").text(Role::Plain, &one.title);
        context.ui.status(line)?;
    }
    if now.id != best.id {
        context
            .ui
            .hint("records that were salvaged may be from commands that were interrupted: git okr log")?;
    }
    Ok(())
}

/// A tip on one line.
fn tip(tip: &Tip) -> Line {
    let day = tip.time.map_or_else(|| "no date".to_owned(), |time| time.day().to_string());
    let line =
        Line::new().role(Role::Strong, tip.id.get(..10).unwrap_or_default()).plain(format!("  {day}  "));
    line.plain(format!("{}  ", count(tip.records, "record"))).text(Role::Plain, &tip.subject)
}

fn wreckage(wreck: Option<&Wreck>) -> Doc {
    let Some(wreck) = wreck else { return Doc::new() };
    let mut doc = Doc::new().para(Line::new().role(Role::Bad, "unusable: ").text(Role::Plain, &wreck.fault));
    if !wreck.tips.is_empty() {
        let tips = wreck.tips.iter().map(|one| match &one.fault {
            None => tip(one).role(Role::Good, "  whole"),
            Some(fault) => tip(one).role(Role::Warn, "  ").text(Role::Warn, fault),
        });
        doc = doc.heading(2, "earlier states").items(tips.map(Into::into));
    }
    if !wreck.salvage.is_empty() {
        let lines = wreck
            .salvage
            .iter()
            .map(|one| Line::new().text(Role::Plain, &one.title).plain("  ").text(Role::Muted, &one.path));
        doc = doc.heading(2, "later records that can be read").items(lines.map(Into::into));
    }
    doc
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
    // A blob that inflates to gigabytes is checked piece by piece.
    let small = "core.bigFileThreshold=8m";
    let args = ["-c", small, dir.as_str(), "fsck", "--no-dangling", "--no-progress", "--strict", &branch];
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

/// How many links are lost and how many were repaired, behind the verdict on the journal.
fn links_told(links: &Links) -> String {
    let found = links.lost.iter().filter(|link| link.found.is_some()).count();
    let lost = links.lost.len() - found;
    let told = |number: usize, what: &str| {
        if number > 0 { format!(", {} {what}", count(number, "link")) } else { String::new() }
    };
    format!("{}{}", told(found, "repaired"), told(lost, "lost"))
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
    // What leads out of the journal is told apart: it changes with the place where one stands.
    let lost = checked.links.as_ref().is_some_and(|links| !links.lost.is_empty());
    let verdict = match wrong {
        0 if lost => "nothing is wrong in the journal".to_owned(),
        0 => "nothing is wrong".to_owned(),
        wrong => count(wrong, "fault"),
    };
    let sealed = match checked.report.sealed {
        0 => String::new(),
        more => format!("{} sealed for others and not read, ", count(more, "record")),
    };
    let links = checked.links.as_ref().map(links_told).unwrap_or_default();
    doc.footer(format!("{} read, {sealed}{verdict}{links}", count(checked.report.records, "record")))
}
