//! The table of `okr.*` keys in git's configuration: name, meaning, default. Help and docs are made from it.

/// A key of git's configuration that git-okr reads.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key, such as `okr.branch`.
    pub key: &'static str,
    /// What a value looks like.
    pub value: &'static str,
    /// What holds without it.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

/// Every key.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "okr.journal",
        value: "path",
        default: "set by 'git okr init'",
        about: "the bare repository that holds the journal; in a repository's own configuration it overrides the global one",
    },
    Setting { key: "okr.branch", value: "name", default: DEFAULT_BRANCH, about: "the journal's branch" },
    Setting {
        key: "okr.me",
        value: "e-mail, repeatable",
        default: "user.email",
        about: "addresses I commit with; harvest and the hook look for all of them",
    },
    Setting {
        key: "okr.repos",
        value: "path, repeatable",
        default: "the repository one stands in",
        about: "repositories that harvest, inbox, status and review read; '~/' and the wildcards '*' and '?' work",
    },
    Setting {
        key: "okr.login",
        value: "account, repeatable",
        default: "what my addresses are called after",
        about: "my accounts on forges, by which merges and merge queues name me",
    },
    Setting {
        key: "okr.issueKey",
        value: "key, repeatable",
        default: "learnt from the subjects of a repository",
        about: "keys of issue trackers, such as ABC: ABC-12 in a message is an issue",
    },
    Setting {
        key: "okr.tracker.<key>",
        value: "address with {key} or {number}",
        default: "no address",
        about: "where issues such as ABC-12 are, for example https://acme.example/browse/{key}; also for D (Phabricator), AB (Azure Boards), LP and BUG",
    },
    Setting {
        key: "okr.forge.<host>.kind",
        value: "github, gitlab, bitbucket, bitbucket-server, azure, gitea, forgejo, gerrit or none",
        default: "told from the host's name",
        about: "which forge serves the remotes of a host; none means that it has no pages",
    },
    Setting {
        key: "okr.forge.<host>.url",
        value: "address",
        default: "the host itself, by https",
        about: "where the forge behind a host, or behind an alias of your ssh configuration, has its pages",
    },
    Setting {
        key: "okr.identity",
        value: "file, repeatable",
        default: "git-okr/identity.txt in the configuration directory",
        about: "age identities or ssh private keys that open a sealed journal; ~/.ssh/id_ed25519 and id_rsa are tried besides",
    },
    Setting {
        key: "okr.hint",
        value: "true or false",
        default: "true",
        about: "whether the hook may print its one line, and 'git okr add' what an outside reader would miss",
    },
    Setting {
        key: "okr.threshold",
        value: "points",
        default: "4.0",
        about: "the score from which a commit is suggested; 'git okr inbox --all' shows the rest",
    },
    Setting {
        key: "okr.reviewDays",
        value: "days",
        default: "14",
        about: "how many days before the end of a quarter its review is due",
    },
    Setting {
        key: "okr.syncTimeout",
        value: "seconds",
        default: "120",
        about: "how long 'git okr sync' waits for a remote that says nothing, where nobody sits at a terminal; 0 waits for ever",
    },
    Setting {
        key: "color.okr",
        value: "auto, always or never",
        default: "color.ui, then auto",
        about: "colours in the terminal",
    },
];

/// The journal's branch unless `okr.branch` says otherwise.
pub const DEFAULT_BRANCH: &str = "okr";

/// Days before the end of a quarter from which its review is due.
pub const DEFAULT_REVIEW_DAYS: i64 = 14;

/// Seconds without a word after which a remote is given up, where nobody could press ctrl-c.
pub const DEFAULT_SYNC_TIMEOUT: u64 = 120;

/// The score, in tenths of a point, from which work is suggested.
pub const DEFAULT_THRESHOLD: i32 = 40;
