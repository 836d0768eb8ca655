//! Intervals around the estimates.

use fit::{Component, Report};

/// The ends of the intervals of one component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Intervals {
    pub weight: [f64; 2],
    pub mean: [f64; 2],
    pub variance: [f64; 2],
    pub deviation: [f64; 2],
}

/// Wald's intervals at a level, where there are standard errors: of a weight on the scale of its
/// logit, so that it lies between 0 and 1; of a variance on the scale of its logarithm, so that it
/// is positive; of a mean as it is.
pub(crate) fn intervals(report: &Report, level: f64) -> Option<Vec<Intervals>> {
    let far = uncertainty::errors(level).ok()?;
    let around = |x: f64, error: f64| [x - far * error, x + far * error];
    let rows =
        report.mixture.components().iter().zip(report.standard_errors.as_ref().ok()?);
    let one = |(c, errors): (&Component, &fit::StandardErrors)| {
        let rest = 1.0 - c.weight;
        let logit = (c.weight / rest).ln();
        let weight = match rest > 0.0 {
            true => around(logit, errors.weight / (c.weight * rest))
                .map(|logit| 1.0 / (1.0 + (-logit).exp())),
            false => [1.0; 2], // the weight of a single component is known
        };
        let variance = around(c.variance.ln(), errors.variance / c.variance).map(f64::exp);
        let mean = around(c.mean, errors.mean);
        Intervals { weight, mean, variance, deviation: variance.map(f64::sqrt) }
    };
    Some(rows.map(one).collect())
}
