//! What a step of the means alone must do.

use e_step::EStepError;
use em::{EmError, log_likelihood};
use extensions::means_only::step;
use m_step::m_step;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample};

/// Small problems: samples, and a start.
fn problems() -> Vec<(Vec<f64>, Mixture)> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut problem = || {
        let w = rng.random_range(0.2..0.8);
        let mut mixture = || {
            let (a, b) = (rng.random_range(-2.0..1.0), rng.random_range(0.0..4.0));
            let [v, v2] = [0.5, 0.5].map(|least| rng.random_range(least..3.0));
            Mixture::new([(w, a, v), (1.0 - w, b, v2)]).unwrap()
        };
        let (truth, start) = (mixture(), mixture());
        (sample(&truth, 60, &mut rng).unwrap(), start)
    };
    (0..60).map(|_| problem()).collect()
}

/// Weights and variances stay to the last bit; the means are those of the M-step.
#[test]
fn the_means_move_and_nothing_else() {
    for (data, start) in problems() {
        let next = step(&data, &start).unwrap();
        let full = m_step(&data, &e_step::e_step(&data, &start).unwrap()).unwrap();
        for ((before, after), full) in
            start.components().iter().zip(next.components()).zip(full.components())
        {
            assert_eq!((after.weight, after.variance), (before.weight, before.variance));
            let off = (after.mean - full.mean).abs();
            assert!(
                off < 1e-11,
                "the mean is {}, the M-step's is {}",
                after.mean,
                full.mean
            );
        }
    }
}

/// Law: it climbs, since Q does.
#[test]
fn the_log_likelihood_never_falls() {
    for (data, start) in problems() {
        let (mut mixture, mut before) = (start.clone(), log_likelihood(&data, &start));
        for _ in 0..40 {
            mixture = step(&data, &mixture).unwrap();
            let after = log_likelihood(&data, &mixture);
            assert!(after >= before - 1e-9, "it falls from {before} to {after}");
            before = after;
        }
    }
}

#[test]
fn what_has_no_memberships_is_an_error() {
    let start = Mixture::new([(0.5, 0.0, 1.0), (0.5, 1.0, 1.0)]).unwrap();
    assert_eq!(step(&[], &start), Err(EmError::EStep(EStepError::NoSamples)));
}
