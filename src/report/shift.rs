//! How bets shifted between two snapshots: by field, with the check-ins that say why.

use super::bets::BetView;
use crate::change::{FieldChange, diff};
use crate::model::{
    Bet, CheckIn, Closing, Day, FieldValue, Outcome, Record, RecordId, Revision, Slug, Snapshot, Status, Text,
};

/// How the bets of two snapshots differ.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Shift {
    /// What the first side was asked for by.
    pub from: Text,
    /// What the second side was asked for by.
    pub to: Text,
    /// The revision of the first side; none when the journal is younger.
    pub before: Option<Revision>,
    /// The revision of the second side.
    pub after: Revision,
    /// The bets that differ, those that moved most first.
    pub bets: Vec<BetShift>,
    /// Bets that are on both sides and do not differ.
    pub unchanged: usize,
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

/// A check-in as a reason.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reason {
    /// Its id.
    pub id: RecordId,
    /// The day it speaks of.
    pub date: Day,
    /// Status.
    pub status: Status,
    /// Confidence, in percent.
    pub confidence: Option<u8>,
    /// What changed and why.
    pub note: Text,
}

/// Compares two snapshots that hold all check-ins. `before` is `None` when the journal did not exist yet.
pub fn build(from: Text, to: Text, before: Option<&Snapshot>, after: &Snapshot) -> Shift {
    let mut bets = Vec::new();
    let mut unchanged = 0;
    for bet in after.bets.values() {
        let old = before.and_then(|snapshot| snapshot.bets.get(&bet.id).map(|bet| (bet, snapshot)));
        match shift(old, Some((bet, after))) {
            Some(shift) => bets.push(shift),
            None => unchanged += 1,
        }
    }
    for (bet, snapshot) in
        before.into_iter().flat_map(|snapshot| snapshot.bets.values().map(move |bet| (bet, snapshot)))
    {
        if !after.bets.contains_key(&bet.id) {
            bets.extend(shift(Some((bet, snapshot)), None));
        }
    }
    bets.sort_by_key(|bet| (bet.fate, std::cmp::Reverse(moved(bet)), bet.slug.clone(), bet.id));
    Shift {
        from,
        to,
        before: before.map(|snapshot| snapshot.revision.clone()),
        after: after.revision.clone(),
        bets,
        unchanged,
    }
}

fn moved(bet: &BetShift) -> i16 {
    match bet.confidence {
        (Some(before), Some(after)) => (i16::from(after) - i16::from(before)).abs(),
        _ => 0,
    }
}

type Side<'s> = Option<(&'s Bet, &'s Snapshot)>;

fn shift(before: Side<'_>, after: Side<'_>) -> Option<BetShift> {
    let (newest, _) = after.or(before)?;
    let view = |side: Side<'_>| {
        side.map(|(bet, snapshot)| BetView::new(bet, snapshot, snapshot.revision.time.day().plus(1)))
    };
    let (old, new) = (view(before), view(after));
    let record = |side: Side<'_>| side.map(|(bet, _)| Record::Bet(bet.clone()));
    let fields: Vec<ShiftedField> = match (&old, &new) {
        // A bet that is new or gone differs in everything; its title says enough.
        (Some(_), Some(_)) => diff::diff(record(before).as_ref(), record(after).as_ref())
            .map(|change| change.fields.into_iter().map(shifted).filter(|one| !one.is_closing()).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let check_ins = between(before, after);
    let status = (old.as_ref().and_then(|v| v.status), new.as_ref().and_then(|v| v.status));
    let confidence = (old.as_ref().and_then(|v| v.confidence), new.as_ref().and_then(|v| v.confidence));
    let closed = |view: &Option<BetView>| view.as_ref().and_then(|view| view.closed);
    let fate = match (&old, &new) {
        (_, None) => Fate::Removed,
        (_, Some(_)) if closed(&new).is_some() && closed(&new) != closed(&old) => match closed(&new) {
            Some(Outcome::Won) => Fate::Won,
            Some(Outcome::Lost) => Fate::Lost,
            Some(Outcome::Carried) => Fate::Carried,
            _ => Fate::Dropped,
        },
        (None, Some(_)) => Fate::Added,
        (Some(_), Some(_)) if closed(&old).is_some() && closed(&new).is_none() => Fate::Reopened,
        _ if fields.is_empty()
            && check_ins.is_empty()
            && status.0 == status.1
            && confidence.0 == confidence.1 =>
        {
            return None;
        }
        _ => Fate::Moved,
    };
    let ended = after.is_some() && closed(&new).is_some() && closed(&new) != closed(&old);
    Some(BetShift {
        closing: newest.closed.clone().filter(|_| ended),
        continues: newest.continues.filter(|_| old.is_none()),
        id: newest.id,
        slug: newest.slug.clone(),
        title: newest.title.clone(),
        period: newest.period.clone(),
        fate,
        status,
        confidence,
        fields,
        check_ins,
    })
}

fn between(before: Side<'_>, after: Side<'_>) -> Vec<Reason> {
    let list = |side: Side<'_>| -> Vec<CheckIn> {
        side.map(|(bet, snapshot)| snapshot.check_ins_of(bet.id).to_vec()).unwrap_or_default()
    };
    let known: Vec<RecordId> = list(before).iter().map(|one| one.id).collect();
    list(after)
        .into_iter()
        .filter(|one| !known.contains(&one.id))
        .map(|one| Reason {
            id: one.id,
            date: one.date,
            status: one.status,
            confidence: one.confidence,
            note: one.note,
        })
        .collect()
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
    use super::{Fate, build};
    use crate::model::Kind::{Bet, CheckIn};
    use crate::report::testing::snapshot;

    const QUEUE: &str = "slug = \"queue\"\ntitle = \"One queue\"\nperiod = \"2026-Q3\"\nstance = \"own\"\n";
    const CACHE: &str = "slug = \"cache\"\ntitle = \"One cache\"\nperiod = \"2026-Q3\"\n";

    fn check_in(day: &str, confidence: u8) -> String {
        format!(
            "bet = \"kkkkkkkkkkkkkkkl\"\ndate = {day}\nstatus = \"on-track\"\nconfidence = {confidence}\nnote = \"why {confidence}\"\n"
        )
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
        let shift = build("a".into(), "b".into(), Some(&before), &after);
        let told: Vec<_> = shift.bets.iter().map(|bet| (bet.slug.as_str(), bet.fate)).collect();
        assert_eq!(told, [("cache", Fate::Dropped), ("index", Fate::Added), ("queue", Fate::Moved)]);
        let queue = &shift.bets[2];
        assert_eq!(queue.confidence, (Some(70), Some(40)));
        assert_eq!((queue.fields[0].name.raw(), queue.check_ins.len()), ("stance", 1));
        assert_eq!(queue.check_ins[0].note.raw(), "why 40");
    }

    #[test]
    fn equal_snapshots_do_not_shift() {
        let snapshot = snapshot(&[(Bet, QUEUE), (Bet, CACHE)]);
        let shift = build("a".into(), "b".into(), Some(&snapshot), &snapshot);
        assert_eq!((shift.bets.len(), shift.unchanged), (0, 2));
        assert_eq!(build("a".into(), "b".into(), None, &snapshot).bets.len(), 2);
    }
}
