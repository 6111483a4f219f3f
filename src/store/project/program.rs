//! The `git` program: the only place that starts it for a person's code repositories.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::running::{Running, next_record};

/// Configuration of a repository that would run programs, or change what the answers look like.
const QUIET_CONFIG: [&str; 8] = [
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.quotePath=false",
    "diff.external=",
    "diff.relative=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "trailer.separators=:",
];

/// How the `GIT_*` variables begin that are the person's own wishes. Every other one is removed: a hook inherits
/// variables that point into one repository, and following them from another one reads the wrong history.
const KEPT: [&str; 11] = [
    "GIT_ASKPASS",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_",
    "GIT_CONFIG_",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",
    "GIT_HTTP_",
    "GIT_PROXY_",
    "GIT_SSH",
    "GIT_SSL_",
    "GIT_TERMINAL_PROMPT",
];

/// Why `git` gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` in `PATH`.
    #[error("the 'git' program was not found")]
    NotInstalled,
    /// It ran and failed.
    #[error("'git {}' failed{}: {stderr}", args.first().map_or("", String::as_str), code_words(*code))]
    Failed {
        /// Its arguments, without the configuration that every call gets.
        args: Vec<String>,
        /// Its exit code; `None` when a signal ended it.
        code: Option<i32>,
        /// What it said, trimmed. Foreign text: sanitise before printing.
        stderr: String,
    },
    /// It could not be started or talked to.
    #[error("cannot run 'git' in '{}'", dir.display())]
    Io {
        /// Where it should have run.
        dir: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

fn code_words(code: Option<i32>) -> String {
    code.map_or_else(|| " (ended by a signal)".to_owned(), |code| format!(" (exit code {code})"))
}

impl GitError {
    /// The exit code, when git ran to its end.
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Failed { code, .. } => *code,
            Self::NotInstalled | Self::Io { .. } => None,
        }
    }

    /// What git said on stderr; foreign text.
    pub fn stderr(&self) -> &str {
        match self {
            Self::Failed { stderr, .. } => stderr,
            Self::NotInstalled | Self::Io { .. } => "",
        }
    }
}

/// How remotes may be reached when the person does not narrow it: nothing that runs a program.
const PROTOCOLS: [&str; 5] = ["file", "git", "http", "https", "ssh"];

/// Runs `git` in one directory, with an environment that no hook and no repository can bend; offline, unless it is
/// told otherwise.
#[derive(Clone, Debug)]
pub struct Git {
    dir: PathBuf,
    env: Vec<(OsString, OsString)>,
    online: bool,
}

impl Git {
    /// A `git` that runs in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), env: Vec::new(), online: false }
    }

    /// The same `git`, for the one door that leads to remotes.
    #[must_use]
    pub fn online(mut self) -> Self {
        self.online = true;
        self
    }

    /// Sets a variable for every call, after the environment was cleaned.
    #[must_use]
    pub fn with_env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// The same `git` in another directory.
    #[must_use]
    pub fn at(&self, dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), env: self.env.clone(), online: self.online }
    }

    /// The directory that it runs in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Everything that git prints.
    pub fn output<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<Vec<u8>, GitError> {
        self.all(self.start(args, Stdio::null(), None)?)
    }

    /// Everything that git prints when it reads `input`.
    pub fn feed<A: AsRef<OsStr>>(&self, args: &[A], input: Vec<u8>) -> Result<Vec<u8>, GitError> {
        self.all(self.start(args, Stdio::piped(), Some(input))?)
    }

    fn all(&self, mut running: Running) -> Result<Vec<u8>, GitError> {
        let mut answer = Vec::new();
        let read = running.stdout()?.read_to_end(&mut answer);
        running.finish()?;
        read.map_err(|source| self.io(source))?;
        Ok(answer)
    }

    /// Lets `listen` read what git prints when it reads `input`, as far as it wants to.
    pub(super) fn converse<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        input: Vec<u8>,
        listen: impl FnOnce(&mut dyn BufRead) -> io::Result<()>,
    ) -> Result<(), GitError> {
        let mut running = self.start(args, Stdio::piped(), Some(input))?;
        listen(&mut running.stdout()?).map_err(|source| self.io(source))
    }

    /// Starts git and goes on: it holds no stream of ours, and no key that is pressed reaches it.
    pub fn detach<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<(), GitError> {
        let mut command = self.command();
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command.spawn().map(drop).map_err(|source| self.io(source))
    }

    /// The first line that git prints, as text.
    pub fn line<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<String, GitError> {
        let answer = String::from_utf8_lossy(&self.output(args)?).into_owned();
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    }

    /// Hands every NUL-terminated record that git prints to `on_record`, until that breaks. `input` is what git
    /// reads. Memory stays at one record, however long the answer is.
    pub fn stream<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        input: Option<Vec<u8>>,
        mut on_record: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut running = self.start(args, stdin, input)?;
        let mut answer = running.stdout()?;
        let mut record = Vec::new();
        loop {
            match next_record(&mut answer, &mut record) {
                Ok(true) if on_record(&record).is_continue() => {}
                Ok(true) => return Ok(()),
                Ok(false) => return running.finish(),
                Err(source) => return Err(self.io(source)),
            }
        }
    }

    /// What `second` prints when it reads what `first` prints; `input` is what `first` reads. The second part of
    /// the answer is how `first` ended.
    pub fn pipe<A: AsRef<OsStr>, B: AsRef<OsStr>>(
        &self,
        first: &[A],
        input: Vec<u8>,
        second: &[B],
    ) -> Result<(Vec<u8>, Result<(), GitError>), GitError> {
        let mut source = self.start(first, Stdio::piped(), Some(input))?;
        let between = source.child.stdout.take().map_or_else(Stdio::null, Stdio::from);
        let mut sink = self.start(second, between, None)?;
        let mut answer = Vec::new();
        let read = sink.stdout()?.read_to_end(&mut answer);
        sink.finish()?;
        read.map_err(|source| self.io(source))?;
        Ok((answer, source.finish()))
    }

    /// Git's version; zeros when it cannot be told.
    pub fn version(&self) -> Result<(u32, u32, u32), GitError> {
        Ok(parse_version(&self.line(&["version"])?))
    }

    pub(super) fn io(&self, source: io::Error) -> GitError {
        GitError::Io { dir: self.dir.clone(), source }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (key, _) in std::env::vars_os().filter(|(key, _)| is_foreign(key)) {
            command.env_remove(key);
        }
        // Reading must never reach for the network: a partial clone answers with what it has. Versions of git
        // that do not know the first variable obey the second.
        let wish = std::env::var("GIT_ALLOW_PROTOCOL").ok();
        let protocols = if self.online { allowed_protocols(wish.as_deref()) } else { "none".to_owned() };
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", protocols);
        command
            .env("LC_ALL", "C")
            .env("LANGUAGE", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_PAGER", "cat");
        command
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .current_dir(&self.dir)
            .arg("--no-pager");
        command.args(QUIET_CONFIG.iter().flat_map(|setting| ["-c", setting]));
        command
    }

    /// Starts git with both of its streams in our hands.
    pub(super) fn spawn<A: AsRef<OsStr>>(&self, args: &[A], stdin: Stdio) -> Result<Child, GitError> {
        let mut command = self.command();
        command.args(args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|source| {
            // A missing directory is told by the same error as a missing program.
            if source.kind() == io::ErrorKind::NotFound && self.dir.is_dir() {
                GitError::NotInstalled
            } else {
                self.io(source)
            }
        })
    }

    fn start<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        stdin: Stdio,
        input: Option<Vec<u8>>,
    ) -> Result<Running, GitError> {
        let child = self.spawn(args, stdin)?;
        let args = args.iter().map(|arg| arg.as_ref().to_string_lossy().into_owned()).collect();
        Ok(Running::new(child, self.dir.clone(), args, input))
    }
}

/// What the person allows, as far as it can be meant for a journal. Git's own rules would let a setting allow `ext`.
fn allowed_protocols(wish: Option<&str>) -> String {
    let wanted = |name: &&&str| wish.is_none_or(|wish| wish.split(':').any(|word| word == **name));
    let allowed: Vec<&str> = PROTOCOLS.iter().filter(wanted).copied().collect();
    if allowed.is_empty() { "none".to_owned() } else { allowed.join(":") }
}

pub(super) fn is_foreign(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    key.starts_with("GIT_") && !KEPT.iter().any(|kept| key.starts_with(kept))
}

fn parse_version(line: &str) -> (u32, u32, u32) {
    let number = line.trim_start_matches("git version ").split_whitespace().next().unwrap_or_default();
    let mut parts = number.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// A `git` that talks to the person directly, for `git okr git`: their configuration and pager, our clean environment.
pub fn interactive(dir: &Path) -> Command {
    let mut command = Command::new("git");
    for (key, _) in std::env::vars_os().filter(|(key, _)| is_foreign(key)) {
        command.env_remove(key);
    }
    command.current_dir(dir);
    command
}
