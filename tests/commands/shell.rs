//! `git okr completions`, `man`, help and version.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn the_help_is_a_table_of_contents() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["-h"]), @"
    A private, git-native evidence journal: bets, evidence and scorecards that come from history

    Usage: git okr [OPTIONS] <COMMAND>

    start:
      init         Create the private journal
      guide        Show, edit and check the guide that records are read by
      hooks        Install the hooks that suggest evidence after a commit
      demo         Play a year of one engineer in a temporary place

    record:
      objective    Read the organisation's OKRs through the guide's lenses
      decide       Run a candidate through the decision filter
      bet          Open, list, check in on and close bets
      add          Record evidence
      harvest      Read commits into suggestions
      inbox        Decide on suggestions

    look:
      status       Show the quarter at a glance
      list         List evidence
      show         Show one record
      search       Search all records
      log          Show the journal's history in meaning

    report:
      scorecard    Answer the guide's questions from the records of a period
      explain      Trace a finding to its rule and its records
      rules        Explain the rules behind the reports
      export       Export the journal's records, also without names
      diff         Show how bets shifted between two quarters, dates or revisions
      review       Review a quarter, item by item

    share:
      remote       Name the remotes that the journal may go to
      sync         Bring this journal and a remote's together
      key          Seal the journal for keys, and list them

    mend:
      edit         Edit a record in your editor
      resolve      Decide what two machines changed at once
      remove       Remove a record
      restore      Bring a removed record back
      undo         Take the last change back
      fsck         Check every record and reference
      git          Run git on the journal

    shell:
      completions  Print a completion script for a shell
      man          Write manual pages

    options:
          --color <WHEN>  Colours: auto, always or never [possible values: auto, always, never]
      -q, --quiet         Say only errors
      -h, --help          Print help
      -V, --version       Print version
    ");
    let version = sandbox.okr(["--version"]).success();
    assert_eq!(version, format!("git-okr {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn git_finds_it_as_a_verb_of_its_own() {
    let sandbox = Sandbox::new();
    let output = sandbox.sh(&sandbox.path("work"), "git okr -h");
    assert_eq!(output, sandbox.okr(["-h"]));
}

#[test]
fn completions_are_scripts_that_their_shells_can_read() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.okr(["completions", shell]).success();
        assert!(script.contains("scorecard") && script.contains("check-in"), "{shell}");
        std::fs::write(sandbox.path("work/script"), &script).unwrap();
        let found = sandbox.sh(&sandbox.path("work"), &format!("command -v {shell}")).code == Some(0);
        if found {
            sandbox.sh(&sandbox.path("work"), &format!("{shell} -n script")).silent();
        }
    }
    let script = sandbox.okr(["completions", "bash"]).success();
    assert!(script.contains("_git_okr()"), "git's own completion finds it");
    assert_eq!(sandbox.okr(["completions", "tcsh"]).code, Some(2));
}

#[test]
fn a_manual_page_is_written_for_every_verb() {
    let sandbox = Sandbox::new();
    sandbox.okr(["man", "man1"]).success();
    let has = |name: &str| sandbox.path("work/man1").join(name).exists();
    for verb in ["", "-add", "-bet", "-bet-check-in", "-scorecard", "-harvest", "-inbox-accept", "-fsck"] {
        assert!(has(&format!("git-okr{verb}.1")), "git-okr{verb}.1");
    }
    sandbox.okr(["man", "/proc/nonesuch"]).fails(1);
}
