//! Streams that end early, and foreign text that must not act on a terminal.

use crate::support::Sandbox;

/// Text that would do something to a terminal or to its reader's eyes.
const HOSTILE: [&str; 8] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m eight-bit",
    "safe\u{202e}gnp.exe",
    "zero\u{200b}width\u{feff}",
    "tag\u{e0041}\u{e0042}",
    "back\u{8}\u{8}\u{8}space",
    "\u{2066}isolated\u{2069}",
];

/// What must never leave: controls but newline and tab, bidi controls, invisible characters.
fn unsafe_char(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(u32::from(*c), 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe0000..=0xe0fff)
    })
}

/// The same without the colours that are our own.
fn without_sgr(text: &str) -> String {
    let mut clean = String::new();
    let mut parts = text.split("\u{1b}[");
    clean.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_digit() || c == ';')).unwrap_or(part.len());
        assert!(part[end..].starts_with('m'), "an escape that is no colour: {part:?}");
        clean.push_str(&part[end + 1..]);
    }
    clean
}

/// A journal whose every text is hostile, through every door that takes text.
fn hostile() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    for text in HOSTILE {
        let title = format!("T {text}");
        sandbox.okr(["bet", "add", &title, "--note", text, "--proof", text]).success();
        sandbox.okr(["add", &title, "--note", text, "--adopter", text, "--artifact", text]).success();
    }
    sandbox
}

#[test]
fn hostile_text_never_reaches_a_pipe_as_it_is() {
    let sandbox = hostile();
    let ids = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
    let mut outputs = Vec::new();
    for verb in ["list", "status", "scorecard", "log", "fsck", "inbox", "diff"] {
        for format in ["text", "markdown"] {
            outputs.push(sandbox.okr([verb, "--format", format]));
        }
    }
    outputs.push(sandbox.okr(["bet", "list"]));
    outputs.push(sandbox.okr(["log", "--full", "-n", "100"]));
    outputs.push(sandbox.okr(["search", "T"]));
    for path in ids.lines().filter(|path| path.starts_with("bets/") || path.starts_with("evidence/")) {
        outputs.push(sandbox.okr(["show", &path[path.len() - 21..path.len() - 5]]));
    }
    outputs.push(sandbox.okr(["show", HOSTILE[0]]));
    outputs.push(sandbox.okr(["add", "x", "--kind", HOSTILE[0]]));
    outputs.push(sandbox.okr(["list", HOSTILE[3]]));
    outputs.push(sandbox.okr(["bet", "show", HOSTILE[4]]));
    outputs.push(sandbox.okr(["nonesuch\u{1b}[31m"]));
    outputs.push(sandbox.okr(["list", "--format", "\u{1b}[31m"]));
    for output in outputs {
        let both = format!("{}{}", output.raw_text(), String::from_utf8_lossy(&output.raw_stderr));
        assert_eq!(unsafe_char(&both), None, "{both:?}");
    }
}

#[test]
fn hostile_text_reaches_a_terminal_in_our_own_colours_only() {
    let sandbox = hostile();
    if !std::path::Path::new("/usr/bin/script").exists() {
        return std::io::Write::write_all(&mut std::io::stderr(), b"skipped: there is no 'script'\n")
            .unwrap();
    }
    for verb in ["list", "status", "bet list", "scorecard", "log", "list --format json"] {
        let line = format!("stty cols 100; git-okr --color=always {verb}");
        let mut command = sandbox.command("script", &sandbox.path("work"));
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm-256color");
        let output = sandbox.run(&mut command);
        let text = output.raw_text().replace("\r\n", "\n");
        assert!(output.code == Some(0) && text.len() > 200, "{output}");
        assert_eq!(unsafe_char(&without_sgr(&text)), None, "{verb}: {text:?}");
    }
}

#[test]
fn what_was_typed_is_kept_as_it_was() {
    let sandbox = hostile();
    let value = sandbox.okr(["list", "--format", "json"]).json();
    let whole = value.to_string();
    assert!(whole.contains("safe\u{202e}gnp.exe"), "a program gets the truth: {whole}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let sandbox = Sandbox::with_journal();
    for verb in ["list", "guide show", "reference", "completions bash", "--help", "guide show --format json"]
    {
        let line = format!("(git-okr {verb}; echo $? >&2) | head -c 1 >/dev/null");
        let output = sandbox.sh(&sandbox.path("work"), &line);
        assert!(matches!(output.stderr.as_str(), "0\n" | "141\n"), "{verb}: {output}");
        let closed = sandbox.sh(&sandbox.path("work"), &format!("(git-okr {verb}; echo $? >&2) | true"));
        assert!(matches!(closed.stderr.as_str(), "0\n" | "141\n"), "{verb}: {closed}");
    }
}

#[test]
fn a_stream_that_is_full_is_an_error() {
    let sandbox = Sandbox::with_journal();
    for verb in
        ["list", "guide show", "reference", "completions bash", "--help", "status", "list --format json"]
    {
        let output = sandbox.sh(&sandbox.path("work"), &format!("git-okr {verb} >/dev/full"));
        assert_eq!(output.code, Some(1), "{verb}: {output}");
        assert!(output.stderr.contains("error: "), "{verb}: {output}");
        let both = sandbox.sh(&sandbox.path("work"), &format!("git-okr {verb} >/dev/full 2>/dev/full"));
        assert_eq!(both.code, Some(1), "{verb}: {both}");
    }
    let output = sandbox.sh(&sandbox.path("work"), "git-okr add 'Into a full stream' >/dev/full");
    assert_eq!(output.code, Some(1), "{output}");
    assert!(
        sandbox.okr(["list"]).success().contains("Into a full stream"),
        "the record is kept all the same"
    );
}

#[test]
fn a_closed_stream_is_no_panic() {
    let sandbox = Sandbox::with_journal();
    for verb in ["list", "status", "add closed"] {
        for streams in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
            let output = sandbox.sh(&sandbox.path("work"), &format!("git-okr {verb} {streams}"));
            assert!(matches!(output.code, Some(0 | 1)), "{verb} {streams}: {output}");
        }
    }
    sandbox.okr(["fsck"]).success();
}
