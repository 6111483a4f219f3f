//! The turn of one writer: its lock, its mark, and the signals that wait until it is over.

use std::fs::{self, File};
use std::path::PathBuf;

use nix::sys::signal::{SigSet, SigmaskHow, Signal, pthread_sigmask};

/// The turn of one writer. Its mark goes when it ends, and stays when it is killed.
pub(super) struct Turn {
    mark: PathBuf,
    _quiet: Option<SignalsBlocked>,
    _lock: File,
}

impl Turn {
    pub(super) fn new(mark: PathBuf, quiet: Option<SignalsBlocked>, lock: File) -> Self {
        Self { mark, _quiet: quiet, _lock: lock }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.mark);
    }
}

/// Holds back the signals that would kill the process between two steps of an append; they arrive afterwards.
pub(super) struct SignalsBlocked(SigSet);

impl SignalsBlocked {
    pub(super) fn new() -> Option<Self> {
        let signals = SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT]);
        let mut before = SigSet::empty();
        pthread_sigmask(SigmaskHow::SIG_BLOCK, Some(&signals), Some(&mut before)).ok().map(|()| Self(before))
    }
}

impl Drop for SignalsBlocked {
    fn drop(&mut self) {
        let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&self.0), None);
    }
}
