//! One call that does what the book has taught.
//!
//! This crate belongs to the chapter *Fit*. [`Fitter`] says how, [`Report`] what came of it; the other
//! types are parts of the two, so that a caller can ask for one number by its name. Those of earlier
//! chapters stand here too: who fits needs no other crate.

mod check;
mod error;
mod errors;
mod find;
mod model;
mod pieces;
mod polish;
mod problem;
mod report;
mod run;
mod source;
mod table;
mod trace;
mod units;
mod weighted;

pub use e_step::Memberships;
pub use error::FitError;
pub use grouped::{Class, Classes, ClassesError};
pub use query::Moments;
pub use rate::Ending;
pub use report::{Criterion, Report, StandardErrors, Starts, Step, Tried};
pub use sampling::{Component, Mixture, MixtureError};
pub use selection::Criteria;
pub use stability::{Prior, StabilityError};

use model::Model;
use one_pass::Samples;
use run::Run;
use source::Source;
use std::{borrow::Cow, ops::RangeInclusive};
use trace::Traces;
use units::Units;
use weighted::Weighted;

/// The memberships of samples in the components of a mixture (eq:ln-bayes).
///
/// # Errors
///
/// No samples; a sample that is not finite.
pub fn memberships(data: &[f64], mixture: &Mixture) -> Result<Memberships, FitError> {
    Ok(stability::e_step(data, mixture).map_err(em::EmError::from)?)
}

/// The memberships of a class in the components of a mixture (eq:class-membership); `None` if it is out
/// of reach of all of them.
#[must_use]
pub fn class_memberships(class: &Class, mixture: &Mixture) -> Option<Vec<f64>> {
    let (ln_p, shares) = grouped::memberships(class, mixture);
    (ln_p > f64::NEG_INFINITY).then(|| shares.into_iter().map(|(r, ..)| r).collect())
}

/// How to fit. Every setting has a default:
///
/// | setting | default | learnt in |
/// |---|---|---|
/// | `restarts` | 20: quantiles first, then k-means++, every fourth random; before them up to 24 that grow from fewer components | *Start*, *Search* |
/// | short runs | 20 steps each; a start goes on if fewer than 3 before were as high | *Search* |
/// | split and merge | from every end of a run, up to 20 components | *Search* |
/// | admissible | every component has 2 samples' worth, and 30 if its variance is below 1e-4 of the data's, at rest too | *Search* |
/// | method | SQUAREM, guarded, and Newton's steps at the end; from a start of the caller's, plain EM and Newton's | *Acceleration*, *Fit* |
/// | engine | one pass; from 65 536 samples on points in their place where these can be trusted; of a table of moments, on its points | *One pass*, *Compression*, *Query* |
/// | `tolerance` | 1e-8 of log-likelihood to come, where Newton's steps do not help; 1e-3 while fits are compared | *Rate* |
/// | most steps | 10 000 | *Rate* |
/// | standard errors | by the observed information | *Uncertainty* |
/// | number of components | of a range, that with the smallest `criterion`, BIC | *Selection* |
/// | `prior`, `tied` | none, no | *Stability* |
/// | `seed` | 1: the same call gives the same answer, on any number of threads | *Sampling* |
///
/// ```
/// let data = [1.0, 1.1, 0.9, 1.2, 5.0, 5.3, 4.8, 5.1];
/// let report = fit::Fitter::new(2).fit(&data)?;
/// assert!((report.mixture.components()[1].mean - 5.05).abs() < 1e-6);
/// # Ok::<(), fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fitter {
    components: RangeInclusive<usize>,
    start: Option<Mixture>,
    steps: Option<usize>,
    seed: u64,
    restarts: usize,
    tolerance: f64,
    prior: Option<Prior>,
    tied: bool,
    criterion: Criterion,
    trace: bool,
}

impl Fitter {
    /// The log-likelihood that may still be to come: a hundred-millionth of what AIC asks for a
    /// parameter.
    pub const TOLERANCE: f64 = 1e-8;
    /// How many starts there are beside those that grow from fewer components.
    pub const RESTARTS: usize = 20;
    /// What the random starts are drawn with.
    pub const SEED: u64 = 1;
    /// The most components that can be asked for.
    pub const MOST_COMPONENTS: usize = 1000;
    /// The most steps of a run.
    const MOST_STEPS: usize = 10_000;

    /// `components` components.
    #[must_use]
    pub fn new(components: usize) -> Self {
        Self::between(components..=components)
    }

    /// The number of components with the smallest BIC, or other [`Criterion`]. A number without a fit has its reason in the
    /// report; it is an error only if none has a fit. The range ends where there are fewer different
    /// samples than components.
    #[must_use]
    pub fn between(components: RangeInclusive<usize>) -> Self {
        Self {
            components,
            start: None,
            steps: None,
            seed: Self::SEED,
            restarts: Self::RESTARTS,
            tolerance: Self::TOLERANCE,
            prior: None,
            tied: false,
            criterion: Criterion::Bic,
            trace: false,
        }
    }

    /// Starts here and nowhere else: the end is that of plain EM, any fit is admissible, and the
    /// components keep their order. It sets the number of components too.
    #[must_use]
    pub fn start(mut self, start: Mixture) -> Self {
        self.components = start.components().len()..=start.components().len();
        self.start = Some(start);
        self
    }

    /// Takes exactly so many steps of plain EM from the start, and nothing else.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// What the random starts are drawn with; [`Fitter::SEED`] unless told.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many starts there are beside those that grow; [`Fitter::RESTARTS`] unless told. More never
    /// lead to a lower fit, but for the thousandth to which fits are compared. A start that finds the best maximum
    /// once in five times is missed by twenty in one case of a hundred.
    #[must_use]
    pub fn restarts(mut self, restarts: usize) -> Self {
        self.restarts = restarts;
        self
    }

    /// The log-likelihood that may still be to come where a run ends and Newton's steps do not lead to
    /// rest; [`Fitter::TOLERANCE`] unless told. With 0 it ends where steps are no more than rounding.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// A prior for the variances; its concentration is 1, as the weights have none. Variances that are
    /// tied count the imaginary samples once.
    ///
    /// Standard errors and the rows of a report are those of the penalised maximum; its log-likelihood
    /// and criteria leave the prior out.
    ///
    /// ```
    /// use fit::{Fitter, Prior};
    /// let data = [1.0, 1.1, 0.9, 1.2, 9.0, 9.0, 9.0]; // three the same: a spike
    /// assert!(Fitter::new(2).fit(&data).is_err());
    /// let report = Fitter::new(2).prior(Prior::new(2.0, 0.1, 1.0)?).fit(&data)?;
    /// assert!((report.mixture.components()[1].mean - 9.0).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn prior(mut self, prior: Prior) -> Self {
        self.prior = Some(prior);
        self
    }

    /// One variance for all components: d = 2K.
    #[must_use]
    pub fn tied(mut self, tied: bool) -> Self {
        self.tied = tied;
        self
    }

    /// What chooses among several K; BIC unless told.
    #[must_use]
    pub fn criterion(mut self, criterion: Criterion) -> Self {
        self.criterion = criterion;
        self
    }

    /// Keeps the mixtures of the run that led to the fit, from its start on.
    #[must_use]
    pub fn trace(mut self, trace: bool) -> Self {
        self.trace = trace;
        self
    }

    /// Fits samples.
    ///
    /// # Errors
    ///
    /// No samples, or one that is not finite; fewer different values than components; a setting
    /// without a meaning; no admissible fit.
    pub fn fit(&self, data: &[f64]) -> Result<Report, FitError> {
        self.fit_with(data, &mut |_, _| ())
    }

    /// The same, told of its progress: starts done, of how many.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit`].
    pub fn fit_with(
        &self,
        data: &[f64],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        let own = Samples::new(data).map_err(em::EmError::from)?;
        let units = Units::of(&own.sums());
        let data = units.samples(data);
        let samples = match data {
            Cow::Borrowed(_) => own,
            Cow::Owned(_) => Samples::new(&data).map_err(em::EmError::from)?,
        };
        self.run(&Source::samples(&samples), units, progress)
    }

    /// Fits samples that count more or less than once: sample i stands for as many as its weight says.
    /// Weights are frequencies, so n is their sum, in the criteria and in the standard errors too; with
    /// weights that sum to 1 all samples together count as one.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit`]; not one weight for each sample; a weight that is negative or not finite;
    /// weights that sum to 0, or to more than 1e300.
    ///
    /// ```
    /// use fit::Fitter;
    /// let twice = Fitter::new(1).fit_weighted(&[1.0, 4.0], &[2.0, 1.0])?;
    /// let plain = Fitter::new(1).fit(&[1.0, 1.0, 4.0])?;
    /// assert_eq!((twice.samples, twice.mixture), (3.0, plain.mixture));
    /// # Ok::<(), fit::FitError>(())
    /// ```
    pub fn fit_weighted(&self, data: &[f64], weights: &[f64]) -> Result<Report, FitError> {
        self.fit_weighted_with(data, weights, &mut |_, _| ())
    }

    /// The same, told of its progress: starts done, of how many.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit_weighted`].
    pub fn fit_weighted_with(
        &self,
        data: &[f64],
        weights: &[f64],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        let samples = Weighted::new(data, weights)?;
        let units = Units::of(&samples.whole());
        self.run(&Source::Weighted(&units.weighted(samples)), units, progress)
    }

    /// Fits samples of which only the counts in classes are known.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit`]; a class out of reach of every component of the start.
    pub fn fit_classes(&self, classes: &Classes) -> Result<Report, FitError> {
        self.fit_classes_with(classes, &mut |_, _| ())
    }

    /// The same, told of its progress: starts done, of how many.
    ///
    /// # Errors
    ///
    /// As [`Fitter::fit_classes`].
    pub fn fit_classes_with(
        &self,
        classes: &Classes,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        let units = Units::of(&Source::Classes(classes).whole());
        match units.classes(classes) {
            Some(moved) => self.run(&Source::Classes(&moved), units, progress),
            None => self.run(&Source::Classes(classes), Units::OWN, progress),
        }
    }

    /// Fits what is given in these units, and reports in the caller's.
    fn run(
        &self,
        source: &Source<'_>,
        units: Units,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        self.check()?;
        let whole = source.whole();
        let variance = whole.component(1).variance;
        let model = Model { tied: self.tied, prior: self.prior, variance };
        let start = self.start.as_ref().map(|start| units.start(start));
        let fitter = &Self { start, ..self.clone() };
        let report =
            Run { fitter, source, model, traces: Traces::default() }.report(progress);
        let report = report.map_err(|error| units.error(source.reason(error)))?;
        units.report(report, source.densities())
    }
}
