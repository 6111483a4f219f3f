//! One verb a file: its arguments, whose comments are its help, and the line that joins the rings.

pub mod add;
pub mod bet;
pub mod completions;
pub mod decide;
pub mod demo;
pub mod diff;
pub mod edit;
pub mod explain;
pub mod export;
pub mod fsck;
pub mod git;
pub mod guide;
pub mod harvest;
pub mod hook;
pub mod hooks;
pub mod inbox;
pub mod init;
pub mod key;
pub mod list;
pub mod log;
pub mod man;
pub mod objective;
pub mod reference;
pub mod remote;
pub mod remove;
pub mod resolve;
pub mod restore;
pub mod review;
pub mod rules;
pub mod scorecard;
pub mod search;
pub mod show;
pub mod status;
pub mod sync;
pub mod undo;

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use crate::context::Context;
use crate::error::{CommandError, Outcome};
use crate::format::draft::title;
use crate::model::Text;
use crate::render::Format;

/// A verb: what one types, and how it is parsed and run.
pub struct Verb {
    /// What one types.
    pub name: &'static str,
    /// Its group in the help; empty hides it.
    pub group: &'static str,
    /// What it does, on one line.
    pub about: &'static str,
    /// Adds its arguments.
    pub augment: fn(Command) -> Command,
    /// Runs it.
    pub run: fn(&mut Context, &ArgMatches) -> Outcome,
}

macro_rules! verbs {
    ($($group:literal { $($name:literal => $module:ident, $about:literal;)* })*) => {
        /// Every verb, in the order of the help.
        pub const VERBS: &[Verb] = &[$($(Verb {
            name: $name,
            group: $group,
            about: $about,
            augment: <$module::Args as Args>::augment_args,
            run: |context, matches| $module::run(context, $module::Args::from_arg_matches(matches)?),
        },)*)*];
    };
}

verbs! {
    "start" {
        "init" => init, "Create the private journal";
        "guide" => guide, "Show, edit and check the guide that records are read by";
        "hooks" => hooks, "Install the hooks that suggest evidence after a commit";
        "demo" => demo, "Play a year of one engineer in a temporary place";
    }
    "record" {
        "objective" => objective, "Read the organisation\'s OKRs through the guide\'s lenses";
        "decide" => decide, "Run a candidate through the decision filter";
        "bet" => bet, "Open, list, check in on and close bets";
        "add" => add, "Record evidence";
        "harvest" => harvest, "Read commits into suggestions";
        "inbox" => inbox, "Decide on suggestions";
    }
    "look" {
        "status" => status, "Show the quarter at a glance";
        "list" => list, "List evidence";
        "show" => show, "Show one record";
        "search" => search, "Search all records";
        "log" => log, "Show the journal's history in meaning";
    }
    "report" {
        "scorecard" => scorecard, "Answer the guide's questions from the records of a period";
        "explain" => explain, "Trace a finding to its rule and its records";
        "rules" => rules, "Explain the rules behind the reports";
        "export" => export, "Export the journal's records, also without names";
        "diff" => diff, "Show how bets shifted between two quarters, dates or revisions";
        "review" => review, "Review a quarter, item by item";
    }
    "share" {
        "remote" => remote, "Name the remotes that the journal may go to";
        "sync" => sync, "Bring this journal and a remote's together";
        "key" => key, "Seal the journal for keys, and list them";
    }
    "mend" {
        "edit" => edit, "Edit a record in your editor";
        "resolve" => resolve, "Decide what two machines changed at once";
        "remove" => remove, "Remove a record";
        "restore" => restore, "Bring a removed record back";
        "undo" => undo, "Take the last change back";
        "fsck" => fsck, "Check every record and reference";
        "git" => git, "Run git on the journal";
    }
    "shell" {
        "completions" => completions, "Print a completion script for a shell";
        "man" => man, "Write manual pages";
    }
    "" {
        "hook" => hook, "Run by the installed hooks";
        "reference" => reference, "Print the reference of all verbs as Markdown";
    }
}

const ABOUT: &str =
    "A private, git-native evidence journal: bets, evidence and scorecards that come from history";

/// The whole parser. The arguments of a verb are built when that verb is parsed, so start-up stays small.
pub fn root() -> Command {
    let mut groups = String::new();
    for verb in VERBS.iter().filter(|verb| !verb.group.is_empty()) {
        if !groups.contains(&format!("{}:\n", verb.group)) {
            groups += &format!("{}{}:\n", if groups.is_empty() { "" } else { "\n" }, verb.group);
        }
        groups += &format!("  {:<12} {}\n", verb.name, verb.about);
    }
    let root = Command::new("git-okr")
        .bin_name("git okr")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .infer_long_args(true)
        .help_template("{about}\n\n{usage-heading} {usage}{after-help}\n\noptions:\n{options}\n")
        .after_help(groups)
        .arg(
            Arg::new("color")
                .long("color")
                .value_name("WHEN")
                .global(true)
                .value_parser(["auto", "always", "never"])
                .help("Colours: auto, always or never"),
        )
        .arg(
            Arg::new("quiet")
                .short('q')
                .long("quiet")
                .global(true)
                .action(ArgAction::SetTrue)
                .help("Say only errors"),
        );
    VERBS.iter().fold(root, |root, verb| {
        root.subcommand(
            Command::new(verb.name).about(verb.about).hide(verb.group.is_empty()).defer(verb.augment),
        )
    })
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutputFormat {
    /// For a terminal
    Text,
    /// For a document or a forge
    Markdown,
    /// For a program
    Json,
}

/// The option that every reading verb has.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct FormatOption {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: OutputFormat,
}

impl FormatOption {
    fn is_text(self) -> bool {
        matches!(self.format, OutputFormat::Text)
    }

    fn get(self) -> Format {
        match self.format {
            OutputFormat::Text => Format::Text,
            OutputFormat::Markdown => Format::Markdown,
            OutputFormat::Json => Format::Json,
        }
    }
}

/// Splits options of the form ID=TEXT.
fn pairs(texts: &[String], example: &str) -> Result<BTreeMap<String, String>, CommandError> {
    let mut pairs = BTreeMap::new();
    for text in texts {
        let (id, value) = text.split_once('=').ok_or_else(|| {
            let shown = Text::from(text.as_str()).visible();
            CommandError::usage(format!("'{shown}' is not of the form ID=TEXT")).hint(example)
        })?;
        pairs.insert(id.trim().to_owned(), value.to_owned());
    }
    Ok(pairs)
}

/// Checks a title while it is being typed.
fn checked_title(text: &str) -> Result<String, String> {
    title(text).map(|title| title.raw().to_owned()).map_err(|error| error.to_string())
}
