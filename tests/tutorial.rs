//! The documentation is a test: the tutorial runs, examples decode, tables and the reference are what the program says.
//!
//! In fenced `console` blocks, `$ …` is a command line and what follows is its whole output, stdout and stderr as they
//! come. `<id>` stands for letters of an id, `<rev>` for a revision, `…` for anything within a line, and a line that is
//! only `…` for any lines. `<!-- clock: 2026-10-05 09:30 -->` sets the clock for what follows.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command line of the page, where it stands, and the output that the page shows.
struct Step {
    line: usize,
    clock: String,
    command: String,
    expected: Vec<String>,
}

#[test]
fn the_tutorial_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let steps = steps(&fs::read_to_string(page).unwrap());
    assert!(steps.len() > 10, "the page lost its command lines");
    let sandbox = tempfile::tempdir().unwrap();
    let root = sandbox.path().canonicalize().unwrap();
    let mut cwd = root.join("home");
    fs::create_dir(&cwd).unwrap();
    for step in steps {
        let actual = run(&root, &mut cwd, &step);
        let actual: Vec<&str> = actual.lines().map(str::trim_end).collect();
        let expected: Vec<&str> = step.expected.iter().map(|line| line.trim_end()).collect();
        assert!(
            matches_lines(&expected, &actual),
            "docs/tutorial.md:{}: $ {}\nthe page says\n{}\nbut it is\n{}",
            step.line,
            step.command,
            expected.join("\n"),
            actual.join("\n")
        );
    }
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut clock = String::new();
    let mut inside = false;
    for (at, line) in page.lines().enumerate() {
        if let Some(rest) = line.strip_prefix("<!-- clock: ") {
            clock = format!("{}:00 +0000", rest.trim_end_matches("-->").trim());
        } else if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            let (clock, command) = (clock.clone(), command.to_owned());
            steps.push(Step { line: at + 1, clock, command, expected: Vec::new() });
        } else if let (true, Some(step)) = (inside, steps.last_mut()) {
            if let (true, Some(head)) = (step.expected.is_empty(), step.command.strip_suffix('\\')) {
                step.command = format!("{}{}", head, line.trim_start());
            } else {
                step.expected.push(line.to_owned());
            }
        }
    }
    for step in &mut steps {
        while step.expected.last().is_some_and(|line| line.trim().is_empty()) {
            step.expected.pop();
        }
    }
    steps
}

/// Runs a command line in a shell that has nothing of this machine but `PATH`.
fn run(root: &Path, cwd: &mut PathBuf, step: &Step) -> String {
    if let Some(place) = step.command.strip_prefix("cd ") {
        *cwd = cwd.join(place);
        return String::new();
    }
    let home = root.join("home");
    let program = Path::new(env!("CARGO_BIN_EXE_git-okr")).parent().unwrap();
    let inherited = std::env::var_os("PATH").unwrap();
    let paths = [program.to_owned()].into_iter().chain(std::env::split_paths(&inherited));
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{{ {}\n}} 2>&1", step.command))
        .current_dir(&*cwd)
        .env_clear()
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("HOME", &home)
        .env("XDG_DATA_HOME", home.join(".local/share"))
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", root)
        .env("GIT_AUTHOR_DATE", &step.clock)
        .env("GIT_COMMITTER_DATE", &step.clock)
        .env("TZ", "UTC")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn matches_lines(expected: &[&str], actual: &[&str]) -> bool {
    match (expected.split_first(), actual.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first.trim() == "…" => {
            (0..=actual.len()).any(|skipped| matches_lines(rest, &actual[skipped..]))
        }
        (Some((line, expected)), Some((seen, actual))) => {
            matches_line(line, seen) && matches_lines(expected, actual)
        }
        _ => false,
    }
}

/// One line: wildcards stand for what they say, spaces for at least one space, since ids differ in length.
fn matches_line(expected: &str, actual: &str) -> bool {
    let is = |letters: fn(u8) -> bool, rest: &str| {
        let most = actual.bytes().take_while(|byte| letters(*byte)).count();
        (1..=most).any(|taken| matches_line(rest, &actual[taken..]))
    };
    if let Some(rest) = expected.strip_prefix("<id>") {
        return is(|byte| (b'k'..=b'z').contains(&byte), rest);
    }
    if let Some(rest) = expected.strip_prefix("<rev>") {
        return is(|byte| byte.is_ascii_hexdigit(), rest);
    }
    if let Some(rest) = expected.strip_prefix('…') {
        return actual
            .char_indices()
            .map(|(at, _)| at)
            .chain([actual.len()])
            .any(|at| matches_line(rest, &actual[at..]));
    }
    match (expected.chars().next(), actual.chars().next()) {
        (None, None) => true,
        (Some(' '), Some(' ')) => {
            matches_line(expected.trim_start_matches(' '), actual.trim_start_matches(' '))
        }
        (Some(a), Some(b)) if a == b => matches_line(&expected[a.len_utf8()..], &actual[b.len_utf8()..]),
        _ => false,
    }
}

#[test]
fn wildcards_stand_for_what_they_say() {
    for (expected, actual, fits) in [
        ("<id>  opened", "kqvm opened", true),
        ("<id>", "kqvma", false),
        ("journal <rev> of …", "journal 0a1b of today", true),
        ("in '…/journal.git'", "in '/tmp/x/journal.git'", true),
        ("a b", "a   b", true),
        ("a b", "ab", false),
    ] {
        assert_eq!(matches_line(expected, actual), fits, "{expected:?} {actual:?}");
    }
    assert!(matches_lines(&["a", "…", "z"], &["a", "b", "c", "z"]));
    assert!(!matches_lines(&["a", "…", "z"], &["a", "b"]));
}

/// A page of the documentation.
fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn examples_of_the_format_can_be_read_and_leave_no_key_out() {
    use git_okr::format::{record, version::Header};
    use git_okr::model::Kind;
    let text = page("format.md");
    let mut examples: Vec<&str> = Vec::new();
    for part in text.split("<!-- decodes: ").skip(1) {
        let (kind, rest) = part.split_once(" -->").unwrap();
        let toml = rest.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        examples.push(kind);
        if kind == "header" {
            assert!(Header::decode(toml).unwrap().is_writable());
            continue;
        }
        let kinds = [
            Kind::Bet,
            Kind::CheckIn,
            Kind::Evidence,
            Kind::Verdict,
            Kind::Objective,
            Kind::Decision,
            Kind::Review,
        ];
        let kind = kinds.into_iter().find(|one| one.as_str() == kind).unwrap();
        let decoded = record::decode(kind, toml).unwrap();
        // A key that the example has and the program does not know would be lost on the way back.
        let keys = |text: &str| {
            let mut keys: Vec<String> =
                text.lines().filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&record::encode(&decoded)), keys(toml));
    }
    assert_eq!(
        examples,
        ["header", "bet", "check-in", "evidence", "verdict", "objective", "decision", "review"]
    );
}

#[test]
fn every_rule_and_every_setting_of_a_score_is_on_its_page() {
    use git_okr::harvest::score::{Work, signals};
    let scorecard = page("scorecard.md");
    for rule in git_okr::model::rule::RULES {
        assert!(scorecard.contains(&format!("`{}`", rule.id)), "{}", rule.id);
    }
    let mut rows = 0;
    for row in page("harvest.md").lines().filter_map(|line| line.strip_prefix("| `type-")) {
        let (kind, rest) = row.split_once("` | ").unwrap();
        let points: f64 = rest.split(' ').next().unwrap().parse().unwrap();
        let headline = format!("{kind}: something");
        let found = signals(&Work { headline: &headline, ..Work::default() });
        let signal = found.iter().find(|one| one.name == format!("type-{kind}")).unwrap();
        assert!((f64::from(signal.points) - points * 10.0).abs() < 0.01, "{kind}");
        rows += 1;
    }
    assert_eq!(rows, 14);
}

#[test]
fn the_reference_is_what_the_program_says() {
    let output = Command::new(env!("CARGO_BIN_EXE_git-okr")).arg("reference").output().unwrap();
    let written = "cargo run -- reference > docs/reference/cli.md";
    assert!(
        page("reference/cli.md") == String::from_utf8(output.stdout).unwrap(),
        "write it again: {written}"
    );
}

#[test]
fn the_demo_plays_offline_without_identity_and_leaves_nothing_behind() {
    let sandbox = tempfile::tempdir().unwrap();
    let (home, scratch) = (sandbox.path().join("home"), sandbox.path().join("tmp"));
    fs::create_dir(&home).unwrap();
    fs::create_dir(&scratch).unwrap();
    let play = || {
        let output = Command::new(env!("CARGO_BIN_EXE_git-okr"))
            .arg("demo")
            .current_dir(&home)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", &home)
            .env("TMPDIR", &scratch)
            // What a hook would pass on must not reach the story.
            .env("GIT_DIR", "/nowhere")
            .env("GIT_CONFIG_PARAMETERS", "'user.name=Somebody else'")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let answer = play();
    for heading in ["2026-Q3  its last day", "Scorecard 2026-Q3", "From 2026-Q2 to 2026-Q3"] {
        assert!(answer.lines().any(|line| line.starts_with(heading)), "{heading}\n{answer}");
    }
    for dir in [&home, &scratch] {
        assert!(fs::read_dir(dir).unwrap().next().is_none(), "something is left in {}", dir.display());
    }
}
