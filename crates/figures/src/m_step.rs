//! The pictures of the chapter *M-step*.

use crate::FigureError;
use ::sampling::Mixture;
use plot::Figure;
use plot::Histogram;
use plot::words::{component, formula, number};
use plot::{Axis, Labels, Panel};
use plot::{densities, fit, label};

pub(crate) const BEFORE_AND_AFTER: &str = "m_step/before_and_after";

/// The histogram of the samples under two mixtures: before a step and after it. A curve higher than
/// the axis leaves its panel.
///
/// # Errors
///
/// No samples, or one that is not finite.
pub fn before_and_after(
    data: &[f64],
    before: &Mixture,
    after: &Mixture,
    labels: Labels,
) -> Result<Figure, FigureError> {
    let bins = Histogram::new(data)?;
    let x = Axis::level("x", &bins.range, 6);
    let y = Axis::new("density", densities(&bins, 2.2), 4);
    let figure = Figure::draw(BEFORE_AND_AFTER, (2, 1), 2300, |areas| {
        let mut upper =
            Panel::new(&areas[0], &x.silent(), &y, "before the step")?.labelled(labels);
        let curves = fit(&mut upper, &bins, before, &x.range)?;
        label(&mut upper, &curves, component)?;
        let mut lower =
            Panel::new(&areas[1], &x, &y.nameless(), "after the step")?.labelled(labels);
        let curves = fit(&mut lower, &bins, after, &x.range)?;
        label(&mut lower, &curves, component)
    })?;
    Ok(figure.described(
        "A mixture before and after one step",
        format!(
            "Two panels with the histogram of {} samples. Before the step the mixture is {}; \
             after it, {}.",
            number(data.len() as f64),
            formula(before),
            formula(after),
        ),
    ))
}
