//! Arithmetic that survives far samples, large offsets and collapse.
//!
//! This crate belongs to the chapter *Stability*. For every finite input its steps return finite
//! numbers or an error that says why there are none.

mod arithmetic;
mod cure;
mod logarithms;

pub use cure::{Cure, Prior};
pub use logarithms::{log_likelihood, log_sum_exp};

// ANCHOR: imports
use ::e_step::{EStepError, Memberships};
use ::m_step::{MStepError, effective_count};
use arithmetic::{deviations, distance, ln_numerator, ln_numerators, moments};
use sampling::{Component, Mixture};
use std::f64::consts::TAU;
use std::iter::successors;
// ANCHOR_END: imports

/// Why a step has no answer, or a cure no meaning.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum StabilityError {
    #[error("E-step: {0}")]
    EStep(EStepError),
    #[error("M-step: {0}")]
    MStep(MStepError),
    /// The samples are so near to each other, or so far apart, that the square of the deviation is no
    /// normal 64-bit number: measure them in another unit.
    #[error(
        "component {component} has a variance out of range, {variance:.0e} (deviation {deviation:.3e})"
    )]
    Range { component: usize, variance: f64, deviation: f64 },
    #[error(
        "all samples are {value}: without a variance there is nothing to measure a cure by"
    )]
    Constant { value: f64 },
    #[error("the {name} is {value}: {domain}")]
    Setting { name: &'static str, value: f64, domain: &'static str },
}

impl From<EStepError> for StabilityError {
    fn from(error: EStepError) -> Self {
        Self::EStep(error)
    }
}

impl From<MStepError> for StabilityError {
    fn from(error: MStepError) -> Self {
        Self::MStep(error)
    }
}

/// The membership of every sample in every component by Bayes' rule (eq:bayes), in logarithms
/// (eq:ln-bayes):
///
/// ```text
/// ln r_ik = l_ik − ln Σ_j exp(l_ij),   l_ik = ln π_k N(x_i; μ_k, σ_k²)
/// ```
///
/// Any finite samples and any mixture have memberships: they never underflow to 0/0.
///
/// # Errors
///
/// No samples; a sample that is NaN or infinite. The error names the sample.
///
/// ```
/// use sampling::{Component, Mixture};
/// let guess = Mixture::new([
///     (0.5, 0.0, 1.0),
///     (0.5, 1.0, 1.0),
/// ])?;
/// assert!(e_step::e_step(&[40.0], &guess).is_err());
/// let odds_against = 39.5_f64.exp();
/// let r = stability::e_step(&[40.0], &guess)?.components()[0][0];
/// assert!((r * odds_against - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: e_step
pub fn e_step(data: &[f64], mixture: &Mixture) -> Result<Memberships, EStepError> {
    check(data)?;
    let mut table = vec![Vec::with_capacity(data.len()); mixture.components().len()];
    for &x in data {
        let logs = ln_numerators(x, mixture);
        let total = log_sum_exp(&logs);
        for (row, log) in table.iter_mut().zip(logs) {
            row.push((log - total).exp());
        }
    }
    Ok(Memberships::new(table).expect("parts of a whole are shares"))
}
// ANCHOR_END: e_step

fn check(data: &[f64]) -> Result<(), EStepError> {
    if data.is_empty() {
        return Err(EStepError::NoSamples);
    }
    match first_not_finite(data) {
        Some((sample, value)) => Err(EStepError::NotFinite { sample, value }),
        None => Ok(()),
    }
}

fn first_not_finite(data: &[f64]) -> Option<(usize, f64)> {
    data.iter().copied().enumerate().find(|(_, x)| !x.is_finite())
}

/// The mixture that fits the samples best, given their memberships and a cure (eq:m-step-weight,
/// eq:residual-mean, eq:residual-deviation; with a cure eq:floor, or eq:map-variance and
/// eq:map-weight).
///
/// With a prior, a component that owns nothing gets the mean of the data and the variance s₀².
///
/// # Errors
///
/// Not one membership for each sample; a sample that is NaN or infinite. Without a cure, a
/// component that has collapsed on one point; without a prior, one that owns nothing. A variance
/// that is no normal 64-bit number, below 2.2e-308 or above 1.8e308. A floor that is not above 0
/// and at most 1; a floor or a prior for samples that are all the same.
///
/// ```
/// use {e_step::Memberships, stability::{Cure, m_step}};
/// let labels = vec![vec![1.0, 1.0, 1.0, 1.0, 0.0], vec![0.0, 0.0, 0.0, 0.0, 1.0]];
/// let (data, labels) = ([0.0, 1.0, 2.0, 3.0, 10.0], Memberships::new(labels)?);
/// assert!(m_step(&data, &labels, &Cure::Refuse).is_err());
/// let fitted = m_step(&data, &labels, &Cure::Floor(0.01))?; // the data's variance is 12.56
/// assert!((fitted.components()[1].variance - 0.1256).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn m_step(
    data: &[f64],
    memberships: &Memberships,
    cure: &Cure,
) -> Result<Mixture, StabilityError> {
    let rows = memberships.components();
    let (samples, columns) = (data.len(), rows[0].len());
    if samples != columns {
        return Err(MStepError::Lengths { samples, memberships: columns }.into());
    }
    if let Some((sample, value)) = first_not_finite(data) {
        return Err(MStepError::NotFinite { sample, value }.into());
    }
    let (least, everything) = (cure.least(data)?, vec![1.0; samples]);
    let mut components = Vec::new();
    for (component, row) in rows.iter().enumerate() {
        let count = effective_count(row);
        let owned = if count < f64::MIN_POSITIVE { &everything } else { row };
        let (mean, deviation) = moments(data, owned);
        let variance = cure.variance(component, count, mean, deviation, least)?;
        if !variance.is_normal() {
            return Err(StabilityError::Range { component, variance, deviation });
        }
        let weight = cure.weight(count, samples, rows.len());
        components.push(Component { weight, mean, variance });
    }
    Ok(Mixture::new(components).map_err(MStepError::from)?)
}

/// The mixtures that EM walks through with these steps: `start` first, without end, as `em::em`.
/// A step without an answer gives its error as the last item.
///
/// ```
/// use {sampling::{Component, Mixture}, stability::{Cure, Prior, em}};
/// let on = |mean| Component { weight: 0.5, mean, variance: 0.5 };
/// let start = Mixture::new([on(1.5), on(10.0)])?; // a component on the outlier
/// let data = [0.0, 1.0, 2.0, 3.0, 10.0];
/// assert!(em(&data, start.clone(), Cure::Refuse).take(100).any(|item| item.is_err()));
/// let prior = Cure::Prior(Prior::new(2.0, 0.1, 1.0)?);
/// assert!(em(&data, start, prior).take(100).all(|item| item.is_ok()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn em(
    data: &[f64],
    start: Mixture,
    cure: Cure,
) -> impl Iterator<Item = Result<Mixture, StabilityError>> {
    let step = move |mixture: &Mixture| m_step(data, &e_step(data, mixture)?, &cure);
    successors(Some(Ok(start)), move |previous| previous.as_ref().ok().map(step))
}

/// What EM with a prior climbs (eq:penalised): ℓ(θ) + ln p(θ), the prior up to a constant; with
/// any other cure ℓ(θ), the log-likelihood, itself (eq:log-sum-exp).
///
/// Finite, unless it is below −1.8e308; then −∞. A weight of 0 gives −∞ where the concentration
/// is above 1.
///
/// # Errors
///
/// No samples; a sample that is not finite; a floor or a prior as for [`m_step()`].
///
/// ```
/// use {sampling::{Component, Mixture}, stability::{Cure, penalised_log_likelihood}};
/// let standard = Mixture::new([(1.0, 0.0, 1.0)])?;
/// assert_eq!(em::log_likelihood(&[0.0, 40.0], &standard), f64::NEG_INFINITY);
/// let value = penalised_log_likelihood(&[0.0, 40.0], &standard, &Cure::Refuse)?;
/// assert!((value + 801.8378770664093).abs() < 1e-10); // −40²/2 − ln 2π
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn penalised_log_likelihood(
    data: &[f64],
    mixture: &Mixture,
    cure: &Cure,
) -> Result<f64, StabilityError> {
    check(data)?;
    let least = cure.least(data)?;
    let ln_p = |&x: &f64| {
        let square = |c: &Component| deviations(distance(x, c.mean, c)).powi(2);
        let logs = mixture.components().iter().map(|c| ln_numerator(c, square(c)));
        log_sum_exp(&logs.collect::<Vec<_>>()) - 0.5 * TAU.ln()
    };
    Ok(data.iter().map(ln_p).sum::<f64>() + cure.ln_prior(mixture, least))
}
