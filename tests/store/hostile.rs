//! A journal that came from somebody who means harm: every verb that reads ends soon, in little memory and in words.

use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use git2::{ObjectType, Oid, Repository};

use super::damage::loose;
use crate::support::Sandbox;

/// Every verb that reads, in a form that reads much.
const VERBS: [&str; 21] = [
    "status",
    "list --format json",
    "list 1000-01-01..9999-12-31",
    "show kqvm",
    "show one-queue",
    "search a",
    "log",
    "log --full -n 50",
    "scorecard",
    "diff",
    "diff 2020..2026",
    "review --due",
    "review --list",
    "fsck",
    "undo --dry-run",
    "restore --list",
    "inbox --list",
    "bet list --all",
    "decide list",
    "objective list",
    "guide show",
];

/// How long a verb may take on a busy machine, and how much memory it may have, in KiB.
const PATIENCE: Duration = Duration::from_secs(60);
const MEMORY: usize = 1 << 19;

/// The objects of a journal, written without asking whether they make sense.
struct Forge {
    sandbox: Sandbox,
    repo: Repository,
    /// The entries of the root of an honest journal: a bet, a check-in and evidence.
    root: Vec<(&'static str, Vec<u8>, Oid)>,
    id: String,
    text: String,
}

const FILE: &str = "100644";
const DIRECTORY: &str = "40000";

impl Forge {
    fn new() -> Self {
        let sandbox = Sandbox::with_journal();
        sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
        sandbox.okr(["bet", "check-in", "one-queue", "--status", "on-track", "--confidence", "60"]).success();
        let id = sandbox.okr(["add", "One of ours", "--bet", "one-queue", "--kind", "platform"]).id();
        let text = sandbox.text_of(&id);
        let repo = Repository::open(sandbox.journal()).unwrap();
        let tree = repo.find_reference("refs/heads/okr").unwrap().peel_to_tree().unwrap();
        let entry = |entry: git2::TreeEntry<'_>| {
            let mode = if entry.filemode() == 0o40000 { DIRECTORY } else { FILE };
            (mode, entry.name_bytes().to_vec(), entry.id())
        };
        let root = tree.iter().map(entry).collect();
        drop(tree);
        Self { sandbox, repo, root, id, text }
    }

    fn blob(&self, bytes: impl AsRef<[u8]>) -> Oid {
        self.repo.odb().unwrap().write(ObjectType::Blob, bytes.as_ref()).unwrap()
    }

    fn tree<N: AsRef<[u8]>>(&self, entries: &[(&str, N, Oid)]) -> Oid {
        let mut data = Vec::new();
        for (mode, name, id) in entries {
            data.extend([mode.as_bytes(), b" ", name.as_ref(), b"\0", id.as_bytes()].concat());
        }
        self.repo.odb().unwrap().write(ObjectType::Tree, &data).unwrap()
    }

    /// A root like the honest one, with other entries in the place of those of the same name.
    fn root<N: AsRef<[u8]>>(&self, other: &[(&'static str, N, Oid)]) -> Oid {
        let other: Vec<_> =
            other.iter().map(|(mode, name, id)| (*mode, name.as_ref().to_vec(), *id)).collect();
        let kept = self.root.iter().filter(|(_, name, _)| !other.iter().any(|(_, taken, _)| taken == name));
        let all: Vec<_> = kept.chain(&other).map(|(mode, name, id)| (*mode, name.clone(), *id)).collect();
        self.tree(&all)
    }

    /// `evidence/2026-11/02` with these entries.
    fn day<N: AsRef<[u8]>>(&self, entries: &[(&str, N, Oid)]) -> Oid {
        let month = self.tree(&[(DIRECTORY, "02", self.tree(entries))]);
        self.root(&[(DIRECTORY, "evidence", self.tree(&[(DIRECTORY, "2026-11", month)]))])
    }

    fn commit(&self, tree: Oid) -> Oid {
        let parent = self.repo.refname_to_id("refs/heads/okr").unwrap();
        let who = "Eve <eve@example.com> 1793613600 +0000";
        self.raw_commit(format!("tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nforged\n"))
    }

    fn raw_commit(&self, bytes: impl AsRef<[u8]>) -> Oid {
        self.repo.odb().unwrap().write(ObjectType::Commit, bytes.as_ref()).unwrap()
    }

    fn point(&self, id: Oid) {
        fs::write(self.sandbox.journal().join("refs/heads/okr"), format!("{id}\n")).unwrap();
    }

    /// A loose object of that id: a header and so many zeros, whatever they hash to.
    fn bomb(&self, id: Oid, header: &str, zeros: u64) {
        let file = loose(&self.sandbox, &id.to_string());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let file = fs::File::create(file).unwrap();
        let mut encoder = flate2::write::ZlibEncoder::new(file, flate2::Compression::default());
        encoder.write_all(header.as_bytes()).unwrap();
        std::io::copy(&mut std::io::repeat(0).take(zeros), &mut encoder).unwrap();
        encoder.finish().unwrap();
    }

    /// Runs a verb with little memory; it must end by itself, with 0 or 1. Returns what it said.
    #[track_caller]
    fn run(&self, what: &str, verb: &str) -> (i32, String) {
        let mut command = self.sandbox.command("sh", &self.sandbox.path("work"));
        let line = format!("ulimit -v {MEMORY}; ulimit -c 0; exec git-okr {verb}");
        command.args(["-c", &line]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let read = |stream: &mut dyn Read| {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).unwrap();
            bytes
        };
        let begun = Instant::now();
        let both = std::thread::scope(|scope| {
            let err = scope.spawn(move || read(&mut err));
            let out = scope.spawn(move || read(&mut out));
            while child.try_wait().unwrap().is_none() {
                if begun.elapsed() > PATIENCE {
                    child.kill().unwrap();
                    panic!("{what}: '{verb}' does not end");
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            [out.join().unwrap(), err.join().unwrap()].concat()
        });
        let status = child.wait().unwrap();
        let said = String::from_utf8_lossy(&both).into_owned();
        let told: String = said.chars().take(2000).collect();
        assert!(matches!(status.code(), Some(0 | 1)), "{what}: '{verb}' ended with {status}: {told}");
        assert!(!said.contains("panicked") && !both.contains(&0x1b), "{what}: '{verb}': {told}");
        (status.code().unwrap(), said)
    }

    /// Makes `tip` the journal and runs every verb; fsck has to find fault with it and to say `named`.
    #[track_caller]
    fn hold(&self, what: &str, tip: Oid, named: &str) {
        let before = self.repo.refname_to_id("refs/heads/okr").unwrap();
        self.point(tip);
        for verb in VERBS {
            let (code, said) = self.run(what, verb);
            if verb == "fsck" {
                let told: String = said.chars().take(1500).collect();
                assert!(code == 1 && said.contains(named), "{what}: fsck names it: {told}");
            }
        }
        self.point(before);
    }
}

#[test]
fn names_that_would_act_elsewhere_are_names_and_nothing_more() {
    let forge = Forge::new();
    let blob = forge.blob(&forge.text);
    let long = "n".repeat(5000);
    let names: [&[u8]; 16] = [
        b"..",
        b".",
        b".git",
        b".GIT",
        b"git~1",
        b"a\\b",
        b"..\\..\\x",
        b"../../etc/x",
        b"/etc/passwd",
        b"CON",
        b"x:$DATA",
        b"new\nline.toml",
        b"\x1b[31mred.toml",
        b"\xff\xfe.toml",
        "\u{202e}lmot.x".as_bytes(),
        long.as_bytes(),
    ];
    let ours = format!("{}.toml", forge.id);
    let mut entries: Vec<(&str, &[u8], Oid)> = names.iter().map(|name| (FILE, *name, blob)).collect();
    entries.push((FILE, ours.as_bytes(), blob));
    forge.hold("odd names of files", forge.commit(forge.day(&entries)), "not a name that a journal holds");
    let (_, said) = forge.run("odd names", "list --format json");
    assert!(said.contains("One of ours"), "{said}");
    let tree = forge.tree(&[(FILE, "x", blob)]);
    let directories: Vec<(&str, &[u8], Oid)> = names.iter().map(|name| (DIRECTORY, *name, tree)).collect();
    forge.hold("odd names of directories", forge.commit(forge.day(&directories)), "not a name");
    let roots: Vec<(&'static str, &[u8], Oid)> = names.iter().map(|name| (FILE, *name, blob)).collect();
    forge.hold("odd names at the root", forge.commit(forge.root(&roots)), "no such file");
}

#[test]
fn trees_that_no_program_writes_are_read_and_named() {
    let forge = Forge::new();
    let blob = forge.blob(&forge.text);
    let (ours, upper) = (format!("{}.toml", forge.id), format!("{}.toml", forge.id.to_uppercase()));
    let nowhere = Oid::from_str(&"ab".repeat(20)).unwrap();
    let empty = forge.tree::<&str>(&[]);
    let (as_blob, as_tree, as_nothing) = (blob.to_string(), empty.to_string(), nowhere.to_string());
    let commit = forge.repo.refname_to_id("refs/heads/okr").unwrap();
    let file = |mode: &'static str, id: Oid| forge.commit(forge.day(&[(mode, ours.as_str(), id)]));
    let top = |mode: &'static str, name: &str, id: Oid| forge.commit(forge.root(&[(mode, name, id)]));
    let cases = [
        (
            "one name twice",
            forge.commit(forge.day(&[(FILE, &ours, blob), (FILE, &ours, blob)])),
            "duplicateEntries",
        ),
        ("case twins", forge.commit(forge.day(&[(FILE, &upper, blob), (FILE, &ours, blob)])), upper.as_str()),
        (
            "not in order",
            forge.commit(forge.day(&[(FILE, &ours, blob), (FILE, &"a".into(), blob)])),
            "treeNotSorted",
        ),
        ("a link", file("120000", blob), "not a record's file"),
        ("a submodule", file("160000", commit), "not a record's file"),
        ("an odd mode", file("777777", blob), "not a record's file"),
        ("a directory in the place of a record", file(DIRECTORY, empty), "directory is where"),
        ("a tree that is called a file", file(FILE, empty), &ours),
        ("a commit that is called a file", file(FILE, commit), &ours),
        ("a file that is not there", file(FILE, nowhere), &ours),
        ("the null id", file(FILE, Oid::ZERO_SHA1), &ours),
        ("a file that is called a tree", top(DIRECTORY, "bets", blob), "bets"),
        ("a directory that is not there", top(DIRECTORY, "evidence", nowhere), "evidence"),
        ("a file in the place of a directory", top(FILE, "evidence", blob), "evidence"),
        ("a link in the place of a directory", top("120000", "evidence", blob), "evidence"),
        ("no header", top("120000", "journal.toml", blob), "journal.toml"),
        ("a header that is a directory", top(DIRECTORY, "journal.toml", empty), "journal.toml"),
        ("a header of garbage", top(FILE, "journal.toml", forge.blob(b"\xff\0")), "journal.toml"),
        ("a guide that is a directory", top(DIRECTORY, "guide.toml", empty), "guide"),
        ("a guide of garbage", top(FILE, "guide.toml", forge.blob(b"\xff\0")), "guide.toml"),
        ("a root that is a file", forge.commit(blob), &as_blob),
        ("a root that is not there", forge.commit(nowhere), &as_nothing),
        ("a tip that is a file", blob, &as_blob),
        ("a tip that is a tree", empty, &as_tree),
    ];
    for (what, tip, named) in cases {
        forge.hold(what, tip, named);
    }
}

#[test]
fn what_is_endless_ends() {
    let forge = Forge::new();
    let blob = forge.blob(&forge.text);
    let ours = format!("{}.toml", forge.id);
    let mut deep = forge.tree(&[(FILE, ours.as_str(), blob)]);
    for _ in 0..20_000 {
        deep = forge.tree(&[(DIRECTORY, "d", deep)]);
    }
    forge.hold("a deep tree", forge.commit(forge.root(&[(DIRECTORY, "evidence", deep)])), "evidence/d");
    forge.hold("a deep day", forge.commit(forge.day(&[(DIRECTORY, "d", deep)])), "directory is where");

    let claims = Oid::from_str(&"cd".repeat(20)).unwrap();
    forge.bomb(claims, "blob 1099511627776\0", 100);
    forge.hold(
        "a claim of a terabyte",
        forge.commit(forge.day(&[(FILE, ours.as_str(), claims)])),
        "too large",
    );
    let bomb = Oid::from_str(&"ef".repeat(20)).unwrap();
    forge.bomb(bomb, "blob 1000\0", 600 << 20);
    forge.hold("a bomb", forge.commit(forge.day(&[(FILE, ours.as_str(), bomb)])), "cut short");
    let tree = Oid::from_str(&"ba".repeat(20)).unwrap();
    forge.bomb(tree, "tree 1073741824\0", 100);
    forge.hold("a bomb of a tree", forge.commit(forge.root(&[(DIRECTORY, "bets", tree)])), "too large");
    for id in [claims, bomb, tree] {
        fs::remove_file(loose(&forge.sandbox, &id.to_string())).unwrap();
    }
    let names: Vec<String> = (0..60_000).map(|n| format!("{n:05}")).collect();
    let wide: Vec<(&str, &str, Oid)> = names.iter().map(|name| (FILE, name.as_str(), blob)).collect();
    forge.hold("a wide tree", forge.commit(forge.day(&wide)), "too many entries");
    forge.hold("a tree as wide as may be", forge.commit(forge.day(&wide[..9_000])), "not a record's file");
}

/// Trees that share their parts: some kilobytes that name a hundred billion files.
#[test]
fn trees_that_multiply_are_cut() {
    let forge = Forge::new();
    let blob = forge.blob(&forge.text);
    let letters: Vec<char> = ('k'..='z').collect();
    let name = |n: usize| -> String {
        (0..16).map(|place| letters[n >> (4 * (place % 4)) & 15]).collect::<String>() + ".toml"
    };
    let names: Vec<String> = (0..30_000).map(name).collect();
    let files: Vec<(&str, &str, Oid)> = names.iter().map(|name| (FILE, name.as_str(), blob)).collect();
    let day = forge.tree(&files);
    let days: Vec<String> = (1..=28).map(|day| format!("{day:02}")).collect();
    let month: Vec<(&str, &str, Oid)> = days.iter().map(|name| (DIRECTORY, name.as_str(), day)).collect();
    let month = forge.tree(&month);
    let months: Vec<String> =
        (0..12_000).map(|n| format!("{:04}-{:02}", 1000 + n / 12 % 9000, n % 12 + 1)).collect();
    let all: Vec<(&str, &str, Oid)> = months.iter().map(|name| (DIRECTORY, name.as_str(), month)).collect();
    let all = forge.tree(&all);
    let tip = forge.root(&[
        (DIRECTORY, "evidence", all),
        (DIRECTORY, "decisions", all),
        (DIRECTORY, "verdicts", all),
    ]);
    forge.point(forge.commit(tip));
    for verb in ["list", "log", "diff", "show kqvm", "undo --dry-run"] {
        forge.run("trees that multiply", verb);
    }
    let (code, said) = forge.run("trees that multiply", "fsck");
    let told: String = said.chars().take(1500).collect();
    assert!(code == 1 && said.contains("more faults than are told"), "{told}");
}

#[test]
fn commits_that_lie_are_carried_past() {
    let forge = Forge::new();
    let tree = forge.root::<&str>(&[]);
    let parent = forge.repo.refname_to_id("refs/heads/okr").unwrap();
    let commit = |author: &str, committer: &str, message: &[u8]| {
        let head = format!("tree {tree}\nparent {parent}\nauthor {author}\ncommitter {committer}\n\n");
        forge.raw_commit([head.as_bytes(), message].concat())
    };
    let good = "Eve <eve@example.com> 1793613600 +0000";
    let readable = [
        ("an author without an address", commit("Eve 1793613600 +0000", good, b"x")),
        ("no author", forge.raw_commit(format!("tree {tree}\nparent {parent}\ncommitter {good}\n\nx"))),
        ("a committer without an address", commit(good, "Eve", b"x")),
        ("a time past all clocks", commit(good, "Eve <e> 9223372036854775807 +0000", b"x")),
        ("a time past all numbers", commit(good, "Eve <e> 99999999999999999999999 +0000", b"x")),
        ("a time before time", commit(good, "Eve <e> -9223372036854775808 -9999", b"x")),
        ("no time", commit(good, "Eve <e>", b"x")),
        ("a zone of no place", commit(good, "Eve <e> 1793613600 +99999999999", b"x")),
        ("NUL", commit(good, good, b"before\0after")),
        ("bytes that are no text", commit(good, good, b"\xff\xfe\x1b[31m")),
        ("an encoding that is none", {
            let head = format!(
                "tree {tree}\nparent {parent}\nauthor {good}\ncommitter {good}\nencoding nonsense\n\n"
            );
            forge.raw_commit([head.as_bytes(), b"\xe9\xe8"].concat())
        }),
        (
            "no message",
            forge.raw_commit(format!("tree {tree}\nparent {parent}\nauthor {good}\ncommitter {good}")),
        ),
        ("controls in a name", commit(good, "\u{1b}]0;x\u{7}\u{202e} <e\u{9b}> 1793613600 +0000", b"x")),
    ];
    let before = forge.repo.refname_to_id("refs/heads/okr").unwrap();
    for (what, tip) in readable {
        forge.point(tip);
        for verb in VERBS {
            forge.run(what, verb);
        }
        let (code, said) = forge.run(what, "list --format json");
        assert!(code == 0 && said.contains("One of ours"), "{what}: the records are there: {said}");
        assert_eq!(forge.run(what, "list --as-of 2026-11-02").0, 0, "{what}: the past is known");
        forge.point(before);
    }
    let nowhere = "ab".repeat(20);
    let huge = vec![b'x'; 3 << 20];
    let many = (0..30_000).map(|_| format!("parent {parent}\n")).collect::<String>();
    for (what, tip, named) in [
        ("a message of megabytes", commit(good, good, &huge), "too large"),
        (
            "a crowd of parents",
            forge.raw_commit(format!("tree {tree}\n{many}author {good}\ncommitter {good}\n\nx")),
            "too large",
        ),
        (
            "a parent that is not there",
            forge.raw_commit(format!("tree {tree}\nparent {nowhere}\nauthor {good}\ncommitter {good}\n\nx")),
            &nowhere,
        ),
        (
            "no tree",
            forge.raw_commit(format!("parent {parent}\nauthor {good}\ncommitter {good}\n\nx")),
            "no commit",
        ),
        ("garbage", forge.raw_commit(b"\0\xff\0"), "no commit"),
    ] {
        forge.hold(what, tip, named);
    }
}

#[test]
fn records_at_the_ends_of_every_scale_break_no_report() {
    let forge = Forge::new();
    let place = |kind: &str, name: &str, text: &str| -> (&'static str, Vec<u8>, Oid) {
        let blob = forge.blob(text);
        match kind {
            "bets" | "objectives" | "reviews" => (DIRECTORY, kind.into(), forge.tree(&[(FILE, name, blob)])),
            _ => {
                let (month, day) = name.split_once('/').unwrap();
                let (day, file) = day.split_once('/').unwrap();
                let day = forge.tree(&[(DIRECTORY, day, forge.tree(&[(FILE, file, blob)]))]);
                (DIRECTORY, kind.into(), forge.tree(&[(DIRECTORY, month, day)]))
            }
        }
    };
    let id = "kqvmkqvmkqvmkqvm";
    let long = "x".repeat(200_000);
    let wild = "\\u001b[31m\\u202e\\u200b".repeat(2000);
    for (happened, recorded) in [
        ("0001-01-01", "0001-01-01T00:00:00Z"),
        ("9999-12-31", "9999-12-31T23:59:59Z"),
        ("9999-12-31", "0001-01-01T00:00:00+23:59"),
        ("0001-01-01", "9999-12-31T23:59:59-23:59"),
    ] {
        for title in ["x", long.as_str(), wild.as_str()] {
            let head = format!("id = \"{id}\"\ntitle = \"{title}\"\nrecorded = {recorded}\n");
            let evidence =
                format!("{head}happened = {happened}\n[[metric]]\nname = \"m\"\nbefore = nan\nafter = inf\n");
            let bet = format!(
                "{head}slug = \"one-queue\"\nperiod = \"9999-Q4\"\n[[measure]]\nname = \"m\"\nstart = -1e308\ntarget = 1e308\n"
            );
            let decision = format!("{head}date = {happened}\nverdict = \"later\"\n");
            let objective = format!("{head}slug = \"o\"\nperiod = \"0001-Q1\"\n");
            let shard = format!("{}/{}/{id}.toml", &happened[..7], &happened[8..]);
            let tip = forge.root(&[
                place("evidence", &shard, &evidence),
                place("bets", &format!("{id}.toml"), &bet),
                place("decisions", &shard, &decision),
                place("objectives", &format!("{id}.toml"), &objective),
                place("reviews", "9999-Q4.toml", &format!("{head}period = \"9999-Q4\"\ndate = {happened}\n")),
            ]);
            let tip = forge.commit(tip);
            forge.hold("the ends of scales", tip, "fault");
        }
    }
}
