//! What has been recorded of the trials, because they take too long to be run for every reader.

use super::Outcome;

/// What one method needed for one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `crabs-like`, `five overlapping`, or the seed.
    pub problem: String,
    /// One of the names in [`super::METHODS`].
    pub method: String,
    /// As in [`Outcome`].
    pub maps: usize,
    /// As in [`Outcome`].
    pub stopped: usize,
    /// As in [`Outcome`].
    pub missing: f64,
    /// As in [`Outcome`].
    pub log_likelihood: f64,
}

impl Row {
    /// A line of the record.
    #[must_use]
    pub fn line(problem: &str, method: &str, outcome: &Outcome) -> String {
        let Outcome { maps, stopped, missing, log_likelihood, .. } = outcome;
        format!("{problem},{method},{maps},{stopped},{missing:.1e},{log_likelihood:.7}\n")
    }

    fn read(line: &str) -> Option<Self> {
        let mut cells = line.split(',');
        Some(Self {
            problem: cells.next()?.into(),
            method: cells.next()?.into(),
            maps: cells.next()?.parse().ok()?,
            stopped: cells.next()?.parse().ok()?,
            missing: cells.next()?.parse().ok()?,
            log_likelihood: cells.next()?.parse().ok()?,
        })
    }
}

/// The recorded outcomes: of every method, in the order of [`super::METHODS`], for every problem.
#[must_use]
pub fn recorded() -> Vec<Row> {
    let file = include_str!("../../../../data/acceleration.csv");
    file.lines().filter_map(Row::read).collect() // the header has no numbers
}

/// The recorded gaps of a method on a problem: after how many maps how much was missing.
#[must_use]
pub fn recorded_gaps(problem: &str, method: &str) -> Vec<(f64, f64)> {
    let file = include_str!("../../../../data/acceleration_gaps.csv");
    let rows = file.lines().filter_map(|line| {
        let mut cells = line.strip_prefix(problem)?.strip_prefix(',')?.split(',');
        let own = cells.next()? == method;
        let pair = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
        own.then_some(pair)
    });
    rows.collect()
}
