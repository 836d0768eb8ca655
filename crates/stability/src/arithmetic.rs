//! Differences of squares, means and deviations, for all numbers that there are.

use ::m_step::effective_count;
use sampling::{Component, Mixture};

/// The l_ik of a sample, for every k, up to one constant: the square of the nearest is left out.
// ANCHOR: ln_numerators
pub fn ln_numerators(x: f64, mixture: &Mixture) -> Vec<f64> {
    let all = mixture.components();
    let nearer = |a, b| if beyond(x, b, a) < 0.0 { b } else { a };
    let nearest = all.iter().filter(|c| c.weight > 0.0).reduce(nearer).unwrap_or(&all[0]);
    all.iter().map(|c| ln_numerator(c, beyond(x, c, nearest).max(0.0))).collect()
}

/// Without −½ ln 2π, which all have.
pub fn ln_numerator(c: &Component, square: f64) -> f64 {
    c.weight.ln() - 0.5 * c.variance.ln() - 0.5 * square
}
// ANCHOR_END: ln_numerators

/// u² for one component less u² for the other (eq:factors, eq:difference).
// ANCHOR: beyond
fn beyond(x: f64, c: &Component, other: &Component) -> f64 {
    let (a, b) = (distance(x, c.mean, c), distance(x, other.mean, other));
    let ratio = (other.variance / c.variance).sqrt() - 1.0;
    let less =
        if ratio.abs() < 0.5 { b * ratio + distance(other.mean, c.mean, c) } else { a - b };
    deviations(less) * deviations(less + 2.0 * b)
}

/// (x − mean) / σ in units of 2e162, so that the largest is still a number.
pub fn distance(x: f64, mean: f64, c: &Component) -> f64 {
    (0.5 * x - 0.5 * mean) / 1e81 / (1e81 * c.variance.sqrt())
}

/// The distance in deviations, or the largest number that there is.
pub fn deviations(distance: f64) -> f64 {
    (2e162 * distance).clamp(-f64::MAX, f64::MAX)
}
// ANCHOR_END: beyond

/// Mean and deviation of the samples, each counted by its membership (eq:residual-mean,
/// eq:residual-deviation).
// ANCHOR: moments
pub fn moments(data: &[f64], memberships: &[f64]) -> (f64, f64) {
    let count = effective_count(memberships);
    let owned = data.iter().zip(memberships).filter(|(_, r)| **r > 0.0);
    // The difference of two numbers may overflow, that of their quarters does not.
    let owned = owned.map(|(x, r)| (x / 4.0, r / count));
    let rough: f64 = owned.clone().map(|(x, share)| share * x).sum();
    let shift: f64 = owned.clone().map(|(x, share)| share * (x - rough)).sum();
    let rest = owned.map(|(x, share)| (x - rough - shift, share));
    let largest = rest.clone().map(|(x, _)| x.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let squares: f64 = rest.map(|(x, share)| share * (x / largest).powi(2)).sum();
    let mean = 4.0 * (rough + shift);
    (mean.clamp(-f64::MAX, f64::MAX), 4.0 * largest * squares.sqrt())
}
// ANCHOR_END: moments
