//! The normal density, its logarithm, and the density of a mixture.
//!
//! This crate belongs to the chapter *Density*.

// ANCHOR: imports
use sampling::Mixture;
use std::f64::consts::TAU; // 2π
// ANCHOR_END: imports

/// The normal density at `x` (eq:normal):
///
/// ```text
/// N(x; μ, σ²) = exp(−(x − μ)² / 2σ²) / √(2πσ²)
/// ```
///
/// In units of one over the units of `x`; it may exceed 1, being no probability. Any `x`: ±∞
/// gives 0, NaN gives NaN. The variance is positive and at most 2.8e307, where 2πσ² overflows.
///
/// ```
/// assert!((density::normal(0.0, 0.0, 1.0) - 0.3989422804014327).abs() < 1e-16);
/// assert_eq!(density::normal(39.0, 0.0, 1.0), 0.0); // underflows
/// ```
#[must_use]
// ANCHOR: normal
pub fn normal(x: f64, mean: f64, variance: f64) -> f64 {
    (-(x - mean).powi(2) / (2.0 * variance)).exp() / (TAU * variance).sqrt()
}
// ANCHOR_END: normal

/// The natural logarithm of the normal density at `x` (eq:ln-normal):
///
/// ```text
/// ln N(x; μ, σ²) = −(x − μ)² / 2σ² − ½ ln 2πσ²
/// ```
///
/// A parabola in `x`. Any `x`: ±∞ gives −∞, NaN gives NaN. The variance as for [`normal`].
///
/// ```
/// assert_eq!(density::normal(40.0, 0.0, 1.0), 0.0);     // underflows,
/// assert!(density::ln_normal(40.0, 0.0, 1.0) > -801.0); // its logarithm does not
/// ```
#[must_use]
// ANCHOR: ln_normal
pub fn ln_normal(x: f64, mean: f64, variance: f64) -> f64 {
    -(x - mean).powi(2) / (2.0 * variance) - 0.5 * (TAU * variance).ln()
}
// ANCHOR_END: ln_normal

/// The density of a mixture at `x` (eq:mixture):
///
/// ```text
/// p(x) = Σ_k π_k N(x; μ_k, σ_k²)
/// ```
///
/// Units and edges as for [`normal`].
///
/// ```
/// use sampling::{Component, Mixture};
/// let twice = [0.5, 0.5].map(|weight| Component { weight, mean: 0.0, variance: 1.0 });
/// // Two equal halves make the whole.
/// assert_eq!(density::mixture(0.7, &Mixture::new(twice)?), density::normal(0.7, 0.0, 1.0));
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
// ANCHOR: mixture
pub fn mixture(x: f64, mixture: &Mixture) -> f64 {
    mixture.components().iter().map(|c| c.weight * normal(x, c.mean, c.variance)).sum()
}
// ANCHOR_END: mixture
