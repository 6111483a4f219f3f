//! Small journals, each with the findings it has to lead to and the verdicts that would be an injustice to it.
//!
//! A file of `tests/cases/` holds records as TOML, with these shorthands: bets are named by slug, `artifacts`,
//! `metrics` and `measures` are written as on the command line, what is not said is filled in, and `times = 6` with `every = 7` makes
//! six records a week apart, in which `{n}` stands for the number. `[guide]` changes the built-in guide: `without`
//! leaves parts of it out, every other key replaces one. `[expect]` says what the scorecard has to answer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git_okr::format::{guide, record};
use git_okr::model::{
    Artifact, Bet, CheckIn, Day, Decision, Evidence, Guide, Instant, Kind, Measure, Metric, Objective,
    Period, Record, RecordId, Revision, Snapshot, rule,
};
use git_okr::report::strength::is_proven;
use git_okr::report::{Scorecard, Strength, scorecard};
use toml::{Table, Value};

/// A journal and what is expected of it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Who it is about and why the verdicts are just.
    about: String,
    #[serde(default = "third_quarter")]
    period: String,
    /// The day the journal is read.
    #[serde(default = "soon_after")]
    as_of: String,
    #[serde(default)]
    guide: Table,
    #[serde(default, rename = "bet")]
    bets: Vec<Table>,
    #[serde(default, rename = "check_in")]
    check_ins: Vec<Table>,
    #[serde(default)]
    evidence: Vec<Table>,
    #[serde(default, rename = "objective")]
    objectives: Vec<Table>,
    #[serde(default, rename = "decision")]
    decisions: Vec<Table>,
    expect: Expect,
}

/// What the scorecard has to answer.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// Readings by question.
    #[serde(default)]
    readings: BTreeMap<String, String>,
    /// Strengths by dimension.
    #[serde(default)]
    strengths: BTreeMap<String, String>,
    /// Findings that have to be there.
    #[serde(default)]
    finds: Vec<String>,
    /// Parts of the messages of findings.
    #[serde(default)]
    says: BTreeMap<String, String>,
    /// Rules that must find nothing: a finding would be an injustice.
    #[serde(default)]
    never: Vec<String>,
    /// Parts of what the report says about its guide, in order; without any, it has to say nothing.
    #[serde(default)]
    notes: Vec<String>,
    /// Records of evidence in the period.
    records: Option<usize>,
}

fn third_quarter() -> String {
    "2026-Q3".into()
}

fn soon_after() -> String {
    "2026-10-05".into()
}

/// A word of a report as records would write it.
fn word(value: impl serde::Serialize) -> String {
    Value::try_from(value).unwrap().as_str().unwrap().to_owned()
}

impl Case {
    fn guide(&self) -> Guide {
        let mut table: Table = guide::builtin("staff-engineer").unwrap().parse().unwrap();
        for (key, value) in &self.guide {
            if key == "without" {
                for part in value.as_array().unwrap() {
                    assert!(table.remove(part.as_str().unwrap()).is_some(), "the guide has no {part}");
                }
            } else {
                table.insert(key.clone(), value.clone());
            }
        }
        guide::decode(&table.to_string()).unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        let (mut bets, mut names, mut number) = (BTreeMap::new(), BTreeMap::new(), 0);
        let mut next = || {
            number += 1;
            RecordId::from_bits(number)
        };
        for table in &self.bets {
            names.insert(table["slug"].as_str().unwrap().to_owned(), next());
        }
        for table in &self.bets {
            let slug = table["slug"].as_str().unwrap();
            let mut table = table.clone();
            table.entry("title").or_insert(slug.into());
            table.entry("period").or_insert(self.period.as_str().into());
            measures(&mut table);
            resolve(&mut table, "after", &names);
            resolve(&mut table, "continues", &names);
            let bet: Bet = decode(Kind::Bet, table, names[slug], "2026-07-01");
            bets.insert(bet.id, bet);
        }
        let mut check_ins: BTreeMap<RecordId, Vec<CheckIn>> = BTreeMap::new();
        for table in &self.check_ins {
            let mut table = table.clone();
            let bet = names[table["bet"].as_str().unwrap()];
            table.insert("bet".into(), bet.to_string().into());
            let recorded = table["date"].to_string();
            check_ins.entry(bet).or_default().push(decode(Kind::CheckIn, table, next(), &recorded));
        }
        let mut evidence: Vec<Evidence> = self
            .evidence
            .iter()
            .flat_map(repeated)
            .map(|mut table| {
                resolve(&mut table, "bets", &names);
                expand(&mut table, "artifacts", "artifact", |text| {
                    Value::try_from(Artifact::parse(text)).unwrap()
                });
                expand(&mut table, "metrics", "metric", |text| {
                    Value::try_from(Metric::parse(text).unwrap()).unwrap()
                });
                let day = Day::parse(&table["happened"].to_string()).unwrap();
                decode(Kind::Evidence, table, next(), &day.plus(2).to_string())
            })
            .collect();
        evidence.sort_by_key(|one| (one.happened, one.id));
        let objectives = self.objectives.iter().map(|table| {
            let mut table = table.clone();
            let slug = table["slug"].clone();
            table.entry("title").or_insert(slug);
            table.entry("period").or_insert(self.period.as_str().into());
            measures(&mut table);
            let one: Objective = decode(Kind::Objective, table, next(), "2026-07-01");
            (one.id, one)
        });
        let objectives: BTreeMap<_, _> = objectives.collect();
        let mut decisions: Vec<Decision> = Vec::new();
        for table in &self.decisions {
            let mut table = table.clone();
            resolve(&mut table, "bet", &names);
            let recorded = table["date"].to_string();
            decisions.push(decode(Kind::Decision, table, next(), &recorded));
        }
        decisions.sort_by_key(|one| (one.date, one.id));
        let ids = evidence.iter().map(|one| one.id).chain(objectives.keys().copied());
        let ids = ids.chain(decisions.iter().map(|one| one.id)).collect();
        Snapshot {
            revision: Revision { id: "0".repeat(40), time: noon(&self.as_of) },
            guide: self.guide(),
            bets,
            check_ins,
            objectives,
            decisions,
            reviews: Vec::new(),
            ids,
            evidence,
            faults: Vec::new(),
        }
    }
}

fn noon(day: &str) -> Instant {
    Value::from(format!("{day}T12:00:00Z")).try_into().unwrap()
}

/// A record of a table in which only id and recording time may be missing.
fn decode<T>(kind: Kind, mut table: Table, id: RecordId, recorded: &str) -> T
where
    Of<T>: From<Record>,
{
    table.insert("id".into(), id.to_string().into());
    table.entry("recorded").or_insert(format!("{recorded}T12:00:00Z").into());
    let text = table.to_string();
    Of::<T>::from(record::decode(kind, &text).unwrap_or_else(|error| panic!("{error} in\n{text}"))).0
}

/// The inside of a record.
struct Of<T>(T);

macro_rules! inside {
    ($($kind:ident),*) => {$(
        impl From<Record> for Of<$kind> {
            fn from(record: Record) -> Self {
                let Record::$kind(inside) = record else { panic!("not that kind") };
                Self(inside)
            }
        }
    )*};
}
inside!(Bet, CheckIn, Decision, Evidence, Objective);

/// Replaces slugs by ids.
fn resolve(table: &mut Table, key: &str, names: &BTreeMap<String, RecordId>) {
    match table.get_mut(key) {
        Some(Value::Array(values)) => {
            values.iter_mut().for_each(|value| *value = names[value.as_str().unwrap()].to_string().into());
        }
        Some(value) => *value = names[value.as_str().unwrap()].to_string().into(),
        None => {}
    }
}

/// Replaces texts under one key by tables under another.
fn expand(table: &mut Table, from: &str, to: &str, parse: fn(&str) -> Value) {
    if let Some(Value::Array(texts)) = table.remove(from) {
        table.insert(
            to.into(),
            Value::Array(texts.iter().map(|text| parse(text.as_str().unwrap())).collect()),
        );
    }
}

/// Replaces measures as on the command line by tables.
fn measures(table: &mut Table) {
    expand(table, "measures", "measure", |text| Value::try_from(Measure::parse(text).unwrap()).unwrap());
}

/// As many records as a table asks for.
fn repeated(table: &Table) -> Vec<Table> {
    let mut table = table.clone();
    let mut take = |key: &str| table.remove(key).and_then(|value| value.as_integer());
    let (times, every) = (take("times").unwrap_or(1), take("every").unwrap_or(0));
    table.entry("title").or_insert("Record {n}".into());
    let first = Day::parse(&table["happened"].to_string()).unwrap();
    let one = |n: i64| {
        let mut one = table.clone();
        let day: toml::value::Datetime = first.plus(n * every).to_string().parse().unwrap();
        one.insert("happened".into(), day.into());
        one.iter_mut().for_each(|(_, value)| number(value, n + 1));
        one
    };
    (0..times).map(one).collect()
}

/// Puts a number into every text.
fn number(value: &mut Value, n: i64) {
    match value {
        Value::String(text) => *text = text.replace("{n}", &n.to_string()),
        Value::Array(values) => values.iter_mut().for_each(|value| number(value, n)),
        _ => {}
    }
}

/// Every case with its name.
fn cases() -> Vec<(String, Case)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, case)
        })
        .collect();
    cases.sort_by(|a: &(String, Case), b| a.0.cmp(&b.0));
    cases
}

fn card(case: &Case, snapshot: &Snapshot) -> Scorecard {
    let today = Day::parse(&case.as_of).unwrap();
    scorecard::build(snapshot, &Period::parse(&case.period, &snapshot.guide.calendar, today).unwrap())
}

/// Readings and strengths as words, by the id of question or dimension.
fn levels(card: &Scorecard) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let answers = card.sections.iter().flat_map(|section| &section.answers);
    (
        answers.map(|one| (one.id.to_string(), word(one.reading))).collect(),
        card.dimensions.iter().map(|one| (one.id.to_string(), word(one.strength))).collect(),
    )
}

/// What differs from what is expected, one line each.
fn complaints(expect: &Expect, card: &Scorecard) -> Vec<String> {
    let (readings, strengths) = levels(card);
    let mut wrong = Vec::new();
    for (expected, found) in [(&expect.readings, &readings), (&expect.strengths, &strengths)] {
        for (id, level) in expected {
            if found.get(id) != Some(level) {
                wrong.push(format!("{id} is {:?}, not {level}", found.get(id)));
            }
        }
    }
    let find = |id: &str| card.findings().find(|finding| finding.id == id);
    wrong.extend(expect.finds.iter().filter(|id| find(id).is_none()).map(|id| format!("{id} is missing")));
    for (id, part) in &expect.says {
        let message = find(id).map(|finding| finding.message.raw().to_owned());
        if !message.as_ref().is_some_and(|message| message.contains(part)) {
            wrong.push(format!("{id} says {message:?}, not {part:?}"));
        }
    }
    for id in &expect.never {
        assert!(rule::find(id).is_some(), "no rule is called {id}");
        for finding in card.findings().filter(|finding| finding.rule == id) {
            wrong.push(format!("an injustice: {id} says {:?}", finding.message.raw()));
        }
    }
    let told = expect.notes.len() == card.notes.len()
        && expect.notes.iter().zip(&card.notes).all(|(part, note)| note.raw().contains(part));
    if !told {
        wrong.push(format!("the notes are {:?}", card.notes));
    }
    if expect.records.is_some_and(|records| records != card.evidence.records) {
        wrong.push(format!("{} records", card.evidence.records));
    }
    wrong
}

#[test]
fn every_case_leads_to_its_findings_and_to_no_injustice() {
    let mut wrong = String::new();
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for (name, case) in &cases {
        let complaints = complaints(&case.expect, &card(case, &case.snapshot()));
        if !complaints.is_empty() {
            wrong += &format!("\n{name}: {}\n  {}\n", case.about.trim(), complaints.join("\n  "));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_order_of_records_never_matters() {
    for (name, case) in cases() {
        let mut snapshot = case.snapshot();
        let told = |snapshot: &Snapshot| {
            let card = card(&case, snapshot);
            let findings: Vec<_> =
                card.findings().map(|one| (one.id.clone(), one.tone, one.records.clone())).collect();
            (levels(&card), findings)
        };
        let before = told(&snapshot);
        snapshot.evidence.reverse();
        snapshot.decisions.reverse();
        assert_eq!(told(&snapshot), before, "{name}");
    }
}

#[test]
fn trivial_records_and_second_copies_raise_no_strength_and_leaving_one_out_raises_none() {
    let strengths = |case: &Case, snapshot: &Snapshot| -> Vec<Strength> {
        card(case, snapshot).dimensions.iter().map(|one| one.strength).collect()
    };
    for (name, case) in cases() {
        let snapshot = case.snapshot();
        let before = strengths(&case, &snapshot);
        let mut padded = snapshot.clone();
        for (number, one) in snapshot.evidence.iter().enumerate() {
            let id = RecordId::from_bits(10_000 + number as u64);
            let mut trivial = Evidence::new(id, "trivial".into(), one.happened, one.recorded);
            trivial.dimensions.clone_from(&one.dimensions);
            trivial.reach.clone_from(&one.reach);
            padded.evidence.extend([trivial, one.clone()]);
        }
        assert_eq!(strengths(&case, &padded), before, "{name}: padded");
        for out in 0..snapshot.evidence.len() {
            let mut fewer = snapshot.clone();
            fewer.evidence.remove(out);
            for (less, all) in strengths(&case, &fewer).iter().zip(&before) {
                assert!(less <= all, "{name}: without record {out}");
            }
        }
    }
}

#[test]
fn second_copies_raise_no_reading_that_rests_on_proof() {
    for (name, case) in cases() {
        let mut snapshot = case.snapshot();
        let (before, _) = levels(&card(&case, &snapshot));
        let copies: Vec<Evidence> = snapshot.evidence.iter().filter(|one| is_proven(one)).cloned().collect();
        for n in 0..4 {
            snapshot.evidence.extend(copies.iter().enumerate().map(|(number, one)| {
                let id = RecordId::from_bits(10_000 + n * 1_000 + number as u64);
                Evidence { id, ..one.clone() }
            }));
        }
        let (after, _) = levels(&card(&case, &snapshot));
        for question in ["shared-gain", "direction", "outside-reader", "artifacts", "all-dimensions"] {
            assert_eq!(after.get(question), before.get(question), "{name}: {question}");
        }
    }
}

#[test]
fn findings_cite_records_that_exist_and_rules_that_are_explained() {
    for (name, case) in cases() {
        let snapshot = case.snapshot();
        for finding in card(&case, &snapshot).findings() {
            assert!(rule::find(finding.rule).is_some(), "{name}: {}", finding.rule);
            for id in &finding.records {
                let known = snapshot.bets.contains_key(id) || snapshot.ids.contains(*id);
                assert!(known, "{name}: {} cites {id}", finding.id);
            }
        }
    }
}
