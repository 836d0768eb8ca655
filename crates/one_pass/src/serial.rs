//! Threads for where there are none: in a browser, rayon would bring its own and start none.

use std::slice::Chunks;

/// What rayon's trait of this name has, one chunk after the other.
pub trait ParallelSlice<T> {
    /// Chunks of that many items; the last may be shorter.
    fn par_chunks(&self, size: usize) -> Chunks<'_, T>;
}

impl<T> ParallelSlice<T> for [T] {
    fn par_chunks(&self, size: usize) -> Chunks<'_, T> {
        self.chunks(size)
    }
}
