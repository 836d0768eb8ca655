//! A few thousand points that stand for any number of samples, and EM on them.
//!
//! This crate belongs to the chapter *Compression*.

mod bins;
mod difference;
mod gauss;
mod guarded;
#[cfg(test)]
mod tests;
mod weighted;

pub use difference::difference;
pub use guarded::{Fit, Guarded, Points, fit, gradient};
pub use weighted::TRUSTED;

use bins::{Grid, MOST_BINS};
use em::EmError;
use gauss::{MOST, rule};
use one_pass::{Samples, Sums};
use sampling::Mixture;
use std::iter::successors;

/// Why samples are not compressed, or not fitted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum CompressionError {
    #[error("{bins} bins were asked for: there can be 1 to {MOST_BINS}")]
    Bins { bins: usize },
    #[error("{points} points a bin were asked for: eight moments determine 1 to 4")]
    Points { points: usize },
    /// The samples are too near to each other, or too far apart, for so many bins.
    #[error("{bins} bins between {low:e} and {high:e} have no width in 64-bit numbers")]
    Width { bins: usize, low: f64, high: f64 },
    #[error("the tolerance is {tolerance}: a tolerance is 0 or more, and finite")]
    Tolerance { tolerance: f64 },
    #[error(transparent)]
    Em(#[from] EmError),
}

/// Points that stand for samples: a few in each bin, with the moments of its samples.
///
/// ```
/// use {compression::Compressed, one_pass::Samples};
/// // Two points in one bin: as many samples, their mean, their squares and their cubes.
/// let data = [0.0, 1.0, 3.0, 4.0, 7.0];
/// let compressed = Compressed::new(&Samples::new(&data)?, 1, 2)?;
/// assert_eq!(compressed.points().len(), 2);
/// let cubes: f64 = compressed.points().map(|(x, count)| count * x.powi(3)).sum();
/// assert!((cubes / 435.0 - 1.0).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: compressed
pub struct Compressed {
    /// No sample is below or above.
    range: [f64; 2],
    /// What points are measured from: far from 0 they would have fewer digits themselves.
    origin: f64,
    /// How far above it they lie.
    above: Vec<f64>,
    /// How many samples each stands for.
    counts: Vec<f64>,
    /// How many they stand for together.
    samples: f64,
    /// The width of a bin.
    width: f64,
    /// The most points in a bin.
    points: usize,
}
// ANCHOR_END: compressed

impl Compressed {
    /// Cuts the range of the samples into `bins` of one width, takes eight moments of each
    /// (eq:bin-moments), and puts at most `points` points in each that is not empty
    /// (eq:gauss-rule): fewer where the samples have fewer different values, which are then the
    /// points. The points of a bin lie in it and stand for all of its samples, to the last one,
    /// whatever rounding has done to the moments.
    ///
    /// Blocks of samples go to as many threads as rayon has, and are merged in their order: the
    /// answer is the same, bit for bit, on any number of threads.
    ///
    /// # Errors
    ///
    /// No bins, or more than 1 048 576, whose tables would take gigabytes; a number of points that is
    /// not 1, 2, 3 or 4; a range so wide or so narrow that the width of a bin, or one over it, is no
    /// normal number.
    // ANCHOR: new
    pub fn new(
        samples: &Samples<'_>,
        bins: usize,
        points: usize,
    ) -> Result<Self, CompressionError> {
        let grid = grid(samples.range(), bins, points)?;
        let (mut above, mut counts) = (vec![], vec![]);
        for (bin, moments) in grid.moments(samples.data()).iter().enumerate() {
            for (t, count) in rule(moments, points) {
                above.push(grid.above(bin, t));
                counts.push(count);
            }
        }
        let (range, samples) = (samples.range(), samples.data().len() as f64);
        let (origin, width) = (range[0], grid.width);
        Ok(Self { range, origin, above, counts, samples, width, points })
    }
    // ANCHOR_END: new

    /// The same from moments that somebody else has added up (eq:bin-moments): bin b reaches from
    /// b to b + 1 widths, and has at most four points. They are measured from where bin `origin`
    /// begins, which is best the fullest.
    ///
    /// Any width above 0, and any moments that samples can have; others give points of no meaning,
    /// and no bins give points that no step can take.
    ///
    /// ```
    /// // The samples 2.5, and twice 3.5: two bins of width 1, in whose middle t is 0.
    /// let middle = |count| [count, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    /// let points = compression::Compressed::of_bins(1.0, 3, [(2, middle(1.0)), (3, middle(2.0))]);
    /// assert_eq!(points.points().collect::<Vec<_>>(), [(2.5, 1.0), (3.5, 2.0)]);
    /// ```
    #[must_use]
    pub fn of_bins(
        width: f64,
        origin: i64,
        bins: impl IntoIterator<Item = (i64, [f64; 8])>,
    ) -> Self {
        let (mut above, mut counts, mut samples) = (vec![], vec![], 0.0);
        let mut range = [f64::INFINITY, f64::NEG_INFINITY];
        for (bin, moments) in bins {
            samples += moments[0];
            let [from, to] = [bin, bin + 1].map(|edge| width * edge as f64);
            range = [range[0].min(from), range[1].max(to)];
            for (t, count) in rule(&moments, MOST) {
                above.push(width * ((bin - origin) as f64 + 0.5 * (t + 1.0)));
                counts.push(count);
            }
        }
        let origin = width * origin as f64;
        Self { range, origin, above, counts, samples, width, points: MOST }
    }

    /// The points, and how many samples each stands for.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (f64, f64)> {
        let [low, high] = self.range;
        let value = move |above: &f64| (self.origin + above).max(low).min(high);
        self.above.iter().map(value).zip(self.counts.iter().copied())
    }

    /// One step of EM on the points (eq:weighted-em), and the log-likelihood of the mixture that it
    /// started from.
    ///
    /// # Errors
    ///
    /// As `em::em`; what they name as a sample is a point.
    pub fn step(&self, mixture: &Mixture) -> Result<(f64, Mixture), EmError> {
        let (log_likelihood, owned) = self.owned(mixture)?;
        Ok((log_likelihood, self.m_step(&owned)?))
    }

    /// The log-likelihood, and the sums of every component about its mean, as `one_pass::pass`.
    ///
    /// # Errors
    ///
    /// A point so far from every component that the logarithm of its density overflows.
    pub fn pass(&self, mixture: &Mixture) -> Result<(f64, Vec<Sums>), EmError> {
        let (log_likelihood, owned) = self.owned(mixture)?;
        Ok((log_likelihood, self.sums(mixture, &owned)))
    }

    /// The same if the points can be trusted with this mixture: their error (eq:slope-error) is at
    /// most `error`.
    #[must_use]
    pub fn trusted_pass(&self, mixture: &Mixture, error: f64) -> Option<(f64, Vec<Sums>)> {
        let (log_likelihood, owned) = self.trusted(mixture, error)?;
        Some((log_likelihood, self.sums(mixture, &owned)))
    }

    /// As [`Compressed::step`], if the error is at most [`TRUSTED`], and the step has an answer.
    #[must_use]
    pub fn trusted_step(&self, mixture: &Mixture) -> Option<(f64, Mixture)> {
        let (log_likelihood, owned) = self.trusted(mixture, TRUSTED)?;
        Some((log_likelihood, self.m_step(&owned).ok()?))
    }

    /// The mixtures that EM on the points walks through: `start` first, without end, as `em::em`.
    pub fn em(&self, start: Mixture) -> impl Iterator<Item = Result<Mixture, EmError>> {
        successors(Some(Ok(start)), |previous| {
            previous.as_ref().ok().map(|mixture| Ok(self.step(mixture)?.1))
        })
    }

    /// About which share of what a component owns is wrong after a step from this mixture, at worst,
    /// because it sees points in place of samples (eq:slope-error). Infinite where a bin is wider
    /// than half of the least deviation, the estimate is no number, or the step has no answer; 0 for
    /// one component.
    #[must_use]
    pub fn error(&self, mixture: &Mixture) -> f64 {
        self.owned(mixture)
            .map_or(f64::INFINITY, |(_, owned)| self.error_of(mixture, &owned))
    }
}

fn grid(
    [low, high]: [f64; 2],
    bins: usize,
    points: usize,
) -> Result<Grid, CompressionError> {
    let width = if low < high { (high - low) / bins as f64 } else { 1.0 }; // any, for one value
    match () {
        () if !(1..=MOST_BINS).contains(&bins) => Err(CompressionError::Bins { bins }),
        () if !(1..=MOST).contains(&points) => Err(CompressionError::Points { points }),
        () if width.is_normal() && width.recip().is_normal() => {
            Ok(Grid { low, high, width, bins })
        }
        () => Err(CompressionError::Width { bins, low, high }),
    }
}
