//! Durability: the one switch that makes libgit2 sync what it writes. The only `unsafe` of the program.

use std::ffi::c_int;
use std::sync::Once;

use nix::sys::signal::{SigSet, SigmaskHow, Signal, pthread_sigmask};

static ON: Once = Once::new();

/// Makes libgit2 sync every object, ref and directory it writes, in every repository it opens from now on.
///
/// libgit2 syncs nothing by default, and a power cut then loses records that were acknowledged. The setting
/// `core.fsyncObjectFiles` would cover a journal of our own, but not one that lives in somebody's repository,
/// whose configuration is not ours to write.
pub(super) fn enable() {
    ON.call_once(|| {
        // A file that may not grow (`ulimit -f`) is an error to report, not a death that leaves half a file.
        let too_large = SigSet::from(Signal::SIGXFSZ);
        let _ = pthread_sigmask(SigmaskHow::SIG_BLOCK, Some(&too_large), None);
        // SAFETY: GIT_OPT_ENABLE_FSYNC_GITDIR takes exactly one int and stores it in a global. It runs once,
        // before this process opens its first repository; no other thread uses libgit2 yet.
        #[expect(unsafe_code, reason = "git2 does not wrap this option")]
        unsafe {
            libgit2_sys::git_libgit2_opts(libgit2_sys::GIT_OPT_ENABLE_FSYNC_GITDIR as c_int, 1 as c_int);
        }
        // git does not hash packed objects again on every read; loose ones are checked by `objects`.
        git2::opts::strict_hash_verification(false);
    });
}
