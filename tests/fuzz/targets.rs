//! What is fuzzed: everything that reads text or bytes from elsewhere, and what has to hold of each.

use std::fs;

use git_okr::change::merge::{self as merging, Side, settle};
use git_okr::format::draft::{BetDraft, DecisionDraft, EvidenceDraft, ObjectiveDraft, ReviewDraft};
use git_okr::format::version::Header;
use git_okr::format::{guide as guides, record as records};
use git_okr::harvest::export::{self, Format};
use git_okr::harvest::references::references;
use git_okr::harvest::{Learnt, message as messages, rewrites, secrets};
use git_okr::model::field::fields;
use git_okr::model::{Artifact, Day, Guide, Kind, Period, Record, RecordId, Slug, Text};
use git_okr::render::sanitize;
use git_okr::store::journal::{Home, Journal, Keyring, Location, Scope, Shards};
use git_okr::store::project::remote_url as urls;
use git2::{ObjectType, Oid, Repository};
use tempfile::TempDir;

const KINDS: [Kind; 7] =
    [Kind::Bet, Kind::CheckIn, Kind::Decision, Kind::Evidence, Kind::Objective, Kind::Review, Kind::Verdict];

/// No text may act on a terminal once it was made visible.
fn harmless(text: &Text) {
    let shown = text.visible();
    let bad = shown.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert_eq!(bad, None, "{shown:?}");
}

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// A record that can be read is written so that it is read as the same, and an update that changes nothing keeps
/// every byte but those that end lines.
pub(crate) fn record(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    for kind in KINDS {
        let Ok(record) = records::decode(kind, text) else { continue };
        let written = records::encode(&record);
        match records::decode(kind, &written) {
            // A number that is none is like no other.
            Ok(again) => assert!(again == record || text.contains("nan"), "{again:?}\n{record:?}"),
            Err(error) => panic!("{error}: {written}"),
        }
        let lines = |text: &str| -> Vec<String> {
            text.trim_start_matches('\u{feff}')
                .lines()
                .map(|line| line.trim_end_matches('\r').to_owned())
                .collect()
        };
        assert_eq!(lines(&records::update(text, &record, &record).unwrap()), lines(text));
        look_at(&record);
    }
}

/// An export is read as a whole or refused with something to do, and nothing in it can act.
pub(crate) fn forge_export(input: &[u8]) {
    for format in [Format::Gh, Format::Glab] {
        match export::parse(format, input) {
            Ok(requests) => {
                for one in requests {
                    for text in [&one.title, &one.url, &one.author, &one.body] {
                        harmless(text);
                    }
                }
            }
            Err(error) => {
                harmless(&error.message.as_str().into());
                assert!(!error.hint.is_empty(), "{error:?}");
            }
        }
    }
}

/// Three texts merge into one that can be read when a side could, the same whatever else is there, and settling what is
/// undecided comes to an end.
pub(crate) fn merge(input: &[u8]) {
    let text = text(input);
    let mut parts = text.split("\n%%%%\n");
    let (base, one, other) =
        (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let reads = |text: &str| records::decode(Kind::Bet, text).is_ok();
    let side = |text, revision| Side { text, revision };
    let merged = merging::file(base, side(one, "aa"), side(other, "bb"), &reads);
    assert!(reads(&merged.text) || !(reads(one) || reads(other)), "{}", merged.text);
    assert!(merged.left_out.is_some() || reads(&merged.text), "{}", merged.text);
    assert_eq!(merged, merging::file(base, side(one, "aa"), side(other, "bb"), &reads));
    let mut left = merged.text;
    for _ in 0..50 {
        let Some(first) = settle::unsettled(&left).into_iter().next() else { return };
        harmless(&first.other.field);
        left = match settle::settle(&left, first.other.field.raw(), &settle::Choice::Ours) {
            Ok(text) => text,
            Err(_) => return,
        };
    }
}

fn look_at(record: &Record) {
    harmless(&record.title());
    for field in fields(record) {
        harmless(&field.name);
        harmless(&field.value.to_text());
    }
}

pub(crate) fn guide(input: &[u8]) {
    let Ok(guide) = guides::decode(&text(input)) else { return };
    for problem in guides::check(&guide) {
        harmless(&problem.place);
    }
}

pub(crate) fn header(input: &[u8]) {
    let Ok(header) = Header::decode(&text(input)) else { return };
    assert_eq!(Header::decode(&header.encode()).unwrap(), header);
}

/// What a person types into an editor or pipes in.
pub(crate) fn draft(input: &[u8]) {
    let text = text(input);
    let _ = BetDraft::parse(&text);
    let _ = DecisionDraft::parse(&text);
    let _ = EvidenceDraft::parse(&text);
    let _ = ObjectiveDraft::parse(&text);
    let _ = ReviewDraft::parse(&text);
}

/// A commit's message: types, titles, reverts, references, secrets.
pub(crate) fn message(input: &[u8]) {
    let text = text(input);
    let (subject, body) = text.split_once('\n').unwrap_or((&text, ""));
    let found = references(subject, body, &Learnt::default());
    assert!(found.len() <= git_okr::harvest::references::MAX);
    for one in &found {
        let _ = (one.label(), one.space());
    }
    let _ = messages::Conventional::parse(subject);
    let _ = (messages::breaks(body), messages::is_forge_merge(subject), messages::bare_subject(subject));
    let _ = (messages::quoted(subject), messages::reverted_subject(subject));
    let _ = (messages::picked_commits(body), messages::reverted_commits(body));
    assert!(messages::title_of(subject, body).chars().count() <= 200);
    let once = secrets::redact(&text);
    let again = secrets::redact(&once.text);
    assert_eq!(again.text, once.text, "what was redacted holds no more secrets");
    harmless(&Text::from(text.as_str()));
    let shown = sanitize::terminal_prose(&text) + &sanitize::markdown(&text);
    assert!(!shown.contains(|c| sanitize::is_forbidden(c) && !matches!(c, '\n' | '\t')), "{shown:?}");
}

pub(crate) fn remote_url(input: &[u8]) {
    let _ = urls::parse(&text(input), &Default::default());
}

/// Words on a command line: days, periods, ids, artifacts.
pub(crate) fn words(input: &[u8]) {
    let text = text(input);
    let today = Day::parse("2026-11-02").unwrap();
    let guide = Guide::empty();
    if let Ok(period) = Period::parse(&text, &guide.calendar, today) {
        assert!(period.start <= period.end);
        let _ = (period.previous(&guide.calendar), period.next(&guide.calendar), period.days());
    }
    if let Some(day) = Day::parse(&text) {
        assert_eq!(Day::parse(&day.to_string()), Some(day));
        let _ = (day.plus(400), day.plus(-400), day.since(today));
    }
    if let Ok(id) = RecordId::parse(&text) {
        assert_eq!(id.as_str(), text);
    }
    let _ = RecordId::is_prefix(&text);
    let _ = Slug::parse(&text);
    let artifact = Artifact::parse(&text);
    let _ = artifact.can_be_opened();
}

/// What git pipes into `post-rewrite`, and the files that a rebase leaves.
pub(crate) fn hook_input(input: &[u8]) {
    let text = text(input);
    for cut in [false, true] {
        for (old, new) in rewrites::pairs(&text, cut) {
            assert!(old != new && old.len() == new.len() && old.bytes().all(|b| b.is_ascii_hexdigit()));
        }
    }
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let _ = rewrites::folded(&text, &lines, lines.first().map(String::as_str), |_| None);
}

/// A journal whose tip is forged for every input.
pub(crate) struct Scratch {
    dir: TempDir,
    repo: Repository,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let dir = tempfile::Builder::new().prefix("okr-fuzz-").tempdir_in(memory).or_else(|_| TempDir::new());
        let dir = dir.unwrap();
        let repo = Repository::init_bare(dir.path()).unwrap();
        Self { dir, repo }
    }

    fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        self.repo.odb().unwrap().write(kind, bytes).unwrap()
    }

    /// Reads everything at a forged commit; damage is an answer, a panic is not.
    fn read(&self, tip: Oid) {
        fs::write(self.dir.path().join("refs/heads/okr"), format!("{tip}\n")).unwrap();
        let location =
            Location { dir: self.dir.path().to_owned(), branch: "okr".into(), home: Home::Private };
        let Ok(journal) = Journal::open(&location) else { return };
        let Ok(at) = journal.tip() else { return };
        let _ = journal.header(&at);
        let _ = journal.check(&at);
        let _ = journal.index(&at);
        let scope = Scope { check_ins: true, evidence: Shards::All, decisions: Shards::All };
        if let Ok(snapshot) = journal.snapshot(&at, scope) {
            snapshot.faults.iter().for_each(|fault| harmless(&fault.message));
        }
        let _ = journal.history(&at, None, &mut |_| std::ops::ControlFlow::Continue(()));
        let _ = journal.back(1);
        let _ = journal.removed("");
        let _ = Journal::wreck(&location, Keyring::default());
        // Thousands of forged objects are not kept.
        let _ = fs::remove_dir_all(self.dir.path().join("objects"));
        fs::create_dir_all(self.dir.path().join("objects/pack")).unwrap();
    }

    /// The bytes of a tree, as root, as the directory of a kind, and as a day.
    pub(crate) fn tree(&self, input: &[u8]) {
        let blob = self.write(ObjectType::Blob, b"format = 1\nid = \"kkkkkkkkkkkkkkkk\"\n");
        let tree = self.write(ObjectType::Tree, input);
        let entry = |name: &str, id: Oid| [format!("40000 {name}\0").as_bytes(), id.as_bytes()].concat();
        let header = [b"100644 journal.toml\0".as_slice(), blob.as_bytes()].concat();
        let month = self.write(ObjectType::Tree, &entry("02", tree));
        let evidence = self.write(ObjectType::Tree, &entry("2026-11", month));
        let around =
            [entry("bets", tree), entry("checkins", tree), entry("evidence", evidence), header].concat();
        let around = self.write(ObjectType::Tree, &around);
        for root in [tree, around] {
            let who = "M <m@example.com> 1793613600 +0000";
            let text = format!("tree {root}\nauthor {who}\ncommitter {who}\n\nx\n");
            self.write(ObjectType::Tree, input);
            self.read(self.write(ObjectType::Commit, text.as_bytes()));
        }
    }

    /// The bytes of a commit; `@` stands for a tree that is there.
    pub(crate) fn commit(&self, input: &[u8]) {
        let tree = self.write(ObjectType::Tree, b"");
        let text: Vec<u8> = input
            .iter()
            .flat_map(|byte| if *byte == b'@' { tree.to_string().into_bytes() } else { vec![*byte] })
            .collect();
        self.read(self.write(ObjectType::Commit, &text));
    }
}
