//! Running this program again as a person would: from a command line, in a world with nothing of this machine in it.

use std::ffi::OsString;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::CommandError;
use crate::model::{Instant, Text};

/// What a program needs from the machine to start at all, and what the person said about colours and width.
const KEPT: [&str; 11] = [
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "TMPDIR",
    "TERM",
    "COLORTERM",
    "COLUMNS",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
];

/// This program, ready to be run in a home of its own. Nothing else of the caller's environment gets through: no
/// identity, no configuration, no `GIT_*`.
#[derive(Clone, Debug)]
pub struct Rerun {
    program: PathBuf,
    world: Vec<(&'static str, OsString)>,
}

impl Rerun {
    /// This program in the world below `root`, with its home in `root/home`.
    pub fn in_world(root: &Path) -> Result<Self, CommandError> {
        let program = std::env::current_exe()
            .map_err(|error| CommandError::new(format!("this program cannot find itself: {error}")))?;
        let home = root.join("home");
        let world = vec![
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("GIT_CONFIG_GLOBAL", home.join(".gitconfig").into()),
            // A world inside of somebody's repository must not be taken for a part of it.
            ("GIT_CEILING_DIRECTORIES", root.into()),
            ("XDG_CONFIG_HOME", home.join(".config").into()),
            ("XDG_DATA_HOME", home.join(".local/share").into()),
            ("XDG_STATE_HOME", home.join(".local/state").into()),
            ("XDG_CACHE_HOME", home.join(".cache").into()),
            ("TZ", "UTC".into()),
            ("HOME", home.into()),
        ];
        Ok(Self { program, world })
    }

    /// The program's file.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The variables that make the world.
    pub fn world(&self) -> &[(&'static str, OsString)] {
        &self.world
    }

    /// Runs one command line that reads `input`, and returns what it prints. What it says on stderr is only told when it
    /// fails.
    pub fn output(
        &self,
        dir: &Path,
        now: Instant,
        args: &[String],
        input: &str,
    ) -> Result<Vec<u8>, CommandError> {
        let mut command = self.command(dir, now, args);
        let mut file = tempfile::tempfile()?;
        file.write_all(input.as_bytes())?;
        file.rewind()?;
        let Output { status, stdout, stderr } =
            command.stdin(file).output().map_err(|error| self.unstartable(&error))?;
        if status.success() {
            return Ok(stdout);
        }
        let said = Text::from(String::from_utf8_lossy(&stderr).trim_end().to_owned());
        Err(CommandError::new(format!("'git okr {}' failed:\n{}", args.join(" "), said.visible())))
    }

    /// Runs one command line whose answer goes where ours go.
    pub fn show(&self, dir: &Path, now: Instant, args: &[String]) -> Result<(), CommandError> {
        let status = self
            .command(dir, now, args)
            .stdin(Stdio::null())
            .status()
            .map_err(|error| self.unstartable(&error))?;
        if status.success() {
            return Ok(());
        }
        Err(CommandError::new(format!("'git okr {}' failed", args.join(" "))))
    }

    fn command(&self, dir: &Path, now: Instant, args: &[String]) -> Command {
        let date = format!("{} {}", now.epoch(), now.0.format("%z"));
        let kept = KEPT.into_iter().filter_map(|key| Some((key, std::env::var_os(key)?)));
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .current_dir(dir)
            .env_clear()
            .envs(kept)
            .envs(self.world.iter().map(|(key, value)| (key, value)))
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date);
        command
    }

    fn unstartable(&self, error: &std::io::Error) -> CommandError {
        CommandError::new(format!("cannot run '{}' again: {error}", self.program.display()))
    }
}
