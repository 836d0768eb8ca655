//! What cannot be seen from outside: one bin, and moments with any rounding.

use crate::bins::{Grid, Moments};
use crate::gauss::{MOST, matrix, rule};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

/// The moments of one to eight values on a grid of a bin, the ends of the bin among its places, each
/// up to a million times.
fn few_values(rng: &mut ChaCha8Rng) -> Moments {
    let grid = [2.0_f64, 4.0, 5.0, 10.0, 20.0, 1e3, 1e16][rng.random_range(0..7)];
    let mut moments = [0.0; 8];
    for _ in 0..rng.random_range(1..=8) {
        let t: f64 = 2.0 * (rng.random_range(0.0..=1.0) * grid).round() / grid - 1.0;
        let times = 1e6_f64.powf(rng.random()).round();
        for (p, moment) in moments.iter_mut().enumerate() {
            *moment += times * t.powi(p as i32);
        }
    }
    moments
}

/// Law, eq:gauss-rule and eq:gauss-inside: few values, whose moments are rounded a little or a lot:
/// the points lie in the bin, stand for exactly as many samples, and have its moments as far as
/// these are known.
#[test]
fn rounding_loses_no_sample_and_puts_no_point_out_of_the_bin() {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    for rounding in [0.0, 1e-16, 1e-15, 1e-14, 1e-13, 1e-10] {
        for _ in 0..20_000 {
            let mut moments = few_values(&mut rng);
            let all = moments[0];
            for moment in &mut moments[1..] {
                *moment += all * rounding * rng.random_range(-1.0..=1.0);
            }
            for points in 1..=MOST {
                let rule = rule(&moments, points);
                assert!(!rule.is_empty() && rule.len() <= points);
                assert!(rule.iter().all(|(t, count)| t.abs() <= 1.0 && *count > 0.0));
                assert_eq!(rule.iter().map(|(_, count)| count).sum::<f64>(), all);
                for (p, moment) in moments[..2 * points].iter().enumerate() {
                    let power = |(t, count): &(f64, f64)| count * t.powi(p as i32);
                    let off = (rule.iter().map(power).sum::<f64>() - moment) / all;
                    let most = 5e-14 + 200.0 * rounding;
                    assert!(off.abs() < most, "{moments:?} {rule:?}: {p} is off by {off}");
                }
            }
        }
    }
}

/// By hand, eq:gauss-matrix: an even spread gives Legendre's polynomials, whose β_m is
/// m²/(4m² − 1); two values a and b give (a + b)/2 twice and half of their distance beside it.
#[test]
fn the_matrix_of_an_even_spread_is_that_of_legendre() {
    let (even, len) = matrix(&[1.0, 0.0, 1.0 / 3.0, 0.0, 0.2, 0.0, 1.0 / 7.0, 0.0], 4);
    assert_eq!(len, 4);
    for m in 1..4 {
        let beta = (m * m) as f64 / (4 * m * m - 1) as f64;
        assert!((even[m][m - 1].powi(2) - beta).abs() < 1e-15);
        assert!(even[m][m].abs() < 1e-15);
    }
    let moments = [0, 1, 2, 3, 4, 5, 6, 7].map(|p| 0.5_f64.powi(p) + 0.25_f64.powi(p));
    let (two, len) = matrix(&moments, 4);
    assert_eq!((len, two[0][..2].to_vec()), (2, vec![0.375, 0.125]));
    assert_eq!(two[1][..2], [0.125, 0.375]);
}

/// Edge: a million times the same number is no reason to add up a million roundings of one sign.
#[test]
fn equal_samples_have_the_moments_of_one() {
    let (low, high) = (0.0, 32.0);
    let grid = Grid { low, high, width: 0.125, bins: 256 };
    for value in [0.1, 0.3, 0.7, 5.3, 31.9] {
        let t = 2.0 * ((8.0 * value) % 1.0) - 1.0;
        let moments = grid.moments(&vec![value; 3_000_000]);
        let of_bin = moments[(8.0 * value) as usize];
        assert_eq!(of_bin[0], 3e6);
        for (p, moment) in of_bin.iter().enumerate() {
            let off = moment / 3e6 - f64::powi(t, p as i32);
            assert!(off.abs() < 2e-13, "{value}: moment {p} is off by {off}");
        }
    }
}
