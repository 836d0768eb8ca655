//! Slow runs in far fewer steps: extrapolation that the likelihood keeps in check.
//!
//! This crate belongs to the chapter *Acceleration*. A *map* is one step of EM from any engine: a
//! function from a mixture θ to its log-likelihood ℓ(θ) and the next mixture M(θ), which one pass
//! over the samples can give together.

mod readable;
mod run;
mod settle;
mod space;

pub use readable::readable;
pub use run::{Method, State, accelerate};
pub use settle::settle;
pub use space::{coordinates, from_coordinates};

use sampling::MixtureError;

/// Where a sequence of numbers goes whose distance from its limit shrinks by one factor
/// (eq:aitken), from three of them in a row:
///
/// ```text
/// a − (b − a)² / (c − 2b + a)
/// ```
///
/// Numbers that stand still stay where they are. Evenly spaced ones have no limit: ±∞.
///
/// ```
/// // 5 + 4, 5 + 2 and 5 + 1: the next would be 5.5, and the end is 5.
/// assert_eq!(acceleration::aitken(9.0, 7.0, 6.0), 5.0);
/// ```
#[must_use]
// ANCHOR: aitken
pub fn aitken(a: f64, b: f64, c: f64) -> f64 {
    let (f, v) = (b - a, (c - b) - (b - a));
    if f == 0.0 { a } else { a - f * f / v }
}
// ANCHOR_END: aitken

/// What has no coordinates, or no mixture, or no method.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum AccelerationError {
    #[error("the weight of component {component} is 0: it has no logarithm")]
    Weightless { component: usize },
    #[error("there are {len} coordinates: a mixture has three for each component")]
    Length { len: usize },
    /// The coordinates are too large, or NaN.
    #[error(transparent)]
    Mixture(#[from] MixtureError),
    #[error("the depth is 0: Anderson's method looks back on at least 1 step")]
    Depth,
}
