//! What is recorded for the chapter *Acceleration*.

#[path = "../../../tests/common/mod.rs"]
mod common;
use acceleration::{Method, accelerate, readable, settle};
use common::assert_close;
use datasets::acceleration::{crabs_like, five_overlapping, problem, runs};
use em::log_likelihood;
use experiments::acceleration::{METHODS, outcome};
use rate::{Ending, Information};
use sampling::Mixture;
use start::quantiles;

/// The table, recomputed where it is quick: these rows do not depend on the last bits.
#[test]
fn rows_of_the_record_come_out_the_same() {
    let rows = runs();
    for seed in [100, 104, 112, 120, 132, 133, 140, 144, 148, 149, 156] {
        let (p, name) = (problem(seed), seed.to_string());
        let own = rows.iter().filter(|row| row.problem == name);
        assert_eq!(own.clone().count(), METHODS.len());
        for (row, (name, method)) in own.zip(METHODS) {
            let outcome = outcome(&p, method).unwrap();
            assert_eq!((&*row.method, row.steps), (name, outcome.steps));
            assert_close(row.log_likelihood, outcome.log_likelihood, 1e-6);
        }
    }
}

/// The slow pair now, and the rates of both problems.
#[test]
fn a_tenth_of_the_maps_on_the_slow_problems() {
    let crabs = crabs_like();
    let [plain, squarem, three, five] = METHODS.map(|(_, m)| outcome(&crabs, m).unwrap());
    for other in [&squarem, &three, &five] {
        assert!(other.steps * 10 <= plain.steps);
        assert_close(other.log_likelihood, plain.log_likelihood, 1e-8);
    }
    let rate = |data: &[f64], limit: &Mixture| {
        Information::new(data.iter().map(|x| (*x, 1.0)), limit).unwrap().rates()[0]
    };
    assert_close(rate(&crabs.data, &plain.limit), 0.994, 5e-4);
    let overlapping = five_overlapping();
    let fast = outcome(&overlapping, Method::Squarem).unwrap();
    assert_close(rate(&overlapping.data, &fast.limit), 0.9993, 5e-5);
    let recorded = &runs()[4];
    assert_eq!((&*recorded.problem, &*recorded.method), ("five overlapping", "plain EM"));
    assert_close(fast.log_likelihood, recorded.log_likelihood, 1e-8);
    assert!(fast.steps * 10 <= recorded.steps);
}

/// Law, eq:still-to-come: where `settle` stops no more is missing than the tolerance, with one
/// exception: a coarse tolerance, before the run has shown how slow it is.
#[test]
fn what_settle_says_is_still_to_come_is_not_too_little() {
    for seed in [100, 112, 132, 144, 148, 156] {
        let p = problem(seed);
        let start = quantiles(&p.data, p.truth.components().len()).unwrap();
        for (_, method) in METHODS {
            let end = outcome(&p, method).unwrap();
            for tolerance in [1e-2, 1e-4, 1e-6, 1e-8] {
                let run = accelerate(readable(&p.data), start.clone(), method).unwrap();
                let stopped = settle(run, p.data.len(), tolerance, 10_000).unwrap();
                assert_eq!(stopped.ending, Ending::Converged);
                let missing =
                    end.log_likelihood - log_likelihood(&p.data, &stopped.mixture);
                let too_soon = (seed, method, tolerance) == (112, Method::Squarem, 1e-2);
                assert_eq!(
                    missing <= tolerance,
                    !too_soon,
                    "{seed} {method:?} {missing:e}"
                );
                assert!(missing <= 5.0 * tolerance);
            }
        }
    }
}

/// Law: units play no part. Samples in units 1024 times as small take the same steps.
#[test]
fn units_play_no_part() {
    let mut crabs = crabs_like();
    let before = METHODS.map(|(_, method)| outcome(&crabs, method).unwrap().steps);
    crabs.data.iter_mut().for_each(|x| *x *= 1024.0);
    let after = METHODS.map(|(_, method)| outcome(&crabs, method).unwrap().steps);
    for (a, b) in before.into_iter().zip(after) {
        assert!(a.abs_diff(b) <= 2, "{a} {b}");
    }
}
