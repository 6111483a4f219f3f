//! What two machines changed at once: kept twice, shown everywhere, settled once.

use insta::assert_snapshot;

use super::{Machines, tip};
use crate::support::Sandbox;

/// Two machines that gave one bet two titles and two targets, and have heard of each other.
fn torn() -> Machines {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    here.okr(["bet", "add", "One queue", "--slug", "queue", "--measure", "p95 latency: 410 -> 180 ms"])
        .success();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    there.at("2026-11-04");
    edit(here, "s/One queue/One queue, ours/;s/180.0/150.0/");
    edit(there, "s/One queue/One queue, theirs/;s/180.0/200.0/");
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    here.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there));
    machines
}

fn edit(machine: &Sandbox, script: &str) {
    machine.okr_with_editor(["edit", "queue"], &format!("sed -i '{script}' \"$1\"")).success();
}

#[test]
fn what_is_undecided_is_listed_and_shown() {
    let machines = torn();
    let here = &machines.here;
    let list = here.okr(["resolve"]).success();
    for part in
        ["measure.\"p95 latency\".target  200.0", "title", "One queue, theirs", "2 values in 1 record"]
    {
        assert!(list.contains(part), "{part} in\n{list}");
    }
    let shown = here.okr(["show", "queue"]).success();
    assert!(shown.contains("title  elsewhere: One queue, ours"), "{shown}");
    assert!(shown.contains("git okr resolve queue"), "{shown}");
    let status = here.okr(["status"]).success();
    assert!(status.contains("1 record was changed on two machines at once"), "{status}");
    let agenda = here.okr(["review", "--list", "--format", "json"]).success();
    assert!(agenda.contains("One queue, ours"), "{agenda}");
    let json = here.okr(["resolve", "--format", "json"]).json();
    assert_eq!(json["data"]["records"][0]["conflicts"][1]["value"], "One queue, ours");
    assert_eq!(json["data"]["records"][0]["conflicts"][1]["shown"], "One queue, theirs");
    here.okr(["fsck"]).success();
}

#[test]
fn a_settled_field_is_settled_on_every_machine() {
    let machines = torn();
    let (here, there) = (&machines.here, &machines.there);
    here.okr(["resolve", "queue", "title", "--take", "theirs"]).success();
    here.okr(["resolve", "queue", "measure.\"p95 latency\".target", "--take", "175.5"]).success();
    let shown = here.okr(["show", "queue"]).success();
    assert!(shown.contains("One queue, ours") && shown.contains("175.5"), "{shown}");
    assert!(!shown.contains("elsewhere"), "{shown}");
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    assert_snapshot!(there.okr(["resolve"]), @"nothing is undecided");
    assert_eq!(tip(here), tip(there));
    let log = there.okr(["log", "queue"]).success();
    assert!(log.contains("two histories joined"), "{log}");
}

#[test]
fn settling_both_ways_at_once_is_a_conflict_again() {
    let machines = torn();
    let (here, there) = (&machines.here, &machines.there);
    here.okr(["resolve", "queue", "--take", "ours"]).success();
    there.at("2026-11-05").okr(["resolve", "queue", "--take", "theirs"]).success();
    for machine in [here, there, here] {
        machine.okr(["sync"]).success();
    }
    let list = here.okr(["resolve"]).success();
    assert!(list.contains("One queue, ours") && list.contains("One queue, theirs"), "{list}");
}

#[test]
fn a_terminal_is_asked_one_by_one() {
    let machines = torn();
    let here = &machines.here;
    let mut terminal = here.terminal(&here.path("work"), ["resolve"]);
    terminal.expect("conflict 1 of 2").press("t\r");
    terminal.expect("conflict 2 of 2").press("v\r");
    terminal.expect("value").press(" of all\r");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    let shown = here.okr(["show", "queue"]).success();
    assert!(shown.contains("One queue, theirs of all") && shown.contains("150"), "{shown}");
}

#[test]
fn what_was_removed_elsewhere_stays_until_somebody_agrees() {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    let id = here.okr(["add", "Kept or not"]).id();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    there.okr(["remove", &id]).success();
    here.okr_with_editor(["edit", &id], "sed -i 's/Kept or not/Kept, after all/' \"$1\"").success();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    let list = there.okr(["resolve"]).success();
    assert!(list.contains("record") && list.contains("removed"), "{list}");
    there.okr(["show", &id]).success();
    there.okr(["resolve", &id, "--take", "theirs"]).success();
    there.okr(["show", &id]).fails(1);
    there.okr(["restore", &id]).success();
}

#[test]
fn what_cannot_be_settled_says_why_and_what_instead() {
    let machines = torn();
    let here = &machines.here;
    let before = tip(here);
    for (args, code, told) in [
        (["resolve", "queue", "slug", "--take", "ours"], 1, "there is no conflict over 'slug'"),
        (["resolve", "nothing", "title", "--take", "ours"], 1, "no record 'nothing'"),
        (["resolve", "queue", "title", "--take", ""], 1, "title"),
        (["resolve", "guide", "title", "--take", "ours"], 1, "there is no conflict over 'title'"),
        (["resolve", "queue", "measure.\"p95 latency\".target", "--take", "many"], 1, "target"),
    ] {
        let said = here.okr(args).fails(code);
        assert!(said.contains(told), "{args:?}: {said}");
    }
    let said = here.okr(["resolve", "queue", "--take", "One for both"]).fails(2);
    assert!(said.contains("a value is for one field"), "{said}");
    assert_eq!(tip(here), before);
}

#[test]
fn guides_that_were_changed_on_both_sides_are_joined() {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    let guide = |machine: &Sandbox, script: &str| {
        machine.okr_with_editor(["guide", "edit"], &format!("sed -i '{script}' \"$1\"")).success();
    };
    guide(here, "s/name = \"Technical direction\"/name = \"Direction, ours\"/");
    guide(
        there,
        "s/name = \"Technical direction\"/name = \"Direction, theirs\"/;s/name = \"Execution leverage\"/name = \"Leverage\"/",
    );
    for machine in [here, there, here] {
        machine.okr(["sync"]).success();
    }
    let list = here.okr(["resolve"]).success();
    assert!(list.contains("the guide") && list.contains("Direction, "), "{list}");
    assert!(here.okr(["guide", "show"]).success().contains("Leverage"));
    here.okr(["guide", "check"]).success();
    here.okr(["resolve", "guide", "--take", "theirs"]).success();
    assert!(!here.okr(["resolve"]).success().contains("Direction"), "settled");
}

#[test]
fn a_merge_by_hand_is_explained_and_put_right() {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    here.okr(["bet", "add", "One queue", "--slug", "queue"]).success();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    edit(here, "s/One queue/One queue, ours/");
    let other = there.okr(["add", "From there"]).id();
    there.at("2026-11-05");
    edit(there, "s/One queue/One queue, theirs/");
    here.at("2026-11-06");
    // Somebody who does not know merges as one merges code, and commits what git left.
    let (journal, theirs) = (here.journal(), there.journal());
    let script = format!(
        "git --git-dir='{0}' worktree add -q wt okr && cd wt && git fetch -q '{1}' okr && \
         ! git merge -q FETCH_HEAD >/dev/null && git add -A && git commit -qm by-hand && cd .. && \
         git --git-dir='{0}' worktree remove wt",
        journal.display(),
        theirs.display()
    );
    here.sh(&here.path("work"), &script).success();
    let told = here.okr(["fsck"]);
    assert_eq!(told.code, Some(1), "{told}");
    let told = told.to_string();
    assert!(told.contains("a merge by hand left both sides in it"), "{told}");
    assert!(told.contains("git okr fsck --repair"), "{told}");
    let told = here.okr(["fsck", "--repair"]).success();
    assert!(told.contains("nothing is wrong"), "{told}");
    here.okr(["show", &other]).success();
    let list = here.okr(["resolve"]).success();
    assert!(list.contains("One queue, ours") && list.contains("One queue, theirs"), "{list}");
    let again = here.okr(["fsck", "--repair"]).success();
    assert!(again.contains("nothing is wrong"), "{again}");
    there.okr(["sync"]).success();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there));
}

#[test]
fn journals_that_were_joined_are_whole_on_both_machines() {
    let machines = Machines::new();
    let (here, there) = (&machines.here, &machines.there);
    let hub = machines.hub("hub.git");
    there.okr(["init"]).success();
    for machine in [here, there] {
        machine.okr(["remote", "add", "hub", &hub]).success();
    }
    here.okr(["sync"]).success();
    there.okr(["sync", "--join"]).success();
    here.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there));
    for machine in [here, there] {
        let told = machine.okr(["fsck"]).success();
        assert!(told.contains("nothing is wrong"), "{told}");
    }
}

#[test]
fn evidence_never_points_at_a_bet_that_a_settlement_would_remove() {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    here.okr(["bet", "add", "Quiet hours", "--slug", "quiet"]).success();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    here.okr(["remove", "quiet"]).success();
    there.okr(["add", "It went quiet", "--bet", "quiet"]).success();
    for machine in [here, there, here] {
        machine.okr(["sync"]).success();
    }
    let told = here.okr(["resolve", "quiet", "--take", "theirs"]).fails(1);
    assert!(told.contains("would point at nothing"), "{told}");
    here.okr(["resolve", "quiet", "--take", "ours"]).success();
    here.okr(["fsck"]).success();
}
