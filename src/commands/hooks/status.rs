//! `git okr hooks status`: what is installed, who else owns hooks, and whether git runs ours.

use serde::Serialize;

use crate::commands::FormatOption;
use crate::context::Context;
use crate::error::{Outcome, exit};
use crate::model::Text;
use crate::render::{Doc, Line, Role, Table};
use crate::store::hooks::{Event, EventStatus, HookKind, HookStatus, Hooks};

#[derive(Serialize)]
struct Told {
    hooks: Vec<One>,
    hooks_path: Option<Text>,
    manager: Option<&'static str>,
    managed: Vec<String>,
}

#[derive(Serialize)]
struct One {
    event: &'static str,
    installed: &'static str,
    path: Text,
    /// `null` when it was not tried.
    runs: Option<bool>,
    problems: Vec<Text>,
}

impl One {
    fn new(status: EventStatus) -> Self {
        let mut problems: Vec<Text> = status.problems.into_iter().map(Text::from).collect();
        let (installed, path) = match status.how {
            HookKind::Config => ("by the repository's configuration", status.path),
            HookKind::GlobalConfig => ("by your configuration", status.path),
            HookKind::File => ("as a file", status.path),
            HookKind::Block => ("as a block in a script", status.path),
            HookKind::Named(path) => {
                let why = "not tried: whatever else its manager runs would run too";
                problems.push(why.into());
                ("by a manager", path)
            }
            HookKind::None => ("no", status.path),
        };
        let path = Text::from(path.display().to_string());
        Self { event: status.event.name(), installed, path, runs: status.runs, problems }
    }
}

/// Runs the verb.
pub(super) fn run(context: &mut Context, hooks: &Hooks, format: FormatOption) -> Outcome {
    let mut status: HookStatus = hooks.status()?;
    hooks.try_out(&mut status)?;
    let here = context.is_here();
    // Of the guard nobody needs to know who has nothing to be guarded here.
    status.events.retain(|one| one.event != Event::PrePush || here || one.how != HookKind::None);
    let usual = |one: &&EventStatus| Event::USUAL.contains(&one.event) || here && one.event == Event::PrePush;
    let all_run = status.events.iter().filter(usual).all(|one| one.runs != Some(false));
    let told = Told {
        hooks: status.events.into_iter().map(One::new).collect(),
        hooks_path: status.hooks_path,
        manager: status.manager,
        managed: status.managed,
    };
    context.ui.answer(format.get(), "hooks", &told, document)?;
    Ok(if all_run { exit::DONE } else { exit::FAILED })
}

fn document(told: &Told) -> Doc {
    let mut table = Table::new(["hook", "installed", "git runs it", "where"]);
    for one in &told.hooks {
        let runs = match one.runs {
            Some(true) => Line::new().role(Role::Good, "yes, tried"),
            Some(false) if one.installed == "no" => Line::new().role(Role::Muted, "no"),
            Some(false) => Line::new().role(Role::Warn, "no"),
            None => Line::new().role(Role::Muted, "not tried"),
        };
        let place =
            if one.installed == "no" { Line::new() } else { Line::new().text(Role::Plain, &one.path) };
        table.push([Line::from(one.event), Line::from(one.installed), runs, place]);
    }
    let mut doc = Doc::new().table(table);
    let mut facts = Vec::new();
    if let Some(path) = &told.hooks_path {
        facts.push(("core.hooksPath", Line::new().text(Role::Plain, path)));
    }
    if let Some(manager) = told.manager {
        let owns = if told.managed.is_empty() {
            Line::from(manager)
        } else {
            Line::new().plain(format!("{manager}: {}", told.managed.join(", ")))
        };
        facts.push(("managed by", owns));
    }
    if !facts.is_empty() {
        doc = doc.facts(facts);
    }
    let problems: Vec<Line> = told
        .hooks
        .iter()
        .flat_map(|one| one.problems.iter().map(|problem| (one.event, problem)))
        .map(|(event, problem)| Line::new().role(Role::Strong, event).plain(": ").text(Role::Plain, problem))
        .collect();
    if problems.is_empty() {
        doc
    } else {
        doc.heading(2, "problems").items(problems.into_iter().map(Into::into))
    }
}
