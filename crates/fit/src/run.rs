//! From starts to the best admissible fit, and its report.

use crate::{
    Criteria, FitError, Fitter, Report, StandardErrors, Starts, Step, Stopped, Tried,
    errors::{Errors, errors},
    model::Model,
    source::Source,
};
use acceleration::{Method, State, accelerate, settle};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rate::Ending;
use sampling::Mixture;
use start::{k_means_plus_plus, quantiles, random};

/// Steps of the short run that every start gets. SQUAREM in so many climbs as far as EM in a hundred
/// or two, which tells hills apart.
const SHORT: usize = 20;
/// Short runs that go on to their end: the best one does not always stay the best.
const FINALISTS: usize = 3;
/// The log-likelihood that may still be to come while fits are compared. One more parameter has to
/// gain 1 to please AIC, and more to please BIC; a thousandth decides nothing.
const COMPARED: f64 = 1e-3;
/// Log-likelihoods nearer than this are those of one maximum.
const SAME: f64 = 1e-2;
/// A component has at least so many samples' worth...
const LEAST: f64 = 2.0;
/// ... and so many if it is narrow:
const LEAST_NARROW: f64 = 30.0;
/// its variance is below this share of the data's.
const NARROW: f64 = 1e-4;

/// A fit of so many components.
#[derive(Clone)]
struct Fitted {
    mixture: Mixture,
    climbed: f64,
    steps: usize,
    stopped: Stopped,
    remaining: f64,
    trace: Vec<Step>,
}

/// One call of the fitter.
pub(crate) struct Run<'a, 'b> {
    pub(crate) fitter: &'a Fitter,
    pub(crate) source: &'a Source<'b>,
    pub(crate) model: Model,
    pub(crate) progress: &'a mut dyn FnMut(usize, usize),
}

impl Run<'_, '_> {
    pub(crate) fn report(&mut self) -> Result<Report, FitError> {
        if let Some(start) = &self.fitter.start {
            let fitted = match self.fitter.steps {
                Some(steps) => self.plain(start, steps)?,
                None => self.long(start, 0, self.fitter.tolerance)?,
            };
            let starts = Starts { all: 1, arrived: 1, ..Starts::default() };
            let criteria = self.criteria(&fitted.mixture)?;
            return self.finish(fitted, starts, criteria, Vec::new());
        }
        let mut best: Option<(Fitted, Starts, Criteria)> = None;
        let mut tried = Vec::new();
        let mut only = None;
        for components in self.fitter.components.clone() {
            let outcome = self.best(components).and_then(|(fitted, starts)| {
                Ok((self.criteria(&fitted.mixture)?, fitted, starts))
            });
            let row = outcome.as_ref().map(|o| o.0).map_err(ToString::to_string);
            tried.push(Tried { components, outcome: row });
            match outcome {
                Ok((criteria, fitted, starts)) => {
                    if best.as_ref().is_none_or(|b| criteria.bic < b.2.bic) {
                        best = Some((fitted, starts, criteria));
                    }
                }
                Err(error) => only = Some(error),
            }
        }
        let (least, most) = self.fitter.components.clone().into_inner();
        match (best, only) {
            (Some((compared, starts, _)), _) => {
                let (from, steps) = (&compared.mixture, compared.steps);
                let fitted = self.long(from, steps, self.fitter.tolerance)?;
                let criteria = self.criteria(&fitted.mixture)?;
                let chosen = fitted.mixture.components().len();
                for row in tried.iter_mut().filter(|row| row.components == chosen) {
                    row.outcome = Ok(criteria); // better by what has still come
                }
                self.finish(fitted, starts, criteria, tried)
            }
            (None, Some(error)) if least == most => Err(error),
            _ => Err(FitError::NoFit { least, most }),
        }
    }

    /// ℓ(θ) plus the log of the prior, and the next mixture.
    fn map(&self, mixture: &Mixture) -> Result<(f64, Mixture), FitError> {
        let (log_likelihood, sums) = self.source.pass(mixture)?;
        Ok((log_likelihood + self.model.ln_prior(mixture), self.model.m_step(&sums)?))
    }

    /// The best admissible fit of so many components. Start 0 is the quantiles, every fourth is
    /// random samples, the others are k-means++.
    fn best(&mut self, components: usize) -> Result<(Fitted, Starts), FitError> {
        if let Some(classes) = self.source.full_classes().filter(|c| *c < components) {
            return Err(FitError::TooFewClasses { classes, components });
        }
        let (seed, all) = (self.fitter.seed, self.fitter.restarts);
        let starters = self.source.starters(seed);
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let mut starts = Starts { all, ..Starts::default() };
        let mut short: Vec<State> = Vec::new();
        for i in 0..all {
            (self.progress)(i, all);
            let start = match i {
                0 => quantiles(&starters, components)?,
                _ if i % 4 == 0 => random(&starters, components, rng)?,
                _ => k_means_plus_plus(&starters, components, rng)?,
            };
            match self.short(start) {
                Some(state) if self.admits(&state.mixture) => short.push(state),
                _ => starts.refused += 1,
            }
        }
        (self.progress)(all, all);
        short.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood)); // stable
        let mut ended: Vec<Fitted> = Vec::new();
        let mut rest = short.into_iter();
        while ended.len() < FINALISTS
            && let Some(next) = rest.next()
        {
            match self.long(&next.mixture, next.steps, COMPARED) {
                Ok(fitted) if self.admits(&fitted.mixture) => ended.push(fitted),
                _ => starts.refused += 1,
            }
        }
        starts.dropped = rest.len();
        ended.sort_by(|a, b| b.climbed.total_cmp(&a.climbed));
        let Some(best) = ended.first().cloned() else {
            return Err(FitError::NoneAdmissible { components, starts: all });
        };
        let same = best.climbed - SAME.max(1e-12 * best.climbed.abs());
        starts.arrived = ended.iter().filter(|f| f.climbed >= same).count();
        starts.elsewhere = ended.len() - starts.arrived;
        Ok((best, starts))
    }

    fn short(&self, start: Mixture) -> Option<State> {
        let run = accelerate(|m| self.map(m), start, Method::Squarem).ok()?;
        let mut last = None;
        for state in run {
            let state = state.ok()?;
            let done = state.steps >= SHORT;
            last = Some(state);
            if done {
                break;
            }
        }
        last
    }

    /// SQUAREM until no more than the tolerance is to come (eq:still-to-come).
    fn long(
        &self,
        start: &Mixture,
        steps: usize,
        tolerance: f64,
    ) -> Result<Fitted, FitError> {
        let (fitter, samples) = (self.fitter, self.source.whole().count);
        let mut trace = Vec::new();
        let run = accelerate(|m| self.map(m), start.clone(), Method::Squarem)
            .expect("the method has no depth");
        let run = run.inspect(|state| {
            if let (true, Ok(s)) = (fitter.trace, state) {
                let log_likelihood = s.log_likelihood - self.model.ln_prior(&s.mixture);
                trace.push(Step { mixture: s.mixture.clone(), log_likelihood });
            }
        });
        let end = settle(run, samples as usize, tolerance, fitter.most_steps);
        let end = end.map_err(|e| FitError::Converge(Box::new(e)))?;
        let stopped = match end.ending {
            Ending::Converged | Ending::Rounding => Stopped::Converged,
            Ending::OutOfSteps => Stopped::Steps,
        };
        let (climbed, _) = self.map(&end.mixture)?;
        let (steps, remaining, mixture) = (steps + end.steps, end.remaining, end.mixture);
        Ok(Fitted { mixture, climbed, steps, stopped, remaining, trace })
    }

    /// Exactly so many steps of plain EM.
    fn plain(&self, start: &Mixture, steps: usize) -> Result<Fitted, FitError> {
        let (mut mixture, mut trace) = (start.clone(), Vec::new());
        for _ in 0..steps {
            let (climbed, next) = self.map(&mixture)?;
            if self.fitter.trace {
                let log_likelihood = climbed - self.model.ln_prior(&mixture);
                trace.push(Step { mixture, log_likelihood });
            }
            mixture = next;
        }
        let (log_likelihood, _) = self.source.pass(&mixture)?;
        let climbed = log_likelihood + self.model.ln_prior(&mixture);
        if self.fitter.trace {
            trace.push(Step { mixture: mixture.clone(), log_likelihood });
        }
        let (stopped, remaining) = (Stopped::Steps, f64::INFINITY);
        Ok(Fitted { mixture, climbed, steps, stopped, remaining, trace })
    }

    /// Whether no component is a spike (eq:no-spike):
    ///
    /// ```text
    /// n π_k ≥ 2, and n π_k ≥ 30 or σ_k² ≥ s² / 10 000
    /// ```
    // ANCHOR: admits
    fn admits(&self, mixture: &Mixture) -> bool {
        let (samples, narrow) = (self.source.whole().count, NARROW * self.model.variance);
        mixture.components().iter().all(|c| {
            let count = c.weight * samples;
            count >= LEAST && (c.variance >= narrow || count >= LEAST_NARROW)
        })
    }
    // ANCHOR_END: admits

    /// AIC, BIC and ICL (eq:aic, eq:bic, eq:icl). The prior has no part in them.
    fn criteria(&self, mixture: &Mixture) -> Result<Criteria, FitError> {
        let (log_likelihood, sums) = self.source.exact(mixture)?;
        let d = self.model.parameters(mixture.components().len()) as f64;
        let aic = -2.0 * log_likelihood + 2.0 * d;
        let bic = -2.0 * log_likelihood + d * self.source.whole().count.ln();
        let entropy = self.source.entropy(mixture, log_likelihood, &sums);
        Ok(Criteria { log_likelihood, aic, bic, icl: bic + 2.0 * entropy })
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
            Err(error) => (Err(error.to_string()), None),
        };
        let Criteria { log_likelihood, aic, bic, icl } = criteria;
        Ok(Report {
            samples: self.source.whole().count,
            mixture,
            standard_errors,
            log_likelihood,
            steps: fitted.steps,
            stopped: fitted.stopped,
            remaining: Some(fitted.remaining).filter(|r| r.is_finite()),
            rate,
            aic,
            bic,
            icl,
            starts,
            tried,
            trace: fitted.trace,
        })
    }
}
