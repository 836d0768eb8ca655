//! When to stop: the gain still to come.

use sampling::Mixture;

/// How much log-likelihood is still to come, from the last gain and the rate (eq:remaining):
///
/// ```text
/// δ ρ² / (1 − ρ²)
/// ```
///
/// In the units of `gain`. An estimate if the rate is taken from the gains, as Aitken does for
/// any series that shrinks evenly; near a maximum a bound if it is the first of
/// [`Information::rates`](crate::Information::rates). A rate of 1 or more gives no finite
/// positive answer.
///
/// ```
/// // At the rate 0.99 fifty times the last gain is still missing.
/// assert!((rate::remaining_gain(1e-3, 0.99) - 0.04925).abs() < 1e-5);
/// ```
#[must_use]
// ANCHOR: remaining
pub fn remaining_gain(gain: f64, rate: f64) -> f64 {
    gain * rate.powi(2) / (1.0 - rate.powi(2))
}
// ANCHOR_END: remaining

/// Where a run was stopped.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: stopped
pub struct Stopped {
    /// The last mixture of the run.
    pub mixture: Mixture,
    /// How many steps were taken.
    pub steps: usize,
    /// The rate ρ, once it has settled.
    pub rate: Option<f64>,
    /// The log-likelihood still to come; infinite while there is no rate.
    pub remaining: f64,
    /// Why there.
    pub ending: Ending,
}
// ANCHOR_END: stopped

/// Why a run was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// ANCHOR: ending
pub enum Ending {
    /// The gain still to come is at most the tolerance.
    Converged,
    /// The steps gain no more than rounding, which is too coarse to say what is still to
    /// come to within the tolerance.
    Rounding,
    /// All the steps are taken, or the run has ended.
    OutOfSteps,
}
// ANCHOR_END: ending

/// Why a run could not be followed to its end.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum ConvergeError<E> {
    #[error("the tolerance is {tolerance}: a tolerance is 0 or more, and finite")]
    Tolerance { tolerance: f64 },
    #[error("0 steps were allowed: a run needs at least 1")]
    NoSteps,
    #[error("the run is empty: it has no start")]
    NoStart,
    /// It is −∞ where a sample is out of reach of every component: then no gain means anything.
    #[error("the log-likelihood after step {step} is {value}: it must be finite")]
    LogLikelihood { step: usize, value: f64 },
    /// The run itself has ended with an error.
    #[error("step {step}: {error}")]
    Step { step: usize, error: E },
}

/// Follows a run, its start first, until the log-likelihood still to come (eq:remaining) is at
/// most `tolerance`, for at most `most_steps` steps. Any run will do whose gains shrink evenly in
/// the end; that of EM is `em(data, start)`.
///
/// The rate is trusted once it has settled: the last three ratios of a gain to the one before lie
/// between 0 and 1, and they differ by at most a tenth of what the largest lacks to 1. The largest
/// is then ρ². A gain that grows, or a log-likelihood that falls, by more than rounding forgets all
/// ratios. A gain below 100 times the rounding of the log-likelihood (64 ε of its size) is no good
/// as a denominator: the last ratio stands in. A gain below the rounding itself counts as the
/// rounding, and when three in a row are, the run ends.
///
/// The rate is the one that the gains show: a slower direction with a small part in the error is not
/// seen, and at a rate of 1 the answer is too small by up to a half. The rounding assumes that the
/// log-likelihood is not far below the sum of the sizes of its terms.
///
/// # Errors
///
/// A tolerance that is negative, infinite or NaN; no steps; an empty run; a log-likelihood that is not
/// finite; a step without an answer. Running out of steps is no error but an [`Ending`].
///
/// ```
/// use {em::{em, log_likelihood}, rate::{Ending, converge}, sampling::{Component, Mixture}};
/// let start = Mixture::new([
///     (0.5, 0.0, 1.0),
///     (0.5, 4.0, 1.0),
/// ])?;
/// let data = [-1.0, 0.0, 1.0, 3.0, 4.0, 5.0];
/// let fit = converge(em(&data, start), |m| log_likelihood(&data, m), 1e-6, 1000)?;
/// assert_eq!(fit.ending, Ending::Converged);
/// assert!(fit.remaining <= 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: converge
pub fn converge<E>(
    run: impl IntoIterator<Item = Result<Mixture, E>>,
    log_likelihood: impl Fn(&Mixture) -> f64,
    tolerance: f64,
    most_steps: usize,
) -> Result<Stopped, ConvergeError<E>> {
    check(tolerance, most_steps)?;
    let (mut gains, mut stopped) = (Gains::new(), None);
    for (step, mixture) in run.into_iter().enumerate() {
        let mixture = mixture.map_err(|error| ConvergeError::Step { step, error })?;
        gains.add(step, log_likelihood(&mixture))?;
        let (rate, left, end) = (gains.rate(), gains.remaining(), gains.ending(tolerance));
        let ending = end.unwrap_or(Ending::OutOfSteps);
        stopped = Some(Stopped { mixture, steps: step, rate, remaining: left, ending });
        if end.is_some() || step == most_steps {
            break;
        }
    }
    stopped.ok_or(ConvergeError::NoStart)
}
// ANCHOR_END: converge

fn check<E>(tolerance: f64, most_steps: usize) -> Result<(), ConvergeError<E>> {
    match (tolerance >= 0.0 && tolerance.is_finite(), most_steps) {
        (false, _) => Err(ConvergeError::Tolerance { tolerance }),
        (true, 0) => Err(ConvergeError::NoSteps),
        (true, _) => Ok(()),
    }
}

/// What is known of the gains so far; NaN is what is not known yet.
// ANCHOR: gains
struct Gains {
    /// The log-likelihood after the last step.
    value: f64,
    /// How much of it is rounding.
    rounding: f64,
    /// The last gain.
    last: f64,
    /// The last three ratios of a gain to the one before it.
    ratios: [f64; 3],
    /// How many gains in a row were within rounding.
    quiet: usize,
}
// ANCHOR_END: gains

impl Gains {
    fn new() -> Self {
        Self {
            value: f64::NAN,
            rounding: 0.0,
            last: f64::NAN,
            ratios: [f64::NAN; 3],
            quiet: 0,
        }
    }

    fn add<E>(&mut self, step: usize, value: f64) -> Result<(), ConvergeError<E>> {
        if !value.is_finite() {
            return Err(ConvergeError::LogLikelihood { step, value });
        }
        self.rounding = self.rounding.max(64.0 * f64::EPSILON * value.abs());
        let gain = value - self.value;
        self.ratios = self.ratios_with(gain);
        self.quiet = if gain.abs() <= self.rounding { self.quiet + 1 } else { 0 };
        (self.value, self.last) = (value, gain);
        Ok(())
    }

    // ANCHOR: ratios
    /// The last three ratios of a gain to the one before it.
    fn ratios_with(&self, gain: f64) -> [f64; 3] {
        let [_, a, b] = self.ratios;
        let noise = 2.0 * self.rounding;
        if gain > self.last + noise || gain < -noise {
            [f64::NAN; 3]
        } else if self.last > 100.0 * self.rounding {
            [a, b, gain.max(0.0) / self.last]
        } else {
            [a, b, b]
        }
    }

    /// ρ, if the ratios have settled.
    fn rate(&self) -> Option<f64> {
        let mut sorted = self.ratios;
        sorted.sort_by(f64::total_cmp); // NaN last
        let [least, _, most] = sorted;
        (most < 1.0 && most - least <= 0.1 * (1.0 - most)).then(|| most.sqrt())
    }
    // ANCHOR_END: ratios

    fn remaining(&self) -> f64 {
        let gain = self.last.max(self.rounding);
        self.rate().map_or(f64::INFINITY, |rate| remaining_gain(gain, rate))
    }

    /// Why to stop here; `None` to go on.
    fn ending(&self, tolerance: f64) -> Option<Ending> {
        if self.remaining() <= tolerance {
            Some(Ending::Converged)
        } else if self.quiet >= 3 {
            Some(Ending::Rounding)
        } else {
            None
        }
    }
}
