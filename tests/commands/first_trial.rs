//! What a first trial by fresh eyes broke, so that it stays mended.

use crate::support::Sandbox;

#[test]
fn a_bare_number_is_no_day() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "queue"]).success();
    for number in ["8", "08", "31", "2026"] {
        assert!(
            sandbox.okr(["add", "lost", "--date", number]).fails(2).contains("is not a date"),
            "{number}"
        );
        sandbox.okr(["bet", "check-in", "queue", "--status", "on-track", "--date", number]).fails(2);
        sandbox.okr(["bet", "close", "queue", "--won", "--why", "done", "--date", number]).fails(2);
        sandbox.okr_with_stdin(["add", "-"], format!("title = \"x\"\nhappened = \"{number}\"\n")).fails(2);
    }
    assert!(sandbox.okr(["bet", "list"]).success().contains("queue"));
}

#[test]
fn a_toml_date_is_a_day_in_a_draft_too() {
    let sandbox = Sandbox::with_journal();
    let draft = "title = \"toml\"\nhappened = 2026-10-03\n".to_owned();
    let id = sandbox.okr_with_stdin(["add", "-"], draft).id();
    assert!(sandbox.okr(["show", &id]).success().contains("2026-10-03"));
}

#[test]
fn options_beside_standard_input_are_refused_rather_than_lost() {
    let sandbox = Sandbox::with_journal();
    let draft = || "title = \"t\"\n".to_owned();
    sandbox.okr_with_stdin(["add", "-", "--note", "keep me"], draft()).fails(2);
    sandbox.okr_with_stdin(["bet", "add", "-", "--kind", "pillar-shaping"], draft()).fails(2);
    sandbox.okr_with_stdin(["bet", "add", "-", "--confidence", "60"], draft()).success();
}

#[test]
fn what_nobody_can_open_proves_nothing() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "a", "--artifact", "doc:"]).fails(2);
    sandbox.okr(["add", "b", "--artifact", "foo bar"]).success();
    sandbox.okr(["add", "c", "--metric", "x: 5 -> 5"]).success();
    sandbox.okr(["add", "d", "--adopter", "-"]).success();
    let card = sandbox.okr(["scorecard", "--format", "json"]).success();
    assert!(!card.contains("\"proven\": true"), "{card}");
}

#[test]
fn a_key_of_the_record_inside_a_table_is_told() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "a", "--artifact", "https://wiki.example/plan"]).id();
    let told =
        sandbox.okr_with_editor(["edit", &id], "sed -i '/^ref = /a kind = \"platform\"' \"$1\"").fails(1);
    assert!(told.contains("stands inside [[artifact]]"), "{told}");
    sandbox
        .okr_with_editor(["edit", &id], "sed -i 's/^#? kind = \"\"/kind = \"platform\"/' \"$1\"")
        .success();
    assert!(!sandbox.text_of(&id).contains("#?"), "offered keys are not saved");
    assert!(sandbox.okr(["show", &id]).success().contains("platform"));
}

#[test]
fn repositories_without_a_host_do_not_share_pull_requests() {
    let sandbox = Sandbox::with_journal();
    for (place, word) in [("c", "cache"), ("d", "queue")] {
        std::fs::create_dir_all(sandbox.path("work").join(place)).unwrap();
        let repo = sandbox.repo(&format!("{place}/app"));
        repo.commit("src/lib.rs", &format!("feat: add the {word} (#1)"));
        assert!(repo.okr(["harvest"]).success().contains(": 1 new suggestion"), "{place}");
        repo.okr(["inbox", "accept", "--everything"]).success();
    }
}

#[test]
fn a_broken_header_is_told_and_not_mistaken_for_another_branch() {
    let sandbox = Sandbox::with_journal();
    sandbox.plant_text("journal.toml", "!!\n");
    let told = sandbox.okr(["fsck"]);
    assert!(told.code == Some(1) && told.raw_text().contains("journal.toml"), "{told}");
    assert!(sandbox.okr(["add", "x"]).fails(1).contains("journal.toml cannot be read"));
}

#[test]
fn a_bet_is_carried_forward_only() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "queue"]).success();
    for period in ["2026-Q4", "2025-Q1", "2026"] {
        sandbox.okr(["bet", "close", "queue", "--carried-to", period, "--why", "later"]).fails(2);
    }
    sandbox.okr(["bet", "close", "queue", "--carried-to", "next-quarter", "--why", "later"]).success();
}

#[test]
fn bash_finds_the_functions_it_is_told_of() {
    let sandbox = Sandbox::with_journal();
    let script = sandbox.okr(["completions", "bash"]).success();
    assert!(script.contains("_git__okr() {") && script.contains("_git__okr \"git-okr\""));
    for case in ["git__okr__bet__check__in)", "cmd=\"git__okr__bet__check__in\""] {
        assert!(script.contains(case), "{case}");
    }
}
