//! Five strategies on three simulated problems. They take a minute, so their outcomes are
//! recorded in `data/start_trials.csv`; `cargo run --release --example start trials` does them
//! again.

use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use search::{Best, Search, SearchError, best};
use start::{k_means_plus_plus, quantiles, random};

/// How many trials of each problem are recorded; their seeds are 0, 1, ….
pub const TRIALS: usize = 200;

/// The samples of a trial.
pub const SAMPLES: usize = 200;

/// The strategies, in the order of their outcomes.
pub const STRATEGIES: [&str; 5] =
    ["quantiles", "k-means++", "one random", "five random", "five short"];

/// The problems by name.
#[must_use]
// ANCHOR: problems
pub fn problems() -> [(&'static str, Mixture); 3] {
    let third = 1.0 / 3.0;
    [
        ("the notebook's", &[(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)][..]),
        ("three overlapping", &[(third, 0.0, 1.0), (third, 3.5, 1.0), (third, 7.0, 1.0)]),
        ("unequal weights", &[(0.7, 0.0, 4.0), (0.2, 7.0, 0.5), (0.1, 11.0, 0.5)]),
    ]
    .map(|(name, components)| {
        (
            name,
            Mixture::new(components.iter().copied())
                .expect("the numbers of the problems make mixtures"),
        )
    })
}
// ANCHOR_END: problems

/// What a strategy did in a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Whether it came within 1e-3 of the best log-likelihood known: the best that any strategy
    /// found in this trial, or EM from the truth.
    pub reached: bool,
    /// All its steps.
    pub steps: usize,
}

/// What each strategy does with the samples of this seed.
///
/// # Errors
///
/// Samples from which there is no start: fewer than components, or all the same.
// ANCHOR: trial
pub fn trial(truth: &Mixture, seed: u64) -> Result<[Outcome; 5], SearchError> {
    let (k, rng) = (truth.components().len(), &mut ChaCha8Rng::seed_from_u64(seed));
    let data = sample(truth, SAMPLES, rng).expect("more than 0 samples");
    let five: Vec<_> = (0..5).map(|_| random(&data, k, rng)).collect::<Result<_, _>>()?;
    let run = |starts: &[Mixture], short, finalists| {
        let search = Search { short, finalists, tolerance: 1e-4, ..Search::default() };
        best(&data, starts.to_vec(), &search)
    };
    let fits = [
        run(&[quantiles(&data, k)?], 0, 1),
        run(&[k_means_plus_plus(&data, k, rng)?], 0, 1),
        run(&five[..1], 0, 1),
        run(&five, 0, 5),  // all to their end
        run(&five, 10, 1), // ten steps each, then the best
    ];
    let from_truth = run(std::slice::from_ref(truth), 0, 1);
    let all = fits.iter().chain([&from_truth]).flatten().map(|fit| fit.log_likelihood);
    let known = all.fold(f64::NEG_INFINITY, f64::max);
    Ok(fits.each_ref().map(|fit| outcome(fit, known)))
}
// ANCHOR_END: trial

fn outcome(fit: &Result<Best, SearchError>, known: f64) -> Outcome {
    match fit {
        Ok(fit) => Outcome { reached: fit.log_likelihood > known - 1e-3, steps: fit.steps },
        Err(SearchError::NoneAdmissible { steps, .. }) => {
            Outcome { reached: false, steps: *steps }
        }
        Err(_) => Outcome::default(),
    }
}

/// The first line of the record.
#[must_use]
pub fn header() -> String {
    let columns = STRATEGIES.map(|name| format!(",{name} reached,{name} steps"));
    format!("problem,seed{}", columns.concat())
}

/// A trial as a line of the record.
#[must_use]
pub fn line(problem: &str, seed: usize, outcomes: &[Outcome; 5]) -> String {
    let columns = outcomes.map(|o| format!(",{},{}", u8::from(o.reached), o.steps));
    format!("{problem},{seed}{}", columns.concat())
}

/// The recorded trials of a problem, in the order of their seeds.
#[must_use]
pub fn recorded(problem: &str) -> Vec<[Outcome; 5]> {
    let outcomes = |line: &str| {
        let mut fields = line.strip_prefix(problem)?.split(',').skip(2);
        let mut outcomes = [Outcome::default(); 5];
        for outcome in &mut outcomes {
            let (reached, steps) = (fields.next()? == "1", fields.next()?.parse().ok()?);
            *outcome = Outcome { reached, steps };
        }
        Some(outcomes)
    };
    include_str!("../../../../data/start_trials.csv").lines().filter_map(outcomes).collect()
}

/// A strategy over many trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The share of the trials in which it reached the best fit known.
    pub share: f64,
    /// The standard error of that share.
    pub error: f64,
    /// Its steps in a trial, on average.
    pub steps: f64,
}

/// The scores of the strategies, in their order. Of no trials there is none: NaN.
#[must_use]
pub fn scores(trials: &[[Outcome; 5]]) -> [Score; 5] {
    let n = trials.len() as f64;
    std::array::from_fn(|strategy| {
        let own = || trials.iter().map(|outcomes| outcomes[strategy]);
        let share = own().filter(|outcome| outcome.reached).count() as f64 / n;
        let steps = own().map(|outcome| outcome.steps as f64).sum::<f64>() / n;
        Score { share, error: (share * (1.0 - share) / n).sqrt(), steps }
    })
}
