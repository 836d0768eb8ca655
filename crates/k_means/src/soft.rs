//! EM with equal weights and one given variance, which becomes k-means as the variance vanishes.

use em::EmError;
use m_step::{MStepError, effective_count, refined_mean};
use sampling::{Mixture, MixtureError};
use stability::{e_step, log_sum_exp};

/// The mixture with these means, weights 1/K and this variance everywhere.
fn equal(means: &[f64], variance: f64) -> Result<Mixture, MixtureError> {
    let weight = 1.0 / means.len() as f64;
    Mixture::new(means.iter().map(|mean| (weight, *mean, variance)))
}

/// The next means by a step of EM that leaves the weights at 1/K and every variance at `variance`
/// (eq:soft-step): as the variance goes to 0, a step of Lloyd's algorithm.
///
/// # Errors
///
/// No samples; one that is not finite; no means, or one that is not finite; a variance that is not
/// positive and finite; a component that owns nothing.
///
/// ```
/// let data = [0.0, 1.0, 9.0, 11.0];
/// let means = k_means::soft_step(&data, &[1.0, 9.0], 1e-3)?;
/// assert_eq!(means, [0.5, 10.0]); // no sample is undecided
/// # Ok::<(), em::EmError>(())
/// ```
// ANCHOR: soft_step
pub fn soft_step(data: &[f64], means: &[f64], variance: f64) -> Result<Vec<f64>, EmError> {
    let mixture = equal(means, variance).map_err(MStepError::from)?;
    let memberships = e_step(data, &mixture)?;
    let rows = memberships.components().iter().enumerate();
    let mean = |(component, row): (usize, &Vec<f64>)| match effective_count(row) {
        0.0 => Err(MStepError::Empty { component, effective_count: 0.0 }.into()),
        _ => Ok(refined_mean(data, row)),
    };
    rows.map(mean).collect()
}
// ANCHOR_END: soft_step

/// What [`soft_step`] makes smaller (eq:soft-cost), between the cost of k-means and that cost plus
/// 2 n σ² ln K:
///
/// ```text
/// V_σ(μ) = −2 σ² Σ_i ln (1/K) Σ_k exp(−(x_i − μ_k)² / 2σ²)
/// ```
///
/// In the units of the samples squared. The variance is positive.
///
/// ```
/// use k_means::{cost, soft_cost};
/// let (data, means) = ([0.0, 1.0, 9.0, 11.0], [1.0, 9.0]);
/// let more = soft_cost(&data, &means, 1e-3) - cost(&data, &means);
/// assert!((more - 2.0 * 4.0 * 1e-3 * 2_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
// ANCHOR: soft_cost
pub fn soft_cost(data: &[f64], means: &[f64], variance: f64) -> f64 {
    let mean_of_exponentials = |x: &f64| {
        let terms = means.iter().map(|mean| -(x - mean).powi(2) / (2.0 * variance));
        log_sum_exp(&terms.collect::<Vec<_>>()) - (means.len() as f64).ln()
    };
    -2.0 * variance * data.iter().map(mean_of_exponentials).sum::<f64>()
}
// ANCHOR_END: soft_cost
