//! A `git` that talks to a remote: what it says is heard while it says it, and one that falls silent is ended.

use std::ffi::OsStr;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::program::{Git, GitError};

/// How often a git that says nothing is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How long the last words of a git that has ended are waited for: an ssh that stays behind keeps the stream open.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How long a git that was told to end may take to end what it started.
const FAREWELL: Duration = Duration::from_secs(2);
/// The most that is kept of an answer: a million refs.
const MAX_ANSWER: u64 = 64 << 20;
/// The longest line, and the most lines, that are kept of what it says.
const MAX_LINE: usize = 1000;
const MAX_LINES: usize = 200;

/// What a git said, however it ended.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub answer: Vec<u8>,
    /// The lines that it said on stderr, without progress; foreign text.
    pub said: Vec<String>,
    /// True when it said nothing for too long and was ended.
    pub fell_silent: bool,
}

impl Talk {
    /// True when it did what it was to do.
    pub fn is_done(&self) -> bool {
        self.code == Some(0)
    }
}

/// A piece of what git says.
enum Heard {
    /// A line on stderr; true when the next one takes its place, as progress does.
    Line(String, bool),
    /// All of stdout.
    Answer(Vec<u8>),
}

impl Git {
    /// Runs git and hands on its progress. With `patience`, a git that says nothing for that long is ended.
    pub fn talk<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        patience: Option<Duration>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Talk, GitError> {
        let mut child = self.spawn(args, Stdio::null())?;
        let (tell, told) = mpsc::channel();
        if let Some(stderr) = child.stderr.take() {
            let tell = tell.clone();
            thread::spawn(move || listen(stderr, &tell));
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                let mut answer = Vec::new();
                let _ = stdout.take(MAX_ANSWER).read_to_end(&mut answer);
                let _ = tell.send(Heard::Answer(answer));
            });
        }
        let mut talk = Talk::default();
        let (mut last, mut ended) = (Instant::now(), None);
        loop {
            match told.recv_timeout(LOOK) {
                Ok(Heard::Line(line, true)) => progress(&line),
                Ok(Heard::Line(line, false)) if talk.said.len() < MAX_LINES && !line.trim().is_empty() => {
                    talk.said.push(line);
                }
                Ok(Heard::Line(..)) => {}
                Ok(Heard::Answer(answer)) => talk.answer = answer,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let has_ended = child.try_wait().map_err(|source| self.io(source))?.is_some();
                    if ended.is_some_and(|since: Instant| since.elapsed() > LAST_WORDS) {
                        break;
                    }
                    if has_ended {
                        ended = ended.or(Some(Instant::now()));
                    } else if patience.is_some_and(|patience| last.elapsed() > patience) {
                        end(&mut child);
                        talk.fell_silent = true;
                        break;
                    }
                    continue;
                }
            }
            last = Instant::now();
        }
        talk.code = child.wait().map_err(|source| self.io(source))?.code();
        Ok(talk)
    }
}

/// Asks a git to end, so that it ends what it started; then makes it.
fn end(child: &mut Child) {
    let since = Instant::now();
    if let Ok(id) = i32::try_from(child.id()) {
        let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
    }
    while since.elapsed() < FAREWELL && matches!(child.try_wait(), Ok(None)) {
        thread::sleep(LOOK);
    }
    let _ = child.kill();
}

/// Cuts a stream into lines. One that ends in a carriage return is written over by the next, unless a line feed follows:
/// ssh ends its lines with both.
fn listen(mut stream: impl Read, tell: &mpsc::Sender<Heard>) {
    let (mut part, mut line, mut passing) = ([0; 4096], Vec::new(), None::<String>);
    while let Ok(read @ 1..) = stream.read(&mut part) {
        for byte in &part[..read] {
            let heard = match byte {
                b'\r' => {
                    let text = String::from_utf8_lossy(&line).into_owned();
                    passing = Some(text.clone());
                    Some(Heard::Line(text, true))
                }
                b'\n' => {
                    let text = passing.take().filter(|_| line.is_empty());
                    let text = text.unwrap_or_else(|| String::from_utf8_lossy(&line).into_owned());
                    Some(Heard::Line(text, false))
                }
                byte => {
                    passing = None;
                    if line.len() < MAX_LINE {
                        line.push(*byte);
                    }
                    None
                }
            };
            let Some(heard) = heard else { continue };
            line.clear();
            if tell.send(heard).is_err() {
                return;
            }
        }
    }
    let _ = tell.send(Heard::Line(String::from_utf8_lossy(&line).into_owned(), false));
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Heard, MAX_LINE, listen};

    /// What is heard: lines that pass in brackets.
    fn heard(bytes: &[u8]) -> Vec<String> {
        let (tell, told) = mpsc::channel();
        listen(bytes, &tell);
        drop(tell);
        let shown = |heard| match heard {
            Heard::Line(text, true) => format!("[{text}]"),
            Heard::Line(text, false) => text,
            Heard::Answer(_) => unreachable!("there is one stream"),
        };
        told.iter().map(shown).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn lines_stay_and_progress_passes() {
        for (said, lines) in [
            (&b""[..], &[][..]),
            (b"one\ntwo", &["one", "two"]),
            (b"a 10%\ra 90%\ra 100%, done.\nend\n", &["[a 10%]", "[a 90%]", "a 100%, done.", "end"]),
            (
                b"Permission denied.\r\nfatal: x\n",
                &["[Permission denied.]", "Permission denied.", "fatal: x"],
            ),
            (b"\xff\x1b[31m\n", &["\u{fffd}\u{1b}[31m"]),
        ] {
            assert_eq!(heard(said), lines, "{said:?}");
        }
        assert_eq!(heard(&b"x".repeat(1 << 20))[0].len(), MAX_LINE, "a line without end takes no room");
    }
}
