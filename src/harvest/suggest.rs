//! Suggestions: pieces of my work, with keys, score, guesses and artifacts. The same for any order of the commits.

use std::collections::BTreeSet;

use crate::model::project::{FileChange, Forge, ProjectCommit, ProjectRepo};
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Artifact, ArtifactKind, Bet, Guide, RecordId, Slug, Text};

use super::group::{Fact, Piece, pieces};
use super::guess::{self, Guesser};
use super::mine::{from_me, is_mine};
use super::references::{Kind, Reference, Role};
use super::score::{self, Sizes, Work};
use super::secrets::redact;
use super::taste::{self, Taste};
use super::{message, never, trailers};

/// Points from which something is suggested, in tenths, unless the person says otherwise.
pub const THRESHOLD: i32 = 20;

/// Commits that one suggestion lists at most; a longer series is told by its pull request.
const MAX_COMMITS: usize = 32;

/// Whose work is looked for, where, and what is known already.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// My addresses. Without one nothing is mine.
    pub me: &'a [Text],
    /// The repository that the commits come from.
    pub repo: &'a ProjectRepo,
    /// The guide, for kinds of evidence.
    pub guide: &'a Guide,
    /// Open bets.
    pub bets: &'a [Bet],
    /// Ids derived from keys that were decided on.
    pub decided: &'a BTreeSet<RecordId>,
    /// Patterns that are never to be suggested.
    pub never: &'a [Never],
    /// What the person kept and dismissed before.
    pub taste: &'a Taste,
    /// The least score, in tenths of a point.
    pub threshold: i32,
    /// Suggest whatever the score.
    pub everything: bool,
    /// Whether `(#12)` at the end of a subject is a pull request here.
    pub suffix_is_pr: bool,
}

/// What of `commits` deserves to be kept, best first.
pub fn suggest(commits: &[ProjectCommit], context: &Context<'_>) -> Vec<Suggestion> {
    let mut facts: Vec<Fact<'_>> =
        commits.iter().map(|commit| Fact::of(commit, context.suffix_is_pr)).collect();
    facts.sort_by(|a, b| (a.commit.committed, &a.commit.id).cmp(&(b.commit.committed, &b.commit.id)));
    facts.dedup_by(|a, b| a.commit.id == b.commit.id);
    let guesser = Guesser::new(context.guide, context.bets);
    let mut found: Vec<Suggestion> = pieces(&facts)
        .iter()
        .filter_map(|piece| Mine::of(piece, &facts, context)?.suggestion(context, &guesser))
        .collect();
    found.sort_by(|a, b| {
        b.score.cmp(&a.score).then_with(|| b.happened.cmp(&a.happened)).then_with(|| a.id.cmp(&b.id))
    });
    found
}

/// A piece of work that is mine.
struct Mine<'p, 'a> {
    piece: &'p Piece,
    /// The commit that speaks for the whole: its squash, its merge, or its first.
    lead: &'p Fact<'a>,
    /// What the lead says, without numbers.
    headline: String,
    /// My own commits, without merges, each piece of text once.
    own: Vec<&'p Fact<'a>>,
}

impl<'p, 'a> Mine<'p, 'a> {
    fn of(piece: &'p Piece, facts: &'p [Fact<'a>], context: &Context<'_>) -> Option<Self> {
        let all: Vec<&Fact<'_>> = piece.commits.iter().map(|at| &facts[*at]).collect();
        let work = || all.iter().copied().filter(|fact| !fact.is_merge());
        let own: Vec<&Fact<'_>> = work().filter(|fact| is_mine(fact.commit, context.me)).collect();
        let merge = all.iter().copied().find(|fact| fact.is_merge());
        // Who merges has not written. A merge alone is mine when its branch came from my account.
        if own.is_empty()
            && (work().next().is_some() || !merge.is_some_and(|fact| from_me(fact.commit, context.me)))
        {
            return None;
        }
        let squash = own.iter().copied().find(|fact| fact.pull.is_some());
        let lead = squash.or(merge).or_else(|| own.first().copied())?;
        let mut line = lead.headline();
        if line.starts_with("Merge pull request ") {
            line = own.first().map_or(line, |fact| fact.headline());
        }
        let headline = redact(message::bare_subject(line)).text;
        Some(Self { piece, lead, headline, own })
    }

    fn suggestion(&self, context: &Context<'_>, guesser: &Guesser<'_>) -> Option<Suggestion> {
        let keys = self.keys(context);
        let id = RecordId::derived(keys.first()?.raw());
        let evidence = self.own.iter().find_map(|fact| trailers::okr_evidence(fact.commit));
        let named: BTreeSet<Text> =
            self.own.iter().flat_map(|fact| trailers::okr_bets(fact.commit)).collect();
        let asked = evidence.is_some() || !named.is_empty();
        let silenced =
            || context.never.iter().any(|never| never::matches(never, &self.headline, context.repo));
        let decided = || keys.iter().any(|key| context.decided.contains(&RecordId::derived(key.raw())));
        if decided() || (!asked && silenced()) {
            return None;
        }
        let files = self.files();
        let guesses = self.bets(&named, files.as_deref().unwrap_or_default(), context, guesser);
        let work = self.work(files.as_deref());
        let areas = files.iter().flatten().filter_map(|file| guess::area(file.path.raw()));
        let traits = taste::traits(&self.headline, work.sizes.as_ref(), areas);
        let mut signals = score::signals(&work);
        signals.extend(context.taste.signal(&traits));
        if asked {
            let why =
                if evidence.is_some() { "asked for by 'Okr-Evidence'" } else { "asked for by 'Okr-Bet'" };
            signals.push(Signal { name: "asked".to_owned(), points: 60, why: why.into() });
        }
        if !guesses.is_empty() {
            let why = guesses.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join("; ");
            signals.push(Signal { name: "bet".to_owned(), points: 15, why: why.into() });
        }
        score::sort(&mut signals);
        let score = score::total(&signals);
        if score < context.threshold && !asked && !context.everything {
            return None;
        }
        let told = self.own.iter().find_map(|fact| trailers::okr_kind(fact.commit));
        let told = told.and_then(|kind| Slug::parse(kind.raw()).ok());
        let kinds = &context.guide.evidence_kinds;
        let kind = told.and_then(|told| kinds.iter().find(|kind| kind.id == told));
        let kind = kind.or_else(|| guesser.kind(&self.headline));
        let title = evidence.and_then(|evidence| evidence.title);
        let title = title.map_or_else(
            || message::title_of(&self.headline, ""),
            |t| message::shorten(&redact(t.raw()).text),
        );
        Some(Suggestion {
            id,
            artifacts: self.artifacts(&title, context),
            title: title.into(),
            happened: self.lead.commit.authored.day(),
            repo: context.repo.name.clone(),
            kind: kind.map(|kind| kind.id.clone()),
            dimensions: kind.and_then(|kind| kind.dimension.clone()).into_iter().collect(),
            bets: guesses.into_iter().map(|(id, _)| id).collect(),
            score,
            signals,
            traits,
            pattern: never::pattern(&self.headline, context.repo),
            asked,
            keys,
        })
    }

    /// Pull requests first, then commits by date: the first key is the one that outlives rewrites best.
    fn keys(&self, context: &Context<'_>) -> Vec<Text> {
        // Without a host a name is only a directory's, and two directories may be called alike.
        let named = context.repo.name.raw().contains('/');
        let pulls = self.piece.pulls.iter().filter(|_| named);
        let pulls = pulls.map(|number| format!("pr:{}#{number}", context.repo.name.raw()));
        let alone = self.own.is_empty().then_some(self.lead);
        let mut commits: Vec<_> = self
            .own
            .iter()
            .copied()
            .chain(alone)
            .map(|fact| (fact.commit.authored, fact.key.clone()))
            .collect();
        commits.sort();
        commits.dedup();
        pulls.chain(commits.into_iter().map(|(_, key)| key)).map(Text::from).collect()
    }

    /// What changed: of the squash or the merge when that is known, otherwise of my commits, each once.
    fn files(&self) -> Option<Vec<&'a FileChange>> {
        let lead = self.lead.commit.files.as_deref();
        if let Some(files) =
            lead.filter(|files| self.lead.pull.is_some() && !(self.lead.is_merge() && files.is_empty()))
        {
            return Some(files.iter().collect());
        }
        let mut seen = BTreeSet::new();
        let known: Vec<_> = self
            .own
            .iter()
            .filter(|fact| seen.insert(fact.key.as_str()))
            .filter_map(|fact| fact.commit.files.as_deref())
            .collect();
        (!known.is_empty()).then(|| known.into_iter().flatten().collect())
    }

    fn work(&self, files: Option<&[&FileChange]>) -> Work<'_> {
        let commit = self.lead.commit;
        let trailers: usize = commit
            .trailers
            .iter()
            .map(|(key, value)| key.raw().chars().count() + value.raw().chars().count() + 3)
            .sum();
        Work {
            headline: &self.headline,
            body_len: commit.body.raw().trim().chars().count().saturating_sub(trailers),
            breaking: self.own.iter().any(|fact| message::breaks(fact.commit.body.raw())),
            reverts: message::is_revert(&self.headline),
            issue: self.issue_reason(),
            sizes: files.map(|files| Sizes::of(files.iter().copied())),
            bot: score::is_bot(&commit.author) && !self.lead.is_merge(),
        }
    }

    /// Issues that the work closes or names, closed ones first, each once.
    fn issues(&self) -> Vec<&'p Reference> {
        let mut seen = BTreeSet::new();
        let facts =
            || self.own.iter().copied().chain([self.lead]).filter(|fact| !score::is_bot(&fact.commit.author));
        let of = |role| {
            facts().flat_map(|fact| &fact.references).filter(move |r| r.kind == Kind::Issue && r.role == role)
        };
        of(Role::Closes)
            .chain(of(Role::Mentions))
            .filter(|r| seen.insert((&r.repo, r.number)))
            .take(MAX_COMMITS)
            .collect()
    }

    /// Pull requests that the messages name by their whole address, each once. The work's own is none of them.
    fn other_pulls(&self) -> Vec<&'p Reference> {
        let mut seen = BTreeSet::new();
        let facts = self.own.iter().copied().filter(|fact| !score::is_bot(&fact.commit.author));
        facts
            .flat_map(|fact| &fact.references)
            .filter(|r| r.kind == Kind::PullRequest && r.role == Role::Mentions && r.url.is_some())
            .filter(|r| !self.piece.pulls.contains(&r.number) && seen.insert(&r.url))
            .take(MAX_COMMITS)
            .collect()
    }

    fn issue_reason(&self) -> Option<String> {
        let issues = self.issues();
        let first = issues.first()?;
        let verb = if first.role == Role::Closes { "closes" } else { "names" };
        let repo = first.repo.as_ref().map_or("", Text::raw);
        let more = if issues.len() > 1 { format!(" and {} more", issues.len() - 1) } else { String::new() };
        Some(format!("{verb} {repo}#{}{more}", first.number))
    }

    /// Bets that the commits name, otherwise those that words point at, with reasons.
    fn bets(
        &self,
        named: &BTreeSet<Text>,
        files: &[&FileChange],
        context: &Context<'_>,
        guesser: &Guesser<'_>,
    ) -> Vec<(RecordId, String)> {
        let is = |bet: &Bet| {
            named.iter().any(|name| name.raw() == bet.slug.as_str() || name.raw() == bet.id.as_str())
        };
        let mut found: Vec<_> = context
            .bets
            .iter()
            .filter(|bet| is(bet))
            .map(|bet| (bet.id, format!("'Okr-Bet: {}'", bet.slug)))
            .collect();
        if found.is_empty() && named.is_empty() {
            let guessed = guesser.bets(&self.headline, files);
            found = guessed.into_iter().map(|guess| (guess.id, guess.why())).collect();
        }
        found.sort();
        found
    }

    fn artifacts(&self, title: &str, context: &Context<'_>) -> Vec<Artifact> {
        let ProjectRepo { name, web } = context.repo;
        let mut artifacts = Vec::new();
        for number in &self.piece.pulls {
            let sign = if web.as_ref().is_some_and(|web| web.forge == Forge::GitLab) { '!' } else { '#' };
            let mut pull = Artifact::new(ArtifactKind::PullRequest, format!("{sign}{number}"));
            pull.repo = Some(name.clone());
            pull.url = web.as_ref().map(|web| web.pull_request_url(*number).into());
            pull.subject = Some(title.into());
            artifacts.push(pull);
        }
        let merge = self.lead.is_merge().then_some(self.lead);
        for fact in merge.into_iter().chain(self.own.iter().copied()).take(MAX_COMMITS) {
            let commit = fact.commit;
            let mut artifact = Artifact::new(ArtifactKind::Commit, commit.id.as_str());
            artifact.repo = Some(name.clone());
            artifact.url = web.as_ref().map(|web| web.commit_url(&commit.id).into());
            artifact.subject = Some(redact(commit.subject.raw()).text.into());
            artifact.author = Some(commit.author.email.clone());
            artifact.authored = Some(commit.authored);
            artifacts.push(artifact);
        }
        artifacts.extend(self.issues().into_iter().map(|r| issue(r, context.repo)));
        artifacts.extend(self.other_pulls().into_iter().map(|r| {
            let mut pull = Artifact::new(ArtifactKind::PullRequest, r.url.clone().unwrap_or_default());
            pull.url.clone_from(&r.url);
            pull
        }));
        artifacts
    }
}

/// An issue that the work closes; its address is built only when its place is known.
fn issue(reference: &Reference, repo: &ProjectRepo) -> Artifact {
    let number = reference.number;
    let own =
        |named: &Text| repo.name.raw().strip_suffix(named.raw()).is_some_and(|host| host.ends_with('/'));
    let elsewhere = reference.repo.as_ref().filter(|named| !own(named));
    let mut issue = Artifact::new(ArtifactKind::Issue, format!("#{number}"));
    match elsewhere {
        None => {
            issue.repo = Some(repo.name.clone());
            issue.url = repo.web.as_ref().map(|web| web.issue_url(number).into());
        }
        Some(named) => issue.reference = format!("{}#{number}", named.raw()).into(),
    }
    issue.url = reference.url.clone().or(issue.url);
    issue
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
