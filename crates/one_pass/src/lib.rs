//! EM in one pass over the samples: three sums a component, no table of memberships, vector
//! units and threads.
//!
//! This crate belongs to the chapter *One pass*.

#![allow(clippy::neg_cmp_op_on_partial_ord)] // what is NaN must not pass for small

mod exp;
pub mod limits;
mod many;
mod product;
mod samples;
#[cfg(target_family = "wasm")]
pub mod serial;
mod sums;
mod table;
#[cfg(test)]
mod tests;
mod two;

pub use samples::Samples;
pub use sums::Sums;
pub use table::memberships;

use density::ln_normal;
use e_step::EStepError;
use em::EmError;
use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};
use m_step::{MStepError, collapsed};
use many::{TOGETHER, Term, many};
#[cfg(not(target_family = "wasm"))]
use rayon::prelude::*;
use sampling::{Component, Mixture};
#[cfg(target_family = "wasm")]
use serial::ParallelSlice;
use stability::log_sum_exp;
use std::{f64::consts::LN_2, iter::successors};
use two::{Half, Odds};

/// Samples that one thread takes at a time. Fixed, so that sums are the same on any number of threads.
const BLOCK: usize = 1 << 16;

/// The log-likelihood (eq:log-likelihood), and the sums of every component about its mean
/// (eq:sums): one pass that keeps no memberships.
///
/// Any samples: one that is not finite spoils its sums.
///
/// ```
/// use {one_pass::no_table, sampling::{Component, Mixture}};
/// let one = Mixture::new([(1.0, 1.0, 4.0)])?;
/// let (log_likelihood, sums) = no_table(&[0.0, 5.0], &one);
/// assert_eq!((sums[0].count, sums[0].first, sums[0].second), (2.0, 3.0, 17.0));
/// assert!((log_likelihood - stability::log_likelihood(&[0.0, 5.0], &one)).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
// ANCHOR: no_table
pub fn no_table(data: &[f64], mixture: &Mixture) -> (f64, Vec<Sums>) {
    let components = mixture.components();
    let terms: Vec<Term> = components.iter().map(Term::new).collect();
    let mut sums: Vec<Sums> = components.iter().map(|c| Sums::new(c.mean)).collect();
    let (mut logs, mut log_likelihood) = (vec![0.0; terms.len()], 0.0);
    for &x in data {
        for (log, term) in logs.iter_mut().zip(&terms) {
            *log = term.ln_numerator(x);
        }
        let ln_p = log_sum_exp(&logs);
        log_likelihood += ln_p;
        for (sums, log) in sums.iter_mut().zip(&logs) {
            sums.add(x, (log - ln_p).exp());
        }
    }
    (log_likelihood, sums)
}
// ANCHOR_END: no_table

/// The same for two components, with one exponential a sample: the sums of one component are what
/// the other leaves of the whole (eq:other-half).
///
/// `None` where that would lose digits: see [`pass()`].
#[must_use]
pub fn one_exp(samples: &Samples<'_>, mixture: &Mixture) -> Option<(f64, Vec<Sums>)> {
    two_components(samples, mixture, Half::scalar)
}

/// The log-likelihood, and the sums of every component: by vectors and threads.
///
/// With two components as [`one_exp`] where that keeps the digits; otherwise an exponential for
/// each component. The log-likelihood is that of `mixture`. The sums are about the components'
/// means, or about their new means where these have moved so far that the variance would lose
/// digits. Blocks of 65 536 samples go to as many threads as rayon has, and are merged in
/// their order: the answer is the same, bit for bit, on any number of threads.
///
/// # Errors
///
/// A sample so far from every component that the logarithm of its density overflows.
///
/// ```
/// use {one_pass::{Samples, no_table, pass}, sampling::{Component, Mixture}};
/// let data: Vec<f64> = (0..1000).map(|i| f64::from(i % 37) / 6.0).collect();
/// let mixture = Mixture::new([
///     (0.5, 1.0, 1.0),
///     (0.5, 4.0, 2.0),
/// ])?;
/// let (fast, sums) = pass(&Samples::new(&data)?, &mixture)?;
/// let (slow, same) = no_table(&data, &mixture);
/// assert!((fast / slow - 1.0).abs() < 1e-14);
/// assert!((sums[0].count / same[0].count - 1.0).abs() < 1e-13);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pass(samples: &Samples<'_>, mixture: &Mixture) -> Result<(f64, Vec<Sums>), EmError> {
    let (log_likelihood, sums) = two_components(samples, mixture, by_eights)
        .unwrap_or_else(|| {
            let centres: Vec<f64> = mixture.components().iter().map(|c| c.mean).collect();
            any_components(samples, mixture, &centres)
        });
    if !log_likelihood.is_finite() {
        return Err(underflow(samples, mixture));
    }
    if sums.iter().all(Sums::is_centred) {
        return Ok((log_likelihood, sums));
    }
    let means: Vec<f64> = sums.iter().map(|sums| sums.component(1).mean).collect();
    Ok(any_components(samples, mixture, &means))
}

fn underflow(samples: &Samples<'_>, mixture: &Mixture) -> EmError {
    let far = |x: &f64| !stability::log_likelihood(&[*x], mixture).is_finite();
    let sample = samples.data().iter().position(far).unwrap_or(0);
    EStepError::Underflow { sample, value: samples.data()[sample] }.into()
}

/// One answer a block, by as many threads as there are: in the order of the blocks.
// ANCHOR: blocks
fn blocks<T: Send>(data: &[f64], answer: impl Fn(&[f64]) -> T + Sync + Send) -> Vec<T> {
    if data.len() <= BLOCK {
        return vec![answer(data)];
    }
    data.par_chunks(BLOCK).map(answer).collect()
}
// ANCHOR_END: blocks

fn any_components(
    samples: &Samples<'_>,
    mixture: &Mixture,
    centres: &[f64],
) -> (f64, Vec<Sums>) {
    let terms: Vec<Term> = mixture.components().iter().map(Term::new).collect();
    let none: Vec<Sums> = centres.iter().map(|c| Sums::new(*c)).collect();
    let level = Level::new();
    let answers = blocks(samples.data(), |block| {
        let (all, rest) = block.as_chunks::<{ 8 * TOGETHER }>();
        let (eights, _) = all.as_flattened().as_chunks::<8>();
        let mut sums = none.clone();
        let log_likelihood = dispatch!(
            level,
            simd => many(simd, eights.as_chunks::<TOGETHER>().0, &terms, &mut sums)
        );
        let (ln_p, memberships) = table::by_terms(rest, &terms);
        for (sums, row) in sums.iter_mut().zip(memberships) {
            rest.iter().zip(row).for_each(|(x, membership)| sums.add(*x, membership));
        }
        (log_likelihood + ln_p.iter().sum::<f64>(), sums)
    });
    let add = |(l, sums): (f64, Vec<Sums>), (m, more): &(f64, Vec<Sums>)| {
        (l + m, merged(&sums, more))
    };
    answers.iter().fold((0.0, none), add)
}

fn merged(sums: &[Sums], more: &[Sums]) -> Vec<Sums> {
    sums.iter().zip(more).map(|(a, b)| a.merge(b)).collect()
}

/// ln (1 + odds) is at most this where factors 1 + odds are multiplied.
const LARGEST: f64 = 700.0;

fn by_eights(block: &[f64], odds: &Odds, together: usize) -> Half {
    let (eights, rest) = block.as_chunks::<8>();
    let half = dispatch!(Level::new(), simd => Half::vector(simd, eights, odds, together));
    half.merge(&Half::scalar(rest, odds, together))
}

/// With two components, the sums of one are what the other leaves of the whole.
fn two_components(
    samples: &Samples<'_>,
    mixture: &Mixture,
    half: fn(&[f64], &Odds, usize) -> Half,
) -> Option<(f64, Vec<Sums>)> {
    let [a, b] = mixture.components() else { return None };
    let first = a.weight * a.variance < b.weight * b.variance;
    let (of, against) = if first { (a, b) } else { (b, a) };
    let odds = Odds::new(of, against);
    let (least, largest) = odds.range(samples.range());
    let largest = largest.max(0.0) + LN_2;
    if !(least >= -LARGEST && largest <= LARGEST) {
        return None;
    }
    let together = (LARGEST / largest) as usize;
    let halves = blocks(samples.data(), |block| half(block, &odds, together));
    let none = Half { sums: Sums::new(of.mean), ln: 0.0 };
    let Half { sums: owned, ln } = halves.iter().fold(none, |all, half| all.merge(half));
    let whole = samples.sums().about(against.mean);
    let rest = whole.less(&owned);
    if !(rest.share_of(&samples.sums()) >= 1.0 / 32.0) {
        return None;
    }
    let height =
        against.weight.ln() + ln_normal(against.mean, against.mean, against.variance);
    let log_likelihood = whole.count * height - 0.5 * whole.second / against.variance + ln;
    Some((log_likelihood, if first { vec![owned, rest] } else { vec![rest, owned] }))
}

/// One step of EM, and the log-likelihood of the mixture that it started from. The weights are shares
/// of what all components own: far from all means the memberships of a sample sum to 1 only as exactly
/// as the logarithms of the densities are known.
///
/// # Errors
///
/// As `em::em`: a sample too far from every component; a component that owns nothing, or has
/// collapsed on one point.
///
/// ```
/// use {one_pass::{Samples, step}, sampling::Mixture};
/// let data = [-1.0, 0.0, 1.0, 3.0, 4.0, 5.0];
/// let start = Mixture::new([(0.5, 0.0, 1.0), (0.5, 4.0, 1.0)])?;
/// let (before, next) = step(&Samples::new(&data)?, &start)?;
/// assert!((before - em::log_likelihood(&data, &start)).abs() < 1e-13);
/// assert!(em::log_likelihood(&data, &next) > before);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn step(samples: &Samples, mixture: &Mixture) -> Result<(f64, Mixture), EmError> {
    let (log_likelihood, sums) = pass(samples, mixture)?;
    if let Some(component) = sums.iter().position(|sums| sums.count < f64::MIN_POSITIVE) {
        let effective_count = sums[component].count;
        return Err(MStepError::Empty { component, effective_count }.into());
    }
    let owned: f64 = sums.iter().map(|sums| sums.count).sum(); // n, but for rounding
    let mut components = Vec::new();
    for (component, sums) in sums.iter().enumerate() {
        let weight = sums.count / owned;
        let c = Component { weight, ..sums.component(samples.data().len()) };
        let mean = c.mean;
        let variance = if c.variance < 0.0 { 0.0 } else { c.variance }; // rounding
        if collapsed(mean, variance.sqrt()) {
            return Err(MStepError::Collapsed { component, mean, variance }.into());
        }
        components.push(c);
    }
    Ok((log_likelihood, Mixture::new(components).map_err(MStepError::from)?))
}

/// The mixtures that EM walks through: `start` first, without end, as `em::em`. A step without an
/// answer gives its error as the last item.
///
/// ```
/// use {one_pass::Samples, sampling::Mixture};
/// let data = [-1.0, 0.0, 1.0, 3.0, 4.0, 5.0];
/// let start = Mixture::new([(0.5, 0.0, 1.0), (0.5, 4.0, 1.0)])?;
/// let fast = one_pass::em(&Samples::new(&data)?, start.clone()).nth(20).unwrap()?;
/// let readable = em::em(&data, start).nth(20).unwrap()?; // no table of memberships, the same run
/// for (a, b) in fast.components().iter().zip(readable.components()) {
///     assert!((a.mean - b.mean).abs() < 1e-13);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn em(
    samples: &Samples<'_>,
    start: Mixture,
) -> impl Iterator<Item = Result<Mixture, EmError>> {
    successors(Some(Ok(start)), move |previous| {
        previous.as_ref().ok().map(|mixture| Ok(step(samples, mixture)?.1))
    })
}

/// The eight numbers of a vector, added up.
fn total<S: Simd>(vector: f64x8<S>) -> f64 {
    vector.as_slice().iter().sum()
}
