//! Arithmetic that survives far samples, large offsets and collapse.
//!
//! This crate belongs to the chapter *Stability*. For every finite input its steps return finite
//! numbers or an error that says why there are none.

use ::e_step::{EStepError, Responsibilities};
use ::m_step::{MStepError, effective_count};
use sampling::{Component, Mixture};
use std::f64::consts::TAU;
use std::iter::successors;

/// Why a step has no answer, or a cure no meaning.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum StabilityError {
    #[error("E-step: {0}")]
    EStep(#[from] EStepError),
    #[error("M-step: {0}")]
    MStep(#[from] MStepError),
    #[error(
        "component {component} has the deviation {deviation:.3e}: its square, the variance, is beyond 64-bit numbers"
    )]
    Range { component: usize, deviation: f64 },
    #[error(
        "all samples are {value}: without a variance there is nothing to measure a cure by"
    )]
    Constant { value: f64 },
    #[error(
        "the samples have the deviation {deviation:.3e}: {share:.3e} of its square, their variance, is beyond 64-bit numbers"
    )]
    DataRange { deviation: f64, share: f64 },
    #[error("the floor is {0}: a share of the data's variance lies above 0 and up to 1")]
    Floor(f64),
    #[error(
        "the strength of the prior is {0}: a number of samples, above 0 and up to 1e100"
    )]
    Strength(f64),
    #[error(
        "the scale of the prior is {0}: a share of the data's variance is positive and finite"
    )]
    Scale(f64),
    #[error("the concentration of the prior is {0}: it lies between 1 and 1e100")]
    Concentration(f64),
}

/// The membership of every sample in every component by Bayes' rule (eq:bayes), in logarithms
/// with the largest subtracted (eq:shifted-bayes):
///
/// ```text
/// r_ik = exp(l_ik − c_i) / Σ_j exp(l_ij − c_i),   c_i = max_j l_ij
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
///     Component { weight: 0.5, mean: 0.0, variance: 1.0 },
///     Component { weight: 0.5, mean: 1.0, variance: 1.0 },
/// ])?;
/// assert!(e_step::e_step(&[40.0], &guess).is_err());
/// let odds_against = 39.5_f64.exp();
/// let r = stability::e_step(&[40.0], &guess)?.components()[0][0];
/// assert!((r * odds_against - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: e_step
pub fn e_step(data: &[f64], mixture: &Mixture) -> Result<Responsibilities, EStepError> {
    check(data)?;
    let mut table = vec![Vec::with_capacity(data.len()); mixture.components().len()];
    for &x in data {
        let (logs, _) = ln_numerators(x, mixture);
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let parts: Vec<f64> = logs.iter().map(|log| (log - largest).exp()).collect();
        let total: f64 = parts.iter().sum();
        for (row, part) in table.iter_mut().zip(parts) {
            row.push(part / total);
        }
    }
    Ok(Responsibilities::new(table).expect("parts of a whole are shares"))
}
// ANCHOR_END: e_step

// ANCHOR: ln_numerators
/// ln π_k N(x; μ_k, σ_k²) for every k, up to one constant; and that constant.
fn ln_numerators(x: f64, mixture: &Mixture) -> (Vec<f64>, f64) {
    let all = mixture.components();
    let nearer = |a, b| if beyond(x, b, a) < 0.0 { b } else { a };
    let nearest = all.iter().filter(|c| c.weight > 0.0).reduce(nearer).unwrap_or(&all[0]);
    let log = |c: &Component| {
        c.weight.ln() - 0.5 * c.variance.ln() - 0.5 * beyond(x, c, nearest).max(0.0)
    };
    let square = unfolded(folded(x, nearest.mean, nearest)).powi(2);
    (all.iter().map(log).collect(), -0.5 * square - 0.5 * TAU.ln())
}
// ANCHOR_END: ln_numerators

// ANCHOR: beyond
/// How much farther `x` is from one component than from another, in squared deviations
/// (eq:factors, eq:difference): a² − b² as (a − b)(a + b).
fn beyond(x: f64, c: &Component, other: &Component) -> f64 {
    let (a, b) = (folded(x, c.mean, c), folded(x, other.mean, other));
    let ratio = (other.variance / c.variance).sqrt() - 1.0;
    let less =
        if ratio.abs() < 0.5 { b * ratio + folded(other.mean, c.mean, c) } else { a - b };
    unfolded(less) * unfolded(less + 2.0 * b)
}

/// (x − μ) / σ, divided by 2e162: then it is finite for all numbers that there are.
fn folded(x: f64, mean: f64, c: &Component) -> f64 {
    (0.5 * x - 0.5 * mean) / 1e81 / (1e81 * c.variance.sqrt())
}

fn unfolded(distance: f64) -> f64 {
    (2e162 * distance).clamp(-f64::MAX, f64::MAX)
}
// ANCHOR_END: beyond

fn check(data: &[f64]) -> Result<(), EStepError> {
    if data.is_empty() {
        return Err(EStepError::NoSamples);
    }
    match data.iter().position(|x| !x.is_finite()) {
        Some(sample) => Err(EStepError::NotFinite { sample, value: data[sample] }),
        None => Ok(()),
    }
}

/// What the M-step does about a component that owns a single point, or nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
// ANCHOR: cure
pub enum Cure {
    /// An error that names the component.
    Refuse,
    /// No variance falls below this share of the data's variance (eq:floor).
    Floor(f64),
    /// Every component owns a few imaginary samples beside its own.
    Prior(Prior),
}
// ANCHOR_END: cure

/// A conjugate prior for the variances and the weights (eq:ln-prior):
///
/// ```text
/// ln p(θ) = (a − 1) Σ_k ln π_k − m/2 Σ_k (ln σ_k² + τ²/σ_k²) + constant
/// ```
///
/// Valid by construction.
// ANCHOR: prior
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// m: the variance counts as much as this many samples.
    strength: f64,
    /// τ² as a share of the data's variance.
    scale: f64,
    /// a: each weight counts a − 1 samples more.
    concentration: f64,
}
// ANCHOR_END: prior

impl Prior {
    /// Inverse gamma with m = `strength` and τ² = `scale` times the data's variance, for every
    /// variance; Dirichlet with a = `concentration`, for the weights.
    ///
    /// # Errors
    ///
    /// A strength that is not above 0 and at most 1e100; a scale that is not positive and finite; a
    /// concentration below 1, which would reward weights of 0, or above 1e100. The error has the
    /// value.
    ///
    /// ```
    /// use stability::{Prior, StabilityError};
    /// assert!(Prior::new(2.0, 0.1, 1.5).is_ok());
    /// assert_eq!(Prior::new(2.0, 0.1, 0.5), Err(StabilityError::Concentration(0.5)));
    /// ```
    pub fn new(
        strength: f64,
        scale: f64,
        concentration: f64,
    ) -> Result<Self, StabilityError> {
        if !(strength > 0.0 && strength <= 1e100) {
            return Err(StabilityError::Strength(strength));
        }
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(StabilityError::Scale(scale));
        }
        if !(1.0..=1e100).contains(&concentration) {
            return Err(StabilityError::Concentration(concentration));
        }
        Ok(Self { strength, scale, concentration })
    }
}

/// The mixture that fits the samples best, given their memberships and a cure (eq:m-step-weight,
/// eq:residual-mean, eq:scaled-deviation; with a prior eq:map-variance, eq:map-weight).
///
/// With a prior, a component that owns nothing gets the mean of the data and the variance τ².
///
/// # Errors
///
/// Not one membership for each sample; a sample that is NaN or infinite. Without a cure, a
/// component that has collapsed on one point; without a prior, one that owns nothing. A variance
/// that is no normal 64-bit number, below 2.2e-308 or above 1.8e308. A floor that is not above 0
/// and at most 1; a floor or a prior for data without a variance, or one beyond 64-bit numbers.
///
/// ```
/// use {e_step::Responsibilities, stability::{Cure, m_step}};
/// let labels = vec![vec![1.0, 1.0, 1.0, 1.0, 0.0], vec![0.0, 0.0, 0.0, 0.0, 1.0]];
/// let (data, labels) = ([0.0, 1.0, 2.0, 3.0, 10.0], Responsibilities::new(labels)?);
/// assert!(m_step(&data, &labels, &Cure::Refuse).is_err());
/// let fitted = m_step(&data, &labels, &Cure::Floor(0.01))?; // the data's variance is 12.56
/// assert!((fitted.components()[1].variance - 0.1256).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: m_step
pub fn m_step(
    data: &[f64],
    responsibilities: &Responsibilities,
    cure: &Cure,
) -> Result<Mixture, StabilityError> {
    let rows = responsibilities.components();
    lengths_and_numbers(data, &rows[0])?;
    let least = cure.variance(data)?;
    let mut components = Vec::new();
    for (component, memberships) in rows.iter().enumerate() {
        let count = effective_count(memberships);
        let (mean, deviation) = cure.moments(component, count, data, memberships)?;
        let variance = cure.mixed(deviation.powi(2), count, least);
        if !variance.is_normal() {
            return Err(StabilityError::Range { component, deviation });
        }
        let weight = cure.weight(count, data.len(), rows.len());
        components.push(Component { weight, mean, variance });
    }
    Ok(Mixture::new(components).map_err(MStepError::from)?)
}
// ANCHOR_END: m_step

fn lengths_and_numbers(data: &[f64], memberships: &[f64]) -> Result<(), MStepError> {
    let (samples, memberships) = (data.len(), memberships.len());
    if samples != memberships {
        return Err(MStepError::Lengths { samples, memberships });
    }
    match data.iter().position(|x| !x.is_finite()) {
        Some(sample) => Err(MStepError::NotFinite { sample, value: data[sample] }),
        None => Ok(()),
    }
}

// ANCHOR: moments
/// Mean and deviation of the samples, each counted by its membership.
fn moments(data: &[f64], memberships: &[f64]) -> (f64, f64) {
    let count = effective_count(memberships);
    let owned = data.iter().zip(memberships).filter(|(_, r)| **r > 0.0);
    let average = |f: &dyn Fn(f64) -> f64| -> f64 {
        owned.clone().map(|(x, r)| r / count * f(*x)).sum()
    };
    let rough = average(&|x| x).clamp(-f64::MAX, f64::MAX);
    let shift = average(&|x| x - rough);
    let residual = |x: f64| (x - rough) - shift;
    let largest = owned.clone().map(|(x, _)| residual(*x).abs()).fold(0.0, f64::max);
    if !(shift + largest).is_finite() {
        return (rough, f64::INFINITY);
    }
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let squares = average(&|x| (residual(x) / unit).powi(2));
    (rough + shift, unit * squares.sqrt())
}
// ANCHOR_END: moments

impl Cure {
    /// Mean and deviation of what component k owns, if the cure allows them.
    fn moments(
        &self,
        component: usize,
        effective_count: f64,
        data: &[f64],
        memberships: &[f64],
    ) -> Result<(f64, f64), MStepError> {
        if effective_count < f64::MIN_POSITIVE {
            return match self {
                Self::Prior(_) => Ok((moments(data, &vec![1.0; data.len()]).0, 0.0)),
                _ => Err(MStepError::Empty { component, effective_count }),
            };
        }
        let (mean, deviation) = moments(data, memberships);
        if *self == Self::Refuse && deviation <= f64::EPSILON * mean.abs() {
            let variance = deviation.powi(2);
            return Err(MStepError::Collapsed { component, mean, variance });
        }
        Ok((mean, deviation))
    }

    /// The floor itself, or τ²; 0 without either.
    fn variance(&self, data: &[f64]) -> Result<f64, StabilityError> {
        let share = match self {
            Self::Refuse => return Ok(0.0),
            Self::Floor(floor) if *floor > 0.0 && *floor <= 1.0 => *floor,
            Self::Floor(floor) => return Err(StabilityError::Floor(*floor)),
            Self::Prior(prior) => prior.scale,
        };
        if data.iter().all(|x| *x == data[0]) {
            return Err(StabilityError::Constant { value: data[0] });
        }
        let (_, deviation) = moments(data, &vec![1.0; data.len()]);
        let variance = share * deviation.powi(2);
        if !variance.is_normal() {
            return Err(StabilityError::DataRange { deviation, share });
        }
        Ok(variance)
    }

    // ANCHOR: map
    /// The variance that a component gets for the one it has (eq:map-variance).
    fn mixed(&self, variance: f64, count: f64, least: f64) -> f64 {
        match self {
            Self::Refuse => variance,
            Self::Floor(_) => variance.max(least),
            Self::Prior(Prior { strength, .. }) => {
                let all = count + strength;
                count / all * variance + strength / all * least
            }
        }
    }

    /// The weight that a component gets for what it owns (eq:map-weight).
    fn weight(&self, count: f64, samples: usize, components: usize) -> f64 {
        let more = self.concentration() - 1.0;
        (count + more) / (samples as f64 + components as f64 * more)
    }
    // ANCHOR_END: map

    fn concentration(&self) -> f64 {
        if let Self::Prior(prior) = self { prior.concentration } else { 1.0 }
    }
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
// ANCHOR: em
pub fn em(
    data: &[f64],
    start: Mixture,
    cure: Cure,
) -> impl Iterator<Item = Result<Mixture, StabilityError>> {
    let step = move |mixture: &Mixture| m_step(data, &e_step(data, mixture)?, &cure);
    successors(Some(Ok(start)), move |previous| previous.as_ref().ok().map(step))
}
// ANCHOR_END: em

/// What EM with a prior climbs (eq:penalised): ℓ(θ) + ln p(θ), the prior up to a constant; with
/// any other cure ℓ(θ), the log-likelihood, itself.
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
/// let standard = Mixture::new([Component { weight: 1.0, mean: 0.0, variance: 1.0 }])?;
/// assert_eq!(em::log_likelihood(&[0.0, 40.0], &standard), f64::NEG_INFINITY);
/// let value = penalised_log_likelihood(&[0.0, 40.0], &standard, &Cure::Refuse)?;
/// assert!((value + 801.8378770664093).abs() < 1e-10); // −40²/2 − ln 2π
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: penalised
pub fn penalised_log_likelihood(
    data: &[f64],
    mixture: &Mixture,
    cure: &Cure,
) -> Result<f64, StabilityError> {
    check(data)?;
    let least = cure.variance(data)?;
    let sum: f64 = data.iter().map(|x| ln_density(*x, mixture)).sum();
    let Cure::Prior(Prior { strength, concentration, .. }) = cure else { return Ok(sum) };
    let penalty = |c: &Component| {
        let variance = strength * c.variance.ln() + strength * least / c.variance;
        // 0 ln 0 is 0
        let weight = if *concentration > 1.0 { c.weight.ln() } else { 0.0 };
        (concentration - 1.0) * weight - 0.5 * variance
    };
    Ok(sum + mixture.components().iter().map(penalty).sum::<f64>())
}
// ANCHOR_END: penalised

/// ln p(x) of a mixture (eq:ln-sum).
fn ln_density(x: f64, mixture: &Mixture) -> f64 {
    let (logs, constant) = ln_numerators(x, mixture);
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
    constant + largest + total.ln()
}
