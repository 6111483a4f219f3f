//! `git okr rules`: the registry behind every verdict.

use super::FormatOption;
use crate::context::Context;
use crate::error::{CommandError, Outcome, exit};
use crate::model::rule::{RULES, Rule, find};
use crate::model::{Guide, Text};
use crate::render::view;

/// Explain the rules behind the reports
///
/// Every line of a scorecard comes from a rule with a name. A rule says what it looks at, why, and by which numbers it
/// decides; a guide moves a number with a table '[rule.NAME]' and 'THRESHOLD = NUMBER' in it.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// One rule in full
    rule: Option<String>,

    #[command(flatten)]
    format: FormatOption,
}

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    let Some(name) = &args.rule else {
        let all: Vec<&Rule> = RULES.iter().collect();
        context.ui.answer(args.format.get(), "rules", &all, |all| view::rule::rules(all))?;
        return Ok(exit::DONE);
    };
    let rule = find(name).ok_or_else(|| unknown(name))?;
    // Without a journal the numbers are the rules' own.
    let guide = match context.journal() {
        Ok(journal) => journal.guide(&journal.tip()?)?.0,
        Err(_) => Guide::empty(),
    };
    context.ui.answer(args.format.get(), "rule", rule, |rule| view::rule::rule(rule, &guide))?;
    Ok(exit::DONE)
}

/// No rule of that name, and the nearest that there is.
pub(super) fn unknown(name: &str) -> CommandError {
    let nearest = RULES
        .iter()
        .map(|rule| (strsim::jaro_winkler(rule.id, name), rule.id))
        .filter(|(near, _)| *near > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let error = CommandError::new(format!("no rule is called '{}'", Text::from(name).visible()));
    match nearest {
        Some((_, near)) => error.hint(format!("did you mean '{near}'? all of them: git okr rules")),
        None => error.hint("list them: git okr rules"),
    }
}
