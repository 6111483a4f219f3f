//! `git okr harvest`: commits into suggestions, once.

use insta::assert_snapshot;

use crate::support::{self, Repo, Sandbox};

/// A repository with a remote and three commits of mine, one of somebody else.
fn shop(sandbox: &Sandbox) -> Repo<'_> {
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@github.com:acme/shop.git"]);
    repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)");
    repo.commit("src/retry.rs", "fix(retry): stop the retry storm\n\nOkr-Evidence: yes");
    repo.git([
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.com",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "feat: of Ada",
    ]);
    repo.commit("README.md", "docs: typo");
    repo
}

/// What waits, as JSON.
fn waiting(repo: &Repo<'_>) -> Vec<serde_json::Value> {
    repo.okr(["inbox", "--list", "--all", "--format", "json"]).list()
}

fn titles(repo: &Repo<'_>) -> Vec<String> {
    support::titles(&waiting(repo))
}

#[test]
fn finds_my_commits_once() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    assert_snapshot!(repo.okr(["harvest"]), @"
    read 5 commits of github.com/acme/shop, 4 of them yours: 2 new suggestions, 2 waiting
    ------- stderr -------
    hint: decide on them: git okr inbox
    hint: read from 2026-07-01 on; everything: git okr harvest --all
    ");
    assert_snapshot!(repo.okr(["harvest"]), @"
    read 0 commits of github.com/acme/shop: 0 new suggestions, 2 waiting
    ------- stderr -------
    hint: decide on them: git okr inbox
    ");
    assert_snapshot!(repo.okr(["inbox", "--list"]), @"
    id    day         score  kind         repository  title
    <ID1>  2026-11-02   11.0  reliability  shop        Stop the retry storm
    <ID2>  2026-11-02    5.0  launch       shop        One queue for every team

    2 suggestions · 1 below the threshold: git okr inbox --all
    ");
    assert!(!titles(&repo).iter().any(|title| title.contains("of Ada")));
    repo.commit("src/more.rs", "feat: one more");
    assert!(repo.okr(["harvest"]).success().contains("read 1 commit"));
}

#[test]
fn references_become_links_of_the_remote() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    repo.commit("src/a.rs", "feat: see GH-34 and https://github.com/acme/other/pull/56");
    repo.git(["switch", "--quiet", "-c", "topic"]);
    repo.commit("src/b.rs", "feat: on a topic");
    repo.git(["switch", "--quiet", "main"]);
    repo.git([
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #78 from acme/topic\n\nThe topic",
        "topic",
    ]);
    repo.okr(["harvest"]).success();
    let json = serde_json::to_string(&waiting(&repo)).unwrap();
    for link in
        ["github.com/acme/shop/pull/12", "github.com/acme/other/pull/56", "github.com/acme/shop/pull/78"]
    {
        assert!(json.contains(link), "{link}: {json}");
    }
    assert!(json.contains("34"), "{json}");
}

#[test]
fn authors_go_through_mailmap_and_other_addresses_of_mine_count() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let old = "user.email=mina@old.example";
    std::fs::write(repo.dir.join("a"), "a\n").unwrap();
    repo.git(["add", "a"]);
    repo.git(["-c", old, "commit", "--quiet", "-m", "feat: from my old address"]);
    repo.okr(["harvest", "--all"]).success();
    assert!(!titles(&repo).iter().any(|title| title.contains("old address")));
    std::fs::write(repo.dir.join(".mailmap"), "Mina Park <mina@example.com> <mina@old.example>\n").unwrap();
    repo.git(["add", ".mailmap"]);
    repo.git(["commit", "--quiet", "-m", "chore: mailmap"]);
    repo.okr(["harvest", "--all"]).success();
    assert!(titles(&repo).iter().any(|title| title.contains("old address")));

    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.git(["-c", old, "commit", "--quiet", "--allow-empty", "-m", "feat: from my old address"]);
    sandbox.git_in(&repo.dir, &["config", "--global", "--add", "okr.me", "mina@old.example"]);
    repo.okr(["harvest"]).success();
    assert!(titles(&repo).iter().any(|title| title.contains("old address")));
}

#[test]
fn a_range_or_days_limit_what_is_read() {
    let sandbox = Sandbox::with_journal();
    sandbox.at("2026-10-05");
    let repo = sandbox.repo("shop");
    repo.commit("a.rs", "feat: early");
    repo.git(["tag", "v1"]);
    sandbox.at("2026-10-20");
    repo.commit("b.rs", "feat: late");
    assert!(repo.okr(["harvest", "v1..HEAD"]).success().contains("read 1 commit"));
    assert_eq!(titles(&repo).len(), 3, "a look at the inbox reads the rest: {:?}", titles(&repo));
    for (args, count) in [
        (["--since", "2026-10-10"], "read 1 commit"),
        (["--until", "2026-10-10"], "read 2 commits"),
        (["--since", "2026-10-05"], "read 3 commits"),
        (["--until", "2026-10-04"], "read 0 commits"),
    ] {
        let said = repo.okr(["harvest", args[0], args[1]]).success();
        assert!(said.contains(count), "{args:?}: {said}");
    }
    assert!(repo.okr(["harvest", "--author", "nobody"]).success().contains("read 0 commits"));
    repo.okr(["harvest", "nonesuch..HEAD"]).fails(1);
    let said = repo.okr(["harvest", "--output=/tmp/x"]);
    assert_eq!(said.code, Some(2), "no option reaches git: {said}");
}

#[test]
fn old_history_is_read_when_it_is_asked_for() {
    let sandbox = Sandbox::with_journal();
    sandbox.at("2024-01-05");
    let repo = sandbox.repo("shop");
    repo.commit("a.rs", "feat: long ago");
    sandbox.at("2026-11-05");
    assert!(repo.okr(["harvest"]).success().contains("read 0 commits"));
    assert!(repo.okr(["harvest", "--all"]).success().contains("read 2 commits"));
}

#[test]
fn trailers_name_their_bet() {
    let sandbox = Sandbox::with_journal();
    sandbox.okr(["bet", "add", "One queue", "--slug", "one-queue"]).success();
    let repo = shop(&sandbox);
    repo.commit("x.rs", "chore: tiny\n\nOkr-Bet: one-queue");
    repo.okr(["harvest"]).success();
    let all = waiting(&repo);
    let tiny = all.iter().find(|one| one["title"].as_str().unwrap().contains("Tiny")).expect("it waits");
    assert_eq!(tiny["asked"], true);
    assert_eq!(tiny["bets"].as_array().unwrap().len(), 1);
    let storm = all.iter().find(|one| one["title"].as_str().unwrap().contains("storm")).expect("it waits");
    assert_eq!(storm["asked"], true);
}

#[test]
fn odd_commits_do_not_stop_it() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let (tree, parent) = (repo.git(["rev-parse", "HEAD^{tree}"]), repo.git(["rev-parse", "HEAD"]));
    let head = format!("tree {tree}\nparent {parent}\n");
    let who = b"Mina \xff\x1b[31m Park <mina@example.com> 1793700000 +0000\n".as_slice();
    let odd =
        [head.as_bytes(), b"author ", who, b"committer ", who, b"\nfeat: \xfe\x1b]0;title\x07 odd (#9)\n"]
            .concat();
    std::fs::write(repo.dir.join("../odd"), odd).unwrap();
    let commit = repo.git(["hash-object", "-t", "commit", "-w", "--literally", "../odd"]);
    repo.git(["reset", "--quiet", "--hard", &commit]);
    repo.commit("b.rs", "feat: after the odd one");
    repo.okr(["harvest", "--all"]).success();
    let inbox = repo.okr(["inbox", "--list", "--all"]);
    assert!(!inbox.raw.contains(&0x1b) && !inbox.raw.contains(&0x07), "{inbox}");
    let text = inbox.success();
    assert!(text.contains("After the odd one") && text.contains("title\\u{7} odd"), "{text}");
    repo.okr(["inbox", "accept", "--everything"]).success();
    repo.okr(["fsck"]).success();
}

/// Commits of Ada, each with a trailer.
fn credited(repo: &Repo<'_>, numbers: std::ops::Range<usize>, trailer: &str) {
    for number in numbers {
        std::fs::create_dir_all(repo.dir.join("src/parser")).unwrap();
        std::fs::write(repo.dir.join(format!("src/parser/{number}.rs")), "x\n").unwrap();
        repo.git(["add", "src"]);
        let message = format!("feat: part {number}\n\n{trailer}");
        repo.git([
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "commit",
            "--quiet",
            "-m",
            &message,
        ]);
    }
}

#[test]
fn what_others_credit_me_for_is_gathered() {
    let sandbox = Sandbox::with_journal();
    let repo = shop(&sandbox);
    credited(&repo, 0..3, "Reviewed-by: Mina Park <mina@example.com>");
    repo.okr(["harvest"]).success();
    let reviewed = |repo: &Repo<'_>| {
        titles(repo).into_iter().filter(|one| one.starts_with("Reviewed")).collect::<Vec<_>>()
    };
    assert_eq!(reviewed(&repo), ["Reviewed 3 changes of Ada in parser/ in November 2026"]);
    // It grows in place.
    credited(&repo, 3..5, "Reviewed-by: Mina Park <mina@example.com>");
    assert!(repo.okr(["harvest"]).success().contains("0 new"), "it is no new one");
    assert_eq!(reviewed(&repo), ["Reviewed 5 changes of Ada in parser/ in November 2026"]);
    let id = waiting(&repo)
        .into_iter()
        .find(|one| one["title"].as_str().unwrap().starts_with("Reviewed"))
        .unwrap();
    repo.okr(["inbox", "accept", id["id"].as_str().unwrap()]).success();
    repo.okr(["harvest", "--all"]).success();
    assert_eq!(reviewed(&repo), [""; 0]);
    // It comes back when the month gains enough.
    credited(&repo, 5..7, "Reviewed-by: Mina Park <mina@example.com>");
    repo.okr(["harvest"]).success();
    assert_eq!(reviewed(&repo), [""; 0]);
    credited(&repo, 7..8, "Reviewed-by: Mina Park <mina@example.com>");
    repo.okr(["harvest"]).success();
    assert_eq!(reviewed(&repo), ["Reviewed 3 more changes of Ada in parser/ in November 2026"]);
}

#[test]
fn credits_know_old_addresses_and_accounts() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    std::fs::write(repo.dir.join(".mailmap"), "Mina Park <mina@example.com> <mina@old.example>\n").unwrap();
    repo.git(["add", ".mailmap"]);
    repo.git(["commit", "--quiet", "-m", "chore: mailmap"]);
    sandbox.git_in(&repo.dir, &["config", "--global", "okr.login", "mina-p"]);
    credited(&repo, 0..2, "Tested-by: Mina <mina@old.example>");
    credited(&repo, 2..4, "Approved-by: mina-p");
    credited(&repo, 4..6, "Suggested-by: mina@example.com");
    credited(&repo, 6..8, "Helped-by: MINA@old.example");
    repo.okr(["harvest"]).success();
    let found = titles(&repo);
    for title in ["Tested", "Reviewed", "Suggested", "Helped with"]
        .map(|role| format!("{role} 2 changes of Ada in November 2026"))
    {
        assert!(found.contains(&title), "{found:?}");
    }
}

#[test]
fn forges_trackers_and_keys_can_be_told() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.git(["remote", "add", "origin", "git@code.acme.example:infra/shop.git"]);
    repo.git(["config", "okr.forge.code.acme.example.kind", "gitlab"]);
    repo.git(["config", "okr.tracker.SHOP", "https://acme.example/browse/{key}"]);
    repo.commit("a", "feat: SHOP-12 one queue\n\nSee merge request infra/shop!7");
    repo.okr(["harvest"]).success();
    let json = serde_json::to_string(&waiting(&repo)).unwrap();
    for link in
        ["https://code.acme.example/infra/shop/-/merge_requests/7", "https://acme.example/browse/SHOP-12"]
    {
        assert!(json.contains(link), "{link}: {json}");
    }
    repo.git(["config", "okr.forge.code.acme.example.kind", "sourceforge"]);
    let answer = repo.okr(["harvest"]);
    assert!(format!("{answer:?}").contains("is no forge"), "{answer:?}");
}

#[test]
fn bad_input_is_said_and_carried_past() {
    let sandbox = Sandbox::with_journal();
    let origin = sandbox.repo("shop");
    for number in 0..3 {
        origin.commit("src/a.rs", &format!("feat: part {number}"));
    }
    origin.git([
        "commit",
        "--quiet",
        "--allow-empty",
        "--date=2090-01-01T00:00:00Z",
        "-m",
        "feat: from the future",
    ]);
    origin.git([
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "odd\n\nReviewed-by\nReviewed-by: <\n: x\nCo-authored-by: >><",
    ]);
    let url = format!("file://{}", origin.dir.display());
    origin.git(["clone", "--quiet", "--depth=3", &url, "../shallow"]);
    let shallow = Repo { sandbox: &sandbox, dir: origin.dir.with_file_name("shallow") };
    let answer = shallow.okr(["harvest", "--all"]);
    assert!(format!("{answer:?}").contains("this clone is shallow"), "{answer:?}");
    answer.success();
    let future = waiting(&shallow).into_iter().find(|one| one["title"] == "From the future").unwrap();
    assert!(future["happened"].as_str().unwrap().starts_with("2026-11-"), "{future}");
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    origin.git(["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "../partial"]);
    let partial = Repo { sandbox: &sandbox, dir: origin.dir.with_file_name("partial") };
    let answer = partial.okr(["harvest", "--all"]);
    assert!(format!("{answer:?}").contains("are not counted: this clone lacks files"), "{answer:?}");
}

#[test]
fn lines_that_nobody_wrote_are_no_production_code() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let lines = |sign: &str| (0..400).map(|n| format!("{sign}line({n});\n")).collect::<String>();
    let write = |path: &str, text: String, message: &str| {
        std::fs::create_dir_all(repo.dir.join(path).parent().unwrap()).unwrap();
        std::fs::write(repo.dir.join(path), text).unwrap();
        repo.git(["add", "--all"]);
        repo.git(["commit", "--quiet", "-m", message]);
    };
    write("src/queue.rs", lines(""), "Written by me");
    repo.git(["mv", "src/queue.rs", "src/moved.rs"]);
    repo.git(["commit", "--quiet", "-m", "Moved"]);
    write("src/moved.rs", lines("    "), "Indented");
    write("src/api.rs", format!("// @generated\n{}", lines("")), "By a program");
    write("src/tables.rs", lines(""), "Called generated");
    write("lib/zlib.c", lines(""), "Called vendored");
    write(
        ".gitattributes",
        "src/tables.rs linguist-generated\nlib/* linguist-vendored\n".to_owned(),
        "Names",
    );
    repo.okr(["harvest"]).success();
    let mut told: Vec<(String, Vec<String>)> = waiting(&repo)
        .iter()
        .map(|one| {
            let signals = one["signals"].as_array().unwrap().iter();
            let names = signals.map(|signal| signal["why"].as_str().unwrap().to_owned());
            let code = names.filter(|why| why.contains("production code")).collect();
            (one["title"].as_str().unwrap().to_owned(), code)
        })
        .collect();
    told.sort();
    let none = || vec!["no production code".to_owned()];
    let own = vec!["400 lines of production code".to_owned()];
    let expected = [
        ("Begin", none()),
        ("By a program", none()),
        ("Called generated", none()),
        ("Called vendored", none()),
        ("Indented", none()),
        ("Moved", none()),
        ("Names", none()),
        ("Written by me", own),
    ];
    assert_eq!(told, expected.map(|(title, code)| (title.to_owned(), code)));
}

#[test]
fn the_guide_says_who_is_a_program() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    for path in ["src/a.rs", "src/b.rs"] {
        let message = format!("feat: add {path}\n\nReviewed-by: Mina <mina@example.com>");
        repo.commit(path, &message);
        repo.git(["commit", "--quiet", "--amend", "--no-edit", "--author=deployer <deployer@acme.test>"]);
    }
    let found = || {
        repo.okr(["harvest", "--all"]).success();
        titles(&repo).iter().any(|title| title.starts_with("Reviewed 2 changes of deployer"))
    };
    let script = "sed -i '/^names = \\[/,/^\\]/c names = [\"deploy*\"]' \"$1\"";
    sandbox.okr_with_editor(["guide", "edit"], script).success();
    assert!(sandbox.okr(["guide", "show"]).success().contains("deploy*"));
    assert!(!found(), "what programs wrote is no credit");
    sandbox.okr(["undo"]).success();
    assert!(found(), "the built-in list does not know it");
}

#[test]
fn what_a_shallow_clone_gets_later_is_read() {
    let sandbox = Sandbox::with_journal();
    let origin = sandbox.repo("origin");
    for letter in ["a", "b", "c", "d"] {
        origin.commit(&format!("{letter}.rs"), &format!("feat: the {letter} of it"));
    }
    let url = format!("file://{}", origin.dir.display());
    origin.git(["clone", "--quiet", "--depth=2", &url, "../shallow"]);
    let shallow = Repo { sandbox: &sandbox, dir: origin.dir.with_file_name("shallow") };
    assert_eq!(titles(&shallow), ["The c of it", "The d of it"]);
    shallow.git(["fetch", "--quiet", "--deepen=1"]);
    assert_eq!(titles(&shallow), ["The b of it", "The c of it", "The d of it"]);
    shallow.git(["fetch", "--quiet", "--unshallow"]);
    assert_eq!(titles(&shallow).len(), 5);
    assert!(shallow.okr(["harvest"]).success().contains("read 0 commits"));
}

#[test]
fn a_commit_that_is_missing_is_named_and_what_lies_behind_it_is_read_when_it_is_back() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.commit("a.rs", "feat: the a of it");
    let hole = repo.commit("b.rs", "feat: the b of it");
    repo.commit("c.rs", "feat: the c of it");
    repo.commit("d.rs", "feat: the d of it");
    let object = repo.dir.join(".git/objects").join(&hole[..2]).join(&hole[2..]);
    let aside = repo.dir.with_file_name("aside");
    std::fs::rename(&object, &aside).unwrap();
    for _ in 0..2 {
        let answer = repo.okr(["harvest"]);
        assert!(format!("{answer:?}").contains(&hole), "{answer:?}");
        answer.success();
    }
    assert_eq!(titles(&repo), ["The d of it"]);
    std::fs::rename(&aside, &object).unwrap();
    assert_eq!(titles(&repo).len(), 5);
    assert!(repo.okr(["harvest"]).success().contains("read 0 commits"));
}

#[test]
fn quiet_says_nothing_of_what_was_done() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    repo.commit("a.rs", "feat: the a of it");
    repo.okr(["harvest", "-q"]).silent();
    assert!(repo.okr(["harvest", "-q", "--format", "json"]).success().contains("\"commits\""));
}
