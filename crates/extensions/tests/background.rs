//! What a step with a background must do.

use em::em;
use extensions::background::Noisy;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};

const RANGE: [f64; 2] = [-20.0, 20.0];

fn start() -> Mixture {
    Mixture::new([(0.5, -1.0, 2.0), (0.5, 6.0, 2.0)]).unwrap()
}

/// `n` samples of a mixture, and one in ten from anywhere.
fn samples(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let truth = Mixture::new([(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)]).unwrap();
    let mut data = sample(&truth, n - n / 10, &mut rng).unwrap();
    data.extend((0..n / 10).map(|_| rng.random_range(RANGE[0]..RANGE[1])));
    data
}

/// Law: without a background it is EM, and stays without.
#[test]
fn without_a_background_it_is_em() {
    let data = samples(200, 1);
    let next = Noisy { share: 0.0, range: RANGE, mixture: start() }.step(&data).unwrap();
    let expected = em(&data, start()).nth(1).unwrap().unwrap();
    assert_eq!(next.share, 0.0);
    for (a, b) in next.mixture.components().iter().zip(expected.components()) {
        assert!((a.mean - b.mean).abs() < 1e-10 && (a.variance - b.variance).abs() < 1e-9);
        assert!((a.weight - b.weight).abs() < 1e-12, "{} is not {}", a.weight, b.weight);
    }
}

/// By hand: one sample where both are equally dense is half background.
#[test]
fn a_sample_is_shared_with_the_background() {
    let one = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let level = density::normal(1.0, 0.0, 1.0);
    let noisy = Noisy { share: 0.5, range: [0.0, 1.0 / level], mixture: one };
    let next = noisy.step(&[1.0, -1.0]).unwrap();
    assert!((next.share - 0.5).abs() < 1e-15, "the share is {}, not 0.5", next.share);
    let c = next.mixture.components()[0];
    assert!((c.weight - 1.0).abs() < 1e-15 && (c.variance - 1.0).abs() < 1e-14, "{c:?}");
}

/// Law: it climbs.
#[test]
fn the_log_likelihood_never_falls() {
    for seed in 0..20 {
        let data = samples(150, seed);
        let mut noisy = Noisy { share: 0.3, range: RANGE, mixture: start() };
        for _ in 0..30 {
            let next = noisy.step(&data).unwrap();
            let (before, after) = (noisy.log_likelihood(&data), next.log_likelihood(&data));
            assert!(after >= before - 1e-9, "it falls from {before} to {after}");
            noisy = next;
        }
    }
}

/// Oracle: many samples give share and mixture back.
#[test]
fn the_background_is_found() {
    let data = samples(20_000, 7);
    let mut noisy = Noisy { share: 0.5, range: RANGE, mixture: start() };
    for _ in 0..300 {
        noisy = noisy.step(&data).unwrap();
    }
    assert!((noisy.share - 0.1).abs() < 0.015, "the share is {}", noisy.share);
    let [a, b] = noisy.mixture.components() else { panic!("not two components") };
    assert!((a.mean - 0.0).abs() < 0.15 && (b.mean - 5.0).abs() < 0.2, "{a:?} {b:?}");
    assert!((b.variance - 4.0).abs() < 0.6, "the variance is {}", b.variance);
}
