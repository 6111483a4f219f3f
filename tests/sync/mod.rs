//! Remotes and sync, with two machines and real remotes between them.

mod guarded;
mod hostile;
mod killed;
mod remotes;
mod resolve;
mod sealed;
mod syncing;
mod wires;

use std::path::PathBuf;

use crate::support::Sandbox;

/// Two machines, and a place that both reach.
pub(crate) struct Machines {
    pub(crate) here: Sandbox,
    pub(crate) there: Sandbox,
}

impl Machines {
    /// One has a journal, the other nothing.
    pub(crate) fn new() -> Self {
        let machines = Self { here: Sandbox::with_journal(), there: Sandbox::new() };
        machines.there.at("2026-11-03");
        machines
    }

    /// Both have one journal, with an empty place for more.
    pub(crate) fn joined() -> (Self, String) {
        let machines = Self::new();
        let hub = machines.hub("hub.git");
        machines.here.okr(["remote", "add", "hub", &hub]).success();
        machines.here.okr(["sync"]).success();
        machines.there.okr(["init", "--from", &hub]).success();
        (machines, hub)
    }

    /// A bare repository that both machines reach.
    pub(crate) fn hub(&self, name: &str) -> String {
        let dir = self.hub_dir(name);
        self.here.git_in(&self.here.path("work"), &["init", "--quiet", "--bare", &dir.display().to_string()]);
        dir.display().to_string()
    }

    fn hub_dir(&self, name: &str) -> PathBuf {
        self.here.path("bin").join(name)
    }

    /// The tips of both journals.
    pub(crate) fn tips(&self) -> (String, String) {
        (tip(&self.here), tip(&self.there))
    }
}

/// The tip of a machine's journal.
pub(crate) fn tip(machine: &Sandbox) -> String {
    machine.git_journal(["rev-parse", "okr"])
}
