//! One piece of work, whatever became of it: picked, squashed, taken back, and back again.

use proptest::prelude::{Just, Strategy};

use crate::harvest::Found;
use crate::harvest::testing::{commit, found};
use crate::model::Instant;
use crate::model::project::ProjectCommit;

/// A commit at an hour of its own, on top of others.
fn at(hour: i64, id: &str, message: &str, parents: &[&ProjectCommit]) -> ProjectCommit {
    let (subject, body) = message.split_once("\n\n").unwrap_or((message, ""));
    let mut one = commit(id, subject);
    one.body = body.into();
    one.authored = Instant::from_epoch(1_790_000_000 + hour * 3600, 3600).unwrap();
    one.committed = one.authored;
    one.parents = parents.iter().map(|parent| parent.id.clone()).collect();
    one
}

fn by_bob(mut commit: ProjectCommit) -> ProjectCommit {
    commit.author.email = "bob@acme.test".into();
    commit
}

fn titles(commits: &[&ProjectCommit]) -> Vec<String> {
    let commits: Vec<ProjectCommit> = commits.iter().map(|one| (*one).clone()).collect();
    let mut titles: Vec<String> =
        found(&commits, &[]).suggestions.into_iter().map(|one| one.title.raw().to_owned()).collect();
    titles.sort();
    titles
}

const CHANGE: &str = "Change-Id: I0123456789abcdef0123456789abcdef01234567";

#[test]
fn a_change_is_the_same_on_every_branch() {
    let one = at(1, "1", &format!("Retry ingest\n\n{CHANGE}\nReviewed-on: https://r.acme.test/c/q/+/7"), &[]);
    let two = at(
        9,
        "2",
        &format!("Retry ingest on 1.x\n\n{CHANGE}\nReviewed-on: https://r.acme.test/c/q/+/9"),
        &[],
    );
    assert_eq!(titles(&[&one, &two]), ["Retry ingest"]);
    let both = format!("{CHANGE}\n{}", CHANGE.replace("I0", "I1"));
    let squash = at(9, "3", &format!("All of it\n\n{both}"), &[]);
    assert_eq!(titles(&[&one, &squash]).len(), 2, "a squash of several is none of them");
}

#[test]
fn a_pick_says_where_it_comes_from() {
    let one = at(1, "1", "Retry ingest (#7)", &[]);
    let pick = at(9, "2", &format!("[1.x] Retry (#12)\n\n(cherry picked from commit {})", one.id), &[]);
    assert_eq!(titles(&[&one, &pick]), ["Retry ingest"]);
    let short = at(9, "3", &format!("[1.x] Retry\n\n(cherry picked from commit {})", &one.id[..9]), &[]);
    assert_eq!(titles(&[&one, &short]), ["Retry ingest"]);
    // Several picked into one are not one another.
    let two = at(2, "4", "Wait for leases", &[]);
    let lines = format!("(cherry picked from commit {})\n(cherry picked from commit {})", one.id, two.id);
    let many = at(9, "5", &format!("Backports\n\n{lines}"), &[]);
    assert_eq!(titles(&[&one, &two, &many]).len(), 3);
    let again = at(9, "6", &format!("Wait for leases\n\n{lines}"), &[]);
    assert_eq!(titles(&[&one, &two, &again]).len(), 2, "but the one that is called alike");
}

#[test]
fn a_squash_is_its_branch() {
    let base = by_bob(at(0, "0", "Base", &[]));
    let one = at(1, "1", "wip", &[&base]);
    let two = at(2, "2", "Handle lost leases", &[&one]);
    let squash = at(9, "3", "feat: retry ingest (#7)\n\n* wip\n\n* Handle lost leases", &[&base]);
    assert_eq!(titles(&[&base, &one, &two, &squash]), ["Retry ingest"]);
    let keys = found(&[one.clone(), two.clone(), squash.clone()], &[]).suggestions[0].keys.len();
    assert_eq!(keys, 4, "the pull request and each commit");
    let single = at(9, "4", "Handle lost leases (#8)", &[&base]);
    assert_eq!(titles(&[&base, &two, &single]), ["Handle lost leases"]);
    // What it was built upon is not its branch, nor what is old, twice there, or somebody else's.
    let upon = at(9, "5", "Handle lost leases (#8)", &[&two]);
    assert_eq!(titles(&[&two, &upon]).len(), 2);
    let late = at(24 * 90, "6", "Handle lost leases (#8)", &[&base]);
    assert_eq!(titles(&[&two, &late]).len(), 2);
    let twin = at(3, "7", "Handle lost leases", &[&base]);
    assert_eq!(titles(&[&two, &twin, &single]).len(), 3);
    let same = [(two.id.clone(), "8".repeat(40))];
    let renamed = at(9, "8", "Keep leases (#8)", &[&base]);
    assert_eq!(found(&[two, renamed], &same).suggestions.len(), 1, "its change tells");
}

/// Titles that stand, and the hex digit of whoever took something of mine back.
fn story(commits: &[&ProjectCommit]) -> (Vec<String>, String, usize) {
    let all: Vec<ProjectCommit> = commits.iter().map(|one| (*one).clone()).collect();
    let Found { taken_back, stands, .. } = found(&all, &[]);
    let by = taken_back.iter().map(|one| one.by.raw()[..1].to_owned()).collect();
    (titles(commits), by, stands.len())
}

#[test]
fn reverts_and_what_comes_again() {
    let work = at(1, "1", "Retry ingest (#7)", &[]);
    let revert = by_bob(at(
        2,
        "2",
        &format!("Revert \"Retry ingest (#7)\" (#8)\n\nThis reverts commit {}.", work.id),
        &[],
    ));
    let again =
        at(3, "3", &format!("Reapply \"Retry ingest (#7)\" (#9)\n\nThis reverts commit {}.", revert.id), &[]);
    assert_eq!(story(&[&work]), (vec!["Retry ingest".to_owned()], String::new(), 2));
    assert_eq!(story(&[&work, &revert]), (vec![], "2".to_owned(), 0));
    assert_eq!(story(&[&work, &revert, &again]), (vec!["Retry ingest".to_owned()], String::new(), 2));
    let named = by_bob(at(2, "4", "Roll back\n\nReverts acme/parser#7", &[]));
    assert_eq!(story(&[&work, &named]).1, "4");
    let part =
        by_bob(at(2, "4", &format!("Partially revert \"Retry\"\n\nThis reverts commit {}.", work.id), &[]));
    assert_eq!(story(&[&work, &part]), (vec!["Retry ingest".to_owned()], String::new(), 2));
    let mine = at(2, "5", &format!("Revert \"Retry ingest (#7)\"\n\nThis reverts commit {}.", work.id), &[]);
    let undone = by_bob(at(
        3,
        "6",
        &format!("Reapply \"Retry ingest (#7)\"\n\nThis reverts commit {}.", mine.id),
        &[],
    ));
    assert_eq!(story(&[&work, &mine, &undone]).1, "", "a revert that is undone is no work that is lost");
    assert_eq!(story(&[&mine, &undone]).0, [""; 0]);
    let elsewhere = by_bob(at(2, "4", "Roll back\n\nReverts acme/other#7", &[]));
    assert_eq!(story(&[&work, &elsewhere]).1, "");
}

#[test]
fn a_revert_of_a_copy_leaves_the_work() {
    let work = at(1, "1", "Retry ingest (#7)", &[]);
    let pick = at(2, "2", &format!("Retry ingest (#9)\n\n(cherry picked from commit {})", work.id), &[]);
    let undo = |id: &str, target: &ProjectCommit| {
        by_bob(at(5, id, &format!("Revert \"Retry ingest\"\n\nThis reverts commit {}.", target.id), &[]))
    };
    assert_eq!(
        story(&[&work, &pick, &undo("3", &pick)]),
        (vec!["Retry ingest".to_owned()], String::new(), 4)
    );
    assert_eq!(story(&[&work, &pick, &undo("3", &pick), &undo("4", &work)]).1, "4");
    let by_number = by_bob(at(5, "5", "Revert \"Retry ingest (#7)\"", &[]));
    assert_eq!(story(&[&work, &pick, &by_number]).0, [""; 0], "the whole of it");
}

#[test]
fn one_of_many_is_not_the_whole() {
    let base = by_bob(at(0, "0", "Base", &[]));
    let one = at(1, "1", "Part one", &[&base]);
    let two = at(2, "2", "Part two", &[&one]);
    let merge = by_bob(at(3, "3", "Merge pull request #7 from ada/x\n\nBoth parts", &[&base, &two]));
    let part = by_bob(at(4, "4", &format!("Revert \"Part one\"\n\nThis reverts commit {}.", one.id), &[]));
    assert_eq!(story(&[&base, &one, &two, &merge, &part]).0, ["Both parts"]);
    let whole =
        by_bob(at(4, "5", &format!("Revert \"Both\"\n\nThis reverts commit {}, reversing", merge.id), &[]));
    assert_eq!(story(&[&base, &one, &two, &merge, &whole]), (vec![], "5".to_owned(), 0));
}

fn everything() -> Vec<ProjectCommit> {
    let base = by_bob(at(0, "0", "Base", &[]));
    let one = at(1, "1", "wip", &[&base]);
    let two = at(2, "2", &format!("Handle lost leases\n\n{CHANGE}"), &[&one]);
    let squash = at(9, "3", "feat: retry ingest (#7)\n\n* wip\n* Handle lost leases", &[&base]);
    let pick = at(10, "4", &format!("Retry (#9)\n\n(cherry picked from commit {})", squash.id), &[&base]);
    let revert = at(11, "5", &format!("Revert \"x\"\n\nThis reverts commit {}.", pick.id), &[&pick]);
    let again = at(11, "6", &format!("Reapply \"x\"\n\nThis reverts commit {}.", revert.id), &[&revert]);
    let ring = at(11, "7", &format!("Revert \"y\"\n\nThis reverts commit {}.", "8".repeat(40)), &[&revert]);
    let rung = at(11, "8", &format!("Revert \"z\"\n\nThis reverts commit {}.", "7".repeat(40)), &[&revert]);
    let own = at(12, "9", &format!("Loop\n\n(cherry picked from commit {})", "9".repeat(40)), &[&again]);
    vec![base, one, two, squash, pick, revert, again, ring, rung, own]
}

proptest::proptest! {
    #[test]
    fn the_order_of_commits_does_not_matter(shuffled in Just(everything()).prop_shuffle()) {
        let (a, b) = (found(&everything(), &[]), found(&shuffled, &[]));
        assert_eq!((a.suggestions, a.taken_back, a.stands), (b.suggestions, b.taken_back, b.stands));
    }

    #[test]
    fn no_message_of_a_pick_or_revert_panics(text in "\\PC{0,60}", id in "[0-9a-f)( ]{0,45}") {
        let body = format!("{text}\n(cherry picked from commit {id})\nThis reverts commit {id}\n* {text}");
        let one = at(1, "1", &format!("{text} (#7)\n\n{body}"), &[]);
        let two = at(2, "2", &format!("{text}\n\n{body}"), &[]);
        let _ = found(&[one, two], &[]);
    }
}
