//! `git okr export`: whole, private, atomic; and with rules, without anything that they name.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Sandbox, fingerprint};

/// A journal in which Ada, a host, a repository and numbers stand everywhere.
fn journal() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    let okr = |args: &[&str]| {
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        let output = sandbox.run(command.args(args));
        assert_eq!(output.code, Some(0), "{args:?}: {output}");
    };
    okr(&[
        "bet",
        "add",
        "Move Ada's Falcon to one queue",
        "--slug",
        "falcon-queue",
        "--proof",
        "ADA says so",
    ]);
    okr(&[
        "bet",
        "check-in",
        "falcon-queue",
        "--status",
        "on-track",
        "--confidence",
        "70",
        "--note",
        "ada_lovelace agrees",
    ]);
    okr(&[
        "add",
        "Adapted falcon-eye for Canada",
        "--bet",
        "falcon-queue",
        "--adopter",
        "Ada Lovelace",
        "--adopter",
        "Search",
        "--artifact",
        "https://wiki.acme.test/fal%63on",
        "--artifact",
        "person:Ada Lovelace",
        "--artifact",
        "commit:8cf75081378f2e56ac517957c45d83f5175f7a06",
        "--metric",
        "p95: 410ms -> 180ms",
        "--note",
        "Ask ada@acme.test about A\u{200b}da in 8cf75081378f",
    ]);
    okr(&["add", "Nothing to hide here"]);
    sandbox
}

const RULES: &str = "people = [[\"Ada Lovelace\", \"Ada\"]]\nwords = [\"Falcon\"]\nhosts = [\"wiki.acme.test\"]\nnumbers = [\"410ms\"]\nkeep = [\"Canada\"]\n";

const SECRETS: [&str; 9] = ["ada", "lovelace", "falcon", "acme", "410", "8cf75081", "@", "://", "fal%63on"];

/// Every file below a directory with its text.
fn files(dir: &Path) -> Vec<(String, String)> {
    let found = fingerprint(dir).into_iter().filter(|(_, (mode, _))| mode & 0o170_000 == 0o100_000);
    found.map(|(path, (_, text))| (path.display().to_string(), String::from_utf8(text).unwrap())).collect()
}

#[test]
fn a_whole_journal_is_exported_byte_for_byte_for_its_owner_alone() {
    let sandbox = journal();
    sandbox.okr(["export", "-o", "out"]).success();
    let out = sandbox.path("work/out");
    let listed = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
    let found = files(&out);
    assert_eq!(
        found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
        listed.lines().collect::<Vec<_>>()
    );
    for (path, text) in &found {
        let text = text.trim_end();
        assert_eq!(text, sandbox.git_journal(["show", &format!("okr:{path}")]), "{path}");
    }
    for (path, (mode, _)) in fingerprint(&out) {
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    assert_eq!(out.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_snapshot!(sandbox.okr(["export", "-o", "out"]), @"
    ------- stderr -------
    error: 'out' is there already
    hint: name a new place: --output <path>
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["export"]), @"
    ------- stderr -------
    error: a directory of TOML files needs a place
    hint: name a new directory: git okr export --output <dir>
    hint: or one document: git okr export --format markdown
    [exit status: 2]
    ");
    sandbox.okr(["export", "-o", "not/there"]).fails(1);
    fs::create_dir(sandbox.path("work/empty")).unwrap();
    sandbox.okr(["export", "-o", "empty"]).success();
}

#[test]
fn one_document_holds_every_record() {
    let sandbox = journal();
    let json = sandbox.okr(["export", "--format", "json"]).success();
    let export: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(export["version"], 1);
    assert_eq!(export["revision"], sandbox.git_journal(["rev-parse", "okr"]));
    let listed = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]);
    assert_eq!(export["records"].as_array().unwrap().len(), listed.lines().count());
    let markdown = sandbox.okr(["export", "--format", "markdown"]).success();
    for text in ["### Nothing to hide here", "ADA says so", "180ms", "on-track"] {
        assert!(markdown.contains(text), "{text} in\n{markdown}");
    }
    sandbox.okr(["export", "--format", "json", "-o", "all.json"]).success();
    let file = sandbox.path("work/all.json");
    assert_eq!(fs::read_to_string(&file).unwrap(), json);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    sandbox.okr(["export", "--format", "markdown", "-o", "all.json"]).fails(1);
    assert_eq!(fs::read_to_string(&file).unwrap(), json, "what is there stays");
    sandbox.okr(["export", "--format", "markdown", "-o", "all.json", "--force"]).success();
    assert_eq!(fs::read_to_string(&file).unwrap(), markdown);
}

#[test]
fn nothing_that_rules_name_is_said_in_any_format() {
    let sandbox = journal();
    fs::write(sandbox.path("work/rules.toml"), RULES).unwrap();
    let hides = |what: &str, text: &str| {
        let text = text.to_lowercase().replace("canada", "");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {what}:\n{text}");
        }
    };
    sandbox.okr(["export", "--redact", "rules.toml", "-o", "out"]).success();
    let mut whole = String::new();
    for (path, text) in files(&sandbox.path("work/out")) {
        // The built-in guide names no one.
        whole += &text;
        hides(&path, &text.replace("adapt", "").replace("Adapt", ""));
    }
    assert!(
        whole.contains("Canada") && whole.contains("Nothing to hide here") && whole.contains("180ms"),
        "{whole}"
    );
    let (markdown, json) = ("markdown", "json");
    for format in [markdown, json] {
        let text = sandbox.okr(["export", "--redact", "rules.toml", "--format", format]).success();
        hides(format, &text);
        assert!(text.contains("Nothing to hide here"));
        // The same words have the same pseudonyms, next time too.
        let ada = whole.split("person-").nth(1).unwrap()[..10].to_owned();
        assert!(text.contains(&format!("person-{ada}")), "{format}");
        assert_eq!(sandbox.okr(["export", "--redact", "rules.toml", "--format", format]).success(), text);
    }
    let key = sandbox.journal().join("okr/pseudonyms.key");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // A secret of one's own gives the same ones anywhere.
    fs::write(sandbox.path("work/own.toml"), format!("secret = \"correct horse battery\"\n{RULES}")).unwrap();
    fs::remove_file(key).unwrap();
    let text = sandbox.okr(["export", "--redact", "own.toml", "--format", "json"]).success();
    assert!(!sandbox.journal().join("okr/pseudonyms.key").exists());
    assert!(!text.contains(&whole.split("person-").nth(1).unwrap()[..10]));
}

#[test]
fn what_remains_stops_the_export_and_nothing_is_written() {
    let sandbox = journal();
    // What may stay is spelt in another way there: the check takes rules by the letter.
    fs::write(sandbox.path("work/rules.toml"), RULES.replace("Canada", "Can-ada")).unwrap();
    let before = fingerprint(&sandbox.path("work"));
    for format in ["toml", "markdown", "json"] {
        let complaint =
            sandbox.okr(["export", "--redact", "rules.toml", "--format", format, "-o", "out"]).fails(1);
        assert!(complaint.contains("remains in") && complaint.contains("nothing is written"), "{complaint}");
        let output = sandbox.okr(["export", "--redact", "rules.toml", "--format", "json"]);
        assert!(output.stdout.is_empty(), "{output}");
    }
    assert!(before == fingerprint(&sandbox.path("work")));
}

#[test]
fn a_place_that_would_be_committed_is_refused() {
    let sandbox = journal();
    let repo = sandbox.repo("shop");
    assert_snapshot!(repo.okr(["export", "-o", "out"]), @"
    ------- stderr -------
    error: 'out' is in the work tree '$SANDBOX/work/shop', which does not ignore it
    hint: write elsewhere, or have git ignore it; if it is meant: --force
    [exit status: 1]
    ");
    assert!(!repo.dir.join("out").exists());
    fs::write(repo.dir.join(".git/info/exclude"), "/private/\nout\n").unwrap();
    repo.okr(["export", "-o", "out"]).success();
    fs::create_dir(repo.dir.join("private")).unwrap();
    repo.okr(["export", "--format", "json", "-o", "private/all.json"]).success();
    repo.okr(["export", "--format", "json", "-o", ".git/all.json"]).success();
    repo.okr(["export", "--format", "json", "-o", "seen.json"]).fails(1);
    repo.okr(["export", "--format", "json", "-o", "seen.json", "--force"]).success();
    assert_eq!(repo.git(["status", "--porcelain"]), "?? seen.json");
}

#[test]
fn rules_to_start_from_are_filled_from_the_journal() {
    let sandbox = journal();
    let rules = sandbox.okr(["export", "--rules"]).success();
    for line in ["\"Ada Lovelace\"", "\"Search\"", "\"wiki.acme.test\""] {
        assert!(rules.contains(line), "{line} in\n{rules}");
    }
    fs::write(sandbox.path("work/rules.toml"), rules).unwrap();
    let text = sandbox.okr(["export", "--redact", "rules.toml", "--format", "markdown"]).success();
    assert!(!text.contains("Search") && !text.contains("Lovelace"));
    for (rules, wrong) in [
        ("people = 1", "line 1"),
        ("person = [\"Ada\"]", "unknown field"),
        ("words = [\"x\"]", "fewer than two"),
    ] {
        fs::write(sandbox.path("work/rules.toml"), rules).unwrap();
        let output = sandbox.okr(["export", "--redact", "rules.toml", "--format", "json"]).fails(1);
        assert!(output.contains(wrong), "{output}");
    }
    sandbox.okr(["export", "--redact", "none.toml", "--format", "json"]).fails(1);
}

#[test]
fn what_cannot_be_read_is_left_out_aloud() {
    let sandbox = journal();
    sandbox.plant_text("evidence/2026-11/02/kqvmkqvmkqvmkqvm.toml", "title = \"Ada\n<<<<<<< ours\n");
    fs::write(sandbox.path("work/rules.toml"), RULES).unwrap();
    let output = sandbox.okr(["export", "--redact", "rules.toml", "-o", "out"]);
    assert!(
        output.code == Some(0) && output.stderr.contains("1 file cannot be read, and is left out"),
        "{output}"
    );
    assert!(!sandbox.path("work/out/evidence/2026-11/02/kqvmkqvmkqvmkqvm.toml").exists());
    // As it is, it is exported as it is.
    sandbox.okr(["export", "-o", "whole"]).success();
    assert!(sandbox.path("work/whole/evidence/2026-11/02/kqvmkqvmkqvmkqvm.toml").exists());
}
