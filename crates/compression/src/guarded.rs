//! Which data a step may take: the points, finer points, or all the samples.

use crate::{Compressed, CompressionError, TRUSTED};
use em::EmError;
use one_pass::{Samples, Sums};
use sampling::{Component, Mixture};

/// Points in a bin.
const POINTS: usize = 4;

/// Bins to begin with; finer grids have four times as many.
const FIRST: usize = 256;

/// Samples for each bin below which a step on the points would save nothing: on one thread a point
/// costs ten to twenty times as much as a sample in a full pass.
const LEAST: usize = 64 * POINTS;

/// Steps of EM that take the points where these can be trusted, finer points where these must
/// be made, and all the samples where no points will do.
#[derive(Debug, Clone)]
// ANCHOR: guarded
pub struct Guarded<'a> {
    samples: &'a Samples<'a>,
    /// Points in ever more bins, as they are asked for; `None` where there can be none.
    levels: Vec<Option<Compressed>>,
    /// The most bins.
    most: usize,
    /// Bins of the points that the last step took.
    bins: Option<usize>,
}
// ANCHOR_END: guarded

/// The level of the points, the log-likelihood, and what every component owns of them.
type Owned = (usize, f64, Vec<Vec<f64>>);

/// Points that guarded steps have made, for later steps on the same samples.
#[derive(Debug, Clone, Default)]
pub struct Points(Vec<Option<Compressed>>);

impl<'a> Guarded<'a> {
    /// Compresses nothing yet.
    #[must_use]
    pub fn new(samples: &'a Samples<'a>) -> Self {
        Self::with(samples, Points::default())
    }

    /// Has the points that [`Guarded::into_points`] gave for these samples.
    #[must_use]
    pub fn with(samples: &'a Samples<'a>, points: Points) -> Self {
        let most = samples.data().len() / LEAST;
        Self { samples, levels: points.0, most, bins: None }
    }

    /// The points that were made.
    #[must_use]
    pub fn into_points(self) -> Points {
        Points(self.levels)
    }

    /// One step of EM, and the log-likelihood of the mixture that it started from, as
    /// `one_pass::step`: by points with an error (eq:slope-error) below 1e-13, or by all samples.
    ///
    /// Points are made in up to one bin for every 256 samples, so fewer than 65 536 samples are
    /// never compressed.
    ///
    /// # Errors
    ///
    /// As `one_pass::step`, with the same samples and components named.
    pub fn step(&mut self, mixture: &Mixture) -> Result<(f64, Mixture), EmError> {
        if let Some((level, log_likelihood, owned)) = self.owned(mixture, TRUSTED)
            && let Some(points) = &self.levels[level]
            && let Ok(next) = points.m_step(&owned)
        {
            return Ok((log_likelihood, next));
        }
        self.bins = None;
        one_pass::step(self.samples, mixture)
    }

    /// What the components own of points that can be trusted, if there are such points.
    // ANCHOR: trusted
    fn owned(&mut self, mixture: &Mixture, error: f64) -> Option<Owned> {
        for level in 0.. {
            let bins = FIRST << (2 * level);
            if bins > self.most {
                break;
            }
            if level == self.levels.len() {
                self.levels.push(Compressed::new(self.samples, bins, POINTS).ok());
            }
            if let Some(points) = &self.levels[level]
                && let Some((log_likelihood, owned)) = points.trusted(mixture, error)
            {
                self.bins = Some(bins);
                return Some((level, log_likelihood, owned));
            }
        }
        None
    }
    // ANCHOR_END: trusted

    /// The log-likelihood, and the sums of every component about its mean, as `one_pass::pass`: by
    /// points or samples as [`Guarded::step`], but with an error of the points up to `error`.
    ///
    /// # Errors
    ///
    /// As `one_pass::pass`.
    pub fn pass(
        &mut self,
        mixture: &Mixture,
        error: f64,
    ) -> Result<(f64, Vec<Sums>), EmError> {
        if let Some((level, log_likelihood, owned)) = self.owned(mixture, error)
            && let Some(points) = &self.levels[level]
        {
            return Ok((log_likelihood, points.sums(mixture, &owned)));
        }
        self.bins = None;
        one_pass::pass(self.samples, mixture)
    }

    /// The bins of the points that the last step took; `None` if it took all the samples.
    #[must_use]
    pub fn bins(&self) -> Option<usize> {
        self.bins
    }
}

/// How steep the log-likelihood still is where a step began: the length of its gradient in the
/// logits of the weights, the means in deviations and the logarithms of the variances, for each
/// sample (eq:gradient-left).
///
/// 0 where the step changed nothing, and only there.
///
/// ```
/// use sampling::{Component, Mixture};
/// let at = |mean| Mixture::new([Component { weight: 1.0, mean, variance: 4.0 }]);
/// let moved = Mixture::new([(1.0, 3.0, 3.0)])?;
/// // Half a deviation in the mean; squares about the old mean, 3 + 1, are as expected.
/// assert_eq!(compression::gradient(&at(2.0)?, &moved), 0.5);
/// # Ok::<(), sampling::MixtureError>(())
/// ```
#[must_use]
// ANCHOR: gradient
pub fn gradient(before: &Mixture, after: &Mixture) -> f64 {
    let squares = |(a, b): (&Component, &Component)| {
        let moved = (b.mean - a.mean) / a.variance.sqrt();
        let weight = b.weight - a.weight;
        let mean = b.weight * moved;
        let variance = 0.5 * b.weight * (b.variance / a.variance + moved.powi(2) - 1.0);
        weight.powi(2) + mean.powi(2) + variance.powi(2)
    };
    let pairs = before.components().iter().zip(after.components());
    pairs.map(squares).sum::<f64>().sqrt()
}
// ANCHOR_END: gradient

/// Where a fit ended.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: fit_type
pub struct Fit {
    /// The last mixture.
    pub mixture: Mixture,
    /// Its log-likelihood, by all samples.
    pub log_likelihood: f64,
    /// Its gradient (eq:gradient-left), by all samples.
    pub left: f64,
    /// All steps.
    pub steps: usize,
    /// The steps that took all samples.
    pub full: usize,
}
// ANCHOR_END: fit_type

/// EM by guarded steps until the gradient (eq:gradient-left) is at most `tolerance`, or for
/// `most_steps` steps; then one pass over all samples for the log-likelihood and the gradient that is
/// really left. If that is more than `tolerance`, the points have lied, and the steps that remain
/// take all samples.
///
/// # Errors
///
/// A tolerance that is negative, infinite or NaN; a step without an answer. Running out of
/// steps is no error: see `left`.
///
/// ```
/// use {compression::fit, one_pass::Samples, sampling::{Component, Mixture}};
/// let data: Vec<f64> = (0..70_000).map(|i| f64::from(i % 263 * (i % 251)) / 6e3).collect();
/// let half = |mean| Component { weight: 0.5, mean, variance: 4.0 };
/// let fit = fit(&Samples::new(&data)?, Mixture::new([half(2.0), half(8.0)])?, 1e-6, 1000)?;
/// assert!(fit.left <= 1e-6); // by all samples, though
/// assert_eq!(fit.full, 0); // no step took them
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(
    samples: &Samples<'_>,
    start: Mixture,
    tolerance: f64,
    most_steps: usize,
) -> Result<Fit, CompressionError> {
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(CompressionError::Tolerance { tolerance });
    }
    let (mut data, mut mixture) = (Guarded::new(samples), start);
    let (mut steps, mut full) = (0, 0);
    // ANCHOR: fit
    loop {
        let mut left = f64::INFINITY;
        while left > tolerance && steps < most_steps {
            let (_, next) = data.step(&mixture)?;
            left = gradient(&mixture, &next);
            (mixture, steps) = (next, steps + 1);
            full += usize::from(data.bins.is_none());
        }
        let (log_likelihood, next) = one_pass::step(samples, &mixture)?;
        let left = gradient(&mixture, &next);
        if left <= tolerance || steps == most_steps {
            return Ok(Fit { mixture, log_likelihood, left, steps, full });
        }
        data.most = 0; // from now on, all samples
    }
    // ANCHOR_END: fit
}
