//! `git okr edit`: a record in the person's editor.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn keys_and_comments_that_it_does_not_know_survive() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Before"]).id();
    let (place, text) = (sandbox.place_of(&id), sandbox.text_of(&id));
    let text = format!("# a comment of mine\n{}\nfrom-the-future = {{ a = 1 }} # and why\n", text.trim_end());
    sandbox.plant_text(&place, &text);
    sandbox.okr_with_editor(["edit", &id], "sed -i 's/Before/After/' \"$1\"").success();
    assert_eq!(sandbox.text_of(&id), text.replace("Before", "After").trim_end());
}

#[test]
fn a_change_by_a_verb_keeps_them_too() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["bet", "add", "One queue"]).id();
    let (place, text) = (sandbox.place_of(&id), sandbox.text_of(&id));
    sandbox.plant_text(&place, &format!("# a comment of mine\nfrom-the-future = 1\n{text}"));
    sandbox.okr(["bet", "close", "one-queue", "--won", "--why", "done"]).success();
    let after = sandbox.text_of(&id);
    assert!(after.starts_with("# a comment of mine\nfrom-the-future = 1\n"), "{after}");
    assert!(after.contains("[closed]"), "{after}");
}

#[test]
fn a_new_day_moves_the_record_to_its_place() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Moved", "--date", "2026-10-05"]).id();
    sandbox.okr_with_editor(["edit", &id], "sed -i 's/2026-10-05/2026-10-06/' \"$1\"").success();
    assert_eq!(sandbox.place_of(&id), format!("evidence/2026-10/06/{id}.toml"));
    sandbox.okr(["fsck"]).success();
}

#[test]
fn what_must_not_change_does_not_and_the_text_is_kept() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "As it is"]).id();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    for script in [
        "sed -i 's/^id = .*/id = \"kkkkllllmmmmnnnn\"/' \"$1\"",
        "sed -i 's/^recorded = .*/recorded = 2020-01-01T00:00:00Z/' \"$1\"",
        "sed -i 's/^title = .*/title = \"\"/' \"$1\"",
        "sed -i '1i kind = \"nonesuch\"' \"$1\"",
        "sed -i '1i bets = [\"kkkkllllmmmmnnnn\"]' \"$1\"",
        "echo '[[[' > \"$1\"",
        "printf 'title = \"\\377\"' > \"$1\"",
    ] {
        let said = sandbox.okr_with_editor(["edit", &id], script).fails(1);
        assert!(said.contains("is kept in"), "{script}: {said}");
    }
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
    assert_eq!(std::fs::read_dir(sandbox.journal().join("okr/drafts")).unwrap().count(), 7);
}

#[test]
fn an_unchanged_text_records_nothing() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "As it is"]).id();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    assert_snapshot!(sandbox.okr_with_editor(["edit", &id], "true"), @"
    ------- stderr -------
    error: nothing was written, so nothing was recorded
    [exit status: 1]
    ");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
}

#[test]
fn the_editor_is_run_as_git_runs_it() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Before"]).id();
    std::fs::create_dir(sandbox.path("bin/with space")).unwrap();
    sandbox.script(&sandbox.path("bin/with space/ed"), "sed -i \"s/$1/$2/\" \"$3\"");
    let editor = format!("'{}' Before After", sandbox.path("bin/with space/ed").display());
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "core.editor", &editor]);
    sandbox.okr(["edit", &id]).success();
    assert!(sandbox.text_of(&id).contains("After"));
}
