//! How sure is the estimate: information, standard errors, intervals, and the bootstrap.
//!
//! This crate belongs to the chapter *Uncertainty*. Every matrix here has the free parameters in
//! the order of [`rate`]: the weights π_0 … π_{K−2}, the means, the variances.

mod bootstrap;
mod both;

pub use bootstrap::{Bootstrap, bootstrap};
pub use both::{parameter, uncertainties};

use rate::Information;
use rate::free::{moved, parameters, scales};
use sampling::{Mixture, MixtureError, SampleError};

/// Why there is no standard error or no interval.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
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
    #[error("the information about {row} and {column} is {value}: it must be finite")]
    Entry { row: String, column: String, value: f64 },
    #[error("component {component} has the weight 0: nothing is known of its mean")]
    NoWeight { component: usize },
    #[error(
        "components {first} and {second} are the same: their weights are anybody's guess"
    )]
    Equal { first: usize, second: usize },
    #[error(
        "the log-likelihood does not bend down in the direction of {parameter}: this is no maximum that stands alone, but a saddle, a ridge, or a fit with too many components"
    )]
    NotAMaximum { parameter: String },
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
) -> Result<Vec<Vec<f64>>, UncertaintyError> {
    let samples: Vec<_> = samples.into_iter().collect();
    check_counts(&samples)?;
    let Information { complete, missing } = Information::new(samples, mixture)?;
    Ok(matrix(complete.len(), |p, q| complete[p][q] - missing[p][q]))
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
) -> Result<Vec<Vec<f64>>, UncertaintyError> {
    let h: Vec<f64> = scales(mixture).iter().map(|scale| 5e-4 * scale).collect();
    let at = |p: usize, a: f64, q: usize, b: f64| -> Result<f64, MixtureError> {
        Ok(log_likelihood(&moved(&moved(mixture, p, a * h[p])?, q, b * h[q])?))
    };
    let mut bends = matrix(h.len(), |_, _| 0.0);
    for (p, q) in (0..h.len()).flat_map(|p| (0..=p).map(move |q| (p, q))) {
        let second = at(p, 1.0, q, 1.0)? - at(p, 1.0, q, -1.0)? - at(p, -1.0, q, 1.0)?
            + at(p, -1.0, q, -1.0)?;
        bends[p][q] = -second / (4.0 * h[p] * h[q]);
        bends[q][p] = bends[p][q];
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
pub fn information_from_rate(
    complete: &[Vec<f64>],
    derivative: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let column =
        |q: usize| derivative.iter().map(move |row| row.get(q).unwrap_or(&f64::NAN));
    let row = |row: &Vec<f64>| {
        let lost = |q| row.iter().zip(column(q)).map(|(c, d)| c * d).sum::<f64>();
        row.iter().enumerate().map(|(q, whole)| whole - lost(q)).collect()
    };
    complete.iter().map(row).collect()
}
// ANCHOR_END: from_rate

/// How sure the estimate of a mixture is.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    mixture: Mixture,
    covariance: Vec<Vec<f64>>,
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
        let s = scales(mixture);
        let half = |p: usize, q: usize| 0.5 * s[p] * information[p][q] * s[q];
        let covariance = inverse(matrix(s.len(), |p, q| half(p, q) + half(q, p)))
            .map_err(|p| UncertaintyError::NotAMaximum { parameter: name(p, mixture) })?;
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
        let last = self.mixture.components().len() - 1;
        let deviation = |p: usize| self.covariance[p][p].sqrt();
        let weights = self.covariance[..last].iter().map(|row| &row[..last]);
        let of_last = weights.flatten().sum::<f64>().clamp(0.0, f64::INFINITY).sqrt();
        let weight = |k: usize| if k < last { deviation(k) } else { of_last };
        let row = |k| [weight(k), deviation(last + k), deviation(2 * last + 1 + k)];
        (0..=last).map(row).collect()
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
        let slope = |(p, scale): (usize, f64)| {
            let h = 1e-5 * scale;
            let at = |h| moved(&self.mixture, p, h).map_or(f64::NAN, |m| of(&m));
            (at(h) - at(-h)) / (2.0 * h)
        };
        let slopes: Vec<f64> =
            scales(&self.mixture).into_iter().enumerate().map(slope).collect();
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
        check_level(level)?;
        let (centre, half) = (of(&self.mixture), errors(level) * self.standard_error(&of));
        Ok([centre - half, centre + half])
    }
    // ANCHOR_END: interval
}

/// How many standard errors to either side hold `level` of a normal distribution: bisected.
fn errors(level: f64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let outside = libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2);
        if outside > 1.0 - level { low = middle } else { high = middle }
    }
    low
}

/// The inverse of a symmetric matrix, if it is positive definite; or the first row whose pivot
/// is not. Each round exchanges one unknown for its equation: the sweep operator.
fn inverse(mut a: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, usize> {
    let largest = (0..a.len()).map(|p| a[p][p]).fold(0.0, f64::max);
    for p in 0..a.len() {
        let pivot = a[p][p];
        if pivot.is_nan() || pivot <= 1e-9 * largest {
            return Err(p);
        }
        a = matrix(a.len(), |i, j| match (i == p, j == p) {
            (true, true) => -1.0 / pivot,
            (false, false) => a[i][j] - a[i][p] * a[p][j] / pivot,
            _ => a[i][j] / pivot,
        });
    }
    Ok(matrix(a.len(), |i, j| -a[i][j]))
}

fn matrix(size: usize, entry: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// What free parameter `p` is called.
fn name(p: usize, mixture: &Mixture) -> String {
    let k = mixture.components().len();
    match p {
        _ if p < k - 1 => format!("weight {p}"),
        _ if p < 2 * k - 1 => format!("mean {}", p - (k - 1)),
        _ => format!("variance {}", p - (2 * k - 1)),
    }
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
    let (c, size) = (mixture.components(), parameters(mixture).len());
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
            let [row, column] = [p, q].map(|p| name(p, mixture));
            return Err(UncertaintyError::Entry { row, column, value: information[p][q] });
        }
    }
    Ok(())
}
