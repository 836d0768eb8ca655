//! Seeded problems, and how many steps each method needs for them. All of it takes minutes, so the
//! outcomes are recorded in `data/acceleration.csv` and `data/acceleration_gaps.csv`;
//! `cargo run --release --example acceleration -- --record` does it again.

use acceleration::{Method, State, accelerate, settle};
use em::EmError;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::ConvergeError;
use sampling::{Component, Mixture, sample};
use start::quantiles;
use std::error::Error;

/// The methods that are compared, by name.
pub const METHODS: [(&str, Method); 4] = [
    ("plain EM", Method::Plain),
    ("SQUAREM", Method::Squarem),
    ("Anderson 3", Method::Anderson { depth: 3 }),
    ("Anderson 5", Method::Anderson { depth: 5 }),
];

/// One step of the readable chapters as a map: ℓ(θ) and M(θ). It computes the densities twice
/// where once would do.
///
/// The step refuses what [`e_step::e_step`] and [`m_step::m_step`] refuse.
// ANCHOR: readable
pub fn readable(data: &[f64]) -> impl Fn(&Mixture) -> Result<(f64, Mixture), EmError> + '_ {
    |mixture| {
        let memberships = e_step::e_step(data, mixture)?;
        Ok((em::log_likelihood(data, mixture), m_step::m_step(data, &memberships)?))
    }
}
// ANCHOR_END: readable

/// Samples, and where to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The samples.
    pub data: Vec<f64>,
    /// θ⁽⁰⁾, from the quantiles.
    pub start: Mixture,
}

/// Problem `seed` of the table: 500 samples of two to five components, about 2.5 deviations
/// apart.
// ANCHOR: problem
pub fn problem(seed: u64) -> Problem {
    let (k, mut rng) = (2 + (seed % 4) as usize, ChaCha8Rng::seed_from_u64(seed));
    let shares: Vec<f64> = (0..k).map(|_| rng.random_range(0.5..1.5)).collect();
    let total: f64 = shares.iter().sum();
    let triples = shares.iter().enumerate().map(|(i, share)| {
        let mean = 2.5 * i as f64 + rng.random_range(-0.5..0.5);
        (share / total, mean, rng.random_range(0.5..1.5))
    });
    draw(triples.collect(), 500, &mut rng)
}
// ANCHOR_END: problem

/// 1000 samples of two groups like those of Pearson's crabs, of 1894: the means are less than two
/// deviations apart.
#[must_use]
// ANCHOR: slow
pub fn crabs_like() -> Problem {
    let pair =
        vec![(0.4528, 0.63262, 0.01862 * 0.01862), (0.5472, 0.65469, 0.01248 * 0.01248)];
    draw(pair, 1000, &mut ChaCha8Rng::seed_from_u64(16))
}

/// 1000 samples of five components, each two deviations from the next.
#[must_use]
pub fn five_overlapping() -> Problem {
    let row = (0..5).map(|k| (0.2, 2.0 * f64::from(k), 1.0)).collect();
    draw(row, 1000, &mut ChaCha8Rng::seed_from_u64(4))
}
// ANCHOR_END: slow

/// The five again, each sample changed in its sixteenth digit, to see what rounding alone does.
#[must_use]
pub fn nudged(seed: u64) -> Problem {
    let (mut problem, mut rng) = (five_overlapping(), ChaCha8Rng::seed_from_u64(seed));
    problem.data.iter_mut().for_each(|x| *x *= 1.0 + rng.random_range(-2e-15..2e-15));
    problem
}

fn draw(triples: Vec<(f64, f64, f64)>, n: usize, rng: &mut ChaCha8Rng) -> Problem {
    let component = |(weight, mean, variance)| Component { weight, mean, variance };
    let components: Vec<_> = triples.into_iter().map(component).collect();
    let k = components.len();
    let truth =
        Mixture::new(components).expect("the numbers of the problems make mixtures");
    let data = sample(&truth, n, rng).expect("more than 0 samples");
    let start = quantiles(&data, k).expect("more samples than components");
    Problem { data, start }
}

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

/// The most steps of a run.
const MOST_STEPS: usize = 60_000;

/// Runs a method far beyond what is asked for, and looks back.
///
/// # Errors
///
/// A depth of 0; a step without an answer.
// ANCHOR: outcome
pub fn outcome(problem: &Problem, method: Method) -> Result<Outcome, Box<dyn Error>> {
    let Problem { data, start } = problem;
    let mut states: Vec<State> = Vec::new();
    let run = accelerate(readable(data), start.clone(), method)?;
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
// ANCHOR_END: outcome

/// What one method needed for one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `crabs-like`, `five overlapping`, the seed, or `nudged` with its seed.
    pub problem: String,
    /// One of the names in [`METHODS`].
    pub method: String,
    /// As in [`Outcome`].
    pub steps: usize,
    /// As in [`Outcome`].
    pub stopped: usize,
    /// As in [`Outcome`].
    pub missing: f64,
    /// As in [`Outcome`].
    pub log_likelihood: f64,
}

impl Row {
    /// A line of the record.
    #[must_use]
    pub fn line(problem: &str, method: &str, outcome: &Outcome) -> String {
        let Outcome { steps, stopped, missing, log_likelihood, .. } = outcome;
        format!("{problem},{method},{steps},{stopped},{missing:.1e},{log_likelihood:.9}\n")
    }

    fn read(line: &str) -> Option<Self> {
        let mut cells = line.split(',');
        Some(Self {
            problem: cells.next()?.into(),
            method: cells.next()?.into(),
            steps: cells.next()?.parse().ok()?,
            stopped: cells.next()?.parse().ok()?,
            missing: cells.next()?.parse().ok()?,
            log_likelihood: cells.next()?.parse().ok()?,
        })
    }
}

/// The recorded outcomes: of every method, in the order of [`METHODS`], for every problem; then of
/// SQUAREM for the nudged ones.
#[must_use]
pub fn recorded() -> Vec<Row> {
    let file = include_str!("../../../../data/acceleration.csv");
    file.lines().filter_map(Row::read).collect() // the header has no numbers
}

/// The recorded gaps of a method on a problem: after how many steps how much was missing.
#[must_use]
pub fn recorded_gaps(problem: &str, method: &str) -> Vec<(f64, f64)> {
    let file = include_str!("../../../../data/acceleration_gaps.csv");
    let rows = file.lines().filter_map(|line| {
        let mut cells = line.strip_prefix(problem)?.strip_prefix(',')?.split(',');
        let own = cells.next()? == method;
        let pair = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
        own.then_some(pair)
    });
    rows.collect()
}
