//! `git okr decide`: the decision filter, its verdicts, and the bet that follows.

use insta::assert_snapshot;

use crate::support::Sandbox;

const WHY: &str = "nobody else can sequence it";

/// A journal with one decision that took what it was asked.
fn with_decision() -> (Sandbox, String) {
    let sandbox = Sandbox::with_journal();
    let id = sandbox
        .okr([
            "decide",
            "Own the shared queue",
            "--answer",
            "leverage=for: three teams wait",
            "--answer",
            "owner=against: Payments asked first",
            "--answer",
            "reuse=unsure",
            "--verdict",
            "take",
            "--why",
            WHY,
        ])
        .id();
    (sandbox, id)
}

#[test]
fn records_a_verdict_with_its_answers() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["decide", "Own the queue", "--verdict", "take", "--why", WHY]), @"
    <ID1>
    ------- stderr -------
    decided to take Own the queue
    hint: 10 of 10 questions were not asked: git okr edit <ID1>
    ");
    let (sandbox, id) = with_decision();
    assert_snapshot!(sandbox.okr(["decide", "list"]), @"
    id    day         verdict  for  against  bet  candidate
    <ID1>  2026-11-02  take       1        1  -    Own the shared queue

    1 decision
    ");
    assert_snapshot!(sandbox.okr(["decide", "show", &id[..8]]), @"
    Own the shared queue
    id:      <ID1>
    day:     2026-11-02
    verdict: take
    why:     nobody else can sequence it

    filter
      - Does it serve an outcome or a capability of this guide?
        - not asked
      - Is it important, or has somebody merely asked for it often?
        - for  three teams wait
      - How many teams are better off when it is done?
        - not asked
      - Will the organisation decide, deliver or grow more safely because of it?
        - not asked
      - Would you still pick it if nobody were watching?
        - not asked
      - Will somebody who reads your rubric understand the proof without you beside them?
        - not asked
      - Is it an investment, a lever on a goal, a repair, or a stopgap?
        - not asked
      - What will others be able to reuse?
        - unsure
      - Who ought to own it, and what would they need from you?
        - against  Payments asked first
      - Will a quarter of this widen what you are trusted with?
        - not asked
    ");
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2", "one commit");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn every_verdict_has_its_words() {
    let sandbox = Sandbox::with_journal();
    let later = ["decide", "New cache", "--verdict", "later", "--why", "queue first", "--until", "2027-Q1"];
    assert_snapshot!(sandbox.okr(later), @"
    <ID1>
    ------- stderr -------
    decided to sequence later: New cache
    hint: 10 of 10 questions were not asked: git okr edit <ID1>
    ");
    let support = ["decide", "Refunds", "--verdict", "support", "--why", "theirs", "--owner", "Payments"];
    assert_snapshot!(sandbox.okr(support), @"
    <ID2>
    ------- stderr -------
    decided to support another owner of Refunds
    hint: 10 of 10 questions were not asked: git okr edit <ID2>
    ");
    let decline =
        ["decide", "Rewrite", "--verdict", "decline", "--why", "nobody asked", "--date", "2026-10-30"];
    assert_snapshot!(sandbox.okr(decline), @"
    <ID3>
    ------- stderr -------
    decided to decline Rewrite
    hint: 10 of 10 questions were not asked: git okr edit <ID3>
    ");
    assert_snapshot!(sandbox.okr(["decide", "list"]), @"
    id    day         verdict  for  against  bet  candidate
    <ID3>  2026-10-30  decline    0        0  -    Rewrite
    <ID1>  2026-11-02  later      0        0  -    New cache
    <ID2>  2026-11-02  support    0        0  -    Refunds

    3 decisions
    ");
    let list = sandbox.okr(["decide", "list", "2026-10-01..2026-10-31"]).success();
    assert!(list.contains("Rewrite") && !list.contains("Refunds"), "{list}");
}

#[test]
fn a_bet_follows_from_take_only() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["decide", "Own the queue", "--verdict", "take", "--why", WHY, "--bet"]), @"
    <ID1>
    ------- stderr -------
    decided to take Own the queue
    opened own-the-queue
    hint: unproven until it answers the gate: git okr bet edit own-the-queue
    ");
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2", "decision and bet are one commit");
    assert!(sandbox.okr(["bet", "list"]).success().contains("own-the-queue"));
    let list = sandbox.okr(["decide", "list", "--format", "json"]).list();
    let id = list[0]["id"].as_str().unwrap().to_owned();
    assert!(sandbox.okr(["decide", "show", &id]).success().contains("own-the-queue"), "it names the bet");
    assert_snapshot!(sandbox.okr(["decide", "Rewrite", "--verdict", "decline", "--why", "no", "--bet"]), @"
    ------- stderr -------
    error: a bet follows from the verdict take, not from decline
    hint: --verdict take --bet
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["decide", "Cache", "--verdict", "later", "--why", "no", "--bet"]), @"
    ------- stderr -------
    error: a bet follows from the verdict take, not from later
    hint: --verdict take --bet
    [exit status: 2]
    ");
    assert_eq!(sandbox.git_journal(["rev-list", "--count", "okr"]), "2", "nothing was written");
    sandbox.okr(["fsck"]).success();
}

#[test]
fn refuses_what_it_cannot_mean() {
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["decide", "X"]), @r#"
    ------- stderr -------
    error: say what was decided
    hint: --verdict take --why "nobody else can sequence it" --answer leverage='for: three teams wait'
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["decide", "X", "--verdict", "maybe", "--why", "so"]), @"
    ------- stderr -------
    error: unknown verdict 'maybe': it is take, later, support or decline
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["decide", "X", "--verdict", "take"]), @r#"
    ------- stderr -------
    error: say why it was decided so
    hint: --why "nobody else can sequence it"
    [exit status: 2]
    "#);
    assert_snapshot!(sandbox.okr(["decide", "X", "--answer", "leverage=for"]), @"
    ------- stderr -------
    error: no verdict: it is take, later, support or decline
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["decide", "X", "--verdict", "support", "--why", "theirs"]), @"
    ------- stderr -------
    error: say who owns it, since you support another owner
    [exit status: 1]
    ");
    assert_snapshot!(
        sandbox.okr(["decide", "X", "--verdict", "take", "--why", "so", "--answer", "levrage=for"]), @"
    ------- stderr -------
    error: unknown filter question 'levrage'
    hint: did you mean 'leverage'? all of them: git okr guide show
    [exit status: 1]
    ");
    assert_snapshot!(
        sandbox.okr(["decide", "X", "--verdict", "take", "--why", "so", "--answer", "leverage=perhaps"]), @"
    ------- stderr -------
    error: 'perhaps' is no answer: it is for, against or unsure, and after a colon why
    [exit status: 1]
    ");
    assert_snapshot!(
        sandbox.okr(["decide", "X", "--verdict", "take", "--why", "so", "--answer", "leverage"]), @"
    ------- stderr -------
    error: 'leverage' is not of the form ID=TEXT
    hint: --answer leverage='for: three teams wait'
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["decide", "X", "--verdict", "take", "--why", "so", "--date", "someday"]), @"
    ------- stderr -------
    error: 'someday' is not a date
    hint: days are written 2026-11-03, yesterday or 'last friday'
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["decide", "  ", "--verdict", "take", "--why", "so"]), @"
    ------- stderr -------
    error: the title is empty
    hint: say on one line what it is
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["decide", "list"]), @r#"no decision; take one with: git okr decide "candidate""#);
}

#[test]
fn takes_standard_input_and_the_editor() {
    let sandbox = Sandbox::with_journal();
    let text = "title = \"From standard input\"\nverdict = \"decline\"\nwhy = \"no\"\n[answer]\nscope = \"no: small\"\n";
    let id = sandbox.okr_with_stdin(["decide", "-"], text).id();
    let shown = sandbox.okr(["decide", "show", &id]).success();
    assert!(shown.contains("small"), "{shown}");
    let script = "sed -i -e 's/^title = .*/title = \"From the editor\"/' -e 's/^#* *verdict = .*/verdict = \"take\"/' \
                  -e 's/^#* *why = .*/why = \"so\"/' \"$1\"";
    sandbox.okr_with_editor(["decide", "--edit"], script).success();
    let list = sandbox.okr(["decide", "list"]).success();
    assert!(list.contains("From the editor") && list.contains("From standard input"), "{list}");
    assert_snapshot!(sandbox.okr_with_stdin(["decide", "-"], "title = \"X\"\nverdict = 3\n"), @"
    ------- stderr -------
    error: line 2: verdict: invalid type: integer `3`, expected a string
    [exit status: 1]
    ");
}

#[test]
fn names_lead_to_decisions_only_and_the_past_stays_readable() {
    let (sandbox, id) = with_decision();
    let evidence = sandbox.okr(["add", "Evidence"]).id();
    assert!(sandbox.okr(["decide", "show", &evidence]).fails(1).contains("not a decision"));
    assert_snapshot!(sandbox.okr(["decide", "show", "nonesuch"]), @"
    ------- stderr -------
    error: no record 'nonesuch'
    hint: list what there is: git okr list, and bet list, objective list, decide list
    [exit status: 1]
    ");
    sandbox.at("2026-11-09");
    // A slip of the hand removes nothing.
    assert!(sandbox.okr(["remove", &id[..3]]).fails(1).contains("of an id has 4 letters or more"));
    sandbox.okr(["remove", &id]).success();
    sandbox.okr(["decide", "show", &id]).fails(1);
    assert!(sandbox.okr(["decide", "show", &id, "--as-of", "2026-11-05"]).success().contains(WHY));
    assert!(
        sandbox.okr(["decide", "list", "--as-of", "2026-11-05"]).success().contains("Own the shared queue")
    );
}

#[test]
fn json_holds_the_whole_record() {
    let (sandbox, id) = with_decision();
    let one = sandbox.okr(["decide", "show", &id, "--format", "json"]).json();
    let data = &one["data"];
    assert_eq!((&data["verdict"], &data["why"]), (&"take".into(), &WHY.into()));
    assert_eq!(data["date"], "2026-11-02");
    assert_eq!(data["answer"]["leverage"]["says"], "for");
    assert_eq!(data["answer"]["owner"]["why"], "Payments asked first");
    assert_eq!(data["answer"]["reuse"]["says"], "unsure");
    let list = sandbox.okr(["decide", "list", "--format", "json"]).json();
    assert_eq!(list["data"][0], *data, "a list holds the same record");
}
