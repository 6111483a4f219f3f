//! `git okr reference`: all verbs, settings and exit codes as Markdown; the page in `docs/reference` is its output.

use std::fmt::Write;

use clap::Command;

use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::rule::{RULES, Threshold};
use crate::settings::SETTINGS;

/// Print the reference of all verbs as Markdown
#[derive(clap::Args, Debug)]
pub struct Args {}

/// Runs the verb.
pub fn run(context: &mut Context, _: Args) -> Outcome {
    let mut root = super::root();
    root.build();
    let mut text = String::from(
        "# Reference\n\n<!-- Written by 'git okr reference'; a test compares it with the program. -->\n\n\
         Options that every verb has: `--color WHEN`, `-q`/`--quiet`, `-h`/`--help`.\n",
    );
    for verb in super::VERBS.iter().filter(|verb| !verb.group.is_empty()) {
        if let Some(command) = root.find_subcommand(verb.name) {
            page(&mut text, command, &format!("git okr {}", verb.name), 2);
        }
    }
    text += "\n## Rules\n\nThe registry behind every finding: 'git okr rules'. A guide moves a threshold with \
             `[rule.<rule>]` and `<threshold> = <number>`.\n\n| rule | serves | because | thresholds |\n|---|---|---|---|\n";
    for rule in RULES {
        let limit =
            |limit: &Threshold| format!("`{}` {} {}: {}", limit.name, limit.default, limit.unit, limit.about);
        let limits: Vec<String> = rule.thresholds.iter().map(limit).collect();
        let _ =
            writeln!(text, "| `{}` | {} | {} | {} |", rule.id, rule.serves, rule.reason, limits.join("; "));
    }
    text += "\n## Settings\n\nKeys of git's configuration, read with git's own rules.\n\n\
             | key | value | default | meaning |\n|---|---|---|---|\n";
    for setting in SETTINGS {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            setting.key, setting.value, setting.default, setting.about
        );
    }
    text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | done |\n\
             | 1 | failed; or something differs, is wrong or does not match, where a verb says so |\n| 2 | wrong usage |\n";
    context.ui.plain(&text)?;
    Ok(exit::DONE)
}

fn page(text: &mut String, command: &Command, name: &str, level: usize) {
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(text, "\n{} {name}\n", "#".repeat(level));
    let mut in_code = false;
    for line in about.lines() {
        // Indented lines of a help text are commands to type.
        let code = line.starts_with("  ");
        if code != in_code && (code || !line.is_empty()) {
            text.push_str("```\n");
            in_code = code;
        }
        let _ = writeln!(text, "{}", if code { line.trim_start() } else { line });
    }
    if in_code {
        text.push_str("```\n");
    }
    let hidden = ["help", "color", "quiet", "version"];
    let arguments: Vec<_> =
        command.get_arguments().filter(|arg| !hidden.contains(&arg.get_id().as_str())).collect();
    if !arguments.is_empty() {
        text.push_str("\n| argument | meaning |\n|---|---|\n");
    }
    for arg in arguments {
        let value = arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
        let takes_value = arg.get_num_args().is_none_or(|range| range.takes_values());
        let shown = match (arg.get_short(), arg.get_long()) {
            (Some(short), Some(long)) if takes_value => format!("-{short}, --{long} <{value}>"),
            (Some(short), Some(long)) => format!("-{short}, --{long}"),
            (None, Some(long)) if takes_value => format!("--{long} <{value}>"),
            (None, Some(long)) => format!("--{long}"),
            _ => format!("<{value}>"),
        };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "| `{}` | {} |", shown.replace('|', "\\|"), help.replace('|', "\\|"));
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        page(text, inner, &format!("{name} {}", inner.get_name()), level + 1);
    }
}
