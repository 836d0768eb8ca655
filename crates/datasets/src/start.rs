//! The trials of the chapter *Start*, and the samples of its map.

use crate::table::{DataError, Line, Recorded, Row, rows};

/// The strategies, in the order of their outcomes.
pub const STRATEGIES: [&str; 5] =
    ["quantiles", "k-means++", "one random", "five random", "five short"];

/// What five strategies did with the samples of a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The name of the mixture that the samples are from.
    pub problem: String,
    /// Their seed.
    pub seed: u64,
    /// One for each of [`STRATEGIES`].
    pub outcomes: [Outcome; 5],
}

/// What a strategy did in a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Whether it came within 1e-3 of the best log-likelihood known: the best that any strategy
    /// found in this trial, or EM from the truth.
    pub reached: bool,
    /// All its steps.
    pub steps: usize,
}

impl Row for Trial {
    const NAME: &'static str = "start_trials";
    const COLUMNS: &'static str = "problem,seed,quantiles reached,quantiles steps,k-means++ reached,\
        k-means++ steps,one random reached,one random steps,five random reached,five random steps,\
        five short reached,five short steps";
    const TEXT: &'static str = include_str!("../../../data/start_trials.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        let (problem, seed) = (line.next()?, line.next()?);
        let mut outcomes = [Outcome::default(); 5];
        for outcome in &mut outcomes {
            *outcome = Outcome { reached: line.flag()?, steps: line.next()? };
        }
        Ok(Self { problem, seed, outcomes })
    }
}

impl Recorded for Trial {
    fn cells(&self) -> Vec<String> {
        let outcome = |o: Outcome| [u8::from(o.reached).to_string(), o.steps.to_string()];
        let outcomes = self.outcomes.map(outcome);
        [&[self.problem.clone(), self.seed.to_string()], outcomes.as_flattened()].concat()
    }
}

/// The recorded trials: those of a problem in a row, in the order of their seeds.
#[must_use]
pub fn trials() -> Vec<Trial> {
    rows()
}

/// A strategy over many trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The share of the trials in which it reached the best fit known.
    pub share: f64,
    /// The ends of Wilson's interval at 95 % for that share.
    pub interval: [f64; 2],
    /// Its steps in a trial, on average.
    pub steps: f64,
}

/// The scores of the strategies, in their order, for each problem, in the order of the trials.
#[must_use]
pub fn scores(trials: &[Trial]) -> Vec<(&str, [Score; 5])> {
    let problems = trials.chunk_by(|a, b| a.problem == b.problem);
    problems.map(|own| (&*own[0].problem, score(own))).collect()
}

fn score(trials: &[Trial]) -> [Score; 5] {
    let n = trials.len() as f64;
    std::array::from_fn(|strategy| {
        let own = || trials.iter().map(|trial| trial.outcomes[strategy]);
        let share = own().filter(|outcome| outcome.reached).count() as f64 / n;
        let steps = own().map(|outcome| outcome.steps as f64).sum::<f64>() / n;
        Score { share, interval: wilson(share, n), steps }
    })
}

/// Three groups of samples, 30, 40 and 30 of them, about 0, 4.5 and 10: one group too many for two
/// components. No chance is in it: they are the quantiles of a logistic distribution with a
/// deviation of about 1.
#[must_use]
pub fn three_groups() -> Vec<f64> {
    let group = |(centre, n): (f64, usize)| {
        let odds = move |i: usize| (i as f64 + 0.5) / (n as f64 - i as f64 - 0.5);
        (0..n).map(move |i| centre + 0.55 * odds(i).ln())
    };
    [(0.0, 30), (4.5, 40), (10.0, 30)].into_iter().flat_map(group).collect()
}

/// All shares that lie within 1.96 of their own standard errors of the one that `n` trials show.
fn wilson(share: f64, n: f64) -> [f64; 2] {
    let z2 = 1.96 * 1.96 / n;
    let half = (z2 * (share * (1.0 - share) + z2 / 4.0)).sqrt();
    [-1.0, 1.0].map(|side| (share + z2 / 2.0 + side * half) / (1.0 + z2))
}
