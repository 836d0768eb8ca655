//! The picture: a reader's own data and their fit.

use fit::{Class, Classes, Mixture};
use plot::words::{component, count, formula};
use plot::{Axis, Figure, Histogram, Panel, PlotError, Point, Role};
use plot::{curves, label, wide_enough};
use std::ops::Range;

const FIT: &str = "emfit/fit";

/// The histogram of the samples, scaled as a density, under the mixture and its components.
///
/// From 10 to 100 bins: twice as many as Scott's rule has for one normal distribution, since a
/// mixture has more shape.
///
/// # Errors
///
/// No samples, or one that is not finite; samples too far apart for an axis.
pub(crate) fn samples(
    name: &str,
    data: &[f64],
    mixture: &Mixture,
) -> Result<Figure, PlotError> {
    let ten = Histogram::with_bins(data, 10)?;
    let width =
        3.49 / 2.0 * mixture.variance().sqrt() * (data.len() as f64).powf(-1.0 / 3.0);
    let bins = 10.0 * ten.width() / width;
    let bins = Histogram::with_bins(data, bins.clamp(10.0, 100.0) as usize)?;
    let outline = bins.outline(&bins.densities());
    let title = format!("{} samples{}", count(data.len()), of(name));
    let bars = format!("in {} bins", bins.counts.len());
    draw(&title, &bars, outline, &bins.range, mixture)
}

/// The same for classes. An open class is drawn as wide as the first that is closed.
///
/// # Errors
///
/// Classes too far apart for an axis.
pub(crate) fn classes(classes: &Classes, mixture: &Mixture) -> Result<Figure, PlotError> {
    let (all, samples) = (classes.classes(), classes.samples());
    let closed = all.iter().map(|c| c.upper - c.lower).find(|width| width.is_finite());
    let width = closed.unwrap_or(mixture.variance().sqrt());
    let mut outline: Vec<Point> = Vec::new();
    for &Class { lower, upper, count } in all {
        let left = match lower.is_finite() {
            true => lower,
            false if upper.is_finite() => upper - width,
            false => mixture.mean() - width,
        };
        let right = if upper.is_finite() { upper } else { left + width };
        let height = count / samples / (right - left);
        if let Some(&(end, _)) = outline.last().filter(|(end, _)| *end < left) {
            outline.extend([(end, 0.0), (left, 0.0)]);
        }
        outline.extend([(left, height), (right, height)]);
    }
    let ends: Vec<f64> = outline.iter().map(|(x, _)| *x).collect();
    let title = format!("{} samples", count(samples as usize));
    let bars = format!("in {} classes", all.len());
    draw(&title, &bars, outline, &wide_enough(&ends)?, mixture)
}

/// Points along the tops of bars, close enough that no label fits between them.
fn spread(outline: &[Point]) -> impl Iterator<Item = Point> + '_ {
    let between = |t: f64, a: f64, b: f64| a + t * (b - a);
    outline.windows(2).flat_map(move |pair| {
        let ((a, high), (b, _)) = (pair[0], pair[1]);
        (0..=20).map(move |i| (between(f64::from(i) / 20.0, a, b), high))
    })
}

/// The name of a column, unless it is too long for a title.
fn of(name: &str) -> String {
    match name.chars().count() {
        1..=40 => format!(" of {name}"),
        _ => String::new(),
    }
}

fn draw(
    title: &str,
    bars: &str,
    outline: Vec<Point>,
    range: &Range<f64>,
    mixture: &Mixture,
) -> Result<Figure, PlotError> {
    let x = Axis::level("x", range, 6);
    let curves = curves(mixture, &x.range);
    let bar = outline.iter().map(|(_, height)| *height).fold(0.0, f64::max);
    let highest =
        curves.iter().flatten().map(|(_, y)| *y).fold(bar, f64::max).min(3.0 * bar);
    let y = Axis::new("density", 0.0..1.25 * highest, 4);
    let figure = Figure::draw(FIT, (1, 1), 3300, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, title)?;
        let ends = [(range.start, 0.0), (range.end, 0.0)];
        let corners = [ends[0]].into_iter().chain(outline.iter().copied()).chain([ends[1]]);
        panel.fill(Role::Data, corners.collect())?;
        for (x, height) in spread(&outline) {
            panel.avoid(&[(x, 0.0), (x, height)]);
        }
        if let Some((sum, components)) = curves.split_last() {
            panel.line(Role::Sum, sum)?;
            for (k, curve) in components.iter().enumerate() {
                panel.line(Role::Component(k), curve)?;
            }
        }
        label(&mut panel, &curves, component)
    })?;
    Ok(figure.described(
        &format!("{title} and their fit"),
        format!(
            "The histogram of {title} {bars}, scaled so that the areas of its bars sum to one. \
             Over it the mixture {}: each component with its weight, and their sum.",
            formula(mixture),
        ),
    ))
}
