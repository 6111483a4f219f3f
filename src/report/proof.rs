//! What proves a piece of work, told apart: one pull request has many addresses and is one proof.

use std::collections::BTreeSet;

use crate::model::Artifact;

/// A proof, those that say most first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// A pull or merge request: number, and repository when it is known.
    Request(u64, Option<String>),
    /// An address without what leads around on a page.
    Page(String),
    /// A commit, by its id.
    Commit(String),
    /// Anything else.
    Other(String),
}

/// Path segments between a repository and the number of a request, on the usual forges.
const REQUESTS: [&str; 4] = ["pull", "pulls", "merge_requests", "pull-requests"];

/// What an artifact proves by.
pub(super) fn of(artifact: &Artifact) -> Proof {
    let reference = artifact.reference.raw();
    let repo = artifact.repo.as_ref().map(|repo| repo.raw().to_lowercase());
    let address = artifact.url.as_ref().map(|url| url.raw()).into_iter().chain([reference]).find_map(page);
    match address {
        Some(page) => by_page(&page),
        None => match reference.rsplit_once('#').and_then(|(repo, n)| Some((repo, n.parse().ok()?))) {
            Some((named, number)) => {
                Proof::Request(number, repo.or_else(|| (!named.is_empty()).then(|| named.to_lowercase())))
            }
            None => match commit(reference) {
                Some(id) => Proof::Commit(id),
                None => Proof::Other(format!(
                    "{} {}",
                    repo.unwrap_or_default(),
                    super::strength::folded(reference)
                )),
            },
        },
    }
}

/// How many proofs there are. A request without a repository adds nothing beside one with the same number.
pub(super) fn count(proofs: &BTreeSet<Proof>) -> usize {
    let known: BTreeSet<u64> = proofs
        .iter()
        .filter_map(|one| if let Proof::Request(number, Some(_)) = one { Some(*number) } else { None })
        .collect();
    let repeats = |one: &&Proof| matches!(one, Proof::Request(number, None) if known.contains(number));
    proofs.len() - proofs.iter().filter(repeats).count()
}

/// An address without scheme, query, anchor and slash at its end; none when it is no address.
fn page(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    Some(rest.trim_end_matches('/').to_lowercase())
}

fn by_page(page: &str) -> Proof {
    let parts: Vec<&str> = page.split('/').filter(|part| *part != "-").collect();
    for (at, pair) in parts.windows(2).enumerate() {
        if REQUESTS.contains(&pair[0])
            && let Ok(number) = pair[1].parse()
        {
            return Proof::Request(number, Some(parts[..at].join("/")));
        }
        if matches!(pair[0], "commit" | "commits")
            && let Some(id) = commit(pair[1])
        {
            return Proof::Commit(id);
        }
    }
    Proof::Page(page.to_owned())
}

fn commit(text: &str) -> Option<String> {
    let hex = text.len() >= 7 && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Proof, count, of};
    use crate::model::Artifact;

    #[test]
    fn one_request_has_many_addresses() {
        let same = Proof::Request(12, Some("forge.test/a/b".into()));
        for text in [
            "https://forge.test/a/b/pull/12",
            "https://forge.test/A/b/pull/12/files?w=1#diff",
            "https://forge.test/a/b/-/merge_requests/12/",
            "forge.test/a/b#12",
        ] {
            assert_eq!(of(&Artifact::parse(text)), same, "{text}");
        }
        assert_eq!(of(&Artifact::parse("#12")), Proof::Request(12, None));
        let id = "0123456789abcdef0123456789abcdef01234567";
        let page = format!("https://forge.test/a/b/commit/{id}");
        assert_eq!(of(&Artifact::parse(&page)), of(&Artifact::parse(id)));
    }

    #[test]
    fn a_number_without_a_repository_repeats_one_with() {
        let proofs = ["#12", "https://forge.test/a/b/pull/12", "https://forge.test/c/d/pull/12", "#13"];
        assert_eq!(count(&proofs.iter().map(|text| of(&Artifact::parse(text))).collect()), 3);
    }
}
