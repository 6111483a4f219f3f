//! Signed journals: `commit.gpgsign` is honoured, and a signature that cannot be made records nothing.

use crate::support::Sandbox;

/// What git asks of a signing program: a signature on stdout, and the word that it was made on the status stream.
const SIGNS: &str = "cat >/dev/null\n\
    printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nwitness\\n-----END PGP SIGNATURE-----\\n'\n\
    printf '\\n[GNUPG:] SIG_CREATED ' >&2";

fn signing(script: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let program = sandbox.path("bin/sign");
    sandbox.script(&program, script);
    let work = sandbox.path("work");
    for (key, value) in [("commit.gpgsign", "true"), ("gpg.program", program.to_str().unwrap())] {
        sandbox.git_in(&work, &["config", "--global", key, value]);
    }
    sandbox
}

#[test]
fn every_commit_of_a_signed_journal_is_signed() {
    let sandbox = signing(SIGNS);
    sandbox.okr(["init"]).success();
    sandbox.okr(["add", "Witnessed"]).success();
    sandbox.okr(["bet", "add", "One queue"]).success();
    let commits = sandbox.git_journal(["rev-list", "okr"]);
    assert_eq!(commits.lines().count(), 3);
    for commit in commits.lines() {
        let text = sandbox.git_journal(["cat-file", "commit", commit]);
        assert!(text.contains("\ngpgsig -----BEGIN PGP SIGNATURE-----"), "{text}");
        assert!(text.contains("witness"), "{text}");
    }
    sandbox.okr(["fsck"]).success();
    assert!(sandbox.okr(["list"]).success().contains("Witnessed"));
}

#[test]
fn a_signature_that_cannot_be_made_records_nothing_and_keeps_the_text() {
    let sandbox = signing(SIGNS);
    sandbox.okr(["init"]).success();
    let before = sandbox.git_journal(["rev-parse", "okr"]);
    sandbox.script(&sandbox.path("bin/sign"), "cat >/dev/null; echo 'no key' >&2; exit 2");
    let failed = sandbox.okr(["add", "Not witnessed"]).fails(1);
    assert!(failed.contains("sign") && failed.contains("is kept in"), "{failed}");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr"]), before);
    sandbox.git_in(&sandbox.path("work"), &["config", "--global", "commit.gpgsign", "false"]);
    sandbox.okr(["add", "Not witnessed"]).success();
}
