//! What cannot be seen from outside: the exponential, and every kind of vector unit.

use crate::many::{TOGETHER, Term, many};
use crate::samples::look;
use crate::table::fill;
use crate::two::{Half, Odds};
use crate::{Samples, Sums, exp::exp, merged, no_table, product::Product};
use fearless_simd::{Level, Simd, dispatch, f64x8, prelude::*};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};

/// The vector units of this machine; with the feature `portable`, the path of a machine without any too.
fn levels() -> Vec<Level> {
    let best = Level::new();
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let others = [
        best.as_avx512().map(|unit| unit.level()),
        best.as_avx2().map(|unit| unit.level()),
        best.as_sse4_2().map(|unit| unit.level()),
        best.as_sse2().map(|unit| unit.level()),
    ];
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    let others = [Some(best)];
    #[cfg(feature = "portable")]
    let others = others.into_iter().chain([Some(Level::fallback())]);
    others.into_iter().flatten().collect()
}

/// 100 problems: 999 samples, whole eights and a rest, and a mixture of two that they are not from.
fn problems() -> impl Iterator<Item = (Vec<f64>, Mixture)> {
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let mut two = move || {
        let weight = rng.random_range(0.1..0.9);
        let mut component = |weight| Component {
            weight,
            mean: rng.random_range(-5.0..5.0),
            variance: rng.random_range(0.5..5.0),
        };
        let mixture = Mixture::new([component(weight), component(1.0 - weight)]).unwrap();
        (sample(&mixture, 999, &mut rng).unwrap(), mixture)
    };
    (0..100).map(move |_| (two().0, two().1))
}

#[inline(always)]
fn exp_of<S: Simd>(simd: S, x: [f64; 8]) -> [f64; 8] {
    let mut e = [0.0; 8];
    e.copy_from_slice(exp(f64x8::from_slice(simd, &x)).as_slice());
    e
}

/// Oracle, eq:exp: the exponential of the standard library, at two million places over the whole
/// range, and where the power of two changes. One unit in the last place, where that one has half.
#[test]
fn the_exponential_is_right_to_one_unit_in_the_last_place() {
    let mut rng = ChaCha8Rng::seed_from_u64(40);
    let mut places: Vec<f64> = (0..2_000_000)
        .map(|i| -708.0 + 1417.0 * (f64::from(i) + rng.random::<f64>()) / 2e6)
        .collect();
    let halves = (-1021..=1022).map(|n| (f64::from(n) + 0.5) * std::f64::consts::LN_2);
    places.extend(halves.flat_map(|x| [x.next_down(), x, x.next_up()]));
    places.extend([-708.0, -1.0, -1e-300, -0.0, 0.0, 5e-324, 1e-17, 1.0, 709.0]);
    for level in levels() {
        for eight in places.as_chunks::<8>().0 {
            let ours = dispatch!(level, simd => exp_of(simd, *eight));
            for (x, e) in eight.iter().zip(ours) {
                let ulp = x.exp().next_up() - x.exp();
                let off = (e - x.exp()).abs() / ulp;
                assert!(off <= 1.0, "{level:?}: exp {x} = {e}: {off} units");
            }
        }
        let exact = dispatch!(level, simd => exp_of(simd, [0.0; 8]));
        assert_eq!(exact, [1.0; 8]);
    }
}

/// By hand, eq:ln-product: a factorial, and factors whose product is no number.
#[test]
fn the_logarithm_of_a_product_is_the_sum_of_the_logarithms() {
    #[inline(always)]
    fn ln_product<S: Simd>(simd: S, factors: &[f64]) -> f64 {
        let mut product = Product::new(simd);
        for factor in factors {
            product.value *= *factor;
            product.carry();
        }
        product.ln() / 8.0
    }
    let to_twenty: Vec<f64> = (1..=20).map(f64::from).collect();
    for level in levels() {
        let ln = |factors: &[f64]| dispatch!(level, simd => ln_product(simd, factors));
        let twenty = (2_432_902_008_176_640_000_f64).ln();
        assert!((ln(&to_twenty) - twenty).abs() < 1e-13);
        assert!((ln(&[1e300; 100]) / (300.0 * 10_f64.ln() * 100.0) - 1.0).abs() < 1e-14);
        assert_eq!(ln(&[]), 0.0);
    }
}

/// Law, eq:quadratic: the log odds are the difference of the logarithms of the numerators. Far from
/// the means both are rounded by their own size.
#[test]
fn the_log_odds_are_a_quadratic() {
    for (data, mixture) in problems() {
        let [a, b] = mixture.components() else { panic!("two") };
        let log =
            |c: &Component, x| c.weight.ln() + density::ln_normal(x, c.mean, c.variance);
        let odds = Odds::new(a, b);
        for x in data {
            let (p, q) = (log(a, x), log(b, x));
            let scale = 1.0 + p.abs() + q.abs();
            assert!((odds.log(x) - (p - q)).abs() < 1e-14 * scale);
        }
    }
}

/// Law: the least and the largest odds that decide between the ways hold for all samples.
#[test]
fn no_sample_has_log_odds_outside_their_range() {
    for (data, mixture) in problems() {
        let [a, b] = mixture.components() else { panic!("two") };
        for odds in [Odds::new(a, b), Odds::new(b, a), Odds::new(a, a)] {
            let (least, largest) = odds.range(Samples::new(&data).unwrap().range());
            let slack = 1e-12 * (1.0 + least.abs() + largest.abs());
            for x in &data {
                let log = odds.log(*x);
                assert!(least - slack <= log && log <= largest + slack);
            }
        }
    }
}

/// Oracle: on every vector unit, two components with one exponential, several with one each, and
/// the first look are what the readable loops give.
#[test]
fn every_vector_unit_gives_what_the_readable_loop_gives() {
    assert!(levels().len() >= 2);
    for (data, mixture) in problems() {
        let [a, b] = mixture.components() else { panic!("two") };
        let (l, expected) = no_table(&data, &mixture);
        let (odds, (eights, rest)) = (Odds::new(a, b), data.as_chunks::<8>());
        let (many_eights, few) = data.as_chunks::<{ 8 * TOGETHER }>();
        let groups =
            many_eights.as_flattened().as_chunks::<8>().0.as_chunks::<TOGETHER>().0;
        let (_, largest) = odds.range(Samples::new(&data).unwrap().range());
        let together = (700.0 / (largest.max(0.0) + 1.0)) as usize;
        let slow = Half::scalar(&data, &odds, together);
        assert_near(&slow.sums, &expected[0]);
        for level in levels() {
            let half =
                dispatch!(level, simd => Half::vector(simd, eights, &odds, together));
            let half = half.merge(&Half::scalar(rest, &odds, together));
            assert_near(&half.sums, &expected[0]);
            assert!((half.ln - slow.ln).abs() < 1e-12 * l.abs());

            let terms: Vec<Term> = mixture.components().iter().map(Term::new).collect();
            let mut sums = expected.iter().map(|s| Sums::new(s.centre)).collect::<Vec<_>>();
            let most = dispatch!(level, simd => many(simd, groups, &terms, &mut sums));
            let (last, more) = no_table(few, &mixture);
            assert!(((most + last) / l - 1.0).abs() < 1e-13);
            merged(&sums, &more).iter().zip(&expected).for_each(|(a, b)| assert_near(a, b));

            let mut ln_p = vec![0.0; many_eights.as_flattened().len()];
            let mut rows = vec![ln_p.clone(); 2];
            dispatch!(level, simd => fill(simd, groups, &terms, &mut ln_p, &mut rows));
            for (i, (x, ln_p)) in data.iter().zip(ln_p).enumerate() {
                let (p, r) = (density::mixture(*x, &mixture), [rows[0][i], rows[1][i]]);
                assert!((ln_p - p.ln()).abs() < 1e-13 * (1.0 + p.ln().abs()));
                let q = density::normal(*x, a.mean, a.variance) * a.weight / p;
                assert!((r[0] - q).abs() < 1e-13 && (r[0] + r[1] - 1.0).abs() < 1e-15);
            }

            let (sums, [low, high]) = dispatch!(level, simd => look(simd, eights));
            let mut plain = Sums::new(sums.centre);
            eights.as_flattened().iter().for_each(|x| plain.add(*x, 1.0));
            assert_near(&sums, &plain);
            let looked = eights.as_flattened();
            assert_eq!(low, looked.iter().copied().fold(f64::INFINITY, f64::min));
            assert_eq!(high, looked.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        }
    }
}

#[track_caller]
fn assert_near(ours: &Sums, expected: &Sums) {
    let ours = ours.about(expected.centre);
    let close = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-12 * scale;
    let size = expected.count + expected.second;
    assert!(close(ours.count, expected.count, size), "{ours:?} {expected:?}");
    assert!(close(ours.first, expected.first, size), "{ours:?} {expected:?}");
    assert!(close(ours.second, expected.second, size), "{ours:?} {expected:?}");
}
