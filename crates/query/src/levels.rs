//! Points in ever narrower bins, of which a step takes the fewest that can be trusted.

use crate::Moments;
use compression::{Compressed, TRUSTED};
use em::EmError;
use one_pass::Sums;
use sampling::Mixture;
use std::cell::OnceCell;

/// Bins in the least deviation from which points are likely to be wrong by at most `error`: coarser
/// ones are not tried. Eight will do for [`TRUSTED`], and the error grows with the eighth power of the width.
fn bins(error: f64) -> f64 {
    8.0 * (TRUSTED / error).powf(1.0 / 8.0)
}

/// A table and those that are coarser, each with its points.
///
/// ```
/// use {one_pass::Samples, query::{Levels, Moments}, sampling::Mixture};
/// let data: Vec<f64> = (0..1000).map(|i| f64::from(i % 97 * (i % 89)) / 1e3).collect();
/// let levels = Levels::new(Moments::of(&data, 0.0625)?);
/// let mixture = Mixture::new([(0.5, 2.0, 1.0), (0.5, 5.0, 2.0)])?;
/// let (log_likelihood, _) = levels.step(&mixture)?;
/// let (exact, _) = one_pass::step(&Samples::new(&data)?, &mixture)?;
/// assert!((log_likelihood / exact - 1.0).abs() < 1e-13);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Levels {
    /// The finest first.
    tables: Vec<Moments>,
    /// Their points, made when they are asked for.
    points: Vec<OnceCell<Compressed>>,
}

impl Levels {
    /// Makes coarser tables until all samples are in two bins.
    #[must_use]
    pub fn new(finest: Moments) -> Self {
        let coarser = |table: &Moments| (table.bins().len() > 2).then(|| table.coarser());
        let tables: Vec<_> = std::iter::successors(Some(finest), coarser).collect();
        let points = vec![OnceCell::new(); tables.len()];
        Self { tables, points }
    }

    /// The table itself.
    #[must_use]
    pub fn finest(&self) -> &Moments {
        &self.tables[0]
    }

    /// The points of the table itself.
    #[must_use]
    pub fn points(&self) -> &Compressed {
        self.at(0)
    }

    fn at(&self, level: usize) -> &Compressed {
        self.points[level].get_or_init(|| self.tables[level].points())
    }

    /// The points that may do, the coarsest first, the finest last in any case.
    // ANCHOR: fewest
    fn fewest(&self, mixture: &Mixture, error: f64) -> impl Iterator<Item = &Compressed> {
        let variances = mixture.components().iter().map(|c| c.variance);
        let widest = variances.fold(f64::INFINITY, f64::min).sqrt() / bins(error);
        let tables = self.tables.iter().enumerate().rev();
        let likely = tables.filter(move |(_, table)| table.width() <= widest);
        likely.map(|(level, _)| self.at(level)).chain([self.points()])
    }

    /// One step of EM, and the log-likelihood of the mixture that it started from: by the
    /// coarsest table whose points can be trusted (eq:slope-error), of those with eight bins
    /// in the least deviation. The finest answers in any case, and [`Levels::error`] says how
    /// far it may be off.
    ///
    /// # Errors
    ///
    /// As `em::em`; what they name as a sample is a point.
    pub fn step(&self, mixture: &Mixture) -> Result<(f64, Mixture), EmError> {
        let trusted = self.fewest(mixture, TRUSTED).find_map(|p| p.trusted_step(mixture));
        trusted.map_or_else(|| self.points().step(mixture), Ok)
    }
    // ANCHOR_END: fewest

    /// The log-likelihood, and the sums of every component about its mean, as
    /// `one_pass::pass`: by the coarsest table whose points are wrong by at most `error`.
    ///
    /// # Errors
    ///
    /// A point so far from every component that the logarithm of its density overflows.
    pub fn pass(&self, mixture: &Mixture, error: f64) -> Result<(f64, Vec<Sums>), EmError> {
        let trusted =
            self.fewest(mixture, error).find_map(|p| p.trusted_pass(mixture, error));
        trusted.map_or_else(|| self.points().pass(mixture), Ok)
    }

    /// About which share of a component's samples is wrong, at worst, by the finest table
    /// (eq:slope-error); infinite if a bin is wider than half of the least deviation.
    #[must_use]
    pub fn error(&self, mixture: &Mixture) -> f64 {
        self.points().error(mixture)
    }
}
