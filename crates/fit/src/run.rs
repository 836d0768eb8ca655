//! From starts to the best admissible fit, and its report.

use crate::{
    Criteria, FitError, Fitter, Report, StandardErrors, Starts, Step, Tried,
    errors::{Errors, errors},
    find::Found,
    model::Model,
    source::Source,
    trace::Traces,
};
use acceleration::{Method, State, accelerate, settle};
use compression::TRUSTED;
use rate::Ending;
use sampling::Mixture;

/// The log-likelihood that may still be to come while fits are compared. One more parameter has to
/// gain 1 to please AIC, and more to please BIC; a thousandth decides nothing.
pub(crate) const COMPARED: f64 = 1e-3;
/// Points that are wrong by more do for no search.
const ROUGH: f64 = 1e-8;

/// A run to its end.
pub(crate) struct Fitted {
    pub(crate) mixture: Mixture,
    /// Passes over the data; Newton's steps are not among them.
    pub(crate) steps: usize,
    pub(crate) newton: usize,
    /// Rounding where it is at rest.
    pub(crate) ending: Ending,
    pub(crate) remaining: f64,
    pub(crate) trace: Vec<Step>,
}

/// One call of the fitter.
pub(crate) struct Run<'a, 'b> {
    pub(crate) fitter: &'a Fitter,
    pub(crate) source: &'a Source<'b>,
    pub(crate) model: Model,
    pub(crate) traces: Traces,
}

impl Run<'_, '_> {
    pub(crate) fn report(
        &self,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Report, FitError> {
        if let Some(start) = &self.fitter.start {
            let fitted = match self.fitter.steps {
                Some(steps) => self.plain(start, steps)?,
                None => self.rest(start, Method::Plain)?,
            };
            let starts = Starts { all: 1, arrived: 1, ..Starts::default() };
            let criteria = self.criteria(&fitted.mixture)?;
            return self.finish(fitted, starts, criteria, Vec::new());
        }
        let mut best: Option<Found> = None;
        let of = |criteria: &Criteria| self.fitter.criterion.of(criteria);
        let mut tried = Vec::new();
        let mut last = None;
        for components in self.fitter.components.clone() {
            let outcome = self.best(components, progress);
            let row = outcome.as_ref().map(|found| found.criteria).map_err(Clone::clone);
            tried.push(Tried { components, outcome: row });
            match outcome {
                Ok(found) => {
                    if best.as_ref().is_none_or(|b| of(&found.criteria) < of(&b.criteria)) {
                        best = Some(found);
                    }
                }
                Err(error) => {
                    let for_more_too = error.is_about_input();
                    last = Some(error);
                    if for_more_too {
                        break;
                    }
                }
            }
        }
        let (least, most) = self.fitter.components.clone().into_inner();
        match (best, last) {
            (Some(Found { fitted, starts, criteria }), _) => {
                self.finish(fitted, starts, criteria, tried)
            }
            (None, Some(error)) if least == most || error.is_about_input() => Err(error),
            _ => Err(FitError::NoFit { least, most }),
        }
    }

    /// ℓ(θ) plus the log of the prior, and the next mixture.
    pub(crate) fn map(&self, mixture: &Mixture) -> Result<(f64, Mixture), FitError> {
        self.map_within(mixture, TRUSTED)
    }

    /// The same as exactly as log-likelihoods are compared, which takes fewer points.
    pub(crate) fn sketch(&self, mixture: &Mixture) -> Result<(f64, Mixture), FitError> {
        let error = COMPARED / self.source.whole().count;
        self.map_within(mixture, error.clamp(TRUSTED, ROUGH))
    }

    fn map_within(
        &self,
        mixture: &Mixture,
        error: f64,
    ) -> Result<(f64, Mixture), FitError> {
        let (log_likelihood, sums) = self.source.pass(mixture, error)?;
        Ok((log_likelihood + self.model.ln_prior(mixture), self.model.m_step(&sums)?))
    }

    /// SQUAREM until no more than the tolerance is to come (eq:still-to-come).
    pub(crate) fn settled(
        &self,
        start: &Mixture,
        tolerance: f64,
    ) -> Result<Fitted, FitError> {
        let samples = self.source.whole().count;
        let mut trace = Vec::new();
        let run = accelerate(|m| self.sketch(m), start.clone(), Method::Squarem)
            .expect("the method has no depth");
        let run = self.traced(run, &mut trace);
        let end = settle(run, samples.ceil() as usize, tolerance, Fitter::MOST_STEPS);
        let rate::Stopped { mixture, steps, remaining, ending, .. } =
            end.map_err(|e| FitError::Converge(Box::new(e)))?;
        Ok(Fitted { mixture, steps, newton: 0, ending, remaining, trace })
    }

    /// The same run, written down if it is asked for.
    pub(crate) fn traced<'a>(
        &'a self,
        run: impl Iterator<Item = Result<State, FitError>> + 'a,
        trace: &'a mut Vec<Step>,
    ) -> impl Iterator<Item = Result<State, FitError>> + 'a {
        run.inspect(|state| {
            if let (true, Ok(s)) = (self.fitter.trace, state) {
                let log_likelihood = s.log_likelihood - self.model.ln_prior(&s.mixture);
                trace.push(Step { mixture: s.mixture.clone(), log_likelihood });
            }
        })
    }

    /// Exactly so many steps of plain EM.
    pub(crate) fn plain(&self, start: &Mixture, steps: usize) -> Result<Fitted, FitError> {
        let (mut mixture, mut trace) = (start.clone(), Vec::new());
        for _ in 0..steps {
            let (climbed, next) = self.map(&mixture)?;
            if self.fitter.trace {
                let log_likelihood = climbed - self.model.ln_prior(&mixture);
                trace.push(Step { mixture, log_likelihood });
            }
            mixture = next;
        }
        if self.fitter.trace {
            let (log_likelihood, _) = self.source.pass(&mixture, TRUSTED)?;
            trace.push(Step { mixture: mixture.clone(), log_likelihood });
        }
        let (ending, remaining) = (Ending::OutOfSteps, f64::INFINITY);
        Ok(Fitted { mixture, steps, newton: 0, ending, remaining, trace })
    }

    /// AIC, BIC and ICL (eq:aic, eq:bic, eq:icl). The prior has no part in them.
    pub(crate) fn criteria(&self, mixture: &Mixture) -> Result<Criteria, FitError> {
        let (log_likelihood, sums) = self.source.exact(mixture)?;
        let parameters = self.model.parameters(mixture.components().len());
        let entropy = self.source.entropy(mixture, log_likelihood, &sums);
        let samples = self.source.whole().count;
        Ok(Criteria::of(log_likelihood, parameters, samples, entropy))
    }

    fn finish(
        &self,
        fitted: Fitted,
        starts: Starts,
        criteria: Criteria,
        tried: Vec<Tried>,
    ) -> Result<Report, FitError> {
        let mut components = fitted.mixture.components().to_vec();
        if self.fitter.start.is_none() {
            components.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        }
        let mixture = Mixture::new(components).expect("the order makes no difference");
        let (standard_errors, rate) = match errors(self.source, &self.model, &mixture) {
            Ok(Errors { standard_errors, rate }) => {
                (Ok(standard_errors.into_iter().map(StandardErrors::from).collect()), rate)
            }
            Err(error) => (Err(error), None),
        };
        let Criteria { log_likelihood, aic, bic, icl, .. } = criteria;
        Ok(Report {
            samples: self.source.whole().count,
            mixture,
            standard_errors,
            log_likelihood,
            steps: fitted.steps,
            newton: fitted.newton,
            ending: fitted.ending,
            remaining: Some(fitted.remaining).filter(|r| r.is_finite()),
            rate,
            aic,
            bic,
            icl,
            starts,
            criterion: self.fitter.criterion,
            tried,
            trace: fitted.trace,
        })
    }
}
