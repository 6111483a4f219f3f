//! The streams: answers on stdout, talk on stderr, colour and width decided once.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::doc::{Doc, Line};
use super::progress::Progress;
use super::style::{self, ColorChoice, Role};
use super::{json, markdown, sanitize, text};

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a document or a forge.
    Markdown,
    /// For a program.
    Json,
}

impl Format {
    /// Every format, in the order help shows them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Markdown, Self::Json];

    /// The word that names the format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == word);
        found.ok_or_else(|| format!("unknown format '{word}' (text, markdown or json)"))
    }
}

/// Where the program writes. Every error of a stream, a closed pipe too, comes back to the caller.
pub struct Ui {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    out_is_tty: bool,
    err_is_tty: bool,
    in_is_tty: bool,
    out_colour: bool,
    err_colour: bool,
    blocks: bool,
    width: usize,
    quiet: bool,
    hints: bool,
}

impl Ui {
    /// The process's own streams.
    pub fn stdio(colour: ColorChoice, quiet: bool) -> Self {
        let (out_is_tty, err_is_tty) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let env = |name: &str| std::env::var(name).ok();
        let columns =
            || console::Term::stdout().size_checked().map_or(0, |(_, columns)| usize::from(columns));
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            out_is_tty,
            err_is_tty,
            in_is_tty: io::stdin().is_terminal(),
            out_colour: colour.colours(out_is_tty, env),
            err_colour: colour.colours(err_is_tty, env),
            blocks: out_is_tty && style::speaks_utf8(env),
            width: if out_is_tty { columns() } else { 0 },
            quiet,
            hints: true,
        }
    }

    /// Streams that tests read: no terminal, no colour, lines of `width`.
    pub fn buffered(width: usize) -> (Self, Captured) {
        let captured = Captured::default();
        let ui = Self {
            out: Box::new(captured.out.clone()),
            err: Box::new(captured.err.clone()),
            out_is_tty: false,
            err_is_tty: false,
            in_is_tty: false,
            out_colour: false,
            err_colour: false,
            blocks: false,
            width,
            quiet: false,
            hints: true,
        };
        (ui, captured)
    }

    /// Talks on stdout where that is the terminal and stderr is none: a hook's shim throws away what an older program
    /// may complain of, and lets through what this one says.
    pub fn talk_on_the_terminal(&mut self) {
        if self.out_is_tty && !self.err_is_tty {
            self.err = Box::new(io::stdout());
            (self.err_is_tty, self.err_colour) = (true, self.out_colour);
        }
    }

    /// Silences or restores hints (`okr.hints`).
    pub fn set_hints(&mut self, hints: bool) {
        self.hints = hints;
    }

    /// True when stdout is a terminal.
    pub fn out_is_tty(&self) -> bool {
        self.out_is_tty
    }

    /// True when answers are coloured.
    pub fn out_colour(&self) -> bool {
        self.out_colour
    }

    /// True when answers go to a terminal that can show block characters.
    pub fn draws_blocks(&self) -> bool {
        self.blocks
    }

    /// True when stderr is a terminal.
    pub fn err_is_tty(&self) -> bool {
        self.err_is_tty
    }

    /// True when stdin is a terminal.
    pub fn in_is_tty(&self) -> bool {
        self.in_is_tty
    }

    /// True when there is a person to ask: questions are read from stdin and shown on stderr.
    pub fn is_interactive(&self) -> bool {
        self.in_is_tty && self.err_is_tty
    }

    /// The columns of the terminal, 0 when there is none.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Answers in `format`: `doc` is only built when it is shown.
    pub fn answer<T: Serialize>(
        &mut self,
        format: Format,
        kind: &str,
        value: &T,
        doc: impl FnOnce(&T) -> Doc,
    ) -> io::Result<()> {
        match format {
            Format::Text => self.doc(&doc(value)),
            Format::Markdown => self.markdown(&doc(value)),
            Format::Json => self.json(json::envelope(kind, value).map_err(io::Error::other)?),
        }
    }

    /// Answers with what was done: as text, unless the person asked for quiet.
    pub fn done<T: Serialize>(
        &mut self,
        format: Format,
        kind: &str,
        value: &T,
        doc: impl FnOnce(&T) -> Doc,
    ) -> io::Result<()> {
        if self.quiet && format == Format::Text { Ok(()) } else { self.answer(format, kind, value, doc) }
    }

    /// Answers with a document.
    pub fn doc(&mut self, doc: &Doc) -> io::Result<()> {
        let text = text::render(doc, self.out_colour, self.width);
        self.print(&text)
    }

    /// Answers with a document as Markdown.
    pub fn markdown(&mut self, doc: &Doc) -> io::Result<()> {
        self.print(&markdown::render(doc))
    }

    /// Answers with serialised JSON. A program gets it as it is; on a terminal nothing in it can act or hide.
    pub fn json(&mut self, json: String) -> io::Result<()> {
        let json = if self.out_is_tty { sanitize::json_for_terminal(&json) } else { json };
        self.print(&json)
    }

    /// Answers with one line, which is never wrapped.
    pub fn line(&mut self, line: impl Into<Line>) -> io::Result<()> {
        let text = text::line_in(&line.into(), Role::Plain, self.out_colour);
        self.print(&(text + "\n"))
    }

    /// Writes `text` to stdout as it is, without a newline. Only for what this program made and a machine reads (ids,
    /// completions, man pages): nothing is escaped, so no foreign text may be in it.
    pub fn plain(&mut self, text: &str) -> io::Result<()> {
        self.print(text)
    }

    /// Lines that somebody wrote, as they are in a pipe and made visible on a terminal.
    pub fn foreign(&mut self, text: &crate::model::Text) -> io::Result<()> {
        let text = if self.out_is_tty { sanitize::terminal_prose(text.raw()) } else { text.raw().to_owned() };
        self.print(&text)
    }

    /// Several lines of our own for stderr, such as a usage error that quotes what was typed.
    pub fn complain(&mut self, text: &str) -> io::Result<()> {
        self.talk(&(sanitize::terminal_prose(text.trim_end()) + "\n"))
    }

    /// Says what was done, unless the person asked for quiet.
    pub fn status(&mut self, line: impl Into<Line>) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let text = text::line_in(&line.into(), Role::Plain, self.err_colour);
        self.talk(&(text + "\n"))
    }

    /// Says what the person should know before relying on the answer. Quiet does not silence it.
    pub fn warning(&mut self, line: impl Into<Line>) -> io::Result<()> {
        let label = Role::Warn.paint("warning:", self.err_colour);
        let text = text::line_in(&line.into(), Role::Plain, self.err_colour);
        self.talk(&format!("{label} {text}\n"))
    }

    /// Says what could be done next, unless the person asked for quiet.
    pub fn hint(&mut self, hint: &str) -> io::Result<()> {
        if self.quiet || !self.hints {
            return Ok(());
        }
        let text = self.hint_lines(hint);
        self.talk(&text)
    }

    /// Says what failed, why, and what could be done, in the words of git.
    pub fn error(&mut self, message: &str, causes: &[String], hints: &[String]) -> io::Result<()> {
        let mut text = labelled("error:", Role::Bad, message, self.err_colour);
        for cause in causes {
            text += &labelled("caused by:", Role::Plain, cause, self.err_colour);
        }
        for hint in hints.iter().filter(|_| self.hints) {
            text += &self.hint_lines(hint);
        }
        self.talk(&text)
    }

    /// A count of `what`, shown when stderr is a terminal and the work takes a while. Finish it before saying more.
    pub fn progress(&self, what: &str, total: Option<u64>) -> Progress {
        Progress::new(self.err_is_tty && !self.quiet, what, total)
    }

    /// What another program says of its progress, shown like [`Ui::progress`].
    pub fn relay(&self) -> Progress {
        Progress::relay(self.err_is_tty && !self.quiet)
    }

    /// Shows a question, and leaves the cursor behind it.
    pub(super) fn question(&mut self, line: &Line) -> io::Result<()> {
        let text = text::line_in(line, Role::Strong, self.err_colour);
        self.talk(&text)
    }

    /// Shows what belongs to a question, however quiet the person wants the rest.
    pub(super) fn aside(&mut self, text: &str) -> io::Result<()> {
        self.talk(&sanitize::terminal_prose(text))
    }

    /// Each line of a hint says that it is one.
    fn hint_lines(&self, hint: &str) -> String {
        let label = Role::Warn.paint("hint:", self.err_colour);
        let shown = sanitize::terminal_prose(hint.trim_end());
        shown.split('\n').map(|line| format!("{label} {line}").trim_end().to_owned() + "\n").collect()
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    fn talk(&mut self, text: &str) -> io::Result<()> {
        self.err.write_all(text.as_bytes())?;
        self.err.flush()
    }
}

/// `text` after a label, further lines set under the first.
fn labelled(label: &str, role: Role, text: &str, colour: bool) -> String {
    let shown = sanitize::terminal_prose(text.trim_end());
    let indent = format!("\n{}", " ".repeat(label.len() + 1));
    format!("{} {}\n", role.paint(label, colour), shown.replace('\n', &indent))
}

/// What a buffered [`Ui`] has written.
#[derive(Clone, Default)]
pub struct Captured {
    out: Buffer,
    err: Buffer,
}

impl Captured {
    /// What went to stdout.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// What went to stderr.
    pub fn err(&self) -> String {
        self.err.text()
    }
}

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
