//! How sure is the estimate: information, standard errors, intervals, and the bootstrap.
//!
//! This crate belongs to the chapter *Uncertainty*. Every matrix here has the free parameters in
//! the order of [`Parameter::of`]: the weights π_0 … π_{K−2}, the means, the variances.

mod bootstrap;
mod both;

pub use bootstrap::{Bootstrap, bootstrap};
pub use both::{parameter, uncertainties};

use rate::linear::{Matrix, difference, inverse, matrix, product};
use rate::{Information, Parameter};
use sampling::{Mixture, MixtureError, SampleError};

/// Why there is no standard error or no interval.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum UncertaintyError {
    #[error(transparent)]
    EStep(#[from] e_step::EStepError),
    #[error(transparent)]
    Mixture(#[from] MixtureError),
    #[error(transparent)]
    Sample(#[from] SampleError),
    #[error("sample {sample} counts {count} times: a count is 0 or more, and finite")]
    Count { sample: usize, count: f64 },
    #[error("all counts are 0: nothing was observed")]
    NoCounts,
    #[error("the information is no matrix of {parameters} rows and columns")]
    Size { parameters: usize },
    /// Of differences: the log-likelihood is not finite near the estimate.
    #[error("the information about {row} and {column} is {value}: it must be finite")]
    Entry { row: Parameter, column: Parameter, value: f64 },
    #[error("component {component} has the weight 0: nothing is known of its mean")]
    NoWeight { component: usize },
    /// What one of them gains and the other loses changes no density.
    #[error(
        "components {first} and {second} are the same: their weights are anybody's guess"
    )]
    Equal { first: usize, second: usize },
    /// The information is not positive definite, by more than rounding, and this is the first
    /// parameter that shows it; another may be the cause.
    #[error(
        "the log-likelihood does not bend down in the direction of {parameter}: this is no maximum that stands alone, but a saddle, a ridge, or a fit with too many components"
    )]
    NotAMaximum { parameter: Parameter },
    #[error("the level is {level}: a level lies between 0 and 1")]
    Level { level: f64 },
    #[error("{replicates} replicates were asked for: a spread needs at least 2")]
    Replicates { replicates: usize },
    #[error("{refused} of {replicates} replicates were refused: a spread needs 2 fits")]
    Refused { refused: usize, replicates: usize },
    #[error("the fit of replicate {replicate} has {components} components, not {expected}")]
    Components { replicate: usize, components: usize, expected: usize },
}

/// The observed information by Louis' identity (eq:louis): what complete data would tell, less
/// the covariance of the complete scores given the samples.
///
/// A sample is a value and how often it counts. The mixture is a limit of EM, and its weights are
/// positive. Source: T. A. Louis, *Finding the observed information matrix when using the EM
/// algorithm* (1982).
///
/// # Errors
///
/// Those of the E-step; a count that is negative, infinite or NaN; counts that are all 0.
///
/// ```
/// use {sampling::{Component, Mixture}, uncertainty::observed_information};
/// // One component misses nothing: n/σ² about the mean, n/2σ⁴ about the variance.
/// let one = Mixture::new([(1.0, 1.0, 4.0)])?;
/// let information = observed_information([(-1.0, 8.0), (3.0, 8.0)], &one)?;
/// assert_eq!(information, [[4.0, 0.0], [0.0, 0.5]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: observed
pub fn observed_information(
    samples: impl IntoIterator<Item = (f64, f64)>,
    mixture: &Mixture,
) -> Result<Matrix, UncertaintyError> {
    let samples: Vec<_> = samples.into_iter().collect();
    check_counts(&samples)?;
    let Information { complete, missing } = Information::new(samples, mixture)?;
    Ok(difference(&complete, &missing))
}
// ANCHOR_END: observed

/// The observed information by differences of any log-likelihood (eq:numerical): each two free
/// parameters are moved up and down by 5e-4 of their scales. Good to about six digits.
///
/// The log-likelihood may be one of classes, or one with a prior. Where it is not finite the
/// entries are not, and [`Uncertainty::new`] says which.
///
/// # Errors
///
/// A moved mixture is none: a weight is 0.
///
/// ```
/// use {sampling::{Component, Mixture}, uncertainty::numerical_information};
/// let one = Mixture::new([(1.0, 0.0, 1.0)])?;
/// let value = |m: &Mixture| -50.0 * m.components()[0].mean.powi(2);
/// let information = numerical_information(&one, value)?;
/// assert!((information[0][0] - 100.0).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: numerical
pub fn numerical_information(
    mixture: &Mixture,
    log_likelihood: impl Fn(&Mixture) -> f64,
) -> Result<Matrix, UncertaintyError> {
    let h = |p: Parameter| 5e-4 * p.scale(mixture);
    let at = |p: Parameter, a: f64, q: Parameter, b: f64| -> Result<f64, MixtureError> {
        Ok(log_likelihood(&q.moved(&p.moved(mixture, a * h(p))?, b * h(q))?))
    };
    let free = Parameter::of(mixture);
    let mut bends = matrix(free.len(), |_, _| 0.0);
    for (i, &p) in free.iter().enumerate() {
        for (j, &q) in free[..=i].iter().enumerate() {
            let second = at(p, 1.0, q, 1.0)? - at(p, 1.0, q, -1.0)? - at(p, -1.0, q, 1.0)?
                + at(p, -1.0, q, -1.0)?;
            bends[i][j] = -second / (4.0 * h(p) * h(q));
            bends[j][i] = bends[i][j];
        }
    }
    Ok(bends)
}
// ANCHOR_END: numerical

/// The observed information from the rate at which a map converges (eq:sem): I_complete (1 − DM).
///
/// DM is that of a step of EM, by [`rate::differences`] or of a fit of one's own. Matrices whose
/// sizes differ give an answer that [`Uncertainty::new`] refuses. Source: X.-L. Meng and
/// D. B. Rubin, *Using EM to obtain asymptotic variance-covariance matrices* (1991).
///
/// ```
/// // A rate of 0.75: three quarters are missing, one quarter is left.
/// assert_eq!(uncertainty::information_from_rate(&[vec![8.0]], &[vec![0.75]]), [[2.0]]);
/// ```
#[must_use]
// ANCHOR: from_rate
pub fn information_from_rate(complete: &[Vec<f64>], derivative: &[Vec<f64>]) -> Matrix {
    difference(complete, &product(complete, derivative))
}
// ANCHOR_END: from_rate

/// How sure the estimate of a mixture is.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    mixture: Mixture,
    covariance: Matrix,
}

impl Uncertainty {
    /// The uncertainty of an estimate, from the information that there is about its free
    /// parameters (eq:covariance), which is inverted. Of a matrix that is not symmetric, as that of
    /// [`information_from_rate`] by rounding, the mean of both halves.
    ///
    /// # Errors
    ///
    /// A matrix of another size; an entry that is not finite; a component of weight 0; two
    /// components with one mean and one variance; information that is not positive definite, up
    /// to a billionth of the largest in units of each parameter's scale.
    ///
    /// ```
    /// use {sampling::{Component, Mixture}, uncertainty::Uncertainty};
    /// let one = Mixture::new([(1.0, 1.0, 4.0)])?;
    /// let sure = Uncertainty::new(&one, &[vec![4.0, 0.0], vec![0.0, 0.5]])?;
    /// assert_eq!(sure.standard_errors()[0], [0.0, 0.5, 2f64.sqrt()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    // ANCHOR: new
    pub fn new(
        mixture: &Mixture,
        information: &[Vec<f64>],
    ) -> Result<Self, UncertaintyError> {
        check(mixture, information)?;
        let free = Parameter::of(mixture);
        let s: Vec<f64> = free.iter().map(|p| p.scale(mixture)).collect();
        let half = |p: usize, q: usize| 0.5 * s[p] * information[p][q] * s[q];
        let covariance = inverse(&matrix(s.len(), |p, q| half(p, q) + half(q, p)))
            .map_err(|bad| UncertaintyError::NotAMaximum { parameter: free[bad.row] })?;
        let covariance = matrix(s.len(), |p, q| s[p] * covariance[p][q] * s[q]);
        Ok(Self { mixture: mixture.clone(), covariance })
    }
    // ANCHOR_END: new

    /// The covariance of the estimates of the free parameters.
    #[must_use]
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The standard errors of weight, mean and variance, one row a component. A single component
    /// has the weight 1, without error.
    #[must_use]
    // ANCHOR: standard_errors
    pub fn standard_errors(&self) -> Vec<[f64; 3]> {
        let free = Parameter::of(&self.mixture);
        let weights = free.iter().filter(|p| matches!(p, Parameter::Weight(_))).count();
        let shared = self.covariance[..weights].iter().map(|row| &row[..weights]);
        let of_last = shared.flatten().sum::<f64>().clamp(0.0, f64::INFINITY).sqrt();
        let mut errors = vec![[of_last, 0.0, 0.0]; weights + 1];
        for (p, parameter) in free.into_iter().enumerate() {
            let error = self.covariance[p][p].sqrt();
            match parameter {
                Parameter::Weight(k) => errors[k][0] = error,
                Parameter::Mean(k) => errors[k][1] = error,
                Parameter::Variance(k) => errors[k][2] = error,
            }
        }
        errors
    }
    // ANCHOR_END: standard_errors

    /// The standard error of any smooth function of the mixture by the delta method (eq:delta).
    /// Its slopes are measured to about eight digits; where it is not finite, nor is the answer.
    ///
    /// ```
    /// use {sampling::{Component, Mixture}, uncertainty::Uncertainty};
    /// let one = Mixture::new([(1.0, 1.0, 4.0)])?;
    /// let sure = Uncertainty::new(&one, &[vec![4.0, 0.0], vec![0.0, 0.5]])?;
    /// let deviation = |m: &Mixture| m.components()[0].variance.sqrt();
    /// assert!((sure.standard_error(deviation) - 2f64.sqrt() / (2.0 * 2.0)).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    // ANCHOR: delta
    pub fn standard_error(&self, of: impl Fn(&Mixture) -> f64) -> f64 {
        let slope = |p: &Parameter| {
            let h = 1e-5 * p.scale(&self.mixture);
            let at = |h| p.moved(&self.mixture, h).map_or(f64::NAN, |m| of(&m));
            (at(h) - at(-h)) / (2.0 * h)
        };
        let slopes: Vec<f64> = Parameter::of(&self.mixture).iter().map(slope).collect();
        let row = |row: &Vec<f64>| row.iter().zip(&slopes).map(|(c, g)| c * g).sum::<f64>();
        let rows = self.covariance.iter().zip(&slopes);
        rows.map(|(covariances, g)| g * row(covariances))
            .sum::<f64>()
            .clamp(0.0, f64::INFINITY)
            .sqrt()
    }
    // ANCHOR_END: delta

    /// The ends of Wald's interval for a function of the mixture (eq:wald): as many standard
    /// errors to either side as hold `level` of a normal distribution.
    ///
    /// For an interval on another scale, ask for the logarithm, and take `exp` of the ends.
    ///
    /// # Errors
    ///
    /// A level that is not between 0 and 1.
    // ANCHOR: interval
    pub fn interval(
        &self,
        level: f64,
        of: impl Fn(&Mixture) -> f64,
    ) -> Result<[f64; 2], UncertaintyError> {
        let (centre, half) = (of(&self.mixture), errors(level)? * self.standard_error(&of));
        Ok([centre - half, centre + half])
    }
    // ANCHOR_END: interval
}

/// How many standard errors to either side hold `level` of a normal distribution: bisected.
///
/// # Errors
///
/// A level that is not between 0 and 1.
///
/// ```
/// assert!((uncertainty::errors(0.95)? - 1.959964).abs() < 1e-6);
/// # Ok::<(), uncertainty::UncertaintyError>(())
/// ```
pub fn errors(level: f64) -> Result<f64, UncertaintyError> {
    check_level(level)?;
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let outside = libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2);
        if outside > 1.0 - level { low = middle } else { high = middle }
    }
    Ok(low)
}

fn check_counts(samples: &[(f64, f64)]) -> Result<(), UncertaintyError> {
    let bad = |(_, count): &(f64, f64)| !(*count >= 0.0 && count.is_finite());
    if let Some(sample) = samples.iter().position(bad) {
        return Err(UncertaintyError::Count { sample, count: samples[sample].1 });
    }
    let nothing = !samples.is_empty() && samples.iter().all(|(_, count)| *count == 0.0);
    if nothing { Err(UncertaintyError::NoCounts) } else { Ok(()) }
}

fn check_level(level: f64) -> Result<(), UncertaintyError> {
    let sound = level > 0.0 && level < 1.0;
    if sound { Ok(()) } else { Err(UncertaintyError::Level { level }) }
}

fn check(mixture: &Mixture, information: &[Vec<f64>]) -> Result<(), UncertaintyError> {
    let (c, free) = (mixture.components(), Parameter::of(mixture));
    let size = free.len();
    if information.len() != size || information.iter().any(|row| row.len() != size) {
        return Err(UncertaintyError::Size { parameters: size });
    }
    if let Some(component) = c.iter().position(|c| c.weight == 0.0) {
        return Err(UncertaintyError::NoWeight { component });
    }
    for second in 0..c.len() {
        let same =
            |a: usize| (c[a].mean, c[a].variance) == (c[second].mean, c[second].variance);
        if let Some(first) = (0..second).find(|a| same(*a)) {
            return Err(UncertaintyError::Equal { first, second });
        }
    }
    for (p, row) in information.iter().enumerate() {
        if let Some(q) = row.iter().position(|value| !value.is_finite()) {
            let (row, column) = (free[p], free[q]);
            return Err(UncertaintyError::Entry { row, column, value: information[p][q] });
        }
    }
    Ok(())
}
