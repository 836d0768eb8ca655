//! The table of memberships after all, for those who need it.

use crate::many::{TOGETHER, Term, largest, numerators};
use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};
use sampling::Component;

/// Samples that are worked on together.
const SAMPLES: usize = 8 * TOGETHER;

/// ln p(x_i) of every sample (eq:log-sum-exp), and the memberships r_ik (eq:bayes), a row for each
/// component: the E-step by vectors.
///
/// Any samples and components: a sample that is not finite, or so far from every component that the
/// logarithm of its density overflows, spoils its own column.
///
/// ```
/// use {one_pass::memberships, sampling::Mixture};
/// let mixture = Mixture::new([(0.5, 0.0, 1.0), (0.5, 4.0, 1.0)])?;
/// let (ln_p, rows) = memberships(&[2.0, 9.0], mixture.components());
/// assert!((rows[0][0] - 0.5).abs() < 1e-15); // half-way
/// assert!((ln_p[0] - density::mixture(2.0, &mixture).ln()).abs() < 1e-14);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
pub fn memberships(data: &[f64], components: &[Component]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let terms: Vec<Term> = components.iter().map(Term::new).collect();
    by_terms(data, &terms)
}

/// The same, if what is needed of the components is known.
pub(crate) fn by_terms(data: &[f64], terms: &[Term]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut padded = data.to_vec();
    padded.resize(data.len().next_multiple_of(SAMPLES), 0.0);
    let mut ln_p = vec![0.0; padded.len()];
    let mut rows = vec![vec![0.0; padded.len()]; terms.len()];
    let parts = padded.as_chunks::<8>().0.as_chunks::<TOGETHER>().0;
    dispatch!(Level::new(), simd => fill(simd, parts, terms, &mut ln_p, &mut rows));
    ln_p.truncate(data.len());
    rows.iter_mut().for_each(|row| row.truncate(data.len()));
    (ln_p, rows)
}

#[inline(always)]
pub(crate) fn fill<S: Simd>(
    simd: S,
    data: &[[[f64; 8]; TOGETHER]],
    terms: &[Term],
    ln_p: &mut [f64],
    rows: &mut [Vec<f64>],
) {
    let all = |number| f64x8::splat(simd, number);
    let mut owned = vec![[all(0.0); TOGETHER]; terms.len()]; // logs, then numerators of Bayes' rule
    for (part, eights) in data.iter().enumerate() {
        let x = eights.map(|eight| f64x8::from_slice(simd, &eight));
        let largest = largest(simd, x, terms, &mut owned);
        let totals = numerators(simd, largest, &mut owned);
        for (j, (total, largest)) in totals.iter().zip(largest).enumerate() {
            let to = SAMPLES * part + 8 * j..SAMPLES * part + 8 * (j + 1);
            let logs = total.as_slice().iter().zip(largest.as_slice());
            for (ln_p, (total, largest)) in ln_p[to.clone()].iter_mut().zip(logs) {
                *ln_p = largest + total.ln();
            }
            for (row, numerator) in rows.iter_mut().zip(&owned) {
                row[to.clone()].copy_from_slice((numerator[j] / *total).as_slice());
            }
        }
    }
}
