//! From commits to suggestions.

use std::collections::BTreeSet;

use proptest::prelude::{Just, Strategy};

use super::{Context, THRESHOLD, suggest};
use crate::harvest::credit::Roles;
use crate::harvest::explain::why;
use crate::harvest::learn::Learnt;
use crate::harvest::taste::Taste;
use crate::harvest::testing::{ME, bet, commit, file, guide, repo};
use crate::model::project::ProjectCommit;
use crate::model::suggestion::Suggestion;
use crate::model::verdict::Never;
use crate::model::{ArtifactKind, Bet, RecordId, Text};

#[derive(Default)]
struct World {
    bets: Vec<Bet>,
    decided: BTreeSet<RecordId>,
    never: Vec<Never>,
    everything: bool,
}

impl World {
    fn suggest(&self, commits: &[ProjectCommit]) -> Vec<Suggestion> {
        let (me, repo, guide) = ([Text::from("Ada@acme.test")], repo(), guide());
        let Self { bets, decided, never, everything } = self;
        suggest(
            commits,
            &Context {
                bots: &crate::harvest::bots::Bots::default(),
                taste: &Taste::default(),
                me: &me,
                repo: &repo,
                guide: &guide,
                bets,
                decided,
                never,
                threshold: THRESHOLD,
                everything: *everything,
                only: None,
                same: &[],
                learnt: &Learnt::default(),
                logins: &[],
                also: &BTreeSet::new(),
                roles: &Roles::of(&guide),
            },
        )
        .suggestions
    }

    fn titles(&self, commits: &[ProjectCommit]) -> Vec<String> {
        self.suggest(commits).into_iter().map(|s| s.title.raw().to_owned()).collect()
    }
}

fn everything() -> World {
    World { everything: true, ..World::default() }
}

fn by(email: &str, mut commit: ProjectCommit) -> ProjectCommit {
    commit.author.email = email.into();
    commit
}

fn with_body(mut commit: ProjectCommit, body: &str) -> ProjectCommit {
    commit.body = body.into();
    commit
}

fn child(mut commit: ProjectCommit, parents: &[&ProjectCommit]) -> ProjectCommit {
    commit.parents = parents.iter().map(|parent| parent.id.clone()).collect();
    commit
}

/// A base, a branch of two commits and the merge of its pull request by somebody else.
fn merged() -> Vec<ProjectCommit> {
    let base = by("bob@acme.test", commit("1", "Base"));
    let one = child(commit("2", "wip"), &[&base]);
    let mut two = child(commit("3", "Handle lost leases"), &[&one]);
    two.files = Some(vec![file("src/lease.rs", 120, 4), file("tests/lease.rs", 30, 0)]);
    let merge = child(commit("4", "Merge pull request #7 from ada/leases"), &[&base, &two]);
    let merge =
        with_body(by("bob@acme.test", merge), "feat(queue): retry ingest on lease loss\n\nCloses #88");
    vec![base, one, two, merge]
}

#[test]
fn a_squash_becomes_a_suggestion_with_reasons() {
    let mut work = with_body(
        commit("a", "feat(queue): retry ingest on lease loss (#12)"),
        "Fixes #88\nfixes other/repo#4",
    );
    work.files = Some(vec![file("src/queue/lease.rs", 200, 12), file("tests/lease.rs", 40, 0)]);
    let world = World { bets: vec![bet("one-queue", "One ingest queue for all")], ..World::default() };
    let found = world.suggest(&[work.clone()]);
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(one.title.raw(), "Retry ingest on lease loss");
    assert_eq!(one.id, RecordId::derived("pr:github.com/acme/parser#12"));
    let authored = work.authored.epoch();
    assert_eq!(one.keys[1].raw(), format!("commit:{ME}|{authored}|feat(queue): retry ingest on lease loss"));
    let artifacts: Vec<_> = one.artifacts.iter().map(|a| (a.kind, a.reference.raw())).collect();
    assert_eq!(
        artifacts,
        [
            (ArtifactKind::PullRequest, "#12"),
            (ArtifactKind::Commit, work.id.as_str()),
            (ArtifactKind::Issue, "#88"),
            (ArtifactKind::Issue, "other/repo#4"),
        ]
    );
    let urls: Vec<_> = one.artifacts.iter().map(|a| a.url.as_ref().map(Text::raw)).collect();
    assert_eq!(urls[0], Some("https://github.com/acme/parser/pull/12"));
    assert_eq!(urls[2], Some("https://github.com/acme/parser/issues/88"));
    assert_eq!(urls[3], Some("https://github.com/other/repo/issues/4"), "on the forge of the remote");
    assert_eq!(one.bets, [world.bets[0].id]);
    assert_eq!(one.score, one.signals.iter().map(|s| s.points).sum::<i32>());
    assert_eq!(
        why(one).raw(),
        "feature, with tests, 212 lines of production code, words 'ingest', 'queue' of bet 'one-queue'"
    );
    assert_eq!((one.kind.as_ref().unwrap().as_str(), one.dimensions.len()), ("launch", 1));
}

#[test]
fn a_pull_request_is_one_piece_of_work() {
    let found = World::default().suggest(&merged());
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.title.raw(), one.keys.len()), ("Retry ingest on lease loss", 3));
    let commits: Vec<_> = one
        .artifacts
        .iter()
        .filter(|a| a.kind == ArtifactKind::Commit)
        .map(|a| &a.reference.raw()[..1])
        .collect();
    assert_eq!(commits, ["4", "2", "3"]);
    assert!(one.signals.iter().any(|s| s.why.raw() == "124 lines of production code"));
    // A cherry-pick of a branch commit is the same work.
    let mut pick = commit("5", "Handle lost leases");
    pick.authored = merged()[2].authored;
    let mut more = merged();
    more.push(pick);
    assert_eq!(World::default().suggest(&more).len(), 1);
}

#[test]
fn only_my_work_is_suggested() {
    let feature = || commit("a", "feat: one queue (#1)");
    assert_eq!(everything().titles(&[by("bob@acme.test", feature())]).len(), 0);
    let mut helped = by("bob@acme.test", feature());
    helped.trailers = vec![("Co-authored-by".into(), "Ada <ADA@acme.test>".into())];
    assert_eq!(everything().titles(&[helped]), ["One queue"]);
    let merge = |owner: &str| {
        let parents = [&commit("x", ""), &commit("y", "")];
        with_body(child(commit("m", &format!("Merge pull request #3 from {owner}/x")), &parents), "Do it")
    };
    assert_eq!(everything().titles(&[merge("ada")]), ["Do it"], "a lone merge from my account");
    assert!(everything().titles(&[merge("bob")]).is_empty(), "I merged it, bob wrote it");
    let plain = child(commit("m", "Merge branch 'main'"), &[&commit("x", ""), &commit("y", "")]);
    assert!(everything().titles(&[plain]).is_empty());
}

#[test]
fn what_was_taken_back_is_gone() {
    let work = commit("1", "feat: one queue (#1)");
    let revert = with_body(
        commit("2", "Revert \"feat: one queue (#1)\" (#2)"),
        &format!("This reverts commit {}.", work.id),
    );
    let by_subject = commit("3", "Revert \"feat: one queue (#1)\"");
    let again = with_body(
        commit("4", "Reapply \"feat: one queue (#1)\" (#5)"),
        &format!("This reverts commit {}.", revert.id),
    );
    let world = everything();
    assert!(world.titles(&[work.clone(), revert.clone()]).is_empty());
    assert!(world.titles(&[work.clone(), by_subject.clone()]).is_empty());
    assert_eq!(world.titles(&[work.clone(), revert.clone(), again]), ["One queue"]);
    assert_eq!(world.titles(std::slice::from_ref(&revert)).len(), 1, "what it takes back is not here");
    let mut merged = merged();
    merged.push(with_body(
        commit("5", "Revert \"x\""),
        &format!("This reverts commit {}, reversing", merged[3].id),
    ));
    assert!(world.titles(&merged).is_empty(), "the whole branch");
}

#[test]
fn decided_and_never_stay_away() {
    let work = merged();
    for key in World::default().suggest(&work)[0].keys.clone() {
        let world = World { decided: BTreeSet::from([RecordId::derived(key.raw())]), ..World::default() };
        assert!(world.titles(&work).is_empty(), "{key:?}");
    }
    let pattern = World::default().suggest(&work)[0].pattern.clone();
    assert!(World { never: vec![pattern], ..World::default() }.titles(&work).is_empty());
}

#[test]
fn trailers_ask_and_overrule() {
    let mut chore = commit("a", "chore: tidy");
    chore.files = Some(vec![file("README.md", 1, 1)]);
    assert!(World::default().titles(&[chore.clone()]).is_empty());
    chore.trailers =
        vec![("Okr-Evidence".into(), "Chose one queue".into()), ("Okr-Kind".into(), "decision".into())];
    let never = vec![crate::harvest::never::pattern("chore: x", &repo())];
    let found = World { never, ..World::default() }.suggest(&[chore.clone()]);
    assert_eq!((found[0].title.raw(), found[0].asked), ("Chose one queue", true));
    assert_eq!(found[0].kind.as_ref().unwrap().as_str(), "decision");
    chore.trailers = vec![("Okr-Bet".into(), "one-queue, gone".into())];
    let world = World { bets: vec![bet("one-queue", "x"), bet("tidy", "x")], ..World::default() };
    assert_eq!(world.suggest(&[chore])[0].bets, [world.bets[0].id], "the trailer, not the word");
}

#[test]
fn secrets_and_noise_stay_out() {
    let token = format!("ghp_{}", "a1".repeat(20));
    let found = everything().suggest(&[commit("a", &format!("Use {token}"))]);
    assert!(!serde_json::to_string(&found).unwrap().contains(&token));
    assert_eq!(found[0].title.raw(), "Use [redacted: github-token]");
    let bot = by(ME, commit("b", "chore(deps): bump serde"));
    assert!(World::default().titles(&[bot]).is_empty());
}

fn shuffled() -> impl Strategy<Value = (Vec<ProjectCommit>, Vec<ProjectCommit>)> {
    let mut commits = merged();
    commits.extend([
        commit("5", "feat: one queue (#1)"),
        commit("6", "Revert \"feat: one queue (#1)\""),
        commit("7", "Reapply \"feat: one queue (#1)\""),
        commit("8", "Add leases (#9)"),
        commit("9", "fix: leases (#9)"),
        commit("a", "Revert \"unknown\" (#10)"),
    ]);
    for at in 4..8 {
        commits[at].committed = commits[4].committed;
    }
    (Just(commits.clone()), Just(commits).prop_shuffle())
}

proptest::proptest! {
    #[test]
    fn the_order_of_commits_does_not_matter((commits, other) in shuffled()) {
        let world = everything();
        assert_eq!(world.suggest(&commits), world.suggest(&other));
    }
}
