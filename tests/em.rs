//! What the chapter *EM* claims.

mod common;
use common::{assert_close, integral, mean, random_mixtures, variance};
use density::normal;
use e_step::EStepError;
use em::{EmError, em, log_likelihood};
use figures::em::means::{FIVE, em_step, gradient_step, halves, path};
use m_step::MStepError;
use notebook::{COUNTS, STANDARD_ERRORS, STEPS, data, guess, printed, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use rate::linear::inverse;
use sampling::{Component, Mixture, sample, sample_counts};

/// The mixture after so many steps.
fn after(steps: usize, data: &[f64], start: Mixture) -> Mixture {
    em(data, start).nth(steps).unwrap().unwrap()
}

/// Weight of component 0, then means, then variances: the free parameters of two components.
fn parameters(mixture: &Mixture) -> [f64; 5] {
    let [a, b] = mixture.components() else { panic!("two components") };
    [a.weight, a.mean, b.mean, a.variance, b.variance]
}

/// Law, eq:em: the loop is the two steps and nothing else, and the start is its first item.
#[test]
fn the_loop_is_the_e_step_and_the_m_step_in_turn() {
    let data = data();
    let mut by_hand = guess();
    for mixture in em(&data, guess()).take(5) {
        assert_eq!(mixture.unwrap(), by_hand);
        by_hand = m_step::m_step(&data, &e_step::e_step(&data, &by_hand).unwrap()).unwrap();
    }
}

/// By hand, eq:em: an E-step, an M-step and another E-step, by the formulas as they stand. The page
/// and the output have these numbers.
#[test]
fn one_step_of_five_samples_by_hand() {
    let odds = FIVE.map(|x| (x - 3.0).exp()); // ((x − 2.5)² − (x − 3.5)²) / 2 is x − 3
    let r = odds.map(|odds| odds / (1.0 + odds));
    for (r, expected) in r.iter().zip([0.119203, 0.268941, 0.5, 0.880797, 0.982014]) {
        assert_close(*r, expected, 5e-7);
    }
    let count: f64 = r.iter().sum();
    let mean = r.iter().zip(FIVE).map(|(r, x)| r * x).sum::<f64>() / count;
    let squares = r.iter().zip(FIVE).map(|(r, x)| r * (x - mean).powi(2));
    let variance = squares.sum::<f64>() / count;
    for (value, expected) in
        [(count, 2.750955), (count / 5.0, 0.550191), (mean, 4.883819), (variance, 3.714580)]
    {
        assert_close(value, expected, 5e-7);
    }
    let start = halves([2.5, 3.5]).unwrap();
    let step = after(1, &FIVE, start.clone());
    let one = step.components()[1];
    assert_close(one.weight, count / 5.0, 1e-15);
    assert_close(one.mean, mean, 1e-14);
    assert_close(one.variance, variance, 1e-14);
    let again = e_step::e_step(&FIVE, &step).unwrap();
    for (r, expected) in
        again.components()[1].iter().zip([0.1249, 0.1905, 0.3917, 0.9565, 0.9998])
    {
        assert_close(*r, expected, 5e-5);
    }
    // Twenty steps later the groups are told apart.
    let end = e_step::e_step(&FIVE, &after(21, &FIVE, start)).unwrap();
    for (r, expected) in end.components()[1].iter().zip([0.0, 0.0, 0.0, 1.0, 1.0]) {
        assert_close(*r, expected, 0.02);
    }
}

/// Law, eq:gradient-step: a mean moves by σ²/N times the slope of the log-likelihood, here by central
/// differences.
#[test]
fn a_mean_follows_the_slope_of_the_log_likelihood() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let mut checked = 0;
    for theta in random_mixtures(200) {
        let data = sample(&theta, 50, &mut rng).unwrap();
        let memberships = e_step::e_step(&data, &theta).unwrap();
        let Ok(next) = m_step::m_step(&data, &memberships) else { continue };
        for (k, c) in theta.components().iter().enumerate() {
            let l = |by: f64| {
                let mut components = theta.components().to_vec();
                components[k].mean += by;
                log_likelihood(&data, &Mixture::new(components).unwrap())
            };
            let h = 1e-5 * c.variance.sqrt();
            let slope = (l(h) - l(-h)) / (2.0 * h);
            let count = m_step::effective_count(&memberships.components()[k]);
            if count > 0.1 {
                let by_slope = c.mean + c.variance / count * slope;
                assert_close(
                    by_slope,
                    next.components()[k].mean,
                    1e-5 * c.variance.sqrt() / count.min(1.0),
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

/// The two landscapes of the page: equal maxima, a saddle between them that a start on the diagonal
/// reaches in one step, and gradient ascent that creeps or falls where EM arrives.
#[test]
fn over_two_means_em_finds_one_of_two_equal_maxima_or_the_saddle() {
    let l = |means| log_likelihood(&FIVE, &halves(means).unwrap());
    let em =
        |start, steps| *path(start, steps, |m| em_step(&FIVE, m)).unwrap().last().unwrap();
    let [a, b] = em([2.5, 3.5], 60);
    assert_close(a, 2.012012, 5e-7);
    assert_close(b, 5.980135, 5e-7);
    assert_close(l([a, b]), -10.023194, 5e-7);
    assert_eq!(em([3.5, 2.5], 60), [b, a]);
    let saddle = em([0.7, 0.7], 1);
    assert_close(saddle[0], 3.6, 1e-14);
    assert_eq!(em(saddle, 10), saddle);
    assert_close(l(saddle), -16.194693, 5e-7);
    for h in [0.1, -0.1] {
        assert!(l([3.6 + h, 3.6 + h]) < l(saddle) && l([3.6 + h, 3.6 - h]) > l(saddle));
    }
    let gradient = |length, steps| {
        path([2.5, 3.5], steps, |m| gradient_step(&FIVE, m, length)).unwrap()[steps]
    };
    let eight = em([2.5, 3.5], 8);
    assert!(l(eight) > l([a, b]) - 1e-6);
    assert!(l(gradient(0.05, 8)) < l(eight) - 1.0);
    assert!(l(gradient(0.8, 8)) < l(gradient(0.8, 1)));
}

/// By hand, eq:log-likelihood: two samples, one standard normal.
#[test]
fn the_log_likelihood_by_hand() {
    let standard = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    assert_close(
        log_likelihood(&[1.0, 2.0], &standard),
        -2.5 - std::f64::consts::TAU.ln(),
        1e-15,
    );
}

/// Law, eq:ascent. The bound is rounding: a strict comparison fails now and then by 1e-16 of l.
/// A run that breaks off does so by a collapse, and climbs until then.
// ANCHOR: ascent
#[test]
fn the_log_likelihood_never_falls() {
    let (mixtures, mut rng) = (random_mixtures(400), ChaCha8Rng::seed_from_u64(5));
    let mut collapses = 0;
    for pair in mixtures.chunks(2) {
        let data = sample(&pair[0], 100, &mut rng).unwrap();
        let mut before = f64::NEG_INFINITY;
        for mixture in em(&data, pair[1].clone()).take(30) {
            if let Err(EmError::MStep(MStepError::Collapsed { .. })) = mixture {
                collapses += 1;
                break;
            }
            let now = log_likelihood(&data, &mixture.unwrap());
            assert!(now >= before - 1e-12 * before.abs(), "{before} falls to {now}");
            before = now;
        }
    }
    assert_eq!(collapses, 27);
}
// ANCHOR_END: ascent

/// Law, eq:gain: for any new parameters, not only those of an M-step.
#[test]
fn the_log_likelihood_gains_at_least_what_q_gains() {
    let mixtures = random_mixtures(400);
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    for old in &mixtures {
        let data = sample(old, 50, &mut rng).unwrap();
        let memberships = e_step::e_step(&data, old).unwrap();
        let q = |m: &Mixture| m_step::expected_log_likelihood(&data, &memberships, m);
        let same_size = |new: &&Mixture| new.components().len() == old.components().len();
        for new in mixtures.iter().filter(same_size).take(5) {
            let gain = log_likelihood(&data, new) - log_likelihood(&data, old);
            assert!(gain >= q(new) - q(old) - 1e-11 * q(new).abs().max(q(old).abs()));
        }
    }
}

/// The answer to a question of the page.
#[test]
fn a_loop_may_stop_at_a_small_gain() -> Result<(), EmError> {
    let data = data();
    // ANCHOR: stop
    let mut last = f64::NEG_INFINITY;
    for mixture in em(&data, guess()) {
        let now = log_likelihood(&data, &mixture?);
        let gain = now - last;
        last = now;
        if gain < 0.001 {
            break;
        }
    }
    // ANCHOR_END: stop
    let limit = log_likelihood(&data, &after(200, &data, guess()));
    assert!(limit - last > 0.002, "{} is missing", limit - last);
    Ok(())
}

/// Law, eq:moment-mean and eq:moment-second: from the first step on, in every step.
#[test]
fn every_mixture_of_the_run_has_the_moments_of_the_sample() {
    let data = data();
    for mixture in em(&data, guess()).skip(1).take(20) {
        let mixture = mixture.unwrap();
        assert_close(mixture.mean(), mean(&data), 1e-12);
        assert_close(mixture.variance(), variance(&data), 1e-12);
    }
}

#[test]
fn the_estimates_lie_within_five_standard_errors_of_the_truth() {
    let fitted = after(STEPS, &data(), guess());
    for (k, (c, t)) in fitted.components().iter().zip(truth().components()).enumerate() {
        assert_close(c.weight, t.weight, 5.0 * STANDARD_ERRORS[k][0]);
        assert_close(c.mean, t.mean, 5.0 * STANDARD_ERRORS[k][1]);
        assert_close(c.variance, t.variance, 5.0 * STANDARD_ERRORS[k][2]);
    }
}

/// The original's last row lies as near to the truth as ours.
#[test]
fn the_printed_estimates_lie_within_five_standard_errors_of_the_truth() {
    let printed = printed::mixtures();
    for (k, (c, t)) in
        printed.last().unwrap().components().iter().zip(truth().components()).enumerate()
    {
        assert_close(c.weight, t.weight, 5.0 * STANDARD_ERRORS[k][0]);
        assert_close(c.mean, t.mean, 5.0 * STANDARD_ERRORS[k][1]);
        assert_close(c.variance, t.variance, 5.0 * STANDARD_ERRORS[k][2]);
    }
}

/// Fits fresh samples, from the truth to save steps; the spread of the estimates is the standard
/// error.
// ANCHOR: again
#[test]
fn repeating_the_notebook_gives_its_standard_errors() {
    let repeats: usize = 400;
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut fit = || {
        let data = sample_counts(&truth(), &COUNTS, &mut rng).unwrap();
        parameters(&after(60, &data, truth()))
    };
    let fits: Vec<[f64; 5]> = (0..repeats).map(|_| fit()).collect();
    for (p, expected) in standard_errors().into_iter().enumerate() {
        let estimates: Vec<f64> = fits.iter().map(|fit| fit[p]).collect();
        // A deviation from m repeats is itself uncertain by 1 in √(2m).
        let spread = variance(&estimates).sqrt();
        assert_close(spread, expected, 5.0 * expected / (2.0 * repeats as f64).sqrt());
    }
}
// ANCHOR_END: again

/// The constants in the order of [`parameters`].
fn standard_errors() -> [f64; 5] {
    let [[w, m0, v0], [_, m1, v1]] = STANDARD_ERRORS;
    [w, m0, m1, v0, v1]
}

/// Oracle: the asymptotic covariance of the maximum-likelihood estimate, I⁻¹ J I⁻¹ / n, with
/// I = E s sᵀ and J the covariance of the score s within the components, because the counts are
/// fixed; for counts drawn at random J = I. Law, eq:random-counts: that adds π_0 π_1 / n to
/// the variance of the weight, and nothing to any other.
#[test]
fn theory_gives_the_same_standard_errors_to_the_last_digit() {
    let truth = truth();
    let [a, b] = truth.components() else { panic!("two components") };
    let score = |x: f64| {
        let p = density::mixture(x, &truth);
        let (r0, r1) = (
            a.weight * normal(x, a.mean, a.variance) / p,
            b.weight * normal(x, b.mean, b.variance) / p,
        );
        let z = |c: &Component| (x - c.mean) / c.variance;
        let v =
            |c: &Component| ((x - c.mean).powi(2) / c.variance - 1.0) / (2.0 * c.variance);
        [r0 / a.weight - r1 / b.weight, r0 * z(a), r1 * z(b), r0 * v(a), r1 * v(b)]
    };
    let expect = |c: &Component, f: &dyn Fn(f64) -> f64| {
        integral(-20.0, 25.0, |x| f(x) * normal(x, c.mean, c.variance))
    };
    let mut information = [[0.0; 5]; 5];
    let mut within = [[0.0; 5]; 5];
    for c in [a, b] {
        for i in 0..5 {
            for j in 0..5 {
                let product = expect(c, &|x| score(x)[i] * score(x)[j]);
                let means = expect(c, &|x| score(x)[i]) * expect(c, &|x| score(x)[j]);
                information[i][j] += c.weight * product;
                within[i][j] += c.weight * (product - means);
            }
        }
    }
    let inverse = inverse(&information.map(Vec::from)).unwrap();
    let binomial = [a.weight * b.weight, 0.0, 0.0, 0.0, 0.0];
    for (p, expected) in standard_errors().into_iter().enumerate() {
        let mut fixed = 0.0;
        for i in 0..5 {
            for j in 0..5 {
                fixed += inverse[p][i] * within[i][j] * inverse[j][p];
            }
        }
        assert_close((fixed / 1e4).sqrt(), expected, 5e-7);
        assert_close(inverse[p][p], fixed + binomial[p], 1e-9 * inverse[p][p]);
    }
}

/// Law: the order of the components is an accident of the start.
#[test]
fn a_swapped_start_gives_the_same_components_swapped() {
    let data = data();
    let swapped: Vec<_> = guess().components().iter().rev().copied().collect();
    let kept = after(20, &data, guess());
    let swapped = after(20, &data, Mixture::new(swapped).unwrap());
    for (a, b) in kept.components().iter().zip(swapped.components().iter().rev()) {
        assert_close(a.weight, b.weight, 1e-12);
        assert_close(a.mean, b.mean, 1e-12);
        assert_close(a.variance, b.variance, 1e-11);
    }
}

/// Edge: identical components stay identical for ever, each the one-normal fit.
#[test]
fn two_identical_components_never_part() {
    let half = Component { weight: 0.5, mean: 1.0, variance: 1.0 };
    let data = data();
    for c in after(20, &data, Mixture::new([half, half]).unwrap()).components() {
        assert_close(c.weight, 0.5, 1e-12);
        assert_close(c.mean, mean(&data), 1e-12);
        assert_close(c.variance, variance(&data), 1e-11);
    }
}

/// Edge: identical components are a saddle, not a maximum.
#[test]
fn two_nearly_identical_components_part() {
    let half = |mean| Component { weight: 0.5, mean, variance: 8.0 };
    let data: Vec<f64> = data().into_iter().step_by(10).collect();
    let start = Mixture::new([half(3.49), half(3.51)]).unwrap();
    let parted = after(4000, &data, start);
    let usual = after(400, &data, guess());
    for (a, b) in parted.components().iter().zip(usual.components()) {
        assert_close(a.mean, b.mean, 1e-6);
    }
}

#[test]
fn the_languages_own_iterators_steer_the_loop() {
    let data = data();
    // Every tenth mixture.
    let tenths: Vec<_> =
        em(&data, guess()).step_by(10).take(3).map(Result::unwrap).collect();
    assert_eq!(tenths[2], after(20, &data, guess()));
    // Neighbours side by side, and an early exit.
    let steps = em(&data, guess()).zip(em(&data, guess()).skip(1));
    let first_small = steps
        .map(|(a, b)| {
            (a.unwrap().components()[1].mean - b.unwrap().components()[1].mean).abs()
        })
        .position(|step| step < 1e-4);
    assert!((10..80).contains(&first_small.unwrap()));
}

#[test]
fn a_step_without_an_answer_is_the_last_item() {
    let run = |data: &[f64], start| em(data, start).take(1000).collect::<Vec<_>>();
    assert_eq!(run(&[], guess())[1..], [Err(EmError::EStep(EStepError::NoSamples))]);
    let far = EStepError::Underflow { sample: 1, value: 50.0 };
    assert_eq!(run(&[0.0, 50.0], guess())[1..], [Err(EmError::EStep(far))]);
    let nan = run(&[0.0, f64::NAN], guess())[1].clone().unwrap_err();
    assert_eq!(nan.to_string(), "E-step: sample 1 is NaN: a sample is a finite number");

    // Component 1 starts on the outlier and owns it alone: its variance goes to 0.
    let on = |mean| Component { weight: 0.5, mean, variance: 0.5 };
    let items =
        run(&[0.0, 1.0, 2.0, 3.0, 10.0], Mixture::new([on(1.5), on(10.0)]).unwrap());
    let last = items.last().unwrap();
    assert!(
        matches!(last, Err(EmError::MStep(MStepError::Collapsed { component: 1, .. }))),
        "{last:?}"
    );
    assert_eq!(items.iter().filter(|item| item.is_err()).count(), 1);
}

#[test]
fn a_far_sample_makes_the_log_likelihood_minus_infinity() {
    assert_eq!(log_likelihood(&[0.0, 40.0], &guess()), f64::NEG_INFINITY);
    assert!(log_likelihood(&[f64::NAN], &guess()).is_nan());
    assert_eq!(log_likelihood(&[], &guess()), 0.0);
}
