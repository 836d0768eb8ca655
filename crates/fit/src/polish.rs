//! From somewhere on a hill to its top: EM's steps, and Newton's where the log-likelihood is a parabola.

use crate::errors::{information, slopes, uncertainty};
use crate::run::{Fitted, Run};
use crate::{FitError, Fitter, Step};
use acceleration::{Method, State, accelerate, settle};
use rate::{Ending, Parameter, Stopped};
use sampling::{Component, Mixture};

/// So much log-likelihood may be to come where Newton's steps begin: half a standard error's worth.
const NEAR: f64 = 0.125;
/// What is to come shrinks at least so much with each of Newton's steps, or this is no parabola.
const SHRINKS: f64 = 1.0 / 16.0;
/// Below this share of n it is rounding, and need shrink no more.
const ROUNDING: f64 = 1e-22;

/// A place on a hill, as Newton's method sees it.
struct Place {
    mixture: Mixture,
    log_likelihood: f64,
    /// To the top, in the free parameters.
    step: Vec<f64>,
    /// The log-likelihood that is to come (eq:newton-left).
    left: f64,
}

impl Run<'_, '_> {
    /// From here to the top of this hill, as far as rounding lets see it: steps of EM until what is left
    /// is a parabola, then Newton's (eq:newton). Where none do help, as far as EM's steps come to within
    /// the tolerance. A fit at rest ends with [`Ending::Rounding`].
    ///
    /// With [`Method::Plain`] the hill is EM's own: neither its steps nor Newton's, which are taken on
    /// one parabola only, lead to another.
    ///
    /// # Errors
    ///
    /// A step has no answer, as that of a component that collapses.
    pub(crate) fn rest(&self, from: &Mixture, method: Method) -> Result<Fitted, FitError> {
        let mut trace = Vec::new();
        let most = Fitter::MOST_STEPS;
        let (mut end, mut top) =
            self.climb(from, method, self.fitter.tolerance, most, &mut trace)?;
        let steps = end.steps;
        if end.ending == Ending::Converged
            && top.is_none()
            && !self.is_bent_down(&end.mixture)
            && steps < most
        {
            // A saddle: EM is slow there, and leaves.
            (end, top) = self.climb(&end.mixture, method, 0.0, most - steps, &mut trace)?;
            end.steps += steps;
        }
        let Stopped { mixture, steps, remaining, ending, .. } = end;
        let fitted = Fitted { mixture, steps, newton: 0, ending, remaining, trace };
        Ok(match top {
            Some(way) => self.arrived(fitted, way),
            None => fitted,
        })
    }

    /// EM's steps until Newton's can take over, or as [`settle`] says.
    fn climb(
        &self,
        from: &Mixture,
        method: Method,
        tolerance: f64,
        most: usize,
        trace: &mut Vec<Step>,
    ) -> Result<(Stopped, Option<Vec<Place>>), FitError> {
        let samples = self.source.whole().count.ceil() as usize;
        let (mut top, mut due) = (None, 1);
        let run = accelerate(|m| self.map(m), from.clone(), method);
        let mut run = self.traced(run.expect("the method has no depth"), trace);
        // ANCHOR: climb
        let run = std::iter::from_fn(|| {
            let state = if top.is_none() { run.next()? } else { return None };
            if let Ok(State { mixture, steps, .. }) = &state
                && *steps >= due
            {
                top = self.newton(mixture);
                due = 2 * steps + 4 * Parameter::of(mixture).len(); // as many passes as it took
            }
            Some(state)
        });
        let end = settle(run, samples, tolerance, most);
        // ANCHOR_END: climb
        let end = end.map_err(|e| FitError::Converge(Box::new(e)))?;
        top = top.or_else(|| self.newton(&end.mixture));
        Ok((end, top))
    }

    /// Whether the log-likelihood bends down in all directions.
    fn is_bent_down(&self, mixture: &Mixture) -> bool {
        let information = information(self.source, &self.model, mixture);
        information.and_then(|i| uncertainty(&self.model, mixture, i)).is_ok()
    }

    /// The fit at the end of Newton's steps.
    fn arrived(&self, mut fitted: Fitted, way: Vec<Place>) -> Fitted {
        if self.fitter.trace {
            let step = |place: &Place| {
                let prior = self.model.ln_prior(&place.mixture);
                let log_likelihood = place.log_likelihood - prior;
                Step { mixture: place.mixture.clone(), log_likelihood }
            };
            fitted.trace.extend(way.iter().skip(1).map(step));
        }
        let newton = way.len() - 1;
        let Some(Place { mixture, left, .. }) = way.into_iter().last() else {
            return fitted;
        };
        Fitted { mixture, newton, ending: Ending::Rounding, remaining: left, ..fitted }
    }

    /// Newton's steps from here to where they are no more than rounding, this place first; `None` unless
    /// the log-likelihood is a parabola from here on, whose top is near.
    // ANCHOR: newton
    fn newton(&self, from: &Mixture) -> Option<Vec<Place>> {
        let information = information(self.source, &self.model, from).ok()?;
        let uncertainty = uncertainty(&self.model, from, information).ok()?;
        let place = |mixture| self.place(mixture, uncertainty.covariance());
        let rounding = ROUNDING * self.source.whole().count.max(1.0);
        let mut way = vec![place(from.clone())?];
        while let Some(last) = way.last()
            && last.left <= NEAR
        {
            let next = last.ahead().and_then(place);
            match next {
                Some(next) if next.left < SHRINKS * last.left => way.push(next),
                _ if last.left <= rounding => return Some(way),
                _ => return None,
            }
        }
        None
    }
    // ANCHOR_END: newton

    /// What Newton's method sees here, given the covariance of the estimates.
    fn place(&self, mixture: Mixture, covariance: &[Vec<f64>]) -> Option<Place> {
        let (log_likelihood, sums) = self.source.exact(&mixture).ok()?;
        let log_likelihood = log_likelihood + self.model.ln_prior(&mixture);
        let mut slopes = slopes(&sums, &self.model, &mixture);
        self.model.level(&mut slopes);
        // ANCHOR: place
        let times =
            |row: &Vec<f64>| -> f64 { row.iter().zip(&slopes).map(|(c, g)| c * g).sum() };
        let mut step: Vec<f64> = covariance.iter().map(times).collect();
        let left = (0.5 * times(&step)).max(0.0);
        // ANCHOR_END: place
        self.model.level(&mut step);
        left.is_finite().then_some(Place { mixture, log_likelihood, step, left })
    }
}

impl Place {
    /// The mixture after the step, whose weights sum to 1, if it is one.
    fn ahead(&self) -> Option<Mixture> {
        let free = Parameter::of(&self.mixture).into_iter().zip(&self.step);
        let moved = free
            .into_iter()
            .try_fold(self.mixture.clone(), |m, (p, by)| p.moved(&m, *by))
            .ok()?;
        let whole: f64 = moved.components().iter().map(|c| c.weight).sum();
        let share = |c: &Component| Component { weight: c.weight / whole, ..*c };
        Mixture::new(moved.components().iter().map(share)).ok()
    }
}
