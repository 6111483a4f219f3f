//! Loose objects do not pile up: after enough appends git packs them, as it does for itself.

use std::fs;
use std::time::{Duration, SystemTime};

use super::{Home, Journal};

/// So many loose objects in one of 256 directories are some two thousand in all: a few hundred appends.
const ENOUGH: usize = 8;
/// How long after one run the next is thought of, whatever the first achieved.
const REST: Duration = Duration::from_secs(60 * 60);

impl Journal {
    /// What git is to run in the background, when it is time. Only in a repository of our own: in somebody else's
    /// it is git's business, after their own settings.
    pub fn housekeeping(&self) -> Option<Vec<String>> {
        if self.home != Home::Private {
            return None;
        }
        let loose = fs::read_dir(self.dir.join("objects/17")).map_or(0, Iterator::count);
        let stamp = self.state_dir().join("housekeeping");
        let last = fs::metadata(&stamp).and_then(|meta| meta.modified()).ok();
        // A time to come is one of a clock that was wrong.
        let just = |last: SystemTime| SystemTime::now().duration_since(last).is_ok_and(|since| since < REST);
        if loose < ENOUGH || last.is_some_and(just) || fs::write(&stamp, "").is_err() {
            return None;
        }
        let dir = format!("--git-dir={}", self.dir.display());
        let settings = [
            "gc.auto=1000",
            "gc.autoDetach=false",
            "gc.pruneExpire=2.weeks.ago",
            "gc.reflogExpire=never",
            "gc.reflogExpireUnreachable=never",
            "maintenance.auto=true",
            "maintenance.autoDetach=false",
            "core.fsync=all",
        ];
        let settings = settings.iter().flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]);
        let run = ["maintenance", "run", "--auto", "--quiet"].map(str::to_owned);
        Some([dir].into_iter().chain(settings).chain(run).collect())
    }
}
