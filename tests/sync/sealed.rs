//! Sealed journals on two machines: they merge as plain ones do, and the place between them learns nothing.

use std::fs;

use super::{Machines, tip};
use crate::support::{Sandbox, nowhere};

/// Two machines with one sealed journal and one identity, and the key.
fn sealed() -> (Machines, String, String) {
    let (here, key) = Sandbox::with_sealed_journal();
    let machines = Machines { here, there: Sandbox::new() };
    machines.there.at("2026-11-03");
    lend(&machines.here, &machines.there);
    let hub = machines.hub("hub.git");
    machines.here.okr(["add", "The okapi of both"]).success();
    machines.here.okr(["remote", "add", "hub", &hub]).success();
    machines.here.okr(["sync"]).success();
    let output = machines.there.okr(["init", "--from", &hub]);
    assert!(output.stderr.contains("with guide"), "{output}");
    output.success();
    (machines, hub, key)
}

fn lend(from: &Sandbox, to: &Sandbox) {
    fs::create_dir_all(to.usual_identity().parent().unwrap()).unwrap();
    fs::copy(from.usual_identity(), to.usual_identity()).unwrap();
}

fn only(machine: &Sandbox) -> String {
    let place = machine.git_journal(["ls-tree", "-r", "--name-only", "okr", "evidence"]);
    let name = place.lines().next().unwrap().rsplit('/').next().unwrap();
    name.trim_end_matches(".toml").to_owned()
}

fn retitle(machine: &Sandbox, id: &str, title: &str) {
    let script = format!("sed -i 's/^title = .*/title = \"{title}\"/' \"$1\"");
    machine.okr_with_editor(["edit", id], &script).success();
}

#[test]
fn two_machines_merge_what_is_sealed_and_end_with_one_commit() {
    let (machines, hub, _) = sealed();
    let (here, there) = (&machines.here, &machines.there);
    let id = only(here);
    retitle(here, &id, "quokka here");
    retitle(there, &id, "narwhal there");
    here.okr(["add", "axolotl of here"]).success();
    there.okr(["add", "pangolin of there"]).success();
    for machine in [here, there, here, there] {
        machine.okr(["sync"]).success();
    }
    assert_eq!(tip(here), tip(there), "they agree");
    for machine in [here, there] {
        let list = machine.okr(["list"]).success();
        assert!(list.contains("axolotl of here") && list.contains("pangolin of there"), "{list}");
        let shown = machine.okr(["show", &id]).success();
        assert!(
            shown.contains("quokka here") && shown.contains("narwhal there"),
            "both values are kept: {shown}"
        );
        assert!(machine.okr(["fsck"]).success().contains("nothing is wrong"));
        nowhere(machine, &machine.journal(), &["okapi", "quokka", "narwhal", "axolotl", "pangolin"]);
    }
    nowhere(here, hub.as_ref(), &["okapi", "quokka", "narwhal", "axolotl", "pangolin"]);
}

#[test]
fn both_merging_apart_end_with_one_commit_too() {
    let (machines, _, _) = sealed();
    let (here, there) = (&machines.here, &machines.there);
    let id = only(here);
    retitle(here, &id, "quokka here");
    retitle(there, &id, "narwhal there");
    // Each gets the other's commit by a place of its own, and merges by itself.
    let (one, other) = (machines.hub("one.git"), machines.hub("other.git"));
    for (machine, to) in [(here, &one), (there, &other)] {
        machine.git_journal(["push", "--quiet", to, "okr"]);
    }
    for (machine, name, from) in [(here, "apart", &other), (there, "apart", &one)] {
        machine.okr(["remote", "add", name, from]).success();
        machine.okr(["sync", name]).success();
    }
    assert_ne!(tip(here), tip(there), "what is sealed twice differs");
    for machine in [here, there, here, there] {
        machine.okr(["sync", if std::ptr::eq(machine, here) { "hub" } else { "origin" }]).success();
    }
    assert_eq!(tip(here), tip(there), "one more round, and they agree");
    assert!(here.okr(["show", &id]).success().contains("quokka here"));
}

#[test]
fn without_the_identity_what_has_to_be_read_is_not_merged() {
    let (machines, hub, _) = sealed();
    let (here, there) = (&machines.here, &machines.there);
    let id = only(here);
    fs::rename(there.usual_identity(), there.path("aside.txt")).unwrap();
    here.okr(["add", "axolotl of here"]).success();
    here.okr(["sync"]).success();
    there.okr(["add", "pangolin of there"]).success();
    there.okr(["sync"]).success();
    here.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there), "records of their own need no key to be merged");
    retitle(here, &id, "quokka here");
    fs::rename(there.path("aside.txt"), there.usual_identity()).unwrap();
    retitle(there, &id, "narwhal there");
    fs::rename(there.usual_identity(), there.path("aside.txt")).unwrap();
    here.okr(["sync"]).success();
    let before = tip(there);
    let said = there.okr(["sync"]).fails(1);
    assert!(said.contains("sealed") && said.contains("okr.identity"), "{said}");
    assert_eq!(tip(there), before, "nothing was guessed");
    fs::rename(there.path("aside.txt"), there.usual_identity()).unwrap();
    there.okr(["sync"]).success();
    let third = Sandbox::new();
    let output = third.okr(["init", "--from", &hub]);
    assert!(
        output.stderr.contains("the journal is sealed for age1") && output.stderr.contains("okr.identity"),
        "{output}"
    );
    output.success();
    assert!(third.okr(["list"]).fails(1).contains("3 records are sealed"));
    lend(here, &third);
    assert!(third.okr(["list"]).success().contains("pangolin"));
}

#[test]
fn a_key_that_was_added_elsewhere_is_agreed_to_before_it_is_written_for() {
    let (machines, _, _) = sealed();
    let (here, there) = (&machines.here, &machines.there);
    let id = only(here);
    let phone = there.identity(&there.path("phone.txt"));
    there.okr(["key", "add", &phone]).success();
    // Meanwhile here: a removal stays one, though the other side wrote every record anew.
    here.okr(["remove", &id]).success();
    here.okr(["add", "axolotl of here"]).success();
    there.okr(["sync"]).success();
    let output = here.okr(["sync"]);
    assert!(output.stderr.contains("other keys than you agreed to here: +age1"), "{output}");
    output.success();
    there.okr(["sync"]).success();
    assert_eq!(tip(here), tip(there));
    assert!(here.okr(["show", &id]).fails(1).contains("no record"), "what was removed is not resurrected");
    assert!(here.okr(["add", "not yet"]).fails(1).contains("git okr key trust"));
    here.okr(["key", "trust"]).success();
    here.okr(["add", "now it is"]).success();
    // What was written here before is for the old keys; adding again seals it for all.
    here.okr(["key", "add", &phone]).success();
    let phone = here.path("home/phone.txt");
    fs::copy(there.path("phone.txt"), &phone).unwrap();
    fs::rename(&phone, here.usual_identity()).unwrap();
    let list = here.okr(["list"]).success();
    assert!(list.contains("axolotl of here") && list.contains("now it is"), "{list}");
}

#[test]
fn sealing_on_one_machine_while_another_writes_in_plain_loses_nothing() {
    let (machines, _) = Machines::joined();
    let (here, there) = (&machines.here, &machines.there);
    let id = here.okr(["add", "okapi"]).id();
    here.okr(["sync"]).success();
    there.okr(["sync"]).success();
    let key = here.identity(&here.usual_identity());
    lend(here, there);
    here.okr(["key", "add", &key]).success();
    there.okr_with_editor(["edit", &id], "sed -i 's/okapi/edited okapi/' \"$1\"").success();
    there.okr(["add", "pangolin of there"]).success();
    for machine in [here, there, here] {
        machine.okr(["sync"]).success();
    }
    assert_eq!(tip(here), tip(there));
    let list = there.okr(["list"]).success();
    assert!(list.contains("edited okapi") && list.contains("pangolin of there"), "{list}");
    let later = there.okr(["add", "from now on"]).id();
    assert!(there.text_of(&later).starts_with("-----BEGIN AGE"), "both seal from now on");
}
