//! A mixture as curves over a histogram.

use crate::PlotError;
use crate::histogram::Histogram;
use crate::panel::{Panel, Point};
use crate::svg::Role;
use density::normal;
use sampling::Mixture;
use std::ops::Range;

/// Draws the bars, each component with its weight and, below them, the sum. Gives the curves
/// back, the sum last.
pub fn fit(
    panel: &mut Panel,
    bins: &Histogram,
    mixture: &Mixture,
    range: &Range<f64>,
) -> Result<Vec<Vec<Point>>, PlotError> {
    let heights = bins.densities();
    panel.bars(Role::Data, bins, &vec![0.0; heights.len()], &heights)?;
    let curves = curves(mixture, range);
    if let Some((sum, components)) = curves.split_last() {
        panel.line(Role::Sum, sum)?;
        for (k, curve) in components.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
    }
    Ok(curves)
}

/// Writes the names of the curves that [`fit`] has drawn beside them.
pub fn label(
    panel: &mut Panel,
    curves: &[Vec<Point>],
    name: fn(usize) -> String,
) -> Result<(), PlotError> {
    let Some((sum, components)) = curves.split_last() else { return Ok(()) };
    for (k, own) in components.iter().enumerate() {
        let others: Vec<_> =
            components.iter().filter(|o| *o != own).map(Vec::as_slice).collect();
        panel.label(&name(k), Role::Component(k), own, &others)?;
    }
    // The sum is told from the components where it is farthest above all of them.
    let above = |i: &usize| {
        sum[*i].1 - components.iter().map(|component| component[*i].1).fold(0.0, f64::max)
    };
    let farthest = (0..sum.len()).max_by(|i, j| above(i).total_cmp(&above(j)));
    let own: Vec<_> = farthest.map(|i| sum[i]).into_iter().collect();
    panel.label("sum", Role::Sum, &own, &[])
}

/// The components with their weights, and their sum last.
pub fn curves(mixture: &Mixture, range: &Range<f64>) -> Vec<Vec<Point>> {
    let grid = grid(mixture, range);
    let mut curves: Vec<Vec<_>> = Vec::new();
    for c in mixture.components() {
        curves.push(
            grid.iter().map(|&x| (x, c.weight * normal(x, c.mean, c.variance))).collect(),
        );
    }
    curves.push(grid.iter().map(|&x| (x, density::mixture(x, mixture))).collect());
    curves
}

/// Where to evaluate curves: evenly over the range, and around every mean, however narrow.
pub fn grid(mixture: &Mixture, range: &Range<f64>) -> Vec<f64> {
    let width = range.end - range.start;
    let mut grid: Vec<_> =
        (0..=400).map(|i| range.start + width * f64::from(i) / 400.0).collect();
    for c in mixture.components() {
        grid.extend((-50..=50).map(|i| c.mean + c.variance.sqrt() * f64::from(i) / 10.0));
    }
    grid.retain(|x| range.contains(x));
    grid.sort_unstable_by(f64::total_cmp);
    grid
}

/// An upright range for bars and curves: up to `most` times the highest bar, and a little more. It
/// depends on the samples only, so that one picture may take the place of another; a curve that is
/// higher leaves its panel.
pub fn densities(bins: &Histogram, most: f64) -> Range<f64> {
    let highest = bins.densities().into_iter().fold(0.0, f64::max);
    0.0..1.25 * most * highest
}
