//! When to stop a run that does not shrink evenly.

use crate::State;
use crate::space::{coordinates, minus, product, yardstick};
use rate::{ConvergeError, Ending, Stopped};

/// Follows a run until the log-likelihood still to come (eq:still-to-come) is at most `tolerance`,
/// or the map's own steps are no more than rounding, or as many steps are spent as are allowed.
///
/// ```text
/// n ‖M(θ) − θ‖² / (1 − ρ)
/// ```
///
/// `samples` is n. For 1/(1 − ρ) stands the largest ‖Δθ‖ / ‖Δ(M(θ) − θ)‖ between two states that
/// the run has shown, after three changes. Steps that differ by no more than rounding show no
/// ratio. A step is rounding if it is no longer than 256 ε (1 + ‖θ‖), with the means measured from
/// that of the mixture, and 2 ε ‖θ‖, with the means as they are: so much is lost where the samples lie
/// far from 0. Three in a row end the run. Log-likelihoods are too coarse to ask: their gains are
/// rounding long before the steps are. A component without weight has no coordinates: then there is no
/// bound, and no end but the last map.
///
/// # Errors
///
/// A tolerance that is negative, infinite or NaN; no steps; an empty run; a log-likelihood that is
/// not finite; a step without an answer. Running out of steps is no error but an [`Ending`].
///
/// ```
/// use {acceleration::{Method, accelerate, settle}, rate::Ending};
/// use sampling::{Component, Mixture};
/// // A map that halves the distance of a mean from 0, and climbs −n x² (1 − λ) / 2 with λ = ½.
/// let at = |mean| Mixture::new([Component { weight: 1.0, mean, variance: 1.0 }]);
/// let map = |m: &Mixture| at(m.mean() / 2.0).map(|next| (-25.0 * m.mean().powi(2), next));
/// let fit = settle(accelerate(map, at(8.0)?, Method::Plain)?, 100, 1e-8, 1000)?;
/// let missing = 25.0 * fit.mixture.mean().powi(2);
/// assert_eq!((fit.ending, fit.rate), (Ending::Converged, Some(0.5)));
/// assert_eq!(fit.remaining, 2.0 * missing); // the margin
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn settle<E>(
    run: impl IntoIterator<Item = Result<State, E>>,
    samples: usize,
    tolerance: f64,
    most_steps: usize,
) -> Result<Stopped, ConvergeError<E>> {
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(ConvergeError::Tolerance { tolerance });
    }
    if most_steps == 0 {
        return Err(ConvergeError::NoSteps);
    }
    let (mut seen, mut stopped, mut steps) = (Seen::default(), None, 0);
    for state in run {
        let state = state.map_err(|error| ConvergeError::Step { step: steps, error })?;
        steps = state.steps;
        if !state.log_likelihood.is_finite() {
            let (step, value) = (steps - 1, state.log_likelihood);
            return Err(ConvergeError::LogLikelihood { step, value });
        }
        let remaining = samples as f64 * seen.bound(&state).unwrap_or(f64::INFINITY);
        let ending = match remaining <= tolerance {
            true => Ending::Converged,
            false if seen.quiet >= 3 => Ending::Rounding,
            false => Ending::OutOfSteps,
        };
        let rate = seen.settled().then(|| 1.0 - 1.0 / seen.slowness.max(1.0));
        let mixture = state.mixture;
        stopped = Some(Stopped { mixture, steps, rate, remaining, ending });
        if ending != Ending::OutOfSteps || steps >= most_steps {
            break;
        }
    }
    stopped.ok_or(ConvergeError::NoStart)
}

/// What the states of a run have shown.
#[derive(Default)]
struct Seen {
    /// θ and M(θ) − θ of the last state.
    last: Option<(Vec<f64>, Vec<f64>)>,
    changes: usize,
    slowness: f64,
    /// How many steps of the map in a row were no more than rounding.
    quiet: usize,
}

impl Seen {
    // ANCHOR: bound
    /// The log-likelihood still to come for each sample, once it can be told.
    fn bound(&mut self, state: &State) -> Option<f64> {
        let theta = coordinates(&state.mixture).ok()?;
        let f = minus(&coordinates(&state.next).ok()?, &theta);
        let w = yardstick(&state.mixture);
        let length = |a: &[f64]| product(&w, a, a).sqrt();
        let rounding = rounding(state, &theta);
        self.quiet = if length(&f) <= rounding { self.quiet + 1 } else { 0 };
        if let Some((theta_before, f_before)) = &self.last {
            let change = length(&minus(&f, f_before));
            if change > rounding {
                let ratio = length(&minus(&theta, theta_before)) / change;
                self.slowness = self.slowness.max(ratio);
            }
            self.changes += 1;
        }
        let bound = length(&f).powi(2) * self.slowness;
        self.last = Some((theta, f));
        self.settled().then_some(bound)
    }
    // ANCHOR_END: bound

    fn settled(&self) -> bool {
        self.changes >= 3 && self.slowness > 0.0
    }
}

/// How long a step of the map is that says nothing.
fn rounding(state: &State, theta: &[f64]) -> f64 {
    let (w, k, mean) = (yardstick(&state.mixture), theta.len() / 3, state.mixture.mean());
    let own = |(p, x): (usize, &f64)| if p / k == 1 { x - mean } else { *x };
    let near: Vec<f64> = theta.iter().enumerate().map(own).collect();
    let length = |a: &[f64]| product(&w, a, a).sqrt();
    f64::EPSILON * (256.0 * (1.0 + length(&near)) + 2.0 * length(theta))
}
