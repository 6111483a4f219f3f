//! Journals on several machines: whatever is written, merged and forgotten where, all end with one commit and no loss.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use age::secrecy::ExposeSecret;
use proptest::prelude::*;
use tempfile::TempDir;

use super::Joined;
use crate::format::version::{Encryption, Header};
use crate::format::{guide, record};
use crate::model::{Instant, Kind, Record, RecordId, Revision};
use crate::store::git_config::Committer;
use crate::store::journal::{Home, Journal, Keyring, Location, Transaction, Write};

/// Machines with journals of one origin. They share a repository, which stands for objects that were fetched.
struct Machines {
    _root: TempDir,
    journals: Vec<Journal>,
    clock: i64,
    /// Ids and values, each used once.
    fresh: u64,
}

fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    let builder = tempfile::Builder::new().prefix("okr-merge-").to_owned();
    builder.tempdir_in(memory).or_else(|_| builder.tempdir()).unwrap()
}

impl Machines {
    fn new(count: usize) -> Self {
        Self::with_identity(count, None)
    }

    /// The same, sealed.
    fn sealed(count: usize) -> Self {
        Self::with_identity(count, Some(age::x25519::Identity::generate()))
    }

    fn with_identity(count: usize, identity: Option<age::x25519::Identity>) -> Self {
        let root = place();
        let file = root.path().join("identity.txt");
        if let Some(identity) = &identity {
            std::fs::write(&file, identity.to_string().expose_secret()).unwrap();
        }
        let recipients = identity.iter().map(|one| one.to_public().to_string()).collect();
        let dir = root.path().join("journal.git");
        let at = |branch: &str, home| Location { dir: dir.clone(), branch: branch.to_owned(), home };
        let mut machines = Self { _root: root, journals: Vec::new(), clock: 1_780_000_000, fresh: 0 };
        let header = Header {
            format: 1,
            id: machines.id(),
            created: machines.now(),
            encryption: Encryption { recipients },
        };
        let text = guide::BUILTIN[0].1;
        let who = machines.who(0);
        let (first, _) =
            Journal::open_or_create(&at("m0", Home::Private), &header, text, &who, None).unwrap();
        let tip = first.tip_id().unwrap().unwrap();
        for machine in 1..count {
            first.repo.reference(&format!("refs/heads/m{machine}"), tip, false, "").unwrap();
        }
        machines.journals = (0..count)
            .map(|machine| {
                let journal = Journal::open(&at(&format!("m{machine}"), Home::Private)).unwrap();
                journal.with_keys(Keyring::new(vec![file.clone()], Vec::new(), None))
            })
            .collect();
        machines
    }

    fn now(&self) -> Instant {
        Instant::from_epoch(self.clock, 0).unwrap()
    }

    fn who(&mut self, machine: usize) -> Committer {
        self.clock += 7;
        Committer {
            name: format!("Machine {machine}").into(),
            email: "me@example.com".into(),
            time: self.now(),
        }
    }

    fn id(&mut self) -> RecordId {
        self.fresh += 1;
        // Spread over the alphabet, as random ones are.
        RecordId::from_bits(self.fresh.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn commit(&mut self, machine: usize, writes: Vec<Write>) {
        let who = self.who(machine);
        self.journals[machine].commit(Transaction::new("play", writes), &who, None).unwrap();
    }

    fn tip(&self, machine: usize) -> Revision {
        self.journals[machine].tip().unwrap()
    }

    fn pull(&self, machine: usize, from: usize) -> Joined {
        self.journals[machine].merge(&self.tip(from), false).unwrap()
    }

    /// One whole sync: what is there is taken in, and what came of it is handed back.
    fn sync(&self, machine: usize, with: usize) -> bool {
        let pulled = self.pull(machine, with);
        let pushed = self.pull(with, machine);
        assert!(matches!(pushed, Joined::UpToDate | Joined::FastForward(_)), "{pushed:?}");
        (pulled, pushed) != (Joined::UpToDate, Joined::UpToDate)
    }

    /// Every record of a machine, by id, and the faults.
    fn records(&self, machine: usize) -> BTreeMap<RecordId, Record> {
        let journal = &self.journals[machine];
        let (index, faults) = journal.index(&self.tip(machine)).unwrap();
        assert!(faults.is_empty(), "{faults:?}");
        let read = |place| journal.record(place).unwrap_or_else(|fault| panic!("{fault:?}"));
        let records: BTreeMap<RecordId, Record> =
            index.iter().map(|place| (place.id, read(place).record)).collect();
        assert_eq!(records.len(), index.len(), "one place for each id");
        records
    }

    fn edit(&mut self, machine: usize, id: RecordId, change: impl FnOnce(&mut Record)) {
        let journal = &self.journals[machine];
        let (index, _) = journal.index(&journal.tip().unwrap()).unwrap();
        let stored = journal.record(index.iter().find(|place| place.id == id).unwrap()).unwrap();
        let mut record = stored.record.clone();
        change(&mut record);
        self.commit(machine, vec![Write::Replace(Box::new(stored), record)]);
    }

    fn remove(&mut self, machine: usize, id: RecordId) {
        let journal = &self.journals[machine];
        let (index, _) = journal.index(&journal.tip().unwrap()).unwrap();
        let with_it = |place: &&crate::store::journal::Indexed| place.id == id || place.is_check_in_of(id);
        let gone: Vec<Write> = index
            .iter()
            .filter(with_it)
            .map(|place| Write::Remove(Box::new(journal.record(place).unwrap())))
            .collect();
        self.commit(machine, gone);
    }

    fn bet(&mut self, machine: usize, slug: &str, title: &str) -> RecordId {
        let id = self.id();
        let text = format!(
            "id = \"{id}\"\nslug = \"{slug}\"\ntitle = \"{title}\"\nperiod = \"2026-Q4\"\nnote = \"\"\"\none\n\ntwo\n\"\"\"\nrecorded = {}\n",
            self.now()
        );
        self.commit(machine, vec![Write::Create(record::decode(Kind::Bet, &text).unwrap())]);
        id
    }

    fn evidence(&mut self, machine: usize, bet: Option<RecordId>, title: &str) -> RecordId {
        let id = self.id();
        let bets = bet.map(|bet| format!("bets = [\"{bet}\"]\n")).unwrap_or_default();
        let text = format!(
            "id = \"{id}\"\ntitle = \"{title}\"\nhappened = 2026-10-0{}\n{bets}recorded = {}\n",
            self.fresh % 9 + 1,
            self.now()
        );
        self.commit(machine, vec![Write::Create(record::decode(Kind::Evidence, &text).unwrap())]);
        id
    }

    fn check_in(&mut self, machine: usize, bet: RecordId) -> RecordId {
        let id = self.id();
        let text = format!(
            "id = \"{id}\"\nbet = \"{bet}\"\ndate = 2026-10-05\nstatus = \"on-track\"\nrecorded = {}\n",
            self.now()
        );
        self.commit(machine, vec![Write::Create(record::decode(Kind::CheckIn, &text).unwrap())]);
        id
    }

    /// Lets each machine sync with the next one, twice around: then all have heard of all, and are at one commit.
    fn talk(&self) {
        let count = self.journals.len();
        for machine in (0..count).chain(0..count) {
            self.sync(machine, (machine + 1) % count);
        }
        let tips: BTreeSet<String> = (0..count).map(|machine| self.tip(machine).id).collect();
        assert_eq!(tips.len(), 1, "they all talked");
        assert!(!(0..count).any(|machine| self.sync(machine, (machine + 1) % count)), "and now it is quiet");
    }
}

fn title_of(record: &Record) -> String {
    record.title().raw().to_owned()
}

fn set_title(record: &mut Record, title: &str) {
    match record {
        Record::Bet(bet) => bet.title = title.into(),
        Record::Evidence(evidence) => evidence.title = title.into(),
        _ => {}
    }
}

#[test]
fn two_machines_compute_one_commit() {
    let mut machines = Machines::new(2);
    let bet = machines.bet(0, "queue", "One queue");
    assert!(matches!(machines.pull(1, 0), Joined::FastForward(_)));
    assert_eq!(machines.pull(1, 0), Joined::UpToDate);
    machines.edit(0, bet, |record| set_title(record, "Ours"));
    let evidence = machines.evidence(1, Some(bet), "It carries everything");
    assert_eq!(machines.pull(0, 0), Joined::UpToDate);
    let Joined::Merged(one) = machines.pull(0, 1) else { panic!("merged") };
    let before = machines.tip(1);
    machines.journals[0]
        .repo
        .reference("refs/heads/m0", git2::Oid::from_str(&before.id).unwrap(), true, "")
        .unwrap();
    assert_eq!(machines.tip(0), before);
    // The other way round, from the same two tips, on another machine.
    let ours = machines.journals[1].commit_at(git2::Oid::from_str(&one.id).unwrap()).unwrap();
    let theirs = ours.parents.iter().find(|id| id.to_string() != before.id).unwrap();
    let theirs = super::revision(&machines.journals[1].commit_at(*theirs).unwrap());
    assert_eq!(machines.journals[1].merge(&theirs, false).unwrap(), Joined::Merged(one.clone()));
    assert_eq!(machines.journals[1].merge(&theirs, false).unwrap(), Joined::Ahead);
    let records = machines.records(1);
    assert_eq!(title_of(&records[&bet]), "Ours");
    assert!(records.contains_key(&evidence));
}

#[test]
fn records_that_move_between_days_stay_one() {
    let mut machines = Machines::new(2);
    let id = machines.evidence(0, None, "It moves");
    machines.pull(1, 0);
    let day = |text: &str| crate::model::Day::parse(text).unwrap();
    machines.edit(0, id, |record| {
        let Record::Evidence(evidence) = record else { panic!("evidence") };
        evidence.happened = day("2026-09-01");
    });
    machines.edit(1, id, |record| {
        let Record::Evidence(evidence) = record else { panic!("evidence") };
        evidence.happened = day("2026-08-01");
        evidence.note = "Seen from there".into();
    });
    machines.talk();
    let Record::Evidence(evidence) = &machines.records(0)[&id] else { panic!("evidence") };
    assert_eq!((evidence.happened, evidence.note.raw()), (day("2026-08-01"), "Seen from there"));
    assert_eq!(evidence.conflicts[0].value.as_ref().unwrap().raw(), "2026-09-01");
}

#[test]
fn a_record_with_the_keys_of_a_header_is_merged_as_a_record() {
    let mut machines = Machines::new(2);
    let id = machines.evidence(0, None, "Before");
    let journal = &machines.journals[0];
    let (index, _) = journal.index(&machines.tip(0)).unwrap();
    let stored = journal.record(index.iter().find(|place| place.id == id).unwrap()).unwrap();
    let (record, text) = (stored.record.clone(), stored.text.clone());
    let text = format!("format = 1\ncreated = 2026-01-01T00:00:00Z\n{text}");
    machines.commit(0, vec![Write::Rewrite(Box::new(stored), record, text)]);
    machines.pull(1, 0);
    machines.edit(0, id, |record| set_title(record, "Here"));
    machines.edit(1, id, |record| set_title(record, "There"));
    machines.talk();
    let record = &machines.records(0)[&id];
    let mut titles = vec![title_of(record), record.conflicts()[0].value.as_ref().unwrap().raw().to_owned()];
    titles.sort();
    assert_eq!(titles, ["Here", "There"]);
}

#[test]
fn what_is_removed_here_and_wanted_there_stays() {
    let mut machines = Machines::new(2);
    let (edited, referred, gone) =
        (machines.bet(0, "a", "Edited"), machines.bet(0, "b", "Referred to"), machines.bet(0, "c", "Gone"));
    let old = machines.check_in(0, referred);
    machines.pull(1, 0);
    for bet in [edited, referred, gone] {
        machines.remove(0, bet);
    }
    machines.edit(1, edited, |record| set_title(record, "Edited there"));
    let new = machines.check_in(1, referred);
    machines.talk();
    let records = machines.records(0);
    assert!(!records.contains_key(&gone));
    assert_eq!(title_of(&records[&edited]), "Edited there");
    for id in [referred, old, new] {
        assert!(records.contains_key(&id), "{id}");
    }
    for id in [edited, referred] {
        let conflict = &records[&id].conflicts()[0];
        assert_eq!((conflict.field.raw(), &conflict.value), ("record", &None));
    }
}

#[test]
fn what_a_merge_keeps_keeps_what_it_names() {
    let mut machines = Machines::new(2);
    let bet = machines.bet(0, "a", "Named");
    let evidence = machines.evidence(0, Some(bet), "Names it");
    machines.pull(1, 0);
    machines.remove(0, evidence);
    machines.edit(1, evidence, |record| set_title(record, "Edited there"));
    machines.pull(1, 0);
    // Nothing here names it any more, and there it is named again.
    machines.remove(0, bet);
    machines.talk();
    let records = machines.records(0);
    assert_eq!(title_of(&records[&evidence]), "Edited there");
    let conflict = &records[&bet].conflicts()[0];
    assert_eq!((conflict.field.raw(), &conflict.value), ("record", &None));
}

#[test]
fn two_bets_of_one_name_get_two() {
    let mut machines = Machines::new(3);
    let bets: Vec<RecordId> =
        (0..3).map(|machine| machines.bet(machine, "queue", &format!("Queue {machine}"))).collect();
    machines.talk();
    let records = machines.records(2);
    let slugs: BTreeSet<String> = bets
        .iter()
        .map(|id| {
            let Record::Bet(bet) = &records[id] else { panic!("bet") };
            bet.slug.as_str().to_owned()
        })
        .collect();
    assert_eq!(slugs.len(), 3, "{slugs:?}");
    assert!(slugs.contains("queue"), "{slugs:?}");
    let Record::Bet(first) = &records[&bets[0]] else { panic!("bet") };
    assert_eq!((first.slug.as_str(), first.conflicts.len()), ("queue", 0));
}

#[test]
fn prose_of_both_is_joined_and_a_day_between_knows_both() {
    let mut machines = Machines::new(2);
    let bet = machines.bet(0, "queue", "One queue");
    machines.pull(1, 0);
    machines.edit(0, bet, |record| {
        let Record::Bet(bet) = record else { panic!("bet") };
        bet.note = "ONE\n\ntwo\n".into();
    });
    let between = machines.now();
    machines.edit(1, bet, |record| {
        let Record::Bet(bet) = record else { panic!("bet") };
        bet.note = "one\n\nTWO\n".into();
    });
    let both = machines.now();
    machines.talk();
    machines.evidence(0, None, "Later");
    let note = |moment: Instant| {
        let journal = &machines.journals[0];
        let at = journal.at(&crate::store::journal::AsOf::Moment(moment)).unwrap().unwrap();
        let (index, _) = journal.index(&at).unwrap();
        let stored = journal.record(index.iter().find(|place| place.id == bet).unwrap()).unwrap();
        let Record::Bet(bet) = stored.record else { panic!("bet") };
        bet.note.raw().to_owned()
    };
    assert_eq!(note(between), "ONE\n\ntwo\n");
    assert_eq!(note(both), "ONE\n\nTWO\n");
    assert_eq!(note(machines.now()), "ONE\n\nTWO\n");
}

fn names(record: &Record, bet: RecordId) -> bool {
    match record {
        Record::Evidence(evidence) => evidence.bets.contains(&bet),
        Record::CheckIn(check_in) => check_in.bet == bet,
        _ => false,
    }
}

/// What a machine does.
#[derive(Clone, Debug)]
enum Act {
    Bet,
    Evidence {
        about: usize,
    },
    CheckIn {
        about: usize,
    },
    Title {
        of: usize,
    },
    Adopter {
        of: usize,
    },
    Remove {
        which: usize,
    },
    Settle {
        of: usize,
    },
    Sync {
        with: usize,
    },
    /// A sync that ended before it handed anything back.
    Pull {
        from: usize,
    },
}

fn act() -> impl Strategy<Value = (usize, Act)> {
    let any = || 0..40_usize;
    let act = prop_oneof![
        2 => Just(Act::Bet),
        3 => any().prop_map(|about| Act::Evidence { about }),
        2 => any().prop_map(|about| Act::CheckIn { about }),
        4 => any().prop_map(|of| Act::Title { of }),
        2 => any().prop_map(|of| Act::Adopter { of }),
        2 => any().prop_map(|which| Act::Remove { which }),
        2 => any().prop_map(|of| Act::Settle { of }),
        4 => (0..4_usize).prop_map(|with| Act::Sync { with }),
        3 => (0..4_usize).prop_map(|from| Act::Pull { from }),
    ];
    (0..4_usize, act)
}

/// What the judge knows of one deed: who had seen what when it was done.
struct Deed {
    record: RecordId,
    what: What,
    seen: BTreeSet<usize>,
}

enum What {
    Made,
    /// A field got a value that nobody wrote before.
    Wrote(&'static str, String),
    /// Something began to refer to it.
    Named,
    Removed,
}

/// Plays acts on machines and keeps books of its own, by who had seen what, not by how merging works.
struct Judge {
    machines: Machines,
    deeds: Vec<Deed>,
    seen: Vec<BTreeSet<usize>>,
}

impl Judge {
    fn note(&mut self, machine: usize, record: RecordId, what: What) {
        let seen = self.seen[machine].clone();
        self.seen[machine].insert(self.deeds.len());
        self.deeds.push(Deed { record, what, seen });
    }

    fn play(&mut self, machine: usize, act: &Act) {
        let records = self.machines.records(machine);
        let pick = |wanted: fn(&Record) -> bool, which: usize| {
            let list: Vec<RecordId> =
                records.values().filter(|record| wanted(record)).map(Record::id).collect();
            (!list.is_empty()).then(|| list[which % list.len()])
        };
        let is_bet = |record: &Record| matches!(record, Record::Bet(_));
        let titled = |record: &Record| matches!(record, Record::Bet(_) | Record::Evidence(_));
        self.machines.fresh += 1;
        let value = format!("value {}", self.machines.fresh);
        match act {
            Act::Bet => {
                let slug = format!("slug-{}", self.machines.fresh % 3);
                let taken = |record: &Record| matches!(record, Record::Bet(bet) if bet.slug.as_str() == slug);
                if records.values().any(taken) {
                    return;
                }
                let id = self.machines.bet(machine, &slug, &value);
                self.note(machine, id, What::Made);
                self.note(machine, id, What::Wrote("title", value));
            }
            Act::Evidence { about } => {
                let bet = pick(is_bet, *about);
                let id = self.machines.evidence(machine, bet, &value);
                self.note(machine, id, What::Made);
                self.note(machine, id, What::Wrote("title", value));
                if let Some(bet) = bet {
                    self.note(machine, bet, What::Named);
                }
            }
            Act::CheckIn { about } => {
                let Some(bet) = pick(is_bet, *about) else { return };
                let id = self.machines.check_in(machine, bet);
                self.note(machine, id, What::Made);
                self.note(machine, bet, What::Named);
            }
            Act::Title { of } => {
                let Some(id) = pick(titled, *of) else { return };
                self.machines.edit(machine, id, |record| set_title(record, &value));
                self.note(machine, id, What::Wrote("title", value));
            }
            Act::Adopter { of } => {
                let Some(id) = pick(|record| matches!(record, Record::Evidence(_)), *of) else { return };
                self.machines.edit(machine, id, |record| {
                    let Record::Evidence(evidence) = record else { panic!("evidence") };
                    evidence.adopters.push(value.as_str().into());
                });
                self.note(machine, id, What::Wrote("adopters", value));
            }
            Act::Remove { which } => {
                let Some(id) = pick(titled, *which) else { return };
                self.machines.remove(machine, id);
                self.note(machine, id, What::Removed);
                for record in records.values() {
                    if matches!(record, Record::CheckIn(one) if one.bet == id) {
                        self.note(machine, record.id(), What::Removed);
                    }
                }
            }
            Act::Settle { of } => {
                let Some(id) = pick(|record| !record.conflicts().is_empty(), *of) else { return };
                let torn: Vec<String> =
                    records[&id].conflicts().iter().map(|one| one.field.raw().to_owned()).collect();
                self.machines.edit(machine, id, |record| {
                    match record {
                        Record::Bet(bet) => bet.conflicts.clear(),
                        Record::Evidence(evidence) => evidence.conflicts.clear(),
                        _ => {}
                    }
                    if torn.iter().any(|field| field == "title") {
                        set_title(record, &value);
                    }
                });
                if torn.iter().any(|field| field == "title") {
                    self.note(machine, id, What::Wrote("title", value));
                }
                self.note(machine, id, What::Named);
            }
            Act::Sync { with } | Act::Pull { from: with } => {
                let with = with % self.seen.len();
                let news = self.seen[with].clone();
                self.seen[machine].extend(news);
                if matches!(act, Act::Sync { .. }) {
                    self.machines.sync(machine, with);
                    self.seen[with] = self.seen[machine].clone();
                } else {
                    self.machines.pull(machine, with);
                }
            }
        }
    }

    /// What must hold when all have talked.
    fn judge(&self) {
        let records = self.machines.records(0);
        let concurrent = |one: usize, other: usize| {
            !self.deeds[one].seen.contains(&other) && !self.deeds[other].seen.contains(&one)
        };
        let of = |id: RecordId| (0..self.deeds.len()).filter(move |deed| self.deeds[*deed].record == id);
        let made: BTreeSet<RecordId> = self
            .deeds
            .iter()
            .filter(|deed| matches!(deed.what, What::Made))
            .map(|deed| deed.record)
            .collect();
        for id in made {
            let removals: Vec<usize> =
                of(id).filter(|deed| matches!(self.deeds[*deed].what, What::Removed)).collect();
            if removals.is_empty() {
                assert!(records.contains_key(&id), "{id} was never removed");
            }
            let contested = |removal: usize| {
                of(id)
                    .any(|deed| !matches!(self.deeds[deed].what, What::Removed) && concurrent(deed, removal))
            };
            // A check-in goes and stays with its bet, which has a removal of its own to contest.
            let alone = records.get(&id).is_none_or(|record| !matches!(record, Record::CheckIn(_)));
            // A merge that gives a bet another slug changes it, and a change wins over a removal.
            let renamed = |record: &Record| matches!(record, Record::Bet(bet) if bet.slug.as_str().len() > "slug-0".len());
            let alone = alone && !records.get(&id).is_some_and(renamed);
            // A merge that keeps a record which was removed names its bet anew.
            let kept = |other: &Record| {
                of(other.id()).any(|deed| matches!(self.deeds[deed].what, What::Removed)) && names(other, id)
            };
            let alone = alone && !records.values().any(kept);
            if alone && removals.iter().any(|removal| !contested(*removal)) && removals.len() == 1 {
                assert!(!records.contains_key(&id), "{id} was removed, and nobody wanted it");
            }
            let Some(record) = records.get(&id) else { continue };
            for deed in of(id) {
                let What::Wrote(field, value) = &self.deeds[deed].what else { continue };
                // By a later value of the field, or with the record by who removed it.
                let superseded = of(id).any(|later| {
                    let over = match &self.deeds[later].what {
                        What::Wrote(other, _) => other == field && *field == "title",
                        What::Removed => true,
                        What::Made | What::Named => false,
                    };
                    over && self.deeds[later].seen.contains(&deed)
                });
                let text = record::encode(record);
                assert!(
                    superseded || text.contains(&format!("\"{value}\"")) || text.contains(value),
                    "{field} = {value} is lost in\n{text}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn machines_that_talk_agree_and_lose_nothing(
        count in 2..5_usize,
        acts in prop::collection::vec(act(), 1..30),
    ) {
        let mut judge = Judge { machines: Machines::new(count), deeds: Vec::new(), seen: vec![BTreeSet::new(); count] };
        for (machine, act) in &acts {
            judge.play(machine % count, act);
        }
        judge.machines.talk();
        judge.judge();
    }

    #[test]
    fn sealed_machines_agree_and_lose_nothing_too(
        count in 2..4_usize,
        acts in prop::collection::vec(act(), 1..20),
    ) {
        let machines = Machines::sealed(count);
        let mut judge = Judge { machines, deeds: Vec::new(), seen: vec![BTreeSet::new(); count] };
        for (machine, act) in &acts {
            judge.play(machine % count, act);
        }
        judge.machines.talk();
        judge.judge();
    }
}
