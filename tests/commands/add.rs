//! `git okr add`: a bare title, flags, standard input, the editor.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn a_bare_title_is_enough() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["add", "Retry budget stopped the Friday outage"]), @"
    <ID1>
    ------- stderr -------
    recorded Retry budget stopped the Friday outage
    hint: say what it is evidence of: git okr edit <ID1>
    ");
    let log = sandbox.git_journal(["log", "-1", "--format=%an <%ae>%n%cd%n%s", "--date=iso", "okr"]);
    assert_snapshot!(sandbox.steady(&log), @"
    Mina Park <mina@example.com>
    2026-11-02 10:02:00 +0000
    add evidence <ID1>: Retry budget stopped the Friday outage
    ");
}

#[test]
fn quiet_says_only_the_id() {
    let sandbox = Sandbox::with_journal();
    let output = sandbox.okr(["-q", "add", "In a script"]);
    assert_eq!(output.stderr, "");
    output.id();
}

#[test]
fn flags_say_everything() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let id = sandbox
        .okr([
            "add",
            "Queue adopted by Payments",
            "--kind",
            "platform",
            "--date",
            "last friday",
            "--bet",
            "one-queue",
            "--dimension",
            "technical",
            "--outcome",
            "trust",
            "--reach",
            "multi-team",
            "--stance",
            "own",
            "--adopter",
            "Payments",
            "--artifact",
            "https://example.com/acme/shop/pull/12",
            "--artifact",
            "person:Ada",
            "--metric",
            "p95 latency: 410ms -> 180ms",
            "--note",
            "Two lines\nof note.",
        ])
        .id();
    assert_snapshot!(sandbox.steady(&sandbox.text_of(&id)), @r#"
    id = "<ID2>"
    title = "Queue adopted by Payments"
    happened = 2026-10-30
    kind = "platform"
    bets = ["<ID1>"]
    dimensions = ["technical"]
    outcomes = ["trust"]
    reach = "multi-team"
    stance = "own"
    adopters = ["Payments"]
    note = """
    Two lines
    of note."""
    recorded = 2026-11-02T10:03:00Z

    [[artifact]]
    type = "pull-request"
    ref = "https://example.com/acme/shop/pull/12"
    url = "https://example.com/acme/shop/pull/12"

    [[artifact]]
    type = "person"
    ref = "Ada"

    [[metric]]
    name = "p95 latency"
    before = "410ms"
    after = "180ms"
    "#);
    assert_snapshot!(sandbox.okr(["show", &id]), @"
    Queue adopted by Payments
    id:         <ID2>
    happened:   2026-10-30
    recorded:   2026-11-02T10:03:00Z  3 days later
    kind:       platform
    bets:       one-queue
    dimensions: technical
    outcomes:   trust
    reach:      multi-team
    stance:     own
    adopters:   Payments

    numbers
      - p95 latency: 410ms -> 180ms

    artifacts
      - pull-request  https://example.com/acme/shop/pull/12
      - person Ada

    note
        Two lines
        of note.
    ");
}

#[test]
fn reads_toml_from_standard_input() {
    let sandbox = Sandbox::with_journal();
    let draft =
        "title = \"From a script\"\nhappened = \"2026-10-30\"\nadopters = [\"Payments\", \"Search\"]\n";
    let id = sandbox.okr_with_stdin(["add", "-"], draft).id();
    assert_eq!(sandbox.place_of(&id), format!("evidence/2026-10/30/{id}.toml"));
    assert!(sandbox.text_of(&id).contains("Payments") && sandbox.text_of(&id).contains("Search"));
}

#[test]
fn opens_the_editor_on_a_template() {
    let sandbox = Sandbox::with_journal();
    let script = "cp \"$1\" ../template; sed -i 's/^title = .*/title = \"From the editor\"/; s/^reach = \"\"/reach = \"team\"/' \"$1\"";
    let id = sandbox.okr_with_editor(["add", "--edit"], script).id();
    let text = sandbox.text_of(&id);
    assert!(text.contains("title = \"From the editor\"") && text.contains("reach = \"team\""), "{text}");
    let template = std::fs::read_to_string(sandbox.path("template")).unwrap();
    assert!(template.contains("# What happened") && template.contains("multi-team"), "{template}");
    drafts(&sandbox, 0);
}

/// How many drafts are kept; returns their texts.
#[track_caller]
fn drafts(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let dir = std::fs::read_dir(sandbox.journal().join("okr/drafts")).unwrap();
    let texts: Vec<String> = dir.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert_eq!(texts.len(), count, "{texts:?}");
    texts
}

#[test]
fn a_text_that_does_not_parse_is_kept() {
    let sandbox = Sandbox::with_journal();
    let output = sandbox
        .okr_with_editor(["add", "--edit"], "printf 'title = \"Typed\"\\nkind = \"nonesuch\"\\n' > \"$1\"");
    let said = output.fails(1);
    assert!(said.contains("line 2") && said.contains("nonesuch") && said.contains("is kept in"), "{said}");
    assert_eq!(drafts(&sandbox, 1), ["title = \"Typed\"\nkind = \"nonesuch\"\n"]);
}

#[test]
fn a_text_that_cannot_be_recorded_is_kept() {
    let sandbox = Sandbox::with_journal();
    let large = "printf 'title = \"Typed\"\\nnote = \"%0300000d\"\\n' 7 > \"$1\"";
    let said = sandbox.okr_with_editor(["add", "--edit"], large).fails(1);
    assert!(said.contains("is kept in"), "{said}");
    assert!(drafts(&sandbox, 1)[0].starts_with("title = \"Typed\""));
}

#[test]
fn an_editor_that_fails_or_writes_nothing_records_nothing() {
    let sandbox = Sandbox::with_journal();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let said =
        sandbox.okr_with_editor(["add", "--edit"], "echo 'title = \"Half\"' > \"$1\"; exit 1").fails(1);
    assert!(said.contains("is kept in"), "{said}");
    drafts(&sandbox, 1);
    sandbox.okr_with_editor(["add", "--edit"], "true").fails(1);
    sandbox.okr_with_editor(["add", "--edit"], ": > \"$1\"").fails(1);
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
}

#[test]
fn a_commit_as_artifact_can_be_found_again() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@example.com:acme/shop.git"]);
    let commit = repo.commit("queue.rs", "feat: one queue");
    let id = repo.okr(["add", "One queue", "--artifact", &commit[..10], "--artifact", "#12"]).id();
    let text = sandbox.text_of(&id);
    assert!(text.contains(&commit), "the whole id: {text}");
    assert!(text.contains("patch"), "its patch id: {text}");
    assert!(text.contains("example.com/acme/shop"), "the repository: {text}");
}

#[test]
fn a_script_without_a_title_is_told_what_to_say() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["add"]), @r#"
    ------- stderr -------
    error: say what happened
    hint: git okr add "what happened"
    [exit status: 2]
    "#);
}

#[test]
fn options_beside_standard_input_are_refused_by_every_verb_that_reads_it() {
    let sandbox = Sandbox::with_journal();
    for (args, text) in [
        (["add", "-", "--note", "x"].as_slice(), "title = \"a\""),
        (&["bet", "add", "-", "--kind", "x"], "title = \"a\""),
        (&["objective", "add", "-", "--stance", "own"], "title = \"a\""),
        (&["decide", "-", "--why", "x"], "title = \"a\"\nverdict = \"take\""),
        (&["decide", "-", "--edit"], "title = \"a\"\nverdict = \"take\""),
    ] {
        let input = sandbox.path("input");
        std::fs::write(&input, text).unwrap();
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        let output = sandbox.run(command.args(args).stdin(std::fs::File::open(input).unwrap()));
        assert!(output.fails(2).contains("options beside '-' would be lost"), "{args:?}");
    }
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]).trim(), "1", "nothing was recorded");
}

#[test]
fn options_beside_the_editor_stand_in_its_text() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox
        .okr_with_editor(
            ["add", "Cut p95", "-e", "--kind", "platform", "--adopter", "Checkout"],
            "echo >>\"$1\" ; sed -i 's/^reach = \"\"/reach = \"team\"/' \"$1\"",
        )
        .id();
    let text = sandbox.text_of(&id);
    assert!(
        text.contains("kind = \"platform\"") && text.contains("Checkout") && text.contains("team"),
        "{text}"
    );
}

#[test]
fn one_calm_hint_says_what_an_outside_reader_would_miss() {
    let sandbox = Sandbox::with_journal();
    let said = |args: &[&str]| {
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        sandbox.run(command.arg("add").args(args)).stderr
    };
    let hints = |args: &[&str]| said(args).matches("hint:").count();
    let missing =
        said(&["Order by LTV", "--kind", "strategy", "--artifact", "doc:https://example.com/order"]);
    assert!(
        missing.contains("an outside reader may not know LTV; write it out once: git okr edit"),
        "{missing}"
    );
    let worst = ["We cut LTV", "--kind", "launch", "--reach", "company"];
    assert_eq!(hints(&worst), 1, "{}", said(&worst));
    assert!(said(&worst).contains("name a link or a person who knows"), "{}", said(&worst));
    for legible in [
        ["Queue carries three teams", "--kind", "platform", "--artifact", "#12"].as_slice(),
        &["Sefa led her first review", "--kind", "people", "--artifact", "person:Sefa Adeyemi"],
        &["p95 halved", "--kind", "reliability", "--adopter", "Payments", "--metric", "p95: 410ms -> 180ms"],
        &["We cut LTV", "--dimension", "technical"],
    ] {
        assert_eq!(hints(legible), 0, "{legible:?}: {}", said(legible));
    }
    assert_eq!(hints(&["We cut LTV"]), 1, "a quick capture keeps the hint it has");
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.hint", "false"]);
    assert_eq!(hints(&worst), 0);
}

#[test]
fn a_secret_is_warned_of_and_not_changed_and_one_that_others_wrote_is_not_kept() {
    let sandbox = Sandbox::with_journal();
    let token = format!("ghp_{}", "0123456789abcdef".repeat(3));
    for note in [token.as_str(), "password = \"correct horse battery\"", "https://ada:pw@acme.test/x"] {
        let added = sandbox.okr(["add", "Rotated the key", "--note", note]);
        assert!(added.stderr.contains("looks like a secret"), "{added}");
        assert!(sandbox.text_of(&added.id()).contains(note.rsplit('"').nth(1).unwrap_or(note)), "{note}");
    }
    let quiet = sandbox.okr(["add", "Rotated the token: it was old", "--note", "tokens are short now"]);
    assert!(!quiet.stderr.contains("secret"), "{quiet}");
    let repo = sandbox.repo("shop");
    let commit = repo.commit("a.rs", &format!("fix: use {token}"));
    let id = repo.okr(["add", "Fixed it", "--artifact", &commit]).id();
    let text = sandbox.text_of(&id);
    assert!(text.contains("[redacted: github-token]") && !text.contains(&token), "{text}");
}
