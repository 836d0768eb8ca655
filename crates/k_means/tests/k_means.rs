//! What the chapter *k-means* claims.

#[path = "../../../tests/common/mod.rs"]
mod common;

use bound::{gap, lower_bound};
use common::{assert_close, groups_apart, mean, random_mixtures, variance};
use datasets::galaxies;
use e_step::{EStepError, Memberships};
use em::{EmError, em, log_likelihood};
use k_means::{
    KMeansError, classification_em, cost, labels, lloyd, optimum, soft_cost, soft_step,
};
use m_step::{MStepError, m_step};
use notebook::{STANDARD_ERRORS, data, guess, truth};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample, sample_counts};
use stability::e_step;
use start::k_means_plus_plus;

/// Samples from one to four groups, and as many starting centres among them.
fn problems() -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let problem = |mixture: &Mixture| {
        let data = sample(mixture, 60, &mut rng).unwrap();
        let k = mixture.components().len();
        let centres = (0..k).map(|_| data[rng.random_range(0..60)]).collect();
        (data, centres)
    };
    random_mixtures(200).iter().map(problem).collect()
}

/// Weights 1/K and this variance everywhere.
fn alike(means: &[f64], variance: f64) -> Mixture {
    Mixture::new(means.iter().map(|m| (1.0 / means.len() as f64, *m, variance))).unwrap()
}

/// By hand, eq:label: the largest membership wins, and of equal ones the first.
#[test]
fn a_label_is_the_most_probable_component() {
    let r = vec![
        vec![0.2, 0.4, 0.25, 0.0],
        vec![0.5, 0.4, 0.25, 0.0],
        vec![0.3, 0.2, 0.5, 1.0],
    ];
    let expected = [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]];
    assert_eq!(labels(&Memberships::new(r).unwrap()).components(), expected);
    let sure = labels(&e_step(&[-3.0, 0.0, 7.0], &truth()).unwrap());
    assert_eq!(labels(&sure), sure);
}

/// Law, eq:label-gap: the gap of labels is the sum of −ln r of those chosen, and all other labels
/// have a larger one.
#[test]
fn among_labels_the_most_probable_ones_leave_the_smallest_gap() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for mixture in random_mixtures(100) {
        let k = mixture.components().len();
        let data = sample(&mixture, 30, &mut rng).unwrap();
        let r = e_step(&data, &mixture).unwrap();
        let largest =
            |i: usize| r.components().iter().map(|row| row[i]).fold(0.0, f64::max);
        let least: f64 = (0..30).map(|i| -largest(i).ln()).sum();
        let closed = gap(&labels(&r), &r).unwrap();
        assert_close(closed, least, 1e-12);
        for _ in 0..20 {
            let chosen: Vec<usize> = (0..30).map(|_| rng.random_range(0..k)).collect();
            let row = |k| chosen.iter().map(|own| f64::from(*own == k)).collect();
            let other = Memberships::new((0..k).map(row).collect()).unwrap();
            assert!(gap(&other, &r).unwrap() >= closed - 1e-12);
        }
    }
}

/// Law, eq:classification-em and eq:label-ascent: neither half-step lowers the bound, and the run
/// comes to rest, in the end to the last bit.
// ANCHOR: ascent
#[test]
fn classification_em_climbs_the_bound_and_comes_to_rest() {
    let (mut rng, mut rested, mut ended) = (ChaCha8Rng::seed_from_u64(7), 0, 0);
    for mixture in random_mixtures(200) {
        let data = sample(&mixture, 100, &mut rng).unwrap();
        let mut before = f64::NEG_INFINITY;
        let mut last = None;
        for item in classification_em(&data, mixture.clone()).take(100) {
            let Ok(now) = item else { break };
            let labels = labels(&e_step(&data, &now).unwrap());
            let bound = lower_bound(&data, &labels, &now).unwrap();
            assert!(bound >= before - 1e-10 * before.abs());
            if let Some(old) = last {
                let old_labels = k_means::labels(&e_step(&data, &old).unwrap());
                let half = lower_bound(&data, &old_labels, &now).unwrap();
                assert!(before - 1e-10 * before.abs() <= half && half <= bound + 1e-10);
                rested += usize::from(old == now);
            }
            (before, last) = (bound, Some(now));
        }
        ended += 1;
    }
    assert!(rested > 50 * ended, "{rested} {ended}");
}
// ANCHOR_END: ascent

/// By hand, eq:label-weight: one step from the truth, with all the samples that there are. By the
/// normal distribution function at the boundaries 1.6044 and −4.9378 of the chapter *E-step*.
#[test]
fn labels_move_the_weight_of_the_truth_itself() {
    let below = |x: f64, c: &sampling::Component| {
        0.5 * libm::erfc(-(x - c.mean) / (2.0 * c.variance).sqrt())
    };
    let (low, high) = (-4.9378, 1.6044);
    let [own, other] = [0, 1].map(|k| {
        let c = truth().components()[k];
        c.weight * (below(high, &c) - below(low, &c))
    });
    assert_close(own + other, 0.3150, 5e-5);
    assert_close(0.3 - own, 0.0163, 5e-5);
    assert_close(other, 0.0313, 5e-5);
}

/// Curriculum and law: from the truth, labels lead to a weight of about 0.326 and variances of about
/// 0.91 and 3.28; eight times as many samples bring memberships nearer to the truth, and labels not.
#[test]
fn labels_are_wrong_however_many_samples_there_are() {
    let off = |data: &[f64], mixture: &Mixture| {
        let scale = (data.len() as f64 / 10_000.0).sqrt();
        let pairs = mixture.components().iter().zip(truth().components().to_vec());
        let errors = pairs.zip(STANDARD_ERRORS).map(|((c, t), [w, m, v])| {
            [
                (c.weight - t.weight) / w,
                (c.mean - t.mean) / m,
                (c.variance - t.variance) / v,
            ]
        });
        errors.map(|three| three.map(|error| error * scale)).collect::<Vec<_>>()
    };
    let many =
        sample_counts(&truth(), &[24_000, 56_000], &mut ChaCha8Rng::seed_from_u64(8));
    let (few, many) = (data(), many.unwrap());
    let hard = |data: &[f64]| classification_em(data, truth()).nth(60).unwrap().unwrap();
    let soft = em(&many, truth()).nth(60).unwrap().unwrap();
    assert!(off(&many, &soft).concat().iter().all(|error| error.abs() < 4.0));
    let (a, b) = (hard(&few), hard(&many));
    for (mixture, tolerance) in [(&a, 1.0), (&b, 0.5)] {
        let [c, d] = [0, 1].map(|k| mixture.components()[k]);
        assert_close(c.weight, 0.326, 0.008 * tolerance);
        assert_close(c.variance, 0.914, 0.06 * tolerance);
        assert_close(d.variance, 3.276, 0.20 * tolerance);
    }
    let (few, many) = (off(&few, &a), off(&many, &b));
    assert!(few[0][0] > 3.0 && few[1][2] < -4.0, "{few:?}");
    assert!(many[0][0] > 12.0 && many[1][2] < -15.0, "{many:?}");
}

/// Law: where the groups are far apart, labels and memberships agree.
#[test]
fn far_apart_labels_do_no_harm() {
    let far = Mixture::new([(0.3, 0.0, 1.0), (0.7, 30.0, 4.0)]).unwrap();
    let data = sample(&far, 500, &mut ChaCha8Rng::seed_from_u64(9)).unwrap();
    let soft = em(&data, far.clone()).nth(5).unwrap().unwrap();
    let hard = classification_em(&data, far).nth(5).unwrap().unwrap();
    for (a, b) in soft.components().iter().zip(hard.components()) {
        assert_close(a.weight, b.weight, 1e-12);
        assert_close(a.mean, b.mean, 1e-12);
        assert_close(a.variance, b.variance, 1e-12);
    }
}

/// Law, eq:nearest and eq:lloyd: with equal weights and variances the labels go to the nearest mean,
/// whatever the variance, and the M-step's means are Lloyd's next centres.
#[test]
fn lloyds_algorithm_is_classification_em_with_equal_weights_and_variances() {
    let mut steps = 0;
    for (data, centres) in problems() {
        for centres in lloyd(&data, centres).unwrap().collect::<Vec<_>>().windows(2) {
            for variance in [0.01, 1.0, 100.0] {
                let r = labels(&e_step(&data, &alike(&centres[0], variance)).unwrap());
                for (row, (old, next)) in
                    r.components().iter().zip(centres[0].iter().zip(&centres[1]))
                {
                    let nothing = row.iter().all(|r| *r == 0.0);
                    let expected = if nothing { *old } else { m_step::mean(&data, row) };
                    assert_close(*next, expected, 1e-12);
                    steps += 1;
                }
            }
        }
    }
    assert!(steps > 2000, "{steps}");
}

/// Law, eq:equal-bound: with equal weights and the best common variance, V/n, the bound of labels is
/// a falling function of the cost.
#[test]
fn the_bound_of_equal_components_is_the_cost_turned_upside_down() {
    for (data, centres) in problems() {
        let (n, k) = (data.len() as f64, centres.len() as f64);
        let v = cost(&data, &centres);
        let mixture = alike(&centres, v / n);
        let r = labels(&e_step(&data, &mixture).unwrap());
        let f = lower_bound(&data, &r, &mixture).unwrap();
        let formula = -n * k.ln() - 0.5 * n * ((std::f64::consts::TAU * v / n).ln() + 1.0);
        assert_close(f, formula, 1e-11 * f.abs());
    }
}

/// Law, eq:cost and eq:lloyd: the cost falls with every step, and where it ends every centre is the
/// mean of the samples that are nearest to it.
#[test]
fn lloyds_algorithm_lowers_the_cost_until_each_centre_is_the_mean_of_its_group() {
    for (data, centres) in problems() {
        let run: Vec<_> = lloyd(&data, centres).unwrap().collect();
        assert!(run.windows(2).all(|w| cost(&data, &w[1]) < cost(&data, &w[0])));
        let end = run.last().unwrap();
        let distance = |x: f64, k: usize| (x - end[k]).abs();
        for k in 0..end.len() {
            let own = |x: &&f64| {
                (0..end.len()).all(|j| (distance(**x, k), k) <= (distance(**x, j), j))
            };
            let group: Vec<f64> = data.iter().filter(own).copied().collect();
            assert!(group.is_empty() || (mean(&group) - end[k]).abs() < 1e-7);
        }
    }
}

/// Law, eq:soft-cost: it lies between the cost and the cost plus 2 n σ² ln K, and falls.
#[test]
fn the_soft_cost_lies_in_a_band_above_the_cost_and_falls() {
    for (data, centres) in problems() {
        let (n, k) = (data.len() as f64, centres.len() as f64);
        for variance in [1e-6, 0.01, 1.0, 30.0] {
            let (hard, soft) =
                (cost(&data, &centres), soft_cost(&data, &centres, variance));
            let rounding = 1e-12 * (hard + n * variance);
            let room = 2.0 * n * variance * k.ln();
            assert!(hard - rounding <= soft && soft <= hard + room + rounding);
            let l = stability::log_likelihood(&data, &alike(&centres, variance));
            let formula =
                -2.0 * variance * (l + 0.5 * n * (std::f64::consts::TAU * variance).ln());
            assert_close(soft, formula, 1e-10 * (1.0 + soft.abs() + n * variance));
            if let Ok(next) = soft_step(&data, &centres, variance) {
                assert!(soft_cost(&data, &next, variance) <= soft + rounding);
            }
        }
    }
}

/// Law, eq:soft-step: with a small variance a step is Lloyd's.
#[test]
fn without_a_variance_a_soft_step_is_a_step_of_lloyds() {
    let mut compared = 0;
    for (data, mut centres) in problems() {
        centres.sort_by(f64::total_cmp);
        centres.dedup();
        let Some(next) = lloyd(&data, centres.clone()).unwrap().nth(1) else { continue };
        let Ok(soft) = soft_step(&data, &centres, 1e-9) else { continue };
        for (a, b) in soft.iter().zip(&next) {
            assert_close(*a, *b, 1e-9);
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

/// Law, eq:parting: near each other, two means part by the factor s²/σ², and so not at all where the
/// given variance is that of the samples or more.
#[test]
fn equal_means_part_only_below_the_variance_of_the_samples() {
    let data = data();
    let (middle, s2) = (mean(&data), variance(&data));
    for given in [2.0 * s2, s2, 4.0, 1.0] {
        let start = [middle - 5e-5, middle + 5e-5];
        let next = soft_step(&data, &start, given).unwrap();
        assert_close((next[1] - next[0]) / 1e-4, s2 / given, 1e-6 * s2 / given);
    }
    let end = |given: f64| {
        let step = |means: Vec<f64>| soft_step(&data, &means, given).unwrap();
        (0..300).fold(vec![0.0, 5.0], |means, _| step(means))
    };
    let (above, below) = (end(1.2 * s2), end(0.8 * s2));
    assert!(above[1] - above[0] < 1e-9 && below[1] - below[0] > 1.0);
}

/// Every way of giving each of n samples one of k groups.
fn every_grouping(n: usize, k: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..k.pow(n as u32))
        .map(move |code| (0..n).map(|i| code / k.pow(i as u32) % k).collect())
}

/// Oracle, eq:slices: of all groupings, slices or not, none costs less.
#[test]
fn the_optimum_is_the_least_of_all_groupings() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for (n, k) in [(1, 1), (2, 2), (4, 2), (5, 3), (7, 3), (6, 4), (9, 2)] {
        for round in 0..20 {
            let data: Vec<f64> = (0..n)
                .map(|_| match round % 2 {
                    0 => rng.random_range(-5.0..5.0),
                    _ => f64::from(rng.random_range(0..4)),
                })
                .collect();
            let of_group = |labels: &[usize], k: usize| {
                let own = data.iter().zip(labels).filter(|(_, own)| **own == k);
                let group: Vec<f64> = own.map(|(x, _)| *x).collect();
                if group.is_empty() { 0.0 } else { variance(&group) * group.len() as f64 }
            };
            let least = every_grouping(n, k)
                .map(|labels| (0..k).map(|k| of_group(&labels, k)).sum::<f64>())
                .fold(f64::INFINITY, f64::min);
            let centres = optimum(&data, k).unwrap();
            assert!(centres.windows(2).all(|pair| pair[0] <= pair[1]));
            assert_close(cost(&data, &centres), least, 1e-12);
        }
    }
}

/// Oracle: no run of Lloyd's ends below the optimum, which it does not change, and some end on it.
#[test]
fn lloyds_algorithm_never_beats_the_optimum() {
    let (mut arrived, mut missed) = (0, 0);
    for (data, centres) in problems() {
        let best = optimum(&data, centres.len()).unwrap();
        let least = cost(&data, &best);
        let end = lloyd(&data, centres).unwrap().last().unwrap();
        assert!(cost(&data, &end) >= least * (1.0 - 1e-12));
        assert_eq!(
            lloyd(&data, best.clone())
                .unwrap()
                .last()
                .map(|c| cost(&data, &c) >= least * (1.0 - 1e-12)),
            Some(true)
        );
        if cost(&data, &end) < least * (1.0 + 1e-9) { arrived += 1 } else { missed += 1 }
    }
    assert!(arrived > 100 && missed > 20, "{arrived} {missed}");
}

/// By hand, eq:one-center: a blind draw of one centre costs twice the least, on average over the
/// samples.
#[test]
fn one_blind_centre_costs_twice_the_least() {
    for (data, _) in problems() {
        let least = cost(&data, &optimum(&data, 1).unwrap());
        let mean = data.iter().map(|x| cost(&data, &[*x])).sum::<f64>() / data.len() as f64;
        assert_close(mean, 2.0 * least, 1e-10 * least);
    }
}

/// Oracle, eq:seeding: the mean cost of k-means++, over 300 draws, is below 8 (ln K + 2) times the
/// optimum, in fact below 3 times, and Lloyd's algorithm lowers it further.
#[test]
fn k_means_plus_plus_keeps_its_bound() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for round in 0..20 {
        let k = 1 + round % 5;
        let data = sample(&groups_apart(k, &mut rng), 80, &mut rng).unwrap();
        let least = cost(&data, &optimum(&data, k).unwrap());
        let (mut before, mut after) = (0.0, 0.0);
        for _ in 0..300 {
            let start = k_means_plus_plus(&data, k, &mut rng).unwrap();
            let means: Vec<f64> = start.components().iter().map(|c| c.mean).collect();
            before += cost(&data, &means) / least / 300.0;
            after +=
                cost(&data, &lloyd(&data, means).unwrap().last().unwrap()) / least / 300.0;
        }
        assert!(before < 8.0 * ((k as f64).ln() + 2.0));
        assert!(
            1.0 - 1e-9 <= after && after < before && before < 3.0,
            "{k} {after} {before}"
        );
    }
}

/// By hand: three far groups and two blind means in one of them. Lloyd's algorithm cannot cross a gap.
#[test]
fn a_group_that_lloyds_algorithm_misses_stays_missed() {
    let data = [0.0, 1.0, 1000.0, 1001.0, 2000.0, 2001.0];
    let end = lloyd(&data, vec![0.0, 1.0, 1000.0]).unwrap().last().unwrap();
    assert_eq!(end, [0.0, 1.0, 1500.5]);
    assert_eq!(cost(&data, &end), 1_000_001.0);
    let best = optimum(&data, 3).unwrap();
    assert_eq!((cost(&data, &best), best), (1.5, vec![0.5, 1000.5, 2000.5]));
    // Of the 20 sets of three samples 4 end like this; k-means++ draws hardly any of them.
    let mut arrived = 0;
    for (i, j, k) in
        (0..6).flat_map(|k| (0..k).flat_map(move |j| (0..j).map(move |i| (i, j, k))))
    {
        let end = lloyd(&data, vec![data[i], data[j], data[k]]).unwrap().last().unwrap();
        arrived += usize::from(cost(&data, &end) == 1.5);
    }
    assert_eq!(arrived, 16);
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for _ in 0..500 {
        let start = k_means_plus_plus(&data, 3, &mut rng).unwrap();
        let means = start.components().iter().map(|c| c.mean).collect();
        let end = lloyd(&data, means).unwrap().last().unwrap();
        assert_eq!(cost(&data, &end), 1.5);
    }
}

/// Law: an offset moves the centres and nothing else.
#[test]
fn far_from_zero_the_optimum_is_the_same() {
    let near = galaxies();
    let far: Vec<f64> = near.iter().map(|x| x + 1e8).collect();
    for k in 1..=6 {
        let (a, b) = (optimum(&near, k).unwrap(), optimum(&far, k).unwrap());
        a.iter().zip(&b).for_each(|(a, b)| assert_close(*b, a + 1e8, 1e-7));
    }
}

/// Page: k-means cuts the notebook's samples between the means; Lloyd's algorithm finds the optimum.
#[test]
fn on_the_notebooks_samples_the_optimum_is_where_lloyds_algorithm_ends() {
    let data = data();
    let best = optimum(&data, 2).unwrap();
    let least = cost(&data, &best);
    for start in [vec![1.0, 6.0], vec![0.0, 1.0]] {
        let end = lloyd(&data, start).unwrap().last().unwrap();
        end.iter().zip(&best).for_each(|(a, b)| assert_close(*a, *b, 2e-3));
        assert!((1.0..1.0 + 1e-6).contains(&(cost(&data, &end) / least)));
    }
    let cut = |centres: &[f64]| 0.5 * (centres[0] + centres[1]);
    let end = lloyd(&data, vec![1.0, 6.0]).unwrap().last().unwrap();
    let between = data.iter().filter(|x| cut(&best) < **x && **x < cut(&end)).count();
    assert_eq!(between, 1);
    assert_close(cut(&best), 3.06, 0.005);
}

/// Page: with the labels of the last E-step of EM the bound is what EM's is less the gap.
#[test]
fn the_first_labels_after_em_have_a_gap_and_no_entropy() {
    let data = data();
    let limit = em(&data, guess()).nth(300).unwrap().unwrap();
    let r = e_step(&data, &limit).unwrap();
    let (hard, l) = (labels(&r), log_likelihood(&data, &limit));
    assert_eq!(bound::entropy(&hard), 0.0);
    let f = lower_bound(&data, &hard, &limit).unwrap();
    assert_close(f + gap(&hard, &r).unwrap(), l, 1e-8);
    let next = m_step(&data, &hard).unwrap();
    let fell = log_likelihood(&data, &next) - l;
    assert_close(fell, -49.3, 0.05); // the last question of the chapter Bound
}

#[test]
fn bad_input_is_named() {
    let message = |error: KMeansError| error.to_string();
    let start =
        |data: &[f64], start: &[f64]| lloyd(data, start.to_vec()).err().map(message);
    assert_eq!(start(&[], &[1.0]).unwrap(), "there are no samples");
    assert_eq!(
        start(&[0.0, f64::NAN], &[1.0]).unwrap(),
        "sample 1 is NaN: a sample is a finite number"
    );
    assert_eq!(
        start(&[1.0], &[]).unwrap(),
        "0 groups were asked for: k-means needs at least 1"
    );
    assert_eq!(
        start(&[1.0], &[0.0, f64::INFINITY]).unwrap(),
        "the centre of group 1 is inf: a centre is a finite number"
    );
    assert_eq!(optimum(&[], 1), Err(KMeansError::NoSamples));
    assert_eq!(optimum(&[1.0], 0), Err(KMeansError::NoGroups));
    assert!(matches!(
        optimum(&[f64::INFINITY], 1),
        Err(KMeansError::NotFinite { sample: 0, .. })
    ));
    assert_eq!(
        optimum(&[1.0, 2.0], 3).unwrap_err().to_string(),
        "there are 2 samples for 3 groups: each needs one of its own"
    );
    assert_eq!(
        optimum(&[1e300, 0.0, -1e300], 2).unwrap_err().to_string(),
        format!(
            "the samples reach from {} to {}: the sum of their squares overflows",
            -1e300, 1e300
        )
    );
    let nothing = soft_step(&[0.0, 1.0], &[0.0, 1e9], 1.0).unwrap_err();
    assert_eq!(
        nothing,
        EmError::MStep(MStepError::Empty { component: 1, effective_count: 0.0 })
    );
    assert!(matches!(
        soft_step(&[], &[0.0], 1.0),
        Err(EmError::EStep(EStepError::NoSamples))
    ));
    assert!(soft_step(&[0.0], &[0.0], 0.0).unwrap_err().to_string().contains("variance"));
    assert!(soft_step(&[0.0], &[], 1.0).is_err());
    let alone = Mixture::new([(0.5, 0.0, 1.0), (0.5, 9.0, 1.0)]).unwrap();
    let ends: Vec<_> = classification_em(&[0.0, 1.0, 9.0], alone).collect();
    assert_eq!(ends.len(), 2);
    assert!(matches!(
        ends[1],
        Err(EmError::MStep(MStepError::Collapsed { component: 1, .. }))
    ));
}

#[test]
fn edges_do_no_harm() {
    assert_eq!((cost(&[], &[1.0]), cost(&[2.0], &[2.0])), (0.0, 0.0));
    assert_eq!(cost(&[1.0], &[]), f64::INFINITY);
    assert_eq!(cost(&[f64::NAN], &[1.0]), f64::INFINITY);
    // A centre that owns nothing stays.
    let end = lloyd(&[0.0, 2.0], vec![1.5, 100.0]).unwrap().last();
    assert_eq!(end, Some(vec![1.0, 100.0]));
    // Squares that overflow: there is no cost to lower.
    assert_eq!(lloyd(&[-1e300, 1e300], vec![0.0]).unwrap().count(), 1);
    assert_eq!(optimum(&[3.0; 5], 3).unwrap(), [3.0; 3]);
}
