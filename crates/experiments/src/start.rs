//! Five strategies of starting on three simulated problems.

use crate::Desk;
use anyhow::Result;
use datasets::start::{Outcome, Trial};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use search::{Best, Search, SearchError, best};
use start::{k_means_plus_plus, quantiles, random};

/// How many trials of each problem there are; their seeds are 0, 1, ….
pub const TRIALS: u64 = 200;

/// The samples of a trial.
pub const SAMPLES: usize = 200;

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

/// What each strategy does with samples of this seed from one of the [`problems`], in the order of
/// [`STRATEGIES`](datasets::start::STRATEGIES).
///
/// # Errors
///
/// Samples from which there is no start: fewer than components, or all the same.
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

fn outcome(fit: &Result<Best, SearchError>, known: f64) -> Outcome {
    match fit {
        Ok(fit) => Outcome { reached: fit.log_likelihood > known - 1e-3, steps: fit.steps },
        Err(SearchError::NoneAdmissible { steps, .. }) => {
            Outcome { reached: false, steps: *steps }
        }
        Err(_) => Outcome::default(),
    }
}

/// All trials.
///
/// # Errors
///
/// Those of [`trial`].
pub fn trials(desk: &Desk) -> Result<Vec<Trial>> {
    let problems = problems();
    let seeds = |problem| (0..TRIALS).map(move |seed| (problem, seed));
    desk.each(problems.iter().flat_map(seeds).collect(), |((name, truth), seed)| {
        let outcomes = trial(truth, seed)?;
        Ok(Trial { problem: (*name).into(), seed, outcomes })
    })
}
