//! The pictures of the chapter *Density*.

use crate::histogram::{Histogram, wide_enough};
use crate::panel::{Axis, Panel, Point};
use crate::svg::Role;
use crate::words::{component, formula, number};
use crate::{Figure, FigureError};
use ::density::{ln_normal, normal};
use ::sampling::Mixture;
use std::ops::Range;

pub(crate) const HISTOGRAM: &str = "density/histogram";
pub(crate) const LOGARITHMS: &str = "density/logarithms";

/// The histogram of the samples, scaled as a density, and over it each component with its
/// weight, and their sum.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn histogram(data: &[f64], mixture: &Mixture) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("density", densities(&bins, &[mixture], &x, 3.0), 4);
    let figure = Figure::draw(HISTOGRAM, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        let curves = fit(&mut panel, &bins, mixture, &x.range)?;
        label(&mut panel, &curves, component)
    })?;
    Ok(figure.described(
        "The samples and the density of a mixture",
        format!(
            "The histogram of {} samples, scaled so that the areas of its bars sum to one. Over \
             it the mixture {}: each component with its weight, and their sum.",
            number(data.len() as f64),
            formula(mixture),
        ),
    ))
}

/// Draws the bars, each component with its weight and, below them, the sum. Gives the curves
/// back, the sum last.
pub(crate) fn fit(
    panel: &mut Panel,
    bins: &Histogram,
    mixture: &Mixture,
    range: &Range<f64>,
) -> Result<Vec<Vec<Point>>, FigureError> {
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
pub(crate) fn label(
    panel: &mut Panel,
    curves: &[Vec<Point>],
    name: fn(usize) -> String,
) -> Result<(), FigureError> {
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
pub(crate) fn curves(mixture: &Mixture, range: &Range<f64>) -> Vec<Vec<Point>> {
    let grid = grid(mixture, range);
    let mut curves: Vec<Vec<_>> = Vec::new();
    for c in mixture.components() {
        curves.push(
            grid.iter().map(|&x| (x, c.weight * normal(x, c.mean, c.variance))).collect(),
        );
    }
    curves.push(grid.iter().map(|&x| (x, ::density::mixture(x, mixture))).collect());
    curves
}

/// Where to evaluate curves: evenly over the range, and around every mean, however narrow.
pub(crate) fn grid(mixture: &Mixture, range: &Range<f64>) -> Vec<f64> {
    let width = range.end - range.start;
    let mut grid: Vec<_> =
        (0..=400).map(|i| range.start + width * f64::from(i) / 400.0).collect();
    for c in mixture.components() {
        grid.extend((-50..=50).map(|i| c.mean + c.variance.sqrt() * f64::from(i) / 10.0));
    }
    grid.retain(|x| range.contains(x));
    grid.sort_by(f64::total_cmp);
    grid
}

/// An upright range for the bars and for the curves, but not for curves more than `most` times as
/// high as the bars.
pub(crate) fn densities(
    bins: &Histogram,
    mixtures: &[&Mixture],
    x: &Axis,
    most: f64,
) -> Range<f64> {
    let bars = bins.densities().into_iter().fold(0.0, f64::max);
    let points = mixtures.iter().flat_map(|m| curves(m, &x.range)).flatten();
    let highest = points.map(|(_, y)| y).fold(bars, f64::max).min(most * bars);
    0.0..1.25 * highest
}

/// The logarithm of the density of each component, without its weight, so far out that the
/// density itself underflows.
///
/// # Errors
///
/// Means or variances too large for an axis.
pub fn logarithms(mixture: &Mixture) -> Result<Figure, FigureError> {
    // The least positive number is 2⁻¹⁰⁷⁴; less than half of it is 0.
    let zero = -1075.0 * std::f64::consts::LN_2;
    // Where a component's density becomes 0, in standard deviations from its mean.
    let reach =
        |variance: f64| (2.0 * (ln_normal(0.0, 0.0, variance) - zero)).max(0.0).sqrt();
    let edges = mixture.components().iter().map(|c| {
        let distance = reach(c.variance) * c.variance.sqrt();
        [c.mean - distance, c.mean + distance]
    });
    let edges: Vec<_> = edges.collect();
    let all = wide_enough(edges.as_flattened())?;
    let room = 0.12 * (all.end - all.start);
    let x = Axis::new("x", all.start - room..all.end + room, 6);
    let y = Axis::new("log density", 2.1 * zero..-0.1 * zero, 4);
    let grid = grid(mixture, &x.range);
    let curves: Vec<Vec<_>> = mixture
        .components()
        .iter()
        .map(|c| grid.iter().map(|&x| (x, ln_normal(x, c.mean, c.variance))).collect())
        .collect();
    let figure = Figure::draw(LOGARITHMS, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        let (left, right) = (x.range.start, x.range.end);
        let below = y.range.start;
        panel.fill(
            Role::Grid,
            vec![(left, below), (left, zero), (right, zero), (right, below)],
        )?;
        let threshold = [(left, zero), (right, zero)];
        panel.line(Role::Ink, &threshold)?;
        for (k, curve) in curves.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
            for edge in edges[k] {
                panel.dot(Role::Component(k), (edge, zero))?;
            }
        }
        for (k, own) in curves.iter().enumerate() {
            let others: Vec<_> =
                curves.iter().filter(|o| *o != own).map(Vec::as_slice).collect();
            panel.label(&component(k), Role::Component(k), own, &others)?;
        }
        for (k, x) in edges.iter().enumerate().flat_map(|(k, pair)| pair.map(|x| (k, x))) {
            panel.label(&number(x), Role::Component(k), &[(x, zero)], &[])?;
        }
        let below = ((left + right) / 2.0, 1.5 * zero);
        panel.label("N(x) underflows to 0", Role::Ink, &[below], &[])
    })?;
    let reaches = mixture.components().iter().zip(&edges).map(|(c, [low, high])| {
        let reach = number(reach(c.variance));
        format!(
            "{reach} standard deviations away, at x = {} and {}",
            number(*low),
            number(*high)
        )
    });
    Ok(figure.described(
        "The logarithm of the normal density is a parabola",
        format!(
            "ln N(x) for each component of {}. Below {} the density itself underflows to 0 in \
             64-bit numbers, while its logarithm goes on: {}.",
            formula(mixture),
            number(zero),
            reaches.collect::<Vec<_>>().join("; "),
        ),
    ))
}
