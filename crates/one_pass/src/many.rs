//! Any number of components: an exponential for each.

use crate::{Sums, exp::exp, product::Product};
use fearless_simd::{Simd, f64x8, prelude::*};
use sampling::Component;
use std::f64::consts::FRAC_1_SQRT_2;

/// What a loop over the samples needs of a component, and is the same for all of them:
/// ln π N(x; μ, σ²) = `height` − ((x − μ) `scale`)².
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    mean: f64,
    height: f64,
    scale: f64,
}

impl Term {
    pub(crate) fn new(c: &Component) -> Self {
        let height = c.weight.ln() + density::ln_normal(c.mean, c.mean, c.variance);
        Self { mean: c.mean, height, scale: FRAC_1_SQRT_2 / c.variance.sqrt() }
    }

    /// The logarithm of the numerator of Bayes' rule.
    pub(crate) fn ln_numerator(&self, x: f64) -> f64 {
        self.height - ((x - self.mean) * self.scale).powi(2)
    }
}

/// Vectors that are worked on together: while one waits for its sum, the others go on.
pub(crate) const TOGETHER: usize = 4;

/// Thirty-two samples at a time, as four vectors of eight: adds what every component owns of them
/// to its sums, and gives their log-likelihood.
#[inline(always)]
// ANCHOR: many
pub(crate) fn many<S: Simd>(
    simd: S,
    data: &[[[f64; 8]; TOGETHER]],
    terms: &[Term],
    sums: &mut [Sums],
) -> f64 {
    let all = |number| f64x8::splat(simd, number);
    let mut owned = vec![[all(0.0); TOGETHER]; terms.len()]; // logs, then numerators of Bayes' rule
    let mut added = vec![[all(0.0); 3]; terms.len()];
    let (mut logs, mut product) = (all(0.0), Product::new(simd));
    for part in data.chunks(8) {
        for eights in part {
            let mut x = [all(0.0); TOGETHER];
            for (x, eight) in x.iter_mut().zip(eights) {
                *x = f64x8::from_slice(simd, eight);
            }
            let largest = largest(simd, x, terms, &mut owned);
            let mut total = numerators(simd, largest, &mut owned);
            for (total, largest) in total.iter_mut().zip(largest) {
                logs += largest;
                product.value *= *total;
                *total = all(1.0) / *total;
            }
            add(x, total, &owned, sums, &mut added);
        }
        product.carry();
    }
    // ANCHOR_END: many
    for (sums, added) in sums.iter_mut().zip(added) {
        let [count, first, second] = added.map(crate::total);
        *sums = sums.merge(&Sums { centre: sums.centre, count, first, second });
    }
    crate::total(logs) + product.ln()
}

/// ln (π_k N(x; μ_k, σ_k²)) of every component, and the largest.
#[inline(always)]
pub(crate) fn largest<S: Simd>(
    simd: S,
    x: [f64x8<S>; TOGETHER],
    terms: &[Term],
    logs: &mut [[f64x8<S>; TOGETHER]],
) -> [f64x8<S>; TOGETHER] {
    let mut largest = [f64x8::splat(simd, f64::NEG_INFINITY); TOGETHER];
    for (log, term) in logs.iter_mut().zip(terms) {
        for ((x, log), largest) in x.iter().zip(log).zip(&mut largest) {
            let u = (*x - term.mean) * term.scale;
            *log = u.mul_add(-u, term.height);
            *largest = largest.max(*log);
        }
    }
    largest
}

/// exp(log − largest) for every component, in place of the logs, and their sum.
#[inline(always)]
pub(crate) fn numerators<S: Simd>(
    simd: S,
    largest: [f64x8<S>; TOGETHER],
    logs: &mut [[f64x8<S>; TOGETHER]],
) -> [f64x8<S>; TOGETHER] {
    let zero = f64x8::splat(simd, 0.0);
    let mut sum = [zero; TOGETHER];
    for pair in logs {
        for ((log, largest), sum) in pair.iter_mut().zip(&largest).zip(&mut sum) {
            let less = *log - *largest;
            *log = less.simd_ge(-708.0).select(exp(less), zero);
            *sum += *log;
        }
    }
    sum
}

/// Adds the memberships, numerator times share, to the three sums of every component.
#[inline(always)]
fn add<S: Simd>(
    x: [f64x8<S>; TOGETHER],
    share: [f64x8<S>; TOGETHER],
    numerators: &[[f64x8<S>; TOGETHER]],
    sums: &[Sums],
    added: &mut [[f64x8<S>; 3]],
) {
    for ((numerator, sums), added) in numerators.iter().zip(sums).zip(added) {
        let [mut count, mut first, mut second] = *added;
        for ((x, share), numerator) in x.iter().zip(&share).zip(numerator) {
            let d = *x - sums.centre;
            let r = *numerator * *share;
            let rd = r * d;
            count += r;
            first += rd;
            second = rd.mul_add(d, second);
        }
        *added = [count, first, second];
    }
}
