//! `git okr guide`: list, show, edit, check.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn lists_the_built_in_guides_without_a_journal() {
    assert_snapshot!(Sandbox::new().okr(["guide", "list"]), @"
    guide           for
    staff-engineer  Staff engineer, anywhere  (default)
    l8-growth       Senior staff engineer (L8) in a growth organisation
    ");
}

#[test]
fn shows_a_guide_in_every_format() {
    let sandbox = Sandbox::with_journal();
    for guide in ["l8-growth", "staff-engineer"] {
        let toml = sandbox.okr(["guide", "show", guide, "--toml"]).success();
        std::fs::write(sandbox.path("work/guide.toml"), &toml).unwrap();
        let checked = sandbox.okr(["guide", "check", "guide.toml"]).success();
        assert_eq!(checked, "nothing is wrong with the guide\n");
        sandbox.okr(["guide", "show", guide, "--format", "json"]).json();
        assert!(sandbox.okr(["guide", "show", guide]).success().lines().count() > 60);
        assert!(sandbox.okr(["guide", "show", guide, "--format", "markdown"]).success().starts_with('#'));
    }
    assert_snapshot!(sandbox.okr(["guide", "show", "l9"]), @"
    ------- stderr -------
    error: no built-in guide is called 'l9'
    hint: git okr guide list
    [exit status: 1]
    ");
}

#[test]
fn checks_a_file_and_names_every_problem() {
    let sandbox = Sandbox::new();
    let good = sandbox.okr(["guide", "show", "staff-engineer", "--toml"]).success();
    let check = |text: &str| {
        std::fs::write(sandbox.path("work/guide.toml"), text).unwrap();
        sandbox.okr(["guide", "check", "guide.toml"])
    };
    assert_snapshot!(check("name = \"mine\"\nfrom = \n"), @"
           line  where  what
    error  2     from   string values must be quoted, expected literal string

    1 problem
    [exit status: 1]
    ");
    let typo = check(&good.replacen("[calendar]", "[calender]", 1));
    assert!(typo.stdout.contains("calender"), "{typo}");
    assert_eq!(check(&good.replacen("fiscal_year_start = 1", "fiscal_year_start = 13", 1)).code, Some(1));
    assert_snapshot!(sandbox.okr(["guide", "check", "nonesuch.toml"]), @"
    ------- stderr -------
    error: cannot read 'nonesuch.toml': No such file or directory (os error 2)
    [exit status: 1]
    ");
}

#[test]
fn edits_the_journals_guide_and_refuses_a_broken_one() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr_with_editor(["guide", "edit"], "sed -i '1i # mine now' \"$1\"").success();
    assert!(sandbox.git_journal(["show", "okr:guide.toml"]).starts_with("# mine now\n"));
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    let said = sandbox.okr_with_editor(["guide", "edit"], "echo '[[x' >> \"$1\"").fails(1);
    assert!(said.contains("is kept in") && said.contains("line "), "{said}");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
}

#[test]
fn a_word_that_the_guide_gains_can_be_used() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "x", "--reach", "world"]).fails(1);
    let script =
        "printf '\\n[[reach]]\\nid = \"world\"\\nname = \"The world\"\nabout = \"Everybody.\"\\n' >> \"$1\"";
    sandbox.okr_with_editor(["guide", "edit"], script).success();
    sandbox.okr(["add", "x", "--reach", "world"]).success();
}
