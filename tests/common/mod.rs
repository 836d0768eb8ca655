//! What several chapters' tests need: random mixtures, and an integral to compare with.
#![allow(dead_code)] // each test file uses some of it

use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};

/// `n` mixtures of one to four components, the same ones every time.
pub fn random_mixtures(n: usize) -> Vec<Mixture> {
    let mut rng = ChaCha8Rng::seed_from_u64(2026);
    let mut mixture = || {
        let shares: Vec<f64> =
            (0..rng.random_range(1..=4)).map(|_| rng.random_range(0.1..1.0)).collect();
        let component = |share| Component {
            weight: share / shares.iter().sum::<f64>(),
            mean: rng.random_range(-10.0..10.0),
            variance: rng.random_range(0.1..10.0),
        };
        Mixture::new(shares.iter().map(component)).unwrap()
    };
    (0..n).map(|_| mixture()).collect()
}

/// `k` components that do not lie too near each other.
pub fn groups_apart(k: usize, rng: &mut ChaCha8Rng) -> Mixture {
    let mut mean = rng.random_range(-5.0..5.0);
    let shares: Vec<f64> = (0..k).map(|_| rng.random_range(0.5..1.0)).collect();
    let component = |share| {
        mean += rng.random_range(3.0..4.0);
        let weight = share / shares.iter().sum::<f64>();
        Component { weight, mean, variance: rng.random_range(0.5..1.5) }
    };
    Mixture::new(shares.iter().map(component)).unwrap()
}

/// ∫ f(x) dx from `a` to `b` by the trapezium rule, which is exact to rounding for a smooth
/// function that has died away at both ends.
pub fn integral(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = 4000;
    let h = (b - a) / f64::from(steps);
    let inside: f64 = (1..steps).map(|i| f(a + h * f64::from(i))).sum();
    h * (inside + 0.5 * (f(a) + f(b)))
}

pub fn mean(data: &[f64]) -> f64 {
    data.iter().sum::<f64>() / data.len() as f64
}

pub fn variance(data: &[f64]) -> f64 {
    let m = mean(data);
    data.iter().map(|x| (x - m).powi(2)).sum::<f64>() / data.len() as f64
}

#[track_caller]
pub fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance,
        "{actual} is not {expected} within {tolerance}"
    );
}
