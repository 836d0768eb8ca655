//! What is sure with the memberships unseen, and what would be if they were seen.

use crate::{Uncertainty, UncertaintyError, observed_information};
use rate::Information;
use sampling::Mixture;

/// The uncertainty of a fit by the observed information, and the one that complete data would leave.
///
/// # Errors
///
/// Those of both kinds of information, and of [`Uncertainty::new`].
///
/// ```
/// let data = [-1.2, 0.3, 0.9, 4.1, 5.2, 6.6];
/// let start = sampling::Mixture::new([(0.5, 0.0, 1.0), (0.5, 5.0, 1.0)])?;
/// let fit = em::em(&data, start).nth(200).unwrap()?;
/// let (observed, complete) = uncertainty::uncertainties(&data, &fit)?;
/// assert!(complete.standard_errors()[0][1] < observed.standard_errors()[0][1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn uncertainties(
    data: &[f64],
    fit: &Mixture,
) -> Result<(Uncertainty, Uncertainty), UncertaintyError> {
    let samples = || data.iter().map(|x| (*x, 1.0));
    let observed = observed_information(samples(), fit)?;
    let complete = Information::new(samples(), fit)?.complete;
    Ok((Uncertainty::new(fit, &observed)?, Uncertainty::new(fit, &complete)?))
}

/// One of the five free parameters of a mixture of two, in the order of the matrices: the weight of
/// component 0, the means, the variances. NaN if it has no such parameter.
#[must_use]
pub fn parameter(p: usize, mixture: &Mixture) -> f64 {
    let Some([a, b]) = mixture.components().get(..2) else { return f64::NAN };
    let five = [a.weight, a.mean, b.mean, a.variance, b.variance];
    five.get(p).copied().unwrap_or(f64::NAN)
}
