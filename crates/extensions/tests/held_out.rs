//! What the score of held-out samples must be.

use extensions::held_out::score;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};
use search::Search;
use selection::Plan;
use stability::log_likelihood;

fn plan() -> Plan {
    Plan { starts: 4, seed: 1, search: Search { tolerance: 1e-4, ..Search::default() } }
}

fn samples() -> Vec<f64> {
    let truth = Mixture::new([(0.4, 0.0, 1.0), (0.6, 6.0, 1.0)]).unwrap();
    sample(&truth, 200, &mut ChaCha8Rng::seed_from_u64(5)).unwrap()
}

/// By hand, K = 1 and two folds: each half is judged by the mean and the variance of the other.
#[test]
fn of_one_component_the_score_is_a_formula() {
    let data = [0.0, 1.0, 2.0, 5.0, 4.0, 3.0];
    let halves = [[0.0, 2.0, 4.0], [1.0, 5.0, 3.0]];
    let mut expected = 0.0;
    for (seen, unseen) in [(halves[0], halves[1]), (halves[1], halves[0])] {
        let mean = seen.iter().sum::<f64>() / 3.0;
        let variance = seen.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3.0;
        let one = Mixture::new([(1.0, mean, variance)]).unwrap();
        expected += log_likelihood(&unseen, &one) / 6.0;
    }
    let plan = Plan { search: Search { least_count: 0.0, ..plan().search }, ..plan() };
    let is = score(&data, 1, 2, &plan).unwrap();
    assert!((is - expected).abs() < 1e-9, "the score is {is}, not {expected}");
}

/// Two humps are seen, and a score is lower than what the fit says of its own samples.
#[test]
fn two_groups_need_two_components_and_no_fit_flatters_itself() {
    let data = samples();
    let [one, two] = [1, 2].map(|k| score(&data, k, 5, &plan()).unwrap());
    assert!(two > one + 0.1, "one component scores {one}, two {two}");
    for k in 1..=3 {
        let own = plan().fit(&data, k).unwrap().log_likelihood / 200.0;
        let unseen = score(&data, k, 5, &plan()).unwrap();
        assert!(unseen < own, "K = {k}: unseen samples score {unseen}, its own {own}");
    }
}

/// The score of a sample does not depend on the sample: move one far away, and the fit that judges it
/// is the same.
#[test]
fn a_sample_is_judged_by_a_fit_that_has_not_seen_it() {
    let mut data = samples();
    let before = score(&data, 1, 200, &plan()).unwrap();
    let rest = &data[1..];
    let n = rest.len() as f64;
    let mean = rest.iter().sum::<f64>() / n;
    let variance = rest.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let judge = Mixture::new([(1.0, mean, variance)]).unwrap();
    let share = log_likelihood(&data[..1], &judge);
    let others: f64 = (1..200)
        .map(|i| {
            let seen: Vec<f64> =
                data.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| *x).collect();
            let mean = seen.iter().sum::<f64>() / n;
            let variance = seen.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            log_likelihood(&data[i..=i], &Mixture::new([(1.0, mean, variance)]).unwrap())
        })
        .sum();
    assert!((before * 200.0 - share - others).abs() < 1e-6, "{before}");
    data[0] += 1.0;
    assert_ne!(score(&data, 1, 200, &plan()).unwrap(), before);
}

#[test]
fn samples_without_a_fit_are_an_error() {
    assert!(score(&[1.0; 10], 1, 2, &plan()).is_err());
}
