//! The demo's stage: a home, code repositories, a clock, and a person who types the story's command lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::scratch::Scratch;
use super::story::Step;
use crate::context::Context;
use crate::context::rerun::Rerun;
use crate::error::{CommandError, Hint};
use crate::model::Instant;
use crate::render::{Doc, Line, Role};

/// Whose year it is; invented, like everything in the story.
const NAME: &str = "Mira Castellan";
const EMAIL: &str = "mira@fernhollow.example";

/// Where a story is played.
pub(super) struct Stage {
    root: PathBuf,
    rerun: Rerun,
    repos: BTreeMap<String, Scratch>,
    dir: PathBuf,
    now: Instant,
}

impl Stage {
    /// Sets the stage in an empty directory.
    pub(super) fn set(root: &Path) -> Result<Self, CommandError> {
        let root = root.canonicalize()?;
        let home = root.join("home");
        fs::create_dir_all(&home)?;
        let identity =
            format!("[user]\n\tname = {NAME}\n\temail = {EMAIL}\n[init]\n\tdefaultBranch = main\n");
        fs::write(home.join(".gitconfig"), identity)?;
        let rerun = Rerun::in_world(&root)?;
        let now = Instant::from_epoch(0, 0).ok_or_else(|| CommandError::new("there is no 1970"))?;
        Ok(Self { dir: home, repos: BTreeMap::new(), now, rerun, root })
    }

    /// Plays one step.
    pub(super) fn play(&mut self, context: &mut Context, step: &Step) -> Result<(), CommandError> {
        match step {
            Step::Chapter(_) => {}
            Step::Clock(at) => self.now = *at,
            Step::Repo { name, url } => {
                let place = self.root.join("code").join(name);
                self.repos.insert(name.clone(), Scratch::create(&place, url, self.rerun.world())?);
            }
            Step::Enter(place) => {
                let home = || self.root.join("home");
                self.dir = if place == "home" { home() } else { self.repo(place)?.dir() };
            }
            Step::Commit(commit) => {
                let (at, person) = (self.now, format!("{NAME} <{EMAIL}>"));
                self.repo(&commit.repo)?.commit(commit, &person, at);
            }
            Step::Run(args, input) => {
                self.run(args, input)?;
            }
            Step::Accept { titles, options } => self.decide("accept", titles, options)?,
            Step::Dismiss(titles) => self.decide("dismiss", titles, &[])?,
            Step::Say(text) => context.ui.doc(&Doc::new().para(text.as_str()))?,
            Step::Show(line, args) => {
                context.ui.plain("\n")?;
                context.ui.line(Line::new().role(Role::Muted, "$ ").role(Role::Strong, line.as_str()))?;
                self.write_commits()?;
                let colour = if context.ui.out_colour() { "always" } else { "never" };
                let args = [&["--color".to_owned(), colour.to_owned()], args.as_slice()].concat();
                self.rerun.show(&self.dir, self.now, &args)?;
            }
        }
        Ok(())
    }

    fn repo(&mut self, name: &str) -> Result<&mut Scratch, CommandError> {
        self.repos
            .get_mut(name)
            .ok_or_else(|| CommandError::new(format!("the story has no repository '{name}'")))
    }

    fn run(&mut self, args: &[String], input: &str) -> Result<Vec<u8>, CommandError> {
        self.write_commits()?;
        self.rerun.output(&self.dir, self.now, args, input)
    }

    fn write_commits(&mut self) -> Result<(), CommandError> {
        self.repos.values_mut().try_for_each(Scratch::write)
    }

    /// Decides on suggestions by their titles: their ids are known to the inbox alone.
    fn decide(&mut self, verb: &str, titles: &[String], options: &[String]) -> Result<(), CommandError> {
        let list = ["inbox", "--list", "--all", "--format", "json"].map(str::to_owned);
        let answer: serde_json::Value = serde_json::from_slice(&self.run(&list, "")?)?;
        let waiting: Vec<(&str, &str)> = answer["data"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| Some((one["title"].as_str()?, one["id"].as_str()?)))
            .collect();
        let mut args = vec!["inbox".to_owned(), verb.to_owned()];
        for title in titles {
            let id = waiting.iter().find(|(waits, _)| waits == title).map(|(_, id)| (*id).to_owned());
            let names = || waiting.iter().map(|(title, _)| *title).collect::<Vec<_>>().join("\n  ");
            args.push(id.ok_or_else(|| {
                CommandError::new(format!("the story's inbox has no '{title}' but\n  {}", names()))
            })?);
        }
        args.extend_from_slice(options);
        self.run(&args, "").map(drop)
    }

    /// Leaves the stage so that somebody else can work there.
    pub(super) fn leave(&self) -> Result<PathBuf, CommandError> {
        for repo in self.repos.values() {
            repo.check_out()?;
        }
        let script = self.root.join("env.sh");
        fs::write(&script, self.script()).hint("is the disk full?")?;
        Ok(script)
    }

    /// What a shell needs to be that person, at the end of the story.
    fn script(&self) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut script = format!(
            "# Makes this shell {NAME}'s: . {}\n",
            quoted(&self.root.join("env.sh").to_string_lossy())
        );
        for (key, value) in self.rerun.world() {
            script += &format!("export {key}={}\n", quoted(&value.to_string_lossy()));
        }
        if let Some(dir) = self.rerun.program().parent() {
            script += "\n# So that git finds 'git okr'.\n";
            script += &format!("export PATH={}:\"$PATH\"\n", quoted(&dir.to_string_lossy()));
        }
        let end = self.now.0.format("%Y-%m-%dT%H:%M:%S%z");
        script
            + "\n# The story ends here; without this line the clock is the machine's own.\n"
            + &format!("export GIT_COMMITTER_DATE={end}\n")
    }
}
