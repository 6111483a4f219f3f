//! Which remotes may have the journal: those that its owner named, one by one, in the repository's own configuration.

use super::git_config::GitConfig;
use super::project::Project;

/// What the owner said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nothing.
    None,
    /// Named for the journal, but the code goes there too, and nobody said that both may.
    NotForCode(String),
    /// It may have the journal.
    Given,
}

/// Looks up the place that git pushes to: `remote` is a name or a URL, `url` what git made of it.
pub fn consent(config: &GitConfig, project: &Project, remote: &str, url: &str) -> Consent {
    let names = config.subsections("okr.remote", "url");
    let pinned = |name: &&&str| {
        let pinned = config.local(&format!("okr.remote.{name}.url"));
        pinned.is_some_and(|pinned| same_place(pinned, url))
    };
    let named: Vec<&str> = names.iter().filter(pinned).copied().collect();
    let Some(first) = named.first() else { return Consent::None };
    let shared = |name: &&str| config.is_set_locally(&format!("okr.remote.{name}.sharedWithCode"));
    if named.iter().any(shared) || !is_of_the_code(config, project, remote, url) {
        return Consent::Given;
    }
    Consent::NotForCode((*first).to_owned())
}

/// True when the code repository has this place among its remotes.
fn is_of_the_code(config: &GitConfig, project: &Project, remote: &str, url: &str) -> bool {
    let names = config.subsections("remote", "url");
    names.contains(&remote)
        || names.iter().any(|name| {
            let ask = |args: &[&str]| project.git().output(args).unwrap_or_default();
            let urls = [
                ask(&["remote", "get-url", "--all", "--end-of-options", name]),
                ask(&["remote", "get-url", "--push", "--all", "--end-of-options", name]),
            ];
            let urls = String::from_utf8_lossy(&urls.concat()).into_owned();
            urls.lines().any(|one| same_place(one, url))
        })
}

/// True when two addresses are spelled alike, but for slashes and `.git` at their ends.
fn same_place(one: &str, other: &str) -> bool {
    let bare = |url: &str| -> String {
        let url = url.trim_end_matches('/');
        url.strip_suffix(".git").unwrap_or(url).trim_end_matches('/').to_owned()
    };
    !bare(one).is_empty() && bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::same_place;

    #[test]
    fn only_what_is_spelled_alike_is_the_same_place() {
        for (one, other, same) in [
            ("ssh://git@host/me/journal", "ssh://git@host/me/journal.git", true),
            ("/srv/journal/", "/srv/journal", true),
            ("https://host/me/journal", "http://host/me/journal", false),
            ("host:me/journal", "host:me/journals", false),
            ("", "", false),
            ("/", "", false),
        ] {
            assert_eq!(same_place(one, other), same, "{one} {other}");
        }
    }
}
