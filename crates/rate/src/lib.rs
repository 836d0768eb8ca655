//! How fast EM arrives, and when to stop: the information that is missing.
//!
//! This crate belongs to the chapter *Rate*. A mixture of K components has 3K − 1 free
//! parameters, and every matrix here has them in the order of [`Parameter::of`].

pub mod linear;
mod parameter;
mod stop;

pub use parameter::Parameter;
pub use stop::{ConvergeError, Ending, Stopped, converge, remaining_gain};

// ANCHOR: imports
use e_step::{EStepError, e_step};
use em::EmError;
use linear::{Matrix, eigenvalues, matrix, product, transposed, whitening};
use m_step::{MStepError, m_step};
use sampling::{Component, Mixture};
// ANCHOR_END: imports

/// What samples would tell about the free parameters if their components were known, and what
/// of it is missing because they are not.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    /// The second derivatives of Q, negative: I_complete, positive definite.
    pub complete: Matrix,
    /// I_missing = I_complete − I_observed, positive semidefinite.
    pub missing: Matrix,
}

impl Information {
    /// The information of samples at a limit of EM (eq:complete-information,
    /// eq:missing-information). A sample is a value and how often it counts: (x, 1.0), or
    /// (x, p(x) dx) for a slice of a population.
    ///
    /// The weights are positive; a weight of 0 gives NaN. Away from a limit the missing
    /// information is right, and the complete information is the one expected under the mixture.
    ///
    /// # Errors
    ///
    /// Those of the E-step: no samples, one that is not finite, one whose densities underflow.
    ///
    /// ```
    /// use {rate::Information, sampling::{Component, Mixture}};
    /// // Far apart, two components miss nothing: anybody can see where a sample came from.
    /// let far = Mixture::new([
    ///     (0.5, -10.0, 1.0),
    ///     (0.5, 10.0, 1.0),
    /// ])?;
    /// let samples = [-11.0, -9.0, 9.0, 11.0].map(|x| (x, 1.0));
    /// assert!(Information::new(samples, &far)?.rates()[0] < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    // ANCHOR: information
    pub fn new(
        samples: impl IntoIterator<Item = (f64, f64)>,
        mixture: &Mixture,
    ) -> Result<Self, EStepError> {
        let (values, counts): (Vec<f64>, Vec<f64>) = samples.into_iter().unzip();
        let memberships = e_step(&values, mixture)?;
        let complete = complete(counts.iter().sum(), mixture);
        let mut missing = matrix(complete.len(), |_, _| 0.0);
        for (i, (&x, count)) in values.iter().zip(&counts).enumerate() {
            let shares = memberships.components().iter().map(|row| row[i]);
            add_spread(&mut missing, &scores(x, mixture), shares, *count);
        }
        Ok(Self { complete, missing })
    }
    // ANCHOR_END: information

    /// DM, the derivative of a step of EM (eq:missing-fraction): I_complete⁻¹ I_missing. The
    /// entry in row i and column j says how parameter i moves with parameter j.
    #[must_use]
    // ANCHOR: derivative
    pub fn derivative(&self) -> Matrix {
        let white = whitening(&self.complete);
        product(&product(&transposed(&white), &white), &self.missing)
    }
    // ANCHOR_END: derivative

    /// The eigenvalues of DM, the largest first: the fractions of information that are missing.
    ///
    /// They are those of the symmetric matrix W I_missing Wᵀ, where W I_complete Wᵀ = 1. All lie
    /// between 0 and 1 at a maximum of the likelihood; at a saddle the first is above 1.
    #[must_use]
    // ANCHOR: rates
    pub fn rates(&self) -> Vec<f64> {
        let white = whitening(&self.complete);
        eigenvalues(&product(&product(&white, &self.missing), &transposed(&white)))
    }
    // ANCHOR_END: rates
}

/// The slopes of ln π_k N(x; μ_k, σ_k²) in all free parameters (eq:scores), one row a component.
// ANCHOR: scores
fn scores(x: f64, mixture: &Mixture) -> Matrix {
    let (free, last) = (Parameter::of(mixture), mixture.components().len() - 1);
    let score = |(own, c): (usize, &Component)| {
        let z2 = (x - c.mean).powi(2) / c.variance;
        let slope = |parameter: &Parameter| match *parameter {
            Parameter::Weight(k) if k == own => 1.0 / c.weight,
            Parameter::Weight(_) if own == last => -1.0 / c.weight,
            Parameter::Mean(k) if k == own => (x - c.mean) / c.variance,
            Parameter::Variance(k) if k == own => (z2 - 1.0) / (2.0 * c.variance),
            _ => 0.0,
        };
        free.iter().map(slope).collect()
    };
    mixture.components().iter().enumerate().map(score).collect()
}
// ANCHOR_END: scores

/// Adds `count` times the covariance of the scores, each weighted by its share.
// ANCHOR: spread
fn add_spread(
    sum: &mut Matrix,
    scores: &Matrix,
    shares: impl Iterator<Item = f64> + Clone,
    count: f64,
) {
    let size = sum.len();
    let weighted = || scores.iter().zip(shares.clone());
    let mean: Vec<f64> =
        (0..size).map(|p| weighted().map(|(score, r)| r * score[p]).sum()).collect();
    for (score, r) in weighted() {
        for p in 0..size {
            for q in 0..size {
                sum[p][q] += count * r * (score[p] - mean[p]) * (score[q] - mean[q]);
            }
        }
    }
}
// ANCHOR_END: spread

/// I_complete of n samples at a limit of EM, where N_k = n π_k (eq:complete-information). The
/// weights are positive; a weight of 0 gives infinities.
#[must_use]
// ANCHOR: complete
pub fn complete(n: f64, mixture: &Mixture) -> Matrix {
    let (c, free) = (mixture.components(), Parameter::of(mixture));
    let own = |parameter: Parameter| match parameter {
        Parameter::Weight(k) => 1.0 / c[k].weight,
        Parameter::Mean(k) => c[k].weight / c[k].variance,
        Parameter::Variance(k) => c[k].weight / (2.0 * c[k].variance.powi(2)),
    };
    matrix(free.len(), |p, q| {
        let both_weights = match (free[p], free[q]) {
            (Parameter::Weight(_), Parameter::Weight(_)) => 1.0 / c[c.len() - 1].weight,
            _ => 0.0,
        };
        n * (if p == q { own(free[p]) } else { 0.0 } + both_weights)
    })
}
// ANCHOR_END: complete

/// DM by central differences (eq:error-map): each free parameter is moved up and down by 1e-5 of
/// its scale, and one step of EM is taken from both. Good to about eight digits.
///
/// # Errors
///
/// A step from one of the moved mixtures has no answer.
///
/// ```
/// use sampling::{Component, Mixture};
/// // One component: the step forgets where it came from.
/// let start = Mixture::new([(1.0, 3.0, 2.0)])?;
/// assert_eq!(rate::differences(&[0.0, 1.0, 5.0], &start)?, [[0.0, 0.0], [0.0, 0.0]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: differences
pub fn differences(data: &[f64], mixture: &Mixture) -> Result<Matrix, EmError> {
    let (free, mut columns) = (Parameter::of(mixture), Vec::new());
    for parameter in &free {
        let h = 1e-5 * parameter.scale(mixture);
        let step_from = |h: f64| -> Result<Mixture, EmError> {
            let moved = parameter.moved(mixture, h).map_err(MStepError::Mixture)?;
            Ok(m_step(data, &e_step(data, &moved)?)?)
        };
        let (up, down) = (step_from(h)?, step_from(-h)?);
        let slope = |p: &Parameter| (p.value(&up) - p.value(&down)) / (2.0 * h);
        columns.push(free.iter().map(slope).collect());
    }
    Ok(transposed(&columns))
}
// ANCHOR_END: differences
