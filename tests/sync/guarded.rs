//! The journal goes nowhere that its owner did not name: guards at `remote add` and before every sync.

use std::fs;

use insta::assert_snapshot;

use super::{Machines, tip};
use crate::support::{PROGRAM, Sandbox};

fn global(machine: &Sandbox, key: &str, value: &str) {
    machine.git_in(&machine.path("work"), &["config", "--global", "--add", key, value]);
}

#[test]
fn no_name_and_no_url_runs_a_command_or_reaches_a_config() {
    let machines = Machines::new();
    let sandbox = &machines.here;
    for program in ["ssh", "touch", "pwn"] {
        sandbox.script(
            &sandbox.path("bin").join(program),
            &format!("echo {program} >> '{}'", sandbox.path("ran").display()),
        );
    }
    let config = fs::read(sandbox.journal().join("config")).unwrap();
    let pwn = sandbox.path("bin/pwn").display().to_string();
    let names = [
        "",
        "-x",
        "--upload-pack=pwn",
        "--receive-pack=pwn",
        "-oProxyCommand=pwn",
        "a b",
        "a\nurl = /x",
        "../x",
        "a/b",
        "a..b",
        "x.lock",
        "a:b",
        "a\u{1b}[31m",
        "\u{202e}a",
        "a]\n[core]\nsshCommand = pwn",
        "@{u}",
        "a~1",
        "a*",
        "ä",
    ];
    let urls = [
        "",
        " ",
        "-x",
        "--upload-pack=pwn",
        &format!("--upload-pack={pwn}"),
        &format!("ext::{pwn} %S x"),
        &format!("ext::sh -c {pwn}% x"),
        "fd::7",
        "-oProxyCommand=pwn:x",
        "ssh://-oProxyCommand=pwn/x",
        "ssh://me@-oProxyCommand=pwn/x",
        "me@-oProxyCommand=pwn:x",
        "example.com:-x",
        "example.com:--upload-pack=pwn",
        "ssh://example.com/a\nb",
        "https://example.com/a\rb",
        "https://example.com/\u{1b}[31mx",
        "https://example.com/\u{200b}x",
        "https://me:secret@example.com/x",
        "https://example.com/x?token=y",
        "http://example.com/x",
        "git://example.com/x",
        "ftp://example.com/x",
        "keybase://private/me/x",
        "https://",
        "ssh://example.com",
        "file://elsewhere/x",
        "https://exa$(pwn)mple.com/x",
        "`pwn`@example.com:x",
        "$(pwn):x",
    ];
    let untouched = |what: &str| {
        assert!(!sandbox.path("ran").exists(), "{what:?} ran {:?}", fs::read_to_string(sandbox.path("ran")));
        assert_eq!(fs::read(sandbox.journal().join("config")).unwrap(), config, "{what:?}");
        assert_eq!(
            sandbox.git_journal(["for-each-ref", "--format=%(refname)"]),
            "refs/heads/okr",
            "{what:?}"
        );
    };
    for name in names {
        let told = sandbox.okr(["remote", "add", name, "/x.git"]).fails(2);
        assert!(told.contains("is not taken: a remote's name has"), "{told}");
        for verb in [["remote", "remove", name], ["remote", "set-url", name]] {
            let output = if verb[1] == "remove" {
                sandbox.okr(verb)
            } else {
                sandbox.okr(["remote", "set-url", name, "/x"])
            };
            assert!(matches!(output.code, Some(1 | 2)), "{name:?}: {output}");
        }
        assert!(matches!(sandbox.okr(["sync", name]).code, Some(1 | 2)), "{name:?}");
        untouched(name);
    }
    let fresh = Sandbox::new();
    for url in urls {
        let output = sandbox.okr(["remote", "add", "x", url]);
        assert!(!output.raw_stderr.contains(&0x1b), "{url:?}: {output}");
        assert!(output.fails(2).contains("is not taken: "), "{url:?}");
        fresh.okr(["init", "--from", url]).fails(2);
        assert!(!fresh.journal().exists(), "{url:?}");
        untouched(url);
    }
    // What a hand wrote into the configuration is looked at again.
    for url in urls.iter().filter(|url| !url.trim().is_empty()) {
        sandbox.git_journal(["config", "okr.remote.x.url", url]);
        assert!(matches!(sandbox.okr(["sync", "x"]).code, Some(1 | 2)), "{url:?}");
        assert!(!sandbox.path("ran").exists(), "{url:?}");
    }
}

#[test]
fn a_remote_of_the_code_needs_one_explicit_word() {
    let machines = Machines::new();
    let sandbox = &machines.here;
    let hub = machines.hub("app.git");
    let code = sandbox.repo("code");
    code.git(["remote", "add", "origin", &hub]);
    code.git(["push", "--quiet", "origin", "main"]);
    let output = sandbox.okr_in(&code.dir, ["remote", "add", "hub", &hub]);
    assert_snapshot!(output, @"
    ------- stderr -------
    error: '$SANDBOX/bin/app.git' is a remote of the code in '$SANDBOX/work/code': who reads the code would read the journal
    hint: a repository of its own is safer; if all who read the code may read it: git okr remote add hub $SANDBOX/bin/app.git --shared-with-code
    [exit status: 1]
    ");
    // The same place under other names, and the code itself.
    let link = sandbox.path("bin/link.git");
    std::os::unix::fs::symlink(&hub, &link).unwrap();
    for url in [
        format!("file://{hub}"),
        format!("{hub}/"),
        hub.replace("app.git", "app"),
        link.display().to_string(),
        ".".into(),
        code.dir.join(".git").display().to_string(),
    ] {
        let told = sandbox.okr_in(&code.dir, ["remote", "add", "hub", &url]).fails(1);
        assert!(told.contains("is a remote of the code in"), "{url}: {told}");
    }
    code.git(["config", "remote.origin.pushurl", "git@forge.example:me/app.git"]);
    code.git(["config", "url.https://mirror.example/.insteadOf", "m:"]);
    code.git(["remote", "add", "mirror", "m:me/app"]);
    for url in [
        "https://forge.example/Me/App",
        "ssh://forge.example:2222/me/app.git/",
        "https://mirror.example/me/app.git",
    ] {
        let told = sandbox.okr_in(&code.dir, ["remote", "add", "x", url]).fails(1);
        assert!(told.contains("is a remote of the code in"), "{url}: {told}");
    }
    // With the word it goes where nothing clones, builds or offers to merge it.
    let output = sandbox.okr_in(&code.dir, ["remote", "add", "hub", &hub, "--shared-with-code"]);
    assert!(
        output.stderr.contains("warning: everybody who can read that repository can read the journal"),
        "{output}"
    );
    sandbox.okr_in(&code.dir, ["sync", "hub"]).success();
    assert_eq!(
        sandbox.git_in(hub.as_ref(), &["for-each-ref", "--format=%(refname)"]),
        "refs/heads/main\nrefs/okr/okr"
    );
    // A second machine finds it there, wherever it stands.
    machines.there.okr(["init", "--from", &hub]).success();
    machines.there.okr(["add", "From there"]).success();
    machines.there.okr(["sync"]).success();
    sandbox.okr_in(&code.dir, ["sync", "hub"]).success();
    assert_eq!(tip(sandbox), tip(&machines.there));
    assert_eq!(
        sandbox.git_in(hub.as_ref(), &["for-each-ref", "--format=%(refname)"]),
        "refs/heads/main\nrefs/okr/okr"
    );
}

#[test]
fn standing_in_the_code_later_is_seen_too() {
    let (machines, hub) = Machines::joined();
    let code = machines.here.repo("code");
    code.git(["remote", "add", "origin", &hub]);
    let before = machines.here.git_in(hub.as_ref(), &["for-each-ref"]);
    machines.here.okr(["add", "Not for them"]).success();
    let told = machines.here.okr_in(&code.dir, ["sync"]).fails(1);
    assert!(told.contains("is a remote of the code in"), "{told}");
    assert_eq!(machines.here.git_in(hub.as_ref(), &["for-each-ref"]), before);
    machines.here.okr_in(&code.dir, ["remote", "set-url", "hub", &hub, "--shared-with-code"]).success();
    machines.here.okr_in(&code.dir, ["sync"]).success();
}

#[test]
fn the_journal_of_a_code_repository_does_not_go_to_its_remotes() {
    let machines = Machines::new();
    let hub = machines.hub("app.git");
    let code = machines.there.repo("code");
    code.git(["remote", "add", "origin", &hub]);
    machines.there.okr_in(&code.dir, ["init", "--here"]).success();
    let told = machines.there.okr_in(&code.dir, ["remote", "add", "hub", &hub]).fails(1);
    assert!(told.contains("is a remote of the code in"), "{told}");
}

#[test]
fn a_url_that_leads_elsewhere_than_it_did_stops_the_sync() {
    let (machines, hub) = Machines::joined();
    let elsewhere = machines.hub("elsewhere.git");
    machines.here.okr(["add", "For the hub only"]).success();
    let config = fs::read(machines.here.path("home/.gitconfig")).unwrap();
    for key in ["insteadOf", "pushInsteadOf"] {
        global(&machines.here, &format!("url.{elsewhere}.{key}"), &hub);
        let output = machines.here.okr(["sync"]);
        let told = output.fails(1);
        assert!(told.contains("error: 'hub' led to"), "{told}");
        assert!(told.contains("hint: if that is meant, say so: git okr remote set-url hub"), "{told}");
        assert_eq!(machines.here.git_in(elsewhere.as_ref(), &["for-each-ref"]), "");
        fs::write(machines.here.path("home/.gitconfig"), &config).unwrap();
    }
    machines.here.okr(["sync"]).success();

    // Meant, and said so: fetched here, pushed there.
    global(&machines.here, &format!("url.{elsewhere}.pushInsteadOf"), &hub);
    let output = machines.here.okr(["remote", "set-url", "hub", &hub]);
    assert!(output.stderr.contains("pushes to $SANDBOX/bin/elsewhere.git"), "{output}");
    machines.here.okr(["add", "For elsewhere"]).success();
    machines.here.okr(["sync"]).success();
    assert_eq!(machines.here.git_in(elsewhere.as_ref(), &["rev-parse", "okr"]), tip(&machines.here));
    // A pin that somebody took away pins to nothing.
    machines.here.git_journal(["config", "--unset", "okr.remote.hub.pushUrl"]);
    machines.here.okr(["sync"]).fails(1);
}

#[test]
fn a_remote_that_is_called_like_the_url_is_refused() {
    let (machines, hub) = Machines::joined();
    let config = fs::read(machines.here.path("home/.gitconfig")).unwrap();
    for (key, values) in [
        ("pushurl", &["/one.git", "/two.git"][..]),
        ("url", &["/one.git"]),
        ("mirror", &["true"]),
        ("receivepack", &["pwn"]),
        ("push", &["refs/*:refs/*"]),
    ] {
        for value in values {
            global(&machines.here, &format!("remote.{hub}.{key}"), value);
        }
        let told = machines.here.okr(["sync"]).fails(1);
        assert!(told.contains("your git configuration has a remote for"), "{key}: {told}");
        let told = machines.here.okr(["remote", "add", "again", &hub]).fails(1);
        assert!(
            told.contains("hint: see where it is set: git config --show-origin --get-all"),
            "{key}: {told}"
        );
        fs::write(machines.here.path("home/.gitconfig"), &config).unwrap();
    }
    for (to, why) in
        [("ext::sh -c pwn ", "runs a program"), ("https://me:secret@evil.example/", "credentials")]
    {
        global(&machines.here, &format!("url.{to}.insteadOf"), &hub);
        let told = machines.here.okr(["remote", "add", "again", &hub]).fails(2);
        assert!(told.contains(why), "{to}: {told}");
        fs::write(machines.here.path("home/.gitconfig"), &config).unwrap();
    }
}

#[test]
fn settings_add_no_ref_no_hook_and_no_place() {
    let (machines, hub) = Machines::joined();
    let sandbox = &machines.here;
    let other = machines.hub("other.git");
    // Those of the person are the hub's too, since it is on this machine: they may not stop it.
    let (hooks, own) = (sandbox.path("bin/hooks"), sandbox.path("bin/own-hooks"));
    let ran = sandbox.path("ran");
    for (dir, events) in [
        (&hooks, &["pre-push", "post-merge", "post-checkout"][..]),
        (&own, &["pre-push", "reference-transaction", "post-merge", "post-checkout"]),
    ] {
        fs::create_dir(dir).unwrap();
        for event in events {
            sandbox.script(&dir.join(event), &format!("echo {event} >> '{}'\nexit 1", ran.display()));
        }
    }
    for (key, value) in [
        ("core.hooksPath", hooks.to_str().unwrap()),
        ("push.followTags", "true"),
        ("push.gpgSign", "true"),
        ("push.default", "matching"),
        ("push.pushOption", "ci.skip"),
        ("push.recurseSubmodules", "on-demand"),
        ("fetch.prune", "true"),
        ("fetch.pruneTags", "true"),
        ("fetch.recurseSubmodules", "true"),
        ("fetch.all", "true"),
        ("remote.pushDefault", "other"),
        ("remote.hub.mirror", "true"),
        ("remote.hub.url", &other),
        ("remote.hub.pushurl", &other),
        ("remote.hub.push", "refs/*:refs/*"),
        ("remote.hub.fetch", "+refs/*:refs/*"),
        ("remote.hub.receivepack", "pwn"),
        ("submodule.recurse", "true"),
        ("gc.auto", "1"),
        ("color.ui", "always"),
        ("protocol.ext.allow", "always"),
        ("advice.pushUpdateRejected", "true"),
    ] {
        global(sandbox, key, value);
        sandbox.git_journal(["config", "--add", key, value]);
    }
    sandbox.git_journal(["config", "core.hooksPath", own.to_str().unwrap()]);
    sandbox.git_journal(["-c", "core.hooksPath=/dev/null", "tag", "-a", "-m", "mine", "private", "okr"]);
    sandbox.git_journal(["-c", "core.hooksPath=/dev/null", "update-ref", "refs/heads/other", "okr"]);
    machines.there.okr(["add", "Comes"]).success();
    machines.there.okr(["sync"]).success();
    sandbox.okr(["add", "Goes"]).success();
    let _ = fs::remove_file(&ran);
    sandbox.okr(["sync"]).success();
    assert!(!ran.exists(), "{:?}", fs::read_to_string(&ran));
    let list = |dir: &str| sandbox.git_in(dir.as_ref(), &["for-each-ref", "--format=%(refname)"]);
    assert_eq!(list(&hub), "refs/heads/okr");
    assert_eq!(list(&other), "");
    assert_eq!(
        sandbox.git_journal(["for-each-ref", "--format=%(refname)"]),
        "refs/heads/okr\nrefs/heads/other\nrefs/okr/remotes/hub/okr\nrefs/tags/private"
    );
    assert_eq!(sandbox.git_in(hub.as_ref(), &["rev-parse", "okr"]), tip(sandbox));
}

#[test]
fn what_the_person_forbids_git_stays_forbidden() {
    let (machines, _) = Machines::joined();
    let mut command = machines.here.command(PROGRAM, &machines.here.path("work"));
    let output = machines.here.run(command.args(["sync"]).env("GIT_ALLOW_PROTOCOL", "ssh:ext"));
    assert!(output.fails(1).contains("transport 'file' not allowed"));
}

#[test]
fn a_remote_with_other_branches_is_somebody_s_code_wherever_one_stands() {
    let machines = Machines::new();
    let hub = machines.hub("app.git");
    let code = machines.there.repo("code");
    code.git(["push", "--quiet", &hub, "main", "main:\u{202e}topic"]);
    machines.here.okr(["remote", "add", "hub", &hub]).success();
    for arguments in [["sync", "hub"], ["sync", "-n"]] {
        let told = machines.here.okr(arguments).fails(1);
        assert!(told.contains(r"error: 'hub' holds other branches (main, \u{202e}topic)"), "{told}");
        assert!(told.contains("hint: name an empty repository; or, if all who read that one"), "{told}");
    }
    let branches = || {
        machines
            .here
            .git_in(hub.as_ref(), &["for-each-ref", "--format=%(refname)", "refs/heads/okr", "refs/okr"])
    };
    assert_eq!(branches(), "");
    machines.here.okr(["remote", "set-url", "hub", &hub, "--shared-with-code"]).success();
    machines.here.okr(["sync"]).success();
    assert_eq!(branches(), "refs/okr/okr");
}

#[test]
fn a_journal_is_no_remote_of_itself() {
    let machines = Machines::new();
    let journal = machines.here.journal().display().to_string();
    for url in [journal.clone(), format!("file://{journal}/"), journal.replace("journal.git", "journal")] {
        let told = machines.here.okr(["remote", "add", "me", &url, "--shared-with-code"]).fails(1);
        assert!(told.contains("is the journal itself"), "{url}: {told}");
    }
    let code = machines.there.repo("code");
    machines.there.okr_in(&code.dir, ["init", "--here"]).success();
    let told = machines.there.okr_in(&code.dir, ["remote", "add", "me", ".", "--shared-with-code"]).fails(1);
    assert!(told.contains("is the journal itself"), "{told}");
}
