//! A piece of work of mine: what it is called, what it rests on, what it may be for.

use std::collections::BTreeSet;

use crate::model::project::FileChange;
use crate::model::suggestion::{Signal, Suggestion};
use crate::model::{Artifact, Bet, RecordId, Slug, Text};

use super::bots::Bots;
use super::group::{Fact, Piece};
use super::guess::{self, Guesser};
use super::mine::{from_me, is_mine};
use super::score::{self, Sizes, Work};
use super::secrets::redact;
use super::suggest::Context;
use super::taste;
use super::{artifacts, message, never, trailers, weeks};

/// A piece of work that is mine.
pub(super) struct Mine<'p, 'a> {
    piece: &'p Piece,
    /// The commit that speaks for the whole: its squash, its merge, or its first.
    lead: &'p Fact<'a>,
    /// True when what the lead changes is all of it.
    spans: bool,
    /// What the lead says, without numbers.
    headline: String,
    /// My own commits, without merges, each piece of text once.
    own: Vec<&'p Fact<'a>>,
}

impl<'p, 'a> Mine<'p, 'a> {
    pub(super) fn of(piece: &'p Piece, facts: &'p [Fact<'a>], context: &Context<'_>) -> Option<Self> {
        let all: Vec<&Fact<'_>> = piece.commits.iter().map(|at| &facts[*at]).collect();
        let work = || all.iter().copied().filter(|fact| !fact.is_merge());
        let own: Vec<&Fact<'_>> = work().filter(|fact| is_mine(fact.commit, context.me)).collect();
        let merge = all.iter().copied().find(|fact| fact.is_merge());
        // Who merges has not written. A merge alone is mine when its branch came from my account.
        if own.is_empty()
            && (work().next().is_some() || !merge.is_some_and(|fact| from_me(fact.commit, context)))
        {
            return None;
        }
        let squash = own.iter().copied().find(|fact| fact.pull.is_some());
        // A branch may have landed without a review, as one commit.
        let fold = own.iter().copied().rfind(|fact| {
            piece.heads.len() < piece.commits.len()
                && piece.heads.iter().any(|at| facts[*at].commit.id == fact.commit.id)
        });
        let lead = squash.or(merge).or(fold).or_else(|| own.first().copied())?;
        let spans = lead.pull.is_some() || fold.is_some_and(|fold| fold.commit.id == lead.commit.id);
        let mut line = lead.headline();
        if message::is_forge_merge(line) {
            line = own.first().map_or(line, |fact| fact.headline());
        }
        let headline = redact(message::bare_subject(line)).text;
        Some(Self { piece, lead, spans, headline, own })
    }

    pub(super) fn suggestion(&self, context: &Context<'_>, guesser: &Guesser<'_>) -> Option<Suggestion> {
        let keys = self.keys(context);
        if context.only.is_some_and(|only| !keys.iter().any(|key| only.contains(key.raw()))) {
            return None;
        }
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
        let work = self.work(files.as_deref(), context.bots);
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
            area: weeks::area(files.iter().flatten().copied()),
            pattern: never::pattern(&self.headline, context.repo),
            asked,
            keys,
        })
    }

    /// Pull requests first, then commits by date: the first key is the one that outlives rewrites best.
    pub(super) fn keys(&self, context: &Context<'_>) -> Vec<Text> {
        // Without a host a name is only a directory's, and two directories may be called alike.
        let named = context.repo.name.raw().contains('/');
        let pulls = self.piece.pulls.keys().filter(|_| named).map(|pull| pull.key(context.repo));
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
        if let Some(files) = lead.filter(|files| self.spans && !(self.lead.is_merge() && files.is_empty())) {
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

    fn work(&self, files: Option<&[&FileChange]>, bots: &Bots) -> Work<'_> {
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
            issue: artifacts::issue_reason(&artifacts::issues(&self.speaking(), bots)),
            sizes: files.map(|files| Sizes::of(files.iter().copied())),
            bot: bots.is(&commit.author) && !self.lead.is_merge(),
        }
    }

    /// The commits whose references are the work's.
    fn speaking(&self) -> Vec<&'p Fact<'a>> {
        self.own.iter().copied().chain([self.lead]).collect()
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
        let (repo, bots) = (context.repo, context.bots);
        let speaking = self.speaking();
        let reviews = self.piece.pulls.values().map(|review| artifacts::review(review, title, repo));
        let merge = self.lead.is_merge().then_some(self.lead);
        let commits = merge.into_iter().chain(self.own.iter().copied()).take(artifacts::MOST);
        let commits = commits.map(|fact| artifacts::commit(fact, repo));
        let issues = artifacts::issues(&speaking, bots).into_iter().map(|one| artifacts::issue(one, repo));
        let own: BTreeSet<_> = self.piece.pulls.values().map(|review| &review.target).collect();
        let pages = artifacts::pages(&self.own, &own, bots).into_iter().map(artifacts::page);
        reviews.chain(commits).chain(issues).chain(pages).collect()
    }
}
