//! `git okr status` and `git okr scorecard`.

use insta::assert_snapshot;

use crate::support::Sandbox;

/// A quarter with a bet, evidence of some weight, and one late capture.
fn quarter() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.at("2026-10-01");
    sandbox.okr(["init"]).success();
    sandbox
        .okr([
            "bet",
            "add",
            "One queue for every team",
            "--slug",
            "one-queue",
            "--outcome",
            "trust",
            "--confidence",
            "50",
        ])
        .success();
    sandbox.at("2026-10-20");
    sandbox
        .okr([
            "add",
            "Queue adopted by Payments",
            "--kind",
            "platform",
            "--bet",
            "one-queue",
            "--dimension",
            "technical",
            "--reach",
            "multi-team",
            "--adopter",
            "Payments",
            "--adopter",
            "Search",
            "--artifact",
            "https://example.com/acme/shop/pull/12",
        ])
        .success();
    sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "70"]).success();
    sandbox.at("2026-11-20");
    sandbox.okr(["add", "Remembered late", "--date", "2026-10-02"]).success();
    sandbox
}

#[test]
fn status_shows_the_quarter_at_a_glance() {
    assert_snapshot!(quarter().okr(["status"]), @"
    2026-Q4  41 days left

    Bets
      bet        state               conf     records  checked in   title
      one-queue  on-track, unproven  70% +20        1  31 days ago  One queue for every team

    Evidence
      dimension                       evidence          records  newest
      Technical direction             emerging                1  31 days ago
      Product and business judgement  nothing recorded        0  -
      Execution leverage              nothing recorded        0  -
      People and collaboration        nothing recorded        0  -

    Waiting
      do                               because
      git okr list --untriaged         1 record without kind, bet or dimension
      git okr bet check-in one-queue   the last check-in was 31 days ago
      git okr add --dimension product  no evidence this quarter for product, execution, collaboration

    journal <REV> of 2026-11-20 · 2 records of evidence
    ");
}

#[test]
fn status_of_an_empty_journal_says_where_to_begin() {
    assert_snapshot!(Sandbox::with_journal().okr(["status"]), @"
    2026-Q4  59 days left

    Bets
      none; open one with: git okr bet add

    Evidence
      dimension                       evidence          records  newest
      Technical direction             nothing recorded        0  -
      Product and business judgement  nothing recorded        0  -
      Execution leverage              nothing recorded        0  -
      People and collaboration        nothing recorded        0  -

    journal <REV> of 2026-11-02 · 0 records of evidence
    ");
}

#[test]
fn the_scorecard_answers_the_guides_questions() {
    // A finding names its records in the order of their ids, which are random.
    let card = quarter().okr(["scorecard", "2026-Q4"]).to_string().replace("<ID4> <ID2>", "<ID2> <ID4>");
    assert_snapshot!(card, @"
    Scorecard 2026-Q4  2026-10-01 to 2026-12-31

    Relevance
      Which outcomes was your work meant to move?  strong
        + 1 of 1 bet names the outcome or capability served  [bets-name-outcomes] <ID1>
        · 1 of 2 records serves no bet, outcome or capability  [evidence-aims] <ID4>
      Why were these the right bets for this quarter and not for another?  weak
        ! bet 'one-queue' is unproven: no answer to outcome, level, proof  [gate-answered] <ID1>

    Leverage
      What do several teams have now that they did not have before?  fair
        + 1 distinct proven piece of work reached beyond the team  [reach-and-adopters] <ID2>
        + 2 distinct adopters named  [reach-and-adopters/2] <ID2>
      Where did you change the direction or the order of work outside your own area?  too little to
      judge
        ? 1 record of loud work and none of shaping  [shaping-beyond-team]

    Legibility
      Does every dimension have evidence, and which one is thin?  too little to judge
        ? nothing, or too little to judge, in product, execution, collaboration  [dimension-coverage]
      What level would a stranger guess from these records alone?  fair
        · 1 of 2 records without a word on reach  [local-only] <ID4>
        + 1 of 1 record with a reach went beyond the team  [local-only/2] <ID2>

    Evidence
      What can be opened, measured or confirmed by a named person?  too little to judge
        + 1 of 2 records with an artifact, a number or an adopter  [artifact-backed] <ID2>
        ! 1 has nothing to open  [artifact-backed/2] <ID4>
      How much of it was written down in the week it happened?  too little to judge
        + half were written down within 0 days, nine in ten within 49 days; 0% in the last ten days or
          later  [capture-lag] <ID2> <ID4>
        · 1 record still without kind, bet or dimension  [untriaged] <ID4>

    Rubric
      dimension                       evidence          proven  beyond team  adopters  weeks  records
      Technical direction             emerging               1            1         2      1  <ID2>
      Product and business judgement  nothing recorded       -            -         -      -
      Execution leverage              nothing recorded       -            -         -      -
      People and collaboration        nothing recorded       -            -         -      -

    Shape of the bets
      · no bet of kind pillar-shaping, business-facing, force-multiplier  [shape-missing-kind] <ID1>

    Distortion
      ! no record of kind strategy, decision, people for 6 weeks or more  [kind-silent]

    Bets
      id    bet        state               conf     records  title
      <ID1>  one-queue  on-track, unproven  70% +20        1  One queue for every team

    Evidence
      2 records: 1 loud, 0 shaping, 1 untriaged; none of strategy, decision, reliability, launch,
      people, automation

      id    day         kind      reach       proven  title
      <ID4>  2026-10-02  -         -           no      Remembered late
      <ID2>  2026-10-20  platform  multi-team  yes     Queue adopted by Payments

    journal <REV> of 2026-11-20 · guide staff-engineer
    ");
}

#[test]
fn the_same_revision_gives_the_same_bytes() {
    let sandbox = quarter();
    let tip = sandbox.git_journal(["rev-parse", "okr"]);
    for format in ["text", "markdown", "json"] {
        let card = || sandbox.okr(["scorecard", "2026-Q4", "--as-of", &tip, "--format", format]).success();
        let first = card();
        sandbox.at("2026-12-24");
        assert_eq!(first, card(), "{format}");
        assert!(first.contains(&tip[..7]), "the revision is named: {first}");
    }
}

#[test]
fn as_of_an_earlier_day_later_records_do_not_count() {
    let sandbox = quarter();
    let then = sandbox.okr(["scorecard", "2026-Q4", "--as-of", "2026-10-25", "--format", "json"]).success();
    let now = sandbox.okr(["scorecard", "2026-Q4", "--format", "json"]).success();
    assert_ne!(then, now);
    sandbox.okr(["add", "Later still"]).success();
    let again = sandbox.okr(["scorecard", "2026-Q4", "--as-of", "2026-10-25", "--format", "json"]).success();
    assert_eq!(then, again);
}

#[test]
fn trivial_records_do_not_add_up_to_strength() {
    let sandbox = Sandbox::with_journal();
    for n in 0..6 {
        sandbox.okr(["add", &format!("Small thing {n}"), "--dimension", "technical"]).success();
    }
    let card = sandbox.okr(["scorecard", "2026-Q4"]).success();
    let row = card.lines().find(|line| line.trim_start().starts_with("Technical direction")).unwrap();
    assert!(row.contains("too little to judge"), "{card}");
    assert!(
        card.contains("0 records of loud work and none of shaping"),
        "what has no kind is neither: {card}"
    );
}

#[test]
fn what_is_owned_and_what_is_shaped_stand_apart() {
    let sandbox = Sandbox::with_journal();
    let shared = "churn: 5 -> 3 % shared";
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue", "--stance", "own"]).success();
    sandbox
        .okr(["bet", "add", "Less churn", "--slug", "churn", "--stance", "own", "--measure", shared])
        .success();
    sandbox.okr(["add", "Six teams on it", "--bet", "one-queue", "--adopter", "Payments"]).success();
    sandbox
        .okr(["add", "Churn fell", "--claim", "sequencing", "--stance", "own", "--artifact", "#7"])
        .success();
    sandbox.okr(["add", "Less doubt", "--claim", "decisions", "--stance", "shape"]).success();
    let card = sandbox.okr(["scorecard"]).to_string().replace("<ID4>\n    <ID2>", "<ID2>\n    <ID4>");
    let from = card.find("Own, shape, support").unwrap();
    let part = card[from..].split("\n\nShape of the bets").next().unwrap();
    assert_snapshot!(part, @"
    Own, shape, support
      stance  records  proven  bets
      own           1       1  one-queue
      shape         2       1  churn

      claim on a shared number  records  adopters  could confirm it
      Set the order                   1  -         reviewers of 1 request
      Made decisions better           1  -         nobody named

      · 2 records say 'own' beside a shared number, to which they contribute  [shared-not-owned] <ID2>
        <ID4>
      ! 1 record claims decisions, and nobody is named who could confirm it  [claim-unconfirmed] <ID5>
    ");
}
