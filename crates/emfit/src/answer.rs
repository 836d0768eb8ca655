//! What is told, to people and to programs alike.

use crate::interval::Intervals;
use fit::{Component, Mixture, Moments, Report};

/// A fit, and where it comes from.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// What was read.
    pub place: String,
    /// The names of the columns of samples and of weights, if they have some.
    pub column: Option<&'a str>,
    pub weights: Option<&'a str>,
    /// How many classes, if samples are counted in classes.
    pub classes: Option<usize>,
    /// The table of moments, if it was one.
    pub table: Option<Told>,
    /// What the log-likelihood has lost, if logarithms were fitted: the sum of ln x.
    pub log: Option<f64>,
    pub report: &'a Report,
    /// Intervals of a level, if they were asked for and there are standard errors.
    pub intervals: Option<(f64, Option<Vec<Intervals>>)>,
    pub timings: Option<Timings>,
}

/// What is told of a table of moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    /// The width of a bin, and how many have samples.
    pub width: f64,
    pub bins: usize,
    /// Rows without a bin, and how many of them are NULL.
    pub left_out: f64,
    pub null: f64,
    /// Which share of a component's samples may be wrong.
    pub error: f64,
}

impl Told {
    pub fn new(table: &Moments, mixture: &Mixture) -> Self {
        let (width, bins) = (table.width(), table.bins().len());
        let (left_out, null) = (table.left_out(), table.null());
        Self { width, bins, left_out, null, error: table.points().error(mixture) }
    }
}

/// The seconds spent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timings {
    pub read: f64,
    pub fit: f64,
}

impl Answer<'_> {
    /// What may mislead.
    pub fn notes(&self) -> Vec<String> {
        let (report, mut notes) = (self.report, vec![]);
        let whole = report.mixture.variance();
        for (k, c) in report.mixture.components().iter().enumerate() {
            let Component { weight, variance, .. } = *c;
            let count = weight * report.samples;
            if count < 10.0 {
                notes.push(format!(
                    "component {k} has only {count:.1} samples: it may be chance"
                ));
            }
            if variance < 1e-4 * whole {
                let times = (whole / variance).sqrt();
                notes.push(format!(
                    "component {k} is {times:.0} times narrower than the whole: a spike, or samples that are rounded"
                ));
            }
        }
        if let Some(Told { left_out, null, .. }) = self.table.filter(|t| t.left_out > 0.0) {
            notes.push(format!(
                "{left_out} rows were left out: {null} NULL, and {} no finite numbers or too far from 0",
                left_out - null
            ));
        }
        if report.starts.elsewhere > 0 {
            notes.push("the starts disagreed: there are several maxima".into());
        }
        notes
    }
}
