//! Two components: one exponential a sample, and the sums of one of them.

use crate::{Sums, exp::exp, product::Product, total};
use fearless_simd::{Simd, f64x8, prelude::*};
use sampling::Component;

// ANCHOR: odds
/// The log odds of a component against the other: a quadratic in d = x − μ, where μ is the mean
/// of the first (eq:quadratic).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Odds {
    pub(crate) mean: f64,
    coefficients: [f64; 3],
}

impl Odds {
    pub(crate) fn new(of: &Component, against: &Component) -> Self {
        let by = of.mean - against.mean;
        let height = |c: &Component| c.weight.ln() - 0.5 * c.variance.ln();
        let [h, g] = [of, against].map(|c| 0.5 / c.variance);
        let c0 = height(of) - height(against) + g * by * by;
        Self { mean: of.mean, coefficients: [c0, 2.0 * g * by, g - h] }
    }

    pub(crate) fn log(&self, x: f64) -> f64 {
        let [c0, c1, c2] = self.coefficients;
        let d = x - self.mean;
        (c2 * d + c1) * d + c0
    }
    // ANCHOR_END: odds

    /// The least and the largest log odds between two samples; any are possible where these are no
    /// numbers.
    pub(crate) fn range(&self, [low, high]: [f64; 2]) -> (f64, f64) {
        let [_, c1, c2] = self.coefficients;
        let vertex = (self.mean - 0.5 * c1 / c2).clamp(low, high);
        let vertex = if vertex.is_nan() { low } else { vertex }; // the quadratic is constant
        let logs = [low, vertex, high].map(|x| self.log(x));
        if logs.iter().any(|log| log.is_nan()) {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        (
            logs.into_iter().fold(f64::INFINITY, f64::min),
            logs.into_iter().fold(f64::NEG_INFINITY, f64::max),
        )
    }
}

/// Vectors whose exponentials are taken before they are added up: of 8, 16, 20, ... 64 the quickest.
const PART: usize = 32;

/// The sums of the component (eq:sums), and Σ_i ln(1 + odds_i) (eq:ln-product).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Half {
    pub(crate) sums: Sums,
    pub(crate) ln: f64,
}

impl Half {
    /// Sample by sample. `together` factors 1 + odds do not overflow when multiplied.
    // ANCHOR: scalar
    pub(crate) fn scalar(data: &[f64], odds: &Odds, together: usize) -> Self {
        let mut half = Self { sums: Sums::new(odds.mean), ln: 0.0 };
        for part in data.chunks(together) {
            let mut product = 1.0;
            for &x in part {
                let e = odds.log(x).exp();
                half.sums.add(x, e / (e + 1.0));
                product *= e + 1.0;
            }
            half.ln += product.ln();
        }
        half
    }
    // ANCHOR_END: scalar

    /// Eight samples at a time.
    #[inline(always)]
    pub(crate) fn vector<S: Simd>(
        simd: S,
        data: &[[f64; 8]],
        odds: &Odds,
        together: usize,
    ) -> Self {
        let [c0, c1, c2] = odds.coefficients.map(|c| f64x8::splat(simd, c));
        let mut sums = [f64x8::splat(simd, 0.0); 3];
        let mut product = Product::new(simd);
        let [mut distances, mut odds_of] = [[f64x8::splat(simd, 0.0); PART]; 2];
        for (d, x) in distances.iter_mut().zip(data) {
            *d = f64x8::from_slice(simd, x) - odds.mean;
        }
        let size = together.min(PART);
        // ANCHOR: vector
        let after = data.chunks(size).skip(1).chain([&[][..]]);
        for (part, next) in data.chunks(size).zip(after) {
            for (d, e) in distances.iter().zip(&mut odds_of).take(part.len()) {
                *e = exp(c2.mul_add(*d, c1).mul_add(*d, c0));
            }
            let mut next = next.iter();
            for (d, e) in distances.iter_mut().zip(&odds_of).take(part.len()) {
                let r = *e / (*e + 1.0);
                let rd = r * *d;
                sums = [sums[0] + r, sums[1] + rd, rd.mul_add(*d, sums[2])];
                product.value *= *e + 1.0;
                if let Some(x) = next.next() {
                    *d = f64x8::from_slice(simd, x) - odds.mean; // so that no step waits for memory
                }
            }
            product.carry();
        }
        // ANCHOR_END: vector
        let [count, first, second] = sums.map(total);
        Self { sums: Sums { centre: odds.mean, count, first, second }, ln: product.ln() }
    }

    pub(crate) fn merge(&self, other: &Self) -> Self {
        Self { sums: self.sums.merge(&other.sums), ln: self.ln + other.ln }
    }
}
