//! Progress of long work, for people who wait for it: on a terminal, and only once it has taken a while.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::sanitize;

/// Work shorter than this shows nothing: a flash of progress is noise.
const DELAY: Duration = Duration::from_millis(300);

/// A count on stderr that removes itself. Where nobody would see it, it does nothing.
pub struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
}

impl Progress {
    /// A count of `what` up to `total`, if that is known.
    pub(super) fn new(visible: bool, what: &str, total: Option<u64>) -> Self {
        let bar = visible.then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
            let template =
                if total.is_some() { "{msg}: {percent:>3}% ({pos}/{len})" } else { "{msg}: {pos}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(sanitize::terminal(what));
            bar
        });
        Self { bar, started: Instant::now() }
    }

    /// The progress of another program, in its own words.
    pub(super) fn relay(visible: bool) -> Self {
        let bar = visible.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, started: Instant::now() }
    }

    /// A count that is never shown.
    pub fn hidden() -> Self {
        Self::new(false, "", None)
    }

    /// One more is done.
    pub fn tick(&self) {
        self.inc(1);
    }

    /// `n` more are done.
    pub fn inc(&self, n: u64) {
        if let Some(bar) = &self.bar {
            self.appear(bar);
            bar.inc(n);
        }
    }

    /// The work is about something else now.
    pub fn set_message(&self, what: &str) {
        if let Some(bar) = &self.bar {
            self.appear(bar);
            bar.set_message(sanitize::terminal(what));
        }
    }

    /// Removes what is shown, so that other lines can follow. Dropping does the same.
    pub fn finish(self) {}

    fn appear(&self, bar: &ProgressBar) {
        if bar.is_hidden() && self.started.elapsed() >= DELAY {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
