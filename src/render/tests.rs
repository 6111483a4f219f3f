//! One document in every medium, as a reader sees it.

use proptest::prelude::{any, proptest};

use super::doc::{Align, Block, Doc, Item, Line, Table};
use super::sanitize::is_forbidden;
use super::style::Role;
use super::{markdown, text};
use crate::model::Text;

/// A document with every block, and with foreign text that would rather be something else.
fn scorecard() -> Doc {
    let moved = Line::new()
        .role(Role::Good, "yes")
        .plain(": p99 of checkout fell from 900 ms to 310 ms ")
        .link(&Text::from("https://example.com/d/checkout?range=90d"))
        .plain(" ")
        .id("kqvzlmnoprstuvwx", 4);
    let bets = Table::new(["id", "bet", "conf", "what would change it"])
        .align([Align::Left, Align::Left, Align::Right])
        .row([
            Line::new().wide_id("kqvzlmno", 2),
            Line::from("cold-start"),
            Line::from("0.6"),
            Line::from("the fleet moves to arm before november"),
        ])
        .row([
            Line::new().wide_id("mmwzlmno", 3),
            Line::from("日本語"),
            Line::from("0.25"),
            Line::from("a | b"),
        ]);
    Doc::new()
        .heading(1, "Scorecard 2026-Q3")
        .para("3 bets, 12 records. Two answers are too little to judge.")
        .facts([("period", Line::from("2026-Q3")), ("confidence", Line::new().role(Role::Warn, "0.6"))])
        .heading(2, "Outcomes")
        .heading(3, "Did a number move?")
        .items([
            Item::new(moved).child(Item::new("search adopted the pattern").child("asked by nobody")),
            Item::new(
                Line::new().role(Role::Bad, "no").plain(": ").text(Role::Plain, &Text::from("*x*\u{202e}")),
            ),
        ])
        .heading(2, "Bets")
        .table(bets)
        .blank()
        .blank()
        .prose(&Text::from(
            "Subject\n\n\n# not a heading, but a line that has to be wrapped\n  \x1b[31mred\n\n",
        ))
        .lines([Line::from("one"), Line::from("below the other")])
        .footer("journal 9c1f2ab")
}

#[test]
fn a_terminal_gets_plain_lines() {
    let expected = "\
Scorecard 2026-Q3
3 bets, 12 records. Two answers are too little to
judge.

period:     2026-Q3
confidence: 0.6

Outcomes
  Did a number move?
    - yes: p99 of checkout fell from 900 ms to 310
      ms https://example.com/d/checkout?range=90d
      kqvz
      - search adopted the pattern
        - asked by nobody
    - no: *x*\\u{202e}

Bets
  id        bet         conf  what would change it
  kqvzlmno  cold-start   0.6  the fleet moves to
                              arm before november
  mmwzlmno  日本語      0.25  a | b

    Subject

    # not a heading, but a line that has to be
    wrapped
      \\u{1b}[31mred

  one
  below the other

journal 9c1f2ab
";
    assert_eq!(text::render(&scorecard(), false, 50), expected);
}

#[test]
fn a_forge_gets_markdown() {
    let expected = "\
# Scorecard 2026-Q3

3 bets, 12 records. Two answers are too little to judge.

**period:** 2026-Q3\\
**confidence:** 0.6

## Outcomes

### Did a number move?

- yes: p99 of checkout fell from 900 ms to 310 ms <https://example.com/d/checkout?range=90d> `kqvz`
  - search adopted the pattern
    - asked by nobody
- no: \\*x\\*\\\\u{202e}

## Bets

| id | bet | conf | what would change it |
| --- | --- | ---: | --- |
| `kqvzlmno` | cold-start | 0.6 | the fleet moves to arm before november |
| `mmwzlmno` | 日本語 | 0.25 | a \\| b |

> Subject
>
> \\# not a heading, but a line that has to be wrapped\\
> \\\\u{1b}\\[31mred

one\\
below the other

journal 9c1f2ab
";
    assert_eq!(markdown::render(&scorecard()), expected);
}

#[test]
fn colour_changes_nothing_but_colour() {
    for width in [0, 40, 60, 100, 500] {
        let coloured = text::render(&scorecard(), true, width);
        assert!(coloured.contains("\x1b[1mBets\x1b[0m"));
        assert_eq!(console::strip_ansi_codes(&coloured), text::render(&scorecard(), false, width));
    }
}

#[test]
fn lines_fit_and_breaks_are_single() {
    for width in 48..=110 {
        let shown = text::render(&scorecard(), false, width);
        for line in shown.lines() {
            assert!(console::measure_text_width(line) <= width.min(100), "{line:?} at {width}");
            assert_eq!(line.trim_end(), line);
        }
        assert!(!shown.contains("\n\n\n") && !shown.ends_with("\n\n") && !shown.starts_with('\n'));
    }
}

#[test]
fn what_is_empty_leaves_no_trace() {
    let empty = Doc::new()
        .blank()
        .items([])
        .lines([])
        .table(Table::new(["only", "a header"]))
        .facts(Vec::<(String, Line)>::new())
        .prose(&Text::from(" \n\n"));
    assert_eq!(text::render(&empty, true, 80), "");
    assert_eq!(markdown::render(&empty), "");
}

#[test]
fn an_address_becomes_a_link_only_where_it_shows_where_it_leads() {
    for (url, expected) in [
        ("https://example.com/a|b", "<https://example.com/a%7Cb>\n"),
        ("javascript:alert(1)", "javascript:alert(1)\n"),
        ("https://bank@evil.example", "https\\://bank@&#8203;evil.example\n"),
        ("https://x/\u{202e}", "https\\://x/\\\\u{202e}\n"),
    ] {
        assert_eq!(markdown::render(&Doc::new().para(Line::new().link(&Text::from(url)))), expected);
    }
}

#[test]
fn lists_in_a_row_stay_apart_in_markdown() {
    let doc = Doc::new().items([Item::new("a")]).items([Item::new("b")]).items([Item::new("c")]);
    assert_eq!(markdown::render(&doc), "- a\n\n* b\n\n- c\n");
}

proptest! {
    #[test]
    fn no_block_lets_anything_through(input in any::<String>(), width in 0usize..120) {
        let line = || Line::from(input.as_str()).text(Role::Link, &Text::from(input.as_str())).role(Role::Id, input.as_str());
        let doc = Doc::new()
            .heading(2, line())
            .lines([line()])
            .items([Item::new(line()).child(line())])
            .table(Table::new([input.as_str()]).row([line(), line()]))
            .facts([(input.as_str(), line())])
            .prose(&Text::from(input.as_str()))
            .block(Block::Footer(line()));
        let emoji = |c: char| matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
        let own = ["\x1b[1m", "\x1b[1;35m", "\x1b[2m", "\x1b[4m", "\x1b[36m", "\x1b[0m"];
        let coloured = own.iter().fold(text::render(&doc, true, width), |text, sgr| text.replace(sgr, ""));
        for shown in [coloured, markdown::render(&doc)] {
            assert!(shown.chars().all(|c| c == '\n' || emoji(c) || !is_forbidden(c)), "{shown:?}");
        }
    }
}
