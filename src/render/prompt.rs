//! Questions to a person: on stderr, answered on stdin, only where both are a terminal.

use std::io::{self, BufRead};

use console::Term;
use dialoguer::{Confirm, Input, MultiSelect, Select};
use nix::sys::signal::{SigSet, Signal};

use super::doc::Line;
use super::sanitize;
use super::style::Role;
use super::ui::Ui;

/// The answer that ends a sequence of questions; the end of the input means the same.
pub const QUIT: char = 'q';

/// The right to ask: exists only where somebody can answer.
pub struct Prompt<'a> {
    ui: &'a mut Ui,
}

impl Ui {
    /// The right to ask, or an error that says why not.
    pub fn prompt(&mut self) -> io::Result<Prompt<'_>> {
        if self.is_interactive() {
            Ok(Prompt { ui: self })
        } else {
            Err(io::Error::new(io::ErrorKind::NotConnected, "there is no terminal to ask on"))
        }
    }
}

impl Prompt<'_> {
    /// Asks for one line, which may start from `initial`.
    pub fn ask_text(&mut self, prompt: &str, initial: &str, allow_empty: bool) -> io::Result<String> {
        let input = Input::<String>::new()
            .with_prompt(sanitize::terminal(prompt))
            .with_initial_text(sanitize::terminal(initial))
            .allow_empty(allow_empty);
        Ok(calm(|| input.interact_text_on(&Term::stderr()))?.trim().to_owned())
    }

    /// Asks for one line until `check` takes it; what was typed stands there to be mended.
    pub fn ask_until<T>(
        &mut self,
        prompt: &str,
        allow_empty: bool,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> io::Result<T> {
        let mut typed = String::new();
        loop {
            typed = self.ask_text(prompt, &typed, allow_empty)?;
            match check(&typed) {
                Ok(value) => return Ok(value),
                Err(why) => self.ui.warning(why)?,
            }
        }
    }

    /// Asks for lines; an empty one ends them.
    pub fn ask_lines(&mut self, prompt: &str) -> io::Result<Vec<String>> {
        let prompt = format!("{prompt} (an empty line ends)");
        let mut lines = Vec::new();
        loop {
            match self.ask_text(&prompt, "", true)? {
                line if line.is_empty() => return Ok(lines),
                line => lines.push(line),
            }
        }
    }

    /// Asks for one of `items`: its index, or `None` when the person turned away.
    pub fn select(&mut self, prompt: &str, items: &[String], default: usize) -> io::Result<Option<usize>> {
        if items.is_empty() {
            return Ok(None);
        }
        let select = Select::new()
            .with_prompt(sanitize::terminal(prompt))
            .items(self.shown(items))
            .default(default.min(items.len() - 1));
        calm(|| select.interact_on_opt(&Term::stderr()))
    }

    /// Asks for any of `items` (text, checked at first): their indexes, or `None` when the person turned away.
    pub fn multi_select(&mut self, prompt: &str, items: &[(String, bool)]) -> io::Result<Option<Vec<usize>>> {
        if items.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let (texts, checked): (Vec<String>, Vec<bool>) = items.iter().cloned().unzip();
        let select = MultiSelect::new()
            .with_prompt(sanitize::terminal(prompt) + " (space marks, enter accepts)")
            .items(self.shown(&texts))
            .defaults(&checked);
        calm(|| select.interact_on_opt(&Term::stderr()))
    }

    /// Asks yes or no. Turning away is no.
    pub fn confirm(&mut self, prompt: &str, default: bool) -> io::Result<bool> {
        let confirm = Confirm::new().with_prompt(sanitize::terminal(prompt)).default(default);
        Ok(calm(|| confirm.interact_on_opt(&Term::stderr()))?.unwrap_or(false))
    }

    /// Asks for one key in the manner of `git add -p`; see [`key`].
    pub fn key(&mut self, prompt: &Line, keys: &[(char, &str)]) -> io::Result<char> {
        key(self.ui, &mut io::stdin().lock(), prompt, keys)
    }

    /// Items as single lines that fit: a wrapped one would confuse the menu's redrawing.
    fn shown(&self, items: &[String]) -> Vec<String> {
        let room = if self.ui.width() == 0 { 72 } else { self.ui.width().saturating_sub(8).max(20) };
        let fit = |item: &String| console::truncate_str(&sanitize::terminal(item), room, "...").into_owned();
        items.iter().map(fit).collect()
    }
}

/// Asks for something that is not shown; none when nobody answers.
pub fn secret(prompt: &str) -> Option<String> {
    let term = Term::stderr();
    term.write_str(&format!("{}: ", sanitize::terminal(prompt))).ok()?;
    let answer = calm(|| term.read_secure_line().map_err(dialoguer::Error::IO)).ok()?;
    (!answer.is_empty()).then_some(answer)
}

/// Shows `prompt` with the letters of `keys`, reads a line and returns its first letter when it is one of them. `?`
/// and anything else explain the keys and ask again; the end of the input is [`QUIT`].
pub fn key(ui: &mut Ui, input: &mut dyn BufRead, prompt: &Line, keys: &[(char, &str)]) -> io::Result<char> {
    let letters: String = keys.iter().map(|(key, _)| format!("{key},")).collect();
    let question = prompt.clone().role(Role::Strong, format!(" [{letters}?]? "));
    loop {
        ui.question(&question)?;
        let Some(answer) = read_line(input)? else {
            ui.aside("\n")?;
            return Ok(QUIT);
        };
        let Some(first) = answer.trim().chars().next() else { continue };
        let exact = keys.iter().find(|(key, _)| *key == first);
        let found = exact.or_else(|| keys.iter().find(|(key, _)| key.eq_ignore_ascii_case(&first)));
        if let Some((key, _)) = found {
            return Ok(*key);
        }
        let help: String = keys.iter().map(|(key, help)| format!("{key} - {help}\n")).collect();
        ui.aside(&format!("{help}? - print help\n"))?;
    }
}

/// A line, or `None` at the end of the input. Bytes that are no text do not end the conversation.
fn read_line(input: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = input.read_until(b'\n', &mut bytes)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Asks while ctrl-c waits until the cursor is back: otherwise the shell is left without one. Ctrl-c then is an error
/// of kind `Interrupted`, so that what was answered before can be kept.
fn calm<T>(ask: impl FnOnce() -> dialoguer::Result<T>) -> io::Result<T> {
    let calm = Calm::new()?;
    let answer = ask().map_err(|dialoguer::Error::IO(error)| error);
    if answer.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
        // The terminal's reader raises the signal before it says so: it is there to be taken.
        calm.interrupt.wait()?;
        return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted"));
    }
    answer
}

struct Calm {
    before: SigSet,
    interrupt: SigSet,
}

impl Calm {
    fn new() -> io::Result<Self> {
        let before = SigSet::thread_get_mask()?;
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        interrupt.thread_block()?;
        Ok(Self { before, interrupt })
    }
}

impl Drop for Calm {
    fn drop(&mut self) {
        // Nothing is left to do when the terminal or the mask is gone.
        let _ = Term::stderr().show_cursor();
        let _ = self.before.thread_set_mask();
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Line, Ui, key};

    const KEYS: &[(char, &str)] =
        &[('y', "keep it"), ('n', "dismiss it"), ('q', "quit"), ('e', "edit"), ('E', "edit all")];

    fn answer(input: &str) -> (char, String) {
        let (mut ui, captured) = Ui::buffered(80);
        let found = key(&mut ui, &mut input.as_bytes(), &Line::from("Keep this"), KEYS).unwrap();
        (found, captured.err())
    }

    #[test]
    fn the_first_letter_answers() {
        for (input, expected) in [
            ("y\n", 'y'),
            ("  no\n", 'n'),
            ("Y\n", 'y'),
            ("E\n", 'E'),
            ("e", 'e'),
            ("\n\ny\n", 'y'),
            ("x\ny\n", 'y'),
            ("", 'q'),
            ("\n", 'q'),
        ] {
            assert_eq!(answer(input).0, expected, "{input:?}");
        }
    }

    #[test]
    fn a_question_mark_explains() {
        let (found, shown) = answer("?\nn\n");
        assert_eq!(found, 'n');
        let question = "Keep this [y,n,q,e,E,?]? ";
        let help = "y - keep it\nn - dismiss it\nq - quit\ne - edit\nE - edit all\n? - print help\n";
        assert_eq!(shown, format!("{question}{help}{question}"));
    }

    #[test]
    fn nobody_is_asked_without_a_terminal() {
        let (mut ui, _) = Ui::buffered(80);
        assert_eq!(ui.prompt().err().map(|e| e.kind()), Some(io::ErrorKind::NotConnected));
    }
}
