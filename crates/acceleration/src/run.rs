//! The methods, and the guard that keeps the likelihood from falling.

use crate::AccelerationError;
use crate::space::{coordinates, from_coordinates, minus, product, yardstick};
use rate::linear::{matrix, solution};
use sampling::Mixture;

/// How to go on from what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// EM itself: always M(θ).
    Plain,
    /// Squared extrapolation after every two steps (eq:squarem).
    Squarem,
    /// Least squares over the last `depth` steps (eq:anderson).
    Anderson {
        /// At least 1; 3 to 5 is usual.
        depth: usize,
    },
}

/// A place on the way, with what its pass over the samples has told.
#[derive(Debug, Clone, PartialEq)]
// ANCHOR: state
pub struct State {
    /// θ.
    pub mixture: Mixture,
    /// ℓ(θ).
    pub log_likelihood: f64,
    /// M(θ): EM's own step from here, at least as good.
    pub next: Mixture,
    /// All passes so far, those of refused extrapolations included.
    pub steps: usize,
}
// ANCHOR_END: state

/// Climbs with a map of EM, `start` first, without end. The log-likelihood never falls, but for the
/// rounding of EM's own steps.
///
/// The map gives ℓ(θ) and M(θ) of a mixture θ; each call is a pass over the samples and is
/// counted. An extrapolation is accepted if its log-likelihood, or that of one step from it, is not
/// below the last one (eq:guard). Else, and where the map has no answer there, EM's own step is
/// taken. After the first, second and third refusal in a row there are 1, 4 and 9 more plain steps
/// before the next try, then always 16. A component without weight has no coordinates: then all
/// steps are plain. A plain step without an answer gives the map's error as the last item.
///
/// # Errors
///
/// A depth of 0.
///
/// ```
/// use {acceleration::{Method, accelerate}, e_step::e_step, em::EmError, m_step::m_step};
/// let data = notebook::data();
/// let map = |m: &sampling::Mixture| -> Result<_, EmError> {
///     Ok((em::log_likelihood(&data, m), m_step(&data, &e_step(&data, m)?)?))
/// };
/// let height = |method, steps| -> Result<f64, Box<dyn std::error::Error>> {
///     let run = accelerate(map, notebook::guess(), method)?.map_while(Result::ok);
///     let last = run.take_while(|state| state.steps <= steps).last();
///     Ok(last.ok_or("no map has an answer")?.log_likelihood)
/// };
/// // Even on a run that is not slow, SQUAREM is as high after 25 steps as EM after 50.
/// assert!(height(Method::Squarem, 25)? > height(Method::Plain, 50)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn accelerate<E>(
    map: impl FnMut(&Mixture) -> Result<(f64, Mixture), E>,
    start: Mixture,
    method: Method,
) -> Result<impl Iterator<Item = Result<State, E>>, AccelerationError> {
    if method == (Method::Anderson { depth: 0 }) {
        return Err(AccelerationError::Depth);
    }
    let mut run = Run { map, method, past: Vec::new(), steps: 0, refused: 0, wait: 0 };
    let mut next = Some(start);
    Ok(std::iter::from_fn(move || {
        let state = match run.past.last().cloned() {
            None => run.pass(&next.take()?),
            Some(last) => run.leap(&last).map_or_else(|| run.pass(&last.next), Ok),
        };
        match &state {
            Ok(state) => run.past.push(state.clone()),
            Err(_) => run.past.clear(), // and no start is left
        }
        Some(state)
    }))
}

struct Run<F> {
    map: F,
    method: Method,
    /// The states that a method may look back on.
    past: Vec<State>,
    steps: usize,
    /// Extrapolations refused in a row.
    refused: usize,
    /// Plain steps before the next try.
    wait: usize,
}

impl<E, F: FnMut(&Mixture) -> Result<(f64, Mixture), E>> Run<F> {
    fn pass(&mut self, mixture: &Mixture) -> Result<State, E> {
        self.steps += 1;
        let (log_likelihood, next) = (self.map)(mixture)?;
        Ok(State { mixture: mixture.clone(), log_likelihood, next, steps: self.steps })
    }

    // ANCHOR: leap
    /// The extrapolation, or one step from it, if that is not below the last state.
    fn leap(&mut self, last: &State) -> Option<State> {
        if self.wait > 0 {
            self.wait -= 1;
            return None;
        }
        let holds = |s: &State| s.log_likelihood >= last.log_likelihood;
        let proposal = self.method.propose(&mut self.past)?;
        let mut landed = self.pass(&proposal).ok();
        if let Some(low) = landed.take_if(|s| !holds(s)) {
            landed = self.pass(&low.next).ok().filter(holds);
        }
        self.refused = if landed.is_some() { 0 } else { (self.refused + 1).min(4) };
        self.wait = self.refused.pow(2);
        if landed.is_none() || self.method == Method::Squarem {
            self.past.clear();
        }
        landed
    }
    // ANCHOR_END: leap
}

impl Method {
    /// The extrapolation from the past, if there is one.
    fn propose(self, past: &mut Vec<State>) -> Option<Mixture> {
        let keep = match self {
            Self::Plain => 1,
            Self::Squarem => 2,
            Self::Anderson { depth } => depth.saturating_add(1),
        };
        past.drain(..past.len().saturating_sub(keep));
        match (self, &past[..]) {
            (Self::Squarem, [before, last]) => squarem(before, last),
            (Self::Anderson { .. }, [_, _, ..]) => anderson(past),
            _ => None,
        }
    }
}

// ANCHOR: squarem
/// From two states, the second one step after the first (eq:squarem, eq:step-length).
fn squarem(before: &State, last: &State) -> Option<Mixture> {
    let theta = coordinates(&before.mixture).ok()?;
    let once = coordinates(&last.mixture).ok()?;
    let twice = coordinates(&last.next).ok()?;
    let f = minus(&once, &theta);
    let v = minus(&minus(&twice, &once), &f);
    let w = yardstick(&before.mixture);
    let alpha = (product(&w, &f, &f) / product(&w, &v, &v)).sqrt();
    let parts = theta.iter().zip(&f).zip(&v);
    let far = parts.map(|((t, f), v)| t + 2.0 * alpha * f + alpha * alpha * v);
    from_coordinates(&far.collect::<Vec<_>>()).ok().filter(|_| alpha > 1.0)
}
// ANCHOR_END: squarem

// ANCHOR: anderson
/// From two or more states in a row (eq:anderson).
fn anderson(past: &[State]) -> Option<Mixture> {
    let theta: Vec<_> =
        past.iter().map(|s| coordinates(&s.mixture)).collect::<Result<_, _>>().ok()?;
    let next: Vec<_> =
        past.iter().map(|s| coordinates(&s.next)).collect::<Result<_, _>>().ok()?;
    let f: Vec<_> =
        next.iter().zip(&theta).map(|(next, theta)| minus(next, theta)).collect();
    let (last, w) = (past.len() - 1, yardstick(&past[past.len() - 1].mixture));
    let changes: Vec<_> = (0..last).map(|j| minus(&f[last], &f[j])).collect();
    let gamma = least_squares(&changes, &f[last], &w);
    let mut far = next[last].clone();
    for (gamma, back) in gamma.iter().zip(&next) {
        let by = minus(&next[last], back);
        far.iter_mut().zip(by).for_each(|(far, by)| *far -= gamma * by);
    }
    from_coordinates(&far).ok()
}
// ANCHOR_END: anderson

/// The γ for which target − Σ γ_j columns_j is shortest, by the normal equations. The columns are
/// scaled to length 1, and a ridge of 1e-12 stands in for a direction that they do not tell.
fn least_squares(columns: &[Vec<f64>], target: &[f64], w: &[f64]) -> Vec<f64> {
    let length: Vec<f64> = columns.iter().map(|c| product(w, c, c).sqrt()).collect();
    let normal = matrix(columns.len(), |i, j| match i == j {
        true => 1.0 + 1e-12,
        false => product(w, &columns[i], &columns[j]) / (length[i] * length[j]),
    });
    let scaled = columns.iter().zip(&length);
    let right: Vec<f64> = scaled.map(|(c, l)| product(w, c, target) / l).collect();
    solution(&normal, &right).iter().zip(&length).map(|(gamma, l)| gamma / l).collect()
}
