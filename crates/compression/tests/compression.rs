//! What the chapter *Compression* claims.

#[path = "../../../tests/common/mod.rs"]
mod common;
use common::{assert_close, random_mixtures};
use compression::{
    Compressed, CompressionError, Guarded, TRUSTED, difference, fit, gradient,
};
use one_pass::Samples;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};

/// Σ_i f(x_i), and the same by points.
fn sums(data: &[f64], points: &Compressed, f: impl Fn(f64) -> f64) -> [f64; 2] {
    let all = data.iter().map(|x| f(*x)).sum();
    [all, points.points().map(|(x, count)| count * f(x)).sum()]
}

/// 300 samples of one bin from −1 to 1, its ends among them, of many kinds: even, in two clumps,
/// lopsided, or few different values.
fn one_bin(kind: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let draw = |rng: &mut ChaCha8Rng| -> f64 {
        let u = rng.random_range(-1.0..1.0);
        match kind % 4 {
            0 => u,
            1 => (0.9 + 0.01 * u).copysign(rng.random_range(-1.0..1.0)),
            2 => u.abs().powi(5) - 0.5,
            _ => (u * 2.0).round() / 2.0,
        }
    };
    let mut data: Vec<f64> = (0..298).map(|_| draw(rng)).collect();
    data.extend([-1.0, 1.0]);
    data
}

/// Law, eq:bin-moments, eq:gauss-rule, eq:gauss-recurrence and eq:gauss-weights: m points in a
/// bin have the first 2m moments of its samples.
#[test]
fn the_points_have_the_moments_of_the_samples() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    for i in 0..240 {
        let data = one_bin(i, &mut rng);
        for m in 1..=4 {
            let points = Compressed::new(&Samples::new(&data).unwrap(), 1, m).unwrap();
            assert!(points.points().len() <= m);
            assert!(points.points().all(|(x, count)| x.abs() <= 1.0 && count > 0.0));
            for p in 0..2 * m as i32 {
                let [all, few] = sums(&data, &points, |x| x.powi(p));
                assert_close(few, all, 300.0 * 1e-14);
            }
        }
    }
}

/// By hand, eq:gauss-rule: an even spread from −1 to 1 gives the points of Gauss and Legendre,
/// 0 and ±√(3/5), which stand for 8/18 and 5/18 of the samples.
#[test]
fn an_even_spread_gives_the_points_of_legendre() {
    let n = 200_000;
    let data: Vec<f64> = (0..=n).map(|i| f64::from(2 * i - n) / f64::from(n)).collect();
    let points = Compressed::new(&Samples::new(&data).unwrap(), 1, 3).unwrap();
    let expected = [(-0.6_f64.sqrt(), 5.0), (0.0, 8.0), (0.6_f64.sqrt(), 5.0)];
    for ((x, count), (value, share)) in points.points().zip(expected) {
        assert_close(x, value, 1e-5);
        assert_close(count / f64::from(n + 1), share / 18.0, 1e-5);
    }
}

/// Law, eq:gauss-error and eq:gauss-bound: what m points miss of Σ f is of the sign of the
/// derivative of order 2m, and below the bound. Here f = exp(sx), whose derivatives are positive.
#[test]
fn the_error_of_the_points_is_below_its_bound() {
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let (mut checked, mut largest) = (0, 0.0_f64);
    for i in 0..240 {
        let (data, s) = (one_bin(i, &mut rng), rng.random_range(0.5..3.0_f64));
        let samples = Samples::new(&data).unwrap();
        for m in 1..=4 {
            let [all, few] =
                sums(&data, &Compressed::new(&samples, 1, m).unwrap(), |x| (s * x).exp());
            let factorial: f64 = (1..=2 * m).map(|i| i as f64).product();
            let highest = s.powi(2 * m as i32) * s.exp();
            let bound =
                300.0 * 4.0 / 16_f64.powi(m as i32) * 2_f64.powi(2 * m as i32) * highest
                    / factorial;
            let rounding = 1e-11;
            assert!(all - few > -rounding && all - few <= bound + rounding);
            checked += usize::from(all - few > rounding);
            largest = largest.max((all - few) / bound);
        }
    }
    assert!(checked > 500, "{checked}");
    assert!(largest > 0.3, "the bound is {largest} of what it might be");
}

/// Law, eq:weighted-em: EM on points that stand for one sample each, or for several equal ones, is
/// EM on the samples.
#[test]
fn points_that_are_the_samples_give_their_step() {
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    for start in random_mixtures(200) {
        // Thirty different values a half apart, each one to five times, each in bins of its own.
        let times: Vec<usize> = (0..30).map(|_| rng.random_range(1..=5)).collect();
        let value = |(i, n): (usize, &usize)| vec![i as f64 / 2.0 - 7.0; *n];
        let data: Vec<f64> = times.iter().enumerate().flat_map(value).collect();
        let points = Compressed::new(&Samples::new(&data).unwrap(), 97, 4).unwrap();
        assert_eq!(points.points().len(), 30);
        for ((_, count), times) in points.points().zip(&times) {
            assert_eq!(count, *times as f64);
        }
        let (log_likelihood, next) = points.step(&start).unwrap();
        let Ok(expected) = e_step::e_step(&data, &start) else { continue };
        let expected = m_step::m_step(&data, &expected).unwrap();
        let value = stability::log_likelihood(&data, &start);
        assert_close(log_likelihood / value, 1.0, 1e-13);
        assert!(difference(&next, &expected) < 1e-11, "{next:?} {expected:?}");
    }
}

/// Oracle: all of a run, its end and its log-likelihood agree with the full data. The notebook's mixture,
/// and one that is slow.
#[test]
fn a_hundred_steps_on_the_points_are_those_on_the_samples() {
    let slow = Mixture::new([(0.3, 0.0, 1.0), (0.3, 2.5, 1.0), (0.4, 5.0, 2.0)]).unwrap();
    let from = Mixture::new([(0.4, -1.0, 2.0), (0.2, 2.0, 2.0), (0.4, 6.0, 2.0)]).unwrap();
    for (truth, start) in [(notebook::truth(), notebook::guess()), (slow, from)] {
        let mut rng = ChaCha8Rng::seed_from_u64(24);
        let data = sample(&truth, 270_000, &mut rng).unwrap();
        let samples = Samples::new(&data).unwrap();
        let mut guarded = Guarded::new(&samples);
        let (mut few, mut all) = (start.clone(), start);
        for _ in 0..100 {
            let (value, next) = guarded.step(&few).unwrap();
            let (expected, full) = one_pass::step(&samples, &all).unwrap();
            assert!(guarded.bins().is_some());
            assert_close(value / expected, 1.0, 1e-13);
            (few, all) = (next, full);
            assert!(difference(&few, &all) < 1e-11, "{}", difference(&few, &all));
        }
    }
}

/// Law, eq:slope-error: over random mixtures and bins, the error of a weight after one step, as a
/// share, is below the estimate; and the estimate is not idle: most errors are above a hundredth of it.
#[test]
fn the_estimate_covers_the_error_of_a_step() {
    let mut rng = ChaCha8Rng::seed_from_u64(25);
    let (mut worst, mut checked, mut near) = (0.0_f64, 0, 0);
    for truth in random_mixtures(240) {
        let data = sample(&truth, 4000, &mut rng).unwrap();
        let samples = Samples::new(&data).unwrap();
        let moved = |c: &Component| Component {
            mean: c.mean + 0.3,
            variance: 1.2 * c.variance,
            ..*c
        };
        let start = Mixture::new(truth.components().iter().map(moved)).unwrap();
        let full = one_pass::step(&samples, &start).unwrap().1;
        for (bins, points) in [(128, 2), (64, 3), (256, 3), (64, 4), (128, 4)] {
            let points = Compressed::new(&samples, bins, points).unwrap();
            let estimate = points.error(&start);
            let next = points.step(&start).unwrap().1;
            let pairs = next.components().iter().zip(full.components());
            let error =
                pairs.map(|(a, b)| (a.weight / b.weight - 1.0).abs()).fold(0.0, f64::max);
            if estimate.is_finite() && estimate > 1e-12 {
                checked += 1;
                worst = worst.max(error / estimate);
                near += usize::from(error > 0.01 * estimate);
            }
        }
    }
    assert!(checked > 500, "{checked}");
    assert!(worst < 0.7, "{worst}");
    assert!(2 * near > checked, "{near} of {checked}");
}

/// By hand, eq:membership-slopes: the derivatives of a membership are u^n r times a polynomial in r
/// that is 1 at 0, and for n = 2m and r up to ½ not above 1, 1, 1.3 and 6.5; and that of order 2 is
/// found by differences.
#[test]
fn the_slopes_of_a_membership_are_polynomials() {
    let mut over_r = vec![1.0]; // of degree 0, 1, … in r, for the derivative of order 0
    let mut largest = vec![];
    for order in 1..=8 {
        // (r P(r))′ r (1 − r) = r (P + r P′)(1 − r)
        let inner: Vec<f64> = (1..).zip(&over_r).map(|(i, c)| f64::from(i) * c).collect();
        let less = [0.0].iter().chain(&inner);
        over_r = inner.iter().chain(&[0.0]).zip(less).map(|(a, b)| a - b).collect();
        let value = |r: f64| over_r.iter().rev().fold(0.0, |sum, c| sum * r + c);
        assert_eq!(value(0.0), 1.0);
        if order % 2 == 0 {
            let places = (0..=5000).map(|i| value(f64::from(i) / 1e4).abs());
            largest.push(places.fold(0.0, f64::max));
        }
        if order == 2 {
            let r = |x: f64| 1.0 / (1.0 + (-3.0 * x).exp());
            let bend = (r(0.2 + 1e-4) - 2.0 * r(0.2) + r(0.2 - 1e-4)) / 1e-8;
            assert_close(bend, 9.0 * r(0.2) * value(r(0.2)), 1e-5);
        }
    }
    for (largest, [low, high]) in
        largest.iter().zip([[1.0, 1.0], [1.0, 1.0], [1.2, 1.3], [6.4, 6.5]])
    {
        assert!((low..=high).contains(largest), "{largest}");
    }
}

/// Law, eq:gradient-left: the gradient is that of the log-likelihood, by differences.
#[test]
fn the_gradient_is_that_of_the_log_likelihood() {
    let mut rng = ChaCha8Rng::seed_from_u64(26);
    let data = sample(&notebook::truth(), 300, &mut rng).unwrap();
    let samples = Samples::new(&data).unwrap();
    for start in random_mixtures(200) {
        let slope = |k: usize, p: usize| {
            let value = |h: f64| {
                let mut c = start.components().to_vec();
                match p {
                    0 => {
                        let total = 1.0 + c[k].weight * (h.exp() - 1.0); // the logit of π_k by h
                        c[k].weight *= h.exp();
                        c.iter_mut().for_each(|c| c.weight /= total);
                    }
                    1 => c[k].mean += h * c[k].variance.sqrt(),
                    _ => c[k].variance *= h.exp(),
                }
                stability::log_likelihood(&data, &Mixture::new(c).unwrap())
            };
            (value(1e-5) - value(-1e-5)) / 2e-5 / 300.0
        };
        let k = start.components().len();
        let slopes = (0..k).flat_map(|k| [slope(k, 0), slope(k, 1), slope(k, 2)]);
        let expected = slopes.map(|s| s * s).sum::<f64>().sqrt();
        let (_, next) = one_pass::step(&samples, &start).unwrap();
        assert_close(gradient(&start, &next) / expected, 1.0, 1e-6);
    }
}

/// 270 000 samples with something at the end.
fn with(more: &[f64]) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(27);
    let mut data = sample(&notebook::truth(), 270_000 - more.len(), &mut rng).unwrap();
    data.extend(more);
    data
}

/// The bins of each step, and how far it is from the same step by all samples.
fn followed(data: &[f64], start: Mixture, steps: usize) -> Vec<Option<usize>> {
    let samples = Samples::new(data).unwrap();
    let mut guarded = Guarded::new(&samples);
    let mut mixture = start;
    let mut bins = vec![];
    for step in 0..steps {
        let next = guarded.step(&mixture);
        let expected = one_pass::step(&samples, &mixture);
        bins.push(guarded.bins());
        let (Ok((value, next)), Ok((all, expected))) = (&next, &expected) else {
            assert_eq!(next.unwrap_err(), expected.unwrap_err());
            break;
        };
        assert_close(value / all, 1.0, 1e-12);
        assert!(
            difference(next, expected) < 1e-11,
            "step {step}: {}",
            difference(next, expected)
        );
        mixture = next.clone();
    }
    bins
}

/// Samples of few different values and of many, and the same far from 0.
fn kinds() -> Vec<(String, Vec<f64>)> {
    let mut rng = ChaCha8Rng::seed_from_u64(28);
    let plain: Vec<f64> = sample(&notebook::truth(), 70_000, &mut rng).unwrap();
    let rounded = |to: f64| plain.iter().map(|x| (x * to).round() / to).collect();
    let run = |i: usize| [0.0, 0.1, 0.1, 3.7][i * 4 / plain.len()];
    let to_32 = |data: Vec<f64>| -> Vec<f64> {
        // So that 256 bins are an eighth wide, and every fifth tenth lies at an edge.
        data.iter().map(|x| x.max(0.0)).chain([0.0, 32.0]).collect()
    };
    let noise = |x: &f64| x.round() + 1e-14 * x;
    let two = |i: usize| (i % 2) as f64 / 10.0;
    let near = [
        ("integers", rounded(1.0)),
        ("eighths", rounded(8.0)),
        ("tenths", to_32(rounded(10.0))),
        ("runs", (0..plain.len()).map(run).collect()),
        ("0 and 0.1, and 32", to_32((0..plain.len()).map(two).collect())),
        ("integers with noise", plain.iter().map(noise).collect()),
        ("ties", plain.iter().map(|x| if *x > 5.0 { 5.5 } else { *x }).collect()),
        ("all different", plain.clone()),
    ];
    let moved = |(name, data): &(&str, Vec<f64>), by: f64| {
        (format!("{name}, {by:e} added"), data.iter().map(|x| x + by).collect())
    };
    [0.0, 1e8, 1e12]
        .iter()
        .flat_map(|by| near.iter().map(|kind| moved(kind, *by)))
        .collect()
}

/// Law, eq:gauss-rule: whatever the samples, and in bins of any width, the points are inside the range
/// and stand for all samples, with their mean and variance to the rounding of a bin.
#[test]
fn no_sample_is_lost_or_counted_twice() {
    for (name, data) in kinds() {
        let samples = Samples::new(&data).unwrap();
        let all = samples.sums().component(data.len());
        let one = Mixture::new([(1.0, all.mean, all.variance)]).unwrap();
        let [low, high] = samples.range();
        for (bins, points) in (1..=4).flat_map(|m| [1, 7, 256, 1000].map(|bins| (bins, m)))
        {
            let few = Compressed::new(&samples, bins, points).unwrap();
            assert!(few.points().all(|(x, n)| low <= x && x <= high && n > 0.0), "{name}");
            let total: f64 = few.points().map(|(_, count)| count).sum();
            assert_close(total / data.len() as f64, 1.0, 1e-14); // a sum of thousands
            if (bins, points) == (1, 1) {
                continue; // no spread
            }
            let c = few.step(&one).unwrap().1.components()[0];
            let size = (high - low) / bins as f64 + all.variance.sqrt();
            let mean = 2e-13 * size + f64::EPSILON * all.mean.abs();
            assert!((c.mean - all.mean).abs() <= mean, "{name}, {bins}, {points}: {c:?}");
            if points > 1 {
                let off = c.variance - all.variance;
                assert!(
                    off.abs() <= 2e-13 * size * size,
                    "{name}, {bins}, {points}: {c:?}"
                );
            }
        }
    }
}

/// Edge: tenths, nine of ten of them next to 0. In a bin of two values, one at its edge, a polynomial
/// that is rounding and nothing else once counted samples that are none; the guarded step is that of
/// the samples.
#[test]
fn few_values_in_a_bin_give_the_step_of_the_samples() {
    let mut rng = ChaCha8Rng::seed_from_u64(29);
    let mut tenth = || {
        let mean = if rng.random::<f64>() < 0.9 { 0.1 } else { 6.0 };
        let x = -mean * (1.0 - rng.random::<f64>()).ln();
        (10.0 * x.min(32.0)).round() / 10.0
    };
    let mut data: Vec<f64> = (0..400_000).map(|_| tenth()).collect();
    data[..2].copy_from_slice(&[0.0, 32.0]);
    let start = Mixture::new([(0.5, 0.5, 1.0), (0.5, 6.0, 36.0)]).unwrap();
    assert_eq!(followed(&data, start, 1), [Some(256)]);
}

/// Edge: an outlier makes the bins of the range too wide, and finer ones are made.
#[test]
fn an_outlier_is_noticed_and_the_bins_are_refined() {
    assert_eq!(followed(&with(&[]), notebook::guess(), 3), [Some(256); 3]);
    assert_eq!(followed(&with(&[150.0]), notebook::guess(), 3), [Some(1024); 3]);
}

/// Edge: where no bins will do, all the samples are taken: an outlier at 10⁶ deviations.
#[test]
fn a_range_of_a_million_deviations_takes_the_samples() {
    assert_eq!(followed(&with(&[1e6]), notebook::guess(), 3), [None; 3]);
    assert_eq!(
        followed(&with(&[1e150, -1e150]), Mixture::new([(1.0, 0.0, 1e300)]).unwrap(), 1),
        [Some(256)]
    );
}

/// Edge: a component that narrows down to two samples is followed by finer bins; one that falls
/// upon one value, by all the samples, and ends with the error that they give.
#[test]
fn a_collapse_is_noticed_on_the_way() {
    let start = || Mixture::new([(0.5, 3.5, 8.0), (0.5, 20.0, 1.0)]).unwrap();
    let bins = followed(&with(&[20.0, 20.2]), start(), 10);
    assert_eq!((bins[0], bins[9]), (Some(256), Some(1024)));
    let bins = followed(&with(&[20.0; 3]), start(), 10);
    assert_eq!((bins[0], *bins.last().unwrap()), (Some(256), None));
    assert!(bins.len() < 10); // refused
}

/// Edge: memberships that change within a bin, because both means lie far from all samples, are
/// noticed although the variances are wide.
#[test]
fn a_steep_membership_is_noticed() {
    let bins = followed(
        &with(&[]),
        Mixture::new([(0.5, -200.0, 1.0), (0.5, 207.0, 1.0)]).unwrap(),
        4,
    );
    assert_eq!(bins[0], None);
    assert!(bins[3].is_some());
}

/// Edge: a component so far out that it owns next to nothing has its numbers from a few samples,
/// and the points are asked whether they are exact enough for it.
#[test]
fn a_component_that_owns_next_to_nothing_is_no_excuse() {
    for (mean, variance) in [(25.0, 0.2), (25.0, 1.0), (-9.0, 0.1), (40.0, 1.0)] {
        let bins = followed(
            &with(&[]),
            Mixture::new([(0.5, 3.5, 8.0), (0.5, mean, variance)]).unwrap(),
            3,
        );
        assert_ne!(bins[0], Some(256));
    }
}

/// Edge: a component beyond all numbers makes the estimate no number, which is no reason to trust it.
#[test]
fn an_error_that_is_no_number_is_infinite() {
    let data = with(&[]);
    let points = Compressed::new(&Samples::new(&data).unwrap(), 1024, 4).unwrap();
    let third = |mean| (1.0 / 3.0, mean, 1.0);
    let far = Mixture::new([third(-200.0), third(207.0), third(1e40)]).unwrap();
    assert_eq!(points.error(&far), f64::INFINITY);
    let alone = Mixture::new([(1.0, 1e160, 1.0)]).unwrap(); // and a step without an answer
    assert_eq!(points.error(&alone), f64::INFINITY);
}

/// By hand: what the page says of its samples and of two distant means.
#[test]
fn numbers_of_the_page() {
    let mut rng = ChaCha8Rng::seed_from_u64(notebook::SEED);
    let data = sample(&notebook::truth(), 280_000, &mut rng).unwrap();
    let [low, high] = Samples::new(&data).unwrap().range();
    assert_close(high - low, 18.25, 0.005);
    assert_close(((high - low) / 64.0).powi(2) / 12.0, 0.0068, 5e-5);
    assert_close((100.0 - low) / (high - low), 5.7, 0.05);
}

/// Edge: an offset of 10⁸ leaves the digits that the samples have.
#[test]
fn an_offset_changes_nothing_but_the_last_digits() {
    let near: Vec<f64> = with(&[]).iter().map(|x| (x * 1024.0).round() / 1024.0).collect();
    let far: Vec<f64> = near.iter().map(|x| x + 1e8).collect();
    let moved = |c: &Component| Component { mean: c.mean + 1e8, ..*c };
    let start = notebook::guess();
    let far_start = Mixture::new(start.components().iter().map(moved)).unwrap();
    let run = |data: &[f64], start| {
        let samples = Samples::new(data).unwrap();
        Compressed::new(&samples, 512, 4).unwrap().em(start).nth(10).unwrap().unwrap()
    };
    let (near, far) = (run(&near, start), run(&far, far_start));
    for (a, b) in near.components().iter().zip(far.components()) {
        assert_close(b.mean - 1e8, a.mean, 1e-7);
        assert_close(b.variance / a.variance, 1.0, 1e-7);
    }
}

/// Edge: a mean so far away that its distance overflows is an error, and no panic.
#[test]
fn a_distance_that_overflows_is_an_error() {
    let data: Vec<f64> = (0..1000).map(|i| -1e308 * (1.0 + f64::from(i) / 1e4)).collect();
    let points = Compressed::new(&Samples::new(&data).unwrap(), 16, 4).unwrap();
    let far = Mixture::new([(0.5, 1e308, 1.0), (0.5, 1.5e308, 1.0)]).unwrap();
    assert!(points.step(&far).is_err() && points.pass(&far).is_err());
    assert_eq!(points.error(&far), f64::INFINITY);
    assert!(points.trusted_pass(&far, 1.0).is_none());
}

/// Edge: at 10¹² numbers stand 1e-4 apart, points do not: a step is that of the samples, its means
/// to the nearest number.
#[test]
fn points_far_from_zero_keep_their_digits() {
    let start = |by: f64| {
        let c = notebook::guess().components().to_vec();
        Mixture::new(c.iter().map(|c| Component { mean: c.mean + by, ..*c })).unwrap()
    };
    for by in [1e8, 1e12, -1e12] {
        let data: Vec<f64> = with(&[]).iter().map(|x| x + by).collect();
        let samples = Samples::new(&data).unwrap();
        let mut guarded = Guarded::new(&samples);
        let (value, next) = guarded.step(&start(by)).unwrap();
        let (sums, all) = (
            guarded.pass(&start(by), TRUSTED).unwrap().1,
            one_pass::pass(&samples, &start(by)),
        );
        assert_eq!(guarded.bins(), Some(256));
        let (expected, full) = one_pass::step(&samples, &start(by)).unwrap();
        assert_close(value / expected, 1.0, 1e-13);
        for (a, b) in next.components().iter().zip(full.components()) {
            assert_close(a.weight / b.weight, 1.0, 1e-11);
            assert_close(a.variance / b.variance, 1.0, 1e-11);
            assert!((a.mean - b.mean).abs() <= f64::EPSILON * by.abs());
        }
        for (a, b) in sums.iter().zip(all.unwrap().1) {
            let b = b.about(a.centre);
            assert_close(a.count / b.count, 1.0, 1e-11);
            assert_close(a.second / b.second, 1.0, 1e-11);
        }
    }
}

/// Edge: one sample, equal samples, tiny and huge ones, fewer samples than points, many components.
#[test]
fn extreme_samples_give_their_moments() {
    for data in [
        vec![3.0],
        vec![3.0; 1000],
        vec![1e150, -1e150, 3e149],
        vec![1e-150, 2e-150, 4e-150],
        vec![-1.0, 1.0 - f64::EPSILON, 1.0],
    ] {
        let samples = Samples::new(&data).unwrap();
        let all = samples.sums().component(data.len());
        for (bins, points) in [(1, 4), (256, 4), (1000, 1)] {
            let points = Compressed::new(&samples, bins, points).unwrap();
            let one = Mixture::new([(1.0, all.mean, all.variance.max(1e-300))]).unwrap();
            if data.len() > 1 && all.variance > 0.0 {
                let next = points.step(&one).unwrap().1.components()[0];
                assert_close(
                    next.mean,
                    all.mean,
                    1e-14 * all.mean.abs().max(all.variance.sqrt()),
                );
                if bins == 256 {
                    assert_close(next.variance / all.variance, 1.0, 1e-13);
                }
            } else {
                assert_eq!(points.points().collect::<Vec<_>>(), [(3.0, data.len() as f64)]);
                let error = points.step(&one).unwrap_err().to_string();
                assert_eq!(
                    error,
                    "M-step: component 0 has collapsed on the point 3.0: its variance is 0.0"
                );
            }
        }
    }
    let many: Vec<_> = (0..64).map(|k| (1.0 / 64.0, f64::from(k), 0.5)).collect();
    let data: Vec<f64> = (0..270_000).map(|i| f64::from(i % 6401) / 100.0).collect();
    assert_eq!(followed(&data, Mixture::new(many).unwrap(), 2), [Some(1024); 2]);
}

/// Edge: what is no answer is an error that says why.
#[test]
fn errors_name_the_value() {
    let samples = Samples::new(&[0.0, 1.0]).unwrap();
    let message =
        |bins, points| Compressed::new(&samples, bins, points).unwrap_err().to_string();
    for bins in [0, (1 << 20) + 1, 1 << 40, usize::MAX] {
        let words = format!("{bins} bins were asked for: there can be 1 to 1048576");
        assert_eq!(message(bins, 3), words);
    }
    let points = "points a bin were asked for: eight moments determine 1 to 4";
    assert_eq!(message(10, 0), format!("0 {points}"));
    assert_eq!(message(10, 5), format!("5 {points}"));
    for [low, high] in [[-1e308, 1e308], [0.0, 5e-324]] {
        let data = [low, high];
        let error = Compressed::new(&Samples::new(&data).unwrap(), 10, 3).unwrap_err();
        assert_eq!(error, CompressionError::Width { bins: 10, low, high });
        let words =
            format!("10 bins between {low:e} and {high:e} have no width in 64-bit numbers");
        assert_eq!(error.to_string(), words);
    }
    let error = |tolerance| fit(&samples, notebook::guess(), tolerance, 1).unwrap_err();
    assert_eq!(
        error(-1.0).to_string(),
        "the tolerance is -1: a tolerance is 0 or more, and finite"
    );
    assert!(matches!(error(f64::NAN), CompressionError::Tolerance { .. }));
    let points = Compressed::new(&samples, 2, 1).unwrap();
    let error =
        points.step(&Mixture::new([(1.0, 1e200, 1.0)]).unwrap()).unwrap_err().to_string();
    assert!(error.starts_with("E-step: sample 0, "), "{error}");
    let error = points
        .step(&Mixture::new([(1.0, 0.0, 1.0), (0.0, 1.0, 1.0)]).unwrap())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "M-step: component 1 owns nothing: its effective count is 0"
    );
    let error = Samples::new(&[1.0, f64::NAN]).unwrap_err().to_string();
    assert_eq!(error, "sample 1 is NaN: a sample is a finite number");
}

/// Law: the points are the same, bit for bit, on any number of threads.
#[test]
fn threads_do_not_change_a_bit() {
    let data = with(&[]);
    let samples = Samples::new(&data).unwrap();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Compressed::new(&samples, 100, 4).unwrap())
    };
    let one = on(1);
    assert!([2, 3, 8].into_iter().all(|threads| on(threads) == one));
}

/// Law: a fit ends with the gradient and the log-likelihood of all samples.
#[test]
fn a_fit_ends_with_all_samples() {
    let data = with(&[]);
    let samples = Samples::new(&data).unwrap();
    let fit = fit(&samples, notebook::guess(), 1e-10, 1000).unwrap();
    assert!(fit.left <= 1e-10 && fit.full == 0 && fit.steps < 300, "{fit:?}");
    let (value, next) = one_pass::step(&samples, &fit.mixture).unwrap();
    assert_eq!((fit.log_likelihood, fit.left), (value, gradient(&fit.mixture, &next)));
    let few = Samples::new(&data[..1000]).unwrap();
    let fit = compression::fit(&few, notebook::guess(), 1e-10, 1000).unwrap();
    assert_eq!(fit.full, fit.steps); // too few to compress
    let fit = compression::fit(&few, notebook::guess(), 0.0, 3).unwrap();
    assert!(fit.left > 0.0 && fit.steps == 3); // out of steps
    let fit = compression::fit(&samples, notebook::guess(), 2e-16, 400).unwrap();
    assert!(fit.left <= 2e-16 || fit.steps == 400); // less than the points can tell
}
