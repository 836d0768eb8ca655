//! What a step of EM for exponential distributions must do.

use extensions::exponential::{Exponential, log_likelihood, step};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

fn two(weight: f64, a: f64, b: f64) -> [Exponential; 2] {
    [Exponential { weight, mean: a }, Exponential { weight: 1.0 - weight, mean: b }]
}

/// Waiting times, some short and some long.
fn waits(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut wait = || {
        let mean = if rng.random_bool(0.4) { 1.0 } else { 6.0 };
        -mean * (1.0 - rng.random::<f64>()).ln()
    };
    (0..n).map(|_| wait()).collect()
}

/// By hand: of one component everything is owned, and of two equal ones half.
#[test]
fn one_component_has_the_mean_of_the_waits() {
    let one = step(&[1.0, 2.0, 6.0], &[Exponential { weight: 1.0, mean: 7.0 }]);
    assert!((one[0].mean - 3.0).abs() < 1e-15, "{} is not 3", one[0].mean);
    let half = step(&[1.0, 2.0, 6.0], &two(0.5, 7.0, 7.0));
    assert!((half[0].weight - 0.5).abs() < 1e-15 && (half[1].mean - 3.0).abs() < 1e-15);
}

/// By hand: the sample 0 under ½ of mean 1 and ½ of mean 2: densities 1 and ½, shares ⅔ and ⅓.
#[test]
fn shares_are_those_of_bayes_rule() {
    let next = step(&[0.0, 3.0], &two(0.5, 1.0, 2.0));
    let (a, b) = ((-3.0_f64).exp(), 0.5 * (-1.5_f64).exp());
    let expected = 0.5 * (2.0 / 3.0 + a / (a + b));
    assert!(
        (next[0].weight - expected).abs() < 1e-14,
        "{} is not {expected}",
        next[0].weight
    );
}

/// Law: the mixture of every step has the mean of the samples, and never a lower log-likelihood.
#[test]
fn every_step_keeps_the_mean_and_climbs() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for seed in 0..20 {
        let data = waits(200, seed);
        let mean = data.iter().sum::<f64>() / 200.0;
        let mut mixture = two(
            rng.random_range(0.1..0.9),
            rng.random_range(0.2..3.0),
            rng.random_range(3.0..9.0),
        )
        .to_vec();
        for _ in 0..30 {
            let next = step(&data, &mixture);
            let own: f64 = next.iter().map(|c| c.weight * c.mean).sum();
            assert!((own - mean).abs() < 1e-12 * mean, "the mean is {own}, not {mean}");
            let gain = log_likelihood(&data, &next) - log_likelihood(&data, &mixture);
            assert!(gain > -1e-10, "the log-likelihood falls by {}", -gain);
            mixture = next;
        }
    }
}

/// Oracle: many samples give their mixture back, within five standard errors or so.
#[test]
fn many_waits_give_their_mixture_back() {
    let data = waits(50_000, 1);
    let mut mixture = two(0.5, 0.5, 10.0).to_vec();
    for _ in 0..300 {
        mixture = step(&data, &mixture);
    }
    let [a, b] = mixture[..] else { panic!("there are {} components", mixture.len()) };
    assert!((a.weight - 0.4).abs() < 0.03, "the weight is {}", a.weight);
    assert!((a.mean - 1.0).abs() < 0.08 && (b.mean - 6.0).abs() < 0.3, "{a:?} {b:?}");
}
