//! What the chapter *E-step* claims, and the audit of the memberships that the original prints.

mod common;
use common::{assert_close, integral, random_mixtures};
use density::{ln_normal, normal};
use e_step::{EStepError, Memberships, MembershipsError, e_step};
use notebook::{guess, printed, truth};
use sampling::Mixture;

/// ln π_k + ln N(x; μ_k, σ_k²) for each component.
fn log_numerators(x: f64, mixture: &Mixture) -> Vec<f64> {
    let ln = |c: &sampling::Component| c.weight.ln() + ln_normal(x, c.mean, c.variance);
    mixture.components().iter().map(ln).collect()
}

/// The memberships of one sample.
fn memberships(x: f64, mixture: &Mixture) -> Vec<f64> {
    e_step(&[x], mixture).unwrap().components().iter().map(|row| row[0]).collect()
}

/// By hand, eq:bayes: at x = 2 under the truth, 0.3 N(2; 0, 1) against 0.7 N(2; 5, 4).
#[test]
fn bayes_rule_by_hand() {
    let (a, b) = (0.3 * 0.053_990_966_513, 0.7 * 0.064_758_797_833);
    assert_close(memberships(2.0, &truth())[0], a / (a + b), 1e-10);
}

/// Law, eq:row-sums.
#[test]
fn memberships_of_a_sample_sum_to_one() {
    let data: Vec<f64> = (-60..=60).map(|i| f64::from(i) / 10.0).collect();
    for mixture in random_mixtures(200) {
        let memberships = e_step(&data, &mixture).unwrap();
        for i in 0..data.len() {
            let sum: f64 = memberships.components().iter().map(|row| row[i]).sum();
            assert_close(sum, 1.0, 4.0 * f64::EPSILON);
        }
    }
}

/// Oracle, eq:bayes: the same ratio by way of logarithms.
#[test]
fn bayes_rule_by_way_of_logarithms() {
    for mixture in random_mixtures(200) {
        for x in [-5.0, 0.0, 2.5] {
            let parts: Vec<f64> =
                log_numerators(x, &mixture).iter().map(|l| l.exp()).collect();
            let total: f64 = parts.iter().sum();
            for (r, part) in memberships(x, &mixture).into_iter().zip(parts) {
                assert_close(r, part / total, 1e-12);
            }
        }
    }
}

/// Law, eq:log-odds.
#[test]
fn the_log_odds_are_a_parabola_in_x() {
    let mut checked = 0;
    for mixture in random_mixtures(400) {
        let [a, b, ..] = mixture.components() else { continue };
        for x in [-4.0, -1.0, 1.0, 3.0, 6.0] {
            let expected = (b.weight / a.weight).ln()
                - 0.5 * (b.variance / a.variance).ln()
                + (x - a.mean).powi(2) / (2.0 * a.variance)
                - (x - b.mean).powi(2) / (2.0 * b.variance);
            let r = memberships(x, &mixture);
            if r[0] > 1e-200 && r[1] > 1e-200 {
                assert_close((r[1] / r[0]).ln(), expected, 1e-11 * expected.abs().max(1.0));
                checked += 1;
            }
        }
    }
    assert!(checked > 1000);
}

/// Law, eq:guess-log-odds.
#[test]
fn under_the_notebooks_guess_the_log_odds_are_x_minus_one_half() {
    for x in [-3.0, 0.0, 0.5, 2.0, 6.0] {
        let r = memberships(x, &guess());
        assert_close((r[1] / r[0]).ln(), x - 0.5, 1e-13);
    }
}

/// The audit: the log odds of the printed memberships give back the samples that were lost.
// ANCHOR: audit
#[test]
fn the_printed_memberships_give_back_the_first_five_samples() {
    let [zero, one] = printed::MEMBERSHIPS;
    let lost = [4.6458, 7.1323, 3.5922, 6.0729, 3.0421];
    for (i, expected) in lost.into_iter().enumerate() {
        let x = (one[i] / zero[i]).ln() + 0.5;
        assert_close(x, expected, 5e-5);
        assert_close(memberships(x, &guess())[0], zero[i], 1e-8);
    }
}
// ANCHOR_END: audit

/// By hand, eq:log-odds: two variances make two boundaries, the roots of a quadratic.
#[test]
fn under_the_truth_two_points_are_undecided() {
    for (boundary, rounding) in [(1.6044, 5e-5), (-4.9378, 5e-5)] {
        let odds = |x| {
            let logs = log_numerators(x, &truth());
            logs[1] - logs[0]
        };
        assert!(odds(boundary - rounding) * odds(boundary + rounding) < 0.0);
        assert_close(memberships(boundary, &truth())[0], 0.5, 2e-4);
    }
}

/// Even the true parameters put one sample in twenty-one into the wrong component.
#[test]
fn the_bayes_error_under_the_truth_is_0_0476() {
    let overlap = |x| (0.3 * normal(x, 0.0, 1.0)).min(0.7 * normal(x, 5.0, 4.0));
    assert_close(integral(-30.0, 40.0, overlap), 0.0476, 5e-5);
}

#[test]
fn the_order_of_the_components_is_the_order_of_the_rows() {
    let swapped: Vec<_> = truth().components().iter().rev().copied().collect();
    let swapped = memberships(1.0, &Mixture::new(swapped).unwrap());
    let kept = memberships(1.0, &truth());
    assert_close(swapped[0], kept[1], f64::EPSILON);
}

#[test]
fn the_e_step_refuses_what_has_no_memberships() {
    use EStepError::*;
    assert_eq!(e_step(&[], &guess()), Err(NoSamples));
    let infinite = f64::INFINITY;
    assert_eq!(
        e_step(&[0.0, infinite], &guess()),
        Err(NotFinite { sample: 1, value: infinite })
    );
    assert_eq!(
        e_step(&[0.0, 1.0, f64::NAN], &guess()).unwrap_err().to_string(),
        "sample 2 is NaN: a sample is a finite number"
    );
    assert_eq!(e_step(&[1.0, 40.0], &guess()), Err(Underflow { sample: 1, value: 40.0 }));
    assert_eq!(e_step(&[1e300], &guess()), Err(Underflow { sample: 0, value: 1e300 }));
    assert!(e_step(&[38.0], &guess()).is_ok()); // 37 deviations from component 1
}

#[test]
fn memberships_are_valid_or_are_not() {
    use MembershipsError::*;
    let new = Memberships::new;
    assert_eq!(new(vec![]), Err(Empty));
    assert_eq!(new(vec![vec![], vec![]]), Err(Empty));
    let ragged = Ragged { component: 1, len: 1, samples: 2 };
    assert_eq!(new(vec![vec![1.0, 1.0], vec![0.0]]), Err(ragged));
    let value = Value { component: 1, sample: 0, value: -0.5 };
    assert_eq!(new(vec![vec![0.5], vec![-0.5]]), Err(value));
    assert!(
        new(vec![vec![f64::NAN]]).unwrap_err().to_string().contains("component 0 is NaN")
    );
    assert_eq!(new(vec![vec![0.5], vec![0.25]]), Err(Sum { sample: 0, sum: 0.75 }));
}
