//! "Never like this": the pattern of a piece of work, and what it matches.

use crate::model::Text;
use crate::model::project::ProjectRepo;
use crate::model::verdict::Never;

use super::message::Conventional;
use super::words;

/// What "never like this" means for work with this headline: its conventional type and scope, or its first word.
/// Always in this repository only: `chore` here says nothing about `chore` elsewhere.
pub fn pattern(headline: &str, repo: &ProjectRepo) -> Never {
    let mut never = Never { repo: Some(repo.name.clone()), ..Never::default() };
    match Conventional::parse(headline) {
        Some(parts) => {
            never.commit_type = Some(parts.kind.into());
            never.scope = parts.scope.map(Text::from);
        }
        None => never.verb = words::words(headline).next().map(Text::from),
    }
    never
}

/// True when every part of `never` fits. Without a part besides the repository it fits nothing: a pattern that was
/// cut short must not silence everything.
pub fn matches(never: &Never, headline: &str, repo: &ProjectRepo) -> bool {
    let Never { repo: place, commit_type, scope, verb } = never;
    if commit_type.is_none() && scope.is_none() && verb.is_none() {
        return false;
    }
    let same =
        |wanted: &Text, found: Option<&str>| found.is_some_and(|found| wanted.raw().to_lowercase() == found);
    let parts = Conventional::parse(headline);
    let kind = parts.as_ref().map(|parts| parts.kind.clone());
    let area = parts.as_ref().and_then(|parts| parts.scope).map(str::to_lowercase);
    place.as_ref().is_none_or(|place| *place == repo.name)
        && commit_type.as_ref().is_none_or(|wanted| same(wanted, kind.as_deref()))
        && scope.as_ref().is_none_or(|wanted| same(wanted, area.as_deref()))
        && verb
            .as_ref()
            .is_none_or(|wanted| parts.is_none() && same(wanted, words::words(headline).next().as_deref()))
}

/// True when every part of `never` is one of `pattern`, which is of another piece of work.
pub fn covers(never: &Never, pattern: &Never) -> bool {
    let low = |text: &Text| text.raw().to_lowercase();
    let fits = |wanted: &Option<Text>, has: &Option<Text>| {
        wanted.is_none() || wanted.as_ref().map(low) == has.as_ref().map(low)
    };
    (never.commit_type.is_some() || never.scope.is_some() || never.verb.is_some())
        && fits(&never.repo, &pattern.repo)
        && fits(&never.commit_type, &pattern.commit_type)
        && fits(&never.scope, &pattern.scope)
        && fits(&never.verb, &pattern.verb)
}

#[cfg(test)]
mod tests {
    use super::{covers, matches, pattern};
    use crate::harvest::testing::repo;
    use crate::model::verdict::Never;

    #[test]
    fn a_pattern_matches_its_like_and_nothing_else() {
        for (headline, like, unlike) in [
            ("chore(deps): bump serde", "chore(Deps): pin tokio", "chore: tidy"),
            ("chore: tidy", "chore(ci): anything", "fix: x"),
            ("Bump serde to 2", "bump tokio", "chore: bump tokio"),
            ("Revert \"x\"", "Revert \"y\"", "reverts y"),
        ] {
            let never = pattern(headline, &repo());
            assert!(matches(&never, headline, &repo()) && matches(&never, like, &repo()), "{headline}");
            assert!(!matches(&never, unlike, &repo()), "{headline}: {unlike}");
            let elsewhere = crate::model::project::ProjectRepo::named("acme/other");
            assert!(!matches(&never, headline, &elsewhere));
            assert!(covers(&never, &pattern(like, &repo())), "{headline}: {like}");
            assert!(
                !covers(&never, &pattern(unlike, &repo())) && !covers(&never, &pattern(headline, &elsewhere))
            );
        }
        assert!(!matches(&pattern("", &repo()), "", &repo()));
        assert!(!matches(&Never::default(), "anything", &repo()));
    }
}
