//! Repositories of every format: as the place of a journal, and as the code beside it.

use crate::support::{Repo, Sandbox};

/// How a repository is made at `shop`, and what `git okr init --here` says of it; nothing when it works.
const FORMATS: [(&str, &str, Option<&str>); 11] = [
    ("plain", "git init -q shop", None),
    ("reftable", "git init -q --ref-format=reftable shop", Some("it keeps its refs in the reftable format")),
    ("SHA-256", "git init -q --object-format=sha256 shop", Some("it names its objects by SHA-256")),
    ("worktreeConfig", "git init -q shop; git -C shop config extensions.worktreeConfig true", None),
    (
        "worktreeConfig, format 1",
        "git init -q shop; git -C shop config core.repositoryFormatVersion 1; git -C shop config extensions.worktreeConfig true",
        None,
    ),
    (
        "preciousObjects",
        "git init -q shop; git -C shop config core.repositoryFormatVersion 1; git -C shop config extensions.preciousObjects true",
        None,
    ),
    (
        "an old partial clone",
        "git init -q shop; git -C shop config core.repositoryFormatVersion 1; git -C shop config extensions.partialClone origin",
        Some("it is a partial clone in an old format"),
    ),
    ("a partial clone", "make origin; git clone -q --filter=blob:none \"file://$PWD/origin\" shop", None),
    ("a shallow clone", "make origin; git clone -q --depth=1 \"file://$PWD/origin\" shop", None),
    ("a shared clone", "make origin; git clone -q --shared origin shop", None),
    ("split index", "git init -q shop; git -C shop config core.splitIndex true", None),
];

/// Makes a repository of a format, with a commit of one's own.
fn repo<'s>(sandbox: &'s Sandbox, how: &str) -> Repo<'s> {
    let make = "make() { git init -q \"$1\"; git -C \"$1\" config uploadpack.allowFilter true; \
                for n in 1 2 3; do echo $n >\"$1/f\"; git -C \"$1\" add f; git -C \"$1\" commit -qm \"feat: $n\"; done; }";
    let made = sandbox.sh(&sandbox.path("work"), &format!("{make}; {how}"));
    assert_eq!(made.code, Some(0), "{how}: {made}");
    let repo = Repo { sandbox, dir: sandbox.path("work/shop") };
    repo.commit("src/queue.rs", "feat(queue): one queue for every team (#12)\n\nOkr-Evidence: yes");
    repo
}

#[test]
fn a_journal_lives_in_a_repository_of_a_supported_format_or_says_which_format_is_not() {
    for (format, how, refused) in FORMATS {
        let sandbox = Sandbox::new();
        let repo = repo(&sandbox, how);
        let said = repo.okr(["init", "--here"]);
        if let Some(words) = refused {
            let said = said.fails(1);
            assert!(
                said.contains(words) && said.contains("hint: keep a private journal instead: git okr init"),
                "{format}: {said}"
            );
            assert!(!repo.git(["for-each-ref"]).contains("okr"), "{format}: nothing was made");
            repo.okr(["hook", "post-commit"]).silent();
            continue;
        }
        assert_eq!(said.code, Some(0), "{format}: {said}");
        let id = repo.okr(["add", "Kept here"]).id();
        assert!(repo.okr(["show", &id]).success().contains("Kept here"), "{format}");
        repo.okr(["hook", "post-commit"]).silent();
        repo.okr(["fsck"]).success();
        repo.git(["log", "-1", "okr"]);
        repo.commit("src/queue.rs", "fix: beside the journal");
    }
}

#[test]
fn code_of_every_format_is_harvested_into_a_private_journal() {
    for (format, how, _) in FORMATS {
        let sandbox = Sandbox::with_journal();
        let repo = repo(&sandbox, how);
        repo.okr(["hook", "post-commit"]).silent();
        repo.okr(["harvest"]).success();
        let accepted = repo.okr(["inbox", "accept", "--everything"]);
        assert_eq!(accepted.code, Some(0), "{format}: {accepted}");
        assert!(repo.okr(["list"]).success().contains("One queue for every team"), "{format}");
        let head = repo.git(["rev-parse", "HEAD"]);
        let id = repo.okr(["add", "By hand", "--artifact", &head]).id();
        let text = sandbox.text_of(&id);
        assert!(text.contains("type = \"commit\"") && text.contains(&head), "{format}: {text}");
        repo.okr(["fsck"]).success();
    }
}

/// What git itself does not open is no repository for us either: nothing fails over it, and no commit waits.
#[test]
fn a_format_of_the_future_is_named_and_the_hook_is_silent() {
    for extension in ["submodulePathConfig", "somethingNew"] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        repo.git(["config", "core.repositoryFormatVersion", "1"]);
        repo.git(["config", &format!("extensions.{extension}"), "true"]);
        repo.okr(["hook", "post-commit"]).silent();
        let said = repo.okr(["init", "--here"]).fails(1);
        assert!(said.to_lowercase().contains(&extension.to_lowercase()), "{said}");
        let said = repo.okr(["harvest"]).fails(1);
        assert!(said.to_lowercase().contains(&extension.to_lowercase()), "{said}");
    }
}
