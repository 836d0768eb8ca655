//! What the chapter *Start* claims.

mod common;
use common::{assert_close, mean, random_mixtures, variance};
use datasets::old_faithful;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng, seq::SliceRandom};
use rate::{Information, differences};
use sampling::{Mixture, sample};
use stability::{Cure, em, log_likelihood};
use start::{StartError, k_means_plus_plus, quantiles, random};

/// 200 small problems: 60 samples, a number of components, and a generator for the starts.
fn samples() -> impl Iterator<Item = (Vec<f64>, usize, ChaCha8Rng)> {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    random_mixtures(200).into_iter().map(move |mixture| {
        let data = sample(&mixture, 60, &mut rng).unwrap();
        let k = rng.random_range(1..=4);
        (data, k, ChaCha8Rng::seed_from_u64(rng.random_range(0..1_000_000)))
    })
}

fn means(mixture: &Mixture) -> Vec<f64> {
    mixture.components().iter().map(|c| c.mean).collect()
}

/// Law, eq:symmetric: two of three components are the same and stay so, to the last bit.
// ANCHOR: symmetric
#[test]
fn symmetric_in_symmetric_out() {
    let mut checked = 0;
    for (data, _, mut rng) in samples() {
        let (x, y) = (rng.random_range(-9.0..9.0), rng.random_range(-9.0..9.0));
        let start = Mixture::new([(0.25, x, 2.0), (0.5, y, 3.0), (0.25, x, 2.0)]).unwrap();
        for after in em(&data, start, Cure::Floor(1e-3)).take(30).map_while(Result::ok) {
            assert_eq!(after.components()[0], after.components()[2]);
            checked += 1;
        }
    }
    assert!(checked > 5000);
}
// ANCHOR_END: symmetric

/// Law, eq:symmetric: with weights that differ, only the shares differ, in the same proportion.
/// One step: after many, the rounding has grown enough to part them.
#[test]
fn weights_alone_part_no_components() {
    let mut checked = 0;
    for (data, _, mut rng) in samples() {
        let (x, y) = (rng.random_range(-9.0..9.0), rng.random_range(-9.0..9.0));
        let start = Mixture::new([(0.2, x, 2.0), (0.5, y, 3.0), (0.3, x, 2.0)]).unwrap();
        let after = em(&data, start, Cure::Floor(1e-3)).nth(1).unwrap();
        let Ok(after) = after else { continue };
        let [a, _, b] = after.components() else { panic!("three components") };
        assert_close(a.mean, b.mean, 1e-12);
        assert_close(a.variance, b.variance, 1e-12 * a.variance.max(1.0));
        assert_close(b.weight, 1.5 * a.weight, 1e-14);
        checked += 1;
    }
    assert!(checked > 190);
}

/// Law, eq:one-normal: when all are the same, one step makes each the one-normal fit.
#[test]
fn identical_components_are_the_one_normal_fit_after_one_step() {
    for (data, k, mut rng) in samples() {
        let same = (1.0 / k as f64, rng.random_range(-9.0..9.0), 2.0);
        let fit = em(&data, Mixture::new(vec![same; k]).unwrap(), Cure::Refuse)
            .nth(1)
            .unwrap()
            .unwrap();
        for c in fit.components() {
            assert_close(c.mean, mean(&data), 1e-11);
            assert_close(c.variance, variance(&data), 1e-10 * variance(&data));
        }
        let n = data.len() as f64;
        let expected = -0.5 * n * ((std::f64::consts::TAU * variance(&data)).ln() + 1.0);
        assert_close(log_likelihood(&data, &fit), expected, 1e-9);
    }
}

/// Oracle, eq:one-normal: the number for Old Faithful.
#[test]
fn the_trap_on_old_faithful_has_the_log_likelihood_of_one_normal() {
    let data = old_faithful();
    let n = data.len() as f64;
    assert_eq!(n, 272.0);
    let value = -0.5 * n * ((std::f64::consts::TAU * variance(&data)).ln() + 1.0);
    assert_close(value, -1095.2888, 5e-5);
    assert_eq!(data.iter().filter(|x| **x == 78.0).count(), 15);
    let mut different = data;
    different.sort_by(f64::total_cmp);
    different.dedup();
    assert_eq!(different.len(), 51);
}

/// Oracle: the first eruptions are those of October 1980 in `oldfaith` of the R packages alr3 and
/// alr4, which has the durations in seconds.
#[test]
fn the_eruptions_of_old_faithful_begin_as_those_of_october_1980() {
    let october = [(216, 79), (108, 54), (200, 74), (137, 62), (272, 85), (173, 55)];
    let rows = include_str!("../data/old_faithful.csv").lines().skip(1);
    for (row, (seconds, wait)) in rows.zip(october) {
        let (minutes, waiting) = row.split_once(',').unwrap();
        assert_close(minutes.parse().unwrap(), f64::from(seconds) / 60.0, 5e-4);
        assert_eq!(waiting.parse(), Ok(wait));
    }
    assert_eq!(old_faithful()[..6], october.map(|(_, wait)| f64::from(wait)));
}

/// Law, eq:saddle: with any weights and any number of identical components, by the information
/// and by differences of steps.
#[test]
fn the_trap_is_a_saddle_when_the_samples_are_skewed() {
    let mut checked = 0;
    for (data, k, mut rng) in samples() {
        let k = k.max(2);
        let (at, s2) = (mean(&data), variance(&data));
        let shares: Vec<f64> = (0..k).map(|_| rng.random_range(0.2..1.0)).collect();
        let share = |w: &f64| (w / shares.iter().sum::<f64>(), at, s2);
        let trap = Mixture::new(shares.iter().map(share)).unwrap();
        let power = |p| {
            mean(&data.iter().map(|x| ((x - at) / s2.sqrt()).powi(p)).collect::<Vec<_>>())
        };
        let (gamma, kappa) = (power(3), power(4));

        let information = Information::new(data.iter().map(|x| (*x, 1.0)), &trap).unwrap();
        let steps = differences(&data, &trap).unwrap();
        for (formula, moved) in information.derivative().iter().zip(&steps) {
            for (f, m) in formula.iter().zip(moved) {
                assert_close(*f, *m, 1e-5 * (1.0 + f.abs()));
            }
        }
        let rates = information.rates();
        assert_eq!(rates.len(), 3 * k - 1);
        let [low, high] = [-1.0, 1.0].map(|sign| {
            let half = (kappa - 3.0) / 4.0;
            1.0 + half + sign * (half * half + gamma * gamma / 2.0).sqrt()
        });
        assert_close((high - 1.0) * (low - 1.0), -gamma * gamma / 2.0, 1e-12);
        // K - 1 differences, each with two rates; K - 1 free weights; two directions forgotten.
        let mut expected = vec![0.0; 2];
        (1..k).for_each(|_| expected.extend([low, 1.0, high]));
        expected.sort_by(|a, b| b.total_cmp(a));
        for (rate, expected) in rates.iter().zip(expected) {
            assert_close(*rate, expected, 1e-9);
        }
        checked += usize::from(rates[0] > 1.01);
    }
    assert!(checked > 150, "{checked}");
}

/// By hand, eq:saddle: a millionth of a minute grows to a minute in 120 steps.
#[test]
fn two_means_a_millionth_apart_take_120_steps_to_a_minute() {
    let data = old_faithful();
    let (at, s2) = (mean(&data), variance(&data));
    let start = Mixture::new([(0.5, at - 5e-7, s2), (0.5, at + 5e-7, s2)]).unwrap();
    let apart = |m: &Mixture| m.components()[1].mean - m.components()[0].mean;
    let mut run = em(&data, start, Cure::Refuse).map(Result::unwrap);
    let steps = run.position(|m| apart(&m) > 1.0).unwrap();
    assert_eq!(steps, 120);
}

/// By hand, eq:quantile-start: five different samples, two components.
#[test]
fn quantiles_by_hand() {
    let start = quantiles(&[8.0, 0.0, 2.0, 4.0, 4.0, 6.0], 2).unwrap();
    // (k + ½)/2 of the way over 0, 2, 4, 6, 8: three quarters after the first, and before the last.
    assert_eq!(means(&start), [1.5, 6.5]);
    let s2 = variance(&[8.0, 0.0, 2.0, 4.0, 4.0, 6.0]);
    for c in start.components() {
        assert_eq!(c.weight, 0.5);
        assert_close(c.variance, s2 / 4.0, 1e-14);
    }
}

/// Law, eq:quantile-start.
#[test]
fn permuting_the_data_changes_no_quantile_start() {
    for (mut data, k, mut rng) in samples() {
        let before = quantiles(&data, k).unwrap();
        data.shuffle(&mut rng);
        let after = quantiles(&data, k).unwrap();
        assert_eq!(means(&before), means(&after));
        for (b, a) in before.components().iter().zip(after.components()) {
            assert_close(a.variance, b.variance, 1e-13 * b.variance);
        }
    }
}

/// Law, eq:quantile-start: it moves and stretches with the data; mirrored, it comes out in
/// reverse.
#[test]
fn a_quantile_start_moves_and_stretches_with_the_data() {
    for (data, k, _) in samples() {
        let before = quantiles(&data, k).unwrap();
        for (scale, shift) in [(3.0, -7.0), (-0.5, 2.0)] {
            let moved: Vec<f64> = data.iter().map(|x| scale * x + shift).collect();
            let mut after = quantiles(&moved, k).unwrap().components().to_vec();
            if scale < 0.0 {
                after.reverse();
            }
            for (b, a) in before.components().iter().zip(after) {
                assert_close(a.mean, scale * b.mean + shift, 1e-11);
                assert_close(a.variance, scale * scale * b.variance, 1e-10 * a.variance);
            }
        }
    }
}

/// Edge, eq:quantile-start: where numbers stand an eighth apart and samples next to each other, no two
/// means are equal, and their order is that of the quantiles.
#[test]
fn quantiles_far_from_0_differ() {
    let data: Vec<f64> = (0..100).map(|i| 1e15 + 0.125 * f64::from(i)).collect();
    for k in 1..=100 {
        let means = means(&quantiles(&data, k).unwrap());
        assert!(means.windows(2).all(|pair| pair[0] < pair[1]), "{k}: {means:?}");
    }
}

/// Law, eq:one-center: the cost of a mean drawn from the samples is twice the least, on average.
#[test]
fn a_sample_is_on_average_twice_as_costly_a_center_as_the_mean() {
    for (data, _, _) in samples() {
        let cost = |center: f64| data.iter().map(|x| (x - center).powi(2)).sum::<f64>();
        let costs: Vec<f64> = data.iter().map(|x| cost(*x)).collect();
        let least = cost(mean(&data));
        assert_close(mean(&costs), 2.0 * least, 1e-11 * least);
    }
}

/// By hand, eq:d-squared: samples at 0, 1 and 3.
#[test]
fn k_means_plus_plus_chooses_by_squared_distances() {
    let (draws, rng) = (30_000, &mut ChaCha8Rng::seed_from_u64(2));
    let mut counts = [[0.0; 4]; 4];
    for _ in 0..draws {
        let start = k_means_plus_plus(&[0.0, 1.0, 3.0], 2, rng).unwrap();
        let [a, b] = means(&start)[..] else { panic!("two means") };
        counts[a as usize][b as usize] += 1.0;
    }
    let n = f64::from(draws);
    for (a, b, share) in [
        (0, 1, 1.0 / 10.0),
        (0, 3, 9.0 / 10.0),
        (1, 0, 1.0 / 5.0),
        (1, 3, 4.0 / 5.0),
        (3, 0, 9.0 / 13.0),
        (3, 1, 4.0 / 13.0),
    ] {
        let p: f64 = share / 3.0;
        assert_close(counts[a][b] / n, p, 5.0 * (p * (1.0 - p) / n).sqrt());
    }
}

/// Law, eq:d-squared: the means are samples, and no two are equal, however many ties there are.
#[test]
fn drawn_starts_have_different_samples_for_means() {
    for (data, k, mut rng) in samples() {
        let rounded: Vec<f64> = data.iter().map(|x| (0.2 * x).round()).collect();
        for data in [data, rounded] {
            let starts =
                [k_means_plus_plus(&data, k, &mut rng), random(&data, k, &mut rng)];
            for start in starts {
                let Ok(start) = start else { continue }; // rounded to fewer than K
                let mut means = means(&start);
                assert!(means.iter().all(|mean| data.contains(mean)));
                means.sort_by(f64::total_cmp);
                assert!(means.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }
    }
}

/// By hand: the two maxima of the map, and what lies on its diagonal.
#[test]
fn the_start_decides_which_two_of_three_groups_share_a_component() {
    let data = datasets::start::three_groups();
    let end = |a, b| {
        let start = Mixture::new([(0.5, a, 4.0), (0.5, b, 4.0)]).unwrap();
        em(&data, start, Cure::Refuse).nth(500).unwrap().unwrap()
    };
    for (starts, value, ends) in [
        ((2.0, 10.0), -261.5, (2.5, 10.0)), // between 0 and 4.5, and 10
        ((0.0, 7.0), -269.5, (0.0, 6.2)),   // 0, and between 4.5 and 10
        ((6.0, 6.0), -280.5, (4.8, 4.8)),
    ] {
        let fit = end(starts.0, starts.1);
        assert_close(log_likelihood(&data, &fit), value, 0.05);
        assert_close(means(&fit)[0], ends.0, 0.3);
        assert_close(means(&fit)[1], ends.1, 0.3);
    }
}

#[test]
fn a_start_refuses_what_has_none() {
    use StartError::*;
    let starts = |data: &[f64], k| {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        [quantiles(data, k), k_means_plus_plus(data, k, rng), random(data, k, rng)]
    };
    let refused = |data: &[f64], k, error: StartError, message: &str| {
        for start in starts(data, k) {
            assert_eq!(start, Err(error));
            assert_eq!(error.to_string(), message);
        }
    };
    refused(&[], 2, NoSamples, "there are no samples");
    refused(
        &[1.0, 2.0],
        0,
        NoComponents,
        "0 components were asked for: a mixture needs at least 1",
    );
    refused(
        &[1.0, f64::INFINITY],
        1,
        NotFinite { sample: 1, value: f64::INFINITY },
        "sample 1 is inf: a sample is a finite number",
    );
    refused(
        &[7.0; 5],
        2,
        Constant { value: 7.0 },
        "all samples are 7: there is no spread to start from",
    );
    refused(
        &[1.0, 1.0, 2.0, 3.0],
        4,
        TooFew { distinct: 3, components: 4 },
        "there are 3 different samples for 4 components: each needs one of its own",
    );
    for start in starts(&[f64::NAN, 1.0], 1) {
        assert!(matches!(start, Err(NotFinite { sample: 0, .. })));
    }
    for start in starts(&[1e200, -1e200, 3.0], 2) {
        let message = start.unwrap_err().to_string();
        assert!(message.starts_with("the start is no mixture: the variance"), "{message}");
    }
    // The closest and the farthest that there are.
    for start in starts(&[0.0, 1e-300, 1.0], 3) {
        assert_eq!(means(&start.unwrap()).len(), 3);
    }
}
