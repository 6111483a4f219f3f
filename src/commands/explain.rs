//! `git okr explain`: a finding traced to its rule, its thresholds and its records.

use serde::Serialize;

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::Text;
use crate::model::rule::{Rule, find};
use crate::render::view;
use crate::report::{Finding, scorecard};

/// Trace a finding to its rule and its records
///
/// A finding is named as reports show it, such as 'gate-answered/2'; '--all' explains everything that its rule found. Findings belong to a period and a revision: give the same ones as the report.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// A finding, such as capture-lag or gate-answered/2
    finding: String,

    /// The report's period [default: this-quarter]
    #[arg(value_name = "PERIOD")]
    period: Option<String>,

    /// Everything that the rule found
    #[arg(long)]
    all: bool,

    /// As the journal knew it at a date or revision
    #[arg(long, value_name = "DATE|REVISION")]
    as_of: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct Explained<'a> {
    finding: &'a Finding,
    rule: &'a Rule,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let shown = Text::from(args.finding.as_str()).visible();
    let name = args.finding.split('/').next().unwrap_or_default();
    let rule = find(name).ok_or_else(|| super::rules::unknown(name))?;
    let at = context.revision(args.as_of.as_deref())?;
    let (guide, _) = context.journal()?.guide(&at)?;
    let period = context.period(args.period.as_deref(), &guide)?;
    let snapshot = context.snapshot(&at, Context::judged(&period, &guide))?;
    let card = scorecard::build(&snapshot, &period);
    let found: Vec<(Finding, &Rule)> = card
        .findings()
        .filter(|finding| finding.id == args.finding || args.all && finding.rule == name)
        .map(|finding| (finding.clone(), rule))
        .collect();
    if found.is_empty() {
        return Err(CommandError::new(format!("'{shown}' is not in the scorecard of {period}"))
            .hint(format!("git okr scorecard {period}\nwhat the rule looks at: git okr rules {name}")));
    }
    let told: Vec<Explained<'_>> = found.iter().map(|(finding, rule)| Explained { finding, rule }).collect();
    context.ui.answer(args.format.get(), "explain", &told, |_| view::rule::explained(&found, &snapshot))?;
    Ok(exit::DONE)
}
