//! Bins, and the moments of the samples in each.

use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};
#[cfg(target_family = "wasm")]
use one_pass::serial::ParallelSlice;
#[cfg(not(target_family = "wasm"))]
use rayon::prelude::*;

/// Σ_j t_j^p over the samples of a bin, p = 0, 1, …, 7, where t runs from −1 to 1 across it
/// (eq:bin-moments).
pub(crate) type Moments = [f64; 8];

/// Tables that are filled side by side. Fixed, so that sums are the same on any number of threads.
const TABLES: usize = 16;

/// Samples for each bin that are added up before their sums are added to the table. The same number
/// added a million times would be off by a million roundings of one sign.
const PART: usize = 64;

/// The most bins: their tables take a gigabyte.
pub(crate) const MOST_BINS: usize = 1 << 20;

/// Bins of one width, side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) width: f64,
    pub(crate) bins: usize,
}

impl Grid {
    /// How far above the least sample t of a bin lies.
    pub(crate) fn above(&self, bin: usize, t: f64) -> f64 {
        let above = self.width * (bin as f64 + 0.5 * (t + 1.0));
        above.clamp(0.0, self.high - self.low)
    }

    /// The moments of every bin, from one look at the samples; tables are merged in their order.
    pub(crate) fn moments(&self, data: &[f64]) -> Vec<Moments> {
        let part = PART * self.bins;
        let block = data.len().div_ceil(TABLES).max(part);
        let level = Level::new();
        let tables = data.par_chunks(block).map(|block| {
            let mut table = vec![[0.0; 8]; self.bins];
            for part in block.chunks(part) {
                let mut few = vec![[0.0; 8]; self.bins];
                dispatch!(level, simd => fill(simd, part, self, &mut few));
                add_all(&mut table, &few);
            }
            table
        });
        let mut all = vec![[0.0; 8]; self.bins];
        tables.collect::<Vec<_>>().iter().for_each(|table| add_all(&mut all, table));
        all
    }
}

fn add_all(table: &mut [Moments], more: &[Moments]) {
    let pairs = table.as_flattened_mut().iter_mut().zip(more.as_flattened());
    pairs.for_each(|(sum, more)| *sum += more);
}

/// Adds every sample to the moments of its bin, eight samples at a time.
#[inline(always)]
// ANCHOR: fill
fn fill<S: Simd>(simd: S, data: &[f64], grid: &Grid, table: &mut [Moments]) {
    let (scale, last) = (1.0 / grid.width, grid.bins - 1);
    let (eights, rest) = data.as_chunks::<8>();
    for x in eights {
        let place = (f64x8::from_slice(simd, x) - grid.low) * scale;
        let bin = place.floor().min(last as f64);
        let t = (place - bin) * 2.0 - 1.0;
        for (&bin, &t) in bin.as_slice().iter().zip(t.as_slice()) {
            add(&mut table[(bin as usize).min(last)], t);
        }
    }
    // ANCHOR_END: fill
    for x in rest {
        let place = (x - grid.low) * scale;
        let bin = place.floor().min(last as f64);
        add(&mut table[(bin as usize).min(last)], (place - bin) * 2.0 - 1.0);
    }
}

/// One sample more: 1, t, …, t⁷.
#[inline(always)]
// ANCHOR: add
fn add(moments: &mut Moments, t: f64) {
    let t2 = t * t;
    let (low, t4) = ([1.0, t, t2, t2 * t], t2 * t2);
    for p in 0..4 {
        moments[p] += low[p];
        moments[p + 4] += low[p] * t4;
    }
}
// ANCHOR_END: add
