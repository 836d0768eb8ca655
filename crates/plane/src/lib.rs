//! Mixtures in the plane: EM with covariance matrices in place of variances.
//!
//! This crate belongs to the chapter *Plane*. The memberships are those of the chapter *E-step*, and
//! the cures those of *Stability*.

mod cure;
mod mixture;
mod shape;

pub use mixture::{Component, Mixture, PlaneError, ln_normal};
pub use shape::Shape;

// ANCHOR: imports
use cure::{Share, covariances};
use e_step::Memberships;
use m_step::{effective_count, refined_mean};
use nalgebra::{Matrix2, Vector2};
use stability::{Cure, log_sum_exp};
use std::iter::successors;
// ANCHOR_END: imports

/// The logarithms of the numerators of Bayes' rule, ln π_k N(x; μ_k, Σ_k), for every k.
// ANCHOR: ln_numerators
fn ln_numerators(x: &Vector2<f64>, mixture: &Mixture) -> Vec<f64> {
    let numerator = |c: &Component| c.weight.ln() + ln_normal(x, &c.mean, &c.covariance);
    mixture.components().iter().map(numerator).collect()
}
// ANCHOR_END: ln_numerators

/// The membership of every sample in every component, by Bayes' rule (eq:plane-bayes):
///
/// ```text
/// r_ik = π_k N(x_i; μ_k, Σ_k) / Σ_j π_j N(x_i; μ_j, Σ_j)
/// ```
///
/// # Errors
///
/// No samples; one that is not finite, or so far from every component that its squared distance
/// overflows. The error names the sample.
///
/// ```
/// use {nalgebra::Vector2, plane::Mixture};
/// let circle = [1.0, 0.0, 1.0];
/// let pair = Mixture::new([(0.5, [0.0, 0.0], circle), (0.5, [2.0, 2.0], circle)])?;
/// let r = plane::e_step(&[Vector2::new(2.0, 0.0)], &pair)?;
/// assert_eq!(r.components(), [[0.5], [0.5]]); // as far from one as from the other
/// # Ok::<(), plane::PlaneError>(())
/// ```
// ANCHOR: e_step
pub fn e_step(data: &[Vector2<f64>], mixture: &Mixture) -> Result<Memberships, PlaneError> {
    check(data)?;
    let mut table = vec![Vec::with_capacity(data.len()); mixture.components().len()];
    for (sample, x) in data.iter().enumerate() {
        let logs = ln_numerators(x, mixture);
        let total = log_sum_exp(&logs);
        if !total.is_finite() {
            return Err(PlaneError::Far { sample, value: (*x).into() });
        }
        for (row, log) in table.iter_mut().zip(logs) {
            row.push((log - total).exp());
        }
    }
    Ok(Memberships::new(table).expect("parts of a whole are shares"))
}
// ANCHOR_END: e_step

fn check(data: &[Vector2<f64>]) -> Result<(), PlaneError> {
    let finite = |x: &Vector2<f64>| x.iter().all(|value| value.is_finite());
    match data.iter().position(|x| !finite(x)) {
        _ if data.is_empty() => Err(PlaneError::NoSamples),
        Some(sample) => Err(PlaneError::NotFinite { sample, value: data[sample].into() }),
        None => Ok(()),
    }
}

/// What one component owns: how many samples, their mean, and their scatter about it (eq:plane-mean,
/// eq:plane-scatter):
///
/// ```text
/// μ_k = Σ_i r_ik x_i / N_k,   A_k = Σ_i r_ik (x_i − μ_k)(x_i − μ_k)ᵀ / N_k
/// ```
// ANCHOR: share
fn share(data: &[Vector2<f64>], memberships: &[f64]) -> Share {
    let count = effective_count(memberships);
    let along = |j: usize| data.iter().map(|x| x[j]).collect::<Vec<_>>();
    let mean = Vector2::from_fn(|j, _| refined_mean(&along(j), memberships));
    let outer = |(x, r): (&Vector2<f64>, &f64)| (x - mean) * (x - mean).transpose() * *r;
    let scatter = data.iter().zip(memberships).map(outer).sum::<Matrix2<f64>>() / count;
    Share { count, mean, scatter }
}
// ANCHOR_END: share

/// The mixture of that shape which fits the samples best, given their memberships and a cure
/// (eq:m-step-weight, eq:plane-mean, eq:plane-covariance, eq:plane-shapes; with a cure eq:plane-floor or
/// eq:plane-prior).
///
/// # Errors
///
/// Not one membership for each sample; a sample that is not finite. Without a prior, a component that
/// owns nothing; without a cure, one that has collapsed on a point or a line. A floor that is not above
/// 0 and at most 1; a floor or a prior for samples that all lie on a line. Sums that overflow.
///
/// ```
/// use {e_step::Memberships, nalgebra::Vector2, plane::{Shape, m_step}, stability::Cure};
/// let data = [[0.0, 0.0], [4.0, 0.0], [0.0, 2.0], [4.0, 2.0]].map(Vector2::from);
/// let all = Memberships::new(vec![vec![1.0; 4]])?;
/// let fitted = m_step(&data, &all, Shape::Free, &Cure::Refuse)?;
/// assert_eq!(fitted, plane::Mixture::new([(1.0, [2.0, 1.0], [4.0, 0.0, 1.0])])?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: m_step
pub fn m_step(
    data: &[Vector2<f64>],
    memberships: &Memberships,
    shape: Shape,
    cure: &Cure,
) -> Result<Mixture, PlaneError> {
    check(data)?;
    let (rows, n) = (memberships.components(), data.len());
    if rows[0].len() != n {
        return Err(PlaneError::Lengths { samples: n, memberships: rows[0].len() });
    }
    let all = share(data, &vec![1.0; n]);
    let owned: Vec<Share> = rows.iter().map(|row| share(data, row).or(&all)).collect();
    let covariances = covariances(&owned, &all, shape, cure)?;
    Mixture::new(owned.iter().zip(covariances).map(|(own, covariance)| Component {
        weight: cure.weight(own.count, n, rows.len()),
        mean: own.mean,
        covariance,
    }))
}
// ANCHOR_END: m_step

/// The mixtures that EM walks through (eq:em): `start` first, without end. A step without an answer
/// gives its error as the last item.
///
/// ```
/// use {nalgebra::Vector2, plane::{Mixture, Shape, em}, stability::Cure};
/// let data = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [9.0, 9.0], [8.0, 9.0], [9.0, 7.0]];
/// let data = data.map(Vector2::from);
/// let circle = [4.0, 0.0, 4.0];
/// let start = Mixture::new([(0.5, [0.0, 3.0], circle), (0.5, [5.0, 6.0], circle)])?;
/// let twenty = em(&data, start, Shape::Free, Cure::Refuse).nth(20).unwrap()?;
/// assert!((twenty.components()[0].mean[0] - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), plane::PlaneError>(())
/// ```
// ANCHOR: em
pub fn em(
    data: &[Vector2<f64>],
    start: Mixture,
    shape: Shape,
    cure: Cure,
) -> impl Iterator<Item = Result<Mixture, PlaneError>> {
    let step = move |mixture: &Mixture| m_step(data, &e_step(data, mixture)?, shape, &cure);
    successors(Some(Ok(start)), move |previous| previous.as_ref().ok().map(step))
}
// ANCHOR_END: em

/// How well a mixture explains the samples, by the natural logarithm (eq:log-likelihood):
///
/// ```text
/// ℓ(θ) = Σ_i ln Σ_k π_k N(x_i; μ_k, Σ_k)
/// ```
///
/// No samples give 0; NaN gives NaN.
///
/// ```
/// use {nalgebra::Vector2, plane::{Mixture, log_likelihood}};
/// let circle = Mixture::new([(1.0, [0.0, 0.0], [1.0, 0.0, 1.0])])?;
/// let l = log_likelihood(&[Vector2::new(3.0, 4.0)], &circle);
/// assert!((l + 12.5 + std::f64::consts::TAU.ln()).abs() < 1e-14);
/// # Ok::<(), plane::PlaneError>(())
/// ```
#[must_use]
// ANCHOR: log_likelihood
pub fn log_likelihood(data: &[Vector2<f64>], mixture: &Mixture) -> f64 {
    data.iter().map(|x| log_sum_exp(&ln_numerators(x, mixture))).sum()
}
// ANCHOR_END: log_likelihood

/// What the M-step makes as large as it can (eq:q):
///
/// ```text
/// Q = Σ_i Σ_k r_ik (ln π_k + ln N(x_i; μ_k, Σ_k))
/// ```
///
/// A membership of 0 adds nothing. With `bound::entropy` it makes the lower bound (eq:lower-bound).
///
/// ```
/// use {e_step::Memberships, nalgebra::Vector2, plane::*};
/// let (data, all) = ([Vector2::zeros()], Memberships::new(vec![vec![1.0]]).unwrap());
/// let circle = Mixture::new([(1.0, [0.0, 0.0], [1.0, 0.0, 1.0])])?;
/// assert_eq!(expected_log_likelihood(&data, &all, &circle), log_likelihood(&data, &circle));
/// # Ok::<(), plane::PlaneError>(())
/// ```
#[must_use]
// ANCHOR: q
pub fn expected_log_likelihood(
    data: &[Vector2<f64>],
    memberships: &Memberships,
    mixture: &Mixture,
) -> f64 {
    let mut sum = 0.0;
    for (i, x) in data.iter().enumerate() {
        for (row, ln) in memberships.components().iter().zip(ln_numerators(x, mixture)) {
            sum += if row[i] > 0.0 { row[i] * ln } else { 0.0 };
        }
    }
    sum
}
// ANCHOR_END: q
