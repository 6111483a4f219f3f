//! The story between two snapshots: how bets shifted, what was decided, and what is promised no longer.

use std::cmp::Reverse;

use super::decisions::{self, Taken};
use super::distance::Distance;
use super::promises::{Retreat, retreats};
use super::reasons::{self, Reason};
use super::shape::Shape;
use crate::change::{FieldChange, diff};
use crate::model::{
    Bet, CheckIn, Closing, Day, FieldValue, Outcome, Period, Record, RecordId, Revision, Slug, Snapshot,
    Status, Text,
};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Asked {
    /// What the first side was asked for by.
    pub from: Text,
    /// What the second side was asked for by.
    pub to: Text,
    /// The one period whose story it is, when only one was named.
    pub period: Option<Period>,
    /// The last day of the second side, when the journal was last written before it: there may be more to come.
    pub runs_until: Option<Day>,
}

/// How two snapshots differ.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Shift {
    /// What was asked for.
    #[serde(flatten)]
    pub asked: Asked,
    /// The revision of the first side; none when the journal is younger.
    pub before: Option<Revision>,
    /// The revision of the second side.
    pub after: Revision,
    /// The bets that differ, those that moved farthest first.
    pub bets: Vec<BetShift>,
    /// Bets that are on both sides and do not differ.
    pub unchanged: usize,
    /// What was promised and is so no longer.
    pub retreats: Vec<Retreat>,
    /// The open bets of each side, by kind and stance.
    pub shape: Shape,
    /// Decisions taken in between, by day.
    pub decisions: Vec<Taken>,
}

impl Shift {
    /// True when there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.bets.is_empty() && self.retreats.is_empty() && self.decisions.is_empty()
    }
}

/// How one bet differs.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct BetShift {
    /// Its id.
    pub id: RecordId,
    /// Its short name.
    pub slug: Slug,
    /// What it is called on the newer side that has it.
    pub title: Text,
    /// The quarter it is made for.
    pub period: Text,
    /// What happened to it.
    pub fate: Fate,
    /// Status on each side.
    pub status: (Option<Status>, Option<Status>),
    /// Confidence on each side, in percent.
    pub confidence: (Option<u8>, Option<u8>),
    /// How and why it ended, when it ended in between.
    pub closing: Option<Closing>,
    /// The bet that it goes on from, when it is new and was carried here.
    pub continues: Option<RecordId>,
    /// Every confidence on the way from one side to the other, in percent.
    pub path: Vec<u8>,
    /// How far it moved.
    pub distance: Distance,
    /// Other fields of the bet that differ.
    pub fields: Vec<ShiftedField>,
    /// Check-ins between the two sides, oldest first.
    pub check_ins: Vec<Reason>,
}

/// What happened to a bet between two snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was closed as won.
    Won,
    /// It was closed as lost.
    Lost,
    /// It was given up.
    Dropped,
    /// It goes on in another quarter.
    Carried,
    /// It was removed from the journal.
    Removed,
    /// It is new.
    Added,
    /// It was opened again.
    Reopened,
    /// It stands otherwise than before.
    Moved,
}

impl Fate {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Dropped => "dropped",
            Self::Carried => "carried",
            Self::Removed => "removed",
            Self::Added => "added",
            Self::Reopened => "reopened",
            Self::Moved => "moved",
        }
    }
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ShiftedField {
    /// The field's dotted name.
    pub name: Text,
    /// Its value before.
    pub before: Option<Text>,
    /// Its value after.
    pub after: Option<Text>,
    /// True when it holds sentences, which are compared word by word.
    pub prose: bool,
}

/// Compares two snapshots that hold all check-ins, and the decisions of the days between them. `before` is `None`
/// when the journal did not exist yet.
pub fn build(asked: Asked, before: Option<&Snapshot>, after: &Snapshot) -> Shift {
    let mut bets = Vec::new();
    let mut unchanged = 0;
    for bet in after.bets.values() {
        let old = before.and_then(|snapshot| snapshot.bets.get(&bet.id).map(|bet| Side::new(bet, snapshot)));
        match shift(old, Some(Side::new(bet, after))) {
            Some(shift) => bets.push(shift),
            None => unchanged += 1,
        }
    }
    if let Some(snapshot) = before {
        let gone = snapshot.bets.values().filter(|bet| !after.bets.contains_key(&bet.id));
        bets.extend(gone.filter_map(|bet| shift(Some(Side::new(bet, snapshot)), None)));
    }
    bets.sort_by_key(|bet| (Reverse(bet.distance), bet.slug.clone(), bet.id));
    Shift {
        asked,
        before: before.map(|snapshot| snapshot.revision.clone()),
        after: after.revision.clone(),
        bets,
        unchanged,
        retreats: before.map(|before| retreats(before, after)).unwrap_or_default(),
        shape: Shape::of(before, after),
        decisions: decisions::taken(before, after),
    }
}

/// A bet as one snapshot knows it.
#[derive(Clone, Copy)]
struct Side<'s> {
    bet: &'s Bet,
    check_ins: &'s [CheckIn],
    status: Option<Status>,
    confidence: Option<u8>,
}

impl<'s> Side<'s> {
    fn new(bet: &'s Bet, snapshot: &'s Snapshot) -> Self {
        let check_ins = snapshot.check_ins_of(bet.id);
        // A day ahead may be today where the bet was checked in on.
        let upto = snapshot.revision.time.day().plus(1);
        let age = |one: &&CheckIn| (one.date, one.recorded, one.id);
        let known = || check_ins.iter().filter(|one| one.date <= upto);
        Self {
            bet,
            check_ins,
            status: known().max_by_key(age).map(|one| one.status),
            confidence: known()
                .filter(|one| one.confidence.is_some())
                .max_by_key(age)
                .and_then(|one| one.confidence),
        }
    }

    fn closed(&self) -> Option<Outcome> {
        self.bet.closed.as_ref().map(|closing| closing.outcome)
    }
}

fn shift(before: Option<Side<'_>>, after: Option<Side<'_>>) -> Option<BetShift> {
    let newest = after.or(before)?.bet;
    let fields = match (before, after) {
        // A bet that is new or gone differs in everything; its title says enough.
        (Some(before), Some(after)) => fields(before.bet, after.bet),
        _ => Vec::new(),
    };
    let known = before.map_or(&[][..], |side| side.check_ins);
    let check_ins = reasons::between(known, after.map_or(&[][..], |side| side.check_ins));
    let status = (before.and_then(|one| one.status), after.and_then(|one| one.status));
    let confidence = (before.and_then(|one| one.confidence), after.and_then(|one| one.confidence));
    let fate = fate(before, after);
    if fate == Fate::Moved
        && fields.is_empty()
        && check_ins.is_empty()
        && status.0 == status.1
        && confidence.0 == confidence.1
    {
        return None;
    }
    let ended = after.is_some() && matches!(fate, Fate::Won | Fate::Lost | Fate::Dropped | Fate::Carried);
    let path = reasons::path(confidence, &check_ins);
    Some(BetShift {
        closing: newest.closed.clone().filter(|_| ended),
        continues: newest.continues.filter(|_| before.is_none()),
        id: newest.id,
        slug: newest.slug.clone(),
        title: newest.title.clone(),
        period: newest.period.clone(),
        fate,
        status,
        confidence,
        distance: Distance::of(fate, status, &path, &check_ins, fields.len()),
        path,
        fields,
        check_ins,
    })
}

fn fate(before: Option<Side<'_>>, after: Option<Side<'_>>) -> Fate {
    let was = before.and_then(|one| one.closed());
    let Some(after) = after else { return Fate::Removed };
    match after.closed() {
        Some(Outcome::Won) if was != Some(Outcome::Won) => Fate::Won,
        Some(Outcome::Lost) if was != Some(Outcome::Lost) => Fate::Lost,
        Some(Outcome::Dropped) if was != Some(Outcome::Dropped) => Fate::Dropped,
        Some(Outcome::Carried) if was != Some(Outcome::Carried) => Fate::Carried,
        _ if before.is_none() => Fate::Added,
        None if was.is_some() => Fate::Reopened,
        _ => Fate::Moved,
    }
}

fn fields(before: &Bet, after: &Bet) -> Vec<ShiftedField> {
    let record = |bet: &Bet| Record::Bet(bet.clone());
    let change = diff::diff(Some(&record(before)), Some(&record(after)));
    let fields = change.map(|change| change.fields).unwrap_or_default();
    fields.into_iter().map(shifted).filter(|one| !one.is_closing()).collect()
}

impl ShiftedField {
    /// True for a part of how the bet ended, which is told as a whole.
    fn is_closing(&self) -> bool {
        self.name.raw().starts_with("closed.") && self.after.is_some()
    }
}

fn shifted(change: FieldChange) -> ShiftedField {
    let text = |value: &Option<FieldValue>| value.as_ref().map(FieldValue::to_text);
    let prose = matches!(change.before.as_ref().or(change.after.as_ref()), Some(FieldValue::Prose(_)));
    ShiftedField { before: text(&change.before), after: text(&change.after), name: change.name, prose }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Asked, Fate, build};
    use crate::model::Kind::{Bet, CheckIn, Decision};
    use crate::model::Snapshot;
    use crate::report::testing::snapshot;

    const QUEUE: &str = "slug = \"queue\"\ntitle = \"One queue\"\nperiod = \"2026-Q3\"\nstance = \"own\"\n";
    const CACHE: &str = "slug = \"cache\"\ntitle = \"One cache\"\nperiod = \"2026-Q3\"\n";

    fn asked() -> Asked {
        Asked { from: "a".into(), to: "b".into(), period: None, runs_until: None }
    }

    fn check_in(day: &str, confidence: u8) -> String {
        format!(
            "bet = \"kkkkkkkkkkkkkkkl\"\ndate = {day}\nstatus = \"on-track\"\nconfidence = {confidence}\nnote = \"why {confidence}\"\n"
        )
    }

    fn decision(day: u8) -> String {
        format!("title = \"Take {day}\"\ndate = 2026-08-{day:02}\nverdict = \"take\"\nwhy = \"because\"\n")
    }

    #[test]
    fn a_quarter_tells_what_became_of_each_bet() {
        let (first, second) = (check_in("2026-07-10", 70), check_in("2026-08-10", 40));
        let before = snapshot(&[(Bet, QUEUE), (Bet, CACHE), (CheckIn, &first)]);
        let shaped = QUEUE.replace("own", "shape");
        let dropped =
            format!("{CACHE}[closed]\noutcome = \"dropped\"\ndate = 2026-09-01\nwhy = \"nobody asked\"\n");
        let added = QUEUE.replace("queue", "index");
        let after = snapshot(&[
            (Bet, &shaped),
            (Bet, &dropped),
            (CheckIn, &first),
            (CheckIn, &second),
            (Bet, &added),
        ]);
        let shift = build(asked(), Some(&before), &after);
        let told: Vec<_> = shift.bets.iter().map(|bet| (bet.slug.as_str(), bet.fate)).collect();
        assert_eq!(told, [("cache", Fate::Dropped), ("index", Fate::Added), ("queue", Fate::Moved)]);
        let queue = &shift.bets[2];
        assert_eq!((queue.confidence, queue.path.as_slice()), ((Some(70), Some(40)), &[70, 40][..]));
        assert_eq!((queue.fields[0].name.raw(), queue.check_ins.len()), ("stance", 1));
        assert_eq!(queue.check_ins[0].note.raw(), "why 40");
    }

    #[test]
    fn decisions_in_between_are_told_by_day() {
        let (late, early) = (decision(20), decision(3));
        let before = snapshot(&[(Decision, &decision(1))]);
        let after = snapshot(&[(Decision, &decision(1)), (Decision, &late), (Decision, &early)]);
        let shift = build(asked(), Some(&before), &after);
        let told: Vec<_> = shift.decisions.iter().map(|one| one.title.raw()).collect();
        assert_eq!(told, ["Take 3", "Take 20"]);
        assert!(!shift.is_empty() && shift.bets.is_empty());
    }

    fn journal(confidences: &[u8], decisions: &[u8]) -> Snapshot {
        let check_ins: Vec<String> = confidences
            .iter()
            .enumerate()
            .map(|(day, confidence)| check_in(&format!("2026-07-{:02}", day + 1), *confidence))
            .collect();
        let decisions: Vec<String> = decisions.iter().map(|day| decision(*day)).collect();
        let mut records = vec![(Bet, CACHE), (Bet, QUEUE)];
        records.extend(check_ins.iter().map(|text| (CheckIn, text.as_str())));
        records.extend(decisions.iter().map(|text| (Decision, text.as_str())));
        snapshot(&records)
    }

    proptest! {
        #[test]
        fn equal_snapshots_do_not_differ_and_order_does_not_matter(
            confidences in prop::collection::vec(0u8..=100, 0..9),
            decisions in prop::collection::vec(1u8..=28, 0..6),
            known in 0usize..9,
            seed in any::<u64>(),
        ) {
            let after = journal(&confidences, &decisions);
            let same = build(asked(), Some(&after), &after);
            prop_assert!(same.is_empty() && same.shape.is_same(), "{same:?}");
            prop_assert_eq!(same.unchanged, 2);

            let before = journal(&confidences[..known.min(confidences.len())], &[]);
            let mut shuffled = after.clone();
            let mut state = seed;
            let mut key = || { state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1); state };
            for list in shuffled.check_ins.values_mut() {
                list.sort_by_cached_key(|_| key());
            }
            shuffled.decisions.sort_by_cached_key(|_| key());
            prop_assert_eq!(build(asked(), Some(&before), &shuffled), build(asked(), Some(&before), &after));
        }
    }

    #[test]
    fn without_a_before_everything_is_new() {
        let after = snapshot(&[(Bet, QUEUE), (Bet, CACHE)]);
        let shift = build(asked(), None, &after);
        assert_eq!((shift.bets.len(), shift.unchanged, shift.retreats.len()), (2, 0, 0));
    }
}
