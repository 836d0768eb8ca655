//! Lloyd's algorithm: labels by the nearest centre, centres by the mean of each group.

use crate::{KMeansError, check, mean};
use std::iter::successors;

/// What k-means makes small, the sum of the squared distances to the nearest centre (eq:cost):
///
/// ```text
/// V(μ) = Σ_i min_k (x_i − μ_k)²
/// ```
///
/// In the units of the samples squared. No samples give 0; no centres, or a sample that is NaN, infinity.
///
/// ```
/// assert_eq!(k_means::cost(&[0.0, 1.0, 9.0], &[1.0, 7.0]), 1.0 + 0.0 + 4.0);
/// ```
#[must_use]
// ANCHOR: cost
pub fn cost(data: &[f64], centres: &[f64]) -> f64 {
    let squares = |x: f64| centres.iter().map(move |centre| (x - centre).powi(2));
    data.iter().map(|&x| squares(x).fold(f64::INFINITY, f64::min)).sum()
}
// ANCHOR_END: cost

// ANCHOR: means
/// The group of a sample: whose centre is nearest. Of equal distances the first counts.
fn nearest(x: f64, centres: &[f64]) -> usize {
    let nearer = |best: usize, k: usize| {
        if (x - centres[k]).abs() < (x - centres[best]).abs() { k } else { best }
    };
    (0..centres.len()).fold(0, nearer)
}

/// The mean of each group; where a group is empty, its centre.
fn means(data: &[f64], centres: &[f64]) -> Vec<f64> {
    let mut groups = vec![Vec::new(); centres.len()];
    for &x in data {
        groups[nearest(x, centres)].push(x);
    }
    let next = |(group, centre): (&Vec<f64>, &f64)| match group[..] {
        [] => *centre,
        _ => mean(group),
    };
    groups.iter().zip(centres).map(next).collect()
}
// ANCHOR_END: means

/// The centres that Lloyd's algorithm walks through (eq:lloyd): `start` first, then as long as the
/// cost falls. The last are where it has arrived.
///
/// A centre whose group is empty stays where it is. Samples so far apart that their squares overflow
/// have an infinite cost, which does not fall.
///
/// # Errors
///
/// No samples; no centres; a sample or a centre that is not finite. The error has the value.
///
/// Source: S. P. Lloyd, *Least squares quantization in PCM* (1957, printed in 1982).
///
/// ```
/// let run = k_means::lloyd(&[0.0, 1.0, 9.0, 11.0], vec![0.0, 1.0])?;
/// assert_eq!(run.last(), Some(vec![0.5, 10.0]));
/// # Ok::<(), k_means::KMeansError>(())
/// ```
// ANCHOR: lloyd
pub fn lloyd(
    data: &[f64],
    start: Vec<f64>,
) -> Result<impl Iterator<Item = Vec<f64>>, KMeansError> {
    check(data, start.len())?;
    if let Some(group) = start.iter().position(|centre| !centre.is_finite()) {
        return Err(KMeansError::Centre { group, value: start[group] });
    }
    Ok(successors(Some(start), |centres| {
        let next = means(data, centres);
        (cost(data, &next) < cost(data, centres)).then_some(next)
    }))
}
// ANCHOR_END: lloyd
