//! Suggestions: pieces of my work, with keys, score, guesses and artifacts. The same for any order of the commits.

use std::collections::BTreeSet;

use crate::model::project::{ProjectCommit, ProjectRepo};
use crate::model::suggestion::{Suggestion, TakenBack};
use crate::model::verdict::Never;
use crate::model::{Bet, Guide, RecordId, Text};

use super::bots::Bots;
use super::credit::{Credited, Roles, credited};
use super::group::{Fact, Piece, pieces, places};
use super::guess::Guesser;
use super::learn::Learnt;
use super::reverts::{self, Outcome};
use super::secrets::redact;
use super::taste::Taste;
use super::work::Mine;

/// Points from which something is suggested, in tenths, unless the person says otherwise.
pub const THRESHOLD: i32 = 20;

/// From how many a second thread is worth its start.
const MANY: usize = 1_000;

/// Whose work is looked for, where, and what is known already.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// My addresses. Without one nothing is mine.
    pub me: &'a [Text],
    /// My accounts on forges.
    pub logins: &'a [Text],
    /// Others whom the mailmap says to be me: see [`super::credit::Me`].
    pub also: &'a BTreeSet<String>,
    /// Who is a program.
    pub bots: &'a Bots,
    /// What the trailers of others say of me.
    pub roles: &'a Roles,
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
    /// Tell only work with one of these keys; all work when there are none.
    pub only: Option<&'a BTreeSet<String>>,
    /// Commits that are known to hold one and the same change, by their ids.
    pub same: &'a [(String, String)],
    /// What numbers and keys mean here.
    pub learnt: &'a Learnt,
}

/// What commits come to.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What of them deserves to be kept, best first.
    pub suggestions: Vec<Suggestion>,
    /// Changes of others that credit me.
    pub credited: Vec<Credited>,
    /// Work of mine that was taken back.
    pub taken_back: Vec<TakenBack>,
    /// Keys of all work of mine that stands.
    pub stands: Vec<Text>,
    /// Keys of reverts of mine, which are no work themselves.
    pub none: Vec<Text>,
}

/// Pieces of my work, best first, and changes of others that credit me.
pub fn suggest(commits: &[ProjectCommit], context: &Context<'_>) -> Found {
    let mut facts: Vec<Fact<'_>> =
        side_by_side(commits, |commit| Fact::of(commit, context.learnt, context.repo));
    facts.sort_by(|a, b| (a.commit.committed, &a.commit.id).cmp(&(b.commit.committed, &b.commit.id)));
    facts.dedup_by(|a, b| a.commit.id == b.commit.id);
    let guesser = Guesser::new(context.guide, context.bets);
    let places = places(&facts);
    let all = pieces(&facts, &places, context.same);
    let outcome = reverts::judge(&facts, &places, &all, context.repo);
    let mut told = lost_and_found(&facts, &all, &outcome, context);
    let stands = |(at, piece)| (!outcome.gone.contains_key(&at)).then_some(piece);
    let pieces: Vec<Piece> = all.into_iter().enumerate().filter_map(stands).collect();
    let suggestion = |piece: &Piece| Mine::of(piece, &facts, context)?.suggestion(context, &guesser);
    let mut found: Vec<Suggestion> = side_by_side(&pieces, suggestion).into_iter().flatten().collect();
    found.sort_by(|a, b| {
        b.score.cmp(&a.score).then_with(|| b.happened.cmp(&a.happened)).then_with(|| a.id.cmp(&b.id))
    });
    told.credited = credited(&pieces, &facts, context);
    Found { suggestions: found, ..told }
}

/// What comes of each, in their order, on all cores when there are many.
fn side_by_side<'t, T: Sync, R: Send>(all: &'t [T], of: impl Fn(&'t T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if all.len() < MANY || cores == 1 {
        return all.iter().map(of).collect();
    }
    let (of, part) = (&of, all.len().div_ceil(cores));
    std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(part)
            .map(|chunk| scope.spawn(move || chunk.iter().map(of).collect::<Vec<_>>()))
            .collect();
        let done = |part: std::thread::ScopedJoinHandle<'_, Vec<R>>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().flat_map(done).collect()
    })
}

/// What became of all work of mine.
fn lost_and_found(facts: &[Fact<'_>], pieces: &[Piece], outcome: &Outcome, context: &Context<'_>) -> Found {
    let mut found = Found::default();
    for (at, piece) in pieces.iter().enumerate() {
        let Some(mine) = Mine::of(piece, facts, context) else { continue };
        let keys = mine.keys(context);
        match outcome.gone.get(&at) {
            None => found.stands.extend(keys),
            Some(None) => found.none.extend(keys),
            Some(Some(by)) => {
                let by = facts[*by].commit;
                found.taken_back.push(TakenBack {
                    keys,
                    by: by.id.clone().into(),
                    subject: redact(by.subject.raw()).text.into(),
                    day: by.committed.day(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
