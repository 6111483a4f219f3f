//! Small journals as text, for the tests of reports.

use std::collections::BTreeMap;

use crate::format::{guide, record};
use crate::model::{Day, Instant, Kind, Period, Record, RecordId, Revision, Snapshot};

/// A quarter that the cases play in.
pub(super) fn quarter() -> Period {
    Period::parse("2026-Q3", &crate::model::guide::Calendar::default(), Day(chrono::NaiveDate::MIN)).unwrap()
}

/// A snapshot of records written as `kind` and TOML without id and recording time, which are filled in: ids count
/// from 1, and a record is recorded two days after its day unless it says otherwise.
pub(super) fn snapshot(records: &[(Kind, &str)]) -> Snapshot {
    let guide = guide::decode(guide::builtin("staff-engineer").unwrap()).unwrap();
    let (mut objectives, mut decisions, mut reviews) = (BTreeMap::new(), Vec::new(), Vec::new());
    let (mut bets, mut check_ins, mut evidence) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new(), Vec::new());
    for (number, (kind, text)) in records.iter().enumerate() {
        let id = RecordId::from_bits(number as u64 + 1);
        let day = text.lines().find_map(|line| {
            let (key, value) = line.split_once(" = ")?;
            matches!(key, "happened" | "date").then(|| Day::parse(value).unwrap())
        });
        let recorded = day.map_or_else(|| "2026-07-01".into(), |day| day.plus(2).to_string());
        let recorded = if text.contains("recorded = ") {
            String::new()
        } else {
            format!("recorded = {recorded}T12:00:00Z\n")
        };
        match record::decode(*kind, &format!("id = \"{id}\"\n{recorded}{text}")).unwrap() {
            Record::Bet(bet) => drop(bets.insert(bet.id, bet)),
            Record::CheckIn(one) => check_ins.entry(one.bet).or_default().push(one),
            Record::Evidence(one) => evidence.push(one),
            Record::Objective(one) => drop(objectives.insert(one.id, one)),
            Record::Decision(one) => decisions.push(one),
            Record::Review(one) => reviews.push(one),
            Record::Verdict(_) => {}
        }
    }
    evidence.sort_by_key(|one| (one.happened, one.id));
    let time = Instant(chrono::DateTime::parse_from_rfc3339("2026-10-05T12:00:00Z").unwrap());
    Snapshot {
        revision: Revision { id: "0".repeat(40), time },
        guide,
        bets,
        check_ins,
        objectives,
        decisions,
        reviews,
        ids: evidence.iter().map(|one| one.id).collect(),
        evidence,
        faults: Vec::new(),
    }
}
