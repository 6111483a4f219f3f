//! Programs that commit, review and open requests: told from people by their names, as the guide lists them.

use crate::model::project::Person;
use crate::model::{Guide, Text};

/// The programs of a guide that lists none.
pub const BUILT_IN: [&str; 26] = [
    "*[bot]*",
    "*-bot",
    "* bot",
    "app/*",
    "*dependabot*",
    "*renovate*",
    "*github-actions*",
    "*pre-commit-ci*",
    "*greenkeeper*",
    "*allcontributors*",
    "*mergify*",
    "bors",
    "homu",
    "zuul",
    "*k8s-ci-robot*",
    "*k8s-merge-robot*",
    "*copybara*",
    "*gopherbot*",
    "*rust-highfive*",
    "*rustbot*",
    "*web-flow*",
    "*weblate*",
    "*crowdin*",
    "*copilot-pull-request-reviewer*",
    "project_*_bot*",
    "group_*_bot*",
];

/// Who is a program.
#[derive(Clone, Debug)]
pub struct Bots(Vec<String>);

impl Default for Bots {
    fn default() -> Self {
        Self(BUILT_IN.map(str::to_owned).to_vec())
    }
}

impl Bots {
    /// The programs of a guide, or the built-in ones.
    pub fn of(guide: &Guide) -> Self {
        let names = &guide.bots.names;
        if names.is_empty() {
            return Self::default();
        }
        Self(names.iter().map(|name| name.raw().trim().to_lowercase()).collect())
    }

    /// The names, with `*` for anything.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// True when a person is a program: by the name, or by what stands before the `@` of the address.
    pub fn is(&self, person: &Person) -> bool {
        let (name, email) = (person.name.raw().to_lowercase(), person.email.raw().to_lowercase());
        let local = email.split('@').next().unwrap_or_default();
        self.0.iter().any(|pattern| matches(pattern, name.trim()) || matches(pattern, local))
    }

    /// True when an account is a program's.
    pub fn is_login(&self, login: &Text) -> bool {
        let login = login.raw().to_lowercase();
        self.0.iter().any(|pattern| matches(pattern, &login))
    }
}

/// Whether the whole of `name` is `pattern`, in which `*` stands for anything. Each part is looked for once.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Bots, matches};
    use crate::model::project::Person;
    use crate::model::{Guide, Text};

    fn is(bots: &Bots, name: &str, email: &str) -> bool {
        bots.is(&Person { name: name.into(), email: email.into() })
    }

    #[test]
    fn programs_are_told_from_people() {
        for (name, email, bot) in [
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", true),
            ("Renovate Bot", "bot@renovateapp.com", true),
            ("bors", "bors@rust-lang.org", true),
            ("pre-commit-ci[bot]", "", true),
            ("Copybara-Service", "copybara-worker@google.com", true),
            ("Acme Deploy", "acme-bot@acme.test", true),
            ("acme-bot", "x@acme.test", true),
            ("app/dependabot", "", true),
            ("project_12_bot_34ab", "", true),
            ("Ada Lovelace", "ada@acme.test", false),
            ("Bea Borsig", "borsig@acme.test", false),
            ("Abbott", "abbott@acme.test", false),
            ("Talbot", "talbot@acme.test", false),
            ("", "", false),
        ] {
            assert_eq!(is(&Bots::default(), name, email), bot, "{name}");
        }
    }

    #[test]
    fn a_guide_has_its_own() {
        let mut guide = Guide::empty();
        assert!(is(&Bots::of(&guide), "Bors", ""), "one without a list gets the built-in one");
        guide.bots.names = vec!["Deploy-*".into(), " ci ".into()];
        let bots = Bots::of(&guide);
        assert!(is(&bots, "deploy-7", "") && is(&bots, "Build", "ci@acme.test"));
        assert!(bots.is_login(&Text::from("CI")));
        assert!(!is(&bots, "bors", "") && !is(&bots, "cindy", "cindy@acme.test"));
    }

    #[test]
    fn built_in_guides_list_what_is_built_in() {
        for (name, text) in crate::format::guide::BUILTIN {
            let guide = crate::format::guide::decode(text).unwrap();
            let names: Vec<&str> = guide.bots.names.iter().map(Text::raw).collect();
            assert_eq!(names, BUILT_IN, "{name}");
        }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, matched) in [
            ("", "", true),
            ("", "x", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "axbxbc", true),
            ("a*b*c", "acb", false),
            ("*é*", "caf\u{e9}s", true),
            ("**x", "yx", true),
        ] {
            assert_eq!(matches(pattern, name), matched, "{pattern} {name}");
        }
    }
}
