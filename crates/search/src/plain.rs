//! The search among starts by the steps of EM that survive: samples, and a cure.

use crate::{Best, Problem, Run, SearchError, SplitAndMerge, among};
use rate::{Ending, Stopped, converge};
use sampling::Mixture;
use stability::{Cure, em, penalised_log_likelihood};
use start::quantiles;

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq)]
// ANCHOR: search
pub struct Search {
    /// The steps of the short run that every start gets.
    pub short: usize,
    /// A start goes on to its end if fewer than so many before were as high after their short runs.
    pub finalists: usize,
    /// The log-likelihood that may still be to come where a run ends.
    pub tolerance: f64,
    /// What keeps the steps away from collapse.
    pub cure: Cure,
    /// An admissible component has a share worth at least this many samples, n π_k.
    pub least_count: f64,
}
// ANCHOR_END: search

impl Default for Search {
    /// One finalist after short runs of 10 steps, to within 1e-6; a floor of a ten-thousandth of the
    /// data's variance, and at least 5 samples' worth for each component.
    fn default() -> Self {
        let cure = Cure::Floor(1e-4);
        Self { short: 10, finalists: 1, tolerance: 1e-6, cure, least_count: 5.0 }
    }
}

impl Search {
    fn check(&self) -> Result<(), SearchError> {
        let Self { tolerance, least_count, .. } = *self;
        let sound = |value: f64| value >= 0.0 && value.is_finite();
        match () {
            () if self.finalists == 0 => Err(SearchError::NoFinalists),
            () if !sound(tolerance) => Err(SearchError::Tolerance { tolerance }),
            () if !sound(least_count) => Err(SearchError::LeastCount { least_count }),
            () => Ok(()),
        }
    }
}

/// The most steps of a long run.
const MOST_STEPS: usize = 10_000;

/// The fit with the highest log-likelihood among the admissible ones (eq:admissible), as [`among`] says:
/// a short run of EM from every start, and a long one from those that are among the finalists.
///
/// A fit is admissible if no component is at the floor, up to rounding, and each has n π_k of at
/// least `least_count`. That is asked after the short run and after the long one. The starts have
/// one K. A long run ends where [`converge`] says that the log-likelihood still to come is within
/// the tolerance, or after 10 000 steps; then the fit has not `converged`.
///
/// # Errors
///
/// Data as for [`quantiles`] of one component; no starts or no finalists; a tolerance or a least
/// count that is negative, infinite or NaN; a cure without a meaning; no admissible fit.
///
/// ```
/// use {rand::{SeedableRng, rngs::ChaCha8Rng}, search::{Search, best}, start::random};
/// let data = [0.0, 1.0, 2.0, 3.0, 4.0, 20.0, 21.0, 22.0, 23.0, 24.0];
/// let rng = &mut ChaCha8Rng::seed_from_u64(1);
/// let starts = (0..5).map(|_| random(&data, 2, rng)).collect::<Result<Vec<_>, _>>()?;
/// let fit = best(&data, starts, &Search { least_count: 4.0, ..Search::default() })?.mixture;
/// assert!(fit.components().iter().all(|c| (c.weight - 0.5).abs() < 1e-6));
/// # Ok::<(), search::SearchError>(())
/// ```
pub fn best(
    data: &[f64],
    starts: impl IntoIterator<Item = Mixture>,
    search: &Search,
) -> Result<Best, SearchError> {
    among(&Plain::new(data, search)?, starts, search.finalists)
}

/// The same, and from each end where none has been before by split and merge to higher ones.
///
/// # Errors
///
/// As [`best`].
///
/// ```
/// use {search::{Search, best, split_and_merge}, start::quantiles};
/// let (data, search) = (datasets::galaxies(), Search { least_count: 2.0, ..Search::default() });
/// let stuck = best(&data, [quantiles(&data, 4)?], &search)?.log_likelihood;
/// let free = split_and_merge(&data, [quantiles(&data, 4)?], &search)?.log_likelihood;
/// assert!(free > stuck + 1.0);
/// # Ok::<(), search::SearchError>(())
/// ```
pub fn split_and_merge(
    data: &[f64],
    starts: impl IntoIterator<Item = Mixture>,
    search: &Search,
) -> Result<Best, SearchError> {
    let plain = Plain::new(data, search)?;
    among(&SplitAndMerge::new(&plain, data), starts, search.finalists)
}

/// EM by plain steps.
struct Plain<'a> {
    data: &'a [f64],
    variance: f64,
    search: &'a Search,
}

impl Problem for Plain<'_> {
    const SAME: f64 = 1e-3;

    // ANCHOR: runs
    fn short(&self, start: Mixture) -> Run {
        let run = em(self.data, start, self.search.cure)
            .take(self.search.short.saturating_add(1));
        let (steps, last) = run.enumerate().last().expect("a run has its start");
        let end = last.ok().and_then(|mixture| self.climbed(mixture));
        Run { steps, end, converged: false }
    }

    fn long(&self, from: &Mixture) -> Run {
        let Search { cure, tolerance, .. } = *self.search;
        let value =
            |m: &Mixture| penalised_log_likelihood(self.data, m, &cure).unwrap_or(f64::NAN);
        let run = em(self.data, from.clone(), cure);
        match converge(run, value, tolerance, MOST_STEPS) {
            Ok(Stopped { mixture, steps, ending, .. }) => {
                let converged = ending != Ending::OutOfSteps;
                Run { steps, end: self.climbed(mixture), converged }
            }
            Err(_) => Run { steps: 0, end: None, converged: false },
        }
    }
    // ANCHOR_END: runs

    /// Whether every component is large enough, and wider than the floor by more than rounding
    /// (eq:admissible).
    // ANCHOR: admits
    fn admits(&self, mixture: &Mixture) -> bool {
        let Search { cure, least_count, .. } = *self.search;
        let floor = if let Cure::Floor(share) = cure { share * self.variance } else { 0.0 };
        mixture.components().iter().all(|c| {
            c.variance > floor * (1.0 + 1e-9)
                && c.weight * self.data.len() as f64 >= least_count
        })
    }
    // ANCHOR_END: admits
}

impl<'a> Plain<'a> {
    fn new(data: &'a [f64], search: &'a Search) -> Result<Self, SearchError> {
        search.check()?;
        let one = quantiles(data, 1)?;
        penalised_log_likelihood(data, &one, &search.cure)?;
        Ok(Self { data, variance: one.components()[0].variance, search })
    }

    fn climbed(&self, mixture: Mixture) -> Option<(Mixture, f64)> {
        let value =
            penalised_log_likelihood(self.data, &mixture, &self.search.cure).ok()?;
        Some((mixture, value))
    }
}
