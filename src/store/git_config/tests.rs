//! Tests of reading git's configuration and identity.

use crate::store::git_config::{ConfigError, GitConfig};
use crate::store::sandbox::Sandbox;

#[test]
fn values_come_with_their_scope() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    git.run(&["config", "--global", "okr.Journal", "/global"]);
    git.run(&["config", "okr.journal", "/local\nline"]);
    git.run(&["config", "--add", "remote.Up.Stream.url", "one"]);
    git.run(&["config", "--add", "remote.Up.Stream.url", "two"]);
    let git = git.with_env("GIT_CONFIG_COUNT", "1").with_env("GIT_CONFIG_KEY_0", "okr.journal");
    let git = git.with_env("GIT_CONFIG_VALUE_0", "/run");
    let config = GitConfig::read(git).unwrap();
    assert_eq!(config.get("OKR.journal"), Some("/run"));
    assert_eq!(config.local("okr.journal"), Some("/local\nline"));
    assert_eq!(config.global("okr.journal"), Some("/global"));
    assert_eq!(config.all("okr.journal"), ["/global", "/local\nline", "/run"]);
    assert_eq!(config.all("Remote.Up.Stream.URL"), ["one", "two"]);
    assert_eq!(config.get("remote.up.stream.url"), None);
    assert_eq!(config.subsections("remote", "url"), ["Up.Stream"]);
    assert_eq!(config.get("okr"), None);
}

#[test]
fn truth_follows_git() {
    let sandbox = Sandbox::new();
    let git = sandbox.repo("code");
    let words =
        [("yes", true), ("On", true), ("1", true), ("-2k", true), ("no", false), ("", false), ("0", false)];
    for (word, truth) in words {
        git.run(&["config", "okr.hint", word]);
        assert_eq!(
            GitConfig::read(git.clone()).unwrap().get_bool("okr.hint").unwrap(),
            Some(truth),
            "{word:?}"
        );
        assert_eq!(git.run(&["config", "--bool", "okr.hint"]), truth.to_string());
        assert_eq!(GitConfig::read(git.clone()).unwrap().is_set_locally("okr.hint"), truth, "{word:?}");
    }
    std::fs::write(sandbox.path("home/.gitconfig"), "[okr]\n\thook\n\thint = maybe\n").unwrap();
    let config = GitConfig::read(sandbox.git("")).unwrap();
    assert_eq!(config.get_bool("okr.hook").unwrap(), Some(true));
    assert!(!config.is_set_locally("okr.hook"), "the person's own file is no repository's");
    assert_eq!(config.get_bool("okr.other").unwrap(), None);
    assert!(matches!(config.get_bool("okr.hint"), Err(ConfigError::NotBool { .. })));
}

#[test]
fn setting_reaches_the_person_s_own_file() {
    let sandbox = Sandbox::new();
    let mut config = GitConfig::read(sandbox.git("")).unwrap();
    config.set_global("okr.journal", "-with a dash\nand a line").unwrap();
    config.set_global("okr.journal", "/somewhere").unwrap();
    assert_eq!(config.get("okr.journal"), Some("/somewhere"));
    assert_eq!(sandbox.git("").run(&["config", "--global", "--get-all", "okr.journal"]), "/somewhere");
    config.unset_global("okr.journal").unwrap();
    config.unset_global("okr.journal").unwrap();
    assert_eq!(GitConfig::read(sandbox.git("")).unwrap().get("okr.journal"), None);
    assert!(config.set_local("okr.journal", "x").is_err(), "no repository here");
}

#[test]
fn the_committer_is_git_s() {
    let sandbox = Sandbox::new();
    let committer = GitConfig::read(sandbox.git("")).unwrap().committer().unwrap();
    assert_eq!((committer.name.raw(), committer.email.raw()), ("Mina", "mina@example.com"));
    assert_eq!(committer.time.to_string(), "2026-03-02T10:00:00+01:00");

    let other = sandbox.git("").with_env("GIT_COMMITTER_NAME", "A < B > C");
    let other = GitConfig::read(other).unwrap().committer().unwrap();
    assert_eq!((other.name.raw(), other.email.raw()), ("A  B  C", "mina@example.com"));

    // Git would take an empty address; a record by nobody is no witness.
    let nobody = sandbox.git("").with_env("GIT_COMMITTER_EMAIL", "");
    assert!(matches!(GitConfig::read(nobody).unwrap().committer(), Err(ConfigError::NoIdentity { .. })));

    let odd = sandbox.git("").with_env("GIT_COMMITTER_NAME", "A\u{1b}[31mB");
    assert!(matches!(GitConfig::read(odd).unwrap().committer(), Err(ConfigError::OddIdentity)));

    std::fs::write(sandbox.path("home/.gitconfig"), "[user]\n\tuseConfigOnly = true\n").unwrap();
    match GitConfig::read(sandbox.git("")).unwrap().committer() {
        Err(ConfigError::NoIdentity { advice }) => assert!(!advice.is_empty()),
        other => panic!("{other:?}"),
    }
}
