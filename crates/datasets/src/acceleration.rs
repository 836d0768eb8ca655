//! The slow problems of the chapter *Acceleration*, and how many steps each method needs.

use crate::table::{DataError, Line, Recorded, Row, rows};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};

/// The methods that are compared, by name.
pub const METHODS: [&str; 4] = ["plain EM", "SQUAREM", "Anderson 3", "Anderson 5"];

/// What one method needed for one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// `crabs-like`, `five overlapping`, the seed, or `nudged` with its seed.
    pub problem: String,
    /// One of [`METHODS`].
    pub method: String,
    /// The steps after which at most 1e-8 of log-likelihood is missing to where the method ends.
    pub steps: usize,
    /// The steps after which `settle` stops with the tolerance 1e-8.
    pub stopped: usize,
    /// What is then missing.
    pub missing: f64,
    /// The log-likelihood where the method ends.
    pub log_likelihood: f64,
}

impl Run {
    /// Whether it is one of the seeded problems, and neither a slow nor a nudged one.
    #[must_use]
    pub fn is_seeded(&self) -> bool {
        self.problem.parse::<u64>().is_ok()
    }
}

impl Row for Run {
    const NAME: &'static str = "acceleration";
    const COLUMNS: &'static str = "problem,method,steps,stopped,missing,log_likelihood";
    const TEXT: &'static str = include_str!("../../../data/acceleration.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self {
            problem: line.next()?,
            method: line.next()?,
            steps: line.next()?,
            stopped: line.next()?,
            missing: line.finite()?,
            log_likelihood: line.finite()?,
        })
    }
}

impl Recorded for Run {
    fn cells(&self) -> Vec<String> {
        vec![
            self.problem.clone(),
            self.method.clone(),
            self.steps.to_string(),
            self.stopped.to_string(),
            format!("{:.1e}", self.missing),
            format!("{:.9}", self.log_likelihood),
        ]
    }
}

/// The recorded runs: every problem by every method, then SQUAREM for the nudged ones.
#[must_use]
pub fn runs() -> Vec<Run> {
    rows()
}

/// How much log-likelihood was missing on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// `crabs-like` or `five overlapping`.
    pub problem: String,
    /// As in [`Run`].
    pub method: String,
    /// After how many steps.
    pub steps: usize,
    /// How much was missing.
    pub gap: f64,
}

impl Row for Gap {
    const NAME: &'static str = "acceleration_gaps";
    const COLUMNS: &'static str = "problem,method,steps,gap";
    const TEXT: &'static str = include_str!("../../../data/acceleration_gaps.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        let (problem, method) = (line.next()?, line.next()?);
        Ok(Self { problem, method, steps: line.next()?, gap: line.finite()? })
    }
}

impl Recorded for Gap {
    fn cells(&self) -> Vec<String> {
        let Self { problem, method, steps, gap } = self;
        vec![problem.clone(), method.clone(), steps.to_string(), format!("{gap:.3e}")]
    }
}

/// The recorded gaps: those of a problem and a method in a row, in the order of the steps.
#[must_use]
pub fn gaps() -> Vec<Gap> {
    rows()
}

/// Samples, and what they were drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The samples.
    pub data: Vec<f64>,
    /// Their mixture.
    pub truth: Mixture,
}

/// Problem `seed` of the table: 500 samples of two to five components, about 2.5 deviations
/// apart.
#[must_use]
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

fn draw(triples: Vec<(f64, f64, f64)>, n: usize, rng: &mut ChaCha8Rng) -> Problem {
    let truth = Mixture::new(triples).expect("the numbers of the problems make mixtures");
    let data = sample(&truth, n, rng).expect("more than 0 samples");
    Problem { data, truth }
}
