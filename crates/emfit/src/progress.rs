//! What is going on, for whoever waits at a terminal.
//!
//! The crate `indicatif` shows this too, and takes more than four seconds to compile.

use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::time::{Duration, Instant};

/// One line on standard error, which comes after half a second and goes at the end.
pub(crate) struct Progress {
    next: Option<Instant>,
    shown: bool,
}

const PATIENCE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(100);

impl Progress {
    /// Silent if it is quiet or nobody watches.
    pub fn new(quiet: bool) -> Self {
        let watched = !quiet && stderr().is_terminal();
        Self { next: watched.then(|| Instant::now() + PATIENCE), shown: false }
    }

    /// Shows what is going on, if it is time.
    pub fn show(&mut self, text: impl FnOnce() -> String) {
        if self.next.is_some_and(|next| Instant::now() >= next) {
            let _ = write!(stderr(), "\r\x1b[K{}", text());
            self.next = Some(Instant::now() + PAUSE);
            self.shown = true;
        }
    }

    /// Shows how many samples of a file are read.
    pub fn of_reading(&mut self, file: &Path) -> impl FnMut(usize) {
        let place = columns::place(file);
        move |samples| {
            self.show(|| format!("reading {}: {samples} samples", columns::short(&place)));
        }
    }

    /// Removes the line.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
