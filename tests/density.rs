//! What the chapter *Density* claims.

mod common;
use common::{assert_close, integral, random_mixtures};
use density::{ln_normal, mixture, normal};
use std::f64::consts::TAU;

/// 200 and more random means and variances.
fn parameters() -> Vec<(f64, f64)> {
    let mixtures = random_mixtures(100);
    mixtures.iter().flat_map(|m| m.components()).map(|c| (c.mean, c.variance)).collect()
}

/// Law, eq:gaussian-integral.
#[test]
fn the_gaussian_integral_is_the_root_of_two_pi() {
    let area = integral(-40.0, 40.0, |z| (-z * z / 2.0).exp());
    assert_close(area, TAU.sqrt(), 1e-13);
}

/// Law, eq:normal and eq:normal-moments.
#[test]
fn a_normal_density_has_area_one_and_the_mean_and_variance_that_name_it() {
    assert!(parameters().len() >= 200);
    for (mean, variance) in parameters() {
        let reach = 12.0 * variance.sqrt();
        let moment = |f: &dyn Fn(f64) -> f64| {
            integral(mean - reach, mean + reach, |x| f(x) * normal(x, mean, variance))
        };
        assert_close(moment(&|_| 1.0), 1.0, 1e-12);
        assert_close(moment(&|x| x), mean, 1e-12);
        assert_close(moment(&|x| (x - mean).powi(2)), variance, 1e-11);
    }
}

/// Law, eq:standardise: any normal density is the standard one, moved and stretched.
#[test]
fn every_normal_density_is_the_standard_one_moved_and_stretched() {
    for (mean, variance) in parameters() {
        let sigma = variance.sqrt();
        for z in [-6.0, -1.0, 0.0, 0.3, 4.0] {
            let expected = normal(z, 0.0, 1.0) / sigma;
            let actual = normal(mean + sigma * z, mean, variance);
            assert_close(actual / expected, 1.0, 1e-12);
        }
    }
}

/// Law, eq:ln-normal.
#[test]
fn the_exponential_of_the_log_density_is_the_density() {
    for (mean, variance) in parameters() {
        for x in [-20.0, -3.0, 0.0, mean, 7.5] {
            let (density, log) = (normal(x, mean, variance), ln_normal(x, mean, variance));
            assert_close(log.exp(), density, 1e-13 * density * log.abs().max(1.0));
        }
    }
}

/// Law, eq:ln-normal: the second difference of a parabola is the same everywhere, −h²/σ².
#[test]
fn the_log_density_is_a_parabola() {
    for (mean, variance) in parameters() {
        let f = |x| ln_normal(x, mean, variance);
        for x in [-50.0, 0.0, 3.0] {
            let second = f(x + 1.0) - 2.0 * f(x) + f(x - 1.0);
            assert_close(second, -1.0 / variance, 1e-12 * f(x).abs().max(1.0));
        }
    }
}

/// Law, eq:mixture.
#[test]
fn a_mixture_density_has_area_one_and_the_mean_and_variance_of_the_mixture() {
    for m in random_mixtures(200) {
        let moment =
            |f: &dyn Fn(f64) -> f64| integral(-60.0, 60.0, |x| f(x) * mixture(x, &m));
        assert_close(moment(&|_| 1.0), 1.0, 1e-12);
        assert_close(moment(&|x| x), m.mean(), 1e-11);
        assert_close(moment(&|x| (x - m.mean()).powi(2)), m.variance(), 1e-10);
    }
}

#[test]
fn a_density_may_exceed_one() {
    assert_close(normal(0.0, 0.0, 1e-4), 39.894_228_040_143_27, 1e-12);
}

#[test]
fn far_from_the_mean_the_density_underflows_and_its_logarithm_does_not() {
    assert!(normal(37.5, 0.0, 1.0).is_normal());
    assert!(normal(37.7, 0.0, 1.0).is_subnormal());
    assert!(normal(38.5, 0.0, 1.0) > 0.0);
    assert_eq!(normal(38.7, 0.0, 1.0), 0.0);
    assert_close(ln_normal(1e6, 0.0, 1.0), -5e11 - 0.918_938_533_204_672_7, 1e-3);
}

#[test]
fn evaluation_never_panics() {
    for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(normal(infinite, 0.0, 1.0), 0.0);
        assert_eq!(ln_normal(infinite, 0.0, 1.0), f64::NEG_INFINITY);
    }
    assert!(normal(f64::NAN, 0.0, 1.0).is_nan());
    assert!(ln_normal(f64::NAN, 0.0, 1.0).is_nan());
    assert!(mixture(f64::NAN, &notebook::truth()).is_nan());
    assert!(normal(0.0, 0.0, 5e-324).is_finite());
}
