//! How many steps each method needs for slow problems and seeded ones.

use crate::Desk;
use ::acceleration::{Method, State, accelerate, readable, settle};
use anyhow::Result;
use datasets::acceleration::{
    Gap, METHODS as NAMES, Problem, Run, crabs_like, five_overlapping, problem,
};
use em::EmError;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::ConvergeError;
use sampling::Mixture;
use start::quantiles;
use std::ops::Range;

/// The methods that are compared, by name.
pub const METHODS: [(&str, Method); 4] = [
    (NAMES[0], Method::Plain),
    (NAMES[1], Method::Squarem),
    (NAMES[2], Method::Anderson { depth: 3 }),
    (NAMES[3], Method::Anderson { depth: 5 }),
];

/// The seeds of the table. The guard was made with those below 100.
pub const SEEDS: Range<u64> = 100..160;

/// How often the samples of the five are changed in their last digits.
pub const NUDGES: u64 = 120;

/// The most steps of a run.
const MOST_STEPS: usize = 60_000;

/// What a method needs for a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The steps after which at most 1e-8 of log-likelihood is missing to where the method ends.
    pub steps: usize,
    /// The steps after which [`settle`] stops with the tolerance 1e-8.
    pub stopped: usize,
    /// What is then missing.
    pub missing: f64,
    /// Where the method ends.
    pub limit: Mixture,
    /// The log-likelihood there.
    pub log_likelihood: f64,
    /// After how many steps each state was reached, and how much was missing there.
    pub gaps: Vec<(usize, f64)>,
}

/// Runs a method from the quantiles far beyond what is asked for, and looks back.
///
/// # Errors
///
/// No start; a depth of 0; a step without an answer.
pub fn outcome(problem: &Problem, method: Method) -> Result<Outcome> {
    let Problem { data, truth } = problem;
    let start = quantiles(data, truth.components().len())?;
    let mut states: Vec<State> = Vec::new();
    let run = accelerate(readable(data), start, method)?;
    let kept = run.inspect(|item| states.extend(item.iter().cloned()));
    let end = settle(kept, data.len(), 1e-14, MOST_STEPS)?;
    let values = states.iter().map(|state| state.log_likelihood);
    let log_likelihood = values.fold(f64::NEG_INFINITY, f64::max);
    let gap = |state: &State| (state.steps, log_likelihood - state.log_likelihood);
    let gaps: Vec<_> = states.iter().map(gap).collect();
    let again = states.into_iter().map(Ok::<_, ConvergeError<EmError>>);
    let stopped = settle(again, data.len(), 1e-8, MOST_STEPS)?.steps;
    let missing = gaps.iter().find(|(steps, _)| *steps == stopped).map_or(0.0, |gap| gap.1);
    let steps = gaps.iter().find(|gap| gap.1 <= 1e-8).map_or(end.steps, |gap| gap.0);
    Ok(Outcome { steps, stopped, missing, limit: end.mixture, log_likelihood, gaps })
}

fn slow() -> [(String, Problem); 2] {
    [("crabs-like".into(), crabs_like()), ("five overlapping".into(), five_overlapping())]
}

/// The five again, each sample changed in its sixteenth digit, to see what rounding alone does.
#[must_use]
pub fn nudged(seed: u64) -> Problem {
    let (mut problem, mut rng) = (five_overlapping(), ChaCha8Rng::seed_from_u64(seed));
    problem.data.iter_mut().for_each(|x| *x *= 1.0 + rng.random_range(-2e-15..2e-15));
    problem
}

/// What every method needs for the slow problems and the seeded ones, and SQUAREM for the nudged.
///
/// # Errors
///
/// Those of [`outcome`].
pub fn runs(desk: &Desk) -> Result<Vec<Run>> {
    let seeded = SEEDS.map(|seed| (seed.to_string(), problem(seed)));
    let by_all = slow().into_iter().chain(seeded).flat_map(by_every_method);
    let nudged =
        (0..NUDGES).map(|seed| (format!("nudged {seed}"), nudged(seed), METHODS[1]));
    desk.each(by_all.chain(nudged).collect(), |(name, problem, (method, how))| {
        let Outcome { steps, stopped, missing, log_likelihood, .. } =
            outcome(&problem, how)?;
        let method = method.into();
        Ok(Run { problem: name, method, steps, stopped, missing, log_likelihood })
    })
}

fn by_every_method(
    (name, problem): (String, Problem),
) -> impl Iterator<Item = (String, Problem, (&'static str, Method))> {
    METHODS.into_iter().map(move |method| (name.clone(), problem.clone(), method))
}

/// What is missing on the way, for the slow problems.
///
/// # Errors
///
/// Those of [`outcome`].
pub fn gaps(desk: &Desk) -> Result<Vec<Gap>> {
    let slow = slow().into_iter().flat_map(by_every_method).collect();
    let gaps = desk.each(slow, |(name, problem, (method, how))| {
        let gap =
            |(steps, gap)| Gap { problem: name.clone(), method: method.into(), steps, gap };
        Ok(thinned(&outcome(&problem, how)?.gaps).into_iter().map(gap).collect::<Vec<_>>())
    })?;
    Ok(gaps.concat())
}

/// As many as a picture can show; the first at most 1e-8 and the first at most 1e-9, the end.
fn thinned(gaps: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let first = |low: f64| gaps.iter().position(|(_, gap)| *gap <= low);
    let (met, end) = (first(1e-8), first(1e-9));
    let (mut last, mut kept) = (0.0, Vec::new());
    for (i, &(steps, gap)) in gaps.iter().enumerate() {
        if steps as f64 > 1.03 * last || Some(i) == met || Some(i) == end {
            last = steps as f64;
            kept.push((steps, gap));
        }
        if Some(i) == end {
            break;
        }
    }
    kept
}
