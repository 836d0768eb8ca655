//! Coordinates that know no bounds, and how long a step is in them.

use crate::AccelerationError;
use sampling::{Component, Mixture};

/// The coordinates of a mixture, in which every list of numbers is a mixture again
/// (eq:coordinates): ln π_k for all k, then all μ_k, then all ln σ_k².
///
/// # Errors
///
/// A weight of 0. The error names the component.
///
/// ```
/// use acceleration::{coordinates, from_coordinates};
/// let mixture = from_coordinates(&[0.0, 0.0, -1.0, 7.0, 0.0, 3.0])?; // two equal weights
/// assert_eq!(mixture.components()[1].weight, 0.5);
/// assert_eq!(coordinates(&mixture)?[2..], [-1.0, 7.0, 0.0, 3.0]);
/// # Ok::<(), acceleration::AccelerationError>(())
/// ```
pub fn coordinates(mixture: &Mixture) -> Result<Vec<f64>, AccelerationError> {
    let c = mixture.components();
    if let Some(component) = c.iter().position(|c| c.weight == 0.0) {
        return Err(AccelerationError::Weightless { component });
    }
    let (weights, means) = (c.iter().map(|c| c.weight.ln()), c.iter().map(|c| c.mean));
    Ok(weights.chain(means).chain(c.iter().map(|c| c.variance.ln())).collect())
}

/// The mixture at these coordinates (eq:coordinates): the weights are in proportion to the
/// exponentials of the first third, so that they sum to 1 whatever the numbers are.
///
/// # Errors
///
/// Not three coordinates for each component; numbers too large, or NaN, as
/// [`Mixture::new`] refuses.
pub fn from_coordinates(theta: &[f64]) -> Result<Mixture, AccelerationError> {
    let k = theta.len() / 3;
    if theta.len() != 3 * k {
        return Err(AccelerationError::Length { len: theta.len() });
    }
    let (logits, rest) = theta.split_at(k);
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = logits.iter().map(|l| (l - largest).exp()).collect();
    let sum: f64 = shares.iter().sum();
    let component = |(share, (mean, ln_variance)): (&f64, (&f64, &f64))| Component {
        weight: share / sum,
        mean: *mean,
        variance: ln_variance.exp(),
    };
    let pairs = rest[..k].iter().zip(&rest[k..]);
    Ok(Mixture::new(shares.iter().zip(pairs).map(component))?)
}

/// The yardstick of steps at a mixture (eq:yardstick): the complete information of one sample in
/// these coordinates, which is a diagonal.
pub(crate) fn yardstick(mixture: &Mixture) -> Vec<f64> {
    let c = mixture.components();
    let means = c.iter().map(|c| c.weight / c.variance);
    let variances = c.iter().map(|c| 0.5 * c.weight);
    c.iter().map(|c| c.weight).chain(means).chain(variances).collect()
}

/// ⟨a, b⟩ by the yardstick.
pub(crate) fn product(yardstick: &[f64], a: &[f64], b: &[f64]) -> f64 {
    yardstick.iter().zip(a).zip(b).map(|((w, a), b)| w * a * b).sum()
}

pub(crate) fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}
