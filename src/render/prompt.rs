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
        let _calm = Calm::new()?;
        let input = Input::<String>::new()
            .with_prompt(sanitize::terminal(prompt))
            .with_initial_text(sanitize::terminal(initial))
            .allow_empty(allow_empty);
        Ok(input.interact_text_on(&Term::stderr())?.trim().to_owned())
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
        lines(self.ui, &mut io::stdin().lock(), prompt)
    }

    /// Asks for one of `items`: its index, or `None` when the person turned away.
    pub fn select(&mut self, prompt: &str, items: &[String], default: usize) -> io::Result<Option<usize>> {
        if items.is_empty() {
            return Ok(None);
        }
        let _calm = Calm::new()?;
        let select = Select::new()
            .with_prompt(sanitize::terminal(prompt))
            .items(self.shown(items))
            .default(default.min(items.len() - 1));
        Ok(select.interact_on_opt(&Term::stderr())?)
    }

    /// Asks for any of `items` (text, checked at first): their indexes, or `None` when the person turned away.
    pub fn multi_select(&mut self, prompt: &str, items: &[(String, bool)]) -> io::Result<Option<Vec<usize>>> {
        if items.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let _calm = Calm::new()?;
        let (texts, checked): (Vec<String>, Vec<bool>) = items.iter().cloned().unzip();
        let select = MultiSelect::new()
            .with_prompt(sanitize::terminal(prompt) + " (space marks, enter accepts)")
            .items(self.shown(&texts))
            .defaults(&checked);
        Ok(select.interact_on_opt(&Term::stderr())?)
    }

    /// Asks yes or no. Turning away is no.
    pub fn confirm(&mut self, prompt: &str, default: bool) -> io::Result<bool> {
        let _calm = Calm::new()?;
        let confirm = Confirm::new().with_prompt(sanitize::terminal(prompt)).default(default);
        Ok(confirm.interact_on_opt(&Term::stderr())?.unwrap_or(false))
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

/// Shows `prompt` and reads lines up to an empty one or the end of the input.
fn lines(ui: &mut Ui, input: &mut dyn BufRead, prompt: &str) -> io::Result<Vec<String>> {
    ui.question(&Line::from(prompt))?;
    ui.aside(" (one per line, an empty line ends)\n")?;
    let mut lines = Vec::new();
    loop {
        ui.aside("> ")?;
        match read_line(input)?.map(|line| line.trim().to_owned()) {
            Some(line) if !line.is_empty() => lines.push(line),
            Some(_) => return Ok(lines),
            None => {
                ui.aside("\n")?;
                return Ok(lines);
            }
        }
    }
}

/// A line, or `None` at the end of the input. Bytes that are no text do not end the conversation.
fn read_line(input: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = input.read_until(b'\n', &mut bytes)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

/// While a menu is shown, ctrl-c waits until the cursor is back: otherwise the shell is left without one.
struct Calm(SigSet);

impl Calm {
    fn new() -> io::Result<Self> {
        let before = SigSet::thread_get_mask()?;
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        interrupt.thread_block()?;
        Ok(Self(before))
    }
}

impl Drop for Calm {
    fn drop(&mut self) {
        // Nothing is left to do when the terminal or the mask is gone.
        let _ = Term::stderr().show_cursor();
        let _ = self.0.thread_set_mask();
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Line, Ui, key, lines};

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
    fn an_empty_line_ends_lines() {
        let (mut ui, captured) = Ui::buffered(80);
        let found = lines(&mut ui, &mut " a\nb \n\nc\n".as_bytes(), "Who \x1badopted it").unwrap();
        assert_eq!(found, ["a", "b"]);
        assert_eq!(captured.err(), "Who \\u{1b}adopted it (one per line, an empty line ends)\n> > > ");
    }

    #[test]
    fn nobody_is_asked_without_a_terminal() {
        let (mut ui, _) = Ui::buffered(80);
        assert_eq!(ui.prompt().err().map(|e| e.kind()), Some(io::ErrorKind::NotConnected));
    }
}
