//! From the requests of an export to suggestions: my own, one each, and those of others that I reviewed.

use std::collections::BTreeSet;

use super::{Request, reviews};
use crate::harvest::bots::Bots;
use crate::harvest::guess::Guesser;
use crate::harvest::references::{Kind, Reference, Role, references};
use crate::harvest::score::{self, Sizes, Work};
use crate::harvest::secrets::redact;
use crate::harvest::taste::Taste;
use crate::harvest::whole::pull_key;
use crate::harvest::{Learnt, artifacts, guess, message, never, taste, weeks};
use crate::model::project::{FileChange, Forge};
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::verdict::Never;
use crate::model::{Artifact, ArtifactKind, Bet, Guide, RecordId, Text};

/// People and issues that one suggestion lists at most.
const MANY: usize = 16;

/// What requests are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Names of my accounts.
    pub logins: &'a [Text],
    /// Who is a program.
    pub bots: &'a Bots,
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
}

/// What an export came to.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What of it deserves to be kept.
    pub suggestions: Vec<Suggestion>,
    /// My requests that were merged.
    pub own: usize,
    /// Requests of others that I reviewed.
    pub reviewed: usize,
    /// My requests that were not merged, and others' that are still open.
    pub open: usize,
    /// Requests that I had no part in.
    pub others: usize,
    /// Requests of programs: to approve one helps no person.
    pub bots: usize,
}

impl Desk<'_> {
    fn is_me(&self, login: &Text) -> bool {
        self.logins.iter().any(|own| own.raw().eq_ignore_ascii_case(login.raw()))
    }

    pub(super) fn is_decided(&self, key: &str) -> bool {
        self.decided.contains(&RecordId::derived(key))
    }
}

/// Judges an export. With `reviewed`, the export says of every request that I reviewed it.
pub fn tell(requests: &[Request], reviewed: bool, desk: &Desk<'_>) -> Told {
    let guesser = Guesser::new(desk.guide, desk.bets);
    let mut told = Told::default();
    let mut given = Vec::new();
    for request in requests {
        let mine = desk.is_me(&request.author);
        let by_me = !mine && (reviewed || request.reviewers.iter().any(|login| desk.is_me(login)));
        if !mine && (request.by_bot || desk.bots.is_login(&request.author)) {
            told.bots += 1;
        } else if by_me && request.closed.is_some() {
            told.reviewed += 1;
            given.push(request);
        } else if mine && request.merged.is_some() {
            told.own += 1;
            told.suggestions.extend(suggestion(request, desk, &guesser));
        } else if mine || by_me {
            told.open += 1;
        } else {
            told.others += 1;
        }
    }
    told.suggestions.extend(reviews::suggestions(&given, desk, &guesser));
    told
}

/// The suggestion of a request of mine that was merged.
fn suggestion(request: &Request, desk: &Desk<'_>, guesser: &Guesser<'_>) -> Option<Suggestion> {
    let merged = request.merged?;
    let headline = redact(message::bare_subject(request.title.raw())).text;
    let key = pull_key(request.repo.name.raw(), sign(request), &request.number.to_string());
    let keys: Vec<Text> = [key].into_iter().chain(request.commits.iter().cloned()).map(Text::from).collect();
    let silenced = desk.never.iter().any(|never| never::matches(never, &headline, &request.repo));
    if silenced
        || Text::from(headline.as_str()).is_blank()
        || keys.iter().any(|key| desk.is_decided(key.raw()))
    {
        return None;
    }
    let files: Vec<&FileChange> = request.files.iter().flatten().collect();
    let issues = issues(request);
    let work = Work {
        headline: &headline,
        body_len: request.body.raw().trim().chars().count(),
        breaking: message::breaks(request.body.raw()),
        reverts: message::is_revert(&headline),
        issue: artifacts::issue_reason(&issues),
        sizes: request.files.as_ref().map(|_| Sizes::of(files.iter().copied())),
        bot: false,
    };
    let areas = files.iter().filter_map(|file| guess::area(file.path.raw()));
    let traits = taste::traits(&headline, work.sizes.as_ref(), areas);
    let mut signals = score::signals(&work);
    signals.extend(desk.taste.signal(&traits));
    let reviewers = reviewers(request, desk);
    signals.extend(facts(request, reviewers.len()));
    let bets = guesser.bets(&headline, &files);
    if !bets.is_empty() {
        let why = bets.iter().map(guess::BetGuess::why).collect::<Vec<_>>().join("; ");
        signals.push(Signal { name: "bet".to_owned(), points: 15, why: why.into() });
    }
    score::sort(&mut signals);
    let title = message::title_of(&headline, "");
    let kind = guesser.kind(&headline);
    let mut artifacts = vec![pull(request, &title)];
    artifacts.extend(issues.iter().map(|issue| artifacts::issue(issue, &request.repo)));
    artifacts.extend(reviewers.into_iter().map(|login| Artifact::new(ArtifactKind::Person, login.clone())));
    Some(Suggestion {
        id: RecordId::derived(keys.first()?.raw()),
        keys,
        title: title.into(),
        happened: merged.day(),
        repo: request.repo.name.clone(),
        kind: kind.map(|kind| kind.id.clone()),
        dimensions: kind.and_then(|kind| kind.dimension.clone()).into_iter().collect(),
        bets: bets.into_iter().map(|guess| guess.id).collect(),
        artifacts,
        score: score::total(&signals),
        signals,
        traits,
        area: weeks::area(files.iter().copied()),
        pattern: never::pattern(&headline, &request.repo),
        asked: false,
    })
}

/// Signals that only a forge knows.
fn facts(request: &Request, reviewers: usize) -> Vec<Signal> {
    let mut facts = Vec::new();
    let mut add = |name: &str, points: i32, why: String| {
        facts.push(Signal { name: name.to_owned(), points, why: why.into() });
    };
    if let (None, Some(lines)) = (&request.files, request.lines) {
        add("size", score::code_points(lines) / 2, format!("{lines} lines of any sort"));
    }
    match i32::try_from(reviewers).unwrap_or(i32::MAX) {
        0 => {}
        1 => add("reviewers", 5, "reviewed by somebody else".to_owned()),
        many => add("reviewers", 5 * many.min(3), format!("reviewed by {many} people")),
    }
    facts
}

/// People who reviewed it, without me and without programs.
fn reviewers<'r>(request: &'r Request, desk: &Desk<'_>) -> Vec<&'r Text> {
    let others = request.reviewers.iter().filter(|login| !desk.is_me(login) && !desk.bots.is_login(login));
    others.filter(|login| **login != request.author).take(MANY).collect()
}

/// Issues that it closes, by what the forge knows and by what it says.
fn issues(request: &Request) -> Vec<Reference> {
    let learnt = Learnt { suffix_is_pr: true, ..Learnt::default() };
    let linked = request.closes.iter().flat_map(|url| references("", url.raw(), &learnt)).map(|mut found| {
        found.role = Role::Closes;
        found
    });
    let said =
        references("", request.body.raw(), &learnt).into_iter().filter(|found| found.role == Role::Closes);
    let mut issues: Vec<Reference> = Vec::new();
    for mut issue in linked.chain(said).filter(|found| found.kind == Kind::Issue) {
        // An issue of the same repository is one, however it is written.
        issue.repo = issue.repo.filter(|repo| !request.repo.is_called(repo.raw()));
        if !issues.iter().any(|known| (&known.repo, &known.target) == (&issue.repo, &issue.target)) {
            issues.push(issue);
        }
    }
    issues.truncate(MANY);
    issues
}

/// The request as an artifact.
pub(super) fn pull(request: &Request, title: &str) -> Artifact {
    let mut pull = Artifact::new(ArtifactKind::PullRequest, format!("{}{}", sign(request), request.number));
    pull.repo = Some(request.repo.name.clone());
    pull.url = request.repo.web.as_ref().map(|web| web.pull_request_url(request.number).into());
    pull.subject = Some(title.into());
    pull
}

/// What stands before the number of a request.
fn sign(request: &Request) -> &'static str {
    let gitlab = request.repo.web.as_ref().is_some_and(|web| web.forge == Forge::GitLab);
    if gitlab { "!" } else { "#" }
}
