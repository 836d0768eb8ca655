//! Logarithms of many factors by one logarithm of their product.

use fearless_simd::{Simd, f64x8, i64x8, prelude::*};
use std::f64::consts::LN_2;

/// Eight products of factors ≥ 1, whose powers of two are counted apart (eq:ln-product): however
/// many the factors, one logarithm does for all.
pub(crate) struct Product<S: Simd> {
    pub(crate) value: f64x8<S>,
    powers: i64x8<S>,
}

impl<S: Simd> Product<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S) -> Self {
        Self { value: f64x8::splat(simd, 1.0), powers: i64x8::splat(simd, 0) }
    }

    /// Moves the powers of two from the products to their count.
    #[inline(always)]
    // ANCHOR: carry
    pub(crate) fn carry(&mut self) {
        let bits: i64x8<S> = self.value.bitcast();
        self.powers += (bits >> 52) - 1023;
        let fraction: i64x8<S> = (bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000;
        self.value = fraction.bitcast();
    }
    // ANCHOR_END: carry

    pub(crate) fn ln(&self) -> f64 {
        let powers: i64 = self.powers.as_slice().iter().sum();
        powers as f64 * LN_2 + self.value.as_slice().iter().map(|p| p.ln()).sum::<f64>()
    }
}
