//! Scores of single pieces of work.

use super::{Sizes, Work, signals, total};
use crate::harvest::testing::file;

fn named(work: &Work<'_>) -> Vec<String> {
    signals(work).into_iter().map(|signal| format!("{} {}", signal.name, signal.points)).collect()
}

#[test]
fn every_signal_has_its_points() {
    let sizes = Sizes::of(&[
        file("src/queue.rs", 200, 12),
        file("tests/queue.rs", 40, 0),
        file("docs/queue.md", 3, 0),
        file("CHANGELOG.md", 9, 0),
        file("Cargo.lock", 900, 0),
    ]);
    assert_eq!((sizes.files, sizes.code(), sizes.tests, sizes.docs), (4, 212, 40, 3));
    let work = Work {
        headline: "feat(queue)!: retry ingest on lease loss",
        body_len: 201,
        issue: Some("closes #88".into()),
        sizes: Some(sizes),
        ..Work::default()
    };
    let expected = [
        "type-feat 30",
        "breaking 20",
        "tests 20",
        "code 19",
        "issue 15",
        "docs 10",
        "mostly-new 10",
        "word-reliability 10",
        "explained 5",
    ];
    assert_eq!(named(&work), expected);
    assert_eq!(total(&signals(&work)), 139);
}

#[test]
fn titles_speak_when_there_is_no_type() {
    for (headline, expected) in [
        ("Add a fix for caching", &["word-adds 15", "word-fixes 15", "word-performance 10"][..]),
        ("chore: add retries", &["type-chore -25", "word-reliability 10"]),
        ("Bump serde to version 2", &["word-housekeeping -15"]),
        ("printer: Don’t crash", &["word-fixes 15", "word-reliability 10"]),
        ("polish(ui): extract the dialog", &["word-restructures -10"]),
        ("Redacted thoughts", &[]),
        ("Say why in `--color=auto`", &["names-option 15", "quotes-name 15"]),
        ("Keep ParserState around", &["names-code -15"]),
        ("Trait for readers", &["word-insides -15"]),
        ("", &[]),
    ] {
        assert_eq!(named(&Work { headline, ..Work::default() }), expected, "{headline}");
    }
}

#[test]
fn sizes_add_and_take_away() {
    let of = |files: &[crate::model::project::FileChange]| {
        named(&Work { sizes: Some(Sizes::of(files)), ..Work::default() })
    };
    assert_eq!(of(&[]), ["no-code -20"]);
    assert_eq!(of(&[file("a.rs", 1, 9)]), ["code 9", "mostly-removed -8"]);
    assert_eq!(of(&[file("a.rs", 5, 5)]), ["code 9"]);
    assert_eq!(of(&[file("README.md", 30, 0), file("a.rs", 1, 1)]), ["docs 10", "mostly-docs -10", "code 4"]);
    let sweep: Vec<_> = (0..41).map(|n| file(&format!("src/{n}.rs"), 1, 1)).collect();
    assert_eq!(of(&sweep), ["sweep -20", "code 16"]);
    assert_eq!(of(&[file("a.rs", u32::MAX, 0)]), ["code 25", "mostly-new 10"]);
    let work = Work { reverts: true, bot: true, headline: "revert: x", ..Work::default() };
    assert_eq!(named(&work), ["bot -60", "type-revert -20", "reverts -15"]);
}

#[test]
fn width_is_parts_with_production_code() {
    let of = |paths: &[&str]| {
        let files: Vec<_> = paths.iter().map(|path| file(path, 9, 9)).collect();
        let signals = named(&Work { sizes: Some(Sizes::of(&files)), ..Work::default() });
        signals.into_iter().find(|signal| signal.starts_with("spread"))
    };
    for (paths, expected) in [
        (&["src/a.rs", "b.rs"][..], None),
        (&["src/parser/a.rs", "src/parser/deep/b.rs", "crates/parser/c.rs"], None),
        (&["src/parser/a.rs", "src/printer/b.rs"], Some("spread -5")),
        (&["src/a.rs", "src/parser/a.rs", "crates/queue/src/b.rs"], Some("spread -8")),
        (&["src/parser/a.rs", "docs/guide/b.md", "tests/it/c.rs", "vendor/zlib/z.c"], None),
        (
            &["a/a.c", "b/b.c", "c/c.c", "d/d.c", "e/e.c", "f/f.c", "g/g.c", "h/h.c", "i/i.c"],
            Some("spread -15"),
        ),
    ] {
        assert_eq!(of(paths).as_deref(), expected, "{paths:?}");
    }
    let moved = [file("src/parser/a.rs", 3, 0), file("src/printer/a.rs", 0, 0)];
    assert_eq!(Sizes::of(&moved).parts, 1, "a file that only moved has no line");
}
