//! `git okr fsck`: check every record, reference and object.

use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::Text;
use crate::render::view::{self, count};
use crate::render::{Doc, Line, Role, Table};
use crate::store::journal::{CheckReport, JournalError};
use crate::store::project::program::{Git, GitError};

/// Check every record and reference
///
/// Reads every record and names the file, line and key of what is wrong: unreadable files, dangling references, ids
/// that clash, words that the guide does not know, files in the wrong place, stale locks. Then git checks the objects.
/// Changes nothing. Exits 1 when anything is wrong.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    report: CheckReport,
    /// What `git fsck` says of the objects.
    objects: Vec<Text>,
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
    let checked = Checked { report, objects };
    context.ui.answer(args.format.get(), "fsck", &checked, document)?;
    let clean = checked.report.damages.is_empty() && checked.objects.is_empty();
    if !clean {
        context
            .ui
            .hint("mend a record: git okr edit <id>\nearlier states: git okr log, git okr git log -g")?;
    }
    Ok(if clean { exit::DONE } else { exit::FAILED })
}

/// What git says of the journal's objects, as far as they can be reached from its branch.
fn objects(context: &Context) -> Result<Vec<Text>, crate::error::CommandError> {
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
    let wrong = checked.report.damages.len() + checked.objects.len();
    let verdict = if wrong == 0 { "nothing is wrong".to_owned() } else { count(wrong, "fault") };
    doc.footer(format!("{} read, {verdict}", count(checked.report.records, "record")))
}
