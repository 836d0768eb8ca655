//! The pictures of the chapter *Sampling*.

use crate::FigureError;
use plot::Figure;
use plot::Histogram;
use plot::Role;
use plot::words::number;
use plot::{Axis, Panel};
use std::ops::Range;

pub(crate) const HISTOGRAM: &str = "sampling/histogram";

/// What the axis of [`histogram`] shows for the mixtures of the book, and their like.
pub const AROUND: Range<f64> = -5.0..15.0;

/// How many samples fall in each of 100 bins, on an axis that shows at least a given range.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn histogram(data: &[f64], at_least: &Range<f64>) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let highest = bins.counts.iter().copied().fold(0.0, f64::max);
    let low = bins.range.start.min(at_least.start);
    let x = Axis::level("x", &(low..bins.range.end.max(at_least.end)), 6);
    let y = Axis::new("samples per bin", 0.0..1.08 * highest, 5);
    let figure = Figure::draw(HISTOGRAM, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        panel.bars(Role::Data, &bins, &vec![0.0; bins.counts.len()], &bins.counts)
    })?;
    Ok(figure.described(
        "Histogram of the samples",
        format!(
            "{} samples between {} and {} in {} bins of width {}. The fullest bin holds {}.",
            number(data.len() as f64),
            number(bins.range.start),
            number(bins.range.end),
            bins.counts.len(),
            number(bins.width()),
            number(highest),
        ),
    ))
}
