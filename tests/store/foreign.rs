//! Data that the program did not write: broken records, foreign trees, odd names.

use insta::assert_snapshot;

use crate::support::Sandbox;

const ID: &str = "kkkkllllmmmmnnnn";

#[test]
fn a_record_broken_by_hand_is_named_and_can_be_mended() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "Broken by hand"]).id();
    sandbox.okr(["add", "Left whole"]).success();
    let place = sandbox.place_of(&id);
    let text = sandbox.text_of(&id);
    sandbox.plant_text(&place, &text.replace("title = \"Broken by hand\"", "title = 12"));
    assert_snapshot!(sandbox.okr(["list"]), @"
    id    day         kind  reach  bets  title
    <ID2>  2026-11-02  -     -      -     Left whole

    1 record
    ------- stderr -------
    warning: evidence/2026-11/02/<ID1>.toml:2: title: invalid type: integer `12`, expected a string
    hint: see all that is wrong: git okr fsck
    ");
    assert_snapshot!(sandbox.okr(["show", &id]), @"
    ------- stderr -------
    error: cannot read 'evidence/2026-11/02/<ID1>.toml:2' (title): invalid type: integer `12`, expected a string
    hint: mend it with: git okr edit <ID1>
    [exit status: 1]
    ");
    assert_snapshot!(sandbox.okr(["fsck"]), @"
    what        where
    unreadable  evidence/2026-11/02/<ID1>.toml:2: title: invalid type: integer `12`, expected
                a string

    1 record read, 1 fault
    ------- stderr -------
    hint: mend a record: git okr edit <id>
    hint: earlier states: git okr log, git okr git log -g
    [exit status: 1]
    ");
    let mend = "sed -i 's/^title = 12/title = \"Mended by hand\"/' \"$1\"";
    sandbox.okr_with_editor(["edit", &id], mend).success();
    assert!(sandbox.okr(["list"]).success().contains("Mended by hand"));
    sandbox.okr(["fsck"]).success();
}

#[test]
fn every_way_to_break_a_record_is_a_fault_of_that_record_only() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "The model"]).id();
    sandbox.okr(["add", "Left whole"]).success();
    let (place, text) = (sandbox.place_of(&id), sandbox.text_of(&id));
    let deep = format!("{text}\nx = {}1{}\n", "[".repeat(200), "]".repeat(200));
    let huge = format!("{text}\n# {}\n", "x".repeat(300 * 1024));
    let cases: [(&str, Vec<u8>); 10] = [
        ("empty", Vec::new()),
        ("not TOML", b"hello".to_vec()),
        ("merge markers", format!("<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n").into_bytes()),
        ("a key twice", format!("{text}\ntitle = \"again\"\n").into_bytes()),
        ("NUL", format!("{text}\0").into_bytes()),
        ("not UTF-8", [text.as_bytes(), b"\nx = \"\xff\"\n"].concat()),
        ("an impossible day", text.replace("happened = 2026-11-02", "happened = 2026-02-30").into_bytes()),
        ("another's id", text.replace(&id, ID).into_bytes()),
        ("too deep", deep.into_bytes()),
        ("too large", huge.into_bytes()),
    ];
    for (how, bytes) in cases {
        assert_ne!(bytes, text.as_bytes(), "{how} changes something");
        let blob = sandbox.store("blob", &bytes);
        sandbox.plant(&place, "100644", &blob);
        let list = sandbox.okr(["list"]);
        assert!(String::from_utf8_lossy(&list.raw_stderr).contains(&place), "{how}: {list}");
        let text = list.success();
        assert!(text.contains("Left whole") && !text.contains("The model"), "{how}: {text}");
        let fsck = sandbox.okr(["fsck"]);
        assert!(fsck.code == Some(1) && fsck.raw_text().contains(&place), "{how}: {fsck}");
        for verb in ["status", "scorecard", "log", "inbox"] {
            sandbox.okr([verb]).success();
        }
    }
}

#[test]
fn a_broken_guide_does_not_take_the_journal_down() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "Before the guide broke"]).success();
    sandbox.plant_text("guide.toml", "name = \"mine\"\n[[dimensions]\n");
    assert_snapshot!(sandbox.okr(["list"]), @"
    id    day         kind  reach  bets  title
    <ID1>  2026-11-02  -     -      -     Before the guide broke

    1 record
    ------- stderr -------
    warning: guide.toml:2: unclosed array table, expected `]`
    hint: see all that is wrong: git okr fsck
    ");
    sandbox.okr(["status"]).success();
    sandbox.okr(["scorecard"]).success();
    assert_eq!(sandbox.okr(["guide", "check"]).code, Some(1));
    sandbox.okr(["add", "After the guide broke"]).success();
}

#[test]
fn strangers_in_the_tree_are_told_and_passed_by() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "One of ours", "--date", "2026-10-05"]).success();
    let commit = sandbox.git_journal(["rev-parse", "okr"]);
    let link = sandbox.store("blob", b"/etc/passwd");
    let text = sandbox.store("blob", b"title = \"no record\"\n");
    for (path, mode, object) in [
        (format!("bets/{ID}.toml"), "120000", &link),
        ("bets/sub".to_owned(), "160000", &commit),
        ("evidence/2026-10/05/notes.txt".to_owned(), "100644", &text),
        (format!("evidence/2026-10/05/deep/er/and/deeper/{ID}.toml"), "100644", &text),
        (format!("evidence/2026-02/30/{ID}.toml"), "100644", &text),
        ("evidence/2026-10/05/\u{1b}[31mred.toml".to_owned(), "100644", &text),
        ("stranger.md".to_owned(), "100644", &text),
    ] {
        sandbox.plant(&path, mode, object);
    }
    let list = sandbox.okr(["list"]);
    assert!(!list.raw_stderr.contains(&0x1b), "no escape reaches the terminal: {list}");
    assert!(list.success().contains("One of ours"));
    let fsck = sandbox.okr(["fsck"]);
    for name in [ID, "bets/sub", "notes.txt", "deep", "stranger.md", "red.toml"] {
        assert!(fsck.raw_text().contains(name), "{name}: {fsck}");
    }
    assert!(!fsck.raw.contains(&0x1b) && fsck.code == Some(1));
    sandbox.okr(["add", "Beside strangers", "--date", "2026-10-05"]).success();
    assert!(
        sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]).contains("stranger.md"),
        "none is deleted"
    );
}

#[test]
fn names_that_only_a_hand_made_tree_can_have_are_harmless() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["add", "One of ours"]).success();
    let root = sandbox.git_journal(["rev-parse", "okr^{tree}"]);
    let raw =
        sandbox.command("git", &sandbox.journal()).args(["cat-file", "tree", &root]).output().unwrap().stdout;
    let blob = sandbox.store("blob", b"x = 1\n");
    let id: Vec<u8> = (0..20).map(|at| u8::from_str_radix(&blob[2 * at..2 * at + 2], 16).unwrap()).collect();
    for name in ["..", ".git", "a/b", "", "bets"] {
        // Git sorts by name; a tree like this is out of order too.
        let entry = [b"100644 ", name.as_bytes(), b"\0", &id].concat();
        let tree = sandbox.store("tree", &[raw.clone(), entry].concat());
        sandbox.plant_tree(&tree);
        let list = sandbox.okr(["list"]);
        assert!(list.raw_text().contains("One of ours"), "{name:?}: {list}");
        assert_eq!(sandbox.okr(["fsck"]).code, Some(1), "{name:?} is told");
    }
}

#[test]
fn a_bomb_is_not_inflated() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "The small one"]).id();
    sandbox.okr(["add", "Left whole"]).success();
    let blob = sandbox.store("blob", &vec![b'#'; 64 << 20]);
    sandbox.plant(&sandbox.place_of(&id), "100644", &blob);
    let begun = std::time::Instant::now();
    let list = sandbox.okr(["list"]);
    assert!(list.raw_text().contains("Left whole") && list.stderr.contains("large"), "{list}");
    assert!(begun.elapsed().as_secs() < 3);
}

#[test]
fn dangling_references_are_found() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let id = sandbox.okr(["add", "For the queue", "--bet", "one-queue"]).id();
    let (place, text) = (sandbox.place_of(&id), sandbox.text_of(&id));
    let bets = text.lines().find(|line| line.starts_with("bets")).expect("it names its bet").to_owned();
    sandbox.plant_text(&place, &text.replace(&bets, &format!("bets = [\"{ID}\"]")));
    assert_snapshot!(sandbox.okr(["fsck"]), @"
    what      where
    dangling  evidence/2026-11/02/<ID2>.toml:4: bets: '<ID3>' is not in the
              journal

    2 records read, 1 fault
    ------- stderr -------
    hint: mend a record: git okr edit <id>
    hint: earlier states: git okr log, git okr git log -g
    [exit status: 1]
    ");
    sandbox.okr(["list"]).success();
    sandbox.okr(["status"]).success();
}

#[test]
fn an_id_that_two_records_share_is_found() {
    let sandbox = Sandbox::with_journal();
    let id = sandbox.okr(["add", "The first", "--date", "2026-10-05"]).id();
    let text = sandbox.text_of(&id).replace("2026-10-05", "2026-10-06");
    sandbox.plant_text(&format!("evidence/2026-10/06/{id}.toml"), &text);
    assert_snapshot!(sandbox.okr(["fsck"]), @"
    what   where
    clash  evidence/2026-10/05/<ID1>.toml:1: id: '<ID1>' is also the id of
           evidence/2026-10/06/<ID1>.toml

    2 records read, 1 fault
    ------- stderr -------
    hint: mend a record: git okr edit <id>
    hint: earlier states: git okr log, git okr git log -g
    [exit status: 1]
    ");
    sandbox.okr(["show", &id]).fails(1);
}
