//! Sums of numbers that are known by their logarithms.

use density::ln_normal;
use sampling::Mixture;

/// The logarithm of a sum whose terms are given by their logarithms (eq:log-sum-exp):
///
/// ```text
/// ln Σ_k exp(a_k) = m + ln Σ_k exp(a_k − m),   m = max_k a_k
/// ```
///
/// Any terms: no exponential overflows, and the largest does not underflow. No terms, or all
/// −∞, give −∞, the logarithm of 0; +∞ gives +∞; a NaN anywhere gives NaN.
///
/// ```
/// let far = [-800.0, -800.0];
/// assert_eq!(far.map(f64::exp).iter().sum::<f64>().ln(), f64::NEG_INFINITY);
/// assert_eq!(stability::log_sum_exp(&far), -800.0 + 2_f64.ln());
/// ```
#[must_use]
// ANCHOR: log_sum_exp
pub fn log_sum_exp(terms: &[f64]) -> f64 {
    let larger = |a: f64, b: f64| if a >= b || a.is_nan() { a } else { b };
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, larger);
    if !largest.is_finite() {
        return largest; // ∞ − ∞ has no answer
    }
    let sum: f64 = terms.iter().map(|term| (term - largest).exp()).sum();
    largest + sum.ln()
}
// ANCHOR_END: log_sum_exp

/// The log-likelihood, without leaving the logarithms (eq:log-sum-exp):
///
/// ```text
/// ℓ(θ) = Σ_i ln Σ_k exp(ln π_k + ln N(x_i; μ_k, σ_k²))
/// ```
///
/// The same number as by the sum of the densities, and finite where all of them underflow.
/// No samples give 0; an infinite sample, or one whose squared distance over the variance overflows,
/// gives −∞; NaN gives NaN.
///
/// ```
/// use sampling::{Component, Mixture};
/// let standard = Mixture::new([(1.0, 0.0, 1.0)])?;
/// assert_eq!(density::mixture(40.0, &standard).ln(), f64::NEG_INFINITY);
/// assert!(stability::log_likelihood(&[40.0], &standard) > -801.0);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
// ANCHOR: log_likelihood
pub fn log_likelihood(data: &[f64], mixture: &Mixture) -> f64 {
    let ln_p = |&x: &f64| {
        let joint = mixture.components().iter();
        let joint = joint.map(|c| c.weight.ln() + ln_normal(x, c.mean, c.variance));
        log_sum_exp(&joint.collect::<Vec<_>>())
    };
    data.iter().map(ln_p).sum()
}
// ANCHOR_END: log_likelihood
