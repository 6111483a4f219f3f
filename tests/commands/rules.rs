//! `git okr rules` and `git okr explain`: from a line of a report to its rule and its records.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Sandbox;

#[test]
fn the_registry_is_shown_without_a_journal() {
    let sandbox = Sandbox::new();
    let list = sandbox.okr(["rules"]).success();
    for rule in ["bets-name-outcomes", "trap-helpful", "calibration", "proof-surprise"] {
        assert!(list.contains(rule), "{list}");
    }
    assert_snapshot!(sandbox.okr(["rules", "recency"]), @"
    recency
    evidence that nearly all lies in the last third of a period forgets how it began

    serves: distortion
    source: why evidence is logged continuously

    threshold  value  unit     decides
    percent       70  %        share of the records in the last third
    records        5  records  below which a share says nothing

    move one in the guide: [rule.recency], then percent = …
    ");
    assert_snapshot!(sandbox.okr(["rules", "gate-answered"]), @"
    gate-answered
    a bet that cannot say which outcome, which level and which proof is unproven

    serves: why-now
    source: scorecard, business relevance
    ");
}

#[test]
fn an_unknown_rule_has_a_nearest_one() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.okr(["rules", "capture-lab"]), @"
    ------- stderr -------
    error: no rule is called 'capture-lab'
    hint: did you mean 'capture-lag'? all of them: git okr rules
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["rules", "zzz"]), @"
    ------- stderr -------
    error: no rule is called 'zzz'
    hint: list them: git okr rules
    [exit status: 1]
    ");
    let sandbox = Sandbox::with_journal();
    assert_snapshot!(sandbox.okr(["explain", "gate-anwsered/2"]), @"
    ------- stderr -------
    error: no rule is called 'gate-anwsered'
    hint: did you mean 'gate-answered'? all of them: git okr rules
    [exit status: 1]
    ");
}

#[test]
fn a_number_that_the_guide_moved_is_shown_as_moved() {
    let sandbox = Sandbox::with_journal();
    let script = "printf '\\n[rule.recency]\\npercent = 55\\n' >> \"$1\"";
    sandbox.okr_with_editor(["guide", "edit"], script).success();
    assert_snapshot!(sandbox.okr(["rules", "recency"]), @"
    recency
    evidence that nearly all lies in the last third of a period forgets how it began

    serves: distortion
    source: why evidence is logged continuously

    threshold        value  unit     decides
    percent    55 (was 70)  %        share of the records in the last third
    records              5  records  below which a share says nothing

    move one in the guide: [rule.recency], then percent = …
    ");
}

#[test]
fn json_of_one_rule_and_of_all() {
    let sandbox = Sandbox::new();
    let all = sandbox.okr(["rules", "--format", "json"]).json();
    let all = all["data"].as_array().unwrap();
    assert!(all.len() >= 28, "{} rules", all.len());
    let one = sandbox.okr(["rules", "recency", "--format", "json"]).json();
    assert_eq!(one["data"]["thresholds"][0]["default"], 70.0);
    assert!(all.contains(&one["data"]));
}

/// A quarter with two bets that answer no gate question, and one record.
fn quarter() -> Sandbox {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue"]).success();
    sandbox.okr(["bet", "add", "One cache"]).success();
    sandbox.okr(["add", "Queue adopted", "--dimension", "technical", "--adopter", "Payments"]).success();
    sandbox
}

#[test]
fn a_finding_is_traced_to_its_rule_and_its_records() {
    let sandbox = quarter();
    assert_snapshot!(sandbox.okr(["explain", "gate-answered/2"]), @"
    gate-answered
    a bet that cannot say which outcome, which level and which proof is unproven

    serves: why-now
    source: scorecard, business relevance

    finding
      ! bet 'one-cache' is unproven: no answer to outcome, level, proof  [gate-answered/2] <ID2>

    rests on
      id    what  day      reach  adopters  title
      <ID2>  bet   2026-Q4  -      -         One cache
    ");
    assert_snapshot!(sandbox.okr(["explain", "capture-lag", "2026-Q4"]), @"
    capture-lag
    what is written down late is remembered by loudness

    serves: fresh
    source: scorecard, evidence quality
    caveat: recorded is the time of a journal commit, only as right as the clock that set it; a signed
            or pushed commit is a stronger witness

    threshold            value  unit  decides
    strong_days              7  days  median lag, for a strong reading
    fair_days               21  days  median lag, for a fair reading
    strong_late_percent     50  %     share written late, in the last ten days or after, at most, for a
                                      strong reading
    fair_late_percent       75  %     the same, for a fair reading

    move one in the guide: [rule.capture-lag], then strong_days = …

    finding
      + half were written down within 0 days, nine in ten within 0 days; 0% in the last ten days or
        later  [capture-lag] <ID3>

    rests on
      id    what      day         reach  adopters  title
      <ID3>  evidence  2026-11-02  -      Payments  Queue adopted
    ");
    let all = sandbox.okr(["explain", "gate-answered", "--all"]).success();
    assert!(all.contains("one-queue") && all.contains("one-cache"), "{all}");
    let told = sandbox.okr(["explain", "gate-answered", "--all", "--format", "json"]).json();
    let told = told["data"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["finding"]["id"], "gate-answered/2");
    assert_eq!(told[1]["rule"]["id"], "gate-answered");
}

#[test]
fn every_finding_of_a_scorecard_can_be_explained() {
    let sandbox = quarter();
    let card = sandbox.okr(["scorecard", "--format", "json"]).json();
    let mut ids = Vec::new();
    let mut rest = vec![&card["data"]];
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(object) if object.contains_key("rule") && object.contains_key("tone") => {
                ids.push(object["id"].as_str().unwrap().to_owned());
            }
            Value::Object(object) => rest.extend(object.values()),
            Value::Array(values) => rest.extend(values),
            _ => {}
        }
    }
    assert!(ids.len() >= 10, "{ids:?}");
    for id in &ids {
        sandbox.okr(["explain", id]).success();
    }
    ids.sort();
    let named = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), named, "every finding has a name of its own");
}

#[test]
fn a_finding_that_is_not_there_is_said_to_be_not_there() {
    let sandbox = quarter();
    assert_snapshot!(sandbox.okr(["explain", "optimism"]), @"
    ------- stderr -------
    error: 'optimism' is not in the scorecard of 2026-Q4
    hint: git okr scorecard 2026-Q4
    hint: what the rule looks at: git okr rules optimism
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["explain", "gate-answered/9", "2026-Q4"]), @"
    ------- stderr -------
    error: 'gate-answered/9' is not in the scorecard of 2026-Q4
    hint: git okr scorecard 2026-Q4
    hint: what the rule looks at: git okr rules gate-answered
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["explain", "gate-answered", "2025-Q1"]), @"
    ------- stderr -------
    error: 'gate-answered' is not in the scorecard of 2025-Q1
    hint: git okr scorecard 2025-Q1
    hint: what the rule looks at: git okr rules gate-answered
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["explain", "gate-answered", "soon"]), @"
    ------- stderr -------
    error: 'soon' is not a period
    hint: periods are 2026-Q4, 2026-H2, 2026, this-quarter, last-quarter or 2026-07-01..2026-09-30
    [exit status: 2]
    ");
    assert_snapshot!(sandbox.okr(["explain", "gate-answered", "--as-of", "2026-01-01"]), @"
    ------- stderr -------
    error: the journal is younger than '2026-01-01'
    hint: its first revision is at the end of: git okr log
    [exit status: 1]
    ");
}
