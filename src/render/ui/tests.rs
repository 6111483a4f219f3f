//! What goes to which stream, and how.

use std::io;

use super::{Captured, Format, Ui};
use crate::render::doc::{Doc, Line};
use crate::render::style::Role;

fn said(say: impl FnOnce(&mut Ui) -> io::Result<()>) -> (String, String) {
    let (mut ui, captured): (Ui, Captured) = Ui::buffered(80);
    say(&mut ui).unwrap();
    (captured.out(), captured.err())
}

#[test]
fn answers_and_talk_are_apart() {
    let (out, err) = said(|ui| {
        ui.doc(&Doc::new().para("an answer"))?;
        ui.line(Line::new().role(Role::Good, "kept").plain(" \x1b[31mkqv"))?;
        ui.plain("kqvz\n")?;
        ui.status("talk")?;
        ui.warning("beware\nof \u{202e}this")?;
        ui.hint("first\n\nsecond")
    });
    assert_eq!(out, "an answer\nkept \\u{1b}[31mkqv\nkqvz\n");
    assert_eq!(err, "talk\nwarning: beware of \\u{202e}this\nhint: first\nhint:\nhint: second\n");
}

#[test]
fn errors_read_like_gits() {
    let (out, err) = said(|ui| {
        let causes = ["bad \x07 key\nat line 2".to_owned()];
        ui.error("cannot read 'x'", &causes, &["run `git okr fsck`".to_owned()])
    });
    assert_eq!(out, "");
    assert_eq!(
        err,
        "error: cannot read 'x'\ncaused by: bad \\u{7} key\n           at line 2\nhint: run `git okr fsck`\n"
    );
}

#[test]
fn quiet_silences_status_and_hints_only() {
    let (mut ui, captured) = Ui::buffered(80);
    ui.quiet = true;
    ui.status("talk").unwrap();
    ui.hint("a hint").unwrap();
    ui.warning("careful").unwrap();
    ui.error("no", &[], &["try".to_owned()]).unwrap();
    assert_eq!(captured.err(), "warning: careful\nerror: no\nhint: try\n");
}

#[test]
fn hints_can_be_switched_off() {
    let (mut ui, captured) = Ui::buffered(80);
    ui.set_hints(false);
    ui.hint("a hint").unwrap();
    ui.error("no", &[], &["try".to_owned()]).unwrap();
    assert_eq!(captured.err(), "error: no\n");
}

#[test]
fn json_is_escaped_on_a_terminal_only() {
    for (tty, expected) in [(false, "\"\u{202e}\"\n"), (true, "\"\\u202e\"\n")] {
        let (mut ui, captured) = Ui::buffered(80);
        ui.out_is_tty = tty;
        ui.json("\"\u{202e}\"\n".to_owned()).unwrap();
        assert_eq!(captured.out(), expected);
    }
}

#[test]
fn one_call_answers_in_every_format() {
    for (format, expected) in [
        (Format::Text, "2 * 2\n"),
        (Format::Markdown, "2 \\* 2\n"),
        (Format::Json, "{\n  \"okr_json\": 1,\n  \"kind\": \"sum\",\n  \"data\": 4\n}\n"),
    ] {
        let (out, _) = said(|ui| ui.answer(format, "sum", &4, |_| Doc::new().para("2 * 2")));
        assert_eq!(out, expected);
        assert_eq!(format.as_str().parse(), Ok(format));
    }
}

#[test]
fn a_closed_pipe_comes_back() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (mut ui, _) = Ui::buffered(80);
    ui.out = Box::new(Closed);
    assert_eq!(ui.line("x").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn colour_marks_labels() {
    let (mut ui, captured) = Ui::buffered(80);
    ui.err_colour = true;
    ui.error("no", &[], &["try".to_owned()]).unwrap();
    assert_eq!(captured.err(), "\x1b[31merror:\x1b[0m no\n\x1b[33mhint:\x1b[0m try\n");
}
