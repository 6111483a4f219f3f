//! Trailers that mean something here: our own two, and the ones that credit people.

use crate::model::Text;
use crate::model::project::{Person, ProjectCommit};

/// Trailers that are read. git takes any `word: text` of the last paragraph for one, also `https:` and `fix:`.
const KNOWN: &[&str] = &[
    "Okr-Bet",
    "Okr-Evidence",
    "Okr-Kind",
    "Co-authored-by",
    "Signed-off-by",
    "Reviewed-by",
    "Acked-by",
    "Tested-by",
    "Helped-by",
    "Mentored-by",
    "Suggested-by",
    "Reported-by",
    "Noticed-by",
    "Approved-by",
    "Merged-by",
    "Change-Id",
    "Fixes",
    "Closes",
    "Refs",
    "Link",
    "Reviewed-on",
    "See-also",
    "Cc",
];

/// The usual spelling of a trailer's key, when it is one that is read.
pub fn known(key: &str) -> Option<&'static str> {
    KNOWN.iter().copied().find(|known| known.eq_ignore_ascii_case(key))
}

/// Values of a trailer, in order, without blank ones.
pub fn values<'a>(commit: &'a ProjectCommit, key: &'a str) -> impl Iterator<Item = &'a str> {
    commit
        .trailers
        .iter()
        .filter(move |(name, _)| name.raw().eq_ignore_ascii_case(key))
        .map(|(_, value)| value.raw().trim())
        .filter(|value| !value.is_empty())
}

/// A message that is about to be written, with bets offered as comments before those of git; none when there is
/// nothing to offer. Where git puts no comments of its own it would not take ours away either.
pub fn offer(message: &str, comment: &str, bets: &[&str]) -> Option<String> {
    let own = |line: &&str| !comment.is_empty() && line.starts_with(comment);
    let named = |line: &str| {
        line.trim_start_matches(comment).trim_start().to_ascii_lowercase().starts_with("okr-bet:")
    };
    let first = message.split_inclusive('\n').find(own)?;
    // Past a line of scissors nothing is kept, and before it everything is.
    if bets.is_empty() || first.contains(">8") || message.lines().any(named) {
        return None;
    }
    let at = message.split_inclusive('\n').take_while(|line| !own(line)).map(str::len).sum();
    let (before, after) = message.split_at(at);
    let offers: String = bets.iter().map(|bet| format!("{comment} Okr-Bet: {bet}\n")).collect();
    let begin = if before.is_empty() { "\n" } else { "" };
    Some(format!(
        "{before}{begin}{comment} This commit serves a bet? Take '{comment} ' away from its line:\n{offers}{comment}\n{after}"
    ))
}

/// What a commit says about itself as evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OkrEvidence {
    /// A title better than the subject.
    pub title: Option<Text>,
    /// The kind of evidence (`Okr-Kind:`).
    pub kind: Option<Text>,
}

/// Bets that the commit names: `Okr-Bet: one-queue, fast-deploys`.
pub fn okr_bets(commit: &ProjectCommit) -> Vec<Text> {
    let mut bets: Vec<Text> = Vec::new();
    for bet in values(commit, "Okr-Bet").flat_map(|value| value.split(',')).map(str::trim) {
        if !bet.is_empty() && !bets.iter().any(|known| known.raw() == bet) {
            bets.push(bet.into());
        }
    }
    bets
}

/// `Okr-Evidence: yes` or `Okr-Evidence: <title>`; `no` asks for nothing.
pub fn okr_evidence(commit: &ProjectCommit) -> Option<OkrEvidence> {
    let value = values(commit, "Okr-Evidence").last()?;
    let is = |words: [&str; 3]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    if is(["no", "false", "0"]) {
        return None;
    }
    let title = (!is(["yes", "true", "1"])).then(|| Text::from(value));
    Some(OkrEvidence { title, kind: values(commit, "Okr-Kind").last().map(Text::from) })
}

/// `Okr-Kind: <kind>`: what kind of evidence the commit says it is.
pub fn okr_kind(commit: &ProjectCommit) -> Option<Text> {
    values(commit, "Okr-Kind").last().map(Text::from)
}

/// People who wrote the commit together with its author.
pub fn co_authors(commit: &ProjectCommit) -> Vec<Person> {
    values(commit, "Co-authored-by").filter_map(person).collect()
}

/// `Name <address>`.
pub(super) fn person(value: &str) -> Option<Person> {
    let (name, rest) = value.rsplit_once('<')?;
    let email = rest.trim_end().strip_suffix('>')?.trim();
    email.contains('@').then(|| Person { name: name.trim().into(), email: email.into() })
}

#[cfg(test)]
mod tests {
    use super::{co_authors, known, okr_bets, okr_evidence};
    use crate::harvest::testing::commit;
    use crate::model::Text;
    use crate::model::project::ProjectCommit;

    fn with(trailers: &[(&str, &str)]) -> ProjectCommit {
        let mut commit = commit("a", "x");
        commit.trailers = trailers.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        commit
    }

    #[test]
    fn bets_are_a_list() {
        let commit =
            with(&[("okr-bet", "one-queue, fast-deploys,"), ("Okr-Bet", "one-queue"), ("Okr-Bet", " ")]);
        assert_eq!(okr_bets(&commit), [Text::from("one-queue"), Text::from("fast-deploys")]);
        assert!(okr_bets(&with(&[("Okr-Bets", "x")])).is_empty());
    }

    #[test]
    fn evidence_is_asked_for_with_or_without_a_title() {
        for (value, title) in
            [("yes", Some(None)), ("TRUE", Some(None)), ("One queue", Some(Some("One queue"))), ("no", None)]
        {
            let found = okr_evidence(&with(&[("Okr-Evidence", value), ("Okr-Kind", "launch")]));
            let title = title.map(|title: Option<&str>| title.map(Text::from));
            assert_eq!(found.as_ref().map(|e| e.title.clone()), title, "{value}");
            assert!(found.is_none_or(|e| e.kind == Some("launch".into())));
        }
    }

    #[test]
    fn people_have_an_address() {
        let commit = with(&[
            ("Co-Authored-By", "Ada Lovelace <ada@acme.test>"),
            ("Co-authored-by", "nobody"),
            ("Co-authored-by", "Marge Bot <https://acme.test/x>"),
        ]);
        let emails: Vec<_> = co_authors(&commit).into_iter().map(|p| p.email).collect();
        assert_eq!(emails, [Text::from("ada@acme.test")]);
        assert_eq!((known("REVIEWED-BY"), known("https"), known("fix")), (Some("Reviewed-by"), None, None));
    }
}
