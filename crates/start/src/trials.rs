//! What the strategies reach, and what they cost, on simulated problems whose best fit is known as
//! well as it can be: it is the best that any of them has found, or EM from the truth.

use crate::{Best, Search, StartError, best, k_means_plus_plus, quantiles, random};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};

/// The samples of a trial.
pub const SAMPLES: usize = 200;

/// The strategies by name, in the order of their scores.
#[must_use]
pub fn names() -> [&'static str; 5] {
    ["quantiles", "k-means++", "random", "5 random", "5 short"]
}

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
    .map(|(name, components)| (name, mixture(components)))
}
// ANCHOR_END: problems

fn mixture(components: &[(f64, f64, f64)]) -> Mixture {
    let component = |&(weight, mean, variance)| Component { weight, mean, variance };
    Mixture::new(components.iter().map(component).collect::<Vec<_>>())
        .expect("the numbers of the problems make mixtures")
}

/// What a strategy has reached and spent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score {
    /// How often it came within 1e-3 of the best log-likelihood known.
    pub successes: usize,
    /// All its steps.
    pub steps: usize,
}

/// The scores of the strategies, in their order, over trials with the seeds 0, 1, …. After
/// each, `done` is told how many there have been.
///
/// # Errors
///
/// Samples from which there is no start: fewer than components, or all the same.
pub fn scores(
    truth: &Mixture,
    trials: u64,
    mut done: impl FnMut(u64),
) -> Result<Vec<Score>, StartError> {
    let mut scores = vec![Score::default(); names().len()];
    for seed in 0..trials {
        for (score, one) in scores.iter_mut().zip(trial(truth, seed)?) {
            score.successes += one.successes;
            score.steps += one.steps;
        }
        done(seed + 1);
    }
    Ok(scores)
}

/// The scores of the strategies in one trial.
///
/// # Errors
///
/// As for [`scores`].
// ANCHOR: trial
pub fn trial(truth: &Mixture, seed: u64) -> Result<[Score; 5], StartError> {
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
    let all = fits.iter().flatten().map(|fit| fit.log_likelihood);
    let from_truth = run(std::slice::from_ref(truth), 0, 1)
        .map_or(f64::NEG_INFINITY, |f| f.log_likelihood);
    let known = all.fold(from_truth, f64::max);
    Ok(fits.each_ref().map(|fit| score(fit, known)))
}
// ANCHOR_END: trial

fn score(fit: &Result<Best, StartError>, known: f64) -> Score {
    match fit {
        Ok(fit) => Score {
            successes: usize::from(fit.log_likelihood > known - 1e-3),
            steps: fit.steps,
        },
        Err(StartError::NoneAdmissible { steps, .. }) => {
            Score { successes: 0, steps: *steps }
        }
        Err(_) => Score::default(),
    }
}
