//! What is told, to people and to programs alike.

use crate::interval::Intervals;
use fit::{Component, Report};

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
    /// What the log-likelihood has lost, if logarithms were fitted: the sum of ln x.
    pub log: Option<f64>,
    pub report: &'a Report,
    /// Intervals of a level, if they were asked for and there are standard errors.
    pub intervals: Option<(f64, Option<Vec<Intervals>>)>,
    pub timings: Option<Timings>,
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
        if report.starts.elsewhere > 0 {
            notes.push("the starts disagreed: there are several maxima".into());
        }
        notes
    }
}
