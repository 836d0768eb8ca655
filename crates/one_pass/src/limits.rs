//! What no loop over the samples can beat: reading them, and one exponential for each.

use crate::{blocks, exp::exp as vector_exp, total};
use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};

/// Σ_i x_i: reads every sample, with as many threads as rayon has, block by block as a pass does.
#[must_use]
pub fn read(data: &[f64]) -> f64 {
    let level = Level::new();
    let sums = blocks(data, |block| {
        let (eights, rest) = block.as_chunks::<8>();
        dispatch!(level, simd => sum(simd, eights)) + rest.iter().sum::<f64>()
    });
    sums.iter().sum()
}

/// Σ_i exp(x_i), on one thread, by the exponential that the fast passes use, for numbers between −708 and 709;
/// those beyond count as the bound.
#[must_use]
pub fn exp(data: &[f64]) -> f64 {
    let (eights, rest) = data.as_chunks::<8>();
    let rest = rest.iter().map(|x| x.clamp(-708.0, 709.0).exp());
    dispatch!(Level::new(), simd => sum_exp(simd, eights)) + rest.sum::<f64>()
}

#[inline(always)]
fn sum<S: Simd>(simd: S, eights: &[[f64; 8]]) -> f64 {
    let mut sum = f64x8::splat(simd, 0.0);
    for x in eights {
        sum += f64x8::from_slice(simd, x);
    }
    total(sum)
}

#[inline(always)]
fn sum_exp<S: Simd>(simd: S, eights: &[[f64; 8]]) -> f64 {
    let mut sum = f64x8::splat(simd, 0.0);
    for x in eights {
        sum += vector_exp(f64x8::from_slice(simd, x).max(-708.0).min(709.0));
    }
    total(sum)
}
