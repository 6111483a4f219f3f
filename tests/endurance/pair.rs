//! Two machines with one journal, the remote between them, and what has to hold once both have synced.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use crate::support::Sandbox;
use crate::world::World;

/// Both machines, what each of them said that it recorded, and the bare repository that both reach.
pub(crate) struct Pair {
    pub(crate) worlds: [World; 2],
    promised: [Mutex<BTreeSet<usize>>; 2],
    hub: PathBuf,
}

/// The first machine: it has the repository to harvest.
pub(crate) const HERE: usize = 0;
pub(crate) const THERE: usize = 1;

impl Pair {
    pub(crate) fn new() -> Self {
        let here = World::new(Sandbox::new());
        let hub = here.work.with_file_name("hub.git");
        let url = hub.to_str().unwrap();
        here.git(&["init", "--quiet", "--bare", url]);
        here.must(&["remote", "add", "hub", url]);
        here.must(&["sync"]);
        let sandbox = Sandbox::new();
        sandbox.at("2026-11-03");
        let there = World::joined(sandbox, url);
        Self { worlds: [here, there], promised: Default::default(), hub }
    }

    /// A machine said that it recorded this.
    pub(crate) fn promise(&self, machine: usize, mark: usize) {
        self.promised[machine].lock().unwrap().insert(mark);
    }

    pub(crate) fn promises(&self) -> usize {
        self.promised.iter().map(|marks| marks.lock().unwrap().len()).sum()
    }

    /// Writes on a machine, without being disturbed.
    pub(crate) fn write(&self, machine: usize, mark: usize) {
        self.worlds[machine].undisturbed(mark);
        self.promise(machine, mark);
    }

    /// Syncs a machine, without being disturbed; nobody may have to wait for the dead.
    pub(crate) fn sync(&self, machine: usize) {
        self.pass_time();
        let begun = Instant::now();
        self.worlds[machine].must(&["sync"]);
        assert!(begun.elapsed() < Duration::from_secs(15), "the next sync took {:?}", begun.elapsed());
    }

    /// Some minutes go by: what a killed git left locked is old. The lock of a tracking ref is then taken away by the
    /// next sync; one of the hub is the hub's, where nobody is at work any more.
    pub(crate) fn pass_time(&self) {
        for (world, remote) in self.worlds.iter().zip(["hub", "origin"]) {
            let lock = world.journal.join(format!("refs/okr/remotes/{remote}/okr.lock"));
            if let Ok(file) = fs::File::options().write(true).open(lock) {
                file.set_modified(SystemTime::now() - Duration::from_secs(180)).unwrap();
            }
        }
        let _ = fs::remove_file(self.hub.join("refs/heads/okr.lock"));
    }

    /// Holds that each machine has what it promised; then both sync, and everything is everywhere, at one commit.
    pub(crate) fn agree(&self) {
        let promised = self.promised.each_ref().map(|marks| marks.lock().unwrap().clone());
        for (world, marks) in self.worlds.iter().zip(&promised) {
            world.verify(marks);
        }
        for machine in [HERE, THERE, HERE] {
            self.sync(machine);
        }
        let everything = promised[HERE].union(&promised[THERE]).copied().collect();
        for world in &self.worlds {
            world.verify(&everything);
        }
        let [here, there] = self.worlds.each_ref().map(|world| world.git(&["rev-parse", "okr"]).1);
        assert_eq!(here, there, "both machines end at one commit");
        let hub = format!("--git-dir={}", self.hub.display());
        let git = |args: &[&str]| self.worlds[HERE].git(&[&[hub.as_str()], args].concat());
        assert_eq!(git(&["rev-parse", "okr"]).1, here, "and so does the remote");
        let (clean, told) = git(&["fsck", "--strict", "--no-dangling", "--no-progress"]);
        assert!(clean, "git fsck of the remote: {told}");
    }
}
