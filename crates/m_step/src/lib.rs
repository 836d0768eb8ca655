//! The M-step: memberships turn into better parameters.
//!
//! This crate belongs to the chapter *M-step*.

// ANCHOR: imports
use density::ln_normal;
use e_step::Memberships;
use sampling::{Component, Mixture, MixtureError};
// ANCHOR_END: imports

/// How many samples a component owns, in parts (eq:effective-count): N_k = Σ_i r_ik.
///
/// ```
/// assert_eq!(m_step::effective_count(&[1.0, 0.25, 0.25]), 1.5);
/// ```
#[must_use]
// ANCHOR: effective_count
pub fn effective_count(memberships: &[f64]) -> f64 {
    memberships.iter().sum()
}
// ANCHOR_END: effective_count

/// The mean of the samples, each counted by its membership (eq:m-step-mean):
/// μ_k = Σ_i r_ik x_i / N_k. NaN where nothing is owned: 0/0.
///
/// ```
/// assert_eq!(m_step::mean(&[0.0, 4.0], &[0.75, 0.25]), 1.0);
/// ```
#[must_use]
// ANCHOR: mean
pub fn mean(data: &[f64], memberships: &[f64]) -> f64 {
    let sum: f64 = data.iter().zip(memberships).map(|(x, r)| r * x).sum();
    sum / effective_count(memberships)
}
// ANCHOR_END: mean

/// The mean squared distance from `mean`, each sample counted by its membership
/// (eq:m-step-variance): σ_k² = Σ_i r_ik (x_i − μ_k)² / N_k. NaN where nothing is owned.
///
/// ```
/// assert_eq!(m_step::variance(&[0.0, 4.0], &[0.75, 0.25], 1.0), 3.0);
/// ```
#[must_use]
// ANCHOR: variance
pub fn variance(data: &[f64], memberships: &[f64], mean: f64) -> f64 {
    let sum: f64 = data.iter().zip(memberships).map(|(x, r)| r * (x - mean).powi(2)).sum();
    sum / effective_count(memberships)
}
// ANCHOR_END: variance

/// The same mean, less the rounding of a long sum: the mean of what is left when it is taken off,
/// added to it.
///
/// ```
/// let third = [1e9, 1e9 + 1.0, 1e9 + 2.0].repeat(1000);
/// assert_eq!(m_step::refined_mean(&third, &vec![0.1; 3000]), 1e9 + 1.0);
/// ```
#[must_use]
// ANCHOR: refined_mean
pub fn refined_mean(data: &[f64], memberships: &[f64]) -> f64 {
    let rough = mean(data, memberships);
    let rest: Vec<f64> = data.iter().map(|x| x - rough).collect();
    rough + mean(&rest, memberships)
}
// ANCHOR_END: refined_mean

/// Whether a component has collapsed on a point: its deviation is no larger than the rounding of its
/// mean.
///
/// ```
/// assert!(m_step::collapsed(1e9, 1e-8) && !m_step::collapsed(0.0, 1e-8));
/// ```
#[must_use]
pub fn collapsed(mean: f64, deviation: f64) -> bool {
    deviation <= f64::EPSILON * mean.abs()
}

/// Why the M-step has no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum MStepError {
    #[error("there are {samples} samples, but memberships of {memberships}")]
    Lengths { samples: usize, memberships: usize },
    #[error("sample {sample} is {value}: a sample is a finite number")]
    NotFinite { sample: usize, value: f64 },
    /// Every membership in it is 0, or so small that their sum is no normal 64-bit number: there is
    /// nothing to take a mean of.
    #[error("component {component} owns nothing: its effective count is {effective_count}")]
    Empty { component: usize, effective_count: f64 },
    /// Its deviation is no larger than the rounding of its mean. There the likelihood has no maximum.
    #[error(
        "component {component} has collapsed on the point {mean:?}: its variance is {variance:?}"
    )]
    Collapsed { component: usize, mean: f64, variance: f64 },
    /// The samples are so large that their sums or squares overflow.
    #[error(transparent)]
    Mixture(#[from] MixtureError),
}

/// The mixture that fits the samples best, given their memberships (eq:m-step-weight,
/// eq:m-step-mean, eq:m-step-variance).
///
/// # Errors
///
/// Not one membership for each sample; a sample that is NaN or infinite; a component that owns
/// nothing (N_k below the smallest normal number); a component that has [`collapsed`]; sums that
/// overflow. The error names the place.
///
/// ```
/// use e_step::Memberships;
/// // Each sample in one component: the M-step is the mean and variance of each group.
/// let labels = Memberships::new(vec![vec![1.0, 1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0, 1.0]])?;
/// let mixture = m_step::m_step(&[-1.0, 1.0, 3.0, 7.0], &labels)?;
/// assert_eq!(mixture.components()[1].mean, 5.0);
/// assert_eq!(mixture.components()[1].variance, 4.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: m_step
pub fn m_step(data: &[f64], memberships: &Memberships) -> Result<Mixture, MStepError> {
    check(data, memberships)?;
    let mut components = Vec::new();
    for (component, row) in memberships.components().iter().enumerate() {
        let weight = effective_count(row) / data.len() as f64;
        let mu = refined_mean(data, row);
        let v = variance(data, row, mu);
        if collapsed(mu, v.sqrt()) {
            return Err(MStepError::Collapsed { component, mean: mu, variance: v });
        }
        components.push(Component { weight, mean: mu, variance: v });
    }
    Ok(Mixture::new(components)?)
}
// ANCHOR_END: m_step

/// The samples and memberships that have an M-step.
fn check(data: &[f64], memberships: &Memberships) -> Result<(), MStepError> {
    let (samples, columns) = (data.len(), memberships.components()[0].len());
    if samples != columns {
        return Err(MStepError::Lengths { samples, memberships: columns });
    }
    if let Some(sample) = data.iter().position(|x| !x.is_finite()) {
        return Err(MStepError::NotFinite { sample, value: data[sample] });
    }
    for (component, row) in memberships.components().iter().enumerate() {
        let effective_count = effective_count(row);
        if effective_count < f64::MIN_POSITIVE {
            return Err(MStepError::Empty { component, effective_count });
        }
    }
    Ok(())
}

/// What the M-step makes as large as it can, the expected log-likelihood of the samples and
/// their components together (eq:q):
///
/// ```text
/// Q = Σ_i Σ_k r_ik (ln π_k + ln N(x_i; μ_k, σ_k²))
/// ```
///
/// A membership of 0 adds nothing, whatever the density. Samples, components and memberships
/// beyond the shortest list are left out.
///
/// ```
/// use {e_step::Memberships, m_step::{expected_log_likelihood, m_step}, sampling::*};
/// let (data, all) = ([0.0, 2.0], Memberships::new(vec![vec![1.0, 1.0]])?);
/// let best = expected_log_likelihood(&data, &all, &m_step(&data, &all)?);
/// let other = Mixture::new([(1.0, 1.0, 1.1)])?;
/// assert!(best > expected_log_likelihood(&data, &all, &other));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
// ANCHOR: q
pub fn expected_log_likelihood(
    data: &[f64],
    memberships: &Memberships,
    mixture: &Mixture,
) -> f64 {
    let mut sum = 0.0;
    for (c, row) in mixture.components().iter().zip(memberships.components()) {
        for (&x, &r) in data.iter().zip(row).filter(|(_, r)| **r > 0.0) {
            sum += r * (c.weight.ln() + ln_normal(x, c.mean, c.variance));
        }
    }
    sum
}
// ANCHOR_END: q
