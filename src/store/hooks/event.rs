//! The events that git-okr listens to: names, shims, and what stands in git's configuration.

/// A moment at which git runs hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A commit was made.
    PostCommit,
    /// A merge or a pull brought commits.
    PostMerge,
    /// An amend or a rebase replaced commits.
    PostRewrite,
    /// A message is about to be written.
    PrepareCommitMsg,
    /// Commits are about to be pushed. Only where the journal lives on a branch of the repository: nothing else of
    /// ours may stand in the way of a push.
    PrePush,
}

/// The shim of `pre-push` in one line. Git hands every hook its own copy of the refs, and appends the arguments.
const GUARD: &str = concat!(
    r#"r=$(cat); s=127; if command -v git-okr >/dev/null 2>&1; then s=0; "#,
    r#"printf '%s\n' "$r" | git-okr hook pre-push "$@" >/dev/null || s=$?; fi; "#,
    r#"if test "$s" -gt 1; then b=$(git config okr.branch || :); "#,
    r#"printf '%s\n' "$r" | while read -r f i t x; do case " $f $t " in "#,
    r#"*" refs/heads/${b:-okr} "*|*" refs/okr/"*) "#,
    r#"echo "error: '$f' to '$t' is the journal's, and git-okr gives no answer whether it may go" >&2; "#,
    r#"echo "hint: push the code alone, or past every hook: git push --no-verify" >&2; exit 1;; "#,
    r#"esac; done || s=1; fi; test "$s" -ne 1 || exit 1; :"#,
);

/// The shim of `post-commit` in one line: where nothing could be said, the shell itself notes the commit.
const NOTE: &str = concat!(
    r#"n=${XDG_STATE_HOME:-${HOME-}/.local/state}/git-okr/commits; "#,
    r#"test ! -t 2 && test -z "${GIT_DIR-}${GIT_WORK_TREE-}${CI-}${OKR_HOOK-}${OKR_HOOK_PROBE-}" && { "#,
    r#"test -f "$n" && test ! -e .git/sequencer && test ! -e .git/CHERRY_PICK_HEAD && read -r h <.git/HEAD && "#,
    r#"case $h in "ref: "*) read -r h <".git/${h#ref: }" ;; esac && "#,
    r#"test "${#h}" -ge 40 && printf "%s %s\n" "$h" "$PWD" >>"$n"; } 2>/dev/null || "#,
);

impl Event {
    /// Every event.
    pub const ALL: [Self; 5] =
        [Self::PostCommit, Self::PostMerge, Self::PostRewrite, Self::PrepareCommitMsg, Self::PrePush];

    /// The events that are installed without being asked for.
    pub const USUAL: [Self; 3] = [Self::PostCommit, Self::PostMerge, Self::PostRewrite];

    /// Git's word for it, which is also the name of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::PostCommit => "post-commit",
            Self::PostMerge => "post-merge",
            Self::PostRewrite => "post-rewrite",
            Self::PrepareCommitMsg => "prepare-commit-msg",
            Self::PrePush => "pre-push",
        }
    }

    /// The event of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// The whole hook file that git-okr writes where there is none.
    pub fn shim(self) -> &'static str {
        match self {
            Self::PostCommit => include_str!("../../../hooks/post-commit"),
            Self::PostMerge => include_str!("../../../hooks/post-merge"),
            Self::PostRewrite => include_str!("../../../hooks/post-rewrite"),
            Self::PrepareCommitMsg => include_str!("../../../hooks/prepare-commit-msg"),
            Self::PrePush => include_str!("../../../hooks/pre-push"),
        }
    }

    /// The section of git's configuration that is ours, for a git that runs hooks by configuration.
    pub(super) fn section(self) -> String {
        format!("hook.okr-{}", self.name())
    }

    /// What git runs, with the hook's arguments behind it. A single word would, once git-okr is gone, keep every
    /// other hook of the event from running; this says nothing and ends well.
    pub(super) fn command(self) -> String {
        let here = "command -v git-okr >/dev/null 2>&1 || exit 0; ";
        let calm =
            r#"test -d "${GIT_DIR:-.git}/rebase-merge" || test -d "${GIT_DIR:-.git}/rebase-apply" || "#;
        let name = self.name();
        // A message that is given needs no offer.
        let by_hand = r#"test -z "${2-}" || test "${2-}" = template || exit 0; "#;
        match self {
            // The shell assigns in between, so what is calm ends here instead.
            Self::PostCommit => {
                let calm = calm.replace("|| ", "&& exit 0; ");
                format!(r#"{here}{calm}{NOTE}git-okr hook {name} "$@" </dev/null >&2 2>/dev/null || :"#)
            }
            Self::PrepareCommitMsg => {
                format!(r#"{here}{by_hand}{calm}git-okr hook {name} "$@" </dev/null >&2 2>/dev/null || :"#)
            }
            Self::PostMerge => format!(r#"{here}git-okr hook {name} "$@" </dev/null >&2 2>/dev/null || :"#),
            Self::PostRewrite => format!(r#"{here}git-okr hook {name} "$@" >&2 2>/dev/null || :"#),
            Self::PrePush => GUARD.to_owned(),
        }
    }
}
