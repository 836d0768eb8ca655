//! What four sums must do.

use extensions::skewness::FourSums;
use one_pass::Sums;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

fn sums(samples: &[(f64, f64)], centre: f64) -> FourSums {
    let mut sums = FourSums::new(centre);
    samples.iter().for_each(|&(x, r)| sums.add(x, r));
    sums
}

fn samples(seed: u64) -> Vec<(f64, f64)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..40)
        .map(|_| (rng.random_range(-2.0..2.0_f64).exp(), rng.random_range(0.0..1.0)))
        .collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-10 * (1.0 + a.abs().max(b.abs()))
}

/// By hand: 0, 0, 3 have the mean 1, the variance 2 and the third central moment 2.
#[test]
fn three_samples_by_hand() {
    let is = sums(&[(0.0, 1.0), (0.0, 1.0), (3.0, 1.0)], 5.0).skewness();
    let expected = 2.0 / 2.0_f64.powf(1.5);
    assert!(close(is, expected), "the skewness is {is}, not {expected}");
}

/// Law: any centre, any halves, the same four sums.
#[test]
fn four_sums_move_and_merge() {
    for seed in 0..50 {
        let all = samples(seed);
        let direct = sums(&all, 1.5);
        let moved = sums(&all, -3.0).about(1.5);
        let merged = sums(&all[..15], 1.5).merge(&sums(&all[15..], 7.0));
        for other in [moved, merged] {
            assert_eq!(other.centre, 1.5);
            assert!(
                close(other.second, direct.second),
                "{} is not {}",
                other.second,
                direct.second
            );
            assert!(
                close(other.third, direct.third),
                "{} is not {}",
                other.third,
                direct.third
            );
            assert!(close(other.first, direct.first) && close(other.count, direct.count));
        }
    }
}

/// Oracle: the first three are those of *One pass*.
#[test]
fn the_first_three_are_those_of_one_pass() {
    let mut three = Sums::new(2.0);
    samples(1).iter().for_each(|&(x, r)| three.add(x, r));
    let (three, four) = (three.about(-1.0), sums(&samples(1), 2.0).about(-1.0));
    assert!(close(three.second, four.second) && close(three.first, four.first));
}

/// Law: it moves and stretches with nothing, and a mirror turns its sign.
#[test]
fn skewness_has_no_unit() {
    let all = samples(2);
    let skewness = |f: fn(f64) -> f64| {
        sums(&all.iter().map(|&(x, r)| (f(x), r)).collect::<Vec<_>>(), 0.0).skewness()
    };
    let own = skewness(|x| x);
    assert!(own > 0.5, "{own}");
    assert!(close(skewness(|x| 4.0 * x + 10.0), own));
    assert!(close(skewness(|x| -x), -own));
}
