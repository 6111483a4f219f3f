//! What people type wrong: each is refused in words, with nothing recorded.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// Holds that a command fails in words, with a hint, and that the journal did not move. Returns what was said.
#[track_caller]
fn refused<const N: usize>(sandbox: &Sandbox, args: [&str; N]) -> String {
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let output = sandbox.okr(args);
    assert!(matches!(output.code, Some(1 | 2)), "{output}");
    assert!(output.stderr.starts_with("error: ") && output.stderr.contains("\nhint: "), "{output}");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip, "nothing was recorded");
    assert!(!output.raw_stderr.contains(&0x1b), "{output}");
    output.to_string()
}

#[test]
fn impossible_days_and_periods_are_refused() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(refused(&sandbox, ["add", "x", "--date", "2026-02-30"]), @"
    ------- stderr -------
    error: '2026-02-30' is not a date
    hint: days are written 2026-11-03, yesterday or 'last friday'
    [exit status: 2]
    ");
    assert_snapshot!(refused(&sandbox, ["list", "2026-Q5"]), @"
    ------- stderr -------
    error: '2026-Q5' is not a period
    hint: periods are 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter or 2026-07-01..2026-09-30
    [exit status: 2]
    ");
    for day in ["2026-13-01", "9999999-01-01", "soon", "2026-1", "", "\u{1b}[31m"] {
        if !day.is_empty() {
            refused(&sandbox, ["add", "x", "--date", day]);
        }
    }
    for period in
        ["2026-Q0", "2026-H3", "Q4", "2026-07-01..", "2026-09-30..2026-07-01", "20266", "\u{202e}2026"]
    {
        refused(&sandbox, ["scorecard", period]);
        refused(&sandbox, ["bet", "add", "x", "--period", period]);
    }
    refused(&sandbox, ["diff", "2026-Q5..2026-Q4"]);
    refused(&sandbox, ["scorecard", "--as-of", "someday"]);
}

#[test]
fn words_that_the_guide_does_not_know_are_refused_with_the_nearest() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(refused(&sandbox, ["add", "x", "--kind", "reliabilty"]), @"
    ------- stderr -------
    error: unknown evidence kind 'reliabilty'
    hint: did you mean 'reliability'? all of them: git okr guide show
    [exit status: 1]
    ");
    for option in ["--dimension", "--outcome", "--capability", "--reach", "--claim"] {
        refused(&sandbox, ["add", "x", option, "nonesuch"]);
    }
    refused(&sandbox, ["bet", "add", "x", "--kind", "nonesuch"]);
    assert!(sandbox.okr(["add", "x", "--stance", "owner"]).fails(2).contains("own, shape or support"));
    assert_snapshot!(refused(&sandbox, ["add", "x", "--bet", "nonesuch"]), @"
    ------- stderr -------
    error: no bet 'nonesuch'
    hint: bets are listed by: git okr bet list
    [exit status: 1]
    ");
}

#[test]
fn a_confidence_is_a_percentage() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue"]).success();
    assert_snapshot!(refused(&sandbox, ["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "140%"]), @"
    ------- stderr -------
    error: '140%' is not a confidence
    hint: it is a whole percentage from 0 to 100
    [exit status: 2]
    ");
    for percent in ["-1", "101", "50.5", "nan", "inf", "1e2", "\u{661}"] {
        refused(&sandbox, ["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", percent]);
        refused(&sandbox, ["bet", "add", "Two", "--confidence", percent]);
    }
}

#[test]
fn a_title_says_something_on_one_line() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(refused(&sandbox, ["add", ""]), @"
    ------- stderr -------
    error: the title is empty
    hint: say on one line what it is
    [exit status: 2]
    ");
    for title in ["  ", "\t", "\u{200b}\u{feff}", "\n", "two\nlines"] {
        refused(&sandbox, ["add", title]);
        refused(&sandbox, ["bet", "add", title]);
    }
}

#[test]
fn large_notes_are_refused_and_nothing_is_half_written() {
    let sandbox = Sandbox::with_journal();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let draft = |size: usize| format!("title = \"Large\"\nnote = \"{}\"\n", "x".repeat(size));
    assert_snapshot!(sandbox.okr_with_stdin(["add", "-"], draft(300 << 10)), @"
    ------- stderr -------
    error: the record would take 307304 bytes, and a record has at most 256 KiB
    hint: keep the long text elsewhere and link it: --artifact doc:<link>
    hint: what you wrote is kept in '$SANDBOX/home/.local/share/git-okr/journal.git/okr/drafts/evidence-<DRAFT>.toml'
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr_with_stdin(["add", "-"], draft(5 << 20)), @"
    ------- stderr -------
    error: standard input has more than 1 MiB, and a record has at most 256 KiB
    hint: keep the long text elsewhere and link it: --artifact doc:<link>
    [exit status: 1]
    ");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    let id = sandbox.okr_with_stdin(["add", "-"], draft(200 << 10)).id();
    assert!(sandbox.okr(["show", &id]).success().len() > 200 << 10, "what fits is kept whole");
}

#[test]
fn input_that_is_no_text_is_refused() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr_with_stdin(["add", "-"], b"title = \"\xff\""), @"
    ------- stderr -------
    error: standard input is not UTF-8
    hint: convert it first: iconv -t UTF-8
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr_with_stdin(["add", "-"], "title = \"x\"\nkind = 3\n"), @"
    ------- stderr -------
    error: line 2: kind: invalid type: integer `3`, expected a string
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr_with_stdin(["add", "-"], ""), @"
    ------- stderr -------
    error: the title is empty
    hint: say on one line what it is
    [exit status: 2]
    ");
}

#[test]
fn an_ambiguous_beginning_lists_what_it_could_be() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "The first", "--date", "2026-10-05"]).id();
    let (head, last) = id.split_at(15);
    let twin = format!("{head}{}", if last == "k" { "l" } else { "k" });
    let text = sandbox.text_of(&id).replace(&id, &twin).replace("The first", "The second");
    sandbox.plant_text(&format!("evidence/2026-10/05/{twin}.toml"), &text);
    let output = refused(&sandbox, ["show", &id[..4]]);
    assert!(output.contains("The first") && output.contains("The second"), "{output}");
    // What is listed tells the two apart, so that it can be pasted.
    let listed: Vec<&str> = output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("hint:").or(Some(line)))
        .filter(|line| line.contains("The "))
        .collect();
    assert_eq!(listed.len(), 2, "{output}");
    refused(&sandbox, ["edit", head]);
    refused(&sandbox, ["remove", head]);
    sandbox.okr(["show", &twin]).success();
}

#[test]
fn names_of_nothing_are_refused() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue"]).success();
    assert_snapshot!(refused(&sandbox, ["show", "one-quee"]), @"
    ------- stderr -------
    error: no record 'one-quee'
    hint: did you mean bet 'one-queue'?
    [exit status: 1]
    ");
    for name in ["", "k", "zzzzzzzzzzzzzzzzz", "ABC", "\u{1b}]0;x\u{7}", "../../etc/passwd", "é"] {
        if name != "k" {
            refused(&sandbox, ["show", name]);
        }
    }
}

#[test]
fn a_person_without_an_address_is_told_how_to_get_one() {
    let sandbox = Sandbox::with_journal();
    std::fs::write(
        sandbox.path("home/.gitconfig"),
        format!("[user]\n\tuseConfigOnly = true\n[okr]\n\tjournal = {}\n", sandbox.journal().display()),
    )
    .unwrap();
    assert_snapshot!(refused(&sandbox, ["add", "By nobody"]), @r#"
    ------- stderr -------
    error: git does not know your name and e-mail address
    hint: git config --global user.name "<name>"
    hint: git config --global user.email <address>
    [exit status: 1]
    "#);
    sandbox.okr(["list"]).success();
}

#[test]
fn without_a_journal_every_verb_says_how_to_get_one() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["status"]), @"
    ------- stderr -------
    error: there is no journal yet
    hint: create one with: git okr init
    [exit status: 1]
    ");
    for verb in ["list", "inbox", "scorecard", "diff", "log", "fsck"] {
        assert!(sandbox.okr([verb]).fails(1).contains("git okr init"), "{verb}");
    }
    sandbox.okr(["add", "x"]).fails(1);
}

#[test]
fn outside_a_repository_verbs_that_need_one_say_so() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(refused(&sandbox, ["harvest"]), @"
    ------- stderr -------
    error: there is no git repository here
    hint: go into the repository whose commits to read
    [exit status: 1]
    ");
    refused(&sandbox, ["hooks", "status"]);
    for verb in ["status", "list", "inbox", "log"] {
        sandbox.okr([verb]).success();
    }
}

#[test]
fn wrong_usage_exits_two() {
    let sandbox = Sandbox::with_journal();
    for args in [["nonesuch", "x"], ["add", "--nonesuch"], ["list", "--format=xml"], ["--color=pink", "list"]]
    {
        assert_eq!(sandbox.okr(args).code, Some(2), "{args:?}");
    }
    assert_eq!(sandbox.okr([]).code, Some(2));
    assert_eq!(sandbox.okr(["--help"]).code, Some(0));
}
