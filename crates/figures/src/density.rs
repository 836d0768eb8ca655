//! The pictures of the chapter *Density*.

use crate::FigureError;
use ::density::ln_normal;
use ::sampling::Mixture;
use plot::Figure;
use plot::Role;
use plot::words::{component, formula, number};
use plot::{Axis, Labels, Panel, densities, fit, grid, label};
use plot::{Histogram, wide_enough};

pub(crate) const HISTOGRAM: &str = "density/histogram";
pub(crate) const LOGARITHMS: &str = "density/logarithms";

/// The histogram of the samples, scaled as a density, and over it each component with its
/// weight, and their sum. A curve higher than the axis leaves its panel.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn histogram(
    data: &[f64],
    mixture: &Mixture,
    labels: Labels,
) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("density", densities(&bins, 1.0), 4);
    let figure = Figure::draw(HISTOGRAM, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?.labelled(labels);
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
