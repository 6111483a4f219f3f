//! Sealed journals: what they hold is read with an identity, and nowhere without.

use std::fs;
use std::io::Write;
use std::iter;

use age::secrecy::SecretString;

use crate::support::{Sandbox, Terminal, nowhere};

/// Words that a person writes, and that nobody else may find.
const SECRETS: [&str; 6] = ["Zebra", "quokka", "narwhal-team", "axolotl", "okapi", "pangolin"];

/// Answers what is asked for a passphrase: what is typed before the echo is off is thrown away.
fn answer(terminal: &mut Terminal, passphrase: &str) {
    terminal.expect("passphrase of '");
    std::thread::sleep(std::time::Duration::from_millis(500));
    terminal.press(passphrase);
}

fn write_secrets(sandbox: &Sandbox) -> String {
    sandbox.okr(["bet", "add", "Zebra rollout", "--slug", "quokka", "--period", "2026-Q4"]).success();
    let id = sandbox
        .okr(["add", "Moved the axolotl", "--bet", "quokka", "--adopter", "narwhal-team", "--note", "okapi"])
        .id();
    sandbox
        .okr([
            "bet",
            "check-in",
            "quokka",
            "--status",
            "on-track",
            "--confidence",
            "60",
            "--note",
            "okapi too",
        ])
        .success();
    sandbox.okr_with_editor(["edit", &id], "sed -i 's/axolotl/pangolin/' \"$1\"").success();
    id
}

#[test]
fn what_is_written_is_read_with_the_identity_and_lies_nowhere_in_plain() {
    let (sandbox, key) = Sandbox::with_sealed_journal();
    let id = write_secrets(&sandbox);
    assert!(sandbox.okr(["list"]).success().contains("pangolin"));
    assert!(sandbox.okr(["show", &id]).success().contains("narwhal-team"));
    assert!(sandbox.okr(["search", "okapi"]).success().contains("okapi"));
    assert!(sandbox.okr(["bet", "show", "quokka"]).success().contains("Zebra"));
    assert!(sandbox.okr(["status"]).success().contains("quokka"));
    assert!(sandbox.okr(["scorecard"]).success().contains("Zebra"));
    assert!(sandbox.okr(["log", &id]).success().contains("axolotl"), "history is read too");
    sandbox.okr(["undo"]).success();
    assert!(sandbox.okr(["list"]).success().contains("axolotl"));
    sandbox.okr(["remove", &id, "--why", "pangolin"]).success();
    sandbox.okr(["restore", &id]).success();
    assert!(sandbox.okr(["fsck"]).success().contains("nothing is wrong"));
    nowhere(&sandbox, &sandbox.journal(), &SECRETS);
    for path in sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr"]).lines() {
        let text = sandbox.git_journal(["show", &format!("okr:{path}")]);
        assert_eq!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), path != "journal.toml", "{path}");
    }
    let header = sandbox.git_journal(["show", "okr:journal.toml"]);
    assert!(header.contains("format = 2") && header.contains(&key), "{header}");
    let log = sandbox.git_journal(["log", "--format=%s", "okr"]);
    for subject in log.lines() {
        assert!(subject.split(' ').all(|word| word.len() <= 9), "verb, kind and id: {subject}");
    }
}

#[test]
fn many_records_are_not_kept_in_plain_for_speed() {
    let (sandbox, _) = Sandbox::with_sealed_journal();
    for _ in 0..50 {
        sandbox.okr(["add", "One more okapi"]).success();
    }
    assert_eq!(sandbox.okr(["list"]).success().matches("okapi").count(), 50);
    nowhere(&sandbox, &sandbox.journal(), &SECRETS);
}

#[test]
fn without_the_identity_writing_works_and_reading_says_what_is_missing() {
    let (sandbox, key) = Sandbox::with_sealed_journal();
    let id = write_secrets(&sandbox);
    let aside = sandbox.path("aside.txt");
    fs::rename(sandbox.usual_identity(), &aside).unwrap();
    sandbox.okr(["add", "Written blind"]).success();
    for verb in [
        &["list"][..],
        &["status"],
        &["scorecard"],
        &["show", &id],
        &["bet", "show", "quokka"],
        &["search", "Zebra"],
        &["edit", &id],
        &["bet", "list"],
        &["guide", "show"],
        &["guide", "edit"],
        &["key", "add", &key],
    ] {
        let output = sandbox.run(sandbox.command(crate::support::PROGRAM, &sandbox.path("work")).args(verb));
        let said = output.fails(1);
        assert!(said.contains("sealed") && said.contains("no identity here opens"), "{verb:?}: {said}");
        assert!(
            said.contains(
                "hint: say where the identity is that opens them: git config --global okr.identity <file>"
            ),
            "{verb:?}: {said}"
        );
    }
    let said = sandbox.okr(["fsck"]);
    assert!(said.stdout.contains("4 records sealed for others and not read, nothing is wrong"), "{said}");
    said.success();
    sandbox.okr(["log"]).success();
    // Another identity opens nothing either.
    sandbox.identity(&sandbox.usual_identity());
    assert!(sandbox.okr(["list"]).fails(1).contains("4 records are sealed"));
    // One that is named and cannot be read is told of.
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.identity", "/nowhere/at/all"]);
    assert!(sandbox.okr(["list"]).fails(1).contains("'/nowhere/at/all': No such file"));
    let aside = aside.display().to_string();
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "okr.identity", &aside]);
    assert!(sandbox.okr(["list"]).success().contains("Written blind"));
}

#[test]
fn a_journal_that_nobody_could_open_is_not_begun_unless_that_is_meant() {
    let sandbox = Sandbox::new();
    let key = sandbox.identity(&sandbox.path("elsewhere.txt"));
    let said = sandbox.okr(["init", "--encrypt", &key]).fails(1);
    assert!(said.contains("no identity here opens") && said.contains("--without-identity"), "{said}");
    assert!(!sandbox.journal().exists());
    let output = sandbox.okr(["init", "--encrypt", &key, "--without-identity"]);
    assert!(output.stderr.contains("without the identity nobody can read this journal again"), "{output}");
    output.success();
    sandbox.okr(["add", "Blind from the start"]).success();
    let said = sandbox.okr(["init", "--encrypt", &key]).fails(1);
    assert!(said.contains("there is a journal") && said.contains("git okr key add"), "{said}");
}

#[test]
fn what_is_no_public_key_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.identity(&sandbox.path("work/secret.txt"));
    fs::write(sandbox.path("work/empty.pub"), "# nothing\n").unwrap();
    fs::write(sandbox.path("work/binary.pub"), [0xff, 0xfe, 0x00]).unwrap();
    for (key, why) in [
        ("age1nonsense", "is neither an age recipient"),
        ("ssh-ed25519 AAAA", "is neither an age recipient"),
        ("ssh-dss AAAAB3NzaC1kc3MAAACB", "is neither an age recipient"),
        ("AGE-SECRET-KEY-1QQQQ", "that is a secret key"),
        ("age1yubikey1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "needs an age plugin"),
        ("secret.txt", "that is a secret key"),
        ("empty.pub", "holds no public key"),
        ("binary.pub", "is neither a public key nor a file"),
        ("missing.pub", "is neither a public key nor a file"),
        ("", "is neither a public key nor a file"),
        ("age1\u{1b}[m", "is neither an age recipient"),
    ] {
        let output = sandbox.okr(["init", "--encrypt", key]);
        assert!(!output.raw_stderr.contains(&0x1b), "{key:?}");
        let said = output.fails(2);
        assert!(said.contains(why), "{key:?}: {said}");
        assert!(!sandbox.journal().exists());
    }
}

#[test]
fn keys_are_added_and_removed() {
    let (sandbox, first) = Sandbox::with_sealed_journal();
    let id = write_secrets(&sandbox);
    let other = sandbox.path("other.txt");
    let second = sandbox.identity(&other);
    sandbox.okr(["key", "add", &second]).success();
    let listed = sandbox.okr(["key", "list", "--format", "json"]).success();
    assert!(listed.contains(&first) && listed.contains(&second), "{listed}");
    let with_other = |args: &[&str]| {
        let mut command = sandbox.command(crate::support::PROGRAM, &sandbox.path("work"));
        command.args(args).env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "okr.identity");
        sandbox.run(command.env("GIT_CONFIG_VALUE_0", &other))
    };
    assert!(with_other(&["show", &id]).success().contains("pangolin"), "what was there is sealed for it too");
    assert!(sandbox.okr(["key", "remove", "age1nobody"]).fails(1).contains("names no key"));
    assert!(sandbox.okr(["key", "remove", &first]).fails(1).contains("--without-identity"));
    assert!(sandbox.okr(["key", "remove", &first, &second]).fails(1).contains("at least one key"));
    let output = sandbox.okr(["key", "remove", &second]);
    assert!(output.stderr.contains("stays readable for the removed key"), "{output}");
    output.success();
    let newer = sandbox.okr(["add", "After the removal"]).id();
    assert!(with_other(&["show", &newer]).fails(1).contains("sealed"));
    assert!(with_other(&["list"]).fails(1).contains("sealed"));
    let then = sandbox.git_journal(["rev-parse", "okr~2"]);
    let past = with_other(&["list", "--as-of", &then]).success();
    assert!(past.contains("pangolin"), "what was written for it stays open to it");
    assert!(sandbox.okr(["list"]).success().contains("After the removal"));
    assert!(sandbox.okr(["fsck"]).success().contains("nothing is wrong"));
}

#[test]
fn a_plain_journal_is_sealed_from_then_on() {
    let sandbox = Sandbox::with_journal();
    for number in 0..50 {
        sandbox.okr(["add", &format!("Plain okapi {number}")]).success();
    }
    sandbox.okr(["list"]).success();
    let key = sandbox.identity(&sandbox.path("key.txt"));
    assert!(sandbox.okr(["key", "add", &key]).fails(1).contains("no identity here opens"));
    fs::create_dir_all(sandbox.usual_identity().parent().unwrap()).unwrap();
    fs::rename(sandbox.path("key.txt"), sandbox.usual_identity()).unwrap();
    let output = sandbox.okr(["key", "add", &key]);
    assert!(output.stderr.contains("what was written before stays in plain in the history"), "{output}");
    output.success();
    assert_eq!(sandbox.okr(["list"]).success().matches("okapi").count(), 50);
    let (now, then) = ("okr", "okr~1");
    let place = sandbox.git_journal(["ls-tree", "-r", "--name-only", "okr", "evidence"]);
    let place = place.lines().next().unwrap();
    assert!(sandbox.git_journal(["show", &format!("{now}:{place}")]).starts_with("-----BEGIN AGE"));
    assert!(sandbox.git_journal(["show", &format!("{then}:{place}")]).contains("okapi"));
    assert!(!sandbox.journal().join("okr/cache/records").exists(), "what was kept in plain is gone");
    let old = sandbox.okr(["list", "--as-of", &sandbox.git_journal(["rev-parse", then])]).success();
    assert_eq!(old.matches("okapi").count(), 50);
}

#[test]
fn a_header_that_names_others_stops_writing_until_somebody_agrees() {
    let (sandbox, key) = Sandbox::with_sealed_journal();
    sandbox.okr(["add", "Before"]).success();
    let header = sandbox.git_journal(["show", "okr:journal.toml"]);
    let thief = sandbox.identity(&sandbox.path("thief.txt"));
    let stops = |header: &str| {
        sandbox.plant_text("journal.toml", header);
        let tip = sandbox.git_journal(["rev-parse", "okr"]);
        for verb in [&["add", "Zebra"][..], &["key", "add", &key], &["key", "list"]] {
            let output =
                sandbox.run(sandbox.command(crate::support::PROGRAM, &sandbox.path("work")).args(verb));
            let said = output.fails(1);
            assert!(
                said.contains("other keys than you agreed to") && said.contains("git okr key trust"),
                "{said}"
            );
        }
        assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), tip);
        assert!(sandbox.okr(["list"]).success().contains("Before"), "reading works");
    };
    // In plain, for a thief beside me, for a thief alone.
    stops(&header[..header.find("[encryption]").unwrap()]);
    stops(&header.replace(&format!("\"{key}\""), &format!("\"{key}\", \"{thief}\"")));
    stops(&header.replace(&key, &thief));
    sandbox.okr(["key", "trust"]).success();
    sandbox.okr(["add", "For the other one"]).success();
    // What is no key at all cannot be agreed to.
    sandbox.plant_text("journal.toml", &header.replace(&key, "age1nonsense"));
    assert!(sandbox.okr(["key", "trust"]).fails(1).contains("age1nonsense"));
    sandbox.okr(["add", "Nor written for"]).fails(1);
}

#[test]
fn a_broken_seal_hides_one_record_and_is_named() {
    let (sandbox, _) = Sandbox::with_sealed_journal();
    let id = sandbox.okr(["add", "The broken one"]).id();
    sandbox.okr(["add", "The sound one"]).success();
    let place = sandbox.place_of(&id);
    let whole = sandbox.text_of(&id) + "\n";
    let lines: Vec<&str> = whole.lines().collect();
    let turned = |line: usize| {
        let letter = lines[line].chars().next().unwrap();
        let other = if letter == 'A' { "B" } else { "A" };
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        lines[line].replace_range(..1, other);
        lines.join("\n") + "\n"
    };
    let mut broken: Vec<String> = (1..lines.len() - 1).map(turned).collect();
    broken.extend((1..lines.len()).map(|line| lines[..line].join("\n") + "\n"));
    broken.push(lines[0].to_owned());
    broken.push(whole.replace(lines[1], "!!!!"));
    for text in broken {
        sandbox.plant_text(&place, &text);
        let list = sandbox.okr(["list"]);
        assert!(
            list.stdout.contains("The sound one") && !list.stdout.contains("The broken one"),
            "{list}\n{text}"
        );
        let fsck = sandbox.okr(["fsck"]);
        assert!(fsck.code == Some(1) && fsck.stdout.contains(&place[..10]), "{fsck}\n{text}");
    }
    sandbox.plant_text(&place, &whole);
    assert!(sandbox.okr(["fsck"]).success().contains("nothing is wrong"));
}

/// An age file for some recipients, in armor.
fn sealed<'a>(recipients: impl Iterator<Item = &'a dyn age::Recipient>, text: &[u8]) -> String {
    let armor = age::armor::ArmoredWriter::wrap_output(Vec::new(), age::armor::Format::AsciiArmor).unwrap();
    let mut writer = age::Encryptor::with_recipients(recipients).unwrap().wrap_output(armor).unwrap();
    writer.write_all(text).unwrap();
    String::from_utf8(writer.finish().unwrap().finish().unwrap()).unwrap()
}

#[test]
fn hostile_age_files_cost_little_and_harm_nothing() {
    let (sandbox, key) = Sandbox::with_sealed_journal();
    let id = sandbox.okr(["add", "The victim"]).id();
    sandbox.okr(["add", "The sound one"]).success();
    let place = sandbox.place_of(&id);
    let key: age::x25519::Recipient = key.parse().unwrap();
    let stranger = age::x25519::Identity::generate().to_public();
    let mut costly = age::scrypt::Recipient::new(SecretString::from("secret"));
    costly.set_work_factor(18);
    let many = iter::repeat_n(&stranger as &dyn age::Recipient, 1500);
    for (text, why) in [
        (sealed(many, b"x"), "it is for too many keys"),
        (sealed(iter::once(&costly as _), b"x"), "it is for a passphrase"),
        (sealed(iter::once(&stranger as _), b"x"), "it is sealed, and no identity here opens it"),
        (sealed(iter::once(&key as _), &vec![b'#'; 300_000]), "too large"),
        (sealed(iter::once(&key as _), &[0xff, 0xfe]), "it is not UTF-8"),
        (sealed(iter::once(&key as _), sealed(iter::once(&key as _), b"id = 1").as_bytes()), "BEGIN"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\n".repeat(7000), "its seal is broken"),
    ] {
        sandbox.plant_text(&place, &text);
        let begun = std::time::Instant::now();
        let list = sandbox.okr(["list"]);
        assert!(list.stdout.contains("The sound one"), "{why}: {list}");
        assert!(begun.elapsed().as_secs() < 5, "{why}: {:?}", begun.elapsed());
        let fsck = sandbox.okr(["fsck"]);
        assert!(fsck.code == Some(1), "{why}: {fsck}");
        let told = fsck.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(why) || why == "BEGIN", "{why}: {fsck}");
    }
}

#[test]
fn ssh_keys_open_it_too() {
    let sandbox = Sandbox::new();
    let Some(key) = sandbox.ssh_key("key", "") else { return };
    let public = key.with_extension("pub").display().to_string();
    fs::create_dir_all(sandbox.path("home/.ssh")).unwrap();
    fs::copy(&key, sandbox.path("home/.ssh/id_ed25519")).unwrap();
    sandbox.okr(["init", "--encrypt", &public]).success();
    sandbox.okr(["add", "Moved the axolotl"]).success();
    assert!(sandbox.okr(["list"]).success().contains("axolotl"));
    nowhere(&sandbox, &sandbox.journal(), &["axolotl", "secret-host"]);
    fs::remove_file(sandbox.path("home/.ssh/id_ed25519")).unwrap();
    sandbox.okr(["list"]).fails(1);
}

#[test]
fn a_passphrase_is_asked_for_once_and_only_on_a_terminal() {
    let sandbox = Sandbox::new();
    let Some(key) = sandbox.ssh_key("key", "hush") else { return };
    let public = key.with_extension("pub").display().to_string();
    let work = sandbox.path("work");
    sandbox.git_in(&work, &["config", "--global", "okr.identity", &key.display().to_string()]);
    assert!(sandbox.okr(["init", "--encrypt", &public]).fails(1).contains("no identity here opens"));
    let mut terminal = sandbox.terminal(&work, ["init", "--encrypt", &public]);
    answer(&mut terminal, "hush\n");
    terminal.expect("seal the journal?").press("y");
    let (status, shown) = terminal.end();
    assert!(status.success() && !shown.contains("hush"), "{shown}");
    sandbox.okr(["add", "Moved the axolotl"]).success();
    sandbox.okr(["add", "Moved the okapi"]).success();
    sandbox.okr(["list"]).fails(1);
    let mut terminal = sandbox.terminal(&work, ["list"]);
    answer(&mut terminal, "hush\n");
    let (status, shown) = terminal.end();
    assert!(status.success() && shown.contains("axolotl") && shown.contains("okapi"), "{shown}");
    assert_eq!(shown.matches("passphrase of").count(), 1, "{shown}");
    let mut terminal = sandbox.terminal(&work, ["list"]);
    answer(&mut terminal, "wrong\n");
    let (status, shown) = terminal.end();
    assert!(!status.success() && shown.contains("2 records are sealed"), "{shown}");
    assert_eq!(shown.matches("passphrase of").count(), 1, "{shown}");
}

#[test]
fn an_identity_file_may_have_a_passphrase() {
    let sandbox = Sandbox::new();
    let public = sandbox.identity(&sandbox.path("key.txt"));
    let mut guard = age::scrypt::Recipient::new(SecretString::from("hush"));
    guard.set_work_factor(2);
    let guarded = sealed(iter::once(&guard as _), &fs::read(sandbox.path("key.txt")).unwrap());
    fs::create_dir_all(sandbox.usual_identity().parent().unwrap()).unwrap();
    fs::write(sandbox.usual_identity(), guarded).unwrap();
    sandbox.okr(["init", "--encrypt", &public, "--without-identity"]).success();
    sandbox.okr(["add", "Moved the axolotl"]).success();
    sandbox.okr(["list"]).fails(1);
    for (passphrase, opens) in [("hush\n", true), ("wrong\n", false), ("\n", false)] {
        let mut terminal = sandbox.terminal(&sandbox.path("work"), ["list"]);
        answer(&mut terminal, passphrase);
        let (status, shown) = terminal.end();
        assert_eq!((status.success(), shown.contains("axolotl")), (opens, opens), "{shown}");
        assert_eq!(shown.matches("passphrase of").count(), 1, "{shown}");
    }
}

#[test]
fn a_hook_stays_silent_and_asks_nobody() {
    let sandbox = Sandbox::new();
    let Some(key) = sandbox.ssh_key("key", "hush") else { return };
    let public = key.with_extension("pub").display().to_string();
    let work = sandbox.path("work");
    sandbox.git_in(&work, &["config", "--global", "okr.identity", &key.display().to_string()]);
    sandbox.okr(["init", "--encrypt", &public, "--without-identity"]).success();
    sandbox.okr(["add", "Moved the axolotl"]).success();
    let repo = sandbox.repo("code");
    sandbox.okr_in(&repo.dir, ["hooks", "install"]).success();
    fs::write(repo.dir.join("fast.rs"), "fn fast() {}\n".repeat(50)).unwrap();
    let mut command = sandbox.command("sh", &repo.dir);
    command.args([
        "-c",
        "git add . && git commit -m 'perf: cut the p99 of the queue from 900ms to 80ms for 4 teams'",
    ]);
    let (status, shown) = Terminal::start(command).end();
    assert!(status.success() && !shown.contains("passphrase") && !shown.contains("error"), "{shown}");
    assert!(shown.contains("1 file changed"), "{shown}");
}
