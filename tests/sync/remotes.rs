//! Naming, listing and forgetting remotes.

use insta::assert_snapshot;

use super::Machines;
use crate::support::Sandbox;

#[test]
fn a_remote_is_named_listed_led_elsewhere_and_forgotten() {
    let machines = Machines::new();
    let sandbox = &machines.here;
    let hub = machines.hub("hub.git");
    assert_snapshot!(sandbox.okr(["remote", "list"]), @"no remote: this journal is on this machine only");
    sandbox.okr(["remote", "add", "hub", &hub]).success();
    sandbox.okr(["remote", "add", "nas", "me@nas.example:journal.git"]).success();
    sandbox.okr(["sync", "hub"]).success();
    assert_snapshot!(sandbox.okr(["remote", "list"]), @"
    remote  last sync   url
    hub     <REV>  $SANDBOX/bin/hub.git
    nas     never       me@nas.example:journal.git
    ");
    assert_snapshot!(sandbox.okr(["remote", "add", "HUB", "/elsewhere.git"]), @"
    ------- stderr -------
    error: there is a remote 'hub' already
    hint: lead it elsewhere: git okr remote set-url hub <url>
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["remote", "set-url", "hub", "other.git"]), @"
    ------- stderr -------
    pinned 'hub', $SANDBOX/work/other.git
    ");
    assert_eq!(sandbox.git_journal(["for-each-ref", "--format=%(refname)"]), "refs/heads/okr");
    assert_snapshot!(sandbox.okr(["remote", "list", "--format", "json"]), @r#"
    {
      "okr_json": 1,
      "kind": "remotes",
      "data": [
        {
          "name": "hub",
          "url": "$SANDBOX/work/other.git",
          "fetch": "$SANDBOX/work/other.git",
          "push": "$SANDBOX/work/other.git",
          "shared_with_code": false,
          "seen": null
        },
        {
          "name": "nas",
          "url": "me@nas.example:journal.git",
          "fetch": "me@nas.example:journal.git",
          "push": "me@nas.example:journal.git",
          "shared_with_code": false,
          "seen": null
        }
      ]
    }
    "#);
    assert_snapshot!(sandbox.okr(["remote", "remove", "hub"]), @"
    ------- stderr -------
    forgot 'hub', $SANDBOX/work/other.git; what it has stays there
    ");
    assert_snapshot!(sandbox.okr(["remote", "remove", "hub"]), @"
    ------- stderr -------
    error: there is no remote 'hub'
    hint: the remotes are listed by: git okr remote list
    [exit status: 1]
    ");
    sandbox.okr(["remote", "remove", "nas"]).success();
    assert!(!std::fs::read_to_string(sandbox.journal().join("config")).unwrap().contains("okr"));
}

#[test]
fn a_remote_of_git_is_none_of_the_journal() {
    let sandbox = Sandbox::with_journal();
    sandbox.git_journal(["remote", "add", "origin", "/somewhere.git"]);
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.remote.evil.url", "/evil.git"]);
    assert_eq!(sandbox.okr(["remote", "list", "--format", "json"]).success().matches("name").count(), 0);
    assert!(sandbox.okr(["sync", "origin"]).fails(1).contains("there is no remote 'origin'"));
    assert!(sandbox.okr(["sync", "evil"]).fails(1).contains("there is no remote 'evil'"));
}

#[test]
fn without_a_journal_there_are_no_remotes() {
    let sandbox = Sandbox::new();
    for arguments in [["remote", "list"], ["remote", "add"], ["sync", "x"]] {
        let output = if arguments[1] == "add" {
            sandbox.okr(["remote", "add", "x", "/x"])
        } else {
            sandbox.okr(arguments)
        };
        assert!(output.fails(1).contains("there is no journal yet"));
    }
}
