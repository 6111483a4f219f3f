//! Commit messages in parts: conventional types, readable titles, reverts.

/// Types of the conventional-commits convention, with the spellings that mean the same.
const TYPES: &[(&str, &str)] = &[
    ("feat", "feat"),
    ("feature", "feat"),
    ("fix", "fix"),
    ("bugfix", "fix"),
    ("hotfix", "fix"),
    ("perf", "perf"),
    ("security", "security"),
    ("sec", "security"),
    ("docs", "docs"),
    ("doc", "docs"),
    ("chore", "chore"),
    ("build", "build"),
    ("refactor", "refactor"),
    ("test", "test"),
    ("tests", "test"),
    ("ci", "ci"),
    ("style", "style"),
    ("deps", "deps"),
    ("release", "release"),
    ("revert", "revert"),
];

/// Reverts of reverts that a subject tells of at most.
const MOST_QUOTED: usize = 64;

/// The longest title, in characters.
const TITLE_MAX: usize = 120;

/// The parts of a subject such as `feat(parser)!: accept tabs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conventional<'a> {
    /// The type in lower case, one spelling for each (`docs` for `doc`).
    pub kind: String,
    /// What is between the parentheses.
    pub scope: Option<&'a str>,
    /// True for `!` before the colon.
    pub breaking: bool,
    /// What follows the colon.
    pub description: &'a str,
}

impl<'a> Conventional<'a> {
    /// Reads the prefix. A word that is no known type counts only with a scope or `!`: `printer: …` is an area.
    pub fn parse(subject: &'a str) -> Option<Self> {
        let subject = subject.trim();
        let end = subject.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
        let (word, mut rest) = subject.split_at(end);
        if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut scope = None;
        let mut marked = false;
        if let Some(inner) = rest.strip_prefix('(') {
            let (inside, after) = inner.split_once(')')?;
            marked = true;
            scope = Some(inside.trim()).filter(|scope| !scope.is_empty() && !scope.contains('('));
            rest = after;
        }
        let breaking = rest.starts_with('!');
        rest = rest.strip_prefix('!').unwrap_or(rest).strip_prefix(':')?;
        let description = rest.trim_start();
        if description.is_empty() || description.len() == rest.len() {
            return None;
        }
        let word = word.to_ascii_lowercase();
        let known = TYPES.iter().find(|(spelling, _)| *spelling == word).map(|(_, kind)| (*kind).to_owned());
        let kind = known.or_else(|| (marked || breaking).then_some(word))?;
        Some(Self { kind, scope, breaking, description })
    }
}

/// True when a body line announces an incompatible change.
pub fn breaks(body: &str) -> bool {
    body.lines().any(|line| line.starts_with("BREAKING CHANGE:") || line.starts_with("BREAKING-CHANGE:"))
}

/// The line that says what a commit does: the subject, or what the merge of a forge or queue says of its request.
pub fn headline<'a>(subject: &'a str, body: &'a str) -> &'a str {
    let subject = subject.trim();
    if let Some(title) = titled(subject) {
        return title;
    }
    if !is_forge_merge(subject) && !is_merge_request(subject, body) {
        return subject;
    }
    // Bitbucket Server lists commits, each under its id.
    let told = |line: &&str| !line.is_empty() && !line.starts_with("* commit '");
    let Some(first) = body.lines().map(str::trim).find(told) else { return subject };
    if subject.starts_with("Merge #") { queue_title(first) } else { first }
}

/// A title that the subject of a merge or squash holds itself.
fn titled(subject: &str) -> Option<&str> {
    let numbered = |start: &str| {
        let (digits, title) = subject.strip_prefix(start)?.split_once(": ")?;
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(title)
    };
    let quoted = || {
        let rest = subject.strip_prefix("Merge pull request '")?;
        Some(&rest[..rest.rfind("' (")?])
    };
    numbered("Merged PR ")
        .or_else(|| numbered("Pull request #"))
        .or_else(quoted)
        .filter(|title| !title.is_empty())
}

/// True for the subject of a merge whose title is in its body.
pub fn is_forge_merge(subject: &str) -> bool {
    [
        "Merge pull request ",
        "Auto merge of #",
        "auto merge of #",
        "Rollup merge of #",
        "Merge #",
        "Merged in ",
    ]
    .iter()
    .any(|start| subject.starts_with(start))
}

/// True for GitLab's merge of a request, whose title follows in the body.
fn is_merge_request(subject: &str, body: &str) -> bool {
    subject.starts_with("Merge branch '") && body.lines().any(|line| line.starts_with("See merge request "))
}

/// `12: Title r=one a=two` without all but the title.
fn queue_title(line: &str) -> &str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut title = line[digits..].strip_prefix(": ").filter(|_| digits > 0).unwrap_or(line);
    while let Some((before, last)) = title.rsplit_once(' ') {
        if !(last.starts_with("r=") || last.starts_with("a=")) {
            break;
        }
        title = before.trim_end();
    }
    title
}

/// The subject without the numbers that a forge appends: `Retry ingest (#3) (#12)` is `Retry ingest`.
pub fn bare_subject(subject: &str) -> &str {
    let mut bare = subject.trim();
    while let Some(open) = bare.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        let inside = &bare[open + 1..bare.len() - 1];
        let digits = inside.strip_prefix(['#', '!']).unwrap_or_default();
        let before = bare[..open].trim_end();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || before.is_empty() {
            break;
        }
        bare = before;
    }
    bare
}

/// The subject without numbers of forges, also inside the quotes of reverts: what both of them call the same change.
pub fn core_subject(subject: &str) -> String {
    let (mut rest, mut starts, mut depth) = (bare_subject(subject), String::new(), 0);
    while let Some((inner, _)) = quoted(rest).filter(|_| depth < MOST_QUOTED) {
        starts.push_str(if is_reapply(rest) { "Reapply \"" } else { "Revert \"" });
        (rest, depth) = (bare_subject(inner), depth + 1);
    }
    format!("{starts}{rest}{}", "\"".repeat(depth))
}

/// What happened, for people: no type, no number, a capital first unless that were another name, at most 120
/// characters.
pub fn title_of(subject: &str, body: &str) -> String {
    let bare = bare_subject(headline(subject, body));
    let text = Conventional::parse(bare).map_or(bare, |parts| parts.description);
    shorten(&capitalised(text))
}

/// With a capital first, where a plain word stands there: a key, a path or a name is as it is written.
pub(super) fn capitalised(text: &str) -> String {
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    if !word.trim_end_matches([',', ':']).chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’')) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Cuts a title at the last word boundary that fits.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, TITLE_MAX)
}

/// A title with something behind it that is not to be cut off, unless it is too long by itself.
pub(crate) fn with_tail(title: &str, tail: &str) -> String {
    let room = TITLE_MAX.saturating_sub(tail.chars().count()).max(TITLE_MAX / 2);
    shorten(&format!("{}{tail}", shorten_to(title, room)))
}

fn shorten_to(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let room = text.char_indices().nth(most - 1).map_or(end, |(at, _)| at);
    let cut = text[..room].rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(room);
    format!("{}…", text[..cut].trim_end_matches(|c: char| c.is_whitespace() || c == ',' || c == ';'))
}

/// The quoted part and the rest of `Revert "…" (#2)` or `Reapply "…"`.
pub fn quoted(subject: &str) -> Option<(&str, &str)> {
    let subject = subject.trim();
    let inner = subject.strip_prefix("Revert \"").or_else(|| subject.strip_prefix("Reapply \""))?;
    inner.rfind('"').map(|end| (&inner[..end], &inner[end + 1..]))
}

/// True when the subject says that the commit takes another back.
pub fn is_revert(subject: &str) -> bool {
    subject.trim().starts_with("Revert \"")
        || Conventional::parse(subject).is_some_and(|parts| parts.kind == "revert")
}

/// True for git's wording of a reverted revert.
pub fn is_reapply(subject: &str) -> bool {
    subject.trim().starts_with("Reapply \"")
}

/// The subject of the commit that this one takes back.
///
/// `Reapply "x"` takes back `Revert "x"`.
pub fn reverted_subject(subject: &str) -> Option<String> {
    match quoted(subject) {
        Some((inner, _)) if is_reapply(subject) => Some(format!("Revert \"{inner}\"")),
        Some((inner, _)) => Some(inner.to_owned()),
        None => Conventional::parse(subject)
            .filter(|parts| parts.kind == "revert")
            .map(|parts| parts.description.to_owned()),
    }
}

/// Ids in `(cherry picked from commit <id>)` lines of a body, shortened or whole.
pub fn picked_commits(body: &str) -> Vec<&str> {
    let lines = body.lines().filter_map(|line| line.trim().strip_prefix("(cherry picked from commit "));
    lines
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|id| (7..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit()))
        .take(64)
        .collect()
}

/// Ids in `This reverts commit <id>` lines of a body, shortened or whole.
pub fn reverted_commits(body: &str) -> Vec<&str> {
    body.lines()
        .filter_map(|line| line.trim_start().strip_prefix("This reverts commit "))
        .map(|rest| rest.trim_start())
        .map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len())])
        .filter(|id| (7..=64).contains(&id.len()))
        .take(64)
        .collect()
}

/// The first id that [`reverted_commits`] finds.
pub fn reverted_commit(body: &str) -> Option<&str> {
    reverted_commits(body).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::{
        Conventional, bare_subject, breaks, headline, is_revert, picked_commits, reverted_commit,
        reverted_subject, title_of,
    };

    #[test]
    fn conventional_prefixes() {
        for (subject, expected) in [
            ("feat(parser)!: accept tabs", Some(("feat", Some("parser"), true, "accept tabs"))),
            ("fix: crash on empty input (#12)", Some(("fix", None, false, "crash on empty input (#12)"))),
            ("Doc: say why", Some(("docs", None, false, "say why"))),
            ("polish(ui): spacing", Some(("polish", Some("ui"), false, "spacing"))),
            ("feat(): empty scope", Some(("feat", None, false, "empty scope"))),
            ("chore!: drop node 14", Some(("chore", None, true, "drop node 14"))),
            ("printer: fix colours", None),
            ("fix:no space", None),
            ("fix: ", None),
            ("https://acme.test/x", None),
            ("std::mem: use take", None),
            ("Merge branch 'main'", None),
            ("feat(parser: unbalanced", None),
            ("", None),
            ("ß: x", None),
        ] {
            let found = Conventional::parse(subject);
            let found = found.as_ref().map(|c| (c.kind.as_str(), c.scope, c.breaking, c.description));
            assert_eq!(found, expected, "{subject}");
        }
        assert!(breaks("text\n\nBREAKING CHANGE: the flag is gone"));
        assert!(!breaks("no BREAKING CHANGE: here"));
    }

    #[test]
    fn titles_are_readable() {
        for (subject, body, title) in [
            ("retry ingest on lease loss (#12)", "", "Retry ingest on lease loss"),
            ("fix(client): reconnect (#2884) (#3823)", "", "Reconnect"),
            ("Merge pull request #7 from ada/queue", "\nfeat: one queue\n\nmore", "One queue"),
            ("Merge pull request #7 from ada/queue", "", "Merge pull request #7 from ada/queue"),
            ("Revert \"feat: x (#1)\" (#2)", "", "Revert \"feat: x (#1)\""),
            ("printer: fix colours", "", "Printer: fix colours"),
            ("docs: gitignore(5), not .gitignore", "", "gitignore(5), not .gitignore"),
            ("iOS: fix colours", "", "iOS: fix colours"),
            ("fix: don't return a stale pointer", "", "Don't return a stale pointer"),
            ("feat: okr.repos takes wildcards", "", "okr.repos takes wildcards"),
            (
                "Merge branch 'leases' into 'main'",
                "Retry ingest\n\nSee merge request acme/queue!7",
                "Retry ingest",
            ),
            ("Auto merge of #7 - ada:leases, r=bob", "\nfix: retry ingest\n\nwhy", "Retry ingest"),
            ("Merge #7", "7: Retry ingest r=bob a=ada\n\nwhy", "Retry ingest"),
            ("Merged in ada/leases (pull request #7)", "\nRetry ingest\n\nApproved-by: Bob", "Retry ingest"),
            (
                "Merge pull request #7 in Q/queue from a to b",
                "* commit '1a2b':\n  Retry ingest",
                "Retry ingest",
            ),
            ("Merge pull request 'retry ingest' (#7) from a into b", "", "Retry ingest"),
            ("Merged PR 7: retry ingest", "", "Retry ingest"),
            ("Pull request #7: retry ingest", "", "Retry ingest"),
            ("(#12)", "", "(#12)"),
            ("call f(x)", "", "Call f(x)"),
            ("élan vital", "", "Élan vital"),
            ("", "", ""),
        ] {
            assert_eq!(title_of(subject, body), title, "{subject}");
        }
        let long = title_of(&"words ".repeat(40), "");
        assert!(long.chars().count() <= 120 && long.ends_with("words…"), "{long}");
        assert_eq!(title_of(&"x".repeat(300), "").chars().count(), 120);
        assert_eq!(bare_subject("a (#12a) (#3)"), "a (#12a)");
        assert_eq!(headline("Merge branch 'x'", "body"), "Merge branch 'x'");
    }

    #[test]
    fn reverts_name_what_they_take_back() {
        for (subject, revert, target) in [
            ("Revert \"add x (#1)\" (#2)", true, Some("add x (#1)")),
            ("Revert \"Revert \"x\"\"", true, Some("Revert \"x\"")),
            ("Reapply \"x\"", false, Some("Revert \"x\"")),
            ("revert: add x", true, Some("add x")),
            ("Revert changes to the parser", false, None),
            ("Revert \"unfinished", true, None),
        ] {
            assert_eq!(
                (is_revert(subject), reverted_subject(subject).as_deref()),
                (revert, target),
                "{subject}"
            );
        }
        assert_eq!(reverted_commit("why\n\nThis reverts commit 1a2b3c4d5e.\n"), Some("1a2b3c4d5e"));
        assert_eq!(
            picked_commits("x\n\n(cherry picked from commit 1a2b3c4d5e)\n(cherry picked from commit abc)"),
            ["1a2b3c4d5e"]
        );
        assert_eq!(reverted_commit("This reverts commit abc."), None);
        assert_eq!(reverted_commit("This reverts merge request !1948"), None);
    }
}
