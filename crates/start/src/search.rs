//! Many starts, and the best fit that one may trust.

use crate::{StartError, quantiles};
use rate::converge;
use sampling::Mixture;
use stability::{Cure, StabilityError, em, penalised_log_likelihood};

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq)]
// ANCHOR: search
pub struct Search {
    /// The steps of the short run that every start gets.
    pub short: usize,
    /// How many of the best short runs go on to their end.
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
    /// Whether every component is large enough, and wider than the floor by more than rounding
    /// (eq:admissible).
    // ANCHOR: admits
    fn admits(&self, mixture: &Mixture, samples: usize, variance: f64) -> bool {
        let floor = if let Cure::Floor(share) = self.cure { share * variance } else { 0.0 };
        mixture.components().iter().all(|c| {
            c.variance > floor * (1.0 + 1e-9)
                && c.weight * samples as f64 >= self.least_count
        })
    }
    // ANCHOR_END: admits

    fn check(&self) -> Result<(), StartError> {
        let Self { tolerance, least_count, .. } = *self;
        let sound = |value: f64| value >= 0.0 && value.is_finite();
        match () {
            () if self.finalists == 0 => Err(StartError::NoFinalists),
            () if !sound(tolerance) => Err(StartError::Tolerance { tolerance }),
            () if !sound(least_count) => Err(StartError::LeastCount { least_count }),
            () => Ok(()),
        }
    }
}

/// The best admissible fit, and what became of the starts: those not counted here were refused,
/// because a step of theirs had no answer.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: best_type
pub struct Best {
    /// The fit.
    pub mixture: Mixture,
    /// Its log-likelihood; with a prior, plus the log of the prior.
    pub log_likelihood: f64,
    /// All steps of all runs, short and long.
    pub steps: usize,
    /// Starts that came to the same maximum, to within 1e-3.
    pub arrived: usize,
    /// Starts that ended at a lower one.
    pub elsewhere: usize,
    /// Starts whose short run was not among the best.
    pub dropped: usize,
    /// Starts that led to what is not admissible.
    pub inadmissible: usize,
    /// Starts whose run met a step without an answer.
    pub refused: usize,
}
// ANCHOR_END: best_type

/// Log-likelihoods nearer than this are those of one maximum.
const SAME: f64 = 1e-3;

/// The most steps of a long run.
const MOST_STEPS: usize = 10_000;

/// The fit with the highest log-likelihood among the admissible ones (eq:admissible): a short run of
/// EM from every start, then long runs of the best of them, in their order, until as many as there
/// shall be finalists have ended and are admissible.
///
/// A fit is admissible if no component is at the floor, up to rounding, and each has n π_k of at
/// least `least_count`. That is asked after the short run and after the long one. The starts have
/// one K. A long run ends where [`converge`] says that the log-likelihood still to come is within
/// the tolerance, or after 10 000 steps. Source: C. Biernacki, G. Celeux and G. Govaert, *Choosing
/// starting values for the EM algorithm* (2003).
///
/// # Errors
///
/// Data as for [`quantiles`] of one component; no starts or no finalists; a tolerance or a least
/// count that is negative, infinite or NaN; a cure without a meaning; no admissible fit.
///
/// ```
/// use {rand::{SeedableRng, rngs::ChaCha8Rng}, start::{Search, best, random}};
/// let data = [0.0, 1.0, 2.0, 3.0, 4.0, 20.0, 21.0, 22.0, 23.0, 24.0];
/// let rng = &mut ChaCha8Rng::seed_from_u64(1);
/// let starts = (0..5).map(|_| random(&data, 2, rng)).collect::<Result<Vec<_>, _>>()?;
/// let fit = best(&data, starts, &Search { least_count: 4.0, ..Search::default() })?.mixture;
/// assert!(fit.components().iter().all(|c| (c.weight - 0.5).abs() < 1e-6));
/// # Ok::<(), start::StartError>(())
/// ```
// ANCHOR: best
pub fn best(
    data: &[f64],
    starts: impl IntoIterator<Item = Mixture>,
    search: &Search,
) -> Result<Best, StartError> {
    let mut runs = Runs::new(data, search)?;
    let mut short: Vec<_> = starts.into_iter().filter_map(|s| runs.short(s)).collect();
    short.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood)); // stable
    let mut ended: Vec<Fit> = Vec::new();
    let mut rest = short.into_iter();
    while ended.len() < search.finalists
        && let Some(next) = rest.next()
    {
        ended.extend(runs.long(next.mixture));
    }
    runs.choose(ended, rest.len())
}
// ANCHOR_END: best

/// Where a run has come to.
struct Fit {
    mixture: Mixture,
    log_likelihood: f64,
}

/// The runs of a search, and what became of them.
struct Runs<'a> {
    data: &'a [f64],
    variance: f64,
    search: &'a Search,
    starts: usize,
    steps: usize,
    refused: usize,
    inadmissible: usize,
}

impl<'a> Runs<'a> {
    fn new(data: &'a [f64], search: &'a Search) -> Result<Self, StartError> {
        search.check()?;
        let one = quantiles(data, 1)?;
        let variance = one.components()[0].variance;
        penalised_log_likelihood(data, &one, &search.cure)?;
        let (starts, steps, refused, inadmissible) = (0, 0, 0, 0);
        Ok(Self { data, variance, search, starts, steps, refused, inadmissible })
    }

    // ANCHOR: runs
    fn short(&mut self, start: Mixture) -> Option<Fit> {
        self.starts += 1;
        let run = em(self.data, start, self.search.cure).take(self.search.short + 1);
        let (steps, last) = run.enumerate().last()?;
        self.steps += steps;
        self.judge(last.ok())
    }

    fn long(&mut self, from: Mixture) -> Option<Fit> {
        let Search { cure, tolerance, .. } = *self.search;
        let climbed = |m: &Mixture| self.value(m).unwrap_or(f64::NAN);
        let run = converge(em(self.data, from, cure), climbed, tolerance, MOST_STEPS).ok();
        self.steps += run.as_ref().map_or(0, |run| run.steps);
        self.judge(run.map(|run| run.mixture))
    }

    fn judge(&mut self, last: Option<Mixture>) -> Option<Fit> {
        let fit = last.and_then(|mixture| {
            let log_likelihood = self.value(&mixture).ok()?;
            Some(Fit { mixture, log_likelihood })
        });
        let (samples, variance) = (self.data.len(), self.variance);
        let admits = |fit: &Fit| self.search.admits(&fit.mixture, samples, variance);
        match &fit {
            None => self.refused += 1,
            Some(fit) if !admits(fit) => self.inadmissible += 1,
            Some(_) => return fit,
        }
        None
    }
    // ANCHOR_END: runs

    fn value(&self, mixture: &Mixture) -> Result<f64, StabilityError> {
        penalised_log_likelihood(self.data, mixture, &self.search.cure)
    }

    fn choose(self, mut ended: Vec<Fit>, dropped: usize) -> Result<Best, StartError> {
        let Self { starts, steps, refused, inadmissible, .. } = self;
        if starts == 0 {
            return Err(StartError::NoStarts);
        }
        let highest = |(_, a): &(usize, &Fit), (_, b): &(usize, &Fit)| {
            a.log_likelihood.total_cmp(&b.log_likelihood)
        };
        let Some((place, _)) = ended.iter().enumerate().max_by(highest) else {
            return Err(StartError::NoneAdmissible {
                starts,
                refused,
                inadmissible,
                steps,
            });
        };
        let runs = ended.len();
        let Fit { mixture, log_likelihood } = ended.swap_remove(place);
        let same = |fit: &&Fit| fit.log_likelihood > log_likelihood - SAME;
        let arrived = 1 + ended.iter().filter(same).count();
        let elsewhere = runs - arrived;
        Ok(Best {
            mixture,
            log_likelihood,
            steps,
            arrived,
            elsewhere,
            dropped,
            inadmissible,
            refused,
        })
    }
}
